/* SPDX-License-Identifier: MIT */
/* Reading files with eg_read_options.colour_planes in tests: all samples as doubles. */
#ifndef TESTS_PLANE_RASTER_H
#define TESTS_PLANE_RASTER_H

#include "files.h"

typedef struct plane_raster {
    eg_info info;
    double *values; /* planes x height x width */
} plane_raster;

/* Reads rows first .. first + count - 1 (count 0: all) of a file, `rows` at a time (0: all) into
 * rows whose planes lie apart, and sets info.height to their number; fails the test if a byte
 * between them changes. `options` may be NULL; colour_planes is set. plane_raster_free() must
 * follow, also on failure. */
eg_status plane_raster_read(plane_raster *r, eg_context *ctx, const char *path,
                            const eg_read_options *options, size_t rows, const size_t window[2],
                            eg_error *error);
void plane_raster_free(plane_raster *r);

/* Reads a whole file, 5 rows at a time; fails the test on error. */
plane_raster planes_of(eg_context *ctx, const char *path, const eg_read_options *options);

double plane_at(const plane_raster *r, size_t plane, size_t x, size_t y);

/* Fails unless the file has three planes, and its grey, read without colour_planes, is theirs
 * within `tolerance`; a pixel is missing in all or in none. Returns the planes. */
plane_raster planes_with_grey(eg_context *ctx, const char *path, const eg_read_options *options,
                              double tolerance);

/* Fails unless the file has one plane, the same as without colour_planes. */
void assert_one_plane(eg_context *ctx, const char *path, const eg_read_options *options);

/* Fails unless both have the same planes: equal samples, and NaN in the same places. */
void assert_same_planes(const plane_raster *a, const plane_raster *b, double tolerance);

#endif
