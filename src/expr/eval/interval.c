/* SPDX-License-Identifier: MIT */
/* Interval arithmetic. Rounded sums, products, quotients and roots are moved outwards by one
 * double; results of the system's mathematical library by 2^-50 of their size, which exceeds its
 * error. */
#include "expr/eval/interval.h"

#include <float.h>
#include <math.h>

#include "core/portable_math.h"
#include "expr/eval/interval_special.h"
#include "expr/eval/ops.h"
#include "expr/eval/scalar.h"

static const double library_error = 0x1p-50, smallest = 0x1p-1074, tiny = 0x1p-960;
static const double max_phase = 0x1p20; /* largest argument of a sine whose phase is reliable */
static const eg_interval whole_line = {-INFINITY, INFINITY};

/* ---- rounding ---- */

static double next_down(double v)
{
    return nextafter(v, -INFINITY);
}

static double next_up(double v)
{
    return nextafter(v, INFINITY);
}

/* Returns true if s is exactly a + b. The rounding error of a sum is itself a double (Knuth,
 * TwoSum). */
static bool is_exact_sum(double s, double a, double b)
{
    double part = s - a;
    return (a - (s - part)) + (b - part) == 0;
}

static double sum_down(double a, double b)
{
    double s = a + b;
    return is_exact_sum(s, a, b) ? s : next_down(s);
}

static double sum_up(double a, double b)
{
    double s = a + b;
    return is_exact_sum(s, a, b) ? s : next_up(s);
}

/* Multiplies bounds. 0 * infinity is 0, because an infinite bound stands for finite numbers of any
 * size. */
static double multiply_bounds(double a, double b, double (*outwards)(double))
{
    if (a == 0 || b == 0)
        return 0;
    double p = a * b;
    bool exact = fabs(p) > tiny && fma(a, b, -p) == 0;
    return exact ? p : outwards(p);
}

/* Divides bounds; b is not 0. */
static double divide_bounds(double a, double b, double (*outwards)(double))
{
    if (a == 0 || isinf(b))
        return 0;
    double q = a / b;
    bool exact = fabs(q) > tiny && fabs(a) > tiny && fma(q, b, -a) == 0;
    return exact ? q : outwards(q);
}

static double min_of(double a, double b)
{
    return a < b ? a : b;
}

static double max_of(double a, double b)
{
    return a > b ? a : b;
}

/* Round a result of the library outwards. A lower bound that overflowed becomes DBL_MAX, an upper
 * one -DBL_MAX. */
static double library_down(double v)
{
    return v == INFINITY ? DBL_MAX : v - fabs(v) * library_error - smallest;
}

static double library_up(double v)
{
    return v == -INFINITY ? -DBL_MAX : v + fabs(v) * library_error + smallest;
}

static eg_interval widen(double low, double high)
{
    return (eg_interval){library_down(low), library_up(high)};
}

static eg_interval clamp(eg_interval a, double low, double high)
{
    return (eg_interval){min_of(max_of(a.low, low), high), max_of(min_of(a.high, high), low)};
}

eg_interval eg_interval_about(double value)
{
    return (eg_interval){next_down(value), next_up(value)};
}

/* ---- arithmetic ---- */

static bool contains_zero(eg_interval a)
{
    return a.low <= 0 && a.high >= 0;
}

static eg_interval negate(eg_interval a)
{
    return (eg_interval){-a.high, -a.low};
}

static eg_interval add(eg_interval a, eg_interval b)
{
    return (eg_interval){sum_down(a.low, b.low), sum_up(a.high, b.high)};
}

static eg_interval multiply(eg_interval a, eg_interval b)
{
    const double x[] = {a.low, a.high}, y[] = {b.low, b.high};
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        r.low = min_of(r.low, multiply_bounds(x[i & 1], y[i >> 1], next_down));
        r.high = max_of(r.high, multiply_bounds(x[i & 1], y[i >> 1], next_up));
    }
    return r;
}

/* Returns 1 / b for an interval b that does not have 0 inside; it may start or end at 0. */
static eg_interval reciprocal(eg_interval b)
{
    eg_interval r = whole_line;
    if (b.low == 0 && b.high == 0)
        return r;
    if (b.high != 0)
        r.low = divide_bounds(1, b.high, next_down);
    if (b.low != 0)
        r.high = divide_bounds(1, b.low, next_up);
    return r;
}

static eg_interval divide(eg_interval a, eg_interval b)
{
    if (a.low == 0 && a.high == 0)
        return a;
    if (b.low < 0 && b.high > 0)
        return whole_line;
    if (contains_zero(b))
        return multiply(a, reciprocal(b));
    const double x[] = {a.low, a.high}, y[] = {b.low, b.high};
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        r.low = min_of(r.low, divide_bounds(x[i & 1], y[i >> 1], next_down));
        r.high = max_of(r.high, divide_bounds(x[i & 1], y[i >> 1], next_up));
    }
    return r;
}

static eg_interval absolute(eg_interval a)
{
    double high = max_of(-a.low, a.high);
    return (eg_interval){contains_zero(a) ? 0 : min_of(fabs(a.low), fabs(a.high)), high};
}

static eg_interval square(eg_interval a)
{
    a = absolute(a);
    return (eg_interval){multiply_bounds(a.low, a.low, next_down),
                         multiply_bounds(a.high, a.high, next_up)};
}

static eg_interval square_root(eg_interval a)
{
    if (a.high < 0)
        return whole_line;
    double low = sqrt(max_of(a.low, 0)), high = sqrt(a.high);
    bool low_exact = low == 0 || (low > tiny && fma(low, low, -a.low) == 0);
    bool high_exact = high == 0 || (high > tiny && fma(high, high, -a.high) == 0);
    return (eg_interval){low_exact ? low : next_down(low), high_exact ? high : next_up(high)};
}

/* ---- powers ---- */

static eg_interval integer_power(eg_interval a, double n)
{
    bool even = fmod(n, 2) == 0;
    if (even)
        a = absolute(a);
    eg_interval r = widen(pow(a.low, n), pow(a.high, n));
    return even ? clamp(r, 0, INFINITY) : r;
}

/* Returns a^b for a base with negative values, which is bounded only for a single exponent; if that
 * is not an integer, the negative bases do not count. */
static eg_interval power_of_any(eg_interval a, eg_interval b)
{
    if (b.low != b.high)
        return whole_line;
    double n = b.low;
    if (n != floor(n))
        return a.high < 0 ? whole_line
                          : eg_interval_apply(EG_POWER, 0, (eg_interval){0, a.high}, b);
    if (n >= 0)
        return integer_power(a, n);
    return divide((eg_interval){1, 1}, integer_power(a, -n));
}

/* Returns a^b. The extremes of b log(a) are at the corners of the box. */
static eg_interval power(eg_interval a, eg_interval b)
{
    if (a.low < 0)
        return power_of_any(a, b);
    double corner[] = {pow(a.low, b.low), pow(a.low, b.high), pow(a.high, b.low),
                       pow(a.high, b.high)};
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++)
        r = (eg_interval){min_of(r.low, corner[i]), max_of(r.high, corner[i])};
    return clamp(widen(r.low, r.high), 0, INFINITY);
}

/* ---- functions ---- */

/* Returns true if the interval may contain one of the points, point + period, point - period ...,
 * allowing for rounding. */
static bool may_contain(eg_interval a, double point, double period)
{
    double tolerance = 1e-9;
    return ceil((a.low - point) / period - tolerance) <=
           floor((a.high - point) / period + tolerance);
}

static bool is_unreliable_phase(eg_interval a)
{
    return a.low < -max_phase || a.high > max_phase;
}

/* Returns the sine or cosine of an interval; `top` is one of its maxima. */
static eg_interval sine_or_cosine(unsigned op, eg_interval a, double top)
{
    if (is_unreliable_phase(a))
        return (eg_interval){-1, 1};
    double at_low = eg_apply_op(op, 0, a.low, 0), at_high = eg_apply_op(op, 0, a.high, 0);
    eg_interval r = widen(min_of(at_low, at_high), max_of(at_low, at_high));
    if (may_contain(a, top, 2 * M_PI))
        r.high = 1;
    if (may_contain(a, top + M_PI, 2 * M_PI))
        r.low = -1;
    return clamp(r, -1, 1);
}

static eg_interval tangent(eg_interval a)
{
    if (is_unreliable_phase(a) || may_contain(a, M_PI / 2, M_PI))
        return whole_line;
    return widen(tan(a.low), tan(a.high));
}

static eg_interval arctangent2(eg_interval y, eg_interval x)
{
    if (x.low <= 0 && contains_zero(y))
        return widen(-M_PI, M_PI);
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        double v = atan2(i & 1 ? y.low : y.high, i & 2 ? x.low : x.high);
        r = (eg_interval){min_of(r.low, v), max_of(r.high, v)};
    }
    return widen(r.low, r.high);
}

/* Monotonic functions: domain, range and direction. */
typedef struct monotone {
    double from, to, lowest, highest;
    bool falls;
} monotone;

static const monotone monotones[EG_FUNCTIONS] = {
    [EG_F_CBRT] = {-INFINITY, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_EXP] = {-INFINITY, INFINITY, 0, INFINITY, false},
    [EG_F_EXPM1] = {-INFINITY, INFINITY, -1, INFINITY, false},
    [EG_F_LOG1P] = {-1, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_LOG] = {0, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_LOG2] = {0, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_LOG10] = {0, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_ASIN] = {-1, 1, -INFINITY, INFINITY, false},
    [EG_F_ACOS] = {-1, 1, 0, INFINITY, true},
    [EG_F_ATAN] = {-INFINITY, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_SINH] = {-INFINITY, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_TANH] = {-INFINITY, INFINITY, -1, 1, false},
    [EG_F_ASINH] = {-INFINITY, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_ACOSH] = {1, INFINITY, 0, INFINITY, false},
    [EG_F_ATANH] = {-1, 1, -INFINITY, INFINITY, false},
    [EG_F_ERF] = {-INFINITY, INFINITY, -1, 1, false},
    [EG_F_ERFC] = {-INFINITY, INFINITY, 0, 2, true},
};

/* Returns f(a), exactly if a is 0 and functions.def has f(0), else rounded outwards. */
static double monotone_bound(eg_function_id f, double a, double (*outwards)(double))
{
    if (a == 0 && !isnan(eg_functions[f].zero))
        return eg_functions[f].zero;
    return outwards(eg_apply_op(EG_CALL + f, 0, a, 0));
}

static eg_interval monotone_call(eg_function_id f, eg_interval a)
{
    const monotone *m = &monotones[f];
    if (a.high < m->from || a.low > m->to)
        return whole_line;
    a = clamp(a, m->from, m->to);
    eg_interval r = {monotone_bound(f, m->falls ? a.high : a.low, library_down),
                     monotone_bound(f, m->falls ? a.low : a.high, library_up)};
    return clamp(r, m->lowest, m->highest);
}

static eg_interval cosh_interval(eg_interval a)
{
    a = absolute(a);
    return clamp(widen(cosh(a.low), cosh(a.high)), 1, INFINITY);
}

static eg_interval hypot_interval(eg_interval a, eg_interval b)
{
    a = absolute(a);
    b = absolute(b);
    return clamp(widen(eg_hypotenuse(a.low, b.low), eg_hypotenuse(a.high, b.high)), 0, INFINITY);
}

/* Returns the interval of a non-decreasing function whose values are exact. */
static eg_interval apply_to_ends(unsigned op, eg_interval a, eg_interval b)
{
    return (eg_interval){eg_apply_op(op, 0, a.low, b.low), eg_apply_op(op, 0, a.high, b.high)};
}

static eg_interval apply_function(unsigned op, eg_interval a, eg_interval b)
{
    eg_function_id f = (eg_function_id)(op - EG_CALL);
    switch (f) {
    case EG_F_SQRT:
        return square_root(a);
    case EG_F_SIN:
        return sine_or_cosine(op, a, M_PI / 2);
    case EG_F_COS:
        return sine_or_cosine(op, a, 0);
    case EG_F_TAN:
        return tangent(a);
    case EG_F_COSH:
        return cosh_interval(a);
    case EG_F_ABS:
        return absolute(a);
    case EG_F_HYPOT:
        return hypot_interval(a, b);
    case EG_F_ATAN2:
        return arctangent2(a, b);
    case EG_F_SIGN:
    case EG_F_FLOOR:
    case EG_F_CEIL:
    case EG_F_ROUND:
    case EG_F_MIN:
    case EG_F_MAX:
        return apply_to_ends(op, a, b);
    default:
        return monotone_call(f, a);
    }
}

static eg_interval log_or_0(eg_interval a)
{
    eg_interval r = monotone_call(EG_F_LOG, a);
    return contains_zero(a) ? (eg_interval){r.low, max_of(r.high, 0)} : r;
}

eg_interval eg_interval_apply(unsigned op, unsigned n, eg_interval a, eg_interval b)
{
    const eg_interval one = {1, 1};
    switch (op) {
    case EG_POWER:
        return power(a, b);
    case EG_OP_ADD:
        return add(a, b);
    case EG_OP_SUB:
        return add(a, negate(b));
    case EG_OP_MUL:
        return multiply(a, b);
    case EG_OP_DIV:
        return divide(a, b);
    case EG_OP_NEG:
        return negate(a);
    case EG_OP_SQUARE:
        return square(a);
    case EG_OP_POWI:
        return integer_power(a, n);
    case EG_OP_POWH:
        return power(a, (eg_interval){n + 0.5, n + 0.5});
    case EG_OP_ONE_MINUS_SQUARE:
        return add(one, negate(square(a)));
    case EG_OP_SECH2:
        return divide(one, square(cosh_interval(a)));
    case EG_OP_LOG_OR_0:
        return log_or_0(a);
    case EG_OP_RESULT:
        return a;
    default: {
        eg_interval r;
        return eg_interval_special(&r, op, n, a, b, divide) ? r : apply_function(op, a, b);
    }
    }
}
