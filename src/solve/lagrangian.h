/* SPDX-License-Identifier: MIT */
/*
 * The conditions of Fritz John (1948) for an extremum of f where constraints g_k are 0: there are
 * multipliers, not all 0, such that m_0 grad f = sum of m_k grad g_k. Unlike Lagrange's they hold
 * also where the gradients of the constraints are dependent (then with m_0 = 0), and multipliers
 * whose squares have the sum 1 are bounded.
 */
#ifndef EG_SOLVE_LAGRANGIAN_H
#define EG_SOLVE_LAGRANGIAN_H

#include "solve/system.h"

/* The functions of the conditions, in the variables x, m_0, m_1 ... */
typedef struct eg_lagrangian {
    size_t n, count;   /* variables x, and active constraints */
    eg_expr *function; /* m_0 f - sum of m_k g_k */
    eg_expr *norm;     /* sum of m_k^2, less 1 */
    eg_expr *constraint[EG_SOLVE_CONSTRAINTS];
    eg_encloser enclosers[2 + EG_SOLVE_CONSTRAINTS]; /* of these, in this order */
} eg_lagrangian;

/* Makes them from f and the active constraints. The caller frees them, also after a failure. */
eg_status eg_lagrangian_make(eg_lagrangian *lagrangian, const eg_expr *f,
                             const eg_expr *const active[], size_t count, eg_error *error);
void eg_lagrangian_free(eg_lagrangian *lagrangian); /* accepts a zeroed one */

/* Makes the system of the conditions where the variables free[] are not fixed; system->fixed[] is
 * left to the caller, and outer[] set to the ranges of the multipliers, which follow the free
 * variables. */
void eg_lagrangian_system(eg_lagrangian *lagrangian, const size_t free[], size_t free_count,
                          eg_system *system, eg_interval outer[]);

#endif
