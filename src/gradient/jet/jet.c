/* SPDX-License-Identifier: MIT */
/* Jets, row by row down a tile: sums along the rows, kept in a ring, then down the columns. */
#include "gradient/jet/jet.h"

#include <string.h>

#include "core/context.h"
#include "gradient/jet/jet_missing.h"
#include "gradient/missing.h"

EG_DEFINE_KERNELS_FOR(eg_jet_kernels_for, eg_jet_kernels)

enum { RING_BYTES = 256 * 1024 }; /* of the ring of a tile, which stays in the cache */

void eg_jet_stage_init(eg_jet_stage *stage, const eg_source *source, double gaussian_sigma,
                       unsigned parts)
{
    eg_jet_reduction_init(&stage->reduction, gaussian_sigma);
    stage->kernels = eg_jet_kernels_for(source->ctx->cpu);
    stage->gradient_kernels = eg_gradient_kernels_for(source->ctx->cpu);
    stage->sample = source->info.sample;
    stage->parts = parts;
}

size_t eg_jet_reach(const eg_jet_stage *stage)
{
    return stage->reduction.factor > 1 ? eg_jet_reduction_reach(&stage->reduction)
                                       : stage->weights.radius;
}

size_t eg_jet_tile(const eg_jet_stage *stage)
{
    size_t count = 0;
    for (size_t i = 0; i < EG_JET_ORDERS; i++)
        count += eg_jet_needs_order(stage, i);
    if (stage->reduction.factor > 1)
        return EG_JET_TILE;
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

/* Returns the bytes of what missing samples need. */
static size_t valid_bytes(const eg_jet_stage *stage, size_t columns)
{
    return stage->sample == EG_F32 ? eg_jet_missing_bytes(stage, row_stride(columns)) : 0;
}

size_t eg_jet_scratch(const eg_jet_stage *stage, size_t columns)
{
    const size_t ring = 2 * stage->weights.radius + 1, stride = row_stride(columns);
    size_t bytes = valid_bytes(stage, columns) + EG_JET_PARTS * stride * sizeof(float);
    if (stage->reduction.factor > 1)
        bytes += eg_jet_grid_bytes(stage, columns);
    else
        bytes +=
            (converted_samples(stage, columns) + EG_JET_ORDERS * ring * stride) * sizeof(float);
    return (bytes + 63) / 64 * 64;
}

/* Returns true if a sample that the tile depends on is missing. */
static bool find_missing(const eg_jet_cursor *cursor)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_band *band = cursor->band;
    const size_t reach = eg_jet_reach(stage);
    const ptrdiff_t from = (ptrdiff_t)cursor->x0 - (ptrdiff_t)reach;
    if (stage->sample != EG_F32)
        return false;
    if (band->border == EG_BORDER_CONSTANT && band->outside &&
        eg_is_missing(*(const float *)band->outside))
        return true;
    for (size_t y = band->first; y < band->first + band->count; y++)
        if (stage->gradient_kernels->has_missing(
                (const float *)eg_band_row(band, (ptrdiff_t)y) + from, cursor->width + 2 * reach))
            return true;
    return false;
}

void eg_jet_cursor_begin(eg_jet_cursor *cursor, const eg_jet_stage *stage, const eg_band *band,
                         size_t x0, size_t width, size_t first, void *scratch)
{
    float *memory = (float *)(void *)((char *)scratch + valid_bytes(stage, width));
    *cursor = (eg_jet_cursor){.stage = stage,
                              .band = band,
                              .x0 = x0,
                              .width = width,
                              .stride = row_stride(width),
                              .next = (ptrdiff_t)first - (ptrdiff_t)stage->weights.radius};
    if (stage->sample == EG_F32)
        cursor->valid_ring = scratch;
    for (size_t i = 0; i < EG_JET_PARTS; i++, memory += cursor->stride)
        if (stage->parts >> i & 1)
            cursor->part[i] = memory;
    cursor->missing = find_missing(cursor);
    if (stage->reduction.factor > 1) {
        eg_jet_grid_begin(cursor, first, memory);
        return;
    }
    cursor->samples = memory;
    cursor->ring = memory + converted_samples(stage, width);
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
        if (eg_jet_needs_order(stage, i))
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

/* Computes the parts of row y by sums over all pixels. */
static void sum_parts(eg_jet_cursor *cursor, size_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_weights *w = &stage->weights;
    const ptrdiff_t radius = (ptrdiff_t)w->radius, middle = (ptrdiff_t)y;
    for (; cursor->next <= middle + radius; cursor->next++)
        sum_along(cursor, cursor->next);
    for (size_t i = 0; i < EG_JET_PARTS; i++) {
        const float *rows[2 * EG_JET_RADIUS_MAX + 1];
        const eg_jet_order order = eg_jet_orders[i];
        if (!cursor->part[i])
            continue;
        for (ptrdiff_t k = -radius; k <= radius; k++)
            rows[k + radius] = ring_row(cursor, order.x, middle + k);
        stage->kernels->order[order.y](cursor->part[i], rows, cursor->width, w->order[order.y],
                                       w->radius);
    }
}

/* Computes the parts of row y on the reduced grid. */
static void reduce_parts(eg_jet_cursor *cursor, size_t y)
{
    const ptrdiff_t last = (ptrdiff_t)y + (ptrdiff_t)cursor->stage->weights.radius;
    for (; cursor->missing && cursor->next <= last; cursor->next++)
        eg_jet_missing_row(cursor, cursor->next, samples_of(cursor, cursor->next));
    eg_jet_grid_row(cursor, y);
}

void eg_jet_cursor_row(eg_jet_cursor *cursor, size_t y)
{
    (cursor->stage->reduction.factor > 1 ? reduce_parts : sum_parts)(cursor, y);
    look_for_valid(cursor, y);
    if (cursor->missing)
        eg_jet_missing_parts(cursor, y);
}
