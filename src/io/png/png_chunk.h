/* SPDX-License-Identifier: MIT */
/* Signature and chunks of a PNG: length, type, data, checksum (PNG specification, 5). */
#ifndef EG_IO_PNG_PNG_CHUNK_H
#define EG_IO_PNG_PNG_CHUNK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    EG_PNG_SIGNATURE_BYTES = 8,
    EG_PNG_CHUNK_TYPE = 4,   /* bytes of a type */
    EG_PNG_CHUNK_HEADER = 8, /* bytes of length and type */
    EG_PNG_CHECKSUM_BYTES = 4
};

/* Returns an integer whose highest byte is the first. */
static inline uint32_t eg_png_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Returns true if `header` is that of a chunk of image data. */
static inline bool eg_png_is_image_data(const uint8_t header[EG_PNG_CHUNK_HEADER])
{
    return memcmp(header + EG_PNG_CHUNK_TYPE, "IDAT", EG_PNG_CHUNK_TYPE) == 0;
}

#endif
