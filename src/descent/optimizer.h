/* SPDX-License-Identifier: MIT */
/* State of an optimisation run, and the interface of the methods that compute its steps. */
#ifndef EG_DESCENT_OPTIMIZER_H
#define EG_DESCENT_OPTIMIZER_H

#include "edgegrad.h"
#include "gradient/eigen.h"

typedef struct eg_iterate {
    double *x, *gradient;
    double value;
} eg_iterate;

enum {
    EG_HISTORY = 10, /* pairs s, y that L-BFGS stores */
    EG_RECENT = 10   /* values that a non-monotone line search compares with */
};

struct eg_method_ops;

/* Values, gradients and Hessians in here are those of the function to minimise: multiplied by
 * `sign`. */
typedef struct eg_optimizer {
    eg_context *ctx;
    const eg_objective *objective;
    const struct eg_method_ops *ops;
    size_t n;    /* variables */
    double sign; /* -1 to maximise, else 1 */
    double rate, momentum;
    bool backtrack;  /* halve an automatic rate, and restart the momentum, when the value would
                        rise, because the rate was derived from the curvature at the start */
    bool stochastic; /* evaluate one batch instead of all data */
    size_t batch;    /* number of that batch */
    eg_iterate current, next;
    size_t step; /* steps done */
    size_t evaluations;
    double *vectors;                /* ops->vectors of n each, initially 0 */
    double *hessian, *eigenvectors; /* n x n; eigenvectors in rows */
    double *eigenvalues;            /* n, ascending */
    double alpha[EG_HISTORY], rho[EG_HISTORY];
    size_t pairs;             /* L-BFGS: pairs s, y stored so far */
    double last_slope;        /* line search: slope along the previous direction */
    double recent[EG_RECENT]; /* bb: values of the last steps, in a ring */
} eg_optimizer;

typedef enum eg_step_outcome {
    EG_STEPPED,
    EG_NO_DESCENT /* no lower point was found along the search direction */
} eg_step_outcome;

/* Computes one step: fills opt->next, starting at opt->current. */
typedef eg_status eg_step_function(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error);

typedef struct eg_method_ops {
    const char *name, *help;
    eg_step_function *step;
    size_t vectors;        /* state vectors of n numbers */
    double rate, momentum; /* defaults; NaN: derived from the curvature at the start */
    bool has_momentum;
    bool monotone;        /* each step lowers the value if the rate is below its limit */
    bool fixed_step;      /* no line search and no memory of past steps */
    bool stochastic;      /* accepts gradients estimated from a batch */
    bool normalized_step; /* step length is about `rate` whatever the gradient's */
} eg_method_ops;

extern const eg_method_ops eg_methods[EG_METHODS];

eg_step_function eg_step_gd, eg_step_momentum, eg_step_nesterov, eg_step_rmsprop, eg_step_adam,
    eg_step_bb, eg_step_lbfgs, eg_step_newton, eg_step_line_search;

/* Computes value and gradient at iterate->x: of opt->batch if opt->stochastic, else of the whole
 * objective. */
eg_status eg_optimizer_evaluate(eg_optimizer *opt, eg_iterate *iterate, eg_error *error);

/* Returns true if value, coordinates and gradient are all finite. */
bool eg_iterate_is_finite(const eg_iterate *iterate, size_t n);

/* Computes the Hessian at x into opt->hessian. */
eg_status eg_optimizer_hessian(eg_optimizer *opt, const double x[], eg_error *error);

/* Computes the range of the Hessian's eigenvalues at x, and all of them with their eigenvectors
 * into opt. Leaves curvature->known false if the Hessian is not finite. */
eg_status eg_optimizer_curvature(eg_optimizer *opt, const double x[],
                                 eg_eigenvalue_range *curvature, eg_error *error);

/* Finds a step `length` along `direction` that satisfies the strong Wolfe conditions with curvature
 * constant c2, and fills opt->next there; `first` is the first length tried. (search.c) */
eg_status eg_search(eg_optimizer *opt, const double direction[], double first, double c2,
                    double *length, eg_step_outcome *outcome, eg_error *error);

/* Returns state vector `index` of the method. */
static inline double *eg_optimizer_vector(eg_optimizer *opt, size_t index)
{
    return opt->vectors + index * opt->n;
}

/* Returns true if b is above a by more than rounding error, or not a number. */
bool eg_is_rise(double a, double b);

double eg_dot_product(const double a[], const double b[], size_t n);

/* Returns the Euclidean norm. Scaled, because squares of large components would overflow. */
double eg_length(const double a[], size_t n);

#endif
