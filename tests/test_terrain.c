/* SPDX-License-Identifier: MIT */
/* eg_terrain() on ground whose slopes are known: planes, cones, spheres, waves, in every unit and on every
 * kind of ground; and what errors of the heights do to them. */
#include <math.h>

#include "core/context.h"
#include "files.h"
#include "relief.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const double degree = 57.295779513082320877;

static void assert_near(const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: %.9g is not %.9g", what, got, want);
}

/* By one map of a raster that is made and released. */
static double at_of(eg_grid *map, size_t x, size_t y)
{
    double v = sample_at(map, x, y);
    eg_grid_free(map);
    return v;
}

/* ---- planes ---- */

/* Slopes to the east and to the north. */
static double plane_height(double east, double north, const double *slopes)
{
    return slopes[0] * east + slopes[1] * north;
}

/* The middle of one map of the plane that falls towards compass direction `facing`. */
static double on_plane(eg_context *ctx, double rise, double facing, double dx, double dy,
                       const eg_terrain_options *options, const eg_ground_options *ground)
{
    const double slopes[] = {-rise * sin(facing / degree), -rise * cos(facing / degree)};
    eg_georef georef = metric_ground(dx, dy, 5);
    eg_grid in;
    make_heights(&in, ctx, 7, 5, EG_F64, &georef, plane_height, slopes);
    eg_grid map = need_terrain(&in, ctx, &georef, options, ground);
    eg_grid_free(&in);
    return at_of(&map, 3, 2);
}

static const double cells[][2] = {{1, 1}, {30, 30}, {90, 25}, {0.05, 0.1}};

static void planes_have_their_slope(void **state)
{
    static const double rises[] = {0, 1e-6, 0.01, 0.3, 1, 5, 1000};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t c = 0; c < COUNT(cells); c++)
        for (size_t r = 0; r < COUNT(rises); r++)
            for (int turn = 0; turn < 16; turn++)
                for (int zt = 0; zt < 2; zt++) {
                    const double rise = rises[r],
                                 units[] = {atan(rise) * degree, 100 * rise, rise, atan(rise)};
                    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
                    eg_ground_options g = ground_options();
                    g.derivative = (eg_derivative)zt;
                    for (int unit = 0; unit < 4; unit++) {
                        o.slope_unit = (eg_slope_unit)unit;
                        double got =
                            on_plane(ctx, rise, turn * 22.5, cells[c][0], cells[c][1], &o, &g);
                        assert_near("slope", got, units[unit], 1e-7 * units[unit] + 1e-12);
                    }
                }
    close_context(ctx);
}

static double apart(double a, double b)
{
    double d = fabs(a - b);
    return d > 180 ? 360 - d : d;
}

/* Aspect and D-infinity are the direction the plane falls to; D8 the nearest of eight where cells are
 * squares. */
static void planes_face_where_they_fall(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    for (size_t c = 0; c < COUNT(cells); c++)
        for (int turn = 0; turn < 360; turn += 5) {
            double dx = cells[c][0], dy = cells[c][1];
            eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
            assert_near("aspect", apart(on_plane(ctx, 0.4, turn, dx, dy, &o, &g), turn), 0, 2e-5);
            o.aspect = EG_ASPECT_TRIGONOMETRIC;
            double angle = on_plane(ctx, 0.4, turn, dx, dy, &o, &g);
            assert_near("aspect", apart(angle, fmod(450 - turn, 360)), 0, 2e-5);
            o.map = EG_TERRAIN_DINF;
            assert_near("D-infinity", apart(on_plane(ctx, 0.4, turn, dx, dy, &o, &g), angle), 0,
                        3e-5);
            o.map = EG_TERRAIN_D8;
            int eighth = ((int)floor((turn - 90) / 45.0 + 0.5) + 8) % 8;
            if (dx == dy)
                assert_near("D8", on_plane(ctx, 0.4, turn, dx, dy, &o, &g), 1 << eighth, 0);
        }
    close_context(ctx);
}

/* 0 is north exactly, and nothing is 360. */
static void directions_stay_below_360(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
    for (double west = 1e-3; west > 1e-14; west /= 4) {
        double angle = on_plane(ctx, 0.5, 360 - west, 10, 10, &o, &g);
        assert_true(angle >= 0 && angle < 360);
        assert_true(apart(angle, 360 - west) <= 1.6e-5);
    }
    assert_true(on_plane(ctx, 0.5, 0, 10, 10, &o, &g) == 0);
    close_context(ctx);
}

/* Upright light on flat ground, and the two ends of the scale. */
static void light_is_a_cosine(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options o = map_options(EG_TERRAIN_HILLSHADE);
    assert_near("flat", on_plane(ctx, 0, 0, 10, 10, &o, &g), round(1 + 254 * sqrt(0.5)), 0);
    assert_near("facing", on_plane(ctx, 1, 315, 10, 10, &o, &g), 255, 0);
    assert_near("turned away", on_plane(ctx, 1, 135, 10, 10, &o, &g), 1, 0);
    assert_near("behind", on_plane(ctx, 9, 135, 10, 10, &o, &g), 1, 0);
    o.shading = EG_SHADING_MULTIDIRECTIONAL;
    assert_near("flat", on_plane(ctx, 0, 0, 10, 10, &o, &g), round(1 + 254 * sqrt(0.5)), 0);
    o.altitude = 90;
    o.shading = EG_SHADING_PLAIN;
    assert_near("from above", on_plane(ctx, 0, 0, 10, 10, &o, &g), 255, 0);
    close_context(ctx);
}

static void a_threshold_makes_a_mask(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    o.slope_unit = EG_SLOPE_PERCENT;
    o.threshold = 30;
    assert_near("less", on_plane(ctx, 0.29999, 77, 10, 10, &o, &g), 0, 0);
    assert_near("equal", on_plane(ctx, 0.3, 90, 10, 10, &o, &g), 1, 0);
    assert_near("more", on_plane(ctx, 0.30001, 77, 10, 10, &o, &g), 1, 0);
    close_context(ctx);
}

/* Heights in feet, exaggerated, and cells that are not what the file says. */
static void heights_and_cells_have_units(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const double slopes[] = {0.3, 0.4};
    eg_georef georef = metric_ground(10, 10, 5);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE), tpi = map_options(EG_TERRAIN_ROUGHNESS);
    eg_ground_options g = ground_options();
    eg_grid in, map;
    make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
    o.slope_unit = EG_SLOPE_RATIO;

#define MIDDLE(options) (map = need_terrain(&in, ctx, &georef, &(options), &g), at_of(&map, 2, 2))
    assert_near("metres", MIDDLE(o), 0.5, 1e-7);
    georef.vertical_unit = 0.3048;
    assert_near("feet", MIDDLE(o), 0.5 * 0.3048, 1e-7);
    assert_near("roughness in metres", MIDDLE(tpi), 14 * 0.3048, 1e-6);
    g.z_factor = -2;
    assert_near("depths, twice as deep", MIDDLE(o), 1, 1e-7);
    assert_near("roughness has no sign", MIDDLE(tpi), 28, 1e-5);
    g.z_factor = 1;
    georef.unit = 2;
    assert_near("ground in other units", MIDDLE(o), 0.25, 1e-7);
    g.cell_x = 10;
    assert_near("one side given", MIDDLE(o), hypot(0.3, 0.2), 1e-7);
    g.cell_y = 10;
    assert_near("both sides given", MIDDLE(o), 0.5, 1e-7);
    g.cell_x = g.cell_y = 0;
    g.scale = 100;
    assert_near("scale", MIDDLE(o), 0.005, 1e-9);
    g.z_factor = NAN;
    assert_near("scale has its own heights", MIDDLE(o), 0.005, 1e-9);
    georef.located = false;
    assert_near("scale alone", MIDDLE(o), 0.05, 1e-8);
    g.scale = 0;
    g.cell_x = g.cell_y = 20;
    g.z_factor = 1;
    assert_near("size alone", MIDDLE(o), 0.25, 1e-7);
#undef MIDDLE
    eg_grid_free(&in);
    close_context(ctx);
}

/* ---- curved ground ---- */

/* A cone whose tip is at self[0], self[1], with the slope self[2]. */
static double cone_height(double east, double north, const double *self)
{
    return -self[2] * hypot(east - self[0], north - self[1]);
}

static void cones_are_equally_steep(void **state)
{
    const double cone[] = {50.5, 50.5, 0.75};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = metric_ground(1, 1, 101);
    eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
    eg_grid in;
    make_heights(&in, ctx, 101, 101, EG_F64, &georef, cone_height, cone);
    eg_grid slope = need_terrain(&in, ctx, &georef, NULL, NULL);
    eg_grid aspect = need_terrain(&in, ctx, &georef, &o, NULL);
    for (size_t y = 1; y < 100; y++)
        for (size_t x = 1; x < 100; x++) {
            double east = (double)x - 50, north = 50 - (double)y;
            if (hypot(east, north) < 20)
                continue;
            double facing = atan2(east, north) * degree;
            assert_near("slope", sample_at(&slope, x, y), atan(0.75) * degree, 0.05);
            assert_near("aspect", apart(sample_at(&aspect, x, y), facing + 360 * (facing < 0)), 0,
                        0.05);
        }
    /* The tip is as high on all sides. */
    assert_true(isnan(sample_at(&aspect, 50, 50)));
    assert_true(sample_at(&slope, 50, 50) == 0);
    eg_grid_free(&in);
    eg_grid_free(&slope);
    eg_grid_free(&aspect);
    close_context(ctx);
}

/* The upper half of a sphere of radius self[0], or, where that is negative, a bowl. */
static double sphere_height(double east, double north, const double *self)
{
    return self[0] / fabs(self[0]) * sqrt(self[0] * self[0] - east * east - north * north);
}

static void spheres_bend_by_their_radius(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int sign = -1; sign <= 1; sign += 2)
        for (int map = EG_TERRAIN_PROFILE_CURVATURE; map <= EG_TERRAIN_TANGENTIAL_CURVATURE; map++)
            for (int zt = 0; zt < 2; zt++) {
                const double radius[] = {sign * 2000.0};
                eg_georef georef = metric_ground(10, 8, 50);
                eg_terrain_options o = map_options((eg_terrain_map)map);
                eg_ground_options g = ground_options();
                eg_grid in;
                g.derivative = (eg_derivative)zt;
                georef.transform[0] = 300;
                make_heights(&in, ctx, 50, 50, EG_F64, &georef, sphere_height, radius);
                eg_grid bend = need_terrain(&in, ctx, &georef, &o, &g);
                for (size_t y = 1; y < 49; y++)
                    for (size_t x = 1; x < 49; x++)
                        assert_near("curvature", sample_at(&bend, x, y), -sign / 2000.0, 2e-8);
                eg_grid_free(&bend);
                eg_grid_free(&in);
            }
    close_context(ctx);
}

/* A valley that falls to the north gathers water; one across the slope is hollow along it. */
static double valley_height(double east, double north, const double *self)
{
    return self[0] * east * east + self[1] * north;
}

static void hollows_are_positive(void **state)
{
    const double valley[] = {1e-3, -0.2}, ridge[] = {-1e-3, -0.2};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = metric_ground(2, 2, 9);
    georef.transform[0] = -9;
    eg_terrain_options along = map_options(EG_TERRAIN_PROFILE_CURVATURE);
    eg_terrain_options across = map_options(EG_TERRAIN_TANGENTIAL_CURVATURE);
    eg_grid in, map;
    make_heights(&in, ctx, 9, 9, EG_F64, &georef, valley_height, valley);
    map = need_terrain(&in, ctx, &georef, &across, NULL);
    assert_near("valley", at_of(&map, 4, 4), 2e-3 / sqrt(1.04), 1e-9);
    map = need_terrain(&in, ctx, &georef, &along, NULL);
    assert_near("valley", at_of(&map, 4, 4), 0, 1e-12);
    eg_grid_free(&in);
    make_heights(&in, ctx, 9, 9, EG_F64, &georef, valley_height, ridge);
    map = need_terrain(&in, ctx, &georef, &across, NULL);
    assert_near("ridge", at_of(&map, 4, 4), -2e-3 / sqrt(1.04), 1e-9);
    eg_grid_free(&in);
    close_context(ctx);
}

/* Heights self[0] sin(east / self[1]) cos(north / self[1]). */
static double wave_height(double east, double north, const double *self)
{
    return self[0] * sin(east / self[1]) * cos(north / self[1]);
}

static void waves_have_their_slope(void **state)
{
    const double wave[] = {50, 100};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_georef georef = metric_ground(1, 2, 300);
    eg_grid in;
    make_heights(&in, ctx, 700, 300, EG_F32, &georef, wave_height, wave);
    eg_grid slope = need_terrain(&in, ctx, &georef, NULL, NULL);
    for (size_t y = 1; y < 299; y++)
        for (size_t x = 1; x < 699; x++) {
            double east = ((double)x + 0.5) / 100, north = (600 - 2 * ((double)y + 0.5)) / 100;
            double p = 0.5 * cos(east) * cos(north), q = -0.5 * sin(east) * sin(north);
            assert_near("slope", sample_at(&slope, x, y), atan(hypot(p, q)) * degree, 0.015);
        }
    eg_grid_free(&in);
    eg_grid_free(&slope);
    close_context(ctx);
}

/* ---- the Earth ---- */

/* Metres in a degree of WGS 84: the series of the U.S. National Geospatial-Intelligence Agency. */
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
            /* A metre to a degree, east or north. */
            const double slopes[] = {way == 0, way == 1};
            eg_georef georef = degrees_ground(0.001, latitudes[i] + 0.0025);
            eg_grid in;
            make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
            eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
            double want = 1 / (way ? north_metres(latitudes[i]) : east_metres(latitudes[i]));
            assert_near("slope", at_of(&map, 2, 2), want, 1e-6 * want);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* A sphere, and angles in gons. */
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
    make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
    eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
    double want = degree / (0.9 * 1737400);
    assert_near("slope", at_of(&map, 2, 2), want, 1e-6 * want);
    eg_grid_free(&in);
    close_context(ctx);
}

/* At and beyond the poles cells have no width; what needs none is there all the same. */
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
    g.edges = EG_EDGES_EXTRAPOLATE;
    make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
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

/* At 60 degrees a metre of the map is half a metre of ground, nearly: the sphere's map carries latitudes of
 * the ellipsoid. */
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
            make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
            eg_grid map = need_terrain(&in, ctx, &georef, &o, NULL);
            /* Map metres a degree, over ground metres a degree. */
            double want = way ? a / degree / cos(f) / north_metres(latitudes[i])
                              : a / degree / east_metres(latitudes[i]);
            assert_near("slope", at_of(&map, 2, 2), want, 1e-6 * want);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* ---- errors of heights ---- */

enum { TRIALS = 300 }; /* squared: cells with errors of their own */

typedef struct spread {
    double slope, aspect; /* standard deviations */
} spread;

/* How far slope and aspect of a plane scatter when each height is off by `sigma`, by trial. */
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
    make_heights(&in, ctx, TRIALS, TRIALS, EG_F64, &georef, plane_height, slopes);
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
            sum.aspect += pow(apart(sample_at(&aspect, x, y), facing + 360 * (facing < 0)), 2);
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
            make_heights(&in, ctx, 5, 5, EG_F64, &georef, plane_height, planes[i]);
            eg_grid slope = need_terrain(&in, ctx, &georef, &o, &g);
            o.map = EG_TERRAIN_ASPECT_ERROR;
            eg_grid aspect = need_terrain(&in, ctx, &georef, &o, &g);
            spread found = scatter(ctx, planes[i], sigma, dx, dy, &g);
            double said = at_of(&slope, 2, 2);
            assert_near("slope's error", said, found.slope, 0.02 * found.slope);
            said = at_of(&aspect, 2, 2);
            assert_near("aspect's error", said, found.aspect, 0.02 * found.aspect);
            eg_grid_free(&in);
        }
    close_context(ctx);
}

/* Where the ground is about as flat as heights are uncertain, the aspect is missing, and its error too; the
 * error of the slope is finite everywhere. */
static void flat_ground_faces_nowhere(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options aspect = map_options(EG_TERRAIN_ASPECT);
    eg_terrain_options error = map_options(EG_TERRAIN_ASPECT_ERROR);
    eg_terrain_options slope = map_options(EG_TERRAIN_SLOPE_ERROR);
    const double sigma = 0.5, noise = sigma * sqrt(12) / 80; /* of p and q, cells of 10 m */
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
        cmocka_unit_test(planes_have_their_slope),
        cmocka_unit_test(planes_face_where_they_fall),
        cmocka_unit_test(directions_stay_below_360),
        cmocka_unit_test(light_is_a_cosine),
        cmocka_unit_test(a_threshold_makes_a_mask),
        cmocka_unit_test(heights_and_cells_have_units),
        cmocka_unit_test(cones_are_equally_steep),
        cmocka_unit_test(spheres_bend_by_their_radius),
        cmocka_unit_test(hollows_are_positive),
        cmocka_unit_test(waves_have_their_slope),
        cmocka_unit_test(degrees_are_measured_on_the_ellipsoid),
        cmocka_unit_test(ellipsoids_and_units_are_the_files),
        cmocka_unit_test(rows_at_the_poles_are_missing),
        cmocka_unit_test(web_mercator_is_too_large),
        cmocka_unit_test(errors_are_what_trials_give),
        cmocka_unit_test(flat_ground_faces_nowhere),
    };
    return cmocka_run_group_tests_name("terrain", tests, NULL, NULL);
}
