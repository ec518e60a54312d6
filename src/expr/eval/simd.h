/* SPDX-License-Identifier: MIT */
/* Vectors of doubles as wide as the instruction set allows, in the compiler's vector types, and the
 * operations that those lack. */
#ifndef EG_EXPR_EVAL_SIMD_H
#define EG_EXPR_EVAL_SIMD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#if defined(__AVX512DQ__)
#define EG_DOUBLES 8
#elif defined(__AVX2__)
#define EG_DOUBLES 4
#else
#define EG_DOUBLES 2
#endif

typedef double eg_vd __attribute__((vector_size(EG_DOUBLES * 8)));
typedef int64_t eg_vl __attribute__((vector_size(EG_DOUBLES * 8)));
typedef uint64_t eg_vu __attribute__((vector_size(EG_DOUBLES * 8)));

static inline eg_vd eg_load_doubles(const double *p)
{
    eg_vd v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void eg_store_doubles(double *p, eg_vd v)
{
    memcpy(p, &v, sizeof v);
}

/* Stores a vector to aligned memory without loading it into the cache (streaming store). Call
 * eg_stream_doubles_end() after the last store to order it before later ones. */
static inline void eg_stream_doubles(double *out, eg_vd v)
{
#if defined(__AVX512DQ__)
    _mm512_stream_pd(out, (__m512d)v);
#elif defined(__AVX2__)
    _mm256_stream_pd(out, (__m256d)v);
#elif defined(__SSE2__)
    _mm_stream_pd(out, (__m128d)v);
#else
    eg_store_doubles(out, v);
#endif
}

static inline void eg_stream_doubles_end(void)
{
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

static inline eg_vd eg_splat(double v)
{
    return (eg_vd){0} + v;
}

/* Returns, lane by lane, `yes` where the mask is set, else `no`. */
static inline eg_vd eg_select(eg_vl mask, eg_vd yes, eg_vd no)
{
#if defined(__AVX512DQ__)
    return (eg_vd)_mm512_mask_blend_pd(_mm512_movepi64_mask((__m512i)mask), (__m512d)no,
                                       (__m512d)yes);
#elif defined(__AVX2__)
    return (eg_vd)_mm256_blendv_pd((__m256d)no, (__m256d)yes, (__m256d)mask);
#elif defined(__wasm_simd128__)
    return (eg_vd)wasm_v128_bitselect((v128_t)yes, (v128_t)no, (v128_t)mask);
#else
    return (eg_vd)((mask & (eg_vl)yes) | (~mask & (eg_vl)no));
#endif
}

/* Returns lane i of a mask as bit i. */
static inline unsigned eg_mask_bits(eg_vl mask)
{
#if defined(__AVX512DQ__)
    return _mm512_movepi64_mask((__m512i)mask);
#elif defined(__AVX2__)
    return (unsigned)_mm256_movemask_pd((__m256d)mask);
#elif defined(__SSE2__)
    return (unsigned)_mm_movemask_pd((__m128d)mask);
#elif defined(__wasm_simd128__)
    return wasm_i64x2_bitmask((v128_t)mask);
#else
    unsigned bits = 0;
    for (int i = 0; i < EG_DOUBLES; i++)
        bits |= (unsigned)(mask[i] & 1) << i;
    return bits;
#endif
}

static inline eg_vd eg_abs(eg_vd v)
{
    return (eg_vd)((eg_vl)v & INT64_MAX);
}

/* Returns the square root, correctly rounded. */
static inline eg_vd eg_sqrt(eg_vd v)
{
#if defined(__AVX512DQ__)
    return (eg_vd)_mm512_sqrt_pd((__m512d)v);
#elif defined(__AVX2__)
    return (eg_vd)_mm256_sqrt_pd((__m256d)v);
#elif defined(__SSE2__)
    return (eg_vd)_mm_sqrt_pd((__m128d)v);
#elif defined(__aarch64__)
    return (eg_vd)vsqrtq_f64((float64x2_t)v);
#elif defined(__wasm_simd128__)
    return (eg_vd)wasm_f64x2_sqrt((v128_t)v);
#else
    for (int i = 0; i < EG_DOUBLES; i++)
        v[i] = __builtin_sqrt(v[i]);
    return v;
#endif
}

#endif
