/* SPDX-License-Identifier: MIT */
/* Elevation kernels: widening, and slopes from 3 x 3 windows. */
#include <math.h>
#include <stdbool.h>

#include "core/level.h"
#include "gradient/elevation.h"

/* ---- samples to doubles ---- */

EG_INLINE double valid_or_nan(double v, double nodata)
{
    return v - v == 0 && v != nodata ? v : (double)NAN;
}

EG_INLINE size_t count_missing(const double *row, size_t width)
{
    size_t missing = 0;
    for (size_t x = 0; x < width; x++)
        missing += row[x] != row[x];
    return missing;
}

static size_t widen_u8(double *restrict out, const void *in, size_t width, double nodata)
{
    const uint8_t *from = in;
    for (size_t x = 0; x < width; x++)
        out[x] = valid_or_nan(from[x], nodata);
    return count_missing(out, width);
}

static size_t widen_f32(double *restrict out, const void *in, size_t width, double nodata)
{
    const float *from = in;
    for (size_t x = 0; x < width; x++)
        out[x] = valid_or_nan((double)from[x], nodata);
    return count_missing(out, width);
}

static size_t widen_f64(double *restrict out, const void *in, size_t width, double nodata)
{
    const double *from = in;
    for (size_t x = 0; x < width; x++)
        out[x] = valid_or_nan(from[x], nodata);
    return count_missing(out, width);
}

static size_t narrow_f64(double *restrict out, const void *in, size_t width, double nodata)
{
    const double *from = in;
    for (size_t x = 0; x < width; x++)
        out[x] = valid_or_nan((double)(float)valid_or_nan(from[x], nodata), (double)NAN);
    return count_missing(out, width);
}

/* ---- slopes ---- */

/* Returns `sum`, rounded to float if `gdal`. A sum or difference of two floats that is formed in
 * double and rounded to float equals the result of float arithmetic. */
EG_INLINE double round_if_gdal(double sum, bool gdal)
{
    return gdal ? (double)(float)sum : sum;
}

/* Returns a + 2 b + c, added and rounded as gdaldem does. */
EG_INLINE double weighted_sum_gdal(double a, double b, double c)
{
    return round_if_gdal(round_if_gdal(round_if_gdal(a + b, true) + b, true) + c, true);
}

/* Returns v, or NaN if `other` is NaN. */
EG_INLINE double unless_missing(double v, double other)
{
    return other == other ? v : (double)NAN;
}

EG_INLINE void horn_rows(double *restrict p, double *restrict q, const double *const z[EG_CELLS],
                         size_t width, double per_x, double per_y, bool gdal)
{
    const double *z0 = z[0], *z1 = z[1], *z2 = z[2], *z3 = z[3], *z4 = z[4], *z5 = z[5], *z6 = z[6],
                 *z7 = z[7], *z8 = z[8];
    for (size_t x = 0; x < width; x++) {
        double east, north;
        if (gdal) {
            east = round_if_gdal(weighted_sum_gdal(z2[x], z5[x], z8[x]) -
                                     weighted_sum_gdal(z0[x], z3[x], z6[x]),
                                 true);
            north = round_if_gdal(weighted_sum_gdal(z0[x], z1[x], z2[x]) -
                                      weighted_sum_gdal(z6[x], z7[x], z8[x]),
                                  true);
        } else {
            double rising = z2[x] - z6[x],
                   falling = z8[x] - z0[x]; /* differences along the two diagonals */
            east = rising + 2 * (z5[x] - z3[x]) + falling;
            north = rising + 2 * (z1[x] - z7[x]) - falling;
        }
        double all = east + north + z4[x];
        p[x] = unless_missing(east * per_x, all);
        q[x] = unless_missing(north * per_y, all);
    }
}

static void horn(double *p, double *q, const double *const z[EG_CELLS], size_t width, double per_x,
                 double per_y)
{
    horn_rows(p, q, z, width, per_x, per_y, false);
}

static void horn_gdal(double *p, double *q, const double *const z[EG_CELLS], size_t width,
                      double per_x, double per_y)
{
    horn_rows(p, q, z, width, per_x, per_y, true);
}

EG_INLINE void zevenbergen_thorne_rows(double *restrict p, double *restrict q,
                                       const double *const z[EG_CELLS], size_t width, double per_x,
                                       double per_y, bool gdal)
{
    const double *z0 = z[0], *z1 = z[1], *z2 = z[2], *z3 = z[3], *z4 = z[4], *z5 = z[5], *z6 = z[6],
                 *z7 = z[7], *z8 = z[8];
    for (size_t x = 0; x < width; x++) {
        double east = round_if_gdal(z5[x] - z3[x], gdal);
        double north = round_if_gdal(z1[x] - z7[x], gdal);
        double all = east + north + z0[x] + z2[x] + z4[x] + z6[x] + z8[x];
        p[x] = unless_missing(east * per_x, all);
        q[x] = unless_missing(north * per_y, all);
    }
}

static void zevenbergen_thorne(double *p, double *q, const double *const z[EG_CELLS], size_t width,
                               double per_x, double per_y)
{
    zevenbergen_thorne_rows(p, q, z, width, per_x, per_y, false);
}

static void zevenbergen_thorne_gdal(double *p, double *q, const double *const z[EG_CELLS],
                                    size_t width, double per_x, double per_y)
{
    zevenbergen_thorne_rows(p, q, z, width, per_x, per_y, true);
}

/* ---- missing cells ---- */

static void fill_missing(double *restrict out, const double *restrict z,
                         const double *restrict centre, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = z[x] == z[x] ? z[x] : centre[x];
}

static void extrapolate(double *restrict out, const double *restrict outer,
                        const double *restrict inner, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = 2 * outer[x] - inner[x];
}

static void extrapolate_gdal(double *restrict out, const double *restrict outer,
                             const double *restrict inner, size_t width)
{
    for (size_t x = 0; x < width; x++)
        out[x] = round_if_gdal(2 * outer[x] - inner[x], true);
}

extern const eg_elevation_kernels EG_AT_LEVEL(eg_elevation_kernels);
const eg_elevation_kernels EG_AT_LEVEL(eg_elevation_kernels) = {
    .widen_u8 = widen_u8,
    .widen_f32 = widen_f32,
    .widen_f64 = widen_f64,
    .narrow_f64 = narrow_f64,
    .horn = horn,
    .zevenbergen_thorne = zevenbergen_thorne,
    .horn_gdal = horn_gdal,
    .zevenbergen_thorne_gdal = zevenbergen_thorne_gdal,
    .fill_missing = fill_missing,
    .extrapolate = extrapolate,
    .extrapolate_gdal = extrapolate_gdal,
};
