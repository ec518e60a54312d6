/* SPDX-License-Identifier: MIT */
/* Reading rasters in tests: all samples as doubles, with the georeferencing. */
#ifndef TESTS_RASTER_H
#define TESTS_RASTER_H

#include "files.h"

typedef struct raster {
    eg_info info;
    double *values; /* samples, row-major */
    bool placed;    /* true if the source has an eg_georef */
    eg_georef georef;
    char wkt[1024]; /* WKT of its tags, truncated */
} raster;

/* Reads a file completely, `rows` rows at a time (0: all). raster_free() must follow, also on
 * failure. */
eg_status raster_read(raster *r, eg_context *ctx, const char *path, const eg_read_options *options,
                      size_t rows, eg_error *error);
void raster_free(raster *r);

/* Reads a file with one thread; fails the test on error. `heights` is eg_read_options.as_values. */
raster raster_of(const char *path, bool heights);

/* Writes a file in the scratch folder and returns its path, as scratch() does. */
const char *put_file(const char *name, const void *data, size_t size);

/* Writes the bytes to a file in the scratch folder and reads it. */
raster raster_of_bytes(const char *name, const void *data, size_t size, bool heights);

/* Writes the bytes to a file in the scratch folder and returns the error of reading it; EG_OK and
 * an empty message if there is none. */
eg_error failure_of_bytes(const char *name, const void *data, size_t size);

/* Fails unless sizes, values (NaN equals NaN) and transforms are equal; `what` is for the message.
 */
void assert_same_raster(const raster *a, const raster *b, const char *what);

#endif
