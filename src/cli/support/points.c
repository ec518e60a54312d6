/* SPDX-License-Identifier: MIT */
/*
 * Parses points as people type them: 1,2 and x=1,y=2 and these with blanks in place of commas, in
 * brackets (1, 2), [1, 2] or <1, 2>, and (x, y) = (1, 2).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"

#include "cli/support/formula.h"

/* Separators of the parts of a text. */
typedef enum separation {
    BY_COMMAS,
    BY_BLANKS, /* numbers: between operands */
    BY_NAMES,  /* NAME=TEXT: before a name and its = */
    NONE       /* one part */
} separation;

/* State of formula_named_parts(). */
typedef struct parts {
    const char *where;
    const char *const *names;
    size_t wanted; /* names */
    formula_part_reader *read;
    void *opaque;
    separation separation;
    bool given[EG_EXPR_VARIABLES]; /* variables that have a part so far */
    size_t count;                  /* parts so far */
    bool named;                    /* parts are NAME=TEXT */
} parts;

/* ---- splitting ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int nesting(char c)
{
    return (c && strchr("([{", c) ? 1 : 0) - (c && strchr(")]}", c) ? 1 : 0);
}

/* Returns the first of `characters` outside brackets, NULL if there is none. */
static char *find_outside(char *text, const char *characters)
{
    int depth = 0;
    for (; *text; text++) {
        if (depth <= 0 && strchr(characters, *text))
            return text;
        depth += nesting(*text);
    }
    return NULL;
}

/* Removes blanks at both ends. */
static char *trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        text[--length] = 0;
    return text + strspn(text, " \t\r\n");
}

/* Removes blanks and brackets around the whole text. */
static char *strip_brackets(char *text)
{
    enum { MOST = 8 }; /* pairs of brackets */
    for (int pairs = 0; pairs < MOST; pairs++) {
        text = trim(text);
        size_t length = strlen(text), at = 0;
        bool angle = length > 1 && text[0] == '<' && text[length - 1] == '>';
        int depth = 0;
        do
            depth += nesting(text[at++]);
        while (depth > 0 && at < length);
        if (length < 2 || !(angle || (at == length && nesting(text[0]) > 0 && depth == 0)))
            return text;
        text[length - 1] = 0;
        text++;
    }
    return trim(text);
}

/* Returns true if a name and = begin here. */
static bool begins_with_name(const char *text)
{
    size_t length = strcspn(text, " \t\r\n=,()[]{}+-*/^");
    return length > 0 && !isdigit((unsigned char)*text) &&
           text[length + strspn(text + length, " \t\r\n")] == '=';
}

/* Returns true if the blanks between two characters separate numbers, rather than belong to an
 * operator: 1 2 and 1 -2, but not 1 - 2. */
static bool separates(char before, const char *after)
{
    if (strchr("+-*/^=,", before) || strchr("*/^=", *after))
        return false;
    return !(*after == '+' || *after == '-') || !is_blank(after[1]);
}

/* Returns the next part, which it ends with a 0; NULL: no more. */
static char *next_part(const parts *p, char **rest)
{
    char *part = *rest;
    int depth = 0;
    if (!part)
        return NULL;
    part += strspn(part, " \t\r\n");
    for (char *c = part; *c; c++) {
        depth += nesting(*c);
        char *after = c + strspn(c, " \t\r\n");
        bool separator = depth <= 0 && (p->separation == BY_COMMAS ? *c == ',' : is_blank(*c));
        if (separator && p->separation == BY_BLANKS)
            separator = c > part && separates(c[-1], after);
        if (separator && p->separation == BY_NAMES)
            separator = begins_with_name(after);
        if (!separator || p->separation == NONE) {
            c = after > c ? after - 1 : c; /* blanks are judged together */
            continue;
        }
        *c = 0;
        *rest = c + 1;
        return trim(part);
    }
    *rest = NULL;
    return trim(part);
}

static separation choose_separation(char *text, size_t wanted)
{
    return find_outside(text, ",")   ? BY_COMMAS
           : find_outside(text, "=") ? BY_NAMES
           : wanted == 1             ? NONE
                                     : BY_BLANKS;
}

/* ---- names ---- */

/* Writes names with commas: "x, y, z". */
static void list_names(const char *const names[], size_t count, char *out, size_t size)
{
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

static size_t collect_names(const eg_expr *expr, const char *names[EG_EXPR_VARIABLES])
{
    for (size_t i = 0; i < eg_expr_variables(expr); i++)
        names[i] = eg_expr_name(expr, i);
    return eg_expr_variables(expr);
}

void formula_variables(const eg_expr *expr, char *out, size_t size)
{
    const char *names[EG_EXPR_VARIABLES] = {NULL};
    list_names(names, collect_names(expr, names), out, size);
}

void formula_product_hint(const eg_expr *expr, char hint[PRODUCT_HINT_SIZE])
{
    const char *names[EG_EXPR_VARIABLES] = {NULL};
    product_hint(names, collect_names(expr, names), PRODUCT_ALL, hint);
}

void formula_note_product(const eg_expr *expr, const char *point)
{
    char hint[PRODUCT_HINT_SIZE];
    const char *names[EG_EXPR_VARIABLES] = {NULL};
    if (point && strchr(point, '='))
        return;
    product_hint(names, collect_names(expr, names), PRODUCT_USUAL, hint);
    if (*hint)
        message("note: %s", hint + 2); /* without its "; " */
}

static int unknown_variable(const parts *p, const char *name, size_t length)
{
    char known[512], hint[PRODUCT_HINT_SIZE];
    list_names(p->names, p->wanted, known, sizeof known);
    product_hint(p->names, p->wanted, PRODUCT_ALL, hint);
    message("%s: '%.*s' is not a variable of the expression; its variables are %s%s", p->where,
            length < 200 ? (int)length : 200, name, known, hint);
    return EXIT_USAGE;
}

int formula_unknown_variable(const char *where, const eg_expr *expr, const char *name,
                             size_t length)
{
    const char *names[EG_EXPR_VARIABLES] = {NULL};
    parts p = {.where = where, .names = names, .wanted = collect_names(expr, names)};
    return unknown_variable(&p, name, length);
}

/* Returns the index of the variable, p->wanted if there is none. */
static size_t find_variable(const parts *p, const char *name)
{
    size_t i = 0;
    while (i < p->wanted && p->names[i] && strcmp(p->names[i], name) != 0)
        i++;
    return i;
}

/* ---- parts ---- */

static int read_named(parts *p, const char *name, const char *value)
{
    size_t index = find_variable(p, name);
    if (index == p->wanted)
        return unknown_variable(p, name, strlen(name));
    if (p->given[index]) {
        message("%s: %s is given twice", p->where, name);
        return EXIT_USAGE;
    }
    p->given[index] = true;
    return p->read(p->opaque, index, value);
}

/* Assigns a part to its variable and reads it. */
static int read_part(parts *p, char *text)
{
    char *sign = find_outside(text, "=");
    if (p->count > 0 && (sign != NULL) != p->named) {
        message("%s: name all coordinates (x=1,y=2) or none (1,2)", p->where);
        return EXIT_USAGE;
    }
    p->named = sign != NULL;
    size_t index = p->count++;
    if (sign) {
        *sign = 0;
        return read_named(p, trim(text), trim(sign + 1));
    }
    if (index >= p->wanted)
        return EXIT_DONE; /* check_count() reports it */
    p->given[index] = true;
    return p->read(p->opaque, index, text);
}

static int check_count(const parts *p, bool partial)
{
    char known[512], hint[PRODUCT_HINT_SIZE];
    if (p->count == p->wanted || (p->named && partial))
        return EXIT_DONE;
    list_names(p->names, p->wanted, known, sizeof known);
    product_hint(p->names, p->wanted, p->count > p->wanted ? PRODUCT_ALL : "", hint);
    for (size_t i = 0; p->named && i < p->wanted; i++)
        if (!p->given[i]) {
            message("%s: missing value of %s%s", p->where, p->names[i], hint);
            return EXIT_USAGE;
        }
    message("%s: %zu number%s for %zu variable%s (%s)%s", p->where, p->count,
            p->count == 1 ? "" : "s", p->wanted, p->wanted == 1 ? "" : "s", known,
            *hint                  ? hint
            : p->count > p->wanted ? "; decimals are written with a point: 1.5"
                                   : "");
    return EXIT_USAGE;
}

/* Reads "(x, y) = (1, 2)", split at its sign. */
static int read_pairs(parts *p, char *names, char *values)
{
    char *names_rest = strip_brackets(names), *values_rest = strip_brackets(values);
    char *name, *value;
    int code = EXIT_DONE;
    p->separation = BY_COMMAS;
    p->named = true;
    do {
        name = next_part(p, &names_rest);
        value = next_part(p, &values_rest);
        p->count += value != NULL;
        if (name && value)
            code = read_named(p, name, value);
    } while (code == EXIT_DONE && name && value);
    if (code != EXIT_DONE || (!name && !value))
        return code;
    message("%s: there are %s values than names", p->where, name ? "fewer" : "more");
    return EXIT_USAGE;
}

static int read_parts(parts *p, char *text)
{
    char *rest = strip_brackets(text), *sign = find_outside(rest, "=");
    int code = EXIT_DONE;
    if (sign && nesting(*rest) > 0) {
        *sign = 0;
        return read_pairs(p, rest, sign + 1);
    }
    p->separation = choose_separation(rest, p->wanted);
    for (char *next; code == EXIT_DONE && (next = next_part(p, &rest)) != NULL;)
        code = read_part(p, next);
    return code;
}

int formula_named_parts(const char *where, const char *text, const char *const names[],
                        size_t count, bool partial, formula_part_reader *part, void *opaque)
{
    parts p = {.where = where, .names = names, .wanted = count, .read = part, .opaque = opaque};
    char *copy = format_text("%s", text);
    int code = read_parts(&p, copy);
    free(copy);
    return code == EXIT_DONE ? check_count(&p, partial) : code;
}

int formula_parts(const char *where, const char *text, const eg_expr *expr,
                  formula_part_reader *part, void *opaque)
{
    const char *names[EG_EXPR_VARIABLES] = {NULL};
    size_t count = collect_names(expr, names);
    return formula_named_parts(where, text, names, count, false, part, opaque);
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
