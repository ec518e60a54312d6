/* SPDX-License-Identifier: MIT */
/* Plots of --critical, --lagrange with --in and --roots. */
#include "cli/solve/solve_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/plot_file.h"

enum { GRID = 256, MOST_LABELS = 16 };

static const double vector_pixels = 70;

typedef struct chart {
    surface_job *job;
    eg_plot_options options;
    eg_plot *plot;
    char *title;
    eg_error error;
} chart;

/* ---- begin and end ---- */

/* Makes an empty plot of the box, of two variables. Returns an exit code, after its message. */
static int begin(chart *c, surface_job *job, const solve_box *box, char *title)
{
    const surface_settings *o = job->options;
    *c = (chart){.job = job, .title = title};
    eg_plot_default(&c->options);
    for (int axis = 0; axis < 2; axis++) {
        double *range = axis ? c->options.y : c->options.x;
        if (job->n == 2)
            memcpy(range, box->ends[axis], sizeof box->ends[axis]);
    }
    if (o->range && !plot_file_range(job->args, o->range, c->options.x, c->options.y)) {
        free(title);
        return EXIT_USAGE;
    }
    c->options.title = title;
    c->options.x_label = eg_expr_name(job->f, 0);
    c->options.y_label = eg_expr_name(job->f, 1);
    c->options.equal = true;
    if (eg_plot_shape(job->ctx, &c->options, &c->error) == EG_OK)
        eg_plot_new(&c->plot, job->ctx, &c->options, &c->error);
    return EXIT_DONE;
}

/* Writes the file. Returns an exit code. */
static int finish(chart *c)
{
    if (c->error.status == EG_OK)
        surface_write_plot(c->job, c->plot, &c->error);
    eg_plot_free(c->plot);
    free(c->title);
    return report_error(c->job->settings, &c->error);
}

/* Refuses plots of more than two variables. */
static int check_variables(const surface_job *job)
{
    if (job->n <= 2)
        return EXIT_DONE;
    message("--plot: the box has %zu variables, and one or two can be drawn", job->n);
    return EXIT_USAGE;
}

/* ---- items ---- */

/* An expression of two variables. An eg_plot_field. */
static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    const double *const points[] = {x, y};
    return eg_expr_eval_batch(opaque, points, count, values, NULL, error);
}

static void draw_level(chart *c, eg_plot_line line, const eg_expr *expr, double level)
{
    if (c->error.status == EG_OK && isfinite(level))
        eg_plot_field_level(c->plot, line, evaluate, (void *)expr, GRID, level, &c->error);
}

/* Returns a coordinate as a double, for drawing. */
static double coordinate(const chart *c, const eg_solution *point, size_t i)
{
    double middle = 0.5 * (point->box[i][0] + point->box[i][1]);
    double exact = point->exact ? eg_real_approximate(c->job->exact.reals, point->at[i]) : middle;
    return isfinite(exact) ? exact : middle;
}

/* Marks the points; labels: with their verdicts. */
static void draw_points(chart *c, const eg_solutions *s, bool labels)
{
    static const char *const names[] = {
        [EG_MINIMUM] = "min", [EG_MAXIMUM] = "max", [EG_SADDLE] = "saddle", [EG_UNDECIDED] = "?"};
    for (size_t i = 0; i < s->count && c->error.status == EG_OK; i++) {
        const eg_solution *point = &s->points[i];
        const char *label = labels && s->count <= MOST_LABELS ? names[point->verdict] : NULL;
        eg_plot_sign sign = labels && point->verdict == EG_SADDLE ? EG_PLOT_START : EG_PLOT_END;
        eg_plot_mark(c->plot, sign, coordinate(c, point, 0), coordinate(c, point, 1), label,
                     &c->error);
    }
}

static char *function_title(const surface_job *job)
{
    char *text = surface_format_expr(job->f), *names = solve_names_text(job);
    char *title = format_text(job->n == 1 ? "f(%s) = %s" : "f%s = %s", names, text);
    free(text);
    free(names);
    return title;
}

/* ---- one variable ---- */

/* A function of one variable. An eg_plot_function. */
static eg_status evaluate_line(void *opaque, const double x[], size_t count, double y[],
                               eg_error *error)
{
    const double *const points[] = {x};
    return eg_expr_eval_batch(opaque, points, count, y, NULL, error);
}

/* Draws the graph of a function of one variable with points on it. zero: with the line y = 0. */
static int plot_graph(surface_job *job, const solve_box *box, const eg_solutions *s, bool labels,
                      char *title)
{
    chart c = {.job = job, .title = title};
    eg_plot_graph graph = {0};
    eg_plot_default(&c.options);
    memcpy(c.options.x, box->ends[0], sizeof c.options.x);
    c.options.equal = false;
    c.options.title = title;
    c.options.x_label = eg_expr_name(job->f, 0);
    if (eg_plot_graph_new(&graph, job->ctx, evaluate_line, job->f, c.options.x, &c.error) ==
        EG_OK) {
        double space = 0.08 * (graph.y[1] - graph.y[0]);
        c.options.y[0] = graph.y[0] - space;
        c.options.y[1] = graph.y[1] + space;
        if (eg_plot_new(&c.plot, job->ctx, &c.options, &c.error) == EG_OK)
            eg_plot_path(c.plot, EG_PLOT_CURVE, graph.points, graph.count, &c.error);
    }
    if (!labels && c.error.status == EG_OK)
        eg_plot_path(c.plot, EG_PLOT_DASHED, (const double[]){c.options.x[0], 0, c.options.x[1], 0},
                     2, &c.error);
    static const char *const names[] = {"min", "max", "saddle", "?"};
    for (size_t i = 0; i < s->count && c.error.status == EG_OK; i++) {
        double x = coordinate(&c, &s->points[i], 0), y = (double)NAN;
        if (eg_expr_eval(job->f, &x, &y, NULL, NULL, &c.error) == EG_OK && isfinite(y))
            eg_plot_mark(c.plot, EG_PLOT_END, x, y,
                         labels && s->count <= MOST_LABELS ? names[s->points[i].verdict] : NULL,
                         &c.error);
    }
    eg_plot_graph_free(&graph);
    return finish(&c);
}

/* ---- plots ---- */

int solve_plot_critical(surface_job *job, const solve_box *box, const eg_solutions *s)
{
    chart c;
    if (!job->options->plot)
        return EXIT_DONE;
    int code = check_variables(job);
    if (code == EXIT_DONE && job->n == 1)
        return plot_graph(job, box, s, true, function_title(job));
    code = code ? code : begin(&c, job, box, function_title(job));
    if (code != EXIT_DONE)
        return code;
    if (c.error.status == EG_OK)
        eg_plot_field_values(c.plot, evaluate, job->f, GRID, NULL, 0, &c.error);
    draw_points(&c, s, true);
    return finish(&c);
}

/* Draws grad f, and lambda grad g on it, which has the same direction. */
static void draw_gradients(chart *c, const eg_solution *point)
{
    double at[] = {coordinate(c, point, 0), coordinate(c, point, 1)}, gradient[2];
    if (eg_expr_eval(c->job->f, at, NULL, gradient, NULL, &c->error) != EG_OK ||
        !(hypot(gradient[0], gradient[1]) > 1e-9))
        return;
    eg_plot_vector(c->plot, EG_PLOT_TRAJECTORY,
                   (const double[]){at[0], at[1], gradient[0], gradient[1]}, vector_pixels, "∇f",
                   &c->error);
    for (size_t k = 0; k < c->job->constraint_count && c->error.status == EG_OK; k++) {
        double lambda = point->lambda[k] == EG_REAL_NONE
                            ? 0
                            : eg_real_approximate(c->job->exact.reals, point->lambda[k]);
        double part[2], length = hypot(gradient[0], gradient[1]);
        if (eg_expr_eval(c->job->constraint[k], at, NULL, part, NULL, &c->error) != EG_OK ||
            !(fabs(lambda) * hypot(part[0], part[1]) > 1e-9 * length))
            continue;
        double share = fabs(lambda) * hypot(part[0], part[1]) / length;
        eg_plot_vector(c->plot, EG_PLOT_ACCENT,
                       (const double[]){at[0], at[1], lambda * part[0], lambda * part[1]},
                       0.55 * vector_pixels * fmin(share, 2), "λ∇g", &c->error);
    }
}

int solve_plot_lagrange(surface_job *job, const solve_box *box, const eg_solutions *s)
{
    chart c;
    if (!job->options->plot)
        return EXIT_DONE;
    if (job->n != 2) {
        message("--plot: the box has %zu variable%s, and constraints are drawn in two", job->n,
                job->n == 1 ? "" : "s");
        return EXIT_USAGE;
    }
    int code = begin(&c, job, box, function_title(job));
    if (code != EXIT_DONE)
        return code;
    if (c.error.status == EG_OK)
        eg_plot_field_values(c.plot, evaluate, job->f, GRID, NULL, 0, &c.error);
    for (size_t i = 0; i < s->count && i < MOST_LABELS; i++)
        draw_level(&c, EG_PLOT_CURVE, job->f,
                   eg_real_approximate(job->exact.reals, s->points[i].value));
    for (size_t k = 0; k < job->constraint_count; k++)
        draw_level(&c, EG_PLOT_ACCENT, job->constraint[k], 0);
    for (size_t i = 0; i < s->count && i < MOST_LABELS && c.error.status == EG_OK; i++)
        draw_gradients(&c, &s->points[i]);
    draw_points(&c, s, false);
    return finish(&c);
}

/* Returns the equations as they are: "x^2 + y^2 - 4 = 0; x - y = 0". */
static char *equations_title(const eg_expr *const equations[], size_t count)
{
    char *title = NULL;
    FILE *out = format_stream(&title);
    for (size_t i = 0; i < count; i++) {
        char *text = surface_format_expr(equations[i]);
        fprintf(out, "%s%s = 0", i ? "; " : "", text);
        free(text);
    }
    format_close(out, &title);
    return title;
}

int solve_plot_roots(surface_job *job, const solve_box *box, const eg_expr *const equations[],
                     size_t count, const eg_solutions *s)
{
    chart c;
    if (!job->options->plot)
        return EXIT_DONE;
    int code = check_variables(job);
    if (code == EXIT_DONE && job->n == 1)
        return plot_graph(job, box, s, false, equations_title(equations, count));
    code = code ? code : begin(&c, job, box, equations_title(equations, count));
    if (code != EXIT_DONE)
        return code;
    for (size_t k = 0; k < count; k++)
        draw_level(&c, k ? EG_PLOT_ACCENT : EG_PLOT_CURVE, equations[k], 0);
    draw_points(&c, s, false);
    return finish(&c);
}

int solve_plot_curve(surface_job *job, const solve_box *box, const eg_trace *curve)
{
    chart c;
    const eg_expr *const equation[] = {job->f};
    if (!job->options->plot)
        return EXIT_DONE;
    int code = begin(&c, job, box, equations_title(equation, 1));
    if (code != EXIT_DONE)
        return code;
    for (size_t i = 0; i < curve->line_count && c.error.status == EG_OK; i++) {
        const eg_trace_line *line = &curve->lines[i];
        const double *points = curve->points + 2 * line->first;
        eg_plot_path(c.plot, EG_PLOT_CURVE, points, line->count, &c.error);
        double join[] = {points[2 * line->count - 2], points[2 * line->count - 1], points[0],
                         points[1]};
        if (line->closed && c.error.status == EG_OK)
            eg_plot_path(c.plot, EG_PLOT_CURVE, join, 2, &c.error);
    }
    for (size_t i = 0; i < curve->node_count && c.error.status == EG_OK; i++) {
        const eg_trace_node *node = &curve->nodes[i];
        eg_plot_mark(c.plot, node->singular ? EG_PLOT_END : EG_PLOT_HOLE,
                     0.5 * (node->box[0][0] + node->box[0][1]),
                     0.5 * (node->box[1][0] + node->box[1][1]), node->singular ? "singular" : NULL,
                     &c.error);
    }
    return finish(&c);
}
