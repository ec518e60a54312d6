/* SPDX-License-Identifier: MIT */
/* Test rasters and terrain maps of them. */
#include "terrain_fixture.h"

#include <math.h>

#include "core/stream.h"

eg_georef metric_ground(double dx, double dy, size_t height)
{
    return (eg_georef){.located = true,
                       .transform = {0, dx, 0, (double)height * dy, 0, -dy},
                       .crs = EG_CRS_PROJECTED,
                       .unit = 1};
}

eg_georef degrees_ground(double step, double north)
{
    return (eg_georef){.located = true,
                       .transform = {10, step, 0, north, 0, -step},
                       .crs = EG_CRS_GEOGRAPHIC,
                       .unit = 1};
}

double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

double normal(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform(state);
    return sum;
}

void make_elevations(eg_grid *grid, eg_context *ctx, size_t width, size_t height, eg_sample sample,
                     const eg_georef *georef, elevation_function *function, const double *opaque)
{
    eg_error error = {0};
    const double *t = georef->transform;
    assert_int_equal(eg_grid_new(grid, ctx, width, height, sample, &error), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(
                grid, x, y,
                function(t[0] + ((double)x + 0.5) * t[1], t[3] + ((double)y + 0.5) * t[5], opaque));
}

void make_noise_elevations(eg_grid *grid, eg_context *ctx, size_t width, size_t height,
                           eg_sample sample, unsigned seed, unsigned holes)
{
    eg_error error = {0};
    uint64_t state = seed;
    assert_int_equal(eg_grid_new(grid, ctx, width, height, sample, &error), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            double v = 100 * uniform(&state);
            bool hole = holes && uniform(&state) * holes < 1;
            set_sample(grid, x, y, hole && sample != EG_U8 ? (double)NAN : v);
        }
}

eg_status terrain_of(eg_grid *out, const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground,
                     eg_error *error)
{
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    *out = (eg_grid){0};
    assert_int_equal(eg_source_grid(&source, ctx, in, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, ctx, out, NULL), EG_OK);
    source->georef = georef;
    eg_status status = eg_terrain(source, &sink, options, 1, ground, error);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

eg_grid need_terrain(const eg_grid *in, eg_context *ctx, const eg_georef *georef,
                     const eg_terrain_options *options, const eg_ground_options *ground)
{
    eg_grid out;
    eg_error error = {0};
    eg_terrain_options standard = map_options(EG_TERRAIN_SLOPE);
    if (terrain_of(&out, in, ctx, georef, options ? options : &standard, ground, &error) != EG_OK)
        fail_msg("eg_terrain: %s", error.message);
    return out;
}

eg_terrain_options map_options(eg_terrain_map map)
{
    eg_terrain_options options;
    eg_terrain_default(&options);
    options.map = map;
    options.nodata = NAN;
    return options;
}

eg_ground_options ground_options(void)
{
    eg_ground_options ground;
    eg_ground_default(&ground);
    return ground;
}

void assert_near(const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: %.9g is not %.9g", what, got, want);
}

double value_and_free(eg_grid *map, size_t x, size_t y)
{
    double v = sample_at(map, x, y);
    eg_grid_free(map);
    return v;
}

double plane_height(double east, double north, const double *slopes)
{
    return slopes[0] * east + slopes[1] * north;
}

double on_plane(eg_context *ctx, double rise, double facing, double dx, double dy,
                const eg_terrain_options *options, const eg_ground_options *ground)
{
    const double slopes[] = {-rise * sin(facing / degree), -rise * cos(facing / degree)};
    eg_georef georef = metric_ground(dx, dy, 5);
    eg_grid in;
    make_elevations(&in, ctx, 7, 5, EG_F64, &georef, plane_height, slopes);
    eg_grid map = need_terrain(&in, ctx, &georef, options, ground);
    eg_grid_free(&in);
    return value_and_free(&map, 3, 2);
}
