/* SPDX-License-Identifier: MIT */
/* edgegrad edges: detects edges in images. */
#include <math.h>

#include "cli/commands.h"
#include "cli/ranks/ranks_raster.h"
#include "cli/raster/operator_options.h"
#include "cli/raster/terrain_maps.h"
#include "cli/support/json.h"

typedef struct edges_settings {
    operator_settings derivative;
    eg_edges_options edges;
    cli_threshold low, high, threshold;
} edges_settings;

static const cli_option edge_options[] = {
    {.name = "method",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.method),
     .metavar = "NAME",
     .help = "Edge detector",
     .initial = "canny",
     .choices =
         (const cli_choice[]){
             {"canny", EG_EDGE_CANNY,
              "Edges one pixel wide; weak edges are kept if they connect to strong ones"},
             {"threshold", EG_EDGE_THRESHOLD,
              "Mark every pixel whose gradient exceeds --high, without thinning"},
             {NULL, 0, NULL}}},
    {.name = "low",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, low),
     .metavar = "T",
     .help = "Low hysteresis threshold of canny: a pixel below it is never an edge; a pixel above "
             "it is an edge if it connects to one above --high. Larger values drop more weak edges",
     .initial = "auto",
     .absent = "auto; half of --high if that is given",
     .min = 0,
     .max = 1e300},
    {.name = "high",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, high),
     .metavar = "T",
     .help =
         "High threshold: a pixel above it is an edge. T is an operator response as in cv::Canny "
         "(Sobel 3: 8 for one level per pixel), T/px a gradient in levels per pixel for every "
         "operator; levels are on the scale 0 to 255 for every bit depth. Larger values give "
         "fewer edges",
     .initial = "auto",
     .absent = "auto, computed from the image; twice --low if that is given",
     .min = 0,
     .max = 1e300},
    {.name = "threshold",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, threshold),
     .metavar = "T",
     .help = "Short for --method threshold --high T",
     .min = 0,
     .max = 1e300},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = offsetof(edges_settings, edges.sigma),
     .metavar = "PIXELS",
     .help = "Standard deviation of the Gaussian blur, in pixels. Larger values suppress noise and "
             "fine texture; 0 disables the blur, as in cv::Canny",
     .initial = "1.4",
     .unit = "pixels",
     .min = 0,
     .max = 14},
    {.name = "auto-shared",
     .type = OPTION_FLAG,
     .offset = offsetof(edges_settings, derivative.raster.batch.auto_shared),
     .help = "Compute one pair of automatic thresholds for all input files, which are read twice"},
    {.name = NULL},
};

static const cli_group edges_group = {"Edges", edge_options, sizeof(edges_settings)};

/* Resolves --threshold T, which stands for --method threshold --high T. Returns an exit code, after
 * its message. */
static int resolve_method(const cli_args *args, edges_settings *settings)
{
    bool given = option_given(args, "threshold");
    eg_edges_options *edges = &settings->edges;
    if (given && option_given(args, "high"))
        return usage_error(args->command, "--threshold and --high cannot be used together: "
                                          "--threshold T stands for --method threshold --high T");
    if (given && option_given(args, "method") && edges->method != EG_EDGE_THRESHOLD)
        return usage_error(args->command, "--threshold and --method canny cannot be used together: "
                                          "use --high with canny");
    if (given) {
        edges->method = EG_EDGE_THRESHOLD;
        settings->high = settings->threshold;
    }
    if (edges->method == EG_EDGE_THRESHOLD && option_given(args, "low"))
        return usage_error(args->command, "--low has no effect with --method threshold, which "
                                          "uses only --high");
    return EXIT_DONE;
}

/* Copies --low and --high to the library's options, which have one unit for both. NaN is left for
 * the library to resolve. Returns an exit code, after its message. */
static int resolve_thresholds(const cli_args *args, edges_settings *settings)
{
    static const char *const thresholds[] = {"low", "high", "threshold"};
    const cli_threshold low = settings->low;
    if (settings->derivative.raster.batch.auto_shared)
        for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++)
            if (option_given(args, thresholds[i]))
                return usage_error(args->command, "--auto-shared and --%s cannot be used together",
                                   thresholds[i]);
    int code = resolve_method(args, settings);
    if (code != EXIT_DONE)
        return code;
    const cli_threshold high = settings->high;
    if (!isnan(low.value) && !isnan(high.value) && low.unit != high.unit)
        return usage_error(args->command, "--low and --high are in different units: give both as "
                                          "plain numbers or both as N/px");
    settings->edges.low = low.value;
    settings->edges.high = high.value;
    settings->edges.unit = isnan(high.value) ? low.unit : high.unit;
    return EXIT_DONE;
}

/* Resolves options that depend on each other. Returns an exit code, after its message. */
static int resolve_options(const cli_args *args, edges_settings *settings)
{
    int code = operator_resolve(args, &settings->derivative);
    if (code == EXIT_DONE)
        code = resolve_thresholds(args, settings);
    settings->edges.op = settings->derivative.gradient.op;
    settings->edges.norm = settings->derivative.gradient.norm;
    settings->edges.border = settings->derivative.gradient.border;
    settings->edges.border_value = settings->derivative.gradient.border_value;
    return code;
}

static void print_threshold(json *j, const char *key, double pixel, double response)
{
    json_open(j, key, '{');
    json_number(j, "per_pixel", pixel);
    json_number(j, "sum", response);
    json_close(j, '}');
}

static void print_json(const raster_work *work, const char *input, const raster_result *result)
{
    const eg_edges_options *edges = work->edges;
    const eg_edges_result *found = &result->edges;
    const eg_info *info = &result->info;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    json_text(&j, "output", work->outputs[0].path);
    json_count(&j, "width", info->width);
    json_count(&j, "height", info->height);
    json_text(&j, "method", edges->method == EG_EDGE_CANNY ? "canny" : "threshold");
    json_text(&j, "operator", edges->op);
    json_number(&j, "sigma", edges->sigma);
    if (edges->method == EG_EDGE_CANNY)
        print_threshold(&j, "low", found->low, found->low_response);
    print_threshold(&j, "high", found->high, found->high_response);
    json_bool(&j, "automatic", found->automatic);
    json_bool(&j, "flat", found->flat);
    json_count(&j, "edge_pixels", found->edge_pixels);
    json_number(&j, "edge_share",
                (double)found->edge_pixels / ((double)info->width * (double)info->height));
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static eg_status compute_edges(const raster_work *work, eg_source *source, eg_sink *const sinks[],
                               raster_result *result, eg_error *error)
{
    result->has_edges = true;
    return eg_edges(source, sinks[0], work->edges, &result->edges, error);
}

static eg_status compute_edges_shared(const raster_work *work, eg_context *ctx, eg_source *source,
                                      eg_sink *const sinks[], raster_result *result,
                                      eg_error *error)
{
    result->has_edges = true;
    return ranks_edges(ctx, source, sinks[0], work->edges, &result->edges, error);
}

static void set_edges_defaults(cli_settings *settings)
{
    edges_settings *own = (edges_settings *)settings;
    operator_set_defaults(&own->derivative);
    eg_edges_default(&own->edges);
    own->low = (cli_threshold){own->edges.low, own->edges.unit};
    own->high = (cli_threshold){own->edges.high, own->edges.unit};
    own->threshold = own->high;
}

static int run_edges(const cli_args *args, cli_settings *settings)
{
    edges_settings *own = (edges_settings *)settings;
    int code = resolve_options(args, own);
    raster_work work = {.args = args,
                        .settings = settings,
                        .batch = &own->derivative.raster.batch,
                        .edges = &own->edges,
                        .outputs = {{.name = "edges", .extension = "png"}},
                        .count = 1,
                        .compute = compute_edges,
                        .compute_on_ranks = compute_edges_shared,
                        .print_json = print_json};
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command edges_command = {
    .name = "edges",
    .summary = "Detect edges in an image (default command)",
    .about =
        "Detect edges in INPUT with the Canny algorithm and write them to OUTPUT, white on black. "
        "The format of INPUT (PNG, JPEG, PGM ...) is recognised by its content, that of OUTPUT by "
        "its extension; - means standard input or output.\n"
        "Colour is converted to grey first (0.299 R + 0.587 G + 0.114 B). With --sigma 0, a Sobel "
        "operator and 8-bit input the result equals that of cv::Canny bit for bit.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&edges_group, &operator_group, &picture_group,
                                   &many_target_group, &many_group, &report_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Choose the thresholds automatically", "edgegrad photo.jpg edges.png",
            "Reproduce cv::Canny(image, 100, 200)",
            "edgegrad --sigma 0 --norm l1 --low 100 --high 200 photo.png edges.png",
            "Find fewer, larger edges in a noisy image", "edgegrad --sigma 2 noisy.jpg edges.png",
            "Use it in a pipe and print the thresholds",
            "edgegrad --report - - <photo.jpg >edges.png",
            "Process a folder and write an HTML report",
            "edgegrad photos/ edges/ --recursive --report edges.html",
            "Mark every pixel whose gradient exceeds 12.5 levels per pixel",
            "edgegrad --threshold 12.5/px photo.png mask.png", NULL},
    .settings_size = sizeof(edges_settings),
    .set_defaults = set_edges_defaults,
    .shared = true,
    .run = run_edges,
};
