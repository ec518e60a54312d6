/* SPDX-License-Identifier: MIT */
/* PNG's filters of rows, compiled once for each instruction set. */
#include <string.h>

#include "core/level.h"
#include "io/png/png_filter.h"

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

extern const eg_png_filter_kernels EG_AT_LEVEL(eg_png_filter_kernels);
const eg_png_filter_kernels EG_AT_LEVEL(eg_png_filter_kernels) = {
    .sub = filter_sub, .up = filter_up, .paeth = filter_paeth};
