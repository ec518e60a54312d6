/* SPDX-License-Identifier: MIT */
/* Computes terrain maps for slope, aspect, hillshade and terrain. */
#include "cli/raster/terrain_maps.h"

#include <math.h>
#include <string.h>

#include "cli/raster/raster.h"
#include "cli/support/json.h"

/* Metres per unit of --vertical-unit. */
static const double unit_metres[] = {
    [CLI_METRE] = 1, [CLI_FOOT] = 0.3048, [CLI_US_FOOT] = 1200 / 3937.0};

/* Sets the shading from the flags. Returns an exit code, after its message. */
static int resolve_shading(const cli_args *args, terrain_settings *settings)
{
    const struct {
        const char *name;
        bool given;
        eg_shading shading;
    } flags[] = {{"multidirectional", settings->multidirectional, EG_SHADING_MULTIDIRECTIONAL},
                 {"combined", settings->combined, EG_SHADING_COMBINED},
                 {"igor", settings->igor, EG_SHADING_IGOR}};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!flags[i].given)
            continue;
        if (first)
            return usage_error(args->command, "--%s and --%s cannot be used together", first,
                               flags[i].name);
        first = flags[i].name;
        settings->terrain.shading = flags[i].shading;
    }
    if (settings->multidirectional && option_given(args, "azimuth"))
        return usage_error(args->command, "--azimuth has no effect with --multidirectional, whose "
                                          "light comes from four directions");
    if (settings->igor && option_given(args, "altitude"))
        return usage_error(args->command, "--altitude has no effect with --igor, which goes by the "
                                          "direction of the light alone");
    return EXIT_DONE;
}

/* Resolves options that depend on each other. Returns an exit code, after its message. */
static int resolve_options(const cli_args *args, terrain_settings *settings)
{
    eg_ground_options *ground = &settings->ground;
    int code = resolve_shading(args, settings);
    if (code != EXIT_DONE)
        return code;
    if (option_given(args, "cell-size") && option_given(args, "scale"))
        return usage_error(args->command, "--cell-size and --scale cannot be used together");
    if (settings->vertical_unit != CLI_VERTICAL_UNSTATED)
        ground->z_factor =
            unit_metres[settings->vertical_unit] * (isnan(ground->z_factor) ? 1 : ground->z_factor);
    ground->compat_gdal = settings->compat != 0;
    settings->raster.common.read.as_values = true;
    settings->raster.common.read.ignore_scale = ground->compat_gdal;
    return EXIT_DONE;
}

/* The raster_work.opaque of these commands. */
typedef struct terrain_job {
    const terrain_settings *settings;
    const terrain_output *outputs; /* in the order of work->outputs */
} terrain_job;

static eg_status compute_maps(const raster_work *work, const raster_pass *pass,
                              raster_result *result, eg_error *error)
{
    const terrain_job *job = work->opaque;
    const terrain_output *outputs = job->outputs;
    eg_terrain_options options[RASTER_OUTPUTS];
    (void)result;
    for (size_t i = 0; i < work->count; i++) {
        options[i] = job->settings->terrain;
        options[i].map = outputs[i].map;
        options[i].threshold = outputs[i].threshold;
    }
    return eg_terrain(pass->source, pass->sinks, options, work->count, &job->settings->ground,
                      error);
}

/* Returns the name of the choice of an option that has a value. */
static const char *choice_name(const cli_group *group, const char *name, int value)
{
    for (const cli_option *option = group->options; option->name; option++)
        if (strcmp(option->name, name) == 0)
            for (const cli_choice *c = option->choices; c->name; c++)
                if (c->value == value)
                    return c->name;
    return "";
}

/* Returns the unit of a map's values; NULL: a code or shade, or the unit of elevations. */
static const char *map_unit(eg_terrain_map map, const eg_terrain_options *options)
{
    switch (map) {
    case EG_TERRAIN_SLOPE:
    case EG_TERRAIN_SLOPE_ERROR:
        return choice_name(&slope_group, "unit", (int)options->slope_unit);
    case EG_TERRAIN_ASPECT:
    case EG_TERRAIN_DINF:
    case EG_TERRAIN_ASPECT_ERROR:
        return "degrees";
    case EG_TERRAIN_PROFILE_CURVATURE:
    case EG_TERRAIN_TANGENTIAL_CURVATURE:
        return "1/m";
    default:
        return NULL;
    }
}

static void print_json(const raster_work *work, const char *input, const raster_result *result)
{
    const terrain_job *job = work->opaque;
    const terrain_output *outputs = job->outputs;
    const terrain_settings *settings = job->settings;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    json_count(&j, "width", result->info.width);
    json_count(&j, "height", result->info.height);
    json_text(&j, "derivative",
              choice_name(&ground_group, "derivative", (int)settings->ground.derivative));
    json_open(&j, "maps", '[');
    for (size_t i = 0; i < work->count; i++) {
        const char *unit = map_unit(outputs[i].map, &settings->terrain);
        json_open(&j, NULL, '{');
        json_text(&j, "map", outputs[i].name);
        json_text(&j, "output", work->outputs[i].path);
        if (!isnan(outputs[i].threshold))
            json_number(&j, "threshold", outputs[i].threshold);
        if (unit)
            json_text(&j, "unit", unit);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
}

int terrain_run(const cli_args *args, terrain_settings *settings, const terrain_output outputs[],
                size_t count)
{
    const terrain_job job = {settings, outputs};
    raster_work work = {.args = args,
                        .settings = &settings->raster.common,
                        .batch = &settings->raster.batch,
                        .count = count,
                        .neighbours = !settings->no_neighbours,
                        .opaque = &job,
                        .compute = compute_maps,
                        .print_json = print_json};
    for (size_t i = 0; i < count; i++)
        work.outputs[i] = (raster_output){.name = outputs[i].name,
                                          .option = outputs[i].option,
                                          .path = outputs[i].path,
                                          .extension = "tif"};
    int code = resolve_options(args, settings);
    return code == EXIT_DONE ? raster_run(&work) : code;
}

int terrain_run_one(const cli_args *args, cli_settings *settings, eg_terrain_map map)
{
    terrain_settings *own = (terrain_settings *)settings;
    terrain_output output = {
        .name = args->command->name, .map = map, .threshold = own->terrain.threshold};
    return terrain_run(args, own, &output, 1);
}
