/* SPDX-License-Identifier: MIT */
/* Level sets: whether a point lies on one, and the slopes of the implicit function there. */
#include <math.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* Value and gradient at a point with their rounding errors. */
typedef struct gradient_with_error {
    double value, value_error;
    double gradient[EG_EXPR_VARIABLES], gradient_error[EG_EXPR_VARIABLES];
    bool zero[EG_EXPR_VARIABLES];
    bool singular;
} gradient_with_error;

static eg_status eval_gradient(const eg_expr *expr, const double point[], gradient_with_error *s,
                               eg_error *error)
{
    eg_status status = eg_expr_eval(expr, point, &s->value, s->gradient, NULL, error);
    if (status == EG_OK)
        status = eg_surface_rounding(
            expr, point, &(eg_rounding){.value = &s->value_error, .gradient = s->gradient_error},
            error);
    s->singular = true;
    for (size_t i = 0; i < eg_expr_variables(expr) && status == EG_OK; i++) {
        s->zero[i] = fabs(s->gradient[i]) <= s->gradient_error[i];
        s->singular = s->singular && s->zero[i];
    }
    return status;
}

eg_status eg_surface_level(const eg_expr *expr, double level, const double point[],
                           eg_level_set *result, eg_error *error)
{
    gradient_with_error s;
    size_t n = eg_expr_variables(expr);
    eg_status status = eval_gradient(expr, point, &s, error);
    if (status != EG_OK)
        return status;
    double norm = sqrt(eg_dot(s.gradient, s.gradient, n)), size = fabs(level);
    for (size_t i = 0; i < n; i++)
        size = fmax(size, fabs(s.gradient[i] * point[i]));
    *result = (eg_level_set){.off = s.value - level, .singular = s.singular};
    result->distance = result->off == 0 ? 0 : fabs(result->off) / norm;
    result->on = fabs(result->off) <= fmax(s.value_error, 1e-9 * size);
    return EG_OK;
}

/* Computes the tangents a of the level curve at a point without gradient: a'Ha = 0. */
static eg_status find_branches(const eg_expr *expr, const double point[], eg_implicit *result,
                               eg_error *error)
{
    eg_hessian_result hessian;
    double eigenvectors[4];
    eg_status status = eg_surface_hessian(expr, point, &hessian, NULL, eigenvectors, error);
    if (status != EG_OK)
        return status;
    if (hessian.extremum == EG_MINIMUM || hessian.extremum == EG_MAXIMUM)
        result->branches = 0;
    if (hessian.extremum != EG_SADDLE)
        return EG_OK;
    result->branches = 2;
    double c = sqrt(hessian.eigenvalues[1]), s = sqrt(-hessian.eigenvalues[0]),
           r = eg_hypotenuse(c, s);
    for (int k = 0; k < 2; k++) {
        double *b = result->branch[k];
        for (int i = 0; i < 2; i++) {
            b[i] = (c * eigenvectors[i] + (k ? -s : s) * eigenvectors[2 + i]) / r;
            b[i] = fabs(b[i]) < 0x1p-50 ? 0 : b[i];
        }
        double sign = b[0] < 0 || (b[0] == 0 && b[1] < 0) ? -1 : 1;
        b[0] *= sign;
        b[1] *= sign;
    }
    return EG_OK;
}

eg_status eg_surface_implicit(const eg_expr *expr, const double point[], size_t variable,
                              eg_implicit *result, eg_error *error)
{
    gradient_with_error s;
    size_t n = eg_expr_variables(expr);
    eg_status status = eval_gradient(expr, point, &s, error);
    if (status != EG_OK)
        return status;
    *result = (eg_implicit){.branches = -1};
    result->kind = s.singular         ? EG_IMPLICIT_SINGULAR
                   : s.zero[variable] ? EG_IMPLICIT_VERTICAL
                                      : EG_IMPLICIT_SLOPE;
    bool slope = result->kind == EG_IMPLICIT_SLOPE;
    for (size_t i = 0; i < n; i++)
        result->slope[i] = slope ? -s.gradient[i] / s.gradient[variable] + 0.0 : (double)NAN;
    if (s.singular && n == 2)
        status = find_branches(expr, point, result, error);
    return status;
}
