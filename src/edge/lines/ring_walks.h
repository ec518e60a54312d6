/* SPDX-License-Identifier: MIT */
/* The vertices and walks of eg_simple_rings_find(). */
#ifndef EG_EDGE_LINES_RING_WALKS_H
#define EG_EDGE_LINES_RING_WALKS_H

#include "edge/lines/simple_rings.h"

#define EG_NO_VERTEX UINT32_MAX

/* A point of a ring, and the edge from it to the next point. */
typedef struct eg_vertex {
    double at[2];
    uint32_t next, previous; /* vertices of the ring */
    uint32_t follower;       /* edge that continues the edge; EG_NO_VERTEX: the edge is removed */
    uint32_t place; /* first vertex in the order at the same sample; EG_NO_VERTEX: no sample */
    uint32_t walk;  /* number of the walk; EG_NO_VERTEX: not yet in one */
    uint32_t depth; /* of a place: its index in the stack; EG_NO_VERTEX: it is not there */
} eg_vertex;

typedef struct eg_divider {
    eg_simple_rings *simple;
    eg_context *ctx;
    eg_error *error;
    eg_vertex *vertices;
    const uint32_t *order; /* vertices at samples, in ascending order of row and column */
    size_t ordered;
    size_t walks;
} eg_divider;

static inline bool eg_same_place(const eg_vertex *a, const eg_vertex *b)
{
    return a->at[0] == b->at[0] && a->at[1] == b->at[1];
}

static inline bool eg_is_removed(const eg_divider *d, uint32_t edge)
{
    return d->vertices[edge].follower == EG_NO_VERTEX;
}

/* Compares vertices by row, column, and number; for qsort_r(). */
int eg_compare_vertices(const void *a, const void *b, void *vertices);

/* Returns the angle by which a direction is turned anticlockwise as displayed from another, more
 * than 0 and at most 2 pi. */
double eg_turn(const eg_vertex *centre, const eg_vertex *from, const eg_vertex *to);

/* Numbers polygons in the order of their exteriors, finds those of holes by the walks, and sorts
 * the rings. */
eg_status eg_find_polygons(eg_divider *d);

#endif
