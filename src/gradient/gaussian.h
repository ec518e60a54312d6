/* SPDX-License-Identifier: MIT */
/* Weights of the Gaussian that may come before the differences. */
#ifndef EG_GRADIENT_GAUSSIAN_H
#define EG_GRADIENT_GAUSSIAN_H

#include "edgegrad.h"

#define EG_SIGMA_MAX 14.0
enum { EG_RADIUS_MAX = 56 }; /* 4 sigma */

/* weight[0] belongs to the middle; weight[k] to both samples k away. */
typedef struct eg_gaussian {
    size_t radius;                     /* 0: no smoothing */
    uint16_t fixed[EG_RADIUS_MAX + 1]; /* 8-bit samples: fixed point, 256 in all */
    float real[EG_RADIUS_MAX + 1];     /* float samples: 1 in all */
} eg_gaussian;

/* For samples of `sample`: 8-bit kernels reach 3 sigma and are rounded to 1/256 with the error
 * carried on from weight to weight, float kernels reach 4 sigma, both as cv::GaussianBlur chooses
 * them. EG_USAGE for a sigma that is negative, not finite or over EG_SIGMA_MAX. */
eg_status eg_gaussian_init(eg_gaussian *gaussian, double sigma, eg_sample sample, eg_error *error);

#endif
