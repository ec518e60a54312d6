/* SPDX-License-Identifier: MIT */
/* Intervals of conditions, remainders, gamma functions and sinc. */
#ifndef EG_EXPR_EVAL_INTERVAL_SPECIAL_H
#define EG_EXPR_EVAL_INTERVAL_SPECIAL_H

#include <stdbool.h>

#include "expr/eval/interval.h"

/* Computes eg_interval_apply() and returns true if the operation is of this file. `quotient` holds
 * all a/b, for EG_F_MOD. */
bool eg_interval_special(eg_interval *r, unsigned op, unsigned order, eg_interval a, eg_interval b,
                         eg_interval (*quotient)(eg_interval a, eg_interval b));

#endif
