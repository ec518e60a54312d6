/* SPDX-License-Identifier: MIT */
/* Calls that are numbers, and simplification of conditions. */
#ifndef EG_EXPR_GRAPH_FOLD_H
#define EG_EXPR_GRAPH_FOLD_H

#include "expr/graph/graph.h"

/* Sets *r to f(a) and returns true if that is a number without any rounding. */
bool eg_fold_call(eg_rational *r, eg_function_id function, eg_rational a);

/* Returns true if the node is always 1, 0 or NaN. */
bool eg_is_condition(const eg_graph *graph, eg_id id);

/* Returns a simpler node for min(), max(), a comparison, and(), or(), not() or if(); EG_NONE if
 * there is none. */
eg_id eg_fold_arguments(eg_graph *graph, eg_function_id function, const eg_id *args);

#endif
