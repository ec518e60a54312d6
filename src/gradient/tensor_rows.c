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

/* ---- missing samples ---- */

static void horizontal_square(float *restrict square, const float *restrict in, size_t width,
                              const eg_gaussian_derivative *weights)
{
    for (size_t x = 0; x < width; x += EG_LANES32) {
        eg_vf sum = {0};
        for (size_t k = 1; k <= weights->radius; k++)
            sum += (eg_loadf(in + x - k) + eg_loadf(in + x + k)) * weights->square[k];
        memcpy(square + x, &sum, sizeof sum);
    }
}

/* Returns the smooth value of a plane of ones, added up as the passes do. */
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

/* Replaces the sums of the validity around samples, weighted by 1 (m->inverse), x, y, x^2, x y and
 * y^2, by the moments. */
static void finish_moments(const eg_valid_moments *m, size_t width,
                           const eg_gaussian_derivative *weights)
{
    float *restrict ones = m->inverse, *restrict xx = m->xx, *restrict xy = m->xy,
                    *restrict yy = m->yy, *restrict gate = m->gate, *restrict level = m->level;
    const float *restrict x = m->x, *restrict y = m->y;
    const float all = smooth_of_ones(weights), variance = weights->variance,
                rounding = weights->rounding;
    for (size_t i = 0; i < width; i++) {
        /* Far from missing samples nothing is changed. */
        const bool plain = (ones[i] == all) & (x[i] == 0) & (y[i] == 0);
        const float sum = ones[i] > 1e-4f ? ones[i] : 1;
        const float inverse = plain ? 1 : ones[i] > 1e-4f ? 1 / sum : 0;
        /* The covariance of the valid samples, in units of that of the weights, half its trace and
         * half the difference of its eigenvalues. */
        const float cxx = (xx[i] - variance * x[i] * x[i] * inverse) * inverse,
                    cyy = (yy[i] - variance * y[i] * y[i] * inverse) * inverse,
                    cxy = (xy[i] - x[i] * y[i] * inverse) * inverse * variance;
        const float mean = (cxx + cyy) / 2, half = sqrtf((cxx - cyy) * (cxx - cyy) / 4 + cxy * cxy);
        const float large = mean + half, small = mean - half;
        const bool wide = !plain & (large > 1);
        /* The function 1 / max(1, eigenvalue) of the matrix is a multiple of it plus a multiple of
         * the unit matrix. */
        const float least = 1 / (small > 1 ? small : 1), most = 1 / (wide ? large : 1);
        const float divisor = half > 1e-6f ? 2 * half : 1;
        const float slope = (wide & (half > 1e-6f)) ? (most - least) / divisor : 0;
        const float constant = most - slope * large;
        ones[i] = inverse;
        xx[i] = plain ? 1 : (constant + slope * cxx) * inverse;
        yy[i] = plain ? 1 : (constant + slope * cyy) * inverse;
        xy[i] = plain ? 0 : slope * cxy * inverse;
        gate[i] = plain ? 0 : rounding;
        level[i] = 0;
    }
}

static void moments(const eg_valid_moments *m, const float *const smooth[],
                    const float *const slope[], const float *const square[], size_t width,
                    const eg_gaussian_derivative *weights)
{
    const size_t radius = weights->radius;
    for (size_t x = 0; x < width; x += EG_LANES32) {
        eg_vf one = eg_loadf(smooth[radius] + x) * weights->smooth[0];
        eg_vf sx = eg_loadf(slope[radius] + x) * weights->smooth[0];
        eg_vf xx = eg_loadf(square[radius] + x) * weights->smooth[0];
        eg_vf sy = {0}, xy = {0}, yy = {0};
        for (size_t k = 1; k <= radius; k++) {
            const eg_vf a = eg_loadf(smooth[radius - k] + x), b = eg_loadf(smooth[radius + k] + x);
            const eg_vf c = eg_loadf(slope[radius - k] + x), d = eg_loadf(slope[radius + k] + x);
            one += (a + b) * weights->smooth[k];
            sy += (b - a) * weights->slope[k];
            yy += (a + b) * weights->square[k];
            sx += (c + d) * weights->smooth[k];
            xy += (d - c) * weights->slope[k];
            xx += (eg_loadf(square[radius - k] + x) + eg_loadf(square[radius + k] + x)) *
                  weights->smooth[k];
        }
        memcpy(m->inverse + x, &one, sizeof one);
        memcpy(m->x + x, &sx, sizeof sx);
        memcpy(m->y + x, &sy, sizeof sy);
        memcpy(m->xx + x, &xx, sizeof xx);
        memcpy(m->xy + x, &xy, sizeof xy);
        memcpy(m->yy + x, &yy, sizeof yy);
    }
    finish_moments(m, (width + EG_LANES32 - 1) / EG_LANES32 * EG_LANES32, weights);
}

static inline eg_vf magnitude_of(eg_vf v)
{
    return (eg_vf)((eg_v32)v & INT32_MAX);
}

static void vertical_valid(float *restrict xx, float *restrict xy, float *restrict yy,
                           const float *const smooth[], const float *const slope[],
                           const eg_valid_moments *m, size_t width,
                           const eg_gaussian_derivative *weights, eg_tensor_weight weight)
{
    const size_t radius = weights->radius;
    for (size_t x = 0; x < width; x += EG_LANES32) {
        eg_vf value = eg_loadf(smooth[radius] + x) * weights->smooth[0];
        eg_vf dx = eg_loadf(slope[radius] + x) * weights->smooth[0], dy = {0};
        for (size_t k = 1; k <= radius; k++) {
            const eg_vf a = eg_loadf(smooth[radius - k] + x), b = eg_loadf(smooth[radius + k] + x);
            value += (a + b) * weights->smooth[k];
            dy += (b - a) * weights->slope[k];
            dx += (eg_loadf(slope[radius - k] + x) + eg_loadf(slope[radius + k] + x)) *
                  weights->smooth[k];
        }
        const eg_vf mean = value * eg_loadf(m->inverse + x);
        dx -= mean * eg_loadf(m->x + x);
        dy -= mean * eg_loadf(m->y + x);
        /* The first channel, the intensity, tells how large rounding errors may be in others. */
        eg_vf level = eg_loadf(m->level + x), size = magnitude_of(value);
        level = eg_select_less(level, size, size, level);
        memcpy(m->level + x, &level, sizeof level);
        const eg_vf least = level * eg_loadf(m->gate + x), zero = {0};
        const eg_vf largest =
            eg_select_less(magnitude_of(dx), magnitude_of(dy), magnitude_of(dy), magnitude_of(dx));
        dx = eg_select_less(largest, least, zero, dx);
        dy = eg_select_less(largest, least, zero, dy);
        const eg_vf cross = eg_loadf(m->xy + x);
        const eg_vf gx = (dx * eg_loadf(m->xx + x) + dy * cross) * weight.scale;
        const eg_vf gy = (dx * cross + dy * eg_loadf(m->yy + x)) * weight.scale;
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
    .horizontal_square = horizontal_square,
    .moments = moments,
    .vertical_valid = vertical_valid,
    .finish = finish,
};
