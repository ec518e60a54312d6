/* SPDX-License-Identifier: MIT */
/* Text of expressions: parsing, error messages, printing, and symbolic derivatives. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

static void assert_prints(const eg_expr *expr, const char *wanted)
{
    char text[RANDOM_EXPR_SIZE];
    size_t length = eg_expr_print(expr, text, sizeof text);
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
}

static double value_at(const eg_expr *expr, double x, double y)
{
    double value, point[EG_EXPR_VARIABLES] = {x, y};
    assert_int_equal(eg_expr_eval(expr, point, &value, NULL, NULL, NULL), EG_OK);
    return value;
}

/* ---- valid text ---- */

/* Values at x = 2, y = 3 (or the first two variables in order), and the printed form (NULL: not
 * tested). */
static const struct {
    const char *text;
    double value;
    const char *printed;
} valid[] = {
    {"-2^2", -4, "-4"},
    {"2^-3", 0.125, "1/8"},
    {"2^3^2", 512, "512"},
    {"2**3**2", 512, "512"},
    {"-x^2", -4, "-x^2"},
    {"(-x)^2", 4, "x^2"},
    {"x^-y", 0.125, "x^(-y)"},
    {"x^-y^2", 1.0 / 512, "x^(-y^2)"},
    {"(x^y)^2", 64, "(x^y)^2"},
    {"--x", 2, "x"},
    {"x - -y", 5, "x + y"},
    {"+x", 2, "x"},
    {"2x", 4, "2*x"},
    {"3(x+1)", 9, "3*(x + 1)"},
    {"2 x^2", 8, "2*x^2"},
    {"2pi", 2 * M_PI, "2*pi"},
    {"2e", 2 * M_E, "2*e"},
    {"2e1", 20, "20"},
    {"2e-1x", 0.4, "0.2*x"},
    {"2sin(x)", 2 * 0.90929742682568169540, "2*sin(x)"},
    {"x/2*3y", 9, "3*x*y/2"},
    {"x*2y", 12, "2*x*y"},
    {"6/3/2", 1, "1"},
    {"7 - 3 - 2", 2, "2"},
    {".5+5.+1.5e-3", 5.5015, "5.5015"},
    {"0.1*3", 0.3, "0.3"},
    {"0.1+0.2", 0.3, "0.3"},
    {"1/3 + 1/6", 0.5, "1/2"},
    {"x/3", 2.0 / 3, "x/3"},
    {"2x/(4y)", 1.0 / 3, "x/(2*y)"},
    {"1e300*10", 1e301, "1e301"},
    {"x*y*x", 12, "x^2*y"},
    {"x + y + x", 7, "2*x + y"},
    {"x - x + y", 3, "y"},
    {"y*x", 6, "x*y"},
    {"x - (y + 1)", -2, "x - (y + 1)"},
    {"x - (y - x)", 1, "2*x - y"},
    {"x/x", 1, "x/x"},
    {"x^2/x", 2, "x^2/x"},
    {"x/x^2", 0.5, "1/x"},
    {"0*x", 0, "0"},
    {"0*log(x)", 0, "0*log(x)"},
    {"x^0", 1, "1"},
    {"x^0.5", 1.4142135623730951, "sqrt(x)"},
    {"x^(1/3)", 1.2599210498948732, "x^(1/3)"},
    {"x^1.5", 2.8284271247461903, "x^1.5"},
    {"sqrt(4)", 2, "2"},
    {"sqrt(9/4)", 1.5, "3/2"},
    {"sqrt(x)^2", 2, "sqrt(x)^2"},
    {"(x^2)^3", 64, "x^6"},
    {"(2x*y)^2", 144, "4*x^2*y^2"},
    {"1/(1/x)", 2, "1/(1/x)"},
    {"e^x", 7.3890560989306502, "exp(x)"},
    {"ln(e)", 1, "1"},
    {"sin(-x)", -0.90929742682568169540, "-sin(x)"},
    {"cos(-x)", -0.41614683654714240690, "cos(x)"},
    {"abs(-3x)", 6, "abs(3*x)"},
    {"pow(x, y)", 8, "x^y"},
    {"min(x, y)", 2, "min(x, y)"},
    {"max(2, 3)", 3, "3"},
    {"hypot(3, 4)", 5, "hypot(3, 4)"},
    {"atan2(y, x)", 0.98279372324732905, "atan2(y, x)"},
    {"sec(x)", 1 / -0.41614683654714240690, "1/cos(x)"},
    {"1/(x*y)", 1.0 / 6, "1/(x*y)"},
    {"x\xC2\xB7y", 6, "x*y"},
    {"y\xE2\x88\x92x", 1, "y - x"},
    {"2\xCF\x80", 2 * M_PI, "2*pi"},
    {"a_1*B", 6, "B*a_1"},
    {"x^2 sin(y)", 4 * 0.14112000805986722210, "x^2*sin(y)"},
    {"2 x y", 12, "2*x*y"},
    {"x y", 6, "x*y"},
    {"(x+1)(y-1)", 6, "(x + 1)*(y - 1)"},
    {"x (y+1)", 8, "x*(y + 1)"},
    {"x^2 y", 12, "x^2*y"},
    {"x^(1/2)y", 4.2426406871192851, "y*sqrt(x)"},
    {"cos^2(x)", 0.17317818956819406, "cos(x)^2"},
    {"tan^2 x + y - y", 4.7743992040419174, NULL},
    {"sin x", 0.90929742682568169540, "sin(x)"},
    {"sin 2x", -0.75680249530792825137, "sin(2*x)"},
    {"2 sin x cos y", -1.8003952594710350, "2*sin(x)*cos(y)"},
    {"|x - |y||", 1, "abs(x - abs(y))"},
    {"2|x|y", 12, "2*y*abs(x)"},
    {"|x||y|", 6, "abs(x)*abs(y)"},
    {"[x+1]^{2}", 9, "(x + 1)^2"},
    {"sin[x]", 0.90929742682568169540, "sin(x)"},
    {"\xCE\xB1^2 + \xCE\xB8", 7, "\xCE\xB1^2 + \xCE\xB8"},
    {"x\xE2\x82\x81 x\xE2\x82\x82", 6, "x\xE2\x82\x81*x\xE2\x82\x82"},
    {"2\xCF\x80r\xC2\xB2", 8 * M_PI, "2*pi*r^2"},
    {"x\xE2\x81\xBB\xC2\xB9", 0.5, "1/x"},
    {"x\xC2\xB2\xC2\xB3", 8388608, "x^23"},
    {"\xE2\x88\x9Ax", 1.4142135623730951, "sqrt(x)"},
    {"\xE2\x88\x9A(x+2)", 2, "sqrt(x + 2)"},
    {"5!/3!", 20, "20"},
    {"20!", 2432902008176640000, "2.43290200817664e18"},
    {"sin(30\xC2\xB0)", 0.5, "sin(pi/6)"},
    {"x\xC3\x97y\xC3\xB7"
     "2",
     3, "x*y/2"},
    {"1E2 + .5 + 5. + 10^-3", 105.501, NULL},
    {"cost + x - x", 3, NULL},
    {" \t x\n", 2, "x"},
    {"12345678901234567890", 12345678901234567890.0, "12345678901234567890"},
    {"3.14159265358979323846*x", 2 * M_PI, "3.14159265358979323846*x"},
    {"2*0.12345678901234567*x", 0.49382715604938268, "2*0.12345678901234567*x"},
    {"1.00000000000000000000*x", 2, "x"},
    {"1000000000000000000000000", 1e24, "1e24"},
    {"1.380649e-23*300", 4.141947e-21, "4.141947e-21"},
    {"1.23456789*9.87654321*x", 2 * 1.23456789 * 9.87654321, "1.23456789*9.87654321*x"},
    {"-1.23456789*9.87654321*x", -2 * 1.23456789 * 9.87654321, "-1.23456789*9.87654321*x"},
    {"1.23456789^3", 1.23456789 * 1.23456789 * 1.23456789, "1.23456789^3"},
    {"0.1*0.1*0.1*0.1*0.1*0.1*0.1*0.1*0.1*0.1", 1e-10, "1e-10"},
    {"1e20 + 1e-20", 1e20, "1e20 + 1e-20"},
    {"1.23456789012345 - 1.23456789012344", 1e-14, "1e-14"},
    {"1e-23*x/3", 2e-23 / 3, "1e-23*(1/3)*x"},
    {"1e-7", 1e-7, "1e-7"},
    {"0.0001", 0.0001, "0.0001"},
    {"123456.789", 123456.789, "123456.789"},
};

static void expressions_are_parsed_and_simplified(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(valid); i++) {
        eg_expr *expr = parse_good(ctx, valid[i].text);
        double value = value_at(expr, 2, 3);
        if (units_between(value, valid[i].value) > 1)
            fail_msg("%s is %.17g, not %.17g", valid[i].text, value, valid[i].value);
        if (valid[i].printed)
            assert_prints(expr, valid[i].printed);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* ---- invalid text ---- */

static const struct {
    const char *text;
    size_t offset, length;
    const char *message;
} invalid[] = {
    {"", 0, 0, "empty"},
    {"  ", 2, 0, "empty"},
    {"1/2x", 1, 3, "write (1/2)*x or 1/(2*x)"},
    {"1/2(x+1)", 1, 3, "(1/2)*(...)"},
    {"2^3x", 1, 3, "write 2^3*x or 2^(3*x)"},
    {"x(y+1)", 0, 1, "'x' is not a function; for a product write x*(...)"},
    {"pi(2)", 0, 2, "not a function"},
    {"sine(x)", 0, 4, "unknown function 'sine'; did you mean sin?"},
    {"sqr(x)", 0, 3, "did you mean sqrt?"},
    {"bogus(x)", 0, 5, "unknown function 'bogus'"},
    {"sin", 0, 3, "sin is a function: write sin(x)"},
    {"2 + atan2", 4, 5, "write atan2(y, x)"},
    {"sin()", 4, 1, "expected a number, a name or '(' after '(', not ')'"},
    {"sin(x, y)", 5, 1, "sin takes 1 argument; write decimals with a point"},
    {"min(x)", 5, 1, "min takes 2 arguments or more, separated by a comma: min(x, y)"},
    {"hypot(x, y, z)", 10, 1, "hypot takes 2 arguments, not more"},
    {"x+", 2, 0, "after '+', not the end"},
    {"*x", 0, 1, "expected a number, a name or '(', not '*'"},
    {"x */ y", 3, 1, "after '*', not '/'"},
    {"(x", 0, 1, "this '(' is never closed"},
    {"((x)", 0, 1, "never closed"},
    {"x)", 1, 1, "this ')' closes nothing"},
    {"2 3", 2, 1, "expected an operator between '2' and '3'"},
    {"x 2", 2, 1, "between 'x' and '2'; write * for a product"},
    {"1/2 x", 1, 4, "write (1/2)*x or 1/(2*x)"},
    {"1/sin(x) y", 1, 9, "write (1/(...))*y or 1/((...)*y)"},
    {"x^2y", 1, 3, "x^2*y or x^(2*y)"},
    {"x^2(y+1)", 1, 3, "x^2*(...)"},
    {"e^2x", 1, 3, "write e^2*x or e^(2*x)"},
    {"10^-3x", 2, 4, "write 10^-3*x or 10^(-3*x)"},
    {"(x+1)^2y", 5, 3, "write (...)^2*y or (...)^(2*y)"},
    {"2/3x", 1, 3, "write (2/3)*x or 2/(3*x)"},
    {"d/dx x^2", 1, 5, "for a derivative leave EXPR as it is"},
    {"x!", 1, 1, "for x! write gamma(x + 1)"},
    {"x + 2a/3b", 6, 3, "write (a/3)*b or a/(3*b)"},
    {"a/b/c d", 3, 4, "write ((...)/c)*d or (...)/(c*d)"},
    {"x^2/3y", 3, 3, "write ((...)/3)*y or (...)/(3*y)"},
    {"lg x", 0, 2, "write lg(...) for the logarithm or lg*... for a product"},
    {"2 lb 8", 2, 2, "write lb(...) for the logarithm or lb*... for a product"},
    {"lgx", 0, 3, "for the function write lg(x)"},
    {"f (x)", 0, 1, "'f' is not a function; for a product write f*(...)"},
    {"sine (x)", 0, 4, "unknown function 'sine'; did you mean sin?"},
    {"sin x^2", 0, 3, "write sin(...)"},
    {"sin x*y", 0, 3, "write sin(...)"},
    {"sin 2 x", 0, 3, "write sin(...)"},
    {"sin -x", 0, 3, "write sin(x)"},
    {"sinx", 0, 4, "sinx is one name; for the function write sin(x)"},
    {"ln2x + 1", 0, 4, "write ln(2x)"},
    {"sin^-1(x)", 4, 1, "write asin(x) or 1/sin(x)"},
    {"sin^(-1)(x)", 5, 1, "write asin(x) or 1/sin(x)"},
    {"exp\xE2\x81\xBB\xC2\xB9(x)", 3, 5, "write 1/exp(x)"},
    {"sin^x(y)", 0, 3, "write sin(x)^n"},
    {"sin^2x", 0, 3, "write sin(x)^n"},
    {"sin^2(x)^3", 8, 1, "two exponents"},
    {"|x", 0, 1, "this '|' is never closed"},
    {"(|x)", 3, 1, "an operator or '|'"},
    {"|x|y|z|", 2, 1, "two ways: write abs(...)"},
    {"\xE2\x80\x96x\xE2\x80\x96", 0, 3, "write sqrt(x^2 + y^2)"},
    {"[x)", 2, 1, "an operator or ']'"},
    {"{x", 0, 1, "add a '}'"},
    {"x]", 1, 1, "this ']' closes nothing; remove it or add a '['"},
    {"\xE2\x88\x9A"
     "2x",
     0, 5, "write sqrt(2)*x or sqrt(2*x)"},
    {"\xE2\x88\x9Ax\xC2\xB2", 4, 2, "write sqrt(x)^2 or sqrt(x^2)"},
    {"x\xC2\xB2^3", 3, 1, "write parentheses"},
    {"x!", 1, 1, "whole number from 0 to 170"},
    {"2.5!", 3, 1, "whole number from 0 to 170"},
    {"171!", 3, 1, "whole number from 0 to 170"},
    {"5%", 1, 1, "write 5/100"},
    {"30\xC2\xB0"
     "C",
     2, 2, "write * after it"},
    {"1,5", 1, 1, "write decimals with a point: 1.5"},
    {"x, y", 1, 1, "expected an operator after 'x', not ','"},
    {"1.2.3", 0, 5, "only one decimal point"},
    {"0x1F", 0, 3, "not hexadecimal"},
    {"1_000x", 0, 5, "'1_000': write the number without _"},
    {"1e999", 0, 5, "too large"},
    {"x = 1", 2, 1, "not an equation"},
    {"x @ y", 2, 1, "'@': unknown character"},
    {"\xC3\xA9", 0, 2, "unknown character"},
    {"x\xFF", 1, 1, "unknown character"},
    {"x\x01", 1, 1, "unknown character"},
};

static void errors_have_locations(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(invalid); i++) {
        eg_expr *expr = NULL;
        eg_error error = {0};
        eg_expr_location location;
        assert_int_equal(eg_expr_parse(&expr, ctx, invalid[i].text, NULL, &location, &error),
                         EG_USAGE);
        assert_null(expr);
        if (location.offset != invalid[i].offset || location.length != invalid[i].length ||
            !strstr(error.message, invalid[i].message))
            fail_msg("%s: %zu+%zu: %s", invalid[i].text, location.offset, location.length,
                     error.message);
        assert_int_equal(eg_expr_parse(&expr, ctx, invalid[i].text, NULL, NULL, NULL), EG_USAGE);
    }
    close_context(ctx);
}

/* ---- definitions and equations ---- */

static const char *const names_yx[] = {"y", "x"};

static const struct {
    const char *text;
    eg_expr_options options;
    const char *printed, *names; /* printed: or the message of the error */
    bool fails, equation;
} statements[] = {
    {"f(y, x) = x^2 + y", {.form = EG_FORM_DEFINITION}, "x^2 + y", "y,x", false, false},
    {"f(x,y,z)=x", {.form = EG_FORM_DEFINITION}, "x", "x,y,z", false, false},
    {"z = x^2 + y", {.form = EG_FORM_DEFINITION}, "x^2 + y", "x,y", false, false},
    {"z = x^2 + y", {.form = EG_FORM_EQUATION}, "z - (x^2 + y)", "x,y,z", false, true},
    {"y = x*y", {.form = EG_FORM_DEFINITION}, "y - x*y", "x,y", false, true},
    {"x^2+y^2=1", {.form = EG_FORM_DEFINITION}, "x^2 + y^2 - 1", "x,y", false, true},
    {"f(x,y) = x^2+y^2 = 1", {.form = EG_FORM_EQUATION}, "x^2 + y^2 - 1", "x,y", false, true},
    {"sin(x) = 0.5", {.form = EG_FORM_DEFINITION}, "sin(x) - 0.5", "x", false, true},
    {"x + y = 10",
     {.names = names_yx, .name_count = 2, .form = EG_FORM_EQUATION},
     "x + y - 10",
     "y,x",
     false,
     true},
    {"f(x) = a*x", {.form = EG_FORM_DEFINITION}, "unknown name 'a'", NULL, true, false},
    {"f(x) = f(x) + 1", {.form = EG_FORM_DEFINITION}, "'f' is not a function", NULL, true, false},
    {"f(2) = x", {.form = EG_FORM_DEFINITION}, "'f' is not a function", NULL, true, false},
    {"f(x] = x", {.form = EG_FORM_DEFINITION}, "'f' is not a function", NULL, true, false},
    {"x = y = z", {.form = EG_FORM_EQUATION}, "an equation has one =", NULL, true, false},
    {"(x = 1)", {.form = EG_FORM_EQUATION}, "an equation has one =", NULL, true, false},
    {"x = ", {.form = EG_FORM_EQUATION}, "not the end", NULL, true, false},
    {"z = x", {.form = EG_FORM_EXPRESSION}, "not an equation", NULL, true, false},
};

static void definitions_and_equations_are_read(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(statements); i++) {
        eg_expr *expr;
        eg_error error = {0};
        char names[64] = "";
        eg_status status =
            eg_expr_parse(&expr, ctx, statements[i].text, &statements[i].options, NULL, &error);
        assert_int_equal(status, statements[i].fails ? EG_USAGE : EG_OK);
        if (statements[i].fails && !strstr(error.message, statements[i].printed))
            fail_msg("%s: %s", statements[i].text, error.message);
        if (statements[i].fails)
            continue;
        assert_prints(expr, statements[i].printed);
        assert_int_equal(eg_expr_is_equation(expr), statements[i].equation);
        for (size_t k = 0; k < eg_expr_variables(expr); k++)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", k ? "," : "",
                     eg_expr_name(expr, k));
        assert_string_equal(names, statements[i].names);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* ---- options ---- */

static const char *const names_height_x[] = {"height", "x"};
static const char *const name_sin[] = {"sin"};
static const char *const name_e[] = {"e"};
static const char *const name_with_digit_first[] = {"2x"};
static const char *const duplicate_names[] = {"a", "a"};
static const eg_binding binding_k[] = {{"k", 2.5, NULL}};
static const eg_binding infinite_binding[] = {{"k", INFINITY, NULL}};
static const eg_binding binding_x[] = {{"x", 1, NULL}};
static const eg_binding duplicate_bindings[] = {{"k", 1, NULL}, {"k", 2, NULL}};

static const struct {
    const char *text;
    eg_expr_options options;
    const char *printed, *message; /* exactly one of them is not NULL */
} with_options[] = {
    {"x*height", {.names = names_height_x, .name_count = 2}, "height*x", NULL},
    {"k*x", {.bindings = binding_k, .binding_count = 1}, "2.5*x", NULL},
    {"heigth", {.names = names_height_x, .name_count = 2}, NULL, "did you mean height?"},
    {"q",
     {.names = names_height_x, .name_count = 2},
     NULL,
     "unknown name 'q'; the known names are height, x, pi, e, tau"},
    {"k(x)", {.bindings = binding_k, .binding_count = 1}, NULL, "not a function"},
    {"1", {.names = name_sin, .name_count = 1}, NULL, "is a function"},
    {"1", {.names = name_e, .name_count = 1}, NULL, "is a predefined constant"},
    {"1", {.names = name_with_digit_first, .name_count = 1}, NULL, "cannot name a variable"},
    {"1", {.names = duplicate_names, .name_count = 2}, NULL, "given twice"},
    {"1", {.bindings = infinite_binding, .binding_count = 1}, NULL, "finite"},
    {"1", {.bindings = duplicate_bindings, .binding_count = 2}, NULL, "given twice"},
    {"1",
     {.names = names_height_x, .name_count = 2, .bindings = binding_x, .binding_count = 1},
     NULL,
     "both a variable and a constant"},
};

static void names_are_those_of_the_options(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(with_options); i++) {
        eg_expr *expr;
        eg_error error = {0};
        eg_status status =
            eg_expr_parse(&expr, ctx, with_options[i].text, &with_options[i].options, NULL, &error);
        assert_int_equal(status, with_options[i].printed ? EG_OK : EG_USAGE);
        if (status == EG_OK)
            assert_prints(expr, with_options[i].printed);
        else if (!strstr(error.message, with_options[i].message))
            fail_msg("%s: %s", with_options[i].text, error.message);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

static void variables_have_an_order(void **state)
{
    (void)state;
    static const char *const order[] = {"x", "y", "z", "t", "B", "a", "a1", "ab"};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "ab + t + a1 - z*y*B/a^x");
    assert_int_equal(eg_expr_variables(expr), COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++)
        assert_string_equal(eg_expr_name(expr, i), order[i]);
    assert_null(eg_expr_name(expr, COUNT(order)));
    eg_expr_free(expr);
    close_context(ctx);
}

/* ---- derivatives ---- */

static const struct {
    const char *text, *derivative;
} derivatives[] = {
    {"x^2*y", "2*x*y"},
    {"sin(x)^2", "2*sin(x)*cos(x)"},
    {"sin(x)*cos(x)", "cos(x)^2 - sin(x)^2"},
    {"x^3/3", "x^2"},
    {"1/x", "-1/x^2"},
    {"sqrt(x)", "1/(2*sqrt(x))"},
    {"x^1.5", "1.5*sqrt(x)"},
    {"x^y", "y*x^(y - 1)"},
    {"y^x", "y^x*log(y)"},
    {"2^x", "2^x*log(2)"},
    {"exp(-x^2)", "-2*x*exp(-x^2)"},
    {"log(x^2 + 1)", "2*x/(x^2 + 1)"},
    {"log(x)", "1/x"},
    {"log2(x)", "1/(x*log(2))"},
    {"log10(x)", "1/(x*log(10))"},
    {"tan(x)", "tan(x)^2 + 1"},
    {"asin(x)", "1/sqrt(1 - x^2)"},
    {"acos(x)", "-1/sqrt(1 - x^2)"},
    {"atan(x)", "1/(x^2 + 1)"},
    {"sinh(x)", "cosh(x)"},
    {"cosh(x)", "sinh(x)"},
    {"tanh(x)", "1/cosh(x)^2"},
    {"asinh(x)", "1/sqrt(x^2 + 1)"},
    {"acosh(x)", "1/(sqrt(x - 1)*sqrt(x + 1))"},
    {"atanh(x)", "1/(1 - x^2)"},
    {"cbrt(x)", "1/(3*cbrt(x)^2)"},
    {"erf(x)", "2*exp(-x^2)/sqrt(pi)"},
    {"erfc(x)", "-2*exp(-x^2)/sqrt(pi)"},
    {"abs(x)", "sign(x)"},
    {"sign(x) + floor(x) + ceil(x)", "0"},
    {"min(x, y)", "(sign(y - x) + 1)/2"},
    {"max(x, y)", "(sign(x - y) + 1)/2"},
    {"hypot(x, y)", "x/hypot(x, y)"},
    {"atan2(y, x)", "-y/(x^2 + y^2)"},
    {"x*sin(x)", "sin(x) + x*cos(x)"},
    {"sin(x)/x", "cos(x)/x - sin(x)/x^2"},
    {"(1-x)^2 + 100*(y-x^2)^2", "-2*(1 - x) - 400*x*(y - x^2)"},
    {"0.1*x^3", "0.3*x^2"},
    {"y", "0"},
    {"3*x", "3"},
};

static void derivatives_read_as_in_a_textbook(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(derivatives); i++) {
        eg_expr *expr = parse_xyz(ctx, derivatives[i].text), *derivative;
        assert_int_equal(eg_expr_derivative(&derivative, expr, 0, NULL), EG_OK);
        assert_int_equal(eg_expr_variables(derivative), 3);
        assert_prints(derivative, derivatives[i].derivative);
        eg_expr_free(derivative);
        assert_int_equal(eg_expr_derivative(&derivative, expr, 3, NULL), EG_USAGE);
        assert_null(derivative);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* ---- substitution ---- */

static void variables_are_replaced(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    static const char *const xt[] = {"x", "t"};
    const eg_expr_options chosen = {.names = xt, .name_count = 2};
    const eg_expr_options with_binding = {.bindings = binding_k, .binding_count = 1};
    eg_expr *f = parse_good(ctx, "x^2 + y*k"), *xx = parse_good(ctx, "cos(t) + y"), *result;
    assert_string_equal(eg_expr_name(f, 2), "k");
    const eg_expr *const with[] = {xx, NULL, NULL};
    assert_int_equal(eg_expr_substitute(&result, f, with, NULL, NULL), EG_OK);
    assert_int_equal(eg_expr_variables(result), 3);
    assert_string_equal(eg_expr_name(result, 0), "y");
    assert_string_equal(eg_expr_name(result, 1), "t");
    assert_prints(result, "(cos(t) + y)^2 + y*k");
    eg_expr_free(result);

    assert_int_equal(eg_expr_substitute(&result, f, with, &with_binding, NULL), EG_OK);
    assert_prints(result, "(cos(t) + y)^2 + 2.5*y");
    eg_expr_free(result);

    eg_error error = {0};
    assert_int_equal(eg_expr_substitute(&result, f, with, &chosen, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "'y' is not among"));
    assert_null(result);
    eg_expr_free(xx);
    eg_expr_free(f);
    close_context(ctx);
}

/* ---- printed text parses to the same function ---- */

/* Returns true for text that is simplified further when it is parsed again, as 3*(0*log(x)) and
 * x*(1/(1/(1/x))). */
static bool is_simplified_further(const char *text)
{
    return strstr(text, "0*") || strstr(text, "0/") || strstr(text, "/0") || strstr(text, "1/(1/");
}

static void assert_same_function(const eg_expr *a, const eg_expr *b, dice *d)
{
    for (int k = 0; k < 4; k++) {
        double point[3], v, w;
        for (int c = 0; c < 3; c++)
            point[c] = roll_between(d, k < 2 ? 0 : -3, 3);
        assert_int_equal(eg_expr_eval(a, point, &v, NULL, NULL, NULL), EG_OK);
        assert_int_equal(eg_expr_eval(b, point, &w, NULL, NULL, NULL), EG_OK);
        if (units_between(v, w) > 0)
            fail_msg("%.17g, not %.17g at %g, %g, %g", w, v, point[0], point[1], point[2]);
    }
}

/* Printed text evaluates to the same values, and prints the same again. */
static void printed_text_is_parsed_back(void **state)
{
    (void)state;
    static char text[1 << 16], printed[1 << 16];
    eg_context *ctx = test_context(1, 0, NULL);
    dice d = {7};
    for (int i = 0; i < 3000; i++) {
        random_expr(text, &d, 2 + i % 4);
        eg_expr *expr = parse_xyz(ctx, text);
        assert_true(eg_expr_print(expr, printed, sizeof printed) < sizeof printed);
        eg_expr *again = parse_xyz(ctx, printed);
        eg_expr_print(again, text, sizeof text);
        if (strcmp(text, printed) != 0 && !is_simplified_further(printed))
            fail_msg("%s\nis %s", printed, text);
        if (!is_simplified_further(printed))
            assert_same_function(expr, again, &d);
        eg_expr_free(again);
        eg_expr_free(expr);
    }
    close_context(ctx);
}

static void text_is_cut_to_fit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "x^2 + sin(y)");
    for (size_t size = 0; size < 20; size++) {
        char out[20];
        memset(out, '#', sizeof out);
        assert_int_equal(eg_expr_print(expr, out, size), 12);
        for (size_t i = size; i < sizeof out; i++)
            assert_int_equal(out[i], '#');
        if (size)
            assert_memory_equal(out, "x^2 + sin(y)", size - 1 < 12 ? size - 1 : 12);
        if (size)
            assert_int_equal(out[size - 1 < 12 ? size - 1 : 12], '\0');
    }
    assert_int_equal(eg_expr_print(expr, NULL, 0), 12);
    eg_expr_free(expr);
    close_context(ctx);
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    const char *found = NULL;
    for (size_t i = 0; i < COUNT(commas) && !found; i++)
        found = setlocale(LC_ALL, commas[i]);
    if (!found || strcmp(localeconv()->decimal_point, ",") != 0) {
        setlocale(LC_ALL, "C");
        print_message("no locale with a decimal comma here\n");
        skip();
    }
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "1.25x + 0.1*3 + 2.5e-3");
    assert_prints(expr, "1.25*x + 0.3025");
    eg_expr_free(expr);
    close_context(ctx);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_are_parsed_and_simplified),
        cmocka_unit_test(errors_have_locations),
        cmocka_unit_test(definitions_and_equations_are_read),
        cmocka_unit_test(names_are_those_of_the_options),
        cmocka_unit_test(variables_have_an_order),
        cmocka_unit_test(derivatives_read_as_in_a_textbook),
        cmocka_unit_test(variables_are_replaced),
        cmocka_unit_test(printed_text_is_parsed_back),
        cmocka_unit_test(text_is_cut_to_fit),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests_name("expressions", tests, NULL, NULL);
}
