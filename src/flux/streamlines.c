/* SPDX-License-Identifier: MIT */
/*
 * eg_streamlines(): evenly spaced streamlines by the algorithm of Jobard and Lefer (Visualization
 * in Scientific Computing 1997). New lines are seeded beside the points of those there are, first
 * line first; where none is left, on the points of a square lattice, so that no region is left out.
 */
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "flux/streamline_tracer.h"

/* Distance that a seed must have from all lines, relative to the separation: seeds lie at the
 * separation from their own line but for rounding. */
#define SEED_DISTANCE (1 - 1e-9)

#define SMALLEST_SEPARATION 2.0 /* in samples */
#define LONGEST_STEP        1.0 /* in samples */

typedef struct streamline_run {
    eg_context *ctx;
    const eg_grid *magnitude; /* may be NULL */
    const eg_streamline_options *options;
    eg_sampled_field field;
    eg_point_index index;
    eg_streamline_tracer tracer;
    eg_growing output; /* points of the line that is passed on, pairs of doubles */
    eg_line_callback *found;
    void *opaque;
    eg_streamline_result result;
} streamline_run;

void eg_streamline_default(eg_streamline_options *options)
{
    *options =
        (eg_streamline_options){.separation = NAN, .test_ratio = 0.5, .shortest = 1, .factor = 1};
}

/* ---- a line found ---------------------------------------------------------------------------- */

/* Returns point `i` of a line in the direction of the field, which begins with the last point
 * against it. */
static const eg_indexed_point *point_of(const streamline_run *run, const eg_traced_line *line,
                                        size_t i)
{
    const size_t against = line->end - line->against;
    return eg_point_index_get(&run->index,
                              i < against ? line->end - 1 - i : line->seed + i - against);
}

/* Returns the mean magnitude along a line. */
static double mean_magnitude(const streamline_run *run, const eg_traced_line *line)
{
    double sum = 0, length = 0, last = 0, value;
    for (size_t i = 0; run->magnitude && i < line->end - line->seed; i++) {
        const eg_indexed_point *point = point_of(run, line, i);
        if (!eg_bilinear(run->magnitude, run->field.end, point->at, &value))
            continue;
        if (i > 0) {
            const double step = point->arc - point_of(run, line, i - 1)->arc;
            sum += step * (last + value) / 2;
            length += step;
        }
        last = value;
    }
    return length > 0 ? sum / length : last;
}

/* Passes a line on, in pixels of the raster. */
static eg_status pass_line(streamline_run *run, const eg_traced_line *traced, eg_error *error)
{
    const double factor = (double)run->options->factor;
    const size_t count = traced->end - traced->seed;
    run->output.count = 0;
    eg_status status = eg_growing_reserve(&run->output, run->ctx, count, 2 * sizeof(double), error);
    if (status != EG_OK)
        return status;
    double *points = run->output.items;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 2; k++)
            points[2 * i + k] = factor * (point_of(run, traced, i)->at[k] + 0.5) - 0.5;
    const eg_line line = {
        .points = points, .count = count, .level = mean_magnitude(run, traced), .closed = false};
    run->result.lines++;
    run->result.points += count;
    return run->found(run->opaque, &line, error);
}

/* ---- seeds ----------------------------------------------------------------------------------- */

/* Traces a line from a seed, unless the field has no direction there or a line is near. Lines that
 * are too short are dropped. */
static eg_status try_seed(streamline_run *run, const double seed[2], eg_error *error)
{
    double direction[2];
    eg_traced_line line;
    const double separation = run->tracer.separation;
    const uint32_t number = (uint32_t)run->result.lines;
    if (!eg_vector_field_direction(&run->field, seed, direction) ||
        eg_point_index_near(&run->index, seed, SEED_DISTANCE * separation, UINT32_MAX, 0, 0))
        return EG_OK;
    if (eg_cancelled(run->ctx))
        return eg_fail(error, EG_CANCELLED, "cancelled");
    eg_status status = eg_streamline_trace(&run->tracer, seed, number, &line, error);
    if (status != EG_OK)
        return status;
    if (line.end - line.seed < 2 || line.length < run->options->shortest * separation) {
        eg_point_index_truncate(&run->index, line.seed);
        return EG_OK;
    }
    return pass_line(run, &line, error);
}

/* Tries the seeds on both sides of the points from number `next` on, and of those that their lines
 * add. */
static eg_status seed_beside_lines(streamline_run *run, size_t next, eg_error *error)
{
    eg_status status = EG_OK;
    for (; next < run->index.points.count && status == EG_OK; next++) {
        const eg_indexed_point point = *eg_point_index_get(&run->index, next);
        double direction[2];
        if (!eg_vector_field_direction(&run->field, point.at, direction))
            continue;
        for (int side = -1; side <= 1 && status == EG_OK; side += 2) {
            const double reach = side * run->tracer.separation;
            const double seed[2] = {point.at[0] - reach * direction[1],
                                    point.at[1] + reach * direction[0]};
            status = try_seed(run, seed, error);
        }
    }
    return status;
}

/* Seeds lines at the middle, then on a lattice, and beside all lines that come of it. */
static eg_status seed_all(streamline_run *run, eg_error *error)
{
    const double *end = run->field.end, step = run->tracer.separation;
    eg_status status = try_seed(run, (const double[]){end[0] / 2, end[1] / 2}, error);
    if (status == EG_OK)
        status = seed_beside_lines(run, 0, error);
    for (size_t j = 0; (double)j * step <= end[1] && status == EG_OK; j++)
        for (size_t i = 0; (double)i * step <= end[0] && status == EG_OK; i++) {
            const size_t before = run->index.points.count;
            status = try_seed(run, (const double[]){(double)i * step, (double)j * step}, error);
            if (status == EG_OK)
                status = seed_beside_lines(run, before, error);
        }
    return status;
}

/* ---- preparation ----------------------------------------------------------------------------- */

static bool is_field_grid(const eg_grid *grid, const eg_grid *like)
{
    return grid->data && grid->width == like->width && grid->height == like->height &&
           (grid->sample == EG_F32 || grid->sample == EG_F64);
}

static eg_status check_options(const eg_streamline_options *o, eg_error *error)
{
    if (!(o->test_ratio >= 0.1 && o->test_ratio <= 1))
        return eg_fail(error, EG_USAGE, "the test ratio must be 0.1 to 1, not %g", o->test_ratio);
    if (!(o->shortest >= 0 && isfinite(o->shortest)))
        return eg_fail(error, EG_USAGE, "the shortest line must be 0 or more, not %g", o->shortest);
    if (o->factor == 0)
        return eg_fail(error, EG_USAGE, "the factor of means must be 1 or more");
    if (!(o->separation >= SMALLEST_SEPARATION * (double)o->factor && isfinite(o->separation)))
        return eg_fail(error, EG_USAGE,
                       "the separation of streamlines must be at least %g pixels here, not %g",
                       SMALLEST_SEPARATION * (double)o->factor, o->separation);
    return EG_OK;
}

/* Sets the extent of the field: to the last sample, and not beyond the last pixel of the raster,
 * where the last box is cut. */
static void set_extent(streamline_run *run, const eg_grid *grid)
{
    const eg_streamline_options *o = run->options;
    const size_t samples[2] = {grid->width, grid->height}, pixels[2] = {o->width, o->height};
    for (int i = 0; i < 2; i++) {
        run->field.end[i] = (double)(samples[i] - 1);
        if (pixels[i] > 0)
            run->field.end[i] = fmin(run->field.end[i],
                                     fmax(0, ((double)pixels[i] - 0.5) / (double)o->factor - 0.5));
    }
}

eg_status eg_streamlines(eg_context *ctx, const eg_grid *columns, const eg_grid *rows,
                         const eg_grid *magnitude, const eg_streamline_options *options,
                         eg_line_callback *found, void *opaque, eg_streamline_result *result,
                         eg_error *error)
{
    streamline_run run = {.ctx = ctx,
                          .magnitude = magnitude,
                          .options = options,
                          .field = {.columns = columns, .rows = rows},
                          .found = found,
                          .opaque = opaque};
    if (!is_field_grid(columns, columns) || !is_field_grid(rows, columns) ||
        (magnitude && !is_field_grid(magnitude, columns)))
        return eg_fail(error, EG_USAGE, "a field needs grids of floats of equal size");
    eg_status status = check_options(options, error);
    if (status != EG_OK)
        return status;
    const double separation = options->separation / (double)options->factor;
    set_extent(&run, columns);
    run.tracer = (eg_streamline_tracer){.field = &run.field,
                                        .index = &run.index,
                                        .separation = separation,
                                        .test_distance = options->test_ratio * separation,
                                        .longest_step = fmin(LONGEST_STEP, separation / 4)};
    status = eg_point_index_new(&run.index, ctx, run.field.end, separation, error);
    if (status == EG_OK)
        status = seed_all(&run, error);
    run.result.separation = options->separation;
    if (result)
        *result = run.result;
    eg_free(run.output.items);
    eg_point_index_free(&run.index);
    return status;
}
