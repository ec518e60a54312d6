/* SPDX-License-Identifier: MIT */
/* edgegrad contour: contour lines of a raster as vectors. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/file_check.h"
#include "cli/support/format.h"
#include "cli/support/json.h"

typedef struct contour_settings {
    cli_settings common;
    double interval, base;
    const char *levels, *format; /* NULL: not given */
    bool fill;
} contour_settings;

static const cli_names formats = {eg_line_format_name, eg_line_format_help};

static const cli_option level_options[] = {
    {.name = "interval",
     .letter = 'i',
     .type = OPTION_REAL,
     .offset = offsetof(contour_settings, interval),
     .metavar = "D",
     .brief = {1, "Difference between levels"},
     .help = "Difference between levels, in the unit of the raster",
     .absent = "none: --levels is needed",
     .min = 1e-300,
     .max = 1e300},
    {.name = "base",
     .type = OPTION_REAL,
     .offset = offsetof(contour_settings, base),
     .metavar = "Z",
     .brief = {1, "Level from which --interval is counted"},
     .help = "Level from which --interval is counted, upwards and downwards",
     .initial = "0",
     .min = -1e300,
     .max = 1e300},
    {.name = "levels",
     .type = OPTION_TEXT,
     .offset = offsetof(contour_settings, levels),
     .metavar = "Z,Z...",
     .brief = {1, "Levels, instead of --interval"},
     .help = "Levels, instead of --interval"},
    {.name = NULL},
};

static const cli_group level_group = {"Levels", level_options, sizeof(contour_settings)};

static const cli_option result_options[] = {
    {.name = "fill",
     .type = OPTION_FLAG,
     .offset = offsetof(contour_settings, fill),
     .brief = {1, "Write the areas between levels, not lines"},
     .help = "Write the areas between levels as polygons, instead of lines"},
    {.name = "format",
     .letter = 'f',
     .type = OPTION_NAME,
     .offset = offsetof(contour_settings, format),
     .metavar = "NAME",
     .brief = {2, "geojson, svg, csv or dxf, if LINES is -"},
     .help = "File format of LINES",
     .absent = "extension of LINES; geojson for -",
     .names = &formats},
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .brief = {2, "Print numbers of lines and points as JSON"},
     .help = "Print a JSON object: numbers of lines and points, range of the values"},
    OVERWRITE_OPTION,
    NO_SYNC_OPTION,
    {.name = NULL},
};

static const cli_group result_group = {"Output", result_options, sizeof(contour_settings)};

/* A run of the command. */
typedef struct contour_run {
    const cli_args *args;
    const contour_settings *settings;
    const char *input, *output;
    double *levels; /* from malloc() */
    size_t level_count;
    eg_context *ctx;
    eg_source *source;
    eg_line_file *file;
    eg_contour_result result;
    eg_error error;
} contour_run;

/* ---- command line ---------------------------------------------------------------------------- */

/* Reads --levels. Returns an exit code. */
static int read_levels(contour_run *run)
{
    const char *text = run->settings->levels;
    size_t most = 1;
    for (const char *c = text; *c; c++)
        most += *c == ',';
    if (most > EG_CONTOUR_LEVELS)
        return usage_error(run->args->command, "--levels: %zu levels are too many: at most %d",
                           most, EG_CONTOUR_LEVELS);
    run->levels = format_memory(most, sizeof *run->levels);
    run->level_count = read_number_list(text, run->levels, most);
    return run->level_count
               ? EXIT_DONE
               : usage_error(run->args->command,
                             "--levels: '%.200s' is not a list of numbers with commas between",
                             text);
}

static int check_levels(contour_run *run)
{
    const cli_command *command = run->args->command;
    const bool interval = option_given(run->args, "interval");
    if (!interval && !run->settings->levels)
        return usage_error(command, "no levels: give --interval 10 or --levels 5,10,20");
    if (interval && run->settings->levels)
        return usage_error(command, "--interval and --levels cannot be used together");
    if (!interval && option_given(run->args, "base"))
        return usage_error(command, "--base has no effect without --interval");
    return run->settings->levels ? read_levels(run) : EXIT_DONE;
}

/* Checks the paths, and enters the sandbox before a file is opened. Returns an exit code. */
static int check_files(const contour_run *run)
{
    const cli_command *command = run->args->command;
    const cli_settings *common = &run->settings->common;
    sandbox box;
    if (!eg_line_file_recognizes(run->output, run->settings->format))
        return usage_error(command,
                           "'%.200s' has no extension of a format of lines: use .geojson, .svg, "
                           ".csv or .dxf, which ogr2ogr converts to others, or --format",
                           run->output);
    if (common->json && strcmp(run->output, "-") == 0)
        return usage_error(command, "--json and LINES cannot both go to standard output");
    if (is_folder(run->output)) {
        message("%s: is a folder: name a file in it, such as %s/contour.geojson", run->output,
                run->output);
        return EXIT_FILE;
    }
    int code = input_check(command, run->input);
    if (code == EXIT_DONE)
        code = file_check_input(command, (cli_file){"INPUT", run->input},
                                (cli_file){"LINES", run->output});
    if (code != EXIT_DONE)
        return code;
    sandbox_begin(&box, run->args, common);
    sandbox_read(&box, run->input);
    sandbox_write(&box, run->output);
    code = sandbox_enter(&box);
    return code == EXIT_DONE ? file_check_replaceable(common, run->output) : code;
}

/* ---- the run --------------------------------------------------------------------------------- */

static eg_status open_files(contour_run *run)
{
    const cli_settings *common = &run->settings->common;
    eg_config config = common->config;
    eg_read_options read = common->read;
    config.cancel = signal_caught();
    read.as_values = true;
    eg_status status = eg_context_new(&run->ctx, &config, &run->error);
    if (status == EG_OK)
        status = eg_source_open(&run->source, run->ctx, run->input, &read, &run->error);
    if (status != EG_OK)
        return status;
    const eg_info *info = eg_source_info(run->source);
    const eg_line_file_options options = {.format = run->settings->format,
                                          .width = info->width,
                                          .height = info->height,
                                          .georef = eg_source_georef(run->source),
                                          .areas = run->settings->fill};
    return eg_line_file_create(&run->file, run->ctx, run->output, &options, &run->error);
}

static eg_status write_line(void *opaque, const eg_line *line, eg_error *error)
{
    return eg_line_file_write(opaque, line, error);
}

static eg_status write_area(void *opaque, const eg_area *area, eg_error *error)
{
    return eg_line_file_write_area(opaque, area, error);
}

/* Finds the lines or areas and writes them. */
static eg_status write_contours(contour_run *run)
{
    eg_contour_options options;
    eg_contour_default(&options);
    if (run->levels) {
        options.levels = run->levels;
        options.level_count = run->level_count;
    } else {
        options.interval = run->settings->interval;
        options.base = run->settings->base;
    }
    eg_status status = open_files(run);
    if (status == EG_OK && run->settings->fill)
        status = eg_contour_areas(run->source, &options, write_area, run->file, &run->result,
                                  &run->error);
    else if (status == EG_OK)
        status = eg_contour_lines(run->source, &options, write_line, run->file, &run->result,
                                  &run->error);
    return status == EG_OK ? eg_line_file_commit(run->file, &run->error) : status;
}

static void print_json(const contour_run *run, double seconds)
{
    const eg_info *info = eg_source_info(run->source);
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "input", run->input);
    json_text(&j, "output", run->output);
    json_count(&j, "width", info->width);
    json_count(&j, "height", info->height);
    if (run->settings->fill) {
        json_count(&j, "areas", run->result.areas);
        json_count(&j, "holes", run->result.holes);
    } else {
        json_count(&j, "lines", run->result.lines);
        json_count(&j, "closed", run->result.closed);
    }
    json_count(&j, "points", run->result.points);
    json_number(&j, "lowest", run->result.lowest);
    json_number(&j, "highest", run->result.highest);
    json_number(&j, "seconds", seconds);
    json_close(&j, '}');
}

static int run_contour(const cli_args *args, cli_settings *settings)
{
    contour_run run = {.args = args, .settings = (const contour_settings *)settings};
    const double begun = seconds_now();
    run.input = args->operands[0];
    run.output = args->operands[1];
    int code = check_levels(&run);
    if (code == EXIT_DONE)
        code = check_files(&run);
    if (code == EXIT_DONE) {
        write_contours(&run);
        code = report_error(settings, &run.error);
        if (run.source)
            report_warnings(settings, run.input, run.source);
        if (code == EXIT_DONE && settings->json)
            print_json(&run, seconds_now() - begun);
    }
    eg_line_file_close(run.file);
    eg_source_close(run.source);
    eg_context_free(run.ctx);
    free(run.levels);
    return code;
}

const cli_command contour_command = {
    .name = "contour",
    .summary = "Write the contour lines of a raster as vectors",
    .about =
        "Write the contour lines of INPUT, an elevation model or any other raster, to LINES. They "
        "are found in cells of four neighbouring samples, exact in the linear interpolation along "
        "the sides of a cell; higher values are on the left of a line. Lines end at the border and "
        "at missing cells, and are closed otherwise. Coordinates are those of the raster's "
        "georeferencing, without one columns and rows, 0,0 the centre of the first sample.\n"
        "With --fill LINES has the areas between two consecutive levels instead, polygons with "
        "holes. Their boundaries are the contour lines, the border of the raster and that of "
        "missing cells, so that they have neither gaps nor overlaps.\n"
        "The format of LINES follows from its extension: .geojson, with the properties ID and "
        "ELEV, with --fill ID, ELEV_MIN and ELEV_MAX; .csv, a row for each point; .dxf, with "
        "elevations, without --fill; .svg, in pixels; .gpkg, like .geojson, in builds with GDAL. "
        "An INPUT without contour lines gives a file "
        "without lines, a warning and exit code 0.",
    .operands = (const char *const[]){"INPUT", "LINES", NULL},
    .least = 2,
    .groups = (const cli_group *const[]){&level_group, &result_group, &band_group, &input_group,
                                         &job_group, &limit_group, &other_group, NULL},
    .examples =
        (const char *const[]){
            "Write contour lines every 10 metres",
            "edgegrad contour dem.tif lines.geojson --interval 10", "Write the areas between them",
            "edgegrad contour dem.tif areas.geojson --interval 10 --fill", "Draw three levels",
            "edgegrad contour dem.tif lines.svg --levels 500,1000,1500",
            "Count the points of each line",
            "edgegrad contour dem.tif - -f csv -i 100 | cut -d, -f1,2 | uniq -c", NULL},
    .settings_size = sizeof(contour_settings),
    .run = run_contour,
};
