/* SPDX-License-Identifier: MIT */
/* Methods that estimate the curvature from past steps (bb, lbfgs), compute it (newton) or replace
 * it by a line search (line-search). */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

/* Steps by s.s / s.y, the inverse of the curvature along the last step; by the last rate if that is
 * not positive. */
eg_status eg_step_bb(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *x = eg_optimizer_vector(opt, 0), *gradient = eg_optimizer_vector(opt, 1);
    double s_dot_s = 0, s_dot_y = 0;
    *outcome = EG_STEPPED;
    for (size_t i = 0; opt->step > 0 && i < opt->n; i++) {
        double s = opt->current.x[i] - x[i], y = opt->current.gradient[i] - gradient[i];
        s_dot_s += s * s;
        s_dot_y += s * y;
    }
    if (s_dot_y > 0 && isfinite(s_dot_s / s_dot_y))
        opt->rate = s_dot_s / s_dot_y;
    memcpy(x, opt->current.x, opt->n * sizeof *x);
    memcpy(gradient, opt->current.gradient, opt->n * sizeof *gradient);
    for (size_t i = 0; i < opt->n; i++)
        opt->next.x[i] = opt->current.x[i] - opt->rate * opt->current.gradient[i];
    return eg_optimizer_evaluate(opt, &opt->next, error);
}

static double *stored_s(eg_optimizer *opt, size_t pair)
{
    return eg_optimizer_vector(opt, pair % EG_HISTORY);
}

static double *stored_y(eg_optimizer *opt, size_t pair)
{
    return eg_optimizer_vector(opt, EG_HISTORY + pair % EG_HISTORY);
}

static void add_scaled(double sum[], double factor, const double vector[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += factor * vector[i];
}

/* Computes direction = -H gradient, H being the approximate inverse Hessian: the two-loop recursion
 * of Nocedal and Wright, algorithm 7.4. */
static void lbfgs_direction(eg_optimizer *opt, double *direction)
{
    size_t n = opt->n, oldest = opt->pairs > EG_HISTORY ? opt->pairs - EG_HISTORY : 0;
    for (size_t i = 0; i < n; i++)
        direction[i] = -opt->current.gradient[i];
    for (size_t k = opt->pairs; k-- > oldest;) {
        double *alpha = &opt->alpha[k % EG_HISTORY];
        *alpha = opt->rho[k % EG_HISTORY] * eg_dot_product(stored_s(opt, k), direction, n);
        add_scaled(direction, -*alpha, stored_y(opt, k), n);
    }
    if (opt->pairs > 0) {
        const double *y = stored_y(opt, opt->pairs - 1);
        double scale = 1 / (opt->rho[(opt->pairs - 1) % EG_HISTORY] * eg_dot_product(y, y, n));
        for (size_t i = 0; i < n; i++)
            direction[i] *= scale;
    }
    for (size_t k = oldest; k < opt->pairs; k++) {
        double beta = opt->rho[k % EG_HISTORY] * eg_dot_product(stored_y(opt, k), direction, n);
        add_scaled(direction, opt->alpha[k % EG_HISTORY] - beta, stored_s(opt, k), n);
    }
}

/* Stores the last step as a pair s, y if the curvature along it is positive. */
static void store_pair(eg_optimizer *opt)
{
    double *s = stored_s(opt, opt->pairs), *y = stored_y(opt, opt->pairs);
    for (size_t i = 0; i < opt->n; i++) {
        s[i] = opt->next.x[i] - opt->current.x[i];
        y[i] = opt->next.gradient[i] - opt->current.gradient[i];
    }
    double s_dot_y = eg_dot_product(s, y, opt->n);
    if (s_dot_y > 0 && isfinite(1 / s_dot_y))
        opt->rho[opt->pairs++ % EG_HISTORY] = 1 / s_dot_y;
}

eg_status eg_step_lbfgs(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(opt, 2 * EG_HISTORY);
    double length;
    lbfgs_direction(opt, direction);
    /* Discard the pairs if rounding error has made the direction one of ascent. */
    if (!(eg_dot_product(direction, opt->current.gradient, opt->n) < 0)) {
        opt->pairs = 0;
        lbfgs_direction(opt, direction);
    }
    double first = opt->pairs > 0 ? 1 : fmin(1, 1 / eg_length(opt->current.gradient, opt->n));
    eg_status status = eg_search(opt, direction, first * opt->rate, 0.9, &length, outcome, error);
    if (status == EG_OK && *outcome == EG_STEPPED && eg_iterate_is_finite(&opt->next, opt->n))
        store_pair(opt);
    return status;
}

/* Steps along -|H|^-1 gradient. Absolute eigenvalues, because negative ones would lead uphill to a
 * saddle; at least 1e-10 of the largest, to bound the step. */
eg_status eg_step_newton(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(opt, 0), length;
    eg_eigenvalue_range curvature;
    eg_status status = eg_optimizer_curvature(opt, opt->current.x, &curvature, error);
    if (status != EG_OK)
        return status;
    memset(direction, 0, opt->n * sizeof *direction);
    double largest = curvature.known ? fmax(fabs(curvature.min), fabs(curvature.max)) : 0;
    for (size_t k = 0; largest > 0 && k < opt->n; k++) {
        const double *axis = opt->eigenvectors + k * opt->n;
        double size = fmax(fabs(opt->eigenvalues[k]), 1e-10 * largest);
        add_scaled(direction, -eg_dot_product(axis, opt->current.gradient, opt->n) / size, axis,
                   opt->n);
    }
    for (size_t i = 0; !(largest > 0) && i < opt->n; i++) /* unknown or no curvature */
        direction[i] = -opt->current.gradient[i];
    return eg_search(opt, direction, opt->rate, 0.9, &length, outcome, error);
}

/* The first length tried keeps the first-order change of the step before (Nocedal and Wright,
 * section 3.5, "Initial step length"). */
eg_status eg_step_line_search(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(opt, 0), length;
    double slope = -eg_dot_product(opt->current.gradient, opt->current.gradient, opt->n);
    for (size_t i = 0; i < opt->n; i++)
        direction[i] = -opt->current.gradient[i];
    double first = opt->step > 0 && isfinite(opt->last_slope / slope)
                       ? opt->rate * opt->last_slope / slope
                       : opt->rate;
    eg_status status = eg_search(opt, direction, first, 0.1, &length, outcome, error);
    opt->last_slope = slope;
    if (length > 0)
        opt->rate = length;
    return status;
}
