/* SPDX-License-Identifier: MIT */
/* Vector fields: textbook derivatives and potentials, and gradients of random polynomials. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
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

static void assert_formula(const eg_expr *f, const char *wanted)
{
    char text[500];
    assert_non_null(f);
    eg_expr_print(f, text, sizeof text);
    assert_string_equal(text, wanted);
}

/* ---- derivatives ---- */

static void textbook_divergence_and_curl(void **state)
{
    static const struct {
        const char *field, *divergence, *curl[3];
    } cases[] = {
        {"(-y, x)", "0", {"2"}},
        {"(x, y)", "2", {"0"}},
        {"(x^2, x*y)", "3*x", {"y"}},
        {"F(x, y) = (y, 0)", "0", {"-1"}},
        {"(x, y, z)", "3", {"0", "0", "0"}},
        {"(y*z, x*z, x*y)", "0", {"0", "0", "0"}},
        {"<x*y, y*z, z*x>", "y + z + x", {"-y", "-z", "-x"}},
        {"[x^2*y, y*z^2, x*z]", "2*x*y + z^2 + x", {"-2*y*z", "-z", "-x^2"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_vector_field *field = parse_vector(ctx, cases[i].field);
        assert_formula(eg_vector_divergence(field), cases[i].divergence);
        for (size_t k = 0; k < (eg_vector_dimension(field) == 2 ? 1 : 3); k++)
            assert_formula(eg_vector_curl(field, k), cases[i].curl[k]);
        eg_vector_free(field);
    }
}

static void texts_that_are_vector_fields(void **state)
{
    static const char *const yes[] = {"(-y, x)",   " ( a , b ) ", "F(x,y)=(x, y)", "[1,2]",
                                      "<x, y, z>", "F = (x, y)",  "(max(x, y), y)"};
    static const char *const no[] = {"x",           "(x)",   "(x+y)*2",      "max(x, y)",
                                     "f(x, y) = x", "(x, y", "(x, y))",      "",
                                     "(x, y)*2",    "x < y", "f(x,y) == (x)"};
    (void)state;
    for (size_t i = 0; i < COUNT(yes); i++)
        if (!eg_vector_is_tuple(yes[i]))
            fail_msg("%s", yes[i]);
    for (size_t i = 0; i < COUNT(no); i++)
        if (eg_vector_is_tuple(no[i]))
            fail_msg("%s", no[i]);
}

static void wrong_texts_are_told(void **state)
{
    static const struct {
        const char *text, *message;
        size_t offset;
    } cases[] = {
        {"(x, y+z)", "2 components, but 3 variables (x, y, z)", 0},
        {"(a, 1)", "2 components, but 1 variable (a)", 0},
        {"F(x) = (x, 2*x)", "2 components, but 1 variable (x)", 0},
        {"(x,x,x,x,x,x,x,x,x)", "9 components: a vector field has 2 to 8", 0},
        {"(x, y+)", "", 6},
        {"(x, )", "", 3},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_vector_field *field;
        eg_expr_location location;
        eg_error error = {0};
        assert_int_equal(eg_vector_parse(&field, ctx, cases[i].text, NULL, &location, &error),
                         EG_USAGE);
        assert_null(field);
        if (!strstr(error.message, cases[i].message))
            fail_msg("%s: %s", cases[i].text, error.message);
        assert_in_range(location.offset, cases[i].offset ? cases[i].offset - 1 : 0,
                        cases[i].offset);
    }
}

/* ---- potentials ---- */

/* Fails unless the gradient of the potential, by automatic differentiation, is the field wherever
 * both have values. */
static void assert_gradient(const eg_vector_field *field, const eg_expr *potential)
{
    dice d = {7};
    size_t n = eg_vector_dimension(field), tested = 0;
    for (int trial = 0; trial < 40; trial++) {
        double point[EG_EXPR_VARIABLES], gradient[EG_EXPR_VARIABLES], value;
        for (size_t i = 0; i < n; i++)
            point[i] = roll_between(&d, -2, 2) + (trial < 30 ? 0 : 13);
        assert_int_equal(eg_expr_eval(potential, point, NULL, gradient, NULL, NULL), EG_OK);
        for (size_t i = 0; i < n; i++) {
            eg_expr_eval(eg_vector_component(field, i), point, &value, NULL, NULL, NULL);
            if (!isfinite(value) || !isfinite(gradient[i]))
                continue;
            assert_close(gradient[i], value, 1e-9);
            tested++;
        }
    }
    assert_true(tested > 0);
}

static void known_potentials(void **state)
{
    static const struct {
        const char *field, *potential;
        eg_gradient_verdict verdict;
        bool everywhere;
    } cases[] = {
        {"(2x*y, x^2)", "x^2*y", EG_GRADIENT_FIELD, true},
        {"(y*z, x*z, x*y)", "x*y*z", EG_GRADIENT_FIELD, true},
        {"(x/(x^2+y^2), y/(x^2+y^2))", "log(x^2 + y^2)/2", EG_GRADIENT_FIELD, false},
        {"(1/x, 1/y)", "log(abs(x)) + log(abs(y))", EG_GRADIENT_FIELD, false},
        {"(log(y), x/y)", "x*log(y)", EG_GRADIENT_FIELD, false},
        {"(-y/(x^2+y^2), x/(x^2+y^2))", "-atan(x/y)", EG_GRADIENT_LOCALLY, false},
        {"(x/sqrt(x^2+y^2+z^2)^3, y/sqrt(x^2+y^2+z^2)^3, z/sqrt(x^2+y^2+z^2)^3)",
         "-1/sqrt(x^2 + y^2 + z^2)", EG_GRADIENT_FIELD, false},
        {"(x/(x^2+y^2)^(3/2), y/(x^2+y^2)^(3/2))", "-1/sqrt(x^2 + y^2)", EG_GRADIENT_FIELD, false},
        {"(exp(x)*cos(y), -exp(x)*sin(y))", "exp(x)*cos(y)", EG_GRADIENT_FIELD, true},
        {"(sin(x)^2*y, x/2 - sin(2x)/4)", NULL, EG_GRADIENT_FIELD, true},
        {"(x*exp(x)*y, (x-1)*exp(x))", NULL, EG_GRADIENT_FIELD, true},
        {"(sin(x)*cos(3x), exp(y)*sin(2y))", NULL, EG_GRADIENT_FIELD, true},
        {"(x*log(x), y*atan(y))", NULL, EG_GRADIENT_FIELD, false},
        {"(log(x^2+y^2), 2*atan(x/y))", NULL, EG_GRADIENT_FIELD, false},
        {"(x^3/(x+1), y^2/(y^2+y+1))", NULL, EG_GRADIENT_FIELD, false},
        {"(sqrt(1+x^2), 1/sqrt(4-y^2))", NULL, EG_GRADIENT_LOCALLY, false},
        {"(1/(x^2-1), 1/(y^2+1)^2)", NULL, EG_GRADIENT_LOCALLY, false},
        {"(1/cos(x), 1/cosh(y)^2)", NULL, EG_GRADIENT_LOCALLY, false},
        {"(sin(x)^2*cos(x)^2, sin(y)^4)", NULL, EG_GRADIENT_FIELD, true},
        {"(2*y*cos(x/2)^2 - y*cos(x), x)", NULL, EG_GRADIENT_FIELD, true},
        {"(x*sin(x)^2, exp(y)*cos(y)^2)", NULL, EG_GRADIENT_FIELD, true},
        {"(log(x-10)*y, (x-10)*log(x-10)-x)", NULL, EG_GRADIENT_FIELD, false},
        {"(x^2*cos(x), y*sqrt(y+1))", NULL, EG_GRADIENT_FIELD, false},
        {"(a,b,c,d,f,g)", "a^2/2 + b^2/2 + c^2/2 + d^2/2 + f^2/2 + g^2/2", EG_GRADIENT_FIELD, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_vector_field *field = parse_vector(ctx, cases[i].field);
        eg_gradient_test test;
        assert_int_equal(eg_vector_test_gradient(field, &test, NULL), EG_OK);
        if (!test.potential || test.verdict != cases[i].verdict ||
            test.everywhere != cases[i].everywhere)
            fail_msg("%s: potential %d, verdict %d, everywhere %d", cases[i].field,
                     test.potential != NULL, test.verdict, test.everywhere);
        if (cases[i].potential)
            assert_formula(test.potential, cases[i].potential);
        assert_gradient(field, test.potential);
        eg_gradient_test_free(&test);
        eg_vector_free(field);
    }
}

static void fields_without_a_formula(void **state)
{
    static const struct {
        const char *field;
        eg_gradient_verdict verdict;
        const char *difference;
    } cases[] = {
        {"(-y, x)", EG_GRADIENT_NOT, "2"},
        {"(y, x+z, x*y)", EG_GRADIENT_NOT, "y"},
        {"(sin(y), x)", EG_GRADIENT_NOT, "1 - cos(y)"},
        {"(exp(sin(x)), y)", EG_GRADIENT_FIELD, NULL},
        {"(exp(-x^2), y)", EG_GRADIENT_FIELD, NULL},
        {"(abs(x), y)", EG_GRADIENT_LOCALLY, NULL},
        {"(atan2(y,x)-x*y/(x^2+y^2), x^2/(x^2+y^2))", EG_GRADIENT_LOCALLY, NULL},
        {"F(x, y) = (sign(y), 0)", EG_GRADIENT_LOCALLY, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_vector_field *field = parse_vector(ctx, cases[i].field);
        eg_gradient_test test;
        assert_int_equal(eg_vector_test_gradient(field, &test, NULL), EG_OK);
        if (test.verdict != cases[i].verdict)
            fail_msg("%s: verdict %d", cases[i].field, test.verdict);
        if (cases[i].difference)
            assert_formula(test.difference, cases[i].difference);
        else
            assert_null(test.difference);
        eg_gradient_test_free(&test);
        eg_vector_free(field);
    }
}

/* Writes a polynomial of x, y, z with a few terms and small integers. */
static void random_polynomial(char *out, size_t size, dice *d)
{
    size_t used = 0;
    for (unsigned i = 0, terms = 2 + roll(d, 4); i < terms && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%u*x^%u*y^%u*z^%u",
                                 i == 0       ? ""
                                 : roll(d, 2) ? "+"
                                              : "-",
                                 1 + roll(d, 9), roll(d, 4), roll(d, 4), roll(d, 4));
}

static void gradients_of_polynomials(void **state)
{
    dice d = {11};
    (void)state;
    for (int trial = 0; trial < 12; trial++) {
        char text[400], tuple[4000] = "F(x, y, z) = (";
        random_polynomial(text, sizeof text, &d);
        eg_expr *f = parse_xyz(ctx, text);
        for (size_t i = 0; i < 3; i++) {
            eg_expr *slope;
            size_t used = strlen(tuple);
            assert_int_equal(eg_expr_derivative(&slope, f, i, NULL), EG_OK);
            eg_expr_print(slope, tuple + used, sizeof tuple - used - 4);
            strcat(tuple, i < 2 ? ", " : ")");
            eg_expr_free(slope);
        }
        eg_vector_field *field = parse_vector(ctx, tuple);
        for (size_t k = 0; k < 3; k++)
            assert_formula(eg_vector_curl(field, k), "0");
        eg_gradient_test test;
        assert_int_equal(eg_vector_test_gradient(field, &test, NULL), EG_OK);
        assert_int_equal(test.verdict, EG_GRADIENT_FIELD);
        assert_non_null(test.potential);
        assert_gradient(field, test.potential);
        eg_gradient_test_free(&test);
        eg_vector_free(field);
        eg_expr_free(f);
    }
}

/* ---- memory ---- */

static eg_status call_all_functions(void)
{
    eg_error error = {0};
    eg_vector_field *field = NULL;
    eg_vector_path *path = NULL;
    eg_gradient_test test = {0};
    eg_line_integral work = {0};
    eg_vector_parse(&field, ctx, "(y/x, log(x))", NULL, NULL, &error);
    if (error.status == EG_OK)
        eg_vector_test_gradient(field, &test, &error);
    if (error.status == EG_OK)
        eg_vector_path_parse(&path, field, "(1+t, sin(t)), t=0:1", NULL, NULL, &error);
    if (error.status == EG_OK)
        eg_vector_integrate(field, path, EG_LINE_WORK, &work, &error);
    eg_line_integral_free(&work);
    eg_vector_path_free(path);
    eg_gradient_test_free(&test);
    eg_vector_free(field);
    return error.status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    long k = 0, step = 1;
    for (;; k += step) {
        atomic_store(&ctx->fail_after, k);
        eg_status status = call_all_functions();
        bool complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        if (complete)
            break;
        step = 1 + k / 60; /* most failures late in the run are alike */
    }
    assert_in_range(k, 10, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook_divergence_and_curl),
        cmocka_unit_test(texts_that_are_vector_fields),
        cmocka_unit_test(wrong_texts_are_told),
        cmocka_unit_test(known_potentials),
        cmocka_unit_test(fields_without_a_formula),
        cmocka_unit_test(gradients_of_polynomials),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("vector_field", tests, open_context, free_context);
}
