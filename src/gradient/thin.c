/* SPDX-License-Identifier: MIT */
/*
 * Non-maximum suppression. The line along the gradient leaves the pixel's neighbours between an
 * axial and a diagonal one, whose magnitudes are interpolated linearly, as in edge/canny.
 * Magnitudes count as equal if they differ by less than rounding errors can explain, so that an
 * even slope has no maxima.
 */
#include "gradient/thin.h"

#include <math.h>
#include <stdbool.h>

#define EQUAL 0x1p-16f /* relative difference of equal magnitudes */

/* Returns the magnitude where the line leaves the neighbours at (dx, dy), between the axial and the
 * diagonal one. `share` is that of the diagonal one. */
static float magnitude_beside(const float *const magnitude[3], ptrdiff_t x, int dx, int dy,
                              bool steep, float share)
{
    const float axial = steep ? magnitude[1 + dy][x] : magnitude[1][x + dx];
    const float diagonal = magnitude[1 + dy][x + dx];
    return share > 0 ? axial + share * (diagonal - axial) : axial;
}

static bool is_maximum(const float *const magnitude[3], ptrdiff_t x, float gx, float gy)
{
    const float m = magnitude[1][x], ax = fabsf(gx), ay = fabsf(gy);
    const bool steep = ay > ax;
    const float share = steep ? ax / ay : ay / ax;
    /* The neighbour behind is to the left, or above if the gradient is steep. */
    const int across = (gx < 0) == (gy < 0) ? 1 : -1;
    const int dx = steep ? across : 1, dy = steep ? 1 : across;
    const float behind = magnitude_beside(magnitude, x, -dx, -dy, steep, share);
    const float ahead = magnitude_beside(magnitude, x, dx, dy, steep, share);
    return m > behind * (1 + EQUAL) && m >= ahead * (1 - EQUAL);
}

void eg_thin_row(float *out, const float *const magnitude[3], const float *gx, const float *gy,
                 size_t width)
{
    for (size_t x = 0; x < width; x++) {
        const float m = magnitude[1][x];
        const bool keep = isnan(m) || (m > 0 && is_maximum(magnitude, (ptrdiff_t)x, gx[x], gy[x]));
        out[x] = keep ? m : 0;
    }
}
