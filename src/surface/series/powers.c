/* SPDX-License-Identifier: MIT */
/* Powers and roots of power series. */
#include <stdlib.h>

#include "expr/eval/ops.h"
#include "surface/series/series.h"

enum { LARGEST_FACTOR_COUNT = 16, LARGEST_ROOT = 12 };

static int common_divisor(int a, int b)
{
    while (b != 0) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return abs(a);
}

static int least(int x, int y)
{
    return x < y ? x : y;
}

/* Computes w^r of a series w = 1 + ... by the recurrence of Euler: p' w = r p w'. */
static eg_series power_near_one(eg_series_algebra *a, const eg_series *w, eg_real r)
{
    eg_series p = {.order = a->terms};
    if (w->order < p.order)
        p.order = w->order;
    eg_real r_plus_one = eg_series_coefficient(a, EG_OP_ADD, r, a->one);
    for (int k = 0; k < p.order; k++) {
        eg_real sum = k == 0 ? a->one : a->zero;
        for (int j = 1; j <= k && a->state == EG_SERIES_OK; j++) {
            eg_real factor =
                eg_series_coefficient(a, EG_OP_MUL, r_plus_one, eg_series_fraction(a, j, k));
            factor = eg_series_coefficient(a, EG_OP_SUB, factor, a->one);
            factor = eg_series_coefficient(a, EG_OP_MUL, factor, eg_series_at(a, w, j));
            factor = eg_series_coefficient(a, EG_OP_MUL, factor, p.c[k - j]);
            sum = eg_series_coefficient(a, EG_OP_ADD, sum, factor);
        }
        p.c[p.count++] = sum;
    }
    return p;
}

/* Computes c^r of the leading coefficient. */
static eg_real power_of_coefficient(eg_series_algebra *a, eg_real c, eg_series_exponent r)
{
    eg_graph *graph = &a->reals->graph;
    if (c == a->one)
        return c;
    if (r.odd_root)
        return eg_series_coefficient(a, EG_CALL + EG_F_CBRT, c, c);
    unsigned size = (unsigned)abs(r.num);
    if (!r.rational || r.den > 2 || size > EG_MAX_POWI)
        return eg_series_coefficient(a, EG_POWER, c, r.value);
    eg_real power = r.den == 1 ? eg_op_powi(graph, c, size) : eg_op_powh(graph, c, size / 2);
    power = eg_real_fold(a->reals, power);
    if (power == EG_REAL_NONE)
        eg_series_fail(a, EG_SERIES_UNKNOWN);
    if (a->state != EG_SERIES_OK)
        return a->zero;
    return r.num < 0 ? eg_series_coefficient(a, EG_OP_DIV, a->one, power) : power;
}

/* Computes the power of a series without known terms. */
static eg_series power_of_nothing(eg_series_algebra *a, const eg_series *x, eg_series_exponent r)
{
    bool exact = x->order == SERIES_EXACT;
    eg_real_sign sign = eg_real_sign_of(a->reals, r.value);
    if (exact && sign == EG_SIGN_POSITIVE)
        return *x;
    if (!exact && r.rational && r.den == 1 && r.num > 0 && x->order > 0)
        return eg_series_big_o(least(x->order, SERIES_TERMS) * least(r.num, SERIES_TERMS));
    if (sign == EG_SIGN_UNKNOWN)
        eg_series_fail(a, EG_SERIES_UNKNOWN);
    eg_series_fail(a, exact ? EG_SERIES_NO_VALUES : EG_SERIES_SHORT);
    return *x;
}

/* Multiplies a polynomial, so that its powers stay exact. */
static eg_series repeated_product(eg_series_algebra *a, const eg_series *x, int factors)
{
    eg_series product = *x;
    for (int k = 1; k < factors; k++)
        product = eg_series_multiply(a, &product, x);
    return product;
}

/* Checks that x^r has a series whose exponents are integers. Sets *exponent to its first. */
static bool leading_exponent(eg_series_algebra *a, const eg_series *x, eg_series_exponent r,
                             int sign, int *exponent)
{
    *exponent = 0;
    if (sign < 0 && !r.odd_root && !(r.rational && r.den == 1)) {
        eg_series_fail(a, EG_SERIES_NO_VALUES);
    } else if (x->first != 0 && (!r.rational || abs(r.num) > EG_MAX_POWI || r.den > LARGEST_ROOT)) {
        eg_series_fail(a, EG_SERIES_UNKNOWN);
    } else if (x->first != 0) {
        int numerator = x->first * r.num;
        if (numerator % r.den != 0) {
            a->root = r.den / common_divisor(numerator, r.den);
            eg_series_fail(a, EG_SERIES_ROOT);
        }
        *exponent = numerator / r.den;
    }
    return a->state == EG_SERIES_OK;
}

eg_series eg_series_power(eg_series_algebra *a, eg_series x, eg_series_exponent r)
{
    int exponent, sign = eg_series_lead(a, &x);
    bool polynomial = x.order == SERIES_EXACT && r.rational && r.den == 1 && r.num > 0 &&
                      r.num <= LARGEST_FACTOR_COUNT;
    if (a->state != EG_SERIES_OK)
        return x;
    if (sign == 0)
        return power_of_nothing(a, &x, r);
    if (polynomial)
        return repeated_product(a, &x, r.num);
    if (!leading_exponent(a, &x, r, sign, &exponent))
        return x;
    eg_real scale = power_of_coefficient(a, x.c[0], r);
    eg_series w = eg_series_shift(x, -x.first), power;
    for (int k = x.count - 1; k >= 0; k--)
        w.c[k] = eg_series_coefficient(a, EG_OP_DIV, x.c[k], x.c[0]);
    if (w.count == 1 && w.order == SERIES_EXACT)
        power = eg_series_constant(a, a->one);
    else
        power = power_near_one(a, &w, r.value);
    power = eg_series_scale(a, &power, scale);
    eg_series_trim(a, &power);
    return eg_series_shift(power, exponent);
}

eg_series eg_series_root(eg_series_algebra *a, eg_series x)
{
    eg_series_exponent half = {
        .value = eg_series_fraction(a, 1, 2), .rational = true, .num = 1, .den = 2};
    return eg_series_power(a, x, half);
}
