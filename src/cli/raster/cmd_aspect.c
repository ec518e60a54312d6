/* SPDX-License-Identifier: MIT */
/* edgegrad aspect: computes aspect from elevation models. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static int run_aspect(const cli_args *args, cli_settings *settings)
{
    return terrain_run_one(args, settings, EG_TERRAIN_ASPECT);
}

const cli_command aspect_command = {
    .name = "aspect",
    .summary = "Compute aspect, the downslope direction, from an elevation model",
    .about =
        "Compute the aspect at every cell of INPUT, a digital elevation model, and write it to "
        "OUTPUT: the direction of steepest descent, in degrees from 0 to 360. A slope that faces "
        "south has aspect 180. Flat cells have no aspect and get the nodata value, or that of "
        "--flat.\n"
        "OUTPUT must be a format with floating-point samples, such as TIFF.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&aspect_group, &missing_group, &ground_group, &many_target_group,
                                   &many_group, &report_group, &band_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Compute compass directions: 0 north, 90 east", "edgegrad aspect dem.tif aspect.tif",
            "Compute mathematical angles, with -1 for flat cells",
            "edgegrad aspect --convention trigonometric --flat -1 dem.tif aspect.tif", NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run_aspect,
};
