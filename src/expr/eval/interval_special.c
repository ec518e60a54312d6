/* SPDX-License-Identifier: MIT */
/* Intervals of conditions, remainders, gamma functions and sinc. Results of special.c are moved
 * outwards by 2^-50 of their size, which exceeds its error. */
#include "expr/eval/interval_special.h"

#include <float.h>
#include <math.h>

#include "expr/eval/ops.h"
#include "expr/eval/special.h"

static const double relative_error = 0x1p-50, smallest = 0x1p-1074;
static const eg_interval whole_line = {-INFINITY, INFINITY};

/* Returns the interval moved outwards by the error of the functions, and by `more`. */
static eg_interval widen(double low, double high, double more)
{
    low = low == INFINITY ? DBL_MAX : low - (fabs(low) * relative_error + smallest + more);
    high = high == -INFINITY ? -DBL_MAX : high + (fabs(high) * relative_error + smallest + more);
    return (eg_interval){low, high};
}

/* ---- conditions ---- */

static eg_interval less(eg_interval a, eg_interval b)
{
    return (eg_interval){a.high < b.low, a.low < b.high};
}

static eg_interval equal(eg_interval a, eg_interval b)
{
    return (eg_interval){a.low == a.high && b.low == b.high && a.low == b.low,
                         a.low <= b.high && b.low <= a.high};
}

static eg_interval both(eg_interval a, eg_interval b)
{
    return (eg_interval){a.low == 1 && b.low == 1, a.high == 1 && b.high == 1};
}

static eg_interval when(eg_interval condition, eg_interval a)
{
    if (condition.low == 1)
        return a;
    if (condition.high == 0)
        return (eg_interval){0, 0};
    return (eg_interval){a.low < 0 ? a.low : 0, a.high > 0 ? a.high : 0};
}

/* Returns a - b floor(a/b): exactly bounded by 0 and b, and more tightly where the floor is the
 * same everywhere. */
static eg_interval modulo(eg_interval a, eg_interval b, eg_interval quotient)
{
    eg_interval r = {b.low < 0 ? b.low : 0, b.high > 0 ? b.high : 0};
    double q = floor(quotient.low);
    if (b.low != b.high || q != floor(quotient.high) || !(fabs(q) < 0x1p52))
        return r;
    /* fma() rounds once, and moving by one double is outwards */
    double low = nextafter(fma(-q, b.low, a.low), -INFINITY);
    double high = nextafter(fma(-q, b.low, a.high), INFINITY);
    return (eg_interval){fmin(fmax(low, r.low), r.high), fmax(fmin(high, r.high), r.low)};
}

/* ---- gamma functions ---- */

/* Returns true if the interval lies in one cell between poles of gamma: above 0, or between two
 * negative integers. Its ends may be poles. */
static bool in_one_cell(eg_interval a)
{
    return a.low >= 0 || (a.high <= 0 && a.low >= floor(a.high - (a.high == floor(a.high))));
}

/* Returns the interval of log |gamma|, which is convex in each cell: its maximum is at an end, and
 * its tangents at the ends lie below it. */
static eg_interval log_gamma(eg_interval a)
{
    if (!in_one_cell(a))
        return whole_line;
    double left = eg_log_gamma(a.low), right = eg_log_gamma(a.high), width = a.high - a.low;
    double fall = eg_polygamma(0, a.low) * width, rise = eg_polygamma(0, a.high) * width;
    double low = -INFINITY;
    if (isfinite(left) && isfinite(fall))
        low = left + fmin(fall, 0) - (fall < 0 ? 0x1p-48 * (fabs(left) - fall) : 0);
    if (isfinite(right) && isfinite(rise))
        low = fmax(low, right - fmax(rise, 0) - (rise > 0 ? 0x1p-48 * (fabs(right) + rise) : 0));
    if (isnan(left) || isnan(right) || width == INFINITY)
        return whole_line;
    if (width == 0)
        low = left;
    return widen(fmin(low, fmin(left, right)), fmax(left, right), 0);
}

/* Returns the interval of gamma. Its size has one minimum in each cell, where digamma, which rises,
 * is 0. */
static eg_interval gamma_interval(eg_interval a)
{
    const double least = 0.88560319441088; /* below the minimum for positive arguments */
    if (!in_one_cell(a))
        return whole_line;
    bool negative = a.high <= 0 && fmod(floor(0.5 * (a.low + a.high)), 2) != 0;
    if (a.low == a.high && a.low == floor(a.low) && a.low <= 0)
        return whole_line;
    double left = fabs(eg_gamma(a.low)), right = fabs(eg_gamma(a.high));
    left = isnan(left) ? INFINITY : left; /* a pole */
    right = isnan(right) ? INFINITY : right;
    double low = a.low >= 0 ? least : fmax(0, exp(log_gamma(a).low) * (1 - 0x1p-40));
    if (eg_polygamma(0, a.low) > 1e-9)
        low = left;
    else if (eg_polygamma(0, a.high) < -1e-9 || a.low == a.high)
        low = right;
    low = fmin(low, fmin(left, right));
    eg_interval size = widen(low, fmax(left, right), 0);
    return negative ? (eg_interval){-size.high, -size.low} : size;
}

/* Returns the interval of the n-th derivative of digamma. For even n it rises in each cell; for odd
 * n it is positive, and convex. */
static eg_interval polygamma(unsigned n, eg_interval a)
{
    if (!in_one_cell(a) || (a.high <= 0 && n % 2 == 0 && n > 0))
        return whole_line;
    double left = eg_polygamma(n, a.low), right = eg_polygamma(n, a.high);
    if (n % 2 == 0) /* the absolute error counts beside the zeros of digamma */
        return widen(isnan(left) ? -INFINITY : left, isnan(right) ? INFINITY : right,
                     n == 0 ? 16 * relative_error : 0);
    left = isnan(left) ? INFINITY : left;
    right = isnan(right) ? INFINITY : right;
    eg_interval r = widen(fmin(left, right), fmax(left, right), 0);
    /* between negative integers the first one is above pi^2 - pi^2/6, by its reflection formula */
    const double least = n == 1 ? 8.2 : 0;
    r.low = a.high <= 0 && a.low < a.high ? least : fmax(r.low, 0);
    return r;
}

/* ---- sinc ---- */

/* Returns the interval of the n-th derivative of sinc, whose size is at most 1/(n + 1): its value
 * in the middle, and the largest change from there. */
static eg_interval sinc(unsigned n, eg_interval a)
{
    double most = 1.0 / (n + 1), middle = 0.5 * a.low + 0.5 * a.high;
    if (!isfinite(middle) || n > EG_MAX_SINC)
        return widen(-most, most, 0);
    double radius = fmax(a.high - middle, middle - a.low), value = eg_sinc(n, middle);
    double change = radius / (n + 2) * (1 + 0x1p-48) + smallest;
    eg_interval r = widen(value - change, value + change, fabs(value) * relative_error);
    double bound = most * (1 + relative_error);
    if (n == 0)
        bound = 1;
    return (eg_interval){fmin(fmax(r.low, -bound), bound), fmax(fmin(r.high, bound), -bound)};
}

bool eg_interval_special(eg_interval *r, unsigned op, unsigned order, eg_interval a, eg_interval b,
                         eg_interval (*quotient)(eg_interval a, eg_interval b))
{
    switch (op) {
    case EG_OP_WHEN:
        *r = when(a, b);
        return true;
    case EG_CALL + EG_F_LESS:
        *r = less(a, b);
        return true;
    case EG_CALL + EG_F_EQUAL:
        *r = equal(a, b);
        return true;
    case EG_CALL + EG_F_NOT:
        *r = (eg_interval){1 - a.high, 1 - a.low};
        return true;
    case EG_CALL + EG_F_AND:
        *r = both(a, b);
        return true;
    case EG_CALL + EG_F_MOD:
        *r = modulo(a, b, quotient(a, b));
        return true;
    case EG_CALL + EG_F_GAMMA:
        *r = gamma_interval(a);
        return true;
    case EG_CALL + EG_F_LGAMMA:
        *r = log_gamma(a);
        return true;
    case EG_CALL + EG_F_POLYGAMMA:
        *r = polygamma(order, a);
        return true;
    case EG_CALL + EG_F_SINC:
        *r = sinc(order, a);
        return true;
    default:
        return false;
    }
}
