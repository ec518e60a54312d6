/* SPDX-License-Identifier: MIT */
/* Evaluation of expressions: values and derivatives at a point, and bounds over boxes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

/* ---- against SymPy ---- */

static size_t read_numbers(const char *text, double out[], size_t most)
{
    size_t count = 0;
    char *end;
    for (double v = strtod(text, &end); end != text && count < most; v = strtod(text, &end)) {
        out[count++] = v;
        text = end;
    }
    return count;
}

/* Checks one line of testdata/expr-reference.txt, in the format of tools/make-expr-reference. */
static void check_line(eg_context *ctx, char *line)
{
    char *rest = line, *text = strsep(&rest, "\t"), *at = strsep(&rest, "\t");
    char *value_text = strsep(&rest, "\t");
    double point[3], wanted[3], gradient[3], value, most = 4;
    eg_expr *expr = parse_good(ctx, text);
    size_t n = read_numbers(at, point, 3);
    assert_int_equal(n, eg_expr_variables(expr));
    assert_int_equal(n, read_numbers(rest, wanted, 3));
    assert_int_equal(eg_expr_eval(expr, point, &value, gradient, NULL, NULL), EG_OK);
    if (units_between(value, strtod(value_text, NULL)) > most)
        fail_msg("%s: %.17g, not %s", text, value, value_text);
    for (size_t i = 0; i < n; i++)
        if (units_between(gradient[i], wanted[i]) > most)
            fail_msg("d/d%s %s: %.17g, not %.17g", eg_expr_name(expr, i), text, gradient[i],
                     wanted[i]);
    eg_expr_free(expr);
}

static void gradients_agree_with_sympy(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    FILE *file = fopen("testdata/expr-reference.txt", "r");
    char line[2048];
    size_t lines = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        check_line(ctx, line);
        lines++;
    }
    fclose(file);
    assert_int_equal(lines, 200);
    close_context(ctx);
}

/* ---- derivatives against each other and against differences ---- */

static double value_at(const eg_expr *expr, const double point[])
{
    double value;
    assert_int_equal(eg_expr_eval(expr, point, &value, NULL, NULL, NULL), EG_OK);
    return value;
}

/* Returns the derivative by central differences with Richardson extrapolation. *doubt: its error,
 * from the last two steps. */
static double difference(const eg_expr *expr, const double point[3], size_t i,
                         double *error_estimate)
{
    double slope[3], h = 1e-3;
    for (int k = 0; k < 3; k++, h /= 2) {
        double p[3] = {point[0], point[1], point[2]};
        p[i] = point[i] + h;
        double above = value_at(expr, p), upper = p[i];
        p[i] = point[i] - h;
        slope[k] = (above - value_at(expr, p)) / (upper - p[i]);
    }
    double coarse = (4 * slope[1] - slope[0]) / 3, fine = (4 * slope[2] - slope[1]) / 3;
    *error_estimate = 10 * fabs(fine - coarse);
    return fine;
}

static bool close_to(double a, double b, double error_estimate)
{
    return fabs(a - b) <= error_estimate + 1e-7 * (1 + fabs(a) + fabs(b));
}

/* Checks gradient, symbolic derivatives and Hessian at a point. Returns true if one could be
 * compared. */
static bool check_derivatives(eg_context *ctx, const char *text, const double point[3])
{
    eg_expr *expr = parse_xyz(ctx, text), *partial[3];
    double value, gradient[3], hessian[3][3];
    assert_int_equal(eg_expr_eval(expr, point, &value, gradient, hessian[0], NULL), EG_OK);
    bool moderate = isfinite(value) && fabs(value) < 1e3;
    size_t compared = 0;
    for (size_t i = 0; i < 3; i++) {
        double error_estimate, slope = difference(expr, point, i, &error_estimate);
        assert_int_equal(eg_expr_derivative(&partial[i], expr, i, NULL), EG_OK);
        if (!moderate || !isfinite(slope) || error_estimate > 1e-4 || !isfinite(gradient[i]) ||
            fabs(gradient[i]) > 1e3)
            continue;
        compared++;
        if (!close_to(slope, gradient[i], error_estimate))
            fail_msg("d/d%c %s: %.12g, but differences %.12g", "xyz"[i], text, gradient[i], slope);
        double symbolic = value_at(partial[i], point);
        if (isfinite(symbolic) && !close_to(symbolic, gradient[i], 0))
            fail_msg("d/d%c %s: %.12g, but as text %.12g", "xyz"[i], text, gradient[i], symbolic);
        for (size_t k = 0; k < 3; k++) {
            slope = difference(partial[i], point, k, &error_estimate);
            if (isfinite(slope) && error_estimate < 1e-4 && fabs(hessian[i][k]) < 1e3 &&
                !close_to(slope, hessian[i][k], error_estimate))
                fail_msg("d2/d%cd%c %s: %.12g, but differences %.12g", "xyz"[i], "xyz"[k], text,
                         hessian[i][k], slope);
            assert_true(units_between(hessian[i][k], hessian[k][i]) == 0);
        }
    }
    for (size_t i = 0; i < 3; i++)
        eg_expr_free(partial[i]);
    eg_expr_free(expr);
    return compared > 0;
}

static void derivatives_agree_with_differences(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    dice d = {11};
    int compared = 0;
    for (int i = 0; i < 2000; i++) {
        char text[RANDOM_EXPR_SIZE];
        double point[3];
        random_expr(text, &d, 2 + i % 3);
        for (int c = 0; c < 3; c++)
            point[c] = roll_between(&d, 0.1, 2);
        compared += check_derivatives(ctx, text, point);
    }
    assert_true(compared > 500);
    close_context(ctx);
}

/* ---- special points ---- */

static const struct {
    const char *text;
    double x, value, slope, curvature;
} special_points[] = {
    {"abs(x)", 0, 0, 0, 0},
    {"min(x, 0)", 0, 0, 0.5, 0},
    {"max(x, 2*x)", 0, 0, 1.5, 0},
    {"sign(x)", 0, 0, 0, 0},
    {"floor(x)", 2, 2, 0, 0},
    {"sqrt(x)", 0, 0, INFINITY, -INFINITY},
    {"sqrt(x)", -1, NAN, NAN, NAN},
    {"log(x)", -1, NAN, NAN, NAN},
    {"log(x)", 0, -INFINITY, INFINITY, -INFINITY},
    {"1/x", 0, INFINITY, -INFINITY, INFINITY},
    {"x/x", 0, NAN, NAN, NAN},
    {"0*log(x)", -1, NAN, NAN, NAN},
    {"x^2", -3, 9, -6, 2},
    {"x^3", -2, -8, 12, -12},
    {"x^-3", -1, -1, -3, -12},
    {"x^7", -1, -1, 7, -42},
    {"x^1.5", 0, 0, 0, INFINITY},
    {"x^2.5", 4, 32, 20, 7.5},
    {"x^0", 0, 1, 0, 0},
    {"x^x", 1, 1, 1, 2},
    {"cbrt(x)", -8, -2, 1.0 / 12, 1.0 / 144},
    {"exp(x)", 1000, INFINITY, INFINITY, INFINITY},
    {"tanh(x)", 1000, 1, 0, 0},
    {"3", 1, 3, 0, 0},
};

static void special_points_are_as_documented(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(special_points); i++) {
        double point[3] = {special_points[i].x, 1, 1}, value, gradient[3], hessian[9];
        eg_expr *expr = parse_xyz(ctx, special_points[i].text);
        assert_int_equal(eg_expr_eval(expr, point, &value, gradient, hessian, NULL), EG_OK);
        if (units_between(value, special_points[i].value) > 0 ||
            units_between(gradient[0], special_points[i].slope) > 1 ||
            units_between(hessian[0], special_points[i].curvature) > 2)
            fail_msg("%s at %g: %g, %g, %g", special_points[i].text, special_points[i].x, value,
                     gradient[0], hessian[0]);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* x^y has derivatives at x = 0 if y > 1. */
static void a_power_of_zero_has_a_gradient(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "x^y");
    double point[2] = {0, 2}, value, gradient[2];
    assert_int_equal(eg_expr_eval(expr, point, &value, gradient, NULL, NULL), EG_OK);
    assert_true(value == 0 && gradient[0] == 0 && gradient[1] == 0);
    eg_expr_free(expr);
    close_context(ctx);
}

/* ---- over boxes ---- */

static void assert_inside(double v, const double bounds[2], const char *text, const char *what)
{
    if (isnan(bounds[0]) || isnan(bounds[1]) || v < bounds[0] || v > bounds[1])
        fail_msg("%s of %s: %.17g is not within %.17g .. %.17g", what, text, v, bounds[0],
                 bounds[1]);
}

static void check_box(const eg_expr *expr, const char *text, const double low[3],
                      const double high[3], dice *d)
{
    double value[2], gradient[3][2], hessian[9][2];
    assert_int_equal(eg_expr_bounds(expr, low, high, value, gradient, hessian, NULL), EG_OK);
    for (int k = 0; k < 30; k++) {
        double point[3], v, g[3], h[9];
        for (int c = 0; c < 3; c++)
            point[c] = k < 8 ? (k >> c & 1 ? high[c] : low[c]) : roll_between(d, low[c], high[c]);
        assert_int_equal(eg_expr_eval(expr, point, &v, g, h, NULL), EG_OK);
        if (!isfinite(v))
            continue;
        assert_inside(v, value, text, "value");
        for (int i = 0; i < 3; i++)
            if (!isnan(g[i]))
                assert_inside(g[i], gradient[i], text, "gradient");
        for (int i = 0; i < 9; i++)
            if (!isnan(h[i]))
                assert_inside(h[i], hessian[i], text, "Hessian");
    }
}

static void bounds_contain_all_values(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    dice d = {31};
    for (int i = 0; i < 3000; i++) {
        char text[RANDOM_EXPR_SIZE];
        double low[3], high[3];
        random_expr(text, &d, 1 + i % 4);
        eg_expr *expr = parse_xyz(ctx, text);
        for (int c = 0; c < 3; c++) {
            low[c] = i % 5 ? roll_between(&d, -3, 3) : (double)roll(&d, 5) - 2;
            high[c] = low[c] + (i % 3 ? roll_between(&d, 0, i % 2 ? 0.01 : 2) : roll(&d, 3));
        }
        check_box(expr, text, low, high, &d);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

static const struct {
    const char *text;
    double low, high, from, to; /* interval of x, and the expected bounds but for rounding */
} known[] = {
    {"x^2", -1, 2, 0, 4},
    {"x^3", -1, 2, -1, 8},
    {"1/x", 1, 4, 0.25, 1},
    {"1/x", -1, 1, -INFINITY, INFINITY},
    {"1/x", 0, 2, 0.5, INFINITY},
    {"sin(x)", 0, 2, 0, 1},
    {"sin(x)", -10, 10, -1, 1},
    {"cos(x)", 1, 4, -1, 0.5403023058681398},
    {"exp(x)", 0, 1, 1, M_E},
    {"log(x)", 0, 1, -INFINITY, 0},
    {"sqrt(x)", -1, 4, 0, 2},
    {"abs(x)", -3, 2, 0, 3},
    {"cosh(x)", -1, 1, 1, 1.5430806348152437},
    {"sign(x)", -1, 1, -1, 1},
    {"floor(x)", 0.5, 2.5, 0, 2},
    {"tan(x)", 1, 2, -INFINITY, INFINITY},
    {"min(x, 1)", 0, 5, 0, 1},
    {"x^1.5", 1, 4, 1, 8},
    {"x^0.3", 0, 1, 0, 1},
    {"2^x", 0, 3, 1, 8},
    {"atan2(x, -1)", -1, 1, -M_PI, M_PI},
    {"0*x", -5, 5, 0, 0},
    {"hypot(x, 3)", -4, 4, 3, 5},
    {"1e300*x*1e300", 1, 2, 1.7e308, INFINITY},
    {"exp(x)", -2000, -1000, 0, 0},
    {"1 - x^2", -2, 1, -3, 1},
    {"erfc(x)", 0, 0, 1, 1},
    {"log(x)", -2, -1, -INFINITY, INFINITY},
    {"x", -INFINITY, INFINITY, -INFINITY, INFINITY},
};

static void bounds_are_tight(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(known); i++) {
        double low[3] = {known[i].low}, high[3] = {known[i].high}, value[2];
        eg_expr *expr = parse_xyz(ctx, known[i].text);
        assert_int_equal(eg_expr_bounds(expr, low, high, value, NULL, NULL, NULL), EG_OK);
        double slack = 1e-13 * (1 + fabs(known[i].from));
        bool from_fits = value[0] <= known[i].from &&
                         (value[0] >= known[i].from - slack || isinf(known[i].from));
        slack = 1e-13 * (1 + fabs(known[i].to));
        bool to_fits =
            value[1] >= known[i].to && (value[1] <= known[i].to + slack || isinf(known[i].to));
        if (known[i].from < 1e300 && !(from_fits && to_fits))
            fail_msg("%s: %.17g .. %.17g", known[i].text, value[0], value[1]);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

static void empty_boxes_are_errors(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "x");
    double value[2];
    eg_error error = {0};
    assert_int_equal(eg_expr_bounds(expr, (double[]){1}, (double[]){0}, value, NULL, NULL, &error),
                     EG_USAGE);
    assert_non_null(strstr(error.message, "'x'"));
    assert_int_equal(eg_expr_bounds(expr, (double[]){NAN}, (double[]){0}, value, NULL, NULL, NULL),
                     EG_USAGE);
    eg_expr_free(expr);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_agree_with_sympy),
        cmocka_unit_test(derivatives_agree_with_differences),
        cmocka_unit_test(special_points_are_as_documented),
        cmocka_unit_test(a_power_of_zero_has_a_gradient),
        cmocka_unit_test(bounds_contain_all_values),
        cmocka_unit_test(bounds_are_tight),
        cmocka_unit_test(empty_boxes_are_errors),
    };
    return cmocka_run_group_tests_name("values of expressions", tests, NULL, NULL);
}
