/* SPDX-License-Identifier: MIT */
/*
 * Jets on a reduced grid, row by row down a tile: rows of pixels are smoothed down the columns,
 * then sampled along the row; derivatives follow as on the pixels of an image; the parts of two
 * rows are interpolated down, then along.
 */
#include <string.h>

#include "gradient/jet/jet.h"

/* Returns `a` divided by `b` > 0, rounded down. */
static ptrdiff_t floor_divide(ptrdiff_t a, ptrdiff_t b)
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

static ptrdiff_t factor_of(const eg_jet_stage *stage)
{
    return (ptrdiff_t)stage->reduction.factor;
}

/* ---- working memory ---- */

/* Returns the samples of a row of the grid, without those of the radius, for the pixels of a row.
 */
static size_t grid_columns(const eg_jet_stage *stage, size_t columns)
{
    return columns / stage->reduction.factor + 2 + EG_REDUCTION_TAPS;
}

static size_t grid_stride(size_t width)
{
    return (width + EG_BAND_SLACK + 15) / 16 * 16;
}

/* Returns the pixels of a smoothed row that `width` samples of the grid depend on. */
static size_t smoothed_pixels(const eg_jet_reduction *r, size_t width)
{
    return (width + 2 * r->reduced_radius - 1) * r->factor + 1 + 2 * r->radius;
}

static size_t ring_rows(const eg_jet_reduction *r)
{
    return 2 * r->reduced_radius + 1;
}

size_t eg_jet_grid_bytes(const eg_jet_stage *stage, size_t columns)
{
    const eg_jet_reduction *r = &stage->reduction;
    const size_t width = grid_columns(stage, columns);
    const size_t rows = EG_JET_ORDERS * ring_rows(r) + EG_JET_PARTS * EG_REDUCTION_TAPS + 2;
    return (grid_stride(smoothed_pixels(r, width)) + grid_stride(width + 2 * r->reduced_radius) +
            rows * grid_stride(width)) *
           sizeof(float);
}

void eg_jet_grid_begin(eg_jet_cursor *cursor, size_t first, float *memory)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_reduction *r = &stage->reduction;
    const ptrdiff_t factor = factor_of(stage), x0 = (ptrdiff_t)cursor->x0;
    const ptrdiff_t last = floor_divide(x0 + (ptrdiff_t)cursor->width - 1, factor);
    eg_jet_grid *g = &cursor->grid;
    g->first = floor_divide(x0, factor) - EG_REDUCTION_BEFORE;
    g->width = (size_t)(last - g->first) + EG_REDUCTION_TAPS - EG_REDUCTION_BEFORE;
    g->stride = grid_stride(g->width);
    g->smoothed = memory;
    g->samples = g->smoothed + grid_stride(smoothed_pixels(r, g->width));
    g->sums = g->samples + grid_stride(g->width + 2 * r->reduced_radius);
    g->parts = g->sums + EG_JET_ORDERS * ring_rows(r) * g->stride;
    g->blended = g->parts + EG_JET_PARTS * EG_REDUCTION_TAPS * g->stride;
    g->phase = g->blended + g->stride;
    g->next_parts = floor_divide((ptrdiff_t)first, factor) - EG_REDUCTION_BEFORE;
    g->next_sums = g->next_parts - (ptrdiff_t)r->reduced_radius;
}

/* Returns row y of the grid in a ring of `rows` rows; the row may be above the image. */
static float *row_in(const eg_jet_grid *grid, float *ring, size_t rows, ptrdiff_t y)
{
    const ptrdiff_t count = (ptrdiff_t)rows;
    return ring + (size_t)((y % count + count) % count) * grid->stride;
}

static float *sums_row(const eg_jet_cursor *cursor, size_t order, ptrdiff_t y)
{
    const eg_jet_grid *g = &cursor->grid;
    const size_t rows = ring_rows(&cursor->stage->reduction);
    return row_in(g, g->sums + order * rows * g->stride, rows, y);
}

static float *part_row(const eg_jet_cursor *cursor, size_t part, ptrdiff_t y)
{
    const eg_jet_grid *g = &cursor->grid;
    return row_in(g, g->parts + part * EG_REDUCTION_TAPS * g->stride, EG_REDUCTION_TAPS, y);
}

/* ---- rows of the grid ---- */

/* Computes the samples of row y of the grid. */
static void sample_pixels(const eg_jet_cursor *cursor, ptrdiff_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_reduction *r = &stage->reduction;
    const eg_jet_grid *g = &cursor->grid;
    const ptrdiff_t radius = (ptrdiff_t)r->radius, factor = factor_of(stage);
    const ptrdiff_t from = (g->first - (ptrdiff_t)r->reduced_radius) * factor - radius;
    const size_t count = g->width + 2 * r->reduced_radius;
    const void *rows[2 * EG_REDUCTION_RADIUS_MAX + 1];
    for (ptrdiff_t k = -radius; k <= radius; k++)
        rows[k + radius] = (const char *)eg_band_row(cursor->band, y * factor + k) +
                           from * (ptrdiff_t)eg_row_bytes(stage->sample, 1);
    stage->kernels->smooth[stage->sample](g->smoothed, rows, smoothed_pixels(r, g->width),
                                          r->smooth, r->radius);
    stage->kernels->sample(g->samples, g->smoothed, count, r->factor, r->smooth, r->radius);
}

/* Computes the sums along row y of the grid. */
static void sum_along(const eg_jet_cursor *cursor, ptrdiff_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_reduction *r = &stage->reduction;
    const float *rows[2 * EG_REDUCED_RADIUS_MAX + 1];
    sample_pixels(cursor, y);
    for (size_t k = 0; k <= 2 * r->reduced_radius; k++)
        rows[k] = cursor->grid.samples + k;
    for (size_t i = 0; i < EG_JET_ORDERS; i++)
        if (eg_jet_needs_order(stage, i))
            stage->kernels->order[i](sums_row(cursor, i, y), rows, cursor->grid.width, r->order[i],
                                     r->reduced_radius);
}

/* Computes row y of the parts on the grid. */
static void sum_parts(eg_jet_cursor *cursor, ptrdiff_t y)
{
    const eg_jet_stage *stage = cursor->stage;
    const eg_jet_reduction *r = &stage->reduction;
    const ptrdiff_t radius = (ptrdiff_t)r->reduced_radius;
    eg_jet_grid *g = &cursor->grid;
    for (; g->next_sums <= y + radius; g->next_sums++)
        sum_along(cursor, g->next_sums);
    for (size_t i = 0; i < EG_JET_PARTS; i++) {
        const float *rows[2 * EG_REDUCED_RADIUS_MAX + 1];
        const eg_jet_order order = eg_jet_orders[i];
        if (!cursor->part[i])
            continue;
        for (ptrdiff_t k = -radius; k <= radius; k++)
            rows[k + radius] = sums_row(cursor, order.x, y + k);
        stage->kernels->order[order.y](part_row(cursor, i, y), rows, g->width, r->order[order.y],
                                       r->reduced_radius);
    }
}

/* ---- rows of pixels ---- */

/* Interpolates the blended row along the pixels of the tile. */
static void expand_row(const eg_jet_cursor *cursor, float *out)
{
    const eg_jet_reduction *r = &cursor->stage->reduction;
    const eg_jet_grid *g = &cursor->grid;
    const size_t count = g->width - EG_REDUCTION_TAPS + 1, factor = r->factor;
    const size_t skip = cursor->x0 % factor; /* pixels before the tile after its first sample */
    const float *rows[EG_REDUCTION_TAPS];
    for (size_t i = 0; i < EG_REDUCTION_TAPS; i++)
        rows[i] = g->blended + i;
    for (size_t phase = 0; phase < factor; phase++) {
        cursor->stage->kernels->blend(g->phase, rows, count, r->interpolation[phase]);
        const size_t begin = phase < skip ? 1 : 0;
        for (size_t i = begin, x = begin * factor + phase - skip; x < cursor->width;
             i++, x += factor)
            out[x] = g->phase[i];
    }
}

void eg_jet_grid_row(eg_jet_cursor *cursor, size_t y)
{
    const eg_jet_reduction *r = &cursor->stage->reduction;
    eg_jet_grid *g = &cursor->grid;
    const ptrdiff_t base = (ptrdiff_t)(y / r->factor) - EG_REDUCTION_BEFORE;
    for (; g->next_parts < base + EG_REDUCTION_TAPS; g->next_parts++)
        sum_parts(cursor, g->next_parts);
    for (size_t i = 0; i < EG_JET_PARTS; i++) {
        const float *rows[EG_REDUCTION_TAPS];
        if (!cursor->part[i])
            continue;
        for (size_t k = 0; k < EG_REDUCTION_TAPS; k++)
            rows[k] = part_row(cursor, i, base + (ptrdiff_t)k);
        cursor->stage->kernels->blend(g->blended, rows, g->width, r->interpolation[y % r->factor]);
        expand_row(cursor, cursor->part[i]);
    }
}
