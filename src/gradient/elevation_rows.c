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

/* ---- cells outside the raster ---- */

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

/*
 * ---- missing cells ----
 *
 * Beside missing cells the surface is continued as beyond the border of the raster: linearly, from
 * the two valid cells that follow in the same row or column of the window. A corner for which both
 * its row and its column qualify is their mean. Other neighbours lie on the least-squares plane
 * through the centre. On a plane every rule gives the plane's height.
 */

/* Returns v, or `other` if v is NaN. */
EG_INLINE double or_else(double v, double other)
{
    return v == v ? v : other;
}

/* Returns the mean of two values, or the one that is not NaN. */
EG_INLINE double mean_of_valid(double a, double b)
{
    return or_else((a + b) / 2, or_else(a, b));
}

/* Returns a corner extrapolated along its row and its column: 2 near - far. */
EG_INLINE double extrapolate_corner(double near_row, double far_row, double near_column,
                                    double far_column)
{
    return mean_of_valid(2 * near_row - far_row, 2 * near_column - far_column);
}

/* Extrapolates the missing corners w[0], w[2], w[6], w[8] from other cells of the window. */
EG_INLINE void fill_corners(double w[EG_CELLS])
{
    const double nw = extrapolate_corner(w[1], w[2], w[3], w[6]);
    const double ne = extrapolate_corner(w[1], w[0], w[5], w[8]);
    const double sw = extrapolate_corner(w[7], w[8], w[3], w[0]);
    const double se = extrapolate_corner(w[7], w[6], w[5], w[2]);
    w[0] = or_else(w[0], nw);
    w[2] = or_else(w[2], ne);
    w[6] = or_else(w[6], sw);
    w[8] = or_else(w[8], se);
}

/* Column and row of each cell of the window, relative to the centre. */
static const double column_of[EG_CELLS] = {-1, 0, 1, -1, 0, 1, -1, 0, 1};
static const double row_of[EG_CELLS] = {-1, -1, -1, 0, 0, 0, 1, 1, 1};

/* Replaces missing cells of `w` by heights of the least-squares plane of the valid cells of `z`
 * through the centre; NaN if these lie on one line. */
EG_INLINE void fill_from_plane(double w[EG_CELLS], const double z[EG_CELLS])
{
    double xx = 0, yy = 0, xy = 0, xz = 0, yz = 0, centre = z[EG_CENTRE];
#pragma GCC unroll 9
    for (int k = 0; k < EG_CELLS; k++) {
        const double dx = column_of[k], dy = row_of[k], valid = z[k] == z[k] ? 1 : 0;
        const double rise = z[k] == z[k] ? z[k] - centre : 0;
        xx += dx * dx * valid;
        yy += dy * dy * valid;
        xy += dx * dy * valid;
        xz += dx * rise;
        yz += dy * rise;
    }
    const double determinant = xx * yy - xy * xy,
                 over = determinant > 0 ? determinant : (double)NAN;
    const double per_column = (yy * xz - xy * yz) / over, per_row = (xx * yz - xy * xz) / over;
#pragma GCC unroll 9
    for (int k = 0; k < EG_CELLS; k++)
        w[k] = or_else(w[k], centre + (column_of[k] * per_column + row_of[k] * per_row));
}

static void fill(double *const out[EG_CELLS], const double *const z[EG_CELLS], size_t width)
{
    for (size_t x = 0; x < width; x++) {
        double original[EG_CELLS], w[EG_CELLS];
#pragma GCC unroll 9
        for (int k = 0; k < EG_CELLS; k++)
            original[k] = w[k] = z[k][x];
        fill_corners(w);
#pragma GCC unroll 4
        for (int k = 1; k < EG_CELLS; k += 2)
            w[k] = or_else(w[k], 2 * w[EG_CENTRE] - original[EG_CELLS - 1 - k]);
        fill_corners(w); /* those beside two extrapolated neighbours */
        fill_from_plane(w, original);
#pragma GCC unroll 9
        for (int k = 0; k < EG_CELLS; k++)
            if (k != EG_CENTRE)
                out[k][x] = w[k];
    }
}

static void fill_gdal(double *const out[EG_CELLS], const double *const z[EG_CELLS], size_t width)
{
    for (int k = 0; k < EG_CELLS; k++)
        for (size_t x = 0; k != EG_CENTRE && x < width; x++)
            out[k][x] = or_else(z[k][x], z[EG_CENTRE][x]);
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
    .extrapolate = extrapolate,
    .extrapolate_gdal = extrapolate_gdal,
    .fill = fill,
    .fill_gdal = fill_gdal,
};
