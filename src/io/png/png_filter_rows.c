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

static void filter_paeth(uint8_t *restrict out, const uint8_t *restrict row,
                         const uint8_t *restrict above, size_t bytes, size_t step)
{
    size_t first = step < bytes ? step : bytes;
    filter_up(out, row, above, first);
    for (size_t i = first; i < bytes; i++)
        out[i] = (uint8_t)(row[i] - eg_png_paeth(row[i - step], above[i], above[i - step]));
}

extern const eg_png_filter_kernels EG_AT_LEVEL(eg_png_filter_kernels);
const eg_png_filter_kernels EG_AT_LEVEL(eg_png_filter_kernels) = {
    .sub = filter_sub, .up = filter_up, .paeth = filter_paeth};
