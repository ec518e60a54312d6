/* SPDX-License-Identifier: MIT */
/* Hessian analysis: eigenvalues, and the kind of critical point that they imply. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "gradient/eigen.h"
#include "surface/surface.h"

/* Returns the largest error of an eigenvalue: the largest row sum of the Hessian's errors
 * (Gershgorin), plus the rounding of the Jacobi method. */
static double eigenvalue_tolerance(const double *error_bound, const double *hessian, size_t n)
{
    double max = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        double row = 0, norm = 0;
        for (size_t k = 0; k < n; k++) {
            row += error_bound[i * n + k];
            norm += fabs(hessian[i * n + k]);
        }
        max = fmax(max, row);
        size = fmax(size, norm);
    }
    return max + 0x1p-50 * (double)n * size;
}

static void classify_eigenvalues(eg_hessian_result *result, size_t n, double tolerance)
{
    double min = INFINITY, max = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(result->eigenvalues[i]) <= tolerance)
            result->eigenvalues[i] = 0;
        min = fmin(min, fabs(result->eigenvalues[i]));
        max = fmax(max, fabs(result->eigenvalues[i]));
    }
    result->condition = min > tolerance ? max / min : (double)INFINITY;
    result->extremum = eg_classify_extremum(result->eigenvalues, n, tolerance);
}

/* Computes and analyzes the Hessian. scratch: three n x n matrices. */
static eg_status analyze_hessian(const eg_expr *expr, const double point[],
                                 eg_hessian_result *result, double *hessian, double *scratch,
                                 double *directions, eg_error *error)
{
    size_t n = eg_expr_variables(expr), size = n * n;
    double *error_bound = scratch, *matrix = scratch + size;
    hessian = hessian ? hessian : scratch + 2 * size;
    bool smooth;
    eg_status status = eg_surface_is_smooth(expr, point, point, &smooth, error);
    if (status == EG_OK && !smooth) /* the formulas hold on one side only */
        return eg_fail(
            error, EG_NEGATIVE,
            "the second derivatives are undecided: a corner, a jump or the boundary of a "
            "condition is at this point");
    if (status == EG_OK)
        status = eg_expr_eval(expr, point, NULL, NULL, hessian, error);
    if (status == EG_OK)
        status = eg_surface_rounding(expr, point, &(eg_rounding){.hessian = error_bound}, error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < size; i++)
        if (!isfinite(hessian[i]))
            return eg_fail(error, EG_NEGATIVE, "there are no second derivatives at this point");
    memcpy(matrix, hessian, size * sizeof *matrix);
    eg_eigen(matrix, n, result->eigenvalues, directions);
    classify_eigenvalues(result, n, eigenvalue_tolerance(error_bound, hessian, n));
    return EG_OK;
}

eg_status eg_surface_hessian(const eg_expr *expr, const double point[], eg_hessian_result *result,
                             double hessian[], double directions[], eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    *result = (eg_hessian_result){.condition = NAN, .extremum = EG_UNDECIDED};
    double *scratch = eg_alloc(expr->ctx, 3 * n * n + 1, sizeof *scratch, error);
    if (!scratch)
        return eg_failed(error);
    eg_status status = analyze_hessian(expr, point, result, hessian, scratch, directions, error);
    eg_free(scratch);
    return status;
}

eg_extremum eg_classify_extremum(const double values[], size_t n, double tolerance)
{
    bool has_positive = n > 0 && values[n - 1] > tolerance,
         has_negative = n > 0 && values[0] < -tolerance;
    if (has_positive && has_negative)
        return EG_SADDLE;
    for (size_t i = 0; i < n; i++)
        if (fabs(values[i]) <= tolerance)
            return EG_UNDECIDED;
    return has_positive ? EG_MINIMUM : has_negative ? EG_MAXIMUM : EG_UNDECIDED;
}
