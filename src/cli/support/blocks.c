/* SPDX-License-Identifier: MIT */
/* Writes a report in blocks of named numbers, as text or JSON. */
#include "cli/support/blocks.h"

#include <math.h>
#include <string.h>

#include "cli/support/text.h"

enum { LABEL_COLUMNS = 22 };

const char *sheet_show(const sheet *s, char out[SHEET_NUMBER], double value)
{
    if (isnan(value))
        snprintf(out, SHEET_NUMBER, "undefined");
    else if (isinf(value))
        snprintf(out, SHEET_NUMBER, value < 0 ? "-infinite" : "infinite");
    else
        snprintf(out, SHEET_NUMBER, "%.*g", s->digits, value + 0.0); /* turns -0 into 0 */
    return out;
}

void sheet_show_vector(const sheet *s, char *out, size_t size, const double values[], size_t n)
{
    char number[SHEET_NUMBER];
    size_t used = (size_t)snprintf(out, size, "(");
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "",
                                 sheet_show(s, number, values[i]));
    if (used < size)
        snprintf(out + used, size - used, ")");
}

void sheet_block(sheet *s, const char *key, const char *heading)
{
    if (s->j)
        json_open(s->j, key, '{');
    else
        printf("\n%s\n", heading);
}

void sheet_end(sheet *s)
{
    if (s->j)
        json_close(s->j, '}');
}

static void print_line(const char *label, const char *text, const char *note)
{
    int width = (int)text_width(label);
    printf("  %s%*s%s%s%s\n", label, width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 1, "", text,
           note ? "  " : "", note ? note : "");
}

void sheet_number(sheet *s, const char *key, const char *label, double value, const char *note)
{
    char number[SHEET_NUMBER];
    if (s->j)
        json_exact(s->j, key, value);
    else
        print_line(label, sheet_show(s, number, value), note);
}

void sheet_text(sheet *s, const char *key, const char *label, const char *text)
{
    if (s->j)
        json_text(s->j, key, text);
    else
        print_line(label, text, NULL);
}

void sheet_bool(sheet *s, const char *key, bool value)
{
    if (s->j)
        json_bool(s->j, key, value);
}

void sheet_vector(sheet *s, const char *key, const char *label, const double values[], size_t n,
                  const char *note)
{
    char line[SHEET_LINE];
    if (!s->j) {
        sheet_show_vector(s, line, sizeof line, values, n);
        print_line(label, line, note);
        return;
    }
    json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        json_exact(s->j, NULL, values[i]);
    json_close(s->j, ']');
}

void sheet_matrix(sheet *s, const char *key, const char *label, const double values[], size_t n)
{
    if (s->j)
        json_open(s->j, key, '[');
    for (size_t i = 0; i < n; i++)
        sheet_vector(s, NULL, i ? "" : label, values + i * n, n, NULL);
    if (s->j)
        json_close(s->j, ']');
}

void sheet_note(sheet *s, const char *text)
{
    if (s->j)
        return;
    fputs("  ", stdout);
    text_wrapped(stdout, text, 2, 2);
}
