/* SPDX-License-Identifier: MIT */
/*
 * Interval arithmetic. Sums, products, quotients and roots step outwards by one double where they
 * were rounded; values of the system's mathematical library by 2^-50 of themselves, which is more
 * than it errs.
 */
#include "expr/eval/interval.h"

#include <float.h>
#include <math.h>

#include "expr/eval/ops.h"
#include "expr/eval/scalar.h"

static const double library_error = 0x1p-50, smallest = 0x1p-1074, tiny = 0x1p-960;
static const double most_turns = 0x1p20; /* arguments of sine whose place in a period is sure */
static const eg_interval everything = {-INFINITY, INFINITY};

/* ---- rounding ---- */

static double down(double v)
{
    return nextafter(v, -INFINITY);
}

static double up(double v)
{
    return nextafter(v, INFINITY);
}

/* Whether s is a + b: what rounding lost is itself a double (Knuth). */
static bool is_sum(double s, double a, double b)
{
    double part = s - a;
    return (a - (s - part)) + (b - part) == 0;
}

static double sum_down(double a, double b)
{
    double s = a + b;
    return is_sum(s, a, b) ? s : down(s);
}

static double sum_up(double a, double b)
{
    double s = a + b;
    return is_sum(s, a, b) ? s : up(s);
}

/* 0 * infinity is 0: infinity stands for numbers of any size, not for itself. */
static double product(double a, double b, double (*outwards)(double))
{
    if (a == 0 || b == 0)
        return 0;
    double p = a * b;
    bool exact = fabs(p) > tiny && fma(a, b, -p) == 0;
    return exact ? p : outwards(p);
}

/* b is not 0. */
static double quotient(double a, double b, double (*outwards)(double))
{
    if (a == 0 || isinf(b))
        return 0;
    double q = a / b;
    bool exact = fabs(q) > tiny && fabs(a) > tiny && fma(q, b, -a) == 0;
    return exact ? q : outwards(q);
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

/* What the library gave for a bound, and infinity for what is too large. */
static double library_down(double v)
{
    return v == INFINITY ? DBL_MAX : v - fabs(v) * library_error - smallest;
}

static double library_up(double v)
{
    return v == -INFINITY ? -DBL_MAX : v + fabs(v) * library_error + smallest;
}

static eg_interval around(double low, double high)
{
    return (eg_interval){library_down(low), library_up(high)};
}

static eg_interval within(eg_interval a, double low, double high)
{
    return (eg_interval){least(most(a.low, low), high), most(least(a.high, high), low)};
}

eg_interval eg_interval_about(double value)
{
    return (eg_interval){down(value), up(value)};
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
        r.low = least(r.low, product(x[i & 1], y[i >> 1], down));
        r.high = most(r.high, product(x[i & 1], y[i >> 1], up));
    }
    return r;
}

/* 1 / b where b touches 0 from one side, or does not. */
static eg_interval reciprocal(eg_interval b)
{
    eg_interval r = everything;
    if (b.low == 0 && b.high == 0)
        return r;
    if (b.high != 0)
        r.low = quotient(1, b.high, down);
    if (b.low != 0)
        r.high = quotient(1, b.low, up);
    return r;
}

static eg_interval divide(eg_interval a, eg_interval b)
{
    if (a.low == 0 && a.high == 0)
        return a;
    if (b.low < 0 && b.high > 0)
        return everything;
    if (contains_zero(b))
        return multiply(a, reciprocal(b));
    const double x[] = {a.low, a.high}, y[] = {b.low, b.high};
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        r.low = least(r.low, quotient(x[i & 1], y[i >> 1], down));
        r.high = most(r.high, quotient(x[i & 1], y[i >> 1], up));
    }
    return r;
}

static eg_interval absolute(eg_interval a)
{
    double high = most(-a.low, a.high);
    return (eg_interval){contains_zero(a) ? 0 : least(fabs(a.low), fabs(a.high)), high};
}

static eg_interval square(eg_interval a)
{
    a = absolute(a);
    return (eg_interval){product(a.low, a.low, down), product(a.high, a.high, up)};
}

static eg_interval root(eg_interval a)
{
    if (a.high < 0)
        return everything;
    double low = sqrt(most(a.low, 0)), high = sqrt(a.high);
    bool low_exact = low == 0 || (low > tiny && fma(low, low, -a.low) == 0);
    bool high_exact = high == 0 || (high > tiny && fma(high, high, -a.high) == 0);
    return (eg_interval){low_exact ? low : down(low), high_exact ? high : up(high)};
}

/* ---- powers ---- */

static eg_interval integer_power(eg_interval a, double n)
{
    bool even = fmod(n, 2) == 0;
    if (even)
        a = absolute(a);
    eg_interval r = around(pow(a.low, n), pow(a.high, n));
    return even ? within(r, 0, INFINITY) : r;
}

/* A base of either sign: only a single integer exponent says what comes out. */
static eg_interval power_of_any(eg_interval a, eg_interval b)
{
    if (b.low != b.high)
        return everything;
    double n = b.low;
    if (n != floor(n))
        return a.high < 0 ? everything
                          : eg_interval_apply(EG_POWER, 0, (eg_interval){0, a.high}, b);
    if (n >= 0)
        return integer_power(a, n);
    return divide((eg_interval){1, 1}, integer_power(a, -n));
}

/* b log(a) is largest and smallest at corners. */
static eg_interval power(eg_interval a, eg_interval b)
{
    if (a.low < 0)
        return power_of_any(a, b);
    double corner[] = {pow(a.low, b.low), pow(a.low, b.high), pow(a.high, b.low),
                       pow(a.high, b.high)};
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++)
        r = (eg_interval){least(r.low, corner[i]), most(r.high, corner[i])};
    return within(around(r.low, r.high), 0, INFINITY);
}

/* ---- functions ---- */

/* Whether one of the points at, at + period ... may lie in the interval, rounding allowed for. */
static bool meets(eg_interval a, double at, double period)
{
    double slack = 1e-9;
    return ceil((a.low - at) / period - slack) <= floor((a.high - at) / period + slack);
}

static bool is_far(eg_interval a)
{
    return a.low < -most_turns || a.high > most_turns;
}

/* The sine where it is largest at `top` and its like. */
static eg_interval wave(unsigned op, eg_interval a, double top)
{
    if (is_far(a))
        return (eg_interval){-1, 1};
    double first = eg_apply(op, 0, a.low, 0), last = eg_apply(op, 0, a.high, 0);
    eg_interval r = around(least(first, last), most(first, last));
    if (meets(a, top, 2 * M_PI))
        r.high = 1;
    if (meets(a, top + M_PI, 2 * M_PI))
        r.low = -1;
    return within(r, -1, 1);
}

static eg_interval tangent(eg_interval a)
{
    if (is_far(a) || meets(a, M_PI / 2, M_PI))
        return everything;
    return around(tan(a.low), tan(a.high));
}

static eg_interval angle(eg_interval y, eg_interval x)
{
    if (x.low <= 0 && contains_zero(y))
        return around(-M_PI, M_PI);
    eg_interval r = {INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        double v = atan2(i & 1 ? y.low : y.high, i & 2 ? x.low : x.high);
        r = (eg_interval){least(r.low, v), most(r.high, v)};
    }
    return around(r.low, r.high);
}

/* Functions that only rise (or only fall): where they have a value, and what values there are. */
typedef struct monotone {
    double from, to, lowest, highest;
    bool falls;
} monotone;

static const monotone monotones[EG_FUNCTIONS] = {
    [EG_F_CBRT] = {-INFINITY, INFINITY, -INFINITY, INFINITY, false},
    [EG_F_EXP] = {-INFINITY, INFINITY, 0, INFINITY, false},
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

/* f(0) is often exactly a number. */
static double at(eg_function_id f, double a, double (*outwards)(double))
{
    if (a == 0 && !isnan(eg_functions[f].zero))
        return eg_functions[f].zero;
    return outwards(eg_apply(EG_CALL + f, 0, a, 0));
}

static eg_interval monotone_call(eg_function_id f, eg_interval a)
{
    const monotone *m = &monotones[f];
    if (a.high < m->from || a.low > m->to)
        return everything;
    a = within(a, m->from, m->to);
    eg_interval r = {at(f, m->falls ? a.high : a.low, library_down),
                     at(f, m->falls ? a.low : a.high, library_up)};
    return within(r, m->lowest, m->highest);
}

static eg_interval cosh_of(eg_interval a)
{
    a = absolute(a);
    return within(around(cosh(a.low), cosh(a.high)), 1, INFINITY);
}

static eg_interval hypot_of(eg_interval a, eg_interval b)
{
    a = absolute(a);
    b = absolute(b);
    return within(around(hypot(a.low, b.low), hypot(a.high, b.high)), 0, INFINITY);
}

/* Functions that are exact, from the bounds of their arguments. */
static eg_interval ends(unsigned op, eg_interval a, eg_interval b)
{
    return (eg_interval){eg_apply(op, 0, a.low, b.low), eg_apply(op, 0, a.high, b.high)};
}

static eg_interval call(unsigned op, eg_interval a, eg_interval b)
{
    eg_function_id f = (eg_function_id)(op - EG_CALL);
    switch (f) {
    case EG_F_SQRT:
        return root(a);
    case EG_F_SIN:
        return wave(op, a, M_PI / 2);
    case EG_F_COS:
        return wave(op, a, 0);
    case EG_F_TAN:
        return tangent(a);
    case EG_F_COSH:
        return cosh_of(a);
    case EG_F_ABS:
        return absolute(a);
    case EG_F_HYPOT:
        return hypot_of(a, b);
    case EG_F_ATAN2:
        return angle(a, b);
    case EG_F_SIGN:
    case EG_F_FLOOR:
    case EG_F_CEIL:
    case EG_F_MIN:
    case EG_F_MAX:
        return ends(op, a, b);
    default:
        return monotone_call(f, a);
    }
}

static eg_interval log_or_0(eg_interval a)
{
    eg_interval r = monotone_call(EG_F_LOG, a);
    return contains_zero(a) ? (eg_interval){r.low, most(r.high, 0)} : r;
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
    case EG_OP_ONE_LESS:
        return add(one, negate(square(a)));
    case EG_OP_SECH2:
        return divide(one, square(cosh_of(a)));
    case EG_OP_LOG_OR_0:
        return log_or_0(a);
    case EG_OP_RESULT:
        return a;
    default:
        return call(op, a, b);
    }
}
