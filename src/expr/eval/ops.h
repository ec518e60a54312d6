/* SPDX-License-Identifier: MIT */
/* The operations that evaluate an expression: a graph of its own, whose nodes have one argument or
 * two. Numeric derivatives are added to it (autodiff.c); expr/graph/derive.c makes the symbolic
 * ones. */
#ifndef EG_EXPR_EVAL_OPS_H
#define EG_EXPR_EVAL_OPS_H

#include "expr/graph/graph.h"

/*
 * Operations besides EG_NUMBER (`index` 1: its value was rounded; in a graph as typed the index of
 * its literal), EG_CONSTANT (only as typed), EG_VARIABLE, EG_POWER and the calls of functions.def
 * except EG_F_IF, EG_F_OR and EG_F_TRUNC, which are lowered to others. In a graph of n variables,
 * EG_VARIABLE n + i is component i of the tangent direction.
 *
 * Two calls have one argument and an order in `index`: EG_F_POLYGAMMA is the index-th derivative of
 * digamma, EG_F_SINC the index-th derivative of sinc.
 *
 * Conditions are 1, 0 or NaN: EG_F_LESS(a, b) is 1 where a < b; EG_F_EQUAL(a, b) is 1 where a = b;
 * both are NaN if an argument is. EG_F_NOT(a) is 1 - a. EG_F_AND(a, b) is 0 where a or b is 0, even
 * if the other one is NaN; else NaN if one is NaN; else 1. Their derivatives are 0.
 * if(c, x, y) is EG_OP_WHEN(c, x) + EG_OP_WHEN(EG_F_NOT(c), y).
 */
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
    EG_OP_WHEN,    /* b where the condition a is 1; exactly 0 where it is 0, even if b is NaN; NaN
                      where it is NaN. Its derivative is WHEN(a, derivative of b) */
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
eg_id eg_op_ordered(eg_graph *ops, eg_function_id function, unsigned order,
                    eg_id a); /* EG_F_POLYGAMMA and EG_F_SINC */
eg_id eg_op_not(eg_graph *ops, eg_id condition);
eg_id eg_op_result(eg_graph *ops, uint32_t index, eg_id a, eg_id value);

/* Adds the operations that compute node `root` of the graph, and returns the last of them. */
eg_id eg_lower(eg_graph *ops, const eg_graph *graph, eg_id root);

/* Adds the operations of a call of a function; args[] are operations, with EG_NONE for none. */
eg_id eg_lower_call(eg_graph *ops, eg_function_id function, const eg_id args[]);

/* Returns true if the operation is the number 0. */
bool eg_op_is_zero(const eg_graph *ops, eg_id id);

/* Does the same for two graphs as typed, without any rounding. (lower_typed.c) */
eg_id eg_lower_typed(eg_graph *ops, const eg_graph *graph, eg_id root);

/* Adds the partial derivatives of `value` by variables 0 to variables - 1, by the reverse mode; by
 * the forward mode if there is an EG_OP_WHEN, whose inactive branch may have infinite factors. */
eg_status eg_reverse_mode(eg_graph *ops, eg_id value, eg_id gradient[], size_t variables);

/* Adds the derivative of each of ids[] in the tangent direction, by the forward mode; component i
 * of the direction is EG_VARIABLE variables + i. */
eg_status eg_forward_mode(eg_graph *ops, const eg_id ids[], eg_id tangents[], size_t count,
                          size_t variables);

#endif
