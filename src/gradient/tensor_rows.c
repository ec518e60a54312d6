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

/* Returns a symmetric vertical pass at some samples. */
static inline eg_vf pass_even(const float *const rows[], const float *weights, size_t radius,
                              size_t x)
{
    eg_vf sum = eg_loadf(rows[radius] + x) * weights[0];
    for (size_t k = 1; k <= radius; k++)
        sum += (eg_loadf(rows[radius - k] + x) + eg_loadf(rows[radius + k] + x)) * weights[k];
    return sum;
}

/* Returns an antisymmetric vertical pass at some samples. */
static inline eg_vf pass_odd(const float *const rows[], const float *weights, size_t radius,
                             size_t x)
{
    eg_vf sum = {0};
    for (size_t k = 1; k <= radius; k++)
        sum += (eg_loadf(rows[radius + k] + x) - eg_loadf(rows[radius - k] + x)) * weights[k];
    return sum;
}

/* Returns the smooth value of a plane of ones, added up as horizontal() and pass_even() do. */
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

/* Sums of the validity around a sample, weighted by 1, x, y, x^2, x y and y^2. */
typedef struct sums {
    float one, x, y, xx, xy, yy;
} sums;

/* Sets the moments of sample x. */
static inline void set_moments(const eg_valid_moments *m, size_t x, sums s, float ones,
                               const eg_gaussian_derivative *weights)
{
    /* Far from missing samples nothing is changed. */
    const bool plain = s.one == ones && s.x == 0 && s.y == 0;
    const float inverse = plain ? 1 : s.one > 1e-4f ? 1 / s.one : 0;
    /* The covariance of the valid samples, in units of that of the weights, half its trace and half
     * the difference of its eigenvalues. */
    const float xx = (s.xx - weights->variance * s.x * s.x * inverse) * inverse,
                yy = (s.yy - weights->variance * s.y * s.y * inverse) * inverse,
                xy = (s.xy - s.x * s.y * inverse) * inverse * weights->variance;
    const float mean = (xx + yy) / 2, half = sqrtf((xx - yy) * (xx - yy) / 4 + xy * xy);
    const float large = mean + half, small = mean - half;
    const bool wide = !plain && large > 1;
    /* The function 1 / max(1, eigenvalue) of the matrix is a unit matrix and a multiple of it. */
    const float least = 1 / (small > 1 ? small : 1), most = wide ? 1 / large : 1;
    const float slope = wide && half > 1e-6f ? (most - least) / (2 * half) : 0;
    const float constant = most - slope * large;
    m->inverse[x] = inverse;
    m->x[x] = s.x;
    m->y[x] = s.y;
    m->xx[x] = plain ? 1 : (constant + slope * xx) * inverse;
    m->yy[x] = plain ? 1 : (constant + slope * yy) * inverse;
    m->xy[x] = plain ? 0 : slope * xy * inverse;
    m->gate[x] = plain ? 0 : weights->rounding;
    m->level[x] = 0;
}

static void moments(const eg_valid_moments *m, const float *const smooth[],
                    const float *const slope[], const float *const square[], size_t width,
                    const eg_gaussian_derivative *weights)
{
    const size_t radius = weights->radius;
    const float ones = smooth_of_ones(weights);
    for (size_t x = 0; x < width; x += EG_LANES32) {
        const eg_vf one = pass_even(smooth, weights->smooth, radius, x),
                    sx = pass_even(slope, weights->smooth, radius, x),
                    sy = pass_odd(smooth, weights->slope, radius, x),
                    xx = pass_even(square, weights->smooth, radius, x),
                    xy = pass_odd(slope, weights->slope, radius, x),
                    yy = pass_even(smooth, weights->square, radius, x);
        for (size_t i = 0; i < EG_LANES32; i++)
            set_moments(m, x + i, (sums){one[i], sx[i], sy[i], xx[i], xy[i], yy[i]}, ones, weights);
    }
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
        const eg_vf value = pass_even(smooth, weights->smooth, radius, x);
        const eg_vf mean = value * eg_loadf(m->inverse + x);
        eg_vf dx = pass_even(slope, weights->smooth, radius, x) - mean * eg_loadf(m->x + x);
        eg_vf dy = pass_odd(smooth, weights->slope, radius, x) - mean * eg_loadf(m->y + x);
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
