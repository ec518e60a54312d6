/* SPDX-License-Identifier: MIT */
/* Decompresses TIFF's LZW. */
#include <string.h>

#include "io/codecs/lzw.h"

enum { CLEAR = 256, END = 257, FIRST = 258, NONE = EG_LZW_CODES };

static void clear_table(eg_lzw_decoder *d)
{
    d->width = 9;
    d->next = FIRST;
    d->previous = NONE;
}

void eg_lzw_start(eg_lzw_decoder *d)
{
    d->bits = 0;
    d->count = 0;
    d->ended = d->old = false;
    d->fresh = true;
    d->rest = 0;
    clear_table(d);
    for (unsigned i = 0; i < 256; i++) {
        d->first[i] = d->last[i] = (uint8_t)i;
        d->length[i] = 1;
    }
}

/* Writes the string of a code to out .. out + length - 1, from its end. */
static inline void write_string(const eg_lzw_decoder *d, uint32_t code, uint8_t *out)
{
    uint8_t *p = out + d->length[code];
    while (p-- > out) {
        *p = d->last[code];
        code = d->prefix[code];
    }
}

/* Delivers the string of a code; what has no room is kept for the next call. */
static inline void deliver(eg_lzw_decoder *d, uint32_t code, uint8_t **out, uint8_t *out_end)
{
    const size_t length = d->length[code], room = (size_t)(out_end - *out);
    if (length <= room) {
        write_string(d, code, *out);
        *out += length;
        return;
    }
    write_string(d, code, d->string);
    memcpy(*out, d->string, room);
    *out += room;
    d->at = room;
    d->rest = length - room;
}

static void deliver_rest(eg_lzw_decoder *d, uint8_t **out, uint8_t *out_end)
{
    const size_t room = (size_t)(out_end - *out), count = d->rest < room ? d->rest : room;
    memcpy(*out, d->string + d->at, count);
    *out += count;
    d->at += count;
    d->rest -= count;
}

/* Adds the string of the code before, followed by the first byte of that of `code`, which may be
 * the new string itself. Returns false if `code` has no string. */
static inline bool add_string(eg_lzw_decoder *d, uint32_t code)
{
    const uint32_t before = d->previous, next = d->next;
    if (before == NONE)
        return code < CLEAR; /* a table just cleared has single bytes only */
    if (next >= EG_LZW_CODES || code > next || code == END)
        return code < next && code != END; /* writers may go on with a full table */
    d->prefix[next] = (uint16_t)before;
    d->length[next] = (uint16_t)(d->length[before] + 1);
    d->first[next] = d->first[before];
    d->last[next] = d->first[code];
    d->next++;
    if (d->next + !d->old >= 1u << d->width && d->width < 12)
        d->width++;
    return true;
}

/* Takes a code from the bits. */
static inline uint32_t take_code(eg_lzw_decoder *d)
{
    const uint32_t mask = (1u << d->width) - 1;
    d->count -= d->width;
    if (!d->old)
        return (uint32_t)(d->bits >> d->count) & mask;
    const uint32_t code = (uint32_t)d->bits & mask;
    d->bits >>= d->width;
    return code;
}

/* Decodes one code. */
static inline bool decode_code(eg_lzw_decoder *d, uint32_t code, uint8_t **out, uint8_t *out_end)
{
    if (code == CLEAR) {
        clear_table(d);
    } else if (code == END) {
        d->ended = true;
    } else {
        if (!add_string(d, code))
            return false;
        deliver(d, code, out, out_end);
        d->previous = code;
    }
    return true;
}

eg_lzw_result eg_lzw_decode(eg_lzw_decoder *d, const uint8_t **in, const uint8_t *end,
                            uint8_t **out, uint8_t *out_end)
{
    if (d->fresh && end - *in >= 2) { /* the code 256 that begins a block tells its kind */
        d->old = (*in)[0] == 0 && ((*in)[1] & 1);
        d->fresh = false;
    }
    if (d->rest > 0)
        deliver_rest(d, out, out_end);
    while (*out < out_end) {
        if (d->ended)
            return EG_LZW_ENDED;
        while (d->count < d->width) {
            if (*in == end)
                return EG_LZW_MORE;
            d->bits = d->old ? d->bits | (uint64_t) * (*in)++ << d->count : d->bits << 8 | *(*in)++;
            d->count += 8;
        }
        if (!decode_code(d, take_code(d), out, out_end))
            return EG_LZW_DAMAGED;
    }
    return EG_LZW_FULL;
}
