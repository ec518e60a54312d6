/* SPDX-License-Identifier: MIT */
/* The sink that stores means over boxes of samples in a grid. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/stream.h"

/* Sum and number of the valid samples of a box. */
typedef struct box {
    double sum;
    uint64_t count;
} box;

typedef struct mean_sink {
    eg_sink base;
    eg_grid *grid;
    size_t factor;
    size_t next_row; /* next row of the raster */
    box *boxes;      /* of the row of boxes that is being filled */
} mean_sink;

static eg_status mean_begin(eg_sink *sink, const eg_layout *layout, eg_error *error)
{
    mean_sink *s = (mean_sink *)sink;
    const size_t width = (layout->width - 1) / s->factor + 1,
                 height = (layout->height - 1) / s->factor + 1;
    if (s->grid->data)
        return eg_fail(error, EG_USAGE, "the grid for the means must be empty");
    s->boxes = eg_calloc(sink->ctx, width, sizeof *s->boxes, error);
    if (!s->boxes)
        return eg_failed(error);
    eg_status status = eg_grid_new(s->grid, sink->ctx, width, height, EG_F64, error);
    if (status == EG_OK)
        s->grid->white_level = layout->white_level;
    return status;
}

static void add_row(mean_sink *s, const float *row, size_t width)
{
    for (size_t x = 0, i = 0; x < width; i++) {
        const size_t end = width - x < s->factor ? width : x + s->factor;
        for (; x < end; x++)
            if (!isnan(row[x])) {
                s->boxes[i].sum += (double)row[x];
                s->boxes[i].count++;
            }
    }
}

/* Stores the means of the boxes that end with row `y` of the raster, and clears them. */
static void store_means(mean_sink *s, size_t y)
{
    double *to = (double *)(void *)((char *)s->grid->data + y / s->factor * s->grid->stride);
    for (size_t i = 0; i < s->grid->width; i++)
        to[i] = s->boxes[i].count ? s->boxes[i].sum / (double)s->boxes[i].count : (double)NAN;
    memset(s->boxes, 0, s->grid->width * sizeof *s->boxes);
}

static eg_status mean_write(eg_sink *sink, const void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    mean_sink *s = (mean_sink *)sink;
    (void)error;
    for (size_t i = 0; i < count; i++, s->next_row++) {
        add_row(s, (const float *)(const void *)((const char *)rows + i * stride),
                sink->layout.width);
        if ((s->next_row + 1) % s->factor == 0 || s->next_row + 1 == sink->layout.height)
            store_means(s, s->next_row);
    }
    return EG_OK;
}

static void mean_close(eg_sink *sink)
{
    eg_free(((mean_sink *)sink)->boxes);
    eg_free(sink);
}

eg_status eg_sink_means(eg_sink **sink, eg_context *ctx, eg_grid *grid, size_t factor,
                        eg_error *error)
{
    static const eg_sink_ops ops = {.begin = mean_begin, .write = mean_write, .close = mean_close};
    *sink = NULL;
    if (factor == 0)
        return eg_fail(error, EG_USAGE, "the factor of means must be 1 or more");
    mean_sink *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->base = (eg_sink){.ops = &ops, .ctx = ctx, .accepts = 1u << EG_F32};
    made->grid = grid;
    made->factor = factor;
    *sink = &made->base;
    return EG_OK;
}
