/* SPDX-License-Identifier: MIT */
/* What slope, aspect, hillshade and terrain share: their options, and the way from heights to maps.
 */
#ifndef CLI_RASTER_TERRAIN_MAPS_H
#define CLI_RASTER_TERRAIN_MAPS_H

#include "cli/raster/raster.h"

/* --vertical-unit */
typedef enum cli_vertical { CLI_VERTICAL_UNSAID, CLI_METRE, CLI_FOOT, CLI_US_FOOT } cli_vertical;

/* The settings that slope, aspect, hillshade and terrain share. */
typedef struct terrain_settings {
    raster_settings raster;
    eg_terrain_options terrain; /* of every map, but for terrain.map */
    eg_ground_options ground;
    cli_vertical vertical_unit;
    int compat; /* --compat; 1: gdal */
    bool multidirectional, combined;
} terrain_settings;

/* Fills in the library's defaults; `settings` is a terrain_settings or begins with one. */
void terrain_set_defaults(cli_settings *settings);

/* ---- option groups (relief_options.c) -------------------------------------------------------- */

extern const cli_choice crs_choices[]; /* of --crs */

extern const cli_group slope_group, aspect_group, shading_group; /* of those maps */
extern const cli_group ground_group;                             /* how the ground is measured */
extern const cli_group missing_group;                            /* cells without a value */
extern const cli_group report_group;

/* ---- maps (relief.c) ------------------------------------------------------------------------- */

/* One map and where it goes. */
typedef struct relief_output {
    const char *name;   /* "slope", "steep" ... */
    const char *option; /* its option, for messages; NULL: its path is the operand OUTPUT */
    const char *path;
    eg_terrain_map map;
    double threshold; /* NaN: the map itself, else where it is at least this */
} relief_output;

/* Computes `count` maps (at most 16) of the operands, whose paths need no check yet. Returns an
 * exit code, after its message. */
int relief_run(const cli_line *line, terrain_settings *settings, const relief_output outputs[],
               size_t count);

/* The same for a command of one map and the operands INPUT and OUTPUT. */
int relief_run_one(const cli_line *line, cli_settings *settings, eg_terrain_map map);

#endif
