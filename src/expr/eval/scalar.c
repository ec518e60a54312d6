/* SPDX-License-Identifier: MIT */
/* Operations on individual doubles. */
#include "expr/eval/scalar.h"

#include <math.h>

#include "core/portable_math.h"
#include "expr/eval/ops.h"
#include "expr/eval/special.h"

static double sign(double a)
{
    return a > 0 ? 1 : a < 0 ? -1 : a;
}

/* Returns the smaller of two numbers, NaN if one of them is NaN. */
static double minimum(double a, double b)
{
    return a < b || isnan(a) ? a : b;
}

static double maximum(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

/* Returns a^n, as a product where that is at least as accurate as pow(). */
static double integer_power(double a, unsigned n)
{
    switch (n) {
    case 3:
        return a * a * a;
    case 4:
        return (a * a) * (a * a);
    default:
        return pow(a, n);
    }
}

/* ---- conditions ---- */

static double less(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : a < b;
}

static double equal(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : a == b;
}

static double negation(double a)
{
    return 1 - a;
}

static double both(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

/* Returns b where the condition a is 1, 0 where it is 0. */
static double when(double a, double b)
{
    return a == 0 ? 0 : isnan(a) ? a : b;
}

/* ---- functions ---- */

/* Returns 1/cosh(a)^2. */
static double sech_squared(double a)
{
    double e = exp(-2 * fabs(a)), sum = 1 + e;
    return 4 * e / (sum * sum);
}

static double apply_function(eg_function_id f, unsigned order, double a, double b)
{
    if (f == EG_F_POLYGAMMA)
        return eg_polygamma(order, a);
    if (f == EG_F_SINC)
        return eg_sinc(order, a);
    static double (*const unary[EG_FUNCTIONS])(double) = {
        [EG_F_SQRT] = sqrt,    [EG_F_CBRT] = eg_cube_root, [EG_F_EXP] = exp,
        [EG_F_LOG] = log,      [EG_F_LOG2] = log2,         [EG_F_LOG10] = log10,
        [EG_F_SIN] = sin,      [EG_F_COS] = cos,           [EG_F_TAN] = tan,
        [EG_F_ASIN] = asin,    [EG_F_ACOS] = acos,         [EG_F_ATAN] = atan,
        [EG_F_SINH] = sinh,    [EG_F_COSH] = cosh,         [EG_F_TANH] = tanh,
        [EG_F_ASINH] = asinh,  [EG_F_ACOSH] = acosh,       [EG_F_ATANH] = atanh,
        [EG_F_ERF] = erf,      [EG_F_ERFC] = erfc,         [EG_F_ABS] = fabs,
        [EG_F_SIGN] = sign,    [EG_F_FLOOR] = floor,       [EG_F_CEIL] = ceil,
        [EG_F_EXPM1] = expm1,  [EG_F_LOG1P] = log1p,       [EG_F_ROUND] = round,
        [EG_F_TRUNC] = trunc,  [EG_F_GAMMA] = eg_gamma,    [EG_F_LGAMMA] = eg_log_gamma,
        [EG_F_NOT] = negation,
    };
    static double (*const binary[EG_FUNCTIONS])(double, double) = {
        [EG_F_MIN] = minimum, [EG_F_MAX] = maximum,   [EG_F_HYPOT] = eg_hypotenuse,
        [EG_F_ATAN2] = atan2, [EG_F_MOD] = eg_modulo, [EG_F_LESS] = less,
        [EG_F_EQUAL] = equal, [EG_F_AND] = both,
    };
    return unary[f] ? unary[f](a) : binary[f](a, b);
}

double eg_apply_op(unsigned op, unsigned n, double a, double b)
{
    switch (op) {
    case EG_POWER:
        return pow(a, b);
    case EG_OP_ADD:
        return a + b;
    case EG_OP_SUB:
        return a - b;
    case EG_OP_MUL:
        return a * b;
    case EG_OP_DIV:
        return a / b;
    case EG_OP_NEG:
        return -a;
    case EG_OP_SQUARE:
        return a * a;
    case EG_OP_POWI:
        return integer_power(a, n);
    case EG_OP_POWH:
        return a < 0 ? NAN : pow(a, n + 0.5);
    case EG_OP_ONE_MINUS_SQUARE:
        return (1 - a) * (1 + a);
    case EG_OP_SECH2:
        return sech_squared(a);
    case EG_OP_LOG_OR_0:
        return a == 0 ? 0 : log(a);
    case EG_OP_WHEN:
        return when(a, b);
    case EG_OP_RESULT:
        return isnan(a) || isnan(b) ? NAN : a;
    default:
        return apply_function((eg_function_id)(op - EG_CALL), n, a, b);
    }
}
