/* SPDX-License-Identifier: MIT */
/* Reading PNGs with libpng's high-level functions, independent of the library. */
#ifndef TESTS_PNG_ORACLE_H
#define TESTS_PNG_ORACLE_H

#include "files.h"

typedef struct png_pixels {
    size_t width, height;
    int depth;      /* 8 or 16 */
    int channels;   /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
    uint16_t *data; /* width * height * channels; free() it */
} png_pixels;

/* Reads a PNG with palettes expanded to colours, tRNS to alpha, and fewer than 8 bits to 8. Fails
 * the test on error. */
png_pixels oracle_png(const char *path);

/* Returns the expected grey of a pixel by the formulas of grey.h; for 16 bits in double precision.
 */
double oracle_grey(const png_pixels *pixels, size_t x, size_t y, const eg_read_options *options);

#endif
