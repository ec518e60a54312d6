/* SPDX-License-Identifier: MIT */
/* Parts of --latex. */
#ifndef CLI_SURFACE_SURFACE_LATEX_H
#define CLI_SURFACE_SURFACE_LATEX_H

#include <stdio.h>

#include "cli/surface/surface.h"

/* Return LaTeX of an expression and of the name of a variable, to be freed by the caller. */
char *latex_expr(const eg_expr *expr);
char *latex_name(const char *name);

/* Stores LaTeX of the derivative by a variable, to be freed, in *text. Returns an exit code. */
int latex_derivative(const surface_job *job, const eg_expr *expr, size_t variable, char **text);

/* Prints \frac{\partial f}{\partial x}, with d for a function of one variable. `function` is the
 * name of a function or variable. */
void latex_print_symbol(FILE *out, const char *function, const eg_expr *expr, size_t variable);

/* Prints a number with the digits of the report. Returns true if that is exactly the number. */
bool latex_print_number(surface_job *job, FILE *out, eg_real number);

/* Prints "= 2", or "\approx 1.414214" if the number is rounded. */
void latex_print_equals(surface_job *job, FILE *out, eg_real number);

/* Prints the rows of the chain rule of --with, path by path. (surface_latex_chain.c) */
int latex_print_chain(surface_job *job, FILE *out);

/* Prints the rows of --steps for all partial derivatives. (surface_steps.c) */
int latex_print_steps(surface_job *job, FILE *out);

/* Prints the table of difference quotients in the direction of --along. (surface_steps.c) */
int latex_print_quotients(surface_job *job, FILE *out);

#endif
