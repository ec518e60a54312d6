/* SPDX-License-Identifier: MIT */
/* Plots a run: level curves over two of the variables, and the path across them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/plot_file.h"

enum { GRID = 321, COARSE = 65 }; /* samples per axis */

/* Most data points summed for the grid of a plot, which takes about a second. */
#define POINTS_SUMMED 1.5e8

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

/* ---- objectives ---- */

/* The objective over the axes, the other variables as at the end of the run. */
typedef struct axes_function {
    const descent_run *run;
    const eg_expr *expr; /* NULL: run->objective, point by point */
} axes_function;

/* Evaluates an axes_function. An eg_plot_field; without y an eg_plot_function. */
static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    const axes_function *f = opaque;
    const descent_run *run = f->run;
    const size_t n = run->objective.variables, *axes = run->log.axes;
    double point[EG_EXPR_VARIABLES];
    const double *points[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    memcpy(point, run->x, sizeof point);
    if (!f->expr) {
        for (size_t i = 0; status == EG_OK && i < count; i++) {
            point[axes[0]] = x[i];
            if (y)
                point[axes[1]] = y[i];
            status = run->objective.at(run->objective.opaque, point, values + i, NULL, NULL, error);
        }
        return status;
    }
    double *memory = malloc(n * count * sizeof *memory);
    if (!memory)
        return fail_no_memory(error, "the points of the plot");
    for (size_t v = 0; v < n; v++) {
        points[v] = v == axes[0] ? x : y && v == axes[1] ? y : memory + v * count;
        for (size_t i = 0; i < count; i++)
            memory[v * count + i] = point[v];
    }
    status = eg_expr_eval_batch(f->expr, points, count, values, NULL, error);
    free(memory);
    return status;
}

static eg_status evaluate_curve(void *opaque, const double x[], size_t count, double y[],
                                eg_error *error)
{
    return evaluate(opaque, x, NULL, count, y, error);
}

/* ---- plots ---- */

/* Draws an objective that sums many data points: fewer samples, and none to refine the curves. */
static eg_status draw_samples(axes_function *f, eg_plot *plot, size_t side, eg_error *error)
{
    size_t count = side * side;
    double x[2], y[2], *values = malloc(3 * count * sizeof *values);
    if (!values)
        return fail_no_memory(error, "the points of the plot");
    eg_plot_ranges(plot, x, y);
    for (size_t i = 0; i < count; i++) {
        values[count + i] = plot_file_interpolate(x, i % side, side);
        values[2 * count + i] = plot_file_interpolate(y, i / side, side);
    }
    eg_status status = evaluate(f, values + count, values + 2 * count, count, values, error);
    if (status == EG_OK)
        status = eg_plot_values(plot, values, side, side, NULL, 0, error);
    free(values);
    return status;
}

static eg_status draw_surface(axes_function *f, eg_plot *plot, eg_error *error)
{
    double affordable = sqrt(POINTS_SUMMED / fmax((double)f->run->points, 1));
    if (affordable > 2 * GRID)
        return eg_plot_field_values(plot, evaluate, f, GRID, NULL, 0, error);
    return draw_samples(f, plot, (size_t)fmin(GRID, fmax(COARSE, affordable)), error);
}

static eg_status draw_run(axes_function *f, const eg_plot_graph *graph, eg_plot *plot,
                          eg_error *error)
{
    const descent_run *run = f->run;
    const descent_log *log = &run->log;
    const path_sample *path = &log->path;
    const double *first = path->xy, *last = path->xy + 2 * (path->count - 1);
    double end[2] = {run->x[log->axes[0]],
                     log->variables > 1 ? run->x[log->axes[1]] : run->result.value};
    eg_status status = log->variables > 1
                           ? draw_surface(f, plot, error)
                           : eg_plot_path(plot, EG_PLOT_CURVE, graph->points, graph->count, error);
    for (size_t i = 0; status == EG_OK && i < graph->hole_count; i++)
        status =
            eg_plot_mark(plot, EG_PLOT_HOLE, graph->holes[i][0], graph->holes[i][1], NULL, error);
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

/* Samples the objective of one variable around the path, or over --range. Chooses the range of y
 * that shows the graph and the path on it, unless `y` is given. */
static eg_status sample_curve(axes_function *f, eg_plot_graph *graph, eg_plot_options *options,
                              bool y_given, eg_error *error)
{
    const path_sample *path = &f->run->log.path;
    eg_status status =
        eg_plot_graph_new(graph, f->run->log.ctx, evaluate_curve, f, options->x, error);
    if (status != EG_OK || y_given)
        return status;
    double low = graph->y[0], high = graph->y[1], height = high - low;
    for (size_t i = 0; i < path->count; i++) {
        double x = path->xy[2 * i], y = path->xy[2 * i + 1];
        if (x < options->x[0] || x > options->x[1] || fabs(y - low) > 3 * height)
            continue;
        low = fmin(low, y - MARGIN / 4 * height);
        high = fmax(high, y + MARGIN / 4 * height);
    }
    options->y[0] = low;
    options->y[1] = high;
    return EG_OK;
}

/* Chooses the range of x around the path of one variable. */
static void choose_range(const path_sample *path, double x[2])
{
    find_extent(path, 0, x);
    double middle = (x[0] + x[1]) / 2, least = 1e-3 * fmax(1, fabs(middle));
    double half = fmax(x[1] - x[0], least) * (0.5 + MARGIN);
    x[0] = middle - half;
    x[1] = middle + half;
}

void descent_plot_ranges(const descent_run *run, eg_plot_options *options)
{
    const path_sample *path = &run->log.path;
    if (run->log.variables > 1) {
        choose_ranges(path, options->x, options->y);
        return;
    }
    choose_range(path, options->x);
    options->y[0] = options->y[1] = (double)NAN;
}

eg_status descent_plot_new(descent_run *run, const eg_expr *expr, eg_plot_options *options,
                           eg_plot **plot)
{
    const descent_log *log = &run->log;
    axes_function f = {run, expr};
    eg_plot_graph graph = {0};
    bool curve = log->variables == 1;
    options->x_label = run->names[log->axes[0]];
    options->y_label = curve ? "value" : run->names[log->axes[1]];
    eg_status status = EG_OK;
    *plot = NULL;
    if (curve)
        status = sample_curve(&f, &graph, options, !isnan(options->y[0]), &run->error);
    if (status == EG_OK)
        status = eg_plot_new(plot, log->ctx, options, &run->error);
    if (status == EG_OK)
        status = draw_run(&f, &graph, *plot, &run->error);
    eg_plot_graph_free(&graph);
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
    descent_plot_ranges(run, &options);
    if (d->range && !plot_file_range(run->args, d->range, options.x, options.y))
        return EXIT_USAGE;
    snprintf(title, sizeof title, "%.200s: %s, %zu step%s", function, d->method, run->result.steps,
             run->result.steps == 1 ? "" : "s");
    options.title = title;
    options.equal = d->equal;
    if (descent_plot_new(run, expr, &options, &plot) == EG_OK)
        plot_file_write(log->ctx, plot, d->plot, log->outputs, &run->error);
    eg_plot_free(plot);
    return report_error(run->settings, &run->error);
}

int descent_plot_check(const cli_args *args, const descent_settings *options)
{
    const descent_settings *d = options;
    return plot_file_check(
        args, &(plot_file_options){
                  .path = d->plot, .range = d->range, .axes = d->axes, .equal = d->equal});
}
