/* SPDX-License-Identifier: MIT */
/*
 * Decompresses whole blocks of TIFF's LZW. A string is that of the code before and one byte more,
 * so the output has it where that code was decoded: the table has only its place and its length.
 */
#include <string.h>

#include "core/level.h"
#include "io/codecs/lzw.h"

enum { CLEAR = 256, END = 257, FIRST = 258, CHUNK = 8 };

typedef struct bit_reader {
    const uint8_t *in, *end;
    uint64_t bits; /* the low `count` bits are still to be decoded */
    unsigned count;
} bit_reader;

/* Makes at least 12 bits available, if there are as many. */
EG_INLINE void refill(bit_reader *r)
{
    if (r->end - r->in >= 4) {
        uint32_t word;
        memcpy(&word, r->in, sizeof word);
        if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            word = __builtin_bswap32(word);
        r->bits = r->bits << 32 | word;
        r->count += 32;
        r->in += 4;
        return;
    }
    while (r->in < r->end) {
        r->bits = r->bits << 8 | *r->in++;
        r->count += 8;
    }
}

/* Copies a string byte by byte: the last byte may be the first one that is written. */
static void copy_bytes(uint8_t *to, const uint8_t *from, size_t length, size_t room)
{
    for (size_t i = 0; i < length && i < room; i++)
        to[i] = from[i];
}

/* Copies a string that ends before `to`, and up to CHUNK bytes more. */
EG_INLINE void copy_chunks(uint8_t *to, const uint8_t *from, size_t length)
{
    memcpy(to, from, CHUNK);
    for (size_t i = CHUNK; i < length; i += CHUNK)
        memcpy(to + i, from + i, CHUNK);
}

/* Decodes codes until the output is full. */
static eg_lzw_result decode_codes(eg_lzw_decoder *d, const uint8_t *in, size_t size, uint8_t *out,
                                  size_t wanted)
{
    bit_reader r = {.in = in, .end = in + size};
    size_t at = 0, start = 0, length = 0; /* start, length: of the string before; 0: none */
    unsigned width = 9;
    uint32_t next = FIRST;
    while (at < wanted) {
        if (r.count < width)
            refill(&r);
        if (r.count < width)
            return EG_LZW_MORE;
        r.count -= width;
        const uint32_t code = (uint32_t)(r.bits >> r.count) & ((1u << width) - 1);
        if (code == CLEAR) {
            width = 9;
            next = FIRST;
            length = 0;
            continue;
        }
        if (code == END)
            return EG_LZW_ENDED;
        const bool newest = code == next;
        if (length > 0 && next < EG_LZW_CODES) {
            d->places[next].start = (uint32_t)start;
            d->places[next].length = (uint32_t)length + 1;
            next++;
            width += next + 1 >= 1u << width && width < 12;
        }
        if (code < CLEAR) {
            start = at;
            length = 1;
            out[at++] = (uint8_t)code;
            continue;
        }
        if (code >= next)
            return EG_LZW_DAMAGED;
        const uint8_t *from = out + d->places[code].start;
        start = at;
        length = d->places[code].length;
        if (!newest && wanted - at >= length + CHUNK)
            copy_chunks(out + at, from, length);
        else
            copy_bytes(out + at, from, length, wanted - at);
        at += length;
    }
    return EG_LZW_FULL;
}

eg_lzw_result eg_lzw_decode_block(eg_lzw_decoder *d, const uint8_t *in, size_t size, uint8_t *out,
                                  size_t wanted)
{
    const bool old = size >= 2 && in[0] == 0 && (in[1] & 1);
    uint8_t *const out_end = out + wanted;
    if (!old && wanted <= UINT32_MAX)
        return decode_codes(d, in, size, out, wanted);
    eg_lzw_start(d);
    return eg_lzw_decode(d, &in, in + size, &out, out_end);
}
