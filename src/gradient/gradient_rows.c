/* SPDX-License-Identifier: MIT */
/*
 * Difference, smoothing and map kernels. The inline functions below are templates: called with a
 * constant row of the operator table, the compiler unrolls the taps, folds the weights and
 * vectorises along x.
 */
#include <math.h>
#include <string.h>

#include "core/level.h"
#include "gradient/kernels.h"
#include "gradient/simd.h"

#define INLINE static inline __attribute__((always_inline))

/* ---- differences, 8-bit: columns first, then along the row, in exact integers ---- */

/* Column sums over the operator's rows at x = -origin .. width + taps - origin - 2. They fit 16 bits:
 * at most 64 * 255. */
INLINE void columns_u8(int16_t *restrict smooth, int16_t *restrict diff, const void *const rows[],
                       size_t count, const eg_operator *op)
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

/* v / 2^shift, ties to even. */
INLINE int32_t shift_to_even(int32_t v, int shift)
{
    return shift ? (v + (1 << (shift - 1)) - 1 + ((v >> shift) & 1)) >> shift : v;
}

/* The sums at x, from the column sums; 16 bits hold them but for operators with a shift. */
INLINE void sums_16(int16_t *sx, int16_t *sy, const int16_t *smooth, const int16_t *diff,
                    const eg_operator *op)
{
#pragma GCC unroll 7
    for (int i = 0; i < op->taps; i++) {
        *sx = (int16_t)(*sx + op->diff[i] * smooth[i]);
        *sy = (int16_t)(*sy + op->smooth[i] * diff[i]);
    }
}

INLINE void sums_32(int32_t *sx, int32_t *sy, const int16_t *smooth, const int16_t *diff,
                    const eg_operator *op)
{
#pragma GCC unroll 7
    for (int i = 0; i < op->taps; i++) {
        *sx += op->diff[i] * smooth[i];
        *sy += op->smooth[i] * diff[i];
    }
}

INLINE void diff_u8_i16(int16_t *restrict gx, int16_t *restrict gy, const void *const rows[],
                        size_t width, int16_t *restrict scratch, const eg_operator *op)
{
    size_t count = width + (size_t)op->taps - 1;
    int16_t *restrict smooth = scratch, *restrict diff = scratch + width + EG_MAX_TAPS;
    columns_u8(smooth, diff, rows, count, op);
    for (size_t x = 0; x < width; x++) {
        if (op->shift) {
            int32_t sx = 0, sy = 0;
            sums_32(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (int16_t)shift_to_even(sx, op->shift);
            gy[x] = (int16_t)shift_to_even(sy, op->shift);
        } else {
            int16_t sx = 0, sy = 0;
            sums_16(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = sx;
            gy[x] = sy;
        }
    }
}

INLINE void diff_u8_f32(float *restrict gx, float *restrict gy, const void *const rows[],
                        size_t width, int16_t *restrict scratch, const eg_operator *op)
{
    size_t count = width + (size_t)op->taps - 1;
    int16_t *restrict smooth = scratch, *restrict diff = scratch + width + EG_MAX_TAPS;
    columns_u8(smooth, diff, rows, count, op);
    for (size_t x = 0; x < width; x++) {
        if (op->shift) {
            int32_t sx = 0, sy = 0;
            sums_32(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (float)sx;
            gy[x] = (float)sy;
        } else {
            int16_t sx = 0, sy = 0;
            sums_16(&sx, &sy, smooth + x, diff + x, op);
            gx[x] = (float)sx;
            gy[x] = (float)sy;
        }
    }
}

/* ---- differences, float: the two samples of a difference first, which loses least ---- */

INLINE void column_differences(float *restrict diff, const void *const rows[], size_t count,
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

INLINE float difference_along(const float *row, const eg_operator *op)
{
    const int n = op->taps;
    float d = 0;
#pragma GCC unroll 7
    for (int i = 0; i < n / 2; i++)
        d += (float)op->diff[n - 1 - i] * (row[n - 1 - i] - row[i]);
    return d;
}

INLINE void diff_f32(float *restrict gx, float *restrict gy, const void *const rows[], size_t width,
                     float *restrict scratch, const eg_operator *op)
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

/* ---- the operator table, once for each kind ---- */

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

/* ---- the Gaussian ---- */

/* Columns first: sums of 8-bit samples, at most 255 * 256, in 16 bits. */
static void blur_columns(uint16_t *column, const uint8_t *const *row, const uint16_t *weights,
                         size_t radius, size_t count)
{
    for (size_t x = 0; x < count; x += EG_LANES16) {
        const uint8_t *const *middle = row + radius;
        eg_u16 sum = eg_load_bytes(*middle - radius + x) * weights[0];
        for (size_t j = 1; j <= radius; j++)
            sum += (eg_load_bytes(middle[-(ptrdiff_t)j] - radius + x) +
                    eg_load_bytes(middle[j] - radius + x)) *
                   weights[j];
        memcpy(column + x, &sum, sizeof sum);
    }
}

/* Then along the row. Column sums are taken less 32768, to fit signed 16-bit products; as the weights
 * add up to 256 that takes 2^23 from the result, which goes back in with the half that rounds. */
static void blur_along(uint8_t *out, const uint16_t *column, const uint16_t *weights, size_t radius,
                       size_t width)
{
    const eg_v32 bias = (eg_v32){0} + ((1 << 23) + (1 << 15));
    for (size_t x = 0; x < width; x += EG_LANES16) {
        const uint16_t *middle = column + radius + x;
        eg_pair32 sum =
            eg_weigh((eg_pair32){bias, bias}, eg_load_signed(middle), (eg_v16){0}, weights[0]);
        for (size_t i = 1; i <= radius; i++)
            sum = eg_weigh(sum, eg_load_signed(middle - i), eg_load_signed(middle + i), weights[i]);
        eg_store_bytes(out + x, eg_pack_pair(sum.low >> 16, sum.high >> 16));
    }
}

static void blur_u8(uint8_t *restrict out, const void *const rows[], const uint16_t *weights,
                    size_t radius, size_t width, void *scratch)
{
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

/* ---- maps ---- */

/* sum / divisor. A power of two can be multiplied by its inverse with the same result; `exactly` is a
 * constant at each call, so that there is one loop for each case. */
INLINE float per_pixel(float sum, float divisor, bool exactly)
{
    return exactly ? sum * (1 / divisor) : sum / divisor;
}

INLINE bool power_of_two(float divisor)
{
    unsigned n = (unsigned)divisor;
    return (n & (n - 1)) == 0;
}

typedef enum map_kind { MAP_L2, MAP_L1, MAP_X, MAP_Y } map_kind;

INLINE void map_all(float *restrict out, const float *restrict gx, const float *restrict gy,
                    size_t width, float divisor, map_kind kind, bool exactly)
{
    for (size_t i = 0; i < width; i++) {
        float sum = kind == MAP_L2   ? sqrtf(gx[i] * gx[i] + gy[i] * gy[i])
                    : kind == MAP_L1 ? fabsf(gx[i]) + fabsf(gy[i])
                    : kind == MAP_X  ? gx[i]
                                     : gy[i];
        out[i] = per_pixel(sum, divisor, exactly);
    }
}

INLINE void map_kind_all(float *out, const float *gx, const float *gy, size_t width, float divisor,
                         map_kind kind)
{
    if (power_of_two(divisor))
        map_all(out, gx, gy, width, divisor, kind, true);
    else
        map_all(out, gx, gy, width, divisor, kind, false);
}

static void magnitude_l2(float *out, const float *gx, const float *gy, size_t width, float divisor)
{
    map_kind_all(out, gx, gy, width, divisor, MAP_L2);
}

static void magnitude_l1(float *out, const float *gx, const float *gy, size_t width, float divisor)
{
    map_kind_all(out, gx, gy, width, divisor, MAP_L1);
}

static void map_x(float *out, const float *gx, const float *gy, size_t width, float divisor)
{
    map_kind_all(out, gx, gy, width, divisor, MAP_X);
}

static void map_y(float *out, const float *gx, const float *gy, size_t width, float divisor)
{
    map_kind_all(out, gx, gy, width, divisor, MAP_Y);
}

/* The angle in degrees whose tangent is t in [0, 1]. Minimax polynomial in odd powers, fitted by
 * tools/fit-arctangent: within 4e-7 degrees of the true value before rounding. */
INLINE float arctangent_degrees(float t)
{
    static const float c[] = {57.2957726f,  -19.0981712f, 11.4510813f,   -8.1137867f, 6.01545286f,
                              -4.14526749f, 2.27929592f,  -0.825136781f, 0.140759885f};
    float t2 = t * t, p = c[8];
#pragma GCC unroll 8
    for (int k = 7; k >= 0; k--)
        p = p * t2 + c[k];
    return p * t;
}

static void direction(float *restrict out, const float *restrict gx, const float *restrict gy,
                      size_t width, float divisor)
{
    (void)divisor;
    for (size_t i = 0; i < width; i++) {
        float ax = fabsf(gx[i]), ay = fabsf(gy[i]);
        float small = ax < ay ? ax : ay, large = ax < ay ? ay : ax;
        float angle = arctangent_degrees(small / (large > 0 ? large : 1));
        angle = ay > ax ? 90 - angle : angle;
        angle = gx[i] < 0 ? 180 - angle : angle;
        angle = gy[i] < 0 ? 360 - angle : angle;
        out[i] = angle < 360 ? angle : 0;
    }
}

static void stream(float *out, const float *in, size_t width)
{
    size_t x = 0;
    if ((uintptr_t)out % EG_VECTOR == 0)
        for (; x + EG_LANES32 <= width; x += EG_LANES32)
            eg_stream(out + x, in + x);
    eg_stream_end();
    memcpy(out + x, in + x, (width - x) * sizeof *out);
}

/* ---- floats to integers ---- */

/* Round to nearest, ties to even, for |v| < 2^22: the sum has no bits left for a fraction. */
INLINE int32_t round_even(float v)
{
    const float big = 12582912.0f; /* 1.5 * 2^23 */
    return (int32_t)((v + big) - big);
}

INLINE float clamp(float v, float top)
{
    v = v > 0 ? v : 0; /* NaN too */
    return v < top ? v : top;
}

static void quantise_u8(uint8_t *restrict out, const float *restrict in, size_t width, float scale,
                        float offset)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint8_t)round_even(clamp(in[i] * scale + offset, 255));
}

static void quantise_u16(uint16_t *restrict out, const float *restrict in, size_t width,
                         float scale, float offset)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint16_t)round_even(clamp(in[i] * scale + offset, 65535));
}

/* What a direction is cut to before it wraps: as far as round_even() reaches, and 0 modulo both. */
#define MOST_TURNED 4194304.0f

static void wrap_u8(uint8_t *restrict out, const float *restrict in, size_t width, float scale)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint8_t)(round_even(clamp(in[i] * scale, MOST_TURNED)) & 255);
}

static void wrap_u16(uint16_t *restrict out, const float *restrict in, size_t width, float scale)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint16_t)(round_even(clamp(in[i] * scale, MOST_TURNED)) & 65535);
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
    .stream = stream,
    .magnitude_l2 = magnitude_l2,
    .magnitude_l1 = magnitude_l1,
    .x = map_x,
    .y = map_y,
    .direction = direction,
    .quantise_u8 = quantise_u8,
    .quantise_u16 = quantise_u16,
    .wrap_u8 = wrap_u8,
    .wrap_u16 = wrap_u16,
};
