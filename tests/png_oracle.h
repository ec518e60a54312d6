/* SPDX-License-Identifier: MIT */
/* A second way to read a PNG, through libpng's high-level calls: nothing in it is of the library.
 */
#ifndef TESTS_PNG_ORACLE_H
#define TESTS_PNG_ORACLE_H

#include "files.h"

typedef struct png_pixels {
    size_t width, height;
    int depth;      /* 8 or 16 */
    int channels;   /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
    uint16_t *data; /* width * height * channels; free() it */
} png_pixels;

/* Everything expanded: palettes to colours, tRNS to alpha, few bits to 8. A failed test if it
 * cannot. */
png_pixels oracle_png(const char *path);

/* The grey that the library promises for a pixel: by the formulas of grey.h, 16 bits in double. */
double oracle_grey(const png_pixels *pixels, size_t x, size_t y, const eg_read_options *options);

#endif
