/* SPDX-License-Identifier: MIT */
/* Sources of three planes in memory. */
#include "colours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stream.h"

typedef struct colour_source_data {
    eg_source base;
    eg_grid planes[3];
} colour_source_data;

static eg_status read_colours(eg_source *source, void *rows, size_t stride, size_t count,
                              eg_error *error)
{
    (void)error;
    const eg_grid *planes = ((colour_source_data *)source)->planes;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 3; k++)
            memcpy((char *)rows + i * stride + k * (stride / 3),
                   (const char *)planes[k].data + (source->next_row + i) * planes[k].stride,
                   eg_row_bytes(planes[k].sample, planes[k].width));
    return EG_OK;
}

static void close_colours(eg_source *source)
{
    free(source);
}

eg_source *colour_source(eg_context *ctx, const eg_grid planes[3])
{
    static const eg_source_ops ops = {
        .read = read_colours, .close = close_colours, .skip = eg_skip_noop};
    colour_source_data *source = calloc(1, sizeof *source);
    assert_non_null(source);
    source->base = (eg_source){.ops = &ops, .ctx = ctx};
    source->base.info = (eg_info){.width = planes->width,
                                  .height = planes->height,
                                  .sample = planes->sample,
                                  .white_level = planes->white_level,
                                  .planes = 3};
    memcpy(source->planes, planes, sizeof source->planes);
    return &source->base;
}

void noise_colours(eg_grid planes[3], eg_context *ctx, size_t width, size_t height,
                   eg_sample sample, unsigned seed, int levels, double most)
{
    for (unsigned k = 0; k < 3; k++) {
        noise_grid(&planes[k], ctx, width, height, sample, 3 * seed + k, 0);
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++) {
                double level = floor(sample_at(&planes[k], x, y) * levels / 256);
                set_sample(&planes[k], x, y, floor(level * most / (levels - 1)));
            }
    }
}

void free_colours(eg_grid planes[3])
{
    for (size_t k = 0; k < 3; k++)
        eg_grid_free(&planes[k]);
}

void punch_colours(eg_grid planes[3], unsigned seed)
{
    const size_t width = planes->width, height = planes->height;
    for (size_t i = 0; i < 12; i++) {
        seed = seed * 1664525u + 1013904223u;
        const size_t x0 = (seed >> 8) % width, y0 = (seed >> 20) % height, side = 1 + i % 5;
        for (size_t y = y0; y < y0 + side && y < height; y++)
            for (size_t x = x0; x < x0 + side && x < width; x++)
                for (size_t k = 0; k < 3; k++)
                    set_sample(&planes[k], x, y, NAN);
    }
}

void edges_of_source(eg_grid *out, eg_source *source, const eg_edges_options *options,
                     eg_edges_result *result)
{
    eg_error error = {0};
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, source->ctx, out, &error), EG_OK);
    if (eg_edges(source, sink, options, result, &error) != EG_OK)
        fail_msg("eg_edges: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

void edges_of_colours(eg_grid *out, eg_context *ctx, const eg_grid planes[3],
                      const eg_edges_options *options, eg_edges_result *result)
{
    edges_of_source(out, colour_source(ctx, planes), options, result);
}

void gradient_of_colours(eg_grid *out, eg_context *ctx, const eg_grid planes[3],
                         const eg_gradient_options *options)
{
    eg_error error = {0};
    eg_source *source = colour_source(ctx, planes);
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    if (eg_gradient(source, sink, options, &error) != EG_OK)
        fail_msg("eg_gradient: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
}

eg_status edges_status(eg_context *ctx, const eg_grid *in, const eg_edges_options *options,
                       eg_error *error)
{
    eg_grid out = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    *error = (eg_error){0};
    assert_int_equal(eg_source_grid(&source, ctx, in, error), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, error), EG_OK);
    eg_status status = eg_edges(source, sink, options, NULL, error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return status;
}

eg_status gradient_status(eg_context *ctx, const eg_grid *in, const eg_gradient_options *options,
                          eg_error *error)
{
    eg_grid out = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    *error = (eg_error){0};
    assert_int_equal(eg_source_grid(&source, ctx, in, error), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, &out, error), EG_OK);
    eg_status status = eg_gradient(source, sink, options, error);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    return status;
}
