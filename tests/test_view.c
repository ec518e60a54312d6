/* SPDX-License-Identifier: MIT */
/* Views of surfaces: what is drawn last at a pixel is what a ray from the eye meets first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/context.h"
#include "files.h"
#include "plot/plot.h"
#include "random_expr.h"

#ifdef EG_HAVE_CAIRO

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(2, 0, NULL);
    return 0;
}

static int free_context(void **state)
{
    (void)state;
    close_context(ctx);
    return 0;
}

enum { CELLS = 64 }; /* of the mesh, along each axis */

static eg_status evaluate(void *opaque, const double x[], const double y[], size_t count,
                          double values[], eg_error *error)
{
    const double *points[] = {x, y};
    return eg_expr_eval_batch(opaque, points, count, values, NULL, error);
}

static double value_at(const eg_expr *f, double x, double y)
{
    double value = NAN;
    eg_expr_eval(f, (const double[]){x, y}, &value, NULL, NULL, NULL);
    return value;
}

/* Makes a view of a function over -2 .. 2 with the tangent plane at a point. */
static eg_plot *view_of(eg_expr *f, eg_view *view)
{
    eg_plot *plot;
    eg_error error = {0};
    view->x[0] = view->y[0] = -2;
    view->x[1] = view->y[1] = 2;
    if (view->has_point)
        eg_expr_eval(f, view->point, &view->value, view->gradient, NULL, NULL);
    if (eg_view_new(&plot, ctx, view, evaluate, f, &error) != EG_OK)
        fail_msg("%s", error.message);
    return plot;
}

static const eg_item *shapes_of(const eg_plot *plot)
{
    const eg_item *item = plot->items.first;
    while (item && item->kind != EG_ITEM_SHAPES)
        item = item->next;
    assert_non_null(item);
    return item;
}

/* Returns true if the pixel is inside a convex polygon, by a margin from its sides. */
static bool is_inside(const eg_shape *shape, const double p[2])
{
    int corners = (int)shape->corners;
    double sign = 0;
    for (int i = 0; i < corners; i++) {
        const double *a = shape->points + 2 * i, *b = shape->points + 2 * ((i + 1) % corners);
        double length = hypot(b[0] - a[0], b[1] - a[1]);
        double side = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
        if (length < 1e-9)
            continue;
        if (fabs(side) < 1e-6 * length || (sign != 0 && (side > 0) != (sign > 0)))
            return false;
        sign = side;
    }
    return sign != 0;
}

/* Returns the source of the last polygon that covers a pixel; -2 if none does. */
static double drawn_at(const eg_item *shapes, const double p[2])
{
    double source = -2;
    for (size_t i = 0; i < shapes->count; i++) {
        const eg_shape *shape = (const eg_shape *)shapes->numbers + i;
        if (shape->corners > 2 && is_inside(shape, p) && shape->source >= 0)
            source = shape->source;
    }
    return source;
}

/* The projection, computed anew: pixels are offset + scale * (p . right, - p . up). */
typedef struct camera {
    double right[3], up[3], eye[3], size[3], z[2], scale, offset[2];
} camera;

/* Finds range, scale and offset from the corners of the base and the edges that the plot shows:
 * from the pixels of the floor polygon, which is the first shape, and the first upright edge. */
static camera camera_of(const eg_view *view, const eg_item *shapes, const double z[2])
{
    const double radians = 3.14159265358979323846 / 180;
    double a = view->azimuth * radians, e = view->elevation * radians;
    camera c = {{-sin(a), cos(a), 0},
                {-sin(e) * cos(a), -sin(e) * sin(a), cos(e)},
                {cos(e) * cos(a), cos(e) * sin(a), sin(e)},
                {1, 1, 0.62},
                {z[0], z[1]},
                0,
                {0}};
    const double *base = ((const eg_shape *)shapes->numbers)->points;
    /* The corners of the base are (0, 0), (1, 0), (1, 1), (0, 1) in units of its sides. */
    double dx = base[2] - base[0], wanted = c.right[0];
    c.scale = fabs(wanted) > 0.1 ? dx / wanted : (base[6] - base[0]) / c.right[1];
    double level = e < 0 ? 0.5 * c.size[2] : -0.5 * c.size[2];
    c.offset[0] = (base[0] + base[4]) / 2;
    c.offset[1] = (base[1] + base[5]) / 2 + c.scale * level * c.up[2];
    return c;
}

/* Follows the ray through a pixel from the eye and returns the source of what it meets first: the
 * cell of the surface, plus 0.5 for the plane; -2 if nothing. */
static double ray_meets(const camera *c, const eg_view *view, const eg_expr *f, const double p[2],
                        double *distance)
{
    enum { STEPS = 6000 };
    double x = (p[0] - c->offset[0]) / c->scale, y = -(p[1] - c->offset[1]) / c->scale;
    double before[2] = {NAN, NAN};
    for (int i = 0; i <= STEPS; i++) {
        double t = 1.2 - 2.4 * i / STEPS, at[3];
        for (int k = 0; k < 3; k++)
            at[k] = (x * c->right[k] + y * c->up[k] + t * c->eye[k]) / c->size[k] + 0.5;
        double px = -2 + 4 * at[0], py = -2 + 4 * at[1], pz = c->z[0] + (c->z[1] - c->z[0]) * at[2];
        bool inside =
            at[0] >= 0 && at[0] < 1 && at[1] >= 0 && at[1] < 1 && at[2] >= 0 && at[2] <= 1;
        double cell = floor(at[1] * CELLS) * CELLS + floor(at[0] * CELLS);
        double plane = view->value + view->gradient[0] * (px - view->point[0]) +
                       view->gradient[1] * (py - view->point[1]);
        bool near = fabs(px - view->point[0]) < 0.8 && fabs(py - view->point[1]) < 0.8;
        double now[2] = {pz - value_at(f, px, py), view->has_point && near ? pz - plane : NAN};
        *distance = t;
        for (int k = 0; k < 2 && inside; k++)
            if (isfinite(before[k]) && isfinite(now[k]) && (before[k] > 0) != (now[k] > 0))
                return cell + 0.5 * k;
        for (int k = 0; k < 2; k++)
            before[k] = inside ? now[k] : (double)NAN;
    }
    return -2;
}

/* Returns true if both sources are the same sheet in cells that are equal or neighbours. */
static bool near_each_other(double a, double b)
{
    if (a < 0 || b < 0)
        return a == b;
    bool plane = a != floor(a);
    int m = (int)a, n = (int)b;
    return plane == (b != floor(b)) && abs(m % CELLS - n % CELLS) <= 1 &&
           abs(m / CELLS - n / CELLS) <= 1;
}

/* Compares the picture with rays at random pixels. Pixels beside silhouettes may differ: at most
 * one in thirty. */
static void compare_with_rays(const char *text, eg_view *view, const double z[2])
{
    dice d = {3};
    int compared = 0, wrong = 0;
    eg_expr *f = parse_expr(ctx, text);
    view->z[0] = z[0];
    view->z[1] = z[1];
    eg_plot *plot = view_of(f, view);
    const eg_item *shapes = shapes_of(plot);
    camera c = camera_of(view, shapes, z);
    for (int trial = 0; trial < 250; trial++) {
        double distance, p[] = {roll_between(&d, 100, 860), roll_between(&d, 60, 660)};
        double drawn = drawn_at(shapes, p), met = ray_meets(&c, view, f, p, &distance);
        compared += met >= 0;
        wrong += !near_each_other(drawn, met);
    }
    if (compared < 50 || wrong > compared / 30)
        fail_msg("%s from %g, %g: %d of %d pixels differ", text, view->azimuth, view->elevation,
                 wrong, compared);
    eg_plot_free(plot);
    eg_expr_free(f);
}

static void hidden_parts_are_hidden(void **state)
{
    static const struct {
        const char *f;
        double azimuth, elevation, z[2], point[2];
    } cases[] = {
        {"x^2-y^2", -60, 30, {-4, 4}, {0.5, 0.5}},
        {"x^2-y^2", 20, 15, {-4, 4}, {-0.5, 0.7}},
        {"x^2-y^2", 130, -25, {-4, 4}, {0.5, 0.5}},
        {"2sin(2x)*cos(2y)", -60, 20, {-2, 2}, {0.3, 0.2}},
        {"2sin(2x)*cos(2y)", 200, 40, {-2, 2}, {-1, 0.4}},
        {"x^3-3x*y^2", -135, 35, {-6, 6}, {0.4, 0.4}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_view view;
        eg_view_default(&view);
        view.azimuth = cases[i].azimuth;
        view.elevation = cases[i].elevation;
        compare_with_rays(cases[i].f, &view, cases[i].z);
        view.has_point = view.has_tangent = true;
        view.point[0] = cases[i].point[0];
        view.point[1] = cases[i].point[1];
        compare_with_rays(cases[i].f, &view, cases[i].z);
    }
}

/* No polygon lies outside the box's picture, and none in a hole of the domain. */
static void gaps_stay_open(void **state)
{
    eg_view view;
    (void)state;
    eg_view_default(&view);
    view.elevation = 90;
    view.azimuth = -90;
    eg_expr *f = parse_expr(ctx, "sqrt(x^2+y^2-1)");
    eg_plot *plot = view_of(f, &view);
    const eg_item *shapes = shapes_of(plot);
    camera c = camera_of(&view, shapes, (const double[]){0, 3});
    for (int i = 0; i < 72; i++) {
        double angle = 0.013 + i * 0.08727, distance;
        for (int outside = 0; outside < 2; outside++) {
            double r = (outside ? 1.06 : 0.94) / 4;
            double p[] = {c.offset[0] + c.scale * r * cos(angle),
                          c.offset[1] - c.scale * r * sin(angle)};
            distance = drawn_at(shapes, p);
            if ((distance >= 0) != outside)
                fail_msg("radius %g, angle %g: %g", 4 * r, angle, distance);
        }
    }
    eg_plot_free(plot);
    eg_expr_free(f);
}

static void poles_are_cut(void **state)
{
    eg_view view;
    (void)state;
    eg_view_default(&view);
    eg_expr *f = parse_expr(ctx, "1/(x*y)");
    eg_plot *plot = view_of(f, &view);
    const eg_item *shapes = shapes_of(plot);
    for (size_t i = 0; i < shapes->count; i++) {
        const eg_shape *shape = (const eg_shape *)shapes->numbers + i;
        for (int k = 0; k < (int)shape->corners; k++) {
            assert_true(shape->points[2 * k] > 0 && shape->points[2 * k] < view.width);
            assert_true(shape->points[2 * k + 1] > 0 && shape->points[2 * k + 1] < view.height);
        }
    }
    eg_plot_free(plot);
    eg_expr_free(f);
}

/* A view and a plot of two views, of which any allocation fails. */
static eg_status make_panels(eg_expr *f, const eg_view *view)
{
    eg_plot *views[2] = {NULL, NULL}, *all = NULL;
    const void *bytes;
    size_t size;
    eg_error error = {0};
    eg_view_new(&views[0], ctx, view, evaluate, f, &error);
    if (error.status == EG_OK)
        eg_view_new(&views[1], ctx, view, evaluate, f, &error);
    if (error.status == EG_OK)
        eg_plot_panels_new(&all, ctx, views, 2, 2, "two", &error);
    if (all) {
        eg_plot_render(all, "svg", &bytes, &size, &error);
        views[0] = views[1] = NULL; /* the plot owns them */
    }
    eg_plot_free(views[0]);
    eg_plot_free(views[1]);
    eg_plot_free(all);
    return error.status;
}

static void every_allocation_may_fail(void **state)
{
    eg_view view;
    (void)state;
    eg_expr *f = parse_expr(ctx, "x*y");
    eg_view_default(&view);
    view.x[0] = view.y[0] = -2;
    view.x[1] = view.y[1] = 2;
    view.has_point = view.has_tangent = true;
    eg_plot *keep = view_of(f, &view); /* the process that draws */
    long k = 0;
    for (bool complete = false; !complete; k += 1 + k / 8) {
        atomic_store(&ctx->fail_after, k);
        eg_status status = make_panels(f, &view);
        complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
    }
    assert_in_range(k, 10, 100000);
    eg_plot_free(keep);
    eg_expr_free(f);
}

static void wrong_options_are_told(void **state)
{
    eg_plot *plot;
    eg_view view;
    eg_error error = {0};
    (void)state;
    eg_expr *f = parse_expr(ctx, "log(-1-x^2-y^2)"), *g = parse_expr(ctx, "x*y");
    eg_view_default(&view);
    view.x[0] = view.y[0] = -2;
    view.x[1] = view.y[1] = 2;
    assert_int_equal(eg_view_new(&plot, ctx, &view, evaluate, f, &error), EG_USAGE);
    assert_null(plot);
    view.elevation = 91;
    assert_int_equal(eg_view_new(&plot, ctx, &view, evaluate, g, NULL), EG_USAGE);
    view.elevation = 30;
    view.x[1] = -3;
    assert_int_equal(eg_view_new(&plot, ctx, &view, evaluate, g, NULL), EG_USAGE);
    eg_expr_free(f);
    eg_expr_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hidden_parts_are_hidden),
        cmocka_unit_test(gaps_stay_open),
        cmocka_unit_test(poles_are_cut),
        cmocka_unit_test(wrong_options_are_told),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("view", tests, open_context, free_context);
}

#else

int main(void)
{
    return 0;
}

#endif
