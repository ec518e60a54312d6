/* SPDX-License-Identifier: MIT */
/* Separation of interleaved bytes by shuffles. */
#ifndef EG_IO_PIXELS_SIMD_H
#define EG_IO_PIXELS_SIMD_H

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX2__)
#include <immintrin.h>

#define EG_HAS_SHUFFLES 1
enum { EG_SPLIT_PIXELS = 32 };

/* Loads 16 bytes at p and the 16 bytes that are 48 further, the same part of the next 16 pixels. */
static inline __m256i eg_load_parts(const uint8_t *p)
{
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(p + 48));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* Separates EG_SPLIT_PIXELS pixels of three bytes. */
static inline void eg_split_three(uint8_t *const planes[3], const uint8_t *in)
{
    /* For each plane, the places of its bytes in the three parts of 16 pixels; -1: in another one.
     */
    static const int8_t places[9][16] __attribute__((aligned(16))) = {
        {0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 4, 7, 10, 13},
        {1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14},
        {2, 5, 8, 11, 14, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, 1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15},
    };
    const __m256i parts[3] = {eg_load_parts(in), eg_load_parts(in + 16), eg_load_parts(in + 32)};
    for (size_t i = 0; i < 3; i++) {
        __m256i bytes = _mm256_setzero_si256();
        for (size_t k = 0; k < 3; k++) {
            const __m128i from = _mm_load_si128((const __m128i *)(const void *)places[3 * i + k]);
            bytes = _mm256_or_si256(
                bytes, _mm256_shuffle_epi8(parts[k], _mm256_broadcastsi128_si256(from)));
        }
        _mm256_storeu_si256((__m256i *)(void *)planes[i], bytes);
    }
}
#else
#define EG_HAS_SHUFFLES 0
#endif

#endif
