/* SPDX-License-Identifier: MIT */
/* The methods that use curvature: seen in past steps (bb, lbfgs), or the Hessian (newton), or found
 * by trying. */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

/* The rate of the next step is s.s / s.y, the inverse of the curvature along the last one; what is
 * not positive says nothing, and the rate stays. */
eg_status eg_step_bb(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *x = eg_optimizer_vector(w, 0), *gradient = eg_optimizer_vector(w, 1);
    double square = 0, curved = 0;
    *outcome = EG_STEPPED;
    for (size_t i = 0; w->step > 0 && i < w->n; i++) {
        double s = w->now.x[i] - x[i], y = w->now.gradient[i] - gradient[i];
        square += s * s;
        curved += s * y;
    }
    if (curved > 0 && isfinite(square / curved))
        w->rate = square / curved;
    memcpy(x, w->now.x, w->n * sizeof *x);
    memcpy(gradient, w->now.gradient, w->n * sizeof *gradient);
    for (size_t i = 0; i < w->n; i++)
        w->next.x[i] = w->now.x[i] - w->rate * w->now.gradient[i];
    return eg_optimizer_evaluate(w, &w->next, error);
}

static double *past_step(eg_optimizer *w, size_t pair)
{
    return eg_optimizer_vector(w, pair % EG_HISTORY);
}

static double *past_change(eg_optimizer *w, size_t pair)
{
    return eg_optimizer_vector(w, EG_HISTORY + pair % EG_HISTORY);
}

static void add(double to[], double factor, const double what[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += factor * what[i];
}

/* The two loops of Nocedal and Wright, algorithm 7.4: direction = -H gradient. */
static void lbfgs_direction(eg_optimizer *w, double *direction)
{
    size_t n = w->n, oldest = w->pairs > EG_HISTORY ? w->pairs - EG_HISTORY : 0;
    for (size_t i = 0; i < n; i++)
        direction[i] = -w->now.gradient[i];
    for (size_t k = w->pairs; k-- > oldest;) {
        double *alpha = &w->alpha[k % EG_HISTORY];
        *alpha = w->rho[k % EG_HISTORY] * eg_dot_product(past_step(w, k), direction, n);
        add(direction, -*alpha, past_change(w, k), n);
    }
    if (w->pairs > 0) {
        const double *y = past_change(w, w->pairs - 1);
        double scale = 1 / (w->rho[(w->pairs - 1) % EG_HISTORY] * eg_dot_product(y, y, n));
        for (size_t i = 0; i < n; i++)
            direction[i] *= scale;
    }
    for (size_t k = oldest; k < w->pairs; k++) {
        double beta = w->rho[k % EG_HISTORY] * eg_dot_product(past_change(w, k), direction, n);
        add(direction, w->alpha[k % EG_HISTORY] - beta, past_step(w, k), n);
    }
}

/* Remembers the step just found unless the curvature along it is not positive. */
static void remember_pair(eg_optimizer *w)
{
    double *s = past_step(w, w->pairs), *y = past_change(w, w->pairs);
    for (size_t i = 0; i < w->n; i++) {
        s[i] = w->next.x[i] - w->now.x[i];
        y[i] = w->next.gradient[i] - w->now.gradient[i];
    }
    double curved = eg_dot_product(s, y, w->n);
    if (curved > 0 && isfinite(1 / curved))
        w->rho[w->pairs++ % EG_HISTORY] = 1 / curved;
}

eg_status eg_step_lbfgs(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(w, 2 * EG_HISTORY);
    double length;
    lbfgs_direction(w, direction);
    if (!(eg_dot_product(direction, w->now.gradient, w->n) <
          0)) { /* rounding has spoilt the pairs */
        w->pairs = 0;
        lbfgs_direction(w, direction);
    }
    double first = w->pairs > 0 ? 1 : fmin(1, 1 / eg_length(w->now.gradient, w->n));
    eg_status status = eg_search(w, direction, first * w->rate, 0.9, &length, outcome, error);
    if (status == EG_OK && *outcome == EG_STEPPED && eg_iterate_is_finite(&w->next, w->n))
        remember_pair(w);
    return status;
}

/* -|H|^-1 gradient: eigenvalues count by their size, so that no direction leads up to a saddle;
 * those near 0 are lifted, so that no step is endless. */
eg_status eg_step_newton(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(w, 0), length;
    eg_curvature curvature;
    eg_status status = eg_optimizer_curvature(w, w->now.x, &curvature, error);
    if (status != EG_OK)
        return status;
    memset(direction, 0, w->n * sizeof *direction);
    double largest = curvature.known ? fmax(fabs(curvature.least), fabs(curvature.most)) : 0;
    for (size_t k = 0; largest > 0 && k < w->n; k++) {
        const double *axis = w->basis + k * w->n;
        double size = fmax(fabs(w->eigenvalues[k]), 1e-10 * largest);
        add(direction, -eg_dot_product(axis, w->now.gradient, w->n) / size, axis, w->n);
    }
    for (size_t i = 0; !(largest > 0) && i < w->n; i++) /* no curvature to go by */
        direction[i] = -w->now.gradient[i];
    return eg_search(w, direction, w->rate, 0.9, &length, outcome, error);
}

/* The first length tried promises the decrease of the step before (Nocedal and Wright, 3.60). */
eg_status eg_step_line_search(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *direction = eg_optimizer_vector(w, 0), length;
    double slope = -eg_dot_product(w->now.gradient, w->now.gradient, w->n);
    for (size_t i = 0; i < w->n; i++)
        direction[i] = -w->now.gradient[i];
    double first =
        w->step > 0 && isfinite(w->last_slope / slope) ? w->rate * w->last_slope / slope : w->rate;
    eg_status status = eg_search(w, direction, first, 0.1, &length, outcome, error);
    w->last_slope = slope;
    if (length > 0)
        w->rate = length;
    return status;
}
