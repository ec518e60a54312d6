/* SPDX-License-Identifier: MIT */
/* Tests flow paths over surfaces whose lines of steepest descent are known. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"

enum { SIDE = 41 };

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return 0;
}

static int shut_context(void **state)
{
    (void)state;
    close_context(ctx); /* complains of leaks */
    return 0;
}

typedef double surface(double x, double y);

static eg_grid grid_of(surface *f, size_t width, size_t height)
{
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(&grid, x, y, f((double)x, (double)y));
    return grid;
}

/* Checks of each point: heights and distances are monotone, and the path is the expected one. */
typedef struct path_check {
    const eg_grid *grid;
    bool uphill;
    double (*off)(const double at[2]); /* deviation from the expected path; NULL: unknown */
    double tolerance, stride;
    eg_flow_path_point last;
    size_t seen;
} path_check;

static void check_point(void *opaque, const eg_flow_path_point *p)
{
    path_check *w = opaque;
    double value, gradient[2];
    assert_int_equal(p->step, w->seen);
    assert_int_equal(eg_grid_interpolate(w->grid, p->at, &value, gradient, NULL, NULL), EG_OK);
    assert_true(value == p->height);
    if (w->seen > 0) {
        assert_true(w->uphill ? p->height >= w->last.height : p->height <= w->last.height);
        assert_true(p->distance > w->last.distance);
        assert_true(hypot(p->at[0] - w->last.at[0], p->at[1] - w->last.at[1]) <= 1.01 * w->stride);
    }
    if (w->off)
        assert_within(w->off(p->at), 0, w->tolerance);
    w->last = *p;
    w->seen++;
}

static eg_flow_path_result follow(const eg_grid *grid, const eg_ground *ground, double x, double y,
                                  bool uphill, path_check *w)
{
    eg_flow_path_options o;
    eg_flow_path_result r;
    eg_error error = {0};
    eg_flow_path_default(&o);
    o.uphill = w->uphill = uphill;
    w->grid = grid;
    w->stride = o.stride;
    o.on_point = check_point;
    o.opaque = w;
    if (eg_flow_path(ctx, grid, ground, (const double[]){x, y}, &o, &r, &error) != EG_OK)
        fail_msg("%g, %g: %s", x, y, error.message);
    assert_int_equal(w->seen, r.steps + 1);
    assert_memory_equal(&w->last, &r.last, sizeof r.last);
    return r;
}

/* ---- a plane ---- */

static double plane(double x, double y)
{
    return 100 + 3 * x - 4 * y;
}

static double off_plane_path(const double at[2])
{
    return 4 * (at[0] - 30) + 3 * (at[1] - 5); /* deviation across (-3, 4) from 30, 5 */
}

/* The path is the line 30 - 3 t, 5 + 4 t to the edge of the raster at row 40. */
static void test_plane(void **state)
{
    eg_grid grid = grid_of(plane, SIDE, SIDE);
    path_check w = {.off = off_plane_path, .tolerance = 1e-8};
    eg_flow_path_result r = follow(&grid, NULL, 30, 5, false, &w);
    (void)state;
    assert_int_equal(r.end, EG_FLOW_PATH_EDGE);
    assert_within(r.last.at[0], 30 - 3 * 35 / 4.0, 1e-5);
    assert_within(r.last.at[1], 40, 0);
    assert_within(r.last.distance, 5 * 35 / 4.0, 1e-5);
    assert_within(r.last.slope, 5, 1e-12);
    assert_within(r.first.height, plane(30, 5), 1e-12);
    eg_grid_free(&grid);
}

/* Steepest descent on the ground differs from that in cells: if these are 10 m wide and 30 m high,
 * slopes of 3 and -4 per cell are 0.3 and -0.1333 m/m, and the path runs by -0.03 and 0.00444
 * cells.
 */
static double off_ground_path(const double at[2])
{
    return (at[0] - 30) * 4 / 900.0 + (at[1] - 5) * 3 / 100.0;
}

static void test_plane_on_the_ground(void **state)
{
    eg_grid grid = grid_of(plane, SIDE, SIDE);
    eg_source *source = NULL;
    eg_ground *ground = NULL;
    eg_ground_options o;
    double x, y, z;
    path_check w = {.off = off_ground_path, .tolerance = 1e-8};
    (void)state;
    eg_ground_default(&o);
    o.cell_x = 10;
    o.cell_y = 30;
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_ground_new(&ground, source, NULL, NULL), EG_USAGE); /* no cell size */
    assert_null(ground);
    assert_int_equal(eg_ground_new(&ground, source, &o, NULL), EG_OK);
    eg_ground_at(ground, 7.5, &x, &y, &z);
    assert_true(x == 10 && y == 30 && z == 1);
    eg_flow_path_result r = follow(&grid, ground, 30, 5, false, &w);
    assert_int_equal(r.end, EG_FLOW_PATH_EDGE);
    assert_within(r.last.at[0], 0, 0);
    assert_within(r.last.at[1], 5 + 30 * 4 / 27.0, 1e-5);
    assert_within(r.last.slope, hypot(0.3, 4 / 30.0), 1e-12);
    assert_within(r.last.distance, hypot(300, 30 * 30 * 4 / 27.0), 1e-3);
    eg_ground_free(ground);
    eg_source_close(source);
    eg_grid_free(&grid);
}

/* ---- a bowl: cubic convolution is exact for quadratics ---- */

static double bowl(double x, double y)
{
    return (x - 12.3) * (x - 12.3) + 4 * (y - 17.6) * (y - 17.6);
}

static double hill(double x, double y)
{
    return -bowl(x, y);
}

/* On the path y - b is proportional to the fourth power of x - a. */
static double off_bowl_path(const double at[2])
{
    return (at[1] - 17.6) - (4 - 17.6) * pow((at[0] - 12.3) / (35 - 12.3), 4);
}

static void test_bowl(void **state)
{
    (void)state;
    for (int uphill = 0; uphill < 2; uphill++) {
        eg_grid grid = grid_of(uphill ? hill : bowl, SIDE, SIDE);
        path_check w = {.off = off_bowl_path, .tolerance = 3e-3};
        eg_flow_path_result r = follow(&grid, NULL, 35, 4, uphill, &w);
        assert_int_equal(r.end, EG_FLOW_PATH_PIT);
        assert_within(r.last.at[0], 12.3, 1e-6);
        assert_within(r.last.at[1], 17.6, 1e-6);
        assert_within(r.last.height, 0, 1e-9);
        assert_in_range(r.steps, 100, 400);
        eg_grid_free(&grid);
    }
}

/* ---- a gorge: steep across, nearly level along, where explicit steps would oscillate ---- */

static double gorge(double x, double y)
{
    return 50 * (y - 20.5) * (y - 20.5) + 0.001 * x;
}

static void test_gorge(void **state)
{
    eg_grid grid = grid_of(gorge, SIDE, SIDE);
    path_check w = {0};
    eg_flow_path_result r = follow(&grid, NULL, 38, 9, false, &w);
    (void)state;
    assert_int_equal(r.end, EG_FLOW_PATH_EDGE);
    assert_within(r.last.at[0], 0, 0);
    assert_within(r.last.at[1], 20.5, 1e-3);
    assert_within(r.last.distance, 11.5 + 38, 0.3);
    assert_in_range(r.steps, 190, 600);
    eg_grid_free(&grid);
}

/* ---- points without descent ---- */

static double level_below(double x, double y)
{
    (void)y;
    return x > 20 ? (x - 20) * (x - 20) : 0;
}

static double saddle(double x, double y)
{
    return (x - 20) * (x - 20) - (y - 20) * (y - 20);
}

static void test_level_ground(void **state)
{
    eg_grid grid = grid_of(level_below, SIDE, SIDE);
    path_check w = {0}, again = {0};
    eg_flow_path_result r = follow(&grid, NULL, 30, 20, false, &w);
    (void)state;
    assert_int_equal(r.end, EG_FLOW_PATH_LEVEL);
    assert_true(r.last.at[0] > 18 && r.last.at[0] < 21);
    r = follow(&grid, NULL, 5, 5, false, &again);
    assert_int_equal(r.end, EG_FLOW_PATH_LEVEL);
    assert_int_equal(r.steps, 0);
    eg_grid_free(&grid);
}

static void test_saddle(void **state)
{
    eg_grid grid = grid_of(saddle, SIDE, SIDE);
    path_check w = {0}, beside = {0};
    eg_flow_path_result r = follow(&grid, NULL, 20, 20, false, &w);
    (void)state;
    assert_int_equal(r.end, EG_FLOW_PATH_SADDLE);
    assert_string_equal(eg_flow_path_end_word(r.end, false), "saddle");
    assert_string_equal(eg_flow_path_end_word((eg_flow_path_end)99, false), "unknown");
    assert_int_equal(r.steps, 0);
    r = follow(&grid, NULL, 30, 20.000001, false, &beside); /* into the saddle and off its side */
    assert_int_equal(r.end, EG_FLOW_PATH_EDGE);
    assert_within(r.last.at[1], 40, 0);
    eg_grid_free(&grid);
}

static void test_missing_samples(void **state)
{
    eg_grid grid = grid_of(plane, SIDE, SIDE);
    path_check w = {0};
    (void)state;
    for (size_t x = 0; x < SIDE; x++)
        set_sample(&grid, x, 25, NAN);
    eg_flow_path_result r = follow(&grid, NULL, 30, 5, false, &w);
    assert_int_equal(r.end, EG_FLOW_PATH_MISSING);
    assert_within(r.last.at[1], 24, 1e-4);
    eg_flow_path_options o;
    eg_error error = {0};
    eg_flow_path_default(&o);
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, (double[]){10, 25}, &o, &r, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "no height"));
    eg_grid_free(&grid);
}

/* ---- any surface ---- */

/* Every path descends, and around a pit the surface is higher. */
static void test_noise(void **state)
{
    eg_grid grid;
    size_t pits = 0;
    (void)state;
    noise_grid(&grid, ctx, 60, 50, EG_F32, 3, 2);
    for (int k = 0; k < 200; k++) {
        path_check w = {0};
        bool uphill = k % 2;
        eg_flow_path_result r =
            follow(&grid, NULL, fmod(k * 7.31, 59), fmod(k * 3.77, 49), uphill, &w);
        assert_true(r.end == EG_FLOW_PATH_PIT || r.end == EG_FLOW_PATH_EDGE ||
                    r.end == EG_FLOW_PATH_LEVEL);
        pits += r.end == EG_FLOW_PATH_PIT;
        for (int i = 0; r.end == EG_FLOW_PATH_PIT && i < 8; i++) {
            double at[2] = {r.last.at[0] + 0.01 * cos(i), r.last.at[1] + 0.01 * sin(i)}, value;
            assert_int_equal(eg_grid_interpolate(&grid, at, &value, NULL, NULL, NULL), EG_OK);
            assert_false(uphill ? value > r.last.height : value < r.last.height);
        }
    }
    assert_in_range(pits, 100, 200);
    eg_grid_free(&grid);
}

static void test_steps_and_options(void **state)
{
    eg_grid grid = grid_of(plane, SIDE, SIDE), row;
    eg_flow_path_options good, o;
    eg_flow_path_result r;
    const double start[2] = {30, 5};
    (void)state;
    eg_flow_path_default(&good);
    o = good;
    o.steps = 7;
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, start, &o, &r, NULL), EG_OK);
    assert_int_equal(r.end, EG_FLOW_PATH_STEPS);
    assert_int_equal(r.steps, 7);
    o = good;
    o.level_slope = 5.1; /* the plane's slope is 5 */
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, start, &o, &r, NULL), EG_OK);
    assert_int_equal(r.steps, 0);
    const double bad[] = {0, -1, 2, NAN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        o = good;
        o.stride = bad[i];
        assert_int_equal(eg_flow_path(ctx, &grid, NULL, start, &o, &r, NULL), EG_USAGE);
    }
    o = good;
    o.level_slope = -1;
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, start, &o, &r, NULL), EG_USAGE);
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, (double[]){41, 0}, &good, &r, NULL), EG_USAGE);
    assert_int_equal(eg_flow_path(ctx, &grid, NULL, (double[]){NAN, 0}, &good, &r, NULL), EG_USAGE);
    assert_int_equal(eg_grid_new(&row, ctx, 9, 1, EG_U8, NULL), EG_OK);
    assert_int_equal(eg_flow_path(ctx, &row, NULL, (double[]){1, 0}, &good, &r, NULL), EG_USAGE);
    eg_grid_free(&row);
    eg_grid_free(&grid);
}

static void test_cancelled(void **state)
{
    static volatile sig_atomic_t cancel = 1;
    eg_config config;
    eg_context *stopped = NULL;
    eg_grid grid = grid_of(plane, SIDE, SIDE);
    eg_flow_path_options o;
    eg_flow_path_result r;
    (void)state;
    eg_config_default(&config);
    config.cancel = &cancel;
    eg_flow_path_default(&o);
    assert_int_equal(eg_context_new(&stopped, &config, NULL), EG_OK);
    assert_int_equal(eg_flow_path(stopped, &grid, NULL, (double[]){30, 5}, &o, &r, NULL), EG_OK);
    assert_int_equal(r.end, EG_FLOW_PATH_CANCELLED);
    close_context(stopped);
    eg_grid_free(&grid);
}

/* ---- cell sizes of real files ---- */

/* Compares with the series for the length of a degree on WGS 84, which is exact to centimetres. */
static void test_geographic_ground(void **state)
{
    char *path = need_corpus("dem/N44W072.hgt");
    eg_source *source = NULL;
    eg_ground *ground = NULL;
    double x, y, z;
    (void)state;
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
    assert_int_equal(eg_ground_new(&ground, source, NULL, NULL), EG_OK);
    for (double row = 0; row <= 1200; row += 133.5) {
        double b = (45 - row / 1200) / 57.295779513082320877;
        double high = 111132.954 - 559.822 * cos(2 * b) + 1.175 * cos(4 * b);
        double wide = 111412.84 * cos(b) - 93.5 * cos(3 * b) + 0.118 * cos(5 * b);
        eg_ground_at(ground, row, &x, &y, &z);
        assert_within(x, wide / 1200, 5e-5);
        assert_within(y, high / 1200, 5e-5);
        assert_within(z, 1, 0);
    }
    assert_int_equal(eg_georef_epsg(NULL), 0);
    eg_ground_free(ground);
    eg_source_close(source);
    free(path);
}

static void test_epsg(void **state)
{
    char *path = need_corpus("dem/n44w072_utm_256.tif");
    eg_source *source = NULL;
    (void)state;
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
    assert_int_equal(eg_georef_epsg(eg_source_georef(source)), 32619);
    eg_source_close(source);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plane),
        cmocka_unit_test(test_plane_on_the_ground),
        cmocka_unit_test(test_bowl),
        cmocka_unit_test(test_gorge),
        cmocka_unit_test(test_level_ground),
        cmocka_unit_test(test_saddle),
        cmocka_unit_test(test_missing_samples),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_steps_and_options),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_geographic_ground),
        cmocka_unit_test(test_epsg),
    };
    return cmocka_run_group_tests_name("flow_path", tests, open_context, shut_context);
}
