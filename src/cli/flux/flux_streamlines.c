/* SPDX-License-Identifier: MIT */
/* Writes the streamlines of the flux: as a picture, or as lines of a vector format. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/flux/flux.h"
#include "cli/support/plot_file.h"

#define ARROW_EVERY  8.0  /* distance of the arrows along a line, in separations */
#define ARROW_PIXELS 11.0 /* length of these arrows */
#define POINT_PIXELS 4.0  /* distance in a picture of the points of a line that are drawn */

/* The streamlines of a picture. */
typedef struct drawing {
    flux_job *job;
    eg_plot *plot;
    double *arrows; /* four numbers each */
    size_t count, capacity;
} drawing;

/* Adds an arrow in the middle of a segment of a line. */
static eg_status add_arrow(drawing *d, const double *a, const double *b, eg_error *error)
{
    const double at[2] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2};
    const double motion[2] = {b[0] - a[0], b[1] - a[1]};
    if (d->count == d->capacity) {
        const size_t capacity = d->capacity ? 2 * d->capacity : 256;
        double *grown = realloc(d->arrows, capacity * 4 * sizeof *grown);
        if (!grown)
            return fail_no_memory(error, "the streamlines");
        d->arrows = grown;
        d->capacity = capacity;
    }
    flux_plot_arrow(d->job, at, motion, 1, d->arrows + 4 * d->count++);
    return EG_OK;
}

/* Adds arrows along a line, the first one half the distance of arrows from its start, or in the
 * middle of a shorter line. */
static eg_status add_arrows(drawing *d, const eg_line *line, eg_error *error)
{
    const double every = ARROW_EVERY * d->job->separation;
    double length = 0;
    for (size_t i = 1; i < line->count; i++) {
        const double *b = line->points + 2 * i, *a = b - 2;
        length += hypot(b[0] - a[0], b[1] - a[1]);
    }
    double next = fmin(every, length) / 2, passed = 0;
    eg_status status = EG_OK;
    for (size_t i = 1; i < line->count && status == EG_OK; i++) {
        const double *b = line->points + 2 * i, *a = b - 2;
        passed += hypot(b[0] - a[0], b[1] - a[1]);
        if (passed < next)
            continue;
        status = add_arrow(d, a, b, error);
        next += every;
    }
    return status;
}

/* Adds a line to the picture. An eg_line_callback. */
static eg_status draw_line(void *opaque, const eg_line *line, eg_error *error)
{
    drawing *d = opaque;
    const double least = POINT_PIXELS * flux_plot_pixel(d->job), *last = line->points;
    size_t count = 0;
    double *points = malloc(line->count * 2 * sizeof *points);
    if (!points)
        return fail_no_memory(error, "the streamlines");
    for (size_t i = 0; i < line->count; i++) {
        const double *at = line->points + 2 * i;
        if (i > 0 && i + 1 < line->count && hypot(at[0] - last[0], at[1] - last[1]) < least)
            continue;
        flux_plot_position(d->job, at, points + 2 * count++);
        last = at;
    }
    eg_status status = eg_plot_path(d->plot, EG_PLOT_LINE, points, count, error);
    free(points);
    return status == EG_OK ? add_arrows(d, line, error) : status;
}

static eg_status write_line(void *opaque, const eg_line *line, eg_error *error)
{
    return eg_line_file_write(opaque, line, error);
}

static eg_status trace(flux_job *job, eg_line_callback *found, void *opaque)
{
    eg_streamline_options options;
    eg_streamline_default(&options);
    options.separation = job->separation;
    options.factor = job->field_factor;
    options.width = job->info.width;
    options.height = job->info.height;
    return eg_streamlines(job->ctx, &job->field[FIELD_COLUMNS], &job->field[FIELD_ROWS],
                          &job->field[FIELD_MAGNITUDE], &options, found, opaque, &job->lines,
                          &job->error);
}

static eg_status write_picture(flux_job *job)
{
    char title[300], text[100];
    drawing d = {.job = job};
    flux_format_title(job, title, sizeof title);
    eg_status status = flux_plot_new(job, &d.plot, title);
    if (status == EG_OK)
        status = trace(job, draw_line, &d);
    if (status == EG_OK && d.count > 0)
        status = eg_plot_arrows(d.plot, d.arrows, d.count, ARROW_PIXELS, &job->error);
    snprintf(text, sizeof text, "streamlines of the flux, %.4g pixels apart", job->separation);
    if (status == EG_OK)
        status = eg_plot_legend(d.plot, EG_PLOT_SAMPLE_LINE, EG_PLOT_LINE, text, &job->error);
    if (status == EG_OK)
        status =
            plot_file_write(job->ctx, d.plot, job->options->streamlines, job->outputs, &job->error);
    eg_plot_free(d.plot);
    free(d.arrows);
    return status;
}

static eg_status write_lines(flux_job *job)
{
    const eg_line_file_options options = {.width = job->info.width,
                                          .height = job->info.height,
                                          .georef = eg_source_georef(job->source),
                                          .outputs = job->outputs,
                                          .level_name = "magnitude"};
    eg_line_file *file = NULL;
    eg_status status =
        eg_line_file_create(&file, job->ctx, job->options->streamlines, &options, &job->error);
    if (status == EG_OK)
        status = trace(job, write_line, file);
    if (status == EG_OK)
        status = eg_line_file_commit(file, &job->error);
    eg_line_file_close(file);
    return status;
}

eg_status flux_write_streamlines(flux_job *job)
{
    return plot_file_recognizes(job->options->streamlines) ? write_picture(job) : write_lines(job);
}
