/* SPDX-License-Identifier: MIT */
/* Writes a report in blocks of named numbers, as text or JSON. */
#include "cli/support/blocks.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "cli/support/text.h"

enum { LABEL_COLUMNS = 22 };

const char *block_format_number(const block_writer *s, char out[BLOCK_NUMBER_SIZE], double value)
{
    int digits = s->digits < DBL_DECIMAL_DIG ? s->digits : DBL_DECIMAL_DIG; /* all of a double */
    if (isnan(value))
        snprintf(out, BLOCK_NUMBER_SIZE, "undefined");
    else if (isinf(value))
        snprintf(out, BLOCK_NUMBER_SIZE, value < 0 ? "-infinite" : "infinite");
    else
        snprintf(out, BLOCK_NUMBER_SIZE, "%.*g", digits, value + 0.0); /* turns -0 into 0 */
    return out;
}

void block_format_vector(const block_writer *s, char *out, size_t size, const double values[],
                         size_t n)
{
    char number[BLOCK_NUMBER_SIZE];
    size_t used = (size_t)snprintf(out, size, "(");
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "",
                                 block_format_number(s, number, values[i]));
    if (used < size)
        snprintf(out + used, size - used, ")");
}

void block_open(block_writer *s, const char *key, const char *heading)
{
    if (s->j)
        json_open(s->j, key, '{');
    else
        printf("\n%s\n", heading);
}

void block_close(block_writer *s)
{
    if (s->j)
        json_close(s->j, '}');
}

void block_line(const char *label, const char *text, const char *note)
{
    int width = (int)text_width(label);
    printf("  %s%*s%s%s%s\n", label, width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 1, "", text,
           note ? "  " : "", note ? note : "");
}

void block_number(block_writer *s, const char *key, const char *label, double value,
                  const char *note)
{
    char number[BLOCK_NUMBER_SIZE];
    if (s->j)
        json_exact(s->j, key, value);
    else
        block_line(label, block_format_number(s, number, value), note);
}

void block_text(block_writer *s, const char *key, const char *label, const char *text)
{
    if (s->j)
        json_text(s->j, key, text);
    else
        block_line(label, text, NULL);
}

void block_bool(block_writer *s, const char *key, bool value)
{
    if (s->j)
        json_bool(s->j, key, value);
}

void block_vector(block_writer *s, const char *key, const char *label, const double values[],
                  size_t n, const char *note)
{
    char line[BLOCK_LINE_SIZE];
    if (!s->j) {
        block_format_vector(s, line, sizeof line, values, n);
        block_line(label, line, note);
        return;
    }
    json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        json_exact(s->j, NULL, values[i]);
    json_close(s->j, ']');
}

void block_matrix(block_writer *s, const char *key, const char *label, const double values[],
                  size_t n)
{
    if (s->j)
        json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        block_vector(s, NULL, i ? "" : label, values + i * n, n, NULL);
    if (s->j)
        json_close(s->j, ']');
}

void block_note(block_writer *s, const char *text)
{
    if (s->j)
        return;
    fputs("  ", stdout);
    text_wrapped(stdout, text, 2, 2);
}
