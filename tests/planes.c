/* SPDX-License-Identifier: MIT */
/* Images of one or three planes for tests of the colour detector. */
#include "planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

image image_new(size_t width, size_t height, size_t planes, eg_sample sample)
{
    image i = {width, height, planes, sample, 255, calloc(width * height * planes, sizeof(float))};
    assert_non_null(i.at);
    return i;
}

float *pixel(const image *i, size_t plane, size_t x, size_t y)
{
    return &i->at[(y * i->planes + plane) * i->width + x];
}

double noise(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / (1 << 24);
}

image scene(size_t width, size_t height, size_t planes, eg_sample sample, double holes)
{
    image i = image_new(width, height, planes, sample);
    unsigned state = 1;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const bool missing = noise(&state) < holes;
            const double d = hypot((double)x - (double)width / 2, (double)y - (double)height / 2);
            for (size_t p = 0; p < planes; p++) {
                double v = 110 + 50 * sin(d / (6 + 3 * (double)p)) + (x > width / 3 + p ? 40 : 0) +
                           15 * noise(&state);
                v = sample == EG_U8 ? floor(v) : v;
                *pixel(&i, p, x, y) = missing ? NAN : (float)v;
            }
        }
    return i;
}

typedef struct image_source {
    eg_source base;
    const image *image;
} image_source;

static eg_status image_read(eg_source *source, void *rows, size_t stride, size_t count,
                            eg_error *error)
{
    (void)error;
    const image *i = ((image_source *)source)->image;
    for (size_t k = 0; k < count * i->planes; k++) {
        char *out = (char *)rows + k / i->planes * stride + k % i->planes * (stride / i->planes);
        const float *in = i->at + (source->next_row * i->planes + k) * i->width;
        for (size_t x = 0; x < i->width; x++)
            if (i->sample == EG_U8)
                out[x] = (char)(uint8_t)in[x];
            else
                memcpy(out + x * sizeof *in, in + x, sizeof *in);
    }
    return EG_OK;
}

static void image_close(eg_source *source)
{
    eg_free(source);
}

eg_source *open_image(eg_context *ctx, const image *i)
{
    static const eg_source_ops ops = {
        .read = image_read, .close = image_close, .skip = eg_skip_noop};
    eg_error error = {0};
    image_source *made = eg_calloc(ctx, 1, sizeof *made, &error);
    assert_non_null(made);
    made->image = i;
    made->base = (eg_source){.ops = &ops, .ctx = ctx};
    made->base.info = (eg_info){.width = i->width,
                                .height = i->height,
                                .sample = i->sample,
                                .white_level = i->white,
                                .format = "test",
                                .colour = i->planes == 3 ? "RGB" : "grey",
                                .channels = (int)i->planes,
                                .planes = (int)i->planes,
                                .depth = i->sample == EG_U8 ? 8 : 32,
                                .orientation = 1,
                                .stored_width = i->width,
                                .stored_height = i->height};
    return &made->base;
}

eg_edges_result find(eg_grid *out, eg_context *ctx, const image *i, const eg_edges_options *options)
{
    eg_error error = {0};
    eg_edges_result result;
    eg_source *source = open_image(ctx, i);
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, out, &error), EG_OK);
    if (eg_edges(source, sink, options, &result, &error) != EG_OK)
        fail_msg("eg_edges: %s", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    return result;
}

uint64_t count_edges(const image *i, const eg_edges_options *options)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid out;
    const uint64_t count = find(&out, ctx, i, options).edge_pixels;
    eg_grid_free(&out);
    eg_context_free(ctx);
    return count;
}
