/* SPDX-License-Identifier: MIT */
/* Sample types of gradient maps, and the conversion of their float values. */
#ifndef EG_GRADIENT_MAP_OUTPUT_H
#define EG_GRADIENT_MAP_OUTPUT_H

#include "core/stream.h"
#include "gradient/kernels.h"
#include "gradient/masked.h"

/* Sample type of one map. */
typedef struct eg_map_output {
    eg_sample sample;
    bool is_direction;   /* integer values wrap around */
    float scale, offset; /* of integers and brightness: value * scale + offset */
    float hue_factor;    /* EG_RGB: hue in degrees for a direction of one degree */
    eg_map_mask mask;    /* EG_RGB: the pixels that are not black */
    float white_level;   /* of the gradients */
    const char *name, *unit;
} eg_map_output;

/* Initialises an output. EG_USAGE: options out of range, or a sink that cannot hold the map. */
eg_status eg_map_output_init(eg_map_output *output, const eg_sink *sink,
                             const eg_gradient_options *options, float white_level,
                             eg_error *error);

/* Converts a row of values to integers. */
void eg_map_convert(const eg_map_kernels *kernels, const eg_map_output *output, void *out,
                    const float *values, size_t width);

/* Converts magnitudes and directions to colours; the first pixel is in column x0 of row y, counted
 * from the first row of the map. */
void eg_map_colour(const eg_map_output *output, void *out, const float *magnitude,
                   const float *direction, size_t x0, size_t y, size_t width);

/* Begins the sinks with the layout of `source`. */
eg_status eg_map_begin_sinks(const eg_source *source, eg_sink *const sinks[],
                             const eg_map_output outputs[], size_t count, eg_error *error);

#endif
