/* SPDX-License-Identifier: MIT */
/* TIFFs written by libtiff from known values, without code of edgegrad's library. */
#ifndef TESTS_TIFF_MADE_H
#define TESTS_TIFF_MADE_H

#include <tiffio.h>

#include "files.h"

typedef struct made_tiff {
    const char *mode; /* TIFFOpen()'s: "wl" little-endian, "wb" big-endian, with "8" a BigTIFF */
    size_t width, height;
    uint16_t bits, format, samples, photometric;
    uint16_t extra; /* 1 + EXTRASAMPLE_ type of the last sample; 0: no extra sample */
    bool separate;
    uint16_t compression, predictor;  /* 0: none */
    uint32_t tile_width, tile_height; /* 0: strips */
    uint32_t strip;                   /* rows per strip; 0: one strip */
    uint16_t orientation;             /* 0: no tag */
    uint16_t fill_order;              /* 0: no tag */
    uint32_t subfile_type;            /* FILETYPE_ bits; 0: no tag */
    uint16_t *palette;                /* 3 * 256, or NULL */
    uint16_t chroma;                  /* YCbCrSubSampling across and down; 0: no tag */
    const float *white_point;         /* x and y, or NULL */
    int omitted_block;                /* 1 + index of the block to omit; 0: none */

    /* GeoTIFF's tags and GDAL's; NULL: omitted */
    const double *scale, *ties, *matrix;
    const uint16_t *keys;
    uint16_t key_count;
    const double *doubles;
    uint16_t double_count;
    const char *ascii, *nodata, *metadata;

    double *values; /* height x width x samples */
} made_tiff;

/* Returns a description of a grey image of 53 x 37 pixels in strips of 7 rows, little-endian, with
 * noise from tiff_noise(). The caller releases its values with free(). */
made_tiff tiff_of(uint16_t bits, uint16_t format, uint16_t samples);

/* Likewise, of an RGB image, whose samples after the first three are not described. */
made_tiff rgb_tiff_of(uint16_t bits, uint16_t format, uint16_t samples);

/* Fills made->values, reallocated to the current size, with reproducible noise in the sample type's
 * range. */
void tiff_noise(made_tiff *made);

/* Returns the address of a value of made->values. */
double *tiff_value(const made_tiff *made, size_t x, size_t y, size_t channel);

/* Writes the file, or appends a directory to it if made->mode is "a"; fails the test on error. */
void make_tiff(const char *path, const made_tiff *made);

#endif
