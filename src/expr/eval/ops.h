/* SPDX-License-Identifier: MIT */
/*
 * The operations that expressions are computed with: a graph of its own, whose nodes have one
 * argument or two. Here derivatives are taken for their numbers; expr/graph/derive.c takes them to
 * be read.
 */
#ifndef EG_EXPR_EVAL_OPS_H
#define EG_EXPR_EVAL_OPS_H

#include "expr/graph/graph.h"

/* Besides EG_NUMBER (`index` 1: it was rounded), EG_VARIABLE, EG_POWER and the calls. Of a graph
 * with n variables, EG_VARIABLE n + i is the i-th component of a direction. */
typedef enum eg_op {
    EG_OP_ADD = EG_CALL + EG_FUNCTIONS,
    EG_OP_SUB,
    EG_OP_MUL,
    EG_OP_DIV,
    EG_OP_NEG,
    EG_OP_SQUARE,
    EG_OP_POWI,     /* to the power of `index`, 3 or more */
    EG_OP_POWH,     /* to the power of `index` + 1/2, 1 or more */
    EG_OP_ONE_LESS, /* 1 - x^2, as (1 - x)(1 + x) */
    EG_OP_SECH2,    /* 1/cosh(x)^2 */
    EG_OP_LOG_OR_0, /* log(x), 0 at 0: for the derivative of x^y */
    EG_OP_RESULT,   /* result `index`: the first argument, NaN where the second is */
    EG_OP_SIN_COS,  /* only in tapes: both at once */
    EG_OPS
} eg_op;

enum { EG_MAX_POWI = 1024 };

eg_id eg_op_number(eg_graph *ops, double value, bool rounded);
eg_id eg_op1(eg_graph *ops, unsigned op, eg_id a);
eg_id eg_op2(eg_graph *ops, unsigned op, eg_id a, eg_id b);
eg_id eg_op_powi(eg_graph *ops, eg_id a, unsigned exponent);
/* a^(whole + 1/2). */
eg_id eg_op_powh(eg_graph *ops, eg_id a, unsigned whole);
eg_id eg_op_result(eg_graph *ops, uint32_t index, eg_id a, eg_id value);

/* The operations that compute node `root` of the graph. */
eg_id eg_lower(eg_graph *ops, const eg_graph *graph, eg_id root);

/* The partial derivatives of `value` by variables 0 .. variables-1. */
eg_status eg_reverse(eg_graph *ops, eg_id value, eg_id gradient[], size_t variables);

/* For each of ids[], its derivative in the direction of variables `variables` ... */
eg_status eg_forward(eg_graph *ops, const eg_id ids[], eg_id tangents[], size_t count,
                     size_t variables);

#endif
