/* SPDX-License-Identifier: MIT */
/* PNG's order of bits and bytes, and its filters. */
#include "io/png/png_filter.h"

#include <string.h>

/* ---- order ----------------------------------------------------------------------------------- */

/* Reverses the bits of each byte of x: neighbours change places, then pairs, then fours. */
static uint64_t reverse_bits(uint64_t x)
{
    static const uint64_t ones = 0x5555555555555555, pairs = 0x3333333333333333,
                          fours = 0x0F0F0F0F0F0F0F0F;
    x = ((x >> 1) & ones) | ((x & ones) << 1);
    x = ((x >> 2) & pairs) | ((x & pairs) << 2);
    return ((x >> 4) & fours) | ((x & fours) << 4);
}

/* The word whose bytes in memory are those of x, lowest first. */
static uint64_t little_endian(uint64_t x)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(x);
#else
    return x;
#endif
}

void eg_png_from_bits(uint8_t *out, const void *row, size_t bytes)
{
    const uint64_t *words = row;
    size_t whole = bytes / 8, rest = bytes % 8;
    for (size_t i = 0; i < whole; i++) {
        uint64_t word = little_endian(reverse_bits(words[i]));
        memcpy(out + 8 * i, &word, 8);
    }
    if (rest) {
        uint64_t word = little_endian(reverse_bits(words[whole]));
        memcpy(out + 8 * whole, &word, rest);
    }
}

void eg_png_from_u16(uint8_t *out, const void *row, size_t bytes)
{
    const uint16_t *samples = row;
    for (size_t i = 0; i < bytes / 2; i++) {
        out[2 * i] = (uint8_t)(samples[i] >> 8);
        out[2 * i + 1] = (uint8_t)samples[i];
    }
}

/* ---- filters --------------------------------------------------------------------------------- */

static void filter_sub(uint8_t *restrict out, const uint8_t *restrict row, size_t bytes,
                       size_t step)
{
    size_t first = step < bytes ? step : bytes;
    memcpy(out, row, first);
    for (size_t i = first; i < bytes; i++)
        out[i] = (uint8_t)(row[i] - row[i - step]);
}

static void filter_up(uint8_t *restrict out, const uint8_t *restrict row,
                      const uint8_t *restrict above, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(row[i] - above[i]);
}

static inline int16_t distance(int16_t a, int16_t b)
{
    return (int16_t)(a > b ? a - b : b - a);
}

/* Whichever of left, up and corner is nearest to left + up - corner, in this order of preference.
 * 16 bits hold every value: that is what lets the loop run in narrow lanes. */
static inline uint8_t paeth(int16_t left, int16_t up, int16_t corner)
{
    int16_t to_left = distance(up, corner);
    int16_t to_up = distance(left, corner);
    int16_t to_corner = distance((int16_t)(left + up), (int16_t)(2 * corner));
    int16_t nearer = to_up <= to_corner ? up : corner;
    int16_t least = to_up <= to_corner ? to_up : to_corner;
    return (uint8_t)(to_left <= least ? left : nearer);
}

static void filter_paeth(uint8_t *restrict out, const uint8_t *restrict row,
                         const uint8_t *restrict above, size_t bytes, size_t step)
{
    size_t first = step < bytes ? step : bytes;
    filter_up(out, row, above, first);
    for (size_t i = first; i < bytes; i++)
        out[i] = (uint8_t)(row[i] - paeth(row[i - step], above[i], above[i - step]));
}

void eg_png_filter(uint8_t *out, int filter, const uint8_t *row, const uint8_t *above, size_t bytes,
                   size_t step)
{
    out[0] = (uint8_t)filter;
    out++;
    if (filter == EG_PNG_SUB)
        filter_sub(out, row, bytes, step);
    else if (filter == EG_PNG_UP)
        filter_up(out, row, above, bytes);
    else if (filter == EG_PNG_PAETH)
        filter_paeth(out, row, above, bytes, step);
    else
        memcpy(out, row, bytes);
}
