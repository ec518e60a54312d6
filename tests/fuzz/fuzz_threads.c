/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of threads and strips: edges, gradient and terrain maps of a small raster with
 * several threads and any strip height are, bit for bit, those of one thread.
 *
 * libFuzzer: -max_len=512
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/stream.h"
#include "fuzz.h"

enum { SIDE = 24 };

/* An operation on a grid. */
typedef struct operation {
    unsigned kind; /* of the operation */
    eg_edges_options edges;
    eg_gradient_options gradient;
    eg_terrain_options terrain;
    eg_ground_options ground;
    eg_georef georef;
} operation;

static eg_context *make_context(int threads, size_t strip_rows)
{
    eg_config config;
    eg_context *ctx = NULL;
    eg_error error = {0};
    eg_config_default(&config);
    config.threads = threads;
    config.strip_rows = strip_rows;
    require(eg_context_new(&ctx, &config, &error) == EG_OK, "a context", &error);
    return ctx;
}

static void take_operation(fuzz_bytes *bytes, operation *o)
{
    o->kind = pick(bytes, 3);
    eg_edges_default(&o->edges);
    switch (pick(bytes, 16)) { /* the default and boundaries take longest */
    case 0:
        break;
    case 1:
        o->edges.method = EG_EDGE_BOUNDARY;
        break;
    case 2:
    case 3:
        eg_edges_skimage(&o->edges, 1, NAN, NAN);
        break;
    case 4:
    case 5:
        eg_edges_opencv(&o->edges, pick(bytes, 256), pick(bytes, 256));
        break;
    default:
        o->edges.op = eg_operator_name(pick(bytes, 7));
    }
    eg_gradient_default(&o->gradient);
    o->gradient.op = eg_operator_name(pick(bytes, 7));
    o->gradient.sigma = pick(bytes, 4);
    o->gradient.map = (eg_gradient_map)pick(bytes, 4);
    o->gradient.border = (eg_border)pick(bytes, 3);
    eg_terrain_default(&o->terrain);
    o->terrain.map = (eg_terrain_map)pick(bytes, EG_TERRAIN_ASPECT_ERROR + 1);
    o->terrain.shading = (eg_shading)pick(bytes, 3);
    eg_ground_default(&o->ground);
    o->ground.derivative = (eg_derivative)pick(bytes, 2);
    o->ground.border = (eg_dem_border)pick(bytes, 2);
    o->ground.compat_gdal = pick(bytes, 2);
    o->ground.vertical_error = 1 + pick(bytes, 3);
    o->georef = (eg_georef){.located = true, .transform = {10, 1, 0, 50, 0, -1}, .unit = 1};
    o->georef.crs = pick(bytes, 2) ? EG_CRS_PROJECTED : EG_CRS_GEOGRAPHIC;
}

static void take_grid(fuzz_bytes *bytes, eg_grid *grid, eg_context *ctx)
{
    const size_t width = 1 + pick(bytes, SIDE), height = 1 + pick(bytes, SIDE);
    const eg_sample sample = pick(bytes, 2) ? EG_F32 : EG_U8;
    require(eg_grid_new(grid, ctx, width, height, sample, NULL) == EG_OK, "a grid", NULL);
    grid->white_level = 255;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            char *row = (char *)grid->data + y * grid->stride;
            if (sample == EG_F32)
                ((float *)(void *)row)[x] = (float)take_number(bytes);
            else
                ((uint8_t *)row)[x] = (uint8_t)take(bytes, 1);
        }
}

static eg_status compute(const operation *o, const eg_grid *in, eg_grid *out, eg_context *ctx,
                         eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    eg_status status = eg_source_grid(&source, ctx, in, error);
    if (status == EG_OK)
        status = eg_sink_grid(&sink, ctx, out, error);
    if (status == EG_OK && o->kind == 0) {
        status = eg_edges(source, sink, &o->edges, NULL, error);
    } else if (status == EG_OK && o->kind == 1) {
        status = eg_gradient(source, sink, &o->gradient, error);
    } else if (status == EG_OK) {
        source->georef = &o->georef;
        status = eg_terrain(source, &sink, &o->terrain, 1, &o->ground, error);
    }
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    eg_error error = {0}, other = {0};
    eg_grid in, one, several;
    operation o;
    eg_context *single = make_context(1, 0);
    eg_context *multiple = make_context(2 + (int)pick(&bytes, 3), 1 + pick(&bytes, 9));
    take_operation(&bytes, &o);
    take_grid(&bytes, &in, single);
    eg_status status = compute(&o, &in, &one, single, &error);
    require(compute(&o, &in, &several, multiple, &other) == status &&
                strcmp(error.message, other.message) == 0,
            "threads do not change the outcome", &other);
    require(status == EG_OK || status == EG_USAGE || status == EG_BAD_INPUT,
            "only an option or a size is refused", &error);
    for (size_t y = 0; status == EG_OK && y < one.height; y++)
        require(one.sample == several.sample && memcmp((char *)one.data + y * one.stride,
                                                       (char *)several.data + y * several.stride,
                                                       eg_row_bytes(one.sample, one.width)) == 0,
                "threads and strips change no bit", NULL);
    eg_grid_free(&several);
    eg_grid_free(&one);
    eg_grid_free(&in);
    require(atomic_load(&single->used) == 0 && atomic_load(&multiple->used) == 0,
            "no memory is left over", NULL);
    eg_context_free(multiple);
    eg_context_free(single);
    return 0;
}
