/* SPDX-License-Identifier: MIT */
/* Options of the command edges. */
#ifndef CLI_RASTER_EDGES_OPTIONS_H
#define CLI_RASTER_EDGES_OPTIONS_H

#include "cli/raster/operator_options.h"

/* --compat */
typedef enum cli_compat { COMPAT_NONE, COMPAT_OPENCV, COMPAT_SKIMAGE } cli_compat;

typedef struct edges_settings {
    operator_settings derivative;
    eg_edges_options edges;
    cli_threshold low, high, threshold;
    cli_sigma sigma;
    int compat; /* cli_compat */
    cli_rgb overlay;
    int colourize;                    /* eg_colourize */
    const char *lines, *lines_format; /* NULL: not given */
    cli_length min_length;
    eg_edge_lines_options line_options;
} edges_settings;

extern const cli_group edges_group;

/* Fills in the library's defaults. */
void edges_set_defaults(edges_settings *settings);

/* Resolves the options that depend on each other to `edges` and the planes to read. Returns an exit
 * code, after its message. */
int edges_resolve(const cli_args *args, edges_settings *settings);

#endif
