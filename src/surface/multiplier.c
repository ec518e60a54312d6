/* SPDX-License-Identifier: MIT */
/* Lagrange multiplier, and the Hessian of f - lambda g in the tangent space of the constraint. */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "surface/surface.h"

/* Computes v of the Householder reflection H = 1 - 2 v v' / v'v that maps g to the first axis. The
 * other rows of H span the tangent space. */
static void householder_vector(const double g[], size_t n, double v[])
{
    double norm = sqrt(eg_dot(g, g, n));
    for (size_t i = 0; i < n; i++)
        v[i] = g[i] + (i == 0 ? copysign(norm, g[0]) : 0);
}

/* Replaces m by H m H, where H is the reflection of v. */
static void apply_householder(double *m, size_t n, const double v[])
{
    double scale = 2 / eg_dot(v, v, n);
    for (size_t i = 0; i < n; i++) {
        double along = scale * eg_dot(m + i * n, v, n);
        for (size_t k = 0; k < n; k++)
            m[i * n + k] -= along * v[k];
    }
    for (size_t k = 0; k < n; k++) {
        double along = 0;
        for (size_t i = 0; i < n; i++)
            along += scale * m[i * n + k] * v[i];
        for (size_t i = 0; i < n; i++)
            m[i * n + k] -= along * v[i];
    }
}

/* Classifies the extremum by a Hessian restricted to the space at right angles to g. scratch: (n-1)
 * x (n-1). */
static eg_extremum classify_in_tangent_space(double *hessian, size_t n, const double g[],
                                             double tolerance, double *scratch)
{
    double v[EG_EXPR_VARIABLES], values[EG_EXPR_VARIABLES];
    size_t m = n - 1;
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(hessian[i]))
            return EG_UNDECIDED;
    householder_vector(g, n, v);
    apply_householder(hessian, n, v);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            scratch[i * m + k] = hessian[(i + 1) * n + k + 1];
    eg_eigen(scratch, m, values, NULL);
    return eg_classify_extremum(values, m, tolerance);
}

/* Classifies the point by the Hessian of f - lambda g. scratch: three n x n matrices. */
static eg_status classify_extremum(const eg_expr *expr, const eg_expr *constraint,
                                   const double point[], const double g[], eg_lagrange *result,
                                   double *scratch, eg_error *error)
{
    size_t n = eg_expr_variables(expr), size_squared = n * n;
    double *f = scratch, *h = scratch + size_squared, *block = scratch + 2 * size_squared, size = 0;
    eg_status status = eg_expr_eval(expr, point, NULL, NULL, f, error);
    if (status == EG_OK)
        status = eg_expr_eval(constraint, point, NULL, NULL, h, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < size_squared; i++) {
        size = fmax(size, fabs(f[i]) + fabs(result->lambda * h[i]));
        f[i] -= result->lambda * h[i];
    }
    result->extremum = classify_in_tangent_space(f, n, g, 1e-10 * (double)n * size, block);
    return EG_OK;
}

static void compute_multiplier(const double f[], const double g[], size_t n, eg_lagrange *result)
{
    double ff = eg_dot(f, f, n), gg = eg_dot(g, g, n), fg = eg_dot(f, g, n), residual = 0;
    result->lambda = gg > 0 ? fg / gg : (double)NAN;
    for (size_t i = 0; i < n; i++)
        residual = hypot(residual, f[i] - result->lambda * g[i]);
    result->residual = residual;
    result->angle =
        ff > 0 && gg > 0 ? atan2(residual * sqrt(gg), fabs(fg)) * (180 / acos(-1)) : (double)NAN;
}

eg_status eg_surface_lagrange(const eg_expr *expr, const eg_expr *constraint, const double point[],
                              eg_lagrange *result, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double f[EG_EXPR_VARIABLES], g[EG_EXPR_VARIABLES];
    double rf[EG_EXPR_VARIABLES] = {0}, rg[EG_EXPR_VARIABLES] = {0};
    eg_status status = eg_expr_eval(expr, point, NULL, f, NULL, error);
    if (status == EG_OK)
        status = eg_expr_eval(constraint, point, NULL, g, NULL, error);
    if (status == EG_OK)
        status = eg_surface_rounding(expr, point, &(eg_rounding){.gradient = rf}, error);
    if (status == EG_OK)
        status = eg_surface_rounding(constraint, point, &(eg_rounding){.gradient = rg}, error);
    if (status != EG_OK)
        return status;
    *result = (eg_lagrange){.extremum = EG_UNDECIDED};
    compute_multiplier(f, g, n, result);
    double tolerance = 1e-9 * sqrt(eg_dot(f, f, n));
    for (size_t i = 0; i < n; i++)
        tolerance += rf[i] + fabs(result->lambda) * rg[i];
    result->parallel = result->residual <= tolerance;
    if (!result->parallel || n < 2)
        return EG_OK;
    double *scratch = eg_alloc(expr->ctx, 3 * n * n, sizeof *scratch, error);
    if (!scratch)
        return eg_failed(error);
    status = classify_extremum(expr, constraint, point, g, result, scratch, error);
    eg_free(scratch);
    return status;
}
