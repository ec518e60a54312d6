/* SPDX-License-Identifier: MIT */
/* Surface analysis: known results, and invariants that hold for random expressions. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "random_expr.h"

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
    close_context(ctx); /* fails if memory leaks */
    return 0;
}

/* ---- points ---- */

static const struct {
    const char *text;
    double point[3], gradient[3];
} gradients[] = {
    {"x^2+y^2", {1, 1}, {2, 2}},
    {"x^2+2y^2+3z^2", {1, 2, 3}, {2, 8, 18}},
    {"sqrt(x*y)", {4, 9}, {0.75, 1.0 / 3}},
    {"-1/sqrt(x^2+y^2+z^2)", {1, 2, 2}, {1.0 / 27, 2.0 / 27, 2.0 / 27}},
    {"(1-3sin(x)^2)*cos(x)", {0}, {0}},
    {"abs(x)^3+abs(y)*y", {0, 0}, {0, 0}},
    {"sqrt(x^4)+y", {0, 0}, {0, 1}}, /* the formula of the derivative gives 0/0 */
};

static void test_gradients(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(gradients); i++) {
        eg_surface at;
        eg_expr *expr = parse_expr(ctx, gradients[i].text);
        assert_int_equal(eg_surface_analyze(expr, gradients[i].point, &at, NULL), EG_OK);
        if (at.differentiability != EG_DIFFERENTIABLE)
            fail_msg("%s is not regular", gradients[i].text);
        double norm = 0;
        for (size_t k = 0; k < eg_expr_variables(expr); k++) {
            assert_close(at.gradient[k], gradients[i].gradient[k], 1e-9);
            norm += at.gradient[k] * at.gradient[k];
        }
        assert_close(at.norm, sqrt(norm), 1e-15);
        assert_int_equal(at.critical, norm == 0);
        eg_expr_free(expr);
    }
}

static const struct {
    const char *text;
    double point[2];
    eg_differentiability expected;
    double limit;
} special_points[] = {
    {"abs(x)", {0}, EG_CORNER, 0},
    {"max(x,2y)", {2, 1}, EG_CORNER, 2},
    {"sqrt(x^2+y^2)", {0, 0}, EG_CORNER, 0},
    {"cbrt(x)", {0}, EG_VERTICAL_TANGENT, 0},
    {"sqrt(abs(x))+y", {0, 5}, EG_VERTICAL_TANGENT, 5},
    {"floor(x+y)", {1, 1}, EG_JUMP_DISCONTINUITY, NAN},
    {"sign(x)", {0}, EG_JUMP_DISCONTINUITY, NAN},
    {"x*log(x)", {0}, EG_REMOVABLE_SINGULARITY, 0},
    {"sin(x)/x", {0}, EG_REMOVABLE_SINGULARITY, 1},
    {"(1-cos(x))/x^2", {0}, EG_REMOVABLE_SINGULARITY, 0.5},
    {"(x^2-1)/(x-1)", {1}, EG_REMOVABLE_SINGULARITY, 2},
    {"1/x", {0}, EG_POLE, NAN},
    {"log(x)", {0}, EG_POLE, NAN},
    {"1/(x^2+y^2)", {0, 0}, EG_POLE, NAN},
    {"x*y/(x^2+y^2)", {0, 0}, EG_NO_LIMIT, NAN},
    {"x^2*y/(x^4+y^2)", {0, 0}, EG_NO_LIMIT, NAN},
    {"atan(1/x)", {0}, EG_JUMP_DISCONTINUITY, NAN},
    {"sin(1/x)", {0}, EG_NO_LIMIT, NAN},
    {"sqrt(x)", {0}, EG_DOMAIN_BOUNDARY, 0},
    {"asin(x)", {1}, EG_DOMAIN_BOUNDARY, M_PI / 2},
    {"log(x)", {-1}, EG_NO_VALUE, NAN},
    {"sqrt(-1-x^2)", {0}, EG_NO_VALUE, NAN},
};

static void test_points_without_a_gradient(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(special_points); i++) {
        eg_surface at;
        eg_expr *expr = parse_expr(ctx, special_points[i].text);
        assert_int_equal(eg_surface_analyze(expr, special_points[i].point, &at, NULL), EG_OK);
        if (at.differentiability != special_points[i].expected)
            fail_msg("%s: %d, not %d", special_points[i].text, (int)at.differentiability,
                     (int)special_points[i].expected);
        if (isnan(special_points[i].limit))
            assert_true(isnan(at.limit));
        else
            assert_close(at.limit, special_points[i].limit, 1e-6);
        assert_true(isnan(at.gradient[0]));
        assert_in_range(at.path_limit_count, 2, EG_PATH_LIMITS);
        eg_expr_free(expr);
    }
}

/* The slope at the apex of a cone is the same along every path. */
static void test_one_sided_slopes(void **state)
{
    (void)state;
    eg_surface at;
    eg_expr *expr = parse_expr(ctx, "3*sqrt((x-1)^2+(y+2)^2+z^2)");
    assert_int_equal(eg_surface_analyze(expr, (double[]){1, -2, 0}, &at, NULL), EG_OK);
    assert_int_equal(at.differentiability, EG_CORNER);
    for (size_t i = 0; i < at.path_limit_count; i++) {
        assert_int_equal(at.path_limits[i].slope.kind, EG_LIMIT_FINITE);
        assert_close(at.path_limits[i].slope.value, 3, 1e-6);
    }
    eg_expr_free(expr);
}

/* ---- Hessian ---- */

static const struct {
    const char *text;
    double eigenvalues[3], condition;
    eg_extremum extremum;
} hessians[] = {
    {"x^2+3y^2", {2, 6}, 3, EG_MINIMUM},
    {"-x^2-3y^2", {-6, -2}, 3, EG_MAXIMUM},
    {"x*y", {-1, 1}, 1, EG_SADDLE},
    {"x^4+y^2", {0, 2}, INFINITY, EG_UNDECIDED},
    {"x^2+y^2+z^2+x*y+y*z+x*z", {1, 1, 4}, 4, EG_MINIMUM},
    {"x^2-y^2+z^3", {-2, 0, 2}, INFINITY, EG_SADDLE},
    {"cos(x)+cos(y)", {-1, -1}, 1, EG_MAXIMUM},
};

static void test_hessian(void **state)
{
    (void)state;
    static const double origin[3];
    for (size_t i = 0; i < COUNT(hessians); i++) {
        eg_hessian_result hessian;
        double h[9], v[9];
        eg_expr *expr = parse_expr(ctx, hessians[i].text);
        size_t n = eg_expr_variables(expr);
        assert_int_equal(eg_surface_hessian(expr, origin, &hessian, h, v, NULL), EG_OK);
        assert_int_equal(hessian.extremum, hessians[i].extremum);
        assert_true(hessian.condition == hessians[i].condition ||
                    fabs(hessian.condition - hessians[i].condition) < 1e-14);
        for (size_t k = 0; k < n; k++) { /* H v = lambda v */
            assert_close(hessian.eigenvalues[k], hessians[i].eigenvalues[k], 1e-14);
            for (size_t r = 0; r < n; r++) {
                double product = 0;
                for (size_t c = 0; c < n; c++)
                    product += h[r * n + c] * v[k * n + c];
                assert_close(product, hessian.eigenvalues[k] * v[k * n + r], 1e-14);
            }
        }
        eg_expr_free(expr);
    }
}

static void test_no_second_derivative(void **state)
{
    (void)state;
    eg_hessian_result hessian;
    eg_error error = {0};
    eg_expr *expr = parse_expr(ctx, "abs(x)^1.5");
    assert_int_equal(eg_surface_hessian(expr, (double[]){0}, &hessian, NULL, NULL, &error),
                     EG_NEGATIVE);
    assert_non_null(strstr(error.message, "second derivatives"));
    eg_expr_free(expr);
}

/* ---- linear approximation ---- */

static void test_bound_of_the_square_root(void **state)
{
    (void)state;
    eg_linear_approximation l;
    eg_expr *expr = parse_expr(ctx, "sqrt(x^2+y^2+1)");
    assert_int_equal(eg_surface_linear(expr, (double[]){0, 0}, (double[]){0.1, 0.05}, &l, NULL),
                     EG_OK);
    assert_close(l.estimate, 1, 0);
    assert_close(l.value, sqrt(1.0125), DBL_EPSILON);
    assert_close(l.bound, 0.00625, 1e-12);
    assert_true(l.bound >= 0.00625);
    eg_expr_free(expr);
}

/* The error bound holds for random expressions; the tangent plane's own rounding is a few ulps. */
static void test_bounds_hold(void **state)
{
    (void)state;
    dice d = {1};
    size_t bounded = 0;
    for (int i = 0; i < 1500; i++) {
        char text[RANDOM_EXPR_SIZE];
        double from[3], to[3];
        random_expr(text, &d, 1 + i % 4);
        eg_expr *expr = parse_xyz(ctx, text);
        for (int k = 0; k < 3; k++) {
            from[k] = roll_between(&d, -2, 2);
            to[k] = from[k] + roll_between(&d, -0.5, 0.5);
        }
        eg_linear_approximation l;
        assert_int_equal(eg_surface_linear(expr, from, to, &l, NULL), EG_OK);
        double noise = 1e-12 * (fabs(l.value) + fabs(l.estimate));
        if (isfinite(l.error) && isfinite(l.bound)) {
            bounded++;
            if (!(fabs(l.error) <= l.bound + noise))
                fail_msg("%s: error %g, bound %g", text, l.error, l.bound);
        }
        eg_expr_free(expr);
    }
    assert_in_range(bounded, 400, 1500);
}

/* There is no bound across a corner or jump, which second derivatives do not show. */
static void test_corners_have_no_bound(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool bounded; /* from (1, 1) to (2, -1.5) */
    } cases[] = {
        {"abs(y)+x", false},       {"abs(x)+y", true},   {"max(x,y)", false},  {"max(x+4,y)", true},
        {"floor(x/8+y/9)", false}, {"floor(x/3)", true}, {"sign(y)+x", false}, {"atan2(y,x)", true},
        {"atan2(y,x-3)", false},   {"sqrt(y)+x", false}, {"cbrt(y)+x", false}, {"ceil(x)+y", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_linear_approximation l;
        eg_expr *expr = parse_xyz(ctx, cases[i].text);
        static const double from[3] = {1, 1, 0}, to[3] = {2, -1.5, 0};
        assert_int_equal(eg_surface_linear(expr, from, to, &l, NULL), EG_OK);
        if (isfinite(l.bound) != cases[i].bounded)
            fail_msg("%s: bound %g", cases[i].text, l.bound);
        eg_expr_free(expr);
    }
}

static void test_propagation(void **state)
{
    (void)state;
    eg_propagation p;
    eg_expr *expr = parse_expr(ctx, "4*pi^2*L/T^2");
    double g = 4 * M_PI * M_PI / (2.008 * 2.008);
    assert_int_equal(
        eg_surface_propagate(expr, (double[]){1, 2.008}, (double[]){0.001, -0.004}, &p, NULL),
        EG_OK);
    assert_close(p.contribution[0], g * 0.001, 1e-14);
    assert_close(p.contribution[1], 2 * g * 0.004 / 2.008, 1e-14);
    assert_close(p.worst_case, 0.0488, 1e-4);
    assert_close(p.quadrature, 0.0402, 1e-4);
    assert_close(p.range[0], 4 * M_PI * M_PI * 0.999 / (2.012 * 2.012), 1e-12);
    assert_close(p.range[1], 4 * M_PI * M_PI * 1.001 / (2.004 * 2.004), 1e-12);
    eg_expr_free(expr);
}

/* ---- level sets ---- */

static void test_levels(void **state)
{
    (void)state;
    eg_level_set level;
    eg_expr *expr = parse_expr(ctx, "x^2+y^2");
    assert_int_equal(eg_surface_level(expr, 25, (double[]){3, 4}, &level, NULL), EG_OK);
    assert_true(level.on && !level.singular);
    assert_int_equal(eg_surface_level(expr, 2, (double[]){sqrt(2), 0}, &level, NULL), EG_OK);
    assert_true(level.on);
    assert_int_equal(eg_surface_level(expr, 24, (double[]){3, 4}, &level, NULL), EG_OK);
    assert_false(level.on);
    assert_close(level.off, 1, 0);
    assert_close(level.distance, 0.1, 1e-15);
    assert_int_equal(eg_surface_level(expr, 0, (double[]){0, 0}, &level, NULL), EG_OK);
    assert_true(level.on && level.singular);
    eg_expr_free(expr);
}

static void test_folium(void **state)
{
    (void)state;
    eg_implicit found;
    eg_expr *slope, *expr = parse_expr(ctx, "x^3+y^3-6x*y");
    char text[100];
    assert_int_equal(eg_surface_implicit(expr, (double[]){3, 3}, 1, &found, NULL), EG_OK);
    assert_int_equal(found.kind, EG_IMPLICIT_SLOPE);
    assert_close(found.slope[0], -1, 0);
    assert_int_equal(eg_surface_implicit(expr, (double[]){0, 0}, 1, &found, NULL), EG_OK);
    assert_int_equal(found.kind, EG_IMPLICIT_SINGULAR);
    assert_int_equal(found.branches, 2);
    for (int k = 0; k < 2; k++) /* the tangents are the axes */
        assert_close(fabs(found.branch[k][0]) + fabs(found.branch[k][1]), 1, 1e-15);
    assert_int_equal(eg_surface_implicit_slope(&slope, expr, 1, 0, NULL), EG_OK);
    eg_expr_print(slope, text, sizeof text);
    assert_string_equal(text, "(2*y - x^2)/(y^2 - 2*x)");
    eg_expr_free(slope);
    eg_expr_free(expr);
}

static void test_singular_points(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        eg_implicit_kind kind;
        int branches;
    } cases[] = {
        {"x^2+y^2", EG_IMPLICIT_SINGULAR, 0},  {"y^2-x^2*(x+1)", EG_IMPLICIT_SINGULAR, 2},
        {"y^2-x^3", EG_IMPLICIT_SINGULAR, -1}, /* a cusp */
        {"y^2-x", EG_IMPLICIT_VERTICAL, -1},   {"y-x", EG_IMPLICIT_SLOPE, -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_implicit found;
        eg_expr *expr = parse_expr(ctx, cases[i].text);
        assert_int_equal(eg_surface_implicit(expr, (double[]){0, 0}, 1, &found, NULL), EG_OK);
        assert_int_equal(found.kind, cases[i].kind);
        assert_int_equal(found.branches, cases[i].branches);
        assert_int_equal(isnan(found.slope[0]), cases[i].kind != EG_IMPLICIT_SLOPE);
        eg_expr_free(expr);
    }
}

static void test_multipliers(void **state)
{
    (void)state;
    static const struct {
        const char *f, *g;
        double point[2];
        bool parallel;
        double lambda;
        eg_extremum extremum;
    } cases[] = {
        {"x*y", "x+y-10", {5, 5}, true, 5, EG_MAXIMUM},
        {"x^2+y^2", "x+y-2", {1, 1}, true, 2, EG_MINIMUM},
        {"x+y", "x^2+y^2-2", {1, 1}, true, 0.5, EG_MAXIMUM},
        {"x+y", "x^2+y^2-2", {-1, -1}, true, -0.5, EG_MINIMUM},
        {"x*y", "x+y-10", {4, 6}, false, 5, EG_UNDECIDED},
        {"x^3+0*y", "y+0*x", {0, 0}, true, 0, EG_UNDECIDED},
    };
    static const char *const names[] = {"x", "y"};
    static const eg_expr_options options = {.names = names, .name_count = 2};
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_lagrange m;
        eg_expr *f, *g;
        assert_int_equal(eg_expr_parse(&f, ctx, cases[i].f, &options, NULL, NULL), EG_OK);
        assert_int_equal(eg_expr_parse(&g, ctx, cases[i].g, &options, NULL, NULL), EG_OK);
        const eg_expr *constraint = g;
        assert_int_equal(eg_surface_lagrange(f, &constraint, 1, cases[i].point, &m, NULL), EG_OK);
        assert_int_equal(m.parallel, cases[i].parallel);
        assert_close(m.lambda[0], cases[i].lambda, 1e-15);
        assert_int_equal(m.extremum, cases[i].extremum);
        eg_expr_free(f);
        eg_expr_free(g);
    }
}

/* Several constraints: multipliers known in closed form, dependent gradients, and the residual. */
static const struct {
    const char *f, *g[3];
    double point[3];
    bool parallel;
    size_t rank;
    double lambda[2];
    eg_extremum extremum;
} constrained[] = {
    {"x^2+y^2+z^2", {"x+y+z-6", "x-y"}, {2, 2, 2}, true, 2, {4, 0}, EG_MINIMUM},
    {"x+y+z", {"x^2+y^2-2", "z-1"}, {1, 1, 1}, true, 2, {0.5, 1}, EG_MAXIMUM},
    {"x+y+z", {"x^2+y^2-2", "z-1"}, {-1, -1, 1}, true, 2, {-0.5, 1}, EG_MINIMUM},
    {"x*y+z", {"z-1", "1000*(x+y-2)"}, {1, 1, 1}, true, 2, {1, 0.001}, EG_MAXIMUM},
    {"z^2", {"x", "y"}, {0, 0, 0}, true, 2, {0, 0}, EG_MINIMUM},
    {"x+z", {"z^2", "z-x^2"}, {0, 0, 0}, false, 1, {NAN, NAN}, EG_UNDECIDED},
    {"x+y", {"x+y+z-3", "2*x+2*y+2*z-6"}, {1, 1, 1}, false, 1, {NAN, NAN}, EG_UNDECIDED},
    {"x", {"y-1", "z-1"}, {1, 1, 1}, false, 2, {0, 0}, EG_UNDECIDED},
};

static void several_constraints_have_multipliers(void **state)
{
    (void)state;
    static const char *const names[] = {"x", "y", "z"};
    static const eg_expr_options options = {.names = names, .name_count = 3};
    for (size_t i = 0; i < COUNT(constrained); i++) {
        eg_lagrange m;
        eg_expr *e[3];
        assert_int_equal(eg_expr_parse(&e[0], ctx, constrained[i].f, &options, NULL, NULL), EG_OK);
        for (int k = 0; k < 2; k++)
            assert_int_equal(
                eg_expr_parse(&e[k + 1], ctx, constrained[i].g[k], &options, NULL, NULL), EG_OK);
        const eg_expr *const constraints[] = {e[1], e[2]};
        assert_int_equal(eg_surface_lagrange(e[0], constraints, 2, constrained[i].point, &m, NULL),
                         EG_OK);
        assert_int_equal(m.parallel, constrained[i].parallel);
        assert_int_equal(m.rank, constrained[i].rank);
        for (int k = 0; k < 2; k++)
            if (isnan(constrained[i].lambda[k]))
                assert_true(isnan(m.lambda[k]));
            else
                assert_close(m.lambda[k], constrained[i].lambda[k], 1e-13);
        assert_int_equal(m.extremum, constrained[i].extremum);
        assert_int_equal(eg_surface_lagrange(e[0], constraints, 0, constrained[i].point, &m, NULL),
                         EG_USAGE);
        for (int k = 0; k < 3; k++)
            eg_expr_free(e[k]);
    }
}

/* ---- checks, samples, readable derivatives ---- */

/* Where a random expression has a gradient, finite differences and the expanded derivative agree
 * with it. */
static void test_derivatives_agree(void **state)
{
    (void)state;
    dice d = {2};
    size_t checked = 0;
    for (int i = 0; i < 1500; i++) {
        char text[RANDOM_EXPR_SIZE];
        double point[3], value;
        random_expr(text, &d, 1 + i % 4);
        eg_expr *expanded, *expr = parse_xyz(ctx, text);
        for (int k = 0; k < 3; k++)
            point[k] = roll_between(&d, -2, 2);
        eg_surface at;
        eg_gradient_check check;
        assert_int_equal(eg_surface_analyze(expr, point, &at, NULL), EG_OK);
        assert_int_equal(eg_surface_derivative(&expanded, expr, 0, NULL), EG_OK);
        assert_int_equal(eg_expr_eval(expanded, point, &value, NULL, NULL, NULL), EG_OK);
        assert_int_equal(eg_surface_check(expr, point, &check, NULL), EG_OK);
        double tolerance = check.tolerance[0] + check.tolerance[1] + check.tolerance[2];
        if (at.differentiability == EG_DIFFERENTIABLE && tolerance < 1e-4 * (1 + at.norm)) {
            checked++;
            assert_close(value, at.gradient[0], 1e-6);
            if (!check.agrees)
                fail_msg("%s at %.17g %.17g %.17g: differences disagree", text, point[0], point[1],
                         point[2]);
        }
        eg_expr_free(expanded);
        eg_expr_free(expr);
    }
    assert_in_range(checked, 400, 1500);
}

static void test_expanded_derivatives(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"(x+y)^2+(x-y)^2", "4*x"},
        {"x^2*y", "2*x*y"},
        {"sin(x)^2+3y", "2*sin(x)*cos(x)"},
        {"(x+1)^6", "6*(x + 1)^5"},
        {"(x+1)*(x-1)", "2*x"},
        {"x*exp(x)", "(x + 1)*exp(x)"},
        {"x^2*exp(x)", "x*(x + 2)*exp(x)"},
        {"x/(x^2+1)", "(1 - x^2)/(x^2 + 1)^2"},
        {"exp(x)/x", "(x - 1)*exp(x)/x^2"},
        {"x^3-3x", "3*x^2 - 3"},
        {"sin(x)/x", "cos(x)/x - sin(x)/x^2"},
        {"y*exp(-x^2)*sin(x)", "y*(cos(x) - 2*x*sin(x))*exp(-x^2)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[100];
        eg_expr *d, *expr = parse_expr(ctx, cases[i][0]);
        assert_int_equal(eg_surface_derivative(&d, expr, 0, NULL), EG_OK);
        eg_expr_print(d, text, sizeof text);
        assert_string_equal(text, cases[i][1]);
        eg_expr_free(d);
        eg_expr_free(expr);
    }
}

static void test_samples(void **state)
{
    (void)state;
    enum { WIDTH = 5, HEIGHT = 4, ALL = WIDTH * HEIGHT };
    static const eg_range ranges[] = {{-1, 1, WIDTH}, {2, 0.5, HEIGHT}};
    double x[ALL] = {0}, y[ALL] = {0}, f[ALL], fx[ALL] = {0}, fy[ALL] = {0};
    eg_error error = {0};
    eg_expr *expr = parse_expr(ctx, "x^2*y");
    for (size_t first = 0; first < ALL; first += 3) { /* in blocks that do not end at rows */
        size_t count = ALL - first < 3 ? ALL - first : 3;
        assert_int_equal(eg_surface_sample(expr, ranges, first, count,
                                           (double *const[]){x + first, y + first}, f + first,
                                           (double *const[]){fx + first, fy + first}, NULL),
                         EG_OK);
    }
    for (size_t k = 0; k < ALL; k++) {
        assert_close(x[k], -1 + 0.5 * (double)(k % WIDTH), 1e-15);
        assert_close(y[k], 2 - 0.5 * (double)(k / WIDTH), 1e-15);
        assert_close(f[k], x[k] * x[k] * y[k], 1e-15);
        assert_close(fx[k], 2 * x[k] * y[k], 1e-15);
        assert_close(fy[k], x[k] * x[k], 1e-15);
    }
    assert_int_equal(eg_surface_sample(expr, (eg_range[2]){{0, 1, 0}, {0, 1, 1}}, 0, 1,
                                       (double *const[]){x, y}, f, NULL, &error),
                     EG_USAGE);
    eg_expr_free(expr);
}

/* ---- rasters ---- */

static double parabola(double x, double y)
{
    return 3 + 2 * x - y + 0.5 * x * x - 0.25 * y * y + 0.125 * x * y;
}

/* Interpolation is exact for quadratics, at borders and beside a missing value too. */
static void test_field_of_a_quadratic(void **state)
{
    (void)state;
    enum { SIDE = 7 };
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, SIDE, SIDE, EG_F32, NULL), EG_OK);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        set_sample(&grid, i % SIDE, i / SIDE, parabola((double)(i % SIDE), (double)(i / SIDE)));
    for (int hole = 0; hole < 2; hole++) {
        for (double y = 0; y <= SIDE - 1; y += 0.25)
            for (double x = 0; x <= SIDE - 1; x += 0.25) {
                double f, g[2], h[4];
                assert_int_equal(eg_grid_interpolate(&grid, (double[]){x, y}, &f, g, h, NULL),
                                 EG_OK);
                if (hole && isnan(f)) {
                    assert_true(fabs(x - 3) < 1 && fabs(y - 3) < 1);
                    continue;
                }
                assert_close(f, parabola(x, y), 1e-13);
                if (hole && fabs(x - 3) <= 1 && fabs(y - 3) <= 1)
                    continue; /* slopes are one-sided beside the missing value */
                assert_close(g[0], 2 + x + 0.125 * y, 1e-13);
                assert_close(g[1], -1 - 0.5 * y + 0.125 * x, 1e-13);
                assert_close(h[0], 1, 1e-13);
                assert_close(h[1], 0.125, 1e-13);
                assert_close(h[2], 0.125, 1e-13);
                assert_close(h[3], -0.5, 1e-13);
            }
        set_sample(&grid, 3, 3, NAN);
    }
    eg_grid_free(&grid);
}

static void test_field_samples_and_outside(void **state)
{
    (void)state;
    static const eg_sample samples[] = {EG_U8, EG_F32, EG_F64};
    for (size_t s = 0; s < COUNT(samples); s++) {
        eg_grid grid;
        double f, g[2];
        noise_grid(&grid, ctx, 9, 6, samples[s], 5, 1);
        for (size_t i = 0; i < 54; i++) { /* at a sample: its value, and central differences */
            size_t x = i % 9, y = i / 9;
            assert_int_equal(
                eg_grid_interpolate(&grid, (double[]){(double)x, (double)y}, &f, g, NULL, NULL),
                EG_OK);
            assert_close(f, sample_at(&grid, x, y), 1e-15);
            if (x > 0 && x < 8)
                assert_close(g[0], (sample_at(&grid, x + 1, y) - sample_at(&grid, x - 1, y)) / 2,
                             1e-12);
        }
        static const double outside[][2] = {{-0.01, 1}, {1, 5.01}, {NAN, 1}, {1e300, 1}, {9, 0}};
        for (size_t i = 0; i < COUNT(outside); i++) {
            assert_int_equal(eg_grid_interpolate(&grid, outside[i], &f, g, NULL, NULL), EG_OK);
            assert_true(isnan(f) && isnan(g[0]) && isnan(g[1]));
        }
        eg_grid_free(&grid);
    }
}

static void test_field_of_one_sample(void **state)
{
    (void)state;
    float one = 4;
    double f, g[2], h[4];
    eg_error error = {0};
    eg_grid grid = {&one, 1, 1, sizeof one, EG_F32, 1};
    assert_int_equal(eg_grid_interpolate(&grid, (double[]){0, 0}, &f, g, h, NULL), EG_OK);
    assert_close(f, 4, 0);
    assert_close(g[0], 0, 0);
    assert_close(h[3], 0, 0);
    assert_int_equal(eg_grid_interpolate(&(eg_grid){0}, (double[]){0, 0}, &f, g, h, &error),
                     EG_USAGE);
}

/* ---- memory ---- */

static eg_status call_all_functions(eg_expr *f, eg_expr *g)
{
    static const double p[2] = {0.5, 0.5}, q[2] = {1, 2};
    eg_error error = {0};
    eg_surface at;
    eg_hessian_result hessian;
    eg_linear_approximation linear;
    eg_lagrange multiplier;
    const eg_expr *constraint = g;
    eg_expr *a = NULL, *b = NULL;
    eg_surface_analyze(f, p, &at, &error);
    if (error.status == EG_OK)
        eg_surface_hessian(f, p, &hessian, NULL, NULL, &error);
    if (error.status == EG_OK)
        eg_surface_linear(f, p, q, &linear, &error);
    if (error.status == EG_OK)
        eg_surface_lagrange(f, &constraint, 1, p, &multiplier, &error);
    if (error.status == EG_OK)
        eg_surface_derivative(&a, f, 0, &error);
    if (error.status == EG_OK)
        eg_surface_implicit_slope(&b, f, 1, 0, &error);
    eg_expr_free(a);
    eg_expr_free(b);
    return error.status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    eg_expr *f = parse_expr(ctx, "(x+y)^2+x^2*y"), *g = parse_expr(ctx, "x+y-1");
    long k = 0;
    for (;; k++) {
        atomic_store(&ctx->fail_after, k);
        eg_status status = call_all_functions(f, g);
        bool complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        if (complete)
            break;
    }
    assert_in_range(k, 10, 10000);
    eg_expr_free(f);
    eg_expr_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_points_without_a_gradient),
        cmocka_unit_test(test_one_sided_slopes),
        cmocka_unit_test(test_hessian),
        cmocka_unit_test(test_no_second_derivative),
        cmocka_unit_test(test_bound_of_the_square_root),
        cmocka_unit_test(test_bounds_hold),
        cmocka_unit_test(test_corners_have_no_bound),
        cmocka_unit_test(test_propagation),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_folium),
        cmocka_unit_test(test_singular_points),
        cmocka_unit_test(test_multipliers),
        cmocka_unit_test(several_constraints_have_multipliers),
        cmocka_unit_test(test_derivatives_agree),
        cmocka_unit_test(test_expanded_derivatives),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_field_of_a_quadratic),
        cmocka_unit_test(test_field_samples_and_outside),
        cmocka_unit_test(test_field_of_one_sample),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("surface", tests, open_context, free_context);
}
