/* SPDX-License-Identifier: MIT */
/* The structures of options that can be set by name. */
#include <string.h>

#include "options/fields.h"

/* Defines a function that sets the defaults of a structure whose type the caller does not know. */
#define DEFAULTS(kind)                                                                             \
    static void default_##kind(void *options)                                                      \
    {                                                                                              \
        eg_##kind##_default(options);                                                              \
    }

DEFAULTS(edges)
DEFAULTS(gradient)
DEFAULTS(terrain)
DEFAULTS(ground)
DEFAULTS(contour)
DEFAULTS(edge_lines)
DEFAULTS(read)
DEFAULTS(write)
DEFAULTS(config)
DEFAULTS(boundary)
DEFAULTS(flux)
DEFAULTS(streamline)
DEFAULTS(flow_path)
DEFAULTS(descent)

static void default_solve(void *options)
{
    memset(options, 0, sizeof(eg_solve_options));
}

#define KIND(name, type, kind)                                                                     \
    {                                                                                              \
        name, sizeof(type), default_##kind, eg_##kind##_fields                                     \
    }

const eg_option_kind eg_option_kinds[] = {
    KIND("edges", eg_edges_options, edges),
    KIND("gradient", eg_gradient_options, gradient),
    KIND("terrain", eg_terrain_options, terrain),
    KIND("ground", eg_ground_options, ground),
    KIND("contour", eg_contour_options, contour),
    KIND("lines", eg_edge_lines_options, edge_lines),
    KIND("read", eg_read_options, read),
    KIND("write", eg_write_options, write),
    KIND("config", eg_config, config),
    KIND("boundary", eg_boundary_options, boundary),
    KIND("flux", eg_flux_options, flux),
    KIND("streamlines", eg_streamline_options, streamline),
    KIND("flow-path", eg_flow_path_options, flow_path),
    KIND("descent", eg_descent_options, descent),
    KIND("solve", eg_solve_options, solve),
    {NULL, 0, NULL, NULL},
};
