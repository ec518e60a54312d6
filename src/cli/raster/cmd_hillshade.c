/* SPDX-License-Identifier: MIT */
/* edgegrad hillshade: the ground as a low light shows it. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static int run(const cli_line *line, cli_settings *settings)
{
    return relief_run_one(line, settings, EG_TERRAIN_HILLSHADE);
}

const cli_command hillshade_command = {
    .name = "hillshade",
    .summary = "draws the ground as a low light shows it, from a raster of heights",
    .about =
        "Draws INPUT, a raster of heights (a digital elevation model), to OUTPUT as if a low light "
        "shone on it: what faces the light is bright, what turns away is dark, so that ridges and "
        "valleys stand out. Shades are whole numbers from 1 to 255, 0 where the ground is missing: "
        "any picture format will do. No shadows are cast.\n"
        "Maps are drawn with the light in the north-west, which is the default; with the light in "
        "the south most people see valleys as ridges.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups = (const cli_group *const[]){&shading_group, &ground_group, &many_target_group,
                                         &many_group, &report_group, &input_group, &output_group,
                                         &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "a picture", "edgegrad hillshade dem.tif shade.png",
            "light from four sides, relief twice as high",
            "edgegrad hillshade --multidirectional --z-factor 2 dem.tif shade.tif",
            "a winter afternoon", "edgegrad hillshade --azimuth 225 --altitude 15 dem.tif dusk.png",
            "heights without georeferencing, 30 m from cell to cell",
            "edgegrad hillshade --cell-size 30 heights.png shade.png", NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run,
};
