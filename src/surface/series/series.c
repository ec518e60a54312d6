/* SPDX-License-Identifier: MIT */
/* Arithmetic of power series with exact coefficients. */
#include "surface/series/series.h"

#include "expr/eval/ops.h"

void eg_series_begin(eg_series_algebra *a, eg_reals *reals)
{
    *a = (eg_series_algebra){.reals = reals, .q = 1, .root = 1};
    a->zero = eg_real_integer(reals, 0);
    a->one = eg_real_integer(reals, 1);
}

static eg_real plus(eg_series_algebra *a, eg_real x, eg_real y)
{
    return eg_series_coefficient(a, EG_OP_ADD, x, y);
}

static eg_real times(eg_series_algebra *a, eg_real x, eg_real y)
{
    return eg_series_coefficient(a, EG_OP_MUL, x, y);
}

/* ---- terms ---- */

int eg_series_valuation(const eg_series *x)
{
    return x->count ? x->first : x->order;
}

eg_real eg_series_at(const eg_series_algebra *a, const eg_series *x, int exponent)
{
    int k = exponent - x->first;
    return k >= 0 && k < x->count ? x->c[k] : a->zero;
}

static void drop_first(eg_series *x, int number)
{
    for (int k = number; k < x->count; k++)
        x->c[k - number] = x->c[k];
    x->first += number;
    x->count -= number;
}

void eg_series_trim(const eg_series_algebra *a, eg_series *x)
{
    int zeros = 0;
    while (zeros < x->count && x->c[zeros] == a->zero)
        zeros++;
    drop_first(x, zeros);
    if (x->count && x->order != SERIES_EXACT && x->order > x->first + a->terms) {
        x->order = x->first + a->terms;
        x->oscillates = false;
    }
    if (x->count && x->order != SERIES_EXACT && x->count > x->order - x->first)
        x->count = x->order > x->first ? x->order - x->first : 0;
    while (x->count && x->c[x->count - 1] == a->zero)
        x->count--;
}

eg_series eg_series_constant(eg_series_algebra *a, eg_real value)
{
    eg_series x = {.count = 1, .order = SERIES_EXACT};
    x.c[0] = eg_real_fold(a->reals, value);
    if (x.c[0] == EG_REAL_NONE)
        eg_series_fail(a, EG_SERIES_UNKNOWN);
    x.count = x.c[0] != a->zero && x.c[0] != EG_REAL_NONE;
    return x;
}

eg_series eg_series_big_o(int order)
{
    return (eg_series){.first = order, .order = order};
}

int eg_series_lead(eg_series_algebra *a, eg_series *x)
{
    while (x->count && a->state == EG_SERIES_OK) {
        eg_real_sign sign = x->c[0] == a->zero ? EG_SIGN_ZERO : eg_real_sign_of(a->reals, x->c[0]);
        if (sign == EG_SIGN_UNKNOWN || sign == EG_SIGN_UNDEFINED)
            eg_series_fail(a, EG_SERIES_UNKNOWN);
        else if (sign != EG_SIGN_ZERO)
            return (int)sign;
        drop_first(x, 1);
    }
    return 0;
}

bool eg_series_is_bounded(eg_series_algebra *a, eg_series *x)
{
    if (x->count == 0 || x->first < 0)
        eg_series_lead(a, x);
    if (eg_series_valuation(x) < 0 && x->count)
        return false;
    if (x->order <= 0)
        eg_series_fail(a, EG_SERIES_SHORT);
    return true;
}

/* ---- arithmetic ---- */

static int least(int x, int y)
{
    return x < y ? x : y;
}

/* Adds x and sign * y. */
static eg_series combine(eg_series_algebra *a, const eg_series *x, const eg_series *y, unsigned op)
{
    eg_series sum = {.order = least(x->order, y->order)};
    sum.oscillates = x->order < y->order ? x->oscillates : y->order < x->order && y->oscillates;
    int first = x->count ? x->first : y->first, end = first;
    if (y->count)
        first = least(first, y->first);
    if (x->count)
        end = x->first + x->count;
    if (y->count && y->first + y->count > end)
        end = y->first + y->count;
    if (end - first > SERIES_TERMS) {
        end = first + SERIES_TERMS;
        sum.oscillates = sum.oscillates && sum.order <= end;
        sum.order = least(sum.order, end);
    }
    end = least(end, sum.order);
    sum.first = first;
    for (int e = first; e < end; e++)
        sum.c[sum.count++] =
            eg_series_coefficient(a, op, eg_series_at(a, x, e), eg_series_at(a, y, e));
    eg_series_trim(a, &sum);
    return sum;
}

eg_series eg_series_add(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    return combine(a, x, y, EG_OP_ADD);
}

eg_series eg_series_subtract(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    return combine(a, x, y, EG_OP_SUB);
}

/* Returns the order of a product: O(s^order) of each factor times the leading term of the other. */
static int product_order(const eg_series *x, const eg_series *y)
{
    int order = SERIES_EXACT;
    if (x->order != SERIES_EXACT)
        order = least(order, x->order + eg_series_valuation(y));
    if (y->order != SERIES_EXACT)
        order = least(order, y->order + eg_series_valuation(x));
    return order;
}

/* Decides whether the rest of a product x y has no limit: the rest of x has none, that of y is
 * smaller, and the leading coefficient of y is not 0. */
static bool product_oscillates(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    bool dominates =
        x->oscillates && y->count &&
        (y->order == SERIES_EXACT || y->order + eg_series_valuation(x) > x->order + y->first);
    if (!dominates)
        return false;
    eg_real_sign sign = eg_real_sign_of(a->reals, y->c[0]);
    return sign == EG_SIGN_NEGATIVE || sign == EG_SIGN_POSITIVE;
}

static bool is_exactly_zero(const eg_series *x)
{
    return x->count == 0 && x->order == SERIES_EXACT;
}

eg_series eg_series_multiply(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    if (is_exactly_zero(x) || is_exactly_zero(y))
        return (eg_series){.order = SERIES_EXACT};
    eg_series product = {.first = x->first + y->first, .order = product_order(x, y)};
    product.oscillates = product_oscillates(a, x, y) || product_oscillates(a, y, x);
    if (!x->count || !y->count) {
        product.first = product.order;
        return product;
    }
    int count = x->count + y->count - 1,
        limit = product.order == SERIES_EXACT ? SERIES_TERMS
                                              : least(a->terms, product.order - product.first);
    if (count > limit) {
        count = limit;
        product.oscillates = product.oscillates && product.order <= product.first + limit;
        product.order = least(product.order, product.first + limit);
    }
    for (int k = 0; k < count; k++) {
        eg_real sum = a->zero;
        for (int i = 0; i <= k && i < x->count; i++)
            if (k - i < y->count)
                sum = plus(a, sum, times(a, x->c[i], y->c[k - i]));
        product.c[product.count++] = sum;
    }
    eg_series_trim(a, &product);
    return product;
}

eg_series eg_series_shift(eg_series x, int exponent)
{
    x.first += exponent;
    if (x.order != SERIES_EXACT)
        x.order += exponent;
    return x;
}

eg_series eg_series_scale(eg_series_algebra *a, const eg_series *x, eg_real factor)
{
    eg_series product = *x;
    if (factor == a->zero)
        return (eg_series){.order = SERIES_EXACT};
    product.oscillates = x->oscillates && eg_real_sign_of(a->reals, factor) != EG_SIGN_ZERO;
    for (int k = 0; k < x->count; k++)
        product.c[k] = times(a, x->c[k], factor);
    eg_series_trim(a, &product);
    return product;
}

static eg_series divide_by_term(eg_series_algebra *a, const eg_series *x, const eg_series *y)
{
    eg_series quotient = *x;
    for (int k = 0; k < x->count; k++)
        quotient.c[k] = eg_series_coefficient(a, EG_OP_DIV, x->c[k], y->c[0]);
    return eg_series_shift(quotient, -y->first);
}

eg_series eg_series_divide(eg_series_algebra *a, const eg_series *x, eg_series y)
{
    eg_series quotient = {.order = SERIES_EXACT};
    if (eg_series_lead(a, &y) == 0)
        eg_series_fail(a, y.order == SERIES_EXACT ? EG_SERIES_NO_VALUES : EG_SERIES_SHORT);
    if (a->state != EG_SERIES_OK || is_exactly_zero(x))
        return quotient;
    if (y.count == 1 && y.order == SERIES_EXACT)
        return divide_by_term(a, x, &y);
    int limit = least(a->terms, SERIES_TERMS);
    if (x->order != SERIES_EXACT)
        limit = least(limit, x->order - eg_series_valuation(x));
    if (y.order != SERIES_EXACT)
        limit = least(limit, y.order - y.first);
    quotient.first = eg_series_valuation(x) - y.first;
    quotient.order = quotient.first + limit;
    for (int k = 0; k < limit; k++) {
        eg_real rest = eg_series_at(a, x, x->first + k);
        for (int j = 1; j <= k && j < y.count; j++)
            rest = eg_series_coefficient(a, EG_OP_SUB, rest, times(a, y.c[j], quotient.c[k - j]));
        quotient.c[quotient.count++] = eg_series_coefficient(a, EG_OP_DIV, rest, y.c[0]);
    }
    eg_series_trim(a, &quotient);
    return quotient;
}

/* ---- calculus ---- */

eg_series eg_series_derivative(eg_series_algebra *a, const eg_series *x)
{
    eg_series derivative = eg_series_shift(*x, -1);
    derivative.oscillates = false;
    for (int k = 0; k < x->count; k++)
        derivative.c[k] = times(a, x->c[k], eg_real_integer(a->reals, x->first + k));
    eg_series_trim(a, &derivative);
    return derivative;
}

eg_series eg_series_integral(eg_series_algebra *a, const eg_series *x, eg_real constant)
{
    eg_series integral = eg_series_shift(*x, 1), c = eg_series_constant(a, constant);
    for (int k = 0; k < x->count; k++) {
        int exponent = integral.first + k;
        if (exponent > 0)
            integral.c[k] =
                eg_series_coefficient(a, EG_OP_DIV, x->c[k], eg_real_integer(a->reals, exponent));
        else if (x->c[k] != a->zero) /* the integral of 1/s is a logarithm */
            eg_series_fail(a, EG_SERIES_UNKNOWN);
    }
    if (integral.order <= 0)
        eg_series_fail(a, EG_SERIES_SHORT);
    return eg_series_add(a, &integral, &c);
}
