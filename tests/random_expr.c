/* SPDX-License-Identifier: MIT */
/* Random expressions as text, the same in every run. */
#include "random_expr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned roll(dice *d, unsigned sides)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(d->state >> 33) % sides;
}

double roll_between(dice *d, double low, double high)
{
    return low + (high - low) * (roll(d, 1 << 20) + 0.5) / (1 << 20);
}

static void append(char *out, const char *text)
{
    size_t n = strlen(out);
    snprintf(out + n, RANDOM_EXPR_SIZE - n, "%s", text);
}

static void append_leaf(char *out, dice *d)
{
    static const char *const leaves[] = {"x", "y",   "z",     "x",  "y", "z",   "1", "2",
                                         "3", "0.5", "1.5e0", "pi", "e", "0.1", "0", "7"};
    append(out, leaves[roll(d, COUNT(leaves))]);
}

static void append_expr(char *out, dice *d, int depth);

/* Appends a call of any function; an argument named n is a number. */
static void append_call(char *out, dice *d, int depth)
{
    static const char *const orders[] = {"1", "2", "3", "4", "5"};
    size_t functions = 0;
    while (eg_expr_function(functions))
        functions++;
    size_t f = roll(d, (unsigned)functions);
    append(out, eg_expr_function(f));
    const char *separator = "(", *help = eg_expr_function_help(f);
    for (;; help += 3) {
        append(out, separator);
        if (*help == 'n')
            append(out, orders[roll(d, COUNT(orders))]);
        else
            append_expr(out, d, depth - 1);
        separator = ", ";
        if (help[1] != ',' || help[3] == '.')
            break;
    }
    append(out, ")");
}

/* Appends a comparison, or an expression. */
static void append_condition(char *out, dice *d, int depth)
{
    static const char *const comparisons[] = {" < ", " <= ", " > ", " >= ", " == ", " != "};
    append_expr(out, d, depth);
    append(out, comparisons[roll(d, COUNT(comparisons))]);
    append_expr(out, d, depth);
}

static void append_expr(char *out, dice *d, int depth)
{
    static const char *const operators[] = {" + ", " - ", "*", "/", " + ", "*"};
    static const char *const exponents[] = {"^2", "^3", "^-1", "^0.5", "^5", "^(1/3)", "^-2", "^y"};
    unsigned kind = roll(d, 21) / 2;
    if (depth == 0) {
        append_leaf(out, d);
    } else if (kind < 5) {
        append(out, "(");
        append_expr(out, d, depth - 1);
        append(out, operators[roll(d, COUNT(operators))]);
        append_expr(out, d, depth - 1);
        append(out, ")");
    } else if (kind < 6) {
        append(out, "(");
        append_expr(out, d, depth - 1);
        append(out, ")");
        append(out, exponents[roll(d, COUNT(exponents))]);
    } else if (kind < 7) {
        append(out, "-");
        append_expr(out, d, depth - 1);
    } else if (kind == 10) {
        append(out, "(");
        append_condition(out, d, depth - 1);
        append(out, ")");
    } else {
        append_call(out, d, depth);
    }
}

void random_expr(char out[RANDOM_EXPR_SIZE], dice *d, int depth)
{
    out[0] = '\0';
    append_expr(out, d, depth);
}

static eg_expr *parse(eg_context *ctx, const char *text, const eg_expr_options *options)
{
    eg_expr *expr = NULL;
    eg_error error = {0};
    if (eg_expr_parse(&expr, ctx, text, options, NULL, &error) != EG_OK)
        fail_msg("%.200s: %s", text, error.message);
    return expr;
}

eg_expr *parse_xyz(eg_context *ctx, const char *text)
{
    static const char *const names[] = {"x", "y", "z"};
    const eg_expr_options options = {.names = names, .name_count = 3};
    return parse(ctx, text, &options);
}

eg_expr *parse_good(eg_context *ctx, const char *text)
{
    return parse(ctx, text, NULL);
}

/* Maps a double to an integer such that consecutive doubles have consecutive integers. */
static int64_t ordinal(double v)
{
    int64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

double units_between(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b) ? 0 : INFINITY;
    return fabs((double)ordinal(a) - (double)ordinal(b)) < 0x1p50
               ? (double)llabs(ordinal(a) - ordinal(b))
               : fabs((double)ordinal(a) - (double)ordinal(b));
}
