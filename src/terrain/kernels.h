/* SPDX-License-Identifier: MIT */
/*
 * Row kernels of terrain maps. Each computes a row of floats of one map from a row of windows;
 * missing cells are NaN. They compute in double and round once. Borders and the final
 * representation of missing cells are handled outside. All instruction sets give the same bits.
 */
#ifndef EG_TERRAIN_KERNELS_H
#define EG_TERRAIN_KERNELS_H

#include "gradient/elevation.h"

/* Factors of one row: each converts a sum of elevation differences to a quantity in metres or
 * 1/metres. NaN where the cell size is undefined. */
typedef struct eg_row_scales {
    double x, y;                            /* cell size in metres, east and north */
    double z;                               /* metres per elevation unit */
    double slope_x, slope_y;                /* for the sums of the slope kernel */
    double error_p, error_q;                /* standard errors of p and q */
    double second_xx, second_yy, second_xy; /* for sums of second differences */
    double drop_x, drop_y, drop_diagonal;   /* for differences to a neighbour */
} eg_row_scales;

/* A row of 3 x 3 windows with north up. */
typedef struct eg_window {
    const double *z[EG_CELLS]; /* see gradient/elevation.h */
    const double *p, *q;       /* dz/dx (east) and dz/dy (north), for maps that need them */
    eg_row_scales scales;
} eg_window;

/* Constants of a map. */
typedef struct eg_terrain_constants {
    double unit;            /* slope maps: result units per radian or per unit of rise over run */
    double flat;            /* aspect and D-infinity: result of flat cells */
    double up, east, north; /* unit vector to the light */
} eg_terrain_constants;

typedef void eg_terrain_kernel(float *out, const eg_window *window, size_t width,
                               const eg_terrain_constants *constants);

/* Maps of p and q. Slopes are angles or ratios (rise over run). */
typedef struct eg_slope_kernels {
    eg_terrain_kernel *slope_angle, *slope_ratio;
    eg_terrain_kernel *slope_error_angle, *slope_error;
    eg_terrain_kernel *aspect_compass, *aspect_trigonometric;
    eg_terrain_kernel *aspect_compass_gdal, *aspect_trigonometric_gdal;
    eg_terrain_kernel *aspect_error;
    eg_terrain_kernel *mask_aspect; /* sets cells to NaN whose aspect_error is NaN */
    eg_terrain_kernel *hillshade, *hillshade_combined, *hillshade_multidirectional;
    eg_terrain_kernel *hillshade_igor, *hillshade_igor_gdal;
} eg_slope_kernels;

/* Maps of the 3 x 3 window. */
typedef struct eg_focal_kernels {
    eg_terrain_kernel *riley, *wilson, *tpi, *roughness;
    eg_terrain_kernel *riley_gdal, *wilson_gdal, *tpi_gdal;
    /* Second derivatives of Evans (1972), and (zt) of Zevenbergen and Thorne (1987). */
    eg_terrain_kernel *profile, *tangential;
    eg_terrain_kernel *profile_zt, *tangential_zt;
} eg_focal_kernels;

/* Flow directions. */
typedef struct eg_flow_kernels {
    eg_terrain_kernel *d8, *dinf_compass, *dinf_trigonometric;
} eg_flow_kernels;

/* Conversion of float rows for a sink; NaN becomes `missing`. */
typedef struct eg_output_kernels {
    void (*floats)(float *row, size_t width, float missing);
    void (*bytes)(uint8_t *out, const float *in, size_t width, uint8_t missing);
    void (*above)(uint8_t *out, const float *in, size_t width, float threshold, uint8_t missing);
} eg_output_kernels;

const eg_slope_kernels *eg_slope_kernels_for(eg_cpu_level level);
const eg_focal_kernels *eg_focal_kernels_for(eg_cpu_level level);
const eg_flow_kernels *eg_flow_kernels_for(eg_cpu_level level);
const eg_output_kernels *eg_output_kernels_for(eg_cpu_level level);

#endif
