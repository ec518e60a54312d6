/* SPDX-License-Identifier: MIT */
/* Options of the command edges about lines, and their files. */
#include "cli/raster/edges_lines.h"

#include <string.h>

static const cli_names line_formats = {eg_line_format_name, eg_line_format_help};

static const cli_option lines_options[] = {
    {.name = "lines",
     .type = OPTION_FILE,
     .offset = offsetof(edges_settings, lines),
     .metavar = "FILE",
     .brief = {1, "Also write lines: .svg, .geojson, .csv or .dxf"},
     .help =
         "Also write the lines of the edges to FILE: .svg, .geojson, .csv or .dxf. An OUTPUT "
         "with one of these extensions has the lines alone. INPUT is read twice; an image from a "
         "pipe is kept in memory"},
    {.name = "lines-format",
     .type = OPTION_NAME,
     .offset = offsetof(edges_settings, lines_format),
     .metavar = "NAME",
     .help = "File format of --lines",
     .absent = "extension of FILE; geojson for -, svg for the files of a folder",
     .names = &line_formats},
    {.name = "min-length",
     .type = OPTION_LENGTH,
     .offset = offsetof(edges_settings, min_length),
     .metavar = "N",
     .help = "Leave out lines shorter than N pixels, or N% of the diagonal of the image",
     .initial = "0",
     .unit = "pixels or %"},
    {.name = "simplify",
     .type = OPTION_REAL,
     .offset = offsetof(edges_settings, line_options.simplify),
     .metavar = "PIXELS",
     .help = "Leave out points of lines that are at most this far from the simpler line; 0 keeps "
             "all",
     .initial = "0",
     .unit = "pixels",
     .min = 0,
     .max = 1e6},
    {.name = "smooth",
     .type = OPTION_REAL,
     .offset = offsetof(edges_settings, line_options.smooth),
     .metavar = "PIXELS",
     .help = "Standard deviation of the smoothing along lines, which keeps their curvature; 0 "
             "leaves them as they are",
     .initial = "0",
     .unit = "pixels",
     .min = 0,
     .max = 1000},
    {.name = NULL},
};

const cli_group lines_group = {"Lines", lines_options, sizeof(edges_settings)};

/* ---- options ---- */

/* Returns true if OUTPUT is a file of lines, or a folder of such files. */
static bool is_line_output(const cli_args *args, const edges_settings *settings)
{
    const batch_settings *batch = &settings->derivative.raster.batch;
    const char *format = settings->derivative.raster.common.write.format;
    const char *output = batch->output ? batch->output : args->operands[args->operand_count - 1];
    const char *named = batch->name ? batch->name : output;
    if (format)
        return eg_line_file_recognizes("", format);
    return strcmp(named, "-") != 0 && eg_line_file_recognizes(named, NULL);
}

/* Checks that options have an effect. Returns an exit code, after its message. */
static int check_effects(const cli_args *args, const edges_settings *settings, bool only_lines)
{
    static const char *const about_lines[] = {"min-length", "simplify", "smooth"};
    static const char *const about_pixels[] = {"invert", "thickness", "overlay", "colourize"};
    const cli_command *command = args->command;
    for (size_t i = 0; i < sizeof about_lines / sizeof *about_lines; i++)
        if (!only_lines && !settings->lines && option_given(args, about_lines[i]))
            return usage_error(command,
                               "--%s has no effect without lines: give --lines FILE.svg, or an "
                               "OUTPUT with such an extension",
                               about_lines[i]);
    for (size_t i = 0; only_lines && i < sizeof about_pixels / sizeof *about_pixels; i++)
        if (option_given(args, about_pixels[i]))
            return usage_error(command, "--%s has no effect on a file of lines", about_pixels[i]);
    if (only_lines && settings->lines)
        return usage_error(command, "--lines and an OUTPUT of lines cannot be used together");
    if (!settings->lines && option_given(args, "lines-format"))
        return usage_error(command, "--lines-format has no effect without --lines");
    if (settings->edges.method == EG_EDGE_THRESHOLD && (only_lines || settings->lines))
        return usage_error(command,
                           "--threshold marks areas, which have no lines: leave it out, or choose "
                           "--method canny with --high");
    return EXIT_DONE;
}

int edges_resolve_lines(const cli_args *args, edges_settings *settings, raster_work *work)
{
    const bool only_lines = is_line_output(args, settings);
    const char *format = settings->derivative.raster.common.write.format;
    int code = check_effects(args, settings, only_lines);
    if (code != EXIT_DONE)
        return code;
    eg_edge_lines_options *options = &settings->line_options;
    options->min_length = settings->min_length.pixels;
    options->min_length_percent = settings->min_length.percent;
    work->opaque = settings;
    if (only_lines) {
        work->outputs[0].lines = true;
        work->outputs[0].extension = "svg";
        work->outputs[0].format = format;
    }
    if (!settings->lines)
        return EXIT_DONE;
    const char *lines_format = settings->lines_format;
    if (strcmp(settings->lines, "-") != 0 && !lines_format && !is_folder(settings->lines) &&
        strchr(path_name(settings->lines), '.') && !eg_line_file_recognizes(settings->lines, NULL))
        return usage_error(args->command,
                           "--lines: '%.200s' has no extension of a format of lines: use .svg, "
                           ".geojson, .csv or .dxf, or --lines-format",
                           settings->lines);
    work->outputs[work->count++] = (raster_output){.name = "lines",
                                                   .option = "lines",
                                                   .path = settings->lines,
                                                   .extension = lines_format ? lines_format : "svg",
                                                   .format = lines_format,
                                                   .lines = true};
    return EXIT_DONE;
}

/* ---- files ---- */

static eg_status write_line(void *opaque, const eg_line *line, eg_error *error)
{
    return eg_line_file_write(opaque, line, error);
}

eg_status edges_compute(const raster_work *work, const raster_pass *pass,
                        const eg_edges_options *options, raster_result *result, eg_error *error)
{
    const edges_settings *own = work->opaque;
    eg_source *again = NULL;
    if (!pass->lines)
        return eg_edges(pass->source, pass->sinks[0], options, &result->edges, error);
    eg_status status = raster_open_again(work, pass, false, &again, error);
    if (status == EG_OK)
        status = eg_edge_lines(pass->source, again, pass->sinks[0], options, &own->line_options,
                               write_line, pass->lines, &result->edges, &result->lines, error);
    if (status == EG_OK)
        status = eg_line_file_commit(pass->lines, error);
    eg_source_close(again);
    return status;
}

void edges_print_lines(json *j, const raster_work *work, const raster_result *result)
{
    const eg_edge_lines_result *lines = &result->lines;
    const raster_output *output = &work->outputs[work->count - 1];
    if (!output->lines)
        return;
    json_open(j, "lines", '{');
    json_text(j, "output", output->path);
    json_count(j, "count", lines->lines);
    json_count(j, "closed", lines->closed);
    json_count(j, "points", lines->points);
    json_number(j, "length", lines->length);
    json_count(j, "left_out", lines->left_out);
    json_close(j, '}');
}
