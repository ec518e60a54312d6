/* SPDX-License-Identifier: MIT */
/*
 * Missing samples of images: NaN or infinite samples of EG_F32 rows. Smoothing leaves them out
 * (normalised convolution: sum(w v f) / sum(w v), v being 1 for valid samples and 0 for missing
 * ones; Knutsson and Westin 1993). Difference operators take a missing neighbour to equal the
 * centre, so that a hole has no steps at its rim; the centre of an operator with an even number of
 * taps is between pixels and has the mean of the valid ones. With either rule no plane gives a
 * larger response than without missing samples. Samples without a missing one within reach give the
 * bits that they give in an image without any.
 */
#ifndef EG_GRADIENT_MISSING_H
#define EG_GRADIENT_MISSING_H

#include <math.h>

#include "core/stream.h"
#include "gradient/gaussian.h"
#include "gradient/kernels.h"

static inline bool eg_is_missing(float sample)
{
    return !isfinite(sample);
}

/* Returns the value at the centre of the operator for the sample at column x, which is valid. */
float eg_operator_centre(const eg_operator *op, const void *const rows[], ptrdiff_t x);

/* Replaces the smoothed samples that are not finite, because a missing sample was within reach, by
 * the normalised convolution. `rows` are those that the samples in `out` were smoothed from. */
void eg_blur_around_missing(const eg_gradient_kernels *kernels, const eg_gaussian *gaussian,
                            float *out, const void *const rows[], size_t width, void *scratch);

/* Replaces the responses that are not finite by those with missing neighbours equal to the centre;
 * by 0 where the sample itself is missing. `rows` are the operator's rows. */
void eg_difference_around_missing(const eg_operator *op, float *gx, float *gy,
                                  const void *const rows[], size_t width);

/* Records that an operation on `source` found a valid sample or none, and warns of the latter if it
 * had the whole raster. Warns of a nodata value of 8-bit samples, all of which are valid. */
void eg_note_valid(eg_source *source, bool any_valid);

#endif
