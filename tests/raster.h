/* SPDX-License-Identifier: MIT */
/* Rasters for the tests: every sample as a double, with what the source says of their place. */
#ifndef TESTS_RASTER_H
#define TESTS_RASTER_H

#include "files.h"

typedef struct raster {
    eg_info info;
    double *values; /* row after row */
    bool placed;    /* the source has an eg_georef */
    eg_georef georef;
    char wkt[1024]; /* the text of its tags, cut to fit */
} raster;

/* Reads a file to its end, so many rows at a time (0: all). Release it in any case. */
eg_status raster_read(raster *r, eg_context *ctx, const char *path, const eg_read_options *options,
                      size_t rows, eg_error *error);
void raster_free(raster *r);

/* The same with one thread, or a failed test; `heights` as in eg_read_options. */
raster raster_of(const char *path, bool heights);

/* Writes a new file of the scratch folder and returns its path, as scratch() does. */
const char *put_file(const char *name, const void *data, size_t size);

/* A raster of a text or bytes, as a file of this name in the scratch folder. */
raster raster_of_bytes(const char *name, const void *data, size_t size, bool heights);

/* The first failure of reading such a file to its end; EG_OK and an empty message where there is
 * none. */
eg_error failure_of_bytes(const char *name, const void *data, size_t size);

/* Size, values (NaN being equal to NaN) and the transform are those of the other. */
void assert_same_raster(const raster *a, const raster *b, const char *what);

#endif
