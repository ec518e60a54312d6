/* SPDX-License-Identifier: MIT */
/* Order and angles of the vertices of rings. */
#include "edge/lines/ring_walks.h"

#include <math.h>

int eg_compare_vertices(const void *a, const void *b, void *vertices)
{
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const eg_vertex *x = (const eg_vertex *)vertices + i, *y = (const eg_vertex *)vertices + k;
    if (x->at[1] != y->at[1])
        return x->at[1] < y->at[1] ? -1 : 1;
    if (x->at[0] != y->at[0])
        return x->at[0] < y->at[0] ? -1 : 1;
    return (i > k) - (i < k);
}

double eg_turn(const eg_vertex *centre, const eg_vertex *from, const eg_vertex *to)
{
    const double a = atan2(centre->at[1] - from->at[1], from->at[0] - centre->at[0]);
    const double b = atan2(centre->at[1] - to->at[1], to->at[0] - centre->at[0]);
    return b > a ? b - a : b - a + 2 * M_PI;
}
