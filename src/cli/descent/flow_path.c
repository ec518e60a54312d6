/* SPDX-License-Identifier: MIT */
/* Runs `edgegrad descent --field`: reads the start and the raster, follows the flow path. */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- start ---- */

static int bad_start(const flow_path_run *run, const char *option, const char *text,
                     const char *reason)
{
    return usage_error(run->args->command, "--%s: '%.200s' %s", option, text, reason);
}

/* Reads exactly two numbers. Returns an exit code. */
static int read_pair(const flow_path_run *run, const char *option, const char *text, double pair[2])
{
    size_t commas = 0;
    for (const char *c = text; *c; c++)
        commas += *c == ',';
    if (commas != 1)
        return bad_start(run, option, text,
                         commas ? "has more than two numbers; a raster takes X,Y"
                                : "is one number; a raster takes two, X,Y");
    return read_number_list(text, pair, 2) == 2
               ? EXIT_DONE
               : bad_start(run, option, text, "is not two numbers with a comma between");
}

static bool is_inside(const flow_path_run *run, const double at[2])
{
    return at[0] >= 0 && at[1] >= 0 && at[0] <= (double)(run->grid.width - 1) &&
           at[1] <= (double)(run->grid.height - 1);
}

/* Reports a start outside the raster: the raster's extent in the coordinates of the start, and a
 * hint if swapped or pixel coordinates would be inside. */
static int report_outside(const flow_path_run *run, const char *option, const char *text,
                          const double pair[2])
{
    const double last[2] = {(double)(run->grid.width - 1), (double)(run->grid.height - 1)};
    const double swapped[2] = {pair[1], pair[0]};
    double low[2] = {0, 0}, high[2] = {last[0], last[1]};
    const char *hint = "";
    bool pixels = !run->located || strcmp(option, "from-pixel") == 0;
    if (pixels) {
        if (is_inside(run, swapped))
            hint = " (the column comes first)";
    } else {
        double a[2], b[2], at[2];
        flow_path_to_map(run, (const double[]){0, 0}, a);
        flow_path_to_map(run, last, b);
        for (int i = 0; i < 2; i++) {
            low[i] = fmin(a[i], b[i]);
            high[i] = fmax(a[i], b[i]);
        }
        flow_path_to_pixel(run, swapped, at);
        if (is_inside(run, at))
            hint = run->georef->crs == EG_CRS_GEOGRAPHIC ? " (longitude comes first)"
                                                         : " (x comes first)";
        else if (is_inside(run, pair))
            hint = " (--from-pixel takes columns and rows)";
    }
    message("%s: --%s %s lies outside the raster: its outermost cell centres are at %s %.10g to "
            "%.10g, %s %.10g to %.10g%s",
            run->options->field, option, text, pixels ? "columns" : "x", low[0], high[0],
            pixels ? "rows" : "y", low[1], high[1], hint);
    return EXIT_USAGE;
}

/* Reads --from or --from-pixel into run->start. Returns an exit code. */
static int read_start(flow_path_run *run)
{
    const descent_settings *d = run->options;
    const char *option = d->from ? "from" : "from-pixel", *text = d->from ? d->from : d->from_pixel;
    double pair[2] = {0}, value;
    int code = read_pair(run, option, text, pair);
    if (code != EXIT_DONE)
        return code;
    memcpy(run->start, pair, sizeof pair);
    if (d->from)
        flow_path_to_pixel(run, pair, run->start);
    if (!is_inside(run, run->start))
        return report_outside(run, option, text, pair);
    if (eg_grid_interpolate(&run->grid, run->start, &value, NULL, NULL, &run->error) != EG_OK)
        return report_error(run->settings, &run->error);
    if (isfinite(value))
        return EXIT_DONE;
    message("%s: --%s %s lies on missing samples (nodata); choose another start", d->field, option,
            text);
    return EXIT_USAGE;
}

/* ---- the raster ---- */

/* Converts an EG_U8 grid with a nodata value to EG_F32, because missing samples must be NaN. */
static eg_status convert_nodata(flow_path_run *run)
{
    const eg_georef *g = run->georef;
    eg_grid bytes = run->grid, floats;
    if (run->grid.sample != EG_U8 || !g || !g->has_nodata)
        return EG_OK;
    eg_status status =
        eg_grid_new(&floats, run->ctx, bytes.width, bytes.height, EG_F32, &run->error);
    if (status != EG_OK)
        return status;
    for (size_t y = 0; y < bytes.height; y++) {
        const uint8_t *from = (const uint8_t *)bytes.data + y * bytes.stride;
        float *to = (float *)(void *)((char *)floats.data + y * floats.stride);
        for (size_t x = 0; x < bytes.width; x++)
            to[x] = (double)from[x] == g->nodata ? NAN : (float)from[x];
    }
    run->grid = floats;
    eg_grid_free(&bytes);
    return EG_OK;
}

static eg_status load_grid(flow_path_run *run)
{
    const eg_info *info = eg_source_info(run->source);
    eg_status status =
        eg_grid_new(&run->grid, run->ctx, info->width, info->height, info->sample, &run->error);
    if (status == EG_OK)
        status = eg_source_read(run->source, run->grid.data, run->grid.stride, info->height,
                                &run->error);
    if (status == EG_OK)
        status = eg_source_finish(run->source, &run->error);
    if (status == EG_OK)
        status = convert_nodata(run);
    return status;
}

/* Copies the georeferencing of the source, and applies --crs if it has no coordinate system. */
static void copy_georef(flow_path_run *run)
{
    const eg_georef *georef = eg_source_georef(run->source);
    if (!georef)
        return;
    run->own_georef = *georef;
    run->georef = &run->own_georef;
    run->located = georef->located;
    if (georef->crs == EG_CRS_UNKNOWN && run->options->ground.crs != EG_CRS_UNKNOWN) {
        run->own_georef.crs = run->options->ground.crs;
        run->own_georef.unit = 1;
    }
}

/* Opens and loads the raster. Returns an exit code. */
static int open_raster(flow_path_run *run)
{
    const cli_settings *s = run->settings;
    const char *path = run->options->field;
    eg_config config = s->config;
    eg_read_options options = s->read;
    options.as_values = true;
    config.cancel = signal_caught();
    eg_status status = eg_context_new(&run->ctx, &config, &run->error);
    if (status == EG_OK)
        status = eg_context_new(&run->output_ctx, &s->config, &run->error);
    if (status == EG_OK)
        status = eg_outputs_new(&run->outputs, run->output_ctx, &run->error);
    if (status == EG_OK)
        status = eg_source_open(&run->source, run->ctx, path, &options, &run->error);
    if (status != EG_OK)
        return report_error(s, &run->error);
    const eg_info *info = eg_source_info(run->source);
    if (info->width < 3 || info->height < 3) {
        message("%s: %zu x %zu samples are too few for a flow path: at least 3 x 3 are needed",
                path, info->width, info->height);
        return EXIT_INPUT;
    }
    copy_georef(run);
    if (run->located || run->options->ground.cell_x != 0)
        status = eg_ground_new(&run->ground, run->source, &run->options->ground, &run->error);
    if (status == EG_OK)
        status = load_grid(run);
    if (status == EG_OK)
        report_warnings(s, path, run->source);
    return report_error(s, &run->error);
}

/* ---- flow path ---- */

static void record_point(void *opaque, const eg_flow_path_point *point)
{
    flow_path_run *run = opaque;
    double xy[2];
    if (run->file.file)
        flow_path_file_write(run, point);
    if (run->path.xy) {
        flow_path_to_map(run, point->at, xy);
        path_sample_add(&run->path, point->step, xy[0], xy[1]);
    }
}

static eg_status trace_path(flow_path_run *run)
{
    const descent_settings *d = run->options;
    eg_flow_path_options options;
    eg_flow_path_default(&options);
    options.uphill = d->optimizer.maximize;
    options.seconds = d->optimizer.seconds;
    options.on_point = record_point;
    options.opaque = run;
    if (option_given(run->args, "steps"))
        options.steps = (size_t)d->steps;
    if (option_given(run->args, "tolerance"))
        options.level_slope = d->optimizer.gradient_tolerance;
    if (d->plot && !path_sample_new(&run->path))
        return fail_no_memory(&run->error, "the path of the plot");
    eg_status status = flow_path_file_open(run);
    if (status == EG_OK)
        status = eg_flow_path(run->ctx, &run->grid, run->ground, run->start, &options, &run->result,
                              &run->error);
    if (status == EG_OK)
        status = flow_path_file_commit(run);
    return status;
}

static int run_flow_path(flow_path_run *run)
{
    int code = open_raster(run);
    code = code ? code : read_start(run);
    code = code ? code : flow_path_file_check(run);
    if (code != EXIT_DONE)
        return code;
    if (trace_path(run) != EG_OK)
        return report_error(run->settings, &run->error);
    code = flow_path_plot(run);
    if (code == EXIT_DONE) {
        eg_outputs_commit(run->outputs, &run->error);
        code = report_error(run->settings, &run->error);
    }
    if (code == EXIT_DONE)
        flow_path_report(run);
    return code ? code : flow_path_exit_code(run);
}

/* Rejects options of the optimisers, and checks those of the start. Returns an exit code. */
static int check_options(const cli_args *args, const descent_settings *d)
{
    static const char *const optimizer_options[] = {"method",          "rate",           "momentum",
                                                    "value-tolerance", "step-tolerance", "axes",
                                                    "schedule",        "warmup"};
    for (size_t i = 0; i < sizeof optimizer_options / sizeof *optimizer_options; i++)
        if (option_given(args, optimizer_options[i]))
            return usage_error(
                args->command,
                "--%s has no effect with --field: a flow path is traced, not optimised",
                optimizer_options[i]);
    if (!d->from && !d->from_pixel)
        return usage_error(args->command, "--from is missing: give a start on the raster, as in "
                                          "--from X,Y or --from-pixel COLUMN,ROW");
    if (d->from && d->from_pixel)
        return usage_error(args->command, "--from and --from-pixel contradict each other");
    return input_check(args->command, d->field);
}

int descent_run_flow_path(const cli_args *args, descent_settings *options)
{
    flow_path_run run = {.args = args, .settings = &options->common, .options = options};
    int code = check_options(args, options);
    code = code ? code : run_flow_path(&run);
    eg_file_close(run.file.file);
    eg_outputs_close(run.outputs);
    free(run.path.xy);
    eg_grid_free(&run.grid);
    eg_ground_free(run.ground);
    eg_source_close(run.source);
    eg_context_free(run.output_ctx);
    eg_context_free(run.ctx);
    return code;
}
