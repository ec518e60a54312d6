/* SPDX-License-Identifier: MIT */
/* Writes bounds in the blocks of a report, rounded so that they are still bounds. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "cli/support/blocks.h"

enum { DOUBLE_DIGITS = 17 };

/* Writes the decimal of `digits` digits next to `bound` in the direction. */
static void format_bound(char out[BLOCK_NUMBER_SIZE], int digits, double bound, int direction)
{
    double shifted = bound;
    snprintf(out, BLOCK_NUMBER_SIZE, "%.*g", digits, bound + 0.0);
    for (int i = 0; i < 3 && (strtod(out, NULL) - bound) * direction < 0; i++) {
        double unit = pow(10, floor(log10(fabs(bound))) + 1 - digits);
        shifted += direction * (i ? unit : unit / 2);
        snprintf(out, BLOCK_NUMBER_SIZE, "%.*g", digits, shifted);
    }
}

static int digits_of(const block_writer *s)
{
    return s->j || s->digits > DOUBLE_DIGITS ? DOUBLE_DIGITS : s->digits;
}

void block_bound(block_writer *s, const char *key, const char *label, double bound, int direction,
                 const char *note)
{
    char text[BLOCK_NUMBER_SIZE];
    if (!isfinite(bound)) {
        block_number(s, key, label, bound, note);
        return;
    }
    format_bound(text, digits_of(s), bound, direction);
    if (s->j)
        json_decimal(s->j, key, text);
    else
        block_line(label, text, note);
}

void block_range(block_writer *s, const char *key, const char *label, const double range[2],
                 const char *note)
{
    char low[BLOCK_NUMBER_SIZE], high[BLOCK_NUMBER_SIZE], both[2 * BLOCK_NUMBER_SIZE + 8];
    format_bound(low, digits_of(s), range[0], -1);
    format_bound(high, digits_of(s), range[1], 1);
    if (s->j) {
        json_open(s->j, key, '[');
        json_decimal(s->j, NULL, low);
        json_decimal(s->j, NULL, high);
        json_close(s->j, ']');
        return;
    }
    snprintf(both, sizeof both, "(%s, %s)", low, high);
    block_line(label, both, note);
}
