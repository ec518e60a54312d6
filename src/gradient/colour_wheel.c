/* SPDX-License-Identifier: MIT */
/* Colours of directions. */
#include "gradient/colour_wheel.h"

#include <math.h>
#include <string.h>

/* Components of the colours in each sixth of the wheel: the one that has the brightness, the one
 * that moves between it and 0, and the one that is 0. */
static const uint8_t components[6][3] = {{0, 1, 2}, {1, 0, 2}, {1, 2, 0},
                                         {2, 1, 0}, {2, 0, 1}, {0, 2, 1}};

/* Sets the colour of a hue, 0 .. 360 degrees, and a brightness, 0 .. 255. The hue of a gradient
 * that overflows is NaN, and counts as 0. */
static void set_colour(uint8_t *rgb, float hue, float value)
{
    const float sixth = hue > 0 ? hue / 60 : 0;
    const int whole = sixth >= 5 ? 5 : (int)sixth;
    const float within = sixth - (float)whole;
    const uint8_t *component = components[whole];
    rgb[component[0]] = (uint8_t)lroundf(value);
    rgb[component[1]] = (uint8_t)lroundf(value * (whole % 2 ? 1 - within : within));
    rgb[component[2]] = 0;
}

void eg_colour_wheel_row(uint8_t *out, const float *magnitude, const float *direction, size_t width,
                         float scale, float hue_factor, const uint64_t *mask, size_t first_bit)
{
    memset(out, 0, 3 * width);
    for (size_t x = 0; x < width; x++) {
        const size_t bit = first_bit + x;
        const float value = magnitude[x] * scale;
        if ((!mask || (mask[bit / 64] >> bit % 64 & 1)) && value > 0)
            set_colour(out + 3 * x, direction[x] * hue_factor, value < 255 ? value : 255);
    }
}
