/* SPDX-License-Identifier: MIT */
/* Evaluates expressions at many points without the interpreter. */
#include "python/module.h"

eg_status egpy_function(void *opaque, const double x[], size_t count, double y[], eg_error *error)
{
    return eg_expr_eval_batch(opaque, &x, count, y, NULL, error);
}

eg_status egpy_field(void *opaque, const double x[], const double y[], size_t count,
                     double values[], eg_error *error)
{
    const double *points[2] = {x, y};
    return eg_expr_eval_batch(opaque, points, count, values, NULL, error);
}

eg_status egpy_hessians(const eg_expr *expr, const double *const points[], size_t count,
                        double hessians[], eg_error *error)
{
    const size_t n = eg_expr_variables(expr);
    double point[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    for (size_t k = 0; k < count && status == EG_OK; k++) {
        if (*egpy_interrupt_flag())
            return EG_CANCELLED;
        for (size_t i = 0; i < n; i++)
            point[i] = points[i][k];
        status = eg_expr_eval(expr, point, NULL, NULL, hessians + k * n * n, error);
    }
    return status;
}
