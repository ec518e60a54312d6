/* SPDX-License-Identifier: MIT */
/* Decompression of the image data of a PNG, a zlib stream (RFC 1950), and its checksums. */
#ifndef EG_IO_PNG_PNG_INFLATE_H
#define EG_IO_PNG_PNG_INFLATE_H

#include "core/context.h"

typedef struct eg_png_inflate eg_png_inflate;

/* Creates a decoder: ISA-L's, which takes half the time, or zlib's in a build without ISA-L.
 * Errors: EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_png_inflate_new(eg_png_inflate **decoder, eg_context *ctx, eg_error *error);
void eg_png_inflate_free(eg_png_inflate *decoder); /* accepts NULL */

/* Compressed bytes that are still to be read, at `at`, and room for `room` decoded bytes at
 * `out`. eg_png_inflate_run() advances both. */
typedef struct eg_png_span {
    const uint8_t *at;
    size_t size;
    uint8_t *out;
    size_t room;
} eg_png_span;

/* Decodes until there is no room, no input, or the stream has ended, its checksum included. Sets
 * *damage to NULL, or to libpng's message for damage, after storing the bytes before it. Errors:
 * EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_png_inflate_run(eg_png_inflate *decoder, eg_png_span *span, const char **damage,
                             eg_error *error);

/* Returns true if the stream has ended. */
bool eg_png_inflate_ended(const eg_png_inflate *decoder);

/* Returns the CRC-32 of bytes that follow those with the CRC-32 `crc`; that of none is 0. */
uint32_t eg_png_crc(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
