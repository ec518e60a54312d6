/* SPDX-License-Identifier: MIT */
/*
 * A line search for the strong Wolfe conditions: Nocedal and Wright, Numerical Optimization (2nd
 * ed. 2006), algorithms 3.5 (bracket) and 3.6 (zoom), with the cubic of their (3.59) to choose
 * points.
 */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

#define SUFFICIENT_DECREASE 1e-4 /* c1 */

enum { MAX_TRIALS = 50 };

/* The objective at x + t * direction; `slope` is its derivative by t. */
typedef struct line_trial {
    double t, value, slope;
} line_trial;

typedef struct line_search {
    eg_optimizer *opt;
    const double *direction;
    line_trial origin;
    double c2;
    int trials;
} line_search;

/* Evaluates the objective at t, into s->opt->next. Infinite values if it is not finite there. */
static eg_status evaluate_trial(line_search *s, double t, line_trial *found, eg_error *error)
{
    eg_optimizer *opt = s->opt;
    for (size_t i = 0; i < opt->n; i++)
        opt->next.x[i] = opt->current.x[i] + t * s->direction[i];
    s->trials++;
    eg_status status = eg_optimizer_evaluate(opt, &opt->next, error);
    bool finite = eg_iterate_is_finite(&opt->next, opt->n);
    *found =
        (line_trial){t, finite ? opt->next.value : INFINITY,
                     finite ? eg_dot_product(opt->next.gradient, s->direction, opt->n) : INFINITY};
    return status;
}

/* Tests the sufficient decrease (Armijo) condition, or its approximate form by slopes (Hager and
 * Zhang 2005), because near the minimum the required decrease is below the value's rounding error.
 */
static bool has_sufficient_decrease(const line_search *s, const line_trial *p)
{
    double rounding = 1e-15 * fabs(s->origin.value);
    return p->value <= s->origin.value + SUFFICIENT_DECREASE * p->t * s->origin.slope ||
           (p->value <= s->origin.value + rounding &&
            p->slope <= (2 * SUFFICIENT_DECREASE - 1) * s->origin.slope);
}

/* Tests the strong curvature condition. */
static bool meets_curvature_condition(const line_search *s, const line_trial *p)
{
    return fabs(p->slope) <= -s->c2 * s->origin.slope;
}

/* Returns the minimum of the cubic through both; the middle of the interval if that is within a
 * tenth of an end. */
static double interpolate_cubic(const line_trial *a, const line_trial *b)
{
    double width = b->t - a->t, middle = a->t + 0.5 * width;
    if (!isfinite(b->value))
        return a->t + 0.1 * width;
    double d1 = a->slope + b->slope - 3 * (a->value - b->value) / (a->t - b->t);
    double root = d1 * d1 - a->slope * b->slope;
    if (!(root >= 0))
        return middle;
    double d2 = copysign(sqrt(root), width);
    double t = b->t - width * (b->slope + d2 - d1) / (b->slope - a->slope + 2 * d2);
    double near_a = a->t + 0.1 * width, near_b = b->t - 0.1 * width;
    return isfinite(t) && (t - near_a) * (t - near_b) <= 0 ? t : middle;
}

/* Algorithm 3.6: narrows the interval from `low`, the best trial so far, to `high`, which contains
 * an acceptable step. */
static eg_status zoom(line_search *s, line_trial low, line_trial high, line_trial *found,
                      eg_step_outcome *outcome, eg_error *error)
{
    eg_status status = EG_OK;
    while (s->trials < MAX_TRIALS) {
        status = evaluate_trial(s, interpolate_cubic(&low, &high), found, error);
        if (status != EG_OK)
            return status;
        if (!has_sufficient_decrease(s, found) || found->value > low.value) {
            high = *found;
        } else {
            if (meets_curvature_condition(s, found))
                return EG_OK;
            if (found->slope * (high.t - low.t) >= 0)
                high = low;
            low = *found;
        }
    }
    *outcome = low.t > 0 ? EG_STEPPED : EG_NO_DESCENT;
    return evaluate_trial(s, low.t, found, error);
}

/* Algorithm 3.5: lengthens the step until an interval contains an acceptable one. */
static eg_status bracket(line_search *s, double first, line_trial *found, eg_step_outcome *outcome,
                         eg_error *error)
{
    line_trial previous = s->origin;
    double t = first;
    while (s->trials < MAX_TRIALS) {
        eg_status status = evaluate_trial(s, t, found, error);
        if (status != EG_OK)
            return status;
        if (!has_sufficient_decrease(s, found) || (s->trials > 1 && found->value > previous.value))
            return zoom(s, previous, *found, found, outcome, error);
        if (meets_curvature_condition(s, found))
            return EG_OK;
        if (found->slope >= 0)
            return zoom(s, *found, previous, found, outcome, error);
        previous = *found;
        t *= 4;
    }
    return EG_OK; /* still descending: perhaps unbounded below */
}

eg_status eg_search(eg_optimizer *opt, const double direction[], double first, double c2,
                    double *length, eg_step_outcome *outcome, eg_error *error)
{
    line_search s = {.opt = opt, .direction = direction, .c2 = c2};
    s.origin = (line_trial){0, opt->current.value,
                            eg_dot_product(opt->current.gradient, direction, opt->n)};
    line_trial found = s.origin;
    *outcome = EG_STEPPED;
    *length = 0;
    if (!(s.origin.slope < 0)) {
        *outcome = EG_NO_DESCENT;
        return EG_OK;
    }
    eg_status status = bracket(&s, first, &found, outcome, error);
    *length = found.t;
    return status;
}
