/* SPDX-License-Identifier: MIT */
/* What the makers of sums, products and powers share. */
#ifndef EG_EXPR_GRAPH_SIMPLIFY_H
#define EG_EXPR_GRAPH_SIMPLIFY_H

#include "expr/graph/graph.h"

/* Most factors of a product besides its coefficient; longer ones become products of products. */
enum { EG_MAX_FACTORS = 16 };

/* base^exponent without any simplification but base^1. */
eg_id eg_power_node(eg_graph *graph, eg_id base, eg_rational exponent);

#endif
