/* SPDX-License-Identifier: MIT */
/* edgegrad gradient: the slopes of a picture as a map. */
#include "cli/commands.h"
#include "cli/raster/operator_options.h"
#include "cli/raster/terrain_maps.h"
#include "cli/support/json.h"

static const cli_option rows[] = {
    {.name = "map",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.map),
     .metavar = "NAME",
     .help = "what each pixel of OUTPUT tells",
     .initial = "magnitude",
     .choices =
         (const cli_choice[]){
             {"magnitude", EG_MAP_MAGNITUDE, "how steep it is, in intensity levels a pixel"},
             {"x", EG_MAP_X, "the slope to the right: positive where it gets brighter that way"},
             {"y", EG_MAP_Y, "the slope downwards: positive where it gets brighter that way"},
             {"direction", EG_MAP_DIRECTION,
              "which way it gets brighter: degrees, 0 = right, 90 = down; 0 where flat"},
             {NULL, 0, NULL}}},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.sigma),
     .metavar = "PIXELS",
     .help = "blur first, by a Gaussian of this standard deviation: a larger sigma drops noise and "
             "fine texture; 0: none",
     .initial = "0",
     .unit = "pixels",
     .min = 0,
     .max = 14},
    {.name = "depth",
     .type = OPTION_CHOICE,
     .offset = offsetof(operator_settings, gradient.depth),
     .metavar = "BITS",
     .help = "bits of a pixel of OUTPUT",
     .initial = "auto",
     .choices = (const cli_choice[]){{"auto", 0, "32 where the format has it (TIFF, PFM), else 8"},
                                     {"8", 8, "whole numbers, see --scale"},
                                     {"16", 16, "whole numbers, 257 times finer"},
                                     {"32", 32, "floating point, in the unit of the map"},
                                     {NULL, 0, NULL}}},
    {.name = "scale",
     .type = OPTION_REAL,
     .offset = offsetof(operator_settings, gradient.scale),
     .metavar = "S",
     .help = "8 and 16 bits: steps of OUTPUT for each unit of the map, counted in 8 bits; x and y "
             "are drawn about a middle of 128",
     .initial = "0",
     .absent = "0, the map's own: magnitude 2, x and y 1, direction 256/360",
     .min = 0,
     .max = 1e9},
    {.name = NULL},
};

static const cli_group gradient_group = {"Gradient", rows, sizeof(operator_settings)};

static eg_status compute(const raster_work *work, eg_source *source, eg_sink *const sinks[],
                         raster_result *result, eg_error *error)
{
    (void)result;
    return eg_gradient(source, sinks[0], work->opaque, error);
}

static void tell(const raster_work *work, const char *input, const raster_result *result)
{
    const eg_gradient_options *options = work->opaque;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    json_text(&j, "output", work->outputs[0].path);
    json_count(&j, "width", result->info.width);
    json_count(&j, "height", result->info.height);
    json_text(&j, "operator", options->op);
    json_number(&j, "sigma", options->sigma);
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static void set_defaults(cli_settings *settings)
{
    operator_set_defaults((operator_settings *)settings);
}

static int run(const cli_line *line, cli_settings *settings)
{
    operator_settings *own = (operator_settings *)settings;
    int code = operator_resolve(line, own);
    raster_work work = {.line = line,
                        .settings = settings,
                        .batch = &own->raster.batch,
                        .opaque = &own->gradient,
                        .outputs = {{.name = "gradient", .extension = "png"}},
                        .count = 1,
                        .compute = compute,
                        .tell = tell};
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command gradient_command = {
    .name = "gradient",
    .summary = "draws the slopes of a picture: how steep, which way",
    .about = "Writes one map of the gradient of INPUT to OUTPUT. Slopes are in intensity levels a "
             "pixel, whatever the operator. x runs to the right and y down, so directions turn "
             "clockwise as the picture is seen.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&gradient_group, &operator_group, &picture_group,
                                   &many_target_group, &many_group, &report_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "how steep, in shades of grey", "edgegrad gradient photo.jpg steep.png",
            "the slope to the right, as exact floating-point numbers",
            "edgegrad gradient --map x photo.png dx.pfm",
            "directions in 16 bits, by the most isotropic weights",
            "edgegrad gradient --map direction --op scharr --depth 16 photo.png way.png",
            "four times as bright", "edgegrad gradient --scale 8 dim.jpg steep.png", NULL},
    .settings_size = sizeof(operator_settings),
    .set_defaults = set_defaults,
    .shared = true,
    .run = run,
};
