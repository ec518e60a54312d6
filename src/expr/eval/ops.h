/* SPDX-License-Identifier: MIT */
/* The operations that evaluate an expression: a graph of its own, whose nodes have one argument or
 * two. Numeric derivatives are added to it (autodiff.c); expr/graph/derive.c makes the symbolic
 * ones. */
#ifndef EG_EXPR_EVAL_OPS_H
#define EG_EXPR_EVAL_OPS_H

#include "expr/graph/graph.h"

/* Operations besides EG_NUMBER (`index` 1: its value was rounded; in a graph as typed the index of
 * its literal), EG_CONSTANT (only as typed), EG_VARIABLE, EG_POWER and the calls. In a graph of n
 * variables, EG_VARIABLE n + i is component i of the tangent direction. */
typedef enum eg_op {
    EG_OP_ADD = EG_CALL + EG_FUNCTIONS,
    EG_OP_SUB,
    EG_OP_MUL,
    EG_OP_DIV,
    EG_OP_NEG,
    EG_OP_SQUARE,
    EG_OP_POWI,             /* a^index, index >= 3 */
    EG_OP_POWH,             /* a^(index + 1/2), index >= 1 */
    EG_OP_ONE_MINUS_SQUARE, /* 1 - x^2, as (1 - x)(1 + x) */
    EG_OP_SECH2,            /* 1/cosh(x)^2 */
    EG_OP_LOG_OR_0,         /* log(x), but 0 at 0: factor of the derivative of x^y by y */
    EG_OP_RESULT,  /* result `index`: the first argument, or NaN if the second one is NaN */
    EG_OP_BETWEEN, /* a number between number.num and number.den; only in exact real numbers */
    EG_OP_SIN_COS, /* sine and cosine at once; only in tapes */
    EG_OPS
} eg_op;

enum { EG_MAX_POWI = 1024 };

/*
 * Each eg_op function returns an operation, which may be a simpler or an existing one, or EG_NONE
 * if it fails or an argument is EG_NONE. rounded: the number meant is not exactly `value`.
 */
eg_id eg_op_number(eg_graph *ops, double value, bool rounded);
eg_id eg_op1(eg_graph *ops, unsigned op, eg_id a);
eg_id eg_op2(eg_graph *ops, unsigned op, eg_id a, eg_id b);
eg_id eg_op_powi(eg_graph *ops, eg_id a, unsigned exponent);
eg_id eg_op_powh(eg_graph *ops, eg_id a, unsigned integer); /* a^(integer + 1/2) */
eg_id eg_op_result(eg_graph *ops, uint32_t index, eg_id a, eg_id value);

/* Adds the operations that compute node `root` of the graph, and returns the last of them. */
eg_id eg_lower(eg_graph *ops, const eg_graph *graph, eg_id root);

/* Does the same for two graphs as typed, without any rounding. (lower_typed.c) */
eg_id eg_lower_typed(eg_graph *ops, const eg_graph *graph, eg_id root);

/* Adds the partial derivatives of `value` by variables 0 to variables - 1, by the reverse mode. */
eg_status eg_reverse_mode(eg_graph *ops, eg_id value, eg_id gradient[], size_t variables);

/* Adds the derivative of each of ids[] in the tangent direction, by the forward mode; component i
 * of the direction is EG_VARIABLE variables + i. */
eg_status eg_forward_mode(eg_graph *ops, const eg_id ids[], eg_id tangents[], size_t count,
                          size_t variables);

#endif
