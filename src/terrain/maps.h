/* SPDX-License-Identifier: MIT */
/* Terrain attributes: kernel, constants and storage of each map. */
#ifndef EG_TERRAIN_MAPS_H
#define EG_TERRAIN_MAPS_H

#include "core/stream.h"
#include "terrain/ground.h"
#include "terrain/kernels.h"

enum {
    EG_HILLSHADE_MISSING = 0, /* missing value of hillshade */
    EG_BYTE_MISSING = 255     /* missing value of thresholded slope and of D8 */
};

typedef struct eg_terrain_attribute {
    eg_terrain_kernel *kernel;
    eg_terrain_kernel *mask; /* applied to the result; NULL: none */
    eg_terrain_constants constants;
    bool needs_gradient;  /* needs p and q */
    bool needs_cell_size; /* needs the cell size */
    bool elevations;      /* values are elevations, times the z factor */
    eg_sample sample;
    eg_classes classes;
    bool has_threshold;
    float threshold;
    double missing;
    float white_level; /* see eg_layout */
} eg_terrain_attribute;

/* Selects kernel and constants. EG_USAGE: an option is out of range. */
eg_status eg_terrain_attribute_init(eg_terrain_attribute *attribute, eg_cpu_level cpu,
                                    const eg_terrain_options *options,
                                    const eg_ground_options *ground, eg_error *error);

/* Computes one row of the map as floats. */
void eg_terrain_attribute_compute(const eg_terrain_attribute *attribute, float *values,
                                  const eg_window *window, size_t width);

/* Returns the scales of a row with cells of size `cell` and `z` metres per elevation unit. */
eg_row_scales eg_row_scales_of(eg_cell_size cell, double z, const eg_ground_options *options);

#endif
