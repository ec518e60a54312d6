/* SPDX-License-Identifier: MIT */
/*
 * The row kernels of terrain maps. Each makes a row of floats of one map from a row of windows: NaN
 * where it is missing. They compute in double, round once, and know neither edges nor how cells
 * that are missing shall look. All instruction sets give the same bits.
 */
#ifndef EG_TERRAIN_KERNELS_H
#define EG_TERRAIN_KERNELS_H

#include "gradient/elevation.h"

/* What one row's cells measure on the ground, and what follows from it: each factor turns a sum of
 * differences of heights into a quantity in metres and their inverses. NaN where ground is
 * undefined. */
typedef struct eg_row_scales {
    double x, y;                            /* metres from cell to cell, eastwards and northwards */
    double z;                               /* metres in a unit of height */
    double slope_x, slope_y;                /* of the slope kernel's sums */
    double error_p, error_q;                /* standard errors of p and q */
    double second_xx, second_yy, second_xy; /* of the sums of second differences */
    double drop_x, drop_y, drop_diagonal;   /* of the difference to a neighbour */
} eg_row_scales;

/* A row of cells as maps see it. */
typedef struct eg_window {
    const double *z[EG_CELLS]; /* see gradient/elevation.h */
    const double *p, *q;       /* slope to the east and to the north, for maps that need them */
    eg_row_scales scales;
} eg_window;

/* What does not change from row to row. */
typedef struct eg_terrain_constants {
    double unit;            /* slopes: of the result, in a radian or in a rise of 1 over 1 */
    double flat;            /* directions where there is none */
    double up, east, north; /* of the vector to the light */
} eg_terrain_constants;

typedef void eg_terrain_kernel(float *out, const eg_window *window, size_t width,
                               const eg_terrain_constants *constants);

/* Maps of p and q. "Turned" slopes are angles, the others ratios. */
typedef struct eg_slope_kernels {
    eg_terrain_kernel *slope_angle, *slope_ratio;
    eg_terrain_kernel *slope_error_angle, *slope_error;
    eg_terrain_kernel *aspect_compass, *aspect_trigonometric; /* aspect */
    eg_terrain_kernel *aspect_compass_gdal,
        *aspect_trigonometric_gdal; /* of cells taken for squares */
    eg_terrain_kernel *aspect_error;
    eg_terrain_kernel *mask_aspect; /* out becomes NaN where aspect_error is */
    eg_terrain_kernel *hillshade, *hillshade_combined, *hillshade_multidirectional;
} eg_slope_kernels;

/* Maps of the heights about a cell. */
typedef struct eg_focal_kernels {
    eg_terrain_kernel *riley, *wilson, *tpi, *roughness;
    eg_terrain_kernel *riley_gdal, *wilson_gdal, *tpi_gdal;
    /* Second differences of Evans (1972), and of Zevenbergen and Thorne. */
    eg_terrain_kernel *profile, *tangential;
    eg_terrain_kernel *profile_zt, *tangential_zt;
} eg_focal_kernels;

/* Where water goes. */
typedef struct eg_flow_kernels {
    eg_terrain_kernel *d8, *dinf_compass, *dinf_trigonometric;
} eg_flow_kernels;

/* How floats reach a sink; `missing` replaces NaN. */
typedef struct eg_output_kernels {
    void (*floats)(float *row, size_t width, float missing);
    void (*bytes)(uint8_t *out, const float *in, size_t width,
                  uint8_t missing); /* 0..255, rounded */
    void (*above)(uint8_t *out, const float *in, size_t width, float threshold, uint8_t missing);
} eg_output_kernels;

const eg_slope_kernels *eg_slope_kernels_for(eg_cpu_level level);
const eg_focal_kernels *eg_focal_kernels_for(eg_cpu_level level);
const eg_flow_kernels *eg_flow_kernels_for(eg_cpu_level level);
const eg_output_kernels *eg_output_kernels_for(eg_cpu_level level);

#endif
