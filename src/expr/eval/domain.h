/* SPDX-License-Identifier: MIT */
/* Domains of operations, for arguments in intervals. */
#ifndef EG_EXPR_EVAL_DOMAIN_H
#define EG_EXPR_EVAL_DOMAIN_H

#include "expr/eval/interval.h"

/* Certainty about a function on a box, from the least to the most (the decorations emp, trv,
 * def and dac of IEEE 1788). */
typedef enum eg_domain {
    EG_DOMAIN_NOWHERE,    /* it has no value anywhere */
    EG_DOMAIN_UNKNOWN,    /* it may have no value somewhere */
    EG_DOMAIN_EVERYWHERE, /* it has a value everywhere */
    EG_DOMAIN_CONTINUOUS  /* and is continuous on the box */
} eg_domain;

/* Returns what is certain about an operation, with the arguments of eg_interval_apply(). Not for
 * EG_OP_WHEN and EG_OP_SIN_COS. */
eg_domain eg_interval_domain(unsigned op, eg_interval a, eg_interval b);

#endif
