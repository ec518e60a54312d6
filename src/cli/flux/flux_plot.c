/* SPDX-License-Identifier: MIT */
/* Pictures of the flux over the level curves of the potential, and its arrows. */
#include <math.h>
#include <stdlib.h>

#include "cli/flux/flux.h"
#include "cli/support/plot_file.h"

enum {
    LONGER_SIDE = 960,  /* of a picture, in pixels */
    LEVEL_SAMPLES = 401 /* samples along each axis for the level curves */
};

#define CLIP_SHARE   0.95 /* share of the arrows that are not clipped */
#define ARROW_LENGTH 1.0  /* of the longest arrow, relative to the distance of arrows */

/* ---- axes ------------------------------------------------------------------------------------ */

static const eg_georef *location(const flux_job *job)
{
    const eg_georef *georef = eg_source_georef(job->source);
    return georef && georef->located ? georef : NULL;
}

void flux_plot_position(const flux_job *job, const double at[2], double xy[2])
{
    const eg_georef *georef = location(job);
    for (size_t i = 0; i < 2; i++)
        xy[i] = !georef
                    ? at[i]
                    : georef->transform[3 * i] + (at[i] + 0.5) * georef->transform[3 * i + 1 + i];
}

double flux_plot_pixel(const flux_job *job)
{
    return (double)(job->info.width > job->info.height ? job->info.width : job->info.height) /
           LONGER_SIDE;
}

/* Returns the units of an axis in a cell, signed. */
static double cell_on_axis(const flux_job *job, size_t axis)
{
    const eg_georef *georef = location(job);
    return georef ? georef->transform[axis ? 5 : 1] : 1;
}

void flux_plot_arrow(const flux_job *job, const double at[2], const double motion[2], double length,
                     double arrow[4])
{
    double move[2], metres[2];
    flux_plot_position(job, at, arrow);
    for (size_t i = 0; i < 2; i++) {
        move[i] = motion[i] * cell_on_axis(job, i);
        metres[i] = motion[i] * job->cell[i];
    }
    const double ground = hypot(metres[0], metres[1]); /* the picture has a scale of the ground */
    for (size_t i = 0; i < 2; i++)
        arrow[2 + i] = ground > 0 ? move[i] / ground * length : 0;
}

/* Sets the ranges of the axes to the raster, borders included. */
static void set_ranges(const flux_job *job, eg_plot_options *options)
{
    const double first[2] = {-0.5, -0.5},
                 last[2] = {(double)job->info.width - 0.5, (double)job->info.height - 0.5};
    double a[2], b[2];
    flux_plot_position(job, first, a);
    flux_plot_position(job, last, b);
    for (size_t i = 0; i < 2; i++) {
        double *range = i ? options->y : options->x;
        range[0] = fmin(a[i], b[i]);
        range[1] = fmax(a[i], b[i]);
    }
}

/* Sets the size of the picture such that a metre has the same length on both axes. */
static eg_status set_shape(flux_job *job, eg_plot_options *options)
{
    eg_plot_options ground = *options;
    ground.x[0] = ground.y[0] = 0;
    ground.x[1] = job->cell[0] * (double)job->info.width;
    ground.y[1] = job->cell[1] * (double)job->info.height;
    eg_status status = eg_plot_shape(job->ctx, &ground, &job->error);
    options->width = ground.width;
    options->height = ground.height;
    return status;
}

/* ---- level curves ---------------------------------------------------------------------------- */

/* Evaluates the potential at axis coordinates. An eg_plot_field. */
static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    const flux_job *job = opaque;
    const double size[2] = {(double)job->potential.width - 1, (double)job->potential.height - 1};
    double origin[2];
    eg_status status = EG_OK;
    flux_plot_position(job, (const double[]){0, 0}, origin);
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        const double xy[2] = {x[i], y[i]};
        double at[2];
        for (size_t k = 0; k < 2; k++) {
            const double pixel = (xy[k] - origin[k]) / cell_on_axis(job, k);
            at[k] = (pixel + 0.5) / (double)job->picture_factor - 0.5;
            at[k] = fmax(0, fmin(size[k], at[k]));
        }
        status = eg_grid_interpolate(&job->potential, at, &values[i], NULL, NULL, error);
    }
    return status;
}

eg_status flux_plot_new(flux_job *job, eg_plot **plot, const char *title)
{
    const eg_georef *georef = location(job);
    const bool degrees = georef && georef->crs == EG_CRS_GEOGRAPHIC;
    eg_plot_options options;
    eg_plot_default(&options);
    options.width = options.height = LONGER_SIDE;
    options.title = title;
    options.legend = true;
    options.y_down = !georef;
    options.x_label = degrees ? "longitude" : georef ? "x" : "column";
    options.y_label = degrees ? "latitude" : georef ? "y" : "row";
    set_ranges(job, &options);
    eg_status status = set_shape(job, &options);
    if (status == EG_OK)
        status = eg_plot_new(plot, job->ctx, &options, &job->error);
    return status == EG_OK
               ? eg_plot_field_values(*plot, evaluate, job, LEVEL_SAMPLES, NULL, 0, &job->error)
               : status;
}

/* ---- arrows ---------------------------------------------------------------------------------- */

static double value_at(const eg_grid *grid, size_t i)
{
    const double *row =
        (const double *)(const void *)((const char *)grid->data + i / grid->width * grid->stride);
    return row[i % grid->width];
}

/* Returns the magnitude of arrow i; NaN: the box has no flux. */
static double magnitude_at(const flux_job *job, size_t i)
{
    return hypot(value_at(&job->arrows[ARROW_X], i), value_at(&job->arrows[ARROW_Y], i));
}

/* Returns the middle of box `i` of `factor` pixels, cut at the end of a side of `pixels`. */
static double middle_of_box(size_t i, size_t factor, size_t pixels)
{
    const size_t end = (i + 1) * factor < pixels ? (i + 1) * factor : pixels;
    return ((double)(i * factor) + (double)end - 1) / 2;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Counts the arrows and chooses the magnitude of the longest: larger ones are few, as near a pole,
 * and would reduce all others to dots. `sorted` is scratch memory for a number for each box. */
static void choose_longest(flux_job *job, double *sorted)
{
    const size_t boxes = job->arrows[0].width * job->arrows[0].height;
    for (size_t i = 0; i < boxes; i++) {
        const double magnitude = magnitude_at(job, i);
        if (magnitude > 0)
            sorted[job->arrow_count++] = magnitude;
    }
    if (job->arrow_count == 0)
        return;
    qsort(sorted, job->arrow_count, sizeof *sorted, compare_doubles);
    const size_t last = job->arrow_count - 1;
    job->longest = sorted[(size_t)(CLIP_SHARE * (double)last)];
    if (sorted[last] <= 2 * job->longest)
        job->longest = sorted[last];
    job->clipped = sorted[last] > job->longest;
}

/* Computes the arrows, of four numbers each; returns their number. */
static size_t make_arrows(const flux_job *job, double *arrows)
{
    const size_t across = job->arrows[0].width, boxes = across * job->arrows[0].height;
    size_t count = 0;
    for (size_t i = 0; i < boxes; i++) {
        const double magnitude = magnitude_at(job, i);
        const double at[2] = {middle_of_box(i % across, job->arrow_factor, job->info.width),
                              middle_of_box(i / across, job->arrow_factor, job->info.height)};
        const double motion[2] = {value_at(&job->arrows[ARROW_COLUMNS], i),
                                  value_at(&job->arrows[ARROW_ROWS], i)};
        if (magnitude > 0)
            flux_plot_arrow(job, at, motion, fmin(magnitude, job->longest), arrows + 4 * count++);
    }
    return count;
}

static eg_status draw_arrows(flux_job *job, eg_plot *plot, double *memory)
{
    char longest[32], text[128];
    const size_t across =
        job->arrows[0].width > job->arrows[0].height ? job->arrows[0].width : job->arrows[0].height;
    choose_longest(job, memory);
    const size_t count = make_arrows(job, memory);
    if (count == 0)
        return EG_OK;
    eg_status status = eg_plot_arrows(
        plot, memory, count, ARROW_LENGTH * LONGER_SIDE / (double)(across + 1), &job->error);
    snprintf(longest, sizeof longest, "%.4g", job->longest);
    snprintf(text, sizeof text, "longest arrow: %s%s, in k times u per %s", longest,
             job->clipped ? " or more" : "", job->result.metres ? "metre" : "pixel");
    return status == EG_OK
               ? eg_plot_legend(plot, EG_PLOT_SAMPLE_ARROW, EG_PLOT_LINE, text, &job->error)
               : status;
}

eg_status flux_write_quiver(flux_job *job)
{
    char title[300];
    eg_plot *plot = NULL;
    const size_t boxes = job->arrows[0].width * job->arrows[0].height;
    double *memory = malloc(boxes * 4 * sizeof *memory);
    if (!memory)
        return fail_no_memory(&job->error, "the arrows");
    flux_format_title(job, title, sizeof title);
    eg_status status = flux_plot_new(job, &plot, title);
    if (status == EG_OK)
        status = draw_arrows(job, plot, memory);
    if (status == EG_OK)
        status = plot_file_write(job->ctx, plot, job->options->quiver, job->outputs, &job->error);
    eg_plot_free(plot);
    free(memory);
    return status;
}
