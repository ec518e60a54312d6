/* SPDX-License-Identifier: MIT */
/* Square systems of equations whose solutions are searched in a box of their unknowns. */
#ifndef EG_SOLVE_SYSTEM_H
#define EG_SOLVE_SYSTEM_H

#include "expr/eval/enclose.h"

enum { EG_UNKNOWNS = 16 }; /* largest number of unknowns, and of variables of the expressions */

/*
 * n equations for n unknowns, which are variables of the expressions; the other variables have
 * fixed values. The first `partials` equations say that derivatives of `function` are 0, the others
 * that `equations` are 0.
 */
typedef struct eg_system {
    size_t n, variables, partials;
    size_t unknown[EG_UNKNOWNS];    /* the variable that each unknown is */
    size_t axis[EG_UNKNOWNS];       /* the variable by which each of the partials is */
    eg_interval fixed[EG_UNKNOWNS]; /* by variable: the value of one that is no unknown */
    eg_encloser *function;          /* NULL if there are no partials */
    eg_encloser *equations[EG_UNKNOWNS];
    eg_encloser *derivatives; /* by variable: the simplified derivatives of `function`; or NULL */
} eg_system;

/* Encloses the left sides of all equations over a box of the unknowns, and sets *value to the
 * enclosure of the function, unless it is NULL or there is none. Returns what is certain about
 * them. */
eg_domain eg_system_values(eg_system *system, const eg_interval x[], eg_interval values[],
                           eg_interval *value);

/* Encloses the n x n matrix of derivatives, a row for each equation. */
eg_domain eg_system_jacobian(eg_system *system, const eg_interval x[], eg_interval jacobian[]);

/* Returns true if a simplified derivative is not 0 anywhere in the box. */
bool eg_system_is_refuted(eg_system *system, const eg_interval x[]);

/* Sets box[] to the values of all variables. */
void eg_system_box(const eg_system *system, const eg_interval x[], eg_interval box[]);

/* Removes an unknown, which gets a fixed value, and an equation. */
void eg_system_remove(eg_system *system, size_t unknown, size_t equation, eg_interval value);

#endif
