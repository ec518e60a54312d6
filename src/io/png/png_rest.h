/* SPDX-License-Identifier: MIT */
/* Limits the image data that libpng decompresses after the last row, where it looks for the end of
 * the stream: a small file can expand to gigabytes there. */
#ifndef EG_IO_PNG_PNG_REST_H
#define EG_IO_PNG_PNG_REST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Position of the reads of libpng in the chunks of a file; zero at its start. */
typedef struct eg_png_rest {
    enum { EG_PNG_SIGNATURE, EG_PNG_HEADER, EG_PNG_DATA, EG_PNG_CHECKSUM, EG_PNG_UNKNOWN } part;
    uint32_t left;   /* bytes of the chunk's data that are still to be read */
    bool image;      /* true if the chunk is image data */
    size_t last_row; /* bytes of the last row, set by the reader before it is decoded; else 0 */
    uint64_t before; /* bytes of image data read before the last row is decoded */
    uint64_t after;  /* bytes of image data read from then on */
} eg_png_rest;

/* Follows one read of libpng, which reads the header, parts of the data, and the checksum of each
 * chunk separately. Returns false if too much image data follows the rows. */
bool eg_png_rest_follow(eg_png_rest *rest, const uint8_t *bytes, size_t size);

/* Returns true if `after` bytes of image data may follow those of the rows: `before`, and those of
 * the last row, of `last_row` bytes. */
bool eg_png_rest_allowed(uint64_t before, uint64_t after, size_t last_row);

#endif
