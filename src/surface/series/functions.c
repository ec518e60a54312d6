/* SPDX-License-Identifier: MIT */
/* Functions of power series. Most follow from their derivatives: a function f of a series u is the
 * integral of f'(u) u', and exp, sin and cos have linear recurrences. */
#include "expr/eval/ops.h"
#include "surface/series/series.h"

/* order of a function that falls faster than every power */
enum { BEYOND_ALL_POWERS = 4 * SERIES_TERMS };

static eg_real call(eg_series_algebra *a, eg_function_id f, eg_real x)
{
    return eg_series_coefficient(a, EG_CALL + f, x, x);
}

static eg_series square(eg_series_algebra *a, const eg_series *x)
{
    return eg_series_multiply(a, x, x);
}

static eg_series one(eg_series_algebra *a)
{
    return eg_series_constant(a, a->one);
}

static eg_series fail(eg_series_algebra *a, eg_series_state state)
{
    eg_series_fail(a, state);
    return eg_series_big_o(SERIES_EXACT);
}

/* Integrates u' divided by `denominator`, from the value of f at the limit of u on. */
static eg_series integrate_quotient(eg_series_algebra *a, eg_function_id f, const eg_series *u,
                                    const eg_series *denominator, bool negative)
{
    eg_series slope = eg_series_derivative(a, u);
    if (slope.count == 0 && slope.order == SERIES_EXACT)
        return eg_series_constant(a, call(a, f, eg_series_at(a, u, 0)));
    slope = eg_series_divide(a, &slope, *denominator);
    if (negative)
        slope = eg_series_scale(a, &slope, eg_real_integer(a->reals, -1));
    return eg_series_integral(a, &slope, call(a, f, eg_series_at(a, u, 0)));
}

/* ---- exponential functions ---- */

static int known_order(const eg_series_algebra *a, const eg_series *u)
{
    return u->order < a->terms ? u->order : a->terms;
}

static bool is_constant(const eg_series *u)
{
    return u->order == SERIES_EXACT && (u->count == 0 || (u->count == 1 && u->first == 0));
}

/* Returns the sum of j u_j e_(k-j) for j = 1 to k, divided by k. */
static eg_real recurrence(eg_series_algebra *a, const eg_series *u, const eg_real e[], int k)
{
    eg_real sum = a->zero;
    for (int j = 1; j <= k; j++) {
        eg_real term = eg_series_coefficient(a, EG_OP_MUL, eg_series_at(a, u, j), e[k - j]);
        term = eg_series_coefficient(a, EG_OP_MUL, term, eg_series_fraction(a, j, k));
        sum = eg_series_coefficient(a, EG_OP_ADD, sum, term);
    }
    return sum;
}

static eg_series exponential(eg_series_algebra *a, eg_series u)
{
    if (!eg_series_is_bounded(a, &u))
        return eg_series_lead(a, &u) < 0 ? eg_series_big_o(BEYOND_ALL_POWERS)
                                         : fail(a, EG_SERIES_UNKNOWN);
    eg_real first = call(a, EG_F_EXP, eg_series_at(a, &u, 0));
    if (is_constant(&u))
        return eg_series_constant(a, first);
    eg_series e = {.order = known_order(a, &u)};
    for (int k = 0; k < e.order && a->state == EG_SERIES_OK; k++) {
        e.c[k] = k == 0 ? first : recurrence(a, &u, e.c, k);
        e.count++;
    }
    eg_series_trim(a, &e);
    return e;
}

/* Computes sine and cosine, or (`hyperbolic`) sinh and cosh. */
static void sine_and_cosine(eg_series_algebra *a, const eg_series *u, bool hyperbolic,
                            eg_series *sine, eg_series *cosine)
{
    eg_real at = eg_series_at(a, u, 0);
    *sine = eg_series_constant(a, call(a, hyperbolic ? EG_F_SINH : EG_F_SIN, at));
    *cosine = eg_series_constant(a, call(a, hyperbolic ? EG_F_COSH : EG_F_COS, at));
    if (is_constant(u))
        return;
    eg_real s = eg_series_at(a, sine, 0), c = eg_series_at(a, cosine, 0);
    *sine = *cosine = (eg_series){.order = known_order(a, u)};
    for (int k = 0; k < sine->order && a->state == EG_SERIES_OK; k++) {
        sine->c[k] = k == 0 ? s : recurrence(a, u, cosine->c, k);
        cosine->c[k] = k == 0 ? c : recurrence(a, u, sine->c, k);
        if (k > 0 && !hyperbolic)
            cosine->c[k] = eg_series_coefficient(a, EG_OP_NEG, cosine->c[k], a->zero);
        sine->count++;
        cosine->count++;
    }
    eg_series_trim(a, sine);
    eg_series_trim(a, cosine);
}

static eg_series circular(eg_series_algebra *a, eg_function_id f, eg_series u)
{
    eg_series sine, cosine;
    bool hyperbolic = f == EG_F_SINH || f == EG_F_COSH || f == EG_F_TANH;
    bool waves = f == EG_F_SIN || f == EG_F_COS;
    if (u.order <= 0 && waves && eg_series_lead(a, &u) == 0)
        return eg_series_big_o(0);
    if (!eg_series_is_bounded(a, &u)) {
        if (waves) /* u grows without bound, and is continuous */
            return (eg_series){.oscillates = true};
        if (f != EG_F_TANH)
            return fail(a, EG_SERIES_UNKNOWN);
        eg_series limit = eg_series_constant(a, eg_real_integer(a->reals, eg_series_lead(a, &u)));
        limit.order = BEYOND_ALL_POWERS;
        return limit;
    }
    sine_and_cosine(a, &u, hyperbolic, &sine, &cosine);
    if (f == EG_F_SIN || f == EG_F_SINH)
        return sine;
    return f == EG_F_COS || f == EG_F_COSH ? cosine : eg_series_divide(a, &sine, cosine);
}

/* Computes erf or erfc. */
static eg_series error_function(eg_series_algebra *a, eg_function_id f, eg_series u)
{
    bool complement = f == EG_F_ERFC;
    if (!eg_series_is_bounded(a, &u)) {
        int sign = eg_series_lead(a, &u);
        eg_series limit =
            eg_series_constant(a, eg_real_integer(a->reals, complement ? 1 - sign : sign));
        limit.order = BEYOND_ALL_POWERS;
        return limit;
    }
    eg_real at = call(a, f, eg_series_at(a, &u, 0));
    if (is_constant(&u))
        return eg_series_constant(a, at);
    eg_series slope = square(a, &u), du = eg_series_derivative(a, &u);
    slope = eg_series_scale(a, &slope, eg_real_integer(a->reals, -1));
    slope = exponential(a, slope);
    slope = eg_series_multiply(a, &slope, &du);
    eg_real root = call(a, EG_F_SQRT, eg_real_pi(a->reals));
    root =
        eg_series_coefficient(a, EG_OP_DIV, eg_real_integer(a->reals, complement ? -2 : 2), root);
    slope = eg_series_scale(a, &slope, root);
    return eg_series_integral(a, &slope, at);
}

/* ---- logarithms and inverse functions ---- */

static eg_series logarithm(eg_series_algebra *a, eg_function_id f, eg_series u)
{
    int sign = eg_series_lead(a, &u);
    if (a->state != EG_SERIES_OK)
        return u;
    if (sign <= 0)
        return fail(a, sign < 0 || u.order == SERIES_EXACT ? EG_SERIES_NO_VALUES : EG_SERIES_SHORT);
    if (u.first != 0)
        return fail(a, EG_SERIES_UNKNOWN);
    eg_series log = integrate_quotient(a, EG_F_LOG, &u, &u, false);
    if (f == EG_F_LOG)
        return log;
    eg_real base = call(a, EG_F_LOG, eg_real_integer(a->reals, f == EG_F_LOG2 ? 2 : 10));
    return eg_series_scale(a, &log, eg_series_coefficient(a, EG_OP_DIV, a->one, base));
}

static eg_series arctangent(eg_series_algebra *a, eg_series u)
{
    if (!eg_series_is_bounded(a, &u)) { /* pi/2 - atan(1/u), with the sign of u */
        eg_real half = eg_real_integer(a->reals, 2 * eg_series_lead(a, &u));
        half = eg_series_coefficient(a, EG_OP_DIV, eg_real_pi(a->reals), half);
        eg_series end = eg_series_constant(a, half), unit = one(a);
        u = eg_series_divide(a, &unit, u);
        u = arctangent(a, u);
        return eg_series_subtract(a, &end, &u);
    }
    eg_series denominator = square(a, &u), unit = one(a);
    denominator = eg_series_add(a, &unit, &denominator);
    return integrate_quotient(a, EG_F_ATAN, &u, &denominator, false);
}

static eg_series arcsine(eg_series_algebra *a, eg_function_id f, eg_series u)
{
    if (!eg_series_is_bounded(a, &u))
        return fail(a, EG_SERIES_NO_VALUES);
    eg_series s = square(a, &u), unit = one(a);
    s = eg_series_subtract(a, &unit, &s);
    s = eg_series_root(a, s);
    return integrate_quotient(a, f, &u, &s, f == EG_F_ACOS);
}

static eg_series inverse_hyperbolic(eg_series_algebra *a, eg_function_id f, eg_series u)
{
    eg_series unit = one(a);
    if (!eg_series_is_bounded(a, &u))
        return fail(a, f == EG_F_ATANH || (f == EG_F_ACOSH && eg_series_lead(a, &u) < 0)
                           ? EG_SERIES_NO_VALUES
                           : EG_SERIES_UNKNOWN);
    if (f == EG_F_ACOSH) {
        eg_series less = eg_series_subtract(a, &u, &unit), more = eg_series_add(a, &u, &unit);
        less = eg_series_root(a, less);
        more = eg_series_root(a, more);
        less = eg_series_multiply(a, &less, &more);
        return integrate_quotient(a, f, &u, &less, false);
    }
    eg_series s = square(a, &u);
    if (f == EG_F_ASINH) {
        s = eg_series_add(a, &unit, &s);
        s = eg_series_root(a, s);
        return integrate_quotient(a, f, &u, &s, false);
    }
    s = eg_series_subtract(a, &unit, &s);
    eg_series lead = s;
    int sign = eg_series_lead(a, &lead);
    if (sign < 0 || (sign == 0 && lead.order == SERIES_EXACT))
        return fail(a, EG_SERIES_NO_VALUES);
    if (lead.first != 0)
        return fail(a, EG_SERIES_UNKNOWN);
    return integrate_quotient(a, f, &u, &s, false);
}

/* Computes the angle of (x, y): the limit of the angle, and the integral of its derivative
 * (x y' - y x') / (x^2 + y^2). */
static eg_series angle(eg_series_algebra *a, eg_series y, eg_series x)
{
    int y_sign = eg_series_lead(a, &y), x_sign = eg_series_lead(a, &x);
    if (a->state != EG_SERIES_OK)
        return y;
    if ((y_sign == 0 && y.order != SERIES_EXACT) || (x_sign == 0 && x.order != SERIES_EXACT))
        return fail(a, EG_SERIES_SHORT);
    if (y_sign == 0 && x_sign == 0)
        return fail(a, EG_SERIES_NO_VALUES);
    int first = eg_series_valuation(&y), x_first = eg_series_valuation(&x);
    first = x_first < first ? x_first : first;
    eg_real y0 = eg_series_at(a, &y, first), x0 = eg_series_at(a, &x, first);
    bool on_cut = y0 == a->zero && x_sign < 0;
    eg_real start = eg_series_coefficient(a, EG_CALL + EG_F_ATAN2, y0, x0);
    if (on_cut) /* the limit is pi above the cut, -pi below it */
        start = y_sign < 0 ? eg_series_coefficient(a, EG_OP_NEG, eg_real_pi(a->reals), a->zero)
                           : eg_real_pi(a->reals);
    y = eg_series_shift(y, -first);
    x = eg_series_shift(x, -first);
    eg_series dy = eg_series_derivative(a, &y), dx = eg_series_derivative(a, &x);
    dy = eg_series_multiply(a, &x, &dy);
    dx = eg_series_multiply(a, &y, &dx);
    dy = eg_series_subtract(a, &dy, &dx);
    if (dy.count == 0 && dy.order == SERIES_EXACT)
        return eg_series_constant(a, start);
    x = square(a, &x);
    y = square(a, &y);
    x = eg_series_add(a, &x, &y);
    dy = eg_series_divide(a, &dy, x);
    return eg_series_integral(a, &dy, start);
}

/* ---- dispatch ---- */

static eg_series hypotenuse(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    eg_series first = square(a, x), second = square(a, y);
    first = eg_series_add(a, &first, &second);
    return eg_series_root(a, first);
}

/* Computes x^y with any exponent. */
static eg_series general_power(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    eg_series_exponent r = {.value = eg_series_at(a, y, 0)};
    if (is_constant(y)) {
        const eg_real_value *value = &a->reals->values[r.value];
        eg_real_evaluate(a->reals, r.value, 64);
        r.rational = value->form == EG_FORM_RATIONAL && value->num < SERIES_EXACT &&
                     value->num > -SERIES_EXACT && value->den < SERIES_EXACT;
        r.num = r.rational ? (int)value->num : 0;
        r.den = r.rational ? (int)value->den : 1;
        if (r.rational && r.num == 0)
            return one(a);
        return eg_series_power(a, *x, r);
    }
    eg_series base = *x;
    int s = eg_series_lead(a, &base);
    if (s < 0)
        return fail(a, EG_SERIES_NO_VALUES);
    if (s == 0 && base.order == SERIES_EXACT) {
        eg_series exponent = *y;
        s = eg_series_lead(a, &exponent);
        return s > 0 ? base : fail(a, s < 0 ? EG_SERIES_NO_VALUES : EG_SERIES_UNKNOWN);
    }
    base = logarithm(a, EG_F_LOG, base);
    base = eg_series_multiply(a, &base, y);
    return exponential(a, base);
}

static eg_series fixed_power(eg_series_algebra *a, const eg_series *x, int num, int den,
                             bool odd_root)
{
    eg_series_exponent r = {.value = eg_series_fraction(a, num, den),
                            .rational = true,
                            .num = num,
                            .den = den,
                            .odd_root = odd_root};
    return eg_series_power(a, *x, r);
}

static eg_series apply_function(eg_series_algebra *a, eg_function_id f, const eg_series *x,
                                const eg_series *y)
{
    switch (f) {
    case EG_F_SQRT:
        return eg_series_root(a, *x);
    case EG_F_CBRT:
        return fixed_power(a, x, 1, 3, true);
    case EG_F_EXP:
        return exponential(a, *x);
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        return logarithm(a, f, *x);
    case EG_F_SIN:
    case EG_F_COS:
    case EG_F_TAN:
    case EG_F_SINH:
    case EG_F_COSH:
    case EG_F_TANH:
        return circular(a, f, *x);
    case EG_F_ASIN:
    case EG_F_ACOS:
        return arcsine(a, f, *x);
    case EG_F_ATAN:
        return arctangent(a, *x);
    case EG_F_ASINH:
    case EG_F_ACOSH:
    case EG_F_ATANH:
        return inverse_hyperbolic(a, f, *x);
    case EG_F_ERF:
    case EG_F_ERFC:
        return error_function(a, f, *x);
    case EG_F_ABS:
        return eg_series_absolute(a, *x);
    case EG_F_SIGN:
        return eg_series_sign(a, *x);
    case EG_F_FLOOR:
    case EG_F_CEIL:
        return eg_series_rounded(a, *x, f == EG_F_CEIL);
    case EG_F_MIN:
    case EG_F_MAX:
        return eg_series_select(a, x, y, f == EG_F_MIN);
    case EG_F_HYPOT:
        return hypotenuse(a, x, y);
    case EG_F_ATAN2:
        return angle(a, *x, *y);
    default:
        return fail(a, EG_SERIES_UNKNOWN);
    }
}

eg_series eg_series_apply(eg_series_algebra *a, unsigned op, unsigned index, const eg_series *x,
                          const eg_series *y)
{
    switch (op) {
    case EG_OP_ADD:
        return eg_series_add(a, x, y);
    case EG_OP_SUB:
        return eg_series_subtract(a, x, y);
    case EG_OP_MUL:
        return eg_series_multiply(a, x, y);
    case EG_OP_DIV:
        return eg_series_divide(a, x, *y);
    case EG_OP_NEG:
        return eg_series_scale(a, x, eg_real_integer(a->reals, -1));
    case EG_OP_SQUARE:
        return square(a, x);
    case EG_OP_POWI:
        return fixed_power(a, x, (int)index, 1, false);
    case EG_OP_POWH:
        return fixed_power(a, x, 2 * (int)index + 1, 2, false);
    case EG_POWER:
        return general_power(a, x, y);
    case EG_CALL + EG_F_LESS:
    case EG_CALL + EG_F_EQUAL:
        return eg_series_compare(a, *x, op == EG_CALL + EG_F_LESS);
    case EG_CALL + EG_F_NOT:
    case EG_CALL + EG_F_AND:
    case EG_OP_WHEN:
        return eg_series_condition(a, op, *x, y);
    default:
        return op >= EG_CALL && op < EG_CALL + EG_FUNCTIONS
                   ? apply_function(a, (eg_function_id)(op - EG_CALL), x, y)
                   : fail(a, EG_SERIES_UNKNOWN);
    }
}
