/* SPDX-License-Identifier: MIT */
/* Warnings of images without edges, and of samples that are too large for the operator. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/stream.h"
#include "edge/canny/canny.h"

/* ---- images without edges ---- */

/* Looks at the magnitudes of a row up to the first gradient. */
static unsigned look_at_magnitudes(eg_magnitude_kind kind, const void *mag, size_t width)
{
    unsigned seen = 0;
    for (size_t x = 0; x < width && !(seen & EG_SEEN_GRADIENT); x++) {
        double m = kind == EG_MAGNITUDE_I16_L1   ? ((const int16_t *)mag)[x]
                   : kind == EG_MAGNITUDE_I16_L2 ? ((const int32_t *)mag)[x]
                                                 : (double)((const float *)mag)[x];
        seen |= m > 0 ? EG_SEEN_GRADIENT : m <= 0 ? EG_SEEN_ZERO : EG_SEEN_NAN;
    }
    return seen;
}

/* Returns true if the samples of a row of a plane equal each other and those of the row above. */
static bool is_constant_row(const eg_band *band, size_t y, size_t plane, eg_sample sample)
{
    const size_t bytes = eg_row_bytes(sample, 1);
    const char *row = eg_band_plane(band, (ptrdiff_t)y, plane);
    const char *above = y > 0 ? eg_band_plane(band, (ptrdiff_t)y - 1, plane) : row;
    return memcmp(row, row + bytes, (band->width - 1) * bytes) == 0 &&
           memcmp(row, above, bytes) == 0;
}

unsigned eg_canny_look(const eg_canny *canny, const eg_band *band, size_t y, const void *mag,
                       size_t width)
{
    unsigned seen = look_at_magnitudes(canny->scale.kind, mag, width);
    for (size_t i = 0; i < canny->colours; i++)
        if (!is_constant_row(band, y, i, canny->derivative.sample))
            seen |= EG_SEEN_DIFFERENCE;
    return seen;
}

void eg_canny_warn_empty(eg_source *source, const eg_magnitude_histogram *sum)
{
    const unsigned seen = sum->seen;
    const char *reason;
    if (seen & EG_SEEN_GRADIENT)
        reason = eg_is_float_magnitude(sum->scale.kind)
                     ? "its gradient has no local maximum"
                     : "no gradient reaches half a level per pixel";
    else if (seen & EG_SEEN_NAN)
        reason =
            seen & EG_SEEN_ZERO ? "no finite gradient differs from 0" : "no gradient is finite";
    else
        reason = seen & EG_SEEN_DIFFERENCE ? "all gradients are 0" : "is constant";
    eg_source_warn(source, "%s: there are no edges", reason);
}

/* ---- overflow ---- */

/* Returns the largest absolute value of samples that cannot make a sum of the Gaussian or the
 * operator overflow, nor a magnitude. */
static double largest_safe_sample(const eg_operator *op)
{
    double smooth = 0, diff = 0;
    for (int i = 0; i < op->taps; i++) {
        smooth += op->smooth[i];
        diff += abs(op->diff[i]);
    }
    return (double)FLT_MAX / (2 * smooth * diff);
}

bool eg_canny_may_overflow(const eg_canny *canny, const eg_band *band, size_t y0, size_t y1)
{
    if (canny->derivative.sample != EG_F32)
        return false;
    const float limit = (float)largest_safe_sample(canny->derivative.op);
    for (size_t y = y0; y < y1; y++)
        for (size_t i = 0; i < canny->colours; i++)
            if (canny->kernels->exceeds(eg_band_plane(band, (ptrdiff_t)y, i), band->width, limit))
                return true;
    return false;
}

void eg_canny_warn_of_overflow(const eg_canny *canny, eg_source *source)
{
    bool exceeds = false;
    for (size_t k = 0; k < canny->strip_count; k++)
        exceeds |= canny->strips[k].exceeds;
    if (exceeds)
        eg_source_warn(source,
                       "has samples beyond %.2g: gradients near them may overflow, and then mark "
                       "no edges",
                       largest_safe_sample(canny->derivative.op));
}
