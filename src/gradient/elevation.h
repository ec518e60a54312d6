/* SPDX-License-Identifier: MIT */
/*
 * Rows of heights in double precision, the 3 x 3 cells about each of them, and the slope of the
 * ground there. Whatever a file held becomes doubles once; what is missing is NaN. All instruction
 * sets give the same bits.
 */
#ifndef EG_GRADIENT_ELEVATION_H
#define EG_GRADIENT_ELEVATION_H

#include <stddef.h>

#include "core/cpu.h"

/*
 * The cells about cell x of a row are z[0][x] .. z[8][x], as they lie on a map with north up:
 *     0 1 2
 *     3 4 5
 *     6 7 8
 * Usually these are three rows, each pointed to thrice; kernels cannot tell.
 */
enum { EG_CENTRE = 4, EG_CELLS = 9 };

/* Samples as doubles; those that are not finite, or `nodata` (NaN: none), become NaN. Returns how
 * many of them are NaN. */
typedef size_t eg_widen_kernel(double *out, const void *in, size_t width, double nodata);

/* p[x] = dz/dx (east) and q[x] = dz/dy (north) from the weighted sums of differences, which are
 * multiplied by per_x and per_y. Both are NaN where one of the 9 cells is. */
typedef void eg_slope_kernel(double *p, double *q, const double *const z[EG_CELLS], size_t width,
                             double per_x, double per_y);

/* out[x] = 2 near[x] - far[x]: the cell that continues the line through the two. */
typedef void eg_extrapolate_kernel(double *out, const double *outer, const double *inner,
                                   size_t width);

typedef struct eg_elevation_kernels {
    eg_widen_kernel *widen_u8, *widen_f32, *widen_f64;
    eg_widen_kernel *narrow_f64; /* rounded to float on the way */

    /* Horn (Proc. IEEE 69, 1981): 1 2 1 across differences over two cells; sums are 8 slopes a
     * cell. */
    eg_slope_kernel *horn;
    /* Zevenbergen and Thorne (Earth Surface Processes and Landforms 12, 1987): the differences over
     * two cells alone; sums are 2 slopes a cell. */
    eg_slope_kernel *zevenbergen_thorne;
    /* The same of floats, in the order and with the roundings of gdaldem. */
    eg_slope_kernel *horn_gdal, *zevenbergen_thorne_gdal;

    /* out[x] = z[x], or centre[x] where z[x] is missing. */
    void (*fill_missing)(double *out, const double *z, const double *centre, size_t width);
    eg_extrapolate_kernel *extrapolate, *extrapolate_gdal; /* the latter rounds to float */
} eg_elevation_kernels;

const eg_elevation_kernels *eg_elevation_kernels_for(eg_cpu_level level);

#endif
