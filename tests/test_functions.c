/* SPDX-License-Identifier: MIT */
/* Functions of expressions: accuracy against mpmath, conditions, and what is piecewise. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

/* ---- against mpmath ---- */

/* Largest errors in units in the last place; those of derivatives are of products of functions. */
static const double most_units[3] = {2, 4, 12};

/* Checks one line of testdata/function-reference.txt, in the format of
 * tools/make-function-reference. */
static void check_line(eg_context *ctx, char *line)
{
    char *rest = line, *text = strsep(&rest, "\t");
    double x = strtod(strsep(&rest, "\t"), NULL), got[3], box[3][2];
    eg_expr *expr = parse_good(ctx, text);
    assert_int_equal(eg_expr_eval(expr, &x, &got[0], &got[1], &got[2], NULL), EG_OK);
    assert_int_equal(eg_expr_bounds(expr, &x, &x, box[0], &box[1], &box[2], NULL), EG_OK);
    for (int i = 0; i < 3; i++) {
        double wanted = strtod(strsep(&rest, "\t"), NULL);
        if (units_between(got[i], wanted) > most_units[i])
            fail_msg("derivative %d of %s at %.17g: %.17g, not %.17g, %g units", i, text, x, got[i],
                     wanted, units_between(got[i], wanted));
        if (!(box[i][0] <= wanted && wanted <= box[i][1]))
            fail_msg("derivative %d of %s at %.17g: %.17g is not within %.17g .. %.17g", i, text, x,
                     wanted, box[i][0], box[i][1]);
    }
    eg_expr_free(expr);
}

static void functions_agree_with_mpmath(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    FILE *file = fopen("testdata/function-reference.txt", "r");
    char line[512];
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
    assert_true(lines > 300);
    close_context(ctx);
}

/* ---- special points ---- */

static const struct {
    const char *text;
    double x, value, slope, curvature;
} special_points[] = {
    {"sinc(x)", 0, 1, 0, -1.0 / 3},
    {"sinc(x)", INFINITY, 0, 0, 0},
    {"gamma(x)", 171.7, INFINITY, INFINITY, INFINITY},
    {"gamma(x)", -1, NAN, NAN, NAN},
    {"gamma(x)", 5, 24, 36.146824042363215, 59.753121285589402},
    {"lgamma(x)", 2, 0, 0.42278433509846714, 0.6449340668482264},
    {"digamma(x)", -3, NAN, NAN, NAN},
    {"expm1(x)", -1000, -1, 0, 0},
    {"expm1(x)", 1000, INFINITY, INFINITY, INFINITY},
    {"log1p(x)", -1, -INFINITY, INFINITY, -INFINITY},
    {"log1p(x)", -2, NAN, NAN, NAN},
    {"coth(x)", 1000, 1, 0, 0},
    {"acot(x)", 0, M_PI / 2, -1, 0},
    {"mod(x, 3)", -1, 2, 1, 0},
    {"mod(x, -3)", 1, -2, 1, 0},
    {"mod(x, 0)", 1, NAN, NAN, NAN},
    {"mod(7, x)", 2, 1, -3, 0},
    {"mod(-7, x)", 2, 1, 4, 0},
    {"round(x)", 2.5, 3, 0, 0},
    {"round(x)", -2.5, -3, 0, 0},
    {"trunc(x)", -2.5, -2, 0, 0},
    {"heaviside(x)", 0, 0.5, 0, 0},
    {"root(x, 3)", -8, -2, 1.0 / 12, 1.0 / 144},
    {"root(x, 5)", -32, -2, 0.0125, 0.0125 / 40},
    {"root(x, 4)", -1, NAN, NAN, NAN},
    {"log(x, 10)", 1000, 3, 0.00043429448190325182, -4.3429448190325182e-07},
    {"max(x, 2, x^2, -1)", 3, 9, 6, 2},
    {"min(x, 2, x^2, -1)", 3, -1, 0, 0},
    /* conditions */
    {"x < 1", 1, 0, 0, 0},
    {"x <= 1", 1, 1, 0, 0},
    {"x > 1", 1, 0, 0, 0},
    {"x >= 1", 1, 1, 0, 0},
    {"x == 1", 1, 1, 0, 0},
    {"x != 1", 1, 0, 0, 0},
    {"x \xE2\x89\xA4 1", 1, 1, 0, 0},
    {"x \xE2\x89\xA5 2", 1, 0, 0, 0},
    {"x \xE2\x89\xA0 2", 1, 1, 0, 0},
    {"0 < x < 1", 0.5, 1, 0, 0},
    {"0 < x < 1", 2, 0, 0, 0},
    {"3 > x >= 2 != 1", 2, 1, 0, 0},
    {"(x > 0)*x", 2, 2, 1, 0},
    {"and(x, x - 1)", 1, 0, 0, 0},
    {"and(x, 5)", 0.5, 1, 0, 0},
    {"or(x, 0)", 0, 0, 0, 0},
    {"or(x > 3, x < 1)", 0.5, 1, 0, 0},
    {"not(x)", 0, 1, 0, 0},
    {"not(x)", 5, 0, 0, 0},
    {"log(x) > 0", -1, NAN, NAN, NAN},
    {"and(x > 0, log(x) > 0)", -1, 0, 0, 0}, /* false whatever log(x) is */
    {"or(x < 0, log(x) > 0)", -1, 1, 0, 0},
    {"and(x < 0, log(x) > 0)", -1, NAN, NAN, NAN},
    /* the other branch may have no value */
    {"if(x > 0, sqrt(x), 0)", -1, 0, 0, 0},
    {"if(x > 0, log(x)^2, x)", 0, 0, 1, 0},
    {"if(x > 0, x*log(x), x^3)", -2, -8, 12, -12},
    {"if(x > 0, x*log(x), x^3)", 1, 0, 1, 1},
    {"where(x < 0, -x, x^2)", -3, 3, -1, 0},
    {"if(x != 0, sin(x)/x, 1)", 0, 1, 0, 0},
    {"if(log(x) > 0, 1, 2)", -1, NAN, NAN, NAN},
    {"if(x < 0, 1, if(x < 1, x^2, 1/(x - 5)))", 0.5, 0.25, 1, 2},
    {"if(x < 0, 1, if(x < 1, x^2, 1/(x - 5)))", 3, -0.5, -0.25, -0.25},
    {"exp(if(x > 0, 1/x, 0))", 0, 1, 0, 0},
    {"if(x, 1/x, 7)", 0, 7, 0, 0},
    {"if(1, x, log(x))", -1, -1, 1, 0},
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
            units_between(gradient[0], special_points[i].slope) > 2 ||
            units_between(hessian[0], special_points[i].curvature) > 8)
            fail_msg("%s at %g: %.17g, %.17g, %.17g", special_points[i].text, special_points[i].x,
                     value, gradient[0], hessian[0]);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* The gradient of a branch does not depend on the other one, which has none there, for any number
 * of variables and points. */
static void a_branch_has_its_own_gradient(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *pieces = parse_xyz(ctx, "if(x > y, sqrt(x - y)*z, (y - x)^1.5/z)");
    eg_expr *right = parse_xyz(ctx, "sqrt(x - y)*z"), *left = parse_xyz(ctx, "(y - x)^1.5/z");
    dice d = {41};
    for (int k = 0; k < 200; k++) {
        double p[3], v[2], g[2][3], h[2][9];
        for (int c = 0; c < 3; c++)
            p[c] = roll_between(&d, -3, 3);
        assert_int_equal(eg_expr_eval(pieces, p, &v[0], g[0], h[0], NULL), EG_OK);
        assert_int_equal(eg_expr_eval(p[0] > p[1] ? right : left, p, &v[1], g[1], h[1], NULL),
                         EG_OK);
        assert_true(v[0] == v[1]);
        for (int i = 0; i < 9; i++)
            if (units_between(h[0][i], h[1][i]) > 16 ||
                (i < 3 && units_between(g[0][i], g[1][i]) > 4))
                fail_msg("at %g, %g, %g: %d: %.17g, not %.17g", p[0], p[1], p[2], i, h[0][i],
                         h[1][i]);
    }
    eg_expr_free(pieces);
    eg_expr_free(right);
    eg_expr_free(left);
    close_context(ctx);
}

/* ---- text ---- */

static const struct {
    const char *text, *printed, *derivative;
} printed[] = {
    {"if(x<1, x^2, 2x-1)", "if(x < 1, x^2, 2*x - 1)", "if(x < 1, 2*x, 2)"},
    {"where(0<x, log(x), y)", "if(x > 0, log(x), y)", "if(x > 0, 1/x, 0)"},
    {"if(x, 1, 2)", "if(x != 0, 1, 2)", "0"},
    {"0<=x<=y", "and(x >= 0, x <= y)", "0"},
    {"not(x<y)", "y <= x", "0"},
    {"not(not(x>2))", "x > 2", "0"},
    {"not(x==1)", "x != 1", "0"},
    {"x*(y>2) + 1", "x*(y > 2) + 1", "y > 2"},
    {"(x>1)^2", "(x > 1)^2", "0"},
    {"if(2>1, x, y)", "x", "1"},
    {"if(1==2, x, y)", "y", "0"},
    {"if(x==x, x, y)", "x", "1"},
    {"if(log(x)==log(x), 1, 1)", "if(log(x) == log(x), 1, 1)", "0"},
    {"and(x>0, 1)", "x > 0", "0"},
    {"or(x>0, 3)", "1", "0"},
    {"and(x>0, x>0)", "x > 0", "0"},
    {"1/3 == 0.3333333333333333", "0.3333333333333333 == 1/3", "0"},
    {"max(x, y, 3)", "max(x, y, 3)", NULL},
    {"max(x, max(y, 3))", "max(x, max(y, 3))", NULL},
    {"gamma(5)", "24", "0"},
    {"lgamma(x)", "lgamma(x)", "digamma(x)"},
    {"polygamma(0, x)", "digamma(x)", "polygamma(1, x)"},
    {"gamma(x)", "gamma(x)", "gamma(x)*digamma(x)"},
    {"sinc(-x)", "sinc(x)", "(cos(x) - sinc(x))/x"},
    {"expm1(x)", "expm1(x)", "exp(x)"},
    {"log1p(x)", "log1p(x)", "1/(x + 1)"},
    {"mod(x, 3)", "mod(x, 3)", "1"},
    {"mod(y, x)", "mod(y, x)", "-floor(y/x)"},
    {"round(-x)", "-round(x)", "0"},
    {"arctan2(y, x) + arsinh(x)", "atan2(y, x) + asinh(x)", NULL},
    {"lb(8) + lg(x) + log(x, 3)", "log2(8) + log10(x) + log(x)/log(3)", NULL},
    {"acot(x)", "atan2(1, x)", "-1/(x^2 + 1)"},
    {"exp2(x)", "2^x", "2^x*log(2)"},
    {"gamma*x + root", "x*gamma + root", "gamma"},
};

static void assert_prints(const eg_expr *expr, const char *wanted)
{
    char text[RANDOM_EXPR_SIZE];
    eg_expr_print(expr, text, sizeof text);
    assert_string_equal(text, wanted);
}

static void functions_are_printed_and_differentiated(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(printed); i++) {
        eg_expr *expr = parse_good(ctx, printed[i].text), *derivative, *again;
        assert_prints(expr, printed[i].printed);
        again = parse_good(ctx, printed[i].printed);
        assert_prints(again, printed[i].printed);
        if (printed[i].derivative && eg_expr_variables(expr) > 0) {
            assert_int_equal(eg_expr_derivative(&derivative, expr, 0, NULL), EG_OK);
            assert_prints(derivative, printed[i].derivative);
            eg_expr_free(derivative);
        }
        eg_expr_free(again);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

static const struct {
    const char *text, *message;
} invalid[] = {
    {"if(x, 1)", "if takes 3 arguments, separated by a comma: if(c, x, y)"},
    {"if", "if is a function: write if(c, x, y)"},
    {"x <", "after '<', not the end"},
    {"x < < y", "after '<', not '<'"},
    {"x => 1", "not an equation"},
    {"polygamma(x, 1)", "n of polygamma(n, x) must be a whole number from 0 to 100"},
    {"polygamma(101, x)", "from 0 to 100"},
    {"root(x, 2.5)", "n of root(x, n) must be a whole number from 1"},
    {"root(x, -3)", "must be a whole number"},
    {"gamma + gamma(x)", "'gamma' is a value here"},
    {"log(x, 2, 3)", "log takes"},
    {"atan3(x)", "did you mean atan?"},
    {"arcsine(x)", "did you mean arcsin?"},
    {"digama(x)", "did you mean digamma?"},
    {"rounds(x)", "did you mean round?"},
};

static void invalid_calls_are_explained(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(invalid); i++) {
        eg_expr *expr = NULL;
        eg_error error = {0};
        assert_int_equal(eg_expr_parse(&expr, ctx, invalid[i].text, NULL, NULL, &error), EG_USAGE);
        if (!strstr(error.message, invalid[i].message))
            fail_msg("%s: %s", invalid[i].text, error.message);
    }
    close_context(ctx);
}

/* ---- over boxes ---- */

static const struct {
    const char *text;
    double low, high, from, to; /* interval of x, and the expected bounds but for rounding */
} known[] = {
    {"gamma(x)", 2, 3, 1, 2},
    {"gamma(x)", 0.1, 0.5, 1.772453850905516, 9.513507698668732},
    {"gamma(x)", 1, 2, 0.885603194410888, 1},
    {"gamma(x)", -0.5, 0.5, -INFINITY, INFINITY},
    {"gamma(x)", -0.9, -0.8, -10.570564109631935, -5.7385546399984996},
    {"lgamma(x)", 3, 4, 0.6931471805599453, 1.791759469228055},
    {"digamma(x)", 1, 2, -0.5772156649015329, 0.42278433509846714},
    {"polygamma(1, x)", 1, 2, 0.6449340668482264, 1.6449340668482264},
    {"sinc(x)", -1e9, 1e9, -1, 1},
    {"mod(x, 3)", 4, 5, 1, 2},
    {"mod(x, 3)", 2, 4, 0, 3},
    {"round(x)", 0.6, 2.4, 1, 2},
    {"expm1(x)", -1, 0, -0.6321205588285577, 0},
    {"x < 1", 0, 0.5, 1, 1},
    {"x < 1", 0, 2, 0, 1},
    {"x == 1", 1, 1, 1, 1},
    {"x == 1", 2, 3, 0, 0},
    {"if(x > 0, 1 + x, 0)", -1, 2, 0, 3},
    {"if(x > 0, log(x), 5)", -3, -1, 5, 5},
    {"if(0 < x < 9, x^2, 5)", 1, 2, 1, 4},
};

static void bounds_are_tight(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(known); i++) {
        double value[2];
        eg_expr *expr = parse_good(ctx, known[i].text);
        assert_int_equal(
            eg_expr_bounds(expr, &known[i].low, &known[i].high, value, NULL, NULL, NULL), EG_OK);
        for (int side = 0; side < 2; side++) {
            double wanted = side ? known[i].to : known[i].from, got = value[side];
            if (isinf(wanted) ? got != wanted : !(fabs(got - wanted) <= 1e-13 * (1 + fabs(wanted))))
                fail_msg("%s: %.17g .. %.17g", known[i].text, value[0], value[1]);
        }
        eg_expr_free(expr);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_agree_with_mpmath),
        cmocka_unit_test(special_points_are_as_documented),
        cmocka_unit_test(a_branch_has_its_own_gradient),
        cmocka_unit_test(functions_are_printed_and_differentiated),
        cmocka_unit_test(invalid_calls_are_explained),
        cmocka_unit_test(bounds_are_tight),
    };
    return cmocka_run_group_tests_name("functions", tests, NULL, NULL);
}
