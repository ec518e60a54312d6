/* SPDX-License-Identifier: MIT */
/* Row kernels of channel planes. */
#include <math.h>
#include <string.h>

#include "core/level.h"
#include "gradient/channels.h"
#include "gradient/simd.h"

static void add_u8(float *restrict sums, const uint8_t *restrict in, size_t width, bool first)
{
    size_t x = 0;
#if EG_HAS_BYTES_AS_FLOATS
    for (; x + EG_LANES32 <= width; x += EG_LANES32) {
        eg_vf sum = eg_load_bytes_as_float(in + x);
        if (!first)
            sum += eg_loadf(sums + x);
        memcpy(sums + x, &sum, sizeof sum);
    }
#endif
    if (first)
        for (; x < width; x++)
            sums[x] = (float)in[x];
    else
        for (; x < width; x++)
            sums[x] += (float)in[x];
}

static size_t add_f32(float *restrict sums, float *restrict counts, const float *restrict in,
                      size_t width, bool first)
{
    float invalid = 0;
    size_t result = 0;
    for (size_t x0 = 0; x0 < width; x0 += 4096) {
        size_t end = width < x0 + 4096 ? width : x0 + 4096;
        invalid = 0;
        for (size_t x = x0; x < end; x++) {
            bool valid = in[x] - in[x] == 0;
            float value = valid ? in[x] : 0, one = valid ? 1 : 0;
            sums[x] = first ? value : sums[x] + value;
            counts[x] = first ? one : counts[x] + one;
            invalid += 1 - one;
        }
        result += (size_t)invalid;
    }
    return result;
}

static void note_missing(uint64_t *words, const float *in, size_t width)
{
    for (size_t x0 = 0; x0 < width; x0 += 64) {
        uint64_t bits = 0;
        for (size_t i = 0; i < 64 && x0 + i < width; i += EG_LANES32) {
            const eg_vf v = eg_loadf(in + x0 + i);
            bits |= eg_bits32((eg_v32)(v * 0 != 0)) << i;
        }
        if (width - x0 < 64)
            bits &= ((uint64_t)1 << (width - x0)) - 1;
        words[x0 / 64] |= bits;
    }
}

/* Sums groups of a constant size, in pairs. */
EG_INLINE void group_by(float *restrict out, const float *restrict sums, size_t width,
                        size_t factor)
{
    for (size_t x = 0; x < width; x++) {
        float sum = 0;
        for (size_t k = 0; k < factor; k++)
            sum += sums[factor * x + k];
        out[x] = sum;
    }
}

static void group(float *restrict out, const float *restrict sums, size_t width, size_t factor)
{
    switch (factor) {
    case 1:
        group_by(out, sums, width, 1);
        break;
    case 2:
        group_by(out, sums, width, 2);
        break;
    case 4:
        group_by(out, sums, width, 4);
        break;
    case 8:
        group_by(out, sums, width, 8);
        break;
    default:
        group_by(out, sums, width, factor);
    }
}

static void root(float *row, size_t width, float scale)
{
    size_t x = 0;
    for (; x + EG_LANES32 <= width; x += EG_LANES32) {
        const eg_v32 bits = (eg_v32)eg_loadf(row + x);
        const eg_vf length = eg_sqrtf((eg_vf)(bits & INT32_MAX)) * scale;
        const eg_v32 result = (bits & INT32_MIN) | (eg_v32)length;
        memcpy(row + x, &result, sizeof result);
    }
    for (; x < width; x++)
        row[x] = copysignf(sqrtf(fabsf(row[x])) * scale, row[x]);
}

static void average(float *restrict sums, const float *restrict counted, size_t width)
{
    for (size_t x = 0; x < width; x++)
        sums[x] = counted[x] > 0 ? sums[x] / counted[x] : 0;
}

static float largest(const float *in, size_t width)
{
    /* Magnitudes are in the order of their bits. */
    int32_t result = 0;
    for (size_t x = 0; x < width; x++) {
        int32_t bits;
        memcpy(&bits, in + x, sizeof bits);
        bits &= INT32_MAX;
        bits = bits < 0x7f800000 ? bits : 0;
        result = bits > result ? bits : result;
    }
    float magnitude;
    memcpy(&magnitude, &result, sizeof magnitude);
    return magnitude;
}

static void multiply(float *restrict row, const float *restrict by, size_t width)
{
    for (size_t x = 0; x < width; x++)
        row[x] *= by[x];
}

static void opponent(float *restrict r, float *restrict g, float *restrict b, size_t width)
{
    for (size_t x = 0; x < width; x++) {
        float red = r[x], green = g[x], blue = b[x];
        r[x] = (red + green + blue) / 3;
        g[x] = red - green;
        b[x] = blue - (green + red) / 2;
    }
}

extern const eg_channel_kernels EG_AT_LEVEL(eg_channel_kernels);
const eg_channel_kernels EG_AT_LEVEL(eg_channel_kernels) = {
    .add_u8 = add_u8,
    .add_f32 = add_f32,
    .note_missing = note_missing,
    .group = group,
    .root = root,
    .average = average,
    .largest = largest,
    .multiply = multiply,
    .opponent = opponent,
};
