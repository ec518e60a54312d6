/* SPDX-License-Identifier: MIT */
/* The functions of expressions in Arb, by table. */
#ifdef EG_HAVE_ARB

#include "real/arb_functions.h"

static void cube_root(arb_t out, const arb_t a, long bits)
{
    bool negative = arb_is_negative(a);
    arb_t size;
    arb_init(size);
    if (negative)
        arb_neg(size, a);
    else
        arb_set(size, a);
    arb_root_ui(out, size, 3, bits);
    if (negative)
        arb_neg(out, out);
    arb_clear(size);
}

/* Computes the n-th derivative of the digamma function. */
static void polygamma(arb_t out, unsigned n, const arb_t a, long bits)
{
    if (n == 0) {
        arb_digamma(out, a, bits);
        return;
    }
    acb_t order, argument;
    acb_init(order);
    acb_init(argument);
    arb_set_si(acb_realref(order), n);
    arb_set(acb_realref(argument), a);
    acb_polygamma(argument, order, argument, bits);
    arb_set(out, acb_realref(argument));
    acb_clear(order);
    acb_clear(argument);
}

/* Computes the n-th derivative of sin(x)/x from its Taylor series at a. */
static void sinc_derivative(arb_t out, unsigned n, const arb_t a, long bits)
{
    if (n == 0) {
        arb_sinc(out, a, bits);
        return;
    }
    arb_ptr point = _arb_vec_init(2), series = _arb_vec_init((slong)n + 1);
    arb_set(point, a);
    arb_set_si(point + 1, 1);
    _arb_poly_sinc_series(series, point, 2, (slong)n + 1, bits);
    arb_set(out, series + n);
    for (unsigned k = 2; k <= n; k++) {
        arb_set_si(point, k);
        arb_mul(out, out, point, bits);
    }
    _arb_vec_clear(point, 2);
    _arb_vec_clear(series, (slong)n + 1);
}

static void log_gamma(arb_t out, const arb_t a, long bits)
{
    arb_gamma(out, a, bits);
    arb_abs(out, out);
    arb_log(out, out, bits);
}

static void absolute(arb_t out, const arb_t a, long bits)
{
    (void)bits;
    arb_abs(out, a);
}

static void log_2(arb_t out, const arb_t a, long bits)
{
    arb_log_base_ui(out, a, 2, bits);
}

static void log_10(arb_t out, const arb_t a, long bits)
{
    arb_log_base_ui(out, a, 10, bits);
}

typedef void unary_function(arb_t out, const arb_t a, slong bits);
typedef void binary_function(arb_t out, const arb_t a, const arb_t b, slong bits);

/* Returns the function of one argument, NULL if there is none. The table is no constant, because
 * Arb is loaded at run time. */
static unary_function *unary(eg_function_id f)
{
    unary_function *const table[EG_FUNCTIONS] = {
        [EG_F_SQRT] = arb_sqrt,   [EG_F_CBRT] = cube_root,  [EG_F_EXP] = arb_exp,
        [EG_F_EXPM1] = arb_expm1, [EG_F_LOG] = arb_log,     [EG_F_LOG2] = log_2,
        [EG_F_LOG10] = log_10,    [EG_F_LOG1P] = arb_log1p, [EG_F_SIN] = arb_sin,
        [EG_F_COS] = arb_cos,     [EG_F_TAN] = arb_tan,     [EG_F_ASIN] = arb_asin,
        [EG_F_ACOS] = arb_acos,   [EG_F_ATAN] = arb_atan,   [EG_F_SINH] = arb_sinh,
        [EG_F_COSH] = arb_cosh,   [EG_F_TANH] = arb_tanh,   [EG_F_ASINH] = arb_asinh,
        [EG_F_ACOSH] = arb_acosh, [EG_F_ATANH] = arb_atanh, [EG_F_ERF] = arb_hypgeom_erf,
        [EG_F_ABS] = absolute,    [EG_F_FLOOR] = arb_floor, [EG_F_ERFC] = arb_hypgeom_erfc,
        [EG_F_CEIL] = arb_ceil,   [EG_F_GAMMA] = arb_gamma, [EG_F_LGAMMA] = log_gamma,
    };
    return table[f];
}

static binary_function *binary(eg_function_id f)
{
    binary_function *const table[EG_FUNCTIONS] = {
        [EG_F_MIN] = arb_min,
        [EG_F_MAX] = arb_max,
        [EG_F_HYPOT] = arb_hypot,
        [EG_F_ATAN2] = arb_atan2,
    };
    return table[f];
}

void eg_arb_function(arb_t out, eg_function_id f, unsigned order, const arb_t a, const arb_t b,
                     long bits)
{
    unary_function *one = unary(f);
    binary_function *two = binary(f);
    if (f == EG_F_POLYGAMMA)
        polygamma(out, order, a, bits);
    else if (f == EG_F_SINC)
        sinc_derivative(out, order, a, bits);
    else if (one)
        one(out, a, bits);
    else if (two)
        two(out, a, b, bits);
    else { /* a number without an enclosure */
        arb_set_si(out, 0);
        arb_log(out, out, bits);
    }
}

#else
typedef int no_arb; /* ISO C forbids an empty translation unit */
#endif
