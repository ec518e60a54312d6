/* SPDX-License-Identifier: MIT */
/* Critical points and roots in boxes: none missed, none invented. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "files.h"
#include "random_expr.h"
#include "solutions.h"

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

/* ---- known critical points ---- */

/* A function, its box, and what is known: numbers of points by verdict, and of degenerate ones. */
static const struct known {
    const char *text, *box[6];
    size_t minima, maxima, saddles, undecided, degenerate;
    double smallest, largest; /* over the box */
} known[] = {
    /* Himmelblau 1972 */
    {"(x^2+y-11)^2+(x+y^2-7)^2", {"-5", "5", "-5", "5"}, 4, 1, 4, 0, 0, 0, 890},
    /* Rosenbrock 1960; the largest value is that of a corner: 16 + 100*144 */
    {"(1-x)^2+100*(y-x^2)^2", {"-3", "3", "-3", "3"}, 1, 0, 0, 0, 0, 0, 14416},
    /* the six-hump camel of Dixon and Szego 1978 */
    {"(4-2.1x^2+x^4/3)*x^2+x*y+(-4+4y^2)*y^2",
     {"-3", "3", "-2", "2"},
     6,
     2,
     7,
     0,
     0,
     -1.031628453489877,
     162.9},
    /* Branin 1972 */
    {"(y-5.1/(4pi^2)*x^2+5/pi*x-6)^2+10*(1-1/(8pi))*cos(x)+10",
     {"-5", "10", "0", "15"},
     3,
     0,
     2,
     0,
     0,
     0.39788735772973816,
     308.12909601160663},
    {"sin(x)*sin(y)", {"0", "2pi", "0", "2pi"}, 2, 2, 9, 0, 0, -1, 1},
    {"sin(x)*sin(y)", {"-pi/2", "pi/2", "-pi/2", "pi/2"}, 2, 2, 1, 0, 0, -1, 1},
    /* the monkey saddle, a minimum of fourth order, and others by higher derivatives */
    {"x^3-3x*y^2", {"-2", "2", "-2", "2"}, 0, 0, 1, 0, 1, -16, 16},
    {"x^4+y^4", {"-2", "3", "-2", "3"}, 1, 0, 0, 0, 1, 0, 162},
    {"5-(x-1)^4-(y+1/2)^4", {"0", "2", "-1", "1"}, 0, 1, 0, 0, 1, 5 - 1 - 5.0625, 5},
    {"x^2+y^4", {"-2", "3", "-2", "3"}, 1, 0, 0, 0, 1, 0, 90},
    {"x^2-y^3", {"-1", "1", "-1", "1"}, 0, 0, 1, 0, 1, -1, 2},
    {"x^4+y^4+z^4", {"-1", "2", "-1", "2", "-1", "2"}, 1, 0, 0, 0, 1, 0, 48},
    {"(x-1/3)^5", {"-1", "1"}, 0, 0, 1, 0, 1, -1024.0 / 243, 32.0 / 243},
    /* functions of one and three variables */
    {"x^3-3x", {"-2", "2"}, 1, 1, 0, 0, 0, -2, 2},
    {"x^2+y^2+z^2-x*y+z", {"-1", "1", "-1", "1", "-1", "1"}, 1, 0, 0, 0, 0, -0.25, 5},
    {"exp(-x^2-y^2)*x",
     {"-3", "3", "-3", "3"},
     1,
     1,
     0,
     0,
     0,
     -0.42888194248035340,
     0.42888194248035340},
    /* values at the border only, where there is no gradient, and at the edge of the domain */
    {"x*y+z", {"-1", "1", "-1", "1", "-1", "1"}, 0, 0, 0, 0, 0, -2, 2},
    {"log(x)+y", {"1", "2", "0", "1"}, 0, 0, 0, 0, 0, 0, 1.6931471805599453},
    {"sqrt(x)+y^2", {"-1", "1", "-1", "1"}, 0, 0, 0, 0, 0, 0, 2},
    {"cbrt(x)+y", {"-1", "8", "0", "1"}, 0, 0, 0, 0, 0, -1, 3},
};

static size_t count_verdict(const eg_solutions *s, eg_extremum verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += s->points[i].verdict == verdict;
    return count;
}

static void check_extreme(eg_reals *reals, const char *text, const eg_extreme *extreme,
                          double expected)
{
    double value = eg_real_approximate(reals, extreme->value);
    if (!extreme->known || !extreme->attained || extreme->place_count == 0 ||
        !(fabs(value - expected) <= 1e-12 * (1 + fabs(expected))))
        fail_msg("%s: an extreme value is %.17g instead of %.17g", text, value, expected);
    assert_true(extreme->bounds[0] <= value && value <= extreme->bounds[1]);
}

static void test_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct known *k = &known[i];
        solving s = critical_of(ctx, k->text, k->box, NULL);
        size_t degenerate = 0;
        for (size_t p = 0; p < s.found->count; p++)
            degenerate += !s.found->points[p].regular;
        if (!s.found->complete || count_verdict(s.found, EG_MINIMUM) != k->minima ||
            count_verdict(s.found, EG_MAXIMUM) != k->maxima ||
            count_verdict(s.found, EG_SADDLE) != k->saddles ||
            count_verdict(s.found, EG_UNDECIDED) != k->undecided || degenerate != k->degenerate)
            fail_msg("%s: %zu points, %zu boxes left", k->text, s.found->count,
                     s.found->left_boxes);
        check_extreme(s.reals, k->text, &s.found->minimum, k->smallest);
        check_extreme(s.reals, k->text, &s.found->maximum, k->largest);
        solving_free(&s);
    }
}

/* ---- what cannot be decided is said ---- */

static void test_undecided(void **state)
{
    (void)state;
    static const char *const square[] = {"-2", "2", "-2", "2"};
    solving s = critical_of(ctx, "(x^2+y^2-1)^2", square, NULL); /* a circle of minima */
    assert_false(s.found->complete);
    assert_int_equal(s.found->count, 1);
    assert_int_equal(s.found->left_count, 1);
    assert_int_equal(s.found->left[0].kind, EG_LEFT_CURVE);
    assert_true(s.found->minimum.bounds[0] == 0 && s.found->minimum.bounds[1] < 1e-9);
    solving_free(&s);

    s = critical_of(ctx, "(y-x^2)*(y-3x^2)", square, NULL); /* Peano: no extremum */
    assert_int_equal(s.found->count, 1);
    assert_int_equal(s.found->points[0].verdict, EG_UNDECIDED);
    solving_free(&s);

    s = critical_of(ctx, "abs(x)+y^2", square, NULL); /* a kink is no critical point */
    assert_int_equal(s.found->count, 0);
    assert_false(s.found->complete);
    assert_true(s.found->left[0].rough);
    check_extreme(s.reals, "abs(x)+y^2", &s.found->minimum, 0);
    solving_free(&s);

    s = critical_of(ctx, "log(-1-x^2)+y", square, NULL);
    assert_int_equal(s.found->defined, EG_DEFINED_NOWHERE);
    assert_false(s.found->minimum.known);
    solving_free(&s);

    s = critical_of(ctx, "x-floor(x)+0*y", square, NULL); /* 1 is approached, not taken */
    assert_false(s.found->maximum.attained);
    assert_true(s.found->maximum.bounds[1] >= 1);
    solving_free(&s);

    s = critical_of(ctx, "x^4-y^4", square, NULL); /* degenerate on the border, too */
    assert_true(s.found->complete);
    assert_int_equal(s.found->points[0].verdict, EG_SADDLE);
    assert_int_equal(s.found->points[0].order, 4);
    assert_within(s.found->minimum.bounds[0], -16, 1e-12);
    assert_within(s.found->minimum.bounds[1], -16, 1e-12);
    solving_free(&s);

    s = critical_of(ctx, "1/x+y", square, NULL);
    assert_false(s.found->minimum.attained);
    assert_true(isinf(s.found->minimum.bounds[0]));
    solving_free(&s);
}

/* ---- random boxes ---- */

/* Returns how many of start, start + step ... (count values) are from low to high. */
static size_t count_between(double start, double step, int count, double low, double high)
{
    size_t found = 0;
    for (int i = 0; i < count; i++)
        found += start + i * step >= low && start + i * step <= high;
    return found;
}

/* Writes an end of a range: a half-integer, which may be a coordinate of a point, or not. */
static double roll_end(dice *d, char text[32])
{
    double end = roll(d, 2) ? roll(d, 17) * 0.5 - 4 : roll_between(d, -4, 4);
    snprintf(text, 32, "%.17g", end);
    return end;
}

/* Rolls a range and returns the number of its integers. */
static size_t roll_range(dice *d, char low[32], char high[32])
{
    double a, b;
    do {
        a = roll_end(d, low);
        b = roll_end(d, high);
    } while (!(a < b));
    return count_between(-4, 1, 9, a, b);
}

static void test_random_boxes(void **state)
{
    (void)state;
    dice d = {2026};
    char ends[4][32];
    const char *box[] = {ends[0], ends[1], ends[2], ends[3]};
    for (int round = 0; round < 1000; round++) {
        size_t expected = roll_range(&d, ends[0], ends[1]);
        expected *= roll_range(&d, ends[2], ends[3]);
        eg_solve_options options = {.no_extremes = true};
        /* critical at all pairs of integers */
        solving s = critical_of(ctx, "cos(pi*x)*(3+cos(pi*y))", box, &options);
        if (!s.found->complete || s.found->count != expected)
            fail_msg("%zu points instead of %zu for x=%s:%s,y=%s:%s", s.found->count, expected,
                     ends[0], ends[1], ends[2], ends[3]);
        solving_free(&s);
    }
}

/* ---- polynomials ---- */

/* Writes the polynomial whose coefficients begin the line; returns what follows them. */
static char *write_polynomial(char *line, char *out, size_t size)
{
    char *end = strchr(line, ';');
    size_t used = 0, degree = 0;
    assert_non_null(end);
    for (char *c = line; c < end; c++)
        degree += *c == ' ';
    for (char *c = line; degree > 0; degree--) {
        long factor = strtol(c, &c, 10);
        used += (size_t)snprintf(out + used, size - used, "%s(%ld)*x^%zu", used ? "+" : "", factor,
                                 degree - 1);
    }
    return end + 1;
}

static void test_polynomials(void **state)
{
    (void)state;
    static const char *const box[] = {"-4", "4"};
    char line[1024], text[2048];
    FILE *file = fopen("testdata/solve-reference.txt", "r");
    assert_non_null(file);
    size_t lines = 0;
    for (; fgets(line, sizeof line, file); lines++) {
        char *roots = write_polynomial(line, text, sizeof text), *next;
        solving s = solutions_of(ctx, (const char *const[]){text}, 1, box);
        size_t count = 0;
        assert_true(s.found->complete);
        for (double root = strtod(roots, &next); next != roots; root = strtod(roots, &next)) {
            roots = next;
            if (count >= s.found->count)
                fail_msg("a root of %s is missing: %.10g", text, root);
            assert_close(eg_real_approximate(s.reals, s.found->points[count].at[0]), root, 1e-8);
            count++;
        }
        if (count != s.found->count)
            fail_msg("%zu roots of %s instead of %zu", s.found->count, text, count);
        solving_free(&s);
    }
    fclose(file);
    assert_int_equal(lines, 300);
}

static void test_systems(void **state)
{
    (void)state;
    static const char *const square[] = {"-5", "5", "-5", "5"};
    static const char *const circle[] = {"x^2+y^2-25", "x*y-12"};
    solving s = solutions_of(ctx, circle, 2, square);
    assert_true(s.found->complete);
    assert_int_equal(s.found->count, 4); /* (3, 4) and its like */
    assert_true(s.found->points[0].exact);
    assert_within(eg_real_approximate(s.reals, s.found->points[0].at[0]), -4, 0);
    assert_within(eg_real_approximate(s.reals, s.found->points[3].at[1]), 3, 0);
    solving_free(&s);

    static const char *const tangent[] = {"y-x^2", "y"}; /* a double root: not regular */
    s = solutions_of(ctx, tangent, 2, square);
    assert_int_equal(s.found->count, 1);
    assert_false(s.found->points[0].regular);
    solving_free(&s);
}

/* ---- digits ---- */

static void test_digits(void **state)
{
    (void)state;
    static const char *const box[] = {"0", "3"};
    static const char digits[] = /* of the root of x^3 - 2x - 5, Wallis 1685 */
        "2."
        "0945514815423265914823865405793029638573061056282391803041285290453121899834836671462672";
    eg_solve_options options = {.digits = 80, .no_extremes = true};
    eg_decimal decimal;
    solving s = critical_of(ctx, "x^4/4-x^2-5x", box, &options);
    assert_int_equal(s.found->count, 1);
    if (strcmp(eg_reals_arithmetic(s.reals), "ball") != 0) {
        solving_free(&s);
        skip(); /* without Arb */
    }
    assert_int_equal(eg_real_decimal(s.reals, s.found->points[0].at[0], 80, &decimal, NULL), EG_OK);
    assert_int_equal(decimal.certainty, EG_DIGITS_PROVEN);
    assert_memory_equal(decimal.text, digits, 78);
    solving_free(&s);
}

/* ---- bad input ---- */

static void check_refused(const char *text, const char *const box[], const char *message)
{
    eg_error error = {0};
    solving s = {0};
    assert_int_equal(try_critical_of(ctx, text, box, NULL, &s, &error), EG_USAGE);
    assert_null(s.found);
    if (!strstr(error.message, message))
        fail_msg("'%s' instead of '%s'", error.message, message);
    solving_free(&s);
}

static void test_refusals(void **state)
{
    (void)state;
    check_refused("x+y", (const char *const[]){"1", "1", "0", "1"}, "range of 'x' is empty");
    check_refused("x+y", (const char *const[]){"0", "1", "2", "-2"}, "range of 'y' is empty");
    check_refused("x", (const char *const[]){"0", "1/0"}, "not finite");
    check_refused(
        "a+b+c+d+i+j+k",
        (const char *const[]){"0", "1", "0", "1", "0", "1", "0", "1", "0", "1", "0", "1", "0", "1"},
        "7 variables");
}

/* Every failing allocation is survived. */
static void test_no_memory(void **state)
{
    (void)state;
    static const char *const box[] = {"-2", "2", "-2", "2"};
    bool complete = false;
    for (long k = 0; !complete; k += 1 + k / 7) {
        solving s = {0};
        eg_error error = {0};
        atomic_store(&ctx->fail_after, k);
        eg_status status = try_critical_of(ctx, "x^4+y^3-3y", box, NULL, &s, &error);
        complete = atomic_load(&ctx->fail_after) >= 0;
        atomic_store(&ctx->fail_after, -1);
        if (complete)
            assert_int_equal(status, EG_OK);
        else if (status == EG_OK) /* an exact number that is not needed */
            assert_non_null(s.found);
        solving_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),       cmocka_unit_test(test_undecided),
        cmocka_unit_test(test_systems),     cmocka_unit_test(test_digits),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_random_boxes),
        cmocka_unit_test(test_polynomials), cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, open_context, free_context);
}
