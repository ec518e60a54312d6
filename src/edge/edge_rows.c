/* SPDX-License-Identifier: MIT */
/*
 * Magnitudes and non-maximum suppression, 64 pixels to a word of bits.
 *
 * A pixel is a ridge when its magnitude m beats its two neighbours along the gradient, taken in one
 * of four sectors as cv::Canny does: with t = 13573 / 2^15, about tan 22.5 degrees,
 *     |gy| < t |gx|          across:   m > left,  m >= right
 *     |gy| > (t + 2) |gx|    down:     m > above, m >= below
 *     else                   diagonal: m > both, the pair chosen by whether gx and gy agree in sign.
 * In 16-bit lanes q = |gx| 13573 / 2^15 is rounded down. As 13573 is odd the fraction dropped is zero
 * only for gx = 0, so the tests become |gy| <= q (they differ only where m is 0) and
 * |gy| > 2 |gx| + q, exactly. m >= b is m > b - 1.
 */
#include <math.h>

#include "core/level.h"
#include "edge/kernels.h"
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

static void mag_f32_l1(void *mag, const void *gx, const void *gy, size_t width)
{
    float *restrict m = mag;
    const float *restrict x = gx, *restrict y = gy;
    for (size_t i = 0; i < width; i++)
        m[i] = fabsf(x[i]) + fabsf(y[i]);
}

static void mag_f32_l2(void *mag, const void *gx, const void *gy, size_t width)
{
    float *restrict m = mag;
    const float *restrict x = gx, *restrict y = gy;
    for (size_t i = 0; i < width; i++)
        m[i] = x[i] * x[i] + y[i] * y[i];
}

/* ---- sectors ---- */

typedef struct sectors16 {
    eg_v16 across, down, agree;
} sectors16;

static inline sectors16 sectors(eg_v16 gx, eg_v16 gy)
{
    eg_v16 ax = eg_abs16(gx), ay = eg_abs16(gy);
    eg_v16 q = eg_mulhi16(ax + ax, TAN_22_5);
    return (sectors16){(eg_v16)(ay <= q), (eg_v16)(ay > ax + ax + q), (eg_v16)((gx ^ gy) >= 0)};
}

/* ---- ridges, one vector of pixels at x ---- */

static inline eg_v16 ridge_i16(const int16_t *gx, const int16_t *gy, const int16_t *above,
                               const int16_t *at, const int16_t *below)
{
    sectors16 s = sectors(eg_load16(gx), eg_load16(gy));
    eg_v16 m = eg_load16(at);
    eg_v16 a = eg_select16(s.agree, eg_load16(above - 1), eg_load16(above + 1));
    eg_v16 b = eg_select16(s.agree, eg_load16(below + 1), eg_load16(below - 1));
    a = eg_select16(s.down, eg_load16(above), a);
    b = eg_select16(s.down, eg_load16(below), b);
    a = eg_select16(s.across, eg_load16(at - 1), a);
    b = eg_select16(s.across, eg_load16(at + 1), b);
    return (eg_v16)(m > a) & (eg_v16)(m > b + (s.across | s.down));
}

static inline eg_v32 ridge_i32(eg_v32 across, eg_v32 down, eg_v32 agree, const int32_t *above,
                               const int32_t *at, const int32_t *below)
{
    eg_v32 m = eg_load32(at);
    eg_v32 a = eg_select32(agree, eg_load32(above - 1), eg_load32(above + 1));
    eg_v32 b = eg_select32(agree, eg_load32(below + 1), eg_load32(below - 1));
    a = eg_select32(down, eg_load32(above), a);
    b = eg_select32(down, eg_load32(below), b);
    a = eg_select32(across, eg_load32(at - 1), a);
    b = eg_select32(across, eg_load32(at + 1), b);
    return (m > a) & (m > b + (across | down));
}

static inline eg_v32 ridge_f32(const float *gx, const float *gy, const float *above,
                               const float *at, const float *below)
{
    const float t = (float)TAN_22_5 / 32768;
    const eg_v32 no_sign = (eg_v32){0} + INT32_MAX;
    eg_vf x = eg_loadf(gx), y = eg_loadf(gy), m = eg_loadf(at);
    eg_vf ax = (eg_vf)((eg_v32)x & no_sign), ay = (eg_vf)((eg_v32)y & no_sign);
    eg_v32 across = (eg_v32)(ay < ax * t), down = (eg_v32)(ay > ax * t + (ax + ax));
    eg_v32 agree = ((eg_v32)x ^ (eg_v32)y) >= 0;
    eg_vf a = eg_selectf(agree, eg_loadf(above - 1), eg_loadf(above + 1));
    eg_vf b = eg_selectf(agree, eg_loadf(below + 1), eg_loadf(below - 1));
    a = eg_selectf(down, eg_loadf(above), a);
    b = eg_selectf(down, eg_loadf(below), b);
    a = eg_selectf(across, eg_loadf(at - 1), a);
    b = eg_selectf(across, eg_loadf(at + 1), b);
    eg_v32 beats = (eg_v32)(m > b) | ((across | down) & (eg_v32)(m == b));
    return (eg_v32)(m > a) & beats;
}

/* ---- thresholds, 64 pixels at a time ---- */

static inline uint64_t above_i16(const int16_t *mag, int32_t level)
{
    const eg_v16 bar = (eg_v16){0} + (int16_t)level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += 2 * EG_LANES16)
        bits |= eg_bits16((eg_v16)(eg_load16(mag + x) > bar),
                          (eg_v16)(eg_load16(mag + x + EG_LANES16) > bar))
                << x;
    return bits;
}

static inline uint64_t above_i32(const int32_t *mag, int32_t level)
{
    const eg_v32 bar = (eg_v32){0} + level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_bits32(eg_load32(mag + x) > bar) << x;
    return bits;
}

static inline uint64_t above_f32(const float *mag, float level)
{
    const eg_vf bar = (eg_vf){0} + level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_bits32((eg_v32)(eg_loadf(mag + x) > bar)) << x;
    return bits;
}

/* The pixels of word `i` that are inside the row. */
static inline uint64_t inside(size_t width, size_t i)
{
    size_t left = width - i * WORD;
    return left >= WORD ? UINT64_MAX : (UINT64_C(1) << left) - 1;
}

/* ---- the kernels ---- */

static void thin_i16_l1(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_levels *levels)
{
    for (size_t i = 0, x0 = 0; x0 < width; i++, x0 += WORD) {
        const int16_t *at = (const int16_t *)mag[1] + x0;
        uint64_t over = above_i16(at, levels->low) & inside(width, i), ridge = 0;
        for (size_t k = 0; over && k < WORD; k += 2 * EG_LANES16) {
            eg_v16 half[2];
            for (size_t h = 0; h < 2; h++) {
                size_t x = x0 + k + h * EG_LANES16;
                half[h] = ridge_i16((const int16_t *)gx + x, (const int16_t *)gy + x,
                                    (const int16_t *)mag[0] + x, (const int16_t *)mag[1] + x,
                                    (const int16_t *)mag[2] + x);
            }
            ridge |= eg_bits16(half[0], half[1]) << k;
        }
        candidate[i] = over & ridge;
        strong[i] = candidate[i] ? candidate[i] & above_i16(at, levels->high) : 0;
    }
}

static void thin_i16_l2(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_levels *levels)
{
    for (size_t i = 0, x0 = 0; x0 < width; i++, x0 += WORD) {
        const int32_t *at = (const int32_t *)mag[1] + x0;
        uint64_t over = above_i32(at, levels->low) & inside(width, i), ridge = 0;
        for (size_t k = 0; over && k < WORD; k += EG_LANES16) {
            sectors16 s = sectors(eg_load16((const int16_t *)gx + x0 + k),
                                  eg_load16((const int16_t *)gy + x0 + k));
            for (size_t h = 0; h < 2; h++) {
                size_t x = x0 + k + h * EG_LANES32;
                eg_v32 across = eg_widen16(s.across, h), down = eg_widen16(s.down, h);
                eg_v32 found =
                    ridge_i32(across, down, eg_widen16(s.agree, h), (const int32_t *)mag[0] + x,
                              (const int32_t *)mag[1] + x, (const int32_t *)mag[2] + x);
                ridge |= eg_bits32(found) << (k + h * EG_LANES32);
            }
        }
        candidate[i] = over & ridge;
        strong[i] = candidate[i] ? candidate[i] & above_i32(at, levels->high) : 0;
    }
}

static void thin_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_levels *levels)
{
    for (size_t i = 0, x0 = 0; x0 < width; i++, x0 += WORD) {
        const float *at = (const float *)mag[1] + x0;
        uint64_t over = above_f32(at, levels->low_f) & inside(width, i), ridge = 0;
        for (size_t k = 0; over && k < WORD; k += EG_LANES32) {
            size_t x = x0 + k;
            ridge |= eg_bits32(ridge_f32((const float *)gx + x, (const float *)gy + x,
                                         (const float *)mag[0] + x, (const float *)mag[1] + x,
                                         (const float *)mag[2] + x))
                     << k;
        }
        candidate[i] = over & ridge;
        strong[i] = candidate[i] ? candidate[i] & above_f32(at, levels->high_f) : 0;
    }
}

static void mark_i16(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_levels *levels)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int16_t *at = (const int16_t *)mag[1] + i * WORD;
        candidate[i] = above_i16(at, levels->low) & inside(width, i);
        strong[i] = above_i16(at, levels->high) & candidate[i];
    }
}

static void mark_i32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_levels *levels)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int32_t *at = (const int32_t *)mag[1] + i * WORD;
        candidate[i] = above_i32(at, levels->low) & inside(width, i);
        strong[i] = above_i32(at, levels->high) & candidate[i];
    }
}

static void mark_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_levels *levels)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const float *at = (const float *)mag[1] + i * WORD;
        candidate[i] = above_f32(at, levels->low_f) & inside(width, i);
        strong[i] = above_f32(at, levels->high_f) & candidate[i];
    }
}

/* ---- codes ---- */

/* Three bits of the fraction and the exponent of a squared magnitude. */
static inline uint8_t code_of(float squared, int32_t base)
{
    int32_t bits;
    memcpy(&bits, &squared, sizeof bits);
    bits = (bits >> EG_CODE_SHIFT) - base;
    bits = bits < 0 ? 0 : bits;
    return (uint8_t)(bits > 255 ? 255 : bits);
}

static void code_i16_l1(uint8_t *codes, const void *mag, size_t width, int32_t base)
{
    const int16_t *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        codes[x] = code_of((float)m[x] * (float)m[x], base);
}

static void code_i16_l2(uint8_t *codes, const void *mag, size_t width, int32_t base)
{
    const int32_t *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        codes[x] = code_of((float)m[x], base);
}

static void code_f32_l1(uint8_t *codes, const void *mag, size_t width, int32_t base)
{
    const float *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        codes[x] = code_of(m[x] * m[x], base);
}

static void code_f32_l2(uint8_t *codes, const void *mag, size_t width, int32_t base)
{
    const float *restrict m = mag;
    for (size_t x = 0; x < width; x++)
        codes[x] = code_of(m[x], base);
}

/* ---- bits and bytes ---- */

static const uint8_t *sort(uint64_t *candidate, uint64_t *edge, size_t words, const uint8_t *codes,
                           uint8_t low, uint8_t high)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t bits = candidate[i];
        edge[i] = 0;
        if (!bits)
            continue;
        edge[i] = eg_deposit(eg_at_least(codes, high), bits);
        candidate[i] = eg_deposit(eg_at_least(codes, low), bits);
        codes += __builtin_popcountll(bits);
    }
    return codes;
}

static void expand(uint8_t *out, const uint64_t *bits, size_t width)
{
    size_t i = 0;
    for (; (i + 1) * WORD <= width; i++)
        eg_spread_bits(out + i * WORD, bits[i]);
    if (i * WORD < width) {
        uint8_t last[WORD];
        eg_spread_bits(last, bits[i]);
        memcpy(out + i * WORD, last, width - i * WORD);
    }
}

extern const eg_edge_kernels EG_AT_LEVEL(eg_edge_kernels);
const eg_edge_kernels EG_AT_LEVEL(eg_edge_kernels) = {
    .magnitude = {[EG_KIND_I16_L1] = mag_i16_l1,
                  [EG_KIND_I16_L2] = mag_i16_l2,
                  [EG_KIND_F32_L1] = mag_f32_l1,
                  [EG_KIND_F32_L2] = mag_f32_l2},
    .thin = {[EG_KIND_I16_L1] = thin_i16_l1,
             [EG_KIND_I16_L2] = thin_i16_l2,
             [EG_KIND_F32_L1] = thin_f32,
             [EG_KIND_F32_L2] = thin_f32},
    .above = {[EG_KIND_I16_L1] = mark_i16,
              [EG_KIND_I16_L2] = mark_i32,
              [EG_KIND_F32_L1] = mark_f32,
              [EG_KIND_F32_L2] = mark_f32},
    .code = {[EG_KIND_I16_L1] = code_i16_l1,
             [EG_KIND_I16_L2] = code_i16_l2,
             [EG_KIND_F32_L1] = code_f32_l1,
             [EG_KIND_F32_L2] = code_f32_l2},
    .sort = sort,
    .expand = expand,
};
