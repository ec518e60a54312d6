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

#include "gradient/missing.h"

/* Sums along a row of the validity, then of valid samples: weighted by g, x g, x^2 g, and by the
 * weights w of the second derivative, x w. */
enum { V_G, V_XG, V_XXG, V_W, V_XW, F_G, F_XG, F_W, SUMS };

/* Moments over rows and columns, by the weights along x and down y. */
typedef struct moments {
    double one, x, y, xx, xy, yy;            /* of g v */
    double f, fx, fy;                        /* of g v f */
    double w_one, w_x, w_y, u_one, u_x, u_y; /* of v; w: along x, u: down y */
    double xy_x, xy_y;                       /* of x y g v times x, times y */
    double f_w, f_u, f_xy;                   /* of v f */
} moments;

/* A plane: value at the pixel, slopes. */
typedef struct plane {
    double value, x, y;
} plane;

size_t eg_jet_missing_sums(void)
{
    return SUMS;
}

static double *sums_at(const eg_jet_cursor *cursor, size_t sum, ptrdiff_t y)
{
    const ptrdiff_t ring = 2 * (ptrdiff_t)cursor->stage->weights.radius + 1;
    return cursor->valid_ring + ((size_t)((y % ring + ring) % ring) * SUMS + sum) * cursor->stride;
}

/* Adds the samples at distance k, weighted, to the sums of a row. */
static void add_distance(double *const sums[SUMS], const float *samples, size_t width, double k,
                         double g, double w)
{
    for (size_t x = 0; x < width; x++) {
        const bool missing = eg_is_missing(samples[x]);
        const double v = missing ? 0 : 1, f = missing ? 0 : (double)samples[x];
        sums[V_G][x] += g * v;
        sums[V_XG][x] += k * g * v;
        sums[V_XXG][x] += k * k * g * v;
        sums[V_W][x] += w * v;
        sums[V_XW][x] += k * w * v;
        sums[F_G][x] += g * f;
        sums[F_XG][x] += k * g * f;
        sums[F_W][x] += w * f;
    }
}

void eg_jet_missing_row(const eg_jet_cursor *cursor, ptrdiff_t y, const float *samples)
{
    const eg_jet_weights *weights = &cursor->stage->weights;
    const size_t r = weights->radius;
    double *sums[SUMS];
    for (size_t i = 0; i < SUMS; i++) {
        sums[i] = sums_at(cursor, i, y);
        memset(sums[i], 0, cursor->width * sizeof(double));
    }
    for (size_t k = 0; k <= 2 * r; k++) {
        const size_t distance = k < r ? r - k : k - r;
        add_distance(sums, samples + k, cursor->width, (double)k - (double)r,
                     weights->exact[0][distance], weights->exact[2][distance]);
    }
}

/* Adds the sums of the row at distance k below the pixel, column x. */
static void add_row(moments *m, double *const s[SUMS], size_t x, double k, double g, double w)
{
    const double v = s[V_G][x], vx = s[V_XG][x], vxx = s[V_XXG][x], f = s[F_G][x];
    m->one += g * v;
    m->x += g * vx;
    m->y += k * g * v;
    m->xx += g * vxx;
    m->xy += k * g * vx;
    m->yy += k * k * g * v;
    m->f += g * f;
    m->fx += g * s[F_XG][x];
    m->fy += k * g * f;
    m->w_one += g * s[V_W][x];
    m->w_x += g * s[V_XW][x];
    m->w_y += k * g * s[V_W][x];
    m->u_one += w * v;
    m->u_x += w * vx;
    m->u_y += k * w * v;
    m->xy_x += k * g * vxx;
    m->xy_y += k * k * g * vx;
    m->f_w += g * s[F_W][x];
    m->f_u += w * f;
    m->f_xy += k * g * s[F_XG][x];
}

static moments moments_at(const eg_jet_cursor *cursor, size_t y, size_t x)
{
    const eg_jet_weights *weights = &cursor->stage->weights;
    const ptrdiff_t r = (ptrdiff_t)weights->radius;
    moments m = {0};
    for (ptrdiff_t k = -r; k <= r; k++) {
        const size_t distance = (size_t)(k < 0 ? -k : k);
        double *sums[SUMS];
        for (size_t i = 0; i < SUMS; i++)
            sums[i] = sums_at(cursor, i, (ptrdiff_t)y + k);
        add_row(&m, sums, x, (double)k, weights->exact[0][distance], weights->exact[2][distance]);
    }
    return m;
}

/* Fits the plane. The slope along a principal axis of the valid samples is 0 if their variance
 * along it is less than a fiftieth of that of the Gaussian. */
static plane fit_plane(const moments *m, double variance)
{
    const double mx = m->x / m->one, my = m->y / m->one, mean = m->f / m->one;
    const double xx = m->xx / m->one - mx * mx, xy = m->xy / m->one - mx * my;
    const double yy = m->yy / m->one - my * my;
    const double fx = m->fx / m->one - mean * mx, fy = m->fy / m->one - mean * my;
    const double middle = (xx + yy) / 2, half = hypot((xx - yy) / 2, xy);
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
static void second_derivatives(const moments *m, plane p, double variance, double out[3])
{
    const double scale = variance * variance;
    out[0] = m->f_w - (p.value * m->w_one + p.x * m->w_x + p.y * m->w_y);
    out[1] = m->f_xy - (p.value * m->xy + p.x * m->xy_x + p.y * m->xy_y);
    out[1] = scale > 0 ? out[1] / scale : 0;
    out[2] = m->f_u - (p.value * m->u_one + p.x * m->u_x + p.y * m->u_y);
}

/* Returns a derivative as a float; 0 if it is no more than the rounding errors of values of `size`.
 */
static float rounded(double derivative, double size)
{
    return fabs(derivative) <= 1e-12 * size ? 0 : (float)derivative;
}

void eg_jet_missing_parts(const eg_jet_cursor *cursor, size_t y)
{
    const float *row = (const float *)eg_band_row(cursor->band, (ptrdiff_t)y) + cursor->x0;
    const double variance = cursor->stage->weights.variance;
    for (size_t x = 0; x < cursor->width; x++) {
        bool affected = eg_is_missing(row[x]);
        for (size_t i = 0; i < EG_JET_PARTS; i++)
            affected |= cursor->part[i] && eg_is_missing(cursor->part[i][x]);
        if (!affected)
            continue;
        double parts[EG_JET_PARTS] = {0};
        double size = 0;
        if (!eg_is_missing(row[x])) {
            const moments m = moments_at(cursor, y, x);
            const plane p = fit_plane(&m, variance);
            parts[EG_JET_VALUE] = p.value;
            parts[EG_JET_X] = p.x;
            parts[EG_JET_Y] = p.y;
            second_derivatives(&m, p, variance, &parts[EG_JET_XX]);
            size = fabs(p.value) + fabs((double)row[x]);
        }
        for (size_t i = 0; i < EG_JET_PARTS; i++)
            if (cursor->part[i] && eg_is_missing(row[x]))
                cursor->part[i][x] = NAN;
            else if (cursor->part[i] && eg_is_missing(cursor->part[i][x]))
                cursor->part[i][x] = i == EG_JET_VALUE ? (float)parts[i] : rounded(parts[i], size);
    }
}
