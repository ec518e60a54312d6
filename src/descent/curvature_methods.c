/* SPDX-License-Identifier: MIT */
/* Methods that estimate the curvature from past steps (bb, lbfgs), compute it (newton) or replace
 * it by a line search (line-search). */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

/* Returns the highest value of the last steps. */
static double highest_recent(const eg_optimizer *opt)
{
    double highest = opt->current.value;
    for (size_t k = 0; k < EG_RECENT && k < opt->step; k++)
        highest = fmax(highest, opt->recent[k]);
    return highest;
}

/* Shortens the step against the gradient until the value is sufficiently below the highest of the
 * last ten (Grippo, Lampariello and Lucidi 1986). */
static eg_status nonmonotone_search(eg_optimizer *opt, double length, eg_step_outcome *outcome,
                                    eg_error *error)
{
    enum { MAX_TRIALS = 100 };
    double highest = highest_recent(opt);
    double norm = eg_length(opt->current.gradient, opt->n);
    opt->recent[opt->step % EG_RECENT] = opt->current.value;
    for (int trials = 0; trials < MAX_TRIALS; trials++) {
        for (size_t i = 0; i < opt->n; i++)
            opt->next.x[i] = opt->current.x[i] - length * opt->current.gradient[i];
        eg_status status = eg_optimizer_evaluate(opt, &opt->next, error);
        if (status != EG_OK)
            return status;
        bool finite = eg_iterate_is_finite(&opt->next, opt->n);
        double slope = length * norm * norm;
        opt->rate = length;
        if (finite && !eg_is_rise(highest - 1e-4 * slope, opt->next.value))
            return EG_OK;
        double curved = opt->next.value - opt->current.value + slope;
        double minimum = finite && curved > 0 ? slope / (2 * curved) : 0.1;
        length *= fmin(0.5, fmax(0.1, minimum)); /* of the parabola */
    }
    *outcome = EG_NO_DESCENT;
    return EG_OK;
}

/* Steps by s.s / s.y, the inverse of the curvature along the last step. If that is not positive the
 * function is concave there: the last rate is enlarged. */
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
    else if (opt->step > 0 && opt->rate < 1e100)
        opt->rate *= 4;
    memcpy(x, opt->current.x, opt->n * sizeof *x);
    memcpy(gradient, opt->current.gradient, opt->n * sizeof *gradient);
    return nonmonotone_search(opt, opt->rate, outcome, error);
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
