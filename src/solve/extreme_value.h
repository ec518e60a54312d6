/* SPDX-License-Identifier: MIT */
/* The smallest or largest value, from the places where it may be taken. */
#ifndef EG_SOLVE_EXTREME_VALUE_H
#define EG_SOLVE_EXTREME_VALUE_H

#include "solve/problem.h"

/* A place with the value there. */
typedef struct eg_valued_place {
    eg_extreme_place place;
    eg_real value;    /* EG_REAL_NONE if only bounds are known */
    double low, high; /* bounds of sign * f */
} eg_valued_place;

/* Sets value, bounds and places of *extreme, which has memory for the extreme->place_count places.
 * sign: 1 for the smallest value, -1 for the largest one. best: another upper bound of sign * f. */
void eg_decide_extreme(eg_problem *problem, int sign, double best, const eg_valued_place *places,
                       eg_extreme *extreme);

#endif
