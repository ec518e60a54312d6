/* SPDX-License-Identifier: MIT */
/* How far off numbers at a point may be: what intervals make of the smallest box around it. */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* Twice the half-width, so that both the centre and the truth are well inside. */
static double radius(const double pair[2], double number)
{
    double width = pair[1] - pair[0];
    return isfinite(width) ? width : 1e-12 * fabs(number);
}

typedef struct boxed {
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    double value[2];
    double gradient[EG_EXPR_VARIABLES][2];
} boxed;

static eg_status rounding_in(const eg_expr *expr, const double point[], const eg_rounding *result,
                             double (*hessian)[2], eg_error *error)
{
    boxed box = {0};
    size_t n = eg_expr_variables(expr);
    for (size_t i = 0; i < n; i++) {
        box.low[i] = nextafter(point[i], -INFINITY);
        box.high[i] = nextafter(point[i], INFINITY);
    }
    double value, gradient[EG_EXPR_VARIABLES];
    eg_status status = eg_expr_bounds(expr, box.low, box.high, box.value, box.gradient,
                                      result->hessian ? hessian : NULL, error);
    if (status == EG_OK)
        status = eg_expr_eval(expr, point, &value, gradient, result->hessian, error);
    if (status != EG_OK)
        return status;
    if (result->value)
        *result->value = radius(box.value, value);
    for (size_t i = 0; result->gradient && i < n; i++)
        result->gradient[i] = radius(box.gradient[i], gradient[i]);
    for (size_t i = 0; result->hessian && i < n * n; i++)
        result->hessian[i] = radius(hessian[i], result->hessian[i]);
    return EG_OK;
}

eg_status eg_surface_rounding(const eg_expr *expr, const double point[], const eg_rounding *result,
                              eg_error *error)
{
    if (!result->hessian)
        return rounding_in(expr, point, result, NULL, error);
    size_t n = eg_expr_variables(expr);
    double(*hessian)[2] = eg_calloc(expr->ctx, n * n, sizeof *hessian, error);
    if (!hessian)
        return eg_failed(error);
    eg_status status = rounding_in(expr, point, result, hessian, error);
    eg_free(hessian);
    return status;
}
