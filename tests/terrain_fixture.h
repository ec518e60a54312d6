/* SPDX-License-Identifier: MIT */
/*
 * Ground for the tests of terrain, running eg_terrain() on it, and what it should compute: cell by
 * cell from the definitions, with the C library's functions. The oracle shares no code with the
 * library.
 */
#ifndef TESTS_TERRAIN_FIXTURE_H
#define TESTS_TERRAIN_FIXTURE_H

#include "support.h"

/* A projected raster of cells dx by dy metres with north up, its lower left corner at 0, 0. */
eg_georef metric_ground(double dx, double dy, size_t height);

/* Cells of `step` degrees with the upper left corner at longitude 10 and latitude `north`. */
eg_georef degrees_ground(double step, double north);

/* The height at a place on the ground. */
typedef double height_function(double east, double north, const double *opaque);

/* The heights at the middles of cells. */
void make_heights(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                  const eg_georef *georef, height_function *function, const double *opaque);

/* Noise of 0 to 100 in float and double samples; about one cell in `holes` is missing (0: none). */
void make_rough(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                unsigned seed, unsigned holes);

/* One map of `in`; `georef` NULL: not located. The grid is to be freed in any case. */
eg_status terrain_of(eg_grid *out, const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground,
                     eg_error *error);

/* The same, or a failed test; `options` and `ground` NULL: the defaults. */
eg_grid need_terrain(const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground);

/* The defaults with another map. Missing cells are NaN in floats. */
eg_terrain_options map_options(eg_terrain_map map);
eg_ground_options ground_options(void);

/* Repeatable random numbers: 0 .. 1, and of a normal distribution. */
double uniform(uint64_t *state);
double normal(uint64_t *state);

static const double degree = 57.295779513082320877; /* in a radian */

/* Slopes to the east and to the north: a height_function. */
double plane_height(double east, double north, const double *slopes);

/* The middle of one map of the plane that falls towards compass direction `facing`. */
double on_plane(eg_context *ctx, double rise, double facing, double dx, double dy,
                const eg_terrain_options *options, const eg_ground_options *ground);

/* The value of a map that is released. */
double at_of(eg_grid *map, size_t x, size_t y);

void assert_near(const char *what, double got, double want, double tolerance);

/* What the map should hold at (x, y) of a raster with north up whose cells are dx by dy metres:
 * before rounding to float; NaN where it is missing. */
double relief_oracle(const eg_grid *in, size_t x, size_t y, double dx, double dy,
                     const eg_terrain_options *options, const eg_ground_options *ground);

#endif
