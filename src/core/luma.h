/* SPDX-License-Identifier: MIT */
/*
 * The grey of a colour: Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) of the stored, gamma-encoded
 * values, in 16-bit fixed point as in libjpeg.
 */
#ifndef EG_CORE_LUMA_H
#define EG_CORE_LUMA_H

#include <stdint.h>

/* Returns the grey of an 8-bit colour. */
static inline uint8_t eg_grey8(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((19595 * r + 38470 * g + 7471 * b + 32768) >> 16);
}

/* Returns the grey of a colour of doubles. */
static inline double eg_grey_double(double r, double g, double b)
{
    return (19595.0 * r + 38470.0 * g + 7471.0 * b) / 65536;
}

/* Returns the grey of a colour of floats. Equals that of 16-bit samples, which is not rounded to an
 * integer: in double precision the sum is exact. */
static inline float eg_grey_float(float r, float g, float b)
{
    return (float)eg_grey_double((double)r, (double)g, (double)b);
}

#endif
