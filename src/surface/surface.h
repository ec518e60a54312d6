/* SPDX-License-Identifier: MIT */
/* What the parts of the mathematics of surfaces share. Arrays have a number for each variable. */
#ifndef EG_SURFACE_SURFACE_H
#define EG_SURFACE_SURFACE_H

#include "edgegrad.h"

/* How far off the value, the gradient and the Hessian (n x n) at a point may be because coordinates
 * are rounded and so is the evaluation; each may be NULL. Where interval arithmetic knows nothing:
 * 1e-12 of the number. (rounding.c) */
typedef struct eg_rounding {
    double *value, *gradient, *hessian;
} eg_rounding;

eg_status eg_surface_rounding(const eg_expr *expr, const double point[], const eg_rounding *result,
                              eg_error *error);

/* Whether f is as often differentiable as its formula says over a box: no kink or jump of a
 * function in it (abs, floor, max ...) can lie there. (smooth.c) */
eg_status eg_surface_smooth(const eg_expr *expr, const double low[], const double high[],
                            bool *smooth, eg_error *error);

/* Which signs eigenvalues have that may be off by `tolerance`. (curvature.c) */
eg_extremum eg_extremum_of(const double values[], size_t n, double tolerance);

/* Where `count` numbers tend to that were sampled at halved distances, the nearest last. (limits.c)
 */
eg_limit eg_limit_of(const double samples[], size_t count);

/* Tries every approach there is place for and says what they come to, `value` being f at the point.
 * (approach.c) */
eg_status eg_surface_surroundings(const eg_expr *expr, const double point[], eg_surface *result,
                                  eg_error *error);

/* Puts the ways to the point into `ways` (EG_PATH_LIMITS of them) and returns how many.
 * (approach.c) */
size_t eg_surface_directions(size_t variables, eg_path_limit *ways);

/* The unit of the distances that are sampled at. (approach.c) */
double eg_surface_reach(const double point[], size_t n);

/* The point at distance t on a way. (approach.c) */
void eg_surface_walk(const eg_path_limit *way, const double point[], size_t n, double t,
                     double out[]);

static inline double eg_dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

#endif
