/* SPDX-License-Identifier: MIT */
/* Evaluates an expression on the points of a grid. */
#include "core/status.h"
#include "edgegrad.h"

/* Returns value k of a range; the first and the last are exact. */
static double coordinate(const eg_range *range, size_t k)
{
    if (range->count == 1 || k == 0)
        return range->from;
    if (k == range->count - 1)
        return range->to;
    double fraction = (double)k / (double)(range->count - 1);
    return range->from + fraction * (range->to - range->from);
}

eg_status eg_surface_sample(const eg_expr *expr, const eg_range ranges[], size_t first,
                            size_t count, double *const points[], double *values,
                            double *const gradient[], eg_error *error)
{
    size_t n = eg_expr_variables(expr), index[EG_EXPR_VARIABLES];
    size_t rest = first;
    for (size_t i = 0; i < n; i++) {
        if (ranges[i].count == 0)
            return eg_fail(error, EG_USAGE, "the range of '%s' has no values; give it at least one",
                           eg_expr_name(expr, i));
        index[i] = rest % ranges[i].count;
        rest /= ranges[i].count;
    }
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < n; i++)
            points[i][k] = coordinate(&ranges[i], index[i]);
        for (size_t i = 0; i < n && ++index[i] == ranges[i].count; i++)
            index[i] = 0;
    }
    const double *at[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < n; i++)
        at[i] = points[i];
    return eg_expr_eval_batch(expr, at, count, values, gradient, error);
}
