/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of terrain maps: each cell is that of the definitions, computed one cell at a time.
 *
 * libFuzzer: -max_len=512
 */
#include <math.h>
#include <stdio.h>

#include "../terrain_fixture.h"
#include "fuzz.h"

enum { SIDE = 12 };

static void take_options(fuzz_bytes *bytes, eg_terrain_options *o, eg_ground_options *g)
{
    *o = map_options((eg_terrain_map)pick(bytes, EG_TERRAIN_ASPECT_ERROR + 1));
    *g = ground_options();
    o->slope_unit = (eg_slope_unit)pick(bytes, 4);
    o->aspect = (eg_aspect)pick(bytes, 2);
    o->flat = pick(bytes, 2) ? -1 : NAN;
    o->shading = (eg_shading)pick(bytes, 3);
    o->tri = (eg_tri)pick(bytes, 2);
    g->derivative = (eg_derivative)pick(bytes, 2);
    g->border = (eg_dem_border)pick(bytes, 2);
    if (o->map == EG_TERRAIN_SLOPE_ERROR || o->map == EG_TERRAIN_ASPECT_ERROR)
        g->vertical_error = 1 + pick(bytes, 9);
}

/* Fills a raster with multiples of 1/8, some of which are missing. */
static void take_elevations(fuzz_bytes *bytes, eg_grid *in)
{
    const size_t width = 3 + pick(bytes, SIDE), height = 3 + pick(bytes, SIDE);
    const eg_sample sample = pick(bytes, 2) ? EG_F64 : EG_F32;
    require(eg_grid_new(in, fuzz_context(), width, height, sample, NULL) == EG_OK, "a grid", NULL);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const unsigned value = (unsigned)take(bytes, 1);
            set_sample(in, x, y, value == 255 ? (double)NAN : value / 8.0);
        }
}

static bool agrees(const eg_grid *out, eg_terrain_map map, double got, double want)
{
    const bool angle = map == EG_TERRAIN_ASPECT || map == EG_TERRAIN_DINF;
    const bool bytes = out->sample == EG_U8, hillshade = map == EG_TERRAIN_HILLSHADE;
    if (isnan(want))
        return bytes ? got == (hillshade ? 0 : 255) : isnan(got);
    const double off = fabs(got - want);
    const double tolerance = hillshade ? 0.5001 : bytes ? 0 : fabs(want) * 0x1p-24 + 1e-9;
    return (angle && off > 180 ? 360 - off : off) <= tolerance;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    eg_grid in, out;
    eg_terrain_options options;
    eg_ground_options ground;
    eg_error error = {0};
    take_options(&bytes, &options, &ground);
    const double dx = 1 + pick(&bytes, 60), dy = 1 + pick(&bytes, 60);
    take_elevations(&bytes, &in);
    const eg_georef georef = metric_ground(dx, dy, in.height);
    require(terrain_of(&out, &in, fuzz_context(), &georef, &options, &ground, &error) == EG_OK,
            "a raster has a map", &error);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++) {
            const double got = sample_at(&out, x, y),
                         want = terrain_oracle(&in, x, y, dx, dy, &options, &ground);
            if (agrees(&out, options.map, got, want))
                continue;
            fprintf(stderr, "map %d at %zu, %zu of %zu x %zu: %.9g is not %.9g\n", (int)options.map,
                    x, y, in.width, in.height, got, want);
            require(false, "a cell is that of the definition", NULL);
        }
    eg_grid_free(&out);
    eg_grid_free(&in);
    require_released();
    return 0;
}
