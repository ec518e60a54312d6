/* SPDX-License-Identifier: MIT */
/* From heights to maps: what slope, aspect, hillshade and terrain do once their options are read. */
#include "cli/relief.h"

#include <math.h>
#include <string.h>

#include "cli/json.h"

/* Metres in each --vertical-unit. */
static const double metres[] = {
    [CLI_METRE] = 1, [CLI_FOOT] = 0.3048, [CLI_US_FOOT] = 1200 / 3937.0};

static int settle_shading(const cli_line *line, cli_settings *settings)
{
    if (settings->multidirectional && settings->combined)
        return usage_error(line->command, "--multidirectional and --combined contradict each "
                                          "other: leave one of them out");
    if (settings->multidirectional && option_given(line, "azimuth"))
        return usage_error(line->command, "--azimuth has no effect with --multidirectional, whose "
                                          "light comes from four sides");
    if (settings->multidirectional)
        settings->terrain.shading = EG_SHADING_MULTIDIRECTIONAL;
    else if (settings->combined)
        settings->terrain.shading = EG_SHADING_COMBINED;
    return EXIT_DONE;
}

static int settle_ground(const cli_line *line, cli_settings *settings)
{
    eg_ground_options *ground = &settings->ground;
    if (option_given(line, "cell-size") && option_given(line, "scale"))
        return usage_error(line->command, "--cell-size is in metres, which leaves nothing to "
                                          "--scale: leave one of them out");
    if (settings->vertical_unit != CLI_VERTICAL_UNSAID)
        ground->z_factor =
            metres[settings->vertical_unit] * (isnan(ground->z_factor) ? 1 : ground->z_factor);
    ground->compat_gdal = settings->compat != 0;
    settings->read.heights = true;
    return EXIT_DONE;
}

/* What a message calls the output: its option, or OUTPUT. */
static const char *dashes(const relief_output *output)
{
    return output->option ? "--" : "";
}

static const char *called(const relief_output *output)
{
    return output->option ? output->option : "OUTPUT";
}

static int check_apart(const cli_line *line, const relief_output outputs[], size_t index)
{
    const relief_output *this = &outputs[index];
    if (same_file(line->operands[0], this->path))
        return usage_error(line->command, "'%s' is INPUT: name another file for %s%s", this->path,
                           dashes(this), called(this));
    for (size_t i = 0; i < index; i++) {
        bool piped = strcmp(this->path, "-") == 0 && strcmp(outputs[i].path, "-") == 0;
        if (piped || same_file(this->path, outputs[i].path))
            return usage_error(line->command, "--%s and --%s cannot both go to '%s'",
                               outputs[i].option, this->option, this->path);
    }
    return EXIT_DONE;
}

static int check_paths(const cli_line *line, const cli_settings *settings,
                       const relief_output outputs[], size_t count)
{
    int code = input_check(line->command, line->operands[0]);
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        code = output_check(line->command, settings, outputs[i].path);
        if (code == EXIT_DONE)
            code = check_apart(line, outputs, i);
    }
    return code;
}

/* Computes all maps; what is wrong is in job->error. */
static void compute(cli_job *job, const cli_settings *settings, const relief_output outputs[],
                    size_t count)
{
    eg_sink *sinks[CLI_OUTPUTS] = {NULL};
    eg_terrain_options options[CLI_OUTPUTS];
    eg_status status = EG_OK;
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        options[i] = settings->terrain;
        options[i].map = outputs[i].map;
        options[i].threshold = outputs[i].threshold;
        status = eg_sink_open(&sinks[i], job->ctx, outputs[i].path, &settings->write, &job->error);
    }
    if (status == EG_OK)
        eg_terrain(job->source, sinks, options, count, &settings->ground, &job->error);
    for (size_t i = 0; i < count; i++)
        eg_sink_close(sinks[i]);
}

/* The word on the command line for what a row's field is set to. */
static const char *chosen(const cli_group *group, const char *name, int value)
{
    for (const cli_option *row = group->rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            for (const cli_choice *c = row->choices; c->name; c++)
                if (c->value == value)
                    return c->name;
    return "";
}

/* What the map's numbers are; NULL: a count or a shade, or in the unit of the heights. */
static const char *unit_of(eg_terrain_map map, const eg_terrain_options *options)
{
    switch (map) {
    case EG_TERRAIN_SLOPE:
    case EG_TERRAIN_SLOPE_ERROR:
        return chosen(&slope_group, "unit", (int)options->slope_unit);
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

static void print_json(const cli_line *line, const cli_settings *settings, const eg_info *info,
                       const relief_output outputs[], size_t count)
{
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", line->operands[0]);
    json_count(&j, "width", info->width);
    json_count(&j, "height", info->height);
    json_text(&j, "derivative",
              chosen(&ground_group, "derivative", (int)settings->ground.derivative));
    json_open(&j, "maps", '[');
    for (size_t i = 0; i < count; i++) {
        const char *unit = unit_of(outputs[i].map, &settings->terrain);
        json_open(&j, NULL, '{');
        json_text(&j, "map", outputs[i].name);
        json_text(&j, "output", outputs[i].path);
        if (!isnan(outputs[i].threshold))
            json_number(&j, "threshold", outputs[i].threshold);
        if (unit)
            json_text(&j, "unit", unit);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
}

int relief_run(const cli_line *line, cli_settings *settings, const relief_output outputs[],
               size_t count)
{
    int code = settle_shading(line, settings);
    if (code == EXIT_DONE)
        code = settle_ground(line, settings);
    if (code == EXIT_DONE)
        code = check_paths(line, settings, outputs, count);
    if (code != EXIT_DONE)
        return code;
    cli_job job = {0};
    eg_info info = {0};
    if (job_open(&job, settings, line->operands[0], NULL) == EG_OK) {
        info = *eg_source_info(job.source);
        compute(&job, settings, outputs, count);
    }
    job_close(&job);
    if (job.error.status == EG_OK && settings->json)
        print_json(line, settings, &info, outputs, count);
    return report_error(settings, &job.error);
}

int relief_run_one(const cli_line *line, cli_settings *settings, eg_terrain_map map)
{
    relief_output output = {.name = line->command->name,
                            .path = line->operands[1],
                            .map = map,
                            .threshold = settings->terrain.threshold};
    return relief_run(line, settings, &output, 1);
}
