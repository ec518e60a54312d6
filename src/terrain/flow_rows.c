/* SPDX-License-Identifier: MIT */
/* Flow directions: to one of eight neighbours (D8), or down one of eight facets (D-infinity). */
#include <math.h>
#include <stdbool.h>

#include "core/level.h"
#include "gradient/angle.h"
#include "terrain/kernels.h"

/* ---- D8 (O'Callaghan and Mark 1984) ---- */

/* Neighbours clockwise from east, with codes 1, 2, 4 .. 128; the first of equal drops wins. */
static const int clockwise[8] = {5, 8, 7, 6, 3, 0, 1, 2};

/* Drops are multiplied by both cell sizes instead of divided by a distance, which keeps equal
 * slopes equal: 6/30 and 5/25 become 6 * 25 and 5 * 30, while multiples of 1/30 and 1/25 round
 * differently. */
static void d8(float *restrict out, const eg_window *window, size_t width,
               const eg_terrain_constants *constants)
{
    (void)constants;
    const eg_window w = *window;
    const double up = w.scales.z < 0 ? -1 : 1, wide = up * w.scales.x, high = up * w.scales.y;
    const double diagonal = wide * w.scales.y / sqrt(wide * wide + high * high);
    const double scale[4] = {high, diagonal, wide, diagonal};
    for (size_t x = 0; x < width; x++) {
        double steepest = 0, code = 0, all = 0;
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) {
            double drop = (w.z[EG_CENTRE][x] - w.z[clockwise[k]][x]) * scale[k % 4];
            bool steeper = drop > steepest;
            steepest = steeper ? drop : steepest;
            code = steeper ? (double)(1 << k) : code;
            all += drop;
        }
        out[x] = (float)(all == all ? code : (double)NAN);
    }
}

/* ---- D-infinity (Tarboton, Water Resources Research 33, 1997) ---- */

/* Tie break: a later facet wins only if its squared slope exceeds the best one by this ratio. */
#define SLOPE2_RATIO (1 + 0x1p-40)

/* Squared slope and direction vector of the steepest descent found so far. */
typedef struct steepest_descent {
    double slope2, east, north;
} steepest_descent;

EG_INLINE double square_if_positive(double v)
{
    return v > 0 ? v * v : 0;
}

/*
 * Returns the steeper of `best` and the descent on one facet: the triangle of the centre, the
 * neighbour `beside` it (at distance d1, along x or y) and the neighbour at the `corner` (d2 from
 * there). The gradient direction of the facet's plane counts if it lies inside the facet, else the
 * nearer of its two edges. `east` and `north` are the signs of the facet's quadrant.
 */
EG_INLINE steepest_descent steeper_facet(steepest_descent best, double centre, double beside,
                                         double corner, const eg_row_scales *s, bool along_x,
                                         double east, double north)
{
    double d1 = along_x ? s->x : s->y, d2 = along_x ? s->y : s->x;
    double s1 = (centre - beside) * (along_x ? s->drop_x : s->drop_y);
    double s2 = (beside - corner) * (along_x ? s->drop_y : s->drop_x);
    bool edge = s2 < 0;
    bool diagonal = s2 * d1 > s1 * d2;
    double to_corner = square_if_positive((centre - corner) * s->drop_diagonal);
    double slope2 = edge ? square_if_positive(s1) : diagonal ? to_corner : s1 * s1 + s2 * s2;
    double v1 = edge ? 1 : diagonal ? d1 : s1;
    double v2 = edge ? 0 : diagonal ? d2 : s2;
    bool steeper = slope2 > best.slope2 * SLOPE2_RATIO;
    return (steepest_descent){
        steeper ? slope2 : best.slope2,
        steeper ? east * (along_x ? v1 : v2) : best.east,
        steeper ? north * (along_x ? v2 : v1) : best.north,
    };
}

/* Returns the steepest descent of the eight facets, anticlockwise from the one north of east. */
EG_INLINE steepest_descent steepest_facet(const eg_window *w, size_t x)
{
    const double *const *z = w->z;
    const eg_row_scales *s = &w->scales;
    double centre = z[EG_CENTRE][x];
    steepest_descent best = {0, 0, 0};
    best = steeper_facet(best, centre, z[5][x], z[2][x], s, true, 1, 1);
    best = steeper_facet(best, centre, z[1][x], z[2][x], s, false, 1, 1);
    best = steeper_facet(best, centre, z[1][x], z[0][x], s, false, -1, 1);
    best = steeper_facet(best, centre, z[3][x], z[0][x], s, true, -1, 1);
    best = steeper_facet(best, centre, z[3][x], z[6][x], s, true, -1, -1);
    best = steeper_facet(best, centre, z[7][x], z[6][x], s, false, -1, -1);
    best = steeper_facet(best, centre, z[7][x], z[8][x], s, false, 1, -1);
    best = steeper_facet(best, centre, z[5][x], z[8][x], s, true, 1, -1);
    return best;
}

EG_INLINE void dinf_row(float *restrict out, const eg_window *window, size_t width, double flat,
                        bool compass)
{
    const eg_window w = *window;
    for (size_t x = 0; x < width; x++) {
        double all = w.scales.drop_diagonal;
#pragma GCC unroll 9
        for (int k = 0; k < EG_CELLS; k++)
            all += w.z[k][x];
        steepest_descent d = steepest_facet(&w, x);
        double degrees = eg_direction(d.east, d.north, compass);
        degrees = d.slope2 > 0 ? degrees : flat;
        out[x] = (float)(all == all ? degrees : (double)NAN);
    }
}

static void dinf_compass(float *out, const eg_window *w, size_t width,
                         const eg_terrain_constants *constants)
{
    dinf_row(out, w, width, constants->flat, true);
}

static void dinf_trigonometric(float *out, const eg_window *w, size_t width,
                               const eg_terrain_constants *constants)
{
    dinf_row(out, w, width, constants->flat, false);
}

extern const eg_flow_kernels EG_AT_LEVEL(eg_flow_kernels);
const eg_flow_kernels EG_AT_LEVEL(eg_flow_kernels) = {
    .d8 = d8,
    .dinf_compass = dinf_compass,
    .dinf_trigonometric = dinf_trigonometric,
};
