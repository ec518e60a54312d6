/* SPDX-License-Identifier: MIT */
/* Symbolic derivatives of nodes and functions. */
#ifndef EG_EXPR_GRAPH_DERIVE_H
#define EG_EXPR_GRAPH_DERIVE_H

#include "expr/graph/graph.h"

/* Copies the graph up to the root into another graph with the same variables, and returns the
 * derivative of the root there by variable `by`. EG_NONE: graph->status says why. */
eg_id eg_graph_derivative(eg_graph *graph, const eg_graph *from, eg_id root, size_t variables,
                          size_t by);

/* Returns the derivative of a call of f by its argument `a`, where value is the call; EG_NONE if it
 * is 0. other: the other one of two arguments, EG_NONE if there is none. first: `a` is the first
 * argument. Not for if(). */
eg_id eg_call_derivative(eg_graph *g, eg_function_id f, eg_id value, eg_id a, eg_id other,
                         bool first);

#endif
