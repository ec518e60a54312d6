/* SPDX-License-Identifier: MIT */
/* Polygons of simple rings from the boundary of a face that touches itself. */
#ifndef EG_EDGE_LINES_SIMPLE_RINGS_H
#define EG_EDGE_LINES_SIMPLE_RINGS_H

#include "core/growing.h"

/* A closed ring: its points, the last of which is the first. */
typedef struct eg_ring {
    const double *points; /* of a result NULL: at `first` in the points of eg_simple_rings */
    size_t first, count;
    double area;    /* twice the enclosed one; positive if anticlockwise as displayed */
    size_t walk;    /* number of its boundary component */
    size_t polygon; /* number of its polygon */
} eg_ring;

typedef struct eg_simple_rings {
    eg_growing points;   /* of the result, pairs of doubles */
    eg_growing rings;    /* eg_ring: of the result, polygon after polygon, the exterior first */
    eg_growing vertices; /* struct vertex, see simple_rings.c */
    eg_growing order;    /* uint32_t: vertices at samples by place, then those in rows of samples */
    eg_growing stack;    /* uint32_t */
    eg_growing parents;  /* uint32_t: sets of walks */
} eg_simple_rings;

/* Divides a face with its area on the left of `count` rings into polygons in the sense of OGC
 * simple features: an exterior ring, anticlockwise as displayed, and holes, clockwise, none of
 * which passes a point twice, runs there and back, or touches another more than once. Points in the
 * middle of a straight piece along sides of cells are left out at samples. Rings of the result are
 * in canonical form, in the order of their polygons' exteriors, then of their points. The rings are
 * in canonical form and may be reordered. */
eg_status eg_simple_rings_find(eg_simple_rings *simple, eg_context *ctx, eg_ring *rings,
                               size_t count, eg_error *error);

/* Returns twice the area of a closed ring, positive if it runs anticlockwise as displayed. */
double eg_ring_area(const double *points, size_t count);

void eg_simple_rings_release(eg_simple_rings *simple);

#endif
