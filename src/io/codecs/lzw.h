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

/* State of decompression that can be interrupted after any byte of the output. */
typedef struct eg_lzw_decoder {
    uint64_t bits; /* the low `count` bits are still to be decoded */
    unsigned count, width;
    uint32_t next;     /* next code of a string */
    uint32_t previous; /* code before; EG_LZW_CODES: none */
    bool ended, fresh; /* fresh: nothing of the block has been decoded */
    bool old;          /* codes from the lowest bit on, without early change: before TIFF 5.0 */
    size_t rest; /* bytes of the last string that are still to be delivered, from string + at on */
    size_t at;
    /* string of a code: that of prefix[], followed by last[] */
    uint16_t prefix[EG_LZW_CODES];
    uint16_t length[EG_LZW_CODES];
    uint8_t first[EG_LZW_CODES], last[EG_LZW_CODES];
    uint8_t string[EG_LZW_CODES];
    struct { /* eg_lzw_decode_block(): where the output has the string */
        uint32_t start, length;
    } places[EG_LZW_CODES];
} eg_lzw_decoder;

/* Starts a block. */
void eg_lzw_start(eg_lzw_decoder *decoder);

typedef enum eg_lzw_result {
    EG_LZW_FULL,   /* the output is full */
    EG_LZW_MORE,   /* the input is used up */
    EG_LZW_ENDED,  /* the data has ended before the output was full */
    EG_LZW_DAMAGED /* a code has no string */
} eg_lzw_result;

/* Decompresses a whole block to out .. out + wanted - 1. Returns EG_LZW_FULL if it has as many
 * bytes. Several times as fast as eg_lzw_decode(), because it copies strings from the output. */
eg_lzw_result eg_lzw_decode_block(eg_lzw_decoder *decoder, const uint8_t *in, size_t size,
                                  uint8_t *out, size_t wanted);

/* Decompresses from *in .. end to *out .. out_end, and moves both on. */
eg_lzw_result eg_lzw_decode(eg_lzw_decoder *decoder, const uint8_t **in, const uint8_t *end,
                            uint8_t **out, uint8_t *out_end);

#endif
