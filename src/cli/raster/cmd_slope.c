/* SPDX-License-Identifier: MIT */
/* edgegrad slope: how steep the ground is. */
#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

static const cli_option rows[] = {
    {.name = "threshold",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.threshold),
     .metavar = "T",
     .help = "write where it is steep instead of how steep: 1 where the slope is at least T, in "
             "the unit of --unit, 0 elsewhere, 255 where it is missing",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group steep_group = {"Steep ground", rows, sizeof(terrain_settings)};

static int run(const cli_line *line, cli_settings *settings)
{
    if (option_given(line, "threshold") && option_given(line, "nodata"))
        return usage_error(line->command, "--nodata has no effect with --threshold, whose missing "
                                          "cells are 255");
    return relief_run_one(line, settings, EG_TERRAIN_SLOPE);
}

const cli_command slope_command = {
    .name = "slope",
    .summary = "tells how steep the ground is, from a raster of heights",
    .about =
        "Writes the slope of the ground at every cell of INPUT, a raster of heights (a digital "
        "elevation model), to OUTPUT: how much it rises where it rises most, as an angle unless "
        "--unit says otherwise. 0 is level; 30 to 45 degrees is where most avalanches start.\n"
        "Heights and cells are taken in metres as the file says it; rasters in degrees of "
        "longitude "
        "and latitude are measured on the ellipsoid, row by row. Slopes are floating-point "
        "numbers, "
        "which need a format that holds them.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&slope_group, &steep_group, &missing_group, &ground_group,
                                   &many_target_group, &many_group, &report_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "degrees", "edgegrad slope dem.tif slope.tif", "percent, as roads are signed",
            "edgegrad slope --unit percent dem.tif slope.tif",
            "where avalanches may start: 1 from 30 degrees on",
            "edgegrad slope --threshold 30 dem.tif steep.tif",
            "heights in feet over a plane grid whose file does not say so",
            "edgegrad slope --vertical-unit foot --cell-size 10 dem.png slope.pfm",
            "the same numbers as gdaldem slope", "edgegrad slope --compat gdal dem.tif slope.tif",
            NULL},
    .settings_size = sizeof(terrain_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run,
};
