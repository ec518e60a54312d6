/* SPDX-License-Identifier: MIT */
/*
 * Maps of p = dz/dx and q = dz/dy: steepness, the way the ground faces, light on it, and how far
 * the heights' errors reach them. The inline functions are templates: their last arguments are
 * constants.
 */
#include <math.h>
#include <stdbool.h>

#include "core/level.h"
#include "gradient/angle.h"
#include "terrain/kernels.h"

/* ---- slope ---- */

EG_INLINE void slope_row(float *restrict out, const eg_window *w, size_t width, double unit,
                         bool turned)
{
    const double *p = w->p, *q = w->q;
    for (size_t x = 0; x < width; x++) {
        double rise = sqrt(p[x] * p[x] + q[x] * q[x]);
        out[x] = (float)((turned ? eg_angle(rise, 1) : rise) * unit);
    }
}

static void slope_turned(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    slope_row(out, w, width, t->unit, true);
}

static void slope(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    slope_row(out, w, width, t->unit, false);
}

/* To first order. Where it is flat no direction is favoured: the root of the mean variance, to
 * which nearby cells tend on average. */
EG_INLINE void slope_error_row(float *restrict out, const eg_window *w, size_t width, double unit,
                               bool turned)
{
    const double *p = w->p, *q = w->q;
    const double sp = w->scales.error_p, sq = w->scales.error_q, mean = (sp * sp + sq * sq) / 2;
    for (size_t x = 0; x < width; x++) {
        double up = p[x] * sp, uq = q[x] * sq, rise2 = p[x] * p[x] + q[x] * q[x];
        double variance = rise2 == 0 ? mean : (up * up + uq * uq) / rise2;
        out[x] = (float)(sqrt(variance) * unit / (turned ? 1 + rise2 : 1));
    }
}

static void slope_error_turned(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    slope_error_row(out, w, width, t->unit, true);
}

static void slope_error(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    slope_error_row(out, w, width, t->unit, false);
}

/* ---- aspect ---- */

EG_INLINE void aspect_row(float *restrict out, const eg_window *w, size_t width, double flat,
                          bool compass)
{
    const double *p = w->p, *q = w->q;
    for (size_t x = 0; x < width; x++) {
        double degrees = eg_direction(-p[x], -q[x], compass);
        out[x] = (float)(p[x] == 0 && q[x] == 0 ? flat : degrees);
    }
}

static void compass(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    aspect_row(out, w, width, t->flat, true);
}

static void trigonometric(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    aspect_row(out, w, width, t->flat, false);
}

/* gdaldem takes cells for squares, rounds the trigonometric angle in -180 .. 180 to float, and
 * makes the compass of that. */
EG_INLINE void aspect_gdal_row(float *restrict out, const eg_window *w, size_t width, float flat,
                               bool compass)
{
    const double *p = w->p, *q = w->q, sx = w->scales.x, sy = w->scales.y;
    for (size_t x = 0; x < width; x++) {
        double east = -p[x] * sx, north = -q[x] * sy;
        double angle = eg_angle(fabs(north), fabs(east));
        angle = east < 0 ? EG_PI - angle : angle;
        float a = (float)((north < 0 ? -angle : angle) * EG_DEGREES);
        float turned = compass ? (a > 90 ? 450 - a : 90 - a) : (a < 0 ? a + 360 : a);
        turned = turned == 360 ? 0 : turned;
        out[x] = (float)east == 0 && (float)north == 0 ? flat : turned;
    }
}

static void compass_gdal(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    aspect_gdal_row(out, w, width, (float)t->flat, true);
}

static void trigonometric_gdal(float *out, const eg_window *w, size_t width, const eg_terms *t)
{
    aspect_gdal_row(out, w, width, (float)t->flat, false);
}

/* The variance of the aspect in radians, to first order, times the square of the squared slope. */
EG_INLINE double aspect_variance(double p, double q, const eg_scales *s)
{
    double up = q * s->error_p, uq = p * s->error_q;
    return up * up + uq * uq;
}

/* An aspect drawn by lot has a standard error of 104 degrees; from 90 on it means nothing. */
#define MEANINGLESS (EG_PI / 2)

static void aspect_error(float *restrict out, const eg_window *w, size_t width, const eg_terms *t)
{
    (void)t;
    const double *p = w->p, *q = w->q;
    const eg_scales s = w->scales;
    for (size_t x = 0; x < width; x++) {
        double error = sqrt(aspect_variance(p[x], q[x], &s)) / (p[x] * p[x] + q[x] * q[x]);
        out[x] = (float)(error < MEANINGLESS ? error * EG_DEGREES : (double)NAN);
    }
}

static void mask(float *restrict out, const eg_window *w, size_t width, const eg_terms *t)
{
    (void)t;
    const double *p = w->p, *q = w->q;
    const eg_scales s = w->scales;
    for (size_t x = 0; x < width; x++) {
        double error = sqrt(aspect_variance(p[x], q[x], &s)) / (p[x] * p[x] + q[x] * q[x]);
        out[x] = error < MEANINGLESS ? out[x] : (float)NAN;
    }
}

/* ---- hillshade ----
 *
 * The cosine of the angle between the light and the upright of the ground is
 *     (up - east p - north q) / sqrt(1 + p^2 + q^2)
 * for a light in the direction (east, north, up): neither slope nor aspect is needed. */

/* v, or 0 where it is negative. */
EG_INLINE double lit(double v)
{
    return v < 0 ? 0 : v;
}

static void shade(float *restrict out, const eg_window *w, size_t width, const eg_terms *t)
{
    const double *p = w->p, *q = w->q;
    const double up = 254 * t->up, east = 254 * t->east, north = 254 * t->north;
    for (size_t x = 0; x < width; x++) {
        double light = up - (north * q[x] + east * p[x]);
        out[x] = (float)(1 + lit(light / sqrt(1 + (p[x] * p[x] + q[x] * q[x]))));
    }
}

/* gdaldem's -combined: 1 less the angle of incidence times the slope, both in quarters of a circle.
 */
static void shade_combined(float *restrict out, const eg_window *w, size_t width, const eg_terms *t)
{
    const double *p = w->p, *q = w->q;
    const double up = t->up, east = t->east, north = t->north;
    for (size_t x = 0; x < width; x++) {
        double rise2 = p[x] * p[x] + q[x] * q[x];
        double cosine = (up - (north * q[x] + east * p[x])) / sqrt(1 + rise2);
        double sine2 = 1 - cosine * cosine;
        double angle = eg_angle(sqrt(lit(sine2)), fabs(cosine));
        angle = cosine < 0 ? EG_PI - angle : angle;
        double dark = angle * eg_angle(sqrt(rise2), 1) * (4 / (EG_PI * EG_PI));
        out[x] = (float)(1 + 254 * lit(1 - dark));
    }
}

/* gdaldem's -multidirectional: lights from 225, 270, 315 and 360 degrees, weighted by the squared
 * cosine of the aspect to each. */
static void shade_multidirectional(float *restrict out, const eg_window *w, size_t width,
                                   const eg_terms *t)
{
    const double *p = w->p, *q = w->q;
    const double up = 127 * t->up, level = 127 * t->north, slant = level * 0.70710678118654752;
    for (size_t x = 0; x < width; x++) {
        double pp = p[x] * p[x], qq = q[x] * q[x], pq = p[x] * q[x], rise2 = pp + qq;
        double sum =
            (rise2 / 2 + pq) * lit(up + slant * (p[x] + q[x])) + pp * lit(up + level * p[x]) +
            (rise2 / 2 - pq) * lit(up + slant * (p[x] - q[x])) + qq * lit(up - level * q[x]);
        double light = rise2 == 0 ? 2 * up : sum / (rise2 * sqrt(1 + rise2));
        out[x] = (float)(1 + light);
    }
}

extern const eg_slope_kernels EG_AT_LEVEL(eg_slope_kernels);
const eg_slope_kernels EG_AT_LEVEL(eg_slope_kernels) = {
    .slope_turned = slope_turned,
    .slope = slope,
    .slope_error_turned = slope_error_turned,
    .slope_error = slope_error,
    .compass = compass,
    .trigonometric = trigonometric,
    .compass_gdal = compass_gdal,
    .trigonometric_gdal = trigonometric_gdal,
    .aspect_error = aspect_error,
    .mask = mask,
    .shade = shade,
    .shade_combined = shade_combined,
    .shade_multidirectional = shade_multidirectional,
};
