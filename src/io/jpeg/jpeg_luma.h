/* SPDX-License-Identifier: MIT */
/* The Y plane of a JPEG, decoded straight into the rows of the caller. */
#ifndef EG_IO_JPEG_LUMA_H
#define EG_IO_JPEG_LUMA_H

#include "io/io.h"

#include <stdio.h> /* jpeglib.h needs it to come first */

#include <jpeglib.h>

/* State of reading the Y plane. Blocks of 8 or more rows are decoded at a time; the rows of the
 * last block that were not requested yet are kept. */
typedef struct eg_jpeg_luma {
    uint8_t *block; /* a block of rows; NULL: the plane is read otherwise */
    size_t stride;  /* bytes from row to row of `block`: the width in whole DCT blocks */
    size_t rows;    /* of a block */
    size_t next;    /* next row of `block` to deliver; `rows`: none is left */
} eg_jpeg_luma;

/* Prepares libjpeg, whose header has been read and whose output is grey, to deliver the Y plane
 * without conversion and copying, and allocates a block. Does nothing if the plane is stored at a
 * lower resolution or is not that of the output. Release luma->block with eg_free(). */
eg_status eg_jpeg_luma_prepare(eg_jpeg_luma *luma, eg_context *ctx, j_decompress_ptr cinfo,
                               eg_error *error);

/* Reads the next `count` rows. `padded`: up to 7 samples behind the width of a row may be
 * overwritten. Call inside eg_jpeg_run(). */
void eg_jpeg_luma_read(eg_jpeg_luma *luma, j_decompress_ptr cinfo, uint8_t *rows, size_t stride,
                       size_t count, bool padded);

#endif
