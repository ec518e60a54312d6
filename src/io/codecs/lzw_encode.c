/* SPDX-License-Identifier: MIT */
/* Compresses with TIFF's LZW. */
#include <string.h>

#include "io/codecs/lzw.h"

enum {
    CLEAR = 256,
    END = 257,
    FIRST = 258,    /* first code of a string */
    LAST = 4093,    /* last code: the table is cleared after it (TIFF 6.0, section 13) */
    CODE_BITS = 12, /* bits of a code in a slot */
    HASH = 0x9E3779B1
};

#define EMPTY UINT32_MAX

/* Bits that are written, and the state of the table. */
typedef struct writer {
    uint8_t *out, *end;
    uint64_t bits; /* the low `count` bits are still to be written */
    unsigned count, width;
    bool full;
} writer;

static inline void put_code(writer *w, uint32_t code)
{
    w->bits = w->bits << w->width | code;
    w->count += w->width;
    if (w->end - w->out < 4) {
        w->full = true;
        w->count = 0;
    }
    while (w->count >= 8) {
        w->count -= 8;
        *w->out++ = (uint8_t)(w->bits >> w->count);
    }
}

/* Returns the slot of `key`, a prefix and a byte: that which has it, or the empty one for it. */
static inline uint32_t *find_slot(eg_lzw_encoder *encoder, uint32_t key)
{
    uint32_t at = key * (uint32_t)HASH >> 19;
    while (encoder->slots[at] != EMPTY && encoder->slots[at] >> CODE_BITS != key)
        at = (at + 1) % EG_LZW_SLOTS;
    return &encoder->slots[at];
}

static void clear_table(eg_lzw_encoder *encoder, writer *w)
{
    put_code(w, CLEAR);
    memset(encoder->slots, 0xFF, sizeof encoder->slots);
    w->width = 9;
}

size_t eg_lzw_encode(eg_lzw_encoder *encoder, const uint8_t *in, size_t size, uint8_t *out,
                     size_t capacity)
{
    writer w = {.out = out, .end = out + capacity, .width = 9};
    uint32_t next = FIRST, prefix;
    clear_table(encoder, &w);
    if (size == 0)
        return 0;
    prefix = in[0];
    for (size_t i = 1; i < size && !w.full; i++) {
        uint32_t key = prefix << 8 | in[i], *slot = find_slot(encoder, key);
        if (*slot != EMPTY) {
            prefix = *slot & (EG_LZW_CODES - 1);
            continue;
        }
        put_code(&w, prefix);
        *slot = key << CODE_BITS | next++;
        prefix = in[i];
        if (next > LAST) {
            clear_table(encoder, &w);
            next = FIRST;
        } else if (next == 1u << w.width) {
            w.width++;
        }
    }
    put_code(&w, prefix);
    if (next + 1 == 1u << w.width) /* the decoder adds a string for the last code */
        w.width++;
    put_code(&w, END);
    if (w.count > 0 && w.out < w.end)
        *w.out++ = (uint8_t)(w.bits << (8 - w.count));
    else if (w.count > 0)
        w.full = true;
    return w.full ? 0 : (size_t)(w.out - out);
}
