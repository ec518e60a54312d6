/* SPDX-License-Identifier: MIT */
/*
 * Position of an edge between the pixels: the maximum of the gradient along its direction.
 *
 * Across a straight edge the magnitude of Gaussian derivatives is a Gaussian. So the logarithms of
 * the magnitudes are interpolated, which a bicubic does exactly where they are quadratic, and a
 * parabola through three of them along the direction has its top on the edge at any angle. The
 * parabola of Devernay (INRIA report 2724, 1995) through magnitudes is off by up to 0.1 pixels,
 * depending on the angle (Grompone von Gioi and Randall, Image Processing On Line 7, 2017).
 */
#ifndef EG_EDGE_CHAINS_REFINE_H
#define EG_EDGE_CHAINS_REFINE_H

#include "edge/chains/chain_strip.h"
#include "gradient/tensor.h"

/* Samples of the field and of the channels around a pixel's that its refinement reads. */
enum { EG_REFINE_AROUND = 6 };

/* The gradient around edge pixels, of channels that are intensities. */
typedef struct eg_refiner {
    const eg_gradient_field *field;
    const eg_channels *channels;
    double sigma; /* in samples of the field */
} eg_refiner;

/* Sets the point of an edge pixel. A pixel without a maximum of the gradient closer than 1.5
 * samples of the field keeps its own position. */
void eg_refine_pixel(const eg_refiner *refiner, size_t x, size_t y, eg_chain_point *point);

#endif
