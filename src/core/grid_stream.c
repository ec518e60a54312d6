/* SPDX-License-Identifier: MIT */
/* The sources that read one grid or three in memory, and the sink that fills a grid. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* ---- grids as a source ---- */

enum { COLOURS = 3 };

typedef struct grid_source {
    eg_source base;
    eg_grid planes[COLOURS]; /* the first `info.planes` are set */
} grid_source;

static eg_status grid_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    (void)error;
    const size_t planes = eg_source_planes(source);
    for (size_t k = 0; k < planes; k++) {
        const eg_grid *grid = &((grid_source *)source)->planes[k];
        const char *from = (const char *)grid->data + source->next_row * grid->stride;
        char *to = (char *)rows + k * (stride / planes);
        for (size_t i = 0; i < count; i++)
            memcpy(to + i * stride, from + i * grid->stride,
                   eg_row_bytes(grid->sample, grid->width));
    }
    for (size_t i = 0; planes > 1 && eg_source_stored_sample(source) == EG_F32 && i < count; i++)
        eg_share_missing((float *)(void *)((char *)rows + i * stride), stride / planes,
                         source->info.width);
    return EG_OK;
}

static void grid_source_close(eg_source *source)
{
    eg_free(source);
}

static eg_status check_planes(const eg_grid planes[], size_t count, eg_error *error)
{
    const eg_grid *first = &planes[0];
    for (size_t k = 0; k < count; k++) {
        const eg_grid *grid = &planes[k];
        if ((unsigned)grid->sample > EG_RGB)
            return eg_fail(error, EG_USAGE, "grid: there is no sample type %d", (int)grid->sample);
        if (!grid->data || !grid->width || !grid->height || grid->width > SIZE_MAX / 256 ||
            grid->stride < eg_row_bytes(grid->sample, grid->width))
            return eg_fail(error, EG_USAGE, "grid: empty, or its stride is shorter than a row");
        if (grid->width != first->width || grid->height != first->height ||
            grid->sample != first->sample)
            return eg_fail(error, EG_USAGE,
                           "grids: red, green and blue differ in size or sample type");
    }
    if (count > 1 && (first->sample == EG_BIT || first->sample == EG_RGB))
        return eg_fail(error, EG_USAGE,
                       "grids: planes are of integers or floats, not bits or colours");
    return EG_OK;
}

/* Creates a source of `count` planes. */
static eg_status open_planes(eg_source **source, eg_context *ctx, const eg_grid planes[],
                             size_t count, eg_error *error)
{
    static const eg_source_ops ops = {
        .read = grid_read, .close = grid_source_close, .skip = eg_skip_noop, .reads_stored = true};
    const eg_grid *grid = &planes[0];
    *source = NULL;
    eg_status status = check_planes(planes, count, error);
    if (status != EG_OK)
        return status;
    grid_source *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    memcpy(made->planes, planes, count * sizeof *planes);
    made->base = (eg_source){.ops = &ops, .ctx = ctx};
    made->base.info = (eg_info){
        .width = grid->width,
        .height = grid->height,
        .sample = grid->sample,
        .white_level = grid->white_level > 0 ? grid->white_level : 1,
        .planes = (int)count,
        .format = "grid",
        .colour = count > 1 ? "RGB" : "grey",
        .channels = (int)count,
        .depth = (int[]){1, 8, 16, 32, 64, 8}[grid->sample],
        .orientation = 1,
        .stored_width = grid->width,
        .stored_height = grid->height,
    };
    *source = &made->base;
    return EG_OK;
}

eg_status eg_source_grid(eg_source **source, eg_context *ctx, const eg_grid *grid, eg_error *error)
{
    return open_planes(source, ctx, grid, 1, error);
}

eg_status eg_source_grid_planes(eg_source **source, eg_context *ctx, const eg_grid planes[3],
                                eg_error *error)
{
    return open_planes(source, ctx, planes, COLOURS, error);
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
    made->base.accepts = 1u << EG_U8 | 1u << EG_U16 | 1u << EG_F32 | 1u << EG_F64 | 1u << EG_RGB;
    made->grid = grid;
    *sink = &made->base;
    return EG_OK;
}
