/* SPDX-License-Identifier: MIT */
/* Parses formulas typed by users. */
#include "cli/support/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/text.h"

enum { EXCERPT = 72 }; /* bytes of a formula shown under a message */

/* ---- expressions ---- */

void formula_print_excerpt(const char *text, eg_expr_location location)
{
    size_t length = strlen(text);
    size_t from = location.offset > EXCERPT / 2 ? location.offset - EXCERPT / 2 : 0;
    while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80) /* inside a UTF-8 character */
        from--;
    size_t shown = length - from < EXCERPT ? length - from : EXCERPT;
    size_t end = location.offset + location.length < from + shown
                     ? location.offset + location.length
                     : from + shown;
    char excerpt[EXCERPT + 1], before[EXCERPT + 1], marked[EXCERPT + 1];
    snprintf(excerpt, sizeof excerpt, "%.*s", (int)shown, text + from);
    snprintf(before, sizeof before, "%.*s", (int)(location.offset - from), text + from);
    snprintf(marked, sizeof marked, "%.*s",
             end > location.offset ? (int)(end - location.offset) : 0, text + location.offset);
    fputs("    ", stderr);
    text_escaped(stderr, excerpt);
    fprintf(stderr, "\n    %*s^", (int)text_escaped_width(before), "");
    for (size_t i = 1; i < text_escaped_width(marked); i++)
        fputc('~', stderr);
    fputc('\n', stderr);
}

int formula_error(const char *where, const char *text, eg_expr_location location,
                  const eg_error *error)
{
    message("%s%s%s", where ? where : "", where ? ": " : "", error->message);
    if (error->status == EG_USAGE)
        formula_print_excerpt(text, location);
    return exit_code(error->status);
}

int formula_parse(eg_expr **expr, eg_context *ctx, const char *where, const char *text,
                  const eg_expr_options *options)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    if (eg_expr_parse(expr, ctx, text, options, &location, &error) == EG_OK)
        return EXIT_DONE;
    return formula_error(where, text, location, &error);
}

/* ---- constants ---- */

int formula_constant_expr(eg_expr **expr, double *value, eg_context *ctx, const char *where,
                          const char *text, const formula_constants *constants)
{
    static const char *const none[1] = {NULL};
    eg_expr_options options = {
        .names = none, .bindings = constants->let, .binding_count = constants->count};
    eg_error error = {0};
    int code = formula_parse(expr, ctx, where, text, &options);
    if (code != EXIT_DONE)
        return code;
    eg_status status = eg_expr_eval(*expr, NULL, value, NULL, NULL, &error);
    if (status != EG_OK) {
        message("%s: %s", where, error.message);
        return exit_code(status);
    }
    if (isfinite(*value))
        return EXIT_DONE;
    message("%s: %.200s is not a finite number", where, text);
    return EXIT_USAGE;
}

int formula_constant(double *value, eg_context *ctx, const char *where, const char *text,
                     const formula_constants *constants)
{
    eg_expr *expr;
    int code = formula_constant_expr(&expr, value, ctx, where, text, constants);
    eg_expr_free(expr);
    return code;
}

/* Returns the text after the first = and the length of the name before it; NULL: no =. */
static const char *split_name(const char *text, size_t *length)
{
    const char *sign = strchr(text, '=');
    if (!sign)
        return NULL;
    *length = (size_t)(sign - text);
    while (*length > 0 && text[*length - 1] == ' ')
        (*length)--;
    return sign + 1;
}

int formula_read_constants(formula_constants *constants, eg_context *ctx, const cli_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        size_t length = 0;
        const char *value = split_name(texts->text[i], &length);
        if (!value || length == 0) {
            message("--let: '%.200s' is not of the form NAME=NUMBER", texts->text[i]);
            return EXIT_USAGE;
        }
        double number;
        eg_expr **exact = &constants->exact[constants->count];
        int code = formula_constant_expr(exact, &number, ctx, "--let", value, constants);
        if (code != EXIT_DONE) {
            eg_expr_free(*exact);
            return code;
        }
        char *name = format_text("%.*s", (int)length, texts->text[i]);
        constants->names[constants->count] = name;
        constants->let[constants->count++] = (eg_binding){name, number, *exact};
    }
    return EXIT_DONE;
}

void formula_free_constants(formula_constants *constants)
{
    for (size_t i = 0; i < constants->count; i++) {
        free(constants->names[i]);
        eg_expr_free(constants->exact[i]);
    }
    constants->count = 0;
}
