/* SPDX-License-Identifier: MIT */
/* Widening of samples to floats and doubles. */
#include "io/pixels/widen.h"

#include <math.h>
#include <string.h>

#define CONST_OF(type, p) ((const type *)(const void *)(p))

/* Converts an IEEE 754 binary16 number. */
static float half_to_float(uint16_t half)
{
    unsigned exponent = half >> 10 & 31, fraction = half & 1023;
    float magnitude = exponent == 0    ? ldexpf((float)fraction, -24)
                      : exponent == 31 ? (fraction ? NAN : INFINITY)
                                       : ldexpf((float)(fraction + 1024), (int)exponent - 25);
    return half & 0x8000 ? -magnitude : magnitude;
}

/* Types whose values are all exact in a float */
static void widen_u8(float *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = in[i];
}

static void widen_s8(float *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (int8_t)in[i];
}

static void widen_u16(float *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = CONST_OF(uint16_t, in)[i];
}

static void widen_s16(float *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = CONST_OF(int16_t, in)[i];
}

static void widen_f16(float *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = half_to_float(CONST_OF(uint16_t, in)[i]);
}

static void widen_f32(float *out, const uint8_t *in, size_t count)
{
    memmove(out, in, count * sizeof *out);
}

/* Types that need a double, which rounds integers of more than 53 bits */
static void widen_u32(double *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = CONST_OF(uint32_t, in)[i];
}

static void widen_s32(double *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = CONST_OF(int32_t, in)[i];
}

static void widen_u64(double *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (double)CONST_OF(uint64_t, in)[i];
}

static void widen_s64(double *out, const uint8_t *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (double)CONST_OF(int64_t, in)[i];
}

static void widen_f64(double *out, const uint8_t *in, size_t count)
{
    memmove(out, in, count * sizeof *out);
}

/* Widening functions by sample type: to float or to double. */
static const struct {
    void (*narrow)(float *out, const uint8_t *in, size_t count);
    void (*wide)(double *out, const uint8_t *in, size_t count);
} widen[] = {
    [EG_KIND_U8] = {widen_u8, NULL},   [EG_KIND_S8] = {widen_s8, NULL},
    [EG_KIND_U16] = {widen_u16, NULL}, [EG_KIND_S16] = {widen_s16, NULL},
    [EG_KIND_F16] = {widen_f16, NULL}, [EG_KIND_F32] = {widen_f32, NULL},
    [EG_KIND_U32] = {NULL, widen_u32}, [EG_KIND_S32] = {NULL, widen_s32},
    [EG_KIND_U64] = {NULL, widen_u64}, [EG_KIND_S64] = {NULL, widen_s64},
    [EG_KIND_F64] = {NULL, widen_f64},
};

bool eg_needs_double(eg_sample_kind kind)
{
    return kind >= EG_KIND_U32;
}

void eg_widen_to_floats(eg_sample_kind kind, float *out, const uint8_t *in, size_t count)
{
    widen[kind].narrow(out, in, count);
}

void eg_widen_to_doubles(eg_sample_kind kind, double *out, const uint8_t *in, size_t count)
{
    float narrow[EG_WIDEN_MOST];
    if (eg_needs_double(kind)) {
        widen[kind].wide(out, in, count);
        return;
    }
    widen[kind].narrow(narrow, in, count);
    for (size_t i = 0; i < count; i++)
        out[i] = (double)narrow[i];
}
