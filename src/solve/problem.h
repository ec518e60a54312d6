/* SPDX-License-Identifier: MIT */
/* State that the functions of eg_solve_...() share: the box, the numbers and the time. */
#ifndef EG_SOLVE_PROBLEM_H
#define EG_SOLVE_PROBLEM_H

#include "real/real.h"
#include "solve/cluster.h"

typedef struct eg_problem {
    eg_reals *reals;
    eg_context *ctx;
    eg_solve_options options;         /* with the defaults in place of 0 */
    double start;                     /* by eg_seconds() */
    size_t n;                         /* variables */
    const eg_real *low, *high;        /* the box */
    eg_interval ends[EG_UNKNOWNS][2]; /* enclosures of its ends */
    eg_interval outer[EG_UNKNOWNS];   /* contains it */
    eg_solutions *result;
    eg_error *error;
} eg_problem;

/* Reads the box and the options, and makes an empty result. The caller frees problem->result. */
eg_status eg_problem_begin(eg_problem *problem, eg_reals *reals, const eg_expr *expr,
                           const eg_real low[], const eg_real high[],
                           const eg_solve_options *options, eg_error *error);

/* Returns the time at which a part of the effort is over. */
double eg_problem_deadline(const eg_problem *problem, double part);

/* Position of a solution. */
typedef enum eg_place { EG_PLACE_OUTSIDE, EG_PLACE_INSIDE, EG_PLACE_BORDER } eg_place;

/* Decides where a point is whose coordinates are in `tight`. EG_PLACE_BORDER: also where that is
 * not decided. */
eg_place eg_problem_place(const eg_problem *problem, const eg_interval tight[], const eg_real at[]);

/* Computes eigenvalues as eg_surface_eigenvalues() does, and encloses those of a 2 x 2 matrix that
 * may be equal. */
eg_status eg_problem_eigenvalues(eg_problem *problem, const eg_real matrix[], size_t n,
                                 eg_real eigenvalues[]);

/* Return a new element of the result, which is 0; NULL after a lack of memory. */
eg_solution *eg_problem_add_point(eg_problem *problem);
eg_left *eg_problem_add_left(eg_problem *problem);

/* Adds the clusters of a search to what is left. The variables of the system are those of the
 * problem, or are followed by others. */
eg_status eg_problem_add_clusters(eg_problem *problem, const eg_search *search,
                                  const eg_growing *clusters);

/* Sorts the solutions, and sets what follows from all results. */
void eg_problem_finish(eg_problem *problem);

#endif
