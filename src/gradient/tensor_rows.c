/* SPDX-License-Identifier: MIT */
/* Row kernels of the colour tensor. */
#include <math.h>

#include "core/level.h"
#include "gradient/simd.h"
#include "gradient/tensor.h"

static void horizontal(float *restrict smooth, float *restrict slope, const float *restrict in,
                       size_t width, const eg_gaussian_derivative *weights)
{
    const size_t radius = weights->radius;
    for (size_t x = 0; x < width; x += EG_LANES32) {
        const float *at = in + x;
        eg_vf sum = eg_loadf(at) * weights->smooth[0], difference = {0};
        for (size_t k = 1; k <= radius; k++) {
            eg_vf behind = eg_loadf(at - k), ahead = eg_loadf(at + k);
            sum += (behind + ahead) * weights->smooth[k];
            difference += (ahead - behind) * weights->slope[k];
        }
        memcpy(smooth + x, &sum, sizeof sum);
        memcpy(slope + x, &difference, sizeof difference);
    }
}

static void vertical(float *restrict xx, float *restrict xy, float *restrict yy,
                     const float *const smooth[], const float *const slope[], size_t width,
                     const eg_gaussian_derivative *weights, eg_tensor_weight weight)
{
    const size_t radius = weights->radius;
    for (size_t x = 0; x < width; x += EG_LANES32) {
        eg_vf gx = eg_loadf(slope[radius] + x) * weights->smooth[0], gy = {0};
        for (size_t k = 1; k <= radius; k++) {
            gx += (eg_loadf(slope[radius - k] + x) + eg_loadf(slope[radius + k] + x)) *
                  weights->smooth[k];
            gy += (eg_loadf(smooth[radius + k] + x) - eg_loadf(smooth[radius - k] + x)) *
                  weights->slope[k];
        }
        gx *= weight.scale;
        gy *= weight.scale;
        eg_vf txx = gx * gx * weight.square, txy = gx * gy * weight.square,
              tyy = gy * gy * weight.square;
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
