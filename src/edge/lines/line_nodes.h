/* SPDX-License-Identifier: MIT */
/* Nodes that are linked to lines, and reading the lines by following the links. */
#ifndef EG_EDGE_LINES_LINE_NODES_H
#define EG_EDGE_LINES_LINE_NODES_H

#include "edge/lines/line_strip.h"

#define EG_NO_NODE UINT32_MAX

typedef struct eg_line_node {
    double at[2];  /* column, row */
    uint32_t next; /* node of the line; EG_NO_NODE: none, or the node has been read */
    union {
        uint32_t previous; /* the same */
        uint32_t fragment; /* of a node that has been read: number of its fragment */
    };
    uint32_t row;  /* row of samples, or of cells for a vertical side, in the strip */
    int32_t class; /* of a level or an area, minus that of the lowest value of the strip */
} eg_line_node;

static inline void eg_line_nodes_link(eg_line_node *nodes, uint32_t from, uint32_t to)
{
    nodes[from].next = to;
    nodes[to].previous = from;
}

/* Reads the next fragment of the strip, from one of its nodes on, whose links it removes. Sets
 * points, `closed`, and `row` in the strip. The points have memory for all nodes, and for one point
 * more for each ring. Returns the last node. */
size_t eg_line_nodes_read(eg_line_node *nodes, size_t number, const eg_line_strip *lines,
                          eg_fragment *fragment);

/* Calls add() for a node of each fragment, which reads it: first for those with ends, at their
 * first node, then for rings, which are all that is left. */
eg_status eg_line_nodes_each(const eg_growing *nodes, eg_status (*add)(void *opaque, size_t number),
                             void *opaque);

#endif
