/* SPDX-License-Identifier: MIT */
/* Row kernels of the colour tensor. */
#include <math.h>

#include "core/level.h"
#include "gradient/simd.h"
#include "gradient/tensor.h"

enum { BLOCK = 4 }; /* vectors computed together, which hides the latency of additions */

EG_INLINE void horizontal_at(float *smooth, float *slope, const float *at, size_t vectors,
                             const eg_gaussian_derivative *weights)
{
    eg_vf sum[BLOCK], difference[BLOCK] = {{0}};
    for (size_t i = 0; i < vectors; i++)
        sum[i] = eg_loadf(at + i * EG_LANES32) * weights->smooth[0];
    for (size_t k = 1; k <= weights->radius; k++)
        for (size_t i = 0; i < vectors; i++) {
            eg_vf behind = eg_loadf(at + i * EG_LANES32 - k);
            eg_vf ahead = eg_loadf(at + i * EG_LANES32 + k);
            sum[i] += (behind + ahead) * weights->smooth[k];
            difference[i] += (ahead - behind) * weights->slope[k];
        }
    memcpy(smooth, sum, vectors * sizeof *sum);
    memcpy(slope, difference, vectors * sizeof *difference);
}

static void horizontal(float *restrict smooth, float *restrict slope, const float *restrict in,
                       size_t width, const eg_gaussian_derivative *weights)
{
    size_t x = 0;
    for (; x + (BLOCK - 1) * EG_LANES32 < width; x += BLOCK * EG_LANES32)
        horizontal_at(smooth + x, slope + x, in + x, BLOCK, weights);
    for (; x < width; x += EG_LANES32)
        horizontal_at(smooth + x, slope + x, in + x, 1, weights);
}

EG_INLINE void vertical_at(float *restrict xx, float *restrict xy, float *restrict yy,
                           const float *const smooth[], const float *const slope[], size_t x,
                           size_t vectors, const eg_gaussian_derivative *weights,
                           eg_tensor_weight weight)
{
    const size_t radius = weights->radius;
    eg_vf gx[BLOCK], gy[BLOCK] = {{0}};
    for (size_t i = 0; i < vectors; i++)
        gx[i] = eg_loadf(slope[radius] + x + i * EG_LANES32) * weights->smooth[0];
    for (size_t k = 1; k <= radius; k++) {
        const float *before = slope[radius - k] + x, *after = slope[radius + k] + x;
        const float *above = smooth[radius - k] + x, *below = smooth[radius + k] + x;
        for (size_t i = 0; i < vectors; i++) {
            const size_t at = i * EG_LANES32;
            gx[i] += (eg_loadf(before + at) + eg_loadf(after + at)) * weights->smooth[k];
            gy[i] += (eg_loadf(below + at) - eg_loadf(above + at)) * weights->slope[k];
        }
    }
    for (size_t i = 0; i < vectors; i++, x += EG_LANES32) {
        gx[i] *= weight.scale;
        gy[i] *= weight.scale;
        eg_vf txx = gx[i] * gx[i] * weight.square, txy = gx[i] * gy[i] * weight.square,
              tyy = gy[i] * gy[i] * weight.square;
        if (!weight.first) {
            txx += eg_loadf(xx + x);
            txy += eg_loadf(xy + x);
            tyy += eg_loadf(yy + x);
        }
        memcpy(xx + x, &txx, sizeof txx);
        memcpy(xy + x, &txy, sizeof txy);
        memcpy(yy + x, &tyy, sizeof tyy);
    }
}

static void vertical(float *restrict xx, float *restrict xy, float *restrict yy,
                     const float *const smooth[], const float *const slope[], size_t width,
                     const eg_gaussian_derivative *weights, eg_tensor_weight weight)
{
    size_t x = 0;
    for (; x + (BLOCK - 1) * EG_LANES32 < width; x += BLOCK * EG_LANES32)
        vertical_at(xx, xy, yy, smooth, slope, x, BLOCK, weights, weight);
    for (; x < width; x += EG_LANES32)
        vertical_at(xx, xy, yy, smooth, slope, x, 1, weights, weight);
}

/* Smooth value and derivatives of a plane at some samples. */
typedef struct derivatives {
    eg_vf value, x, y;
} derivatives;

static inline derivatives derive(const float *const smooth[], const float *const slope[], size_t x,
                                 const eg_gaussian_derivative *weights)
{
    const size_t radius = weights->radius;
    derivatives d = {eg_loadf(smooth[radius] + x) * weights->smooth[0],
                     eg_loadf(slope[radius] + x) * weights->smooth[0],
                     {0}};
    for (size_t k = 1; k <= radius; k++) {
        eg_vf behind = eg_loadf(smooth[radius - k] + x), ahead = eg_loadf(smooth[radius + k] + x);
        d.value += (behind + ahead) * weights->smooth[k];
        d.x += (eg_loadf(slope[radius - k] + x) + eg_loadf(slope[radius + k] + x)) *
               weights->smooth[k];
        d.y += (ahead - behind) * weights->slope[k];
    }
    return d;
}

/* Returns the smooth value of a plane of ones, added up as horizontal() and derive() do. */
static float smooth_of_ones(const eg_gaussian_derivative *weights)
{
    float row = weights->smooth[0];
    for (size_t k = 1; k <= weights->radius; k++)
        row += (1.0f + 1.0f) * weights->smooth[k];
    float sum = row * weights->smooth[0];
    for (size_t k = 1; k <= weights->radius; k++)
        sum += (row + row) * weights->smooth[k];
    return sum;
}

static void vertical_valid(float *restrict xx, float *restrict xy, float *restrict yy,
                           const float *const smooth[], const float *const slope[],
                           const float *const valid_smooth[], const float *const valid_slope[],
                           size_t width, const eg_gaussian_derivative *weights,
                           eg_tensor_weight weight)
{
    const bool first = weight.first;
    const float square = weight.square, ones = smooth_of_ones(weights);
    for (size_t x = 0; x < width; x += EG_LANES32) {
        derivatives f = derive(smooth, slope, x, weights);
        derivatives v = derive(valid_smooth, valid_slope, x, weights);
        float txx[EG_LANES32], txy[EG_LANES32], tyy[EG_LANES32];
        for (int i = 0; i < EG_LANES32; i++) {
            /* Far from missing samples the divisor is 1, so that nothing is changed there. */
            float divisor = v.value[i] == ones ? 1 : v.value[i];
            bool valid = divisor > 1e-6f;
            float mean = valid ? f.value[i] / divisor : 0;
            float gx = valid ? (f.x[i] - mean * v.x[i]) / divisor : 0;
            float gy = valid ? (f.y[i] - mean * v.y[i]) / divisor : 0;
            gx *= weight.scale;
            gy *= weight.scale;
            txx[i] = gx * gx * square + (first ? 0 : xx[x + (size_t)i]);
            txy[i] = gx * gy * square + (first ? 0 : xy[x + (size_t)i]);
            tyy[i] = gy * gy * square + (first ? 0 : yy[x + (size_t)i]);
        }
        memcpy(xx + x, txx, sizeof txx);
        memcpy(xy + x, txy, sizeof txy);
        memcpy(yy + x, tyy, sizeof tyy);
    }
}

static void finish(float *restrict magnitude, float *restrict cosine, float *restrict sine,
                   const float *restrict xx, const float *restrict xy, const float *restrict yy,
                   size_t width)
{
    for (size_t x = 0; x < width; x++) {
        float difference = xx[x] - yy[x], product = xy[x];
        float root = sqrtf(difference * difference / 4 + product * product);
        magnitude[x] = sqrtf((xx[x] + yy[x]) / 2 + root);
        cosine[x] = difference;
        sine[x] = 2 * product;
    }
}

extern const eg_tensor_kernels EG_AT_LEVEL(eg_tensor_kernels);
const eg_tensor_kernels EG_AT_LEVEL(eg_tensor_kernels) = {
    .horizontal = horizontal,
    .vertical = vertical,
    .vertical_valid = vertical_valid,
    .finish = finish,
};
