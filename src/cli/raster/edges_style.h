/* SPDX-License-Identifier: MIT */
/* Options of the command edges that say how edges are drawn. */
#ifndef CLI_RASTER_EDGES_STYLE_H
#define CLI_RASTER_EDGES_STYLE_H

#include "cli/raster/edges_options.h"

extern const cli_group style_group;

/* Resolves the options to edges.style. Returns an exit code, after its message. */
int edges_resolve_style(const cli_args *args, edges_settings *settings);

/* Opens the second source of the input that edges in colour need, style->image, with
 * raster_open_again(). */
eg_status edges_open_image(const raster_work *work, const raster_pass *pass, eg_edge_style *style,
                           eg_error *error);

#endif
