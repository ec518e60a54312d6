/* SPDX-License-Identifier: MIT */
/* Tests the graphs of functions of one variable: bends, poles, jumps, holes, ends of the domain. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "plot/plot.h"

#define PI 3.14159265358979323846

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

static double sinc(double x)
{
    return x == 0 ? NAN : sin(x) / x;
}

static double parabola_with_hole(double x)
{
    return (x * x - 1) / (x - 1);
}

static double reciprocal(double x)
{
    return 1 / x;
}

static double square_pole(double x)
{
    return 1 / (x * x);
}

static double logarithm(double x)
{
    return log(fabs(x));
}

static double cliff(double x)
{
    return atan(1e6 * (x - 0.1234567));
}

static double wave(double x)
{
    return sin(40 * x);
}

static double arc(double x)
{
    return sqrt(2 - x * x);
}

static double oscillation(double x)
{
    return sin(1 / x);
}

static double nothing(double x)
{
    return 0 * x + NAN;
}

static double constant(double x)
{
    return 0 * x - 3e-9;
}

typedef struct fake {
    double (*f)(double);
} fake;

static eg_status evaluate(void *opaque, const double x[], size_t count, double y[], eg_error *error)
{
    (void)error;
    for (size_t i = 0; i < count; i++)
        y[i] = ((const fake *)opaque)->f(x[i]);
    return EG_OK;
}

static const struct {
    const char *name;
    double (*f)(double);
    double x[2];
    size_t parts, holes; /* uninterrupted parts of the graph */
    double low, high;    /* bounds of the range of y */
} graphs[] = {
    {"sin(x)/x", sinc, {-10, 10}, 1, 1, -0.4, 1.2},
    {"(x^2-1)/(x-1)", parabola_with_hole, {-2, 2}, 1, 1, -1.5, 3.5},
    {"1/x", reciprocal, {-2, 2}, 2, 0, -20, 20},
    {"1/x^2", square_pole, {-2, 2}, 2, 0, -100, 200},
    {"log|x|", logarithm, {-2, 2}, 2, 0, -10, 2},
    {"tan", tan, {-5, 5}, 5, 0, -30, 30},
    {"floor", floor, {-2.5, 2.5}, 6, 0, -4, 3},
    {"a cliff", cliff, {-1, 1}, 1, 0, -2, 2},
    {"a wave", wave, {-1, 1}, 1, 0, -1.3, 1.3},
    {"sqrt(2-x^2)", arc, {-2, 2}, 1, 0, -0.2, 1.7},
    {"nothing", nothing, {-2, 2}, 0, 0, -1, 1},
    {"a constant", constant, {-2, 2}, 1, 0, -6e-9, 0},
};

/* Checks that a straight line between neighbours is close to the function. */
static void check_segment(const eg_plot_graph *g, size_t i, double (*f)(double), double height)
{
    const double *a = g->points + 2 * i, *b = a + 2;
    double x = a[0] + (b[0] - a[0]) / 2, y = f(x);
    bool visible = fmin(a[1], b[1]) < g->y[1] && fmax(a[1], b[1]) > g->y[0];
    if (isfinite(y) && visible && fabs(b[1] - a[1]) < height / 20)
        assert_within(a[1] + (b[1] - a[1]) / 2, y, 2e-3 * height);
}

static void test_graphs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(graphs); i++) {
        eg_plot_graph g;
        fake opaque = {graphs[i].f};
        assert_int_equal(eg_plot_graph_new(&g, ctx, evaluate, &opaque, graphs[i].x, NULL), EG_OK);
        size_t parts = 0;
        double height = g.y[1] - g.y[0];
        for (size_t k = 0; k < g.count; k++) {
            const double *p = g.points + 2 * k;
            bool here = isfinite(p[1]), before = k > 0 && isfinite(p[-1]);
            parts += here && !before;
            assert_true(k == 0 || p[0] >= p[-2]);
            if (here && before)
                check_segment(&g, k - 1, graphs[i].f, height);
        }
        if (parts != graphs[i].parts || g.hole_count != graphs[i].holes)
            fail_msg("%s: %zu parts, %zu holes", graphs[i].name, parts, g.hole_count);
        if (g.y[0] < graphs[i].low || g.y[1] > graphs[i].high || !(height > 0))
            fail_msg("%s: y from %g to %g", graphs[i].name, g.y[0], g.y[1]);
        eg_plot_graph_free(&g);
    }
}

/* The places of holes, poles, jumps and ends are found to rounding. */
static void test_places(void **state)
{
    static const struct {
        double (*f)(double);
        double at;
    } places[] = {{tan, PI / 2}, {floor, 1}, {arc, 1.4142135623730951}, {reciprocal, 0}};
    const double range[2] = {-1.9, 1.9};
    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        eg_plot_graph g;
        fake opaque = {places[i].f};
        double nearest = INFINITY;
        assert_int_equal(eg_plot_graph_new(&g, ctx, evaluate, &opaque, range, NULL), EG_OK);
        for (size_t k = 0; k + 1 < g.count; k++)
            if (isfinite(g.points[2 * k + 1]) && !isfinite(g.points[2 * k + 3]))
                nearest = fmin(nearest, fabs(g.points[2 * k] - places[i].at));
        assert_within(nearest, 0, 1e-14);
        eg_plot_graph_free(&g);
    }
    eg_plot_graph g;
    fake hole = {sinc};
    assert_int_equal(eg_plot_graph_new(&g, ctx, evaluate, &hole, range, NULL), EG_OK);
    assert_true(g.holes[0][0] == 0);
    assert_within(g.holes[0][1], 1, 1e-6);
    eg_plot_graph_free(&g);
    fake no_limit = {oscillation};
    for (int k = 0; k < 50; k++) {
        assert_int_equal(eg_plot_graph_new(&g, ctx, evaluate, &no_limit,
                                           (const double[]){-1 - 0.07 * k, 1}, NULL),
                         EG_OK);
        assert_int_equal(g.hole_count, 0);
        eg_plot_graph_free(&g);
    }
}

static eg_status break_off(void *opaque, const double x[], size_t count, double y[],
                           eg_error *error)
{
    (void)x, (void)count, (void)y, (void)error;
    return --*(int *)opaque ? evaluate(&(fake){tan}, x, count, y, error) : EG_NO_MEMORY;
}

static void test_failures(void **state)
{
    eg_plot_graph g;
    fake opaque = {tan};
    (void)state;
    assert_int_equal(eg_plot_graph_new(&g, ctx, evaluate, &opaque, (const double[]){1, 1}, NULL),
                     EG_USAGE);
    assert_int_equal(
        eg_plot_graph_new(&g, ctx, evaluate, &opaque, (const double[]){0, INFINITY}, NULL),
        EG_USAGE);
    for (int calls = 1; calls < 20; calls++) {
        int left = calls;
        assert_int_equal(
            eg_plot_graph_new(&g, ctx, break_off, &left, (const double[]){-2, 2}, NULL),
            EG_NO_MEMORY);
    }
    for (long k = 0; k < 20; k++) {
        eg_context *with = test_context(1, 0, NULL);
        eg_error error = {0};
        atomic_store(&with->fail_after, k);
        eg_status status =
            eg_plot_graph_new(&g, with, evaluate, &opaque, (const double[]){-2, 2}, &error);
        bool complete = atomic_load(&with->fail_after) >= 0;
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        eg_plot_graph_free(&g);
        close_context(with);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graphs),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests_name("plot_graph", tests, open_context, shut_context);
}
