/* SPDX-License-Identifier: MIT */
/* Derivations: every line is the derivative, and the rules are those of a person. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

enum { POINTS = 6, LINE_SIZE = 1 << 16 };

static size_t checked, undefined; /* values of lines */

static const char *const variables[] = {"x", "y", "z"};

static eg_derivation *derive(const eg_expr *expr, size_t variable)
{
    eg_derivation *derivation;
    eg_error error = {0};
    if (eg_derivation_new(&derivation, expr, variable, &error) != EG_OK)
        fail_msg("no derivation: %s", error.message);
    return derivation;
}

/* Returns the parenthesis that closes the one at `open`. */
static const char *closing(const char *open)
{
    int depth = 0;
    for (const char *c = open;; c++) {
        assert_true(*c);
        depth += (*c == '(') - (*c == ')');
        if (depth == 0)
            return c;
    }
}

static void gradient_of_text(eg_context *ctx, const char *text, const double point[3],
                             double *value, double gradient[3])
{
    eg_expr *expr = parse_xyz(ctx, text);
    assert_int_equal(eg_expr_eval(expr, point, value, gradient, NULL, NULL), EG_OK);
    eg_expr_free(expr);
}

/* Evaluates a line: each "d/dx(g)" is the derivative of g by automatic differentiation. */
static double value_of_line(eg_context *ctx, const char *text, size_t variable,
                            const double point[3])
{
    static char line[LINE_SIZE], inner[LINE_SIZE];
    char mark[] = "d/d?(";
    size_t used = 0;
    double value, gradient[3];
    mark[3] = variables[variable][0];
    while (*text) {
        assert_true(used + 64 < sizeof line && strlen(text) < sizeof inner);
        if (strncmp(text, mark, strlen(mark)) != 0) {
            line[used++] = *text++;
            continue;
        }
        const char *open = text + strlen(mark) - 1, *close = closing(open);
        snprintf(inner, sizeof inner, "%.*s", (int)(close - open - 1), open + 1);
        gradient_of_text(ctx, inner, point, &value, gradient);
        if (isfinite(gradient[variable]))
            used += (size_t)sprintf(line + used, "(%.17g)", gradient[variable]);
        else /* no value; may be in the other branch of if() */
            used += (size_t)sprintf(line + used, "(log(-1))");
        text = close + 1;
    }
    line[used] = '\0';
    gradient_of_text(ctx, line, point, &value, gradient);
    return value;
}

/* Checks the lines of one partial derivative at random points. */
static void check_lines(eg_context *ctx, const char *text, const eg_expr *expr, size_t variable)
{
    dice d = {5};
    eg_derivation *derivation = derive(expr, variable);
    eg_expr *symbolic;
    assert_int_equal(eg_expr_derivative(&symbolic, expr, variable, NULL), EG_OK);
    for (int k = 0; k < POINTS; k++) {
        double p[3], value, gradient[3];
        for (int i = 0; i < 3; i++)
            p[i] = roll_between(&d, k < 4 ? 0.2 : -1.5, 1.7);
        assert_int_equal(eg_expr_eval(expr, p, &value, gradient, NULL, NULL), EG_OK);
        double wanted = gradient[variable], formula;
        assert_int_equal(eg_expr_eval(symbolic, p, &formula, NULL, NULL, NULL), EG_OK);
        if (!isfinite(wanted) || !isfinite(formula) || fabs(value) > 1e6 || fabs(wanted) > 1e6)
            continue;
        for (size_t i = 0; i < eg_derivation_count(derivation); i++) {
            eg_derivation_line line = eg_derivation_at(derivation, i);
            double got = value_of_line(ctx, line.text, variable, p);
            checked++;
            undefined += isnan(got); /* as 0 times the slope of a power at 0 */
            if (!isnan(got) && !(fabs(got - wanted) <= 1e-7 * (1 + fabs(wanted))))
                fail_msg("line %zu of d/d%s of %s at %g, %g, %g is %.17g, not %.17g: %s", i,
                         variables[variable], text, p[0], p[1], p[2], got, wanted, line.text);
        }
    }
    eg_expr_free(symbolic);
    eg_derivation_free(derivation);
}

static void check_text(eg_context *ctx, const char *text)
{
    eg_expr *expr = parse_xyz(ctx, text);
    for (size_t i = 0; i < 3; i++)
        check_lines(ctx, text, expr, i);
    eg_expr_free(expr);
}

static void every_line_is_the_derivative(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "3",
        "x",
        "x + y + 2",
        "x^2*y + sin(2x)",
        "x*sin(x)^3/(x^2+1)",
        "x^x + 3^x - 5",
        "(x^2+y)^z",
        "x^y",
        "2^(x*y)",
        "e^(x^2)",
        "1/(x*y)",
        "1/(x^2+1)",
        "x/y/z",
        "3/x^2",
        "-(x+y)*(y-z)*(z-x)",
        "sqrt(x)*cbrt(y)",
        "x^(1/3)",
        "-3*x^-2.5",
        "log(x, y)",
        "if(x < y, x^2, x*y)",
        "if(x < y, 3, sin(x))",
        "min(x, y*z, x^2)",
        "atan2(x*y, z + x)",
        "hypot(x, x*y)",
        "mod(x*y, z)",
        "gamma(x*y)",
        "polygamma(1, x^2)",
        "abs(x - y)^3",
        "floor(3*x)*x",
        "exp(-x^2-y^2)*cos(3*x*y)",
        "sin(cos(tan(x*y)))",
        "((x+1)/(x+2))^3",
        "x*y*z*sin(x)*cos(y)",
        "(x < y)*x^2",
        "sin(x)/x",
        "sinc(2*x)",
        "0.1*x^0.3",
        "pi*x^e",
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(texts); i++)
        check_text(ctx, texts[i]);
    assert_int_equal(undefined, 0);
    close_context(ctx);
}

static void every_line_of_random_formulas_is_the_derivative(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    char text[RANDOM_EXPR_SIZE];
    dice d = {17};
    for (int i = 0; i < 150; i++) {
        random_expr(text, &d, 4);
        check_text(ctx, text);
    }
    assert_true(undefined * 100 < checked);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_the_derivative),
        cmocka_unit_test(every_line_of_random_formulas_is_the_derivative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
