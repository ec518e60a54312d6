/* SPDX-License-Identifier: MIT */
/* eg_terrain() on surfaces with known slopes: planes, cones, spheres and waves, in every unit. */
#include <math.h>

#include "files.h"
#include "oracle.h"
#include "terrain_fixture.h"

/* ---- planes ---- */

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

/* Extrapolation continues a plane across borders and corners. */
static void planes_are_planes_to_the_corners(void **state)
{
    const double slopes[] = {0.3, -0.4};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE);
    eg_ground_options g = ground_options();
    eg_georef georef = metric_ground(1, 1, 4);
    eg_grid in;
    g.border = EG_DEM_BORDER_EXTRAPOLATE;
    o.slope_unit = EG_SLOPE_RATIO;
    make_elevations(&in, ctx, 5, 4, EG_F64, &georef, plane_height, slopes);
    eg_grid map = need_terrain(&in, ctx, &georef, &o, &g);
    for (size_t y = 0; y < 4; y++)
        for (size_t x = 0; x < 5; x++)
            assert_near("slope", sample_at(&map, x, y), 0.5, 1e-7);
    eg_grid_free(&map);
    eg_grid_free(&in);
    close_context(ctx);
}

/* Aspect and D-infinity of a plane are its direction of descent; D8 the nearest of eight for square
 * cells. */
static void planes_face_where_they_fall(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    for (size_t c = 0; c < COUNT(cells); c++)
        for (int turn = 0; turn < 360; turn += 5) {
            double dx = cells[c][0], dy = cells[c][1];
            eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
            assert_near("aspect", degrees_apart(on_plane(ctx, 0.4, turn, dx, dy, &o, &g), turn), 0,
                        2e-5);
            o.aspect = EG_ASPECT_TRIGONOMETRIC;
            double angle = on_plane(ctx, 0.4, turn, dx, dy, &o, &g);
            assert_near("aspect", degrees_apart(angle, fmod(450 - turn, 360)), 0, 2e-5);
            o.map = EG_TERRAIN_DINF;
            assert_near("D-infinity",
                        degrees_apart(on_plane(ctx, 0.4, turn, dx, dy, &o, &g), angle), 0, 3e-5);
            o.map = EG_TERRAIN_D8;
            int eighth = ((int)floor((turn - 90) / 45.0 + 0.5) + 8) % 8;
            if (dx == dy)
                assert_near("D8", on_plane(ctx, 0.4, turn, dx, dy, &o, &g), 1 << eighth, 0);
        }
    close_context(ctx);
}

/* Exactly north is 0, and no direction is 360. */
static void directions_stay_below_360(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_ground_options g = ground_options();
    eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
    for (double west = 1e-3; west > 1e-14; west /= 4) {
        double angle = on_plane(ctx, 0.5, 360 - west, 10, 10, &o, &g);
        assert_true(angle >= 0 && angle < 360);
        assert_true(degrees_apart(angle, 360 - west) <= 1.6e-5);
    }
    assert_true(on_plane(ctx, 0.5, 0, 10, 10, &o, &g) == 0);
    close_context(ctx);
}

/* Vertical light on flat ground, and both ends of the scale. */
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
    o.shading = EG_SHADING_IGOR;
    assert_near("flat", on_plane(ctx, 0, 0, 10, 10, &o, &g), 255, 0);
    assert_near("facing", on_plane(ctx, 9, 315, 10, 10, &o, &g), 255, 0);
    assert_near("across", on_plane(ctx, 1, 45, 10, 10, &o, &g), round(255 * 0.75), 0);
    assert_near("turned away", on_plane(ctx, 1, 135, 10, 10, &o, &g), round(255 * 0.5), 0);
    assert_near("cliff", on_plane(ctx, 1e9, 135, 10, 10, &o, &g), 1, 0);
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

/* Elevations in feet, exaggerated, and cell sizes that override the file's. */
static void heights_and_cells_have_units(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const double slopes[] = {0.3, 0.4};
    eg_georef georef = metric_ground(10, 10, 5);
    eg_terrain_options o = map_options(EG_TERRAIN_SLOPE), tpi = map_options(EG_TERRAIN_ROUGHNESS);
    eg_ground_options g = ground_options();
    eg_grid in, map;
    make_elevations(&in, ctx, 5, 5, EG_F64, &georef, plane_height, slopes);
    o.slope_unit = EG_SLOPE_RATIO;

#define MIDDLE(options)                                                                            \
    (map = need_terrain(&in, ctx, &georef, &(options), &g), value_and_free(&map, 2, 2))
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

/* ---- curved surfaces ---- */

/* Returns the elevation of a cone with its tip at opaque[0], opaque[1] and the slope opaque[2]. */
static double cone_height(double east, double north, const double *opaque)
{
    return -opaque[2] * hypot(east - opaque[0], north - opaque[1]);
}

static void cones_are_equally_steep(void **state)
{
    const double cone[] = {50.5, 50.5, 0.75};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_georef georef = metric_ground(1, 1, 101);
    eg_terrain_options o = map_options(EG_TERRAIN_ASPECT);
    eg_grid in;
    make_elevations(&in, ctx, 101, 101, EG_F64, &georef, cone_height, cone);
    eg_grid slope = need_terrain(&in, ctx, &georef, NULL, NULL);
    eg_grid aspect = need_terrain(&in, ctx, &georef, &o, NULL);
    for (size_t y = 1; y < 100; y++)
        for (size_t x = 1; x < 100; x++) {
            double east = (double)x - 50, north = 50 - (double)y;
            if (hypot(east, north) < 20)
                continue;
            double facing = atan2(east, north) * degree;
            assert_near("slope", sample_at(&slope, x, y), atan(0.75) * degree, 0.05);
            assert_near("aspect",
                        degrees_apart(sample_at(&aspect, x, y), facing + 360 * (facing < 0)), 0,
                        0.05);
        }
    /* The tip has no aspect. */
    assert_true(isnan(sample_at(&aspect, 50, 50)));
    assert_true(sample_at(&slope, 50, 50) == 0);
    eg_grid_free(&in);
    eg_grid_free(&slope);
    eg_grid_free(&aspect);
    close_context(ctx);
}

/* Returns the elevation of the upper half of a sphere of radius opaque[0], or of a bowl if
 * negative. */
static double sphere_height(double east, double north, const double *opaque)
{
    return opaque[0] / fabs(opaque[0]) * sqrt(opaque[0] * opaque[0] - east * east - north * north);
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
                make_elevations(&in, ctx, 50, 50, EG_F64, &georef, sphere_height, radius);
                eg_grid bend = need_terrain(&in, ctx, &georef, &o, &g);
                for (size_t y = 1; y < 49; y++)
                    for (size_t x = 1; x < 49; x++)
                        assert_near("curvature", sample_at(&bend, x, y), -sign / 2000.0, 2e-8);
                eg_grid_free(&bend);
                eg_grid_free(&in);
            }
    close_context(ctx);
}

/* Returns the elevation of a valley that falls to the north and is concave across. */
static double valley_height(double east, double north, const double *opaque)
{
    return opaque[0] * east * east + opaque[1] * north;
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
    make_elevations(&in, ctx, 9, 9, EG_F64, &georef, valley_height, valley);
    map = need_terrain(&in, ctx, &georef, &across, NULL);
    assert_near("valley", value_and_free(&map, 4, 4), 2e-3 / sqrt(1.04), 1e-9);
    map = need_terrain(&in, ctx, &georef, &along, NULL);
    assert_near("valley", value_and_free(&map, 4, 4), 0, 1e-12);
    eg_grid_free(&in);
    make_elevations(&in, ctx, 9, 9, EG_F64, &georef, valley_height, ridge);
    map = need_terrain(&in, ctx, &georef, &across, NULL);
    assert_near("ridge", value_and_free(&map, 4, 4), -2e-3 / sqrt(1.04), 1e-9);
    eg_grid_free(&in);
    close_context(ctx);
}

/* Returns the elevation opaque[0] sin(east / opaque[1]) cos(north / opaque[1]). */
static double wave_height(double east, double north, const double *opaque)
{
    return opaque[0] * sin(east / opaque[1]) * cos(north / opaque[1]);
}

static void waves_have_their_slope(void **state)
{
    const double wave[] = {50, 100};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_georef georef = metric_ground(1, 2, 300);
    eg_grid in;
    make_elevations(&in, ctx, 700, 300, EG_F32, &georef, wave_height, wave);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_have_their_slope),
        cmocka_unit_test(planes_are_planes_to_the_corners),
        cmocka_unit_test(planes_face_where_they_fall),
        cmocka_unit_test(directions_stay_below_360),
        cmocka_unit_test(light_is_a_cosine),
        cmocka_unit_test(a_threshold_makes_a_mask),
        cmocka_unit_test(heights_and_cells_have_units),
        cmocka_unit_test(cones_are_equally_steep),
        cmocka_unit_test(spheres_bend_by_their_radius),
        cmocka_unit_test(hollows_are_positive),
        cmocka_unit_test(waves_have_their_slope),
    };
    return cmocka_run_group_tests_name("terrain", tests, NULL, NULL);
}
