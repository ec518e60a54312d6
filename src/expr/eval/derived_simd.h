/* SPDX-License-Identifier: MIT */
/* Vector functions derived from those of expr/eval/functions_simd.h, and the arctangent. Accurate
 * to about two units in the last place. */
#ifndef EG_EXPR_EVAL_DERIVED_SIMD_H
#define EG_EXPR_EVAL_DERIVED_SIMD_H

#include "core/portable_math.h"
#include "expr/eval/functions_simd.h"

static inline eg_vd eg_copysign(eg_vd magnitude, eg_vd sign)
{
    return (eg_vd)((eg_vl)magnitude | ((eg_vl)sign & INT64_MIN));
}

static inline eg_vd eg_floor(eg_vd x)
{
    eg_vd near = (x + EG_ROUNDER) - EG_ROUNDER;
    eg_vd low = near - eg_select((eg_vl)(near > x), eg_splat(1), eg_splat(0));
    return eg_select((eg_vl)(eg_abs(x) < 0x1p51), low, x);
}

/* Returns log2(x) = k + log(1 + f)/log(2), exactly k for powers of two. */
static inline eg_vd eg_log2(eg_vd x)
{
    eg_vd k, f = eg_log_reduce(x, &k), half = 0.5 * f * f;
    eg_vd result = k + (f - (half - eg_log_tail(f, half))) * 0x1.71547652b82fep+0;
    return eg_patch(result, eg_not_normal(x), x, log2);
}

/* Returns e^x - 1 = 2^k (e^r - 1) + (2^k - 1) for -700 <= x <= 700. */
static inline eg_vd eg_expm1(eg_vd x)
{
    eg_reduced e = eg_exp_reduce(x);
    eg_vd two_to_k = eg_pow2(e.k);
    return two_to_k * e.expm1 + (two_to_k - 1);
}

static inline eg_vd eg_tanh(eg_vd x)
{
    eg_vd magnitude = eg_abs(x),
          clamped = eg_select((eg_vl)(magnitude > 30), eg_splat(30), magnitude);
    eg_vd e = eg_expm1(-2 * clamped);
    return eg_copysign(-e / (2 + e), x);
}

static inline eg_vd eg_sinh(eg_vd x)
{
    eg_vd e = eg_expm1(eg_abs(x));
    eg_vd result = eg_copysign(0.5 * (e + e / (e + 1)), x);
    return eg_patch(result, ~(eg_vl)(eg_abs(x) <= 700), x, sinh);
}

static inline eg_vd eg_cosh(eg_vd x)
{
    eg_vd e = eg_exp(eg_abs(x));
    return eg_patch(0.5 * (e + 1 / e), ~(eg_vl)(eg_abs(x) <= 700), x, cosh);
}

/* Returns 1/cosh(x)^2. */
static inline eg_vd eg_sech2(eg_vd x)
{
    eg_vd e = eg_exp(-2 * eg_abs(x)), sum = 1 + e;
    return 4 * e / (sum * sum);
}

/* Returns atan(t) for |t| <= tan(pi/8). */
static inline eg_vd eg_atan_reduced(eg_vd t)
{
    eg_vd z = t * t;
    eg_vd tail = EG_POLYNOMIAL(z, -0x1.555555555553bp-2, 0x1.99999999954ecp-3,
                               -0x1.249249229b088p-3, 0x1.c71c70dfd428bp-4, -0x1.745cf83c70f44p-4,
                               0x1.3b110f02f05b2p-4, -0x1.10eb4ea9a167bp-4, 0x1.df09b7a3e46e2p-5,
                               -0x1.9cbb391a02d56p-5, 0x1.379d633b41bdcp-5, -0x1.24f5be7dff754p-6);
    return t + t * z * tail;
}

/* Returns atan(n/d) for 0 <= n <= d. Above tan(pi/8) it is pi/4 + atan((n - d)/(n + d)), which
 * takes one division as well. */
static inline eg_vd eg_atan_ratio(eg_vd n, eg_vd d)
{
    eg_vl steep = (eg_vl)(n > d * 0x1.a827999fcef32p-2);
    eg_vd t = eg_select(steep, n - d, n) / eg_select(steep, n + d, d);
    eg_vd angle = eg_atan_reduced(t);
    return eg_select(steep, 0x1.921fb54442d18p-1 + (angle + 0x1.1a62633145c07p-55), angle);
}

static inline eg_vd eg_atan(eg_vd x)
{
    eg_vd magnitude = eg_abs(x);
    eg_vl large = (eg_vl)(magnitude > 1);
    eg_vd angle = eg_atan_ratio(eg_select(large, eg_splat(1), magnitude),
                                eg_select(large, magnitude, eg_splat(1)));
    eg_vd complement = 0x1.921fb54442d18p+0 - (angle - 0x1.1a62633145c07p-54);
    eg_vd result = eg_copysign(eg_select(large, complement, angle), x);
    return eg_patch(result, ~(eg_vl)(magnitude <= 0x1p1000), x, atan);
}

/* Returns the lanes that are not 0 and whose squares and quotients are normal numbers. */
static inline eg_vl eg_moderate(eg_vd a)
{
    return (eg_vl)(eg_abs(a) > 0x1p-480) & (eg_vl)(eg_abs(a) < 0x1p480);
}

/* Replaces the lanes of `mask` by f(a, b). */
static inline eg_vd eg_patch2(eg_vd result, eg_vl mask, eg_vd a, eg_vd b,
                              double (*f)(double, double))
{
    for (unsigned bits = eg_mask_bits(mask); bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        result[i] = f(a[i], b[i]);
    }
    return result;
}

static inline eg_vd eg_hypot(eg_vd a, eg_vd b)
{
    return eg_patch2(eg_sqrt(a * a + b * b), ~(eg_moderate(a) & eg_moderate(b)), a, b,
                     eg_hypotenuse);
}

static inline eg_vd eg_atan2(eg_vd y, eg_vd x)
{
    eg_vd abs_y = eg_abs(y), abs_x = eg_abs(x);
    eg_vl steep = (eg_vl)(abs_y > abs_x);
    eg_vd angle = eg_atan_ratio(eg_select(steep, abs_x, abs_y), eg_select(steep, abs_y, abs_x));
    angle = eg_select(steep, 0x1.921fb54442d18p+0 - (angle - 0x1.1a62633145c07p-54), angle);
    angle =
        eg_select((eg_vl)(x < 0), 0x1.921fb54442d18p+1 - (angle - 0x1.1a62633145c07p-53), angle);
    angle = eg_copysign(angle, y);
    return eg_patch2(angle, ~(eg_moderate(x) & eg_moderate(y)), y, x, atan2);
}

#endif
