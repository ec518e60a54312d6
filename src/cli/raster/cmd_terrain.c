/* SPDX-License-Identifier: MIT */
/* edgegrad terrain: computes several terrain maps in one pass. */
#include <math.h>

#include "cli/commands.h"
#include "cli/raster/raster.h"
#include "cli/raster/terrain_maps.h"

/* Indices of the maps in maps_settings.paths. */
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

_Static_assert((int)MAPS <= (int)RASTER_OUTPUTS, "one pass writes every map");

typedef struct maps_settings {
    terrain_settings terrain;
    const char *paths[MAPS]; /* NULL: map not requested */
} maps_settings;

/* A map; its help, and maybe its brief, come last. */
#define MAP_ROW(index, option, ...)                                                                \
    [index] = {.name = (option),                                                                   \
               .type = OPTION_FILE,                                                                \
               .offset = offsetof(maps_settings, paths[index]),                                    \
               .metavar = "FILE",                                                                  \
               .help = __VA_ARGS__}

static const cli_option map_options[] = {
    MAP_ROW(SLOPE, "slope", "Slope, see --unit", .brief = {1, "Slope"}),
    MAP_ROW(STEEP, "steep",
            "Mask of steep cells: 1 where the slope is at least --threshold, 0 elsewhere, 255 for "
            "missing cells. A PNG shows them white, black and transparent",
            .brief = {1, "Mask of cells as steep as --threshold"}),
    MAP_ROW(ASPECT, "aspect", "Aspect, the direction of steepest descent, see --convention",
            .brief = {1, "Aspect: direction of steepest descent"}),
    MAP_ROW(HILLSHADE, "hillshade", "Shaded relief: 1 to 255, 0 for missing cells",
            .brief = {1, "Shaded relief"}),
    MAP_ROW(TRI, "tri",
            "Terrain ruggedness index: difference in elevation from the eight neighbours, see "
            "--tri-method",
            .brief = {1, "Terrain ruggedness index"}),
    MAP_ROW(TPI, "tpi",
            "Topographic position index: elevation above the mean of the eight neighbours; "
            "positive on ridges, negative in valleys"),
    MAP_ROW(ROUGHNESS, "roughness",
            "Roughness: largest minus smallest elevation of the cell and its eight neighbours"),
    MAP_ROW(PROFILE, "profile-curvature",
            "Profile curvature, along the slope line, in 1/m: positive if the slope flattens "
            "downhill (concave), negative if it steepens (convex)"),
    MAP_ROW(TANGENTIAL, "tangential-curvature",
            "Tangential curvature, across the slope line, in 1/m: positive if flow converges, "
            "negative if it diverges"),
    MAP_ROW(
        D8, "d8",
        "D8 flow direction: 1 east, 2 south-east, 4 south, 8 south-west, 16 west, "
        "32 north-west, 64 north, 128 north-east; 0: no neighbour is lower. A PNG shows them in "
        "colours",
        .brief = {1, "Directions of flow, in powers of 2"}),
    MAP_ROW(DINF, "dinf", "D-infinity flow direction (Tarboton 1997), an angle, see --convention"),
    MAP_ROW(SLOPE_ERROR, "slope-error",
            "Standard error of the slope if elevations have that of --vertical-error, see --unit"),
    MAP_ROW(
        ASPECT_ERROR, "aspect-error",
        "Standard error of the aspect, in degrees; missing if the cell is too flat to have one"),
    {.name = NULL},
};

static const cli_group map_group = {"Maps (at least one)", map_options, sizeof(maps_settings)};

static const cli_option detail_options[] = {
    {.name = "threshold",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, terrain.threshold),
     .metavar = "T",
     .brief = {1, "Smallest slope that --steep marks"},
     .help = "Smallest slope that --steep marks, in the unit of --unit",
     .min = 0,
     .max = 1e9},
    {.name = "tri-method",
     .type = OPTION_CHOICE,
     .offset = offsetof(terrain_settings, terrain.tri),
     .metavar = "NAME",
     .help = "Formula of --tri",
     .initial = "riley",
     .choices =
         (const cli_choice[]){
             {"riley", EG_TRI_RILEY, "Root of the sum of squared differences (Riley 1999)"},
             {"wilson", EG_TRI_WILSON, "Mean of the absolute differences (Wilson 2007)"},
             {NULL, 0, NULL}}},
    {.name = "vertical-error",
     .type = OPTION_REAL,
     .offset = offsetof(terrain_settings, ground.vertical_error),
     .metavar = "E",
     .help = "Standard error of elevations in INPUT, in their unit, independent for each cell; for "
             "--slope-error and --aspect-error",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group detail_group = {"Map options", detail_options, sizeof(terrain_settings)};

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

/* Options that only some maps use. */
static const struct {
    const char *option;
    unsigned maps; /* a bit for each map that uses it */
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
    {"igor", 1u << HILLSHADE, "--hillshade"},
    {"tri-method", 1u << TRI, "--tri"},
    {"vertical-error", 1u << SLOPE_ERROR | 1u << ASPECT_ERROR, "--slope-error or --aspect-error"},
    {"nodata", ~(1u << STEEP | 1u << HILLSHADE | 1u << D8), "a floating-point map"},
};

/* Maps that need another option. */
static const struct {
    int map;
    const char *option, *example;
} needs[] = {
    {STEEP, "threshold", "--threshold 30"},
    {SLOPE_ERROR, "vertical-error", "--vertical-error 0.5"},
    {ASPECT_ERROR, "vertical-error", "--vertical-error 0.5"},
};

/* Checks options against the requested maps, of which `wanted` has a bit each. Returns an exit
 * code, after its message. */
static int check_options(const cli_args *args, unsigned wanted)
{
    if (wanted == 0)
        return usage_error(args->command,
                           "no map requested: name at least one, such as --slope slope.tif");
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if ((wanted >> needs[i].map & 1) && !option_given(args, needs[i].option))
            return usage_error(args->command, "--%s needs --%s, such as %s",
                               map_options[needs[i].map].name, needs[i].option, needs[i].example);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (!(wanted & uses[i].maps) && option_given(args, uses[i].option))
            return usage_error(args->command, "--%s has no effect without %s", uses[i].option,
                               uses[i].names);
    return EXIT_DONE;
}

static int run_terrain(const cli_args *args, cli_settings *settings)
{
    maps_settings *own = (maps_settings *)settings;
    terrain_output outputs[MAPS];
    size_t count = 0;
    unsigned wanted = 0;
    for (int i = 0; i < MAPS; i++) {
        if (!own->paths[i])
            continue;
        outputs[count++] = (terrain_output){
            .name = map_options[i].name,
            .option = map_options[i].name,
            .path = own->paths[i],
            .map = maps[i],
            .threshold = i == STEEP ? own->terrain.terrain.threshold : (double)NAN,
        };
        wanted |= 1u << i;
    }
    int code = check_options(args, wanted);
    return code == EXIT_DONE ? terrain_run(args, &own->terrain, outputs, count) : code;
}

const cli_command terrain_command = {
    .name = "terrain",
    .summary = "Compute several terrain maps in one pass over an elevation model",
    .about =
        "Read INPUT, a digital elevation model, once and write every requested map to its own "
        "file, whose format is given by its extension; one of them may be -, standard output. No "
        "file appears before all maps are computed.\n"
        "Hillshade, d8 and steep are integers, which any image format can hold (JPEG only "
        "hillshade); the other maps need a format with floating-point samples. See edgegrad "
        "slope, aspect and hillshade for those maps.",
    .operands = (const char *const[]){"INPUT...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&map_group, &detail_group, &slope_group, &aspect_group,
                                         &shading_group, &missing_group, &ground_group, &many_group,
                                         &report_group, &band_group, &input_group, &output_group,
                                         &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Compute slope, aspect and hillshade",
            "edgegrad terrain dem.tif --slope s.tif --aspect a.tif --hillshade h.png",
            "Compute slope and a mask of avalanche terrain",
            "edgegrad terrain dem.tif --slope s.tif --steep steep.tif --threshold 30",
            "Compute flow directions and where flow converges",
            "edgegrad terrain dem.tif --d8 flow.tif --tangential-curvature hollows.tif",
            "Compute the error of the slope for elevations with a standard error of 0.3 m",
            "edgegrad terrain dem.tif --slope s.tif --slope-error e.tif --vertical-error 0.3",
            NULL},
    .settings_size = sizeof(maps_settings),
    .set_defaults = terrain_set_defaults,
    .shared = true,
    .run = run_terrain,
};
