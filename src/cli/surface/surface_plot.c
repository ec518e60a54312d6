/* SPDX-License-Identifier: MIT */
/* The picture of a surface: level curves, gradients across them, and what is to be seen at the
 * point. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/plot_file.h"
#include "cli/surface/surface.h"

enum {
    SIDE = 321,       /* samples along each axis */
    ARROWS = 11,      /* along the longer axis */
    AROUND = 32,      /* pixels of a raster on each side of the point */
    ARROW_PIXELS = 42 /* the longest */
};

#define VECTOR_PIXELS 84.0 /* gradient and direction at the point */
#define HALF_RANGE    2.0  /* on each side of 0, where no number says how large things are */
#define TANGENT       0.3  /* of the range, on each side */

/* What is drawn: a function of two variables, an expression or a raster. */
typedef struct chart {
    surface_job *job;
    const eg_grid *grid; /* NULL: job->f */
    size_t axes[2];      /* variables of f */
    double at[2];        /* the point, on the axes */
    bool marked, smooth; /* there is a point; it has a gradient */
    double value, gradient[2];
    eg_plot_options options;
    eg_plot *plot;
    double *values;
    eg_error error;
} chart;

/* ---- the function ---- */

static bool value_at(chart *c, const double p[2], double *value, double gradient[2])
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

/* Row 0 is at the foot, where y is largest. */
static bool sample_grid(chart *c, const double x[2], const double y[2])
{
    double p[2], unused[2];
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        p[0] = chart_along(x, i % SIDE, SIDE);
        p[1] = chart_along(y, SIDE - 1 - i / SIDE, SIDE);
        if (!value_at(c, p, c->values + i, unused))
            return false;
    }
    return true;
}

/* An expression of the same variables as f over the ranges, the others as at the point. */
static bool sample(chart *c, const eg_expr *expr, const double x[2], const double y[2])
{
    enum { COUNT = SIDE * SIDE };
    const double *points[EG_EXPR_VARIABLES];
    size_t n = c->job->n;
    double *memory = malloc(n * COUNT * sizeof *memory);
    if (!memory) {
        c->error.status = EG_NO_MEMORY;
        return false;
    }
    for (size_t v = 0; v < n; v++) {
        points[v] = memory + v * COUNT;
        for (size_t i = 0; i < COUNT; i++)
            memory[v * COUNT + i] = v == c->axes[0]   ? chart_along(x, i % SIDE, SIDE)
                                    : v == c->axes[1] ? chart_along(y, i / SIDE, SIDE)
                                                      : c->job->point[v];
    }
    eg_status status = eg_expr_eval_batch(expr, points, COUNT, c->values, NULL, &c->error);
    free(memory);
    return status == EG_OK;
}

/* ---- what is drawn ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Beside a pole all others would be points: what is longer than nine tenths of them is cut to that.
 */
static void even_out(double *arrows, size_t count)
{
    double lengths[ARROWS * ARROWS] = {0};
    for (size_t i = 0; i < count; i++)
        lengths[i] = hypot(arrows[4 * i + 2], arrows[4 * i + 3]);
    qsort(lengths, count, sizeof *lengths, by_size);
    double longest = count ? lengths[count * 9 / 10] : 0;
    for (size_t i = 0; i < count; i++) {
        double length = hypot(arrows[4 * i + 2], arrows[4 * i + 3]);
        for (size_t k = 2; k < 4 && length > longest; k++)
            arrows[4 * i + k] *= longest / length;
    }
}

static void draw_arrows(chart *c, const double x[2], const double y[2])
{
    double arrows[4 * ARROWS * ARROWS], p[2], value, g[2];
    double wide = x[1] - x[0], high = y[1] - y[0];
    double step = fmax(wide, high) / ARROWS;
    size_t columns = (size_t)fmax(1, floor(wide / step + 0.5)), count = 0;
    size_t rows = (size_t)fmax(1, floor(high / step + 0.5));
    for (size_t i = 0; i < rows * columns; i++) {
        p[0] = chart_along(x, 2 * (i % columns) + 1, 2 * columns + 1);
        p[1] = chart_along(y, 2 * (i / columns) + 1, 2 * rows + 1);
        if (!value_at(c, p, &value, g))
            return;
        if (isfinite(hypot(g[0], g[1])))
            memcpy(arrows + 4 * count++, (const double[]){p[0], p[1], g[0], g[1]},
                   sizeof(double[4]));
    }
    even_out(arrows, count);
    eg_plot_arrows(c->plot, arrows, count, ARROW_PIXELS, &c->error);
}

/* Its level curve, the tangent of that, and the gradient across. */
static void draw_point(chart *c, const double x[2], const double y[2])
{
    const double *p = c->at, *g = c->gradient;
    double length = hypot(g[0], g[1]);
    bool slopes = c->smooth && length > 0;
    if (isfinite(c->value))
        eg_plot_level(c->plot, EG_PLOT_CURVE, c->values, SIDE, SIDE, c->value, &c->error);
    if (slopes) {
        double reach = TANGENT * fmax(x[1] - x[0], y[1] - y[0]) / length;
        double ends[] = {p[0] - reach * g[1], p[1] + reach * g[0], p[0] + reach * g[1],
                         p[1] - reach * g[0]};
        eg_plot_path(c->plot, EG_PLOT_DASHED, ends, 2, &c->error);
    }
    if (!c->grid && c->job->constraint && sample(c, c->job->constraint, x, y))
        eg_plot_level(c->plot, EG_PLOT_ACCENT, c->values, SIDE, SIDE, 0, &c->error);
    if (slopes)
        eg_plot_vector(c->plot, EG_PLOT_TRAJECTORY, (const double[]){p[0], p[1], g[0], g[1]},
                       VECTOR_PIXELS, "∇f", &c->error);
}

static void draw_marks(chart *c)
{
    const surface_job *job = c->job;
    const double *p = c->at;
    char place[SHEET_LINE], label[SHEET_LINE + 64], number[SHEET_NUMBER];
    const sheet digits = {.digits = 5};
    if (!c->grid && job->asked->along)
        eg_plot_vector(c->plot, EG_PLOT_ACCENT,
                       (const double[]){p[0], p[1], job->along[c->axes[0]], job->along[c->axes[1]]},
                       VECTOR_PIXELS, "u", &c->error);
    if (!c->grid && job->asked->to)
        eg_plot_mark(c->plot, EG_PLOT_POINT, job->to[c->axes[0]], job->to[c->axes[1]], "to",
                     &c->error);
    sheet_show_vector(&digits, place, sizeof place, job->point, c->grid ? 2 : job->n);
    if (isfinite(c->value))
        snprintf(label, sizeof label, "f%s = %s", place, sheet_show(&digits, number, c->value));
    eg_plot_mark(c->plot, EG_PLOT_END, p[0], p[1], isfinite(c->value) ? label : place, &c->error);
}

static void draw(chart *c)
{
    double x[2], y[2];
    eg_plot_ranges(c->plot, x, y);
    if (!(c->grid ? sample_grid(c, x, y) : sample(c, c->job->f, x, y)))
        return;
    if (eg_plot_values(c->plot, c->values, SIDE, SIDE, NULL, 0, &c->error) != EG_OK)
        return;
    draw_arrows(c, x, y);
    if (c->marked)
        draw_point(c, x, y);
    if (c->marked)
        draw_marks(c);
}

static int finish(chart *c, const char *title)
{
    const surface_job *job = c->job;
    c->options.title = title;
    eg_plot_shape(&c->options);
    c->values = malloc(SIDE * SIDE * sizeof *c->values);
    if (!c->values)
        c->error.status = EG_NO_MEMORY;
    else if (eg_plot_new(&c->plot, job->ctx, &c->options, &c->error) == EG_OK)
        draw(c);
    if (c->error.status == EG_OK)
        chart_write(job->ctx, c->plot, job->asked->plot, &c->error);
    eg_plot_free(c->plot);
    free(c->values);
    return report_error(job->settings, &c->error);
}

/* ---- expressions ---- */

/* Reads --axes; without it the first two variables. */
static int read_axes(chart *c)
{
    const surface_job *job = c->job;
    const char *text = job->asked->axes;
    char known[512];
    size_t found[2] = {job->n, job->n}, comma = text ? strcspn(text, ",") : 0;
    formula_variables(job->f, known, sizeof known);
    c->axes[0] = 0;
    c->axes[1] = 1;
    if (job->n < 2) {
        message("--plot: a map needs two variables, and the expression has only %s", known);
        return EXIT_USAGE;
    }
    if (job->n > 2 && !job->asked->at) {
        message("--plot: the expression has %zu variables (%s): --at says where those stay that "
                "are not --axes",
                job->n, known);
        return EXIT_USAGE;
    }
    if (!text)
        return EXIT_DONE;
    for (size_t i = 0; i < job->n; i++) {
        const char *name = eg_expr_name(job->f, i);
        if (strlen(name) == comma && strncmp(name, text, comma) == 0)
            found[0] = i;
        if (text[comma] && strcmp(name, text + comma + 1) == 0)
            found[1] = i;
    }
    memcpy(c->axes, found, sizeof found);
    if (found[0] < job->n && found[1] < job->n && found[0] != found[1])
        return EXIT_DONE;
    message("--axes: '%.200s' is not two of the variables %s, as in %s,%s", text, known,
            eg_expr_name(job->f, 0), eg_expr_name(job->f, 1));
    return EXIT_USAGE;
}

/* Around the point, with 0 and the point of --to inside. */
static void choose_ranges(chart *c)
{
    const surface_job *job = c->job;
    double half = 0;
    for (size_t i = 0; i < 2 && c->marked; i++) {
        half = fmax(half, 1.5 * fabs(c->at[i]));
        if (job->asked->to)
            half = fmax(half, 2.5 * fabs(job->to[c->axes[i]] - c->at[i]));
    }
    half = half > 0 ? half : HALF_RANGE;
    for (size_t i = 0; i < 2; i++) {
        double *range = i ? c->options.y : c->options.x;
        range[0] = c->at[i] - half;
        range[1] = c->at[i] + half;
    }
}

/* "f(x, y) = x^2*y*z, z = 3; g = x + y - 10 = 0" */
static void put_title(const chart *c, char *out, size_t size)
{
    const surface_job *job = c->job;
    char names[512], number[SHEET_NUMBER];
    char *text = surface_print(job->f);
    char *constraint = job->constraint ? surface_print(job->constraint) : NULL;
    formula_variables(job->f, names, sizeof names);
    size_t used = (size_t)snprintf(out, size, "f(%s) = %s", names, text ? text : "");
    for (size_t i = 0; i < job->n && used < size; i++)
        if (i != c->axes[0] && i != c->axes[1])
            used += (size_t)snprintf(out + used, size - used, ", %s = %s", eg_expr_name(job->f, i),
                                     sheet_show(&(sheet){.digits = 5}, number, job->point[i]));
    if (constraint && used < size)
        snprintf(out + used, size - used, "; %s = 0", constraint);
    free(constraint);
    free(text);
}

int surface_plot(surface_job *job)
{
    chart c = {.job = job, .marked = job->asked->at != NULL, .value = (double)NAN};
    char title[SHEET_LINE];
    if (!job->asked->plot)
        return EXIT_DONE;
    int code = read_axes(&c);
    if (code != EXIT_DONE)
        return code;
    for (size_t i = 0; i < 2; i++) {
        c.at[i] = job->point[c.axes[i]];
        c.gradient[i] = job->at.gradient[c.axes[i]];
    }
    if (c.marked)
        c.value = job->at.value;
    c.smooth = c.marked && job->at.differentiability == EG_DIFFERENTIABLE;
    eg_plot_default(&c.options);
    choose_ranges(&c);
    if (job->asked->range && !chart_range(job->line, job->asked->range, c.options.x, c.options.y))
        return EXIT_USAGE;
    c.options.x_label = eg_expr_name(job->f, c.axes[0]);
    c.options.y_label = eg_expr_name(job->f, c.axes[1]);
    put_title(&c, title, sizeof title);
    return finish(&c, title);
}

/* ---- rasters ---- */

/* The pixels around the point, as far as there are any; y runs down. */
static void choose_pixels(chart *c)
{
    for (int i = 0; i < 2; i++) {
        double *range = i ? c->options.y : c->options.x;
        double last = (double)(i ? c->grid->height : c->grid->width) - 1;
        range[0] = fmax(0, fmin(c->at[i], last) - AROUND);
        range[1] = fmin(last, fmax(c->at[i], 0) + AROUND);
    }
}

int surface_plot_field(surface_job *job, const eg_grid *grid)
{
    chart c = {.job = job, .grid = grid, .marked = true};
    double *x = c.options.x, *y = c.options.y;
    if (!job->asked->plot)
        return EXIT_DONE;
    if (job->asked->axes)
        return usage_error(job->line->command, "--axes has no effect with --field");
    memcpy(c.at, job->point, sizeof c.at);
    eg_plot_default(&c.options);
    choose_pixels(&c);
    if (job->asked->range && !chart_range(job->line, job->asked->range, x, y))
        return EXIT_USAGE;
    c.options.y_down = true;
    c.options.x_label = "x, pixels";
    c.options.y_label = "y, pixels";
    if (!value_at(&c, c.at, &c.value, c.gradient))
        return report_error(job->settings, &c.error);
    c.smooth = isfinite(hypot(c.gradient[0], c.gradient[1]));
    return finish(&c, job->asked->field);
}
