/* SPDX-License-Identifier: MIT */
/* edgegrad edges: the edges of a picture, as a picture or in numbers. */
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

static const cli_option rows[] = {
    {.name = "method",
     .type = OPTION_CHOICE,
     .offset = offsetof(edges_settings, edges.method),
     .metavar = "NAME",
     .help = "how a slope becomes an edge",
     .initial = "canny",
     .choices =
         (const cli_choice[]){{"canny", EG_EDGE_CANNY,
                               "one pixel wide, weak edges kept where they continue strong ones"},
                              {"threshold", EG_EDGE_THRESHOLD,
                               "every pixel steeper than --high, as wide as the slope is"},
                              {NULL, 0, NULL}}},
    {.name = "low",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, low),
     .metavar = "T",
     .help = "canny: what is not steeper is never an edge; what is becomes one where it is linked "
             "to something above --high (hysteresis)",
     .initial = "auto",
     .absent = "auto; half of --high where that is given",
     .min = 0,
     .max = 1e9},
    {.name = "high",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, high),
     .metavar = "T",
     .help = "what is steeper is an edge. T is in the operator's sums as cv::Canny counts them "
             "(Sobel 3: 8 for each level a pixel), T/px in levels a pixel whatever the operator; "
             "levels are on the 0..255 scale for every depth of input",
     .initial = "auto",
     .absent = "auto, from the picture itself; twice --low where that is given",
     .min = 0,
     .max = 1e9},
    {.name = "threshold",
     .type = OPTION_THRESHOLD,
     .offset = offsetof(edges_settings, threshold),
     .metavar = "T",
     .help = "short for --method threshold --high T",
     .min = 0,
     .max = 1e9},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = offsetof(edges_settings, edges.sigma),
     .metavar = "PIXELS",
     .help = "blur first, by a Gaussian of this standard deviation: a larger sigma drops noise and "
             "fine texture; 0: none, as cv::Canny",
     .initial = "1.4",
     .unit = "pixels",
     .min = 0,
     .max = 14},
    {.name = "auto-shared",
     .type = OPTION_FLAG,
     .offset = offsetof(edges_settings, derivative.raster.batch.auto_shared),
     .help = "many files: one pair of automatic thresholds for all, as if they were one picture; "
             "reads every file twice"},
    {.name = NULL},
};

static const cli_group edges_group = {"Edges", rows, sizeof(edges_settings)};

/* --threshold T says two things at once; both must stand alone. */
static int settle_method(const cli_line *line, edges_settings *settings)
{
    bool alone = option_given(line, "threshold");
    eg_edges_options *edges = &settings->edges;
    if (alone && option_given(line, "high"))
        return usage_error(line->command,
                           "--threshold and --high say the same: leave one of them out");
    if (alone && option_given(line, "method") && edges->method != EG_EDGE_THRESHOLD)
        return usage_error(line->command,
                           "--threshold contradicts --method canny: leave one of them "
                           "out, or say --high");
    if (alone) {
        edges->method = EG_EDGE_THRESHOLD;
        settings->high = settings->threshold;
    }
    if (edges->method == EG_EDGE_THRESHOLD && option_given(line, "low"))
        return usage_error(line->command,
                           "--low has no effect with --method threshold, which compares "
                           "with --high alone");
    return EXIT_DONE;
}

/* The library settles what is NaN; all it asks for is one unit. */
static int settle_thresholds(const cli_line *line, edges_settings *settings)
{
    cli_threshold low = settings->low, high = settings->high;
    if (!isnan(low.value) && !isnan(high.value) && low.unit != high.unit)
        return usage_error(line->command, "--low and --high are in different units: give both as "
                                          "plain numbers or both as N/px");
    settings->edges.low = low.value;
    settings->edges.high = high.value;
    settings->edges.unit = isnan(high.value) ? low.unit : high.unit;
    return EXIT_DONE;
}

/* Thresholds of all pictures together leave none to give. */
static int settle_shared(const cli_line *line, const edges_settings *settings)
{
    static const char *const given[] = {"low", "high", "threshold"};
    for (size_t i = 0;
         settings->derivative.raster.batch.auto_shared && i < sizeof given / sizeof *given; i++)
        if (option_given(line, given[i]))
            return usage_error(line->command,
                               "--auto-shared chooses the thresholds: leave it or --%s out",
                               given[i]);
    return EXIT_DONE;
}

static int settle(const cli_line *line, edges_settings *settings)
{
    int code = operator_resolve(line, &settings->derivative);
    if (code == EXIT_DONE)
        code = settle_shared(line, settings);
    if (code == EXIT_DONE)
        code = settle_method(line, settings);
    if (code == EXIT_DONE)
        code = settle_thresholds(line, settings);
    settings->edges.op = settings->derivative.gradient.op;
    settings->edges.norm = settings->derivative.gradient.norm;
    settings->edges.border = settings->derivative.gradient.border;
    settings->edges.border_value = settings->derivative.gradient.border_value;
    return code;
}

static void print_threshold(json *j, const char *key, double pixel, double sum)
{
    json_open(j, key, '{');
    json_number(j, "per_pixel", pixel);
    json_number(j, "sum", sum);
    json_close(j, '}');
}

static void tell(const raster_work *work, const char *input, const raster_result *result)
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
        print_threshold(&j, "low", found->low, found->low_sum);
    print_threshold(&j, "high", found->high, found->high_sum);
    json_bool(&j, "automatic", found->automatic);
    json_count(&j, "edge_pixels", found->edge_pixels);
    json_number(&j, "edge_share",
                (double)found->edge_pixels / ((double)info->width * (double)info->height));
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static eg_status compute(const raster_work *work, eg_source *source, eg_sink *const sinks[],
                         raster_result *result, eg_error *error)
{
    result->has_edges = true;
    return eg_edges(source, sinks[0], work->edges, &result->edges, error);
}

static eg_status compute_shared(const raster_work *work, eg_context *ctx, eg_source *source,
                                eg_sink *const sinks[], raster_result *result, eg_error *error)
{
    result->has_edges = true;
    return shared_edges(ctx, source, sinks[0], work->edges, &result->edges, error);
}

static void set_defaults(cli_settings *settings)
{
    edges_settings *own = (edges_settings *)settings;
    operator_set_defaults(&own->derivative);
    eg_edges_default(&own->edges);
    own->low = (cli_threshold){own->edges.low, own->edges.unit};
    own->high = (cli_threshold){own->edges.high, own->edges.unit};
    own->threshold = own->high;
}

static int run(const cli_line *line, cli_settings *settings)
{
    edges_settings *own = (edges_settings *)settings;
    int code = settle(line, own);
    raster_work work = {.line = line,
                        .settings = settings,
                        .batch = &own->derivative.raster.batch,
                        .edges = &own->edges,
                        .outputs = {{.name = "edges", .extension = "png"}},
                        .count = 1,
                        .compute = compute,
                        .compute_shared = compute_shared,
                        .tell = tell};
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command edges_command = {
    .name = "edges",
    .summary = "marks the edges of a picture (Canny); the word may be left out",
    .about =
        "Marks the edges of INPUT, white on black, in OUTPUT. The kind of INPUT is told from its "
        "content (PNG, JPEG, PGM ...), that of OUTPUT from its name; - is standard input or "
        "output.\n"
        "Colour is turned to grey first (0.299 R + 0.587 G + 0.114 B). With --sigma 0, a Sobel "
        "operator and 8-bit input the result is that of cv::Canny, bit for bit.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&edges_group, &operator_group, &picture_group,
                                   &many_target_group, &many_group, &report_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "thresholds chosen from the picture", "edgegrad photo.jpg edges.png",
            "what cv::Canny(image, 100, 200) gives",
            "edgegrad --sigma 0 --norm l1 --low 100 --high 200 photo.png edges.png",
            "fewer, larger edges in a noisy picture", "edgegrad --sigma 2 noisy.jpg edges.png",
            "in a pipe, with a line about the thresholds",
            "edgegrad --report - - <photo.jpg >edges.png",
            "a folder of pictures, with a page to look at",
            "edgegrad photos/ edges/ --recursive --report edges.html",
            "no thinning: everything steeper than 12.5 levels a pixel",
            "edgegrad --threshold 12.5/px photo.png steep.png", NULL},
    .settings_size = sizeof(edges_settings),
    .set_defaults = set_defaults,
    .shared = true,
    .run = run,
};
