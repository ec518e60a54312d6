/* SPDX-License-Identifier: MIT */
/* The shape of a complete chain: curvature, smoothing, length, fewer points. */
#ifndef EG_EDGE_CHAINS_SHAPE_H
#define EG_EDGE_CHAINS_SHAPE_H

#include "edge/chains/chain_strip.h"

enum { EG_BLUR_STEPS = 256 };

/*
 * Displacement of curved edges by a Gaussian blur. The gradient of a blurred disc is greatest
 * inside its rim, by sigma^2 / (2 radius) if the radius is large (Verbeek and van Vliet, IEEE
 * Transactions on Pattern Analysis and Machine Intelligence 16, 1994). The table has the exact
 * solution: the gradient at the distance u from the centre of a disc of radius r, both in units of
 * sigma, is proportional to exp(-(u^2 + r^2) / 2) I1(u r), which has its maximum where
 * u = r (I0(u r) / I1(u r) - 1 / (u r)).
 */
typedef struct eg_blur_shift {
    double sigma;                    /* in pixels */
    double shift[EG_BLUR_STEPS + 1]; /* r - u for 1 / u = i / EG_BLUR_STEPS; never negative */
} eg_blur_shift;

void eg_blur_shift_init(eg_blur_shift *blur, double sigma);

/* Returns how far outside a line with that radius of curvature, in pixels, the edge lies. */
double eg_blur_shift_at(const eg_blur_shift *blur, double radius);

typedef struct eg_shaper {
    eg_context *ctx;
    eg_blur_shift blur;
    double smooth;     /* standard deviation along the line, in pixels; 0: not smoothed */
    double tolerance;  /* largest distance of points left out, in pixels; 0: none is */
    eg_growing points; /* eg_chain_point: the shaped line */
    eg_growing moved;  /* working memory */
    eg_growing plane;  /* pairs of doubles: x and y of the points */
    eg_growing edges;  /* eg_edge_point of them */
} eg_shaper;

/* Shapes an arranged line. *line and *detail are valid until the next call. */
eg_status eg_shape_line(eg_shaper *shaper, const eg_line *chain, eg_line *line,
                        eg_edge_detail *detail, eg_error *error);

void eg_shaper_release(eg_shaper *shaper);

#endif
