/* SPDX-License-Identifier: MIT */
/* Jets, row by row down a tile: sums along the rows, kept in a ring, then down the columns. */
#include "gradient/jet/jet.h"

#include <string.h>

#include "core/context.h"
#include "gradient/jet/jet_missing.h"
#include "gradient/missing.h"

EG_DEFINE_KERNELS_FOR(eg_jet_kernels_for, eg_jet_kernels)

enum { RING_BYTES = 256 * 1024 }; /* of the ring of a tile, which stays in the cache */

/* Orders of the derivatives along x and y. */
static const struct {
    size_t x, y;
} orders[EG_JET_PARTS] = {[EG_JET_VALUE] = {0, 0}, [EG_JET_X] = {1, 0},  [EG_JET_Y] = {0, 1},
                          [EG_JET_XX] = {2, 0},    [EG_JET_XY] = {1, 1}, [EG_JET_YY] = {0, 2}};

void eg_jet_stage_init(eg_jet_stage *stage, const eg_source *source, const eg_jet_weights *weights,
                       unsigned parts)
{
    *stage = (eg_jet_stage){.kernels = eg_jet_kernels_for(source->ctx->cpu),
                            .gradient_kernels = eg_gradient_kernels_for(source->ctx->cpu),
                            .weights = *weights,
                            .sample = source->info.sample,
                            .parts = parts};
}

/* Returns true if a part has the order `order` along x. */
static bool needs_order(const eg_jet_stage *stage, size_t order)
{
    for (size_t i = 0; i < EG_JET_PARTS; i++)
        if (stage->parts >> i & 1 && orders[i].x == order)
            return true;
    return false;
}

size_t eg_jet_tile(const eg_jet_stage *stage)
{
    size_t count = 0;
    for (size_t i = 0; i < EG_JET_ORDERS; i++)
        count += needs_order(stage, i);
    const size_t columns =
        RING_BYTES / (count * (2 * stage->weights.radius + 1) * sizeof(float)) / 64 * 64;
    return columns < 128 ? 128 : columns > EG_JET_TILE ? EG_JET_TILE : columns;
}

/* Returns the samples from row to row of working memory. */
static size_t row_stride(size_t columns)
{
    return (columns + EG_BAND_SLACK + 15) / 16 * 16;
}

/* Returns the samples of the converted row. */
static size_t converted_samples(const eg_jet_stage *stage, size_t columns)
{
    return row_stride(columns + 2 * stage->weights.radius);
}

size_t eg_jet_scratch(const eg_jet_stage *stage, size_t columns)
{
    const size_t ring = 2 * stage->weights.radius + 1, stride = row_stride(columns);
    size_t bytes =
        (converted_samples(stage, columns) + (EG_JET_ORDERS * ring + EG_JET_PARTS) * stride) *
        sizeof(float);
    if (stage->sample == EG_F32)
        bytes += eg_jet_missing_sums() * ring * stride * sizeof(double);
    return (bytes + 63) / 64 * 64;
}

/* Returns true if a sample that the tile depends on is missing. */
static bool find_missing(const eg_jet_cursor *cursor)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_band *band = cursor->band;
    const size_t radius = stage->weights.radius;
    const ptrdiff_t from = (ptrdiff_t)cursor->x0 - (ptrdiff_t)radius;
    if (stage->sample != EG_F32)
        return false;
    if (band->border == EG_BORDER_CONSTANT && band->outside &&
        eg_is_missing(*(const float *)band->outside))
        return true;
    for (size_t y = band->first; y < band->first + band->count; y++)
        if (stage->gradient_kernels->has_missing(
                (const float *)eg_band_row(band, (ptrdiff_t)y) + from, cursor->width + 2 * radius))
            return true;
    return false;
}

void eg_jet_cursor_begin(eg_jet_cursor *cursor, const eg_jet_stage *stage, const eg_band *band,
                         size_t x0, size_t width, size_t first, void *scratch)
{
    const size_t radius = stage->weights.radius, ring = 2 * radius + 1;
    *cursor = (eg_jet_cursor){.stage = stage,
                              .band = band,
                              .x0 = x0,
                              .width = width,
                              .stride = row_stride(width),
                              .next = (ptrdiff_t)first - (ptrdiff_t)radius};
    float *memory = scratch;
    if (stage->sample == EG_F32) {
        cursor->valid_ring = scratch;
        memory += eg_jet_missing_sums() * ring * cursor->stride * 2;
    }
    cursor->samples = memory;
    cursor->ring = memory + converted_samples(stage, width);
    for (size_t i = 0; i < EG_JET_PARTS; i++)
        if (stage->parts >> i & 1)
            cursor->part[i] = cursor->ring + (EG_JET_ORDERS * ring + i) * cursor->stride;
    cursor->missing = find_missing(cursor);
}

/* Returns the slot of row y, which may be above the image, in the rings. */
static size_t slot_of(const eg_jet_cursor *cursor, ptrdiff_t y)
{
    const ptrdiff_t ring = 2 * (ptrdiff_t)cursor->stage->weights.radius + 1;
    return (size_t)((y % ring + ring) % ring);
}

static float *ring_row(const eg_jet_cursor *cursor, size_t order, ptrdiff_t y)
{
    const size_t ring = 2 * cursor->stage->weights.radius + 1;
    return cursor->ring + (order * ring + slot_of(cursor, y)) * cursor->stride;
}

/* Returns the samples of source row y from column x0 - radius on. */
static const float *samples_of(const eg_jet_cursor *cursor, ptrdiff_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const size_t radius = stage->weights.radius;
    const ptrdiff_t from = (ptrdiff_t)cursor->x0 - (ptrdiff_t)radius;
    const void *row = eg_band_row(cursor->band, y);
    if (stage->sample == EG_F32)
        return (const float *)row + from;
    stage->kernels->widen(cursor->samples, (const uint8_t *)row + from, cursor->width + 2 * radius);
    return cursor->samples;
}

/* Computes the sums along source row y. */
static void sum_along(const eg_jet_cursor *cursor, ptrdiff_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_weights *w = &stage->weights;
    const float *rows[2 * EG_JET_RADIUS_MAX + 1], *samples = samples_of(cursor, y);
    for (size_t k = 0; k <= 2 * w->radius; k++)
        rows[k] = samples + k;
    for (size_t i = 0; i < EG_JET_ORDERS; i++)
        if (needs_order(stage, i))
            stage->kernels->order[i](ring_row(cursor, i, y), rows, cursor->width, w->order[i],
                                     w->radius);
    if (cursor->missing)
        eg_jet_missing_row(cursor, y, samples);
}

/* Records whether row y has a valid sample. */
static void look_for_valid(eg_jet_cursor *cursor, size_t y)
{
    const float *row = eg_band_row(cursor->band, (ptrdiff_t)y);
    if (!cursor->missing)
        cursor->any_valid = true;
    for (size_t x = cursor->x0; !cursor->any_valid && x < cursor->x0 + cursor->width; x++)
        cursor->any_valid = !eg_is_missing(row[x]);
}

void eg_jet_cursor_row(eg_jet_cursor *cursor, size_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_weights *w = &stage->weights;
    const ptrdiff_t radius = (ptrdiff_t)w->radius, middle = (ptrdiff_t)y;
    for (; cursor->next <= middle + radius; cursor->next++)
        sum_along(cursor, cursor->next);
    for (size_t i = 0; i < EG_JET_PARTS; i++) {
        const float *rows[2 * EG_JET_RADIUS_MAX + 1];
        if (!cursor->part[i])
            continue;
        for (ptrdiff_t k = -radius; k <= radius; k++)
            rows[k + radius] = ring_row(cursor, orders[i].x, middle + k);
        stage->kernels->order[orders[i].y](cursor->part[i], rows, cursor->width,
                                           w->order[orders[i].y], w->radius);
    }
    look_for_valid(cursor, y);
    if (cursor->missing)
        eg_jet_missing_parts(cursor, y);
}
