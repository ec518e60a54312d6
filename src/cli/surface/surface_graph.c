/* SPDX-License-Identifier: MIT */
/* Plots a function of one variable (--plot): its graph, the point and its tangent, and f'. */
#include <math.h>
#include <stdlib.h>

#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"

#define HALF_RANGE 2.0 /* of a range that the point gives no size */
#define AROUND     2.0 /* half of the range, relative to the point's distance from 0 */
#define FAR        2.0 /* heights of the graph by which the point may enlarge its range */

typedef struct graph_chart {
    surface_job *job;
    bool has_point, has_tangent;
    double at, value, slope; /* value: the limit if f is undefined at the point */
    bool is_hole;            /* f is undefined at the point, but has that limit */
    bool derivative;         /* draw f' */
    double range[2];         /* of x */
    eg_plot_graph graph, slopes;
    eg_plot_options options;
    eg_plot *plot;
    eg_error error;
} graph_chart;

static eg_status evaluate_values(void *opaque, const double x[], size_t count, double y[],
                                 eg_error *error)
{
    return eg_expr_eval_batch(opaque, &x, count, y, NULL, error);
}

static eg_status evaluate_slopes(void *opaque, const double x[], size_t count, double y[],
                                 eg_error *error)
{
    return eg_expr_eval_batch(opaque, &x, count, NULL, &y, error);
}

static void read_point(graph_chart *c)
{
    const surface_job *job = c->job;
    c->has_point = job->options->at != NULL;
    if (!c->has_point)
        return;
    c->at = job->point[0];
    c->has_tangent = job->at.differentiability == EG_DIFFERENTIABLE;
    c->is_hole = job->at.differentiability == EG_REMOVABLE_SINGULARITY;
    c->value = c->is_hole ? job->at.limit : job->at.value;
    c->slope = job->at.gradient[0];
}

/* Chooses the range of x around the point and the one of --to. */
static void choose_x(graph_chart *c)
{
    const surface_job *job = c->job;
    double half = c->has_point ? AROUND * fabs(c->at) : 0;
    if (job->options->to)
        half = fmax(half, 1.5 * fabs(job->to[0] - c->at));
    half = half > 0 ? half : HALF_RANGE;
    c->range[0] = c->at - half;
    c->range[1] = c->at + half;
}

/* Enlarges the range of y to contain a value, unless it is far from the graph. */
static void include_value(double y[2], double value)
{
    double height = y[1] - y[0], margin = 0.06 * height;
    if (!(value > y[0] - FAR * height && value < y[1] + FAR * height))
        return;
    y[0] = fmin(y[0], value - margin);
    y[1] = fmax(y[1], value + margin);
}

static void choose_y(graph_chart *c, double y[2])
{
    y[0] = c->graph.y[0];
    y[1] = c->graph.y[1];
    if (c->derivative) {
        include_value(y, c->slopes.y[0]);
        include_value(y, c->slopes.y[1]);
    }
    if (c->has_point)
        include_value(y, c->value);
}

/* ---- drawing ---- */

static void draw_holes(graph_chart *c)
{
    for (size_t i = 0; i < c->graph.hole_count; i++)
        if (!c->is_hole || c->graph.holes[i][0] != c->at)
            eg_plot_mark(c->plot, EG_PLOT_HOLE, c->graph.holes[i][0], c->graph.holes[i][1], NULL,
                         &c->error);
}

/* Draws the tangent, across the whole plot, and the point. */
static void draw_point(graph_chart *c)
{
    const surface_job *job = c->job;
    char number[2][BLOCK_NUMBER_SIZE], label[BLOCK_LINE_SIZE];
    const block_writer digits = {.digits = 5};
    if (c->has_tangent) {
        double ends[4];
        for (int i = 0; i < 2; i++) {
            ends[2 * i] = c->range[i];
            ends[2 * i + 1] = c->value + c->slope * (c->range[i] - c->at);
        }
        eg_plot_path(c->plot, EG_PLOT_DASHED, ends, 2, &c->error);
        eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_DASHED, "tangent", &c->error);
    }
    if (job->options->to) {
        double value;
        if (eg_expr_eval(job->f, job->to, &value, NULL, NULL, &c->error) == EG_OK)
            eg_plot_mark(c->plot, EG_PLOT_POINT, job->to[0], value, "to", &c->error);
    }
    if (!isfinite(c->value))
        return;
    snprintf(label, sizeof label, c->is_hole ? "f(%s) undefined, limit %s" : "f(%s) = %s",
             block_format_number(&digits, number[0], c->at),
             block_format_number(&digits, number[1], c->value));
    eg_plot_mark(c->plot, c->is_hole ? EG_PLOT_HOLE : EG_PLOT_END, c->at, c->value, label,
                 &c->error);
}

static void draw_graph(graph_chart *c)
{
    eg_plot_path(c->plot, EG_PLOT_CURVE, c->graph.points, c->graph.count, &c->error);
    eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_CURVE, c->options.y_label, &c->error);
    if (c->derivative) {
        eg_plot_path(c->plot, EG_PLOT_ACCENT_DASHED, c->slopes.points, c->slopes.count, &c->error);
        eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_ACCENT_DASHED, "derivative",
                       &c->error);
    }
    if (c->has_point)
        draw_point(c);
    draw_holes(c);
}

/* Samples the function and its derivative. */
static eg_status sample(graph_chart *c)
{
    const surface_job *job = c->job;
    eg_status status =
        eg_plot_graph_new(&c->graph, job->ctx, evaluate_values, job->f, c->range, &c->error);
    if (status == EG_OK && c->derivative)
        status =
            eg_plot_graph_new(&c->slopes, job->ctx, evaluate_slopes, job->f, c->range, &c->error);
    return status;
}

int surface_plot_graph(surface_job *job)
{
    graph_chart c = {.job = job, .derivative = job->options->derivative};
    char title[BLOCK_LINE_SIZE], function[256];
    char *text = surface_format_expr(job->f);
    eg_plot_default(&c.options);
    read_point(&c);
    choose_x(&c);
    double y[2] = {(double)NAN, (double)NAN};
    if (job->options->range && !plot_file_range(job->args, job->options->range, c.range, y)) {
        free(text);
        return EXIT_USAGE;
    }
    snprintf(function, sizeof function, "f(%s)", eg_expr_name(job->f, 0));
    snprintf(title, sizeof title, "%s = %s", function, text ? text : "");
    free(text);
    c.options.title = title;
    c.options.x_label = eg_expr_name(job->f, 0);
    c.options.y_label = function;
    c.options.legend = true;
    eg_status status = sample(&c);
    if (isnan(y[0]))
        choose_y(&c, y);
    for (int i = 0; i < 2; i++) {
        c.options.x[i] = c.range[i];
        c.options.y[i] = y[i];
    }
    if (status == EG_OK)
        status = eg_plot_new(&c.plot, job->ctx, &c.options, &c.error);
    if (status == EG_OK)
        draw_graph(&c);
    if (c.error.status == EG_OK)
        surface_write_plot(job, c.plot, &c.error);
    eg_plot_free(c.plot);
    eg_plot_graph_free(&c.graph);
    eg_plot_graph_free(&c.slopes);
    return report_error(job->settings, &c.error);
}
