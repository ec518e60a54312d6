/* SPDX-License-Identifier: MIT */
/* Functions made from those of expr/eval/functions_simd.h, and the arctangent. Good to two units or
 * so. */
#ifndef EG_EXPR_EVAL_DERIVED_SIMD_H
#define EG_EXPR_EVAL_DERIVED_SIMD_H

#include "expr/eval/functions_simd.h"

static inline eg_vd eg_with_sign(eg_vd size, eg_vd sign)
{
    return (eg_vd)((eg_vl)size | ((eg_vl)sign & INT64_MIN));
}

static inline eg_vd eg_floor(eg_vd x)
{
    eg_vd near = (x + EG_ROUNDER) - EG_ROUNDER;
    eg_vd low = near - eg_pick((eg_vl)(near > x), eg_all(1), eg_all(0));
    return eg_pick((eg_vl)(eg_abs(x) < 0x1p51), low, x);
}

/* k + log(1 + f)/log(2): powers of two give integers. */
static inline eg_vd eg_log2(eg_vd x)
{
    eg_vd k, f = eg_split(x, &k), half = 0.5 * f * f;
    eg_vd result = k + (f - (half - eg_log_rest(f, half))) * 0x1.71547652b82fep+0;
    return eg_patch(result, eg_not_normal(x), x, log2);
}

/* e^x - 1 = 2^k (e^r - 1) + (2^k - 1), -700 <= x <= 700. */
static inline eg_vd eg_exp_less_1(eg_vd x)
{
    eg_reduced e = eg_exp_reduce(x);
    eg_vd two_to_k = eg_two_to(e.k);
    return two_to_k * e.less_1 + (two_to_k - 1);
}

static inline eg_vd eg_tanh(eg_vd x)
{
    eg_vd size = eg_abs(x), far = eg_pick((eg_vl)(size > 30), eg_all(30), size);
    eg_vd e = eg_exp_less_1(-2 * far);
    return eg_with_sign(-e / (2 + e), x);
}

static inline eg_vd eg_sinh(eg_vd x)
{
    eg_vd e = eg_exp_less_1(eg_abs(x));
    eg_vd result = eg_with_sign(0.5 * (e + e / (e + 1)), x);
    return eg_patch(result, ~(eg_vl)(eg_abs(x) <= 700), x, sinh);
}

static inline eg_vd eg_cosh(eg_vd x)
{
    eg_vd e = eg_exp(eg_abs(x));
    return eg_patch(0.5 * (e + 1 / e), ~(eg_vl)(eg_abs(x) <= 700), x, cosh);
}

/* 1/cosh(x)^2 */
static inline eg_vd eg_sech2(eg_vd x)
{
    eg_vd e = eg_exp(-2 * eg_abs(x)), sum = 1 + e;
    return 4 * e / (sum * sum);
}

/* atan(t), |t| <= tan(pi/8). */
static inline eg_vd eg_small_atan(eg_vd t)
{
    eg_vd z = t * t;
    eg_vd rest = EG_POLYNOMIAL(z, -0x1.555555555553bp-2, 0x1.99999999954ecp-3,
                               -0x1.249249229b088p-3, 0x1.c71c70dfd428bp-4, -0x1.745cf83c70f44p-4,
                               0x1.3b110f02f05b2p-4, -0x1.10eb4ea9a167bp-4, 0x1.df09b7a3e46e2p-5,
                               -0x1.9cbb391a02d56p-5, 0x1.379d633b41bdcp-5, -0x1.24f5be7dff754p-6);
    return t + t * z * rest;
}

/* atan(n/d) for 0 <= n <= d: about pi/8 as pi/4 + atan((n - d)/(n + d)), which is one division too.
 */
static inline eg_vd eg_atan_ratio(eg_vd n, eg_vd d)
{
    eg_vl steep = (eg_vl)(n > d * 0x1.a827999fcef32p-2);
    eg_vd t = eg_pick(steep, n - d, n) / eg_pick(steep, n + d, d);
    eg_vd angle = eg_small_atan(t);
    return eg_pick(steep, 0x1.921fb54442d18p-1 + (angle + 0x1.1a62633145c07p-55), angle);
}

static inline eg_vd eg_atan(eg_vd x)
{
    eg_vd size = eg_abs(x);
    eg_vl large = (eg_vl)(size > 1);
    eg_vd angle = eg_atan_ratio(eg_pick(large, eg_all(1), size), eg_pick(large, size, eg_all(1)));
    eg_vd turned = 0x1.921fb54442d18p+0 - (angle - 0x1.1a62633145c07p-54);
    eg_vd result = eg_with_sign(eg_pick(large, turned, angle), x);
    return eg_patch(result, ~(eg_vl)(size <= 0x1p1000), x, atan);
}

/* Lanes that are neither 0 nor so large or small that squares and quotients leave the normal
 * numbers. */
static inline eg_vl eg_moderate(eg_vd a)
{
    return (eg_vl)(eg_abs(a) > 0x1p-480) & (eg_vl)(eg_abs(a) < 0x1p480);
}

/* The lanes of `mask` are computed by f(). */
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
    return eg_patch2(eg_sqrt(a * a + b * b), ~(eg_moderate(a) & eg_moderate(b)), a, b, hypot);
}

static inline eg_vd eg_atan2(eg_vd y, eg_vd x)
{
    eg_vd up = eg_abs(y), along = eg_abs(x);
    eg_vl steep = (eg_vl)(up > along);
    eg_vd angle = eg_atan_ratio(eg_pick(steep, along, up), eg_pick(steep, up, along));
    angle = eg_pick(steep, 0x1.921fb54442d18p+0 - (angle - 0x1.1a62633145c07p-54), angle);
    angle = eg_pick((eg_vl)(x < 0), 0x1.921fb54442d18p+1 - (angle - 0x1.1a62633145c07p-53), angle);
    angle = eg_with_sign(angle, y);
    return eg_patch2(angle, ~(eg_moderate(x) & eg_moderate(y)), y, x, atan2);
}

#endif
