/* SPDX-License-Identifier: MIT */
/*
 * Gradient maps from the operator's responses, 16-bit integers or floats of the same values. One
 * loop over whole vectors, instantiated for each map and response type.
 */
#include <math.h>
#include <string.h>

#include "core/level.h"
#include "gradient/kernels.h"
#include "gradient/simd.h"

typedef enum map_kind { L2, L1, ALONG_X, ALONG_Y, DIRECTION } map_kind;

/* ---- one vector ---- */

EG_INLINE eg_vf load_responses(const void *responses, size_t i, bool integer)
{
    return integer ? eg_load16_as_float((const int16_t *)responses + i)
                   : eg_loadf((const float *)responses + i);
}

EG_INLINE eg_vf absolute_value(eg_vf v)
{
    return (eg_vf)((eg_v32)v & INT32_MAX);
}

/* Returns arctan(t) in degrees for t in [0, 1]. Minimax polynomial in odd powers, fitted by
 * tools/fit-arctangent; error below 4e-7 degrees before rounding. */
EG_INLINE eg_vf arctangent_degrees(eg_vf t)
{
    static const float c[] = {57.2957726f,  -19.0981712f, 11.4510813f,   -8.1137867f, 6.01545286f,
                              -4.14526749f, 2.27929592f,  -0.825136781f, 0.140759885f};
    eg_vf t2 = t * t, p = (eg_vf){0} + c[8];
#pragma GCC unroll 8
    for (int k = 7; k >= 0; k--)
        p = p * t2 + c[k];
    return p * t;
}

EG_INLINE eg_vf direction(eg_vf gx, eg_vf gy)
{
    const eg_vf zero = {0};
    eg_vf ax = absolute_value(gx), ay = absolute_value(gy);
    eg_vf small = eg_select_less(ax, ay, ax, ay), large = eg_select_less(ax, ay, ay, ax);
    eg_vf angle = arctangent_degrees(small / eg_select_less(zero, large, large, zero + 1));
    angle = eg_select_less(ax, ay, 90 - angle, angle);
    angle = eg_select_less(gx, zero, 180 - angle, angle);
    angle = eg_select_less(gy, zero, 360 - angle, angle);
    return eg_select_less(angle, zero + 360, angle, zero);
}

/* Returns one vector of the map. Multiplying by the inverse of a power of two gives the same result
 * as the division; `power_of_two` is a constant at each call, which makes two separate loops. */
EG_INLINE eg_vf map_value(eg_vf gx, eg_vf gy, float divisor, map_kind kind, bool integer,
                          bool power_of_two)
{
    if (kind == DIRECTION)
        return direction(gx, gy);
    eg_vf sum = kind == L2        ? (integer ? eg_sqrtf(gx * gx + gy * gy) : eg_hypotf(gx, gy))
                : kind == L1      ? absolute_value(gx) + absolute_value(gy)
                : kind == ALONG_X ? gx
                                  : gy;
    return power_of_two ? sum * (1 / divisor) : sum / divisor;
}

/* ---- rows ---- */

/* Computes one row. The last partial vector reads the slack behind the responses and stores only
 * the row's own values. */
EG_INLINE void map_row(float *out, const void *gx, const void *gy, size_t width, float divisor,
                       bool streaming, map_kind kind, bool integer, bool power_of_two)
{
    bool stream_row = streaming && (uintptr_t)out % EG_VECTOR == 0;
    size_t x = 0;
    for (; x + EG_LANES32 <= width; x += EG_LANES32) {
        eg_vf v = map_value(load_responses(gx, x, integer), load_responses(gy, x, integer), divisor,
                            kind, integer, power_of_two);
        if (stream_row)
            eg_stream(out + x, v);
        else
            memcpy(out + x, &v, sizeof v);
    }
    if (stream_row)
        eg_stream_end();
    if (x == width)
        return;
    eg_vf v = map_value(load_responses(gx, x, integer), load_responses(gy, x, integer), divisor,
                        kind, integer, power_of_two);
    memcpy(out + x, &v, (width - x) * sizeof *out);
}

EG_INLINE void map_row_by_divisor(float *out, const void *gx, const void *gy, size_t width,
                                  float divisor, bool streaming, map_kind kind, bool integer)
{
    unsigned n = (unsigned)divisor;
    if ((n & (n - 1)) == 0)
        map_row(out, gx, gy, width, divisor, streaming, kind, integer, true);
    else
        map_row(out, gx, gy, width, divisor, streaming, kind, integer, false);
}

#define MAP(name, kind)                                                                            \
    static void name##_i16(float *out, const void *gx, const void *gy, size_t width,               \
                           float divisor, bool streaming)                                          \
    {                                                                                              \
        map_row_by_divisor(out, gx, gy, width, divisor, streaming, kind, true);                    \
    }                                                                                              \
    static void name##_f32(float *out, const void *gx, const void *gy, size_t width,               \
                           float divisor, bool streaming)                                          \
    {                                                                                              \
        map_row_by_divisor(out, gx, gy, width, divisor, streaming, kind, false);                   \
    }
MAP(magnitude_l2, L2)
MAP(magnitude_l1, L1)
MAP(along_x, ALONG_X)
MAP(along_y, ALONG_Y)
MAP(direction, DIRECTION)

static void stream_row(float *out, const float *in, size_t width)
{
    size_t x = 0;
    if ((uintptr_t)out % EG_VECTOR == 0)
        for (; x + EG_LANES32 <= width; x += EG_LANES32)
            eg_stream(out + x, eg_loadf(in + x));
    eg_stream_end();
    memcpy(out + x, in + x, (width - x) * sizeof *out);
}

/* ---- floats to integers ---- */

/* Rounds to nearest, ties to even, for |v| < 2^22: the sum has no fraction bits left. */
EG_INLINE int32_t round_even(float v)
{
    const float big = 12582912.0f; /* 1.5 * 2^23 */
    return (int32_t)((v + big) - big);
}

EG_INLINE float clamp(float v, float top)
{
    v = v > 0 ? v : 0; /* also replaces NaN */
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

/* Upper clamp of scaled directions: the limit of round_even(), and 0 modulo 256 and 65536. */
#define DIRECTION_LIMIT 4194304.0f

static void wrap_u8(uint8_t *restrict out, const float *restrict in, size_t width, float scale)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint8_t)(round_even(clamp(in[i] * scale, DIRECTION_LIMIT)) & 255);
}

static void wrap_u16(uint16_t *restrict out, const float *restrict in, size_t width, float scale)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (uint16_t)(round_even(clamp(in[i] * scale, DIRECTION_LIMIT)) & 65535);
}

extern const eg_map_kernels EG_AT_LEVEL(eg_map_kernels);
const eg_map_kernels EG_AT_LEVEL(eg_map_kernels) = {
    .magnitude_l2 = {magnitude_l2_i16, magnitude_l2_f32},
    .magnitude_l1 = {magnitude_l1_i16, magnitude_l1_f32},
    .x = {along_x_i16, along_x_f32},
    .y = {along_y_i16, along_y_f32},
    .direction = {direction_i16, direction_f32},
    .stream = stream_row,
    .quantise_u8 = quantise_u8,
    .quantise_u16 = quantise_u16,
    .wrap_u8 = wrap_u8,
    .wrap_u16 = wrap_u16,
};
