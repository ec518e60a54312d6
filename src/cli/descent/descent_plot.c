/* SPDX-License-Identifier: MIT */
/* Plots a run: level curves over two of the variables, and the path across them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/plot_file.h"

enum { GRID = 321, COARSE = 65, CURVE = 600 }; /* samples per axis; of a curve */

/* Most data points summed for the grid of a plot, which takes some seconds. */
#define POINTS_SUMMED 4e8

#define MARGIN 0.22 /* on each side, relative to the path's extent */

/* Finds the extent of the path along `axis`. Points of a diverging path that are more than ten
 * times as far from the start as its first steps are left out. */
static void find_extent(const path_sample *path, int axis, double range[2])
{
    double first = path->xy[axis], reach = 0;
    range[0] = range[1] = first;
    for (size_t i = 0; i < path->count; i++) {
        double value = path->xy[2 * i + (size_t)axis];
        if (i < 3)
            reach = fmax(reach, fabs(value - first));
        if (isfinite(value) && (fabs(value - first) <= 10 * fmax(reach, 1) || i < 3)) {
            range[0] = fmin(range[0], value);
            range[1] = fmax(range[1], value);
        }
    }
}

/* Chooses ranges with a margin around the path, the smaller at least half as large as the other.
 */
static void choose_ranges(const path_sample *path, double x[2], double y[2])
{
    find_extent(path, 0, x);
    find_extent(path, 1, y);
    double width = x[1] - x[0], height = y[1] - y[0];
    double smallest = fmax(fmax(width, height) / 2, 1e-3 * fmax(1, fmax(fabs(x[0]), fabs(y[0]))));
    double *ranges[] = {x, y};
    for (int i = 0; i < 2; i++) {
        double middle = (ranges[i][0] + ranges[i][1]) / 2;
        double size = fmax(ranges[i][1] - ranges[i][0], smallest) * (1 + 2 * MARGIN);
        ranges[i][0] = middle - size / 2;
        ranges[i][1] = middle + size / 2;
    }
}

/* Samples the objective on a grid of side x side over the two axes, the other variables as at the
 * end of the run. */
static eg_status sample_objective(const descent_run *run, const eg_expr *expr, const double x[2],
                                  const double y[2], double *values, size_t side, eg_error *error)
{
    size_t n = run->objective.variables, count = side * side;
    double point[EG_EXPR_VARIABLES];
    memcpy(point, run->x, sizeof point);
    if (!expr) {
        eg_status status = EG_OK;
        for (size_t i = 0; status == EG_OK && i < count; i++) {
            point[run->log.axes[0]] = plot_file_interpolate(x, i % side, side);
            point[run->log.axes[1]] = plot_file_interpolate(y, i / side, side);
            status = run->objective.at(run->objective.opaque, point, values + i, NULL, NULL, error);
        }
        return status;
    }
    double *memory = malloc(n * count * sizeof *memory);
    const double *points[EG_EXPR_VARIABLES];
    if (!memory)
        return error->status = EG_NO_MEMORY;
    for (size_t v = 0; v < n; v++) {
        points[v] = memory + v * count;
        for (size_t i = 0; i < count; i++)
            memory[v * count + i] = v == run->log.axes[0] ? plot_file_interpolate(x, i % side, side)
                                    : v == run->log.axes[1]
                                        ? plot_file_interpolate(y, i / side, side)
                                        : point[v];
    }
    eg_status status = eg_expr_eval_batch(expr, points, count, values, NULL, error);
    free(memory);
    return status;
}

static eg_status draw_surface(const descent_run *run, const eg_expr *expr, eg_plot *plot,
                              eg_error *error)
{
    double affordable = sqrt(POINTS_SUMMED / fmax((double)run->points, 1));
    size_t side = (size_t)fmin(GRID, fmax(COARSE, affordable));
    double x[2], y[2], *values = malloc(side * side * sizeof *values);
    if (!values)
        return error->status = EG_NO_MEMORY;
    eg_plot_ranges(plot, x, y);
    eg_status status = sample_objective(run, expr, x, y, values, side, error);
    if (status == EG_OK)
        status = eg_plot_values(plot, values, side, side, NULL, 0, error);
    free(values);
    return status;
}

/* Draws the graph of an objective of one variable, along which the path runs. */
static eg_status draw_curve(const descent_run *run, eg_plot *plot, eg_error *error)
{
    double x[2], y[2], points[2 * CURVE];
    eg_status status = EG_OK;
    eg_plot_ranges(plot, x, y);
    for (size_t i = 0; status == EG_OK && i < CURVE; i++) {
        points[2 * i] = plot_file_interpolate(x, i, CURVE);
        status = run->objective.at(run->objective.opaque, points + 2 * i, points + 2 * i + 1, NULL,
                                   NULL, error);
    }
    if (status == EG_OK)
        status = eg_plot_path(plot, EG_PLOT_CURVE, points, CURVE, error);
    return status;
}

static eg_status draw_run(const descent_run *run, const eg_expr *expr, eg_plot *plot,
                          eg_error *error)
{
    const descent_log *log = &run->log;
    const path_sample *path = &log->path;
    const double *first = path->xy, *last = path->xy + 2 * (path->count - 1);
    double end[2] = {run->x[log->axes[0]],
                     log->variables > 1 ? run->x[log->axes[1]] : run->result.value};
    eg_status status =
        log->variables > 1 ? draw_surface(run, expr, plot, error) : draw_curve(run, plot, error);
    if (status == EG_OK)
        status = eg_plot_path(plot, EG_PLOT_TRAJECTORY, path->xy, path->count, error);
    if (status == EG_OK && (end[0] != last[0] || end[1] != last[1]))
        status = eg_plot_path(plot, EG_PLOT_TRAJECTORY,
                              (const double[]){last[0], last[1], end[0], end[1]}, 2, error);
    if (status == EG_OK)
        status = eg_plot_mark(plot, EG_PLOT_START, first[0], first[1], "start", error);
    if (status == EG_OK)
        status = eg_plot_mark(plot, EG_PLOT_END, end[0], end[1], "end", error);
    return status;
}

int descent_plot(descent_run *run, const eg_expr *expr, const char *function)
{
    const descent_settings *d = run->options;
    const descent_log *log = &run->log;
    char title[300];
    eg_plot *plot = NULL;
    eg_plot_options options;
    if (!d->plot)
        return EXIT_DONE;
    eg_plot_default(&options);
    choose_ranges(&log->path, options.x, options.y);
    if (d->range && !plot_file_range(run->args, d->range, options.x, options.y))
        return EXIT_USAGE;
    snprintf(title, sizeof title, "%.200s: %s, %zu step%s", function, d->method, run->result.steps,
             run->result.steps == 1 ? "" : "s");
    options.title = title;
    options.x_label = run->names[log->axes[0]];
    options.y_label = log->variables > 1 ? run->names[log->axes[1]] : "value";
    options.equal = d->equal;
    eg_status status = eg_plot_new(&plot, log->ctx, &options, &run->error);
    if (status == EG_OK)
        status = draw_run(run, expr, plot, &run->error);
    if (status == EG_OK)
        plot_file_write(log->ctx, plot, d->plot, &run->error);
    eg_plot_free(plot);
    return report_error(run->settings, &run->error);
}

int descent_plot_check(const cli_args *args, const descent_settings *options)
{
    const descent_settings *d = options;
    return plot_file_check(args, &(plot_file_options){d->plot, d->range, d->axes, d->equal});
}
