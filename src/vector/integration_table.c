/* SPDX-License-Identifier: MIT */
/* Antiderivatives of powers and functions. */
#include "vector/integration.h"

eg_id eg_integral_of_power(eg_graph *g, eg_id u, eg_rational exponent)
{
    eg_rational next;
    if (eg_rational_is(exponent, -1))
        return eg_call(g, EG_F_LOG, u);
    if (!eg_rational_add(&next, exponent, eg_rational_of(1)))
        return EG_NONE;
    eg_id number = eg_make_number(g, next);
    return eg_divide(g, eg_make_power(g, u, number), number);
}

static eg_id square(eg_graph *g, eg_id u)
{
    return eg_raise(g, u, 2);
}

/* Returns sqrt(1 + sign u^2). */
static eg_id root_of_one(eg_graph *g, eg_id u, int sign)
{
    eg_id term = eg_multiply(g, eg_make_integer(g, sign), square(g, u));
    return eg_call(g, EG_F_SQRT, eg_add(g, eg_make_integer(g, 1), term));
}

/* Returns u f(u) + sign * rest. */
static eg_id by_parts(eg_graph *g, eg_function_id f, eg_id u, int sign, eg_id rest)
{
    eg_id product = eg_multiply(g, u, eg_call(g, f, u));
    return eg_add(g, product, eg_multiply(g, eg_make_integer(g, sign), rest));
}

static eg_id half_log(eg_graph *g, eg_id u)
{
    eg_id inside = eg_add(g, eg_make_integer(g, 1), square(g, u));
    return eg_multiply(g, eg_fraction(g, 1, 2), eg_call(g, EG_F_LOG, inside));
}

static eg_id integral_of_erf(eg_graph *g, eg_id u)
{
    eg_id bell = eg_call(g, EG_F_EXP, eg_negate(g, square(g, u)));
    eg_id root = eg_call(g, EG_F_SQRT, eg_make_constant(g, EG_PI));
    return by_parts(g, EG_F_ERF, u, 1, eg_divide(g, bell, root));
}

static eg_id integral_of_function(eg_graph *g, eg_function_id f, eg_id u)
{
    switch (f) {
    case EG_F_EXP:
        return eg_call(g, EG_F_EXP, u);
    case EG_F_EXPM1:
        return eg_subtract(g, eg_call(g, EG_F_EXP, u), u);
    case EG_F_SIN:
        return eg_negate(g, eg_call(g, EG_F_COS, u));
    case EG_F_COS:
        return eg_call(g, EG_F_SIN, u);
    case EG_F_TAN:
        return eg_negate(g, eg_call(g, EG_F_LOG, eg_call(g, EG_F_COS, u)));
    case EG_F_SINH:
        return eg_call(g, EG_F_COSH, u);
    case EG_F_COSH:
        return eg_call(g, EG_F_SINH, u);
    case EG_F_TANH:
        return eg_call(g, EG_F_LOG, eg_call(g, EG_F_COSH, u));
    case EG_F_LOG:
        return by_parts(g, f, u, -1, u);
    case EG_F_ASIN:
        return by_parts(g, f, u, 1, root_of_one(g, u, -1));
    case EG_F_ACOS:
        return by_parts(g, f, u, -1, root_of_one(g, u, -1));
    case EG_F_ATAN:
        return by_parts(g, f, u, -1, half_log(g, u));
    case EG_F_ASINH:
        return by_parts(g, f, u, -1, root_of_one(g, u, 1));
    case EG_F_ERF:
        return integral_of_erf(g, u);
    default:
        return EG_NONE;
    }
}

/* Returns (factor * u + a(u) b(u))/2. */
static eg_id half_of_sum(eg_graph *g, int factor, int sign, eg_id u, eg_function_id a,
                         eg_function_id b)
{
    eg_id product = eg_multiply(g, eg_call(g, a, u), eg_call(g, b, u));
    eg_id sum = eg_add(g, eg_multiply(g, eg_make_integer(g, factor), u),
                       eg_multiply(g, eg_make_integer(g, sign), product));
    return eg_multiply(g, eg_fraction(g, 1, 2), sum);
}

static eg_id integral_of_square(eg_graph *g, eg_function_id f, eg_id u)
{
    switch (f) {
    case EG_F_SIN:
        return half_of_sum(g, 1, -1, u, EG_F_SIN, EG_F_COS);
    case EG_F_COS:
        return half_of_sum(g, 1, 1, u, EG_F_SIN, EG_F_COS);
    case EG_F_SINH:
        return half_of_sum(g, -1, 1, u, EG_F_SINH, EG_F_COSH);
    case EG_F_COSH:
        return half_of_sum(g, 1, 1, u, EG_F_SINH, EG_F_COSH);
    case EG_F_TAN:
        return eg_subtract(g, eg_call(g, EG_F_TAN, u), u);
    case EG_F_TANH:
        return eg_subtract(g, u, eg_call(g, EG_F_TANH, u));
    default:
        return EG_NONE;
    }
}

/* Returns the integral of 1/f(u). */
static eg_id integral_of_reciprocal(eg_graph *g, eg_function_id f, eg_id u)
{
    eg_id inverse = eg_raise(g, eg_call(g, f, u), -1);
    switch (f) {
    case EG_F_COS:
        return eg_call(g, EG_F_LOG, eg_add(g, inverse, eg_call(g, EG_F_TAN, u)));
    case EG_F_SIN:
        return eg_negate(
            g, eg_call(g, EG_F_LOG,
                       eg_add(g, inverse, eg_multiply(g, eg_call(g, EG_F_COS, u), inverse))));
    case EG_F_COSH:
        return eg_multiply(g, eg_make_integer(g, 2),
                           eg_call(g, EG_F_ATAN, eg_call(g, EG_F_EXP, u)));
    default:
        return EG_NONE;
    }
}

/* Returns the integral of 1/f(u)^2. */
static eg_id integral_of_reciprocal_square(eg_graph *g, eg_function_id f, eg_id u)
{
    switch (f) {
    case EG_F_COS:
        return eg_call(g, EG_F_TAN, u);
    case EG_F_SIN:
        return eg_negate(g, eg_divide(g, eg_call(g, EG_F_COS, u), eg_call(g, EG_F_SIN, u)));
    case EG_F_COSH:
        return eg_call(g, EG_F_TANH, u);
    default:
        return EG_NONE;
    }
}

eg_id eg_integral_of_call(eg_graph *g, eg_function_id f, eg_id u, eg_rational exponent)
{
    return eg_rational_is(exponent, 1)    ? integral_of_function(g, f, u)
           : eg_rational_is(exponent, 2)  ? integral_of_square(g, f, u)
           : eg_rational_is(exponent, -1) ? integral_of_reciprocal(g, f, u)
           : eg_rational_is(exponent, -2) ? integral_of_reciprocal_square(g, f, u)
                                          : EG_NONE;
}
