/* SPDX-License-Identifier: MIT */
/* How a surface bends: the Hessian's eigenvalues, and what they say of a critical point. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "surface/surface.h"

/* No eigenvalue is off by more than the largest sum of a row's errors; Jacobi adds some of its own.
 */
static double tolerance(const double *radius, const double *hessian, size_t n)
{
    double most = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        double row = 0, norm = 0;
        for (size_t k = 0; k < n; k++) {
            row += radius[i * n + k];
            norm += fabs(hessian[i * n + k]);
        }
        most = fmax(most, row);
        size = fmax(size, norm);
    }
    return most + 0x1p-50 * (double)n * size;
}

static void conclude(eg_hessian_result *result, size_t n, double zero)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(result->eigenvalues[i]) <= zero)
            result->eigenvalues[i] = 0;
        least = fmin(least, fabs(result->eigenvalues[i]));
        most = fmax(most, fabs(result->eigenvalues[i]));
    }
    result->condition = least > zero ? most / least : (double)INFINITY;
    result->extremum = eg_extremum_of(result->eigenvalues, n, zero);
}

/* `space`: three matrices. */
static eg_status curvature(const eg_expr *expr, const double point[], eg_hessian_result *result,
                           double *hessian, double *space, double *directions, eg_error *error)
{
    size_t n = eg_expr_variables(expr), all = n * n;
    double *radius = space, *matrix = space + all;
    hessian = hessian ? hessian : space + 2 * all;
    eg_status status = eg_expr_eval(expr, point, NULL, NULL, hessian, error);
    if (status == EG_OK)
        status = eg_surface_rounding(expr, point, &(eg_rounding){.hessian = radius}, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < all; i++)
        if (!isfinite(hessian[i]))
            return eg_fail(error, EG_NEGATIVE, "there are no second derivatives at this point");
    memcpy(matrix, hessian, all * sizeof *matrix);
    eg_eigen(matrix, n, result->eigenvalues, directions);
    conclude(result, n, tolerance(radius, hessian, n));
    return EG_OK;
}

eg_status eg_surface_hessian(const eg_expr *expr, const double point[], eg_hessian_result *result,
                             double hessian[], double directions[], eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    *result = (eg_hessian_result){.condition = NAN, .extremum = EG_UNDECIDED};
    double *space = eg_alloc(expr->ctx, 3 * n * n + 1, sizeof *space, error);
    if (!space)
        return eg_failed(error);
    eg_status status = curvature(expr, point, result, hessian, space, directions, error);
    eg_free(space);
    return status;
}

eg_extremum eg_extremum_of(const double values[], size_t n, double tolerance)
{
    bool up = n > 0 && values[n - 1] > tolerance, down = n > 0 && values[0] < -tolerance;
    if (up && down)
        return EG_SADDLE;
    for (size_t i = 0; i < n; i++)
        if (fabs(values[i]) <= tolerance)
            return EG_UNDECIDED;
    return up ? EG_MINIMUM : down ? EG_MAXIMUM : EG_UNDECIDED;
}
