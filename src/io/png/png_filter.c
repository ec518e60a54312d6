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

static EG_DEFINE_KERNELS_FOR(kernels_for, eg_png_filter_kernels)

    void eg_png_filter(eg_cpu_level level, uint8_t *out, int filter, const uint8_t *row,
                       const uint8_t *above, size_t bytes, size_t step)
{
    const eg_png_filter_kernels *kernels = kernels_for(level);
    out[0] = (uint8_t)filter;
    out++;
    if (filter == EG_PNG_SUB)
        kernels->sub(out, row, bytes, step);
    else if (filter == EG_PNG_UP)
        kernels->up(out, row, above, bytes);
    else if (filter == EG_PNG_PAETH)
        kernels->paeth(out, row, above, bytes, step);
    else
        memcpy(out, row, bytes);
}
