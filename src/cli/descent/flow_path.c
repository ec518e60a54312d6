/* SPDX-License-Identifier: MIT */
/* The way down a raster: where it starts, the ground it runs on. */
#include "cli/descent/flow_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- where it starts ---- */

static int bad_start(const field_run *run, const char *option, const char *text, const char *reason)
{
    return usage_error(run->line->command, "--%s: '%.200s' %s", option, text, reason);
}

/* Exactly two numbers. */
static int read_pair(const field_run *run, const char *option, const char *text, double pair[2])
{
    size_t commas = 0;
    const char *at = text;
    for (const char *c = text; *c; c++)
        commas += *c == ',';
    if (commas != 1)
        return bad_start(run, option, text,
                         commas ? "has more than two numbers; a raster takes X,Y"
                                : "is one number; a raster takes two, X,Y");
    for (int i = 0; i < 2; i++) {
        char *end;
        pair[i] = strtod(at, &end);
        if (end == at || *end != (i ? 0 : ',') || !isfinite(pair[i]))
            return bad_start(run, option, text, "is not two numbers with a comma between");
        at = end + 1;
    }
    return EXIT_DONE;
}

static bool is_inside(const field_run *run, const double at[2])
{
    return at[0] >= 0 && at[1] >= 0 && at[0] <= (double)(run->grid.width - 1) &&
           at[1] <= (double)(run->grid.height - 1);
}

/* What might have been meant instead; "" if nothing comes to mind. */
static const char *guess(const field_run *run, bool pixels, const double pair[2])
{
    const double swapped[2] = {pair[1], pair[0]};
    double at[2];
    if (pixels)
        return is_inside(run, swapped) ? " (the column comes first)" : "";
    field_pixel(run, swapped, at);
    if (is_inside(run, at))
        return run->georef->crs == EG_CRS_GEOGRAPHIC ? " (longitude comes first)"
                                                     : " (x comes first)";
    return is_inside(run, pair) ? " (--from-pixel takes columns and rows)" : "";
}

/* Says where the raster is, in the terms of the start. */
static int outside(const field_run *run, const char *option, const char *text, const double pair[2])
{
    double last[2] = {(double)(run->grid.width - 1), (double)(run->grid.height - 1)};
    double low[2] = {0, 0}, high[2] = {last[0], last[1]};
    bool pixels = !run->located || strcmp(option, "from-pixel") == 0;
    if (!pixels) {
        double a[2], b[2];
        field_place(run, (const double[]){0, 0}, a);
        field_place(run, last, b);
        for (int i = 0; i < 2; i++) {
            low[i] = fmin(a[i], b[i]);
            high[i] = fmax(a[i], b[i]);
        }
    }
    message("%s: --%s %s lies outside the raster: its outermost cell centres are at %s %.10g to "
            "%.10g, %s %.10g to %.10g%s",
            run->options->field, option, text, pixels ? "columns" : "x", low[0], high[0],
            pixels ? "rows" : "y", low[1], high[1], guess(run, pixels, pair));
    return EXIT_USAGE;
}

static int choose_start(field_run *run)
{
    const descent_settings *d = run->options;
    const char *option = d->from ? "from" : "from-pixel", *text = d->from ? d->from : d->from_pixel;
    double pair[2] = {0}, value;
    int code = read_pair(run, option, text, pair);
    if (code != EXIT_DONE)
        return code;
    memcpy(run->start, pair, sizeof pair);
    if (d->from)
        field_pixel(run, pair, run->start);
    if (!is_inside(run, run->start))
        return outside(run, option, text, pair);
    if (eg_grid_interpolate(&run->grid, run->start, &value, NULL, NULL, &run->error) != EG_OK)
        return report_error(run->settings, &run->error);
    if (isfinite(value))
        return EXIT_DONE;
    message("%s: --%s %s is where samples are missing (nodata): start beside them", d->field,
            option, text);
    return EXIT_USAGE;
}

/* ---- the raster ---- */

/* Bytes cannot hold NaN: samples that are missing need floats. */
static eg_status hide_missing(field_run *run)
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

static eg_status load(field_run *run)
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
        status = hide_missing(run);
    return status;
}

static bool has_cell_size(const descent_settings *s)
{
    return s->ground.cell_x != 0;
}

static void take_place(field_run *run)
{
    const eg_georef *said = eg_source_georef(run->source);
    if (!said)
        return;
    run->place = *said;
    run->georef = &run->place;
    run->located = said->located;
    if (said->crs == EG_CRS_UNKNOWN && run->options->ground.crs != EG_CRS_UNKNOWN) {
        run->place.crs = run->options->ground.crs;
        run->place.unit = 1;
    }
}

static int open_raster(field_run *run)
{
    const cli_settings *s = run->settings;
    const char *path = run->options->field;
    eg_config config = s->config;
    eg_read_options options = s->read;
    options.as_values = true;
    config.cancel = signal_caught();
    eg_status status = eg_context_new(&run->ctx, &config, &run->error);
    if (status == EG_OK)
        status = eg_context_new(&run->quiet, &s->config, &run->error);
    if (status == EG_OK)
        status = eg_source_open(&run->source, run->ctx, path, &options, &run->error);
    if (status != EG_OK)
        return report_error(s, &run->error);
    const eg_info *info = eg_source_info(run->source);
    if (info->width < 3 || info->height < 3) {
        message("%s: %zu x %zu samples are no landscape; at least 3 x 3 are needed", path,
                info->width, info->height);
        return EXIT_INPUT;
    }
    take_place(run);
    if (run->located || has_cell_size(run->options))
        status = eg_ground_new(&run->ground, run->source, &run->options->ground, &run->error);
    if (status == EG_OK)
        load(run);
    return report_error(s, &run->error);
}

/* ---- the way ---- */

/* Keeps every stride-th point for the picture; where there are too many, every other of them goes.
 */
static void keep(field_run *run, const eg_flow_path_point *point)
{
    if (point->step % run->stride != 0)
        return;
    if (run->kept == DESCENT_KEPT) {
        for (size_t i = 0; 2 * i < run->kept; i++)
            memcpy(run->way + 2 * i, run->way + 4 * i, 2 * sizeof *run->way);
        run->kept /= 2;
        run->stride *= 2;
        if (point->step % run->stride != 0)
            return;
    }
    field_place(run, point->at, run->way + 2 * run->kept);
    run->kept++;
}

static void watch(void *opaque, const eg_flow_path_point *point)
{
    field_run *run = opaque;
    if (run->trace.file)
        trail_file_point(run, point);
    if (run->way)
        keep(run, point);
}

static eg_status follow(field_run *run)
{
    const descent_settings *d = run->options;
    eg_flow_path_options options;
    eg_flow_path_default(&options);
    options.uphill = d->optimizer.maximize;
    options.seconds = d->optimizer.seconds;
    options.watch = watch;
    options.watcher = run;
    if (option_given(run->line, "steps"))
        options.steps = (size_t)d->steps;
    if (option_given(run->line, "tolerance"))
        options.level = d->optimizer.gradient_tolerance;
    run->stride = 1;
    if (d->plot) {
        run->way = malloc(2 * (DESCENT_KEPT + 1) * sizeof *run->way);
        if (!run->way)
            return run->error.status = EG_NO_MEMORY;
    }
    eg_status status = trail_file_begin(run);
    if (status == EG_OK)
        status = eg_flow_path(run->ctx, &run->grid, run->ground, run->start, &options, &run->result,
                              &run->error);
    if (status == EG_OK)
        status = trail_file_finish(run);
    return status;
}

static int walk(field_run *run)
{
    int code = open_raster(run);
    code = code ? code : choose_start(run);
    code = code ? code : trail_file_check(run);
    if (code != EXIT_DONE)
        return code;
    if (follow(run) != EG_OK)
        return report_error(run->settings, &run->error);
    field_report(run);
    code = field_plot(run);
    return code ? code : field_exit_code(run);
}

/* Options of optimisers, which make no sense where a way is followed. */
static int check(const cli_line *line, const descent_settings *d)
{
    static const char *const others[] = {"method",          "rate",           "momentum",
                                         "value-tolerance", "step-tolerance", "axes"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(line, others[i]))
            return usage_error(
                line->command,
                "--%s has no effect with --field: the way down a raster is followed, "
                "not searched by an optimiser",
                others[i]);
    if (!d->from && !d->from_pixel)
        return usage_error(line->command, "--from is missing: where on the raster to start, as in "
                                          "--from X,Y or --from-pixel COLUMN,ROW");
    if (d->from && d->from_pixel)
        return usage_error(line->command, "--from and --from-pixel contradict each other");
    return input_check(line->command, d->field);
}

int descent_on_field(const cli_line *line, descent_settings *options)
{
    field_run run = {.line = line, .settings = &options->common, .options = options};
    int code = check(line, options);
    code = code ? code : walk(&run);
    eg_file_close(run.trace.file);
    free(run.way);
    eg_grid_free(&run.grid);
    eg_ground_free(run.ground);
    eg_source_close(run.source);
    eg_context_free(run.quiet);
    eg_context_free(run.ctx);
    return code;
}
