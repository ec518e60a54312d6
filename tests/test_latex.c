/* SPDX-License-Identifier: MIT */
/* LaTeX of expressions: as written in textbooks, and with the value of the expression, as a reader
 * of its own for LaTeX finds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "latex_reader.h"
#include "random_expr.h"

enum { LATEX_SIZE = 1 << 16 };

static void print(const eg_expr *expr, char out[LATEX_SIZE])
{
    size_t length = eg_expr_print_latex(expr, out, LATEX_SIZE);
    assert_true(length < LATEX_SIZE);
    assert_int_equal(length, strlen(out));
    assert_int_equal(eg_expr_print_latex(expr, NULL, 0), length);
}

/* Fails unless braces, \left and \right, \begin and \end are balanced. */
static void assert_balanced(const char *latex)
{
    int braces = 0, delimiters = 0, environments = 0;
    for (const char *c = latex; *c; c++) {
        braces += (*c == '{') - (*c == '}');
        delimiters += (strncmp(c, "\\left", 5) == 0) - (strncmp(c, "\\right", 6) == 0);
        environments += (strncmp(c, "\\begin{", 7) == 0) - (strncmp(c, "\\end{", 5) == 0);
        assert_true(braces >= 0 && delimiters >= 0 && environments >= 0);
    }
    assert_true(braces == 0 && delimiters == 0 && environments == 0);
}

static void check_value(eg_context *ctx, const char *text)
{
    static char latex[LATEX_SIZE];
    eg_expr *expr = parse_xyz(ctx, text);
    dice d = {3};
    print(expr, latex);
    assert_balanced(latex);
    for (int k = 0; k < 5; k++) {
        double wanted, point[3];
        bool infinite;
        for (int i = 0; i < 3; i++)
            point[i] = roll_between(&d, k < 3 ? 0.1 : -2, 2.5);
        assert_int_equal(eg_expr_eval(expr, point, &wanted, NULL, NULL, NULL), EG_OK);
        double got = latex_value(ctx, latex, point, &infinite);
        if (!infinite && isfinite(wanted) && fabs(wanted) < 1e12 &&
            !(fabs(got - wanted) <= 1e-9 * (1 + fabs(wanted))))
            fail_msg("%s is %.17g, not %.17g: %s", text, got, wanted, latex);
    }
    eg_expr_free(expr);
}

static void latex_has_the_same_value(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    char text[RANDOM_EXPR_SIZE];
    dice d = {41};
    static const char *const texts[] = {
        "x - (y - z)",
        "-(x + y)*z",
        "(-x)^2",
        "-x^2",
        "(x + y)^-2*z",
        "x/y/z",
        "x/(y/z)",
        "1/(1/x)",
        "2^x*3^y*5",
        "(2/3)^x",
        "(x*y)^z",
        "(x^y)^z",
        "x^y^z",
        "sin(x)^2*y",
        "y*sin(2*x)",
        "sin(x)*cos(y)*z",
        "sin(x)^-2",
        "sin(x)^y",
        "1/sin(x)^3",
        "sqrt(x)^3",
        "exp(x)^y",
        "exp(-x)/exp(y^2)",
        "expm1(x)*y",
        "log1p(x - y)",
        "log1p(x)^2",
        "log(x)^2/log(y)",
        "abs(x)^y",
        "hypot(x + y, z)",
        "1e-7*x",
        "2*1e20*x",
        "(1e-7)^x",
        "x*-3",
        "x*2/3",
        "-2/3",
        "0.5^(1/3)",
        "min(x, y, z)^2",
        "if(x < y, 1, if(y < z, x, z))*2",
        "not(x < y)",
        "x*(y < z)",
        "polygamma(2, x)",
        "lgamma(x)",
        "sin(-2*x)",
        "sin(2)*x",
        "sin(2)*cos(3)*x",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        check_value(ctx, texts[i]);
    for (int i = 0; i < 400; i++) {
        random_expr(text, &d, 4);
        check_value(ctx, text);
    }
    close_context(ctx);
}

static void latex_is_that_of_textbooks(void **state)
{
    (void)state;
    static const struct {
        const char *text, *latex;
    } cases[] = {
        {"x^2*y + sin(2x)", "x^{2} y + \\sin 2 x"},
        {"sin^2(x) cos(x)/(x+1)", "\\frac{\\sin^{2} x \\cos x}{x + 1}"},
        {"-sqrt(x)/3", "-\\frac{\\sqrt{x}}{3}"},
        {"alpha^2*x1/(theta_max + x_i)",
         "\\frac{\\alpha^{2} x_{1}}{\\theta_{\\mathrm{max}} + x_{i}}"},
        {"\xCE\xB1*x\xE2\x82\x81\xE2\x82\x82 + height", "x_{12} \\alpha + \\mathrm{height}"},
        {"exp(-x^2/2)", "e^{-\\frac{x^{2}}{2}}"},
        {"log(x)*log10(y)", "\\ln x \\log_{10} y"},
        {"1.5e-7*x*2^y", "1.5 \\cdot 10^{-7} x \\cdot 2^{y}"},
        {"if(x < 0, -x, x^2)",
         "\\begin{cases} -x & \\text{if } x < 0 \\\\ x^{2} & \\text{otherwise} \\end{cases}"},
        {"abs(x - 1)*floor(y)", "\\left|x - 1\\right| \\left\\lfloor y\\right\\rfloor"},
        {"digamma(x) + asinh(x*y)", "\\psi\\left(x\\right) + "
                                    "\\operatorname{arsinh}\\left(x y\\right)"},
    };
    static char latex[LATEX_SIZE];
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_expr *expr = parse_good(ctx, cases[i].text);
        print(expr, latex);
        assert_string_equal(latex, cases[i].latex);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latex_has_the_same_value),
        cmocka_unit_test(latex_is_that_of_textbooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
