/* SPDX-License-Identifier: MIT */
/*
 * Jets beside missing samples. With the Gaussian g, the validity v (1 or 0) and positions (x, y)
 * relative to the pixel, the plane minimises the sum of g v (f - plane)^2, which needs the moments
 * of g v up to order 2 and of g v f up to order 1. Value and slopes of the jet are those of the
 * plane, because missing samples on the plane change no sum. The second derivatives are those of
 * the residuals, which are 0 at missing samples. All sums are separable, and in doubles.
 */
#include "gradient/jet/jet_missing.h"

#include <math.h>
#include <string.h>

#include "core/portable_math.h"
#include "gradient/missing.h"

/* Sums along a row of the validity, then of valid samples: weighted by g, x g, x^2 g, and by the
 * weights w of the second derivative, x w. */
enum { V_G, V_XG, V_XXG, V_W, V_XW, F_G, F_XG, F_W, SUMS };

/* Weights along a row or down a column, at distance k: g, k g, k^2 g, w, k w. */
enum { W_G, W_KG, W_KKG, W_W, W_KW, WEIGHTS };

/* Moments over rows and columns, by the weights along x and down y. */
enum {
    M_ONE,
    M_X,
    M_Y,
    M_XX,
    M_XY,
    M_YY, /* of g v */
    M_F,
    M_FX,
    M_FY, /* of g v f */
    M_W_ONE,
    M_W_X,
    M_W_Y, /* of v; w: along x */
    M_U_ONE,
    M_U_X,
    M_U_Y, /* of v; u: w down y */
    M_XY_X,
    M_XY_Y, /* of x y g v times x, times y */
    M_F_W,
    M_F_U,
    M_F_XY, /* of v f */
    MOMENTS
};

/* The sum along the rows that each moment is made of, and its weights down the column. */
static const struct {
    size_t sum, weights;
} moment_of[MOMENTS] = {
    [M_ONE] = {V_G, W_G},     [M_X] = {V_XG, W_G},      [M_Y] = {V_G, W_KG},
    [M_XX] = {V_XXG, W_G},    [M_XY] = {V_XG, W_KG},    [M_YY] = {V_G, W_KKG},
    [M_F] = {F_G, W_G},       [M_FX] = {F_XG, W_G},     [M_FY] = {F_G, W_KG},
    [M_W_ONE] = {V_W, W_G},   [M_W_X] = {V_XW, W_G},    [M_W_Y] = {V_W, W_KG},
    [M_U_ONE] = {V_G, W_W},   [M_U_X] = {V_XG, W_W},    [M_U_Y] = {V_G, W_KW},
    [M_XY_X] = {V_XXG, W_KG}, [M_XY_Y] = {V_XG, W_KKG}, [M_F_W] = {F_W, W_G},
    [M_F_U] = {F_G, W_W},     [M_F_XY] = {F_XG, W_KG},
};

/* A plane: value at the pixel, slopes. */
typedef struct plane {
    double value, x, y;
} plane;

/* Rows of working memory beside the rings, a stride and the radius on both sides long: validity and
 * samples of a row, and the moments. */
enum { VALIDITY, SAMPLES, WORKING_ROWS };

static size_t wide_stride(const eg_jet_stage *stage, size_t stride)
{
    return stride + (2 * stage->weights.radius + 7) / 8 * 8;
}

size_t eg_jet_missing_bytes(const eg_jet_stage *stage, size_t stride)
{
    const size_t ring = 2 * stage->weights.radius + 1;
    return ((SUMS * ring + MOMENTS) * stride + WORKING_ROWS * wide_stride(stage, stride)) *
           sizeof(double);
}

static double *sums_at(const eg_jet_cursor *cursor, size_t sum, ptrdiff_t y)
{
    const ptrdiff_t ring = 2 * (ptrdiff_t)cursor->stage->weights.radius + 1;
    return cursor->valid_ring + ((size_t)((y % ring + ring) % ring) * SUMS + sum) * cursor->stride;
}

static double *moments_row(const eg_jet_cursor *cursor, size_t moment)
{
    const size_t ring = 2 * cursor->stage->weights.radius + 1;
    return cursor->valid_ring + (SUMS * ring + moment) * cursor->stride;
}

static double *working_row(const eg_jet_cursor *cursor, size_t row)
{
    return moments_row(cursor, MOMENTS) + row * wide_stride(cursor->stage, cursor->stride);
}

/* Sets weights[0 .. 2 radius], from the negative distances on. */
static void set_weights(double *weights, const eg_jet_weights *w, size_t kind)
{
    for (size_t i = 0; i <= 2 * w->radius; i++) {
        const double k = (double)i - (double)w->radius;
        const size_t distance = i < w->radius ? w->radius - i : i - w->radius;
        const double g = w->exact[0][distance], second = w->exact[2][distance];
        weights[i] = kind == W_G     ? g
                     : kind == W_KG  ? k * g
                     : kind == W_KKG ? k * k * g
                     : kind == W_W   ? second
                                     : k * second;
    }
}

void eg_jet_missing_row(const eg_jet_cursor *cursor, ptrdiff_t y, const float *samples)
{
    static const size_t weights_of[SUMS] = {
        [V_G] = W_G,   [V_XG] = W_KG, [V_XXG] = W_KKG, [V_W] = W_W,
        [V_XW] = W_KW, [F_G] = W_G,   [F_XG] = W_KG,   [F_W] = W_W};
    const eg_jet_stage *stage = cursor->stage;
    const size_t count = 2 * stage->weights.radius + 1;
    double *validity = working_row(cursor, VALIDITY), *values = working_row(cursor, SAMPLES);
    double weights[2 * EG_JET_RADIUS_MAX + 1];
    const double *rows[2 * EG_JET_RADIUS_MAX + 1];
    for (size_t x = 0; x + 1 < cursor->width + count; x++) {
        const bool missing = eg_is_missing(samples[x]);
        validity[x] = missing ? 0 : 1;
        values[x] = missing ? 0 : (double)samples[x];
    }
    for (size_t i = 0; i < SUMS; i++) {
        for (size_t k = 0; k < count; k++)
            rows[k] = (i < F_G ? validity : values) + k;
        set_weights(weights, &stage->weights, weights_of[i]);
        stage->kernels->sum_doubles(sums_at(cursor, i, y), rows, cursor->width, weights, count);
    }
}

/* Computes the moments of row y at columns `from` to `to`. */
static void compute_moments(const eg_jet_cursor *cursor, size_t y, size_t from, size_t to)
{
    const eg_jet_stage *stage = cursor->stage;
    const size_t radius = stage->weights.radius, count = 2 * radius + 1;
    double weights[2 * EG_JET_RADIUS_MAX + 1];
    const double *rows[2 * EG_JET_RADIUS_MAX + 1];
    for (size_t i = 0; i < MOMENTS; i++) {
        for (size_t k = 0; k < count; k++)
            rows[k] =
                sums_at(cursor, moment_of[i].sum, (ptrdiff_t)(y + k) - (ptrdiff_t)radius) + from;
        set_weights(weights, &stage->weights, moment_of[i].weights);
        stage->kernels->sum_doubles(moments_row(cursor, i) + from, rows, to - from, weights, count);
    }
}

/* Copies the moments of column x. */
static void moments_at(const eg_jet_cursor *cursor, size_t x, double m[MOMENTS])
{
    for (size_t i = 0; i < MOMENTS; i++)
        m[i] = moments_row(cursor, i)[x];
}

/* Fits the plane. The slope along a principal axis of the valid samples is 0 if their variance
 * along it is less than a fiftieth of that of the Gaussian. */
static plane fit_plane(const double m[MOMENTS], double variance)
{
    const double mx = m[M_X] / m[M_ONE], my = m[M_Y] / m[M_ONE], mean = m[M_F] / m[M_ONE];
    const double xx = m[M_XX] / m[M_ONE] - mx * mx, xy = m[M_XY] / m[M_ONE] - mx * my;
    const double yy = m[M_YY] / m[M_ONE] - my * my;
    const double fx = m[M_FX] / m[M_ONE] - mean * mx, fy = m[M_FY] / m[M_ONE] - mean * my;
    const double middle = (xx + yy) / 2, half = eg_hypotenuse((xx - yy) / 2, xy);
    const double least = 0.02 * variance;
    double x = 0, y = 0;
    if (variance > 0 && middle - half > least) {
        const double determinant = xx * yy - xy * xy;
        x = (yy * fx - xy * fy) / determinant;
        y = (xx * fy - xy * fx) / determinant;
    } else if (variance > 0 && middle + half > least) {
        const double ax = xx >= yy ? middle + half - yy : xy;
        const double ay = xx >= yy ? xy : middle + half - xx;
        const double along = (ax * fx + ay * fy) / ((ax * ax + ay * ay) * (middle + half));
        x = ax * along;
        y = ay * along;
    }
    return (plane){mean - x * mx - y * my, x, y};
}

/* Computes the second derivatives xx, xy and yy of the residuals. */
static void second_derivatives(const double m[MOMENTS], plane p, double variance, double out[3])
{
    const double scale = variance * variance;
    out[0] = m[M_F_W] - (p.value * m[M_W_ONE] + p.x * m[M_W_X] + p.y * m[M_W_Y]);
    out[1] = m[M_F_XY] - (p.value * m[M_XY] + p.x * m[M_XY_X] + p.y * m[M_XY_Y]);
    out[1] = scale > 0 ? out[1] / scale : 0;
    out[2] = m[M_F_U] - (p.value * m[M_U_ONE] + p.x * m[M_U_X] + p.y * m[M_U_Y]);
}

/* Returns a derivative as a float; 0 if it is no more than the rounding errors of values of `size`.
 */
static float rounded(double derivative, double size)
{
    return fabs(derivative) <= 1e-12 * size ? 0 : (float)derivative;
}

/* Returns true if pixel x of the row, or one of its parts, is missing. */
static bool is_affected(const eg_jet_cursor *cursor, const float *row, size_t x)
{
    bool affected = eg_is_missing(row[x]);
    for (size_t i = 0; i < EG_JET_PARTS; i++)
        affected |= cursor->part[i] && eg_is_missing(cursor->part[i][x]);
    return affected;
}

/* Replaces the parts of pixel x that are missing; its moments are known. */
static void replace_parts(const eg_jet_cursor *cursor, const float *row, size_t x)
{
    const double variance = cursor->stage->weights.variance;
    double parts[EG_JET_PARTS] = {0}, size = 0;
    if (!eg_is_missing(row[x])) {
        double m[MOMENTS];
        moments_at(cursor, x, m);
        const plane p = fit_plane(m, variance);
        parts[EG_JET_VALUE] = p.value;
        parts[EG_JET_X] = p.x;
        parts[EG_JET_Y] = p.y;
        second_derivatives(m, p, variance, &parts[EG_JET_XX]);
        size = fabs(p.value) + fabs((double)row[x]);
    }
    for (size_t i = 0; i < EG_JET_PARTS; i++)
        if (cursor->part[i] && eg_is_missing(row[x]))
            cursor->part[i][x] = NAN;
        else if (cursor->part[i] && eg_is_missing(cursor->part[i][x]))
            cursor->part[i][x] = i == EG_JET_VALUE ? (float)parts[i] : rounded(parts[i], size);
}

void eg_jet_missing_parts(const eg_jet_cursor *cursor, size_t y)
{
    const float *row = (const float *)eg_band_row(cursor->band, (ptrdiff_t)y) + cursor->x0;
    for (size_t x = 0; x < cursor->width; x++) {
        size_t end = x;
        bool valid = false; /* one of the affected pixels has a value, so that it needs moments */
        for (; end < cursor->width && is_affected(cursor, row, end); end++)
            valid |= !eg_is_missing(row[end]);
        if (valid)
            compute_moments(cursor, y, x, end);
        for (; x < end; x++)
            replace_parts(cursor, row, x);
    }
}
