/* SPDX-License-Identifier: MIT */
/* Reads formulas from files, and reports errors in them by line and column. */
#include "cli/support/formula_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/formula.h"
#include "cli/support/text.h"

/* Returns the line of an offset, from 1, and sets *start to the offset where it begins. */
static size_t line_of(const char *text, size_t offset, size_t *start)
{
    size_t line = 1;
    *start = 0;
    for (size_t i = 0; i < offset && text[i]; i++)
        if (text[i] == '\n') {
            line++;
            *start = i + 1;
        }
    return line;
}

/* Reports an error at an offset: "FILE:3:7: text", columns counted in characters. */
static int report_at(const formula_source *source, eg_expr_location location, const char *text)
{
    size_t start, line = line_of(source->text, location.offset, &start), column = 1;
    for (size_t i = start; i < location.offset; i++)
        column += ((unsigned char)source->text[i] & 0xc0) != 0x80;
    const char *begin = source->text + start;
    char *copy = format_text("%.*s", (int)strcspn(begin, "\n"), begin);
    message("%s:%zu:%zu: %s", source->name, line, column, text);
    location.offset -= start;
    formula_print_excerpt(copy, location);
    free(copy);
    return EXIT_USAGE;
}

/* ---- reading ---- */

static void blank_comments(char *text)
{
    for (char *c = strchr(text, '#'); c; c = strchr(c, '#'))
        for (; *c && *c != '\n'; c++)
            *c = ' ';
}

/* Operators, brackets and commas: a line that ends or begins with one is not the whole formula. */
static const char *const joints[] = {
    "+",
    "-",
    "*",
    "/",
    "^",
    ",",
    "=",
    "<",
    ">",
    "|",
    "\xE2\x88\x92",
    "\xE2\x80\x93",
    "\xC2\xB7",
    "\xE2\x8B\x85",
    "\xC3\x97",
    "\xC3\xB7",
    "\xE2\x88\x95",
    "\xE2\x81\x84",
    "\xE2\x88\x9A",
    "\xE2\x89\xA4",
    "\xE2\x89\xA5",
    "\xE2\x89\xA0",
};

static bool ends_in_joint(const char *text, size_t end)
{
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        size_t length = strlen(joints[i]);
        if (end >= length && memcmp(text + end - length, joints[i], length) == 0)
            return true;
    }
    return false;
}

static bool begins_with_joint(const char *text)
{
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (strncmp(text, joints[i], strlen(joints[i])) == 0)
            return true;
    return *text == '!' || *text == ')';
}

/* Refuses a line break that would read as a product: two lines are two formulas unless one is
 * continued by an operator, a comma or in parentheses. */
static int check_lines(const formula_source *source)
{
    const char *text = source->text;
    int depth = 0;
    size_t end = 0; /* of what was read so far, without blanks */
    bool broken = false;
    for (size_t i = 0; text[i]; i++) {
        if (strchr(" \t\r\n", text[i])) {
            broken |= text[i] == '\n' && end > 0;
            continue;
        }
        if (broken && depth == 0 && !ends_in_joint(text, end) && !begins_with_joint(text + i))
            return report_at(source, (eg_expr_location){i, 1},
                             "a second formula: a file has one, whose lines go on after an "
                             "operator, a comma or in parentheses");
        broken = false;
        depth += (strchr("([{", text[i]) != NULL) - (strchr(")]}", text[i]) != NULL);
        end = i + 1;
    }
    if (end > 0)
        return EXIT_DONE;
    message("%s: there is no formula in it", source->name);
    return EXIT_USAGE;
}

/* Reads all of a file, at most EG_EXPR_LENGTH bytes. */
static int read_all(formula_source *source, FILE *file)
{
    const size_t size = EG_EXPR_LENGTH + 1;
    char *bytes = source->memory = format_memory(size + 1, 1);
    errno = 0;
    size_t count = fread(bytes, 1, size, file);
    if (ferror(file)) {
        message("%s: %s", source->name, strerror(errno));
        return errno_exit_code(errno);
    }
    if (count > EG_EXPR_LENGTH) {
        message("%s: longer than %d bytes: a formula has one or a few lines", source->name,
                EG_EXPR_LENGTH);
        return EXIT_LIMIT;
    }
    source->text = bytes;
    if (strlen(bytes) < count) {
        size_t start;
        message("%s:%zu: a byte 0: this is no text", source->name,
                line_of(bytes, strlen(bytes), &start));
        return EXIT_INPUT;
    }
    if (strncmp(bytes, "\xEF\xBB\xBF", 3) == 0) /* byte order mark */
        memset(bytes, ' ', 3);
    blank_comments(bytes);
    return check_lines(source);
}

int formula_source_read(formula_source *source, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    *source = (formula_source){.name = standard ? "standard input" : path};
    if (!standard && is_folder(path)) {
        message("%s: is a folder: name a file with a formula", path);
        return EXIT_FILE;
    }
    FILE *file = standard ? stdin : fopen(path, "r");
    if (!file) {
        message("%s: %s", path, strerror(errno));
        return errno_exit_code(errno);
    }
    int code = read_all(source, file);
    if (!standard)
        fclose(file);
    return code;
}

void formula_source_free(formula_source *source)
{
    free(source->memory);
    *source = (formula_source){0};
}

int formula_source_parse(eg_expr **expr, eg_context *ctx, const formula_source *source,
                         const eg_expr_options *options)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    if (!source->name)
        return formula_parse(expr, ctx, NULL, source->text, options);
    if (eg_expr_parse(expr, ctx, source->text, options, &location, &error) == EG_OK)
        return EXIT_DONE;
    if (error.status == EG_USAGE)
        return report_at(source, location, error.message);
    message("%s: %s", source->name, error.message);
    return exit_code(error.status);
}
