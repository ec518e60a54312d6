/* SPDX-License-Identifier: MIT */
/* Parses formulas typed by users. */
#include "cli/support/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/text.h"

enum { EXCERPT = 72 }; /* bytes of a formula shown under a message */

/* ---- expressions ---- */

/* Prints an excerpt of the formula around the error, and a line that underlines the error. */
static void print_excerpt(const char *text, eg_expr_location location)
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
    fprintf(stderr, "\n    %*s^", (int)text_width(before), "");
    for (size_t i = 1; i < text_width(marked); i++)
        fputc('~', stderr);
    fputc('\n', stderr);
}

int formula_parse(eg_expr **expr, eg_context *ctx, const char *where, const char *text,
                  const eg_expr_options *options)
{
    eg_error error = {0};
    eg_expr_location location = {0};
    if (eg_expr_parse(expr, ctx, text, options, &location, &error) == EG_OK)
        return EXIT_DONE;
    message("%s%s%s", where ? where : "", where ? ": " : "", error.message);
    if (error.status == EG_USAGE)
        print_excerpt(text, location);
    return exit_code(error.status);
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
        char *name = strndup(texts->text[i], length);
        constants->names[constants->count] = name;
        constants->let[constants->count++] = (eg_binding){name ? name : "", number, *exact};
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

/* ---- points ---- */

void formula_variables(const eg_expr *expr, char *out, size_t size)
{
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < eg_expr_variables(expr) && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", eg_expr_name(expr, i));
}

/* Returns the next part up to a comma outside parentheses, which it overwrites; NULL: no more. */
static char *next_part(char **rest)
{
    char *part = *rest, *c = part;
    if (!part)
        return NULL;
    for (int depth = 0; *c && (*c != ',' || depth > 0); c++)
        depth += (*c == '(') - (*c == ')');
    *rest = *c ? c + 1 : NULL;
    *c = 0;
    return part + strspn(part, " ");
}

void formula_product_hint(const eg_expr *expr, bool letters, char hint[PRODUCT_HINT_SIZE])
{
    const char *names[EG_EXPR_VARIABLES];
    size_t count = eg_expr_variables(expr);
    for (size_t i = 0; i < count; i++)
        names[i] = eg_expr_name(expr, i);
    product_hint(names, count, letters, hint);
}

static int find_variable(const eg_expr *expr, const char *name, size_t length)
{
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        const char *known = eg_expr_name(expr, i);
        if (strlen(known) == length && strncmp(known, name, length) == 0)
            return (int)i;
    }
    return -1;
}

/* State of formula_parts(). */
typedef struct parts {
    const char *where;
    const eg_expr *expr;
    formula_part_reader *read;
    void *opaque;
    bool given[EG_EXPR_VARIABLES]; /* variables that have a part so far */
    size_t count;                  /* parts so far */
    bool named;                    /* parts are NAME=TEXT */
} parts;

int formula_unknown_variable(const char *where, const eg_expr *expr, const char *name,
                             size_t length)
{
    char known[512], hint[PRODUCT_HINT_SIZE];
    formula_variables(expr, known, sizeof known);
    formula_product_hint(expr, true, hint);
    message("%s: '%.*s' is not a variable of the expression; its variables are %s%s", where,
            length < 200 ? (int)length : 200, name, known, hint);
    return EXIT_USAGE;
}

/* Assigns a part to its variable and reads it. */
static int read_part(parts *p, const char *text)
{
    size_t length = 0;
    const char *value = split_name(text, &length);
    bool named = value != NULL;
    if (p->count > 0 && named != p->named) {
        message("%s: name all coordinates (x=1,y=2) or none (1,2)", p->where);
        return EXIT_USAGE;
    }
    p->named = named;
    size_t index = p->count++;
    if (named) {
        int found = find_variable(p->expr, text, length);
        if (found < 0)
            return formula_unknown_variable(p->where, p->expr, text, length);
        index = (size_t)found;
    }
    if (index >= eg_expr_variables(p->expr))
        return EXIT_DONE; /* check_count() reports it */
    if (p->given[index]) {
        message("%s: %s is given twice", p->where, eg_expr_name(p->expr, index));
        return EXIT_USAGE;
    }
    p->given[index] = true;
    return p->read(p->opaque, index, named ? value : text);
}

static int check_count(const parts *p)
{
    char known[512], hint[PRODUCT_HINT_SIZE];
    size_t wanted = eg_expr_variables(p->expr);
    if (p->count == wanted)
        return EXIT_DONE;
    formula_variables(p->expr, known, sizeof known);
    formula_product_hint(p->expr, p->count > wanted, hint);
    for (size_t i = 0; p->named && i < wanted; i++)
        if (!p->given[i]) {
            message("%s: missing value of %s%s", p->where, eg_expr_name(p->expr, i), hint);
            return EXIT_USAGE;
        }
    message("%s: %zu number%s for %zu variable%s (%s)%s", p->where, p->count,
            p->count == 1 ? "" : "s", wanted, wanted == 1 ? "" : "s", known,
            *hint               ? hint
            : p->count > wanted ? "; decimals are written with a point: 1.5"
                                : "");
    return EXIT_USAGE;
}

int formula_parts(const char *where, const char *text, const eg_expr *expr,
                  formula_part_reader *part, void *opaque)
{
    parts p = {.where = where, .expr = expr, .read = part, .opaque = opaque};
    int code = EXIT_DONE;
    char *copy = strdup(text), *rest = copy;
    for (const char *next; code == EXIT_DONE && (next = next_part(&rest)) != NULL;)
        code = read_part(&p, next);
    free(copy);
    return code == EXIT_DONE ? check_count(&p) : code;
}

typedef struct point_parts {
    double *point;
    eg_expr **exact; /* NULL: not wanted */
    eg_context *ctx;
    const char *where;
    const formula_constants *constants;
} point_parts;

static int read_coordinate(void *opaque, size_t index, const char *text)
{
    const point_parts *p = opaque;
    eg_expr *expr;
    int code = formula_constant_expr(&expr, &p->point[index], p->ctx, p->where, text, p->constants);
    if (p->exact)
        p->exact[index] = expr;
    else
        eg_expr_free(expr);
    return code;
}

int formula_exact_point(double point[], eg_expr *exact[], eg_context *ctx, const char *where,
                        const char *text, const eg_expr *expr, const formula_constants *constants)
{
    point_parts p = {point, exact, ctx, where, constants};
    return formula_parts(where, text, expr, read_coordinate, &p);
}

int formula_point(double point[], eg_context *ctx, const char *where, const char *text,
                  const eg_expr *expr, const formula_constants *constants)
{
    return formula_exact_point(point, NULL, ctx, where, text, expr, constants);
}
