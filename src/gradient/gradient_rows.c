/* SPDX-License-Identifier: MIT */
/*
 * Difference and smoothing kernels. The EG_INLINE functions are templates: each call passes a
 * constant row of the operator table, from which the compiler unrolls the taps, folds the weights
 * and vectorises along x.
 */
#include <math.h>
#include <string.h>

#include "core/level.h"
#include "gradient/gaussian.h"
#include "gradient/kernels.h"
#include "gradient/simd.h"

/* ---- 8-bit differences: columns first, then along the row, in exact integers ---- */

/* Computes the column sums at x = -origin .. width + taps - origin - 2. They are at most 64 * 255
 * and fit 16 bits. */
EG_INLINE void column_sums_u8(int16_t *restrict smooth, int16_t *restrict diff,
                              const void *const rows[], size_t count, const eg_operator *op)
{
    const uint8_t *row[EG_MAX_TAPS];
    for (int j = 0; j < op->taps; j++)
        row[j] = (const uint8_t *)rows[j] - op->origin;
    for (size_t x = 0; x < count; x++) {
        int16_t s = 0, d = 0;
#pragma GCC unroll 7
        for (int j = 0; j < op->taps; j++) {
            s = (int16_t)(s + op->smooth[j] * row[j][x]);
            d = (int16_t)(d + op->diff[j] * row[j][x]);
        }
        smooth[x] = s;
        diff[x] = d;
    }
}

/* Returns v / 2^shift, rounded to nearest, ties to even. */
EG_INLINE int32_t shift_to_even(int32_t v, int shift)
{
    return shift ? (v + (1 << (shift - 1)) - 1 + ((v >> shift) & 1)) >> shift : v;
}

/* Computes the responses at one pixel from the column sums, for operators whose responses fit 16
 * bits: those without a shift. */
EG_INLINE void responses_16(int16_t *sx, int16_t *sy, const int16_t *smooth, const int16_t *diff,
                            const eg_operator *op)
{
#pragma GCC unroll 7
    for (int i = 0; i < op->taps; i++) {
        *sx = (int16_t)(*sx + op->diff[i] * smooth[i]);
        *sy = (int16_t)(*sy + op->smooth[i] * diff[i]);
    }
}

EG_INLINE void responses_32(int32_t *sx, int32_t *sy, const int16_t *smooth, const int16_t *diff,
                            const eg_operator *op)
{
#pragma GCC unroll 7
    for (int i = 0; i < op->taps; i++) {
        *sx += op->diff[i] * smooth[i];
        *sy += op->smooth[i] * diff[i];
    }
}

EG_INLINE void diff_u8_i16(int16_t *restrict gx, int16_t *restrict gy, const void *const rows[],
                           size_t width, int16_t *restrict scratch, const eg_operator *op)
{
    size_t count = width + (size_t)op->taps - 1;
    int16_t *restrict smooth = scratch, *restrict diff = scratch + width + EG_MAX_TAPS;
    column_sums_u8(smooth, diff, rows, count, op);
    for (size_t x = 0; x < width; x++) {
        if (op->shift) {
            int32_t sx = 0, sy = 0;
            responses_32(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (int16_t)shift_to_even(sx, op->shift);
            gy[x] = (int16_t)shift_to_even(sy, op->shift);
        } else {
            int16_t sx = 0, sy = 0;
            responses_16(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = sx;
            gy[x] = sy;
        }
    }
}

EG_INLINE void diff_u8_f32(float *restrict gx, float *restrict gy, const void *const rows[],
                           size_t width, int16_t *restrict scratch, const eg_operator *op)
{
    size_t count = width + (size_t)op->taps - 1;
    int16_t *restrict smooth = scratch, *restrict diff = scratch + width + EG_MAX_TAPS;
    column_sums_u8(smooth, diff, rows, count, op);
    for (size_t x = 0; x < width; x++) {
        if (op->shift) {
            int32_t sx = 0, sy = 0;
            responses_32(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (float)sx;
            gy[x] = (float)sy;
        } else {
            int16_t sx = 0, sy = 0;
            responses_16(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (float)sx;
            gy[x] = (float)sy;
        }
    }
}

/* ---- float differences: subtract before summing, which minimises cancellation ---- */

EG_INLINE void column_differences(float *restrict diff, const void *const rows[], size_t count,
                                  const eg_operator *op)
{
    const int n = op->taps;
    const float *row[EG_MAX_TAPS];
    for (int j = 0; j < n; j++)
        row[j] = (const float *)rows[j] - op->origin;
    for (size_t x = 0; x < count; x++) {
        float d = 0;
#pragma GCC unroll 7
        for (int j = 0; j < n / 2; j++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all n rows are set above */
            d += (float)op->diff[n - 1 - j] * (row[n - 1 - j][x] - row[j][x]);
        diff[x] = d;
    }
}

EG_INLINE float difference_along(const float *row, const eg_operator *op)
{
    const int n = op->taps;
    float d = 0;
#pragma GCC unroll 7
    for (int i = 0; i < n / 2; i++)
        d += (float)op->diff[n - 1 - i] * (row[n - 1 - i] - row[i]);
    return d;
}

EG_INLINE void diff_f32(float *restrict gx, float *restrict gy, const void *const rows[],
                        size_t width, float *restrict scratch, const eg_operator *op)
{
    const int n = op->taps;
    column_differences(scratch, rows, width + (size_t)n - 1, op);
    for (size_t x = 0; x < width; x++) {
        float sx = 0, sy = 0;
#pragma GCC unroll 7
        for (int j = 0; j < n; j++) {
            if (op->smooth[j] == 0)
                continue;
            const float *row = (const float *)rows[j] - op->origin;
            sx += (float)op->smooth[j] * difference_along(row + x, op);
            sy += (float)op->smooth[j] * scratch[x + (size_t)j];
        }
        gx[x] = sx;
        gy[x] = sy;
    }
}

/* ---- one set of kernels for each operator ---- */

#define W(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define OPERATOR(id, taps, origin, divisor, shift, smooth, diff, help)                             \
    static const eg_operator op_##id = {#id, help, taps, origin, divisor, shift, smooth, diff};    \
    static void id##_u8_i16(void *gx, void *gy, const void *const rows[], size_t width, void *scr) \
    {                                                                                              \
        diff_u8_i16(gx, gy, rows, width, scr, &op_##id);                                           \
    }                                                                                              \
    static void id##_u8_f32(void *gx, void *gy, const void *const rows[], size_t width, void *scr) \
    {                                                                                              \
        diff_u8_f32(gx, gy, rows, width, scr, &op_##id);                                           \
    }                                                                                              \
    static void id##_f32(void *gx, void *gy, const void *const rows[], size_t width, void *scr)    \
    {                                                                                              \
        diff_f32(gx, gy, rows, width, scr, &op_##id);                                              \
    }
#include "gradient/operators.def"
#undef OPERATOR

/* ---- Gaussian blur ---- */

/* Blurs vertically: column sums, at most 255 * 256, in unsigned 16 bits, minus 32768 so that they
 * fit the signed 16-bit products of blur_along(). */
static void blur_columns(int16_t *column, const uint8_t *const *row, const uint16_t *weights,
                         size_t radius, size_t count)
{
    for (size_t x = 0; x < count; x += EG_LANES16) {
        const uint8_t *const *middle = row + radius;
        eg_vu16 sum = eg_load_bytes(*middle - radius + x) * weights[0];
        for (size_t j = 1; j <= radius; j++)
            sum += (eg_load_bytes(middle[-(ptrdiff_t)j] - radius + x) +
                    eg_load_bytes(middle[j] - radius + x)) *
                   weights[j];
        sum ^= 0x8000;
        memcpy(column + x, &sum, sizeof sum);
    }
}

/* Blurs along the row. The weights sum to 256, so the offset of -32768 in each column sum subtracts
 * 2^23 from the result; the bias restores that and adds one half for rounding. */
static void blur_along(uint8_t *out, const int16_t *column, const uint16_t *weights, size_t radius,
                       size_t width)
{
    const eg_v32 bias = (eg_v32){0} + ((1 << 23) + (1 << 15));
    for (size_t x = 0; x < width; x += EG_LANES16) {
        const int16_t *middle = column + radius + x;
        eg_pair32 sum =
            eg_add_weighted((eg_pair32){bias, bias}, eg_load16(middle), (eg_v16){0}, weights[0]);
        for (size_t i = 1; i <= radius; i++)
            sum = eg_add_weighted(sum, eg_load16(middle - i), eg_load16(middle + i), weights[i]);
        eg_store_bytes(out + x, eg_narrow_pair(sum.low >> 16, sum.high >> 16));
    }
}

#if EG_HAS_BYTE_PRODUCTS

/*
 * The same in products of bytes, which are as exact. Bytes are made signed by subtracting 128; the
 * weights sum to 256, so that 32768 is subtracted from each sum.
 *
 * A column sum c = 256 h + l is stored as two signed bytes. With H = sum of weights times h and L
 * likewise, a pixel is (256 H + L + 2^15) / 2^16 = (H + L / 256 + 128) / 256, each division rounded
 * down, in 16 bits: H + L / 256 + 128 is at most 65,408.
 */

/* Returns weight `i` of a row or column of 2 radius + 1 pixels; 0 outside it. */
static inline uint16_t weight_at(const uint16_t *weights, ptrdiff_t radius, ptrdiff_t i)
{
    const ptrdiff_t distance = i < radius ? radius - i : i - radius;
    return distance > radius ? 0 : weights[distance];
}

/* Sets pairs of weights for pairs of pixels from pixel -`shift` on, for eg_add_products(). */
static void pair_weights(uint32_t *pairs, const uint16_t *weights, size_t radius, ptrdiff_t shift)
{
    const ptrdiff_t r = (ptrdiff_t)radius;
    for (ptrdiff_t k = 0; k <= r; k++)
        pairs[k] = 0x10001u * (weight_at(weights, r, 2 * k - shift) |
                               (uint32_t)weight_at(weights, r, 2 * k + 1 - shift) << 8);
}

/* Stores the signed bytes of the column sums. */
static void blur_columns_bytes(uint8_t *high, uint8_t *low, const uint8_t *const *row,
                               const uint32_t *pairs, size_t radius, size_t count)
{
    const eg_v8 sign = (eg_v8){0} + 128;
    for (size_t x = 0; x < count; x += EG_VECTOR) {
        eg_vu16 sum[2] = {{0}, {0}};
        for (size_t k = 0; k <= radius; k++) {
            eg_v8 both[2];
            const eg_v8 first = eg_load8(row[2 * k] - radius + x) ^ sign;
            const eg_v8 second = k < radius ? eg_load8(row[2 * k + 1] - radius + x) ^ sign : sign;
            eg_pair_bytes(both, first, second);
            sum[0] = eg_add_products(sum[0], pairs[k], both[0]);
            sum[1] = eg_add_products(sum[1], pairs[k], both[1]);
        }
        const eg_v8 h = eg_pack_bytes(sum[0] >> 8, sum[1] >> 8);
        const eg_v8 l = eg_pack_bytes(sum[0] & 255, sum[1] & 255) ^ sign;
        memcpy(high + x, &h, sizeof h);
        memcpy(low + x, &l, sizeof l);
    }
}

/* Blurs along the row: pixels at even x from pairs that begin at x - radius, and at odd x from the
 * same pairs. */
static void blur_along_bytes(uint8_t *out, const uint8_t *high, const uint8_t *low,
                             const uint32_t *even, const uint32_t *odd, size_t radius, size_t width)
{
    const eg_vu16 bias = (eg_vu16){0} + (32768 + 256);
    for (size_t x = 0; x < width; x += EG_VECTOR) {
        eg_vu16 sum[2] = {bias, bias}, rest[2] = {{0}, {0}};
        for (size_t k = 0; k <= radius; k++) {
            const eg_v8 h = eg_load8(high + x + 2 * k), l = eg_load8(low + x + 2 * k);
            sum[0] = eg_add_products(sum[0], even[k], h);
            sum[1] = eg_add_products(sum[1], odd[k], h);
            rest[0] = eg_add_products(rest[0], even[k], l);
            rest[1] = eg_add_products(rest[1], odd[k], l);
        }
        for (size_t i = 0; i < 2; i++)
            sum[i] += (eg_vu16)((eg_v16)rest[i] >> 8);
        const eg_vu16 pixels = sum[0] >> 8 | (sum[1] & 0xFF00);
        memcpy(out + x, &pixels, sizeof pixels);
    }
}

static void blur_bytes(uint8_t *out, const void *const rows[], const uint16_t *weights,
                       size_t radius, size_t width, uint8_t *high)
{
    uint32_t even[EG_RADIUS_MAX + 1], odd[EG_RADIUS_MAX + 1];
    const size_t count = width + 2 * radius;
    uint8_t *low = high + (count / EG_VECTOR + 3) * EG_VECTOR;
    pair_weights(even, weights, radius, 0);
    pair_weights(odd, weights, radius, 1);
    blur_columns_bytes(high, low, (const uint8_t *const *)rows, even, radius, count);
    blur_along_bytes(out, high, low, even, odd, radius, width);
}
#endif

static void blur_u8(uint8_t *restrict out, const void *const rows[], const uint16_t *weights,
                    size_t radius, size_t width, void *scratch)
{
#if EG_HAS_BYTE_PRODUCTS
    if (weights[0] <= UINT8_MAX) {
        blur_bytes(out, rows, weights, radius, width, scratch);
        return;
    }
#endif
    blur_columns(scratch, (const uint8_t *const *)rows, weights, radius, width + 2 * radius);
    blur_along(out, scratch, weights, radius, width);
}

static void blur_f32(float *restrict out, const void *const rows[], const float *weights,
                     size_t radius, size_t width, void *scratch)
{
    float *restrict column = scratch;
    size_t count = width + 2 * radius;
    const float *const *row = (const float *const *)rows;
    for (size_t x = 0; x < count; x++)
        column[x] = weights[0] * row[radius][(ptrdiff_t)x - (ptrdiff_t)radius];
    for (size_t j = 1; j <= radius; j++) {
        const float *above = row[radius - j] - radius, *below = row[radius + j] - radius;
        for (size_t x = 0; x < count; x++)
            column[x] += weights[j] * (above[x] + below[x]);
    }
    const float *middle = column + radius;
    for (size_t x = 0; x < width; x++)
        out[x] = weights[0] * middle[x];
    for (size_t i = 1; i <= radius; i++) {
        const float *left = middle - i, *right = middle + i;
        for (size_t x = 0; x < width; x++)
            out[x] += weights[i] * (left[x] + right[x]);
    }
}

/* ---- missing samples ---- */

/* The exponent of NaN and infinity has all bits set, so their magnitudes are the largest. */
static bool has_missing(const float *samples, size_t count)
{
    int32_t largest = 0;
    for (size_t x = 0; x < count; x++) {
        int32_t bits;
        memcpy(&bits, samples + x, sizeof bits);
        bits &= INT32_MAX;
        largest = bits > largest ? bits : largest;
    }
    return largest >= 0x7F800000;
}

/* Weighted sums of the valid samples of columns, of their weights, and of their vertical distances.
 */
typedef struct valid_sums {
    double *sample, *weight, *distance;
} valid_sums;

static void add_valid(const valid_sums *sums, const float *restrict row, double weight,
                      double distance, size_t count)
{
    double *restrict sample = sums->sample, *restrict total = sums->weight;
    double *restrict far = sums->distance;
    for (size_t x = 0; x < count; x++) {
        float finite = row[x] - row[x] == 0 ? row[x] : 0;
        double w = row[x] - row[x] == 0 ? weight : 0;
        sample[x] += w * (double)finite;
        total[x] += w;
        far[x] += w * distance;
    }
}

enum { VALID_CHUNK = 64 };

/* Sums along the row for VALID_CHUNK samples from column x on. */
typedef struct valid_means {
    double sample[VALID_CHUNK], weight[VALID_CHUNK], x[VALID_CHUNK], y[VALID_CHUNK];
} valid_means;

static void sum_valid(valid_means *means, const valid_sums *sums, const float *weights,
                      size_t radius, size_t x)
{
    memset(means, 0, sizeof *means);
    for (size_t i = 0; i <= 2 * radius; i++) {
        const double weight = (double)weights[i < radius ? radius - i : i - radius];
        const double distance = (double)i - (double)radius;
        const double *sample = sums->sample + x + i, *total = sums->weight + x + i;
        const double *far = sums->distance + x + i;
        for (size_t k = 0; k < VALID_CHUNK; k++) {
            means->sample[k] += weight * sample[k];
            means->weight[k] += weight * total[k];
            means->x[k] += weight * distance * total[k];
            means->y[k] += weight * far[k];
        }
    }
}

/* Returns what blur_f32() makes of samples that all have `value`: the same operations in the same
 * order, so that a surface of one value has no step, not even one of rounding, where the influence
 * of missing samples ends. */
static float blur_constant(float value, const float *weights, size_t radius)
{
    for (int pass = 0; pass < 2; pass++) {
        float sum = weights[0] * value;
        for (size_t i = 1; i <= radius; i++)
            sum += weights[i] * (value + value);
        value = sum;
    }
    return value;
}

/* Computes in double precision, so that the mean of samples of one value is that value. */
static void blur_valid_f32(float *restrict out, float *restrict shift_x, float *restrict shift_y,
                           const void *const rows[], const float *weights, size_t radius,
                           size_t width, void *scratch)
{
    const size_t count = width + 2 * radius, stride = count + VALID_CHUNK;
    const valid_sums sums = {scratch, (double *)scratch + stride, (double *)scratch + 2 * stride};
    valid_means means;
    memset(scratch, 0, stride * EG_VALID_SCRATCH);
    for (size_t j = 0; j <= 2 * radius; j++)
        add_valid(&sums, (const float *)rows[j] - radius,
                  (double)weights[j < radius ? radius - j : j - radius], (double)j - (double)radius,
                  count);
    for (size_t x = 0; x < width; x += VALID_CHUNK) {
        sum_valid(&means, &sums, weights, radius, x);
        for (size_t k = 0; k < VALID_CHUNK && x + k < width; k++) {
            if (out[x + k] - out[x + k] == 0)
                continue;
            bool any = means.weight[k] > 0;
            const float mean = any ? (float)(means.sample[k] / means.weight[k]) : NAN;
            out[x + k] = blur_constant(mean, weights, radius);
            if (shift_x) {
                shift_x[x + k] = any ? (float)(means.x[k] / means.weight[k]) : NAN;
                shift_y[x + k] = any ? (float)(means.y[k] / means.weight[k]) : NAN;
            }
        }
    }
}

#define OPERATOR(id, taps, origin, divisor, shift, smooth, diff, help)                             \
    {id##_u8_i16, id##_u8_f32, id##_f32},
extern const eg_gradient_kernels EG_AT_LEVEL(eg_gradient_kernels);
const eg_gradient_kernels EG_AT_LEVEL(eg_gradient_kernels) = {
    .diff =
        {
#include "gradient/operators.def"
        },
    .blur_u8 = blur_u8,
    .blur_f32 = blur_f32,
    .has_missing = has_missing,
    .blur_valid_f32 = blur_valid_f32,
};
