/* SPDX-License-Identifier: MIT */
/* Operations on individual doubles, by the system's mathematical library. */
#ifndef EG_EXPR_EVAL_SCALAR_H
#define EG_EXPR_EVAL_SCALAR_H

double eg_apply_op(unsigned op, unsigned power, double a, double b);

#endif
