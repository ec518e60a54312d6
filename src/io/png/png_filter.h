/* SPDX-License-Identifier: MIT */
/* Rows on their way into a PNG: its order of bits and bytes, and its filters (PNG
 * specification, 9.2). */
#ifndef EG_IO_PNG_PNG_FILTER_H
#define EG_IO_PNG_PNG_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* Writes `bytes` bytes in PNG's order: an EG_BIT row with pixel 0 in the highest bit of byte 0, an
 * EG_U16 row with the high byte of every sample first. `out` and `row` do not overlap. */
void eg_png_from_bits(uint8_t *out, const void *row, size_t bytes);
void eg_png_from_u16(uint8_t *out, const void *row, size_t bytes);

enum { EG_PNG_NONE, EG_PNG_SUB, EG_PNG_UP, EG_PNG_AVERAGE, EG_PNG_PAETH };

/* Writes the filter's number and the filtered row, 1 + `bytes` bytes. `above` is the row above, not
 * needed by NONE and SUB; `step` the bytes of a pixel. `filter` is not AVERAGE. */
void eg_png_filter(uint8_t *out, int filter, const uint8_t *row, const uint8_t *above, size_t bytes,
                   size_t step);

#endif
