/* SPDX-License-Identifier: MIT */
/* The groups of options that slope, aspect, hillshade and terrain share. */
#include "cli/raster/terrain_maps.h"

/* The largest a float map can hold. */
#define LARGEST_FLOAT 3.4028234663852886e38

static const cli_option slope_rows[] = {
    {.name = "unit",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.slope_unit),
     .metavar = "NAME",
     .help = "what steepness is counted in",
     .initial = "degrees",
     .choices =
         (const cli_choice[]){
             {"degrees", EG_SLOPE_DEGREES, "0 is level, 90 a vertical wall"},
             {"percent", EG_SLOPE_PERCENT, "metres up for every 100 m ahead: 100 is 45 degrees"},
             {"ratio", EG_SLOPE_RATIO, "metres up for every metre ahead"},
             {"radians", EG_SLOPE_RADIANS, "the angle; 1.5708 is a vertical wall"},
             {NULL, 0, NULL}}},
    {.name = NULL},
};

const cli_group slope_group = {"Slope", slope_rows, sizeof(terrain_settings)};

static const cli_option aspect_rows[] = {
    {.name = "convention",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.aspect),
     .metavar = "NAME",
     .help = "where directions are counted from",
     .initial = "compass",
     .choices =
         (const cli_choice[]){
             {"compass", EG_ASPECT_COMPASS, "0 north, 90 east, 180 south, 270 west"},
             {"trigonometric", EG_ASPECT_TRIGONOMETRIC, "0 east, 90 north, 180 west, 270 south"},
             {NULL, 0, NULL}}},
    {.name = "flat",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.flat),
     .metavar = "VALUE",
     .help = "what level ground gets, which faces no way",
     .absent = "the value of --nodata",
     .min = -LARGEST_FLOAT,
     .max = LARGEST_FLOAT},
    {.name = NULL},
};

const cli_group aspect_group = {"Aspect", aspect_rows, sizeof(terrain_settings)};

static const cli_option shading_rows[] = {
    {.name = "azimuth",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.azimuth),
     .metavar = "DEGREES",
     .help = "where the light comes from: 0 north, 90 east, 180 south, 270 west",
     .initial = "315",
     .unit = "degrees",
     .min = 0,
     .max = 360},
    {.name = "altitude",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.altitude),
     .metavar = "DEGREES",
     .help = "how high the light stands: 0 on the horizon, 90 straight above",
     .initial = "45",
     .unit = "degrees",
     .min = 0,
     .max = 90},
    {.name = "multidirectional",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, multidirectional),
     .help = "light from four sides at once (225, 270, 315 and 360 degrees), so that slopes that "
             "face away from one are not lost in the dark"},
    {.name = "combined",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, combined),
     .help = "shade by the steepness too: steep ground is darker whichever way it faces"},
    {.name = NULL},
};

const cli_group shading_group = {"Hillshade", shading_rows, sizeof(terrain_settings)};

const cli_choice crs_choices[] = {
    {"unknown", EG_CRS_UNKNOWN, "metres; degrees are refused"},
    {"projected", EG_CRS_PROJECTED, "metres on a plane map"},
    {"geographic", EG_CRS_GEOGRAPHIC, "degrees of longitude and latitude"},
    {"web-mercator", EG_CRS_WEB_MERCATOR, "as web maps have them"},
    {NULL, 0, NULL},
};

static const cli_option ground_rows[] = {
    {.name = "derivative",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.derivative),
     .metavar = "NAME",
     .help = "how the steepness of a cell is taken from the cells around it",
     .initial = "horn",
     .choices =
         (const cli_choice[]){
             {"horn", EG_DERIVATIVE_HORN,
              "all eight neighbours, the nearer ones twice: the steadier of the two"},
             {"zevenbergen-thorne", EG_DERIVATIVE_ZEVENBERGEN_THORNE,
              "the four nearest: sharper, for smooth ground"},
             {"zt", EG_DERIVATIVE_ZEVENBERGEN_THORNE, "short for zevenbergen-thorne"},
             {NULL, 0, NULL}}},
    {.name = "edges",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.edges),
     .metavar = "NAME",
     .help = "cells at the margin of the raster, or beside missing ones",
     .initial = "nodata",
     .choices = (const cli_choice[]){{"nodata", EG_DEM_BORDER_NODATA,
                                      "are missing: a value needs all eight neighbours"},
                                     {"extrapolate", EG_DEM_BORDER_EXTRAPOLATE,
                                      "are computed, the ground going on as it does"},
                                     {NULL, 0, NULL}}},
    {.name = "compat",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, compat),
     .metavar = "NAME",
     .help = "whose numbers to give where tools differ",
     .initial = "none",
     .choices =
         (const cli_choice[]){
             {"none", 0, "the cell's true size on the ground, wherever it lies"},
             {"gdal", 1, "those of gdaldem: its formulas, its scales, its order of sums"},
             {NULL, 0, NULL}}},
    {.name = "z-factor",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.z_factor),
     .metavar = "Z",
     .help = "heights are multiplied by it before anything else; 2 doubles the relief, -1 turns "
             "depths into heights",
     .absent = "metres from the unit of the heights, so 1 where that is metres",
     .min = -1e9,
     .max = 1e9},
    {.name = "vertical-unit",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, vertical_unit),
     .metavar = "NAME",
     .help = "the unit of the heights, whatever the file says; --z-factor comes on top",
     .absent = "what the file says, metres where it says nothing",
     .choices = (const cli_choice[]){{"metre", CLI_METRE, "1 m"},
                                     {"foot", CLI_FOOT, "0.3048 m"},
                                     {"us-foot", CLI_US_FOOT, "of the US survey: 1200/3937 m"},
                                     {NULL, 0, NULL}}},
    {.name = "crs",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.crs),
     .metavar = "NAME",
     .help = "what coordinates are, in a file that does not say",
     .initial = "unknown",
     .choices = crs_choices},
    {.name = "cell-size",
     .type = OPTION_CELL,
     .offset = offsetof(terrain_settings, ground),
     .metavar = "M|X,Y",
     .help = "metres from cell to cell, one number or two: to the right and down",
     .absent = "what the file says",
     .min = 1e-6,
     .max = 1e9},
    {.name = "scale",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.scale),
     .metavar = "S",
     .help = "units of the ground are this many units of the heights, the same everywhere: 111120 "
             "takes degrees for metres as they are at the equator. Without it, cells in degrees "
             "have their true size, row by row",
     .absent = "by the georeferencing",
     .min = 1e-9,
     .max = 1e9},
    {.name = NULL},
};

const cli_group ground_group = {"Ground", ground_rows, sizeof(terrain_settings)};

static const cli_option missing_rows[] = {
    {.name = "nodata",
     .type = OPTION_NUMBER,
     .offset = offsetof(terrain_settings, terrain.nodata),
     .metavar = "VALUE",
     .help = "what missing cells get in floating-point maps: a number or nan. What is missing in "
             "INPUT is told by INPUT",
     .initial = "-9999",
     .min = -LARGEST_FLOAT,
     .max = LARGEST_FLOAT},
    {.name = NULL},
};

const cli_group missing_group = {"Missing cells", missing_rows, sizeof(terrain_settings)};

static const cli_option report_rows[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .help = "say on standard output what was written, as a JSON object"},
    {.name = NULL},
};

const cli_group report_group = {"Report", report_rows, sizeof(cli_settings)};

void terrain_set_defaults(cli_settings *settings)
{
    terrain_settings *own = (terrain_settings *)settings;
    eg_terrain_default(&own->terrain);
    eg_ground_default(&own->ground);
}
