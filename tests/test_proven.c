/* SPDX-License-Identifier: MIT */
/* Proven digits against testdata/proven-reference.txt: no printed digit may be wrong. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "random_expr.h"

enum { MOST = 5, RESULTS = 1 + MOST + MOST * (MOST + 1) / 2, DIGITS = 60 };

/* ---- decimals ---- */

/* A decimal 0.d1 d2 d3 ... * 10^exponent without trailing zeros; no digits: 0. */
typedef struct decimal {
    bool negative;
    char digits[DIGITS + 8];
    long exponent;
} decimal;

static decimal parse_decimal(const char *text)
{
    decimal d = {.negative = *text == '-'};
    size_t used = 0;
    bool after_point = false;
    for (text += d.negative; *text && *text != 'e'; text++) {
        after_point |= *text == '.';
        if (*text == '.')
            continue;
        if (used > 0 || *text != '0') {
            assert_true(used < sizeof d.digits - 1);
            d.digits[used++] = *text;
            d.exponent += !after_point;
        } else {
            d.exponent -= after_point;
        }
    }
    if (*text)
        d.exponent += strtol(text + 1, NULL, 10);
    while (used > 0 && d.digits[used - 1] == '0')
        used--;
    d.digits[used] = '\0';
    return used ? d : (decimal){0};
}

/* Rounds to `count` digits, half away from 0. */
static decimal round_decimal(decimal d, size_t count)
{
    if (strlen(d.digits) <= count)
        return d;
    bool up = d.digits[count] >= '5';
    d.digits[count] = '\0';
    while (up && count > 0 && d.digits[count - 1] == '9')
        d.digits[--count] = '\0';
    if (up && count > 0) {
        d.digits[count - 1]++;
    } else if (up) {
        strcpy(d.digits, "1");
        d.exponent++;
    }
    while (count > 0 && d.digits[count - 1] == '0')
        d.digits[--count] = '\0';
    return d;
}

static bool are_equal(const decimal *a, const decimal *b)
{
    return a->negative == b->negative && a->exponent == b->exponent &&
           strcmp(a->digits, b->digits) == 0;
}

/* Returns true if `found` is the reference, rounded to a number of digits from `least` to `most`.
 */
static bool is_rounded_from(const decimal *found, const decimal *reference, size_t least,
                            size_t most)
{
    for (size_t count = least; count <= most; count++) {
        decimal rounded = round_decimal(*reference, count);
        if (are_equal(found, &rounded))
            return true;
    }
    return false;
}

static void test_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *rounded;
    } cases[] = {
        {"9.996e-5", 3, "0.0001"},
        {"-1234.5", 4, "-1.235e3"},
        {"0.0012344", 4, "1.234e-3"},
        {"120", 1, "1e2"},
        {"0", 3, "0"},
        {"1.5e300", 5, "15e299"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        decimal rounded = round_decimal(parse_decimal(cases[i].text), cases[i].count);
        decimal wanted = parse_decimal(cases[i].rounded);
        if (!are_equal(&rounded, &wanted))
            fail_msg("%s to %zu digits: 0.%se%ld", cases[i].text, cases[i].count, rounded.digits,
                     rounded.exponent);
    }
}

/* ---- lines of the reference ---- */

typedef struct line {
    const char *text, *point;
    size_t index, results;
    decimal reference[RESULTS];
    eg_expr *expr;
    eg_expr *coordinates[MOST];
} line;

/* Parses a line "text \t point \t results". */
static void read_line(line *l, eg_context *ctx, char *raw)
{
    char *rest = raw, *point, *token;
    static char coordinates[256];
    l->text = strsep(&rest, "\t");
    l->point = point = strsep(&rest, "\t");
    l->expr = parse_good(ctx, l->text);
    snprintf(coordinates, sizeof coordinates, "%s", point);
    point = coordinates;
    size_t n = 0;
    while (n < MOST && (token = strsep(&point, ",")))
        l->coordinates[n++] = parse_good(ctx, token);
    assert_int_equal(n, eg_expr_variables(l->expr));
    for (l->results = 0; (token = strsep(&rest, " ")); l->results++)
        l->reference[l->results] = parse_decimal(token);
    assert_int_equal(l->results, 1 + n + n * (n + 1) / 2);
}

static void free_line(line *l)
{
    for (size_t i = 0; i < eg_expr_variables(l->expr); i++)
        eg_expr_free(l->coordinates[i]);
    eg_expr_free(l->expr);
}

/* Calls check(line, opaque) for every line. */
static void for_every_line(eg_context *ctx, void (*check)(line *l, eg_context *ctx, void *opaque),
                           void *opaque)
{
    FILE *file = fopen("testdata/proven-reference.txt", "r");
    static char raw[4096];
    size_t lines = 0;
    assert_non_null(file);
    while (fgets(raw, sizeof raw, file)) {
        raw[strcspn(raw, "\n")] = '\0';
        if (raw[0] == '#')
            continue;
        line l = {.index = lines++};
        read_line(&l, ctx, raw);
        check(&l, ctx, opaque);
        free_line(&l);
    }
    fclose(file);
    assert_int_equal(lines, 1000);
}

/* Computes value, gradient and upper triangle of the Hessian. `printed` takes them as reports do.
 */
static void derive(const line *l, eg_reals *reals, bool printed, eg_real results[RESULTS])
{
    eg_real point[MOST], hessian[MOST * MOST] = {0};
    size_t n = eg_expr_variables(l->expr), used = 1 + n;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(
            eg_reals_derive(reals, l->coordinates[i], NULL, &point[i], NULL, NULL, NULL), EG_OK);
    assert_int_equal((printed ? eg_surface_prove : eg_reals_derive)(reals, l->expr, point, results,
                                                                    results + 1, hessian, NULL),
                     EG_OK);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k < n; k++)
            results[used++] = hessian[i * n + k];
}

/* ---- checks ---- */

enum {
    MOST_UNKNOWN_ZEROS = 8,    /* numbers that are 0 without a proof; measured: 8 */
    LEAST_INTERVAL_LINES = 820 /* lines with 7 digits by intervals of doubles; measured: 828 */
};

typedef struct tally {
    size_t numbers, unknown, fewer, proven; /* results by certainty */
    size_t lines;                           /* all of whose results have 7 digits */
} tally;

/* Returns true if the number lies between two decimals of `count` digits, or is near their middle.
 */
static bool is_near_tie(const decimal *d, size_t count)
{
    size_t length = strlen(d->digits);
    if (length <= count)
        return false;
    return strcmp(d->digits + count, "5") == 0 || strncmp(d->digits + count, "5000", 4) == 0 ||
           strncmp(d->digits + count, "4999", 4) == 0;
}

/* Checks the digits of a result. Returns its certainty. */
static eg_certainty check_digits(const line *l, size_t result, eg_reals *reals, eg_real real,
                                 int count)
{
    eg_decimal found;
    const decimal *reference = &l->reference[result];
    assert_int_equal(eg_real_decimal(reals, real, count, &found, NULL), EG_OK);
    if (found.certainty == EG_DIGITS_UNKNOWN) {
        if (reference->digits[0] && (double)reference->exponent - 1 > found.log10_bound)
            fail_msg("%s at %s, result %zu: above the bound 1e%g", l->text, l->point, result,
                     found.log10_bound);
        return found.certainty;
    }
    if (found.certainty == EG_DIGITS_UNDEFINED)
        fail_msg("%s at %s, result %zu: no value", l->text, l->point, result);
    decimal printed = parse_decimal(found.text);
    bool tie = is_near_tie(reference, (size_t)count);
    bool fixed = !strchr(found.text, 'e'); /* all digits before the point are printed */
    size_t least = found.certainty == EG_DIGITS_PROVEN ? (size_t)count
                   : fixed && printed.exponent > 1     ? (size_t)printed.exponent
                                                       : 1;
    size_t most = (size_t)count + (tie ? 3 : 0); /* a tie is shown with more digits */
    if (!is_rounded_from(&printed, reference, least, most))
        fail_msg("%s at %s, result %zu: %d digits are %s, not 0.%se%ld", l->text, l->point, result,
                 count, found.text, reference->digits, reference->exponent);
    return found.certainty;
}

/* Checks the layout of a number, which is that of %.7g. */
static void check_layout(const line *l, size_t result, eg_reals *reals, eg_real real)
{
    eg_decimal found;
    char digits[DIGITS + 32], expected[32];
    const decimal *d = &l->reference[result];
    if (labs(d->exponent) > 300)
        return;
    snprintf(digits, sizeof digits, "%s0.%se%ld", d->negative ? "-" : "", d->digits, d->exponent);
    snprintf(expected, sizeof expected, "%.7g", strtod(digits, NULL));
    assert_int_equal(eg_real_decimal(reals, real, 7, &found, NULL), EG_OK);
    decimal printed = parse_decimal(found.text), double_rounded = parse_decimal(expected);
    if (found.certainty == EG_DIGITS_PROVEN && are_equal(&printed, &double_rounded))
        assert_string_equal(found.text, expected);
}

static void check_balls(line *l, eg_context *ctx, void *opaque)
{
    static const int counts[] = {50, 17, 7};
    tally *t = opaque;
    eg_reals *reals;
    eg_real results[RESULTS];
    eg_reals_options options = {.bits = 8192};
    assert_int_equal(eg_reals_new(&reals, ctx, &options, NULL), EG_OK);
    derive(l, reals, l->index % 2 == 0, results);
    for (size_t i = 0; i < l->results; i++) {
        for (size_t k = 0; k < COUNT(counts); k++) {
            eg_certainty certainty = check_digits(l, i, reals, results[i], counts[k]);
            if (certainty != EG_DIGITS_PROVEN && l->reference[i].digits[0])
                fail_msg("%s at %s, result %zu: %d digits are not proven", l->text, l->point, i,
                         counts[k]);
            t->unknown += certainty == EG_DIGITS_UNKNOWN && counts[k] == 7;
        }
        check_layout(l, i, reals, results[i]);
        t->numbers++;
    }
    eg_reals_free(reals);
}

static bool have_balls(eg_context *ctx)
{
    eg_reals *reals;
    assert_int_equal(eg_reals_new(&reals, ctx, NULL, NULL), EG_OK);
    bool balls = strcmp(eg_reals_arithmetic(reals), "ball") == 0;
    eg_reals_free(reals);
    return balls;
}

static void test_balls(void **state)
{
    (void)state;
    tally t = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    if (!have_balls(ctx)) {
        close_context(ctx);
        skip();
    }
    for_every_line(ctx, check_balls, &t);
    close_context(ctx);
    if (t.unknown > MOST_UNKNOWN_ZEROS)
        fail_msg("%zu of %zu numbers are not proven to be 0", t.unknown, t.numbers);
}

static void check_intervals(line *l, eg_context *ctx, void *opaque)
{
    tally *t = opaque;
    eg_reals *reals;
    eg_real results[RESULTS];
    eg_reals_options options = {.doubles = true};
    bool seven = true;
    assert_int_equal(eg_reals_new(&reals, ctx, &options, NULL), EG_OK);
    assert_string_equal(eg_reals_arithmetic(reals), "interval");
    derive(l, reals, l->index % 2 == 1, results);
    for (size_t i = 0; i < l->results; i++) {
        check_digits(l, i, reals, results[i], 17);
        check_digits(l, i, reals, results[i], 50);
        eg_certainty certainty = check_digits(l, i, reals, results[i], 7);
        t->numbers++;
        t->unknown += certainty == EG_DIGITS_UNKNOWN;
        t->fewer += certainty == EG_DIGITS_FEWER;
        t->proven += certainty == EG_DIGITS_PROVEN;
        seven &= certainty == EG_DIGITS_PROVEN;
        if (i == 0)
            check_layout(l, i, reals, results[i]);
    }
    t->lines += seven;
    eg_reals_free(reals);
}

static void test_intervals(void **state)
{
    (void)state;
    tally t = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    for_every_line(ctx, check_intervals, &t);
    close_context(ctx);
    if (t.lines < LEAST_INTERVAL_LINES)
        fail_msg("only %zu lines have 7 digits: %zu of %zu numbers, %zu have fewer, %zu none",
                 t.lines, t.proven, t.numbers, t.fewer, t.unknown);
}

/* A number just below a power of 10 must not be rounded up to it with too few digits. */
static void check_beside_power(eg_context *ctx, bool doubles, const char *text)
{
    static const size_t digits = 8;
    eg_reals *reals;
    eg_real real;
    eg_reals_options options = {.doubles = doubles};
    eg_expr *expr = parse_good(ctx, text);
    decimal exact = parse_decimal(text);
    assert_int_equal(eg_reals_new(&reals, ctx, &options, NULL), EG_OK);
    assert_int_equal(eg_reals_derive(reals, expr, NULL, &real, NULL, NULL, NULL), EG_OK);
    for (size_t count = 1; count <= digits; count++) {
        eg_decimal found;
        assert_int_equal(eg_real_decimal(reals, real, (int)count, &found, NULL), EG_OK);
        assert_int_equal(found.certainty, EG_DIGITS_PROVEN);
        decimal printed = parse_decimal(found.text), wanted = round_decimal(exact, count);
        if (!are_equal(&printed, &wanted))
            fail_msg("%s to %zu digits is not %s", text, count, found.text);
    }
    eg_reals_free(reals);
    eg_expr_free(expr);
}

static void test_beside_powers(void **state)
{
    (void)state;
    static const char *const mantissas[] = {"9.9999997", "1.0000003", "9.9999993", "1"};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(mantissas); i++)
        for (int exponent = -25; exponent <= 25; exponent++) {
            char text[40];
            snprintf(text, sizeof text, "%se%d", mantissas[i], exponent);
            check_beside_power(ctx, false, text);
            check_beside_power(ctx, true, text);
        }
    close_context(ctx);
}

/* Writes a call of function f, whose help begins with its arguments ("x, y: ..."): x is the given
 * text, and the others are 2. */
static void write_call(char *out, size_t size, size_t f, const char *x)
{
    size_t used = (size_t)snprintf(out, size, "%s(", eg_expr_function(f));
    const char *c = eg_expr_function_help(f);
    for (bool first = true; *c && *c != ':'; first = false) {
        size_t length = strcspn(c, ",:");
        bool is_x = length == 1 && *c == 'x';
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", first ? "" : ", ", is_x ? x : "2");
        c += length;
        c += strspn(c, ", ");
    }
    snprintf(out + used, size - used, ")");
}

/* Numbers beyond any exponent have no digits, but a sign or a bound, and end no process. */
static void test_extremes(void **state)
{
    (void)state;
    static const char *const extremes[] = {"exp(exp(exp(50)))",   "exp(-exp(exp(50)))",
                                           "2^(2^(2^70))",        "2^(-2^(2^70))",
                                           "1+exp(-exp(exp(9)))", "exp(exp(exp(50)))+0.5"};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t f = 0; eg_expr_function(f); f++)
        for (size_t i = 0; i < COUNT(extremes); i++) {
            const eg_reals_options options = {.bits = 1024};
            char text[300], call[200];
            eg_reals *reals;
            eg_real real;
            eg_decimal found;
            write_call(call, sizeof call, f, extremes[i]);
            snprintf(text, sizeof text, "%s+3^(%s)", call, extremes[i]);
            eg_expr *expr = parse_good(ctx, text);
            assert_int_equal(eg_reals_new(&reals, ctx, &options, NULL), EG_OK);
            assert_int_equal(eg_reals_derive(reals, expr, NULL, &real, NULL, NULL, NULL), EG_OK);
            assert_int_equal(eg_real_decimal(reals, real, 7, &found, NULL), EG_OK);
            eg_reals_free(reals);
            eg_expr_free(expr);
        }
    close_context(ctx);
}

/* Simplification rounds 1e16 + 1 - 1e16 to 0, which is not the value. */
static void test_rounded_constants(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value, *slope;
    } cases[] = {
        {"1e16+1-1e16+0*x", "1", "0"},
        {"x*(1e16+1-1e16)", "2", "1"},
        {"1e-200*x*1e-200", "2e-400", "1e-400"},
        {"x*(0.1234567890123456789 - 0.1234567890123456788)", "2e-19", "1e-19"},
        {"sin(x)^2+cos(x)^2", "1", "0"},
    };
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        eg_reals_options options = {.doubles = i % 2};
        eg_reals *reals;
        assert_int_equal(eg_reals_new(&reals, ctx, &options, NULL), EG_OK);
        eg_expr *expr = parse_good(ctx, cases[i / 2].text);
        eg_real point = eg_real_integer(reals, 2), results[2];
        assert_int_equal(
            eg_surface_prove(reals, expr, &point, &results[0], &results[1], NULL, NULL), EG_OK);
        for (int k = 0; k < 2; k++) {
            eg_decimal found;
            assert_int_equal(eg_real_decimal(reals, results[k], 7, &found, NULL), EG_OK);
            if (found.certainty != EG_DIGITS_UNKNOWN)
                assert_string_equal(found.text, k ? cases[i / 2].slope : cases[i / 2].value);
        }
        eg_expr_free(expr);
        eg_reals_free(reals);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_beside_powers),
        cmocka_unit_test(test_rounded_constants),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_balls),
        cmocka_unit_test(test_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
