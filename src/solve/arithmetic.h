/* SPDX-License-Identifier: MIT */
/* Arithmetic of intervals and questions about them. */
#ifndef EG_SOLVE_ARITHMETIC_H
#define EG_SOLVE_ARITHMETIC_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "expr/eval/interval.h"
#include "expr/eval/ops.h"

static inline eg_interval eg_iv(double low, double high)
{
    return (eg_interval){low, high};
}

static inline eg_interval eg_iv_add(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_ADD, 0, a, b);
}

static inline eg_interval eg_iv_sub(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_SUB, 0, a, b);
}

static inline eg_interval eg_iv_mul(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_MUL, 0, a, b);
}

static inline eg_interval eg_iv_div(eg_interval a, eg_interval b)
{
    return eg_interval_apply(EG_OP_DIV, 0, a, b);
}

static inline bool eg_iv_has_zero(eg_interval a)
{
    return a.low <= 0 && a.high >= 0;
}

static inline bool eg_iv_is_finite(eg_interval a)
{
    return isfinite(a.low) && isfinite(a.high);
}

static inline double eg_iv_width(eg_interval a)
{
    return a.high - a.low;
}

/* Returns a double in the interval, near its middle. */
static inline double eg_iv_middle(eg_interval a)
{
    double middle = 0.5 * a.low + 0.5 * a.high;
    return middle < a.low ? a.low : middle > a.high ? a.high : middle;
}

static inline double eg_iv_magnitude(eg_interval a)
{
    return fmax(fabs(a.low), fabs(a.high));
}

static inline bool eg_iv_meet(eg_interval a, eg_interval b)
{
    return a.low <= b.high && b.low <= a.high;
}

/* Returns the intersection of intervals that meet. */
static inline eg_interval eg_iv_intersect(eg_interval a, eg_interval b)
{
    return eg_iv(fmax(a.low, b.low), fmin(a.high, b.high));
}

static inline eg_interval eg_iv_hull(eg_interval a, eg_interval b)
{
    return eg_iv(fmin(a.low, b.low), fmax(a.high, b.high));
}

/* Questions about boxes of n intervals. */
static inline bool eg_boxes_meet(const eg_interval a[], const eg_interval b[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!eg_iv_meet(a[i], b[i]))
            return false;
    return true;
}

static inline bool eg_box_is_within(const eg_interval a[], const eg_interval b[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(a[i].low >= b[i].low && a[i].high <= b[i].high))
            return false;
    return true;
}

#endif
