/* SPDX-License-Identifier: MIT */
/* Connected parts of the boxes that a search leaves. */
#ifndef EG_SOLVE_CLUSTER_H
#define EG_SOLVE_CLUSTER_H

#include "solve/search.h"

typedef struct eg_cluster {
    eg_interval hull[EG_UNKNOWNS];
    double side;         /* largest part of a side of the outer box that a box of it has */
    size_t boxes, first; /* its boxes: the first of them in the array of the search */
    eg_left_kind kind;
    bool rough; /* the equations may not be continuous in a box of it */
} eg_cluster;

/* Groups the boxes that are left, which it sorts by cluster, and drops those in which a root is
 * the only solution. The caller frees clusters->items (eg_cluster). */
eg_status eg_cluster_left(eg_search *search, eg_growing *clusters, eg_error *error);

#endif
