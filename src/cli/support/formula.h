/* SPDX-License-Identifier: MIT */
/* Parses formulas typed by users: expressions, constants and points. Messages show the position of
 * the error. All functions that return int return an exit code, after their message; `where` is the
 * option that gives the text ("--at"), or NULL for the operand. */
#ifndef CLI_SUPPORT_FORMULA_H
#define CLI_SUPPORT_FORMULA_H

#include "cli/cli.h"
#include "cli/support/product_hint.h"

/* The constants of --let, for eg_expr_options. */
typedef struct formula_constants {
    eg_binding let[OPTION_TEXTS_LIMIT];
    char *names[OPTION_TEXTS_LIMIT];
    eg_expr *exact[OPTION_TEXTS_LIMIT];
    size_t count;
} formula_constants;

/* Parses NAME=CONSTANT from each of `texts`; a constant may use the names before it. The caller
 * frees `constants` also after an error. */
int formula_read_constants(formula_constants *constants, eg_context *ctx, const cli_texts *texts);
void formula_free_constants(formula_constants *constants); /* accepts a zeroed one */

/* Prints an excerpt of a formula around an error, and a line that underlines the error. */
void formula_print_excerpt(const char *text, eg_expr_location location);

/* Parses an expression, which the caller frees. */
int formula_parse(eg_expr **expr, eg_context *ctx, const char *where, const char *text,
                  const eg_expr_options *options);

/* Reports why a text could not be parsed, with the place. Returns the exit code of the error. */
int formula_error(const char *where, const char *text, eg_expr_location location,
                  const eg_error *error);

/* Parses a constant expression with a finite value, which the caller frees. */
int formula_constant_expr(eg_expr **expr, double *value, eg_context *ctx, const char *where,
                          const char *text, const formula_constants *constants);

/* Evaluates a constant expression with a finite value: 3, -1e5, pi/4, sqrt(2)/k. */
int formula_constant(double *value, eg_context *ctx, const char *where, const char *text,
                     const formula_constants *constants);

/* ---- points (points.c) ---- */

/* Parses a finite number for each variable of `expr`: "x=1,y=pi/2" in any order, or "1,pi/2" in the
 * order of the variables. Commas may be blanks, brackets may be around all; "(x, y) = (1, 2)". */
int formula_point(double point[], eg_context *ctx, const char *where, const char *text,
                  const eg_expr *expr, const formula_constants *constants);

/* Does the same, and stores each coordinate as a constant expression, which the caller frees (also
 * after an error; exact[] must be zeroed). */
int formula_exact_point(double point[], eg_expr *exact[], eg_context *ctx, const char *where,
                        const char *text, const eg_expr *expr, const formula_constants *constants);

/* Splits such a text and calls `part` for each variable of `expr` with
 * its index and text; `part` returns an exit code. */
typedef int formula_part_reader(void *opaque, size_t index, const char *text);
int formula_parts(const char *where, const char *text, const eg_expr *expr,
                  formula_part_reader *part, void *opaque);

/* Does the same for variables with these names; `partial`: named parts need not be complete. */
int formula_named_parts(const char *where, const char *text, const char *const names[],
                        size_t count, bool partial, formula_part_reader *part, void *opaque);

/* Writes the hint of product_hint() about the variables of an expression. */
void formula_product_hint(const eg_expr *expr, char hint[PRODUCT_HINT_SIZE]);

/* Prints a note if a variable looks like a product without its sign, unless `point`, which may be
 * NULL, names the variables. */
void formula_note_product(const eg_expr *expr, const char *point);

/* Reports that a name is no variable of the expression; returns EXIT_USAGE. */
int formula_unknown_variable(const char *where, const eg_expr *expr, const char *name,
                             size_t length);

/* Writes the names of the variables: "x, y, z". */
void formula_variables(const eg_expr *expr, char *out, size_t size);

#endif
