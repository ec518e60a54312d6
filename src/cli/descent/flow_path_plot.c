/* SPDX-License-Identifier: MIT */
/* Plots a flow path across the level curves of its raster. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/flow_path.h"
#include "cli/support/plot_file.h"

enum { GRID = 401 }; /* samples per axis */

#define MARGIN    0.2 /* on each side, relative to the path's extent */
#define MIN_CELLS 8.0 /* least extent of an axis */

/* Computes the metres (without a ground: cells) in a unit of each axis. */
static void axis_scales(const flow_path_run *run, double scales[2])
{
    scales[0] = scales[1] = 1;
    if (!run->ground)
        return;
    double row = (run->result.first.at[1] + run->result.last.at[1]) / 2;
    eg_ground_at(run->ground, row, &scales[0], &scales[1], NULL);
    if (run->located) {
        scales[0] /= fabs(run->georef->transform[1]);
        scales[1] /= fabs(run->georef->transform[5]);
    }
}

/* Moves a range that exceeds the raster back into it, unless it is larger than the raster. */
static void move_inside(const flow_path_run *run, int axis, double range[2])
{
    const double last[2] = {(double)(run->grid.width - 1), (double)(run->grid.height - 1)};
    double a[2], b[2];
    flow_path_to_map(run, (const double[]){0, 0}, a);
    flow_path_to_map(run, last, b);
    double low = fmin(a[axis], b[axis]), high = fmax(a[axis], b[axis]), size = range[1] - range[0];
    if (size > high - low)
        return;
    range[0] = fmax(low, fmin(range[0], high - size));
    range[1] = range[0] + size;
}

/* Chooses ranges with a margin around the path and the same ground scale on both axes. */
static eg_status choose_ranges(const flow_path_run *run, eg_plot_options *options, eg_error *error)
{
    double scales[2], *ranges[] = {options->x, options->y}, size[2];
    eg_plot_options ground_plot = *options;
    eg_plot *plot = NULL;
    axis_scales(run, scales);
    for (int i = 0; i < 2; i++) {
        double cell = run->located ? fabs(run->georef->transform[i ? 5 : 1]) : 1;
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < run->path.count; k++) {
            low = fmin(low, run->path.xy[2 * k + (size_t)i]);
            high = fmax(high, run->path.xy[2 * k + (size_t)i]);
        }
        size[i] = fmax((high - low) * (1 + 2 * MARGIN), MIN_CELLS * cell);
        ranges[i][0] = (low + high) / 2 - size[i] / 2;
        ranges[i][1] = ranges[i][0] + size[i];
    }
    for (int k = 0; k < 2; k++) {
        ground_plot.x[k] = (k ? 0.5 : -0.5) * size[0] * scales[0];
        ground_plot.y[k] = (k ? 0.5 : -0.5) * size[1] * scales[1];
    }
    ground_plot.equal = true;
    eg_status status = eg_plot_new(&plot, run->output_ctx, &ground_plot, error);
    if (status != EG_OK)
        return status;
    eg_plot_ranges(plot, ground_plot.x, ground_plot.y);
    eg_plot_free(plot);
    for (int i = 0; i < 2; i++) {
        double middle = (ranges[i][0] + ranges[i][1]) / 2;
        double half = (i ? ground_plot.y[1] : ground_plot.x[1]) / scales[i];
        ranges[i][0] = middle - half;
        ranges[i][1] = middle + half;
        move_inside(run, i, ranges[i]);
    }
    return EG_OK;
}

/* Evaluates the raster at map coordinates. An eg_plot_field. */
static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    const flow_path_run *run = opaque;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < count; i++) {
        double at[2];
        flow_path_to_pixel(run, (const double[]){x[i], y[i]}, at);
        status = eg_grid_interpolate(&run->grid, at, values + i, NULL, NULL, error);
    }
    return status;
}

static eg_status draw_path(flow_path_run *run, eg_plot *plot, eg_error *error)
{
    double first[2], last[2];
    flow_path_to_map(run, run->result.first.at, first);
    flow_path_to_map(run, run->result.last.at, last);
    memcpy(run->path.xy + 2 * run->path.count, last, sizeof last); /* see path_sample_new() */
    eg_status status = eg_plot_field_values(plot, evaluate, run, GRID, NULL, 0, error);
    if (status == EG_OK)
        status = eg_plot_path(plot, EG_PLOT_LINE, run->path.xy, run->path.count + 1, error);
    if (status == EG_OK)
        status = eg_plot_mark(plot, EG_PLOT_START, first[0], first[1], "start", error);
    if (status == EG_OK)
        status = eg_plot_mark(
            plot, EG_PLOT_END, last[0], last[1],
            eg_flow_path_end_word(run->result.end, run->options->optimizer.maximize), error);
    return status;
}

static void write_title(const flow_path_run *run, char *out, size_t size)
{
    const char *name = path_name(run->options->field);
    const eg_flow_path_result *r = &run->result;
    bool kilometres = run->ground && r->last.distance >= 1e4;
    snprintf(out, size, "%.150s: %s, %.4g %s, from height %.6g to %.6g", name,
             run->options->optimizer.maximize ? "uphill" : "downhill",
             r->last.distance / (kilometres ? 1e3 : 1),
             kilometres    ? "km"
             : run->ground ? "m"
                           : "pixels",
             r->first.height, r->last.height);
}

int flow_path_plot(flow_path_run *run)
{
    const descent_settings *d = run->options;
    char title[300];
    eg_plot *plot = NULL;
    eg_plot_options options;
    if (!d->plot)
        return EXIT_DONE;
    bool degrees = run->located && run->georef->crs == EG_CRS_GEOGRAPHIC;
    eg_plot_default(&options);
    write_title(run, title, sizeof title);
    options.title = title;
    options.x_label = degrees ? "longitude" : run->located ? "x" : "column";
    options.y_label = degrees ? "latitude" : run->located ? "y" : "row";
    eg_status status = choose_ranges(run, &options, &run->error);
    if (d->range && !plot_file_range(run->args, d->range, options.x, options.y))
        return EXIT_USAGE;
    options.y_down = !run->located; /* rows run down */
    options.equal = d->equal;
    if (status == EG_OK)
        status = eg_plot_new(&plot, run->output_ctx, &options, &run->error);
    if (status == EG_OK)
        status = draw_path(run, plot, &run->error);
    if (status == EG_OK)
        plot_file_write(run->output_ctx, plot, d->plot, run->outputs, &run->error);
    eg_plot_free(plot);
    return report_error(run->settings, &run->error);
}
