/* SPDX-License-Identifier: MIT */
/*
 * Quadrature with proven bounds. In a panel of half width h, with a derivative bounded by interval
 * arithmetic, Gauss's rules err by f''(x) h^3/3 (one point), f''''(x) h^5/135 (two) and
 * f^(6)(x) h^7/15750 (three) for some x (Davis and Rabinowitz, Methods of Numerical Integration,
 * 2.7). The panel with the widest bounds is halved again and again. Where f is not proven to be
 * smooth, its range times the width bounds a panel.
 */
#include "vector/quadrature.h"

#include <float.h>
#include <math.h>

#include "core/context.h"
#include "core/growing.h"
#include "core/status.h"

enum { LEAST_PANELS = 512, MOST_PANELS = 20000, MOST_HALVINGS = 45 };

static const double tolerance = 2e-13; /* of the bounds, relative to the integral of |f| */

typedef struct panel {
    eg_interval range, bounds;
    bool open; /* f is not proven to have values in all of it */
} panel;

/* A heap whose first panel has the widest bounds. */
typedef struct quadrature {
    const eg_integrand *in;
    eg_context *ctx;
    eg_growing heap;
    double undefined; /* place without a value; NAN: none was met */
} quadrature;

/* ---- intervals ---- */

static eg_interval add(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_ADD, 0, a, b);
}

static eg_interval subtract(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_SUB, 0, a, b);
}

static eg_interval multiply(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_MUL, 0, a, b);
}

static eg_interval divide(eg_interval a, double b)
{
    return eg_interval_apply(EG_OP_DIV, 0, a, (eg_interval){b, b});
}

static eg_interval exactly(double value)
{
    return (eg_interval){value, value};
}

static double width(eg_interval a)
{
    return a.high - a.low; /* NaN: infinite on one side twice */
}

static double size(eg_interval a)
{
    return fmax(fabs(a.low), fabs(a.high));
}

static eg_interval intersect(eg_interval a, eg_interval b)
{
    eg_interval both = {fmax(a.low, b.low), fmin(a.high, b.high)};
    return both.low <= both.high ? both : a;
}

/* ---- one panel ---- */

static eg_status value_in(const eg_integrand *in, eg_interval x, eg_interval *value,
                          eg_error *error)
{
    double bounds[2];
    eg_status status = eg_expr_bounds(in->f, &x.low, &x.high, bounds, NULL, NULL, error);
    *value = (eg_interval){bounds[0], bounds[1]};
    return status;
}

/* Gauss's rule with `points` points on -1 .. 1, as places and weights. */
typedef struct rule {
    int points, power;
    double divisor;
    eg_interval places[3], weights[3];
} rule;

/* Bounds of sqrt(1/3), sqrt(3/5), 5/9 and 8/9 by doubles. */
static const rule rules[3] = {
    {1, 3, 3, {{0, 0}}, {{2, 2}}},
    {2,
     5,
     135,
     {{-0x1.279a74590331dp-1, -0x1.279a74590331cp-1}, {0x1.279a74590331cp-1, 0x1.279a74590331dp-1}},
     {{1, 1}, {1, 1}}},
    {3,
     7,
     15750,
     {{-0x1.8c97ef43f7248p-1, -0x1.8c97ef43f7247p-1},
      {0, 0},
      {0x1.8c97ef43f7247p-1, 0x1.8c97ef43f7248p-1}},
     {{0x1.1c71c71c71c71p-1, 0x1.1c71c71c71c72p-1},
      {0x1.c71c71c71c71cp-1, 0x1.c71c71c71c71dp-1},
      {0x1.1c71c71c71c71p-1, 0x1.1c71c71c71c72p-1}}},
};

/* Encloses the integral by a rule whose derivative lies within `slope`. */
static eg_status apply_rule(const eg_integrand *in, const rule *r, eg_interval range,
                            eg_interval slope, eg_interval *bounds, eg_error *error)
{
    eg_interval half = divide(subtract(exactly(range.high), exactly(range.low)), 2);
    eg_interval middle = divide(add(exactly(range.low), exactly(range.high)), 2);
    eg_interval sum = exactly(0), scale = half;
    eg_status status = EG_OK;
    for (int i = 0; i < r->points && status == EG_OK; i++) {
        eg_interval value, x = add(middle, multiply(half, r->places[i]));
        status = value_in(in, x, &value, error);
        sum = add(sum, multiply(r->weights[i], value));
    }
    for (int i = 1; i < r->power; i++)
        scale = multiply(scale, half);
    *bounds = add(multiply(half, sum), divide(multiply(scale, slope), r->divisor));
    return status;
}

/* Bounds the derivative of order 2, 4 or 6 in a range. */
static eg_status bound_derivative(const eg_integrand *in, int k, eg_interval range,
                                  eg_interval *slope, eg_error *error)
{
    const eg_expr *f = k == 0 ? in->f : in->derived[k - 1];
    double second[1][2] = {{-INFINITY, INFINITY}};
    eg_status status =
        f ? eg_expr_bounds(f, &range.low, &range.high, NULL, NULL, second, error) : EG_OK;
    *slope = (eg_interval){second[0][0], second[0][1]};
    return status;
}

/* Notes a place in the panel where f has no value. */
static eg_status look_for_gap(quadrature *q, eg_interval range, eg_error *error)
{
    const double places[] = {range.low, range.low + (range.high - range.low) / 2, range.high};
    for (int i = 0; i < 3 && isnan(q->undefined); i++) {
        double value;
        eg_status status = eg_expr_eval(q->in->f, &places[i], &value, NULL, NULL, error);
        if (status != EG_OK)
            return status;
        if (!isfinite(value))
            q->undefined = places[i];
    }
    return EG_OK;
}

/* Encloses the integral over a panel. */
static eg_status bound_panel(quadrature *q, panel *p, eg_error *error)
{
    eg_interval value, slope, bounds,
        length = subtract(exactly(p->range.high), exactly(p->range.low));
    bool smooth, defined;
    eg_status status = eg_domain_holds(&q->in->domain, q->in->arguments, p->range.low,
                                       p->range.high, &defined, error);
    p->open = !defined;
    if (status == EG_OK)
        status = eg_integrand_is_smooth(q->in, p->range.low, p->range.high, &smooth, error);
    if (status == EG_OK)
        status = value_in(q->in, p->range, &value, error);
    if (status != EG_OK)
        return status;
    p->bounds =
        isfinite(width(value)) ? multiply(length, value) : (eg_interval){-INFINITY, INFINITY};
    if (!smooth || !defined)
        return look_for_gap(q, p->range, error);
    slope = (eg_interval){-INFINITY, INFINITY};
    int k = 3;
    while (status == EG_OK && k > 0 && !isfinite(width(slope)))
        status = bound_derivative(q->in, --k, p->range, &slope, error);
    if (status != EG_OK || !isfinite(width(slope)))
        return status;
    status = apply_rule(q->in, &rules[k], p->range, slope, &bounds, error);
    if (status == EG_OK && isfinite(width(bounds)))
        p->bounds = intersect(bounds, p->bounds);
    return status;
}

/* ---- all panels ---- */

static bool is_wider(const panel *a, const panel *b)
{
    double left = width(a->bounds), right = width(b->bounds);
    if (isfinite(left) && isfinite(right))
        return left > right;
    return isfinite(right) || (!isfinite(left) && width(a->range) > width(b->range));
}

static void swap(panel *a, panel *b)
{
    panel other = *a;
    *a = *b;
    *b = other;
}

static eg_status push(quadrature *q, eg_interval range, eg_error *error)
{
    eg_status status = eg_growing_reserve(&q->heap, q->ctx, 1, sizeof(panel), error);
    panel *panels = q->heap.items;
    if (status != EG_OK)
        return status;
    size_t i = q->heap.count++;
    panels[i].range = range;
    status = bound_panel(q, &panels[i], error);
    for (; i > 0 && is_wider(&panels[i], &panels[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&panels[i], &panels[(i - 1) / 2]);
    return status;
}

static panel pop(quadrature *q)
{
    panel *panels = q->heap.items, first = panels[0];
    size_t count = --q->heap.count, i = 0;
    panels[0] = panels[count];
    for (;;) {
        size_t widest = i, left = 2 * i + 1;
        for (size_t child = left; child < left + 2 && child < count; child++)
            if (is_wider(&panels[child], &panels[widest]))
                widest = child;
        if (widest == i)
            return first;
        swap(&panels[i], &panels[widest]);
        i = widest;
    }
}

/* Adds up the panels, and the sizes of their integrals. */
static eg_interval sum_panels(const quadrature *q, double *sizes)
{
    const panel *panels = q->heap.items;
    eg_interval sum = exactly(0);
    *sizes = 0;
    for (size_t i = 0; i < q->heap.count; i++) {
        sum = add(sum, panels[i].bounds);
        *sizes += size(panels[i].bounds);
    }
    return sum;
}

/* Returns the length of the panels in which f is not proven to have values. */
static double open_length(const quadrature *q)
{
    const panel *panels = q->heap.items;
    double length = 0;
    for (size_t i = 0; i < q->heap.count; i++)
        length += panels[i].open ? width(panels[i].range) : 0;
    return length;
}

/* Halves the panels until the bounds are near enough. Returns EG_OK however that ended. */
static eg_status refine(quadrature *q, eg_interval whole, eg_line_integral *result, eg_error *error)
{
    size_t next_sum = 1, best_count = 0;
    eg_interval best = {-INFINITY, INFINITY};
    eg_status status = push(q, whole, error);
    while (status == EG_OK && isnan(q->undefined)) {
        double sizes;
        const panel *widest = q->heap.items;
        bool open = !isfinite(width(widest->bounds));
        double middle = widest->range.low + width(widest->range) / 2;
        bool least = width(widest->range) <= ldexp(width(whole), -MOST_HALVINGS) ||
                     middle <= widest->range.low || middle >= widest->range.high;
        if (open && (least || q->heap.count >= MOST_PANELS)) {
            result->outcome = EG_LINE_UNBOUNDED;
            result->where = middle;
            return EG_OK;
        }
        if (q->heap.count >= next_sum && !open) {
            eg_interval sum = sum_panels(q, &sizes);
            if (width(sum) < width(best)) {
                best = sum;
                best_count = q->heap.count;
            }
            /* Beyond some number of panels rounding adds more than halving takes away. A few
             * panels over many oscillations are not narrowed yet. */
            if (width(best) <= tolerance * sizes || least || q->heap.count >= MOST_PANELS ||
                (q->heap.count > 2 * best_count && q->heap.count > LEAST_PANELS))
                break;
            next_sum = q->heap.count + 1 + q->heap.count / 8;
        }
        if (eg_cancelled(q->ctx))
            return eg_fail(error, EG_CANCELLED, "cancelled");
        panel p = pop(q);
        status = push(q, (eg_interval){p.range.low, middle}, error);
        if (status == EG_OK)
            status = push(q, (eg_interval){middle, p.range.high}, error);
    }
    result->bounds[0] = best.low;
    result->bounds[1] = best.high;
    return status;
}

/* Adds the integral between an end and the double next to it. */
static eg_status add_end(const eg_integrand *in, eg_interval end, eg_line_integral *result,
                         eg_error *error)
{
    eg_interval value, length = {0, nextafter(width(end), INFINITY)};
    if (end.low == end.high)
        return EG_OK;
    eg_status status = value_in(in, end, &value, error);
    eg_interval sum =
        add((eg_interval){result->bounds[0], result->bounds[1]}, multiply(length, value));
    result->bounds[0] = sum.low;
    result->bounds[1] = sum.high;
    if (status == EG_OK && !isfinite(width(sum))) {
        result->outcome = EG_LINE_UNBOUNDED;
        result->where = end.low;
    }
    return status;
}

eg_status eg_quadrature(const eg_integrand *in, eg_interval a, eg_interval b,
                        eg_line_integral *result, eg_error *error)
{
    quadrature q = {.in = in, .ctx = in->f->ctx, .undefined = NAN};
    eg_status status = EG_OK;
    result->outcome = EG_LINE_DONE;
    result->bounds[0] = result->bounds[1] = 0;
    if (a.high < b.low)
        status = refine(&q, (eg_interval){a.high, b.low}, result, error);
    result->panels = q.heap.count;
    result->open = open_length(&q);
    if (status == EG_OK && !isnan(q.undefined)) {
        result->outcome = EG_LINE_UNDEFINED;
        result->where = q.undefined;
    }
    if (status == EG_OK && result->outcome == EG_LINE_DONE)
        status = add_end(in, a, result, error);
    if (status == EG_OK && result->outcome == EG_LINE_DONE)
        status = add_end(in, b, result, error);
    eg_free(q.heap.items);
    return status;
}
