/* SPDX-License-Identifier: MIT */
/* Batch evaluation: agrees with evaluation at single points, bit-identical in any setting. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "random_expr.h"

enum { POINTS = 1003 };

typedef struct batch {
    const eg_expr *expr;
    double x[3][POINTS], values[POINTS], gradient[3][POINTS];
} batch;

static void compute(batch *b, size_t count)
{
    const double *const points[] = {b->x[0], b->x[1], b->x[2]};
    double *const gradient[] = {b->gradient[0], b->gradient[1], b->gradient[2]};
    memset(b->values, 0xAA, sizeof b->values);
    memset(b->gradient, 0xAA, sizeof b->gradient);
    assert_int_equal(eg_expr_eval_batch(b->expr, points, count, b->values, gradient, NULL), EG_OK);
}

/* Returns true if two values differ by at most `units` in the last place, or in that of 1 where
 * terms cancel. */
static bool agrees(double a, double b, double units)
{
    return units_between(a, b) <= units || fabs(a - b) <= units * 0x1p-52;
}

/* Single functions, which must be accurate everywhere; in compositions small errors grow. */
static const char *const single_functions[] = {
    "exp(x)",
    "log(x)",
    "sin(x)",
    "cos(x)",
    "tan(x)",
    "sin(x)*cos(x)",
    "sqrt(x)",
    "x^3",
    "x^4",
    "x^5",
    "x^17",
    "x^-9",
    "x^1000",
    "x^2000",
    "abs(x)",
    "sign(x)",
    "floor(x)",
    "ceil(x)",
    "min(x,y)",
    "max(x,y)",
    "x^y",
    "atan2(x,y)",
    "hypot(x,y)",
    "cbrt(x)",
    "tanh(x)",
    "sinh(x)",
    "cosh(x)",
    "atan(x)",
    "tanh(x/30)",
    "sinh(x/30)",
    "tanh(x/1e6)",
    "atan(x/30)",
    "erf(x)",
    "log10(x)",
    "log2(x)",
    "1 - x^2",
    "asin(x)",
    "x/y",
    "-x",
    "x - y",
    "2^x",
    "x^1.5",
    "x < y",
    "x == y",
    "x <= y",
    "x != y",
    "mod(x,y)",
    "round(x)",
    "trunc(x)",
    "expm1(x)",
    "log1p(x)",
    "sinc(x)",
    "gamma(x)",
    "lgamma(x)",
    "digamma(x)",
    "if(x < y, sqrt(x), y/x)",
    "and(x > 0, log(x) > y)",
    "or(x > 0, sqrt(x) > y)",
};

static const double specials[] = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    INFINITY,
    -INFINITY,
    NAN,
    1e-310,
    1e-300,
    1e300,
    -1e300,
    709.7,
    709.79,
    -708.5,
    -740,
    -745.1,
    -746,
    1e5,
    1.5e6,
    1e15,
    1e22,
    0x1p20,
    0x1.8p20,
    M_PI,
    M_PI / 2,
    -M_PI / 4,
    3 * M_PI,
    1e-8,
    -1e-20,
    5.0,
    1024 * M_PI,
    1.57079632679489661923 * 3,
    2.0,
    -3.0,
    0x1p-1074,
    1.7976931348623157e308,
    0.70710678118654746,
    0.70710678118654757,
    1.4142135623730951,
    1.0000000000000002,
};

static void fill_special(batch *b, dice *d)
{
    for (size_t k = 0; k < POINTS; k++) {
        for (size_t i = 0; i < 3; i++)
            b->x[i][k] = roll_between(d, -30, 30);
        if (k < COUNT(specials))
            b->x[0][k] = specials[k];
        else if (k % 3 == 0)
            b->x[0][k] = exp(roll_between(d, -300, 300));
        else if (k % 3 == 1)
            b->x[0][k] = M_PI / 2 * floor(roll_between(d, 0, 600000));
    }
}

static void compare_with_single_points(const batch *b, size_t count, const char *text, double units)
{
    for (size_t k = 0; k < count; k++) {
        double point[3] = {b->x[0][k], b->x[1][k], b->x[2][k]}, value, gradient[3];
        assert_int_equal(eg_expr_eval(b->expr, point, &value, gradient, NULL, NULL), EG_OK);
        if (!agrees(b->values[k], value, units))
            fail_msg("%s at %.17g, %g: %.17g, not %.17g", text, point[0], point[1], b->values[k],
                     value);
        for (size_t i = 0; i < 3; i++)
            if (!agrees(b->gradient[i][k], gradient[i], 2 * units))
                fail_msg("d/d%c %s at %.17g, %.17g: %.17g, not %.17g", "xyz"[i], text, point[0],
                         point[1], b -> gradient[i][k], gradient[i]);
    }
}

static void batch_agrees_with_single_points(void **state)
{
    (void)state;
    static batch b;
    for (int level = 0; level < EG_CPU_LEVELS; level++) {
        if (!eg_cpu_has((eg_cpu_level)level))
            continue;
        eg_context *ctx = test_context(1, 0, eg_cpu_names[level]);
        dice d = {3};
        for (size_t i = 0; i < COUNT(single_functions); i++) {
            eg_expr *expr = parse_xyz(ctx, single_functions[i]);
            b.expr = expr;
            fill_special(&b, &d);
            compute(&b, POINTS);
            compare_with_single_points(&b, POINTS, single_functions[i], 2);
            eg_expr_free(expr);
        }
        close_context(ctx);
    }
}

/* Any number of points gives the same results, and nothing is written after the last one. */
static void any_number_of_points_is_accepted(void **state)
{
    (void)state;
    static batch b, all_points;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_xyz(ctx, "exp(-x^2 - y^2)*sin(x*y) + cosh(z)/x");
    dice d = {5};
    b.expr = expr;
    fill_special(&b, &d);
    all_points = b;
    compute(&all_points, POINTS);
    for (size_t count = 0; count <= POINTS; count += 1 + count / 9) {
        compute(&b, count);
        assert_memory_equal(b.values, all_points.values, count * sizeof(double));
        for (size_t i = 0; i < 3; i++)
            assert_memory_equal(b.gradient[i], all_points.gradient[i], count * sizeof(double));
        if (count < POINTS) {
            const double untouched = b.values[count];
            assert_true(memcmp(&untouched,
                               (const uint8_t[]){0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA},
                               8) == 0);
        }
    }
    eg_expr_free(expr);
    close_context(ctx);
}

/* Every output may be NULL. */
static void only_requested_outputs_are_written(void **state)
{
    (void)state;
    static batch b, all_points;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_expr *expr = parse_xyz(ctx, "x^2*y + z");
    dice d = {6};
    b.expr = expr;
    fill_special(&b, &d);
    all_points = b;
    compute(&all_points, POINTS);
    const double *const points[] = {b.x[0], b.x[1], b.x[2]};
    double *const only_y[] = {NULL, b.gradient[1], NULL}, *const none[] = {NULL, NULL, NULL};
    assert_int_equal(eg_expr_eval_batch(expr, points, POINTS, NULL, only_y, NULL), EG_OK);
    assert_memory_equal(b.gradient[1], all_points.gradient[1], sizeof b.values);
    assert_int_equal(eg_expr_eval_batch(expr, points, POINTS, b.values, none, NULL), EG_OK);
    assert_memory_equal(b.values, all_points.values, sizeof b.values);
    assert_int_equal(eg_expr_eval_batch(expr, points, POINTS, NULL, NULL, NULL), EG_OK);
    assert_int_equal(eg_expr_eval(expr, specials, NULL, NULL, NULL, NULL), EG_OK);
    eg_expr_free(expr);
    close_context(ctx);
}

static void constants_need_no_points(void **state)
{
    (void)state;
    double values[20], value;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_expr *expr = parse_good(ctx, "sqrt(2) + pi/3");
    assert_int_equal(eg_expr_variables(expr), 0);
    assert_int_equal(eg_expr_eval(expr, NULL, &value, NULL, NULL, NULL), EG_OK);
    assert_int_equal(eg_expr_eval_batch(expr, NULL, 20, values, NULL, NULL), EG_OK);
    for (size_t k = 0; k < 20; k++)
        assert_true(values[k] == value);
    eg_expr_free(expr);
    close_context(ctx);
}

/* ---- bit-identical in every setting ---- */

enum { EXPRESSIONS = 40 };

typedef struct recording {
    bool made;
    double values[EXPRESSIONS][4][POINTS];
} recording;

static void compute_all(eg_context *ctx, void *opaque)
{
    static batch b;
    recording *r = opaque;
    dice d = {21};
    for (int e = 0; e < EXPRESSIONS; e++) {
        char text[RANDOM_EXPR_SIZE];
        random_expr(text, &d, 3);
        eg_expr *expr = parse_xyz(ctx, text);
        b.expr = expr;
        fill_special(&b, &d);
        compute(&b, POINTS);
        for (int i = 0; i < 4; i++) {
            const double *got = i ? b.gradient[i - 1] : b.values;
            if (!r->made)
                memcpy(r->values[e][i], got, sizeof b.values);
            for (size_t k = 0; k < POINTS; k++)
                if (memcmp(&r->values[e][i][k], &got[k], sizeof *got) != 0)
                    fail_msg("%s at %.17g, %g, %g: %.17g, then %.17g (%s)", text, b.x[0][k],
                             b.x[1][k], b.x[2][k], r->values[e][i][k], got[k], eg_cpu_name(ctx));
        }
        eg_expr_free(expr);
    }
    r->made = true;
}

static void results_are_bit_identical_in_every_setting(void **state)
{
    (void)state;
    static recording r;
    for_every_setting(compute_all, &r);
}

/* Several threads give the same results; the points are enough for several jobs. */
static void threads_share_the_points(void **state)
{
    (void)state;
    enum { MANY = 400000 };
    double *x = malloc(MANY * sizeof *x), *one = malloc(MANY * sizeof *one);
    double *several = malloc(MANY * sizeof *several);
    const double *const points[] = {x};
    assert_true(x && one && several);
    for (size_t k = 0; k < MANY; k++)
        x[k] = (double)k / 1000;
    for (int threads = 1; threads <= 4; threads += 3) {
        eg_context *ctx = test_context(threads, 0, NULL);
        eg_expr *expr = parse_good(ctx, "sin(x)*exp(-x/100)");
        assert_int_equal(
            eg_expr_eval_batch(expr, points, MANY, threads == 1 ? one : several, NULL, NULL),
            EG_OK);
        eg_expr_free(expr);
        close_context(ctx);
    }
    assert_memory_equal(one, several, MANY * sizeof *one);
    free(x);
    free(one);
    free(several);
}

/* ---- chains of steps ---- */

enum { TEXT_SIZE = 4000 };

/* Appends a random formula of + - * / and squares, whose steps form chains of all kinds. */
static void append_arithmetic(char *text, dice *d, int depth)
{
    static const char *const leaves[] = {"x", "y", "z", "1.5", "3"};
    static const char *const signs[] = {" + ", " - ", "*", "/"};
    const double choice = roll_between(d, 0, 8);
    if (depth == 0 || choice < 1) {
        strcat(text, leaves[(size_t)roll_between(d, 0, 4.999)]);
        return;
    }
    strcat(text, choice < 2 ? "-(" : "(");
    append_arithmetic(text, d, depth - 1);
    if (choice > 3) {
        strcat(text, signs[(size_t)roll_between(d, 0, 3.999)]);
        append_arithmetic(text, d, depth - 1);
    }
    strcat(text, choice > 7 ? ")^2" : ")");
}

static bool same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* Arithmetic has the same bits at single points, where each step is run by itself. */
static void chains_have_the_bits_of_their_steps(void **state)
{
    (void)state;
    enum { FORMULAS = 400, SOME = 83 };
    static batch b;
    eg_context *ctx = test_context(1, 0, NULL);
    dice d = {8};
    for (int e = 0; e < FORMULAS; e++) {
        char text[TEXT_SIZE] = "";
        append_arithmetic(text, &d, 1 + e % 6);
        eg_expr *expr = parse_xyz(ctx, text);
        b.expr = expr;
        fill_special(&b, &d);
        compute(&b, SOME);
        for (size_t k = 0; k < SOME; k++) {
            double point[3] = {b.x[0][k], b.x[1][k], b.x[2][k]}, value, gradient[3];
            assert_int_equal(eg_expr_eval(expr, point, &value, gradient, NULL, NULL), EG_OK);
            if (!same_number(value, b.values[k]))
                fail_msg("%s at point %zu: %.17g, not %.17g", text, k, b.values[k], value);
            for (size_t i = 0; i < 3; i++)
                if (!same_number(gradient[i], b.gradient[i][k]))
                    fail_msg("d/d%c %s at point %zu: %.17g, not %.17g", "xyz"[i], text, k,
                             b.gradient[i][k], gradient[i]);
        }
        eg_expr_free(expr);
    }
    close_context(ctx);
}

/* Results larger than the cache are the same, however their arrays are aligned. */
static void large_results_are_the_same(void **state)
{
    (void)state;
    enum { LARGE = 900001, ARRAYS = 4, ROOM = LARGE + 16 }; /* beyond 16 MiB of results */
    double *memory = malloc((size_t)(2 * ARRAYS + 2) * ROOM * sizeof *memory);
    double *x = memory, *y = memory + ROOM, *arrays[2 * ARRAYS];
    const double *const points[] = {x, y};
    eg_context *ctx = test_context(2, 0, NULL);
    eg_expr *expr = parse_good(ctx, "exp(-x^2)*y - y/x");
    assert_non_null(memory);
    for (size_t k = 0; k < LARGE; k++) {
        x[k] = (double)k / 100000;
        y[k] = (double)(k % 1000);
    }
    for (size_t i = 0; i < 2 * ARRAYS; i++)
        arrays[i] = memory + (i + 2) * ROOM;
    for (size_t shift = 0; shift < 9; shift++) {
        double **out = arrays + (shift > 0 ? ARRAYS : 0);
        double *const gradient[] = {out[1] + shift, out[2] + shift * (shift % 2)};
        memset(out[0], 0xAA, (size_t)ARRAYS * ROOM * sizeof *memory);
        assert_int_equal(eg_expr_eval_batch(expr, points, LARGE, out[0] + shift, gradient, NULL),
                         EG_OK);
        assert_memory_equal(out[0] + shift, arrays[0], LARGE * sizeof *memory);
        for (size_t i = 0; i < 2; i++)
            assert_memory_equal(gradient[i], arrays[i + 1], LARGE * sizeof *memory);
        assert_memory_equal(out[0] + shift + LARGE, out[3], 7 * sizeof *memory); /* untouched */
    }
    eg_expr_free(expr);
    close_context(ctx);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batch_agrees_with_single_points),
        cmocka_unit_test(any_number_of_points_is_accepted),
        cmocka_unit_test(only_requested_outputs_are_written),
        cmocka_unit_test(constants_need_no_points),
        cmocka_unit_test(results_are_bit_identical_in_every_setting),
        cmocka_unit_test(threads_share_the_points),
        cmocka_unit_test(chains_have_the_bits_of_their_steps),
        cmocka_unit_test(large_results_are_the_same),
    };
    return cmocka_run_group_tests_name("expressions at many points", tests, NULL, NULL);
}
