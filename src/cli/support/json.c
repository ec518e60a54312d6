/* SPDX-License-Identifier: MIT */
/* Writes JSON (RFC 8259). Every byte of text that is not UTF-8 becomes U+FFFD. */
#include "cli/support/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/support/text.h"

static void write_string(json *j, const char *text)
{
    static const char special[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    fputc('"', j->out);
    while (*text) {
        size_t length = text_character(text);
        const char *found = strchr(special, *text);
        if (found)
            fprintf(j->out, "\\%c", letter[found - special]);
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            fprintf(j->out, "\\u%04x", (unsigned char)*text);
        else if (length)
            fwrite(text, 1, length, j->out);
        else
            fputs("\\ufffd", j->out);
        text += length ? length : 1;
    }
    fputc('"', j->out);
}

static void new_line(json *j)
{
    if (!j->in_line)
        fprintf(j->out, "\n%*s", 2 * j->depth, "");
    else if (j->filled)
        fputc(' ', j->out);
}

/* Writes what precedes a value: comma, line break, key. */
static void begin_value(json *j, const char *key)
{
    if (j->filled)
        fputc(',', j->out);
    if (j->depth > 0)
        new_line(j);
    if (key) {
        write_string(j, key);
        fputs(": ", j->out);
    }
    j->filled = true;
}

void json_open(json *j, const char *key, char bracket)
{
    begin_value(j, key);
    fputc(bracket, j->out);
    j->depth++;
    j->filled = false;
}

void json_close(json *j, char bracket)
{
    j->depth--;
    if (j->filled && !j->in_line)
        new_line(j);
    fputc(bracket, j->out);
    j->filled = true;
    if (j->depth == 0)
        fputc('\n', j->out);
}

void json_text(json *j, const char *key, const char *value)
{
    begin_value(j, key);
    write_string(j, value);
}

static void write_number(json *j, const char *key, double value, int digits)
{
    begin_value(j, key);
    if (isfinite(value))
        fprintf(j->out, "%.*g", digits, value);
    else
        fputs("null", j->out);
}

/* Ten digits are more than a measurement has and few enough to hide binary rounding. */
void json_number(json *j, const char *key, double value)
{
    write_number(j, key, value, 10);
}

void json_exact(json *j, const char *key, double value)
{
    write_number(j, key, value, 17);
}

void json_decimal(json *j, const char *key, const char *decimal)
{
    begin_value(j, key);
    fputs(decimal, j->out);
}

void json_count(json *j, const char *key, uint64_t value)
{
    begin_value(j, key);
    fprintf(j->out, "%" PRIu64, value);
}

void json_bool(json *j, const char *key, bool value)
{
    begin_value(j, key);
    fputs(value ? "true" : "false", j->out);
}

void json_null(json *j, const char *key)
{
    begin_value(j, key);
    fputs("null", j->out);
}
