/* SPDX-License-Identifier: MIT */
/* Operations on functions that grow as logarithms or exponential functions along a path. */
#include "surface/series/growth.h"

#include <math.h>

#include "expr/eval/ops.h"

/* order of a function that falls faster than every power */
enum { BEYOND_ALL_POWERS = 4 * SERIES_TERMS };

eg_growth eg_growth_of(const eg_series *series)
{
    return (eg_growth){.part = {*series}};
}

static eg_growth big_o(int order)
{
    eg_series rest = eg_series_big_o(order);
    return eg_growth_of(&rest);
}

static eg_growth fail(eg_series_algebra *a, eg_series_state state)
{
    eg_series_fail(a, state);
    return big_o(SERIES_EXACT);
}

static eg_growth huge(int sign)
{
    return (eg_growth){.huge = sign};
}

static eg_growth number(eg_series_algebra *a, eg_real value)
{
    eg_series constant = eg_series_constant(a, value);
    return eg_growth_of(&constant);
}

static eg_growth integer(eg_series_algebra *a, int value)
{
    return number(a, eg_real_integer(a->reals, value));
}

static bool is_series(const eg_growth *x)
{
    return !x->huge && x->degree == 0;
}

static bool is_zero(const eg_series *x)
{
    return x->count == 0 && x->order == SERIES_EXACT;
}

/* Lowers the degree if the coefficients of the highest powers of L are 0. */
static eg_growth reduced(eg_growth x)
{
    while (x.degree > 0 && is_zero(&x.part[x.degree]))
        x.degree--;
    return x;
}

eg_growth_term eg_growth_lead(eg_series_algebra *a, eg_growth *x)
{
    eg_growth_term lead = {.exponent = SERIES_EXACT};
    if (x->huge)
        return (eg_growth_term){x->huge, -BEYOND_ALL_POWERS, 0};
    for (int m = x->degree; m >= 0; m--) {
        eg_series *part = &x->part[m];
        int sign = eg_series_lead(a, part);
        if (sign != 0 && part->first < lead.exponent)
            lead = (eg_growth_term){m % 2 ? -sign : sign, part->first, m};
    }
    for (int m = 0; m <= x->degree && lead.sign; m++)
        if (x->part[m].order < lead.exponent ||
            (x->part[m].order == lead.exponent && m >= lead.log))
            eg_series_fail(a, EG_SERIES_SHORT);
    return lead;
}

/* ---- arithmetic ---- */

static eg_growth add(eg_series_algebra *a, unsigned op, const eg_growth *x, const eg_growth *y)
{
    int second = op == EG_OP_SUB ? -y->huge : y->huge;
    if (x->huge || second)
        return x->huge * second < 0 ? fail(a, EG_SERIES_UNKNOWN) : huge(x->huge ? x->huge : second);
    eg_growth sum = {.degree = x->degree > y->degree ? x->degree : y->degree};
    eg_series nothing = {.order = SERIES_EXACT};
    for (int m = 0; m <= sum.degree; m++)
        sum.part[m] = eg_series_apply(a, op, 0, m <= x->degree ? &x->part[m] : &nothing,
                                      m <= y->degree ? &y->part[m] : &nothing);
    return reduced(sum);
}

static eg_growth multiply_huge(eg_series_algebra *a, eg_growth x, eg_growth y)
{
    eg_growth_term first = eg_growth_lead(a, &x), second = eg_growth_lead(a, &y);
    eg_growth *other = x.huge ? &y : &x;
    if (is_series(other) && is_zero(&other->part[0]))
        return *other;
    if (first.sign * second.sign == 0)
        return fail(a, EG_SERIES_UNKNOWN);
    return huge(first.sign * second.sign);
}

static eg_growth multiply(eg_series_algebra *a, const eg_growth *x, const eg_growth *y)
{
    if (x->huge || y->huge)
        return multiply_huge(a, *x, *y);
    eg_growth product = {.degree = x->degree + y->degree};
    if (product.degree > GROWTH_LOGS)
        return fail(a, EG_SERIES_UNKNOWN);
    for (int m = 0; m <= product.degree; m++)
        product.part[m] = (eg_series){.order = SERIES_EXACT};
    for (int i = 0; i <= x->degree; i++)
        for (int j = 0; j <= y->degree; j++) {
            eg_series term = eg_series_multiply(a, &x->part[i], &y->part[j]);
            product.part[i + j] = eg_series_add(a, &product.part[i + j], &term);
        }
    return reduced(product);
}

static eg_growth divide(eg_series_algebra *a, const eg_growth *x, eg_growth y)
{
    eg_growth quotient = *x;
    if (y.huge)
        return x->huge ? fail(a, EG_SERIES_UNKNOWN) : big_o(BEYOND_ALL_POWERS);
    if (x->huge) {
        eg_growth_term lead = eg_growth_lead(a, &y);
        return lead.sign ? huge(x->huge * lead.sign) : fail(a, EG_SERIES_UNKNOWN);
    }
    if (y.degree > 0)
        return fail(a, EG_SERIES_UNKNOWN);
    for (int m = 0; m <= x->degree; m++)
        quotient.part[m] = eg_series_divide(a, &x->part[m], y.part[0]);
    return quotient;
}

static eg_growth integer_power(eg_series_algebra *a, const eg_growth *x, unsigned exponent)
{
    eg_growth power = *x;
    for (unsigned k = 1; k < exponent && a->state == EG_SERIES_OK; k++)
        power = multiply(a, &power, x);
    return power;
}

static eg_growth negate(eg_series_algebra *a, const eg_growth *x)
{
    eg_growth minus = integer(a, -1);
    return x->huge ? huge(-x->huge) : multiply(a, x, &minus);
}

/* ---- logarithms ---- */

/* Computes log(x) of a positive series: log(c s^m (1 + ...)) = m L + log(c (1 + ...)). */
static eg_growth logarithm(eg_series_algebra *a, unsigned op, eg_series x)
{
    int sign = eg_series_lead(a, &x), m = x.first;
    if (sign <= 0 || m == 0) {
        eg_series log = eg_series_apply(a, op, 0, &x, &x);
        return eg_growth_of(&log);
    }
    x = eg_series_shift(x, -m);
    eg_growth log = {.degree = 1};
    eg_real factor = eg_real_integer(a->reals, m), base;
    if (op != EG_CALL + EG_F_LOG) {
        base = eg_real_integer(a->reals, op == EG_CALL + EG_F_LOG2 ? 2 : 10);
        base = eg_series_coefficient(a, EG_CALL + EG_F_LOG, base, base);
        factor = eg_series_coefficient(a, EG_OP_DIV, factor, base);
    }
    log.part[0] = eg_series_apply(a, op, 0, &x, &x);
    log.part[1] = eg_series_constant(a, factor);
    return log;
}

/* Computes atanh(x) = (log(1 + x) - log(1 - x))/2 at the ends of its domain. */
static eg_growth inverse_tanh(eg_series_algebra *a, const eg_growth *x)
{
    eg_growth one = integer(a, 1), half = number(a, eg_series_fraction(a, 1, 2));
    eg_growth more = add(a, EG_OP_ADD, &one, x), less = add(a, EG_OP_SUB, &one, x);
    more = logarithm(a, EG_CALL + EG_F_LOG, more.part[0]);
    less = logarithm(a, EG_CALL + EG_F_LOG, less.part[0]);
    more = add(a, EG_OP_SUB, &more, &less);
    return multiply(a, &more, &half);
}

/* Computes asinh(x) or acosh(x), which are +-log(|x| + sqrt(x^2 +- 1)), where x grows. */
static eg_growth inverse_sinh(eg_series_algebra *a, unsigned op, eg_series x)
{
    int sign = eg_series_lead(a, &x);
    eg_real factor = eg_real_integer(a->reals, sign);
    eg_series one = eg_series_constant(a, a->one), root = eg_series_multiply(a, &x, &x);
    root = op == EG_CALL + EG_F_ASINH ? eg_series_add(a, &root, &one)
                                      : eg_series_subtract(a, &root, &one);
    root = eg_series_root(a, root);
    x = eg_series_scale(a, &x, factor);
    x = eg_series_add(a, &x, &root);
    eg_growth log = logarithm(a, EG_CALL + EG_F_LOG, x), scale = number(a, factor);
    return multiply(a, &log, &scale);
}

/* ---- exponential functions ---- */

/* Computes exp(B L) of a series B that tends to 0: 1 + B L + (B L)^2/2 + O((B L)^3). */
static eg_growth exponential_of_small_log(eg_series_algebra *a, const eg_series *b)
{
    eg_growth e = {.degree = 2};
    int first = eg_series_valuation(b);
    eg_series rest = eg_series_big_o(3 * (first < SERIES_TERMS ? first : SERIES_TERMS) - 1);
    e.part[0] = eg_series_constant(a, a->one);
    e.part[0] = eg_series_add(a, &e.part[0], &rest);
    e.part[1] = *b;
    e.part[2] = eg_series_multiply(a, b, b);
    e.part[2] = eg_series_scale(a, &e.part[2], eg_series_fraction(a, 1, 2));
    return reduced(e);
}

/* Computes the bound O(s^n), n < b, of a power s^b whose exponent b is no simple fraction. */
static eg_series bound_of_power(eg_series_algebra *a, eg_real b)
{
    double exponent = eg_real_approximate(a->reals, b);
    if (exponent > 1.000001)
        return eg_series_big_o(exponent < SERIES_TERMS ? (int)(exponent - 1e-6) : SERIES_TERMS);
    eg_series_fail(a, EG_SERIES_UNKNOWN);
    return eg_series_big_o(0);
}

/* Splits the power s^b, b = B(0), off the factor exp(B L). */
static eg_series leading_power(eg_series_algebra *a, eg_series *b)
{
    eg_real at = eg_series_at(a, b, 0);
    eg_series constant = eg_series_constant(a, at), power = eg_series_constant(a, a->one);
    if (at == a->zero)
        return power;
    *b = eg_series_subtract(a, b, &constant);
    const eg_real_value *value = &a->reals->values[at];
    if (value->form != EG_FORM_RATIONAL || value->num > 100 || value->num < -100 || value->den > 12)
        return bound_of_power(a, at);
    if (value->den != 1) {
        a->root = (int)value->den;
        eg_series_fail(a, EG_SERIES_ROOT);
        return power;
    }
    return eg_series_shift(power, (int)value->num);
}

static eg_growth exponential(eg_series_algebra *a, eg_growth x)
{
    eg_growth_term lead = eg_growth_lead(a, &x);
    if (a->state != EG_SERIES_OK)
        return x;
    if (lead.sign && lead.exponent < 0)
        return lead.sign > 0 ? huge(1) : big_o(BEYOND_ALL_POWERS);
    eg_series first = eg_series_apply(a, EG_CALL + EG_F_EXP, 0, &x.part[0], &x.part[0]);
    if (x.degree == 0)
        return eg_growth_of(&first);
    if (x.degree > 1 || x.part[1].order <= 0)
        return fail(a, EG_SERIES_UNKNOWN);
    eg_series power = leading_power(a, &x.part[1]);
    first = eg_series_multiply(a, &first, &power);
    eg_growth e = eg_growth_of(&first), second = exponential_of_small_log(a, &x.part[1]);
    return multiply(a, &e, &second);
}

/* Computes x^y as exp(y log(x)). */
static eg_growth power(eg_series_algebra *a, const eg_growth *x, const eg_growth *y)
{
    eg_growth log = logarithm(a, EG_CALL + EG_F_LOG, x->part[0]);
    log = multiply(a, &log, y);
    return exponential(a, log);
}

/* ---- other functions ---- */

static eg_growth absolute(eg_series_algebra *a, eg_growth x)
{
    eg_growth_term lead = eg_growth_lead(a, &x);
    return lead.sign < 0 ? negate(a, &x) : x;
}

static eg_growth smaller_or_larger(eg_series_algebra *a, const eg_growth *x, const eg_growth *y,
                                   bool smaller)
{
    eg_growth difference = add(a, EG_OP_SUB, x, y);
    eg_growth_term lead = eg_growth_lead(a, &difference);
    if (lead.sign == 0)
        return fail(a, EG_SERIES_SHORT);
    return (lead.sign < 0) == smaller ? *x : *y;
}

/* Computes a function that tends to a limit faster than every power where x grows so. */
static eg_growth limit_at_infinity(eg_series_algebra *a, eg_real limit)
{
    eg_growth x = number(a, limit);
    x.part[0].order = BEYOND_ALL_POWERS;
    return x;
}

static eg_growth function_of_huge(eg_series_algebra *a, unsigned op, int sign)
{
    switch (op) {
    case EG_CALL + EG_F_EXP:
        return sign > 0 ? huge(1) : big_o(BEYOND_ALL_POWERS);
    case EG_CALL + EG_F_SINH:
    case EG_CALL + EG_F_CBRT:
        return huge(sign);
    case EG_CALL + EG_F_COSH:
        return huge(1);
    case EG_CALL + EG_F_SQRT:
    case EG_OP_POWH:
        return sign > 0 ? huge(1) : fail(a, EG_SERIES_NO_VALUES);
    case EG_CALL + EG_F_SIN:
    case EG_CALL + EG_F_COS: {
        eg_series wave = {.oscillates = true};
        return eg_growth_of(&wave);
    }
    case EG_CALL + EG_F_SIGN:
    case EG_CALL + EG_F_TANH:
    case EG_CALL + EG_F_ERF:
        return limit_at_infinity(a, eg_real_integer(a->reals, sign));
    case EG_CALL + EG_F_ATAN: {
        eg_real half = eg_real_integer(a->reals, 2 * sign);
        return limit_at_infinity(a,
                                 eg_series_coefficient(a, EG_OP_DIV, eg_real_pi(a->reals), half));
    }
    default:
        return fail(a, EG_SERIES_UNKNOWN);
    }
}

/* Computes a function of a polynomial in L. */
static eg_growth function_of_logs(eg_series_algebra *a, unsigned op, eg_growth x)
{
    eg_growth_term lead = eg_growth_lead(a, &x);
    if (op == EG_CALL + EG_F_SIGN && lead.sign)
        return integer(a, lead.sign);
    bool grows = lead.sign && lead.exponent <= 0 && (lead.exponent < 0 || lead.log > 0);
    if (grows && (op == EG_CALL + EG_F_SIN || op == EG_CALL + EG_F_COS)) {
        eg_series wave = {.oscillates = true};
        return eg_growth_of(&wave);
    }
    return fail(a, EG_SERIES_UNKNOWN);
}

/* ---- dispatch ---- */

/* Returns true for an operation on series whose result may be no series. */
static bool leaves_series(eg_series_algebra *a, unsigned op, const eg_growth *x, const eg_growth *y)
{
    eg_series base = x->part[0], one = eg_series_constant(a, a->one);
    eg_series exponent = y->part[0];
    switch (op) {
    case EG_CALL + EG_F_EXP:
    case EG_CALL + EG_F_LOG:
    case EG_CALL + EG_F_LOG2:
    case EG_CALL + EG_F_LOG10:
        return true;
    case EG_CALL + EG_F_ATANH: {
        eg_series square = eg_series_multiply(a, &base, &base);
        square = eg_series_subtract(a, &one, &square);
        return eg_series_lead(a, &square) > 0 && square.first != 0;
    }
    case EG_CALL + EG_F_SINH:
    case EG_CALL + EG_F_COSH:
    case EG_CALL + EG_F_ASINH:
        return eg_series_lead(a, &base) != 0 && base.first < 0;
    case EG_CALL + EG_F_ACOSH:
        return eg_series_lead(a, &base) > 0 && base.first < 0;
    case EG_POWER: {
        bool constant = exponent.order == SERIES_EXACT && exponent.count <= 1 &&
                        (exponent.count == 0 || exponent.first == 0);
        eg_real value = eg_series_at(a, &exponent, 0);
        if (constant && a->reals->values[value].form == EG_FORM_RATIONAL)
            return false;
        return eg_series_lead(a, &base) > 0 && base.first != 0;
    }
    default:
        return false;
    }
}

static eg_growth apply_function(eg_series_algebra *a, unsigned op, unsigned index,
                                const eg_growth *x, const eg_growth *y)
{
    switch (op) {
    case EG_OP_SQUARE:
        return integer_power(a, x, 2);
    case EG_OP_POWI:
        return integer_power(a, x, index);
    case EG_CALL + EG_F_EXP:
        return x->huge ? function_of_huge(a, op, x->huge) : exponential(a, *x);
    case EG_CALL + EG_F_LOG:
    case EG_CALL + EG_F_LOG2:
    case EG_CALL + EG_F_LOG10:
        return is_series(x) ? logarithm(a, op, x->part[0]) : fail(a, EG_SERIES_UNKNOWN);
    case EG_CALL + EG_F_ATANH:
        return is_series(x) ? inverse_tanh(a, x) : fail(a, EG_SERIES_UNKNOWN);
    case EG_CALL + EG_F_ASINH:
    case EG_CALL + EG_F_ACOSH:
        return is_series(x) ? inverse_sinh(a, op, x->part[0]) : fail(a, EG_SERIES_UNKNOWN);
    case EG_POWER:
        return is_series(x) && !y->huge ? power(a, x, y) : fail(a, EG_SERIES_UNKNOWN);
    case EG_CALL + EG_F_SINH:
    case EG_CALL + EG_F_COSH: {
        eg_growth copy = *x;
        eg_growth_term lead = eg_growth_lead(a, &copy);
        return x->degree ? fail(a, EG_SERIES_UNKNOWN) : function_of_huge(a, op, lead.sign);
    }
    case EG_CALL + EG_F_ABS:
        return absolute(a, *x);
    case EG_CALL + EG_F_MIN:
    case EG_CALL + EG_F_MAX:
        return smaller_or_larger(a, x, y, op == EG_CALL + EG_F_MIN);
    default:
        if (x != y && (op == EG_CALL + EG_F_HYPOT || op == EG_CALL + EG_F_ATAN2))
            return fail(a, EG_SERIES_UNKNOWN);
        return x->huge ? function_of_huge(a, op, x->huge) : function_of_logs(a, op, *x);
    }
}

eg_growth eg_growth_apply(eg_series_algebra *a, unsigned op, unsigned index, const eg_growth *x,
                          const eg_growth *y)
{
    if (is_series(x) && is_series(y) && !leaves_series(a, op, x, y)) {
        eg_series made = eg_series_apply(a, op, index, &x->part[0], &y->part[0]);
        return eg_growth_of(&made);
    }
    switch (op) {
    case EG_OP_ADD:
    case EG_OP_SUB:
        return add(a, op, x, y);
    case EG_OP_MUL:
        return multiply(a, x, y);
    case EG_OP_DIV:
        return divide(a, x, *y);
    case EG_OP_NEG:
        return negate(a, x);
    default:
        return apply_function(a, op, index, x, y);
    }
}
