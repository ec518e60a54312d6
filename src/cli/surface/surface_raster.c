/* SPDX-License-Identifier: MIT */
/* Reports value, gradient and Hessian between the samples of a raster (--field). */
#include <math.h>

#include "cli/surface/surface.h"

/* Prints the head of the report; JSON: opens the object. */
static void print_head(surface_job *job)
{
    block_writer *s = &job->block_writer;
    char line[BLOCK_LINE_SIZE];
    if (s->j) {
        json_open(s->j, NULL, '{');
        json_text(s->j, "arithmetic", "double");
        json_text(s->j, "field", job->options->field);
    } else {
        block_format_vector(s, line, sizeof line, job->point, 2);
        block_text(s, NULL, "at pixel", line);
    }
}

static void print_report(surface_job *job, double value, const double g[2], const double h[4])
{
    static const double degrees = 57.295779513082320877;
    block_writer *s = &job->block_writer;
    print_head(job);
    block_number(s, "value", "value", value, NULL);
    block_open(s, "gradient", "Gradient: the direction of steepest ascent, per pixel, y down");
    block_vector(s, "vector", "gradient", g, 2, NULL);
    block_number(s, "norm", "norm", hypot(g[0], g[1]), NULL);
    if (g[0] != 0 || g[1] != 0)
        block_number(s, "angle", "angle", atan2(g[1], g[0]) * degrees,
                     "degrees, clockwise from the right");
    block_close(s);
    block_open(s, "hessian", "Hessian: second derivatives");
    block_matrix(s, "matrix", "Hessian", h, 2);
    block_close(s);
    if (s->j)
        json_close(s->j, '}');
}

/* Reads --at as a point of a function of x and y. */
static int read_point(surface_job *job)
{
    int code = formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    code = code ? code : formula_parse(&job->f, job->ctx, NULL, "x + y", NULL);
    return code ? code
                : formula_point(job->point, job->ctx, "--at", job->options->at, job->f,
                                &job->constants);
}

static int report_raster(surface_job *job, const eg_grid *grid)
{
    eg_error error = {0};
    double value, gradient[2], hessian[4];
    if (eg_grid_interpolate(grid, job->point, &value, gradient, hessian, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (isfinite(value)) {
        int code = surface_plot_raster(job, grid);
        if (code != EXIT_DONE)
            return code;
        print_report(job, value, gradient, hessian);
        return EXIT_DONE;
    }
    bool inside = job->point[0] >= 0 && job->point[1] >= 0 &&
                  job->point[0] <= (double)grid->width - 1 &&
                  job->point[1] <= (double)grid->height - 1;
    message("%s: no value at pixel %g, %g: %s", job->options->field, job->point[0], job->point[1],
            inside ? "samples are missing there" : "the point lies outside the raster");
    if (job->block_writer.j) {
        print_head(job);
        json_null(job->block_writer.j, "value");
        json_text(job->block_writer.j, "reason", inside ? "missing samples" : "outside");
        json_close(job->block_writer.j, '}');
    }
    return EXIT_NEGATIVE;
}

/* Reads the raster into a grid, which the caller frees also on failure, and prints its warnings. */
static eg_status load_raster(surface_job *job, eg_grid *grid, eg_error *error)
{
    const char *path = job->options->field;
    eg_read_options options = job->settings->read;
    eg_source *source = NULL;
    options.as_values = true;
    eg_status status = eg_source_open(&source, job->ctx, path, &options, error);
    if (status != EG_OK)
        return status;
    const eg_info *info = eg_source_info(source);
    status = eg_grid_new(grid, job->ctx, info->width, info->height, info->sample, error);
    if (status == EG_OK)
        status = eg_source_read(source, grid->data, grid->stride, info->height, error);
    if (status == EG_OK)
        status = eg_source_finish(source, error);
    if (status == EG_OK)
        report_warnings(job->settings, path, source);
    eg_source_close(source);
    return status;
}

int surface_report_raster(surface_job *job)
{
    eg_error error = {0};
    eg_grid grid = {0};
    int code = input_check(job->args->command, job->options->field);
    code = code ? code : read_point(job);
    if (code != EXIT_DONE)
        return code;
    if (load_raster(job, &grid, &error) == EG_OK)
        code = report_raster(job, &grid);
    else
        code = report_error(job->settings, &error);
    eg_grid_free(&grid);
    return code;
}
