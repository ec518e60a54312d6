/* SPDX-License-Identifier: MIT */
/* Bins of magnitudes: computing, collecting those of candidates, classifying candidates by them. */
#include <string.h>

#include "core/level.h"
#include "edge/canny/kernels.h"
#include "edge/canny/simd.h"

enum { WORD = 64 };

static inline int32_t float_bits(float v)
{
    int32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

/* Returns the bin of an integer magnitude from its square. */
static inline uint8_t bin_of(float squared, int32_t base)
{
    int32_t bin = (float_bits(squared) >> EG_INTEGER_BIN_SHIFT) - base;
    bin = bin < 0 ? 0 : bin;
    return (uint8_t)(bin > 255 ? 255 : bin);
}

static void bin_i16_l1(uint8_t *bins, const void *mag, size_t width, int32_t base)
{
    const int16_t *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        bins[x] = bin_of((float)m[x] * (float)m[x], base);
}

static void bin_i16_l2(uint8_t *bins, const void *mag, size_t width, int32_t base)
{
    const int32_t *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        bins[x] = bin_of((float)m[x], base);
}

static int32_t bin_floats(int16_t *restrict bins, const float *restrict mag, size_t count)
{
    int32_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t bits = float_bits(mag[i]);
        largest = bits > largest ? bits : largest;
    }
    const int32_t base = (largest >> EG_FLOAT_BIN_SHIFT) - INT16_MAX;
    for (size_t i = 0; i < count; i++) {
        int32_t bin = (float_bits(mag[i]) >> EG_FLOAT_BIN_SHIFT) - base;
        bins[i] = (int16_t)(bin < INT16_MIN ? INT16_MIN : bin);
    }
    return base;
}

#if EG_HAS_COMPRESS
/* The bits of EG_LANES32 pixels. */
enum { LANES32 = (1 << EG_LANES32) - 1 };

/* Appends the bins of those of EG_LANES32 squared magnitudes whose bits are set. */
static inline uint8_t *collect_vector(uint8_t *to, eg_vf squared, uint64_t bits, int32_t base)
{
    const eg_v32 bin = (eg_compress32((eg_v32)squared, bits) >> EG_INTEGER_BIN_SHIFT) - base;
    eg_store_clamped(to, eg_max32(bin, (eg_v32){0}));
    return to + __builtin_popcountll(bits);
}

static uint8_t *collect_i16_l1(uint8_t *to, const void *mag, const uint64_t *candidate,
                               size_t words, int32_t base)
{
    const int16_t *at = mag;
    for (size_t i = 0; i < words; i++, at += WORD) {
        const uint64_t bits = candidate[i];
        for (size_t k = 0; k < WORD && bits; k += EG_LANES32) {
            const eg_vf m = eg_load16_as_float(at + k);
            to = collect_vector(to, m * m, bits >> k & LANES32, base);
        }
    }
    return to;
}

static uint8_t *collect_i16_l2(uint8_t *to, const void *mag, const uint64_t *candidate,
                               size_t words, int32_t base)
{
    const int32_t *at = mag;
    for (size_t i = 0; i < words; i++, at += WORD) {
        const uint64_t bits = candidate[i];
        for (size_t k = 0; k < WORD && bits; k += EG_LANES32)
            to = collect_vector(to, __builtin_convertvector(eg_load32(at + k), eg_vf),
                                bits >> k & LANES32, base);
    }
    return to;
}
#else
static uint8_t *collect_i16_l1(uint8_t *to, const void *mag, const uint64_t *candidate,
                               size_t words, int32_t base)
{
    uint8_t bins[WORD];
    for (size_t i = 0; i < words; i++) {
        if (!candidate[i])
            continue;
        bin_i16_l1(bins, (const int16_t *)mag + i * WORD, WORD, base);
        to = eg_gather_bytes(to, bins, candidate[i]);
    }
    return to;
}

static uint8_t *collect_i16_l2(uint8_t *to, const void *mag, const uint64_t *candidate,
                               size_t words, int32_t base)
{
    uint8_t bins[WORD];
    for (size_t i = 0; i < words; i++) {
        if (!candidate[i])
            continue;
        bin_i16_l2(bins, (const int32_t *)mag + i * WORD, WORD, base);
        to = eg_gather_bytes(to, bins, candidate[i]);
    }
    return to;
}
#endif

static float *gather_magnitudes(float *to, const float *mag, const uint64_t *candidate,
                                size_t words)
{
    for (size_t i = 0; i < words; i++) {
        const float *from = mag + i * WORD;
        if (candidate[i] == UINT64_MAX) {
            memcpy(to, from, WORD * sizeof *to);
            to += WORD;
            continue;
        }
        for (uint64_t bits = candidate[i]; bits; bits &= bits - 1)
            *to++ = from[__builtin_ctzll(bits)];
    }
    return to;
}

static const uint8_t *classify(uint64_t *candidate, uint64_t *edge, size_t words,
                               const uint8_t *bins, uint8_t low, uint8_t high)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t bits = candidate[i];
        edge[i] = 0;
        if (!bits)
            continue;
        edge[i] = eg_deposit_bits(eg_bytes_at_least(bins, high), bits);
        candidate[i] = eg_deposit_bits(eg_bytes_at_least(bins, low), bits);
        bins += __builtin_popcountll(bits);
    }
    return bins;
}

static const int16_t *classify_floats(uint64_t *candidate, uint64_t *edge, size_t words,
                                      const int16_t *bins, int16_t under_low, int16_t under_high)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t bits = candidate[i];
        edge[i] = 0;
        if (!bits)
            continue;
        edge[i] = eg_deposit_bits(eg_word_over16(bins, under_high), bits);
        candidate[i] = eg_deposit_bits(eg_word_over16(bins, under_low), bits);
        bins += __builtin_popcountll(bits);
    }
    return bins;
}

extern const eg_bin_kernels EG_AT_LEVEL(eg_bin_kernels);
const eg_bin_kernels EG_AT_LEVEL(eg_bin_kernels) = {
    .bin = {[EG_MAGNITUDE_I16_L1] = bin_i16_l1, [EG_MAGNITUDE_I16_L2] = bin_i16_l2},
    .collect = {[EG_MAGNITUDE_I16_L1] = collect_i16_l1, [EG_MAGNITUDE_I16_L2] = collect_i16_l2},
    .gather_magnitudes = gather_magnitudes,
    .bin_floats = bin_floats,
    .classify = classify,
    .classify_floats = classify_floats,
};
