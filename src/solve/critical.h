/* SPDX-License-Identifier: MIT */
/* Parts of eg_solve_critical(). */
#ifndef EG_SOLVE_CRITICAL_H
#define EG_SOLVE_CRITICAL_H

#include "solve/problem.h"

/* Finds the smallest and the largest value over the box, given the critical points of the result.
 * (extremes.c) */
eg_status eg_find_extremes(eg_problem *problem, eg_encloser *encloser);

#endif
