/* SPDX-License-Identifier: MIT */
/* Encoding rows for PNG: order of bits and bytes, and filters (PNG specification, 9.2). */
#ifndef EG_IO_PNG_PNG_FILTER_H
#define EG_IO_PNG_PNG_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "core/cpu.h"

/* Converts a row to `bytes` bytes in PNG's order: an EG_BIT row with pixel 0 in the highest bit of
 * byte 0, an EG_U16 row with the high byte of every sample first. `out` and `row` do not overlap.
 */
void eg_png_from_bits(uint8_t *out, const void *row, size_t bytes);
void eg_png_from_u16(uint8_t *out, const void *row, size_t bytes);

/* Filter types of the PNG specification. */
enum { EG_PNG_NONE, EG_PNG_SUB, EG_PNG_UP, EG_PNG_AVERAGE, EG_PNG_PAETH };

/* Writes the filter type and the filtered row, 1 + `bytes` bytes. `above` is the row above (unused
 * by NONE and SUB), `step` the bytes of a pixel (at least 1). AVERAGE is not implemented. The bytes
 * are the same for all instruction sets. */
void eg_png_filter(eg_cpu_level level, uint8_t *out, int filter, const uint8_t *row,
                   const uint8_t *above, size_t bytes, size_t step);

/* Filters of one instruction set. */
typedef struct eg_png_filter_kernels {
    void (*sub)(uint8_t *restrict out, const uint8_t *restrict row, size_t bytes, size_t step);
    void (*up)(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict above,
               size_t bytes);
    void (*paeth)(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict above,
                  size_t bytes, size_t step);
} eg_png_filter_kernels;

static inline int16_t eg_png_distance(int16_t a, int16_t b)
{
    return (int16_t)(a > b ? a - b : b - a);
}

/* Returns the one of left, up and corner nearest to left + up - corner; ties prefer this order.
 * 16-bit arithmetic suffices, so that twice as many samples fit into a vector. */
static inline uint8_t eg_png_paeth(int16_t left, int16_t up, int16_t corner)
{
    int16_t to_left = eg_png_distance(up, corner);
    int16_t to_up = eg_png_distance(left, corner);
    int16_t to_corner = eg_png_distance((int16_t)(left + up), (int16_t)(2 * corner));
    int16_t nearer = to_up <= to_corner ? up : corner;
    int16_t least = to_up <= to_corner ? to_up : to_corner;
    return (uint8_t)(to_left <= least ? left : nearer);
}

#endif
