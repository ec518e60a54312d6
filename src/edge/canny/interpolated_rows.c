/* SPDX-License-Identifier: MIT */
/*
 * Non-maximum suppression with interpolated neighbours. The line along the gradient leaves the
 * pixel's eight neighbours between an axial and a diagonal one; with w = min(|gx|, |gy|) /
 * max(|gx|, |gy|) the magnitude there is axial + w (diagonal - axial), which is exact where both
 * are equal. A pixel is a local maximum if its magnitude exceeds that behind it (left, or above if
 * |gy| > |gx|) and is not exceeded by that ahead.
 *
 * L1 magnitudes of integers are compared exactly: m > axial + w (diagonal - axial) is
 * (m - axial) max > min (diagonal - axial), and both products fit 32 bits. Those of L2 are kept as
 * squares; their roots are interpolated in floats. Conversion, root, quotient, product and sum are
 * each rounded correctly, so that all instruction sets agree; a comparison can differ from that of
 * exact numbers only if both sides differ by less than 2^-21 of the largest magnitude in it.
 */
#include "core/level.h"
#include "edge/canny/kernels.h"
#include "gradient/simd.h"

enum { WORD = 64 };

/* Masks of lanes: |gy| > |gx|; gx and gy have different signs. */
typedef struct octants {
    eg_v32 steep, differ;
} octants;

/* Magnitudes of the neighbours that the line along the gradient passes between, as bits. */
typedef struct neighbours {
    eg_v32 axial_behind, diagonal_behind, axial_ahead, diagonal_ahead;
} neighbours;

static inline eg_v32 choose(eg_v32 mask, eg_v32 yes, eg_v32 no)
{
    return (mask & yes) | (~mask & no);
}

/* Loads EG_LANES32 samples of `kind`: 16-bit ones widened, floats as their bits. */
EG_INLINE eg_v32 load(const void *row, ptrdiff_t x, bool narrow)
{
    eg_half16 half;
    if (!narrow)
        return eg_load32((const int32_t *)row + x);
    memcpy(&half, (const int16_t *)row + x, sizeof half);
    return __builtin_convertvector(half, eg_v32);
}

EG_INLINE neighbours load_neighbours(const void *const mag[3], ptrdiff_t x, octants o, bool narrow)
{
    const eg_v32 upper_left = load(mag[0], x - 1, narrow), above = load(mag[0], x, narrow),
                 upper_right = load(mag[0], x + 1, narrow), left = load(mag[1], x - 1, narrow),
                 right = load(mag[1], x + 1, narrow), lower_left = load(mag[2], x - 1, narrow),
                 below = load(mag[2], x, narrow), lower_right = load(mag[2], x + 1, narrow);
    return (neighbours){
        .axial_behind = choose(o.steep, above, left),
        .axial_ahead = choose(o.steep, below, right),
        .diagonal_behind = choose(o.differ, choose(o.steep, upper_right, lower_left), upper_left),
        .diagonal_ahead = choose(o.differ, choose(o.steep, lower_left, upper_right), lower_right),
    };
}

/* ---- floats ---- */

EG_INLINE eg_vf absolute(eg_vf v)
{
    return (eg_vf)((eg_v32)v & INT32_MAX);
}

/* Returns the bits of local maxima among EG_LANES32 pixels with the magnitudes m. */
static inline uint64_t maxima_f32(eg_vf m, const neighbours *n, eg_vf x, eg_vf y)
{
    const eg_vf ax = absolute(x), ay = absolute(y);
    const eg_vf w = eg_select_less(ax, ay, ax, ay) / eg_select_less(ax, ay, ay, ax);
    const eg_vf behind = (eg_vf)n->axial_behind, ahead = (eg_vf)n->axial_ahead;
    const eg_vf at_behind = behind + w * ((eg_vf)n->diagonal_behind - behind);
    const eg_vf at_ahead = ahead + w * ((eg_vf)n->diagonal_ahead - ahead);
    return eg_greaterf(m, at_behind) & eg_greater_equalf(m, at_ahead);
}

static void thin_f32(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                     const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    const float *gx_row = gx, *gy_row = gy;
    const eg_vf zero = {0}, low = zero + thresholds->low_f, high = zero + thresholds->high_f;
    for (size_t i = 0; i * WORD < width; i++) {
        uint64_t maxima = 0, over = 0;
        for (size_t k = 0; k < WORD && i * WORD + k < width; k += EG_LANES32) {
            const size_t at = i * WORD + k;
            const eg_vf m = eg_loadf((const float *)mag[1] + at);
            const uint64_t above = eg_greaterf(m, low);
            if (!above)
                continue;
            const eg_vf x = eg_loadf(gx_row + at), y = eg_loadf(gy_row + at);
            const octants o = {(eg_v32)(absolute(y) > absolute(x)), ((eg_v32)x ^ (eg_v32)y) < 0};
            const neighbours n = load_neighbours(mag, (ptrdiff_t)at, o, false);
            maxima |= (above & maxima_f32(m, &n, x, y)) << k;
            over |= eg_greaterf(m, high) << k;
        }
        if (width - i * WORD < WORD)
            maxima &= (UINT64_C(1) << (width - i * WORD)) - 1;
        candidate[i] = maxima;
        strong[i] = maxima & over;
    }
}

/* ---- integers ---- */

static inline eg_v32 absolute32(eg_v32 v)
{
    const eg_v32 sign = (eg_v32)(v < 0);
    return (v ^ sign) - sign;
}

/* Returns the bits of local maxima of L1 magnitudes. */
static inline uint64_t maxima_l1(eg_v32 m, const neighbours *n, eg_v32 ax, eg_v32 ay)
{
    const eg_v32 most = eg_max32(ax, ay), least = eg_min32(ax, ay);
    return eg_greater32((m - n->axial_behind) * most,
                        least * (n->diagonal_behind - n->axial_behind)) &
           eg_greater32((m - n->axial_ahead) * most,
                        least * (n->diagonal_ahead - n->axial_ahead) - 1);
}

static inline eg_v32 root_bits(eg_v32 squares)
{
    return (eg_v32)eg_sqrtf(__builtin_convertvector(squares, eg_vf));
}

/* Returns the bits of local maxima of squared L2 magnitudes. */
static inline uint64_t maxima_l2(eg_v32 m, const neighbours *n, eg_v32 x, eg_v32 y)
{
    const neighbours roots = {root_bits(n->axial_behind), root_bits(n->diagonal_behind),
                              root_bits(n->axial_ahead), root_bits(n->diagonal_ahead)};
    return maxima_f32((eg_vf)root_bits(m), &roots, __builtin_convertvector(x, eg_vf),
                      __builtin_convertvector(y, eg_vf));
}

EG_INLINE void thin_integers(uint64_t *candidate, uint64_t *strong, const int16_t *gx,
                             const int16_t *gy, const void *const mag[3], size_t width,
                             const eg_thresholds *thresholds, bool l1)
{
    const eg_v32 zero = {0}, low = zero + thresholds->low, high = zero + thresholds->high;
    for (size_t i = 0; i * WORD < width; i++) {
        uint64_t maxima = 0, over = 0;
        for (size_t k = 0; k < WORD && i * WORD + k < width; k += EG_LANES32) {
            const ptrdiff_t at = (ptrdiff_t)(i * WORD + k);
            const eg_v32 m = load(mag[1], at, l1);
            const uint64_t above = eg_greater32(m, low);
            if (!above)
                continue;
            const eg_v32 x = load(gx, at, true), y = load(gy, at, true);
            const eg_v32 ax = absolute32(x), ay = absolute32(y);
            const octants o = {ay > ax, (x ^ y) < 0};
            const neighbours n = load_neighbours(mag, at, o, l1);
            maxima |= (above & (l1 ? maxima_l1(m, &n, ax, ay) : maxima_l2(m, &n, x, y))) << k;
            over |= eg_greater32(m, high) << k;
        }
        if (width - i * WORD < WORD)
            maxima &= (UINT64_C(1) << (width - i * WORD)) - 1;
        candidate[i] = maxima;
        strong[i] = maxima & over;
    }
}

static void thin_i16_l1(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    thin_integers(candidate, strong, gx, gy, mag, width, thresholds, true);
}

static void thin_i16_l2(uint64_t *candidate, uint64_t *strong, const void *gx, const void *gy,
                        const void *const mag[3], size_t width, const eg_thresholds *thresholds)
{
    thin_integers(candidate, strong, gx, gy, mag, width, thresholds, false);
}

extern const eg_interpolated_kernels EG_AT_LEVEL(eg_interpolated_kernels);
const eg_interpolated_kernels EG_AT_LEVEL(eg_interpolated_kernels) = {
    .thin = {[EG_MAGNITUDE_I16_L1] = thin_i16_l1,
             [EG_MAGNITUDE_I16_L2] = thin_i16_l2,
             [EG_MAGNITUDE_F32_L1] = thin_f32,
             [EG_MAGNITUDE_F32_L2] = thin_f32},
};
