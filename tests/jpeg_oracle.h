/* SPDX-License-Identifier: MIT */
/* JPEG decoded by plain calls of libjpeg: nothing in it is of the library. */
#ifndef TESTS_JPEG_ORACLE_H
#define TESTS_JPEG_ORACLE_H

#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#include "files.h"

typedef struct jpeg_pixels {
    size_t width, height, channels;
    bool adobe;
    uint8_t *data; /* width * height * channels; free() it */
} jpeg_pixels;

/* Decodes into libjpeg's own grey where it has one, else into all colours, RGB or CMYK. False where
 * libjpeg refuses the file. */
bool oracle_jpeg(jpeg_pixels *pixels, const char *path);

#endif
