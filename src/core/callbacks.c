/* SPDX-License-Identifier: MIT */
/* Sources and sinks whose rows are produced or consumed by a callback of the caller. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* ---- pull source ---- */

typedef struct pull_source {
    eg_source base;
    eg_rows_callback *pull;
    void *opaque;
} pull_source;

static eg_grid grid_of_rows(void *rows, size_t stride, size_t count, size_t width, eg_sample sample,
                            float white_level)
{
    return (eg_grid){rows, width, count, stride, sample, white_level};
}

static eg_status pull_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    const pull_source *callback = (const pull_source *)source;
    const eg_info *info = &source->info;
    const eg_sample sample = eg_source_stored_sample(source);
    const eg_grid grid = grid_of_rows(rows, stride, count, info->width, sample, info->white_level);
    eg_status status = callback->pull(callback->opaque, &grid, error);
    for (size_t i = 0; status == EG_OK && info->planes > 1 && sample == EG_F32 && i < count; i++)
        eg_share_missing((float *)(void *)((char *)rows + i * stride), stride / 3, info->width);
    return status;
}

static void pull_close(eg_source *source)
{
    eg_free(source);
}

static eg_status open_pull(eg_source **source, eg_context *ctx, const eg_grid *shape, int planes,
                           eg_rows_callback *pull, void *opaque, eg_error *error)
{
    static const eg_source_ops ops = {.read = pull_read, .close = pull_close, .reads_stored = true};
    *source = NULL;
    if ((unsigned)shape->sample > EG_RGB)
        return eg_fail(error, EG_USAGE, "rows: there is no sample type %d", (int)shape->sample);
    eg_status status = eg_check_size(ctx, "rows", shape->width, shape->height, error);
    if (status != EG_OK)
        return status;
    pull_source *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->pull = pull;
    made->opaque = opaque;
    made->base = (eg_source){.ops = &ops, .ctx = ctx};
    made->base.info = (eg_info){.width = shape->width,
                                .height = shape->height,
                                .sample = shape->sample,
                                .white_level = shape->white_level,
                                .planes = planes,
                                .format = "rows",
                                .colour = planes > 1 ? "RGB" : "grey",
                                .channels = planes,
                                .depth = (int)(8 * eg_row_bytes(shape->sample, 1)),
                                .orientation = 1,
                                .stored_width = shape->width,
                                .stored_height = shape->height};
    *source = &made->base;
    return EG_OK;
}

eg_status eg_source_pull(eg_source **source, eg_context *ctx, const eg_grid *shape,
                         eg_rows_callback *pull, void *opaque, eg_error *error)
{
    return open_pull(source, ctx, shape, 1, pull, opaque, error);
}

eg_status eg_source_pull_planes(eg_source **source, eg_context *ctx, const eg_grid *shape,
                                eg_rows_callback *pull, void *opaque, eg_error *error)
{
    *source = NULL;
    if (shape->sample == EG_BIT || shape->sample == EG_RGB)
        return eg_fail(error, EG_USAGE,
                       "rows: planes are of integers or floats, not bits or colours");
    return open_pull(source, ctx, shape, 3, pull, opaque, error);
}

/* ---- push sink ---- */

typedef struct push_sink {
    eg_sink base;
    eg_rows_callback *push;
    void *opaque;
} push_sink;

static eg_status push_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    (void)sink, (void)layout, (void)error;
    return EG_OK;
}

static eg_status push_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    const push_sink *callback = (const push_sink *)sink;
    const eg_layout *layout = &sink->layout;
    void *data; /* `rows` without const, because eg_grid has no const variant; not written to */
    memcpy(&data, &rows, sizeof data);
    const eg_grid grid =
        grid_of_rows(data, stride, count, layout->width, layout->sample, layout->white_level);
    return callback->push(callback->opaque, &grid, error);
}

static void push_close(eg_sink *sink)
{
    eg_free(sink);
}

unsigned eg_sink_samples(const eg_sink *sink)
{
    return sink->accepts;
}

eg_status eg_sink_push(eg_sink **sink, eg_context *ctx, unsigned samples, eg_rows_callback *push,
                       void *opaque, eg_error *error)
{
    static const eg_sink_ops ops = {.begin = push_begin, .write = push_write, .close = push_close};
    *sink = NULL;
    push_sink *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->base = (eg_sink){.ops = &ops, .ctx = ctx, .accepts = samples};
    made->push = push;
    made->opaque = opaque;
    *sink = &made->base;
    return EG_OK;
}

/* ---- a sink filled by several operations ---- */

eg_status eg_sink_set_total_rows(eg_sink *sink, const eg_source *source, eg_error *error)
{
    if (eg_source_span(source).first > 0)
        return eg_fail(error, EG_USAGE, "the first operation must write the first rows");
    sink->total_rows = source->info.height;
    sink->total_georef = source->georef;
    return EG_OK;
}
