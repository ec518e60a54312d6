/* SPDX-License-Identifier: MIT */
/*
 * Decoding of the rows of a PNG that is not interlaced, without libpng: the image data is inflated
 * ahead on a thread of its own, and the filters of several rows are undone together.
 */
#ifndef EG_IO_PNG_PNG_DECODER_H
#define EG_IO_PNG_PNG_DECODER_H

#include "core/read_ahead.h"
#include "io/png/png_idat.h"
#include "io/png/png_inflate.h"
#include "io/png/png_unfilter.h"

typedef struct eg_png_decoder {
    eg_context *ctx;
    size_t row_bytes, step; /* bytes of a row and of a pixel */
    uint64_t left;          /* rows that are still to be returned */

    /* of the producer, which may be another thread */
    eg_png_idat idat;
    eg_png_inflate *inflate;
    eg_png_span span;
    uint64_t bytes_left; /* bytes of rows that are still to be inflated */
    const char *damage;  /* libpng's message for what follows the last block; NULL: it is sound */

    eg_read_ahead *ahead;
    uint8_t *block;      /* a block's rows, after the last one of the block before */
    size_t stride;       /* bytes from row to row in it */
    size_t ready, next;  /* rows in it, and the one to be returned next */
    bool unknown_filter; /* true if the row after them has one */
} eg_png_decoder;

/* Prepares decoding of `height` rows. The caller has called eg_png_idat_begin() with decoder->idat
 * and zeroed the other members. eg_png_decoder_free() must follow, also on failure. */
eg_status eg_png_decoder_begin(eg_png_decoder *decoder, eg_context *ctx, size_t width,
                               size_t height, size_t pixel_bytes, eg_error *error);
void eg_png_decoder_free(eg_png_decoder *decoder);

/* Sets *row to the next row, with samples in the file's byte order, valid until the next call. With
 * the last row the end of the image data is checked. Sets *damage to NULL, or to libpng's message.
 * Errors: those of eg_input_read(); EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_png_decoder_next(eg_png_decoder *decoder, const uint8_t **row, const char **damage,
                              eg_error *error);

#endif
