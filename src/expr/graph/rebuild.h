/* SPDX-License-Identifier: MIT */
/* A graph's nodes made once more in another graph. */
#ifndef EG_EXPR_GRAPH_REBUILD_H
#define EG_EXPR_GRAPH_REBUILD_H

#include "expr/graph/graph.h"

/* Makes in `graph` all that node `root` of `from` needs, variable i being variables[i] there.
 * copies[id] is what became of node id, EG_NONE for those not needed. Returns the root's copy. */
eg_id eg_rebuild(eg_graph *graph, const eg_graph *from, eg_id root, const eg_id variables[],
                 eg_id copies[]);

/* Marks the nodes that `root` needs, itself among them. */
void eg_mark_live(const eg_graph *graph, eg_id root, bool marks[]);

#endif
