/* SPDX-License-Identifier: MIT */
/* Rounding errors of value, gradient and Hessian at a point, from interval bounds over the smallest
 * box around it. */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* Returns the error of `number` from its bounds: their full width, so that the number and the exact
 * value are well inside; 1e-12 of the number without bounds. */
static double error_of(const double bounds[2], double number)
{
    double width = bounds[1] - bounds[0];
    return isfinite(width) ? width : 1e-12 * fabs(number);
}

typedef struct box_bounds {
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    double value[2];
    double gradient[EG_EXPR_VARIABLES][2];
} box_bounds;

static eg_status compute_rounding(const eg_expr *expr, const double point[],
                                  const eg_rounding *result, double (*hessian)[2], eg_error *error)
{
    box_bounds box = {0};
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
        *result->value = error_of(box.value, value);
    for (size_t i = 0; result->gradient && i < n; i++)
        result->gradient[i] = error_of(box.gradient[i], gradient[i]);
    for (size_t i = 0; result->hessian && i < n * n; i++)
        result->hessian[i] = error_of(hessian[i], result->hessian[i]);
    return EG_OK;
}

eg_status eg_surface_rounding(const eg_expr *expr, const double point[], const eg_rounding *result,
                              eg_error *error)
{
    if (!result->hessian)
        return compute_rounding(expr, point, result, NULL, error);
    size_t n = eg_expr_variables(expr);
    double(*hessian)[2] = eg_calloc(expr->ctx, n * n, sizeof *hessian, error);
    if (!hessian)
        return eg_failed(error);
    eg_status status = compute_rounding(expr, point, result, hessian, error);
    eg_free(hessian);
    return status;
}
