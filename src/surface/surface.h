/* SPDX-License-Identifier: MIT */
/* Functions shared by the files of surface analysis. Arrays have one element for each variable. */
#ifndef EG_SURFACE_SURFACE_H
#define EG_SURFACE_SURFACE_H

#include "edgegrad.h"

/* Upper bounds of the errors of value, gradient and Hessian (n x n) at a point that follow from the
 * rounding of the coordinates and of the evaluation; 1e-12 of the number where interval arithmetic
 * has no bound. Each pointer may be NULL. (rounding.c) */
typedef struct eg_rounding {
    double *value, *gradient, *hessian;
} eg_rounding;

eg_status eg_surface_rounding(const eg_expr *expr, const double point[], const eg_rounding *result,
                              eg_error *error);

/* Sets *smooth to true if no corner or jump of a function such as abs, floor or max lies in the
 * box, so that f is differentiable wherever its derivatives are finite. (smooth.c) */
eg_status eg_surface_is_smooth(const eg_expr *expr, const double low[], const double high[],
                               bool *smooth, eg_error *error);

/* Bounds a quantity over the piece from s0 to s1 of a segment, whose ends are 0 and 1. */
typedef eg_status eg_segment_bound(void *opaque, double s0, double s1, double *bound,
                                   eg_error *error);

/* Sets *largest to the largest bound over the pieces of a segment, the worst of which is halved
 * again and again. (segment.c) */
eg_status eg_largest_on_segment(eg_segment_bound *bound, void *opaque, double *largest,
                                eg_error *error);

/* Bounds the third derivative of f by the parameter of the segment; INFINITY if nothing is known.
 * (segment.c) */
eg_status eg_bound_third_derivative(const eg_expr *expr, const double from[], const double to[],
                                    double *bound, eg_error *error);

/* Returns the expression with the common factors of its terms in front, unless they are only
 * variables. (factor.c) */
eg_status eg_surface_factor(eg_expr **factored, const eg_expr *expr, eg_error *error);

/* Classifies an extremum by its eigenvalues, in ascending order, whose errors are up to
 * `tolerance`. (curvature.c) */
eg_extremum eg_classify_extremum(const double values[], size_t n, double tolerance);

/* Estimates the limit of `count` samples at distances that are halved from one to the next.
 * (limits.c) */
eg_limit eg_estimate_limit(const double samples[], size_t count);

/* Sets the path limits of `result`, whose `value` must be f at the point. (directional_limits.c) */
eg_status eg_surface_path_limits(const eg_expr *expr, const double point[], eg_surface *result,
                                 eg_error *error);

/* Estimates the limits along one path; value: f at the point, NaN if undefined.
 * (directional_limits.c) */
eg_status eg_surface_sample_path(const eg_expr *expr, const double point[], double value,
                                 eg_path_limit *path, eg_error *error);

/* Lists the paths to a point, at most EG_PATH_LIMITS, and returns their number.
 * (directional_limits.c) */
size_t eg_surface_paths(size_t variables, eg_path_limit *paths);

/* Returns the unit of sample distances: 1, or the largest |coordinate| if that is larger.
 * (directional_limits.c) */
double eg_surface_length_scale(const double point[], size_t n);

/* Computes the point at parameter t of a path. (directional_limits.c) */
void eg_surface_path_point(const eg_path_limit *path, const double point[], size_t n, double t,
                           double out[]);

static inline double eg_dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

#endif
