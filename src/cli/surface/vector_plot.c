/* SPDX-License-Identifier: MIT */
/* Plots a vector field (--plot): field lines, arrows, level curves of the potential, the vector at
 * the point, and the paths of --work and --flux. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/plot_file.h"
#include "cli/surface/surface_plane.h"
#include "cli/surface/vector.h"

enum {
    SIDE = 201,        /* samples along each axis, for field lines */
    LEVEL_SIDE = 321,  /* for the level curves */
    ARROWS = 13,       /* along each axis */
    ARROW_PIXELS = 30, /* length of the longest arrow */
    PATH_POINTS = 400
};

#define SEPARATION    11.0 /* of field lines, in samples */
#define VECTOR_PIXELS 84.0
#define HALF_RANGE    2.0 /* of a range that no coordinate gives a size */

typedef struct vector_chart {
    vector_job *v;
    size_t axes[2]; /* variables on the axes */
    eg_plot_options options;
    eg_plot *plot;
    double x[2], y[2]; /* ranges of the plot */
    eg_error error;
} vector_chart;

static surface_plane plane_of(const vector_chart *c, const eg_expr *expr)
{
    return (surface_plane){expr, c->v->job->point, {c->axes[0], c->axes[1]}};
}

/* Computes the component along an axis at the points. */
static eg_status component(const vector_chart *c, int axis, const double x[], const double y[],
                           size_t count, double values[], eg_error *error)
{
    surface_plane f = plane_of(c, eg_vector_component(c->v->field, c->axes[axis]));
    return surface_plane_evaluate(&f, x, y, count, values, error);
}

/* ---- field lines ---- */

/* Draws one field line. An eg_line_callback. */
static eg_status draw_field_line(void *opaque, const eg_line *line, eg_error *error)
{
    const vector_chart *c = opaque;
    double *points = malloc(2 * line->count * sizeof *points);
    if (!points)
        return fail_no_memory(error, "a field line");
    for (size_t i = 0; i < line->count; i++) {
        points[2 * i] = c->x[0] + (c->x[1] - c->x[0]) * line->points[2 * i] / (SIDE - 1);
        points[2 * i + 1] = c->y[0] + (c->y[1] - c->y[0]) * line->points[2 * i + 1] / (SIDE - 1);
    }
    eg_status status = eg_plot_path(c->plot, EG_PLOT_THIN, points, line->count, error);
    free(points);
    return status;
}

/* Samples the components along the axes, in samples per unit of time. */
static void sample_components(vector_chart *c, eg_grid grids[2])
{
    double x[SIDE], y[SIDE];
    for (size_t axis = 0; axis < 2; axis++) {
        const double *range = axis ? c->y : c->x;
        if (c->error.status == EG_OK)
            eg_grid_new(&grids[axis], c->v->job->ctx, SIDE, SIDE, EG_F64, &c->error);
        for (size_t row = 0; row < SIDE && c->error.status == EG_OK; row++) {
            double *values =
                (double *)(void *)((char *)grids[axis].data + row * grids[axis].stride);
            for (size_t i = 0; i < SIDE; i++) {
                x[i] = plot_file_interpolate(c->x, i, SIDE);
                y[i] = plot_file_interpolate(c->y, row, SIDE);
            }
            component(c, (int)axis, x, y, SIDE, values, &c->error);
            for (size_t i = 0; i < SIDE; i++)
                values[i] = isfinite(values[i]) ? values[i] * (SIDE - 1) / (range[1] - range[0])
                                                : (double)NAN;
        }
    }
}

static void draw_field_lines(vector_chart *c)
{
    eg_grid grids[2] = {{0}};
    eg_streamline_options options;
    eg_streamline_default(&options);
    options.separation = SEPARATION;
    sample_components(c, grids);
    if (c->error.status == EG_OK)
        eg_streamlines(c->v->job->ctx, &grids[0], &grids[1], NULL, &options, draw_field_line, c,
                       NULL, &c->error);
    eg_grid_free(&grids[0]);
    eg_grid_free(&grids[1]);
}

/* ---- other items ---- */

static void draw_arrows(vector_chart *c)
{
    double arrows[4 * ARROWS * ARROWS], x[ARROWS * ARROWS], y[ARROWS * ARROWS];
    double fx[ARROWS * ARROWS], fy[ARROWS * ARROWS];
    size_t count = 0;
    for (size_t i = 0; i < ARROWS * ARROWS; i++) {
        x[i] = plot_file_interpolate(c->x, 2 * (i % ARROWS) + 1, 2 * ARROWS + 1);
        y[i] = plot_file_interpolate(c->y, 2 * (i / ARROWS) + 1, 2 * ARROWS + 1);
    }
    component(c, 0, x, y, ARROWS * ARROWS, fx, &c->error);
    component(c, 1, x, y, ARROWS * ARROWS, fy, &c->error);
    for (size_t i = 0; i < ARROWS * ARROWS && c->error.status == EG_OK; i++)
        if (isfinite(hypot(fx[i], fy[i])))
            memcpy(arrows + 4 * count++, (const double[]){x[i], y[i], fx[i], fy[i]},
                   sizeof(double[4]));
    surface_clip_arrows(arrows, count);
    if (c->error.status == EG_OK)
        eg_plot_arrows(c->plot, arrows, count, ARROW_PIXELS, &c->error);
}

/* Draws the path of an option. */
static void draw_path(vector_chart *c, const eg_vector_path *path)
{
    double points[2 * PATH_POINTS], ends[2], t;
    if (!path)
        return;
    for (int end = 0; end < 2 && c->error.status == EG_OK; end++)
        eg_expr_eval(eg_vector_path_end(path, end), NULL, &ends[end], NULL, NULL, &c->error);
    for (size_t i = 0; i < PATH_POINTS && c->error.status == EG_OK; i++) {
        t = ends[0] + (ends[1] - ends[0]) * (double)i / (PATH_POINTS - 1);
        for (size_t k = 0; k < 2; k++)
            eg_expr_eval(eg_vector_path_component(path, c->axes[k]), &t, &points[2 * i + k], NULL,
                         NULL, &c->error);
    }
    if (c->error.status == EG_OK)
        eg_plot_path(c->plot, EG_PLOT_ACCENT, points, PATH_POINTS, &c->error);
}

/* Draws the point and the vector there. */
static void draw_point(vector_chart *c)
{
    const surface_job *job = c->v->job;
    const block_writer digits = {.digits = 5};
    char label[BLOCK_LINE_SIZE], coordinates[BLOCK_LINE_SIZE];
    double arrow[4], value[EG_VECTOR_DIMENSION];
    if (!job->options->at)
        return;
    for (size_t i = 0; i < c->v->n && c->error.status == EG_OK; i++)
        eg_expr_eval(eg_vector_component(c->v->field, i), job->point, &value[i], NULL, NULL,
                     &c->error);
    if (c->error.status != EG_OK)
        return;
    for (size_t i = 0; i < 2; i++) {
        arrow[i] = job->point[c->axes[i]];
        arrow[2 + i] = value[c->axes[i]];
    }
    if (isfinite(hypot(arrow[2], arrow[3])) && hypot(arrow[2], arrow[3]) > 0)
        eg_plot_vector(c->plot, EG_PLOT_LINE, arrow, VECTOR_PIXELS, "F", &c->error);
    block_format_vector(&digits, coordinates, sizeof coordinates, job->point, c->v->n);
    snprintf(label, sizeof label, "%s", coordinates);
    eg_plot_mark(c->plot, EG_PLOT_END, arrow[0], arrow[1], label, &c->error);
}

static void draw(vector_chart *c)
{
    eg_plot_ranges(c->plot, c->x, c->y);
    if (c->v->test.potential) {
        surface_plane f = plane_of(c, c->v->test.potential);
        eg_plot_field_values(c->plot, surface_plane_evaluate, &f, LEVEL_SIDE, NULL, 0, &c->error);
    }
    if (c->error.status == EG_OK)
        draw_field_lines(c);
    if (c->error.status == EG_OK)
        draw_arrows(c);
    if (c->error.status != EG_OK)
        return;
    draw_path(c, c->v->work);
    draw_path(c, c->v->flux);
    draw_point(c);
    eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_THIN, "field lines", &c->error);
    eg_plot_legend(c->plot, EG_PLOT_SAMPLE_ARROW, EG_PLOT_LINE, "F", &c->error);
    if (c->v->test.potential)
        eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_CURVE, "level curves of the potential",
                       &c->error);
    if (c->v->work || c->v->flux)
        eg_plot_legend(c->plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_ACCENT,
                       c->v->work ? "path of --work" : "path of --flux", &c->error);
}

/* ---- options ---- */

/* Chooses square ranges around 0 that contain the point and the paths. */
static void choose_ranges(vector_chart *c)
{
    const eg_vector_path *paths[] = {c->v->work, c->v->flux};
    double half = 0, ends[2] = {0};
    for (size_t i = 0; i < 2 && c->v->job->options->at; i++)
        half = fmax(half, 1.5 * fabs(c->v->job->point[c->axes[i]]));
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; paths[p] && i <= PATH_POINTS; i++) {
            double value = (double)NAN;
            for (int end = 0; end < 2; end++)
                eg_expr_eval(eg_vector_path_end(paths[p], end), NULL, &ends[end], NULL, NULL,
                             &c->error);
            double t = ends[0] + (ends[1] - ends[0]) * (double)i / PATH_POINTS;
            for (size_t k = 0; k < 2; k++) {
                eg_expr_eval(eg_vector_path_component(paths[p], c->axes[k]), &t, &value, NULL, NULL,
                             &c->error);
                half = isfinite(value) ? fmax(half, 1.3 * fabs(value)) : half;
            }
        }
    half = half > 0 ? half : HALF_RANGE;
    c->options.x[0] = c->options.y[0] = -half;
    c->options.x[1] = c->options.y[1] = half;
}

int vector_plot(vector_job *v)
{
    vector_chart c = {.v = v};
    const surface_job *job = v->job;
    if (!job->options->plot)
        return EXIT_DONE;
    int code = surface_read_axes(job, "--plot", eg_vector_component(v->field, 0), c.axes);
    if (code != EXIT_DONE)
        return code;
    eg_plot_default(&c.options);
    choose_ranges(&c);
    if (job->options->range &&
        !plot_file_range(job->args, job->options->range, c.options.x, c.options.y))
        return EXIT_USAGE;
    char *head = vector_head_text(v), *components = vector_components_text(v);
    char *title = format_text("%s = %s", head, components);
    c.options.title = title;
    c.options.legend = true;
    c.options.x_label = vector_variable(v, c.axes[0]);
    c.options.y_label = vector_variable(v, c.axes[1]);
    if (c.error.status == EG_OK && eg_plot_shape(job->ctx, &c.options, &c.error) == EG_OK &&
        eg_plot_new(&c.plot, job->ctx, &c.options, &c.error) == EG_OK)
        draw(&c);
    if (c.error.status == EG_OK)
        surface_write_plot(job, c.plot, &c.error);
    eg_plot_free(c.plot);
    free(head);
    free(components);
    free(title);
    return report_error(job->settings, &c.error);
}
