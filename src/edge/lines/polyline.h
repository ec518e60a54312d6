/* SPDX-License-Identifier: MIT */
/*
 * Points of polylines in an array of doubles: each point has `stride` of them, x, y and what else
 * is known of it.
 */
#ifndef EG_EDGE_LINES_POLYLINE_H
#define EG_EDGE_LINES_POLYLINE_H

#include "edgegrad.h"

/* Appends a point to `count` others unless its x and y equal those of the last of them. Returns the
 * new count. */
static inline size_t eg_polyline_append(double *points, size_t stride, size_t count,
                                        const double *at)
{
    double *to = points + stride * count;
    if (count > 0 && to[-(ptrdiff_t)stride] == at[0] && to[1 - (ptrdiff_t)stride] == at[1])
        return count;
    for (size_t i = 0; i < stride; i++)
        to[i] = at[i];
    return count + 1;
}

/* Compares two polylines by their points, y before x; the shorter one of two that begin alike comes
 * first. Returns a negative number, 0 or a positive number. */
int eg_polyline_compare(const double *a, size_t a_count, const double *b, size_t b_count,
                        size_t stride);

/* Reverses the order of points first .. end - 1. */
void eg_polyline_reverse(double *points, size_t stride, size_t first, size_t end);

/* Makes a ring of `count` points canonical: it begins at its topmost point, the leftmost of
 * several, and ends with a copy of it, for which there is memory. Returns the new count; 0 if all
 * points are equal. */
size_t eg_polyline_close(double *points, size_t stride, size_t count);

/* Gives a line, a closed one of eg_polyline_close(), the direction whose points come first by
 * eg_polyline_compare(). */
void eg_polyline_direct(double *points, size_t stride, size_t count, bool closed);

#endif
