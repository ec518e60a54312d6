/* SPDX-License-Identifier: MIT */
/* A walk down a function: where it is, and the methods that say where it goes next. */
#ifndef EG_DESCENT_OPTIMIZER_H
#define EG_DESCENT_OPTIMIZER_H

#include "edgegrad.h"
#include "gradient/eigen.h"

typedef struct eg_iterate {
    double *x, *gradient;
    double value;
} eg_iterate;

enum { EG_HISTORY = 10 }; /* pairs that L-BFGS remembers */

struct eg_method_ops;

typedef struct eg_optimizer {
    eg_context *ctx;
    const eg_objective *objective;
    const struct eg_method_ops *ops;
    size_t n;
    double sign; /* -1: maximising. Values, gradients and Hessians in here are those to minimise */
    double rate, momentum;
    bool careful; /* halve the rate rather than go up: it was chosen where the curvature was another
                   */
    bool sampled; /* looks see a part of the data: */
    size_t batch; /* this one */
    eg_iterate now, next;
    size_t step; /* steps done */
    size_t evaluations;
    double *vectors;        /* ops->vectors of n each, zeros at first */
    double *matrix, *basis; /* n x n: Hessian, and its eigenvectors in rows */
    double *eigenvalues;    /* n */
    double alpha[EG_HISTORY], rho[EG_HISTORY];
    size_t pairs;      /* L-BFGS: of s, y that were worth remembering */
    double last_slope; /* line search: along the last direction */
} eg_optimizer;

/* What a step came to. */
typedef enum eg_outcome {
    EG_STEPPED,
    EG_NOWHERE /* no better point was found in the direction of the step */
} eg_outcome;

/* Fills walk->next. */
typedef eg_status eg_step_function(eg_optimizer *walk, eg_outcome *outcome, eg_error *error);

typedef struct eg_method_ops {
    const char *name, *help;
    eg_step_function *step;
    size_t vectors;
    double rate, momentum; /* the method's own; NaN: from the curvature */
    bool has_momentum;
    bool monotone; /* with a sensible rate each step goes down */
    bool samples;  /* gradients may be estimates */
    bool paced;    /* steps are about `rate` long whatever the gradient */
    bool searches; /* finds the length of its steps itself */
} eg_method_ops;

extern const eg_method_ops eg_methods[EG_METHODS];

eg_step_function eg_step_gd, eg_step_momentum, eg_step_nesterov, eg_step_rmsprop, eg_step_adam,
    eg_step_bb, eg_step_lbfgs, eg_step_newton, eg_step_line_search;

/* Value and gradient at spot->x, of the batch whose turn it is where the objective is sampled. */
eg_status eg_optimizer_evaluate(eg_optimizer *walk, eg_iterate *spot, eg_error *error);

/* Whether value, coordinates and gradient are all finite. */
bool eg_iterate_is_finite(const eg_iterate *spot, size_t n);

/* Hessian of what is minimised at x into walk->matrix. */
eg_status eg_optimizer_hessian(eg_optimizer *walk, const double x[], eg_error *error);

/* Eigenvalues at x; not known where the Hessian is not finite. Leaves eigenvalues and basis in the
 * walk. */
eg_status eg_optimizer_curvature(eg_optimizer *walk, const double x[], eg_curvature *curvature,
                                 eg_error *error);

/* Finds a step `length` along `direction` that satisfies the strong Wolfe conditions with curvature
 * constant c2, and fills walk->next there; `first` is tried first. (search.c) */
eg_status eg_search(eg_optimizer *walk, const double direction[], double first, double c2,
                    double *length, eg_outcome *outcome, eg_error *error);

static inline double *eg_optimizer_vector(eg_optimizer *walk, size_t index)
{
    return walk->vectors + index * walk->n;
}

double eg_dot_product(const double a[], const double b[], size_t n);
double eg_length(const double a[], size_t n); /* no overflow before the result has one */

#endif
