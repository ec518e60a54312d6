/* SPDX-License-Identifier: MIT */
/* Symbolic derivatives of nodes. */
#ifndef EG_EXPR_GRAPH_DERIVE_H
#define EG_EXPR_GRAPH_DERIVE_H

#include "expr/graph/graph.h"

/* Copies the graph up to the root into another graph with the same variables, and returns the
 * derivative of the root there by variable `by`. EG_NONE: graph->status says why. */
eg_id eg_graph_derivative(eg_graph *graph, const eg_graph *from, eg_id root, size_t variables,
                          size_t by);

#endif
