/* SPDX-License-Identifier: MIT */
/*
 * Maps of p = dz/dx and q = dz/dy: slope, aspect, hillshade, and their standard errors. The
 * EG_INLINE functions are templates: their last arguments are constants.
 */
#include <math.h>
#include <stdbool.h>

#include "core/level.h"
#include "gradient/angle.h"
#include "terrain/kernels.h"

/* ---- slope ---- */

EG_INLINE void slope_row(float *restrict out, const eg_window *w, size_t width, double unit,
                         bool as_angle)
{
    const double *p = w->p, *q = w->q;
    for (size_t x = 0; x < width; x++) {
        double rise = sqrt(p[x] * p[x] + q[x] * q[x]);
        out[x] = (float)((as_angle ? eg_angle(rise, 1) : rise) * unit);
    }
}

static void slope_angle(float *out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants)
{
    slope_row(out, w, width, constants->unit, true);
}

static void slope_ratio(float *out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants)
{
    slope_row(out, w, width, constants->unit, false);
}

/* Computes the standard error of the slope, to first order. Flat cells have no direction: they get
 * the root of the mean variance, which nearby cells approach on average. */
EG_INLINE void slope_error_row(float *restrict out, const eg_window *w, size_t width, double unit,
                               bool as_angle)
{
    const double *p = w->p, *q = w->q;
    const double sp = w->scales.error_p, sq = w->scales.error_q, mean = (sp * sp + sq * sq) / 2;
    for (size_t x = 0; x < width; x++) {
        double up = p[x] * sp, uq = q[x] * sq, rise2 = p[x] * p[x] + q[x] * q[x];
        double variance = rise2 == 0 ? mean : (up * up + uq * uq) / rise2;
        out[x] = (float)(sqrt(variance) * unit / (as_angle ? 1 + rise2 : 1));
    }
}

static void slope_error_angle(float *out, const eg_window *w, size_t width,
                              const eg_terrain_constants *constants)
{
    slope_error_row(out, w, width, constants->unit, true);
}

static void slope_error(float *out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants)
{
    slope_error_row(out, w, width, constants->unit, false);
}

/* ---- aspect ---- */

EG_INLINE void aspect_row(float *restrict out, const eg_window *w, size_t width, double flat,
                          bool aspect_compass)
{
    const double *p = w->p, *q = w->q;
    for (size_t x = 0; x < width; x++) {
        double degrees = eg_direction(-p[x], -q[x], aspect_compass);
        out[x] = (float)(p[x] == 0 && q[x] == 0 ? flat : degrees);
    }
}

static void aspect_compass(float *out, const eg_window *w, size_t width,
                           const eg_terrain_constants *constants)
{
    aspect_row(out, w, width, constants->flat, true);
}

static void aspect_trigonometric(float *out, const eg_window *w, size_t width,
                                 const eg_terrain_constants *constants)
{
    aspect_row(out, w, width, constants->flat, false);
}

/* Computes the aspect as gdaldem does: cells count as squares, the trigonometric angle in -180 ..
 * 180 is rounded to float, and the compass angle is derived from that. */
EG_INLINE void aspect_gdal_row(float *restrict out, const eg_window *w, size_t width, float flat,
                               bool aspect_compass)
{
    const double *p = w->p, *q = w->q, sx = w->scales.x, sy = w->scales.y;
    for (size_t x = 0; x < width; x++) {
        double east = -p[x] * sx, north = -q[x] * sy;
        double angle = eg_angle(fabs(north), fabs(east));
        angle = east < 0 ? EG_PI - angle : angle;
        float a = (float)((north < 0 ? -angle : angle) * EG_DEGREES);
        float as_angle = aspect_compass ? (a > 90 ? 450 - a : 90 - a) : (a < 0 ? a + 360 : a);
        as_angle = as_angle == 360 ? 0 : as_angle;
        out[x] = (float)east == 0 && (float)north == 0 ? flat : as_angle;
    }
}

static void aspect_compass_gdal(float *out, const eg_window *w, size_t width,
                                const eg_terrain_constants *constants)
{
    aspect_gdal_row(out, w, width, (float)constants->flat, true);
}

static void aspect_trigonometric_gdal(float *out, const eg_window *w, size_t width,
                                      const eg_terrain_constants *constants)
{
    aspect_gdal_row(out, w, width, (float)constants->flat, false);
}

/* Returns the variance of the aspect in radians, to first order, times (p^2 + q^2)^2. */
EG_INLINE double aspect_variance(double p, double q, const eg_row_scales *s)
{
    double up = q * s->error_p, uq = p * s->error_q;
    return up * up + uq * uq;
}

/* Standard error in radians from which the aspect is undefined. A uniformly random aspect has 104
 * degrees. */
#define ASPECT_ERROR_LIMIT (EG_PI / 2)

static void aspect_error(float *restrict out, const eg_window *w, size_t width,
                         const eg_terrain_constants *constants)
{
    (void)constants;
    const double *p = w->p, *q = w->q;
    const eg_row_scales s = w->scales;
    for (size_t x = 0; x < width; x++) {
        double error = sqrt(aspect_variance(p[x], q[x], &s)) / (p[x] * p[x] + q[x] * q[x]);
        out[x] = (float)(error < ASPECT_ERROR_LIMIT ? error * EG_DEGREES : (double)NAN);
    }
}

static void mask_aspect(float *restrict out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants)
{
    (void)constants;
    const double *p = w->p, *q = w->q;
    const eg_row_scales s = w->scales;
    for (size_t x = 0; x < width; x++) {
        double error = sqrt(aspect_variance(p[x], q[x], &s)) / (p[x] * p[x] + q[x] * q[x]);
        out[x] = error < ASPECT_ERROR_LIMIT ? out[x] : (float)NAN;
    }
}

/*
 * ---- hillshade ----
 *
 * The cosine of the angle between the light and the surface normal is
 *     (up - east p - north q) / sqrt(1 + p^2 + q^2)
 * for a light in the direction (east, north, up): neither slope nor aspect is computed.
 */

/* Returns v, or 0 if it is negative. */
EG_INLINE double clamp_light(double v)
{
    return v < 0 ? 0 : v;
}

static void hillshade(float *restrict out, const eg_window *w, size_t width,
                      const eg_terrain_constants *constants)
{
    const double *p = w->p, *q = w->q;
    const double up = 254 * constants->up, east = 254 * constants->east,
                 north = 254 * constants->north;
    for (size_t x = 0; x < width; x++) {
        double light = up - (north * q[x] + east * p[x]);
        out[x] = (float)(1 + clamp_light(light / sqrt(1 + (p[x] * p[x] + q[x] * q[x]))));
    }
}

/* Computes gdaldem's -combined: 1 minus the product of angle of incidence and slope, both as
 * fractions of a right angle. */
static void hillshade_combined(float *restrict out, const eg_window *w, size_t width,
                               const eg_terrain_constants *constants)
{
    const double *p = w->p, *q = w->q;
    const double up = constants->up, east = constants->east, north = constants->north;
    for (size_t x = 0; x < width; x++) {
        double rise2 = p[x] * p[x] + q[x] * q[x];
        double cosine = (up - (north * q[x] + east * p[x])) / sqrt(1 + rise2);
        double sine2 = 1 - cosine * cosine;
        double angle = eg_angle(sqrt(clamp_light(sine2)), fabs(cosine));
        angle = cosine < 0 ? EG_PI - angle : angle;
        double dark = angle * eg_angle(sqrt(rise2), 1) * (4 / (EG_PI * EG_PI));
        out[x] = (float)(1 + 254 * clamp_light(1 - dark));
    }
}

/* Computes gdaldem's -multidirectional: lights from 225, 270, 315 and 360 degrees, weighted by the
 * squared cosine of the aspect relative to each. */
static void hillshade_multidirectional(float *restrict out, const eg_window *w, size_t width,
                                       const eg_terrain_constants *constants)
{
    const double *p = w->p, *q = w->q;
    const double up = 127 * constants->up, level = 127 * constants->north,
                 slant = level * 0.70710678118654752;
    for (size_t x = 0; x < width; x++) {
        double pp = p[x] * p[x], qq = q[x] * q[x], pq = p[x] * q[x], rise2 = pp + qq;
        double sum = (rise2 / 2 + pq) * clamp_light(up + slant * (p[x] + q[x])) +
                     pp * clamp_light(up + level * p[x]) +
                     (rise2 / 2 - pq) * clamp_light(up + slant * (p[x] - q[x])) +
                     qq * clamp_light(up - level * q[x]);
        double light = rise2 == 0 ? 2 * up : sum / (rise2 * sqrt(1 + rise2));
        out[x] = (float)(1 + light);
    }
}

/* Computes gdaldem's -igor: 255, less the share of the slope in a right angle times that of the
 * angle between the light and the direction uphill in a half turn that is left. A slope is darkest
 * that falls straight away from the light. 0 stands for missing cells: cliffs are 1. `squares`: as
 * for gdaldem's aspect, cells count as squares in the direction uphill. */
EG_INLINE void igor_row(float *restrict out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants, bool squares)
{
    const double *p = w->p, *q = w->q;
    const double sx = squares ? w->scales.x : 1, sy = squares ? w->scales.y : 1;
    const double east = constants->east, north = constants->north;
    for (size_t x = 0; x < width; x++) {
        double px = p[x] * sx, qy = q[x] * sy;
        double along = px * east + qy * north, across = px * north - qy * east;
        double turn = eg_angle(fabs(across), fabs(along));
        turn = along < 0 ? EG_PI - turn : turn;
        double rise2 = p[x] * p[x] + q[x] * q[x], slope = eg_angle(sqrt(rise2), 1);
        double light = 255 * (1 - slope * (2 / EG_PI) * (1 - turn / EG_PI));
        light = rise2 == 0 ? 255 : light;
        out[x] = (float)(light < 1 ? 1 : light);
    }
}

static void hillshade_igor(float *out, const eg_window *w, size_t width,
                           const eg_terrain_constants *constants)
{
    igor_row(out, w, width, constants, false);
}

static void hillshade_igor_gdal(float *out, const eg_window *w, size_t width,
                                const eg_terrain_constants *constants)
{
    igor_row(out, w, width, constants, true);
}

extern const eg_slope_kernels EG_AT_LEVEL(eg_slope_kernels);
const eg_slope_kernels EG_AT_LEVEL(eg_slope_kernels) = {
    .slope_angle = slope_angle,
    .slope_ratio = slope_ratio,
    .slope_error_angle = slope_error_angle,
    .slope_error = slope_error,
    .aspect_compass = aspect_compass,
    .aspect_trigonometric = aspect_trigonometric,
    .aspect_compass_gdal = aspect_compass_gdal,
    .aspect_trigonometric_gdal = aspect_trigonometric_gdal,
    .aspect_error = aspect_error,
    .mask_aspect = mask_aspect,
    .hillshade = hillshade,
    .hillshade_combined = hillshade_combined,
    .hillshade_multidirectional = hillshade_multidirectional,
    .hillshade_igor = hillshade_igor,
    .hillshade_igor_gdal = hillshade_igor_gdal,
};
