/* SPDX-License-Identifier: MIT */
/* eg_terrain() against the definitions, cell by cell, on noise and on a mountain; identical bits in
 * all settings. */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"

static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};

/* The options that affect each map. */
static const eg_terrain_options variants[] = {
    {.map = EG_TERRAIN_SLOPE, .slope_unit = EG_SLOPE_DEGREES, .threshold = NAN},
    {.map = EG_TERRAIN_SLOPE, .slope_unit = EG_SLOPE_PERCENT, .threshold = NAN},
    {.map = EG_TERRAIN_SLOPE, .slope_unit = EG_SLOPE_RATIO, .threshold = NAN},
    {.map = EG_TERRAIN_SLOPE, .slope_unit = EG_SLOPE_RADIANS, .threshold = NAN},
    {.map = EG_TERRAIN_SLOPE, .slope_unit = EG_SLOPE_DEGREES, .threshold = 50},
    {.map = EG_TERRAIN_ASPECT, .aspect = EG_ASPECT_COMPASS, .flat = -1},
    {.map = EG_TERRAIN_ASPECT, .aspect = EG_ASPECT_TRIGONOMETRIC, .flat = NAN},
    {.map = EG_TERRAIN_HILLSHADE, .azimuth = 315, .altitude = 45},
    {.map = EG_TERRAIN_HILLSHADE, .azimuth = 100, .altitude = 10},
    {.map = EG_TERRAIN_HILLSHADE, .azimuth = 90, .altitude = 60, .shading = EG_SHADING_COMBINED},
    {.map = EG_TERRAIN_HILLSHADE, .altitude = 45, .shading = EG_SHADING_MULTIDIRECTIONAL},
    {.map = EG_TERRAIN_HILLSHADE, .azimuth = 315, .altitude = 45, .shading = EG_SHADING_IGOR},
    {.map = EG_TERRAIN_HILLSHADE, .azimuth = 70, .shading = EG_SHADING_IGOR},
    {.map = EG_TERRAIN_TRI, .tri = EG_TRI_RILEY},
    {.map = EG_TERRAIN_TRI, .tri = EG_TRI_WILSON},
    {.map = EG_TERRAIN_TPI},
    {.map = EG_TERRAIN_ROUGHNESS},
    {.map = EG_TERRAIN_PROFILE_CURVATURE},
    {.map = EG_TERRAIN_TANGENTIAL_CURVATURE},
    {.map = EG_TERRAIN_D8},
    {.map = EG_TERRAIN_DINF, .aspect = EG_ASPECT_COMPASS, .flat = -1},
    {.map = EG_TERRAIN_DINF, .aspect = EG_ASPECT_TRIGONOMETRIC, .flat = -1},
    {.map = EG_TERRAIN_SLOPE_ERROR, .slope_unit = EG_SLOPE_DEGREES},
    {.map = EG_TERRAIN_SLOPE_ERROR, .slope_unit = EG_SLOPE_PERCENT},
    {.map = EG_TERRAIN_ASPECT_ERROR},
};

static eg_terrain_options variant(size_t i)
{
    eg_terrain_options o = variants[i];
    if (o.map != EG_TERRAIN_SLOPE)
        o.threshold = NAN;
    o.nodata = NAN;
    return o;
}

static bool needs_error(eg_terrain_map map)
{
    return map == EG_TERRAIN_SLOPE_ERROR || map == EG_TERRAIN_ASPECT_ERROR;
}

/* Returns the error bound of a map: rounding to float, and 1e-9 of the unit for earlier operations.
 */
static double tolerance(const eg_grid *out, eg_terrain_map map, double want)
{
    if (map == EG_TERRAIN_HILLSHADE)
        return 0.5000001 + 1e-4;
    return out->sample == EG_U8 ? 0 : fabs(want) * 0x1p-24 + 1e-9;
}

static double missing_value(const eg_grid *out, eg_terrain_map map)
{
    if (map == EG_TERRAIN_HILLSHADE)
        return 0;
    return out->sample == EG_U8 ? 255 : (double)NAN;
}

static bool agrees(const eg_grid *out, eg_terrain_map map, double got, double want)
{
    bool angle = map == EG_TERRAIN_ASPECT || map == EG_TERRAIN_DINF;
    double missing = missing_value(out, map);
    if (isnan(want))
        return isnan(missing) ? isnan(got) : got == missing;
    double off = fabs(got - want);
    return (angle && off > 180 ? 360 - off : off) <= tolerance(out, map, want);
}

static void check_cells(const eg_grid *in, eg_context *ctx, double dx, double dy,
                        const eg_terrain_options *o, const eg_ground_options *g)
{
    eg_georef georef = metric_ground(dx, dy, in->height);
    eg_grid out = need_terrain(in, ctx, &georef, o, g);
    for (size_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < in->width; x++) {
            double got = sample_at(&out, x, y), want = terrain_oracle(in, x, y, dx, dy, o, g);
            if (!agrees(&out, o->map, got, want))
                fail_msg(
                    "map %d at (%zu, %zu) of %zu x %zu, derivative %d, edges %d: %.9g is not %.9g",
                    (int)o->map, x, y, in->width, in->height, (int)g->derivative, (int)g->border,
                    got, want);
        }
    eg_grid_free(&out);
}

static void check_all(const eg_grid *in, eg_context *ctx, double dx, double dy)
{
    for (int setting = 0; setting < 4; setting++)
        for (size_t i = 0; i < COUNT(variants); i++) {
            eg_terrain_options o = variant(i);
            eg_ground_options g = ground_options();
            g.derivative = setting & 1 ? EG_DERIVATIVE_ZEVENBERGEN_THORNE : EG_DERIVATIVE_HORN;
            g.border = setting & 2 ? EG_DEM_BORDER_EXTRAPOLATE : EG_DEM_BORDER_NODATA;
            g.vertical_error = needs_error(o.map) ? 3 : 0;
            check_cells(in, ctx, dx, dy, &o, &g);
        }
}

static void noise_is_mapped_as_defined(void **state)
{
    static const size_t sizes[][2] = {{3, 3}, {3, 7}, {8, 3}, {40, 33}, {1026, 4}, {1025, 4}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t s = 0; s < COUNT(samples); s++)
            for (unsigned holes = 0; holes <= 8; holes += 8) {
                eg_grid in;
                if (holes && (samples[s] == EG_U8 || sizes[i][0] < 9))
                    continue;
                make_noise_elevations(&in, ctx, sizes[i][0], sizes[i][1], samples[s],
                                      (unsigned)i + 1, holes);
                check_all(&in, ctx, s ? 30 : 20, s == 1 ? 25 : 20);
                eg_grid_free(&in);
            }
    close_context(ctx);
}

/* Many cells are flat, and many drops are equal. */
static void steps_are_mapped_as_defined(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    make_noise_elevations(&in, ctx, 90, 60, EG_F32, 5, 0);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            set_sample(&in, x, y, floor(sample_at(&in, x, y) / (x < 45 ? 50 : 20)));
    check_all(&in, ctx, 30, 25);
    check_all(&in, ctx, 10, 10);
    eg_grid_free(&in);
    close_context(ctx);
}

/* Part of the SRTM tile of Mount Washington, with radar voids. */
static void mountain_is_mapped_as_defined(void **state)
{
    enum { SIDE = 1201, WIDTH = 150, HEIGHT = 110 };
    (void)state;
    char *path = need_corpus("dem/N44W072.hgt");
    file_bytes file = read_bytes(path);
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    assert_int_equal(file.size, 2 * SIDE * SIDE);
    assert_int_equal(eg_grid_new(&in, ctx, WIDTH, HEIGHT, EG_F32, NULL), EG_OK);
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            const uint8_t *big = file.data + 2 * ((y + 700) * SIDE + x + 400);
            bool hole = (x / 7 + y / 5) % 23 == 0;
            set_sample(&in, x, y, hole ? (double)NAN : (double)(int16_t)(big[0] << 8 | big[1]));
        }
    check_all(&in, ctx, 66, 92.5);
    eg_grid_free(&in);
    close_context(ctx);
    free(file.data);
    free(path);
}

/* Doubles keep millimetres on elevations of thousands of kilometres, which floats lose. */
static void doubles_are_not_rounded(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    make_noise_elevations(&in, ctx, 30, 20, EG_F64, 9, 0);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            set_sample(&in, x, y, 5e6 + sample_at(&in, x, y) * 1e-3);
    eg_terrain_options o = variant(0);
    eg_ground_options g = ground_options();
    check_cells(&in, ctx, 0.01, 0.01, &o, &g);
    eg_grid_free(&in);
    close_context(ctx);
}

/* ---- identical bits with every setting ---- */

enum { MAPS = 12 };

typedef struct reference {
    eg_grid in;
    eg_georef georef;
    eg_ground_options ground;
    eg_grid maps[MAPS];
} reference;

/* Computes all maps in one pass. */
static void all_maps(eg_context *ctx, const reference *r, eg_grid out[MAPS])
{
    eg_error error = {0};
    eg_source *source = NULL;
    eg_sink *sinks[MAPS];
    eg_terrain_options options[MAPS];
    assert_int_equal(eg_source_grid(&source, ctx, &r->in, NULL), EG_OK);
    assert_int_equal(eg_source_set_georef(source, &r->georef, NULL), EG_OK);
    for (int i = 0; i < MAPS; i++) {
        out[i] = (eg_grid){0};
        options[i] = map_options((eg_terrain_map)i);
        assert_int_equal(eg_sink_grid(&sinks[i], ctx, &out[i], NULL), EG_OK);
    }
    if (eg_terrain(source, sinks, options, MAPS, &r->ground, &error) != EG_OK)
        fail_msg("eg_terrain: %s", error.message);
    for (int i = 0; i < MAPS; i++)
        eg_sink_close(sinks[i]);
    eg_source_close(source);
}

static void check_maps(eg_context *ctx, void *opaque)
{
    reference *r = opaque;
    eg_grid maps[MAPS];
    all_maps(ctx, r, maps);
    for (int i = 0; i < MAPS; i++) {
        assert_grids_equal(&r->maps[i], &maps[i]);
        eg_grid_free(&maps[i]);
    }
}

static void settings_change_nothing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, "baseline");
    for (int i = 0; i < 8; i++) {
        reference r = {.georef = i & 4 ? degrees_ground(0.01, 60) : metric_ground(10, 12, 40)};
        make_noise_elevations(&r.in, ctx, 1040, 40, i & 1 ? EG_F64 : EG_F32, 77, 40);
        r.ground = ground_options();
        r.ground.vertical_error = 0.5;
        r.ground.border = i & 2 ? EG_DEM_BORDER_EXTRAPOLATE : EG_DEM_BORDER_NODATA;
        r.ground.compat_gdal = i == 1;
        all_maps(ctx, &r, r.maps);
        for_every_setting(check_maps, &r);
        for (int k = 0; k < MAPS; k++)
            eg_grid_free(&r.maps[k]);
        eg_grid_free(&r.in);
    }
    close_context(ctx);
}

/* Slope alone equals slope computed together with other maps that need p and q. */
static void maps_do_not_depend_on_each_other(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    reference r = {.georef = metric_ground(10, 12, 40), .ground = ground_options()};
    make_noise_elevations(&r.in, ctx, 60, 40, EG_F32, 3, 30);
    r.ground.vertical_error = 0.5;
    all_maps(ctx, &r, r.maps);
    for (int i = 0; i < MAPS; i++) {
        eg_terrain_options o = map_options((eg_terrain_map)i);
        eg_grid alone = need_terrain(&r.in, ctx, &r.georef, &o, &r.ground);
        assert_grids_equal(&r.maps[i], &alone);
        eg_grid_free(&alone);
        eg_grid_free(&r.maps[i]);
    }
    eg_grid_free(&r.in);
    close_context(ctx);
}

/* ---- storage order ---- */

static void mirror(eg_grid *out, eg_context *ctx, const eg_grid *in, bool in_x, bool in_y)
{
    assert_int_equal(eg_grid_new(out, ctx, in->width, in->height, in->sample, NULL), EG_OK);
    for (size_t y = 0; y < in->height; y++)
        for (size_t x = 0; x < in->width; x++)
            set_sample(out, x, y,
                       sample_at(in, in_x ? in->width - 1 - x : x, in_y ? in->height - 1 - y : y));
}

/* Checks equality except for the order in which three differences are added. */
static void assert_nearly_equal(const eg_grid *a, const eg_grid *b)
{
    for (size_t y = 0; y < a->height; y++)
        for (size_t x = 0; x < a->width; x++) {
            double va = sample_at(a, x, y), vb = sample_at(b, x, y);
            if (isnan(va) != isnan(vb) || fabs(va - vb) > 1e-6 * fabs(va) + 1e-9)
                fail_msg("(%zu, %zu): %.9g is not %.9g", x, y, vb, va);
        }
}

/* A raster stored south up, or east to west, gives the same map in the same order. */
static void storage_order_changes_nothing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = metric_ground(10, 12, 40);
    eg_ground_options ground = ground_options();
    eg_grid in;
    make_noise_elevations(&in, ctx, 50, 40, EG_F64, 11, 20);
    ground.vertical_error = 1;
    for (int way = 1; way < 4; way++)
        for (int map = 0; map < MAPS; map++)
            for (int edges = 0; edges < 2; edges++) {
                eg_terrain_options o = map_options((eg_terrain_map)map);
                eg_georef turned = georef;
                eg_grid stored, upright;
                turned.transform[1] *= way & 1 ? -1 : 1;
                turned.transform[5] *= way & 2 ? -1 : 1;
                ground.border = (eg_dem_border)edges;
                mirror(&stored, ctx, &in, way & 1, way & 2);
                eg_grid want = need_terrain(&in, ctx, &georef, &o, &ground);
                eg_grid got = need_terrain(&stored, ctx, &turned, &o, &ground);
                mirror(&upright, ctx, &got, way & 1, way & 2);
                assert_nearly_equal(&want, &upright);
                eg_grid_free(&stored);
                eg_grid_free(&want);
                eg_grid_free(&got);
                eg_grid_free(&upright);
            }
    eg_grid_free(&in);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_mapped_as_defined),
        cmocka_unit_test(steps_are_mapped_as_defined),
        cmocka_unit_test(mountain_is_mapped_as_defined),
        cmocka_unit_test(doubles_are_not_rounded),
        cmocka_unit_test(settings_change_nothing),
        cmocka_unit_test(maps_do_not_depend_on_each_other),
        cmocka_unit_test(storage_order_changes_nothing),
    };
    return cmocka_run_group_tests_name("terrain, cell by cell", tests, NULL, NULL);
}
