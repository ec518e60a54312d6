/* SPDX-License-Identifier: MIT */
/* Signs of nodes, and their canonical order. */
#ifndef EG_EXPR_GRAPH_SIGN_H
#define EG_EXPR_GRAPH_SIGN_H

#include "expr/graph/graph.h"

typedef enum eg_sign { EG_ANY_SIGN, EG_NOT_NEGATIVE, EG_POSITIVE } eg_sign;

/* Returns what is known of the values that a node has, by its form. */
eg_sign eg_sign_of(const eg_graph *graph, eg_id id);

/* Compares two nodes by their contents, not by when they were made: -1, 0 or 1. */
int eg_compare_nodes(const eg_graph *graph, eg_id a, eg_id b);

#endif
