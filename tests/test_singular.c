/* SPDX-License-Identifier: MIT */
/* Classification of points by proven signs and exact series: known points of calculus. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "files.h"

static eg_context *ctx;

static int open_context(void **state)
{
    (void)state;
    ctx = test_context(1, 0, NULL);
    return 0;
}

static int free_context(void **state)
{
    (void)state;
    close_context(ctx); /* fails if memory leaks */
    return 0;
}

enum { PROVEN = 1, OPEN = 0, POINT = 3 };

typedef struct numbers {
    eg_reals *reals;
    eg_real point[POINT];
    double approximate[POINT];
} numbers;

static const eg_reals_options *reals_options; /* of the numbers of classify() */

/* Reads "pi/2;-1" as the exact coordinates of a point. */
static void read_point(numbers *n, const char *text)
{
    char copy[200], *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    assert_int_equal(eg_reals_new(&n->reals, ctx, reals_options, NULL), EG_OK);
    for (size_t i = 0; rest; i++) {
        char *part = rest;
        rest = strchr(part, ';');
        if (rest)
            *rest++ = 0;
        eg_expr *expr = parse_expr(ctx, part);
        assert_int_equal(eg_reals_derive(n->reals, expr, NULL, &n->point[i], NULL, NULL, NULL),
                         EG_OK);
        n->approximate[i] = eg_real_approximate(n->reals, n->point[i]);
        eg_expr_free(expr);
    }
}

static void classify(const char *text, const char *point, numbers *n, eg_surface *at)
{
    eg_expr *expr = parse_expr(ctx, text);
    read_point(n, point);
    assert_int_equal(eg_surface_classify(n->reals, expr, n->point, n->approximate, at, NULL),
                     EG_OK);
    eg_expr_free(expr);
}

/* Writes a limit: ten digits, "inf", "none", "-" for no values; with "~" if it is not proven. */
static void write_limit(char out[60], numbers *n, const eg_limit *limit)
{
    eg_decimal decimal = {.text = "unknown"};
    const char *text = limit->kind == EG_LIMIT_NONE        ? "none"
                       : limit->kind == EG_LIMIT_UNDEFINED ? "-"
                       : limit->value > 0                  ? "inf"
                                                           : "-inf";
    if (limit->kind == EG_LIMIT_FINITE && limit->proven)
        assert_int_equal(eg_real_decimal(n->reals, limit->real, 10, &decimal, NULL), EG_OK);
    if (limit->kind == EG_LIMIT_FINITE)
        text = decimal.text;
    snprintf(out, 60, "%.50s%s", text, limit->proven ? "" : "~");
}

/* ---- functions of one variable ---- */

static const struct {
    const char *text, *point;
    eg_differentiability verdict;
    int proven;
    const char *limits; /* "left limit, right limit, left slope, right slope" */
} one_variable[] = {
    /* kinks and vertical tangents */
    {"abs(x)", "0", EG_CORNER, PROVEN, "0 0 -1 1"},
    {"abs(x-1)", "1", EG_CORNER, PROVEN, "0 0 -1 1"},
    {"abs(sin(x))", "pi", EG_CORNER, PROVEN, "0 0 -1 1"},
    {"abs(x-sqrt(2))", "sqrt(2)", EG_CORNER, PROVEN, "0 0 -1 1"},
    {"max(x,x^2)", "1", EG_CORNER, PROVEN, "1 1 1 2"},
    {"max(x,x^2)", "0", EG_CORNER, PROVEN, "0 0 0 1"},
    {"sqrt(x^2)", "0", EG_CORNER, PROVEN, "0 0 -1 1"},
    {"acos(cos(x))", "pi", EG_CORNER, PROVEN, "3.141592654 3.141592654 1 -1"},
    {"asin(sin(x))", "pi/2", EG_CORNER, PROVEN, "1.570796327 1.570796327 1 -1"},
    {"exp(-abs(x))", "0", EG_CORNER, PROVEN, "1 1 1 -1"},
    {"cbrt(x)", "0", EG_VERTICAL_TANGENT, PROVEN, "0 0 inf inf"},
    {"sqrt(abs(x))", "0", EG_VERTICAL_TANGENT, PROVEN, "0 0 -inf inf"},
    {"abs(x)^(2/3)", "0", EG_VERTICAL_TANGENT, PROVEN, "0 0 -inf inf"},
    {"cbrt(x-1)+x", "1", EG_VERTICAL_TANGENT, PROVEN, "1 1 inf inf"},
    /* jumps */
    {"floor(x)", "1", EG_JUMP_DISCONTINUITY, PROVEN, "0 1 inf 0"},
    {"ceil(x)", "1", EG_JUMP_DISCONTINUITY, PROVEN, "1 2 0 inf"},
    {"sign(x)", "0", EG_JUMP_DISCONTINUITY, PROVEN, "-1 1 inf inf"},
    {"x*floor(x)", "2", EG_JUMP_DISCONTINUITY, PROVEN, "2 4 inf 2"},
    {"atan2(x,-1)", "0", EG_JUMP_DISCONTINUITY, PROVEN, "-3.141592654 3.141592654 inf -1"},
    {"floor(sin(x))", "pi/2", EG_JUMP_DISCONTINUITY, PROVEN, "0 0 inf -inf"},
    /* borders of the domain */
    {"sqrt(x)", "0", EG_DOMAIN_BOUNDARY, PROVEN, "- 0 - inf"},
    {"x^1.5", "0", EG_DOMAIN_BOUNDARY, PROVEN, "- 0 - 0"},
    {"x^(1/3)", "0", EG_DOMAIN_BOUNDARY, PROVEN, "- 0 - inf"},
    {"x^pi", "0", EG_DOMAIN_BOUNDARY, PROVEN, "- 0 - 0"},
    {"asin(x)", "1", EG_DOMAIN_BOUNDARY, PROVEN, "1.570796327 - inf -"},
    {"acos(x)", "-1", EG_DOMAIN_BOUNDARY, PROVEN, "- 3.141592654 - -inf"},
    {"acosh(x)", "1", EG_DOMAIN_BOUNDARY, PROVEN, "- 0 - inf"},
    {"sqrt(x^3-x^2)", "0", EG_DOMAIN_BOUNDARY, PROVEN, "- - - -"},
    /* removable singularities */
    {"sin(x)/x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "1 1 0 0"},
    {"(exp(x)-1)/x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "1 1 0.5 0.5"},
    {"(1-cos(x))/x^2", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0.5 0.5 0 0"},
    {"(x^2-1)/(x-1)", "1", EG_REMOVABLE_SINGULARITY, PROVEN, "2 2 1 1"},
    {"(tan(x)-x)/x^3", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0.3333333333 0.3333333333 0 0"},
    {"(x-sin(x))/x^3", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0.1666666667 0.1666666667 0 0"},
    {"log(1+x)/x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "1 1 -0.5 -0.5"},
    {"sin(x)/(x-pi)", "pi", EG_REMOVABLE_SINGULARITY, PROVEN, "-1 -1 0 0"},
    {"(sqrt(x)-2)/(x-4)", "4", EG_REMOVABLE_SINGULARITY, PROVEN, "0.25 0.25 -0.015625 -0.015625"},
    {"(cos(x)-1+x^2/2)/x^4", "0", EG_REMOVABLE_SINGULARITY, PROVEN,
     "0.04166666667 0.04166666667 0 0"},
    {"1/sin(x)-1/x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0 0 0.1666666667 0.1666666667"},
    {"(1+x)^(1/x)", "0", EG_REMOVABLE_SINGULARITY, PROVEN,
     "2.718281828 2.718281828 -1.359140914 -1.359140914"},
    {"x*log(x)", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "- 0 - -inf"},
    {"x^2*log(abs(x))", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0 0 0 0"},
    {"x^x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "- 1 - -inf"},
    {"x*sin(1/x)", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0 0 none none"},
    {"x^2*sin(1/x)", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0 0 0 0"},
    {"exp(-1/x^2)", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "0 0 0 0"},
    {"erf(x)/x", "0", EG_REMOVABLE_SINGULARITY, PROVEN, "1.128379167 1.128379167 0 0"},
    /* poles */
    {"1/x", "0", EG_POLE, PROVEN, "-inf inf - -"},
    {"1/x^2", "0", EG_POLE, PROVEN, "inf inf - -"},
    {"tan(x)", "pi/2", EG_POLE, PROVEN, "inf -inf - -"},
    {"log(x)", "0", EG_POLE, PROVEN, "- -inf - -"},
    {"log(abs(x))", "0", EG_POLE, PROVEN, "-inf -inf - -"},
    {"atanh(x)", "1", EG_POLE, PROVEN, "inf - - -"},
    {"exp(1/x)", "0", EG_POLE, PROVEN, "0 inf 0 -"},
    {"1/(x-sqrt(2))", "sqrt(2)", EG_POLE, PROVEN, "-inf inf - -"},
    {"x^(-1/2)", "0", EG_POLE, PROVEN, "- inf - -"},
    {"asinh(1/x)", "0", EG_POLE, PROVEN, "-inf inf - -"},
    /* different limits, or none */
    {"abs(x)/x", "0", EG_NO_LIMIT, PROVEN, "-1 1 0 0"},
    {"atan(1/x)", "0", EG_NO_LIMIT, PROVEN, "-1.570796327 1.570796327 -1 -1"},
    {"tanh(1/x)", "0", EG_NO_LIMIT, PROVEN, "-1 1 0 0"},
    {"1/(1+exp(1/x))", "0", EG_NO_LIMIT, PROVEN, "1 0 0 0"},
    {"sin(1/x)", "0", EG_NO_LIMIT, PROVEN, "none none - -"},
    {"sin(1/x)/x", "0", EG_NO_LIMIT, PROVEN, "none none - -"},
};

static void test_one_variable(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(one_variable); i++) {
        char shown[4][60], line[260];
        numbers n;
        eg_surface at;
        classify(one_variable[i].text, one_variable[i].point, &n, &at);
        if (at.differentiability != one_variable[i].verdict || at.proven != one_variable[i].proven)
            fail_msg("%s at %s: %d, proven %d", one_variable[i].text, one_variable[i].point,
                     (int)at.differentiability, at.proven);
        assert_int_equal(at.path_limit_count, 2);
        eg_limit left = at.path_limits[1].slope;
        left.value = -left.value;
        if (left.kind == EG_LIMIT_FINITE && left.proven)
            left.real = eg_real_apply(n.reals, EG_REAL_NEGATE, left.real, left.real);
        write_limit(shown[0], &n, &at.path_limits[1].value);
        write_limit(shown[1], &n, &at.path_limits[0].value);
        write_limit(shown[2], &n, &left);
        write_limit(shown[3], &n, &at.path_limits[0].slope);
        snprintf(line, sizeof line, "%s %s %s %s", shown[0], shown[1], shown[2], shown[3]);
        if (strcmp(line, one_variable[i].limits) != 0)
            fail_msg("%s at %s: %s", one_variable[i].text, one_variable[i].point, line);
        assert_true(isnan(at.gradient[0]));
        assert_true(strlen(at.operation) > 0);
        eg_reals_free(n.reals);
    }
}

/* ---- points with a gradient ---- */

/* Points beside singular ones, and points where the singular operations do not matter. */
static const struct {
    const char *text, *point;
    double gradient[POINT];
} differentiable[] = {
    {"x*abs(x)", "0", {0}},
    {"x^2*sign(x)", "0", {0}},
    {"abs(x)^3+abs(y)*y", "0;0", {0, 0}},
    {"abs(x)*y", "0;0", {0, 0}},
    {"x*sqrt(x^2+y^2)", "0;0", {0, 0}},
    {"hypot(x,y)*x+3y", "0;0", {0, 3}},
    {"sqrt(x^4)+y", "0;0", {0, 1}},
    {"(x^2+y^2)^1.5", "0;0", {0, 0}},
    {"cbrt(x)^5+y", "0;1", {0, 1}},
    {"cbrt(x)^4*exp(y)", "0;1", {0, 0}},
    {"abs(x)^pi", "0", {0}},
    {"abs(x)-abs(-x)", "0", {0}},
    {"min(x,2x)+max(x,2x)", "0", {3}},
    {"abs(abs(x)*x)", "0", {0}},
    {"sqrt(2)*x+sqrt(0)", "0", {M_SQRT2}},
    {"floor(x)+ceil(x)", "0.5", {0}},
    {"abs(x-1)", "1+1e-9", {1}},
    {"abs(x-1)", "1-1e-9", {-1}},
    {"floor(x)", "1-1e-30", {0}},
    {"abs(x-sqrt(2))", "1.41421356237309504880168872421", {1}},
    {"sqrt(x)", "1e-9", {15811.388300841897}},
    {"(exp(x)-1)/x", "1e-12", {0.5}},
    {"(1-cos(x))/x^2", "1e-9", {-8.3333333333333333e-11}},
    {"sin(x)/x", "1e-9", {-3.3333333333333333e-10}},
    {"exp(x)/(1+exp(x))", "800", {0}},
    {"sin(x-y)", "1.6875;1000", {0.7557721594, -0.7557721594}},
    {"atan2(y,x)", "1e-9;-1", {-1e9, 0}},
    {"1/x", "1e-9", {-1e18}},
    {"log(x)", "1e-300", {1e300}},
    {"tan(x)", "pi/2-1/1000", {1000000.3333}},
    {"max(x,y)", "1;1+1e-15", {0, 1}},
    {"acos(x)", "1-1e-9", {-22360.679780588}},
    {"x^y", "2;3", {12, 5.545177444479562}},
    {"(-2)^2*x", "1", {4}},
};

static void test_points_with_a_gradient(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(differentiable); i++) {
        numbers n;
        eg_surface at;
        classify(differentiable[i].text, differentiable[i].point, &n, &at);
        if (at.differentiability != EG_DIFFERENTIABLE || !at.proven)
            fail_msg("%s at %s: %d, proven %d", differentiable[i].text, differentiable[i].point,
                     (int)at.differentiability, at.proven);
        for (int k = 0; k < POINT && (k == 0 || !isnan(at.gradient[k])); k++)
            assert_close(at.gradient[k], differentiable[i].gradient[k],
                         1e-9 * fmax(1, fabs(differentiable[i].gradient[k])));
        assert_int_equal(at.path_limit_count, 0);
        eg_reals_free(n.reals);
    }
}

/* Formulas of the laboratory in SI units: small and large numbers are ordinary. */
static const struct {
    const char *text, *point;
} laboratory[] = {
    {"1/(2*pi*R*C)", "1e-9;1e4"},
    {"exp(-E/(1.380649e-23*T))", "1e-19;300"},
    {"4*pi^2*L/T^2", "1;2.008"},
    {"6.62607015e-34*299792458/x", "5e-7"},
    {"8.8541878128e-12*A/d", "1e-4;1e-6"},
    {"6.674e-11*m*M/r^2", "5.97e24;1;6.4e6"},
    {"sqrt(x/m)", "1.6e-27;500"},
    {"8*6.62607015e-34*x^3/(299792458^3*(exp(6.62607015e-34*x/(1.380649e-23*300))-1))", "5e14"},
    {"1.6e-19*x/(9.1e-31)", "1e-6"},
    {"0.5*1.602e-19*x^2", "1e-12"},
    {"1e-12*(exp(x/0.02585)-1)", "0.6"},
    {"sqrt(1-(x/299792458)^2)", "1000"},
    {"1e-15*abs(x)", "1e-20"},
    {"atan2(x*1e-9,1e-12)", "1e-6"},
    {"log(x/1e-12)", "1e-14"},
};

static void test_laboratory(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(laboratory); i++) {
        numbers n;
        eg_surface at;
        classify(laboratory[i].text, laboratory[i].point, &n, &at);
        if (at.differentiability != EG_DIFFERENTIABLE || !at.proven)
            fail_msg("%s: %d", laboratory[i].text, (int)at.differentiability);
        eg_reals_free(n.reals);
    }
}

/* ---- functions of two variables ---- */

static const struct {
    const char *text, *point;
    eg_differentiability verdict;
    int proven;
    double limit;
} two_variables[] = {
    {"abs(x-y)", "1;1", EG_CORNER, PROVEN, 0},
    {"max(x,y)", "2;2", EG_CORNER, PROVEN, 2},
    {"max(x,2y)", "2;1", EG_CORNER, PROVEN, 2},
    {"sqrt(x^2+y^2)", "0;0", EG_CORNER, PROVEN, 0},
    {"sqrt(abs(x*y))", "0;0", EG_CORNER, PROVEN, 0},
    {"abs(x)*y", "0;1", EG_CORNER, PROVEN, 0},
    {"sqrt(abs(x))+y", "0;5", EG_VERTICAL_TANGENT, PROVEN, 5},
    {"floor(x+y)", "1;1", EG_JUMP_DISCONTINUITY, PROVEN, NAN},
    {"atan2(y,x)", "-1;0", EG_JUMP_DISCONTINUITY, PROVEN, NAN},
    {"sqrt(x*y)", "0;0", EG_DOMAIN_BOUNDARY, PROVEN, NAN},
    {"x*y/(x^2+y^2)", "0;0", EG_NO_LIMIT, PROVEN, NAN},
    {"x^2*y/(x^4+y^2)", "0;0", EG_NO_LIMIT, PROVEN, NAN},
    {"atan2(y,x)", "0;0", EG_NO_LIMIT, PROVEN, NAN},
    {"x^y", "0;0", EG_NO_LIMIT, PROVEN, NAN},
    {"x^3/(x^2+y^2)", "0;0", EG_REMOVABLE_SINGULARITY, OPEN, 0},
    {"sin(x^2+y^2)/(x^2+y^2)", "0;0", EG_REMOVABLE_SINGULARITY, OPEN, 1},
    {"1/(x^2+y^2)", "0;0", EG_POLE, PROVEN, NAN},
    {"log(x)+y", "-1;0", EG_NO_VALUE, PROVEN, NAN},
    {"min(x,y)+max(x,y)", "1;1", EG_DIFFERENTIABLE, OPEN, 2},
};

static void test_two_variables(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(two_variables); i++) {
        numbers n;
        eg_surface at;
        classify(two_variables[i].text, two_variables[i].point, &n, &at);
        if (at.differentiability != two_variables[i].verdict ||
            at.proven != two_variables[i].proven)
            fail_msg("%s at %s: %d, proven %d", two_variables[i].text, two_variables[i].point,
                     (int)at.differentiability, at.proven);
        if (isnan(two_variables[i].limit))
            assert_true(isnan(at.limit));
        else
            assert_close(at.limit, two_variables[i].limit, 1e-15);
        for (size_t k = 0; k < at.path_limit_count; k++)
            assert_true(at.path_limits[k].value.proven && at.path_limits[k].slope.proven);
        eg_reals_free(n.reals);
    }
}

/* The slope at the apex of a cone is exactly 3 along every ray. */
static void test_slopes_of_a_cone(void **state)
{
    (void)state;
    numbers n;
    eg_surface at;
    char shown[60];
    classify("3*sqrt((x-1)^2+(y+2)^2+z^2)", "1;-2;0", &n, &at);
    assert_int_equal(at.differentiability, EG_CORNER);
    for (size_t i = 0; i < at.path_limit_count; i++) {
        write_limit(shown, &n, &at.path_limits[i].slope);
        assert_string_equal(shown, "3");
    }
    eg_reals_free(n.reals);
}

/* Without Arb less is proven, and nothing that is wrong. */
static void test_intervals(void **state)
{
    (void)state;
    size_t proven = 0;
    reals_options = &(eg_reals_options){.doubles = true};
    for (size_t i = 0; i < COUNT(one_variable); i++) {
        numbers n;
        eg_surface at;
        classify(one_variable[i].text, one_variable[i].point, &n, &at);
        if (at.proven)
            assert_int_equal(at.differentiability, one_variable[i].verdict);
        proven += at.proven;
        eg_reals_free(n.reals);
    }
    for (size_t i = 0; i < COUNT(differentiable); i++) {
        numbers n;
        eg_surface at;
        classify(differentiable[i].text, differentiable[i].point, &n, &at);
        if (at.proven)
            assert_int_equal(at.differentiability, EG_DIFFERENTIABLE);
        eg_reals_free(n.reals);
    }
    reals_options = NULL;
    assert_true(proven > COUNT(one_variable) / 2);
}

/* ---- undecided points, texts, and points without values ---- */

static const struct {
    const char *text, *point, *question;
} undecided[] = {
    {"abs(exp(x*log(2))-8)", "3", "exp(x*log(2)) - 8 is 0"},
    {"1/(exp(log(x)+log(3))-3*x)", "2", "exp(log(x) + log(3)) - 3*x is 0"},
    {"max(x,exp(log(x)))", "2", "x and exp(log(x)) are equal"},
    {"floor(exp(log(x)))", "2", "exp(log(x)) is an integer"},
};

static void test_undecided_points(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(undecided); i++) {
        numbers n;
        eg_surface at;
        double start = eg_seconds();
        classify(undecided[i].text, undecided[i].point, &n, &at);
        assert_int_equal(at.differentiability, EG_UNDETERMINED);
        assert_string_equal(at.question, undecided[i].question);
        assert_false(at.proven);
        assert_true(eg_seconds() - start < 4);
        eg_reals_free(n.reals);
    }
}

static const struct {
    const char *text, *point, *operation, *hint;
    eg_undefined_kind reason;
} operations[] = {
    {"2+abs(x-1)", "1", "abs(x - 1)", "", EG_UNDEFINED_NOT},
    {"x+1/(x^2-1)", "1", "1/(x^2 - 1)", "", EG_UNDEFINED_POLE},
    {"-1/x^2", "0", "-1/x^2", "", EG_UNDEFINED_POLE},
    {"2*log(x-3)", "1", "log(x - 3)", "", EG_UNDEFINED_LOGARITHM},
    {"sqrt(-x)", "1", "sqrt(-x)", "", EG_UNDEFINED_ROOT},
    {"asin(2x)", "1", "asin(2*x)", "", EG_UNDEFINED_ARGUMENT},
    {"x^(1/3)", "-8", "x^(1/3)", "cbrt(x)", EG_UNDEFINED_NEGATIVE_POWER},
    {"x^(2/3)", "-8", "x^(2/3)", "cbrt(x)^2", EG_UNDEFINED_NEGATIVE_POWER},
    {"x^(-1/3)", "-8", "x^(-1/3)", "1/cbrt(x)", EG_UNDEFINED_NEGATIVE_POWER},
    {"x*(-8)^(1/3)", "1", "(-8)^(1/3)", "cbrt(-8)", EG_UNDEFINED_NEGATIVE_POWER},
    {"(x-9)^(1/5)", "1", "(x - 9)^(1/5)", "sign(x - 9)*abs(x - 9)^(1/5)",
     EG_UNDEFINED_NEGATIVE_POWER},
    {"x^0.25", "-1", "x^0.25", "", EG_UNDEFINED_NEGATIVE_POWER},
    {"atan2(y,x)", "0;0", "atan2(y, x)", "", EG_UNDEFINED_ANGLE},
    {"x^y", "0;0", "x^y", "", EG_UNDEFINED_ZERO_POWER},
};

static void test_operations(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(operations); i++) {
        numbers n;
        eg_surface at;
        classify(operations[i].text, operations[i].point, &n, &at);
        assert_string_equal(at.operation, operations[i].operation);
        assert_string_equal(at.hint, operations[i].hint);
        assert_int_equal(at.reason, operations[i].reason);
        eg_reals_free(n.reals);
    }
}

static const char *const nowhere[] = {"log(x)",    "sqrt(x)",   "log(x-1)+abs(x+1)",
                                      "acosh(x)",  "asin(x-1)", "x^1.5",
                                      "log(-x^2)", "1/log(x)",  "x+sqrt(-1)*x"};

static void test_points_outside_the_domain(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(nowhere); i++) {
        numbers n;
        eg_surface at;
        classify(nowhere[i], "-1", &n, &at);
        if (at.differentiability != EG_NO_VALUE || !at.proven)
            fail_msg("%s: %d", nowhere[i], (int)at.differentiability);
        eg_reals_free(n.reals);
    }
}

/* ---- memory ---- */

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    eg_expr *f = parse_expr(ctx, "abs(x*y)+sin(x)/x");
    for (long k = 0;; k++) {
        numbers n;
        eg_surface at;
        read_point(&n, "0;1");
        atomic_store(&ctx->fail_after, k);
        eg_status status = eg_surface_classify(n.reals, f, n.point, n.approximate, &at, NULL);
        bool complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        eg_reals_free(n.reals);
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        if (complete)
            break;
    }
    eg_expr_free(f);
}

/* Returns true if Arb is there. Without it most points of this file are not proven. */
static bool have_balls(void)
{
    eg_reals *reals;
    eg_context *context = test_context(1, 0, NULL);
    assert_int_equal(eg_reals_new(&reals, context, NULL, NULL), EG_OK);
    bool balls = strcmp(eg_reals_arithmetic(reals), "ball") == 0;
    eg_reals_free(reals);
    close_context(context);
    return balls;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_variable),
        cmocka_unit_test(test_points_with_a_gradient),
        cmocka_unit_test(test_laboratory),
        cmocka_unit_test(test_two_variables),
        cmocka_unit_test(test_slopes_of_a_cone),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_undecided_points),
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_points_outside_the_domain),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    if (!have_balls())
        return 0;
    return cmocka_run_group_tests_name("singular", tests, open_context, free_context);
}
