/* SPDX-License-Identifier: MIT */
/* edgegrad terrain: many maps of the ground in one pass. */
#include <math.h>

#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

/* The maps in the order of maps_settings.paths. */
enum {
    SLOPE,
    STEEP,
    ASPECT,
    HILLSHADE,
    TRI,
    TPI,
    ROUGHNESS,
    PROFILE,
    TANGENTIAL,
    D8,
    DINF,
    SLOPE_ERROR,
    ASPECT_ERROR,
    MAPS
};

_Static_assert((int)MAPS <= (int)CLI_OUTPUTS, "one pass writes every map");

typedef struct maps_settings {
    terrain_settings terrain;
    const char *paths[MAPS]; /* NULL: the map is not wanted */
} maps_settings;

#define MAP_ROW(index, option, text)                                                               \
    [index] = {.name = (option),                                                                   \
               .type = OPTION_FILE,                                                                \
               .offset = offsetof(maps_settings, paths[index]),                                    \
               .metavar = "FILE",                                                                  \
               .help = (text)}

static const cli_option map_rows[] = {
    MAP_ROW(SLOPE, "slope", "how steep it is, see --unit"),
    MAP_ROW(STEEP, "steep",
            "where it is steep: 1 where the slope is at least --threshold, 0 elsewhere, 255 where "
            "it is missing"),
    MAP_ROW(ASPECT, "aspect", "which way it faces: the way water would run, see --convention"),
    MAP_ROW(HILLSHADE, "hillshade", "what light on it looks like: 1 to 255, 0 where it is missing"),
    MAP_ROW(TRI, "tri",
            "ruggedness: how much a cell differs in height from the eight around it, "
            "see --tri-method"),
    MAP_ROW(TPI, "tpi",
            "position: how much a cell is above the mean of the eight around it; "
            "positive on ridges, negative in valleys"),
    MAP_ROW(ROUGHNESS, "roughness",
            "the highest less the lowest of a cell and the eight around it"),
    MAP_ROW(PROFILE, "profile-curvature",
            "how the slope changes on the way down, 1/m: positive where it gets less steep "
            "(concave), negative where it drops off (convex)"),
    MAP_ROW(TANGENTIAL, "tangential-curvature",
            "how the contour line bends, 1/m: positive where water gathers, negative where it "
            "spreads"),
    MAP_ROW(D8, "d8",
            "which of the eight neighbours water runs to: 1 east, 2 south-east, 4 south, "
            "8 south-west, 16 west, 32 north-west, 64 north, 128 north-east; 0: none is "
            "lower"),
    MAP_ROW(DINF, "dinf",
            "which way water runs, any angle (Tarboton's D-infinity), see "
            "--convention"),
    MAP_ROW(SLOPE_ERROR, "slope-error",
            "how far the slope may be wrong: its standard error where heights have "
            "--vertical-error, see --unit"),
    MAP_ROW(ASPECT_ERROR, "aspect-error",
            "how far the aspect may be wrong, degrees; missing where the ground is too level to "
            "tell"),
    {.name = NULL},
};

static const cli_group map_group = {"Maps (at least one)", map_rows, sizeof(maps_settings)};

static const cli_option rows[] = {
    {.name = "threshold",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.threshold),
     .metavar = "T",
     .help = "from which slope on --steep marks a cell, in the unit of --unit",
     .min = 0,
     .max = 1e9},
    {.name = "tri-method",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.tri),
     .metavar = "NAME",
     .help = "the formula of --tri",
     .initial = "riley",
     .choices =
         (const cli_choice[]){
             {"riley", EG_TRI_RILEY, "the root of the sum of squared differences (Riley 1999)"},
             {"wilson", EG_TRI_WILSON, "the mean of the differences without signs (Wilson 2007)"},
             {NULL, 0, NULL}}},
    {.name = "vertical-error",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.vertical_error),
     .metavar = "E",
     .help = "standard error of a height in INPUT, in the unit of the heights, each cell on its "
             "own; for --slope-error and --aspect-error",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group detail_group = {"Details of the maps", rows, sizeof(terrain_settings)};

static const eg_terrain_map maps[MAPS] = {
    [SLOPE] = EG_TERRAIN_SLOPE,
    [STEEP] = EG_TERRAIN_SLOPE,
    [ASPECT] = EG_TERRAIN_ASPECT,
    [HILLSHADE] = EG_TERRAIN_HILLSHADE,
    [TRI] = EG_TERRAIN_TRI,
    [TPI] = EG_TERRAIN_TPI,
    [ROUGHNESS] = EG_TERRAIN_ROUGHNESS,
    [PROFILE] = EG_TERRAIN_PROFILE_CURVATURE,
    [TANGENTIAL] = EG_TERRAIN_TANGENTIAL_CURVATURE,
    [D8] = EG_TERRAIN_D8,
    [DINF] = EG_TERRAIN_DINF,
    [SLOPE_ERROR] = EG_TERRAIN_SLOPE_ERROR,
    [ASPECT_ERROR] = EG_TERRAIN_ASPECT_ERROR,
};

/* Options that only some maps listen to. */
static const struct {
    const char *option;
    unsigned maps;
    const char *names;
} uses[] = {
    {"unit", 1u << SLOPE | 1u << STEEP | 1u << SLOPE_ERROR, "--slope, --steep or --slope-error"},
    {"threshold", 1u << STEEP, "--steep FILE"},
    {"convention", 1u << ASPECT | 1u << DINF, "--aspect or --dinf"},
    {"flat", 1u << ASPECT | 1u << DINF, "--aspect or --dinf"},
    {"azimuth", 1u << HILLSHADE, "--hillshade"},
    {"altitude", 1u << HILLSHADE, "--hillshade"},
    {"multidirectional", 1u << HILLSHADE, "--hillshade"},
    {"combined", 1u << HILLSHADE, "--hillshade"},
    {"tri-method", 1u << TRI, "--tri"},
    {"vertical-error", 1u << SLOPE_ERROR | 1u << ASPECT_ERROR, "--slope-error or --aspect-error"},
    {"nodata", ~(1u << STEEP | 1u << HILLSHADE | 1u << D8), "a floating-point map"},
};

/* Of two that need each other, the one that is there. */
static const struct {
    int map;
    const char *option, *example;
} needs[] = {
    {STEEP, "threshold", "--threshold 30"},
    {SLOPE_ERROR, "vertical-error", "--vertical-error 0.5"},
    {ASPECT_ERROR, "vertical-error", "--vertical-error 0.5"},
};

/* `wanted` has a bit for every map that was asked for. */
static int check_options(const cli_line *line, unsigned wanted)
{
    if (wanted == 0)
        return usage_error(line->command, "name at least one map, such as --slope slope.tif");
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if ((wanted >> needs[i].map & 1) && !option_given(line, needs[i].option))
            return usage_error(line->command, "--%s needs --%s too, such as %s",
                               map_rows[needs[i].map].name, needs[i].option, needs[i].example);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (!(wanted & uses[i].maps) && option_given(line, uses[i].option))
            return usage_error(line->command, "--%s has no effect without %s", uses[i].option,
                               uses[i].names);
    return EXIT_DONE;
}

static int run(const cli_line *line, cli_settings *settings)
{
    maps_settings *own = (maps_settings *)settings;
    relief_output outputs[MAPS];
    size_t count = 0;
    unsigned wanted = 0;
    for (int i = 0; i < MAPS; i++) {
        if (!own->paths[i])
            continue;
        outputs[count++] = (relief_output){
            .name = map_rows[i].name,
            .option = map_rows[i].name,
            .path = own->paths[i],
            .map = maps[i],
            .threshold = i == STEEP ? own->terrain.terrain.threshold : (double)NAN,
        };
        wanted |= 1u << i;
    }
    int code = check_options(line, wanted);
    return code == EXIT_DONE ? relief_run(line, &own->terrain, outputs, count) : code;
}

const cli_command terrain_command = {
    .name = "terrain",
    .summary = "makes many maps of the ground in one pass over a raster of heights",
    .about =
        "Reads INPUT, a raster of heights (a digital elevation model), once and writes every map "
        "that is asked for. Each names its own file, whose kind is told from its name; one of them "
        "may be -, standard output. No file appears before all of them are computed.\n"
        "Hillshade, d8 and steep are whole numbers, which any picture format holds; the others are "
        "floating-point numbers. edgegrad slope, aspect and hillshade explain those maps.",
    .operands = (const char *const[]){"INPUT...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&map_group, &detail_group, &slope_group, &aspect_group,
                                         &shading_group, &missing_group, &ground_group, &many_group,
                                         &report_group, &input_group, &output_group, &job_group,
                                         &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "the usual three",
            "edgegrad terrain dem.tif --slope s.tif --aspect a.tif --hillshade h.png",
            "degrees, and a mask of avalanche ground",
            "edgegrad terrain dem.tif --slope s.tif --steep steep.tif --threshold 30",
            "how sure the slope is where heights are good to 0.3 m",
            "edgegrad terrain dem.tif --slope s.tif --slope-error e.tif --vertical-error 0.3",
            "where water goes, and where it gathers",
            "edgegrad terrain dem.tif --d8 flow.tif --tangential-curvature hollows.tif", NULL},
    .settings_size = sizeof(maps_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run,
};
