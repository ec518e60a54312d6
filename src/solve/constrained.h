/* SPDX-License-Identifier: MIT */
/* Parts of eg_solve_constrained(). */
#ifndef EG_SOLVE_CONSTRAINED_H
#define EG_SOLVE_CONSTRAINED_H

#include "solve/extreme_search.h"
#include "solve/extreme_value.h"
#include "solve/lagrangian.h"

/* The problem, and the present case: a face of the box and a set of active constraints. */
typedef struct eg_constrained {
    eg_problem *problem;
    const eg_expr *f;
    const eg_constraint *constraints;
    size_t count;
    eg_encloser function, enclosers[EG_SOLVE_CONSTRAINTS];
    eg_face face[EG_UNKNOWNS];
    size_t free[EG_UNKNOWNS], free_count;
    unsigned active; /* a bit for each constraint */
    size_t active_count;
    const eg_expr *active_expr[EG_SOLVE_CONSTRAINTS];
    size_t active_index[EG_SOLVE_CONSTRAINTS];
    eg_growing places; /* of eg_valued_place, with bounds of f itself */
    bool uncertain;    /* whether a place satisfies the constraints is not known */
} eg_constrained;

/* A solution of a case. */
typedef struct eg_case_point {
    eg_interval box[EG_UNKNOWNS]; /* by variable */
    eg_real at[EG_UNKNOWNS];
    eg_real multiplier[1 + EG_SOLVE_CONSTRAINTS]; /* m_0, m_1 ...; EG_REAL_NONE: not known */
    bool regular, exact, dependent;
} eg_case_point;

/* Judges a point and adds it to the result. (judge_constrained.c) */
eg_status eg_judge_constrained(eg_constrained *c, const eg_case_point *point);

#endif
