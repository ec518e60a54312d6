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

/* ---- reduced grids ---- */

/* Sums rows weighted by order 0, column by column. */
static void smooth_bytes(float *restrict out, const void *const rows[], size_t width,
                         const float *weights, size_t radius)
{
    const uint8_t *restrict middle = rows[radius];
    for (size_t x = 0; x < width; x++)
        out[x] = 0;
    for (size_t k = radius; k > 0; k--) {
        const uint8_t *restrict before = rows[radius - k], *restrict after = rows[radius + k];
        const float weight = weights[k];
        for (size_t x = 0; x < width; x++)
            out[x] += (float)(before[x] + after[x] - 2 * middle[x]) * weight;
    }
    for (size_t x = 0; x < width; x++)
        out[x] += (float)middle[x];
}

static void smooth_floats(float *restrict out, const void *const rows[], size_t width,
                          const float *weights, size_t radius)
{
    const float *restrict middle = rows[radius];
    for (size_t x = 0; x < width; x++)
        out[x] = 0;
    for (size_t k = radius; k > 0; k--) {
        const float *restrict before = rows[radius - k], *restrict after = rows[radius + k];
        const float weight = weights[k];
        for (size_t x = 0; x < width; x++)
            out[x] += ((before[x] - middle[x]) + (after[x] - middle[x])) * weight;
    }
    for (size_t x = 0; x < width; x++)
        out[x] += middle[x];
}

/* Sums in lanes, in the same order on every instruction set. */
static void sample_row(float *restrict out, const float *restrict in, size_t count, size_t factor,
                       const float *weights, size_t radius)
{
    enum { LANES = 16 };
    for (size_t i = 0; i < count; i++) {
        const float *restrict at = in + i * factor + radius;
        const float middle = *at;
        float lanes[LANES] = {0}, sum = 0;
        size_t k = 1;
        for (; k + LANES <= radius + 1; k += LANES)
            for (size_t l = 0; l < LANES; l++)
                lanes[l] +=
                    ((at[-(ptrdiff_t)(k + l)] - middle) + (at[k + l] - middle)) * weights[k + l];
        for (; k <= radius; k++)
            sum += ((at[-(ptrdiff_t)k] - middle) + (at[k] - middle)) * weights[k];
        for (size_t l = 0; l < LANES; l++)
            sum += lanes[l];
        out[i] = middle + sum;
    }
}

static void blend_rows(float *restrict out, const float *const rows[], size_t width,
                       const float *weights)
{
    const float *restrict base = rows[EG_REDUCTION_BEFORE];
    for (size_t x = 0; x < width; x++)
        out[x] = 0;
    for (size_t i = 0; i < EG_REDUCTION_TAPS; i++) {
        const float *restrict row = rows[i];
        for (size_t x = 0; x < width; x++)
            out[x] += (row[x] - base[x]) * weights[i];
    }
    for (size_t x = 0; x < width; x++)
        out[x] += base[x];
}

/* ---- sums beside missing samples ---- */

static void sum_double_rows(double *out, const double *const rows[], size_t width,
                            const double *weights, size_t count)
{
    enum { BLOCK = 16 };
    for (size_t x = 0; x < width; x += BLOCK) {
        const size_t columns = width - x < BLOCK ? width - x : BLOCK;
        double sums[BLOCK] = {0};
        if (columns == BLOCK)
            for (size_t k = 0; k < count; k++)
                for (size_t i = 0; i < BLOCK; i++)
                    sums[i] += weights[k] * rows[k][x + i];
        else
            for (size_t k = 0; k < count; k++)
                for (size_t i = 0; i < columns; i++)
                    sums[i] += weights[k] * rows[k][x + i];
        memcpy(out + x, sums, columns * sizeof *out);
    }
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
    .smooth = {[EG_U8] = smooth_bytes, [EG_F32] = smooth_floats},
    .sample = sample_row,
    .blend = blend_rows,
    .sum_doubles = sum_double_rows,
    .sum = sum_rows,
    .difference = difference_rows,
    .determinant = determinant_row,
    .eigenvalue = {larger_eigenvalue, smaller_eigenvalue},
    .products = product_rows,
    .coherence = coherence_row,
};
