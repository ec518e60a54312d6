/* SPDX-License-Identifier: MIT */
/* edgegrad aspect: which way the ground faces. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static int run(const cli_line *line, cli_settings *settings)
{
    return relief_run_one(line, settings, EG_TERRAIN_ASPECT);
}

const cli_command aspect_command = {
    .name = "aspect",
    .summary = "tells which way the ground faces, from a raster of heights",
    .about =
        "Writes the aspect of the ground at every cell of INPUT, a raster of heights (a digital "
        "elevation model), to OUTPUT: the way water would run, in degrees from 0 up to 360. A "
        "slope that faces south goes down to the south: 180. Level ground faces no way and "
        "counts as missing, unless --flat gives it a value.\n"
        "Aspects are floating-point numbers, which need a format that holds them.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&aspect_group, &missing_group, &ground_group, &many_target_group,
                                   &many_group, &report_group, &input_group, &output_group,
                                   &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "as on a compass: 0 north, 90 east", "edgegrad aspect dem.tif aspect.tif",
            "as in mathematics, level ground -1",
            "edgegrad aspect --convention trigonometric --flat -1 dem.tif aspect.tif", NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run,
};
