/* SPDX-License-Identifier: MIT */
/* One run of a method, from its start to its classified end. */
#ifndef EG_DESCENT_RUN_H
#define EG_DESCENT_RUN_H

#include "descent/monitor.h"
#include "descent/optimizer.h"

typedef struct eg_run {
    eg_optimizer opt;
    eg_monitor monitor;
    const eg_descent_options *options;
    eg_descent_result *result;
    double *memory;         /* backs all vectors and matrices of the run */
    double *start;          /* n */
    const double *flattest; /* at the end: the eigenvector whose eigenvalue is next to 0 */
    eg_iterate full_batch; /* stochastic runs: value and gradient of all data at the end of the last
                              epoch */
    double base_rate;      /* what the schedule's factor multiplies */
    double started;        /* eg_seconds() */
    double last_value;     /* value before the last step */
    double last_step_size; /* largest component of the last step over max(1, |x|) */
    double tested_gradient; /* gradient norm at the last test for convergence */
} eg_run;

/* Runs without advice: as eg_descent(), whose options must be valid. */
eg_status eg_run_descent(eg_context *ctx, const eg_objective *objective, double x[],
                         const eg_descent_options *options, eg_descent_result *result,
                         eg_error *error);

/* Allocates the vectors, evaluates the start x[], chooses rate and momentum. (start.c) */
eg_status eg_run_begin(eg_run *run, const double x[], eg_error *error);

/* Sets *met if a tolerance is met, and *stop to which. Stochastic runs are tested at the end of an
 * epoch only, because the gradient of one batch is an estimate. (convergence.c) */
eg_status eg_run_test_convergence(eg_run *run, bool *met, eg_stop *stop, eg_error *error);

/* Newton's estimate of what remains at an iterate, with absolute eigenvalues. */
typedef struct eg_remainder {
    bool known;      /* the Hessian is finite */
    double distance; /* length of Newton's step; infinite if all eigenvalues are 0 */
    double decrease; /* of the value by that step */
} eg_remainder;

/* Estimates the remainder at the iterate. Overwrites opt->hessian, eigenvalues and eigenvectors. */
eg_status eg_run_remainder(eg_run *run, const eg_iterate *iterate, eg_remainder *remainder,
                           eg_error *error);

/* Returns the extent of the space that the run has seen: the larger of |x| and the distance from
 * the start; 1 if both are 0. */
double eg_run_extent(const eg_run *run);

/* Classifies the end: fills result->outcome and what explains it. (outcome.c) */
eg_status eg_run_classify(eg_run *run, eg_error *error);

#endif
