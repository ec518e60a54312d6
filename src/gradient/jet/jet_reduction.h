/* SPDX-License-Identifier: MIT */
/*
 * Gaussian derivatives of large sigma on a reduced grid, which has a sample every `factor` pixels,
 * so that the work of a pixel does not grow with sigma. The image is smoothed by a small Gaussian
 * and sampled, derived there by the rest of the Gaussian, and the parts are interpolated by
 * polynomials of degree 7. All of it reproduces quadratics exactly; other images differ from the
 * sums over all pixels by less than 1e-6 of the largest value, because sigma is at least 5 samples
 * of the grid. The grid begins at pixel (0, 0): results do not depend on strips and tiles.
 */
#ifndef EG_GRADIENT_JET_JET_REDUCTION_H
#define EG_GRADIENT_JET_JET_REDUCTION_H

#include "gradient/jet/jet_weights.h"

enum {
    EG_REDUCTION_FACTOR_MAX = 16,
    EG_REDUCTION_RADIUS_MAX = 106, /* six times the sigma of the largest factor's smoothing */
    EG_REDUCED_RADIUS_MAX = 60,    /* six times the largest sigma on the grid */
    EG_REDUCTION_TAPS = 8,         /* samples of the grid that a value is interpolated from */
    EG_REDUCTION_BEFORE = 3        /* of them before the one at or before the pixel */
};

typedef struct eg_jet_reduction {
    size_t factor; /* pixels between samples, a power of two; 1: the grid is that of the image */
    size_t radius; /* of the smoothing before sampling */
    float smooth[EG_REDUCTION_RADIUS_MAX + 1]; /* its weights at distance k */
    /* Weights on the grid by order and distance, of derivatives per pixel and pixel squared. */
    size_t reduced_radius;
    float order[EG_JET_ORDERS][EG_REDUCED_RADIUS_MAX + 1];
    /* Weights of the samples of the grid for a pixel p pixels after one of them. */
    float interpolation[EG_REDUCTION_FACTOR_MAX][EG_REDUCTION_TAPS];
} eg_jet_reduction;

/* Chooses the reduction for the derivatives of a Gaussian of `sigma` pixels. */
void eg_jet_reduction_init(eg_jet_reduction *reduction, double sigma);

/* Returns the most pixels on one side of a pixel that a part depends on; factor > 1. */
size_t eg_jet_reduction_reach(const eg_jet_reduction *reduction);

#endif
