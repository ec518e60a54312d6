/* SPDX-License-Identifier: MIT */
/*
 * What the library should compute, from the definitions: double precision, two-dimensional weights,
 * one pixel at a time, borders by folding indices. Shares no code with the library.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "support.h"

/* An image of doubles; pixel (x, y) is at[y * width + x]. */
typedef struct plane {
    size_t width, height;
    double *at;
} plane;

plane plane_new(size_t width, size_t height); /* zeroed; free with plane_free() */
plane plane_of(const eg_grid *grid);
void plane_free(plane *p);

static inline double *plane_at(const plane *p, size_t x, size_t y)
{
    return &p->at[y * p->width + x];
}

enum { ORACLE_TAPS = 7 };

/* `x` holds taps * taps weights, row by row; those of d/dy are its transpose. Tap `origin` stands
 * on the pixel. sum / divisor is in levels a pixel. Canny on 8-bit samples divides sums by `canny`.
 */
typedef struct oracle_operator {
    const char *name;
    int taps, origin, divisor, canny;
    int x[ORACLE_TAPS * ORACLE_TAPS];
} oracle_operator;

/* The operator's literal weights; a failed test if the library has one the oracle does not know. */
const oracle_operator *oracle_find(const char *name);

/* The greatest |sum| that samples of 0 .. 1 can give, and the sum of all |weights|. */
int oracle_most(const oracle_operator *op);
int oracle_weight(const oracle_operator *op);

/* Where index i of n lies after applying the border rule, -1: at the constant value. */
ptrdiff_t oracle_border(ptrdiff_t i, size_t n, eg_border border);

/* Pixels left and right that a Gaussian of `sigma` reaches on samples of `sample`. */
int oracle_radius(double sigma, eg_sample sample);

/* Smoothed: EG_U8 in fixed point, one rounding; EG_F32 in doubles. sigma 0: a copy. */
plane oracle_blur(const plane *in, double sigma, eg_sample sample, eg_border border, double value);

/* The operator's weighted sums. */
void oracle_sums(const plane *in, const oracle_operator *op, eg_border border, double value,
                 plane *gx, plane *gy);

/* One value of a map from the sums of an operator, in the unit eg_gradient_map states. */
double oracle_map(double gx, double gy, double divisor, eg_gradient_map map, eg_norm norm);

/* How far two directions are apart, at most 180. */
double degrees_apart(double a, double b);

/* Canny as cv::Canny words it, for sums that are integers: magnitudes |gx| + |gy| or gx^2 + gy^2,
 * zero outside; candidate and strong receive 0 or 1 a pixel. Thresholds in the magnitudes' unit. */
void oracle_thin(const plane *gx, const plane *gy, eg_norm norm, double low, double high,
                 uint8_t *candidate, uint8_t *strong);

/* The same without thinning. */
void oracle_above(const plane *gx, const plane *gy, eg_norm norm, double level, uint8_t *edge);

/* Hysteresis by a queue of pixels: `edge` (0 or 1 a pixel) grows through `candidate`. */
void oracle_link(const uint8_t *candidate, uint8_t *edge, size_t width, size_t height);

#endif
