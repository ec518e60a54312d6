/* SPDX-License-Identifier: MIT */
/* eg_terrain() on the Earth: geographic and Web Mercator coordinates; and the error maps. */
#include <math.h>

#include "files.h"
#include "oracle.h"
#include "terrain_fixture.h"

/* ---- the Earth ---- */

/* Returns the metres per degree on WGS 84: the series of the U.S. National Geospatial-Intelligence
 * Agency. */
static double north_metres(double latitude)
{
    double f = latitude / degree;
    return 111132.92 - 559.82 * cos(2 * f) + 1.175 * cos(4 * f) - 0.0023 * cos(6 * f);
}

static double east_metres(double latitude)
{
    double f = latitude / degree;
    return 111412.84 * cos(f) - 93.5 * cos(3 * f) + 0.118 * cos(5 * f);
}

static void degrees_are_measured_on_the_ellipsoid(void **state)
{
    static const double latitudes[] = {-75, -44.25, 0, 30, 60, 85};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    o.slope_unit = EG_SLOPE_RATIO;
    for (size_t i = 0; i < COUNT(latitudes); i++)
        for (int way = 0; way < 2; way++) {
            /* One metre per degree, east or north. */
            const double slopes[] = {way == 0, way == 1};
            eg_georef georef = degrees_ground(0.001, latitudes[i] + 0.0025);
            eg_grid in;
            make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
            eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
            double want = 1 / (way ? north_metres(latitudes[i]) : east_metres(latitudes[i]));
            assert_near("slope", value_and_free(&map, 2, 2), want, 1e-6 * want);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* The file's own sphere, and angles in gons. */
static void ellipsoids_and_units_are_the_files(void **state)
{
    const double slopes[] = {0, 1};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = degrees_ground(0.01, 50);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    eg_grid in;
    o.slope_unit = EG_SLOPE_RATIO;
    georef.semi_major = 1737400; /* the Moon */
    georef.unit = 0.9;
    make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
    eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
    double want = degree / (0.9 * 1737400);
    assert_near("slope", value_and_free(&map, 2, 2), want, 1e-6 * want);
    eg_grid_free(&in);
    close_context(ctx);
}

/* At and beyond the poles cells have no width; maps that need no width are unaffected. */
static void rows_at_the_poles_are_missing(void **state)
{
    const double slopes[] = {1, 1};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = degrees_ground(1, 91.5); /* row middles: 91, 90, 89 ... */
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE), d8 = map_options(EG_TERRAIN_D8);
    eg_terrain_options tpi = map_options(EG_TERRAIN_TPI);
    eg_ground_options g = ground_options();
    eg_grid in;
    g.border = EG_DEM_BORDER_EXTRAPOLATE;
    make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
    eg_grid slope = need_terrain(&in, ctx, &georef, &o, &g);
    eg_grid flow = need_terrain(&in, ctx, &georef, &d8, &g);
    eg_grid index = need_terrain(&in, ctx, &georef, &tpi, &g);
    for (size_t y = 0; y < 5; y++) {
        assert_int_equal(isnan(sample_at(&slope, 2, y)) != 0, y < 2);
        assert_int_equal(sample_at(&flow, 2, y) == 255, y < 2);
        assert_false(isnan(sample_at(&index, 2, y)));
    }
    eg_grid_free(&in);
    eg_grid_free(&slope);
    eg_grid_free(&flow);
    eg_grid_free(&index);
    close_context(ctx);
}

/* At 60 degrees a map metre is about half a metre on the ground; the spherical map uses ellipsoidal
 * latitudes. */
static void web_mercator_is_too_large(void **state)
{
    static const double latitudes[] = {0, 60, -35, 80};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    o.slope_unit = EG_SLOPE_RATIO;
    for (size_t i = 0; i < COUNT(latitudes); i++)
        for (int way = 0; way < 2; way++) {
            const double slopes[] = {way == 0, way == 1}, a = 6378137;
            double f = latitudes[i] / degree, y = a * log(tan(f / 2 + atan(1)));
            eg_georef georef = metric_ground(10, 10, 5);
            eg_grid in;
            georef.crs = EG_CRS_WEB_MERCATOR;
            georef.transform[3] = y + 25;
            make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
            eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
            /* Map metres per degree over ground metres per degree. */
            double want = way ? a / degree / cos(f) / north_metres(latitudes[i])
                              : a / degree / east_metres(latitudes[i]);
            assert_near("slope", value_and_free(&map, 2, 2), want, 1e-6 * want);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* ---- error maps ---- */

enum { TRIALS = 300 }; /* squared: number of cells with independent errors */

typedef struct spread {
    double slope, aspect; /* standard deviations */
} spread;

/* Returns the spread of slope and aspect of a plane if each elevation has a random error of
 * `sigma`. */
static spread scatter(eg_context *ctx, const double slopes[2], double sigma, double dx, double dy,
                      const eg_ground_options *ground)
{
    uint64_t state = 2024;
    eg_georef georef = metric_ground(dx, dy, TRIALS);
    eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
    eg_ground_options plain = *ground;
    eg_grid in;
    spread sum = {0, 0};
    plain.vertical_error = 0;
    make_elevations(&in, ctx, TRIALS, TRIALS, EG_F64, &georef, plane_height, slopes);
    for (size_t y = 0; y < TRIALS; y++)
        for (size_t x = 0; x < TRIALS; x++)
            set_sample(&in, x, y, sample_at(&in, x, y) + sigma * normal(&state));
    eg_grid slope = need_terrain(&in, ctx, &georef, NULL, &plain);
    eg_grid aspect = need_terrain(&in, ctx, &georef, &o, &plain);
    double want = atan(hypot(slopes[0], slopes[1])) * degree;
    double facing = atan2(-slopes[0], -slopes[1]) * degree;
    for (size_t y = 1; y + 1 < TRIALS; y++)
        for (size_t x = 1; x + 1 < TRIALS; x++) {
            sum.slope += pow(sample_at(&slope, x, y) - want, 2);
            sum.aspect +=
                pow(degrees_apart(sample_at(&aspect, x, y), facing + 360 * (facing < 0)), 2);
        }
    eg_grid_free(&in);
    eg_grid_free(&slope);
    eg_grid_free(&aspect);
    double count = (TRIALS - 2) * (TRIALS - 2);
    return (spread){sqrt(sum.slope / count), sqrt(sum.aspect / count)};
}

static void errors_are_what_trials_give(void **state)
{
    static const double planes[][2] = {{0.3, 0.1}, {0, 1.5}, {-0.2, 0.2}};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(planes); i++)
        for (int setting = 0; setting < 4; setting++) {
            const double dx = 10, dy = setting & 2 ? 25 : 10, sigma = 0.1;
            eg_georef georef = metric_ground(dx, dy, 5);
            eg_ground_options g = ground_options();
            eg_terrain_options o = map_options(EG_TERRAIN_SLOPE_ERROR);
            eg_grid in;
            g.derivative = (eg_derivative)(setting & 1);
            g.vertical_error = sigma;
            make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, planes[i]);
            eg_grid slope = need_terrain(&in, ctx, &georef, &o, &g);
            o.map = EG_TERRAIN_ASPECT_ERROR;
            eg_grid aspect = need_terrain(&in, ctx, &georef, &o, &g);
            spread found = scatter(ctx, planes[i], sigma, dx, dy, &g);
            double said = value_and_free(&slope, 2, 2);
            assert_near("slope's error", said, found.slope, 0.02 * found.slope);
            said = value_and_free(&aspect, 2, 2);
            assert_near("aspect's error", said, found.aspect, 0.02 * found.aspect);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* If the slope is close to its error, the aspect and its error are missing; the slope error is
 * finite everywhere. */
static void flat_ground_faces_nowhere(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options aspect = map_options(EG_TERRAIN_ASPECT);
    eg_terrain_options error = map_options(EG_TERRAIN_ASPECT_ERROR);
    eg_terrain_options slope = map_options(EG_TERRAIN_SLOPE_ERROR);
    const double sigma = 0.5, noise = sigma * sqrt(12) / 80; /* noise of p and q, cells of 10 m */
    aspect.flat = -1;
    g.vertical_error = sigma;
    for (double turn = 0; turn < 360; turn += 45) {
        double most = noise / (90 / degree);
        assert_false(isnan(on_plane(ctx, most * 1.01, turn, 10, 10, &aspect, &g)));
        assert_near("error", on_plane(ctx, most * 1.01, turn, 10, 10, &error, &g), 90 / 1.01, 1e-4);
        assert_true(isnan(on_plane(ctx, most * 0.99, turn, 10, 10, &aspect, &g)));
        assert_true(isnan(on_plane(ctx, most * 0.99, turn, 10, 10, &error, &g)));
        double limit = atan(noise) * degree;
        assert_near("limit", on_plane(ctx, 1e-9, turn, 10, 10, &slope, &g), limit, 1e-3 * limit);
    }
    assert_true(isnan(on_plane(ctx, 0, 0, 10, 10, &aspect, &g)));
    assert_near("flat", on_plane(ctx, 0, 0, 10, 10, &slope, &g), noise * degree, 1e-6);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(degrees_are_measured_on_the_ellipsoid),
        cmocka_unit_test(ellipsoids_and_units_are_the_files),
        cmocka_unit_test(rows_at_the_poles_are_missing),
        cmocka_unit_test(web_mercator_is_too_large),
        cmocka_unit_test(errors_are_what_trials_give),
        cmocka_unit_test(flat_ground_faces_nowhere),
    };
    return cmocka_run_group_tests_name("terrain on the Earth", tests, NULL, NULL);
}
