/* SPDX-License-Identifier: MIT */
/*
 * Vectors of 16-bit lanes for undoing the filters of PNG rows: the pixels of several rows, one
 * byte in each lane, in the compiler's vector types with intrinsics where those give poor code.
 */
#ifndef EG_IO_PNG_SIMD_H
#define EG_IO_PNG_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Pixels of up to four bytes of EG_PNG_LANE_ROWS rows: lane 4 r + i is byte i of row r. */
#if defined(__AVX2__)
enum { EG_PNG_LANE_ROWS = 4 };
#else
enum { EG_PNG_LANE_ROWS = 2 };
#endif

typedef int16_t eg_rows16 __attribute__((vector_size(8 * EG_PNG_LANE_ROWS)));
typedef int16_t eg_eight16 __attribute__((vector_size(16)));
typedef uint8_t eg_sixteen8 __attribute__((vector_size(16)));

/* ---- rows of pixels of three or four bytes ---- */

static inline uint32_t eg_load_pixel(const uint8_t *p)
{
    uint32_t pixel;
    memcpy(&pixel, p, sizeof pixel);
    return pixel;
}

/* Returns the pixels, each widened to four lanes. */
static inline eg_rows16 eg_widen_pixels(const uint32_t *pixels)
{
#if defined(__AVX2__)
    const __m128i low = _mm_insert_epi32(_mm_cvtsi32_si128((int)pixels[0]), (int)pixels[1], 1);
    const __m128i high = _mm_insert_epi32(_mm_cvtsi32_si128((int)pixels[2]), (int)pixels[3], 1);
    return (eg_rows16)_mm256_cvtepu8_epi16(_mm_unpacklo_epi64(low, high));
#else
    typedef uint8_t bytes __attribute__((vector_size(4 * EG_PNG_LANE_ROWS)));
    bytes b;
    memcpy(&b, pixels, sizeof b);
    return __builtin_convertvector(b, eg_rows16);
#endif
}

/* Stores the low byte of each lane, and of each row's lanes as one pixel. */
static inline void eg_narrow_pixels(uint32_t *pixels, eg_rows16 lanes)
{
#if defined(__AVX2__)
    const __m128i low = _mm256_castsi256_si128((__m256i)lanes);
    const __m128i high = _mm256_extracti128_si256((__m256i)lanes, 1);
    _mm_storeu_si128((__m128i *)(void *)pixels, _mm_packus_epi16(low, high));
#else
    typedef uint8_t bytes __attribute__((vector_size(4 * EG_PNG_LANE_ROWS)));
    const bytes b = __builtin_convertvector(lanes, bytes);
    memcpy(pixels, &b, sizeof b);
#endif
}

/* Returns the lanes of the row before each row, and for the first one those of `first`. */
static inline eg_rows16 eg_row_above(eg_rows16 rows, uint32_t first)
{
#if defined(__AVX2__)
    const __m256i moved = _mm256_permute4x64_epi64((__m256i)rows, 0x90);
    const __m256i pixel = _mm256_castsi128_si256(_mm_cvtepu8_epi16(_mm_cvtsi32_si128((int)first)));
    return (eg_rows16)_mm256_blend_epi32(moved, pixel, 0x03);
#else
    uint32_t pixels[EG_PNG_LANE_ROWS] = {first};
    const eg_rows16 widened = eg_widen_pixels(pixels);
    return __builtin_shufflevector(widened, rows, 0, 1, 2, 3, 8, 9, 10, 11);
#endif
}

/* ---- arithmetic of both kinds of vectors ---- */

static inline eg_rows16 eg_abs_rows(eg_rows16 v)
{
#if defined(__AVX2__)
    return (eg_rows16)_mm256_abs_epi16((__m256i)v);
#elif defined(__SSE2__)
    return (eg_rows16)_mm_max_epi16((__m128i)v, (__m128i)-v);
#else
    const eg_rows16 sign = v >> 15;
    return (v ^ sign) - sign;
#endif
}

static inline eg_eight16 eg_abs_eight(eg_eight16 v)
{
#if defined(__SSSE3__)
    return (eg_eight16)_mm_abs_epi16((__m128i)v);
#elif defined(__SSE2__)
    return (eg_eight16)_mm_max_epi16((__m128i)v, (__m128i)-v);
#else
    const eg_eight16 sign = v >> 15;
    return (v ^ sign) - sign;
#endif
}

/* ---- rows of pixels of one byte ---- */

/* Transposes eight rows of eight bytes. */
static inline void eg_transpose8(uint64_t *out, const uint64_t *in)
{
    eg_sixteen8 a[4], b[4], c[4];
    for (int i = 0; i < 4; i++)
        a[i] = (eg_sixteen8)(__attribute__((vector_size(16))) uint64_t){in[2 * i], in[2 * i + 1]};
    for (int i = 0; i < 4; i++) /* pairs of rows */
        b[i] = __builtin_shufflevector(a[i], a[i], 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7,
                                       15);
    for (int i = 0; i < 2; i++) { /* four rows: columns 0 to 3, and 4 to 7 */
        c[2 * i] = __builtin_shufflevector(b[2 * i], b[2 * i + 1], 0, 1, 16, 17, 2, 3, 18, 19, 4, 5,
                                           20, 21, 6, 7, 22, 23);
        c[2 * i + 1] = __builtin_shufflevector(b[2 * i], b[2 * i + 1], 8, 9, 24, 25, 10, 11, 26, 27,
                                               12, 13, 28, 29, 14, 15, 30, 31);
    }
    for (int i = 0; i < 2; i++) {
        const eg_sixteen8 low = __builtin_shufflevector(c[i], c[2 + i], 0, 1, 2, 3, 16, 17, 18, 19,
                                                        4, 5, 6, 7, 20, 21, 22, 23);
        const eg_sixteen8 high = __builtin_shufflevector(c[i], c[2 + i], 8, 9, 10, 11, 24, 25, 26,
                                                         27, 12, 13, 14, 15, 28, 29, 30, 31);
        memcpy(out + 4 * i, &low, sizeof low);
        memcpy(out + 4 * i + 2, &high, sizeof high);
    }
}

/* Returns eight bytes, each widened to a lane. */
static inline eg_eight16 eg_widen8(uint64_t bytes)
{
#if defined(__SSE4_1__)
    return (eg_eight16)_mm_cvtepu8_epi16(_mm_cvtsi64_si128((long long)bytes));
#elif defined(__SSE2__)
    return (eg_eight16)_mm_unpacklo_epi8(_mm_cvtsi64_si128((long long)bytes), _mm_setzero_si128());
#else
    typedef uint8_t eight8 __attribute__((vector_size(8)));
    return __builtin_convertvector((eight8)bytes, eg_eight16);
#endif
}

/* Returns the low byte of each lane; all lanes are in 0 .. 255. */
static inline uint64_t eg_narrow8(eg_eight16 lanes)
{
#if defined(__SSE2__)
    return (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16((__m128i)lanes, (__m128i)lanes));
#else
    typedef uint8_t eight8 __attribute__((vector_size(8)));
    return (uint64_t) __builtin_convertvector(lanes, eight8);
#endif
}

/* Returns the lanes moved up by one, with `first` in the first one. */
static inline eg_eight16 eg_lane_above(eg_eight16 lanes, int16_t first)
{
    const eg_eight16 v = {first};
    return __builtin_shufflevector(v, lanes, 0, 8, 9, 10, 11, 12, 13, 14);
}

#endif
