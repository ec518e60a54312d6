/* SPDX-License-Identifier: MIT */
/* Samples whose high byte is the first, as PNG and PNM store them. */
#ifndef EG_IO_PIXELS_BIG_ENDIAN_H
#define EG_IO_PIXELS_BIG_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* Converts stored samples of 16 bits to native ones. `out` may be the memory of `in`. */
static inline void eg_from_be16(uint16_t *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint16_t)(in[2 * i] << 8 | in[2 * i + 1]);
}

#endif
