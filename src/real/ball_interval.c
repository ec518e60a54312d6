/* SPDX-License-Identifier: MIT */
/* Ball arithmetic by intervals of doubles, where Arb is not available. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real/ball.h"

enum { BITS = 53, LARGEST_DIGITS = 17 };

static void init(eg_ball *ball)
{
    ball->interval = (eg_interval){0, 0};
}

static void clear(eg_ball *ball)
{
    (void)ball;
}

/* ---- numbers ---- */

static void set_number(eg_ball *ball, const eg_graph *graph, const eg_node *number, long bits)
{
    (void)bits;
    eg_rational value = number->number;
    if (eg_literal(graph, number)) {
        ball->interval = eg_interval_about(value.num);
        return;
    }
    eg_interval numerator = {value.num, value.num}, denominator = {value.den, value.den};
    ball->interval =
        value.den == 1 ? numerator : eg_interval_apply(EG_OP_DIV, 0, numerator, denominator);
}

static void set_constant(eg_ball *ball, uint32_t constant, long bits)
{
    (void)bits;
    ball->interval = eg_interval_about(eg_constant_values[constant]);
}

static void set_integer(eg_ball *ball, int64_t value)
{
    ball->interval = (eg_interval){(double)value, (double)value};
}

static void set_between(eg_ball *ball, double low, double high)
{
    ball->interval = (eg_interval){low, high};
}

/* ---- comparisons ---- */

static int compare(const eg_ball *ball, int64_t integer)
{
    double k = (double)integer;
    eg_interval a = ball->interval;
    if (a.low > k)
        return 1;
    if (a.high < k)
        return -1;
    return a.low == k && a.high == k ? 0 : EG_UNSURE;
}

static bool is_within(const eg_ball *ball, int64_t integer, double bits)
{
    double k = (double)integer, bound = bits < 1000 ? exp2(-ceil(bits)) : 0;
    return ball->interval.high - k < bound && k - ball->interval.low < bound;
}

static bool unique_integer(const eg_ball *ball, int64_t *integer)
{
    double k = ceil(ball->interval.low);
    if (!(fabs(k) < 0x1p53) || k > ball->interval.high || k + 1 <= ball->interval.high)
        return false;
    *integer = (int64_t)k;
    return true;
}

static bool apply(eg_ball *out, unsigned op, unsigned n, const eg_ball *a, const eg_ball *b,
                  long bits)
{
    (void)bits;
    out->interval = eg_interval_apply(op, n, a->interval, b->interval);
    return isfinite(out->interval.low) && isfinite(out->interval.high);
}

/* ---- digits ---- */

/* Writes |value| with `count` significant digits; returns the decimal exponent. */
static long print_digits(char out[LARGEST_DIGITS + 1], double value, int count)
{
    char text[64];
    size_t used = 0;
    snprintf(text, sizeof text, "%.*e", count - 1, fabs(value));
    const char *c = text;
    for (; *c && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9' && used < LARGEST_DIGITS)
            out[used++] = *c;
    out[used] = 0;
    return *c ? strtol(c + 1, NULL, 10) + 1 : 0;
}

static bool round_digits(const eg_ball *ball, int count, eg_digits *digits)
{
    static _Thread_local char low[LARGEST_DIGITS + 1], high[LARGEST_DIGITS + 1];
    eg_interval a = ball->interval;
    *digits = (eg_digits){.sign = compare(ball, 0)};
    if (digits->sign == 0)
        return true;
    if (digits->sign == EG_UNSURE || count > LARGEST_DIGITS)
        return false;
    digits->exponent = print_digits(low, a.low, count);
    digits->digits = low;
    return print_digits(high, a.high, count) == digits->exponent && strcmp(low, high) == 0;
}

static void free_digits(eg_digits *digits)
{
    digits->digits = NULL;
}

static double approximate(const eg_ball *ball)
{
    return ball->interval.low / 2 + ball->interval.high / 2;
}

static void bounds_of(const eg_ball *ball, double bounds[2])
{
    bounds[0] = ball->interval.low;
    bounds[1] = ball->interval.high;
}

static double magnitude(const eg_ball *ball)
{
    return log2(fmax(fabs(ball->interval.low), fabs(ball->interval.high))) + 1e-6;
}

const eg_ball_arithmetic eg_interval_arithmetic = {
    .name = "interval",
    .largest_bits = BITS,
    .init = init,
    .clear = clear,
    .set_number = set_number,
    .set_constant = set_constant,
    .set_integer = set_integer,
    .set_between = set_between,
    .apply = apply,
    .compare = compare,
    .is_within = is_within,
    .unique_integer = unique_integer,
    .round = round_digits,
    .free_digits = free_digits,
    .approximate = approximate,
    .bounds = bounds_of,
    .magnitude = magnitude,
};
