/* SPDX-License-Identifier: MIT */
/* Row kernels of jets. */
#include <string.h>

#include "core/level.h"
#include "gradient/jet/jet.h"
#include "gradient/simd.h"

/* ---- weighted sums ---- */

/* Computes one vector of the sum of an order at column x. */
EG_INLINE eg_vf weighted_sum(const float *const rows[], size_t x, const float *weights,
                             size_t radius, int order)
{
    const eg_vf zero = {0}, middle = order == 1 ? zero : eg_loadf(rows[radius] + x);
    eg_vf sum = zero;
    for (size_t k = radius; k > 0; k--) {
        const eg_vf before = eg_loadf(rows[radius - k] + x), after = eg_loadf(rows[radius + k] + x);
        sum += (order == 1 ? after - before : (before - middle) + (after - middle)) * weights[k];
    }
    return order == 0 ? middle + sum : sum;
}

/* Two vectors at a time hide the latency of the additions. */
EG_INLINE void weighted_row(float *out, const float *const rows[], size_t width,
                            const float *weights, size_t radius, int order)
{
    for (size_t x = 0; x < width; x += 2 * EG_LANES32) {
        const eg_vf a = weighted_sum(rows, x, weights, radius, order);
        const eg_vf b = weighted_sum(rows, x + EG_LANES32, weights, radius, order);
        memcpy(out + x, &a, sizeof a);
        memcpy(out + x + EG_LANES32, &b, sizeof b);
    }
}

static void smooth_row(float *out, const float *const rows[], size_t width, const float *weights,
                       size_t radius)
{
    weighted_row(out, rows, width, weights, radius, 0);
}

static void slope_row(float *out, const float *const rows[], size_t width, const float *weights,
                      size_t radius)
{
    weighted_row(out, rows, width, weights, radius, 1);
}

static void curvature_row(float *out, const float *const rows[], size_t width, const float *weights,
                          size_t radius)
{
    weighted_row(out, rows, width, weights, radius, 2);
}

/* ---- samples ---- */

static void widen_row(float *restrict out, const uint8_t *restrict in, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = in[x];
}

static void sum_rows(float *out, const float *a, const float *b, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = a[x] + b[x];
}

static void difference_rows(float *out, const float *a, const float *b, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = a[x] - b[x];
}

/* ---- symmetric matrices ---- */

static void determinant_row(float *out, const float *xx, const float *xy, const float *yy,
                            size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = xx[x] * yy[x] - xy[x] * xy[x];
}

EG_INLINE void eigenvalue_row(float *out, const float *xx, const float *xy, const float *yy,
                              size_t width, bool larger)
{
    for (size_t x = 0; x < width; x += EG_LANES32) {
        const eg_vf a = eg_loadf(xx + x), b = eg_loadf(yy + x);
        const eg_vf half = eg_hypotf((a - b) * 0.5f, eg_loadf(xy + x)), mean = (a + b) * 0.5f;
        const eg_vf value = larger ? mean + half : mean - half;
        memcpy(out + x, &value, sizeof value);
    }
}

static void larger_eigenvalue(float *out, const float *xx, const float *xy, const float *yy,
                              size_t width)
{
    eigenvalue_row(out, xx, xy, yy, width, true);
}

static void smaller_eigenvalue(float *out, const float *xx, const float *xy, const float *yy,
                               size_t width)
{
    eigenvalue_row(out, xx, xy, yy, width, false);
}

static void product_rows(float *restrict xx, float *restrict xy, float *restrict yy,
                         const float *restrict x, const float *restrict y, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        const bool finite = x[i] - x[i] == 0 && y[i] - y[i] == 0;
        const float gx = finite ? x[i] : 0, gy = finite ? y[i] : 0;
        xx[i] = gx * gx;
        xy[i] = gx * gy;
        yy[i] = gy * gy;
    }
}

static void coherence_row(float *out, const float *xx, const float *xy, const float *yy,
                          size_t width)
{
    for (size_t x = 0; x < width; x++) {
        const float sum = xx[x] + yy[x], c = (xx[x] - yy[x]) / sum, s = 2 * (xy[x] / sum);
        const float square = c * c + s * s;
        out[x] = sum > 0 ? (square < 1 ? square : 1) : 0;
    }
}

extern const eg_jet_kernels EG_AT_LEVEL(eg_jet_kernels);
const eg_jet_kernels EG_AT_LEVEL(eg_jet_kernels) = {
    .order = {smooth_row, slope_row, curvature_row},
    .widen = widen_row,
    .sum = sum_rows,
    .difference = difference_rows,
    .determinant = determinant_row,
    .eigenvalue = {larger_eigenvalue, smaller_eigenvalue},
    .products = product_rows,
    .coherence = coherence_row,
};
