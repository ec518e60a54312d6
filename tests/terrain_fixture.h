/* SPDX-License-Identifier: MIT */
/*
 * Test rasters, calls of eg_terrain() on them, and reference results: cell by cell from the
 * definitions, with the C library's functions. The oracle shares no code with the library.
 */
#ifndef TESTS_TERRAIN_FIXTURE_H
#define TESTS_TERRAIN_FIXTURE_H

#include "support.h"

/* Returns the georeferencing of a projected raster, north up, cells of dx by dy metres, lower left
 * corner at 0, 0. */
eg_georef metric_ground(double dx, double dy, size_t height);

/* Returns the georeferencing of cells of `step` degrees with the upper left corner at longitude 10
 * and latitude `north`. */
eg_georef degrees_ground(double step, double north);

/* Returns the elevation at a point, in metres. */
typedef double elevation_function(double east, double north, const double *opaque);

/* Fills a grid with the elevations at the centres of its cells. */
void make_elevations(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                     const eg_georef *georef, elevation_function *function, const double *opaque);

/* Fills a grid with noise of 0 to 100, in float or double; about one of `holes` cells is missing
 * (0: none). */
void make_noise_elevations(eg_grid *grid, eg_context *ctx, size_t width, size_t height,
                           eg_sample sample, unsigned seed, unsigned holes);

/* Computes one map of `in`; `georef` NULL: not georeferenced. The caller frees the grid even on
 * failure. */
eg_status terrain_of(eg_grid *out, const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground,
                     eg_error *error);

/* Computes one map and fails the test on an error; `options` and `ground` NULL: the defaults. */
eg_grid need_terrain(const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground);

/* Returns the default options for `map`, with NaN for missing cells of float maps. */
eg_terrain_options map_options(eg_terrain_map map);
eg_ground_options ground_options(void);

/* Return repeatable random numbers: uniform in 0 .. 1, and normally distributed. */
double uniform(uint64_t *state);
double normal(uint64_t *state);

static const double degree = 57.295779513082320877; /* degrees per radian */

/* An elevation_function: a plane with slopes[0] to the east and slopes[1] to the north. */
double plane_height(double east, double north, const double *slopes);

/* Returns the central cell of a map of the plane that falls towards compass direction `facing`. */
double on_plane(eg_context *ctx, double rise, double facing, double dx, double dy,
                const eg_terrain_options *options, const eg_ground_options *ground);

/* Returns cell (x, y) of the map and frees the map. */
double value_and_free(eg_grid *map, size_t x, size_t y);

void assert_near(const char *what, double got, double want, double tolerance);

/* Returns the reference value of the map at (x, y) of a north-up raster with cells of dx by dy
 * metres, before rounding to float; NaN if missing. */
double terrain_oracle(const eg_grid *in, size_t x, size_t y, double dx, double dy,
                      const eg_terrain_options *options, const eg_ground_options *ground);

#endif
