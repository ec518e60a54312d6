/* SPDX-License-Identifier: MIT */
/* The search for a smallest value over a box. */
#ifndef EG_SOLVE_EXTREME_SEARCH_H
#define EG_SOLVE_EXTREME_SEARCH_H

#include "solve/problem.h"

/* Position of a variable on a face of the box. */
typedef enum eg_face { EG_FREE, EG_AT_LOW, EG_AT_HIGH } eg_face;

/* Place at which the smallest value may be taken. */
typedef enum eg_candidate_kind {
    EG_CANDIDATE_POINT,  /* a critical point of the result */
    EG_CANDIDATE_CORNER, /* a corner of the box */
    EG_CANDIDATE_ROOT,   /* a critical point of the function on a face */
    EG_CANDIDATE_GUESS,  /* a simple point among boxes that are left */
    EG_CANDIDATE_LEFT    /* boxes that are left */
} eg_candidate_kind;

typedef struct eg_candidate {
    eg_candidate_kind kind;
    eg_interval box[EG_UNKNOWNS]; /* contains it, by variable */
    double low, high;             /* bounds of the values there */
    eg_face face[EG_UNKNOWNS];
    eg_root root;             /* of EG_CANDIDATE_ROOT, in the unknowns of the face */
    const eg_solution *point; /* of EG_CANDIDATE_POINT */
    eg_real at[EG_UNKNOWNS];  /* of EG_CANDIDATE_GUESS */
} eg_candidate;

/* A search for the smallest value of sign * f. */
typedef struct eg_extreme_search {
    eg_problem *problem;
    eg_encloser *encloser;
    eg_system *system; /* of the present face */
    int sign;          /* 1 or -1 */
    double deadline;
    double best; /* upper bound of the smallest value */
    double best_point[EG_UNKNOWNS];
    eg_face face[EG_UNKNOWNS];
    eg_growing candidates; /* of eg_candidate */
} eg_extreme_search;

/* Sets *extreme from the candidates. (extreme_report.c) */
eg_status eg_extreme_report(eg_extreme_search *finder, eg_extreme *extreme);

#endif
