/* SPDX-License-Identifier: MIT */
/* Option groups that slope, aspect, hillshade and terrain share. */
#include "cli/raster/terrain_maps.h"

/* Largest value of a float map. */
#define LARGEST_FLOAT 3.4028234663852886e38

static const cli_option slope_options[] = {
    {.name = "unit",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.slope_unit),
     .metavar = "NAME",
     .brief = {2, "Unit: degrees, percent, ratio or radians"},
     .help = "Unit of slopes",
     .initial = "degrees",
     .choices =
         (const cli_choice[]){
             {"degrees", EG_SLOPE_DEGREES, "0 is flat, 90 vertical"},
             {"percent", EG_SLOPE_PERCENT, "Rise per 100 m of ground: 100 is 45 degrees"},
             {"ratio", EG_SLOPE_RATIO, "Rise per metre of ground: 1 is 45 degrees"},
             {"radians", EG_SLOPE_RADIANS, "0 is flat, 1.5708 vertical"},
             {NULL, 0, NULL}}},
    {.name = NULL},
};

const cli_group slope_group = {"Slope", slope_options, sizeof(terrain_settings)};

static const cli_option aspect_options[] = {
    {.name = "convention",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.aspect),
     .metavar = "NAME",
     .brief = {2, "compass (0 north, 90 east) or trigonometric"},
     .help = "Origin and sense of directions, in degrees",
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
     .brief = {2, "Value of flat cells, which have no aspect"},
     .help = "Value of flat cells, which have no aspect",
     .absent = "the value of --nodata",
     .min = -LARGEST_FLOAT,
     .max = LARGEST_FLOAT},
    {.name = NULL},
};

const cli_group aspect_group = {"Aspect", aspect_options, sizeof(terrain_settings)};

static const cli_option shading_options[] = {
    {.name = "azimuth",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.azimuth),
     .metavar = "DEGREES",
     .brief = {2, "Direction of the light: 0 north, 90 east"},
     .help = "Direction the light comes from: 0 north, 90 east, 180 south, 270 west",
     .initial = "315",
     .unit = "degrees",
     .min = 0,
     .max = 360},
    {.name = "altitude",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.altitude),
     .metavar = "DEGREES",
     .brief = {2, "Height of the light above the horizon"},
     .help = "Angle of the light above the horizon: 0 on the horizon, 90 overhead. Smaller values "
             "bring out gentler relief",
     .initial = "45",
     .unit = "degrees",
     .min = 0,
     .max = 90},
    {.name = "multidirectional",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, multidirectional),
     .brief = {2, "Light from four directions"},
     .help = "Combine light from four directions (225, 270, 315 and 360 degrees), so that slopes "
             "facing away from one of them keep their detail"},
    {.name = "combined",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, combined),
     .help = "Darken steep slopes of every aspect"},
    {.name = "igor",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, igor),
     .help = "Darken only slopes that face away from the light; level ground is white. For relief "
             "under other layers of a map"},
    {.name = NULL},
};

const cli_group shading_group = {"Hillshade", shading_options, sizeof(terrain_settings)};

const cli_choice crs_choices[] = {
    {"unknown", EG_CRS_UNKNOWN, "Metres; a raster in degrees is refused"},
    {"projected", EG_CRS_PROJECTED, "Metres in a map projection"},
    {"geographic", EG_CRS_GEOGRAPHIC, "Degrees of longitude and latitude"},
    {"web-mercator", EG_CRS_WEB_MERCATOR, "Web Mercator metres (EPSG:3857)"},
    {NULL, 0, NULL},
};

static const cli_option ground_options[] = {
    {.name = "derivative",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.derivative),
     .metavar = "NAME",
     .help = "Derivative formula",
     .initial = "horn",
     .choices = (const cli_choice[]){{"horn", EG_DERIVATIVE_HORN,
                                      "Horn 1981: all eight neighbours, the nearest weighted "
                                      "twice; less sensitive to noise"},
                                     {"zevenbergen-thorne", EG_DERIVATIVE_ZEVENBERGEN_THORNE,
                                      "Zevenbergen & Thorne 1987: the four nearest neighbours; "
                                      "sharper, for smooth terrain"},
                                     {"zt", EG_DERIVATIVE_ZEVENBERGEN_THORNE,
                                      "Short for zevenbergen-thorne"},
                                     {NULL, 0, NULL}}},
    {.name = "edges",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.border),
     .metavar = "NAME",
     .help = "Treatment of cells at the border of the raster or beside missing cells",
     .initial = "nodata",
     .choices =
         (const cli_choice[]){
             {"nodata", EG_DEM_BORDER_NODATA, "Missing: a result needs all eight neighbours"},
             {"extrapolate", EG_DEM_BORDER_EXTRAPOLATE,
              "Computed from linearly extrapolated neighbours; with --compat gdal, a "
              "missing neighbour is as high as the cell"},
             {NULL, 0, NULL}}},
    {.name = "no-neighbours",
     .type = OPTION_FLAG,
     .offset = offsetof(terrain_settings, no_neighbours),
     .help =
         "With several inputs: treat the border of each as the end of the terrain. By default "
         "inputs that adjoin each other, such as tiles, supply each other's neighbouring cells"},
    {.name = "compat",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, compat),
     .metavar = "NAME",
     .brief = {2, "Reproduce other software: gdal"},
     .help = "Software whose results to reproduce",
     .initial = "none",
     .choices =
         (const cli_choice[]){
             {"none", 0, "edgegrad's own: cells have their true size on the ground"},
             {"gdal", 1,
              "gdaldem: its formulas, scale and order of sums; it ignores a "
              "file's scale and offset"},
             {NULL, 0, NULL}}},
    {.name = "z-factor",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.z_factor),
     .metavar = "Z",
     .brief = {1, "Multiply elevations first, for more relief"},
     .help = "Factor that elevations are multiplied by first. 2 doubles the relief, -1 converts "
             "depths to elevations",
     .absent = "metres per unit of elevation, 1 if that is metres",
     .min = -1e9,
     .max = 1e9},
    {.name = "vertical-unit",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, vertical_unit),
     .metavar = "NAME",
     .brief = {2, "Unit of elevations: metre, foot, us-foot"},
     .help = "Unit of elevations, overriding the file; --z-factor applies in addition",
     .absent = "as stated in the file, else metres",
     .choices = (const cli_choice[]){{"metre", CLI_METRE, "1 m"},
                                     {"foot", CLI_FOOT, "0.3048 m"},
                                     {"us-foot", CLI_US_FOOT, "US survey foot, 1200/3937 m"},
                                     {NULL, 0, NULL}}},
    {.name = "crs",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, ground.crs),
     .metavar = "NAME",
     .help = "Coordinate system of a file that does not state one",
     .initial = "unknown",
     .choices = crs_choices},
    {.name = "cell-size",
     .type = OPTION_CELL,
     .offset = offsetof(terrain_settings, ground),
     .metavar = "M|X,Y",
     .brief = {1, "Cell size in metres, if the file lacks it"},
     .help = "Cell size in metres: one number, or width and height",
     .absent = "as stated in the file",
     .min = 1e-6,
     .max = 1e9},
    {.name = "scale",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.scale),
     .metavar = "S",
     .help = "Units of elevation per horizontal unit, the same everywhere: 111120 treats degrees "
             "as they are at the equator. By default cells in degrees have their true size, row "
             "by row",
     .absent = "from the georeferencing",
     .min = 1e-9,
     .max = 1e9},
    {.name = NULL},
};

const cli_group ground_group = {"Ground", ground_options, sizeof(terrain_settings)};

static const cli_option missing_options[] = {
    {.name = "nodata",
     .type = OPTION_NUMBER,
     .offset = offsetof(terrain_settings, terrain.nodata),
     .metavar = "VALUE",
     .brief = {2, "Value of missing cells in OUTPUT"},
     .help = "Value of missing cells in floating-point OUTPUT: a number or nan. The missing cells "
             "of INPUT are those that INPUT declares",
     .initial = "-9999",
     .min = -LARGEST_FLOAT,
     .max = LARGEST_FLOAT},
    {.name = NULL},
};

const cli_group missing_group = {"Missing cells", missing_options, sizeof(terrain_settings)};

static const cli_option report_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .help = "Print a JSON object about the output on standard output"},
    {.name = NULL},
};

const cli_group report_group = {"Report", report_options, sizeof(cli_settings)};

void terrain_set_defaults(cli_settings *settings)
{
    terrain_settings *own = (terrain_settings *)settings;
    eg_terrain_default(&own->terrain);
    eg_ground_default(&own->ground);
}
