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
#include "edge/canny/simd.h"

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
    int32_t *m = mag;
    const int16_t *x = gx, *y = gy;
    for (size_t i = 0; i < width; i += EG_LANES16)
        eg_store_squares(m + i, eg_load16(x + i), eg_load16(y + i));
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

/* ---- local maxima of a word: 64 pixels, integers ---- */

/* Masks of the sectors: horizontal where not `slanted`, vertical where `steep`, else diagonal;
 * `differ`: gx and gy have different signs, which selects the rising diagonal. */
typedef struct sector_masks {
    eg_mask16 slanted, steep, differ;
} sector_masks;

static inline sector_masks sectors_i16(const int16_t *gx, const int16_t *gy)
{
    const eg_v16 x = eg_load16(gx), y = eg_load16(gy);
    const eg_v16 twice = 2 * eg_abs16(x), ay = eg_abs16(y), flat = eg_mulhi16(twice, TAN_22_5);
    return (sector_masks){.slanted = eg_mask_greater16(ay, flat),
                          .steep = eg_mask_greater16(ay, twice + flat),
                          .differ = eg_mask_negative16(x ^ y)};
}

/* Returns a mask of the local maxima: of the neighbours along the gradient, `first` is left or in
 * the row above, `second` right or in the row below. On the axes m >= second is m > second - 1. */
static inline eg_mask16 maxima_i16(sector_masks s, const int16_t *above, const int16_t *at,
                                   const int16_t *below)
{
    eg_v16 first = eg_select16(s.differ, eg_load16_after(above), eg_load16_before(above));
    eg_v16 second = eg_select16(s.differ, eg_load16_before(below), eg_load16_after(below));
    first = eg_select16(s.steep, eg_load16(above), first);
    second = eg_select16(s.steep, eg_load16(below) - 1, second);
    first = eg_select16(s.slanted, first, eg_load16_before(at));
    second = eg_select16(s.slanted, second, eg_load16_after(at) - 1);
    return eg_mask_greater16(eg_load16(at), eg_max16(first, second));
}

/* Does the same for half `h` of the lanes of the sectors. */
static inline eg_mask32 maxima_i32(sector_masks s, size_t h, const int32_t *above,
                                   const int32_t *at, const int32_t *below)
{
    const eg_mask32 slanted = eg_half_mask(s.slanted, h), steep = eg_half_mask(s.steep, h),
                    differ = eg_half_mask(s.differ, h);
    eg_v32 first = eg_select32(differ, eg_load32_after(above), eg_load32_before(above));
    eg_v32 second = eg_select32(differ, eg_load32_before(below), eg_load32_after(below));
    first = eg_select32(steep, eg_load32(above), first);
    second = eg_select32(steep, eg_load32(below) - 1, second);
    first = eg_select32(slanted, first, eg_load32_before(at));
    second = eg_select32(slanted, second, eg_load32_after(at) - 1);
    return eg_mask_greater32(eg_load32(at), eg_max32(first, second));
}

/* Return the bits of the local maxima of a word. */
static inline uint64_t word_maxima_i16(const int16_t *gx, const int16_t *gy, const int16_t *above,
                                       const int16_t *at, const int16_t *below)
{
    uint64_t bits = 0;
    for (size_t k = 0; k < WORD; k += 2 * EG_LANES16) {
        eg_mask16 half[2];
        for (size_t h = 0; h < 2; h++) {
            const size_t x = k + h * EG_LANES16;
            half[h] = maxima_i16(sectors_i16(gx + x, gy + x), above + x, at + x, below + x);
        }
        bits |= eg_mask_bits16(half[0], half[1]) << k;
    }
    return bits;
}

static inline uint64_t word_maxima_i32(const int16_t *gx, const int16_t *gy, const int32_t *above,
                                       const int32_t *at, const int32_t *below)
{
    uint64_t bits = 0;
    for (size_t k = 0; k < WORD; k += EG_LANES16) {
        const sector_masks s = sectors_i16(gx + k, gy + k);
        for (size_t h = 0; h < 2; h++) {
            const size_t x = k + h * EG_LANES32;
            bits |= eg_mask_bits32(maxima_i32(s, h, above + x, at + x, below + x)) << x;
        }
    }
    return bits;
}

/* ---- local maxima of a word: floats ---- */

/* Gradient sectors of 64 pixels: horizontal if not `slanted`, vertical if `down`, diagonal if
 * `slanted` and not `down`. `differ`: gx and gy have different signs, which selects the rising
 * diagonal. */
typedef struct sectors {
    uint64_t slanted, down, differ;
} sectors;

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

/* Compare 64 samples: a > b, and a >= b. */
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
        uint64_t bits = eg_word_over16(at + x, thresholds->low) & inside_mask(width, i);
        if (bits)
            bits &= word_maxima_i16(gx_row + x, gy_row + x, above + x, at + x, below + x);
        candidate[i] = bits;
        strong[i] = bits ? bits & eg_word_over16(at + x, thresholds->high) : 0;
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
            bits &= word_maxima_i32(gx_row + x, gy_row + x, above + x, at + x, below + x);
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
        candidate[i] = eg_word_over16(at, thresholds->low) & inside_mask(width, i);
        strong[i] = eg_word_over16(at, thresholds->high) & candidate[i];
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

static bool exceeds(const float *row, size_t width, float limit)
{
    int any = 0;
    for (size_t i = 0; i < width; i++)
        any |= fabsf(row[i]) > limit;
    return any;
}

/* ---- bits and bytes ---- */

static uint64_t count_bits(const uint64_t *words, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (uint64_t)__builtin_popcountll(words[i]);
    return sum;
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
    .exceeds = exceeds,
    .count_bits = count_bits,
    .expand_bits = expand_bits,
};
