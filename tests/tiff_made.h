/* SPDX-License-Identifier: MIT */
/* TIFFs made by libtiff alone from known values: nothing in it is of the library. */
#ifndef TESTS_TIFF_MADE_H
#define TESTS_TIFF_MADE_H

#include <tiffio.h>

#include "files.h"

typedef struct made_tiff {
    const char *mode; /* of TIFFOpen(): "wl" little-endian, "wb" big-endian, with "8" BigTIFF */
    size_t width, height;
    uint16_t bits, format, samples, photometric;
    uint16_t extra; /* 1 + kind of the last sample, 0: not an extra one */
    bool separate;
    uint16_t compression, predictor;  /* 0: none */
    uint32_t tile_width, tile_height; /* 0: strips ... */
    uint32_t strip;                   /* ... of so many rows; 0: all */
    uint16_t orientation;             /* 0: not said */
    uint16_t *palette;                /* 3 * 256, or NULL */
    int left_out;                     /* 1 + the block that is not written */

    /* GeoTIFF's tags and GDAL's; NULL: not there */
    const double *scale, *ties, *matrix;
    const uint16_t *keys;
    uint16_t key_count;
    const double *doubles;
    uint16_t double_count;
    const char *ascii, *nodata, *metadata;

    double *values; /* height x width x samples */
} made_tiff;

/* A greyscale picture of 53 x 37 samples in strips of 7 rows, with repeatable noise in the range of
 * its type for values. free() them. */
made_tiff tiff_of(uint16_t bits, uint16_t format, uint16_t samples);
void tiff_noise(made_tiff *made);

double *tiff_value(const made_tiff *made, size_t x, size_t y, size_t channel);

/* Writes it, or fails the test. */
void make_tiff(const char *path, const made_tiff *made);

#endif
