/* SPDX-License-Identifier: MIT */
/* State of the Levenberg-Marquardt method, and the Newton steps that end it. */
#ifndef EG_DESCENT_FIT_LEVENBERG_MARQUARDT_H
#define EG_DESCENT_FIT_LEVENBERG_MARQUARDT_H

#include "descent/fit/fit.h"

typedef struct eg_lm {
    const eg_fit *fit;
    const eg_fit_solver *solver;
    eg_fit_result *result;
    eg_fit_factor current, trial; /* at x, at next */
    eg_fit_system system;         /* at x */
    double *x, *next, *step;
    double *scale; /* D: largest norms of the derivatives by each parameter so far */
    double radius; /* of the trust region; NaN: not yet chosen */
    double damping;
    double started; /* eg_seconds() */
} eg_lm;

/* Moves lm->next to x + factor * step, clipped to the bounds, and computes lm->trial there. */
eg_status eg_lm_try(eg_lm *lm, double factor, eg_error *error);

/* Exchanges x and lm->next, and what belongs to them. */
void eg_lm_swap(eg_lm *lm);

/* Counts and reports a step that has led to x. */
void eg_lm_count(eg_lm *lm);

/* Takes Newton steps with the true Hessian while they bring the point closer to stationary.
 * (refine.c) */
eg_status eg_lm_refine(eg_lm *lm, int steps, eg_error *error);

/* Leaves a saddle or a maximum: moves to a lower point along the lowest curvature, if that is
 * negative. Sets *left. (refine.c) */
eg_status eg_lm_leave_saddle(eg_lm *lm, bool *left, eg_error *error);

#endif
