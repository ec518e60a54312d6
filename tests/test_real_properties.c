/* SPDX-License-Identifier: MIT */
/* Invariants of exact numbers that hold for random expressions at random points. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "real_case.h"

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

/* ---- derivatives and simplification ---- */

/* Returns true if the text has a number of 15 digits or more, to which simplification may have
 * rounded. */
static bool has_long_number(const char *text)
{
    size_t length = 0;
    for (; *text && length < 15; text++)
        if (*text != '.')
            length = *text >= '0' && *text <= '9' ? length + 1 : 0;
    return length == 15;
}

static bool check_symbolic(random_case *c, dice *d)
{
    (void)d;
    if (!has_value(c, c->value))
        return false;
    for (size_t i = 0; i < N; i++) {
        eg_expr *derivative;
        eg_real symbolic, second[N];
        assert_int_equal(eg_expr_derivative(&derivative, c->expr, i, NULL), EG_OK);
        assert_int_equal(eg_reals_derive(c->reals, derivative, c->x, &symbolic, second, NULL, NULL),
                         EG_OK);
        static char text[RANDOM_EXPR_SIZE];
        eg_expr_print(derivative, text, sizeof text);
        bool exact = !has_long_number(text);
        if (exact && has_value(c, c->gradient[i]) && has_value(c, symbolic))
            assert_same(c, c->gradient[i], symbolic, "derivative");
        for (size_t k = 0; k < N && exact; k++)
            if (has_value(c, c->hessian[i * N + k]) && has_value(c, second[k]))
                assert_same(c, c->hessian[i * N + k], second[k], "second derivative");
        eg_expr_free(derivative);
    }
    return true;
}

static void test_symbolic_derivatives(void **state)
{
    (void)state;
    for_random_cases(ctx, check_symbolic, 3, CASES);
}

static bool check_printed(random_case *c, dice *d)
{
    (void)d;
    static char text[RANDOM_EXPR_SIZE];
    if (!has_value(c, c->value) || eg_expr_print(c->expr, text, sizeof text) >= sizeof text ||
        has_long_number(text))
        return false;
    eg_real value;
    eg_expr *again = parse_xyz(ctx, text);
    assert_int_equal(eg_reals_derive(c->reals, again, c->x, &value, NULL, NULL, NULL), EG_OK);
    if (!has_value(c, value))
        fail_msg("%s: %s has no value", where(c), text);
    assert_same(c, c->value, value, text);
    eg_expr_free(again);
    return true;
}

static void test_simplification(void **state)
{
    (void)state;
    for_random_cases(ctx, check_printed, 4, CASES);
}

/* ---- bounds ---- */

static bool check_bounds(random_case *c, dice *d)
{
    double low[N], high[N], value[2], gradient[N][2], hessian[N * N][2];
    if (!has_value(c, c->value))
        return false;
    double width = exp2(-(double)roll(d, 60));
    for (int i = 0; i < N; i++) {
        low[i] = c->point[i] - (roll(d, 3) ? width * roll_between(d, 0, 1) : 0);
        high[i] = c->point[i] + (roll(d, 3) ? width * roll_between(d, 0, 1) : 0);
    }
    assert_int_equal(eg_expr_bounds(c->expr, low, high, value, gradient, hessian, NULL), EG_OK);
    assert_between(c, c->value, value, "value");
    for (int i = 0; i < N; i++) {
        if (has_value(c, c->gradient[i]))
            assert_between(c, c->gradient[i], gradient[i], "derivative");
        for (int k = 0; k < N; k++)
            if (has_value(c, c->hessian[i * N + k]))
                assert_between(c, c->hessian[i * N + k], hessian[i * N + k], "second derivative");
    }
    return true;
}

static void test_bounds(void **state)
{
    (void)state;
    for_random_cases(ctx, check_bounds, 4, CASES);
}

/* An exponent that is rounded has the same error when it is reduced by 1, relatively a larger one.
 */
static void test_bounds_of_powers(void **state)
{
    (void)state;
    static const char *const texts[] = {"x^1.1",  "x^2.1",   "x^e",    "x^0.3",
                                        "x^-1.7", "x^(1/3)", "x^1e-20"};
    static const double points[] = {1e17, 1e-17, 3e200, 0.7};
    for (size_t i = 0; i < COUNT(texts) * COUNT(points); i++) {
        static random_case c;
        double value[2], gradient[N][2], hessian[N * N][2];
        snprintf(c.text, sizeof c.text, "%s", texts[i / COUNT(points)]);
        c.point[0] = points[i % COUNT(points)];
        derive_case(ctx, &c);
        assert_int_equal(eg_expr_bounds(c.expr, c.point, c.point, value, gradient, hessian, NULL),
                         EG_OK);
        assert_between(&c, c.value, value, "value");
        assert_between(&c, c.gradient[0], gradient[0], "derivative");
        assert_between(&c, c.hessian[0], hessian[0], "second derivative");
        free_case(&c);
    }
}

/* Fails if |error| > bound is certain. */
static void assert_bounded(const random_case *c, eg_real error, double bound, const double to[],
                           const char *what)
{
    eg_real size = eg_real_apply(c->reals, EG_REAL_ABS, error, EG_REAL_NONE);
    if (isnan(bound) || bound < 0)
        fail_msg("%s: %s is %g", where(c), what, bound);
    if (!isfinite(bound) || !is_less(c, eg_real_double(c->reals, bound), size))
        return;
    eg_decimal text;
    eg_real_decimal(c->reals, size, 17, &text, NULL);
    fail_msg("%s to %.17g, %.17g, %.17g: %s %.17g, but the error is %s", where(c), to[0], to[1],
             to[2], what, bound, text.text);
}

/* The errors of the Taylor polynomials are within the bounds of eg_surface_linear(). */
static bool check_taylor(random_case *c, dice *d)
{
    double to[N], length = exp2(-(double)roll(d, 30));
    eg_real step[N], end[N], value, first = c->value, second;
    eg_linear_approximation linear;
    for (int i = 0; i < N; i++) {
        to[i] = c->point[i] + (roll(d, 4) ? length * roll_between(d, -1, 1) : 0);
        end[i] = eg_real_double(c->reals, to[i]);
        step[i] = minus(c, end[i], c->x[i]);
    }
    assert_int_equal(eg_surface_linear(c->expr, c->point, to, &linear, NULL), EG_OK);
    if (!isfinite(linear.bound))
        return false;
    assert_int_equal(eg_reals_derive(c->reals, c->expr, end, &value, NULL, NULL, NULL), EG_OK);
    for (int i = 0; i < N; i++)
        first = plus(c, first, times(c, c->gradient[i], step[i]));
    second = times(c, first, eg_real_integer(c->reals, 2));
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            second = plus(c, second, times(c, c->hessian[i * N + k], times(c, step[i], step[k])));
    second = eg_real_apply(c->reals, EG_REAL_DIVIDE, second, eg_real_integer(c->reals, 2));
    if (!has_value(c, value) || !has_value(c, first))
        return false; /* such as 1/log(0), which is 0 in doubles */
    assert_bounded(c, minus(c, value, first), linear.bound, to, "bound");
    if (has_value(c, second))
        assert_bounded(c, minus(c, value, second), linear.second_bound, to, "second bound");
    return true;
}

static void test_taylor(void **state)
{
    (void)state;
    for_random_cases(ctx, check_taylor, 4, CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbolic_derivatives),
        cmocka_unit_test(test_simplification),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_bounds_of_powers),
        cmocka_unit_test(test_taylor),
    };
    return cmocka_run_group_tests(tests, open_context, free_context);
}
