/* SPDX-License-Identifier: MIT */
/* Points of the lines that ridges mark. */
#include "edge/chains/ridge_points.h"

#include <math.h>

#include "core/size.h"
#include "gradient/angle.h"

void eg_ridge_placer_init(eg_ridge_placer *p, const eg_source *source, eg_ridges kind, double sigma)
{
    eg_ridge_jet_init(&p->jet, source, sigma);
    p->kind = kind;
    p->sigma = sigma;
    p->unit = 255 / (double)source->info.white_level;
}

size_t eg_ridge_placer_scratch(const eg_ridge_placer *p)
{
    return eg_jet_scratch(&p->jet, eg_jet_tile(&p->jet));
}

/* ---- the sides ---- */

static ptrdiff_t clamp(double at, size_t count)
{
    return at < 0 ? 0 : at > (double)count - 1 ? (ptrdiff_t)count - 1 : (ptrdiff_t)lround(at);
}

/* Returns the mean of the valid ones of 3 x 3 samples around a position, 0..255. */
static uint8_t level_around(const eg_ridge_placer *p, const eg_band *band, double x, double y)
{
    double sum = 0, valid = 0;
    for (int k = 0; k < 9; k++) {
        const int down = k / 3 - 1, across = k % 3 - 1;
        const ptrdiff_t u = clamp(x + across, band->width);
        const ptrdiff_t v = clamp(y + down, band->height);
        const void *row = eg_band_row(band, v);
        const double value = band->sample == EG_U8 ? (double)((const uint8_t *)row)[u]
                                                   : (double)((const float *)row)[u];
        if (!isfinite(value))
            continue;
        sum += value * p->unit;
        valid++;
    }
    return valid > 0 ? (uint8_t)lround(fmin(fmax(sum / valid, 0), 255)) : 0;
}

/* Sets the levels on both sides of a line, at the distance 2 sigma: beyond the line itself, which
 * is at most that wide if sigma suits it. */
static void look_beside(const eg_ridge_placer *p, const eg_band *band, const eg_ridge_point *ridge,
                        eg_chain_point *point)
{
    const double away = fmax(2 * p->sigma, 2.5), dx = away * ridge->nx, dy = away * ridge->ny;
    const uint8_t ahead = level_around(p, band, point->x + dx, point->y + dy);
    const uint8_t behind = level_around(p, band, point->x - dx, point->y - dy);
    for (int i = 0; i < 3; i++) {
        point->edge.left[i] = ahead;
        point->edge.right[i] = behind;
    }
}

/* ---- points ---- */

/* Sets the point of a pixel. Returns false if no line passes through the pixel. */
static bool place_pixel(const eg_ridge_placer *p, const eg_band *band, const eg_ridge_rows *rows,
                        size_t column, size_t x, size_t y, eg_chain_point *point)
{
    const eg_ridge_derivatives at = eg_ridge_derivatives_at(rows, column);
    const eg_ridge_point ridge = eg_ridge_at(&at, p->kind, NULL);
    if (!(ridge.strength > 0))
        return false;
    *point = (eg_chain_point){.x = (double)x + ridge.dx, .y = (double)y + ridge.dy};
    point->edge.strength = (float)(ridge.strength * p->unit);
    point->edge.direction = (float)eg_direction(ridge.nx, ridge.ny, false);
    look_beside(p, band, &ridge, point);
    return true;
}

void eg_ridge_place(const eg_ridge_placer *p, eg_chain_strip *strip, const eg_planes *planes,
                    const eg_band *band, size_t y0, size_t y1, void *scratch)
{
    const size_t tile = eg_jet_tile(&p->jet);
    eg_chain_pixel *pixels = strip->pixels.items;
    eg_chain_point *points = strip->refined.items;
    for (size_t x0 = 0; x0 < band->width; x0 += tile) {
        const size_t end = eg_min_size(x0 + tile, band->width);
        eg_jet_cursor cursor;
        eg_jet_cursor_begin(&cursor, &p->jet, band, x0, end - x0, y0, scratch);
        for (size_t y = y0; y < y1; y++) {
            eg_jet_cursor_row(&cursor, y);
            const eg_ridge_rows rows = eg_ridge_rows_of(&cursor);
            size_t i = eg_chain_strip_index(strip, planes, y0, x0, y - y0);
            for (; i < strip->pixels.count && pixels[i].y == y - y0 && pixels[i].x < end; i++)
                pixels[i].has_point =
                    place_pixel(p, band, &rows, pixels[i].x - x0, pixels[i].x, y, &points[i]);
        }
    }
}
