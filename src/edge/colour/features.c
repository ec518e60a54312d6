/* SPDX-License-Identifier: MIT */
/* Features of boundaries between regions. */
#include "edge/colour/features.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "gradient/tensor.h"

EG_DEFINE_KERNELS_FOR(eg_feature_kernels_for, eg_feature_kernels)

/* ---- rows in parallel ---- */

enum { ROWS_PER_JOB = 64 };

typedef struct row_blocks {
    void *opaque;
    eg_rows_work *work;
    size_t first, end;
} row_blocks;

static eg_status run_block(void *opaque, size_t index, eg_error *error)
{
    const row_blocks *b = opaque;
    const size_t y0 = b->first + index * ROWS_PER_JOB;
    return b->work(b->opaque, y0, b->end - y0 < ROWS_PER_JOB ? b->end : y0 + ROWS_PER_JOB, error);
}

eg_status eg_for_rows(eg_context *ctx, size_t first, size_t end, size_t width, void *opaque,
                      eg_rows_work *work, eg_error *error)
{
    row_blocks blocks = {opaque, work, first, end};
    return eg_parallel_for(ctx, (end - first + ROWS_PER_JOB - 1) / ROWS_PER_JOB,
                           4 * (end - first) * width, &blocks, run_block, error);
}

/* ---- planes ---- */

/* Allocates `count` planes of the size of `like`, and a copy of its validity. */
static eg_status new_planes(eg_channels *planes, const eg_channels *like, size_t count,
                            eg_error *error)
{
    *planes = *like;
    planes->count = count;
    planes->valid = NULL;
    planes->missing = NULL;
    planes->largest = NULL;
    memset(planes->plane, 0, sizeof planes->plane);
    const size_t rows = like->end - like->first, bytes = like->stride * sizeof(float);
    for (size_t i = 0; i < count; i++) {
        planes->plane[i] = eg_alloc(like->ctx, rows, bytes, error);
        if (!planes->plane[i])
            return eg_failed(error);
    }
    if (!like->valid)
        return EG_OK;
    planes->valid = eg_alloc(like->ctx, rows, bytes, error);
    if (!planes->valid)
        return eg_failed(error);
    memcpy(planes->valid, like->valid, rows * bytes);
    return EG_OK;
}

static float *valid_row(const eg_channels *c, size_t y)
{
    return c->valid ? c->valid + (y - c->first) * c->stride : NULL;
}

/* Returns the lower one of the two rows that row y of the half resolution averages. */
static size_t second_row(const eg_channels *channels, size_t y)
{
    return 2 * y + 1 < channels->end ? 2 * y + 1 : 2 * y;
}

/* Allocates `count` planes of half the resolution, whose validity is averaged. */
static eg_status new_half_planes(eg_channels *half, const eg_channels *channels, size_t count,
                                 eg_error *error)
{
    eg_channels shape = *channels;
    shape.width = (channels->width + 1) / 2;
    shape.height = (channels->height + 1) / 2;
    shape.first = (channels->first + 1) / 2;
    shape.end = channels->end == channels->height ? shape.height : channels->end / 2;
    shape.right = shape.width;
    shape.stride = (shape.width + 15) / 16 * 16 + 16;
    shape.valid = NULL;
    eg_status status = new_planes(half, &shape, count, error);
    if (status != EG_OK || !channels->valid)
        return status;
    half->valid = eg_alloc(half->ctx, half->end - half->first, half->stride * sizeof(float), error);
    if (!half->valid)
        return eg_failed(error);
    for (size_t y = half->first; y < half->end; y++)
        eg_feature_kernels_for(half->ctx->cpu)
            ->halve(valid_row(half, y), valid_row(channels, 2 * y),
                    valid_row(channels, second_row(channels, y)), channels->width);
    return EG_OK;
}

typedef struct halving {
    const eg_channels *from, *to;
} halving;

static eg_status halve_rows(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    (void)error;
    const halving *h = opaque;
    for (size_t i = 0; i < h->to->count; i++)
        for (size_t y = y0; y < y1; y++)
            eg_feature_kernels_for(h->to->ctx->cpu)
                ->halve(eg_channel_row(h->to, i, y), eg_channel_row(h->from, i, 2 * y),
                        eg_channel_row(h->from, i, second_row(h->from, y)), h->from->width);
    return EG_OK;
}

eg_status eg_channels_halve(eg_channels *half, const eg_channels *channels, eg_error *error)
{
    halving h = {channels, half};
    eg_status status = new_half_planes(half, channels, channels->count, error);
    if (status == EG_OK)
        status =
            eg_for_rows(half->ctx, half->first, half->end, channels->width, &h, halve_rows, error);
    return status;
}

/* ---- contrast ---- */

typedef struct contrast {
    const eg_channels *channels;
    eg_channels *features;
    /* the intensity, its square and, if samples are missing, the validity, smoothed along rows */
    eg_channels across;
    eg_gaussian_derivative window;
} contrast;

/* Scales the channels and smooths the intensity and its square along rows. */
static eg_status contrast_across(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    enum { PAD = EG_TENSOR_RADIUS_MAX };
    const contrast *c = opaque;
    const eg_feature_kernels *kernels = eg_feature_kernels_for(c->channels->ctx->cpu);
    const size_t width = c->channels->width, radius = c->window.radius;
    float *memory = eg_alloc(c->channels->ctx, width + 2 * PAD, sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    float *padded = memory + PAD;
    for (size_t y = y0; y < y1; y++) {
        for (size_t i = 0; i < c->channels->count; i++)
            kernels->scale(eg_channel_row(c->features, i, y), eg_channel_row(c->channels, i, y),
                           width, 100.0f / 255);
        const float *intensity = eg_channel_row(c->features, 0, y);
        const float *valid = valid_row(c->channels, y);
        for (size_t i = 0; i < c->across.count; i++) {
            if (i != 1)
                memcpy(padded, i == 0 ? intensity : valid, width * sizeof *padded);
            else if (valid)
                kernels->square_valid(padded, intensity, valid, width);
            else
                kernels->square(padded, intensity, width);
            eg_pad_row(padded, EG_F32, width, radius, EG_BOTH_SIDES, EG_BORDER_REFLECT, 0);
            kernels->smooth_across(eg_channel_row(&c->across, i, y), padded, width,
                                   c->window.smooth, radius);
        }
    }
    eg_free(memory);
    return EG_OK;
}

/* Smooths across rows, and computes the standard deviation. Beyond the planes by reflection. */
static eg_status contrast_down(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    const contrast *c = opaque;
    const eg_channels *from = &c->across;
    const eg_feature_kernels *kernels = eg_feature_kernels_for(from->ctx->cpu);
    const size_t width = from->width, radius = c->window.radius, rows = from->end - from->first;
    float *mean = eg_alloc(from->ctx, 2 * width, sizeof *mean, error);
    if (!mean)
        return eg_failed(error);
    float *smooth = mean + width;
    for (size_t y = y0; y < y1; y++) {
        float *out = eg_channel_row(c->features, c->channels->count, y);
        for (size_t i = 0; i < from->count; i++) {
            const float *around[2 * EG_TENSOR_RADIUS_MAX + 1];
            for (size_t k = 0; k <= 2 * radius; k++) {
                ptrdiff_t at = (ptrdiff_t)(y - from->first + k) - (ptrdiff_t)radius;
                around[k] = from->plane[i] +
                            (size_t)eg_border_index(at, rows, EG_BORDER_REFLECT) * from->stride;
            }
            kernels->smooth_down(i == 0   ? mean
                                 : i == 1 ? out
                                          : smooth,
                                 around, width, c->window.smooth, radius);
        }
        if (from->count == 3)
            kernels->deviation_valid(out, mean, smooth, valid_row(c->channels, y), width);
        else
            kernels->deviation(out, mean, width);
    }
    eg_free(mean);
    return EG_OK;
}

eg_status eg_contrast_features(eg_channels *features, const eg_channels *channels, double scale,
                               eg_error *error)
{
    contrast c = {.channels = channels, .features = features};
    eg_channels shape = *channels;
    shape.valid = NULL;
    eg_status status = eg_gaussian_derivative_init(&c.window, 1.5 * scale, error);
    if (status == EG_OK)
        status = new_planes(features, channels, channels->count + 1, error);
    if (status == EG_OK)
        status = new_planes(&c.across, &shape, channels->valid ? 3 : 2, error);
    if (status == EG_OK)
        status = eg_for_rows(channels->ctx, channels->first, channels->end, channels->width, &c,
                             contrast_across, error);
    if (status == EG_OK)
        status = eg_for_rows(channels->ctx, channels->first, channels->end, channels->width, &c,
                             contrast_down, error);
    eg_channels_free(&c.across);
    return status;
}

/* ---- features at half the resolution ---- */

/* Features of which two rows at a time are computed and averaged. */
typedef struct half_features {
    const eg_channels *channels;
    eg_channels *features;
    const eg_gradient_field *field; /* of texture */
    const float *light, *curve;     /* tables of the colour histogram */
    void (*row)(const struct half_features *h, size_t y, float *const out[], float *const work[3]);
} half_features;

static eg_status half_rows(void *opaque, size_t y0, size_t y1, eg_error *error)
{
    const half_features *h = opaque;
    const eg_channels *c = h->channels;
    const size_t count = h->features->count, stride = c->stride;
    float *memory = eg_alloc(c->ctx, 2 * count + 3, stride * sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    float *rows[2][EG_CHANNELS_MAX], *work[3];
    for (size_t i = 0; i < 2 * count; i++)
        rows[i / count][i % count] = memory + i * stride;
    for (size_t i = 0; i < 3; i++)
        work[i] = memory + (2 * count + i) * stride;
    for (size_t y = y0; y < y1; y++) {
        const size_t second = second_row(c, y);
        const size_t other = second > 2 * y ? 1 : 0;
        h->row(h, 2 * y, rows[0], work);
        if (other)
            h->row(h, second, rows[1], work);
        for (size_t i = 0; i < count; i++)
            eg_feature_kernels_for(c->ctx->cpu)
                ->halve(eg_channel_row(h->features, i, y), rows[0][i], rows[other][i], c->width);
    }
    eg_free(memory);
    return EG_OK;
}

static eg_status run_half(half_features *h, size_t count, eg_error *error)
{
    eg_status status = new_half_planes(h->features, h->channels, count, error);
    if (status == EG_OK)
        status = eg_for_rows(h->channels->ctx, h->features->first, h->features->end,
                             h->channels->width, h, half_rows, error);
    return status;
}

/* ---- colour histogram ---- */

enum { LIGHTNESS_BINS = 6, COLOUR_BINS = 4 };

/* Linear light of a root 0 .. 1 of a stored sRGB value (IEC 61966-2-1). */
static double light_of_root(double root)
{
    double v = root * root;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* The function f of CIE L*a*b* (ISO/CIE 11664-4). */
static double lab_curve(double t)
{
    return t > 216.0 / 24389 ? eg_cube_root(t) : (24389.0 / 27 * t + 16) / 116;
}

/* Tabulates a function on 0 .. 1, for linear interpolation. */
static void make_table(float table[EG_FEATURE_TABLE + 2], double (*function)(double))
{
    for (size_t i = 0; i <= EG_FEATURE_TABLE; i++)
        table[i] = (float)function((double)i / EG_FEATURE_TABLE);
    table[EG_FEATURE_TABLE + 1] = table[EG_FEATURE_TABLE];
}

static void histogram_row(const half_features *h, size_t y, float *const out[],
                          float *const work[3])
{
    const eg_channels *c = h->channels;
    const eg_feature_kernels *kernels = eg_feature_kernels_for(c->ctx->cpu);
    const bool colour = c->count == 3;
    const float *valid = valid_row(c, y);
    const float *planes[3] = {eg_channel_row(c, 0, y), NULL, NULL};
    for (size_t i = 1; i < c->count; i++)
        planes[i] = eg_channel_row(c, i, y);
    kernels->roots(work, planes, valid, c->width);
    kernels->lab(work, c->width, h->light, h->curve);
    kernels->memberships(out, LIGHTNESS_BINS, work[0], valid, c->width, 5, 95);
    for (size_t i = 0; colour && i < 2; i++)
        kernels->memberships(out + LIGHTNESS_BINS + i * COLOUR_BINS, COLOUR_BINS, work[1 + i],
                             valid, c->width, -30, 30);
}

eg_status eg_histogram_features(eg_channels *features, const eg_channels *channels, eg_error *error)
{
    const size_t size = EG_FEATURE_TABLE + 2;
    float *tables = eg_alloc(channels->ctx, 2 * size, sizeof *tables, error);
    if (!tables)
        return eg_failed(error);
    make_table(tables, light_of_root);
    make_table(tables + size, lab_curve);
    half_features h = {.channels = channels,
                       .features = features,
                       .light = tables,
                       .curve = tables + size,
                       .row = histogram_row};
    eg_status status =
        run_half(&h, LIGHTNESS_BINS + (channels->count == 3 ? 2 * COLOUR_BINS : 0), error);
    eg_free(tables);
    return status;
}

/* ---- texture ---- */

static void texture_row(const half_features *h, size_t y, float *const out[], float *const work[3])
{
    (void)work;
    const eg_channels *c = h->channels;
    const eg_gradient_field *f = h->field;
    for (size_t i = 0; i < 4 && (y < f->first || y >= f->end); i++)
        memset(out[i], 0, c->width * sizeof *out[i]);
    if (y < f->first || y >= f->end)
        return;
    const size_t at = eg_field_at(f, y, 0);
    const float *const field[3] = {f->magnitude + at, f->cosine + at, f->sine + at};
    eg_feature_kernels_for(c->ctx->cpu)->texture(out, field, valid_row(c, y), c->width);
}

eg_status eg_texture_features(eg_channels *features, const eg_channels *channels, double scale,
                              eg_error *error)
{
    static const float weight[1] = {100.0f / 255};
    eg_channels intensity = *channels;
    eg_gaussian_derivative fine;
    eg_gradient_field field = {0};
    intensity.count = 1;
    eg_status status = eg_gaussian_derivative_init(&fine, fmax(scale, 0.5), error);
    if (status != EG_OK)
        return status;
    /* Rows at the end of a row block lack the rows around them, and are beyond its own. */
    const size_t first = channels->first > 0 ? channels->first + fine.radius : 0;
    const size_t end =
        channels->end < channels->height ? channels->end - fine.radius : channels->end;
    half_features h = {
        .channels = channels, .features = features, .field = &field, .row = texture_row};
    status = eg_gradient_field_compute(&field, &intensity, &fine, weight, EG_BORDER_REFLECT, first,
                                       end, error);
    if (status == EG_OK)
        status = run_half(&h, 4, error);
    eg_gradient_field_free(&field);
    return status;
}
