/* SPDX-License-Identifier: MIT */
#include "descent/probe.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define ROUNDING (64 * DBL_EPSILON)

/* A value that falls by less than this ratio to the fall on the quarter of the way before it comes
 * to a limit. The fall of a logarithm is constant. */
#define FALLING 0.7

enum { MOST_POINTS = 1100 }; /* of a ray: from the smallest double to the largest */

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
    double t = first;
    for (int k = 0; k < MOST_POINTS && t > 0 && t <= fmin(farthest, DBL_MAX); k++) {
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
        t *= 4;
    }
    return EG_OK;
}

/* Looks along one direction. */
static eg_status look_along(eg_optimizer *opt, const double direction[], double extent,
                            double margin, eg_surroundings *around, eg_error *error)
{
    double rounding = fmax(margin, ROUNDING * fabs(opt->current.value));
    double t = 1e-6;
    for (int k = 0; k < 6; k++) {
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
        t *= 10;
    }
    return EG_OK;
}

/* Fills direction number `index`: rows of `axes`, coordinate axes, diagonals, `also`, each also
 * reversed. Returns false past the last. */
static bool pick_direction(const eg_optimizer *opt, const double *axes, const double *also,
                           size_t index, double direction[])
{
    size_t n = opt->n, k = index / 2;
    double sign = index % 2 ? -1 : 1;
    if (k >= 2 * n + 2 + (also != NULL))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (k < n)
            direction[i] = sign * axes[k * n + i];
        else if (k < 2 * n)
            direction[i] = i == k - n ? sign : 0;
        else if (k == 2 * n + 2)
            direction[i] = sign * also[i];
        else
            direction[i] = (k == 2 * n && i % 2 ? -sign : sign) / sqrt((double)n);
    }
    return true;
}

eg_status eg_probe_around(eg_optimizer *opt, const double *axes, const double *also, double extent,
                          double margin, eg_surroundings *around, eg_error *error)
{
    double direction[EG_EXPR_VARIABLES] = {0};
    eg_status status = EG_OK;
    *around = (eg_surroundings){.level = true};
    for (size_t k = 0;
         status == EG_OK && !around->lower && pick_direction(opt, axes, also, k, direction); k++)
        status = look_along(opt, direction, extent, margin, around, error);
    return status;
}

/* ---- kinks ---- */

/* One end of the interval that contains a kink. */
typedef struct side {
    double t, slope, gradient[EG_EXPR_VARIABLES];
} side;

/* Evaluates the slope along the unit vector at current + t * direction. */
static eg_status evaluate_side(eg_optimizer *opt, const double direction[], double t, side *s,
                               eg_error *error)
{
    eg_status status = evaluate_at(opt, direction, t, error);
    s->t = t;
    s->slope = eg_dot_product(opt->next.gradient, direction, opt->n);
    memcpy(s->gradient, opt->next.gradient, opt->n * sizeof(double));
    return status;
}

/* Halves the interval until it is `narrow`. Sets *kink if the jump of the slope does not become
 * smaller with the last halvings. */
static eg_status narrow_down(eg_optimizer *opt, const double direction[], double narrow, side *low,
                             side *high, bool *kink, eg_error *error)
{
    double first = high->slope - low->slope, wide = NAN; /* jumps */
    eg_status status = EG_OK;
    side middle;
    while (status == EG_OK && high->t - low->t > narrow) {
        double width = high->t - low->t;
        if (isnan(wide) && width < 64 * narrow)
            wide = high->slope - low->slope;
        /* not in the middle, because kinks are at round numbers */
        double t = low->t + width * 0.493;
        if (!(t > low->t && t < high->t)) /* no number between them */
            return status;
        status = evaluate_side(opt, direction, t, &middle, error);
        if (!isfinite(middle.slope))
            return status;
        *(middle.slope < 0 ? low : high) = middle;
    }
    double jump = high->slope - low->slope;
    *kink = status == EG_OK && jump > 0.5 * wide && jump > 1e-6 * first && isfinite(jump);
    return status;
}

/* Computes the direction of steepest descent on the kink between both sides. */
static void descend_along(const side *low, const side *high, size_t n, double along[])
{
    double difference[EG_EXPR_VARIABLES] = {0};
    for (size_t i = 0; i < n; i++)
        difference[i] = high->gradient[i] - low->gradient[i];
    double square = eg_dot_product(difference, difference, n);
    double share = -eg_dot_product(difference, low->gradient, n) / square;
    share = fmin(1, fmax(0, share));
    for (size_t i = 0; i < n; i++)
        along[i] = -low->gradient[i] - share * difference[i];
    double length = eg_length(along, n);
    bool zero = !(length > 1e-9 * sqrt(square));
    for (size_t i = 0; i < n; i++)
        along[i] = zero ? 0 : along[i] / length;
}

eg_status eg_probe_kink(eg_optimizer *opt, const double a[], const double b[], bool *kink,
                        double along[], eg_error *error)
{
    double origin[EG_EXPR_VARIABLES] = {0}, direction[EG_EXPR_VARIABLES] = {0};
    double *current = opt->current.x;
    side low, high;
    *kink = false;
    for (size_t i = 0; i < opt->n; i++)
        direction[i] = b[i] - a[i];
    double length = eg_length(direction, opt->n);
    if (!(length > 0))
        return EG_OK;
    for (size_t i = 0; i < opt->n; i++)
        direction[i] /= length;
    memcpy(origin, a, opt->n * sizeof *a);
    double narrow = fmax(1e-11 * length, 1e-14 * eg_length(origin, opt->n));
    opt->current.x = origin; /* evaluate_at() starts here */
    eg_status status = evaluate_side(opt, direction, 0, &low, error);
    if (status == EG_OK)
        status = evaluate_side(opt, direction, length, &high, error);
    if (status == EG_OK && low.slope < 0 && high.slope > 0 && narrow < 1e-4 * length)
        status = narrow_down(opt, direction, narrow, &low, &high, kink, error);
    if (*kink)
        descend_along(&low, &high, opt->n, along);
    for (size_t i = 0; *kink && i < opt->n; i++)
        opt->next.x[i] = origin[i] + high.t * direction[i];
    opt->current.x = current;
    return status;
}
