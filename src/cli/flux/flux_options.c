/* SPDX-License-Identifier: MIT */
/* The options of edgegrad gradient --flux. */
#include "cli/flux/flux.h"
#include "cli/raster/gradient_options.h"
#include "cli/raster/terrain_maps.h"

static const cli_option flux_options[] = {
    {.name = "flux",
     .type = OPTION_FLAG,
     .offset = offsetof(gradient_settings, flux.flux),
     .brief = {1, "Write the flux -k grad u of INPUT instead"},
     .help = "Write the flux -k grad u of INPUT, a temperature, concentration, hydraulic head or "
             "potential u, as two bands: x (east) and y (north), per metre; without georeferencing "
             "right and down, per pixel. OUTPUT is a TIFF"},
    {.name = "conductivity",
     .letter = 'k',
     .type = OPTION_TEXT,
     .offset = offsetof(gradient_settings, flux.conductivity),
     .metavar = "K|FILE",
     .help = "Conductivity or diffusion coefficient k: a number, or a raster of the same size with "
             "the k of each cell",
     .absent = "1"},
    {.name = "cell-size",
     .type = OPTION_CELL,
     .offset = offsetof(gradient_settings, flux.ground),
     .metavar = "M|X,Y",
     .help = "Cell size in metres: one number, or width and height",
     .absent = "as stated in the file; none: the flux is per pixel",
     .min = 1e-6,
     .max = 1e9},
    {.name = "crs",
     .type = OPTION_CHOICE,
     .offset = offsetof(gradient_settings, flux.ground.crs),
     .metavar = "NAME",
     .help = "Coordinate system of a file that does not state one",
     .initial = "unknown",
     .choices = crs_choices},
    {.name = "quiver",
     .type = OPTION_FILE,
     .offset = offsetof(gradient_settings, flux.quiver),
     .metavar = "FILE",
     .help = "Also draw arrows of the flux over INPUT: .png, .svg or .pdf. Lengths are "
             "proportional to the magnitude, to the scale in the legend"},
    {.name = "spacing",
     .type = OPTION_WHOLE,
     .offset = offsetof(gradient_settings, flux.spacing),
     .metavar = "N",
     .help = "Draw an arrow for each box of N x N pixels, the mean flux in it",
     .absent = "1/32 of the longer side",
     .unit = "pixels",
     .min = 1,
     .max = 1e6},
    {.name = "streamlines",
     .type = OPTION_FILE,
     .offset = offsetof(gradient_settings, flux.streamlines),
     .metavar = "FILE",
     .help = "Also write evenly spaced streamlines of the flux: drawn over INPUT in .png, .svg or "
             ".pdf, as lines in .geojson, .csv or .dxf"},
    {.name = "separation",
     .type = OPTION_REAL,
     .offset = offsetof(gradient_settings, flux.separation),
     .metavar = "PIXELS",
     .help = "Distance of streamlines",
     .absent = "1/40 of the longer side, at least 2",
     .unit = "pixels",
     .min = 2,
     .max = 1e6},
    {.name = NULL},
};

const cli_group flux_group = {"Flux (--flux)", flux_options, sizeof(gradient_settings)};

void flux_set_defaults(flux_settings *settings)
{
    eg_ground_default(&settings->ground);
}

bool flux_options_given(const cli_args *args)
{
    for (const cli_option *option = flux_options; option->name; option++)
        if (option_given(args, option->name))
            return true;
    return false;
}
