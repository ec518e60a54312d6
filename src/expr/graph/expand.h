/* SPDX-License-Identifier: MIT */
/* Expansion of products and powers of sums: x*(x + 1) is x^2 + x. */
#ifndef EG_EXPR_GRAPH_EXPAND_H
#define EG_EXPR_GRAPH_EXPAND_H

#include "expr/graph/graph.h"

enum {
    EG_EXPAND_NODES = 300, /* largest graph that eg_expand() takes */
    EG_SUM_TERMS = 64      /* products of more terms are left as they are */
};

/* The terms of a sum; any other node is one term. */
typedef struct eg_sum_terms {
    eg_id ids[EG_SUM_TERMS];
    size_t count;
} eg_sum_terms;

/* Lists the terms of a node. Returns false if there are more than EG_SUM_TERMS. */
bool eg_list_terms(const eg_graph *g, eg_id id, eg_sum_terms *list);

/* Returns true if the graph up to the root is small enough for eg_expand(). */
bool eg_can_expand(const eg_graph *from, eg_id root);

/* Copies the graph up to the root into the empty graph `g`, which should flatten sums, with
 * products and small powers of sums expanded. Returns the copy of the root. */
eg_id eg_expand(eg_graph *g, const eg_graph *from, eg_id root);

#endif
