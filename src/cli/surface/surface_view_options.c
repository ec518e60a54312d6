/* SPDX-License-Identifier: MIT */
/* Options of views in space. */
#include "cli/surface/surface.h"

static const cli_option view_options[] = {
    {.name = "view",
     .type = OPTION_FILE,
     .offset = offsetof(surface_settings, view),
     .metavar = "FILE",
     .brief = {1, "Draw the surface in space: .png, .svg or .pdf"},
     .help = "View of the surface z = f in space, a .png, .svg or .pdf file: level curves on it, "
             "and at the point its tangent plane with the gradient. --range and --axes are those "
             "of --plot"},
    {.name = "azimuth",
     .type = OPTION_REAL,
     .offset = offsetof(surface_settings, azimuth),
     .metavar = "DEGREES",
     .help = "Direction of the eye of --view, anticlockwise from the x axis",
     .initial = "-60",
     .min = -360,
     .max = 360},
    {.name = "elevation",
     .type = OPTION_REAL,
     .offset = offsetof(surface_settings, elevation),
     .metavar = "DEGREES",
     .help = "Height of the eye of --view above the plane; -90 is below, 90 above",
     .initial = "30",
     .min = -90,
     .max = 90},
    {.name = NULL},
};

const cli_group surface_view_group = {"View in space", view_options, sizeof(surface_settings)};
