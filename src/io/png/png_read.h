/* SPDX-License-Identifier: MIT */
/* A PNG being read: what its two halves share, decoding (png_read.c) and making heights or grey of
 * what was decoded (png_convert.c). */
#ifndef EG_IO_PNG_PNG_READ_H
#define EG_IO_PNG_PNG_READ_H

#include "io/io.h"
#include "io/pixels/grey.h"
#include "io/png/png_guard.h"

enum { EG_PNG_PALETTE = 256 };

typedef struct eg_png_source eg_png_source;

struct eg_png_source {
    eg_source base;
    eg_png_guard guard;
    eg_input *input;
    eg_read_options options;
    int passes;

    /* A decoded row, and how it becomes a row of intensities. `in` may equal `out` for U8 rows. */
    eg_pixels pixels;
    size_t row_bytes;
    void (*convert)(eg_png_source *s, void *out, const uint8_t *in);
    uint8_t *row;                      /* NULL: rows are decoded where they are wanted */
    uint8_t *image;                    /* interlaced: every decoded row */
    int colours;                       /* entries the palette has */
    uint8_t palette[EG_PNG_PALETTE];   /* grey of each entry */
    double elevations[EG_PNG_PALETTE]; /* and, with options.encoding, metres */

    bool broken; /* options.tolerate: no more rows can be decoded */

    /* The read being served */
    char *rows;
    size_t stride, count, done;
};

/* The reader's functions for eg_png_format; see eg_format. */
bool eg_png_probe(const eg_input *input, const uint8_t *bytes, size_t size);
eg_status eg_png_open(eg_source **source, eg_input *input, const eg_read_options *options,
                      eg_error *error);

/* Work for eg_png_run(): sets libpng's own transformations, row_bytes, passes and convert. */
void eg_png_start_rows(void *opaque);

#endif
