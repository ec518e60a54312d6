/* SPDX-License-Identifier: MIT */
/*
 * Magnitudes and non-maximum suppression, 64 pixels to a word of bits.
 *
 * A pixel is a local maximum if its magnitude m exceeds those of its two neighbours along the
 * gradient, whose direction is one of four sectors as in cv::Canny. With t = 13573 / 2^15, about
 * tan 22.5 degrees: |gy| < t |gx|          horizontal: m > left,  m >= right |gy| > (t + 2) |gx|
 * vertical:   m > above, m >= below else                   diagonal:   m > both, on the diagonal
 * given by the signs of gx and gy
 *
 * In 16-bit lanes q = |gx| 13573 / 2^15 is rounded down. Because 13573 is odd, the dropped fraction
 * is zero only for gx = 0, so the tests become |gy| <= q (they differ only if m is 0) and |gy| > 2
 * |gx| + q, exactly. m >= b is m > b - 1.
 */
#include <math.h>

#include "core/level.h"
#include "edge/canny/kernels.h"
#include "gradient/simd.h"

enum { TAN_22_5 = 13573, WORD = 64 };

/* ---- magnitudes ---- */

static void mag_i16_l1(void *mag, const void *gx, const void *gy, size_t width)
{
    int16_t *restrict m = mag;
    const int16_t *restrict x = gx, *restrict y = gy;
    for (size_t i = 0; i < width; i++) {
        int16_t ax = (int16_t)(x[i] < 0 ? -x[i] : x[i]), ay = (int16_t)(y[i] < 0 ? -y[i] : y[i]);
        m[i] = (int16_t)(ax + ay);
    }
}

static void mag_i16_l2(void *mag, const void *gx, const void *gy, size_t width)
{
    int32_t *restrict m = mag;
    const int16_t *restrict x = gx, *restrict y = gy;
    for (size_t i = 0; i < width; i++)
        m[i] = x[i] * x[i] + y[i] * y[i];
}

/* Computes float magnitudes; `l1` is a constant at each call. */
EG_INLINE void mag_f32(float *mag, const float *gx, const float *gy, size_t width, bool l1)
{
    const eg_v32 no_sign = (eg_v32){0} + INT32_MAX;
    for (size_t i = 0; i < width; i += EG_LANES32) {
        eg_vf x = eg_loadf(gx + i), y = eg_loadf(gy + i);
        eg_vf m =
            l1 ? (eg_vf)((eg_v32)x & no_sign) + (eg_vf)((eg_v32)y & no_sign) : eg_hypotf(x, y);
        m += m * 0; /* infinity becomes NaN */
        memcpy(mag + i, &m, sizeof m);
    }
}

static void mag_f32_l1(void *mag, const void *gx, const void *gy, size_t width)
{
    mag_f32(mag, gx, gy, width, true);
}

static void mag_f32_l2(void *mag, const void *gx, const void *gy, size_t width)
{
    mag_f32(mag, gx, gy, width, false);
}

/* ---- one word: 64 pixels ---- */

/* Gradient sectors of 64 pixels: horizontal if not `slanted`, vertical if `down`, diagonal if
 * `slanted` and not `down`. `differ`: gx and gy have different signs, which selects the rising
 * diagonal. */
typedef struct sectors {
    uint64_t slanted, down, differ;
} sectors;

static inline sectors sectors_i16(const int16_t *gx, const int16_t *gy)
{
    sectors s = {0, 0, 0};
    for (int k = 0; k < WORD; k += 2 * EG_LANES16) {
        eg_v16 ay[2], flat[2], steep[2], differ[2];
        for (int h = 0; h < 2; h++) {
            eg_v16 x = eg_load16(gx + k + h * EG_LANES16), y = eg_load16(gy + k + h * EG_LANES16);
            eg_v16 ax = eg_abs16(x), twice = ax + ax;
            ay[h] = eg_abs16(y);
            flat[h] = eg_mulhi16(twice, TAN_22_5);
            steep[h] = twice + flat[h];
            differ[h] = x ^ y;
        }
        s.slanted |= eg_greater16(ay[0], flat[0], ay[1], flat[1]) << k;
        s.down |= eg_greater16(ay[0], steep[0], ay[1], steep[1]) << k;
        s.differ |= eg_greater16((eg_v16){0}, differ[0], (eg_v16){0}, differ[1]) << k;
    }
    return s;
}

static inline sectors sectors_f32(const float *gx, const float *gy)
{
    const float t = (float)TAN_22_5 / 32768;
    const eg_v32 no_sign = (eg_v32){0} + INT32_MAX;
    sectors s = {0, 0, 0};
    for (int k = 0; k < WORD; k += EG_LANES32) {
        eg_vf x = eg_loadf(gx + k), y = eg_loadf(gy + k);
        eg_vf ax = (eg_vf)((eg_v32)x & no_sign), ay = (eg_vf)((eg_v32)y & no_sign);
        s.slanted |= eg_greater_equalf(ay, ax * t) << k;
        s.down |= eg_greaterf(ay, ax * t + (ax + ax)) << k;
        s.differ |= eg_greater32((eg_v32){0}, (eg_v32)x ^ (eg_v32)y) << k;
    }
    return s;
}

/* Compare 64 samples: greater_*() a > b, greater_equal_f32() a >= b. */
static inline uint64_t greater_i16(const int16_t *a, const int16_t *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += 2 * EG_LANES16)
        bits |= eg_greater16(eg_load16(a + k), eg_load16(b + k), eg_load16(a + k + EG_LANES16),
                             eg_load16(b + k + EG_LANES16))
                << k;
    return bits;
}

static inline uint64_t greater_i32(const int32_t *a, const int32_t *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_greater32(eg_load32(a + k), eg_load32(b + k)) << k;
    return bits;
}

static inline uint64_t greater_f32(const float *a, const float *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_greaterf(eg_loadf(a + k), eg_loadf(b + k)) << k;
    return bits;
}

static inline uint64_t greater_equal_f32(const float *a, const float *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_greater_equalf(eg_loadf(a + k), eg_loadf(b + k)) << k;
    return bits;
}

/* Comparisons of 64 pixels with their neighbours: m > left, m >= right, m > above, m >= below; m >
 * both neighbours on the diagonal from the upper left (falling) and from the lower left (rising).
 */
typedef struct comparisons {
    uint64_t left, right, above, below, falling, rising;
} comparisons;

static inline comparisons compare_i16(const int16_t *above, const int16_t *at, const int16_t *below)
{
    return (comparisons){
        .left = greater_i16(at, at - 1),
        .right = ~greater_i16(at + 1, at),
        .above = greater_i16(at, above),
        .below = ~greater_i16(below, at),
        .falling = greater_i16(at, above - 1) & greater_i16(at, below + 1),
        .rising = greater_i16(at, above + 1) & greater_i16(at, below - 1),
    };
}

static inline comparisons compare_i32(const int32_t *above, const int32_t *at, const int32_t *below)
{
    return (comparisons){
        .left = greater_i32(at, at - 1),
        .right = ~greater_i32(at + 1, at),
        .above = greater_i32(at, above),
        .below = ~greater_i32(below, at),
        .falling = greater_i32(at, above - 1) & greater_i32(at, below + 1),
        .rising = greater_i32(at, above + 1) & greater_i32(at, below - 1),
    };
}

static inline comparisons compare_f32(const float *above, const float *at, const float *below)
{
    return (comparisons){
        .left = greater_f32(at, at - 1),
        .right = greater_equal_f32(at, at + 1),
        .above = greater_f32(at, above),
        .below = greater_equal_f32(at, below),
        .falling = greater_f32(at, above - 1) & greater_f32(at, below + 1),
        .rising = greater_f32(at, above + 1) & greater_f32(at, below - 1),
    };
}

static inline uint64_t local_maxima(sectors s, comparisons w)
{
    uint64_t diagonal = s.slanted & ~s.down;
    return (~s.slanted & w.left & w.right) | (s.down & w.above & w.below) |
           (diagonal & ~s.differ & w.falling) | (diagonal & s.differ & w.rising);
}

/* ---- thresholds ---- */

static inline uint64_t over_threshold_i16(const int16_t *mag, int32_t threshold)
{
    const eg_v16 limit = (eg_v16){0} + (int16_t)threshold;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += 2 * EG_LANES16)
        bits |= eg_greater16(eg_load16(mag + x), limit, eg_load16(mag + x + EG_LANES16), limit)
                << x;
    return bits;
}

static inline uint64_t over_threshold_i32(const int32_t *mag, int32_t threshold)
{
    const eg_v32 limit = (eg_v32){0} + threshold;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_greater32(eg_load32(mag + x), limit) << x;
    return bits;
}

static inline uint64_t over_threshold_f32(const float *mag, float threshold)
{
    const eg_vf limit = (eg_vf){0} + threshold;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_greaterf(eg_loadf(mag + x), limit) << x;
    return bits;
}

/* Returns a mask of the pixels of word `i` that are inside the row. */
static inline uint64_t inside_mask(size_t width, size_t i)
{
    size_t left = width - i * WORD;
    return left >= WORD ? UINT64_MAX : (UINT64_C(1) << left) - 1;
}

/* ---- the kernels ---- */

static void thin_i16_l1(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    const int16_t *above = mag[0], *at = mag[1], *below = mag[2];
    const int16_t *gx_row = gx, *gy_row = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = over_threshold_i16(at + x, thresholds->low) & inside_mask(width, i);
        if (bits)
            bits &= local_maxima(sectors_i16(gx_row + x, gy_row + x),
                                 compare_i16(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & over_threshold_i16(at + x, thresholds->high) : 0;
    }
}

static void thin_i16_l2(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    const int32_t *above = mag[0], *at = mag[1], *below = mag[2];
    const int16_t *gx_row = gx, *gy_row = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = over_threshold_i32(at + x, thresholds->low) & inside_mask(width, i);
        if (bits)
            bits &= local_maxima(sectors_i16(gx_row + x, gy_row + x),
                                 compare_i32(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & over_threshold_i32(at + x, thresholds->high) : 0;
    }
}

static void thin_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    const float *above = mag[0], *at = mag[1], *below = mag[2];
    const float *gx_row = gx, *gy_row = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = over_threshold_f32(at + x, thresholds->low_f) & inside_mask(width, i);
        if (bits)
            bits &= local_maxima(sectors_f32(gx_row + x, gy_row + x),
                                 compare_f32(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & over_threshold_f32(at + x, thresholds->high_f) : 0;
    }
}

static void threshold_i16(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                          const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int16_t *at = (const int16_t *)mag[1] + i * WORD;
        candidate[i] = over_threshold_i16(at, thresholds->low) & inside_mask(width, i);
        strong[i] = over_threshold_i16(at, thresholds->high) & candidate[i];
    }
}

static void threshold_i32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                          const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int32_t *at = (const int32_t *)mag[1] + i * WORD;
        candidate[i] = over_threshold_i32(at, thresholds->low) & inside_mask(width, i);
        strong[i] = over_threshold_i32(at, thresholds->high) & candidate[i];
    }
}

static void threshold_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                          const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const float *at = (const float *)mag[1] + i * WORD;
        candidate[i] = over_threshold_f32(at, thresholds->low_f) & inside_mask(width, i);
        strong[i] = over_threshold_f32(at, thresholds->high_f) & candidate[i];
    }
}

/* ---- bins ---- */

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

static bool exceeds(const float *row, size_t width, float limit)
{
    int any = 0;
    for (size_t i = 0; i < width; i++)
        any |= fabsf(row[i]) > limit;
    return any;
}

/* ---- bits and bytes ---- */

static uint8_t *gather_bins(uint8_t *to, const uint8_t *bins, const uint64_t *candidate,
                            size_t words)
{
    for (size_t i = 0; i < words; i++)
        to = eg_gather_bytes(to, bins + i * WORD, candidate[i]);
    return to;
}

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
        edge[i] = eg_deposit_bits(over_threshold_i16(bins, under_high), bits);
        candidate[i] = eg_deposit_bits(over_threshold_i16(bins, under_low), bits);
        bins += __builtin_popcountll(bits);
    }
    return bins;
}

static void expand_bits(uint8_t *out, const uint64_t *bits, size_t width)
{
    size_t i = 0;
    for (; (i + 1) * WORD <= width; i++)
        eg_expand_mask(out + i * WORD, bits[i]);
    if (i * WORD < width) {
        uint8_t last[WORD];
        eg_expand_mask(last, bits[i]);
        memcpy(out + i * WORD, last, width - i * WORD);
    }
}

extern const eg_edge_kernels EG_AT_LEVEL(eg_edge_kernels);
const eg_edge_kernels EG_AT_LEVEL(eg_edge_kernels) = {
    .magnitude = {[EG_MAGNITUDE_I16_L1] = mag_i16_l1,
                  [EG_MAGNITUDE_I16_L2] = mag_i16_l2,
                  [EG_MAGNITUDE_F32_L1] = mag_f32_l1,
                  [EG_MAGNITUDE_F32_L2] = mag_f32_l2},
    .thin = {[EG_MAGNITUDE_I16_L1] = thin_i16_l1,
             [EG_MAGNITUDE_I16_L2] = thin_i16_l2,
             [EG_MAGNITUDE_F32_L1] = thin_f32,
             [EG_MAGNITUDE_F32_L2] = thin_f32},
    .threshold = {[EG_MAGNITUDE_I16_L1] = threshold_i16,
                  [EG_MAGNITUDE_I16_L2] = threshold_i32,
                  [EG_MAGNITUDE_F32_L1] = threshold_f32,
                  [EG_MAGNITUDE_F32_L2] = threshold_f32},
    .bin = {[EG_MAGNITUDE_I16_L1] = bin_i16_l1, [EG_MAGNITUDE_I16_L2] = bin_i16_l2},
    .gather_bins = gather_bins,
    .gather_magnitudes = gather_magnitudes,
    .bin_floats = bin_floats,
    .classify = classify,
    .classify_floats = classify_floats,
    .exceeds = exceeds,
    .expand_bits = expand_bits,
};
