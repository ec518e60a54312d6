/* SPDX-License-Identifier: MIT */
/* The gradient field of channel planes. */
#include "gradient/tensor.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum {
    PAD = EG_TENSOR_RADIUS_MAX + 16, /* samples beside a row that kernels read or write */
    RING_MAX = 2 * EG_TENSOR_RADIUS_MAX + 1,
    RING_BYTES = 384 * 1024, /* of the ring of a tile, which stays in the cache */
    ROWS_PER_JOB = 64,       /* least rows, so that the rows around them add little work */
    ROUNDINGS = 32,          /* bound of the rounding errors of a slope, in half units */
    MOMENTS = 8,             /* rows of eg_valid_moments */
};

EG_DEFINE_KERNELS_FOR(eg_tensor_kernels_for, eg_tensor_kernels)

eg_status eg_gaussian_derivative_init(eg_gaussian_derivative *weights, double sigma,
                                      eg_error *error)
{
    *weights = (eg_gaussian_derivative){0};
    if (!(sigma > 0 && ceil(3 * sigma) <= EG_TENSOR_RADIUS_MAX))
        return eg_fail(error, EG_USAGE, "sigma %g is out of range", sigma);
    double g[EG_TENSOR_RADIUS_MAX + 1], sum = 0, moment = 0, slopes = 0;
    weights->radius = (size_t)ceil(3 * sigma);
    for (size_t k = 0; k <= weights->radius; k++) {
        g[k] = exp(-(double)(k * k) / (2 * sigma * sigma));
        sum += k ? 2 * g[k] : g[k];
        moment += 2 * (double)(k * k) * g[k];
    }
    for (size_t k = 0; k <= weights->radius; k++) {
        weights->smooth[k] = (float)(g[k] / sum);
        weights->slope[k] = (float)((double)k * g[k] / moment);
        weights->square[k] = (float)((double)(k * k) * g[k] / moment);
        slopes += 2 * (double)k * g[k] / moment;
    }
    weights->variance = (float)(moment / sum);
    weights->rounding = (float)(ROUNDINGS * FLT_EPSILON / 2 * slopes);
    return EG_OK;
}

/* ---- one tile ---- */

/* A computation of some rows and columns of the field. */
typedef struct tile {
    const eg_channels *channels;
    const eg_gaussian_derivative *derivative;
    const eg_tensor_kernels *kernels;
    const float *weight;
    eg_gradient_field *field;
    eg_border border;
    eg_span rows, columns;
    /* Working rows: */
    size_t ring, stride;
    float *padded;         /* a row of a channel with the samples beside it */
    float *smooth, *slope; /* rings of 2 radius + 1 rows for each channel */
    float *square;         /* ring of the validity */
    float *xx, *xy, *yy;
    eg_valid_moments moments;
} tile;

/* Returns the number of planes to smooth: the channels, and the validity if there is one. */
static size_t plane_count(const eg_channels *channels)
{
    return channels->count + (channels->valid != NULL);
}

/* Returns the columns of a tile whose rings have `planes` planes, of a field of `columns`. Few
 * columns have short rows, which share pages of memory. */
static size_t tile_width(size_t planes, const eg_gaussian_derivative *derivative, size_t columns)
{
    const size_t width = RING_BYTES / (2 * (2 * derivative->radius + 1) * planes * sizeof(float));
    const size_t most = width / 64 > 2 ? width / 64 * 64 : 128;
    return columns < most ? (columns + 63) / 64 * 64 : most;
}

size_t eg_gradient_field_scratch(size_t channels, const eg_gaussian_derivative *derivative,
                                 size_t columns)
{
    const size_t ring = 2 * derivative->radius + 1;
    size_t most = 0;
    for (size_t planes = channels; planes <= channels + 1; planes++) {
        size_t stride = tile_width(planes, derivative, columns) + 2 * PAD;
        size_t rows = 2 * ring * planes + 4 + (planes > channels ? ring + MOMENTS : 0);
        size_t bytes = rows * stride * sizeof(float);
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* Sets the addresses of the 2 radius + 1 rows around row y of a plane. */
static void ring_rows(const tile *t, size_t y, size_t plane, const float *smooth[],
                      const float *slope[])
{
    const size_t radius = t->derivative->radius;
    for (size_t k = 0; k < t->ring; k++) {
        size_t slot = plane * t->ring + (y + k + 2 * t->ring - radius) % t->ring;
        smooth[k] = t->smooth + slot * t->stride;
        slope[k] = t->slope + slot * t->stride;
    }
}

/* Returns the samples of a row of a channel from the tile's first column on, with those beside it.
 * `row` is sample `left` of the row. */
static const float *pad_columns(const tile *t, const float *row)
{
    const eg_channels *c = t->channels;
    const size_t radius = t->derivative->radius, x0 = t->columns.first, x1 = t->columns.end;
    if (x0 >= c->left + radius && x1 + radius + 16 <= c->right)
        return row + (x0 - c->left);
    float *in = t->padded + PAD;
    const size_t from = x0 > radius ? x0 - radius : 0;
    const size_t to = x1 + radius < c->width ? x1 + radius : c->width;
    memcpy(in + from - x0, row + (from - c->left), (to - from) * sizeof *in);
    for (ptrdiff_t x = (ptrdiff_t)x0 - (ptrdiff_t)radius; x < 0; x++)
        in[x - (ptrdiff_t)x0] = row[(size_t)eg_border_index(x, c->width, t->border) - c->left];
    for (size_t x = to; x < x1 + radius; x++)
        in[x - x0] = row[(size_t)eg_border_index((ptrdiff_t)x, c->width, t->border) - c->left];
    return in;
}

/* Computes the horizontal pass of row y, which may lie outside the planes, of all channels. */
static void pass_horizontally(const tile *t, ptrdiff_t y)
{
    const eg_channels *c = t->channels;
    const size_t inside = (size_t)eg_border_index(y, c->height, t->border);
    for (size_t i = 0; i < plane_count(c); i++) {
        const float *plane = i < c->count ? c->plane[i] : c->valid;
        const float *in = pad_columns(t, plane + (inside - c->first) * c->stride);
        size_t slot = i * t->ring + ((size_t)y + 2 * RING_MAX * t->ring) % t->ring;
        t->kernels->horizontal(t->smooth + slot * t->stride, t->slope + slot * t->stride, in,
                               t->columns.end - t->columns.first, t->derivative);
        if (i == c->count)
            t->kernels->horizontal_square(t->square + slot % t->ring * t->stride, in,
                                          t->columns.end - t->columns.first, t->derivative);
    }
}

/* Returns the binary exponent by which derivatives of row y are divided: 0 unless their squares
 * could overflow or vanish. */
static int row_exponent(const tile *t, size_t y)
{
    const eg_channels *c = t->channels;
    const ptrdiff_t radius = (ptrdiff_t)t->derivative->radius;
    float largest = 0;
    for (ptrdiff_t k = (ptrdiff_t)y - radius; c->largest && k <= (ptrdiff_t)y + radius; k++) {
        size_t inside = (size_t)eg_border_index(k, c->height, t->border);
        largest = fmaxf(largest, c->largest[inside - c->first]);
    }
    return eg_extreme_exponent(largest);
}

/* Computes the moments of the validity around row y. */
static void compute_moments(const tile *t, size_t y)
{
    const float *smooth[RING_MAX], *slope[RING_MAX], *square[RING_MAX];
    ring_rows(t, y, t->channels->count, smooth, slope);
    for (size_t k = 0; k < t->ring; k++)
        square[k] = t->square + (size_t)(smooth[k] - t->smooth) % (t->ring * t->stride);
    t->kernels->moments(&t->moments, smooth, slope, square, t->columns.end - t->columns.first,
                        t->derivative);
}

static void compute_row(const tile *t, size_t y)
{
    const eg_channels *c = t->channels;
    const size_t width = t->columns.end - t->columns.first;
    const size_t at = eg_field_at(t->field, y, t->columns.first);
    const float *smooth[RING_MAX], *slope[RING_MAX];
    const int exponent = c->largest ? row_exponent(t, y) : 0;
    if (c->valid)
        compute_moments(t, y);
    for (size_t i = 0; i < c->count; i++) {
        const eg_tensor_weight weight = {ldexpf(1, -exponent), t->weight[i] * t->weight[i], i == 0};
        ring_rows(t, y, i, smooth, slope);
        if (c->valid)
            t->kernels->vertical_valid(t->xx, t->xy, t->yy, smooth, slope, &t->moments, width,
                                       t->derivative, weight);
        else
            t->kernels->vertical(t->xx, t->xy, t->yy, smooth, slope, width, t->derivative, weight);
    }
    eg_gradient_field *f = t->field;
    t->kernels->finish(f->magnitude + at, f->cosine + at, f->sine + at, t->xx, t->xy, t->yy, width);
    for (size_t x = 0; exponent && x < width; x++)
        f->magnitude[at + x] = ldexpf(f->magnitude[at + x], exponent);
    if (f->exponent)
        f->exponent[y - f->first] = exponent;
}

/* Sets the addresses of the working rows that the validity needs. */
static void lay_out_moments(tile *t, float *memory)
{
    float **const rows[MOMENTS] = {&t->moments.inverse, &t->moments.x,    &t->moments.y,
                                   &t->moments.xx,      &t->moments.xy,   &t->moments.yy,
                                   &t->moments.gate,    &t->moments.level};
    t->square = memory;
    for (size_t i = 0; i < MOMENTS; i++)
        *rows[i] = memory + (t->ring + i) * t->stride;
}

/* Computes rows and columns of the field, in tiles of columns whose rings stay in the cache. */
static void compute_tiles(tile t, eg_span columns, float *scratch)
{
    const size_t radius = t.derivative->radius, planes = plane_count(t.channels);
    const size_t width = tile_width(planes, t.derivative, columns.end - columns.first);
    t.ring = 2 * radius + 1;
    t.stride = width + 2 * PAD;
    t.padded = scratch;
    t.xx = scratch + t.stride;
    t.xy = t.xx + t.stride;
    t.yy = t.xy + t.stride;
    t.smooth = t.yy + t.stride;
    t.slope = t.smooth + t.ring * planes * t.stride;
    if (t.channels->valid)
        lay_out_moments(&t, t.slope + t.ring * planes * t.stride);
    memset(t.padded, 0, t.stride * sizeof *t.padded);
    for (size_t x = columns.first; x < columns.end; x += width) {
        t.columns = (eg_span){x, columns.end - x < width ? columns.end : x + width};
        const ptrdiff_t y0 = (ptrdiff_t)t.rows.first, r = (ptrdiff_t)radius;
        for (ptrdiff_t y = y0 - r; y < y0 + r; y++)
            pass_horizontally(&t, y);
        for (size_t y = t.rows.first; y < t.rows.end; y++) {
            pass_horizontally(&t, (ptrdiff_t)(y + radius));
            compute_row(&t, y);
        }
    }
}

void eg_gradient_field_tile(eg_gradient_field *field, const eg_channels *channels,
                            const eg_gaussian_derivative *derivative, const float weight[],
                            eg_border border, void *scratch)
{
    tile t = {.channels = channels,
              .derivative = derivative,
              .kernels = eg_tensor_kernels_for(channels->ctx->cpu),
              .weight = weight,
              .field = field,
              .border = border,
              .rows = {field->first, field->end}};
    compute_tiles(t, (eg_span){field->left, field->right}, scratch);
}

/* ---- the field ---- */

/* Allocates the first `count` of magnitude, cosine and sine. */
static eg_status new_planes(eg_gradient_field *field, const eg_channels *channels, size_t count,
                            size_t first, size_t end, eg_error *error)
{
    *field = (eg_gradient_field){.ctx = channels->ctx,
                                 .width = channels->width,
                                 .height = channels->height,
                                 .first = first,
                                 .end = end,
                                 .right = channels->width,
                                 .stride = (channels->width + 63) / 16 * 16};
    float **planes[] = {&field->magnitude, &field->cosine, &field->sine};
    for (size_t i = 0; i < count; i++) {
        *planes[i] =
            eg_calloc(channels->ctx, end - first + 1, field->stride * sizeof(float), error);
        if (!*planes[i])
            return eg_failed(error);
        *planes[i] += 16;
    }
    return EG_OK;
}

eg_status eg_magnitudes_new(eg_gradient_field *field, const eg_channels *channels, size_t first,
                            size_t end, eg_error *error)
{
    return new_planes(field, channels, 1, first, end, error);
}

eg_status eg_gradient_field_new(eg_gradient_field *field, const eg_channels *channels, size_t first,
                                size_t end, eg_error *error)
{
    eg_status status = new_planes(field, channels, 3, first, end, error);
    if (status != EG_OK || !channels->largest)
        return status;
    field->exponent = eg_calloc(channels->ctx, end - first, sizeof *field->exponent, error);
    return field->exponent ? EG_OK : eg_failed(error);
}

/* State of the jobs that compute a field. */
typedef struct field_jobs {
    tile all; /* all rows */
    size_t job_rows;
} field_jobs;

static eg_status compute_rows(void *opaque, size_t index, eg_error *error)
{
    const field_jobs *j = opaque;
    tile t = j->all;
    t.rows.first += index * j->job_rows;
    if (t.rows.end - t.rows.first > j->job_rows)
        t.rows.end = t.rows.first + j->job_rows;
    const size_t columns = t.channels->width;
    void *scratch =
        eg_alloc(t.channels->ctx, 1,
                 eg_gradient_field_scratch(t.channels->count, t.derivative, columns), error);
    if (!scratch)
        return eg_failed(error);
    compute_tiles(t, (eg_span){0, columns}, scratch);
    eg_free(scratch);
    return EG_OK;
}

eg_status eg_gradient_field_fill(eg_gradient_field *field, const eg_channels *channels,
                                 const eg_gaussian_derivative *derivative, const float weight[],
                                 eg_border border, eg_error *error)
{
    eg_context *ctx = channels->ctx;
    const size_t rows = field->end - field->first, jobs = 2 * eg_worker_count(ctx),
                 share = (rows + jobs - 1) / jobs;
    field_jobs j = {.all = {.channels = channels,
                            .derivative = derivative,
                            .kernels = eg_tensor_kernels_for(ctx->cpu),
                            .weight = weight,
                            .field = field,
                            .border = border,
                            .rows = {field->first, field->end}},
                    .job_rows = share > ROWS_PER_JOB ? share : ROWS_PER_JOB};
    return eg_parallel_for(ctx, (rows + j.job_rows - 1) / j.job_rows, 4 * rows * channels->width,
                           &j, compute_rows, error);
}

eg_status eg_gradient_field_compute(eg_gradient_field *field, const eg_channels *channels,
                                    const eg_gaussian_derivative *derivative, const float weight[],
                                    eg_border border, size_t first, size_t end, eg_error *error)
{
    eg_status status = eg_gradient_field_new(field, channels, first, end, error);
    if (status != EG_OK)
        return status;
    return eg_gradient_field_fill(field, channels, derivative, weight, border, error);
}

void eg_gradient_field_free(eg_gradient_field *field)
{
    float *planes[] = {field->magnitude, field->cosine, field->sine};
    for (size_t i = 0; i < 3; i++)
        eg_free(planes[i] ? planes[i] - 16 : NULL);
    eg_free(field->exponent);
    *field = (eg_gradient_field){0};
}
