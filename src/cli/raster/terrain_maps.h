/* SPDX-License-Identifier: MIT */
/* Options and computation of terrain maps, shared by slope, aspect, hillshade and terrain. */
#ifndef CLI_RASTER_TERRAIN_MAPS_H
#define CLI_RASTER_TERRAIN_MAPS_H

#include "cli/raster/raster.h"

/* --vertical-unit */
typedef enum cli_vertical { CLI_VERTICAL_UNSTATED, CLI_METRE, CLI_FOOT, CLI_US_FOOT } cli_vertical;

/* The settings that slope, aspect, hillshade and terrain share. */
typedef struct terrain_settings {
    raster_settings raster;
    eg_terrain_options terrain; /* for all maps; `map` and `threshold` are set for each map */
    eg_ground_options ground;
    cli_vertical vertical_unit;
    int compat; /* 1: reproduce gdaldem */
    bool multidirectional, combined, igor;
    bool no_neighbours;
} terrain_settings;

/* Sets the library's defaults; `settings` is a terrain_settings or begins with one. */
void terrain_set_defaults(cli_settings *settings);

/* ---- option groups (terrain_options.c) ------------------------------------------------------- */

extern const cli_choice crs_choices[]; /* choices of --crs */

extern const cli_group slope_group, aspect_group, shading_group;
extern const cli_group ground_group;  /* derivative, cell size, units of elevation */
extern const cli_group missing_group; /* --nodata */
extern const cli_group report_group;  /* --json */

/* ---- maps (terrain_maps.c) ------------------------------------------------------------------- */

/* One map and its file. */
typedef struct terrain_output {
    const char *name;   /* "slope", "steep" ... */
    const char *option; /* option that names the file; NULL: the operand OUTPUT */
    const char *path;
    eg_terrain_map map;
    double threshold; /* mask of values >= threshold; NaN: the map itself */
} terrain_output;

/* Resolves the options, checks the paths and computes `count` maps, at most RASTER_OUTPUTS, of the
 * operands. Returns an exit code, after its message. */
int terrain_run(const cli_args *args, terrain_settings *settings, const terrain_output outputs[],
                size_t count);

/* Computes one map for a command with the operands INPUT and OUTPUT; `settings` is a
 * terrain_settings. Returns an exit code, after its message. */
int terrain_run_one(const cli_args *args, cli_settings *settings, eg_terrain_map map);

#endif
