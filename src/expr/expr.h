/* SPDX-License-Identifier: MIT */
/* What an expression is inside. */
#ifndef EG_EXPR_EXPR_H
#define EG_EXPR_EXPR_H

#include "expr/eval/tape.h"
#include "expr/parse/names.h"

struct eg_expr {
    eg_context *ctx;
    eg_graph graph;
    eg_id root;
    eg_tape value;    /* f */
    eg_tape gradient; /* f and its partial derivatives */
    eg_tape tangent;  /* those derivatives' derivatives in a direction: a row of the Hessian */
    size_t size;      /* nodes that `root` needs */
    char *names[EG_EXPR_VARIABLES];
    size_t variables;
};

/* A new expression without a root, of these variables; NULL after a failure. Its graph records
 * failures in `error` until eg_expr_finish(). */
eg_expr *eg_expr_begin(eg_context *ctx, const eg_name_list *names, eg_error *error);

/* Gives it its root and makes its tapes. It is freed and *expr NULL where that, or a maker before,
 * failed. */
eg_status eg_expr_finish(eg_expr **expr, eg_id root, eg_error *error);

#endif
