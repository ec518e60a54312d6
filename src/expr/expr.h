/* SPDX-License-Identifier: MIT */
/* The internal representation of an expression. */
#ifndef EG_EXPR_EXPR_H
#define EG_EXPR_EXPR_H

#include "expr/eval/tape.h"
#include "expr/parse/names.h"

struct eg_expr {
    eg_context *ctx;
    eg_graph graph;
    eg_id root;
    eg_graph typed; /* the expression without simplification, whose numbers are exact */
    eg_id typed_root;
    eg_tape value;    /* f */
    eg_tape gradient; /* f, then its partial derivatives */
    eg_tape tangent;  /* f, then the derivatives of the gradient in one direction: a row of the
                         Hessian */
    size_t size;      /* number of nodes that `root` depends on, itself included */
    char *names[EG_EXPR_VARIABLES];
    size_t variables;
    bool equation; /* parsed from left = right */
};

/* Creates an expression of these variables, without roots. Its graphs report failures to `error`
 * until eg_expr_compile(). Returns NULL on failure. */
eg_expr *eg_expr_new(eg_context *ctx, const eg_name_list *names, eg_error *error);

/* Sets the roots of both graphs (typed_root may be EG_NONE: the typed graph then becomes a copy of
 * the simplified one) and builds the tapes. If that fails, or if building the graph failed before,
 * frees the expression, sets *expr to NULL and returns the error. */
eg_status eg_expr_compile(eg_expr **expr, eg_id root, eg_id typed_root, eg_error *error);

#endif
