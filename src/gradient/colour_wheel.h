/* SPDX-License-Identifier: MIT */
/* Colours of directions. */
#ifndef EG_GRADIENT_COLOUR_WHEEL_H
#define EG_GRADIENT_COLOUR_WHEEL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Converts a row to colours, three bytes a pixel: the hue is hue_factor * direction, in degrees (0
 * red, 60 yellow, 120 green, 180 cyan, 240 blue, 300 magenta), the brightness is scale * magnitude,
 * up to 255, and the colours are saturated: HSV (Smith 1978) with S = 1. A pixel is black if its
 * magnitude is NaN, or if its bit in `mask` is 0; `mask` NULL: all bits are 1. mask[0] has the
 * first pixel in bit `first_bit`.
 */
void eg_colour_wheel_row(uint8_t *out, const float *magnitude, const float *direction, size_t width,
                         float scale, float hue_factor, const uint64_t *mask, size_t first_bit);

#endif
