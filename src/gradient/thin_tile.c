/* SPDX-License-Identifier: MIT */
/*
 * Thinned magnitudes, row by row down a tile with a column on both sides. Responses that missing
 * samples have influence on are corrected first (missing.h), so that no maximum follows the rim of
 * a hole in an even slope.
 */
#include "gradient/thin_tile.h"

#include <math.h>
#include <string.h>

#include "gradient/missing.h"
#include "gradient/thin.h"

/* Working rows: rings of three rows of magnitudes and responses, magnitudes of 0, the values, and
 * the responses of each plane. Column -1 is sample ROW_MARGIN - 1. */
enum { RING = 3, ROW_MARGIN = 64, ROW_SAMPLES = EG_TILE + 2 * ROW_MARGIN };
enum { MAGNITUDES, GX = RING, GY = 2 * RING, ZERO = 3 * RING, VALUES, PLANES };

typedef struct tile {
    const eg_thin_map *map;
    const eg_band *views;
    size_t x0, width;
    float *memory;
    eg_tile_cursor cursors[EG_PLANES_MAX];
} tile;

size_t eg_thin_tile_scratch(const eg_thin_map *map)
{
    return (PLANES + 2 * map->planes) * ROW_SAMPLES * sizeof(float) +
           map->planes * eg_tile_cursor_scratch(map->derivative);
}

/* Returns a working row from the tile's first column on. */
static float *row_at(const tile *t, size_t row)
{
    return t->memory + row * ROW_SAMPLES + ROW_MARGIN;
}

/* Returns the responses of a plane, from the column before the tile on: 16-bit integers or floats.
 */
static float *plane_row(const tile *t, size_t plane, size_t which)
{
    return t->memory + (PLANES + 2 * plane + which) * ROW_SAMPLES;
}

/* Copies responses to floats. */
static void copy_responses(const tile *t, float *out, const void *in)
{
    const size_t count = t->width + 2;
    if (t->map->derivative->response_type == EG_RESPONSE_F32) {
        memcpy(out, in, count * sizeof *out);
        return;
    }
    for (size_t x = 0; x < count; x++)
        out[x] = ((const int16_t *)in)[x];
}

/* Sets magnitudes outside the image to 0, and those of missing samples to NaN; also those of
 * responses that are known along a line only, the bits of `partial`. */
static void mark_magnitudes(const tile *t, float *magnitude, size_t y, const uint64_t *partial)
{
    const eg_band *band = t->views;
    if (t->x0 == 0)
        magnitude[-1] = 0;
    if (t->x0 + t->width == band->width)
        magnitude[t->width] = 0;
    if (band->sample != EG_F32)
        return;
    const float *samples = (const float *)eg_band_row(band, (ptrdiff_t)y) + t->x0;
    const ptrdiff_t end = (ptrdiff_t)t->width + (t->x0 + t->width < band->width);
    for (ptrdiff_t x = t->x0 > 0 ? -1 : 0; x < end; x++)
        if (eg_is_missing(samples[x]) || (partial[(x + 1) / 64] >> (x + 1) % 64 & 1))
            magnitude[x] = NAN;
}

/* Sets values that are NaN without a missing sample to 0. */
static void clear_partial(const tile *t, float *values, size_t y)
{
    if (t->views->sample != EG_F32)
        return;
    const float *samples = (const float *)eg_band_row(t->views, (ptrdiff_t)y) + t->x0;
    for (size_t x = 0; x < t->width; x++)
        if (isnan(values[x]) && !eg_is_missing(samples[x]))
            values[x] = 0;
}

/* Computes responses and magnitudes of row y. */
static void compute_row(tile *t, size_t y)
{
    const eg_thin_map *map = t->map;
    const size_t slot = y % RING, width = t->width + 2;
    uint64_t partial[EG_TILE_WORDS] = {0}; /* of all planes: they miss the same samples */
    for (size_t i = 0; i < map->planes; i++) {
        float *gx = plane_row(t, i, 0), *gy = plane_row(t, i, 1);
        if (eg_tile_cursor_row(&t->cursors[i], (ptrdiff_t)y, gx, gy))
            eg_tile_cursor_correct(&t->cursors[i], (ptrdiff_t)y, gx, gy, partial);
        if (i > 0)
            map->keep_larger(plane_row(t, 0, 0), plane_row(t, 0, 1), gx, gy, width);
    }
    float *magnitude = row_at(t, MAGNITUDES + slot);
    map->magnitude(magnitude - 1, plane_row(t, 0, 0), plane_row(t, 0, 1), width,
                   (float)map->derivative->op->divisor, false);
    copy_responses(t, row_at(t, GX + slot) - 1, plane_row(t, 0, 0));
    copy_responses(t, row_at(t, GY + slot) - 1, plane_row(t, 0, 1));
    mark_magnitudes(t, magnitude, y, partial);
}

static void begin_cursors(tile *t, size_t first)
{
    const size_t bytes = eg_tile_cursor_scratch(t->map->derivative), planes = t->map->planes;
    char *scratch = (char *)(t->memory + (PLANES + 2 * planes) * ROW_SAMPLES);
    for (size_t i = 0; i < planes; i++)
        eg_tile_cursor_begin(&t->cursors[i], t->map->derivative, &t->views[planes - 1 - i],
                             (ptrdiff_t)t->x0 - 1, t->width + 2, (ptrdiff_t)first,
                             scratch + i * bytes);
}

void eg_thin_tile(const eg_thin_map *map, const eg_band views[], size_t x0, size_t width, size_t y0,
                  size_t y1, void *scratch, eg_thin_write *write, void *opaque)
{
    tile t = {.map = map, .views = views, .x0 = x0, .width = width, .memory = scratch};
    size_t ready = y0 > 0 ? y0 - 1 : 0;
    begin_cursors(&t, ready);
    memset(t.memory + ZERO * ROW_SAMPLES, 0, ROW_SAMPLES * sizeof(float));
    for (size_t y = y0; y < y1; y++) {
        for (; ready < views->height && ready <= y + 1; ready++)
            compute_row(&t, ready);
        const float *const magnitude[3] = {
            row_at(&t, y > 0 ? MAGNITUDES + (y - 1) % RING : ZERO), row_at(&t, y % RING),
            row_at(&t, y + 1 < views->height ? MAGNITUDES + (y + 1) % RING : ZERO)};
        float *values = row_at(&t, VALUES);
        eg_thin_row(values, magnitude, row_at(&t, GX + y % RING), row_at(&t, GY + y % RING), width);
        clear_partial(&t, values, y);
        write(opaque, y, values);
    }
}
