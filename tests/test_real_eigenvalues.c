/* SPDX-License-Identifier: MIT */
/* Inertia and eigenvalues of Hessians as exact numbers, of random expressions. */
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
    for_random_cases(ctx, check_inertia, 3, CASES);
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
    for_random_cases(ctx, check_eigenvalues, 3, CASES / 2);
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
    derive_case(ctx, &c);
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
    derive_case(ctx, &tiny);
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
        cmocka_unit_test(test_inertia),
        cmocka_unit_test(test_eigenvalues),
        cmocka_unit_test(test_enclosures),
    };
    return cmocka_run_group_tests(tests, open_context, free_context);
}
