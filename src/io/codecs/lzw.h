/* SPDX-License-Identifier: MIT */
/*
 * LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits from the highest bit on, 256
 * clears the table, 257 ends the data, and codes get longer one entry early.
 */
#ifndef EG_IO_CODECS_LZW_H
#define EG_IO_CODECS_LZW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EG_LZW_CODES = 4096, EG_LZW_SLOTS = 8192 };

/* Memory of eg_lzw_encode(): a hash table of strings. A slot has the code of a prefix (12 bits), a
 * byte (8), and the code of both (12). */
typedef struct eg_lzw_encoder {
    uint32_t slots[EG_LZW_SLOTS];
} eg_lzw_encoder;

/* Compresses `size` bytes to `out`; returns the compressed size, 0 if it exceeds `capacity`. */
size_t eg_lzw_encode(eg_lzw_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                     size_t capacity);

#endif
