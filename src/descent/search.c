/* SPDX-License-Identifier: MIT */
/*
 * A line search for the strong Wolfe conditions: Nocedal and Wright, Numerical Optimization (2nd
 * ed. 2006), algorithms 3.5 (bracket) and 3.6 (zoom), with the cubic of their (3.59) to choose
 * points.
 */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

#define ENOUGH 1e-4 /* c1: the part of the promised decrease that will do */

enum { TRIALS = 50 };

/* A point along the direction. */
typedef struct probe {
    double t, value, slope;
} probe;

typedef struct search {
    eg_optimizer *walk;
    const double *direction;
    probe origin;
    double c2;
    int trials;
} search;

static eg_status look(search *s, double t, probe *found, eg_error *error)
{
    eg_optimizer *w = s->walk;
    for (size_t i = 0; i < w->n; i++)
        w->next.x[i] = w->now.x[i] + t * s->direction[i];
    s->trials++;
    eg_status status = eg_optimizer_evaluate(w, &w->next, error);
    bool finite = eg_iterate_is_finite(&w->next, w->n);
    *found = (probe){t, finite ? w->next.value : INFINITY,
                     finite ? eg_dot_product(w->next.gradient, s->direction, w->n) : INFINITY};
    return status;
}

/* Near the minimum the promised decrease is below the rounding of the value: there a slope that has
 * become smaller is what counts (Hager and Zhang 2005, approximate Wolfe conditions). */
static bool low_enough(const search *s, const probe *p)
{
    double rounding = 1e-15 * fabs(s->origin.value);
    return p->value <= s->origin.value + ENOUGH * p->t * s->origin.slope ||
           (p->value <= s->origin.value + rounding &&
            p->slope <= (2 * ENOUGH - 1) * s->origin.slope);
}

static bool level_enough(const search *s, const probe *p)
{
    return fabs(p->slope) <= -s->c2 * s->origin.slope;
}

/* The minimum of the cubic through both, kept away from the ends of the interval. */
static double between(const probe *a, const probe *b)
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

/* Between `low`, the best so far, and `high` there is a good point. */
static eg_status zoom(search *s, probe low, probe high, probe *found, eg_outcome *outcome,
                      eg_error *error)
{
    eg_status status = EG_OK;
    while (s->trials < TRIALS) {
        status = look(s, between(&low, &high), found, error);
        if (status != EG_OK)
            return status;
        if (!low_enough(s, found) || found->value > low.value) {
            high = *found;
        } else {
            if (level_enough(s, found))
                return EG_OK;
            if (found->slope * (high.t - low.t) >= 0)
                high = low;
            low = *found;
        }
    }
    *outcome = low.t > 0 ? EG_STEPPED : EG_NOWHERE;
    return look(s, low.t, found, error);
}

static eg_status bracket(search *s, double first, probe *found, eg_outcome *outcome,
                         eg_error *error)
{
    probe before = s->origin;
    double t = first;
    while (s->trials < TRIALS) {
        eg_status status = look(s, t, found, error);
        if (status != EG_OK)
            return status;
        if (!low_enough(s, found) || (s->trials > 1 && found->value > before.value))
            return zoom(s, before, *found, found, outcome, error);
        if (level_enough(s, found))
            return EG_OK;
        if (found->slope >= 0)
            return zoom(s, *found, before, found, outcome, error);
        before = *found;
        t *= 4;
    }
    return EG_OK; /* downhill without end */
}

eg_status eg_search(eg_optimizer *walk, const double direction[], double first, double c2,
                    double *length, eg_outcome *outcome, eg_error *error)
{
    search s = {.walk = walk, .direction = direction, .c2 = c2};
    s.origin = (probe){0, walk->now.value, eg_dot_product(walk->now.gradient, direction, walk->n)};
    probe found = s.origin;
    *outcome = EG_STEPPED;
    *length = 0;
    if (!(s.origin.slope < 0)) {
        *outcome = EG_NOWHERE;
        return EG_OK;
    }
    eg_status status = bracket(&s, first, &found, outcome, error);
    *length = found.t;
    return status;
}
