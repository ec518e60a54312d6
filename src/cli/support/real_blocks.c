/* SPDX-License-Identifier: MIT */
/* Writes exact numbers in the blocks of a report: every digit shown is proven. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/blocks.h"
#include "cli/support/format.h"

/* More digits than a double has, so that a reader of doubles gets the nearest one. */
enum { JSON_DIGITS = 20 };

static const double largest_exponent = 1e7; /* of 10, in a decimal */

/* Returns true for a number whose sign is known: only its exponent is too large to print it. */
static bool is_beyond(const block_writer *s, eg_real value, const eg_decimal *decimal)
{
    if (!(fabs(decimal->log10_bound) > largest_exponent))
        return false;
    eg_real_sign sign = eg_real_sign_of(s->reals, value);
    return sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE;
}

/* Computes the digits of a number, and counts those that are not all certain. */
static void read_decimal(block_writer *s, eg_real value, eg_decimal *decimal)
{
    eg_error error = {0};
    int digits = s->j && s->digits < JSON_DIGITS ? JSON_DIGITS : s->digits;
    if (eg_real_decimal(s->reals, value, digits, decimal, &error) != EG_OK)
        format_no_memory();
    s->fewer += decimal->certainty == EG_DIGITS_FEWER;
    s->undecided += decimal->certainty == EG_DIGITS_UNKNOWN && !is_beyond(s, value, decimal);
}

/* Writes a number of which no digit is certain: it may be 0. */
static void format_bound(char *out, size_t size, double log10_bound)
{
    if (log10_bound < 0)
        snprintf(out, size, "about 0 (below 1e%.0f)", ceil(log10_bound));
    else if (log10_bound < 300)
        snprintf(out, size, "unknown (below 1e+%02.0f)", ceil(log10_bound));
    else
        snprintf(out, size, "unknown");
}

char *block_real_text(block_writer *s, eg_real value)
{
    eg_decimal decimal;
    char bound[64];
    read_decimal(s, value, &decimal);
    if (decimal.certainty == EG_DIGITS_UNDEFINED)
        return format_text("undefined");
    if (decimal.certainty != EG_DIGITS_UNKNOWN)
        return format_text("%s", decimal.text);
    if (is_beyond(s, value, &decimal))
        snprintf(bound, sizeof bound, "too %s to print",
                 decimal.log10_bound < 0 ? "near 0" : "large");
    else
        format_bound(bound, sizeof bound, decimal.log10_bound);
    return format_text("%s", bound);
}

char *block_real_vector_text(block_writer *s, const eg_real values[], size_t n)
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    fputc('(', out);
    for (size_t i = 0; i < n; i++) {
        char *number = block_real_text(s, values[i]);
        fprintf(out, "%s%s", i ? ", " : "", number);
        free(number);
    }
    fputc(')', out);
    format_close(out, &text);
    return text;
}

void block_json_real(block_writer *s, const char *key, eg_real value)
{
    eg_decimal decimal;
    read_decimal(s, value, &decimal);
    if (decimal.certainty == EG_DIGITS_PROVEN || decimal.certainty == EG_DIGITS_FEWER)
        json_decimal(s->j, key, decimal.text);
    else
        json_null(s->j, key);
}

void block_real(block_writer *s, const char *key, const char *label, eg_real value,
                const char *note)
{
    if (s->j) {
        block_json_real(s, key, value);
        return;
    }
    char *text = block_real_text(s, value);
    block_line(label, text, note);
    free(text);
}

void block_real_vector(block_writer *s, const char *key, const char *label, const eg_real values[],
                       size_t n, const char *note)
{
    if (!s->j) {
        char *text = block_real_vector_text(s, values, n);
        block_line(label, text, note);
        free(text);
        return;
    }
    json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        block_json_real(s, NULL, values[i]);
    json_close(s->j, ']');
}

void block_real_matrix(block_writer *s, const char *key, const char *label, const eg_real values[],
                       size_t n)
{
    if (s->j)
        json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        block_real_vector(s, NULL, i ? "" : label, values + i * n, n, NULL);
    if (s->j)
        json_close(s->j, ']');
}
