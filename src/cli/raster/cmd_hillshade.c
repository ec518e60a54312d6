/* SPDX-License-Identifier: MIT */
/* edgegrad hillshade: renders shaded relief from elevation models. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static int run_hillshade(const cli_args *args, cli_settings *settings)
{
    return terrain_run_one(args, settings, EG_TERRAIN_HILLSHADE);
}

const cli_command hillshade_command = {
    .name = "hillshade",
    .summary = "Render shaded relief from an elevation model",
    .about =
        "Render INPUT, a digital elevation model, to OUTPUT as if lit by a low light: slopes that "
        "face the light are bright, slopes that face away are dark. Shades are integers from 1 to "
        "255, and 0 for missing cells, so any image format can hold them. No shadows are cast.\n"
        "By default the light comes from the north-west, as on most maps; with light from the "
        "south many people see valleys as ridges.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&shading_group, &ground_group, &many_target_group, &many_group,
                                   &report_group, &band_group, &input_group, &output_group,
                                   &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Render with the default light", "edgegrad hillshade dem.tif shade.png",
            "Light from four sides, with doubled elevations",
            "edgegrad hillshade --multidirectional --z-factor 2 dem.tif shade.tif",
            "Use the light of a winter afternoon",
            "edgegrad hillshade --azimuth 225 --altitude 15 dem.tif dusk.png",
            "Give the cell size of an image without georeferencing: 30 m",
            "edgegrad hillshade --cell-size 30 dem.png shade.png", NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run_hillshade,
};
