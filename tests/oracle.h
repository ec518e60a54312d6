/* SPDX-License-Identifier: MIT */
/*
 * Reference results from the definitions: double precision, two-dimensional weights, one pixel at a
 * time, borders by index. Shares no code with the library.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "support.h"

/* An image of doubles; pixel (x, y) is at[y * width + x]. */
typedef struct plane {
    size_t width, height;
    double *at;
} plane;

plane plane_new(size_t width, size_t height); /* zeroed; freed by plane_free() */
plane plane_of(const eg_grid *grid);
void plane_free(plane *p);

static inline double *plane_at(const plane *p, size_t x, size_t y)
{
    return &p->at[y * p->width + x];
}

enum { ORACLE_TAPS = 7 };

/* `x` holds taps * taps weights of d/dx, row by row; d/dy is the transpose. Tap `origin` is on the
 * pixel. response / divisor is in levels per pixel. For 8-bit samples Canny divides responses by
 * canny_divisor. */
typedef struct oracle_operator {
    const char *name;
    int taps, origin, divisor, canny_divisor;
    int x[ORACLE_TAPS * ORACLE_TAPS];
} oracle_operator;

/* Returns the operator with its literal weights; fails the test if the oracle lacks it. */
const oracle_operator *oracle_find(const char *name);

/* Return the maximum |response| to samples of 0 .. 1, and the sum of all |weights|. */
int oracle_max_response(const oracle_operator *op);
int oracle_weight(const oracle_operator *op);

/* Returns the index that the border rule maps i to; -1: constant value. */
ptrdiff_t oracle_border(ptrdiff_t i, size_t n, eg_border border);

/* Returns the radius in pixels of the Gaussian of `sigma` for samples of type `sample`. */
int oracle_radius(double sigma, eg_sample sample);

/* Blurs an image: EG_U8 in fixed point with one rounding, EG_F32 in doubles. sigma 0: a copy. */
plane oracle_blur(const plane *in, double sigma, eg_sample sample, eg_border border, double value);

/* Blurs an image of floats whose NaN samples are missing: the weighted mean of the valid ones; NaN
 * where none is within reach. sigma 0: a copy. */
plane oracle_blur_valid(const plane *in, double sigma, eg_border border, double value);

/* Computes the responses of the operator. */
void oracle_responses(const plane *in, const oracle_operator *op, eg_border border, double value,
                      plane *gx, plane *gy);

/* The same where NaN samples are missing: they equal the sample, or, of operators with an even
 * number of taps, the mean of the valid taps. NaN where the sample itself is missing. */
void oracle_responses_valid(const plane *in, const oracle_operator *op, eg_border border,
                            double value, plane *gx, plane *gy);

/* Returns one value of a map from the responses, in the unit of eg_gradient_map. */
double oracle_map(double gx, double gy, double divisor, eg_gradient_map map, eg_norm norm);

/* Returns the angle between two directions in degrees, at most 180. */
double degrees_apart(double a, double b);

/* Non-maximum suppression as in cv::Canny: magnitudes |gx| + |gy| or gx^2 + gy^2, zero outside.
 * `candidate` and `strong` receive 0 or 1 per pixel. Thresholds are in the magnitudes' unit. */
void oracle_thin(const plane *gx, const plane *gy, eg_norm norm, double low, double high,
                 uint8_t *candidate, uint8_t *strong);

/* Sets `edge` to 1 for magnitudes above the threshold, without thinning. */
void oracle_threshold(const plane *gx, const plane *gy, eg_norm norm, double level, uint8_t *edge);

/* Runs hysteresis with a queue of pixels: `edge` (0 or 1 per pixel) grows through `candidate`. */
void oracle_hysteresis(const uint8_t *candidate, uint8_t *edge, size_t width, size_t height);

/* Magnitudes of local maxima, |gx| + |gy| or the root of gx^2 + gy^2, freed by
 * oracle_maxima_free().
 */
typedef struct oracle_maxima {
    double *at;
    size_t count;
} oracle_maxima;

/* Appends the local maxima of an image: their magnitudes times `unit`, if that is at least `least`.
 */
void oracle_collect(oracle_maxima *maxima, const plane *gx, const plane *gy, eg_norm norm,
                    double unit, double least);
void oracle_maxima_free(oracle_maxima *maxima);

/* The split of local maxima into two classes with the largest between-class variance of the square
 * roots of their magnitudes (Otsu), from sorted magnitudes without bins. */
typedef struct oracle_split {
    double below, above;   /* largest magnitude of the lower class, smallest of the upper */
    double best, variance; /* variance of this split, and of the one at `threshold`; one unit */
} oracle_split;

oracle_split oracle_otsu(oracle_maxima *maxima, double threshold);

#endif
