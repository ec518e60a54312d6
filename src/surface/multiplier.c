/* SPDX-License-Identifier: MIT */
/* Lagrange's multiplier, and the Hessian of f - lambda g along the constraint. */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "surface/surface.h"

/* Householder's reflection H = 1 - 2 v v' / v'v takes g to an axis; its other rows span the tangent
 * space. */
static void reflector(const double g[], size_t n, double v[])
{
    double norm = sqrt(eg_dot(g, g, n));
    for (size_t i = 0; i < n; i++)
        v[i] = g[i] + (i == 0 ? copysign(norm, g[0]) : 0);
}

/* M := H M H */
static void reflect(double *m, size_t n, const double v[])
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

/* The verdict of a Hessian on the space at right angles to g; `space` takes its (n-1) x (n-1) part.
 */
static eg_extremum verdict_along(double *hessian, size_t n, const double g[], double tolerance,
                                 double *space)
{
    double v[EG_EXPR_VARIABLES], values[EG_EXPR_VARIABLES];
    size_t m = n - 1;
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(hessian[i]))
            return EG_UNDECIDED;
    reflector(g, n, v);
    reflect(hessian, n, v);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            space[i * m + k] = hessian[(i + 1) * n + k + 1];
    eg_eigen(space, m, values, NULL);
    return eg_extremum_of(values, m, tolerance);
}

/* `space`: three matrices. */
static eg_status judge(const eg_expr *expr, const eg_expr *constraint, const double point[],
                       const double g[], eg_lagrange *result, double *space, eg_error *error)
{
    size_t n = eg_expr_variables(expr), all = n * n;
    double *f = space, *h = space + all, *part = space + 2 * all, size = 0;
    eg_status status = eg_expr_eval(expr, point, NULL, NULL, f, error);
    if (status == EG_OK)
        status = eg_expr_eval(constraint, point, NULL, NULL, h, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < all; i++) {
        size = fmax(size, fabs(f[i]) + fabs(result->lambda * h[i]));
        f[i] -= result->lambda * h[i];
    }
    result->extremum = verdict_along(f, n, g, 1e-10 * (double)n * size, part);
    return EG_OK;
}

static void compare(const double f[], const double g[], size_t n, eg_lagrange *result)
{
    double ff = eg_dot(f, f, n), gg = eg_dot(g, g, n), fg = eg_dot(f, g, n), rest = 0;
    result->lambda = gg > 0 ? fg / gg : (double)NAN;
    for (size_t i = 0; i < n; i++)
        rest = hypot(rest, f[i] - result->lambda * g[i]);
    result->residual = rest;
    result->angle =
        ff > 0 && gg > 0 ? atan2(rest * sqrt(gg), fabs(fg)) * (180 / acos(-1)) : (double)NAN;
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
    compare(f, g, n, result);
    double tolerance = 1e-9 * sqrt(eg_dot(f, f, n));
    for (size_t i = 0; i < n; i++)
        tolerance += rf[i] + fabs(result->lambda) * rg[i];
    result->parallel = result->residual <= tolerance;
    if (!result->parallel || n < 2)
        return EG_OK;
    double *space = eg_alloc(expr->ctx, 3 * n * n, sizeof *space, error);
    if (!space)
        return eg_failed(error);
    status = judge(expr, constraint, point, g, result, space, error);
    eg_free(space);
    return status;
}
