/* SPDX-License-Identifier: MIT */
/* Plots a function or raster (--plot): level curves, gradients, and the point with its tangent. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/plot_file.h"
#include "cli/surface/surface_plane.h"

enum {
    GRID = 321,       /* samples along each axis */
    ARROWS = 11,      /* along the longer axis */
    AROUND = 32,      /* pixels of a raster on each side of the point */
    ARROW_PIXELS = 42 /* length of the longest arrow */
};

#define VECTOR_PIXELS 84.0 /* length of the gradient and of --along */
#define HALF_RANGE    2.0  /* of a range that no coordinate gives a size */
#define TANGENT       0.3  /* half the tangent's length, relative to the larger range */

typedef struct surface_chart {
    surface_job *job;
    const eg_grid *grid; /* raster to plot; NULL: job->f */
    size_t axes[2];      /* variables of f on the axes */
    double at[2];        /* coordinates of the point on the axes */
    bool has_point;      /* a point was given */
    bool has_gradient;   /* f is differentiable there */
    bool is_hole;        /* f is undefined there, but has the limit `value` */
    surface_arrows arrows;
    double factor; /* of the gradient in the arrows; 0: none */
    char arrow_text[BLOCK_NUMBER_SIZE + 64];
    double value, gradient[2]; /* at the point */
    eg_plot_options options;
    eg_plot *plot;
    eg_error error;
} surface_chart;

/* ---- the function ---- */

/* Evaluates the function at a point of the plot. False: c->error says why. */
static bool evaluate(surface_chart *c, const double p[2], double *value, double gradient[2])
{
    double point[EG_EXPR_VARIABLES], all[EG_EXPR_VARIABLES];
    if (c->grid)
        return eg_grid_interpolate(c->grid, p, value, gradient, NULL, &c->error) == EG_OK;
    memcpy(point, c->job->point, sizeof point);
    point[c->axes[0]] = p[0];
    point[c->axes[1]] = p[1];
    if (eg_expr_eval(c->job->f, point, value, all, NULL, &c->error) != EG_OK)
        return false;
    gradient[0] = all[c->axes[0]];
    gradient[1] = all[c->axes[1]];
    return true;
}

/* A function on the axes: an expression, the other variables as at the point, or a raster. */
typedef struct plane_function {
    const surface_chart *chart;
    const eg_expr *expr; /* NULL: chart->grid */
} plane_function;

/* Evaluates a plane_function. An eg_plot_field. */
static eg_status evaluate_field(void *opaque, const double x[], const double y[], size_t count,
                                double values[], eg_error *error)
{
    const plane_function *f = opaque;
    const surface_chart *c = f->chart;
    eg_status status = EG_OK;
    if (!f->expr) {
        for (size_t i = 0; i < count && status == EG_OK; i++)
            status = eg_grid_interpolate(c->grid, (const double[]){x[i], y[i]}, values + i, NULL,
                                         NULL, error);
        return status;
    }
    surface_plane plane = {f->expr, c->job->point, {c->axes[0], c->axes[1]}};
    return surface_plane_evaluate(&plane, x, y, count, values, error);
}

/* ---- items ---- */

static void draw_arrows(surface_chart *c, const double x[2], const double y[2])
{
    double arrows[4 * ARROWS * ARROWS], p[2], value, g[2];
    double width = x[1] - x[0], height = y[1] - y[0];
    double step = fmax(width, height) / ARROWS;
    size_t columns = (size_t)fmax(1, floor(width / step + 0.5)), count = 0;
    size_t rows = (size_t)fmax(1, floor(height / step + 0.5));
    if (!c->options.equal) {
        columns = ARROWS;
        rows = ARROWS * 3 / 4;
    }
    for (size_t i = 0; i < rows * columns; i++) {
        p[0] = plot_file_interpolate(x, 2 * (i % columns) + 1, 2 * columns + 1);
        p[1] = plot_file_interpolate(y, 2 * (i / columns) + 1, 2 * rows + 1);
        if (!evaluate(c, p, &value, g))
            return;
        if (isfinite(hypot(g[0], g[1])))
            memcpy(arrows + 4 * count++,
                   (const double[]){p[0], p[1], c->factor * g[0], c->factor * g[1]},
                   sizeof(double[4]));
    }
    surface_clip_arrows(arrows, count);
    eg_plot_arrows(c->plot, arrows, count, ARROW_PIXELS, &c->error);
}

/* Draws the level curve through the point, its tangent, the constraint and the gradient. */
static void draw_point(surface_chart *c, const double x[2], const double y[2])
{
    const double *p = c->at, *g = c->gradient;
    double length = hypot(g[0], g[1]);
    bool has_tangent = c->has_gradient && length > 0;
    plane_function f = {c, c->grid ? NULL : c->job->f};
    if (isfinite(c->value))
        eg_plot_field_level(c->plot, EG_PLOT_CURVE, evaluate_field, &f, GRID, c->value, &c->error);
    if (has_tangent) {
        double reach = TANGENT * fmax(x[1] - x[0], y[1] - y[0]) / length;
        double ends[] = {p[0] - reach * g[1], p[1] + reach * g[0], p[0] + reach * g[1],
                         p[1] - reach * g[0]};
        eg_plot_path(c->plot, EG_PLOT_DASHED, ends, 2, &c->error);
    }
    for (size_t k = 0; !c->grid && k < c->job->constraint_count; k++) {
        plane_function constraint = {c, c->job->constraint[k]};
        eg_plot_field_level(c->plot, EG_PLOT_ACCENT, evaluate_field, &constraint, GRID, 0,
                            &c->error);
    }
    if (has_tangent) {
        double factor = c->factor != 0 ? c->factor : 1;
        eg_plot_vector(c->plot, EG_PLOT_TRAJECTORY,
                       (const double[]){p[0], p[1], factor * g[0], factor * g[1]}, VECTOR_PIXELS,
                       c->arrows == ARROWS_FLUX      ? "flux"
                       : c->arrows == ARROWS_DESCENT ? "-∇f"
                                                     : "∇f",
                       &c->error);
    }
}

/* Draws --along, --to and the point with its label. */
static void draw_marks(surface_chart *c)
{
    const surface_job *job = c->job;
    const double *p = c->at;
    char coordinates[BLOCK_LINE_SIZE], label[BLOCK_LINE_SIZE + 64], number[BLOCK_NUMBER_SIZE];
    const block_writer digits = {.digits = 5};
    if (!c->grid && job->options->along)
        eg_plot_vector(c->plot, EG_PLOT_ACCENT,
                       (const double[]){p[0], p[1], job->along[c->axes[0]], job->along[c->axes[1]]},
                       VECTOR_PIXELS, "u", &c->error);
    if (!c->grid && job->options->to)
        eg_plot_mark(c->plot, EG_PLOT_POINT, job->to[c->axes[0]], job->to[c->axes[1]], "to",
                     &c->error);
    block_format_vector(&digits, coordinates, sizeof coordinates, job->point, c->grid ? 2 : job->n);
    if (isfinite(c->value))
        snprintf(label, sizeof label, c->is_hole ? "f%s undefined, limit %s" : "f%s = %s",
                 coordinates, block_format_number(&digits, number, c->value));
    eg_plot_mark(c->plot, c->is_hole ? EG_PLOT_HOLE : EG_PLOT_END, p[0], p[1],
                 isfinite(c->value) ? label : coordinates, &c->error);
}

static void draw_surface(surface_chart *c)
{
    double x[2], y[2];
    eg_plot_ranges(c->plot, x, y);
    plane_function f = {c, c->grid ? NULL : c->job->f};
    if (eg_plot_field_values(c->plot, evaluate_field, &f, GRID, NULL, 0, &c->error) != EG_OK)
        return;
    if (c->factor != 0)
        draw_arrows(c, x, y);
    if (!c->has_point && !c->grid && c->job->equation)
        eg_plot_field_level(c->plot, EG_PLOT_CURVE, evaluate_field, &f, GRID, 0, &c->error);
    if (c->options.legend)
        eg_plot_legend(c->plot, EG_PLOT_SAMPLE_ARROW, EG_PLOT_LINE, c->arrow_text, &c->error);
    if (c->has_point) {
        draw_point(c, x, y);
        draw_marks(c);
    }
}

/* Decides what the arrows show, and what the legend says of them. */
static void choose_arrows(surface_chart *c)
{
    const surface_job *job = c->job;
    const surface_settings *o = job->options;
    char number[BLOCK_NUMBER_SIZE];
    c->arrows = o->arrows != ARROWS_AUTO ? o->arrows
                : o->flux && !o->field   ? ARROWS_FLUX
                                         : ARROWS_GRADIENT;
    c->factor = c->arrows == ARROWS_FLUX      ? -job->flux
                : c->arrows == ARROWS_DESCENT ? -1
                : c->arrows == ARROWS_NONE    ? 0
                                              : 1;
    c->options.legend = c->arrows == ARROWS_FLUX || c->arrows == ARROWS_DESCENT;
    if (c->arrows == ARROWS_FLUX)
        snprintf(c->arrow_text, sizeof c->arrow_text, "flux -K ∇f, K = %s",
                 block_format_number(&(block_writer){.digits = 5}, number, job->flux));
    else
        snprintf(c->arrow_text, sizeof c->arrow_text, "-∇f, steepest descent");
}

/* Draws the plot into the file. Returns an exit code. */
static int write_plot(surface_chart *c, const char *title)
{
    const surface_job *job = c->job;
    c->options.title = title;
    choose_arrows(c);
    if (eg_plot_shape(job->ctx, &c->options, &c->error) == EG_OK &&
        eg_plot_new(&c->plot, job->ctx, &c->options, &c->error) == EG_OK)
        draw_surface(c);
    if (c->error.status == EG_OK)
        surface_write_plot(job, c->plot, &c->error);
    eg_plot_free(c->plot);
    return report_error(job->settings, &c->error);
}

/* ---- expressions ---- */

/* Checks that the options suit a function of one variable, or of several. Returns an exit code. */
static int check_variables(const surface_job *job)
{
    const surface_settings *o = job->options;
    if (job->n > 1 && o->derivative)
        return usage_error(job->args->command,
                           "--draw-derivative draws functions of one variable, and this has %zu",
                           job->n);
    if (job->n == 1 && (o->axes || o->arrows != ARROWS_AUTO))
        return usage_error(job->args->command, "--%s has no effect: the function has one variable",
                           o->axes ? "axes" : "arrows");
    return EXIT_DONE;
}

/* Chooses square ranges around the point that contain 0 and the point of --to. */
static void choose_ranges(surface_chart *c)
{
    const surface_job *job = c->job;
    double half = 0;
    for (size_t i = 0; i < 2 && c->has_point; i++) {
        half = fmax(half, 1.5 * fabs(c->at[i]));
        if (job->options->to)
            half = fmax(half, 2.5 * fabs(job->to[c->axes[i]] - c->at[i]));
    }
    half = half > 0 ? half : HALF_RANGE;
    for (size_t i = 0; i < 2; i++) {
        double *range = i ? c->options.y : c->options.x;
        range[0] = c->at[i] - half;
        range[1] = c->at[i] + half;
    }
}

/* Writes "f(x, y, z) = x^2*y*z, z = 3; x + y - 10 = 0". */
static void format_title(const surface_chart *c, char *out, size_t size)
{
    const surface_job *job = c->job;
    char names[512], number[BLOCK_NUMBER_SIZE];
    char *text = surface_format_expr(job->f);
    formula_variables(job->f, names, sizeof names);
    size_t used = (size_t)snprintf(out, size, "f(%s) = %s", names, text ? text : "");
    for (size_t i = 0; i < job->n && used < size; i++)
        if (i != c->axes[0] && i != c->axes[1])
            used += (size_t)snprintf(
                out + used, size - used, ", %s = %s", eg_expr_name(job->f, i),
                block_format_number(&(block_writer){.digits = 5}, number, job->point[i]));
    for (size_t k = 0; k < job->constraint_count && used < size; k++) {
        char *constraint = surface_format_expr(job->constraint[k]);
        used += (size_t)snprintf(out + used, size - used, "; %s = 0", constraint ? constraint : "");
        free(constraint);
    }
    free(text);
}

int surface_plot(surface_job *job)
{
    surface_chart c = {.job = job, .has_point = job->options->at != NULL, .value = (double)NAN};
    char title[BLOCK_LINE_SIZE];
    if (!job->options->plot)
        return EXIT_DONE;
    int code = check_variables(job);
    if (code == EXIT_DONE && job->n == 1)
        return surface_plot_graph(job);
    code = code == EXIT_DONE ? surface_read_axes(job, "--plot", job->f, c.axes) : code;
    if (code != EXIT_DONE)
        return code;
    for (size_t i = 0; i < 2; i++) {
        c.at[i] = job->point[c.axes[i]];
        c.gradient[i] = job->at.gradient[c.axes[i]];
    }
    c.is_hole = c.has_point && job->at.differentiability == EG_REMOVABLE_SINGULARITY;
    if (c.has_point)
        c.value = c.is_hole ? job->at.limit : job->at.value;
    c.has_gradient = c.has_point && job->at.differentiability == EG_DIFFERENTIABLE;
    eg_plot_default(&c.options);
    choose_ranges(&c);
    if (job->options->range &&
        !plot_file_range(job->args, job->options->range, c.options.x, c.options.y))
        return EXIT_USAGE;
    c.options.x_label = eg_expr_name(job->f, c.axes[0]);
    c.options.y_label = eg_expr_name(job->f, c.axes[1]);
    format_title(&c, title, sizeof title);
    return write_plot(&c, title);
}

/* ---- rasters ---- */

/* Chooses ranges of AROUND pixels around the point, within the raster. */
static void choose_pixel_ranges(surface_chart *c)
{
    for (int i = 0; i < 2; i++) {
        double *range = i ? c->options.y : c->options.x;
        double last = (double)(i ? c->grid->height : c->grid->width) - 1;
        range[0] = fmax(0, fmin(c->at[i], last) - AROUND);
        range[1] = fmin(last, fmax(c->at[i], 0) + AROUND);
    }
}

int surface_plot_raster(surface_job *job, const eg_grid *grid)
{
    surface_chart c = {.job = job, .grid = grid, .has_point = true};
    double *x = c.options.x, *y = c.options.y;
    if (!job->options->plot)
        return EXIT_DONE;
    if (job->options->axes)
        return usage_error(job->args->command, "--axes has no effect with --field");
    memcpy(c.at, job->point, sizeof c.at);
    eg_plot_default(&c.options);
    choose_pixel_ranges(&c);
    if (job->options->range && !plot_file_range(job->args, job->options->range, x, y))
        return EXIT_USAGE;
    c.options.y_down = true;
    c.options.x_label = "x, pixels";
    c.options.y_label = "y, pixels";
    if (!evaluate(&c, c.at, &c.value, c.gradient))
        return report_error(job->settings, &c.error);
    c.has_gradient = isfinite(hypot(c.gradient[0], c.gradient[1]));
    return write_plot(&c, job->options->field);
}
