/* SPDX-License-Identifier: MIT */
/* Formulas as they are typed: expressions, constants, points; with messages that show the place. */
#ifndef CLI_SUPPORT_FORMULA_H
#define CLI_SUPPORT_FORMULA_H

#include "cli/cli.h"
#include "cli/support/product_hint.h"

/* The names that --let gives, for eg_expr_options. */
typedef struct formula_lets {
    eg_binding let[OPTION_TEXTS_LIMIT];
    char *names[OPTION_TEXTS_LIMIT];
    size_t count;
} formula_lets;

/* All of these return an exit code after printing what is wrong; `where` is what the text was given
 * for
 * ("--at"), NULL for the operand. */

/* Reads NAME=CONSTANT for each of `texts`; a constant may use the names before it. To be freed in
 * any case. */
int formula_lets_read(formula_lets *lets, eg_context *ctx, const cli_texts *texts);
void formula_lets_free(formula_lets *lets); /* accepts a zeroed one */

int formula_parse(eg_expr **expr, eg_context *ctx, const char *where, const char *text,
                  const eg_expr_options *options);

/* A finite number: 3, -1e5, pi/4, sqrt(2)/k. */
int formula_constant(double *value, eg_context *ctx, const char *where, const char *text,
                     const formula_lets *lets);

/* A finite number for each variable: "x=1,y=pi/2" in any order, or "1,pi/2" in that of the
 * variables. */
int formula_point(double point[], eg_context *ctx, const char *where, const char *text,
                  const eg_expr *expr, const formula_lets *lets);

/* The same with another separator in it and several numbers for a variable: "x=-2:2:200". `part`
 * reads the text behind the = for variable `index`. */
typedef int formula_part(void *opaque, size_t index, const char *text);
int formula_parts(const char *where, const char *text, const eg_expr *expr, formula_part *part,
                  void *opaque);

/* What glued_hint() says of its variables. */
void formula_hint(const eg_expr *expr, bool letters, char hint[GLUED_SIZE]);

/* Says that a name is not one of its variables; returns EXIT_USAGE. */
int formula_unknown(const char *where, const eg_expr *expr, const char *name, size_t length);

/* The variables, "x, y, z". */
void formula_variables(const eg_expr *expr, char *out, size_t size);

#endif
