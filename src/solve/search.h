/* SPDX-License-Identifier: MIT */
/*
 * Branch and prune: all solutions of a system in a box. A box is discarded if the equations have no
 * solution there, made smaller by the interval Newton operator, or bisected, one generation of
 * boxes after the other. A solution is proven in a box around it that may reach beyond the box it
 * was found in, so that it makes no difference on which side of a border it is.
 */
#ifndef EG_SOLVE_SEARCH_H
#define EG_SOLVE_SEARCH_H

#include "core/growing.h"
#include "solve/system.h"

/* A regular solution. */
typedef struct eg_root {
    eg_interval unique[EG_UNKNOWNS]; /* a box that has this solution and no other one */
    eg_interval tight[EG_UNKNOWNS];  /* a small box that has it */
} eg_root;

/* A box that is left. */
typedef struct eg_left_box {
    eg_interval x[EG_UNKNOWNS];
    double order; /* scratch: by which they are sorted */
} eg_left_box;

/* Decision of a visitor about a box. */
typedef enum eg_visit {
    EG_VISIT_GO_ON,
    EG_VISIT_DIVIDE, /* the equations do not count here: divide it */
    EG_VISIT_DISCARD,
    EG_VISIT_LEAVE
} eg_visit;

/* Looks at a box, by unknown, before the equations are. small: it is small, or there are many. */
typedef eg_visit eg_visitor(void *opaque, const eg_interval x[], bool small);

typedef struct eg_search {
    eg_context *ctx;
    eg_system *system;
    eg_interval outer[EG_UNKNOWNS]; /* the box, by unknown */
    double deadline;                /* by eg_seconds() */
    size_t most_boxes;              /* largest number of boxes of a generation */
    eg_visitor *visitor;            /* NULL: none */
    void *opaque;

    /* Results. The caller frees the items of both arrays, also after a failure. */
    eg_growing roots; /* of eg_root; those outside of the box included */
    eg_growing left;  /* of eg_left_box: all other solutions are in them */
    bool ended;       /* the time ended the search */
    bool undefined;   /* a box was discarded because the equations have no value there */
} eg_search;

eg_status eg_search_run(eg_search *search, eg_error *error);
void eg_search_free(eg_search *search); /* frees the results; accepts a zeroed one */

static inline const eg_root *eg_search_root(const eg_search *search, size_t index)
{
    return (const eg_root *)search->roots.items + index;
}

static inline const eg_left_box *eg_search_left(const eg_search *search, size_t index)
{
    return (const eg_left_box *)search->left.items + index;
}

#endif
