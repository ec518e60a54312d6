/* SPDX-License-Identifier: MIT */
/* Lines of a curve F = 0 through the cells of a quadtree. */
#ifndef EG_SOLVE_TRACE_H
#define EG_SOLVE_TRACE_H

#include "solve/quadtree.h"

#define EG_NO_CROSSING UINT32_MAX

/* A crossing of the curve with a piece of the sides of cells, between two vertices. */
typedef struct eg_crossing {
    uint32_t x, y, length; /* from the vertex (x, y) on */
    bool vertical;         /* the piece runs upwards, else to the right */
    bool border;           /* it is on the border of the box */
    uint32_t node;         /* 1 + the node that it ends in; 0: none */
    uint32_t link[2];      /* the crossings it is joined with, or EG_NO_CROSSING */
    uint32_t line;         /* 1 + the line that it is on; 0: none yet */
} eg_crossing;

/* The crossings of all simple cells, joined. */
typedef struct eg_crossings {
    eg_quadtree *tree;
    eg_growing items;   /* of eg_crossing */
    eg_growing buckets; /* hash table of 1 + index, 0 where empty */
    size_t unsure;      /* vertices whose sign is not certain */
} eg_crossings;

/* Finds the crossings, dividing cells with more than two of them. The caller frees the items of
 * both arrays. */
eg_status eg_crossings_find(eg_crossings *crossings);

/* Sets *found to the crossing of a piece, which is added if `add`; EG_NO_CROSSING if the curve does
 * not cross it, or if it was not added before. */
eg_status eg_crossings_at(eg_crossings *crossings, uint32_t x, uint32_t y, uint32_t length,
                          bool vertical, bool add, uint32_t *found);

/* Calls `piece` for the pieces of the sides of a cell, in order around it: a side is two pieces if
 * the neighbour there is smaller. other: index of the cell on the other side, UINT32_MAX outside.
 */
typedef eg_status eg_piece_visitor(void *opaque, uint32_t x, uint32_t y, uint32_t length,
                                   bool vertical, uint32_t other);
eg_status eg_cell_pieces(const eg_quadtree *tree, uint32_t index, eg_piece_visitor *piece,
                         void *opaque);

static inline eg_crossing *eg_crossings_item(const eg_crossings *crossings, uint32_t index)
{
    return (eg_crossing *)crossings->items.items + index;
}

#endif
