/* SPDX-License-Identifier: MIT */
/* LaTeX of graphs and names. */
#ifndef EG_EXPR_CODEGEN_LATEX_H
#define EG_EXPR_CODEGEN_LATEX_H

#include "expr/graph/print.h"

/* Prints a node. Derivatives are partial ones if there are several variables. */
void eg_latex_print(eg_printer *p, eg_id id);

/* Prints the name of a variable. (latex_names.c) */
void eg_latex_print_name(eg_printer *p, const char *name);

/* ---- parts (latex_parts.c) ---- */

/* Form of a call: a command before its arguments in parentheses, or a text before and one
 * after a single argument. Calls without either are written by code. */
typedef struct eg_latex_form {
    const char *command, *before, *after;
} eg_latex_form;

extern const eg_latex_form eg_latex_forms[EG_FUNCTIONS];

/* Prints a decimal: 1.5e-7 as 1.5 \cdot 10^{-7}. */
void eg_latex_print_decimal(eg_printer *p, const char *text);

/* Print |value|, and a fraction with its sign. */
void eg_latex_print_absolute(eg_printer *p, double value);
void eg_latex_print_rational(eg_printer *p, eg_rational number);

/* Returns the precedence of a number that is printed: of a sum with a sign, of a product with a
 * power of ten, of a power as a fraction. */
eg_precedence eg_latex_precedence(eg_rational number);

#endif
