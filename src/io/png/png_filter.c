/* SPDX-License-Identifier: MIT */
/* PNG's order of bits and bytes, and filters. */
#include "io/png/png_filter.h"

#include <string.h>

/* ---- order ----------------------------------------------------------------------------------- */

/* Reverses the bits of each byte of x by swapping single bits, pairs and nibbles. */
static uint64_t reverse_bits(uint64_t x)
{
    static const uint64_t ones = 0x5555555555555555, pairs = 0x3333333333333333,
                          fours = 0x0F0F0F0F0F0F0F0F;
    x = ((x >> 1) & ones) | ((x & ones) << 1);
    x = ((x >> 2) & pairs) | ((x & pairs) << 2);
    return ((x >> 4) & fours) | ((x & fours) << 4);
}

/* Converts x to little-endian byte order. */
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
    size_t count = bytes / 8, rest = bytes % 8;
    for (size_t i = 0; i < count; i++) {
        uint64_t word = little_endian(reverse_bits(words[i]));
        memcpy(out + 8 * i, &word, 8);
    }
    if (rest) {
        uint64_t word = little_endian(reverse_bits(words[count]));
        memcpy(out + 8 * count, &word, rest);
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

static inline int16_t absolute_difference(int16_t a, int16_t b)
{
    return (int16_t)(a > b ? a - b : b - a);
}

/* Returns the one of left, up and corner nearest to left + up - corner; ties prefer this order.
 * 16-bit arithmetic suffices, so that twice as many samples fit into a vector. */
static inline uint8_t paeth_predictor(int16_t left, int16_t up, int16_t corner)
{
    int16_t to_left = absolute_difference(up, corner);
    int16_t to_up = absolute_difference(left, corner);
    int16_t to_corner = absolute_difference((int16_t)(left + up), (int16_t)(2 * corner));
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
        out[i] = (uint8_t)(row[i] - paeth_predictor(row[i - step], above[i], above[i - step]));
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
