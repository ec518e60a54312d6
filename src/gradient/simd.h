/* SPDX-License-Identifier: MIT */
/*
 * Vectors as wide as the instruction set being compiled for, in the compiler's vector types, with
 * intrinsics for operations those types lack: high halves of products, masks as bits, bit deposits
 * and streaming stores. Intrinsics are allowed only in files named simd.h.
 */
#ifndef EG_GRADIENT_SIMD_H
#define EG_GRADIENT_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#if defined(__AVX512BW__)
#define EG_VECTOR 64
#elif defined(__AVX2__)
#define EG_VECTOR 32
#else
#define EG_VECTOR 16
#endif

enum { EG_LANES16 = EG_VECTOR / 2, EG_LANES32 = EG_VECTOR / 4 };

typedef int16_t eg_v16 __attribute__((vector_size(EG_VECTOR)));
typedef int32_t eg_v32 __attribute__((vector_size(EG_VECTOR)));
typedef float eg_vf __attribute__((vector_size(EG_VECTOR)));
typedef int16_t eg_half16 __attribute__((vector_size(EG_VECTOR / 2)));

typedef uint8_t eg_v8 __attribute__((vector_size(EG_VECTOR)));
typedef uint16_t eg_vu16 __attribute__((vector_size(EG_VECTOR)));
typedef uint8_t eg_half8 __attribute__((vector_size(EG_VECTOR / 2)));

/* Two vectors of 32-bit lanes, in the lane order that eg_add_weighted() produces. */
typedef struct eg_pair32 {
    eg_v32 low, high;
} eg_pair32;

/* Loads a vector from unaligned memory. */
static inline eg_v16 eg_load16(const int16_t *p)
{
    eg_v16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline eg_v32 eg_load32(const int32_t *p)
{
    eg_v32 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline eg_vf eg_loadf(const float *p)
{
    eg_vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline eg_v16 eg_abs16(eg_v16 v)
{
    eg_v16 sign = v >> 15;
    return (v ^ sign) - sign;
}

/* Returns half `h` (0 or 1) of the lanes, widened to 32 bits. */
static inline eg_v32 eg_widen16(eg_v16 v, size_t h)
{
    eg_half16 half;
    memcpy(&half, (const char *)&v + h * sizeof half, sizeof half);
    return __builtin_convertvector(half, eg_v32);
}

/* Returns a * b / 65536, rounded down. */
static inline eg_v16 eg_mulhi16(eg_v16 a, int16_t b)
{
#if defined(__AVX512BW__)
    return (eg_v16)_mm512_mulhi_epi16((__m512i)a, _mm512_set1_epi16(b));
#elif defined(__AVX2__)
    return (eg_v16)_mm256_mulhi_epi16((__m256i)a, _mm256_set1_epi16(b));
#elif defined(__SSE2__)
    return (eg_v16)_mm_mulhi_epi16((__m128i)a, _mm_set1_epi16(b));
#elif defined(__wasm_simd128__)
    const v128_t factor = wasm_i16x8_splat(b);
    const v128_t low = wasm_i32x4_extmul_low_i16x8((v128_t)a, factor);
    const v128_t high = wasm_i32x4_extmul_high_i16x8((v128_t)a, factor);
    return (eg_v16)wasm_i16x8_shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
#else
    eg_v16 r;
    for (int i = 0; i < EG_LANES16; i++)
        r[i] = (int16_t)((int32_t)a[i] * b >> 16);
    return r;
#endif
}

/* Converts masks of 16-bit lanes to bits: bit i is lane i of `a`, followed by the lanes of `b`. */
static inline uint64_t eg_bits16(eg_v16 a, eg_v16 b)
{
#if defined(__AVX512BW__)
    return _mm512_movepi16_mask((__m512i)a) | (uint64_t)_mm512_movepi16_mask((__m512i)b) << 32;
#elif defined(__AVX2__)
    __m256i packed = _mm256_packs_epi16((__m256i)a, (__m256i)b);
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(packed, 0xD8));
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16((__m128i)a, (__m128i)b));
#elif defined(__aarch64__)
    static const uint16_t weight[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    uint16x8_t w = vld1q_u16(weight);
    return vaddvq_u16(vandq_u16((uint16x8_t)a, w)) |
           (uint64_t)vaddvq_u16(vandq_u16((uint16x8_t)b, w)) << 8;
#elif defined(__wasm_simd128__)
    return wasm_i8x16_bitmask(wasm_i8x16_narrow_i16x8((v128_t)a, (v128_t)b));
#else
    uint64_t bits = 0;
    for (int i = 0; i < EG_LANES16; i++)
        bits |= (uint64_t)(a[i] & 1) << i | (uint64_t)(b[i] & 1) << (EG_LANES16 + i);
    return bits;
#endif
}

/* Converts a mask of 32-bit lanes to bits. */
static inline uint64_t eg_bits32(eg_v32 a)
{
#if defined(__AVX512DQ__)
    return _mm512_movepi32_mask((__m512i)a);
#elif defined(__AVX2__)
    return (uint32_t)_mm256_movemask_ps((__m256)a);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)a);
#elif defined(__wasm_simd128__)
    return wasm_i32x4_bitmask((v128_t)a);
#else
    uint64_t bits = 0;
    for (int i = 0; i < EG_LANES32; i++)
        bits |= (uint64_t)(a[i] & 1) << i;
    return bits;
#endif
}

/* Compare lanes and return a mask of bits: eg_greater16(), eg_greater32() and eg_greaterf() a > b,
 * eg_greater_equalf() a >= b. With AVX-512 they compare into mask registers, because the compiler
 * would move the result of eg_bits*() to a vector and back. */
static inline uint64_t eg_greater16(eg_v16 a0, eg_v16 b0, eg_v16 a1, eg_v16 b1)
{
#if defined(__AVX512BW__)
    return _mm512_cmpgt_epi16_mask((__m512i)a0, (__m512i)b0) |
           (uint64_t)_mm512_cmpgt_epi16_mask((__m512i)a1, (__m512i)b1) << 32;
#else
    return eg_bits16((eg_v16)(a0 > b0), (eg_v16)(a1 > b1));
#endif
}

static inline uint64_t eg_greater32(eg_v32 a, eg_v32 b)
{
#if defined(__AVX512BW__)
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b);
#else
    return eg_bits32(a > b);
#endif
}

static inline uint64_t eg_greaterf(eg_vf a, eg_vf b)
{
#if defined(__AVX512BW__)
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ);
#else
    return eg_bits32((eg_v32)(a > b));
#endif
}

static inline uint64_t eg_greater_equalf(eg_vf a, eg_vf b)
{
#if defined(__AVX512BW__)
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GE_OQ);
#else
    return eg_bits32((eg_v32)(a >= b));
#endif
}

/* Returns a mask whose bit i is set if bytes[i] >= threshold, i = 0 .. 63. */
static inline uint64_t eg_bytes_at_least(const uint8_t *bytes, uint8_t threshold)
{
#if defined(__AVX512BW__)
    __m512i v = _mm512_loadu_si512(bytes);
    return _mm512_cmpge_epu8_mask(v, _mm512_set1_epi8((char)threshold));
#elif defined(__SSE2__)
    const __m128i limit = _mm_set1_epi8((char)threshold);
    uint64_t bits = 0;
    for (int i = 0; i < 64; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        __m128i at_least = _mm_cmpeq_epi8(_mm_max_epu8(v, limit), v);
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(at_least) << i;
    }
    return bits;
#elif defined(__wasm_simd128__)
    const v128_t limit = wasm_u8x16_splat(threshold);
    uint64_t bits = 0;
    for (int i = 0; i < 64; i += 16)
        bits |= (uint64_t)wasm_i8x16_bitmask(wasm_u8x16_ge(wasm_v128_load(bytes + i), limit)) << i;
    return bits;
#else
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)(bytes[i] >= threshold) << i;
    return bits;
#endif
}

/* Deposits the low bits of `bits` at the set bits of `mask`, in order (PDEP). */
static inline uint64_t eg_deposit_bits(uint64_t bits, uint64_t mask)
{
#if defined(__BMI2__)
    return _pdep_u64(bits, mask);
#else
    uint64_t out = 0;
    for (; mask; mask &= mask - 1, bits >>= 1)
        out |= (bits & 1) ? mask & -mask : 0;
    return out;
#endif
}

/* Copies the bytes in[i] whose bit i of `mask` is set, i = 0 .. 63, to `out` without gaps and
 * returns the end. May overwrite up to 7 bytes past the end. */
static inline uint8_t *eg_gather_bytes(uint8_t *out, const uint8_t *in, uint64_t mask)
{
#if defined(__BMI2__)
    for (int i = 0; mask; i += 8, mask >>= 8) {
        uint64_t bytes, chosen = _pdep_u64(mask & 0xFF, UINT64_C(0x0101010101010101)) * 0xFF;
        memcpy(&bytes, in + i, sizeof bytes);
        bytes = _pext_u64(bytes, chosen);
        memcpy(out, &bytes, sizeof bytes);
        out += __builtin_popcountll(mask & 0xFF);
    }
#else
    for (; mask; mask &= mask - 1)
        *out++ = in[__builtin_ctzll(mask)];
#endif
    return out;
}

/* Sets out[i] to 255 if bit i of `bits` is set, else to 0; i = 0 .. 63. */
static inline void eg_expand_mask(uint8_t *out, uint64_t bits)
{
#if defined(__AVX512BW__)
    _mm512_storeu_si512(out, _mm512_movm_epi8(bits));
#else
    /* Replicate a byte eight times, keep one bit in each copy, turn that into 0x80, then 255. */
    for (int i = 0; i < 8; i++) {
        uint64_t copies = (bits >> (8 * i) & 0xFF) * UINT64_C(0x0101010101010101);
        uint64_t picked = copies & UINT64_C(0x8040201008040201);
        uint64_t set =
            ((picked + UINT64_C(0x7F7F7F7F7F7F7F7F)) | picked) & UINT64_C(0x8080808080808080);
        uint64_t bytes = (set >> 7) * 0xFF;
        for (int k = 0; k < 8; k++)
            out[8 * i + k] = (uint8_t)(bytes >> (8 * k));
    }
#endif
}

/* Widen bytes to 16-bit lanes, and narrow 16-bit lanes below 256 to bytes. */
static inline eg_vu16 eg_load_bytes(const uint8_t *p)
{
    eg_half8 v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, eg_vu16);
}

static inline void eg_store_bytes(uint8_t *p, eg_v16 v)
{
    eg_half8 narrow = __builtin_convertvector(v, eg_half8);
    memcpy(p, &narrow, sizeof narrow);
}

/* Returns sum + (a + b) * weight in 32 bits. */
static inline eg_pair32 eg_add_weighted(eg_pair32 sum, eg_v16 a, eg_v16 b, uint16_t weight)
{
#if defined(__AVX512BW__)
    const __m512i w = _mm512_set1_epi16((int16_t)weight);
    __m512i low = _mm512_unpacklo_epi16((__m512i)a, (__m512i)b);
    __m512i high = _mm512_unpackhi_epi16((__m512i)a, (__m512i)b);
    sum.low += (eg_v32)_mm512_madd_epi16(low, w);
    sum.high += (eg_v32)_mm512_madd_epi16(high, w);
#elif defined(__AVX2__)
    const __m256i w = _mm256_set1_epi16((int16_t)weight);
    __m256i low = _mm256_unpacklo_epi16((__m256i)a, (__m256i)b);
    __m256i high = _mm256_unpackhi_epi16((__m256i)a, (__m256i)b);
    sum.low += (eg_v32)_mm256_madd_epi16(low, w);
    sum.high += (eg_v32)_mm256_madd_epi16(high, w);
#elif defined(__SSE2__)
    const __m128i w = _mm_set1_epi16((int16_t)weight);
    __m128i low = _mm_unpacklo_epi16((__m128i)a, (__m128i)b);
    __m128i high = _mm_unpackhi_epi16((__m128i)a, (__m128i)b);
    sum.low += (eg_v32)_mm_madd_epi16(low, w);
    sum.high += (eg_v32)_mm_madd_epi16(high, w);
#elif defined(__wasm_simd128__)
    const v128_t w = wasm_i16x8_splat((int16_t)weight);
    v128_t low = wasm_i16x8_shuffle((v128_t)a, (v128_t)b, 0, 8, 1, 9, 2, 10, 3, 11);
    v128_t high = wasm_i16x8_shuffle((v128_t)a, (v128_t)b, 4, 12, 5, 13, 6, 14, 7, 15);
    sum.low += (eg_v32)wasm_i32x4_dot_i16x8(low, w);
    sum.high += (eg_v32)wasm_i32x4_dot_i16x8(high, w);
#else
    sum.low += (eg_widen16(a, 0) + eg_widen16(b, 0)) * weight;
    sum.high += (eg_widen16(a, 1) + eg_widen16(b, 1)) * weight;
#endif
    return sum;
}

/* Narrows the lanes of a pair, whose values fit 16 bits, into pixel order. */
static inline eg_v16 eg_narrow_pair(eg_v32 low, eg_v32 high)
{
#if defined(__AVX512BW__)
    return (eg_v16)_mm512_packs_epi32((__m512i)low, (__m512i)high);
#elif defined(__AVX2__)
    return (eg_v16)_mm256_packs_epi32((__m256i)low, (__m256i)high);
#elif defined(__SSE2__)
    return (eg_v16)_mm_packs_epi32((__m128i)low, (__m128i)high);
#elif defined(__wasm_simd128__)
    return (eg_v16)wasm_i16x8_narrow_i32x4((v128_t)low, (v128_t)high);
#else
    eg_v16 v;
    for (int i = 0; i < EG_LANES32; i++) {
        v[i] = (int16_t)low[i];
        v[EG_LANES32 + i] = (int16_t)high[i];
    }
    return v;
#endif
}

/*
 * Products of bytes. A pair of weights, two unsigned bytes, is multiplied by each pair of signed
 * bytes; the sums have 16 bits. They are exact if the weights of a pair sum to at most 256.
 */
#if defined(__AVX2__)
#define EG_HAS_BYTE_PRODUCTS 1

/* Loads bytes into a register: the compiler would load them again for each product, although most
 * of these loads cross a cache line. */
static inline eg_v8 eg_load8(const uint8_t *p)
{
    eg_v8 v;
    memcpy(&v, p, sizeof v);
    __asm__("" : "+v"(v));
    return v;
}

/* Returns sum + low * v[2 i] + high * v[2 i + 1] in lane i, with weights low | high << 8, which are
 * repeated in the upper 16 bits because 32 bits are loaded into all lanes at once. */
static inline eg_vu16 eg_add_products(eg_vu16 sum, uint32_t weights, eg_v8 v)
{
#if defined(__AVX512BW__)
    return sum + (eg_vu16)_mm512_maddubs_epi16(_mm512_set1_epi32((int)weights), (__m512i)v);
#else
    return sum + (eg_vu16)_mm256_maddubs_epi16(_mm256_set1_epi32((int)weights), (__m256i)v);
#endif
}

/* Returns pairs of the bytes of two rows, in two vectors whose sums eg_pack_bytes() puts back into
 * the order of the row. */
static inline void eg_pair_bytes(eg_v8 pairs[2], eg_v8 a, eg_v8 b)
{
#if defined(__AVX512BW__)
    pairs[0] = (eg_v8)_mm512_unpacklo_epi8((__m512i)a, (__m512i)b);
    pairs[1] = (eg_v8)_mm512_unpackhi_epi8((__m512i)a, (__m512i)b);
#else
    pairs[0] = (eg_v8)_mm256_unpacklo_epi8((__m256i)a, (__m256i)b);
    pairs[1] = (eg_v8)_mm256_unpackhi_epi8((__m256i)a, (__m256i)b);
#endif
}

/* Narrows lanes below 256 to bytes. */
static inline eg_v8 eg_pack_bytes(eg_vu16 low, eg_vu16 high)
{
#if defined(__AVX512BW__)
    return (eg_v8)_mm512_packus_epi16((__m512i)low, (__m512i)high);
#else
    return (eg_v8)_mm256_packus_epi16((__m256i)low, (__m256i)high);
#endif
}
#else
#define EG_HAS_BYTE_PRODUCTS 0
#endif

/* Loads EG_LANES32 16-bit integers as floats. */
static inline eg_vf eg_load16_as_float(const int16_t *p)
{
    eg_half16 half;
    memcpy(&half, p, sizeof half);
    return __builtin_convertvector(__builtin_convertvector(half, eg_v32), eg_vf);
}

/* Bytes to floats, where the compiler does not vectorise the conversion itself. */
#if defined(__wasm_simd128__)
#define EG_HAS_BYTES_AS_FLOATS 1

/* Loads EG_LANES32 bytes as floats. */
static inline eg_vf eg_load_bytes_as_float(const uint8_t *p)
{
    const v128_t wide = wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p));
    return (eg_vf)wasm_f32x4_convert_u32x4(wasm_u32x4_extend_low_u16x8(wide));
}
#else
#define EG_HAS_BYTES_AS_FLOATS 0
#endif

/* Returns a < b ? yes : no for each lane. */
static inline eg_vf eg_select_less(eg_vf a, eg_vf b, eg_vf yes, eg_vf no)
{
#if defined(__AVX512BW__)
    return (eg_vf)_mm512_mask_blend_ps(_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ),
                                       (__m512)no, (__m512)yes);
#elif defined(__wasm_simd128__)
    return (eg_vf)wasm_v128_bitselect((v128_t)yes, (v128_t)no, (v128_t)(a < b));
#else
    eg_v32 mask = (eg_v32)(a < b);
    return (eg_vf)((mask & (eg_v32)yes) | (~mask & (eg_v32)no));
#endif
}

static inline eg_v32 eg_max32(eg_v32 a, eg_v32 b)
{
#if defined(__AVX512BW__)
    return (eg_v32)_mm512_max_epi32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (eg_v32)_mm256_max_epi32((__m256i)a, (__m256i)b);
#elif defined(__wasm_simd128__)
    return (eg_v32)wasm_i32x4_max((v128_t)a, (v128_t)b);
#else
    eg_v32 mask = (eg_v32)(a > b);
    return (a & mask) | (b & ~mask);
#endif
}

static inline eg_v32 eg_min32(eg_v32 a, eg_v32 b)
{
#if defined(__AVX512BW__)
    return (eg_v32)_mm512_min_epi32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (eg_v32)_mm256_min_epi32((__m256i)a, (__m256i)b);
#elif defined(__wasm_simd128__)
    return (eg_v32)wasm_i32x4_min((v128_t)a, (v128_t)b);
#else
    eg_v32 mask = (eg_v32)(a < b);
    return (a & mask) | (b & ~mask);
#endif
}

/* Returns the square root, correctly rounded as by sqrtf(). */
static inline eg_vf eg_sqrtf(eg_vf v)
{
#if defined(__AVX512BW__)
    return (eg_vf)_mm512_sqrt_ps((__m512)v);
#elif defined(__AVX2__)
    return (eg_vf)_mm256_sqrt_ps((__m256)v);
#elif defined(__SSE2__)
    return (eg_vf)_mm_sqrt_ps((__m128)v);
#elif defined(__aarch64__)
    return (eg_vf)vsqrtq_f32((float32x4_t)v);
#elif defined(__wasm_simd128__)
    return (eg_vf)wasm_f32x4_sqrt((v128_t)v);
#else
    for (int i = 0; i < EG_LANES32; i++)
        v[i] = __builtin_sqrtf(v[i]);
    return v;
#endif
}

/* Returns sqrt(x^2 + y^2). The squares neither overflow nor underflow, because x and y are first
 * divided by the power of two with the exponent of the larger one, limited so that its inverse is
 * normal. That is exact: the result is that of the formula wherever the squares are normal. */
static inline eg_vf eg_hypotf(eg_vf x, eg_vf y)
{
    const eg_v32 no_sign = (eg_v32){0} + INT32_MAX, exponent = (eg_v32){0} + (255 << 23);
    const eg_v32 least = (eg_v32){0} + (1 << 23), most = (eg_v32){0} + (253 << 23);
    eg_v32 unit = eg_max32((eg_v32)x & no_sign, (eg_v32)y & no_sign) & exponent;
    unit = eg_min32(eg_max32(unit, least), most);
    const eg_vf inverse = (eg_vf)((254 << 23) - unit);
    x *= inverse;
    y *= inverse;
    return eg_sqrtf(x * x + y * y) * (eg_vf)unit;
}

/* Stores a vector to aligned memory without loading it into the cache (streaming store). Call
 * eg_stream_end() after the last store to order it before later ones. */
static inline void eg_stream(float *out, eg_vf v)
{
#if defined(__AVX512BW__)
    _mm512_stream_ps(out, (__m512)v);
#elif defined(__AVX2__)
    _mm256_stream_ps(out, (__m256)v);
#elif defined(__SSE2__)
    _mm_stream_ps(out, (__m128)v);
#else
    memcpy(out, &v, sizeof v);
#endif
}

static inline void eg_stream_end(void)
{
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

#endif
