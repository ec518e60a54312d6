/* SPDX-License-Identifier: MIT */
/*
 * Elementary functions on vectors, accurate to about one unit in the last place, bit-identical for
 * any width. The polynomials are from tools/fit-functions. Arguments out of their range (huge ones
 * of a sine, all but normal positive ones of a logarithm) are left to the system's library, lane by
 * lane.
 */
#ifndef EG_EXPR_EVAL_FUNCTIONS_SIMD_H
#define EG_EXPR_EVAL_FUNCTIONS_SIMD_H

#include <math.h>

#include "core/level.h"
#include "expr/eval/simd.h"

/* Returns c[0] + c[1] x + ... by Horner's scheme. */
#define EG_POLYNOMIAL(x, ...)                                                                      \
    eg_polynomial(x, (const double[]){__VA_ARGS__},                                                \
                  sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

EG_INLINE eg_vd eg_polynomial(eg_vd x, const double c[], size_t count)
{
    eg_vd sum = eg_splat(c[count - 1]);
#pragma GCC unroll 16
    for (size_t i = count - 1; i > 0; i--)
        sum = sum * x + c[i - 1];
    return sum;
}

/* 1.5 * 2^52. Adding it rounds a number below 2^51 to an integer, which is then in the low bits. */
#define EG_ROUNDER 0x1.8p52

/* Returns the integer in the low bits of v + EG_ROUNDER. */
static inline eg_vl eg_rounded_bits(eg_vd shifted)
{
    return (eg_vl)shifted - (eg_vl)eg_splat(EG_ROUNDER);
}

/* Replaces the lanes of `mask` by f(a). */
static inline eg_vd eg_patch(eg_vd result, eg_vl mask, eg_vd a, double (*f)(double))
{
    for (unsigned bits = eg_mask_bits(mask); bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        result[i] = f(a[i]);
    }
    return result;
}

/* Returns 2^k for -1022 <= k <= 1023. */
static inline eg_vd eg_pow2(eg_vl k)
{
    return (eg_vd)((eg_vu)(k + 1023) << 52);
}

/* Argument reduction x = k log(2) + r with |r| <= log(2)/2. */
typedef struct eg_reduced {
    eg_vl k;
    eg_vd n, expm1; /* n: k as a double; expm1: e^r - 1 */
} eg_reduced;

static inline eg_reduced eg_exp_reduce(eg_vd x)
{
    eg_vd shifted = x * 0x1.71547652b82fep+0 + EG_ROUNDER;
    eg_vd n = shifted - EG_ROUNDER;
    eg_vd r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    eg_vd tail = EG_POLYNOMIAL(r, 0x1.000000000000bp-1, 0x1.555555555550fp-3, 0x1.55555555502a6p-5,
                               0x1.1111111122b4fp-7, 0x1.6c16c18529f74p-10, 0x1.a01a014493a95p-13,
                               0x1.a01997cd32dd4p-16, 0x1.71deec77b25ddp-19, 0x1.28af3b651cd0bp-22,
                               0x1.add741be6cfcap-26);
    return (eg_reduced){eg_rounded_bits(shifted), n, r + r * r * tail};
}

/* Returns e^x = 2^k e^r. */
static inline eg_vd eg_exp(eg_vd x)
{
    const eg_vl outside = ~(eg_vl)(eg_abs(x) <= 708);
    if (!eg_mask_bits(outside)) {
        eg_reduced e = eg_exp_reduce(x);
        return (1 + e.expm1) * eg_pow2(e.k);
    }
    /* multiply by 2^k in two steps, because 2^k is subnormal or infinite where the result is */
    x = eg_select((eg_vl)(x < -746), eg_splat(-746), x);
    x = eg_select((eg_vl)(x > 710), eg_splat(710), x);
    eg_reduced e = eg_exp_reduce(x);
    eg_vl first = eg_rounded_bits(e.n * 0.5 + EG_ROUNDER);
    return (1 + e.expm1) * eg_pow2(first) * eg_pow2(e.k - first);
}

typedef struct eg_sine_cosine {
    eg_vd sine, cosine;
} eg_sine_cosine;

/* Computes sine and cosine after the argument reduction x = k pi/2 + r + low (Cody and Waite), with
 * pi/2 in three parts. The products of k with the first two are exact. */
static inline eg_sine_cosine eg_sin_cos(eg_vd x)
{
    eg_vd shifted = x * 0x1.45f306dc9c883p-1 + EG_ROUNDER;
    eg_vl k = eg_rounded_bits(shifted);
    eg_vd n = shifted - EG_ROUNDER;
    eg_vd a = x - n * 0x1.921fb544p+0, b = n * 0x1.0b4611a6p-34;
    eg_vd high = a - b, part = high - a;
    eg_vd low = ((a - (high - part)) - (b + part)) - n * 0x1.3198a2e037073p-69;
    eg_vd r = high + low;
    low -= r - high;

    eg_vd z = r * r, half = 0.5 * z;
    eg_vd s = EG_POLYNOMIAL(z, -0x1.5555555555548p-3, 0x1.111111110f77dp-7, -0x1.a01a019bf7efap-13,
                            0x1.71de3564d2b7bp-19, -0x1.ae5e594b78a4cp-26, 0x1.5d8fa7fd5c9d2p-33);
    eg_vd sine = r + (r * z * s + low * (1 - half));
    eg_vd c = EG_POLYNOMIAL(z, 0x1.555555555554bp-5, -0x1.6c16c16c1504bp-10, 0x1.a01a019c97777p-16,
                            -0x1.27e4f7f8eae3ap-22, 0x1.1ee9e15f38979p-29, -0x1.8fa9952065738p-37);
    eg_vd one = 1 - half;
    eg_vd cosine = one + (((1 - one) - half) + (z * z * c - r * low));

    eg_vl swapped = -(k & 1);
    eg_sine_cosine both = {eg_select(swapped, cosine, sine), eg_select(swapped, sine, cosine)};
    both.sine = (eg_vd)((eg_vl)both.sine ^ ((k & 2) << 62));
    both.cosine = (eg_vd)((eg_vl)both.cosine ^ (((k + 1) & 2) << 62));

    /* large arguments, and those so near a multiple of pi/2 that three parts are not enough */
    eg_vl inexact = ~(eg_vl)(eg_abs(x) <= 0x1p20) | (eg_vl)((eg_abs(r) < 0x1p-30) & (n != 0));
    if (eg_mask_bits(inexact)) {
        both.sine = eg_patch(both.sine, inexact, x, sin);
        both.cosine = eg_patch(both.cosine, inexact, x, cos);
    }
    return both;
}

/* Returns f of x = 2^k (1 + f), with sqrt(1/2) <= 1 + f < sqrt(2). Sets *k as a double. */
static inline eg_vd eg_log_reduce(eg_vd x, eg_vd *k)
{
    const eg_vu lowest = (eg_vu)eg_splat(0x1.6a09e667f3bcdp-1);
    eg_vu bits = (eg_vu)x - lowest + ((eg_vu)eg_splat(0) + ((uint64_t)1024 << 52));
    eg_vl exponent = (eg_vl)(bits >> 52) - 1024;
    *k = (eg_vd)(exponent + (eg_vl)eg_splat(EG_ROUNDER)) - EG_ROUNDER;
    return (eg_vd)((eg_vu)x - ((eg_vu)exponent << 52)) - 1;
}

/* Returns the tail of log(1 + f) = f - (half - tail), where half is f^2/2. It follows from log(1 +
 * f) = 2 atanh(s), s = f/(2 + f). */
static inline eg_vd eg_log_tail(eg_vd f, eg_vd half)
{
    eg_vd s = f / (2 + f), z = s * s;
    eg_vd tail = EG_POLYNOMIAL(z, 0x1.5555555555594p-1, 0x1.999999997f704p-2, 0x1.2492494240384p-2,
                               0x1.c71c51d110e79p-3, 0x1.7466495bb3f12p-3, 0x1.39a0c13b0a576p-3,
                               0x1.2f0e9f9a4661ep-3);
    return s * (half + z * tail);
}

static inline eg_vl eg_not_normal(eg_vd x)
{
    return ~((eg_vl)(x >= 0x1p-1022) & (eg_vl)(x <= 0x1.fffffffffffffp1023));
}

static inline eg_vd eg_log(eg_vd x)
{
    eg_vd k, f = eg_log_reduce(x, &k), half = 0.5 * f * f;
    eg_vd small = eg_log_tail(f, half) + k * 0x1.a39ef35793c76p-33;
    eg_vd result = k * 0x1.62e42feep-1 + (f - (half - small));
    return eg_patch(result, eg_not_normal(x), x, log);
}

/* A number of twice the precision: the sum of two doubles. */
typedef struct eg_double_double {
    eg_vd high, low;
} eg_double_double;

/* Splits a number into two halves of 26 bits (Veltkamp). */
static inline eg_double_double eg_split_halves(eg_vd a)
{
    eg_vd scaled = a * 0x1.0000002p27, high = scaled - (scaled - a);
    return (eg_double_double){high, a - high};
}

/* Multiplies in twice the precision, without a fused multiply-add (Dekker). */
static inline eg_double_double eg_double_double_multiply(eg_double_double a, eg_double_double b)
{
    eg_double_double p = eg_split_halves(a.high), q = eg_split_halves(b.high);
    eg_vd high = a.high * b.high;
    eg_vd low = ((p.high * q.high - high) + p.high * q.low + p.low * q.high) + p.low * q.low;
    low += a.high * b.low + a.low * b.high;
    eg_vd sum = high + low;
    return (eg_double_double){sum, low - (sum - high)};
}

/* Returns a^n by squaring in twice the precision; by the library in lanes that might overflow or
 * underflow. */
static inline eg_vd eg_power(eg_vd a, unsigned n)
{
    eg_double_double power = {eg_splat(1), eg_splat(0)}, squared = {a, eg_splat(0)};
    for (unsigned left = n; left; left >>= 1) {
        if (left & 1)
            power = eg_double_double_multiply(power, squared);
        if (left > 1)
            squared = eg_double_double_multiply(squared, squared);
    }
    eg_vd size = eg_abs(power.high);
    eg_vl unsafe = ~((eg_vl)(size < 0x1p900) & (eg_vl)(size > 0x1p-900));
    eg_vd result = power.high;
    for (unsigned bits = eg_mask_bits(unsafe); bits; bits &= bits - 1) {
        int i = __builtin_ctz(bits);
        result[i] = pow(a[i], n);
    }
    return result;
}

#endif
