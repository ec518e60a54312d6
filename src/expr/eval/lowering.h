/* SPDX-License-Identifier: MIT */
/* The pass over a graph that lowering makes, whatever the rules for its nodes. */
#ifndef EG_EXPR_EVAL_LOWERING_H
#define EG_EXPR_EVAL_LOWERING_H

#include "expr/eval/ops.h"

typedef struct eg_lowering {
    const eg_graph *graph;
    eg_graph *ops;
    const eg_id *lowered; /* operation of each node that is lowered already */
} eg_lowering;

/* Adds the operations of one node, whose arguments are lowered. */
typedef eg_id eg_lower_node(const eg_lowering *l, eg_id id);

/* Lowers all nodes that `root` depends on, and returns the operation of the root. (lower.c) */
eg_id eg_lower_nodes(eg_graph *ops, const eg_graph *graph, eg_id root, eg_lower_node *lower);

#endif
