/* SPDX-License-Identifier: MIT */
/* The PNG reader: decoding (png_read.c) and conversion to grey or elevations (png_convert.c). */
#ifndef EG_IO_PNG_PNG_READ_H
#define EG_IO_PNG_PNG_READ_H

#include "io/io.h"
#include "io/pixels/grey.h"
#include "io/png/png_decoder.h"
#include "io/png/png_exif.h"
#include "io/png/png_guard.h"
#include "io/png/png_rest.h"

enum { EG_PNG_PALETTE = 256 };

typedef struct eg_png_source eg_png_source;

struct eg_png_source {
    eg_source base;
    eg_png_guard guard;
    eg_input *input;
    eg_read_options options;
    int passes; /* of interlacing */
    eg_png_rest rest;
    bool by_libpng;         /* true if libpng has to decode every image: for tests */
    bool data_seen;         /* true from the first chunk of image data on */
    bool handed_over;       /* true if libpng does not decode the image data; see png_handover.h */
    size_t replaced;        /* bytes that libpng has read in place of the image data */
    eg_png_decoder decoded; /* the rows of image data that was handed over */
    eg_png_exif exif;
    bool scan_exif; /* true if chunks are scanned as they are read, because they cannot be before */

    eg_pixels pixels; /* channels of a decoded row */
    size_t row_bytes; /* bytes of a decoded row */
    /* Converts a decoded row to a row of the source; `in` may equal `out` for EG_U8 rows. */
    void (*convert)(eg_png_source *s, void *out, const uint8_t *in);
    uint8_t *row;   /* a decoded row; NULL: decoded in place */
    uint8_t *image; /* all decoded rows of an interlaced image */
    int colours;    /* number of palette entries */
    /* grey of each palette entry, or its red, green and blue */
    uint8_t palette[3][EG_PNG_PALETTE];
    bool transparent[EG_PNG_PALETTE];  /* true for palette entries with alpha 0 */
    double elevations[EG_PNG_PALETTE]; /* with options.encoding: metres */

    bool values; /* true if grey samples are values: stored numbers, not intensities */
    bool broken; /* true if, with options.tolerate, no more rows can be decoded */

    /* arguments of png_read(), and the number of rows done */
    char *rows;
    size_t stride, count, done;
};

/* The reader's functions for eg_png_format; see eg_format. */
bool eg_png_probe(const eg_input *input, const uint8_t *bytes, size_t size);
eg_status eg_png_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error);

/* Opens as eg_png_open() does; libpng decodes all image data. For tests, and as their oracle. */
eg_status eg_png_open_by_libpng(eg_source **source, eg_input *input, const eg_read_options *options,
                                eg_error *error);

/* Sets libpng's transformations, so that it returns 8-bit or native 16-bit samples, and row_bytes,
 * passes and convert of the eg_png_source `opaque`. Run by eg_png_run(). */
void eg_png_start_rows(void *opaque);

#endif
