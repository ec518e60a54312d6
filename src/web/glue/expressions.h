/* SPDX-License-Identifier: MIT */
/* Functions f(x, y) and constants as the page's fields have them. */
#ifndef EG_WEB_EXPRESSIONS_H
#define EG_WEB_EXPRESSIONS_H

#include "web/glue/web.h"

/* Parses a function of x and y; the caller frees it. EG_USAGE: the text is malformed, or an
 * equation. */
eg_status expression_parse_xy(eg_expr **f, const char *text, eg_expr_location *location,
                              eg_error *error);

/* Parses a function of one variable; the caller frees it. */
eg_status expression_parse_of(eg_expr **f, const char *name, const char *text,
                              eg_expr_location *location, eg_error *error);

/* Parses and evaluates a constant expression such as pi/4. EG_USAGE: malformed, or not finite. Each
 * result may be NULL; `exact` is a number of `reals`. */
eg_status expression_constant(const char *text, double *value, eg_reals *reals, eg_real *exact,
                              eg_expr_location *location, eg_error *error);

/* Answers with the text of an expression. */
void expression_reply(const char *key, const eg_expr *expr);

/* Answers with the text of the derivative by a variable. */
eg_status expression_reply_derivative(const char *key, const eg_expr *expr, size_t variable,
                                      eg_error *error);

/* Answers with a proven number, as {"text": its digits as printed, "value": a double near it}. */
void expression_reply_real(const char *key, eg_reals *reals, eg_real real);
void expression_reply_vector(const char *key, eg_reals *reals, const eg_real numbers[], size_t n);

/* Answers to a text typed in a field: {"variables", "expression", "partials"}, or an error. */
eg_status functions_formula(const char *text);

/* The same of a function of the variable `name`. */
eg_status functions_formula_of(const char *name, const char *text);

/* The same of a constant: {"value"}. */
eg_status functions_constant(const char *text);

#endif
