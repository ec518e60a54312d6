/* SPDX-License-Identifier: MIT */
/*
 * Magnitudes and non-maximum suppression, 64 pixels to a word of bits.
 *
 * A pixel is a ridge when its magnitude m beats its two neighbours along the gradient, taken in one
 * of four sectors as cv::Canny does: with t = 13573 / 2^15, about tan 22.5 degrees,
 *     |gy| < t |gx|          across:   m > left,  m >= right
 *     |gy| > (t + 2) |gx|    down:     m > above, m >= below
 *     else                   diagonal: m > both, the pair chosen by whether gx and gy agree in
 * sign. In 16-bit lanes q = |gx| 13573 / 2^15 is rounded down. As 13573 is odd the fraction dropped
 * is zero only for gx = 0, so the tests become |gy| <= q (they differ only where m is 0) and |gy| >
 * 2 |gx| + q, exactly. m >= b is m > b - 1.
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

/* ---- 64 pixels at a time, a bit each ---- */

/* Which sector the gradient lies in: across where it is not slanted, down, or diagonal where it is
 * slanted but not down; `differ`: by their signs gx and gy point to the other diagonal. */
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
        s.slanted |= eg_more16(ay[0], flat[0], ay[1], flat[1]) << k;
        s.down |= eg_more16(ay[0], steep[0], ay[1], steep[1]) << k;
        s.differ |= eg_more16((eg_v16){0}, differ[0], (eg_v16){0}, differ[1]) << k;
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
        s.slanted |= eg_not_lessf(ay, ax * t) << k;
        s.down |= eg_moref(ay, ax * t + (ax + ax)) << k;
        s.differ |= eg_more32((eg_v32){0}, (eg_v32)x ^ (eg_v32)y) << k;
    }
    return s;
}

/* a > b and a >= b. */
static inline uint64_t over_i16(const int16_t *a, const int16_t *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += 2 * EG_LANES16)
        bits |= eg_more16(eg_load16(a + k), eg_load16(b + k), eg_load16(a + k + EG_LANES16),
                          eg_load16(b + k + EG_LANES16))
                << k;
    return bits;
}

static inline uint64_t over_i32(const int32_t *a, const int32_t *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_more32(eg_load32(a + k), eg_load32(b + k)) << k;
    return bits;
}

static inline uint64_t over_f32(const float *a, const float *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_moref(eg_loadf(a + k), eg_loadf(b + k)) << k;
    return bits;
}

static inline uint64_t not_under_f32(const float *a, const float *b)
{
    uint64_t bits = 0;
    for (int k = 0; k < WORD; k += EG_LANES32)
        bits |= eg_not_lessf(eg_loadf(a + k), eg_loadf(b + k)) << k;
    return bits;
}

/* Which of 64 pixels beat which neighbours: m > left, m >= right, m > above, m >= below; both of
 * the diagonal from the upper left, and both of the other. */
typedef struct wins {
    uint64_t left, right, above, below, falling, rising;
} wins;

static inline wins wins_i16(const int16_t *above, const int16_t *at, const int16_t *below)
{
    return (wins){
        .left = over_i16(at, at - 1),
        .right = ~over_i16(at + 1, at),
        .above = over_i16(at, above),
        .below = ~over_i16(below, at),
        .falling = over_i16(at, above - 1) & over_i16(at, below + 1),
        .rising = over_i16(at, above + 1) & over_i16(at, below - 1),
    };
}

static inline wins wins_i32(const int32_t *above, const int32_t *at, const int32_t *below)
{
    return (wins){
        .left = over_i32(at, at - 1),
        .right = ~over_i32(at + 1, at),
        .above = over_i32(at, above),
        .below = ~over_i32(below, at),
        .falling = over_i32(at, above - 1) & over_i32(at, below + 1),
        .rising = over_i32(at, above + 1) & over_i32(at, below - 1),
    };
}

static inline wins wins_f32(const float *above, const float *at, const float *below)
{
    return (wins){
        .left = over_f32(at, at - 1),
        .right = not_under_f32(at, at + 1),
        .above = over_f32(at, above),
        .below = not_under_f32(at, below),
        .falling = over_f32(at, above - 1) & over_f32(at, below + 1),
        .rising = over_f32(at, above + 1) & over_f32(at, below - 1),
    };
}

static inline uint64_t ridges(sectors s, wins w)
{
    uint64_t diagonal = s.slanted & ~s.down;
    return (~s.slanted & w.left & w.right) | (s.down & w.above & w.below) |
           (diagonal & ~s.differ & w.falling) | (diagonal & s.differ & w.rising);
}

/* ---- thresholds ---- */

static inline uint64_t above_i16(const int16_t *mag, int32_t level)
{
    const eg_v16 bar = (eg_v16){0} + (int16_t)level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += 2 * EG_LANES16)
        bits |= eg_more16(eg_load16(mag + x), bar, eg_load16(mag + x + EG_LANES16), bar) << x;
    return bits;
}

static inline uint64_t above_i32(const int32_t *mag, int32_t level)
{
    const eg_v32 bar = (eg_v32){0} + level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_more32(eg_load32(mag + x), bar) << x;
    return bits;
}

static inline uint64_t above_f32(const float *mag, float level)
{
    const eg_vf bar = (eg_vf){0} + level;
    uint64_t bits = 0;
    for (int x = 0; x < WORD; x += EG_LANES32)
        bits |= eg_moref(eg_loadf(mag + x), bar) << x;
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
                        const void *const mag[3], size_t width, const eg_thresholds *levels)
{
    const int16_t *above = mag[0], *at = mag[1], *below = mag[2];
    const int16_t *sum_x = gx, *sum_y = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = above_i16(at + x, levels->low) & inside(width, i);
        if (bits)
            bits &=
                ridges(sectors_i16(sum_x + x, sum_y + x), wins_i16(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & above_i16(at + x, levels->high) : 0;
    }
}

static void thin_i16_l2(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_thresholds *levels)
{
    const int32_t *above = mag[0], *at = mag[1], *below = mag[2];
    const int16_t *sum_x = gx, *sum_y = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = above_i32(at + x, levels->low) & inside(width, i);
        if (bits)
            bits &=
                ridges(sectors_i16(sum_x + x, sum_y + x), wins_i32(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & above_i32(at + x, levels->high) : 0;
    }
}

static void thin_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *levels)
{
    const float *above = mag[0], *at = mag[1], *below = mag[2];
    const float *sum_x = gx, *sum_y = gy;
    for (size_t i = 0, x = 0; x < width; i++, x += WORD) {
        uint64_t bits = above_f32(at + x, levels->low_f) & inside(width, i);
        if (bits)
            bits &=
                ridges(sectors_f32(sum_x + x, sum_y + x), wins_f32(above + x, at + x, below + x));
        candidate[i] = bits;
        strong[i] = bits ? bits & above_f32(at + x, levels->high_f) : 0;
    }
}

static void mark_i16(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *levels)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int16_t *at = (const int16_t *)mag[1] + i * WORD;
        candidate[i] = above_i16(at, levels->low) & inside(width, i);
        strong[i] = above_i16(at, levels->high) & candidate[i];
    }
}

static void mark_i32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *levels)
{
    (void)gx, (void)gy;
    for (size_t i = 0; i * WORD < width; i++) {
        const int32_t *at = (const int32_t *)mag[1] + i * WORD;
        candidate[i] = above_i32(at, levels->low) & inside(width, i);
        strong[i] = above_i32(at, levels->high) & candidate[i];
    }
}

static void mark_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *levels)
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
    bits = (bits >> EG_BIN_SHIFT) - base;
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

static uint8_t *gather(uint8_t *to, const uint8_t *codes, const uint64_t *candidate, size_t words)
{
    for (size_t i = 0; i < words; i++)
        to = eg_gather_bytes(to, codes + i * WORD, candidate[i]);
    return to;
}

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
    .magnitude = {[EG_RESPONSE_I16_L1] = mag_i16_l1,
                  [EG_RESPONSE_I16_L2] = mag_i16_l2,
                  [EG_RESPONSE_F32_L1] = mag_f32_l1,
                  [EG_RESPONSE_F32_L2] = mag_f32_l2},
    .thin = {[EG_RESPONSE_I16_L1] = thin_i16_l1,
             [EG_RESPONSE_I16_L2] = thin_i16_l2,
             [EG_RESPONSE_F32_L1] = thin_f32,
             [EG_RESPONSE_F32_L2] = thin_f32},
    .above = {[EG_RESPONSE_I16_L1] = mark_i16,
              [EG_RESPONSE_I16_L2] = mark_i32,
              [EG_RESPONSE_F32_L1] = mark_f32,
              [EG_RESPONSE_F32_L2] = mark_f32},
    .code = {[EG_RESPONSE_I16_L1] = code_i16_l1,
             [EG_RESPONSE_I16_L2] = code_i16_l2,
             [EG_RESPONSE_F32_L1] = code_f32_l1,
             [EG_RESPONSE_F32_L2] = code_f32_l2},
    .gather = gather,
    .sort = sort,
    .expand = expand,
};
