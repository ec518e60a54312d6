/* SPDX-License-Identifier: MIT */
/* Reading an image into channel planes. */
#include "gradient/channels.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

EG_DEFINE_KERNELS_FOR(eg_channel_kernels_for, eg_channel_kernels)

/* ---- one tile ---- */

/* Working rows of a tile. */
typedef struct tile_rows {
    float *sums, *counts, *grouped;
} tile_rows;

/* Returns the columns of the image that a tile covers. */
static eg_span image_columns(const eg_channels *tile)
{
    const size_t end = tile->right * tile->factor;
    return (eg_span){tile->left * tile->factor, end < tile->full_width ? end : tile->full_width};
}

static size_t scratch_stride(const eg_channels *tile)
{
    return (tile->right - tile->left) * tile->factor + EG_BAND_SLACK;
}

size_t eg_channels_scratch(const eg_channels *tile)
{
    return 3 * scratch_stride(tile) * sizeof(float);
}

/* Sums groups of `factor` columns; the last group may be cut off by the border of the image.
 * Returns the columns of the last group. */
static size_t group_columns(const eg_channels *tile, const eg_channel_kernels *kernels,
                            const float *sums, float *out)
{
    const eg_span columns = image_columns(tile);
    const size_t f = tile->factor, width = columns.end - columns.first;
    /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a factor is at least 1 */
    const size_t whole = width / f;
    kernels->group(out, sums, whole, f);
    if (whole == tile->right - tile->left)
        return f;
    float sum = 0;
    for (size_t x = whole * f; x < width; x++)
        sum += sums[x];
    out[whole] = sum;
    return width - whole * f;
}

/* Sets the numbers of pixels of a row of boxes of `height` rows, none of which is missing. */
static void count_pixels(const eg_channels *tile, float *counts, size_t height, size_t last)
{
    const size_t width = tile->right - tile->left;
    for (size_t x = 0; x < width; x++)
        counts[x] = (float)(tile->factor * height);
    counts[width - 1] = (float)(last * height);
}

/* Marks the missing pixels of image row y, if they belong to the spans. `in` is the row's sample at
 * the first column of the image that the tile covers. */
static void note_missing(const eg_channels *tile, const float *in, size_t y)
{
    const size_t left = tile->left * tile->factor;
    const eg_span columns = tile->missing_columns;
    if (y < tile->missing_rows.first || y >= tile->missing_rows.end)
        return;
    eg_channel_kernels_for(tile->ctx->cpu)
        ->note_missing(tile->missing + (y - tile->missing_rows.first) * tile->missing_words,
                       in + (columns.first - left), columns.end - columns.first);
}

/* Averages the pixels of a row of boxes, which begins at image row y * factor, into a plane.
 * Returns the number of missing pixels. */
static size_t reduce_plane(const eg_channels *tile, const eg_channel_kernels *kernels,
                           const eg_band *band, float white_level, size_t plane, size_t y,
                           const tile_rows *rows)
{
    const size_t f = tile->factor, top = y * f, columns = tile->right - tile->left;
    const size_t height = band->height - top < f ? band->height - top : f;
    const eg_span span = image_columns(tile);
    const size_t width = span.end - span.first;
    float *out = eg_channel_row(tile, plane, y);
    size_t missing = 0;
    for (size_t k = 0; k < height; k++) {
        const void *in = eg_band_plane(band, (ptrdiff_t)(top + k), plane);
        if (band->sample == EG_U8) {
            kernels->add_u8(rows->sums, (const uint8_t *)in + span.first, width, k == 0);
            continue;
        }
        const float *from = (const float *)in + span.first;
        size_t found = kernels->add_f32(rows->sums, rows->counts, from, width, k == 0);
        if (found)
            note_missing(tile, from, top + k);
        missing += found;
    }
    /* Quotients, other than products by a reciprocal, make equal means of equal pixels. */
    const size_t last = group_columns(tile, kernels, rows->sums, out);
    const float all = (float)(f * height);
    float scale = 255 / sqrtf(white_level * all);
    if (missing || height < f || last < f) {
        count_pixels(tile, rows->grouped, height, last);
        if (missing)
            group_columns(tile, kernels, rows->counts, rows->grouped);
        kernels->average(out, rows->grouped, columns);
        scale = 255 / sqrtf(white_level);
    }
    if (missing) {
        float *valid = tile->valid + (y - tile->first) * tile->stride;
        rows->grouped[columns - 1] *= (float)f / (float)last;
        for (size_t x = 0; x < columns; x++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): float samples have `valid` */
            valid[x] = rows->grouped[x] / all < valid[x] ? rows->grouped[x] / all : valid[x];
    }
    if (!tile->intensities) {
        kernels->root(out, columns, scale);
        return missing;
    }
    scale *= scale / 255;
    for (size_t x = 0; x < columns; x++)
        out[x] *= scale;
    return missing;
}

bool eg_channels_reduce(const eg_channels *tile, const eg_band *band, float white_level,
                        void *scratch)
{
    const eg_channel_kernels *kernels = eg_channel_kernels_for(tile->ctx->cpu);
    const size_t width = tile->right - tile->left;
    tile_rows rows = {.sums = scratch};
    rows.counts = rows.sums + scratch_stride(tile);
    rows.grouped = rows.counts + scratch_stride(tile);
    bool missing = false;
    for (size_t y = tile->first; y < tile->end; y++) {
        float *valid = tile->valid ? tile->valid + (y - tile->first) * tile->stride : NULL;
        bool incomplete = false;
        for (size_t x = 0; valid && x < width; x++)
            valid[x] = 1;
        for (size_t i = 0; i < tile->count; i++)
            incomplete |= reduce_plane(tile, kernels, band, white_level, i, y, &rows) > 0;
        if (tile->count == 3 && !tile->intensities)
            kernels->opponent(eg_channel_row(tile, 0, y), eg_channel_row(tile, 1, y),
                              eg_channel_row(tile, 2, y), width);
        for (size_t i = 0; incomplete && i < tile->count; i++)
            kernels->multiply(eg_channel_row(tile, i, y), valid, width);
        missing |= incomplete;
    }
    return missing;
}

/* ---- rows of the whole width ---- */

void eg_channels_bound(const eg_channels *channels, const eg_band *band, float white_level,
                       size_t first, size_t end)
{
    const eg_channel_kernels *kernels = eg_channel_kernels_for(channels->ctx->cpu);
    const size_t f = channels->factor;
    for (size_t y = first; channels->largest && y < end; y++) {
        float largest = 0;
        for (size_t k = y * f; k < (y + 1) * f && k < band->height; k++)
            for (size_t i = 0; i < channels->count; i++)
                largest = fmaxf(
                    largest, kernels->largest(eg_band_plane(band, (ptrdiff_t)k, i), band->width));
        channels->largest[y - channels->first] = channels->intensities
                                                     ? largest * (255 / white_level)
                                                     : sqrtf(largest) * (255 / sqrtf(white_level));
    }
}

/* Returns sample x of a row as a float. */
static float sample_of(const void *row, eg_sample sample, size_t x)
{
    return sample == EG_U8 ? (float)((const uint8_t *)row)[x] : ((const float *)row)[x];
}

/* Returns true if the samples of a plane in a row that are not missing equal each other and the
 * first one seen. */
static bool is_constant(const eg_band *band, size_t y, size_t plane, _Atomic float *seen)
{
    const void *row = eg_band_plane(band, (ptrdiff_t)y, plane);
    for (size_t x = 0; x < band->width; x++) {
        const float value = sample_of(row, band->sample, x);
        float first = atomic_load_explicit(seen, memory_order_relaxed);
        if (value == first || value - value != 0)
            continue;
        /* Another thread may set it first. */
        if (first == first ||
            (!atomic_compare_exchange_strong(seen, &first, value) && atomic_load(seen) != value))
            return false;
    }
    return true;
}

void eg_seen_init(eg_samples_seen *seen)
{
    atomic_init(&seen->differs, false);
    for (size_t i = 0; i < 3; i++)
        atomic_init(&seen->first[i], (float)NAN);
}

void eg_seen_add(eg_samples_seen *seen, const eg_band *band, size_t y0, size_t y1)
{
    const size_t planes = band->stride / band->plane_stride;
    for (size_t y = y0; y < y1; y++)
        for (size_t i = 0; i < planes; i++) {
            if (atomic_load_explicit(&seen->differs, memory_order_relaxed))
                return;
            if (!is_constant(band, y, i, &seen->first[i]))
                atomic_store(&seen->differs, true);
        }
}

/* ---- whole planes ---- */

/* Strips that are decoded while a follower computes. */
enum { STRIPS_AHEAD = 8 };

/* State of the stage that fills the planes. */
typedef struct reducer {
    eg_channels *channels;
    eg_channel_follower *follower; /* NULL: none */
    eg_span span;                  /* rows of the image that strips cover */
    float white_level;
    atomic_bool missing; /* a sample is not finite */
    eg_samples_seen seen;
} reducer;

static eg_status reduce_strip(const eg_stage *stage, const eg_band *band, size_t strip, size_t y0,
                              size_t y1, void *scratch, const eg_rows out[], eg_error *error)
{
    (void)out;
    reducer *r = stage->opaque;
    const eg_channels *c = r->channels;
    eg_channels tile = *c;
    /* The first and the last strip of a row block also have the margin. */
    tile.first = y0 == r->span.first ? c->first : (y0 + c->factor - 1) / c->factor;
    tile.end = y1 == r->span.end ? c->end : (y1 + c->factor - 1) / c->factor;
    for (size_t i = 0; i < c->count; i++)
        tile.plane[i] = eg_channel_row(c, i, tile.first);
    if (c->valid)
        tile.valid = c->valid + (tile.first - c->first) * c->stride;
    if (eg_channels_reduce(&tile, band, r->white_level, scratch))
        atomic_store(&r->missing, true);
    eg_channels_bound(c, band, r->white_level, tile.first, tile.end);
    eg_seen_add(&r->seen, band, y0, y1);
    return r->follower ? r->follower->complete(r->follower, strip, tile.end, error) : EG_OK;
}

/* Allocates planes for the window of `source` and `margin` rows of the planes around it. */
static eg_status allocate_planes(eg_channels *c, const eg_source *source, size_t margin,
                                 eg_error *error)
{
    const eg_span span = eg_source_span(source);
    const size_t from = span.first / c->factor, to = (span.end + c->factor - 1) / c->factor;
    c->first = from > margin ? from - margin : 0;
    c->end = to + margin < c->height ? to + margin : c->height;
    c->stride = (c->width + 15) / 16 * 16 + 16;
    for (size_t i = 0; i < c->count; i++) {
        c->plane[i] = eg_alloc(c->ctx, c->end - c->first, c->stride * sizeof(float), error);
        if (!c->plane[i])
            return eg_failed(error);
    }
    c->missing_rows = span;
    c->missing_columns = (eg_span){0, c->full_width};
    c->missing_words = (c->full_width + 63) / 64;
    if (source->info.sample != EG_F32)
        return EG_OK;
    c->missing = eg_calloc(c->ctx, span.end - span.first, c->missing_words * 8, error);
    if (!c->missing)
        return eg_failed(error);
    c->largest = eg_alloc(c->ctx, c->end - c->first, sizeof(float), error);
    if (!c->largest)
        return eg_failed(error);
    c->valid = eg_alloc(c->ctx, c->end - c->first, c->stride * sizeof(float), error);
    return c->valid ? EG_OK : eg_failed(error);
}

int eg_extreme_exponent(float largest)
{
    int exponent = 0;
    frexpf(largest, &exponent);
    return exponent > -16 && exponent < 24 ? 0 : exponent;
}

void eg_channels_normalise(eg_channels *c)
{
    float largest = 0;
    for (size_t y = c->first; c->largest && y < c->end; y++)
        largest = fmaxf(largest, c->largest[y - c->first]);
    const int exponent = eg_extreme_exponent(largest);
    eg_free(c->largest);
    c->largest = NULL;
    if (exponent == 0)
        return;
    for (size_t i = 0; i < c->count; i++)
        for (size_t y = c->first; y < c->end; y++) {
            float *row = eg_channel_row(c, i, y);
            for (size_t x = 0; x < c->width; x++)
                row[x] = ldexpf(row[x], -exponent);
        }
}

void eg_channels_describe(eg_channels *channels, const eg_source *source, size_t factor)
{
    const eg_info *info = &source->info;
    const size_t width = (info->width + factor - 1) / factor,
                 height = (info->height + factor - 1) / factor;
    *channels = (eg_channels){
        .ctx = source->ctx,
        .count = eg_source_planes(source),
        .factor = factor,
        .full_width = info->width,
        .full_height = info->height,
        .width = width,
        .height = height,
        .end = height,
        .right = width,
    };
}

eg_status eg_channels_read(eg_channels *channels, eg_source *source, size_t factor, size_t margin,
                           eg_channel_follower *follower, eg_error *error)
{
    const eg_info *info = &source->info;
    const eg_span span = eg_source_span(source);
    eg_channels_describe(channels, source, factor);
    eg_status status = allocate_planes(channels, source, margin, error);
    if (status != EG_OK)
        return status;
    reducer r = {
        .channels = channels, .follower = follower, .span = span, .white_level = info->white_level};
    atomic_init(&r.missing, false);
    eg_seen_init(&r.seen);
    const bool block = span.first > 0 || span.end < info->height;
    /* Boxes of the whole image begin with it: no box lies in two strips. */
    const eg_stage stage = {.halo = block ? (margin + 1) * factor : 0,
                            .multiple = block ? 0 : factor,
                            .ahead = follower ? STRIPS_AHEAD : 0,
                            .scratch = eg_channels_scratch(channels),
                            .opaque = &r,
                            .run = reduce_strip};
    if (follower)
        status = follower->begin(follower, eg_pipeline_strips(source, &stage), error);
    if (status == EG_OK)
        status = eg_pipeline_run(source, &stage, NULL, 0, error);
    channels->differs = atomic_load(&r.seen.differs);
    if (!atomic_load(&r.missing)) {
        eg_free(channels->missing);
        eg_free(channels->valid);
        channels->missing = NULL;
        channels->valid = NULL;
    }
    return status;
}

void eg_channels_drop(eg_channels *channels)
{
    for (size_t i = 0; i < EG_CHANNELS_MAX; i++) {
        eg_free(channels->plane[i]);
        channels->plane[i] = NULL;
    }
    eg_free(channels->valid);
    eg_free(channels->largest);
    channels->valid = NULL;
    channels->largest = NULL;
}

void eg_channels_free(eg_channels *channels)
{
    eg_channels_drop(channels);
    eg_free(channels->missing);
    *channels = (eg_channels){0};
}
