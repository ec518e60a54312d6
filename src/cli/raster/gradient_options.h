/* SPDX-License-Identifier: MIT */
/* Options of the command gradient. */
#ifndef CLI_RASTER_GRADIENT_OPTIONS_H
#define CLI_RASTER_GRADIENT_OPTIONS_H

#include "cli/raster/operator_options.h"

enum { MAP_BOUNDARY = 1000 }; /* --map boundary, which is no eg_gradient_map */

/* --normalize */
typedef enum cli_normalize { NORMALIZE_NONE, NORMALIZE_MAX, NORMALIZE_PERCENTILE } cli_normalize;

typedef struct gradient_settings {
    operator_settings derivative;
    eg_boundary_options boundary;
    cli_maps maps;
    bool thin;
    int colourize; /* eg_colourize */
    int normalize; /* cli_normalize */
} gradient_settings;

extern const cli_group gradient_group;

/* Returns true if the maps have files of their own: there is no operand OUTPUT. */
bool gradient_names_outputs(const cli_settings *settings);

/* Resolves options that depend on each other; `maps` has at least one map afterwards. Returns an
 * exit code, after its message. */
int gradient_resolve(const cli_args *args, gradient_settings *settings);

/* Returns true if the map is that of boundaries, which has no other map beside it. */
bool gradient_is_boundary(const gradient_settings *settings);

/* ---- scales chosen from the image (gradient_scale.c) ----------------------------------------- */

/* Computes the maps of `source` into sinks[], options[i] each; a map of boundaries with `boundary`.
 */
eg_status gradient_compute(const gradient_settings *settings, eg_source *source,
                           eg_sink *const sinks[], const eg_gradient_options options[],
                           const eg_boundary_options *boundary, eg_error *error);

/* Sets the scales of the maps by --normalize, from all rows of the input; consumes pass->source,
 * which may be NULL on a rank without rows. `shared`: the rows are distributed over all ranks,
 * which call this together. */
eg_status gradient_choose_scales(const gradient_settings *settings, const raster_pass *pass,
                                 bool shared, eg_gradient_options options[],
                                 eg_boundary_options *boundary, eg_error *error);

#endif
