/* SPDX-License-Identifier: MIT */
/* Copies of nodes into another graph. */
#ifndef EG_EXPR_GRAPH_REBUILD_H
#define EG_EXPR_GRAPH_REBUILD_H

#include "expr/graph/graph.h"

/* Rebuilds in `graph` every node that `root` of `from` depends on, with variables[i] in place of
 * variable i. Sets copies[id] to the copy of node id, EG_NONE if it is not live. Returns the copy
 * of the root. */
eg_id eg_rebuild(eg_graph *graph, const eg_graph *from, eg_id root, const eg_id variables[],
                 eg_id copies[]);

/* Copies an EG_CONSTANT of another graph. */
eg_id eg_copy_constant_node(eg_graph *graph, const eg_graph *from, const eg_node *node);

/* Copies a constant expression, without variables, into `graph`. */
eg_id eg_copy_constant(eg_graph *graph, const eg_graph *from, eg_id root);

/* Sets live[id] for every node up to `root`: true if `root` depends on it or is it. */
void eg_mark_live(const eg_graph *graph, eg_id root, bool live[]);

#endif
