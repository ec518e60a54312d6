/* SPDX-License-Identifier: MIT */
/* Zero crossings of a map. */
#include "gradient/jet/zero_crossings.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Returns true if the values change their sign from one to the other. */
static bool is_crossing(float a, float b)
{
    return (a < 0 && b > 0) || (a > 0 && b < 0);
}

/* Returns true if the crossing between a pixel and its neighbour is at the pixel. `first`: it is
 * the left or upper one. */
static bool is_at_pixel(float pixel, float neighbour, bool first, float slope)
{
    if (!is_crossing(pixel, neighbour) || !(fabsf(pixel - neighbour) >= slope))
        return false;
    const float own = fabsf(pixel), other = fabsf(neighbour);
    return own < other || (first && own <= other);
}

/* Returns true if the map passes through a 0 between two pixels on both sides of it. */
static bool is_passed(float before, float after, float slope)
{
    return is_crossing(before, after) && fabsf(after - before) / 2 >= slope;
}

static bool is_zero_crossing(const float *const rows[3], ptrdiff_t x, float slope)
{
    const float v = rows[1][x], left = rows[1][x - 1], right = rows[1][x + 1];
    const float above = rows[0][x], below = rows[2][x];
    if (v == 0)
        return is_passed(left, right, slope) || is_passed(above, below, slope);
    return is_at_pixel(v, left, false, slope) || is_at_pixel(v, right, true, slope) ||
           is_at_pixel(v, above, false, slope) || is_at_pixel(v, below, true, slope);
}

void eg_zero_crossings_row(uint64_t *bits, const float *const rows[3], size_t width, float slope)
{
    memset(bits, 0, (width + 63) / 64 * sizeof *bits);
    for (size_t x = 0; x < width; x++)
        if (is_zero_crossing(rows, (ptrdiff_t)x, slope))
            bits[x / 64] |= UINT64_C(1) << x % 64;
}
