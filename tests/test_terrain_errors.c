/* SPDX-License-Identifier: MIT */
/* Errors of eg_terrain() and their messages; allocation failures; layouts announced to sinks. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/stream.h"
#include "files.h"
#include "terrain_fixture.h"

/* Valid input that the tests spoil in one place. */
typedef struct job {
    eg_context *ctx;
    eg_grid in;
    eg_georef georef;
    bool unlocated;
    eg_terrain_options options;
    eg_ground_options ground;
} job;

static job good_job(void)
{
    job j = {.ctx = test_context(1, 0, NULL), .georef = metric_ground(10, 10, 6)};
    make_noise_elevations(&j.in, j.ctx, 8, 6, EG_F32, 4, 0);
    j.options = map_options(EG_TERRAIN_SLOPE);
    j.ground = ground_options();
    return j;
}

static void end_job(job *j)
{
    eg_grid_free(&j->in);
    close_context(j->ctx);
}

/* Runs and frees the job. `words` NULL: it must succeed; else the message must contain them. */
static void expect(job *j, eg_status status, const char *words)
{
    eg_error error = {0};
    eg_grid out;
    eg_status got = terrain_of(&out, &j->in, j->ctx, j->unlocated ? NULL : &j->georef, &j->options,
                               &j->ground, &error);
    eg_grid_free(&out);
    if (got != status || error.status != status || (words && !strstr(error.message, words)))
        fail_msg("status %d, not %d: '%s'", (int)got, (int)status, error.message);
    end_job(j);
}

#define REFUSED(status, words, ...)                                                                \
    do {                                                                                           \
        job j = good_job();                                                                        \
        __VA_ARGS__;                                                                               \
        expect(&j, status, words);                                                                 \
    } while (0)
#define ACCEPTED(...) REFUSED(EG_OK, NULL, __VA_ARGS__)

static void options_have_ranges(void **state)
{
    (void)state;
    ACCEPTED((void)0);
    REFUSED(EG_USAGE, "unknown map", j.options.map = (eg_terrain_map)12);
    REFUSED(EG_USAGE, "unknown map", j.options.slope_unit = (eg_slope_unit)4);
    REFUSED(EG_USAGE, "unknown map", j.options.aspect = (eg_aspect)2);
    REFUSED(EG_USAGE, "unknown map", j.options.shading = (eg_shading)4);
    REFUSED(EG_USAGE, "unknown map", j.options.tri = (eg_tri)-1);
    REFUSED(EG_USAGE, "threshold", j.options.map = EG_TERRAIN_TPI, j.options.threshold = 3);
    REFUSED(EG_USAGE, "finite", j.options.threshold = INFINITY);
    REFUSED(EG_USAGE, "finite", j.options.nodata = 1e39);
    REFUSED(EG_USAGE, "finite", j.options.flat = -INFINITY);
    ACCEPTED(j.options.nodata = -(double)FLT_MAX);
    REFUSED(EG_USAGE, "azimuth", j.options.map = EG_TERRAIN_HILLSHADE, j.options.azimuth = 361);
    REFUSED(EG_USAGE, "azimuth", j.options.map = EG_TERRAIN_HILLSHADE, j.options.azimuth = NAN);
    REFUSED(EG_USAGE, "altitude", j.options.map = EG_TERRAIN_HILLSHADE, j.options.altitude = 91);
    REFUSED(EG_USAGE, "altitude", j.options.map = EG_TERRAIN_HILLSHADE, j.options.altitude = -1);
    ACCEPTED(j.options.altitude = 1000); /* unused by the slope */
}

static void ground_options_have_ranges(void **state)
{
    (void)state;
    REFUSED(EG_USAGE, "derivative", j.ground.derivative = (eg_derivative)2);
    REFUSED(EG_USAGE, "derivative", j.ground.border = (eg_dem_border)-1);
    REFUSED(EG_USAGE, "z factor", j.ground.z_factor = 0);
    REFUSED(EG_USAGE, "z factor", j.ground.z_factor = INFINITY);
    REFUSED(EG_USAGE, "scale", j.ground.scale = -1);
    REFUSED(EG_USAGE, "scale", j.ground.scale = NAN);
    REFUSED(EG_USAGE, "cell size", j.ground.cell_x = -10);
    REFUSED(EG_USAGE, "cell size", j.ground.cell_y = NAN);
    REFUSED(EG_USAGE, "cell size", j.ground.cell_x = 1e8);
    REFUSED(EG_USAGE, "standard error", j.ground.vertical_error = -1);
    REFUSED(EG_USAGE, "standard error", j.ground.vertical_error = INFINITY);
    REFUSED(EG_USAGE, "--vertical-error", j.options.map = EG_TERRAIN_SLOPE_ERROR);
    REFUSED(EG_USAGE, "--vertical-error", j.options.map = EG_TERRAIN_ASPECT_ERROR);
}

static void ground_must_be_known(void **state)
{
    (void)state;
    REFUSED(EG_USAGE, "--cell-size METRES", j.unlocated = true);
    REFUSED(EG_USAGE, "--cell-size METRES", j.georef.located = false);
    REFUSED(EG_USAGE, "--cell-size METRES", j.georef.located = false, j.ground.cell_x = 10);
    REFUSED(EG_USAGE, "--cell-size METRES", j.unlocated = true, j.ground.compat_gdal = true);
    ACCEPTED(j.unlocated = true, j.ground.scale = 3);
    ACCEPTED(j.unlocated = true, j.options.map = EG_TERRAIN_TRI);
    ACCEPTED(j.unlocated = true, j.options.map = EG_TERRAIN_TPI);
    ACCEPTED(j.unlocated = true, j.options.map = EG_TERRAIN_ROUGHNESS);
    REFUSED(EG_USAGE, "--cell-size", j.unlocated = true, j.options.map = EG_TERRAIN_D8);
}

/* Coordinates that look like degrees without a coordinate system. */
static void degrees_are_not_taken_for_metres(void **state)
{
    (void)state;
#define DEGREES j.georef = degrees_ground(0.001, 45), j.georef.crs = EG_CRS_UNKNOWN
    REFUSED(EG_USAGE, "look like degrees", DEGREES);
    REFUSED(EG_USAGE, "look like degrees", DEGREES, j.georef.transform[1] = 45,
            j.georef.transform[0] = -180, j.georef.transform[5] = -30, j.georef.transform[3] = 90);
    ACCEPTED(DEGREES, j.ground.cell_x = j.ground.cell_y = 90);
    ACCEPTED(DEGREES, j.ground.scale = 111120);
    ACCEPTED(DEGREES, j.georef.crs = EG_CRS_GEOGRAPHIC);
    ACCEPTED(DEGREES, j.georef.crs = EG_CRS_PROJECTED);
    ACCEPTED(DEGREES, j.ground.compat_gdal = true);
    ACCEPTED(DEGREES, j.georef.transform[0] = 500000);
    ACCEPTED(j.georef.crs = EG_CRS_UNKNOWN);
#undef DEGREES
}

static void transforms_must_make_sense(void **state)
{
    (void)state;
    REFUSED(EG_BAD_INPUT, "rotated", j.georef.transform[2] = 0.5);
    REFUSED(EG_BAD_INPUT, "rotated", j.georef.transform[4] = -0.5);
    REFUSED(EG_BAD_INPUT, "rotated", j.georef.transform[1] = 0, j.georef.transform[2] = 10);
    REFUSED(EG_BAD_INPUT, "rotated", j.georef.transform[2] = 1, j.ground.scale = 1);
    REFUSED(EG_BAD_INPUT, "finite", j.georef.transform[3] = NAN);
    REFUSED(EG_BAD_INPUT, "invalid cell size", j.georef.transform[1] = 0);
    REFUSED(EG_BAD_INPUT, "invalid cell size", j.georef.transform[5] = -1e8);
    REFUSED(EG_BAD_INPUT, "invalid cell size", j.georef.unit = 1e300);
    REFUSED(EG_BAD_INPUT, "on the Earth", j.georef.crs = EG_CRS_GEOGRAPHIC,
            j.georef.transform[3] = 5e6);
    REFUSED(EG_BAD_INPUT, "on the Earth", j.georef = degrees_ground(0, 45));
    ACCEPTED(j.georef.transform[2] = 1e-12);
}

static void rasters_must_have_cells(void **state)
{
    (void)state;
    REFUSED(EG_BAD_INPUT, "3 x 3", j.in.width = 2);
    REFUSED(EG_BAD_INPUT, "3 x 3", j.in.height = 2);
    ACCEPTED(j.in.width = 3, j.in.height = 3);
    REFUSED(EG_USAGE, "bits or colours", j.in.sample = EG_BIT);
    /* One valid cell has no slope. */
    ACCEPTED(for (size_t i = 0; i < 47; i++) set_sample(&j.in, i % 8, i / 8, NAN));
}

static void passes_have_limits(void **state)
{
    (void)state;
    job j = good_job();
    eg_terrain_options options[17];
    eg_sink *sinks[17];
    eg_grid out = {0};
    eg_error error = {0};
    eg_source *source = NULL;
    assert_int_equal(eg_source_grid(&source, j.ctx, &j.in, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sinks[0], j.ctx, &out, NULL), EG_OK);
    source->georef = &j.georef;
    for (size_t i = 0; i < COUNT(sinks); i++) {
        sinks[i] = sinks[0];
        options[i] = map_options(EG_TERRAIN_SLOPE);
    }
    assert_int_equal(eg_terrain(source, sinks, options, 0, NULL, NULL), EG_USAGE);
    assert_int_equal(eg_terrain(source, sinks, options, 17, NULL, NULL), EG_USAGE);
    assert_int_equal(eg_terrain(source, sinks, options, 2, NULL, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "same sink"));
    sinks[0]->accepts = 1u << EG_U16;
    assert_int_equal(eg_terrain(source, sinks, options, 1, NULL, NULL), EG_USAGE);
    assert_null(out.data);
    eg_sink_close(sinks[0]);
    eg_source_close(source);
    end_job(&j);
}

/* ---- layouts announced to sinks ---- */

static void check_layout(eg_terrain_map map, double threshold, eg_sample sample, double nodata)
{
    job j = good_job();
    eg_grid out = {0};
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_terrain_options o;
    eg_terrain_default(&o);
    o.map = map;
    o.threshold = threshold;
    assert_int_equal(eg_source_grid(&source, j.ctx, &j.in, NULL), EG_OK);
    assert_int_equal(eg_sink_grid(&sink, j.ctx, &out, NULL), EG_OK);
    source->georef = &j.georef;
    assert_int_equal(eg_terrain(source, &sink, &o, 1, NULL, NULL), EG_OK);
    assert_ptr_equal(sink->layout.georef, &j.georef);
    assert_int_equal(sink->layout.sample, sample);
    assert_true(sink->layout.has_nodata);
    assert_true(sink->layout.nodata == nodata);
    assert_true(sample_at(&out, 0, 0) == nodata); /* border cells are missing */
    assert_true(sample_at(&out, 3, 3) != nodata);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_grid_free(&out);
    end_job(&j);
}

static void sinks_know_what_is_missing(void **state)
{
    (void)state;
    check_layout(EG_TERRAIN_SLOPE, NAN, EG_F32, -9999);
    check_layout(EG_TERRAIN_SLOPE, 10, EG_U8, 255);
    check_layout(EG_TERRAIN_HILLSHADE, NAN, EG_U8, 0);
    check_layout(EG_TERRAIN_D8, NAN, EG_U8, 255);
    check_layout(EG_TERRAIN_DINF, NAN, EG_F32, -9999);
    check_layout(EG_TERRAIN_TPI, NAN, EG_F32, -9999);
}

/* 8-bit samples cannot be NaN: the file's nodata value applies. */
static void bytes_may_be_missing(void **state)
{
    (void)state;
    job j = good_job();
    eg_grid bytes;
    make_noise_elevations(&bytes, j.ctx, 8, 6, EG_U8, 4, 0);
    set_sample(&bytes, 4, 3, 200);
    j.georef.has_nodata = true;
    j.georef.nodata = 200;
    eg_grid map = need_terrain(&bytes, j.ctx, &j.georef, &j.options, &j.ground);
    for (size_t y = 1; y < 5; y++)
        for (size_t x = 1; x < 7; x++)
            assert_int_equal(isnan(sample_at(&map, x, y)) != 0,
                             x >= 3 && x <= 5 && y >= 2 && y <= 4);
    eg_grid_free(&map);
    eg_grid_free(&bytes);
    end_job(&j);
}

/* ---- memory ---- */

/* The k-th allocation fails, for every k. */
static void memory_may_run_out(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 4, NULL);
    eg_georef georef = degrees_ground(0.01, 45);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    eg_grid in;
    make_noise_elevations(&in, ctx, 100, 60, EG_F32, 4, 0);
    size_t before = atomic_load(&ctx->used);
    for (long k = 0;; k++) {
        eg_error error = {0};
        eg_grid out = {0};
        eg_source *source = NULL;
        eg_sink *sink = NULL;
        assert_int_equal(eg_source_grid(&source, ctx, &in, NULL), EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &out, NULL), EG_OK);
        source->georef = &georef;
        atomic_store(&ctx->fail_after, k);
        eg_status status = eg_terrain(source, &sink, &o, 1, NULL, &error);
        bool complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&out);
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        assert_int_equal(error.status, status);
        assert_int_equal(atomic_load(&ctx->used), before);
        if (complete)
            break;
        assert_in_range(k, 0, 100);
    }
    eg_grid_free(&in);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_ranges),
        cmocka_unit_test(ground_options_have_ranges),
        cmocka_unit_test(ground_must_be_known),
        cmocka_unit_test(degrees_are_not_taken_for_metres),
        cmocka_unit_test(transforms_must_make_sense),
        cmocka_unit_test(rasters_must_have_cells),
        cmocka_unit_test(passes_have_limits),
        cmocka_unit_test(sinks_know_what_is_missing),
        cmocka_unit_test(bytes_may_be_missing),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("terrain's refusals", tests, NULL, NULL);
}
