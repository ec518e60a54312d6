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

/* Samples of the field around a pixel's that its refinement reads. */
enum { EG_REFINE_AROUND = 8 };

/* The gradient around edge pixels. Points follow the gradient that the edges were found in, but
 * within a pixel that of intensities: the square root that the former is taken of would move the
 * edges of antialiased shapes by up to 1/6 pixel. */
typedef struct eg_refiner {
    const eg_gradient_field *edges, *intensities; /* may be the same */
    const eg_channels *channels;                  /* those of the intensities */
    double sigma;                                 /* in samples of the field */
} eg_refiner;

/* Sets the point of an edge pixel: the maximum uphill along the direction of the gradient. Returns
 * false if there is none within 3 samples of the field. */
bool eg_refine_pixel(const eg_refiner *refiner, size_t x, size_t y, eg_chain_point *point);

#endif
