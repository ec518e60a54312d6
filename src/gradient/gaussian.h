/* SPDX-License-Identifier: MIT */
/* Weights of the Gaussian blur that precedes differencing. */
#ifndef EG_GRADIENT_GAUSSIAN_H
#define EG_GRADIENT_GAUSSIAN_H

#include "edgegrad.h"

#define EG_SIGMA_MAX 14.0
enum { EG_RADIUS_MAX = 56 }; /* 4 EG_SIGMA_MAX */

/* Symmetric kernel: weight 0 is the middle one, weight k applies to both samples at distance k. */
typedef struct eg_gaussian {
    size_t radius;                     /* 0: no smoothing */
    uint16_t fixed[EG_RADIUS_MAX + 1]; /* for 8-bit samples; sum of the kernel: 256 */
    float real[EG_RADIUS_MAX + 1];     /* for float samples; sum of the kernel: 1 */
} eg_gaussian;

/* Computes the kernel for `sigma`, in pixels, as cv::GaussianBlur does: for EG_U8 it ends at 3
 * sigma and is rounded to 1/256 with error diffusion, for floats it ends at 4 sigma. EG_USAGE:
 * sigma is negative, not finite or above EG_SIGMA_MAX. */
eg_status eg_gaussian_init(eg_gaussian *gaussian, double sigma, eg_sample sample, eg_error *error);

#endif
