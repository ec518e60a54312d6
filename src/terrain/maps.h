/* SPDX-License-Identifier: MIT */
/* The maps: which kernel makes what an option asks for, with which constants, and how it is stored.
 */
#ifndef EG_TERRAIN_MAPS_H
#define EG_TERRAIN_MAPS_H

#include "core/stream.h"
#include "terrain/ground.h"
#include "terrain/kernels.h"

enum {
    EG_NO_LIGHT = 0,   /* hillshade: missing */
    EG_NO_ANSWER = 255 /* threshold and D8: missing */
};

typedef struct eg_mapping {
    eg_terrain_kernel *kernel;
    eg_terrain_kernel *mask; /* applied after it; NULL: none */
    eg_terms terms;
    bool sloped;   /* needs p and q */
    bool measured; /* needs the size of cells */
    eg_sample sample;
    bool thresholded;
    float threshold;
    double missing;
    float white_level; /* see eg_layout */
} eg_mapping;

/* EG_USAGE where an option is out of range. */
eg_status eg_mapping_init(eg_mapping *mapping, eg_cpu_level cpu, const eg_terrain_options *options,
                          const eg_ground_options *ground, eg_error *error);

/* The floats of one row. */
void eg_mapping_run(const eg_mapping *mapping, float *values, const eg_window *window,
                    size_t width);

/* The factors of a row whose cells are as large as `cell`. */
eg_scales eg_scales_of(eg_cell cell, double z, const eg_ground_options *options);

#endif
