/* SPDX-License-Identifier: MIT */
/*
 * Weights of a Gaussian and its derivatives of first and second order, sampled at whole pixels out
 * to six sigma, where less than 1e-7 of the second derivative remains. Their moments are exact: the
 * Gaussian sums to 1, the derivatives map 1, x and x^2 to their derivatives, for any sigma. They
 * are therefore also those of the quadratic that fits the samples best, weighted by the Gaussian.
 */
#ifndef EG_GRADIENT_JET_WEIGHTS_H
#define EG_GRADIENT_JET_WEIGHTS_H

#include "edgegrad.h"

#define EG_JET_SIGMA_LEAST 0.3
#define EG_JET_SIGMA_MOST  128.0
enum { EG_JET_RADIUS_MAX = 770, EG_JET_ORDERS = 3 };

/* Weights at distance k, by order. Those of order 0 and 2 are symmetric; order 1 has its negative
 * on the other side. */
typedef struct eg_jet_weights {
    size_t radius;
    double exact[EG_JET_ORDERS][EG_JET_RADIUS_MAX + 2];
    float order[EG_JET_ORDERS][EG_JET_RADIUS_MAX + 2];
    double variance; /* of the weights of order 0 */
} eg_jet_weights;

/* Computes the weights for `sigma` in pixels: 0, or EG_JET_SIGMA_LEAST .. EG_JET_SIGMA_MOST. Sigma
 * 0 gives the limit: central differences, and 1 -2 1. */
void eg_jet_weights_gaussian(eg_jet_weights *weights, double sigma);

/* Computes those of differences, -1/2 0 1/2 and 1 -2 1, after smoothing by a Gaussian of `sigma`.
 */
void eg_jet_weights_differences(eg_jet_weights *weights, double sigma);

/* Computes those of order 0 and 1 of Farid and Simoncelli (Differentiation of Discrete
 * Multidimensional Signals, IEEE Trans. Image Processing 13, 2004), five taps whose directions err
 * least, after smoothing by a Gaussian of `sigma`. They map 1 and x to 1. */
void eg_jet_weights_farid(eg_jet_weights *weights, double sigma);

#endif
