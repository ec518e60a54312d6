/* SPDX-License-Identifier: MIT */
/* Tests the areas between contour lines: those that are known, and the properties of all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "contour_fixture.h"
#include "core/context.h"
#include "files.h"

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(2, 3, NULL);
    return 0;
}

static int shut_context(void **state)
{
    (void)state;
    close_context(ctx); /* complains of leaks */
    return 0;
}

static eg_contour_options every(double interval, double base)
{
    return (eg_contour_options){.interval = interval, .base = base};
}

/* Fails unless the areas of the values have all properties, and returns them. */
static recorded_areas checked_areas(size_t width, size_t height, const double *values,
                                    const eg_contour_options *options)
{
    eg_grid grid;
    recorded_areas areas;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, EG_F64, NULL), EG_OK);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            set_sample(&grid, x, y, values[y * width + x]);
    const char *fault = fault_of_areas(ctx, &grid, options, &areas);
    if (fault)
        fail_msg("%s", fault);
    eg_grid_free(&grid);
    return areas;
}

/* Fails unless area i has these rings, whose numbers of points are counts[]. */
static void assert_area(const recorded_areas *areas, size_t i, double low, double high,
                        const double *points, const size_t *counts, size_t rings)
{
    const struct recorded_area *a = &areas->areas[i];
    size_t total = 0;
    assert_true(i < areas->count);
    assert_true(a->low == low && a->high == high);
    assert_int_equal(a->ring_count, rings);
    for (size_t k = 0; k < rings; k++) {
        assert_int_equal(a->counts[k], counts[k]);
        total += counts[k];
    }
    assert_memory_equal(a->points, points, total * 2 * sizeof *points);
}

/* ---- known areas ----------------------------------------------------------------------------- */

/* A plane has stripes. Samples on straight sides are left out. */
static void test_plane(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
    const eg_contour_options o = every(10, 0.5), fine = every(1, 0.5);
    recorded_areas r = checked_areas(3, 3, values, &o);
    assert_int_equal(r.count, 2);
    assert_area(&r, 0, -9.5, 0.5, (const double[]){0, 0, 0, 2, 0.5, 2, 0.5, 1, 0.5, 0, 0, 0},
                (const size_t[]){6}, 1);
    assert_area(&r, 1, 0.5, 10.5, (const double[]){0.5, 0, 0.5, 1, 0.5, 2, 2, 2, 2, 0, 0.5, 0},
                (const size_t[]){6}, 1);
    forget_areas(&r);
    r = checked_areas(3, 3, values, &fine);
    assert_int_equal(r.count, 3);
    forget_areas(&r);
}

/* A peak is a hole in the area around it. */
static void test_hole(void **state)
{
    (void)state;
    const double values[] = {0, 0, 0, 0, 4, 0, 0, 0, 0};
    const eg_contour_options o = every(10, 2);
    recorded_areas r = checked_areas(3, 3, values, &o);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.result.areas, 2);
    assert_int_equal(r.result.holes, 1);
    assert_area(&r, 0, 2, 12, (const double[]){1, 0.5, 0.5, 1, 1, 1.5, 1.5, 1, 1, 0.5},
                (const size_t[]){5}, 1);
    assert_area(&r, 1, -8, 2, (const double[]){0, 0,   0,   2, 2, 2,   2,   0, 0, 0,
                                               1, 0.5, 1.5, 1, 1, 1.5, 0.5, 1, 1, 0.5},
                (const size_t[]){5, 5}, 2);
    forget_areas(&r);
}

/* Missing cells are holes as well; two that touch at a sample are one hole each. */
static void test_missing(void **state)
{
    (void)state;
    double values[8 * 8] = {0};
    const eg_contour_options o = every(10, 5);
    values[2 * 8 + 2] = values[4 * 8 + 4] = (double)NAN;
    recorded_areas r = checked_areas(8, 8, values, &o);
    assert_int_equal(r.count, 1);
    assert_area(&r, 0, -5, 5, (const double[]){0, 0, 0, 7, 7, 7, 7, 0, 0, 0, 1, 1, 3, 1, 3,
                                               3, 1, 3, 1, 1, 3, 3, 5, 3, 5, 5, 3, 5, 3, 3},
                (const size_t[]){5, 5, 5}, 3);
    forget_areas(&r);
}

/* Parts that touch only at a sample at the level are areas of their own. */
static void test_neck(void **state)
{
    (void)state;
    const double values[] = {5, 0, 0, 0, 5, 0, 0, 0, 5};
    const eg_contour_options o = every(10, 5);
    recorded_areas r = checked_areas(3, 3, values, &o);
    forget_areas(&r);
    const double ring[] = {9, 9, 9, 9, 9, 9, 0, 5, 0, 9, 9, 5, 9, 5, 9, /* the ring is cut */
                           9, 0, 5, 0, 9, 9, 9, 9, 9, 9};
    r = checked_areas(5, 5, ring, &o);
    forget_areas(&r);
}

/* Below the first listed level and above the last the areas are unbounded. */
static void test_listed(void **state)
{
    (void)state;
    const double values[] = {0, 10, 20, 0, 10, 20}, levels[] = {15, 5};
    const eg_contour_options o = {.interval = (double)NAN, .levels = levels, .level_count = 2};
    recorded_areas r = checked_areas(3, 2, values, &o);
    assert_int_equal(r.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const double x = r.areas[i].points[0];
        assert_true(r.areas[i].low == (x == 0 ? -(double)INFINITY : x == 0.5 ? 5 : 15));
        assert_true(r.areas[i].high == (x == 0 ? 5 : x == 0.5 ? 15 : (double)INFINITY));
    }
    forget_areas(&r);
}

/* Rasters without cells, and without valid ones, have no areas. */
static void test_none(void **state)
{
    (void)state;
    const double missing[] = {1, NAN, 2, 3, NAN, 4}, values[] = {1, 2, 3};
    const eg_contour_options o = every(1, 0);
    recorded_areas r = checked_areas(3, 2, missing, &o);
    assert_int_equal(r.count, 0);
    forget_areas(&r);
    r = checked_areas(3, 1, values, &o);
    assert_int_equal(r.count, 0);
    forget_areas(&r);
    r = checked_areas(1, 3, values, &o);
    assert_int_equal(r.count, 0);
    forget_areas(&r);
}

/* ---- properties of all areas ----------------------------------------------------------------- */

/* Fills a raster with noise of `steps` values, one in `hole` of which is missing. */
static eg_grid noise_of(size_t width, size_t height, unsigned seed, double steps, unsigned hole)
{
    eg_grid grid;
    uint32_t random = seed * 2654435761u + 12345;
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, EG_F64, NULL), EG_OK);
    for (size_t i = 0; i < width * height; i++) {
        random = random * 1664525u + 1013904223u;
        double value = steps * (random >> 8) / 0x1p24;
        value = steps < 9 ? floor(value) : value;
        random = random * 1664525u + 1013904223u;
        set_sample(&grid, i % width, i / width,
                   hole && (random >> 16) % hole == 0 ? (double)NAN : value);
    }
    return grid;
}

/* Noise of few values has levels at many samples, where areas touch. */
static void test_properties(void **state)
{
    (void)state;
    static const double steps[] = {2, 3, 5, 9.5, 30.3};
    static const unsigned holes[] = {0, 25, 4};
    static const double bases[] = {0, 0.5, 1e-9};
    for (size_t s = 0; s < COUNT(steps); s++)
        for (size_t h = 0; h < COUNT(holes); h++)
            for (size_t b = 0; b < COUNT(bases); b++) {
                eg_grid grid =
                    noise_of(7 + s, 9, (unsigned)(s * 16 + h * 4 + b), steps[s], holes[h]);
                const eg_contour_options o = every(1, bases[b]);
                recorded_areas areas;
                const char *fault = fault_of_areas(ctx, &grid, &o, &areas);
                if (fault)
                    fail_msg("%s: steps %g, holes %u, base %g", fault, steps[s], holes[h],
                             bases[b]);
                forget_areas(&areas);
                eg_grid_free(&grid);
            }
}

typedef struct settings_case {
    eg_grid grid;
    recorded_areas expected;
    eg_contour_options options;
} settings_case;

static void check_setting(eg_context *other, void *opaque)
{
    const settings_case *c = opaque;
    recorded_areas r;
    assert_int_equal(record_areas(&r, other, &c->grid, &c->options, NULL), EG_OK);
    assert_int_equal(r.count, c->expected.count);
    for (size_t i = 0; i < r.count; i++) {
        const struct recorded_area *a = &c->expected.areas[i];
        assert_area(&r, i, a->low, a->high, a->points, a->counts, a->ring_count);
    }
    forget_areas(&r);
}

/* Neither order nor points depend on strips and threads. */
static void test_settings(void **state)
{
    (void)state;
    static const double steps[] = {4, 20.5};
    for (size_t i = 0; i < COUNT(steps); i++) {
        settings_case c = {.grid = noise_of(29, 37, 5, steps[i], 30), .options = every(1, 0)};
        eg_context *one = test_context(1, 1000, NULL);
        assert_int_equal(record_areas(&c.expected, one, &c.grid, &c.options, NULL), EG_OK);
        assert_true(c.expected.count > 100);
        for_every_setting(check_setting, &c);
        forget_areas(&c.expected);
        eg_context_free(one);
        eg_grid_free(&c.grid);
    }
}

/* ---- failures -------------------------------------------------------------------------------- */

static eg_status refuse_third(void *opaque, const eg_area *area, eg_error *error)
{
    size_t *seen = opaque;
    (void)area, (void)error;
    return ++*seen == 3 ? EG_FILE : EG_OK;
}

static void test_callback_fails(void **state)
{
    (void)state;
    size_t seen = 0;
    eg_source *source;
    eg_grid grid = noise_of(20, 20, 1, 9.5, 0);
    const eg_contour_options o = every(1, 0);
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_contour_areas(source, &o, refuse_third, &seen, NULL, NULL), EG_FILE);
    assert_int_equal(seen, 3);
    eg_source_close(source);
    eg_grid_free(&grid);
}

/* Every allocation fails in turn. */
static void test_no_memory(void **state)
{
    (void)state;
    eg_grid grid = noise_of(12, 24, 2, 4, 20);
    const eg_contour_options o = every(1, 0);
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        recorded_areas r;
        eg_error error = {0};
        ctx->fail_after = k;
        status = record_areas(&r, ctx, &grid, &o, &error);
        ctx->fail_after = -1;
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(status, error.status);
        forget_areas(&r);
    }
    assert_true(k > 20);
    eg_grid_free(&grid);
}

static eg_status count_area(void *opaque, const eg_area *area, eg_error *error)
{
    (void)area, (void)error;
    ++*(size_t *)opaque;
    return EG_OK;
}

/* Memory is that of the strips and of the areas that go on: not of the raster, ten times as high.
 */
static void test_memory(void **state)
{
    (void)state;
    size_t peak[2];
    for (size_t i = 0; i < 2; i++) {
        eg_context *own = test_context(1, 16, NULL);
        eg_grid grid;
        size_t seen = 0;
        eg_source *source;
        const eg_contour_options o = every(40, 0);
        assert_int_equal(eg_grid_new(&grid, own, 64, i ? 3000 : 300, EG_F32, NULL), EG_OK);
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++)
                set_sample(&grid, x, y, 300 * sin((double)y / 20) + 9 * sin((double)(x * y)));
        const size_t before = own->used;
        own->peak = before;
        assert_int_equal(eg_source_grid(&source, own, &grid, NULL), EG_OK);
        assert_int_equal(eg_contour_areas(source, &o, count_area, &seen, NULL, NULL), EG_OK);
        peak[i] = own->peak - before;
        eg_source_close(source);
        eg_grid_free(&grid);
        eg_context_free(own);
    }
    assert_true(peak[1] < 2 * peak[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plane),          cmocka_unit_test(test_hole),
        cmocka_unit_test(test_missing),        cmocka_unit_test(test_neck),
        cmocka_unit_test(test_listed),         cmocka_unit_test(test_none),
        cmocka_unit_test(test_properties),     cmocka_unit_test(test_settings),
        cmocka_unit_test(test_callback_fails), cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, open_context, shut_context);
}
