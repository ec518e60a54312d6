/* SPDX-License-Identifier: MIT */
/* edgegrad slope: computes slope from elevation models. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static const cli_option mask_options[] = {
    {.name = "threshold",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.threshold),
     .metavar = "T",
     .brief = {1, "Write a mask: 1 where the slope is at least T"},
     .help = "Write a mask instead of the slope: 1 where the slope is at least T, in the unit of "
             "--unit, 0 elsewhere, 255 for missing cells. A PNG shows them white, black and "
             "transparent",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group mask_group = {"Mask", mask_options, sizeof(terrain_settings)};

static int run_slope(const cli_args *args, cli_settings *settings)
{
    if (option_given(args, "threshold") && option_given(args, "nodata"))
        return usage_error(args->command,
                           "--nodata has no effect with --threshold: missing cells of "
                           "the mask are 255");
    return terrain_run_one(args, settings, EG_TERRAIN_SLOPE);
}

const cli_command slope_command = {
    .name = "slope",
    .summary = "Compute slope from an elevation model",
    .about =
        "Compute the slope at every cell of INPUT, a digital elevation model, and write it to "
        "OUTPUT: the largest rise of the ground, as an angle unless --unit is given. 0 is flat; "
        "most avalanches start between 30 and 45 degrees.\n"
        "Elevations and cell sizes are converted to metres from the units the file states; cells "
        "in degrees of longitude and latitude are measured on the ellipsoid, row by row. OUTPUT "
        "must be a format with floating-point samples, such as TIFF.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups = (const cli_group *const[]){&slope_group, &mask_group, &missing_group, &ground_group,
                                         &many_target_group, &many_group, &report_group,
                                         &band_group, &input_group, &output_group, &job_group,
                                         &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Compute slope in degrees", "edgegrad slope dem.tif slope.tif",
            "Compute slope in percent", "edgegrad slope --unit percent dem.tif slope.tif",
            "Mark avalanche terrain: 1 from 30 degrees",
            "edgegrad slope --threshold 30 dem.tif steep.tif",
            "State units that the file lacks: elevations in feet, cells of 10 m",
            "edgegrad slope --vertical-unit foot --cell-size 10 dem.png slope.pfm",
            "Reproduce gdaldem slope", "edgegrad slope --compat gdal dem.tif slope.tif", NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run_slope,
};
