/* SPDX-License-Identifier: MIT */
/* edgegrad edges: detects edges in images. */
#include "cli/commands.h"
#include "cli/ranks/ranks_raster.h"
#include "cli/raster/edges_lines.h"
#include "cli/raster/edges_options.h"
#include "cli/raster/edges_style.h"
#include "cli/raster/terrain_maps.h"
#include "cli/support/json.h"

/* Prints a threshold; `sum` is null with the operator gaussian. */
static void print_threshold(json *j, const char *key, eg_edge_method method, double pixel,
                            double response)
{
    json_open(j, key, '{');
    if (method == EG_EDGE_RIDGE) {
        json_number(j, "per_pixel_squared", pixel);
        json_close(j, '}');
        return;
    }
    json_number(j, "per_pixel", pixel);
    json_number(j, "sum", response);
    json_close(j, '}');
}

static void print_json(const raster_work *work, const char *input, const raster_result *result)
{
    static const char *const methods[] = {[EG_EDGE_CANNY] = "canny",
                                          [EG_EDGE_THRESHOLD] = "threshold",
                                          [EG_EDGE_BOUNDARY] = "boundary",
                                          [EG_EDGE_RIDGE] = "ridge"};
    static const char *const ridges[] = {
        [EG_RIDGES_BOTH] = "both", [EG_RIDGES_BRIGHT] = "bright", [EG_RIDGES_DARK] = "dark"};
    const eg_edges_options *edges = work->edges;
    const eg_edges_result *found = &result->edges;
    const eg_info *info = &result->info;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", input);
    json_text(&j, "output", work->outputs[0].path);
    json_count(&j, "width", info->width);
    json_count(&j, "height", info->height);
    json_text(&j, "method", methods[edges->method]);
    if (edges->method == EG_EDGE_RIDGE)
        json_text(&j, "ridges", ridges[edges->ridges]);
    else
        json_text(&j, "operator", edges->op);
    json_text(&j, "colour", operator_colour_name(edges->op, info));
    json_number(&j, "sigma", found->sigma);
    if (edges->method != EG_EDGE_THRESHOLD)
        print_threshold(&j, "low", edges->method, found->low, found->low_response);
    print_threshold(&j, "high", edges->method, found->high, found->high_response);
    json_bool(&j, "automatic", found->automatic);
    json_bool(&j, "flat", found->flat);
    json_count(&j, "edge_pixels", found->edge_pixels);
    json_number(&j, "edge_share",
                (double)found->edge_pixels / ((double)info->width * (double)info->height));
    edges_print_lines(&j, work, result);
    json_number(&j, "seconds", result->seconds);
    json_close(&j, '}');
}

static eg_status compute_edges(const raster_work *work, const raster_pass *pass,
                               raster_result *result, eg_error *error)
{
    eg_edges_options options = *work->edges;
    eg_status status = edges_open_image(work, pass, &options.style, error);
    result->has_edges = true;
    if (status == EG_OK)
        status = edges_compute(work, pass, &options, result, error);
    eg_source_close(options.style.image);
    return status;
}

static eg_status compute_edges_shared(const raster_work *work, const raster_pass *pass,
                                      raster_result *result, eg_error *error)
{
    eg_edges_options options = *work->edges;
    if (pass->source)
        edges_open_image(work, pass, &options.style, error);
    result->has_edges = true;
    if (ranks_agree(error))
        ranks_edges(pass->ctx, pass->source, pass->sinks[0], &options, &result->edges, error);
    eg_source_close(options.style.image);
    return error->status;
}

static void set_edges_defaults(cli_settings *settings)
{
    edges_set_defaults((edges_settings *)settings);
}

static int run_edges(const cli_args *args, cli_settings *settings)
{
    edges_settings *own = (edges_settings *)settings;
    int code = edges_resolve(args, own);
    if (code == EXIT_DONE)
        code = edges_resolve_style(args, own);
    if (code != EXIT_DONE)
        return code;
    raster_work work = {.args = args,
                        .settings = settings,
                        .batch = &own->derivative.raster.batch,
                        .edges = &own->edges,
                        .outputs = {{.name = "edges", .extension = "png"}},
                        .count = 1,
                        .compute = compute_edges,
                        .compute_on_ranks = compute_edges_shared,
                        .print_json = print_json};
    code = edges_resolve_lines(args, own, &work);
    return code == EXIT_DONE ? raster_run(&work) : code;
}

const cli_command edges_command = {
    .name = "edges",
    .summary = "Detect edges in an image (default command)",
    .about =
        "Detect the edges of INPUT that a person would draw, and write them to OUTPUT, white on "
        "black. The format of INPUT (PNG, JPEG, PGM ...) is recognised by its content, that of "
        "OUTPUT by its extension; - means standard input or output.\n"
        "By default Canny's algorithm runs on the colours of the image, at a scale and with "
        "thresholds chosen from the image. --compat opencv gives the same bytes as cv::Canny.",
    .operands = (const char *const[]){"INPUT...", "OUTPUT", NULL},
    .least = 2,
    .groups = (const cli_group *const[]){&edges_group, &style_group, &lines_group, &operator_group,
                                         &picture_group, &many_target_group, &many_group,
                                         &report_group, &input_group, &output_group, &job_group,
                                         &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Find the edges of a photograph", "edgegrad photo.jpg edges.png",
            "Find the outlines of objects, not their texture",
            "edgegrad --method boundary photo.jpg edges.png",
            "Process a folder and write an HTML report",
            "edgegrad photos/ edges/ --recursive --report edges.html", "Keep finer detail",
            "edgegrad --sigma 1.5 photo.jpg edges.png", "Trace the dark lines of a drawing",
            "edgegrad --method ridge --ridges dark drawing.png lines.png", "Mark 5 % of the pixels",
            "edgegrad --density 5% photo.jpg edges.png", "Reproduce cv::Canny(image, 100, 200)",
            "edgegrad --compat opencv --low 100 --high 200 photo.png edges.png",
            "Use it in a pipe and print the thresholds",
            "edgegrad --report - - <photo.jpg >edges.png",
            "Mark every pixel whose gradient exceeds 12.5 levels per pixel",
            "edgegrad --threshold 12.5/px photo.png mask.png", NULL},
    .settings_size = sizeof(edges_settings),
    .set_defaults = set_edges_defaults,
    .shared = true,
    .run = run_edges,
};
