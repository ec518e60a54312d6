/* SPDX-License-Identifier: MIT */
/*
 * Vectors for non-maximum suppression: masks of lanes, which AVX-512 keeps in registers of their
 * own, selections by them, and loads of a row one sample to the left or to the right.
 */
#ifndef EG_EDGE_CANNY_SIMD_H
#define EG_EDGE_CANNY_SIMD_H

#include "gradient/simd.h"

#if defined(__AVX512BW__)
typedef __mmask32 eg_mask16;
typedef __mmask16 eg_mask32;
#else
typedef eg_v16 eg_mask16;
typedef eg_v32 eg_mask32;
#endif

/* Returns a mask of the lanes where a > b. */
static inline eg_mask16 eg_mask_greater16(eg_v16 a, eg_v16 b)
{
#if defined(__AVX512BW__)
    return _mm512_cmpgt_epi16_mask((__m512i)a, (__m512i)b);
#else
    return (eg_v16)(a > b);
#endif
}

static inline eg_mask32 eg_mask_greater32(eg_v32 a, eg_v32 b)
{
#if defined(__AVX512BW__)
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b);
#else
    return (eg_v32)(a > b);
#endif
}

/* Returns a mask of the negative lanes. */
static inline eg_mask16 eg_mask_negative16(eg_v16 v)
{
#if defined(__AVX512BW__)
    return _mm512_movepi16_mask((__m512i)v);
#else
    return v >> 15;
#endif
}

/* Returns half `h` (0 or 1) of a mask, for lanes of 32 bits. */
static inline eg_mask32 eg_half_mask(eg_mask16 mask, size_t h)
{
#if defined(__AVX512BW__)
    return (__mmask16)(h ? _kshiftri_mask32(mask, 16) : mask);
#else
    return eg_widen16(mask, h);
#endif
}

/* Return the lanes of `yes` where the mask is set, and those of `no` elsewhere. */
static inline eg_v16 eg_select16(eg_mask16 mask, eg_v16 yes, eg_v16 no)
{
#if defined(__AVX512BW__)
    return (eg_v16)_mm512_mask_mov_epi16((__m512i)no, mask, (__m512i)yes);
#elif defined(__AVX2__)
    return (eg_v16)_mm256_blendv_epi8((__m256i)no, (__m256i)yes, (__m256i)mask);
#elif defined(__wasm_simd128__)
    return (eg_v16)wasm_v128_bitselect((v128_t)yes, (v128_t)no, (v128_t)mask);
#else
    return (mask & yes) | (~mask & no);
#endif
}

static inline eg_v32 eg_select32(eg_mask32 mask, eg_v32 yes, eg_v32 no)
{
#if defined(__AVX512BW__)
    return (eg_v32)_mm512_mask_mov_epi32((__m512i)no, mask, (__m512i)yes);
#elif defined(__AVX2__)
    return (eg_v32)_mm256_blendv_epi8((__m256i)no, (__m256i)yes, (__m256i)mask);
#elif defined(__wasm_simd128__)
    return (eg_v32)wasm_v128_bitselect((v128_t)yes, (v128_t)no, (v128_t)mask);
#else
    return (mask & yes) | (~mask & no);
#endif
}

static inline eg_v16 eg_max16(eg_v16 a, eg_v16 b)
{
#if defined(__AVX512BW__)
    return (eg_v16)_mm512_max_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (eg_v16)_mm256_max_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (eg_v16)_mm_max_epi16((__m128i)a, (__m128i)b);
#elif defined(__wasm_simd128__)
    return (eg_v16)wasm_i16x8_max((v128_t)a, (v128_t)b);
#else
    return eg_select16((eg_v16)(a > b), a, b);
#endif
}

/* Stores x^2 + y^2 of EG_LANES16 pixels. */
static inline void eg_store_squares(int32_t *out, eg_v16 x, eg_v16 y)
{
#if defined(__AVX512BW__)
    const __m512i lower = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    const __m512i upper = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    const __m512i low = _mm512_unpacklo_epi16((__m512i)x, (__m512i)y);
    const __m512i high = _mm512_unpackhi_epi16((__m512i)x, (__m512i)y);
    const __m512i a = _mm512_madd_epi16(low, low), b = _mm512_madd_epi16(high, high);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(a, lower, b));
    _mm512_storeu_si512(out + EG_LANES32, _mm512_permutex2var_epi64(a, upper, b));
#elif defined(__AVX2__)
    const __m256i low = _mm256_unpacklo_epi16((__m256i)x, (__m256i)y);
    const __m256i high = _mm256_unpackhi_epi16((__m256i)x, (__m256i)y);
    const __m256i a = _mm256_madd_epi16(low, low), b = _mm256_madd_epi16(high, high);
    const __m256i first = _mm256_permute2x128_si256(a, b, 0x20);
    const __m256i second = _mm256_permute2x128_si256(a, b, 0x31);
    memcpy(out, &first, sizeof first);
    memcpy(out + EG_LANES32, &second, sizeof second);
#elif defined(__SSE2__)
    const __m128i low = _mm_unpacklo_epi16((__m128i)x, (__m128i)y);
    const __m128i high = _mm_unpackhi_epi16((__m128i)x, (__m128i)y);
    const __m128i first = _mm_madd_epi16(low, low), second = _mm_madd_epi16(high, high);
    memcpy(out, &first, sizeof first);
    memcpy(out + EG_LANES32, &second, sizeof second);
#elif defined(__wasm_simd128__)
    const v128_t low = wasm_i16x8_shuffle((v128_t)x, (v128_t)y, 0, 8, 1, 9, 2, 10, 3, 11);
    const v128_t high = wasm_i16x8_shuffle((v128_t)x, (v128_t)y, 4, 12, 5, 13, 6, 14, 7, 15);
    wasm_v128_store(out, wasm_i32x4_dot_i16x8(low, low));
    wasm_v128_store(out + EG_LANES32, wasm_i32x4_dot_i16x8(high, high));
#else
    for (size_t h = 0; h < 2; h++) {
        const eg_v32 wide_x = eg_widen16(x, h), wide_y = eg_widen16(y, h);
        const eg_v32 sum = wide_x * wide_x + wide_y * wide_y;
        memcpy(out + h * EG_LANES32, &sum, sizeof sum);
    }
#endif
}

#if defined(__AVX512BW__)
#define EG_HAS_COMPRESS 1

/* Returns the lanes whose bits are set in `bits`, in order, followed by any. The form that sets the
 * others to zero would wait for the last value of its result register. */
static inline eg_v32 eg_compress32(eg_v32 v, uint64_t bits)
{
    return (eg_v32)_mm512_mask_compress_epi32((__m512i)v, (__mmask16)bits, (__m512i)v);
}

/* Stores lanes as bytes, of which those above 255 become 255; no lane is negative. */
static inline void eg_store_clamped(uint8_t *out, eg_v32 v)
{
    _mm_storeu_si128((__m128i *)(void *)out, _mm512_cvtusepi32_epi8((__m512i)v));
}
#else
#define EG_HAS_COMPRESS 0
#endif

/* Return masks as bits: bit i is lane i of a0, followed by the lanes of a1. */
static inline uint64_t eg_mask_bits16(eg_mask16 a0, eg_mask16 a1)
{
#if defined(__AVX512BW__)
    return a0 | (uint64_t)a1 << 32;
#else
    return eg_bits16(a0, a1);
#endif
}

static inline uint64_t eg_mask_bits32(eg_mask32 a)
{
#if defined(__AVX512BW__)
    return a;
#else
    return eg_bits32(a);
#endif
}

/*
 * Load p[-1 ..] and p[1 ..]. A vector of AVX-512 is a cache line, so that every unaligned load
 * would read two; loading aligned ones and moving the lanes is faster. p is aligned to a vector,
 * and the vectors before and after it can be read.
 */
static inline eg_v16 eg_load16_before(const int16_t *p)
{
#if defined(__AVX512BW__)
    const __m512i from =
        (__m512i)(eg_v16){31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
                          47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62};
    return (eg_v16)_mm512_permutex2var_epi16((__m512i)eg_load16(p - 32), from,
                                             (__m512i)eg_load16(p));
#else
    return eg_load16(p - 1);
#endif
}

static inline eg_v16 eg_load16_after(const int16_t *p)
{
#if defined(__AVX512BW__)
    const __m512i from =
        (__m512i)(eg_v16){1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                          17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
    return (eg_v16)_mm512_permutex2var_epi16((__m512i)eg_load16(p), from,
                                             (__m512i)eg_load16(p + 32));
#else
    return eg_load16(p + 1);
#endif
}

static inline eg_v32 eg_load32_before(const int32_t *p)
{
#if defined(__AVX512BW__)
    return (eg_v32)_mm512_alignr_epi32((__m512i)eg_load32(p), (__m512i)eg_load32(p - 16), 15);
#else
    return eg_load32(p - 1);
#endif
}

static inline eg_v32 eg_load32_after(const int32_t *p)
{
#if defined(__AVX512BW__)
    return (eg_v32)_mm512_alignr_epi32((__m512i)eg_load32(p + 16), (__m512i)eg_load32(p), 1);
#else
    return eg_load32(p + 1);
#endif
}

/* Returns the bits of the samples p[0 .. 63] above a threshold, which fits 16 bits. */
static inline uint64_t eg_word_over16(const int16_t *p, int32_t threshold)
{
    const eg_v16 limit = (eg_v16){0} + (int16_t)threshold;
    uint64_t bits = 0;
    for (size_t x = 0; x < 64; x += 2 * EG_LANES16)
        bits |= eg_greater16(eg_load16(p + x), limit, eg_load16(p + x + EG_LANES16), limit) << x;
    return bits;
}

#endif
