/* SPDX-License-Identifier: MIT */
/* Line integrals: textbook values, and the theorems of Green and Gauss as invariants. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"
#include "vector_fields.h"

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

static eg_line_integral integrate(const char *field_text, const char *path_text, eg_line_kind kind)
{
    eg_vector_field *field = parse_vector(ctx, field_text);
    eg_vector_path *path;
    eg_line_integral result = {0};
    eg_error error = {0};
    if (eg_vector_path_parse(&path, field, path_text, NULL, NULL, &error) != EG_OK ||
        eg_vector_integrate(field, path, kind, &result, &error) != EG_OK)
        fail_msg("%s along %s: %s", field_text, path_text, error.message);
    eg_vector_path_free(path);
    eg_vector_free(field);
    return result;
}

static void known_line_integrals(void **state)
{
    static const struct {
        const char *field, *path;
        eg_line_kind kind;
        double value;
    } cases[] = {
        {"(-y, x)", "(cos(t), sin(t)), t=0:2pi", EG_LINE_WORK, 2 * M_PI},
        {"(-y, x)", "(cos(t), sin(t)), t=2pi:0", EG_LINE_WORK, -2 * M_PI},
        {"(x, y)", "(cos(t), sin(t)), t=0:2pi", EG_LINE_FLUX, 2 * M_PI},
        {"(2x*y, x^2)", "(t, t^2), t=0:2", EG_LINE_WORK, 16},
        {"(y*z, x*z, x*y)", "(t, t^2, t^3), t=0:1", EG_LINE_WORK, 1},
        {"(y, 0)", "(t, t^2), t=0:1", EG_LINE_WORK, 1.0 / 3},
        {"(exp(-x^2), y)", "(s, 0), s=0:1", EG_LINE_WORK, 0.74682413281242702540},
        {"(sin(x^2), 0*y)", "(s, s), s=0:3", EG_LINE_WORK, 0.773562526893769},
        {"(abs(x), y)", "(t, 0), t=-1:1", EG_LINE_WORK, 1},
        {"(floor(x), y)", "(t, 0), t=0:2.5", EG_LINE_WORK, 2},
        {"(sqrt(x), y)", "(t, 0), t=0:4", EG_LINE_WORK, 16.0 / 3},
        {"(-y/(x^2+y^2), x/(x^2+y^2))", "(2cos(t), sin(t)), t=0:2pi", EG_LINE_WORK, 2 * M_PI},
        {"(x, y)", "(1, 1), t=0:1", EG_LINE_WORK, 0},
        {"(x, y)", "(t, t), t=3:3", EG_LINE_WORK, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_line_integral r = integrate(cases[i].field, cases[i].path, cases[i].kind);
        double slack = 4e-16 * fabs(cases[i].value) + 2e-15;
        if (r.outcome != EG_LINE_DONE || r.bounds[0] > cases[i].value + slack ||
            r.bounds[1] < cases[i].value - slack ||
            r.bounds[1] - r.bounds[0] > 1e-10 * (1 + fabs(cases[i].value)))
            fail_msg("%s along %s: outcome %d, %.17g to %.17g, not %.17g", cases[i].field,
                     cases[i].path, r.outcome, r.bounds[0], r.bounds[1], cases[i].value);
        eg_line_integral_free(&r);
    }
}

static void integrals_without_a_value(void **state)
{
    static const struct {
        const char *field, *path;
        eg_line_outcome outcome;
        double where;
    } cases[] = {
        {"(1/x, y)", "(t, t), t=-1:1", EG_LINE_UNDEFINED, 0},
        {"(1/x, y)", "(t-0.3, t), t=0:1", EG_LINE_UNBOUNDED, 0.3},
        {"(1/x^2, y)", "(t, 0), t=0:1", EG_LINE_UNDEFINED, 0},
        {"(log(x), y)", "(t, 0), t=-1:1", EG_LINE_UNDEFINED, NAN},
        {"(x, y)", "(tan(t), 0), t=0:2", EG_LINE_UNBOUNDED, M_PI / 2},
        {"(x, y)", "(t, t), t=0:1e308", EG_LINE_UNBOUNDED, NAN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_line_integral r = integrate(cases[i].field, cases[i].path, EG_LINE_WORK);
        if (r.outcome != cases[i].outcome ||
            (!isnan(cases[i].where) && fabs(r.where - cases[i].where) > 1e-7))
            fail_msg("%s along %s: outcome %d at %g", cases[i].field, cases[i].path, r.outcome,
                     r.where);
        eg_line_integral_free(&r);
    }
}

/* Where a root may begin to have no value, pieces are left open, and a gap of any length is found.
 */
static void gaps_are_told(void **state)
{
    (void)state;
    eg_line_integral r = integrate("(sqrt((x-0.3)^2-1e-26), y)", "(t, 0), t=0:1", EG_LINE_WORK);
    assert_true(r.outcome != EG_LINE_DONE || r.open > 0);
    eg_line_integral_free(&r);
    r = integrate("(sqrt(1-x^2), y)", "(t, 0), t=0:0.9", EG_LINE_WORK);
    assert_int_equal(r.outcome, EG_LINE_DONE);
    assert_true(r.open == 0);
    eg_line_integral_free(&r);
}

/* Halving a panel over many oscillations does not narrow its bounds: the panels must go on to be
 * halved. Expected: by antiderivatives and Fresnel's integral. */
static void oscillations_are_resolved(void **state)
{
    static const struct {
        const char *field, *path;
        double value;
    } cases[] = {
        {"(sin(30x^2), 0)", "(t, t), t=0:4", 0.11769094095862237},
        {"(y*sin(60x), 0)", "(t, t^2), t=0:7", -0.46257709646242695},
        {"(sin(9x), cos(9y))", "(cos(8t), sin(t)), t=0:6", -0.2627344196577275},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_line_integral r = integrate(cases[i].field, cases[i].path, EG_LINE_WORK);
        assert_int_equal(r.outcome, EG_LINE_DONE);
        assert_within(r.bounds[0], cases[i].value, 1e-8);
        assert_within(r.bounds[1], cases[i].value, 1e-8);
        eg_line_integral_free(&r);
    }
}

/* Integrates x^a y^b over the unit disc: in polar coordinates, with the trapezoidal rule by the
 * angle, which is exact for trigonometric polynomials. */
static double over_disc(int a, int b)
{
    double sum = 0;
    for (int k = 0; k < 64; k++) {
        double angle = 2 * M_PI * k / 64;
        sum += pow(cos(angle), a) * pow(sin(angle), b);
    }
    return 2 * M_PI / 64 * sum / (a + b + 2);
}

/* Green: the work around the disc is the integral of the curl over it; Gauss: the flux out of it
 * is that of the divergence. The field is (p x^a y^b, q x^c y^d). */
static void theorems_of_green_and_gauss(void **state)
{
    static const char circle[] = "(cos(t), sin(t)), t=0:2pi";
    dice d = {5};
    (void)state;
    for (int trial = 0; trial < 10; trial++) {
        int a = (int)roll(&d, 4), b = (int)roll(&d, 4), c = (int)roll(&d, 4), e = (int)roll(&d, 4),
            p = 1 + (int)roll(&d, 5), q = 1 + (int)roll(&d, 5);
        char text[200];
        snprintf(text, sizeof text, "F(x, y) = (%d*x^%d*y^%d, %d*x^%d*y^%d)", p, a, b, q, c, e);
        double curl = (c ? q * c * over_disc(c - 1, e) : 0) - (b ? p * b * over_disc(a, b - 1) : 0);
        double divergence =
            (a ? p * a * over_disc(a - 1, b) : 0) + (e ? q * e * over_disc(c, e - 1) : 0);
        eg_line_integral work = integrate(text, circle, EG_LINE_WORK),
                         flux = integrate(text, circle, EG_LINE_FLUX);
        assert_within(work.bounds[0], curl, 1e-11);
        assert_within(work.bounds[1], curl, 1e-11);
        assert_within(flux.bounds[0], divergence, 1e-11);
        assert_within(flux.bounds[1], divergence, 1e-11);
        eg_line_integral_free(&work);
        eg_line_integral_free(&flux);
    }
}

/* The work of a gradient is the difference of its potential. */
static void work_is_the_difference_of_the_potential(void **state)
{
    static const char *const fields[] = {"(2x*y + y*cos(x*y), x^2 + x*cos(x*y))",
                                         "(exp(x)*cos(y), -exp(x)*sin(y))",
                                         "(x/(x^2+y^2+1), y/(x^2+y^2+1))"};
    (void)state;
    for (size_t i = 0; i < COUNT(fields); i++) {
        static const char path[] = "(1+t*sin(t), t^2/3-1), t=-1:2";
        const double from[] = {1 - sin(-1), 1.0 / 3 - 1}, to[] = {1 + 2 * sin(2), 1.0 / 3};
        eg_vector_field *field = parse_vector(ctx, fields[i]);
        eg_gradient_test test;
        double first, last;
        assert_int_equal(eg_vector_test_gradient(field, &test, NULL), EG_OK);
        eg_expr_eval(test.potential, from, &first, NULL, NULL, NULL);
        eg_expr_eval(test.potential, to, &last, NULL, NULL, NULL);
        eg_line_integral r = integrate(fields[i], path, EG_LINE_WORK);
        assert_within(r.bounds[0], last - first, 1e-11);
        assert_within(r.bounds[1], last - first, 1e-11);
        eg_line_integral_free(&r);
        eg_gradient_test_free(&test);
        eg_vector_free(field);
    }
}

static void wrong_paths_are_told(void **state)
{
    static const struct {
        const char *path, *message;
    } cases[] = {
        {"(t, t, t), t=0:1", "the path has 3 components, and the vector field 2"},
        {"(t, t)", "a path is a list"},
        {"(t, t), t=0", "a path is a list"},
        {"(t, s), t=0:1", "'s'"},
        {"(t, t), t=0:inf", ""},
        {"(1/t, t), t=0:1", "the path has no first point"},
        {"r(s) = (t, t), t=0:1", "one parameter"},
    };
    (void)state;
    eg_vector_field *field = parse_vector(ctx, "(-y, x)");
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_vector_path *path;
        eg_error error = {0};
        assert_int_equal(eg_vector_path_parse(&path, field, cases[i].path, NULL, NULL, &error),
                         EG_USAGE);
        assert_null(path);
        if (!strstr(error.message, cases[i].message))
            fail_msg("%s: %s", cases[i].path, error.message);
    }
    eg_vector_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_line_integrals),
        cmocka_unit_test(integrals_without_a_value),
        cmocka_unit_test(gaps_are_told),
        cmocka_unit_test(oscillations_are_resolved),
        cmocka_unit_test(theorems_of_green_and_gauss),
        cmocka_unit_test(work_is_the_difference_of_the_potential),
        cmocka_unit_test(wrong_paths_are_told),
    };
    return cmocka_run_group_tests_name("line_integral", tests, open_context, free_context);
}
