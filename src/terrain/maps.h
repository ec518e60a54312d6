/* SPDX-License-Identifier: MIT */
/* The maps: which kernel makes what an option asks for, with which constants, and how it is stored.
 */
#ifndef EG_TERRAIN_MAPS_H
#define EG_TERRAIN_MAPS_H

#include "core/stream.h"
#include "terrain/ground.h"
#include "terrain/kernels.h"

enum {
    EG_HILLSHADE_MISSING = 0, /* hillshade: missing */
    EG_BYTE_MISSING = 255     /* threshold and D8: missing */
};

typedef struct eg_terrain_attribute {
    eg_terrain_kernel *kernel;
    eg_terrain_kernel *mask; /* applied after it; NULL: none */
    eg_terrain_constants constants;
    bool needs_gradient;  /* needs p and q */
    bool needs_cell_size; /* needs the size of cells */
    eg_sample sample;
    bool has_threshold;
    float threshold;
    double missing;
    float white_level; /* see eg_layout */
} eg_terrain_attribute;

/* EG_USAGE where an option is out of range. */
eg_status eg_terrain_attribute_init(eg_terrain_attribute *attribute, eg_cpu_level cpu,
                                    const eg_terrain_options *options,
                                    const eg_ground_options *ground, eg_error *error);

/* The floats of one row. */
void eg_terrain_attribute_compute(const eg_terrain_attribute *attribute, float *values,
                                  const eg_window *window, size_t width);

/* The factors of a row whose cells are as large as `cell`. */
eg_row_scales eg_row_scales_of(eg_cell_size cell, double z, const eg_ground_options *options);

#endif
