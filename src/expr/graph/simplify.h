/* SPDX-License-Identifier: MIT */
/* Functions shared by the construction of sums, products and powers. */
#ifndef EG_EXPR_GRAPH_SIMPLIFY_H
#define EG_EXPR_GRAPH_SIMPLIFY_H

#include "expr/graph/graph.h"

/* Largest number of factors of a product besides its coefficient; a longer one becomes a product of
 * products. */
enum { EG_MAX_FACTORS = 16 };

/* Returns base^exponent, simplified only if the exponent is 1. */
eg_id eg_power_node(eg_graph *graph, eg_id base, eg_rational exponent);

#endif
