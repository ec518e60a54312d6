/* SPDX-License-Identifier: MIT */
/* The source that reads a grid in memory, and the sink that fills one. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* ---- a grid as a source ---- */

typedef struct grid_source {
    eg_source base;
    eg_grid grid;
} grid_source;

static eg_status grid_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    (void)error;
    const eg_grid *grid = &((grid_source *)source)->grid;
    size_t bytes = eg_row_bytes(grid->sample, grid->width);
    const char *from = (const char *)grid->data + source->next_row * grid->stride;
    for (size_t i = 0; i < count; i++)
        memcpy((char *)rows + i * stride, from + i * grid->stride, bytes);
    return EG_OK;
}

static void grid_source_close(eg_source *source)
{
    eg_free(source);
}

eg_status eg_source_grid(eg_source **source, eg_context *ctx, const eg_grid *grid, eg_error *error)
{
    static const eg_source_ops ops = {
        .read = grid_read, .close = grid_source_close, .skip = eg_skip_noop};
    *source = NULL;
    if (!grid->data || !grid->width || !grid->height ||
        grid->stride < eg_row_bytes(grid->sample, grid->width))
        return eg_fail(error, EG_USAGE, "grid: empty, or its stride is shorter than a row");
    grid_source *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->grid = *grid;
    made->base = (eg_source){.ops = &ops, .ctx = ctx};
    made->base.info = (eg_info){
        .width = grid->width,
        .height = grid->height,
        .sample = grid->sample,
        .white_level = grid->white_level > 0 ? grid->white_level : 1,
        .format = "grid",
        .colour = "grey",
        .channels = 1,
        .depth = (int[]){1, 8, 16, 32, 64}[grid->sample],
        .orientation = 1,
        .stored_width = grid->width,
        .stored_height = grid->height,
    };
    *source = &made->base;
    return EG_OK;
}

/* ---- a grid as a sink ---- */

typedef struct grid_sink {
    eg_sink base;
    eg_grid *grid;
} grid_sink;

static eg_status grid_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    eg_grid *grid = ((grid_sink *)sink)->grid;
    if (grid->data && (grid->width != layout->width || grid->height != layout->height ||
                       grid->sample != layout->sample ||
                       grid->stride < eg_row_bytes(layout->sample, layout->width)))
        return eg_fail(error, EG_USAGE, "the grid for the result has another size or sample type");
    eg_status status = EG_OK;
    if (!grid->data)
        status = eg_grid_new(grid, sink->ctx, layout->width, layout->height, layout->sample, error);
    if (status == EG_OK)
        grid->white_level = layout->white_level;
    return status;
}

static void *grid_row_address(const eg_sink *sink, size_t y, size_t *stride)
{
    const eg_grid *grid = ((const grid_sink *)sink)->grid;
    *stride = grid->stride;
    return (char *)grid->data + y * grid->stride;
}

static void grid_sink_close(eg_sink *sink)
{
    eg_free(sink);
}

eg_status eg_sink_grid(eg_sink **sink, eg_context *ctx, eg_grid *grid, eg_error *error)
{
    static const eg_sink_ops ops = {
        .begin = grid_begin, .row_address = grid_row_address, .close = grid_sink_close};
    *sink = NULL;
    grid_sink *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->base = (eg_sink){.ops = &ops, .ctx = ctx};
    made->base.accepts = 1u << EG_U8 | 1u << EG_U16 | 1u << EG_F32 | 1u << EG_F64;
    made->grid = grid;
    *sink = &made->base;
    return EG_OK;
}
