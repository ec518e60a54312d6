/* SPDX-License-Identifier: MIT */
/* edgegrad edges: the edges of a picture, as a picture or in numbers. */
#include <math.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/json.h"

#define AT(field) offsetof(cli_settings, field)

static const cli_option rows[] = {
    {.name = "method",
     .type = OPTION_CHOICE,
     .offset = AT(edges.method),
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
     .offset = AT(low),
     .metavar = "T",
     .help = "canny: what is not steeper is never an edge; what is becomes one where it is linked "
             "to something above --high (hysteresis)",
     .initial = "auto",
     .absent = "auto; half of --high where that is given",
     .min = 0,
     .max = 1e9},
    {.name = "high",
     .type = OPTION_THRESHOLD,
     .offset = AT(high),
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
     .offset = AT(above),
     .metavar = "T",
     .help = "short for --method threshold --high T",
     .min = 0,
     .max = 1e9},
    {.name = "sigma",
     .type = OPTION_REAL,
     .offset = AT(edges.sigma),
     .metavar = "PIXELS",
     .help = "blur first, by a Gaussian of this standard deviation: a larger sigma drops noise and "
             "fine texture; 0: none, as cv::Canny",
     .initial = "1.4",
     .unit = "pixels",
     .min = 0,
     .max = 14},
    {.name = "report",
     .type = OPTION_FLAG,
     .offset = AT(report),
     .help = "one line on standard error: the thresholds used and how much of the picture is edge"},
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = AT(json),
     .help = "the same and more on standard output, as a JSON object"},
    {.name = NULL},
};

static const cli_group edges_group = {"Edges", rows};

/* --threshold T says two things at once; both must stand alone. */
static int settle_method(const cli_line *line, cli_settings *settings)
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
        settings->high = settings->above;
    }
    if (edges->method == EG_EDGE_THRESHOLD && option_given(line, "low"))
        return usage_error(line->command,
                           "--low has no effect with --method threshold, which compares "
                           "with --high alone");
    return EXIT_DONE;
}

/* The library settles what is NaN; all it asks for is one unit. */
static int settle_thresholds(const cli_line *line, cli_settings *settings)
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

static int settle(const cli_line *line, cli_settings *settings)
{
    int code = operator_settle(line, settings);
    if (code == EXIT_DONE)
        code = settle_method(line, settings);
    if (code == EXIT_DONE)
        code = settle_thresholds(line, settings);
    settings->edges.op = settings->gradient.op;
    settings->edges.norm = settings->gradient.norm;
    settings->edges.border = settings->gradient.border;
    settings->edges.border_value = settings->gradient.border_value;
    return code;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double share(const eg_info *info, const eg_edges_result *result)
{
    return (double)result->edge_pixels / ((double)info->width * (double)info->height);
}

static void print_report(const cli_settings *settings, const char *input, const eg_info *info,
                         const eg_edges_result *result)
{
    const char *how = result->automatic ? ", chosen automatically" : "";
    if (settings->edges.method == EG_EDGE_CANNY)
        message(
            "%s: low %.4g/px (%.5g), high %.4g/px (%.5g)%s; %.2f %% of %zu x %zu pixels are edges",
            input, result->low, result->low_sum, result->high, result->high_sum, how,
            100 * share(info, result), info->width, info->height);
    else
        message("%s: threshold %.4g/px (%.5g)%s; %.2f %% of %zu x %zu pixels are edges", input,
                result->high, result->high_sum, how, 100 * share(info, result), info->width,
                info->height);
}

static void print_threshold(json *j, const char *key, double pixel, double sum)
{
    json_open(j, key, '{');
    json_number(j, "per_pixel", pixel);
    json_number(j, "sum", sum);
    json_close(j, '}');
}

static void print_json(const cli_line *line, const cli_settings *settings, const eg_info *info,
                       const eg_edges_result *result, double seconds)
{
    const eg_edges_options *edges = &settings->edges;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", line->operands[0]);
    json_text(&j, "output", line->operands[1]);
    json_count(&j, "width", info->width);
    json_count(&j, "height", info->height);
    json_text(&j, "method", edges->method == EG_EDGE_CANNY ? "canny" : "threshold");
    json_text(&j, "operator", edges->op);
    json_number(&j, "sigma", edges->sigma);
    if (edges->method == EG_EDGE_CANNY)
        print_threshold(&j, "low", result->low, result->low_sum);
    print_threshold(&j, "high", result->high, result->high_sum);
    json_bool(&j, "automatic", result->automatic);
    json_count(&j, "edge_pixels", result->edge_pixels);
    json_number(&j, "edge_share", share(info, result));
    json_number(&j, "seconds", seconds);
    json_close(&j, '}');
}

static int run(const cli_line *line, cli_settings *settings)
{
    int code = settle(line, settings);
    if (code == EXIT_DONE)
        code = job_check(line, settings);
    if (code != EXIT_DONE)
        return code;
    cli_job job = {0};
    eg_edges_result result = {0};
    eg_info info = {0};
    double start = now();
    if (job_open(&job, settings, line->operands[0], line->operands[1]) == EG_OK) {
        info = *eg_source_info(job.source);
        eg_edges(job.source, job.sink, &settings->edges, &result, &job.error);
    }
    job_close(&job);
    if (job.error.status != EG_OK)
        return report_error(settings, &job.error);
    if (settings->report)
        print_report(settings, line->operands[0], &info, &result);
    if (settings->json)
        print_json(line, settings, &info, &result, now() - start);
    return EXIT_DONE;
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
    .operands = (const char *const[]){"INPUT", "OUTPUT", NULL},
    .least = 2,
    .groups =
        (const cli_group *const[]){&edges_group, &operator_group, &picture_group, &input_group,
                                   &output_group, &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "thresholds chosen from the picture", "edgegrad photo.jpg edges.png",
            "what cv::Canny(image, 100, 200) gives",
            "edgegrad --sigma 0 --norm l1 --low 100 --high 200 photo.png edges.png",
            "fewer, larger edges in a noisy picture", "edgegrad --sigma 2 noisy.jpg edges.png",
            "in a pipe, with a line about the thresholds",
            "edgegrad --report - - <photo.jpg >edges.png",
            "no thinning: everything steeper than 12.5 levels a pixel",
            "edgegrad --threshold 12.5/px photo.png steep.png", NULL},
    .run = run,
};
