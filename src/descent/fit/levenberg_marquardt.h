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
    double *memory; /* of the vectors */
} eg_lm;

/* Allocates the state of lm->fit; eg_lm_free() frees it, also after an error. */
eg_status eg_lm_new(eg_lm *lm, eg_error *error);
void eg_lm_free(eg_lm *lm);

/* Returns the mean squared error at x. */
double eg_lm_mean_square(const eg_lm *lm);

/* Calls the solver's on_step(), if there is one. */
void eg_lm_report(const eg_lm *lm);

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
