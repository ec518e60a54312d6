/* SPDX-License-Identifier: MIT */
/* Text of one operation of an expression, for messages. */
#ifndef EG_SURFACE_SINGULAR_OPERATION_TEXT_H
#define EG_SURFACE_SINGULAR_OPERATION_TEXT_H

#include "expr/expr.h"

/* Writes an operation of a graph that was lowered from the expression as typed: "abs(x - 1)". Text
 * that does not fit ends with "...". */
void eg_operation_text(const eg_expr *expr, const eg_graph *ops, eg_id id, char *out, size_t size);

/* Writes the real root that a power with the exponent num/den may stand for: "cbrt(x)" for
 * x^(1/3). Writes an empty text if `den` is even. */
void eg_real_root_text(const eg_expr *expr, const eg_graph *ops, eg_id base, int num, int den,
                       char *out, size_t size);

#endif
