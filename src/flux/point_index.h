/* SPDX-License-Identifier: MIT */
/* Points of streamlines by their place, to find those near a position. */
#ifndef EG_FLUX_POINT_INDEX_H
#define EG_FLUX_POINT_INDEX_H

#include "core/context.h"
#include "core/growing.h"

/* A point of a streamline. */
typedef struct eg_indexed_point {
    double at[2];
    double arc;    /* length of the line from its seed to the point, negative against the field */
    uint32_t line; /* number of the line */
    uint32_t next; /* next point of the same cell; UINT32_MAX: none */
} eg_indexed_point;

typedef struct eg_point_index {
    eg_context *ctx;
    double cell;          /* side of a cell */
    size_t columns, rows; /* of cells */
    uint32_t *first;      /* first point of each cell */
    eg_growing points;    /* of eg_indexed_point, in the order in which they were added */
} eg_point_index;

/* Creates an empty index of positions 0 .. end[] with cells of side `cell`. */
eg_status eg_point_index_new(eg_point_index *index, eg_context *ctx, const double end[2],
                             double cell, eg_error *error);
void eg_point_index_free(eg_point_index *index); /* accepts a zeroed one */

static inline const eg_indexed_point *eg_point_index_get(const eg_point_index *index, size_t i)
{
    return (const eg_indexed_point *)index->points.items + i;
}

/* Adds a point. EG_LIMIT_EXCEEDED, EG_NO_MEMORY. */
eg_status eg_point_index_add(eg_point_index *index, const double at[2], double arc, uint32_t line,
                             eg_error *error);

/* Removes the points from number `count` on, which were added last. */
void eg_point_index_truncate(eg_point_index *index, size_t count);

/* Returns true if a point is nearer than `distance`, at most the side of a cell. Those of `line` do
 * not count unless their arcs differ from `arc` by more than `apart`. */
bool eg_point_index_near(const eg_point_index *index, const double at[2], double distance,
                         uint32_t line, double arc, double apart);

#endif
