/* SPDX-License-Identifier: MIT */
#include "descent/probe.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define ROUNDING (64 * DBL_EPSILON)

/* A value that falls by less than this ratio to the fall on the quarter of the way before it comes
 * to a limit. The fall of a logarithm is constant. */
#define FALLING 0.7

/* Evaluates the objective, of all data, at current + t * direction into opt->next. */
static eg_status evaluate_at(eg_optimizer *opt, const double direction[], double t, eg_error *error)
{
    bool stochastic = opt->stochastic;
    for (size_t i = 0; i < opt->n; i++)
        opt->next.x[i] = opt->current.x[i] + t * direction[i];
    opt->stochastic = false;
    eg_status status = eg_optimizer_evaluate(opt, &opt->next, error);
    opt->stochastic = stochastic;
    return status;
}

eg_status eg_probe_ray(eg_optimizer *opt, const double direction[], double first, double farthest,
                       eg_ray *ray, eg_error *error)
{
    double fall = 0, before = opt->current.value;
    double rounding = ROUNDING * fabs(before);
    *ray = (eg_ray){EG_RAY_RISES, 0, before};
    for (double t = first; t <= farthest; t *= 4) {
        eg_status status = evaluate_at(opt, direction, t, error);
        if (status != EG_OK)
            return status;
        double value = opt->next.value;
        if (value == -INFINITY) {
            *ray = (eg_ray){EG_RAY_FALLS, t, value};
            return EG_OK;
        }
        double slope = eg_dot_product(opt->next.gradient, direction, opt->n);
        if (!(value <= before + rounding) || slope > 0)
            return EG_OK;
        double last_fall = fall;
        fall = before - value;
        *ray = (eg_ray){EG_RAY_RISES, t, value};
        if (t * 4 > farthest && value < opt->current.value - rounding)
            ray->end = fall > FALLING * last_fall && fall > 1e-9 * fabs(value) ? EG_RAY_FALLS
                                                                               : EG_RAY_TO_LIMIT;
        else if (t * 4 > farthest && value <= opt->current.value)
            ray->end = EG_RAY_TO_LIMIT;
        before = value;
    }
    return EG_OK;
}

/* Looks along one direction. */
static eg_status look_along(eg_optimizer *opt, const double direction[], double extent,
                            double margin, eg_surroundings *around, eg_error *error)
{
    double rounding = fmax(margin, ROUNDING * fabs(opt->current.value));
    for (double t = 1e-6; t < 0.2; t *= 10) {
        eg_status status = evaluate_at(opt, direction, t * extent, error);
        if (status != EG_OK)
            return status;
        double change = opt->next.value - opt->current.value;
        if (change != 0 && t < 1e-2) /* NaN, too */
            around->level = false;
        if (!(change <= rounding))
            return EG_OK;
        if (change < -100 * rounding) {
            around->lower = true;
            memcpy(opt->next.x, direction, opt->n * sizeof *direction);
            return EG_OK;
        }
    }
    return EG_OK;
}

/* Fills direction number `index`: rows of `axes`, coordinate axes, diagonals, each also reversed.
 * Returns false past the last. */
static bool pick_direction(const eg_optimizer *opt, const double *axes, size_t index,
                           double direction[])
{
    size_t n = opt->n, k = index / 2;
    double sign = index % 2 ? -1 : 1;
    if (k >= 2 * n + 2)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (k < n)
            direction[i] = sign * axes[k * n + i];
        else if (k < 2 * n)
            direction[i] = i == k - n ? sign : 0;
        else
            direction[i] = (k == 2 * n && i % 2 ? -sign : sign) / sqrt((double)n);
    }
    return true;
}

eg_status eg_probe_around(eg_optimizer *opt, const double *axes, double extent, double margin,
                          eg_surroundings *around, eg_error *error)
{
    double direction[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    *around = (eg_surroundings){.level = true};
    for (size_t k = 0; status == EG_OK && !around->lower && pick_direction(opt, axes, k, direction);
         k++)
        status = look_along(opt, direction, extent, margin, around, error);
    return status;
}

/* Computes the slope along the unit vector at current + t * direction. */
static eg_status slope_at(eg_optimizer *opt, const double direction[], double t, double *slope,
                          eg_error *error)
{
    eg_status status = evaluate_at(opt, direction, t, error);
    *slope = eg_dot_product(opt->next.gradient, direction, opt->n);
    return status;
}

eg_status eg_probe_kink(eg_optimizer *opt, const double a[], const double b[], bool *kink,
                        eg_error *error)
{
    double origin[EG_EXPR_VARIABLES], direction[EG_EXPR_VARIABLES], *current = opt->current.x;
    double low_slope = 0, high_slope = 0;
    eg_status status;
    *kink = false;
    for (size_t i = 0; i < opt->n; i++)
        direction[i] = b[i] - a[i];
    double low = 0, high = eg_length(direction, opt->n);
    for (size_t i = 0; high > 0 && i < opt->n; i++)
        direction[i] /= high;
    memcpy(origin, a, opt->n * sizeof *a);
    double size = eg_length(origin, opt->n);
    opt->current.x = origin; /* evaluate_at() starts here */
    status = slope_at(opt, direction, low, &low_slope, error);
    if (status == EG_OK)
        status = slope_at(opt, direction, high, &high_slope, error);
    double jump = high_slope - low_slope, narrow = fmax(1e-11 * high, 1e-14 * size);
    bool falls_and_rises = low_slope < 0 && high_slope > 0 && narrow < 1e-4 * high;
    while (status == EG_OK && falls_and_rises && high - low > narrow) {
        double middle = low + (high - low) * 0.493, slope; /* misses kinks at round numbers */
        status = slope_at(opt, direction, middle, &slope, error);
        *(slope < 0 ? &low : &high) = middle;
        *(slope < 0 ? &low_slope : &high_slope) = slope;
        falls_and_rises = isfinite(slope);
    }
    if (status == EG_OK && falls_and_rises)
        *kink = high_slope - low_slope > 1e-3 * jump && isfinite(jump);
    for (size_t i = 0; i < opt->n; i++)
        opt->next.x[i] = origin[i] + high * direction[i];
    opt->current.x = current;
    return status;
}
