/* SPDX-License-Identifier: MIT */
/*
 * Focal maps of the 3 x 3 window: ruggedness, position, roughness, curvature. The EG_INLINE
 * functions are templates: their last arguments are constants.
 */
#include <math.h>
#include <stdbool.h>

#include "core/level.h"
#include "terrain/kernels.h"

/* Window indices of the eight neighbours, in gdaldem's order of addition. */
#define NEIGHBOURS 8
static const int neighbour[NEIGHBOURS] = {0, 1, 2, 3, 5, 6, 7, 8};

/* Returns `sum`, rounded to float if `gdal`: a sum or difference of two floats that is formed in
 * double and rounded to float equals the result of float arithmetic. */
EG_INLINE double round_if_gdal(double sum, bool gdal)
{
    return gdal ? (double)(float)sum : sum;
}

typedef enum focal_index { RILEY, WILSON, TPI } focal_index;

/* Sums the differences to the eight neighbours: squared (RILEY), absolute (WILSON), or centre minus
 * neighbour (TPI). */
EG_INLINE double sum_differences(const eg_window *w, size_t x, focal_index kind, bool gdal)
{
    double sum = 0, centre = w->z[EG_CENTRE][x];
#pragma GCC unroll 8
    for (int k = 0; k < NEIGHBOURS; k++) {
        double d = round_if_gdal(w->z[neighbour[k]][x] - centre, gdal);
        sum += kind == RILEY ? d * d : kind == WILSON ? fabs(d) : -d;
        sum = round_if_gdal(sum, gdal && kind == WILSON);
    }
    return sum;
}

/* Computes one row of a focal index: TRI by Riley, DeGloria and Elliot (Intermountain Journal of
 * Sciences 5, 1999) or by Wilson et al. (Marine Geodesy 30, 2007), or Weiss' topographic position
 * index. */
EG_INLINE void focal_index_row(float *restrict out, const eg_window *window, size_t width,
                               focal_index kind, bool gdal)
{
    const eg_window w = *window;
    const double z = kind == TPI ? w.scales.z : fabs(w.scales.z);
    for (size_t x = 0; x < width; x++) {
        double sum = sum_differences(&w, x, kind, gdal);
        out[x] = (float)(kind == RILEY ? sqrt(sum) * z : sum / NEIGHBOURS * z);
    }
}

static void riley(float *out, const eg_window *w, size_t width,
                  const eg_terrain_constants *constants)
{
    (void)constants;
    focal_index_row(out, w, width, RILEY, false);
}

static void riley_gdal(float *out, const eg_window *w, size_t width,
                       const eg_terrain_constants *constants)
{
    (void)constants;
    focal_index_row(out, w, width, RILEY, true);
}

static void wilson(float *out, const eg_window *w, size_t width,
                   const eg_terrain_constants *constants)
{
    (void)constants;
    focal_index_row(out, w, width, WILSON, false);
}

static void wilson_gdal(float *out, const eg_window *w, size_t width,
                        const eg_terrain_constants *constants)
{
    (void)constants;
    focal_index_row(out, w, width, WILSON, true);
}

static void tpi(float *out, const eg_window *w, size_t width, const eg_terrain_constants *constants)
{
    (void)constants;
    focal_index_row(out, w, width, TPI, false);
}

/* Computes the TPI as gdaldem does: it adds the neighbours in float, then subtracts their mean from
 * the centre. */
static void tpi_gdal(float *restrict out, const eg_window *window, size_t width,
                     const eg_terrain_constants *constants)
{
    (void)constants;
    const eg_window w = *window;
    for (size_t x = 0; x < width; x++) {
        double sum = w.z[0][x];
#pragma GCC unroll 8
        for (int k = 1; k < NEIGHBOURS; k++)
            sum = round_if_gdal(sum + w.z[neighbour[k]][x], true);
        out[x] = (float)((w.z[EG_CENTRE][x] - sum / NEIGHBOURS) * w.scales.z);
    }
}

static void roughness(float *restrict out, const eg_window *window, size_t width,
                      const eg_terrain_constants *constants)
{
    (void)constants;
    const eg_window w = *window;
    const double z = fabs(w.scales.z);
    for (size_t x = 0; x < width; x++) {
        double low = w.z[EG_CENTRE][x], high = low, all = low;
#pragma GCC unroll 8
        for (int k = 0; k < NEIGHBOURS; k++) {
            double v = w.z[neighbour[k]][x];
            low = v < low ? v : low;
            high = v > high ? v : high;
            all += v;
        }
        out[x] = (float)(all == all ? (high - low) * z : (double)NAN);
    }
}

/*
 * ---- curvature ----
 *
 * With p = dz/dx, q = dz/dy, r = d2z/dx2, s = d2z/dxdy, t = d2z/dy2, the profile curvature, in the
 * vertical plane along the gradient, is (p^2 r + 2 p q s + q^2 t) / ((p^2 + q^2) (1 + p^2 +
 * q^2)^(3/2)) and the tangential curvature, along the contour, (q^2 r - 2 p q s + p^2 t) / ((p^2 +
 * q^2) (1 + p^2 + q^2)^(1/2)) (Krcho 1973; Mitasova and Hofierka, Mathematical Geology 25, 1993;
 * Florinsky 2017), here positive where the surface is concave. r, s and t are those of the
 * least-squares quadric of the 9 cells (Evans 1972), or of the surface through them (Zevenbergen
 * and Thorne 1987).
 */

typedef struct second_derivatives {
    double r, s, t;
} second_derivatives;

EG_INLINE double second_difference(double before, double at, double after)
{
    return (before - at) + (after - at);
}

EG_INLINE second_derivatives second_derivatives_at(const eg_window *w, size_t x,
                                                   bool zevenbergen_thorne)
{
    const double *const *z = w->z;
    double r = second_difference(z[3][x], z[4][x], z[5][x]);
    double t = second_difference(z[1][x], z[4][x], z[7][x]);
    if (!zevenbergen_thorne) {
        r += second_difference(z[0][x], z[1][x], z[2][x]) +
             second_difference(z[6][x], z[7][x], z[8][x]);
        t += second_difference(z[0][x], z[3][x], z[6][x]) +
             second_difference(z[2][x], z[5][x], z[8][x]);
    }
    double s = (z[2][x] - z[0][x]) + (z[6][x] - z[8][x]);
    return (second_derivatives){r * w->scales.second_xx, s * w->scales.second_xy,
                                t * w->scales.second_yy};
}

EG_INLINE void curvature_row(float *restrict out, const eg_window *window, size_t width,
                             bool profile, bool zevenbergen_thorne)
{
    const eg_window w = *window;
    for (size_t x = 0; x < width; x++) {
        second_derivatives d = second_derivatives_at(&w, x, zevenbergen_thorne);
        double p = w.p[x], q = w.q[x], pp = p * p, qq = q * q, rise2 = pp + qq;
        double along = profile ? pp : qq, across = profile ? qq : pp;
        double mixed = 2 * p * q * d.s;
        double sum = along * d.r + across * d.t + (profile ? mixed : -mixed);
        double curvature = sum / (rise2 * sqrt(1 + rise2) * (profile ? 1 + rise2 : 1));
        out[x] = (float)(rise2 == 0 ? 0 : curvature);
    }
}

static void profile(float *out, const eg_window *w, size_t width,
                    const eg_terrain_constants *constants)
{
    (void)constants;
    curvature_row(out, w, width, true, false);
}

static void profile_zt(float *out, const eg_window *w, size_t width,
                       const eg_terrain_constants *constants)
{
    (void)constants;
    curvature_row(out, w, width, true, true);
}

static void tangential(float *out, const eg_window *w, size_t width,
                       const eg_terrain_constants *constants)
{
    (void)constants;
    curvature_row(out, w, width, false, false);
}

static void tangential_zt(float *out, const eg_window *w, size_t width,
                          const eg_terrain_constants *constants)
{
    (void)constants;
    curvature_row(out, w, width, false, true);
}

extern const eg_focal_kernels EG_AT_LEVEL(eg_focal_kernels);
const eg_focal_kernels EG_AT_LEVEL(eg_focal_kernels) = {
    .riley = riley,
    .wilson = wilson,
    .tpi = tpi,
    .roughness = roughness,
    .riley_gdal = riley_gdal,
    .wilson_gdal = wilson_gdal,
    .tpi_gdal = tpi_gdal,
    .profile = profile,
    .tangential = tangential,
    .profile_zt = profile_zt,
    .tangential_zt = tangential_zt,
};
