/* SPDX-License-Identifier: MIT */
/* Tests the level curves of functions: they lie on the level sets, cover the values, and end at
 * poles and where they would be closer than pixels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "plot/plot.h"

enum { SIDE = 241 };

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

/* ---- functions ---- */

static double bowl(double x, double y)
{
    return x * x + 4 * y * y;
}

static double saddle(double x, double y)
{
    return x * y;
}

static double folium(double x, double y)
{
    return x * x * x + y * y * y - 6 * x * y;
}

static double eggs(double x, double y)
{
    return sin(3 * x) * cos(2 * y) + 0.1 * x;
}

static double steep(double x, double y)
{
    return exp(5 * x) - y;
}

static double banana(double x, double y)
{
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
}

static double quadrants(double x, double y)
{
    return x * y / (x * x + y * y + 0.1);
}

static double pole(double x, double y)
{
    return 1 / (x - y);
}

static double tangent(double x, double y)
{
    return tan(x * y);
}

static double logarithm(double x, double y)
{
    return log(fabs(x * y - 1));
}

static double dipole(double x, double y)
{
    return x / (x * x + y * y);
}

static double peak(double x, double y)
{
    return 1 / (x * x + y * y);
}

static double root(double x, double y)
{
    return sqrt(4 - x * x - y);
}

static double steps(double x, double y)
{
    return floor(x) + 0.1 * y;
}

static double constant(double x, double y)
{
    return 0 * x * y + 5;
}

static double nothing(double x, double y)
{
    return 0 * x * y + NAN;
}

typedef double (*plane_function)(double x, double y);

static const struct {
    const char *name;
    plane_function f;
    bool poles;
} functions[] = {
    {"bowl", bowl, false},      {"saddle", saddle, false},       {"folium", folium, false},
    {"eggs", eggs, false},      {"steep", steep, false},         {"banana", banana, false},
    {"root", root, false},      {"quadrants", quadrants, false}, {"pole", pole, true},
    {"tangent", tangent, true}, {"logarithm", logarithm, true},  {"dipole", dipole, true},
    {"peak", peak, true},       {"steps", steps, false},
};

typedef struct evaluation {
    plane_function f;
    long calls; /* until a call fails */
} evaluation;

static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    evaluation *e = opaque;
    (void)error;
    for (size_t i = 0; i < count; i++)
        values[i] = e->f(x[i], y[i]);
    return --e->calls == 0 ? EG_NO_MEMORY : EG_OK;
}

/* Returns a plot of the function on a square; skips the test if this build has no cairo. */
static eg_plot *draw(plane_function f, double half, bool y_down)
{
    eg_plot *plot = NULL;
    eg_plot_options o;
    evaluation e = {f, 0};
    eg_plot_default(&o);
    o.x[0] = o.y[0] = -half;
    o.x[1] = o.y[1] = half;
    o.y_down = y_down;
    o.width = o.height = 500;
    eg_status status = eg_plot_new(&plot, ctx, &o, NULL);
    if (status == EG_UNSUPPORTED)
        skip();
    assert_int_equal(status, EG_OK);
    assert_int_equal(eg_plot_field_values(plot, evaluate, &e, SIDE, NULL, 0, NULL), EG_OK);
    return plot;
}

/* ---- the tests ---- */

/* Computes the length of the gradient per pixel by central differences. */
static double slope(const eg_plot *plot, plane_function f, const double p[2])
{
    const eg_plot_options *o = &plot->options;
    const double h = 1e-6;
    double dx = (f(p[0] + h, p[1]) - f(p[0] - h, p[1])) / (2 * h);
    double dy = (f(p[0], p[1] + h) - f(p[0], p[1] - h)) / (2 * h);
    return hypot(dx * (o->x[1] - o->x[0]) / (plot->frame.right - plot->frame.left),
                 dy * (o->y[1] - o->y[0]) / (plot->frame.bottom - plot->frame.top));
}

/* Every vertex is within a fifth of a pixel of the level set. */
static void test_curves_on_level_sets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(functions); i++) {
        plane_function f = functions[i].f;
        eg_plot *plot = draw(f, 2, i % 2);
        size_t vertices = 0;
        for (const eg_item *curve = plot->curves.first; curve && f != steps; curve = curve->next)
            for (size_t k = 0; k < curve->count; k++, vertices++) {
                const double *p = curve->numbers + 2 * k;
                double off = fabs(f(p[0], p[1]) - curve->level);
                double limit = 0.2 * slope(plot, f, p) + 1e-9 * (1 + fabs(curve->level));
                if (isnan(limit) || off > limit)
                    fail_msg("%s: %g at %g, %g, not %g", functions[i].name, f(p[0], p[1]), p[0],
                             p[1], curve->level);
            }
        assert_true(vertices > 200 || f == steps);
        eg_plot_free(plot);
    }
}

/* Levels cover all values of a function without poles, and both signs of one with. */
static void test_levels_cover_the_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(functions); i++) {
        eg_plot *plot = draw(functions[i].f, 2, false);
        double low = INFINITY, high = -INFINITY;
        for (int k = 0; k < 101 * 101; k++) {
            double value = functions[i].f(-2 + k % 101 * 0.04, -2 + k / 101 * 0.04);
            low = isfinite(value) ? fmin(low, value) : low;
            high = isfinite(value) ? fmax(high, value) : high;
        }
        double first = plot->levels[0], last = plot->levels[plot->level_count - 1];
        assert_in_range(plot->level_count, 4, 20);
        for (size_t k = 0; k < plot->level_count; k++) {
            assert_false(plot->levels[k] == 0 && signbit(plot->levels[k]));
            assert_true(k == 0 || plot->levels[k] > plot->levels[k - 1]);
        }
        if (!functions[i].poles &&
            (first - low > 0.36 * (high - low) || high - last > 0.36 * (high - low)))
            fail_msg("%s: levels %g to %g, values %g to %g", functions[i].name, first, last, low,
                     high);
        eg_plot_free(plot);
    }
    eg_plot *plot = draw(quadrants, 2, false);
    assert_within(plot->levels[0], -0.4, 1e-9);
    assert_within(plot->levels[plot->level_count - 1], 0.4, 1e-9);
    eg_plot_free(plot);
    plot = draw(pole, 2, false);
    assert_true(plot->levels[0] <= -2 && plot->levels[plot->level_count - 1] >= 2);
    eg_plot_free(plot);
}

/* The curves of a saddle's level cross in the saddle; those of others stay in their quadrants. */
static void test_saddle(void **state)
{
    eg_plot *plot = draw(saddle, 2, false);
    bool through_saddle = false;
    (void)state;
    for (const eg_item *curve = plot->curves.first; curve; curve = curve->next)
        for (size_t k = 0; k < curve->count; k++) {
            const double *p = curve->numbers + 2 * k;
            if (curve->level == 0)
                through_saddle |= p[0] == 0 && p[1] == 0;
            else
                assert_true(p[0] * curve->numbers[0] > 0 && p[1] * curve->numbers[1] > 0);
        }
    assert_true(through_saddle);
    eg_plot_free(plot);
}

/* No curve crosses a pole, and there are none where poles are closer than the pixels. */
static void test_poles(void **state)
{
    eg_plot *plot = draw(pole, 2, false);
    (void)state;
    for (const eg_item *curve = plot->curves.first; curve; curve = curve->next)
        for (size_t k = 0; k < curve->count; k++)
            assert_true((curve->numbers[2 * k] > curve->numbers[2 * k + 1]) == (curve->level > 0));
    eg_plot_free(plot);
    plot = draw(tangent, 40, false);
    for (const eg_item *curve = plot->curves.first; curve; curve = curve->next)
        for (size_t k = 0; k < curve->count; k++)
            assert_true(hypot(curve->numbers[2 * k], curve->numbers[2 * k + 1]) < 12);
    /* All shades far from the centre are almost the same. */
    double side = (double)plot->columns;
    for (size_t i = 0; i < plot->columns * plot->rows; i++)
        if (hypot((double)(i % plot->columns) - side / 2, (double)(i / plot->columns) - side / 2) >
            side / 3)
            assert_within(plot->positions[i], ((double)plot->level_count + 1) / 2,
                          0.35 * ((double)plot->level_count + 1));
    eg_plot_free(plot);
}

static void test_flat(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        eg_plot *plot = draw(i ? nothing : constant, 2, false);
        assert_int_equal(plot->level_count, 0);
        assert_null(plot->curves.first);
        assert_int_equal(isnan(plot->positions[0]), i);
        eg_plot_free(plot);
    }
}

static void test_one_level(void **state)
{
    eg_plot *plot = draw(folium, 2, false);
    evaluation e = {folium, 0};
    (void)state;
    assert_int_equal(eg_plot_field_level(plot, EG_PLOT_CURVE, evaluate, &e, SIDE, -1.5, NULL),
                     EG_OK);
    assert_non_null(plot->items.first);
    for (const eg_item *curve = plot->items.first; curve; curve = curve->next)
        for (size_t k = 0; k < curve->count; k++) {
            const double *p = curve->numbers + 2 * k;
            assert_within(folium(p[0], p[1]), -1.5, 0.2 * slope(plot, folium, p));
        }
    assert_int_equal(eg_plot_field_level(plot, EG_PLOT_CURVE, evaluate, &e, SIDE, NAN, NULL),
                     EG_USAGE);
    assert_int_equal(eg_plot_field_level(plot, EG_PLOT_CURVE, evaluate, &e, 1, 0, NULL), EG_USAGE);
    assert_int_equal(eg_plot_field_values(plot, evaluate, &e, SIDE, NULL, 0, NULL), EG_USAGE);
    eg_plot_free(plot);
}

/* Adds both kinds of curves, with small grids. */
static eg_status make(eg_context *with, eg_plot **plot, evaluation *e, eg_error *error)
{
    eg_plot_options o;
    eg_plot_default(&o);
    o.x[0] = -3;
    eg_status status = eg_plot_new(plot, with, &o, error);
    if (status == EG_OK)
        status = eg_plot_field_values(*plot, evaluate, e, 33, NULL, 0, error);
    if (status == EG_OK)
        status = eg_plot_field_level(*plot, EG_PLOT_CURVE, evaluate, e, 33, 0.5, error);
    return status;
}

static void test_failures(void **state)
{
    (void)state;
    eg_plot_free(draw(tangent, 2, false));
    for (int calls = 0; calls < 2; calls++) {
        long k = 1;
        for (bool complete = false; !complete; k++) {
            eg_context *with = test_context(1, 0, NULL);
            eg_plot *plot = NULL;
            eg_error error = {0};
            evaluation e = {tangent, calls ? k : 0};
            if (!calls)
                atomic_store(&with->fail_after, k);
            eg_status status = make(with, &plot, &e, &error);
            complete = calls ? e.calls > 0 : atomic_load(&with->fail_after) >= 0;
            eg_plot_free(plot);
            close_context(with);
            assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        }
        assert_in_range(k, 10, 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curves_on_level_sets),
        cmocka_unit_test(test_levels_cover_the_values),
        cmocka_unit_test(test_saddle),
        cmocka_unit_test(test_poles),
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_one_level),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests_name("plot_field", tests, open_context, shut_context);
}
