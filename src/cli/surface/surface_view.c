/* SPDX-License-Identifier: MIT */
/* Draws the surface in space (--view): its tangent plane and gradient at the point. */
#include <math.h>
#include <stdlib.h>

#include "cli/support/format.h"
#include "cli/support/plot_file.h"
#include "cli/surface/surface_plane.h"

#define HALF_RANGE 2.0 /* of a range that no coordinate gives a size */

/* Checks the options of the view. Returns an exit code, after its message. */
static int check_view(const surface_job *job)
{
    const surface_settings *o = job->options;
    if (job->n < 2)
        return usage_error(job->args->command,
                           "--view shows functions of two variables or more, and this has one: "
                           "use --plot");
    if (job->equation)
        return usage_error(job->args->command,
                           "--view needs a function, one side of the equation only");
    if (!plot_file_recognizes(o->view))
        return usage_error(job->args->command,
                           "--view: '%.200s' has no known extension: use .png, .svg or .pdf",
                           o->view);
    return EXIT_DONE;
}

/* Chooses square ranges around the point that contain 0. */
static void choose_ranges(const surface_job *job, const size_t axes[2], eg_view *view)
{
    double half = 0;
    for (size_t i = 0; i < 2 && job->options->at; i++)
        half = fmax(half, 1.5 * fabs(job->point[axes[i]]));
    half = half > 0 ? half : HALF_RANGE;
    for (size_t i = 0; i < 2; i++) {
        double middle = job->options->at ? job->point[axes[i]] : 0, *range = i ? view->y : view->x;
        range[0] = middle - half;
        range[1] = middle + half;
    }
}

/* Sets the point with its value and tangent plane, as far as there are any. */
static void set_point(const surface_job *job, const size_t axes[2], eg_view *view)
{
    view->has_point = job->options->at && isfinite(job->at.value);
    view->has_tangent = view->has_point && job->at.differentiability == EG_DIFFERENTIABLE;
    view->value = job->at.value;
    for (size_t i = 0; i < 2; i++) {
        view->point[i] = job->point[axes[i]];
        view->gradient[i] = job->at.gradient[axes[i]];
    }
}

/* Returns "f(x, y, z) = x^2*y*z, z = 3", to be freed by the caller. */
static char *title_text(const surface_job *job, const size_t axes[2])
{
    char names[512], number[BLOCK_NUMBER_SIZE], *text = NULL;
    char *formula = surface_format_expr(job->f);
    FILE *out = format_stream(&text);
    formula_variables(job->f, names, sizeof names);
    fprintf(out, "f(%s) = %s", names, formula);
    for (size_t i = 0; i < job->n; i++)
        if (i != axes[0] && i != axes[1])
            fprintf(out, ", %s = %s", eg_expr_name(job->f, i),
                    block_format_number(&(block_writer){.digits = 5}, number, job->point[i]));
    format_close(out, &text);
    free(formula);
    return text;
}

int surface_view(surface_job *job)
{
    const surface_settings *o = job->options;
    surface_plane plane = {.expr = job->f, .point = job->point};
    eg_plot *plot = NULL;
    eg_error error = {0};
    eg_view view;
    if (!o->view)
        return EXIT_DONE;
    int code = check_view(job);
    code = code ? code : surface_read_axes(job, "--view", job->f, plane.axes);
    if (code != EXIT_DONE)
        return code;
    eg_view_default(&view);
    choose_ranges(job, plane.axes, &view);
    if (o->range && !plot_file_range(job->args, o->range, view.x, view.y))
        return EXIT_USAGE;
    set_point(job, plane.axes, &view);
    view.azimuth = o->azimuth;
    view.elevation = o->elevation;
    char *title = title_text(job, plane.axes);
    view.title = title;
    view.x_label = eg_expr_name(job->f, plane.axes[0]);
    view.y_label = eg_expr_name(job->f, plane.axes[1]);
    view.z_label = "f";
    if (eg_view_new(&plot, job->ctx, &view, surface_plane_evaluate, &plane, &error) == EG_OK &&
        eg_reals_status(job->exact.reals, &error) == EG_OK)
        plot_file_write(job->ctx, plot, o->view, NULL, &error);
    eg_plot_free(plot);
    free(title);
    return report_error(job->settings, &error);
}
