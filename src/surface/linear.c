/* SPDX-License-Identifier: MIT */
/*
 * Linear approximation by the tangent plane. By Taylor's theorem its error is f''(s)/2 at some s
 * between 0 and 1, where f is taken along the segment from one point to the other: f'' = d'Hd. H is
 * bounded over the boxes around pieces of the segment by interval arithmetic.
 */
#include <float.h>
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

typedef struct segment {
    const eg_expr *expr;
    const double *from, *to;
    double (*hessian)[2];
} segment;

/* Computes a box around the piece, widened by the rounding of its coordinates. */
static void piece_box(const segment *seg, double s, double e, double low[], double high[])
{
    for (size_t i = 0; i < eg_expr_variables(seg->expr); i++) {
        double a = seg->from[i], d = seg->to[i] - a;
        double first = s > 0 ? a + s * d : a, last = e < 1 ? a + e * d : seg->to[i];
        double slack = 4 * DBL_EPSILON * (fabs(a) + fabs(d));
        low[i] = fmin(first, last) - (s > 0 || e < 1 ? slack : 0);
        high[i] = fmax(first, last) + (s > 0 || e < 1 ? slack : 0);
        low[i] = fmax(low[i], fmin(a, seg->to[i]));
        high[i] = fmin(high[i], fmax(a, seg->to[i]));
    }
}

static eg_status bound_piece(void *opaque, double s0, double s1, double *bound, eg_error *error)
{
    const segment *seg = opaque;
    size_t n = eg_expr_variables(seg->expr);
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    double low_sum = 0, high_sum = 0, size = 0, underflow = 0;
    piece_box(seg, s0, s1, low, high);
    eg_status status = eg_expr_bounds(seg->expr, low, high, NULL, NULL, seg->hessian, error);
    for (size_t i = 0; i < n && status == EG_OK; i++)
        for (size_t k = 0; k < n; k++) {
            const double *h = seg->hessian[i * n + k];
            double a = seg->to[i] - seg->from[i], b = seg->to[k] - seg->from[k], dd = a * b;
            double largest = fmax(fabs(h[0]), fabs(h[1]));
            if (a == 0 || b == 0 || largest == 0)
                continue;
            low_sum += dd > 0 ? h[0] * dd : h[1] * dd;
            high_sum += dd > 0 ? h[1] * dd : h[0] * dd;
            size += largest * fabs(dd);
            underflow += 2 * DBL_TRUE_MIN + largest * DBL_TRUE_MIN;
        }
    double rounding = (double)(n * n + 8) * DBL_EPSILON * size + underflow;
    *bound = fmax(-low_sum, high_sum) + rounding;
    *bound = isnan(*bound) ? (double)INFINITY : *bound;
    return status;
}

static eg_status is_smooth(const segment *seg, bool *smooth, eg_error *error)
{
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    piece_box(seg, 0, 1, low, high);
    return eg_surface_is_smooth(seg->expr, low, high, smooth, error);
}

/* Returns bound / divisor, rounded up and widened so that it holds for points as near as their
 * rounding to doubles, too. */
static double quotient_bound(double bound, double divisor)
{
    return bound > 0 ? bound / divisor * (1 + 0x1p-40) + DBL_TRUE_MIN : bound;
}

static eg_status bound_segment(const segment *seg, eg_linear_approximation *result, eg_error *error)
{
    bool smooth = false;
    double bound = INFINITY;
    eg_status status = is_smooth(seg, &smooth, error);
    if (status != EG_OK || !smooth)
        return status;
    status = eg_largest_on_segment(bound_piece, (void *)seg, &bound, error);
    result->bound = quotient_bound(bound, 2);
    if (status == EG_OK)
        status = eg_bound_third_derivative(seg->expr, seg->from, seg->to, &bound, error);
    result->second_bound = quotient_bound(bound, 6);
    return status;
}

eg_status eg_surface_linear(const eg_expr *expr, const double from[], const double to[],
                            eg_linear_approximation *result, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double value, gradient[EG_EXPR_VARIABLES];
    segment seg = {.expr = expr, .from = from, .to = to};
    eg_status status = eg_expr_eval(expr, from, &value, gradient, NULL, error);
    if (status == EG_OK)
        status = eg_expr_eval(expr, to, &result->value, NULL, NULL, error);
    if (status != EG_OK)
        return status;
    result->estimate = value;
    for (size_t i = 0; i < n; i++)
        result->estimate += gradient[i] * (to[i] - from[i]);
    result->error = result->value - result->estimate;
    result->bound = result->second_bound = INFINITY;
    if (!isfinite(result->error)) /* f has no value at an end, of which bounds tell nothing */
        return EG_OK;
    seg.hessian = eg_alloc(expr->ctx, n * n + 1, sizeof *seg.hessian, error);
    if (!seg.hessian)
        return eg_failed(error);
    status = bound_segment(&seg, result, error);
    eg_free(seg.hessian);
    return status;
}
