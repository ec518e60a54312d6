/* SPDX-License-Identifier: MIT */
/* The points of the cases of eg_solve_constrained(). */
#ifndef EG_SOLVE_CONSTRAINED_POINTS_H
#define EG_SOLVE_CONSTRAINED_POINTS_H

#include "solve/constrained.h"

/* Adds what a search of a case has found and left. multipliers: the unknowns after the free
 * variables are multipliers. */
eg_status eg_add_case_results(eg_constrained *c, eg_search *search, bool multipliers);

/* Leaves a case for which there is no time. */
eg_status eg_leave_case(eg_constrained *c);

/* Adds the corner of the box that the case is, if it satisfies the constraints. */
eg_status eg_add_case_corner(eg_constrained *c);

#endif
