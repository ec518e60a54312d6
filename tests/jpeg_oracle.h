/* SPDX-License-Identifier: MIT */
/* Reading JPEGs with libjpeg, independent of the library. */
#ifndef TESTS_JPEG_ORACLE_H
#define TESTS_JPEG_ORACLE_H

#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#include "files.h"

typedef struct jpeg_pixels {
    size_t width, height, channels;
    uint8_t *data; /* width * height * channels; free() it */
} jpeg_pixels;

/* Decodes to grey if the file stores it (grey, YCbCr), else to RGB or CMYK. Returns false if
 * libjpeg refuses the file. */
bool oracle_jpeg(jpeg_pixels *pixels, const char *path);

/* The same, but decodes YCbCr to RGB. */
bool oracle_jpeg_colours(jpeg_pixels *pixels, const char *path);

#endif
