/* SPDX-License-Identifier: MIT */
/*
 * Missing samples of images: NaN or infinite samples of EG_F32 rows. Smoothing leaves them out
 * (normalised convolution: sum(w v f) / sum(w v), v being 1 for valid samples and 0 for missing
 * ones; Knutsson and Westin 1993). Difference operators take a missing neighbour to equal the
 * centre, so that a hole has no steps at its rim; the centre of an operator with an even number of
 * taps is between pixels and has the mean of the valid ones. Samples without a missing one within
 * reach give the bits that they give in an image without any.
 *
 * Both rules weaken the gradient of an even slope beside a hole, which would make a ridge of the
 * gradient where it recovers. So edges are thinned by corrected responses, those of the plane that
 * gives the responses found (normalised differential convolution, the same authors). What they need
 * is the shift of each smoothed sample: the mean distance of the samples it was made from.
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

/* A smoothed row, and the shifts of its samples: 0 without missing samples, NaN where no sample is
 * valid. The shifts may be NULL. */
typedef struct eg_smoothed {
    float *samples, *shift_x, *shift_y;
} eg_smoothed;

/* Replaces the smoothed samples that are not finite, because a missing sample was within reach, by
 * the normalised convolution, and sets their shifts. `rows` are those that the samples were
 * smoothed from. */
void eg_blur_around_missing(const eg_gradient_kernels *kernels, const eg_gaussian *gaussian,
                            const eg_smoothed *out, const void *const rows[], size_t width,
                            void *scratch);

/* Replaces the responses that are not finite by those with missing neighbours equal to the centre;
 * by 0 where the sample itself is missing. `rows` are the operator's rows. */
void eg_difference_around_missing(const eg_operator *op, float *gx, float *gy,
                                  const void *const rows[], size_t width);

/* Rows of shifts that the operator reads, and working memory: four rows of samples, and that of the
 * difference kernel. */
typedef struct eg_shift_rows {
    const void *x[EG_MAX_TAPS], *y[EG_MAX_TAPS];
    float *responses[4];
    void *scratch;
} eg_shift_rows;

/* Replaces responses that missing samples have influence on by corrected ones. A direction of which
 * the valid samples determine less than a fiftieth is left out; sets bit x % 64 of partial[x / 64]
 * for these responses, and clears the others. */
void eg_correct_responses(const eg_operator *op, eg_diff_kernel *diff, float *gx, float *gy,
                          const eg_shift_rows *shifts, size_t width, uint64_t *partial);

/* Records that an operation on `source` found a valid sample or none, and warns of the latter if it
 * had the whole raster. Warns of a nodata value of 8-bit samples, all of which are valid. */
void eg_note_valid(eg_source *source, bool any_valid);

#endif
