/* SPDX-License-Identifier: MIT */
/* Points of polylines: x, y, x, y ... in an array. */
#ifndef EG_EDGE_LINES_POLYLINE_H
#define EG_EDGE_LINES_POLYLINE_H

#include "edgegrad.h"

/* Appends a point to `count` others unless it equals the last of them. Returns the new count. */
static inline size_t eg_polyline_append(double *points, size_t count, const double at[2])
{
    if (count > 0 && points[2 * count - 2] == at[0] && points[2 * count - 1] == at[1])
        return count;
    points[2 * count] = at[0];
    points[2 * count + 1] = at[1];
    return count + 1;
}

/* Compares two polylines by their points, y before x; the shorter one of two that begin alike comes
 * first. Returns a negative number, 0 or a positive number. */
int eg_polyline_compare(const double *a, size_t a_count, const double *b, size_t b_count);

/* Makes a ring of `count` points canonical: it begins at its topmost point, the leftmost of
 * several, and ends with a copy of it, for which there is memory. Returns the new count; 0 if all
 * points are equal. */
size_t eg_polyline_close(double *points, size_t count);

#endif
