/* SPDX-License-Identifier: MIT */
/* Vectors of words of 64 pixels. */
#ifndef EG_EDGE_SIMD_H
#define EG_EDGE_SIMD_H

#include "gradient/simd.h"

enum { EG_LANES64 = EG_VECTOR / 8 };

typedef uint64_t eg_v64 __attribute__((vector_size(EG_VECTOR)));

static inline eg_v64 eg_load64(const uint64_t *p)
{
    eg_v64 v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Returns a bit for each lane that is not 0. */
static inline uint64_t eg_nonzero64(eg_v64 v)
{
#if defined(__AVX512BW__)
    return _mm512_test_epi64_mask((__m512i)v, (__m512i)v);
#elif defined(__AVX2__)
    const __m256i zero = _mm256_cmpeq_epi64((__m256i)v, _mm256_setzero_si256());
    return ~(unsigned)_mm256_movemask_pd((__m256d)zero) & 15;
#elif defined(__wasm_simd128__)
    return wasm_i64x2_bitmask(wasm_i64x2_ne((v128_t)v, wasm_i64x2_const(0, 0)));
#else
    uint64_t bits = 0;
    for (size_t i = 0; i < EG_LANES64; i++)
        bits |= (uint64_t)(v[i] != 0) << i;
    return bits;
#endif
}

#endif
