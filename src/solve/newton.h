/* SPDX-License-Identifier: MIT */
/*
 * The interval Newton operator. For a box X with midpoint m, derivatives J(X) and the inverse Y of
 * the middle of J(X), every solution in X lies in the images of X by the operators of Hansen and
 * Sengupta (Gauss-Seidel steps on Y J(X)) and of Krawczyk, m - Y F(m) + (I - Y J(X))(X - m). If the
 * latter lies in the interior of X, there is exactly one solution in X, and it is regular.
 * (Neumaier, Interval Methods for Systems of Equations, 1990, chapter 5.)
 */
#ifndef EG_SOLVE_NEWTON_H
#define EG_SOLVE_NEWTON_H

#include "solve/system.h"

typedef struct eg_newton {
    eg_system *system;
    eg_interval jacobian[EG_UNKNOWNS * EG_UNKNOWNS]; /* over the box of the last call */
    double inverse[EG_UNKNOWNS * EG_UNKNOWNS];       /* of its middle */
    bool usable;   /* the equations are continuous on that box, and their derivatives bounded */
    bool inverted; /* `inverse` is there */
    bool regular;  /* no row of inverse * jacobian allows two solutions */
} eg_newton;

/* Computes `jacobian` over the box x. domain: of the equations there. */
void eg_newton_derive(eg_newton *newton, const eg_interval x[], eg_domain domain);

/* Makes the box smaller without losing a solution, by the derivatives over it or a box around it.
 * Returns false if it has no solution. */
bool eg_newton_contract(eg_newton *newton, eg_interval x[]);

/* Returns true if the box x has exactly one solution, and then sets tight[] to a small box around
 * it. */
bool eg_newton_prove(eg_newton *newton, const eg_interval x[], eg_interval tight[]);

/* Improves x[], a point, by Newton's method in doubles, until a step is small beside the
 * coordinates or `scale`. Returns false unless it converges. */
bool eg_newton_improve(eg_newton *newton, double x[], double scale);

/* Inverts an n x n matrix. Returns false if it is singular, but for rounding. (inverse.c) */
bool eg_invert(const double matrix[], size_t n, double inverse[]);

#endif
