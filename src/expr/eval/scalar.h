/* SPDX-License-Identifier: MIT */
/* Evaluation of operations on individual doubles, by the system's mathematical library. */
#ifndef EG_EXPR_EVAL_SCALAR_H
#define EG_EXPR_EVAL_SCALAR_H

/* Returns the result of an operation: an eg_op, EG_POWER or a call. `b` is ignored by unary
 * operations; `power` is that of EG_OP_POWI and EG_OP_POWH, and the order of
 * EG_F_POLYGAMMA and EG_F_SINC. */
double eg_apply_op(unsigned op, unsigned power, double a, double b);

#endif
