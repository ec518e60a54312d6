/* SPDX-License-Identifier: MIT */
/* Degenerate critical points, by the first derivatives that are not 0. */
#ifndef EG_SOLVE_TAYLOR_H
#define EG_SOLVE_TAYLOR_H

#include "solve/problem.h"

/*
 * Judges a critical point at exact coordinates whose Hessian is singular. Sets verdict and order of
 * the point. *isolated: no other critical point is in `hull`, which contains it.
 *
 * The derivatives at the point are computed order by order until one of order m is not 0. Then f
 * is f(c) + P(h) + R(h) with a form P of degree m. Along lines, the first derivative that is not 0
 * decides: an odd order, or even ones of both signs, make a saddle. P decides if it has a sign on
 * all of the unit cube. Critical points are excluded where |grad P| exceeds |grad R|, which the
 * derivatives of order m + 1 over the hull bound.
 */
eg_status eg_taylor_judge(eg_problem *problem, const eg_expr *f, const eg_interval hull[],
                          eg_solution *point, bool *isolated);

/* Does that for functions of fewer variables, where some can be removed. Sets *isolated only.
 * (reduce.c) */
eg_status eg_taylor_isolate(eg_problem *problem, const eg_expr *f, const eg_interval hull[],
                            const eg_solution *point, bool *isolated);

#endif
