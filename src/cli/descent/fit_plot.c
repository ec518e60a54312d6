/* SPDX-License-Identifier: MIT */
/* Plots a fit to one column: data, curve and the 95 % confidence band of the curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/fit.h"
#include "cli/support/plot_file.h"

enum {
    CURVE = 601, /* points of the curve */
    MARKS = 100, /* most data points drawn as marks; more are dots */
    DOTS = 4000  /* most data points drawn */
};

#define MARGIN 0.05 /* on each side, relative to the extent of the data */
#define BAND   0.95 /* probability of the confidence band at each place */

/* The curve as pairs x, y, and its band as triples x, low, high. */
typedef struct fit_curve {
    double line[2 * CURVE], band[3 * CURVE];
    double at[CURVE], values[CURVE], errors[CURVE];
    bool has_band;
} fit_curve;

bool fit_plot_wanted(const fit_run *fit)
{
    return !fit->run.options->axes && eg_fit_column(fit->fit) != NULL;
}

static const double *column(const fit_run *fit, const char *name)
{
    const double *values = NULL;
    size_t i = 0;
    while (eg_table_name(fit->table, i) && strcmp(eg_table_name(fit->table, i), name) != 0)
        i++;
    eg_table_column(fit->table, i, &values, NULL);
    return values;
}

/* Widens `range` to the finite ones of `count` values. */
static void extend(double range[2], const double values[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i])) {
            range[0] = fmin(range[0], values[i]);
            range[1] = fmax(range[1], values[i]);
        }
}

static void add_margin(double range[2])
{
    double size = range[1] - range[0];
    double margin = size > 0 ? MARGIN * size : range[0] != 0 ? fabs(range[0]) / 2 : 1;
    range[0] -= margin;
    range[1] += margin;
}

/* Widens the range of y to the curve and to what is near of its band. */
static void extend_to_curve(double y[2], const fit_curve *c)
{
    extend(y, c->values, CURVE);
    double near = (y[1] - y[0]) / 2, low = y[0] - near, high = y[1] + near;
    for (size_t i = 0; c->has_band && i < CURVE; i++) {
        y[0] = fmin(y[0], fmax(low, c->band[3 * i + 1]));
        y[1] = fmax(y[1], fmin(high, c->band[3 * i + 2]));
    }
}

/* Computes the curve over the range of x. */
static eg_status fill_curve(const fit_run *fit, const double x[2], fit_curve *c, eg_error *error)
{
    const eg_fit_statistics *q = &fit->statistics;
    bool known = fit->run.options->sigma != NULL;
    /* With known sigma the errors are normal: infinitely many degrees of freedom. */
    double t = eg_student_quantile((1 + BAND) / 2, known ? INFINITY : (double)q->freedom);
    for (size_t i = 0; i < CURVE; i++)
        c->at[i] = plot_file_interpolate(x, i, CURVE);
    eg_status status = eg_fit_predict(fit->fit, fit->run.x, fit->covariance, c->at, CURVE,
                                      c->values, c->errors, error);
    c->has_band = q->outcome == EG_FIT_MINIMUM && isfinite(t);
    for (size_t i = 0; status == EG_OK && i < CURVE; i++) {
        c->line[2 * i] = c->band[3 * i] = c->at[i];
        c->line[2 * i + 1] = c->values[i];
        c->band[3 * i + 1] = c->values[i] - t * c->errors[i];
        c->band[3 * i + 2] = c->values[i] + t * c->errors[i];
    }
    return status;
}

/* Draws the data, at most DOTS points of them, evenly spaced in the table. */
static eg_status draw_data(const double x[], const double y[], size_t rows, eg_plot *plot,
                           eg_error *error)
{
    size_t stride = (rows + DOTS - 1) / DOTS;
    eg_status status = EG_OK;
    for (size_t i = 0; status == EG_OK && i < rows; i += stride)
        status = rows <= MARKS ? eg_plot_mark(plot, EG_PLOT_POINT, x[i], y[i], NULL, error)
                               : eg_plot_path(plot, EG_PLOT_TRAJECTORY,
                                              (const double[]){x[i], y[i]}, 1, error);
    return status;
}

static eg_status draw(const fit_run *fit, const fit_curve *c, const double x[], const double y[],
                      eg_plot *plot, eg_error *error)
{
    eg_status status =
        c->has_band ? eg_plot_band(plot, EG_PLOT_CURVE, c->band, CURVE, error) : EG_OK;
    if (status == EG_OK)
        status = eg_plot_path(plot, EG_PLOT_CURVE, c->line, CURVE, error);
    if (status == EG_OK)
        status = draw_data(x, y, eg_table_rows(fit->table), plot, error);
    if (status == EG_OK)
        status = eg_plot_legend(plot, EG_PLOT_SAMPLE_DOT, EG_PLOT_TRAJECTORY, "data", error);
    if (status == EG_OK)
        status = eg_plot_legend(plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_CURVE, "fit", error);
    if (status == EG_OK && c->has_band)
        status =
            eg_plot_legend(plot, EG_PLOT_SAMPLE_BAND, EG_PLOT_CURVE, "95 % confidence band", error);
    return status;
}

int fit_plot(fit_run *fit)
{
    const descent_settings *d = fit->run.options;
    const char *name = eg_fit_column(fit->fit);
    const double *x = column(fit, name), *y = column(fit, d->target);
    size_t rows = eg_table_rows(fit->table);
    eg_error *error = &fit->run.error;
    char title[300];
    eg_plot *plot = NULL;
    eg_plot_options options;
    fit_curve *curve = malloc(sizeof *curve);
    if (!curve) {
        fail_no_memory(error, "the curve of the plot");
        return report_error(fit->run.settings, error);
    }
    eg_plot_default(&options);
    options.x[0] = options.y[0] = INFINITY;
    options.x[1] = options.y[1] = -INFINITY;
    extend(options.x, x, rows);
    add_margin(options.x);
    eg_status status = fill_curve(fit, options.x, curve, error);
    extend(options.y, y, rows);
    extend_to_curve(options.y, curve);
    add_margin(options.y);
    if (d->range && !plot_file_range(fit->run.args, d->range, options.x, options.y)) {
        free(curve);
        return EXIT_USAGE;
    }
    if (status == EG_OK && d->range)
        status = fill_curve(fit, options.x, curve, error);
    snprintf(title, sizeof title, "%.60s = %.150s", d->target, d->model);
    options.title = title;
    options.legend = true;
    options.x_label = name;
    options.y_label = d->target;
    options.equal = d->equal;
    if (status == EG_OK)
        status = eg_plot_new(&plot, fit->run.log.ctx, &options, error);
    if (status == EG_OK)
        status = draw(fit, curve, x, y, plot, error);
    if (status == EG_OK)
        plot_file_write(fit->run.log.ctx, plot, d->plot, fit->run.log.outputs, error);
    eg_plot_free(plot);
    free(curve);
    return report_error(fit->run.settings, error);
}
