/* SPDX-License-Identifier: MIT */
/*
 * Elevations in double precision, the 3 x 3 window around each cell, and its slopes. Samples of any
 * type are widened to double once; missing cells are NaN. All instruction sets give the same bits.
 */
#ifndef EG_GRADIENT_ELEVATION_H
#define EG_GRADIENT_ELEVATION_H

#include <stddef.h>

#include "core/cpu.h"

/*
 * The window around cell x of a row is z[0][x] .. z[8][x], north up:
 *     0 1 2
 *     3 4 5
 *     6 7 8
 * The nine pointers usually point into three rows, three times each.
 */
enum { EG_CENTRE = 4, EG_CELLS = 9 };

/* Widens `width` samples to double; samples that are not finite or equal `nodata` (NaN: none)
 * become NaN. Returns the number of NaN. */
typedef size_t eg_widen_kernel(double *out, const void *in, size_t width, double nodata);

/* Computes p[x] = dz/dx (east) and q[x] = dz/dy (north): weighted sums of differences, multiplied
 * by per_x and per_y. Both are NaN if any of the 9 cells is. */
typedef void eg_slope_kernel(double *p, double *q, const double *const z[EG_CELLS], size_t width,
                             double per_x, double per_y);

/* Extrapolates linearly: out[x] = 2 outer[x] - inner[x]. */
typedef void eg_extrapolate_kernel(double *out, const double *outer, const double *inner,
                                   size_t width);

/* Copies the eight neighbours of each window from z[k] to out[k] (out[EG_CENTRE] is not used) and
 * replaces those that are missing. The rows of `out` do not overlap those of `z`. */
typedef void eg_fill_kernel(double *const out[EG_CELLS], const double *const z[EG_CELLS],
                            size_t width);

typedef struct eg_elevation_kernels {
    eg_widen_kernel *widen_u8, *widen_f32, *widen_f64;
    eg_widen_kernel *narrow_f64; /* rounds to float first */

    /* Horn (Proc. IEEE 69, 1981): differences over two cells, weighted 1 2 1; the sum is 8 times
     * the slope per cell. */
    eg_slope_kernel *horn;
    /* Zevenbergen and Thorne (Earth Surface Processes and Landforms 12, 1987): one difference over
     * two cells; twice the slope per cell. */
    eg_slope_kernel *zevenbergen_thorne;
    /* The same formulas in float, with gdaldem's order of additions and its roundings. */
    eg_slope_kernel *horn_gdal, *zevenbergen_thorne_gdal;

    eg_extrapolate_kernel *extrapolate, *extrapolate_gdal; /* the second rounds to float */
    /* Missing neighbours: linearly extrapolated from the window, NaN where its valid cells lie on
     * one line (fill); as high as the centre (fill_gdal). */
    eg_fill_kernel *fill, *fill_gdal;
} eg_elevation_kernels;

const eg_elevation_kernels *eg_elevation_kernels_for(eg_cpu_level level);

#endif
