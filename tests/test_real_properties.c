/* SPDX-License-Identifier: MIT */
/* Invariants of exact numbers that hold for random expressions at random points. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

enum { N = 3, CASES = 300 };

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

/* ---- random cases ---- */

/* A random expression at a random point, and its exact derivatives. */
typedef struct random_case {
    char text[RANDOM_EXPR_SIZE];
    eg_expr *expr;
    double point[N];
    eg_reals *reals;
    eg_real x[N], value, gradient[N], hessian[N * N];
} random_case;

/* Derives c->text at c->point. */
static void derive_case(random_case *c)
{
    const eg_reals_options options = {.bits = 1024, .seconds = 0.2};
    c->expr = parse_xyz(ctx, c->text);
    assert_int_equal(eg_reals_new(&c->reals, ctx, &options, NULL), EG_OK);
    for (int i = 0; i < N; i++)
        c->x[i] = eg_real_double(c->reals, c->point[i]);
    assert_int_equal(
        eg_reals_derive(c->reals, c->expr, c->x, &c->value, c->gradient, c->hessian, NULL), EG_OK);
}

static void make_case(random_case *c, dice *d, int depth)
{
    random_expr(c->text, d, depth);
    for (int i = 0; i < N; i++)
        c->point[i] = roll(d, 8) == 0 ? roll(d, 5) - 2.0 : roll_between(d, -2, 3);
    derive_case(c);
}

static void free_case(random_case *c)
{
    eg_reals_free(c->reals);
    eg_expr_free(c->expr);
}

/* Calls check(case, dice), which returns true if the case was fit, until CASES were. */
static void for_random_cases(bool (*check)(random_case *c, dice *d), int depth, size_t wanted)
{
    dice d = {2025};
    size_t fit = 0;
    for (size_t i = 0; i < 20 * wanted && fit < wanted; i++) {
        static random_case c;
        make_case(&c, &d, depth);
        fit += check(&c, &d);
        free_case(&c);
    }
    assert_int_equal(fit, wanted);
}

static const char *where(const random_case *c)
{
    static char text[RANDOM_EXPR_SIZE + 100];
    snprintf(text, sizeof text, "%s at %.17g, %.17g, %.17g", c->text, c->point[0], c->point[1],
             c->point[2]);
    return text;
}

/* ---- exact numbers ---- */

static bool has_value(const random_case *c, eg_real a)
{
    eg_decimal decimal;
    assert_int_equal(eg_real_decimal(c->reals, a, 5, &decimal, NULL), EG_OK);
    return decimal.certainty != EG_DIGITS_UNDEFINED && decimal.log10_bound < (double)INFINITY;
}

static eg_real minus(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_SUBTRACT, a, b);
}

static eg_real times(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_MULTIPLY, a, b);
}

static eg_real plus(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_apply(c->reals, EG_REAL_ADD, a, b);
}

/* Returns true if it is certain that a < b. */
static bool is_less(const random_case *c, eg_real a, eg_real b)
{
    return eg_real_sign_of(c->reals, minus(c, a, b)) == EG_SIGN_NEGATIVE;
}

/* Fails if a < b or a > b is certain. */
static void assert_same(const random_case *c, eg_real a, eg_real b, const char *what)
{
    eg_real_sign sign = eg_real_sign_of(c->reals, minus(c, a, b));
    if (sign == EG_SIGN_ZERO || sign == EG_SIGN_UNKNOWN)
        return;
    eg_decimal first, second;
    eg_real_decimal(c->reals, a, 30, &first, NULL);
    eg_real_decimal(c->reals, b, 30, &second, NULL);
    fail_msg("%s: %s: %s and %s", where(c), what, first.text, second.text);
}

/* Fails unless low <= a <= high, where an end may be infinite. */
static void assert_between(const random_case *c, eg_real a, const double bounds[2],
                           const char *what)
{
    bool below = isfinite(bounds[0]) && is_less(c, a, eg_real_double(c->reals, bounds[0]));
    bool above = isfinite(bounds[1]) && is_less(c, eg_real_double(c->reals, bounds[1]), a);
    if (!below && !above && !isnan(bounds[0]) && !isnan(bounds[1]))
        return;
    eg_decimal text;
    eg_real_decimal(c->reals, a, 30, &text, NULL);
    fail_msg("%s: %s %s is not in %.17g .. %.17g", where(c), what, text.text, bounds[0], bounds[1]);
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
    for_random_cases(check_symbolic, 3, CASES);
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
    for_random_cases(check_printed, 4, CASES);
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
    for_random_cases(check_bounds, 4, CASES);
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
        derive_case(&c);
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
    for_random_cases(check_taylor, 4, CASES);
}

/* ---- eigenvalues ---- */

/* Counts the eigenvalues that are certainly positive and negative, and those whose sign is not
 * clear. `bound` is that of the errors of the eigenvalues. */
static void count_clear_signs(const double eigenvalues[], double bound, eg_inertia *clear)
{
    *clear = (eg_inertia){0};
    for (int i = 0; i < N; i++) {
        clear->positive += eigenvalues[i] > bound;
        clear->negative += eigenvalues[i] < -bound;
        clear->zero += fabs(eigenvalues[i]) <= bound;
    }
}

static double largest_element(const double matrix[])
{
    double largest = 0;
    for (int i = 0; i < N * N; i++)
        largest = fmax(largest, fabs(matrix[i]));
    return largest;
}

/* Returns the value of det(matrix - eigenvalue I). */
static eg_real characteristic(const random_case *c, eg_real eigenvalue)
{
    eg_real m[N * N];
    for (int i = 0; i < N * N; i++)
        m[i] = i % (N + 1) == 0 ? minus(c, c->hessian[i], eigenvalue) : c->hessian[i];
    eg_real sum = eg_real_integer(c->reals, 0);
    for (int k = 0; k < N; k++) {
        int next = (k + 1) % N, last = (k + 2) % N;
        eg_real minor = minus(c, times(c, m[N + next], m[2 * N + last]),
                              times(c, m[N + last], m[2 * N + next]));
        sum = plus(c, sum, times(c, m[k], minor));
    }
    return sum;
}

/* The inertia has the signs of eigenvalues in doubles that are clear, and matches the determinant.
 */
static bool check_inertia(random_case *c, dice *d)
{
    (void)d;
    double matrix[N * N];
    eg_hessian_result doubles;
    eg_inertia inertia, clear;
    for (int i = 0; i < N * N; i++) {
        matrix[i] = eg_real_approximate(c->reals, c->hessian[i]);
        if (!isfinite(matrix[i]))
            return false;
    }
    double size = largest_element(matrix);
    if (size == 0 || !has_value(c, c->value) || !(size < 1e100))
        return false;
    assert_int_equal(eg_surface_inertia(c->reals, c->hessian, N, &inertia, NULL), EG_OK);
    if (eg_surface_hessian(c->expr, c->point, &doubles, NULL, NULL, NULL) != EG_OK)
        return false;
    for (int i = 0; i < N; i++)
        if (!isfinite(doubles.eigenvalues[i]))
            return false;
    count_clear_signs(doubles.eigenvalues, 1e-6 * size, &clear);
    if (inertia.positive + (inertia.known ? 0 : N) < clear.positive ||
        inertia.negative + (inertia.known ? 0 : N) < clear.negative ||
        (inertia.known && inertia.positive + inertia.negative + inertia.zero != N) ||
        (inertia.known && inertia.zero > clear.zero))
        fail_msg("%s: inertia %zu+ %zu- %zu0, eigenvalues %g %g %g", where(c), inertia.positive,
                 inertia.negative, inertia.zero, doubles.eigenvalues[0], doubles.eigenvalues[1],
                 doubles.eigenvalues[2]);
    if (!inertia.known)
        return true;
    eg_real_sign sign = eg_real_sign_of(c->reals, characteristic(c, eg_real_integer(c->reals, 0)));
    eg_real_sign expected = inertia.zero           ? EG_SIGN_ZERO
                            : inertia.negative % 2 ? EG_SIGN_NEGATIVE
                                                   : EG_SIGN_POSITIVE;
    if (sign != expected && sign != EG_SIGN_UNKNOWN)
        fail_msg("%s: inertia %zu+ %zu- %zu0, the determinant's sign is %d", where(c),
                 inertia.positive, inertia.negative, inertia.zero, sign);
    return true;
}

static void test_inertia(void **state)
{
    (void)state;
    for_random_cases(check_inertia, 3, CASES);
}

/* Subtracts t from the diagonal: as many eigenvalues as are negative then lie below t. */
static size_t count_below(const random_case *c, double t)
{
    eg_real shifted[N * N];
    eg_inertia inertia;
    for (int i = 0; i < N * N; i++)
        shifted[i] =
            i % (N + 1) == 0 ? minus(c, c->hessian[i], eg_real_double(c->reals, t)) : c->hessian[i];
    assert_int_equal(eg_surface_inertia(c->reals, shifted, N, &inertia, NULL), EG_OK);
    return inertia.known ? inertia.negative : SIZE_MAX;
}

/* By Sylvester's law as many eigenvalues lie below the printed ones less 1e-9 as are printed below,
 * and the pairs of a 2 x 2 matrix are roots of its characteristic polynomial. */
static bool check_eigenvalues(random_case *c, dice *d)
{
    (void)d;
    eg_real eigenvalues[N], pair[2],
        corner[4] = {c->hessian[0], c->hessian[1], c->hessian[N], c->hessian[N + 1]};
    double values[N];
    if (eg_surface_eigenvalues(c->reals, c->hessian, N, eigenvalues, NULL) != EG_OK)
        return false;
    double size = 0;
    for (int i = 0; i < N; i++) {
        values[i] = eg_real_approximate(c->reals, eigenvalues[i]);
        size = fmax(size, fabs(values[i]));
    }
    if (!(size > 1e-290 && size < 1e100))
        return false;
    for (size_t i = 0; i < N; i++) {
        double gap = 1e-9 * size;
        size_t below = count_below(c, values[i] - gap), above = count_below(c, values[i] + gap);
        if ((below != SIZE_MAX && below > i) || above < i + 1)
            fail_msg("%s: eigenvalue %zu is not %.17g", where(c), i, values[i]);
        /* the enclosure itself, not its middle */
        eg_real down = eg_real_double(c->reals, values[i] - gap);
        eg_real up = eg_real_double(c->reals, values[i] + gap);
        if (!is_less(c, down, eigenvalues[i]) || !is_less(c, eigenvalues[i], up))
            fail_msg("%s: eigenvalue %zu is too wide", where(c), i);
    }
    assert_int_equal(eg_surface_eigenvalues(c->reals, corner, 2, pair, NULL), EG_OK);
    for (int i = 0; i < 2; i++) {
        eg_real determinant =
            minus(c, times(c, minus(c, corner[0], pair[i]), minus(c, corner[3], pair[i])),
                  times(c, corner[1], corner[2]));
        assert_same(c, determinant, eg_real_integer(c->reals, 0), "characteristic polynomial");
    }
    if (is_less(c, pair[1], pair[0]))
        fail_msg("%s: eigenvalues are not ascending", where(c));
    return true;
}

static void test_eigenvalues(void **state)
{
    (void)state;
    for_random_cases(check_eigenvalues, 3, CASES / 2);
}

/* The enclosures hold for elements of which little is known, and whose squares underflow. */
static void test_enclosures(void **state)
{
    (void)state;
    static random_case c = {.text = "(1e16+1.6-1e16)*x^2+y^2+3*z^2", .point = {1, 1, 1}};
    static random_case tiny = {.text = "1e-170*(x^2+x*y+2*y^2+y*z+3*z^2)", .point = {1, 1, 1}};
    const eg_reals_options options = {.doubles = true};
    static const double exact[N] = {2, 3.2, 6};
    eg_real eigenvalues[N];
    eg_decimal found;
    derive_case(&c);
    eg_reals_free(c.reals);
    assert_int_equal(eg_reals_new(&c.reals, ctx, &options, NULL), EG_OK);
    for (int i = 0; i < N; i++)
        c.x[i] = eg_real_double(c.reals, 1);
    assert_int_equal(eg_reals_derive(c.reals, c.expr, c.x, NULL, NULL, c.hessian, NULL), EG_OK);
    assert_int_equal(eg_surface_eigenvalues(c.reals, c.hessian, N, eigenvalues, NULL), EG_OK);
    for (int i = 0; i < N; i++) {
        assert_false(is_less(&c, eigenvalues[i], eg_real_double(c.reals, exact[i] - 1e-9)));
        assert_false(is_less(&c, eg_real_double(c.reals, exact[i] + 1e-9), eigenvalues[i]));
    }
    free_case(&c);
    derive_case(&tiny);
    assert_int_equal(eg_surface_eigenvalues(tiny.reals, tiny.hessian, N, eigenvalues, NULL), EG_OK);
    for (int i = 0; i < N; i++) {
        eg_real_decimal(tiny.reals, eigenvalues[i], 17, &found, NULL);
        assert_int_not_equal(found.certainty, EG_DIGITS_PROVEN);
        eg_real_decimal(tiny.reals, eigenvalues[i], 12, &found, NULL);
        assert_int_equal(found.certainty, EG_DIGITS_PROVEN);
    }
    free_case(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbolic_derivatives),
        cmocka_unit_test(test_simplification),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_bounds_of_powers),
        cmocka_unit_test(test_taylor),
        cmocka_unit_test(test_inertia),
        cmocka_unit_test(test_eigenvalues),
        cmocka_unit_test(test_enclosures),
    };
    return cmocka_run_group_tests(tests, open_context, free_context);
}
