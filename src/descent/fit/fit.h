/* SPDX-License-Identifier: MIT */
/* A fit: its data, the factorised Jacobian at a point, and the curvature of the sum of squares. */
#ifndef EG_DESCENT_FIT_FIT_H
#define EG_DESCENT_FIT_FIT_H

#include "edgegrad.h"

struct eg_fit {
    eg_context *ctx;
    eg_expr *model;
    size_t variables;                         /* of the model: columns and parameters */
    const double *columns[EG_EXPR_VARIABLES]; /* data of each variable; NULL: a parameter */
    size_t parameter[EG_EXPR_VARIABLES];      /* variable of each parameter */
    size_t parameters, points;
    const double *target;
    double *roots;      /* square roots of the weights; NULL: all are 1 */
    size_t weighted;    /* points with a weight above 0 */
    bool known_sigma;   /* the weights are 1/sigma^2 of known standard deviations */
    double target_norm; /* of the weighted target */
    double total_norm;  /* square root of the weighted squares about the target's mean */
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES]; /* bounds of the parameters */

    /* Stochastic runs. */
    size_t batch; /* points; 0: all */
    uint64_t seed;
    size_t shuffled_epoch; /* epoch of `order`; SIZE_MAX: none */
    uint32_t *order;       /* shuffled points */
    double *batch_data;    /* columns of a batch, its target, its roots */

    /* Largest cosine of the angle between the residuals and a derivative, and where it was computed
     * with the last gradient; NaN: none. */
    double cosine, cosine_at[EG_EXPR_VARIABLES];
};

/* ---- factor.c ---- */

/* The residuals r = model - target and their Jacobian J at a point, both weighted, as J = Q R and
 * Q'r. */
typedef struct eg_fit_factor {
    double *r;      /* R, parameters x parameters, by columns */
    double *q;      /* Q'r, one for each parameter */
    double *slopes; /* bounds of the rounding errors of J'r, one for each parameter */
    double norm;    /* of r */
    double noise; /* estimate of the norm of the rounding errors of r; at most a small share of the
                     target's, lest a start with vast parameters explains every residual */
    bool finite;  /* false: the rest is unknown */
    size_t bad_row; /* first point without finite model and derivatives, if not finite */
    bool bad_value; /* the model itself is not finite there */
} eg_fit_factor;

/* Allocates the factor; the caller frees factor->r. */
eg_status eg_fit_factor_new(const eg_fit *fit, eg_fit_factor *factor, eg_error *error);

/* Computes the factor at the parameters `x`. The result does not depend on the number of threads.
 */
eg_status eg_fit_factorize(const eg_fit *fit, const double x[], eg_fit_factor *factor,
                           eg_error *error);

/* Fails with the first point at which the model has no finite value or derivative. */
eg_status eg_fit_bad_point(const eg_fit *fit, const eg_fit_factor *factor, eg_error *error);

/* ---- system.c ---- */

/* The Jacobian of the free parameters with scaled columns, J D^-1 = Q U S V', at a point. */
typedef struct eg_fit_system {
    size_t count;                    /* free parameters */
    size_t index[EG_EXPR_VARIABLES]; /* of each, its parameter */
    double scale[EG_EXPR_VARIABLES]; /* diagonal of D */
    double singular[EG_EXPR_VARIABLES];
    double largest, smallest;           /* singular values */
    double residual[EG_EXPR_VARIABLES]; /* U'Q'r; 0 for singular values of
                                            about 0 */
    double *u, *v;                      /* parameters x count; count x count */
    double offset;     /* cosine of the angle between the residuals and the span of the Jacobian */
    double negligible; /* offset that counts as 0: EG_FIT_OFFSET, or what rounding explains */
    bool exact;        /* the residuals are rounding errors */
} eg_fit_system;

#define EG_FIT_OFFSET 1e-8  /* largest offset of a minimum */
#define EG_FIT_RANK   1e-10 /* singular values below this share of the largest count as 0 */

/* Allocates the system; the caller frees system->u. */
eg_status eg_fit_system_new(const eg_fit *fit, eg_fit_system *system, eg_error *error);

/* Finds the free parameters at `x`: all but those at a bound towards which the sum of squares
 * falls. */
void eg_fit_find_free(const eg_fit *fit, const eg_fit_factor *factor, const double x[],
                      eg_fit_system *system);

/* Decomposes the Jacobian of the free parameters. `scale` has the diagonal of D for all parameters;
 * NULL: the norms of the columns. */
void eg_fit_decompose(const eg_fit *fit, const eg_fit_factor *factor, const double scale[],
                      eg_fit_system *system);

/* Computes step = D^-1 V y for all parameters; 0 for those that are not free. */
void eg_fit_expand(const eg_fit *fit, const eg_fit_system *system, const double y[], double step[]);

/* ---- curvature.c ---- */

/* Curvature of half the sum of squares at a point over the free parameters, with the second
 * derivatives of the model. */
typedef struct eg_fit_curvature {
    bool known;     /* false: a second derivative is not finite */
    bool full_rank; /* of the Jacobian */
    bool relative;  /* eigenvalues are relative to the Gauss-Newton approximation: 1 for a linear
                       model */
    double least, error;              /* smallest eigenvalue, and a bound of its rounding error */
    double lowest[EG_EXPR_VARIABLES]; /* step of all parameters along its eigenvector */
    bool definite;                    /* positive definite beyond rounding; else the rest is 0 */
    double newton[EG_EXPR_VARIABLES]; /* Newton's step of all parameters */
    double decrement; /* square root of the relative reduction of the sum of squares that it
                         promises; comparable to system->offset */
} eg_fit_curvature;

eg_status eg_fit_find_curvature(const eg_fit *fit, const eg_fit_system *system,
                                const eg_fit_factor *factor, const double x[],
                                eg_fit_curvature *curvature, eg_error *error);

#endif
