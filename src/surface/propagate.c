/* SPDX-License-Identifier: MIT */
/* Error propagation, and the check of the gradient by finite differences. */
#include <math.h>

#include "core/portable_math.h"
#include "surface/surface.h"

eg_status eg_surface_propagate(const eg_expr *expr, const double point[], const double errors[],
                               eg_propagation *result, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double gradient[EG_EXPR_VARIABLES], low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES];
    eg_status status = eg_expr_eval(expr, point, NULL, gradient, NULL, error);
    result->worst_case = result->quadrature = 0;
    for (size_t i = 0; i < n && status == EG_OK; i++) {
        result->contribution[i] = fabs(gradient[i] * errors[i]);
        result->worst_case += result->contribution[i];
        result->quadrature = eg_hypotenuse(result->quadrature, result->contribution[i]);
        low[i] = point[i] - fabs(errors[i]);
        high[i] = point[i] + fabs(errors[i]);
    }
    return status == EG_OK ? eg_expr_bounds(expr, low, high, result->range, NULL, NULL, error)
                           : status;
}

/* ---- central differences ---- */

/* Evaluates f with h added to coordinate i. */
static eg_status eval_shifted(const eg_expr *expr, const double point[], size_t i, double h,
                              double *value, eg_error *error)
{
    double at[EG_EXPR_VARIABLES] = {0};
    for (size_t k = 0; k < eg_expr_variables(expr); k++)
        at[k] = point[k];
    at[i] += h;
    return eg_expr_eval(expr, at, value, NULL, NULL, error);
}

/* Computes the central difference (f(x + h) - f(x - h)) / 2h. */
static eg_status central_difference(const eg_expr *expr, const double point[], size_t i, double h,
                                    double *slope, eg_error *error)
{
    double after, before;
    eg_status status = eval_shifted(expr, point, i, h, &after, error);
    if (status == EG_OK)
        status = eval_shifted(expr, point, i, -h, &before, error);
    if (status == EG_OK)
        *slope = (after - before) / (2 * h);
    return status;
}

/* Computes the partial derivative by differences of fourth order with step h (result[0]) and its
 * error (result[1]): the difference between second and fourth order, plus the rounding of the
 * values. */
static eg_status fourth_order_difference(const eg_expr *expr, const double point[], size_t i,
                                         double h, double rounding, double result[2],
                                         eg_error *error)
{
    double narrow = NAN, wide = NAN;
    eg_status status = central_difference(expr, point, i, h, &narrow, error);
    if (status == EG_OK)
        status = central_difference(expr, point, i, 2 * h, &wide, error);
    result[0] = (4 * narrow - wide) / 3;
    result[1] = fabs(result[0] - narrow) + 4 * rounding / h;
    return status;
}

/* Checks one partial derivative. Steps are powers of 2, so that x + h is exact. At 2^-10 the errors
 * of the method, h^4, and of rounding, eps/h, are about equal; the smaller steps are for corners
 * and jumps close by. */
static eg_status check_partial(const eg_expr *expr, const double point[], size_t i, double expected,
                               double rounding, eg_gradient_check *result, eg_error *error)
{
    static const int step_exponents[] = {10, 16, 22};
    int exponent = 0;
    bool agrees = false;
    eg_status status = EG_OK;
    frexp(point[i], &exponent);
    for (size_t k = 0;
         k < sizeof step_exponents / sizeof *step_exponents && !agrees && status == EG_OK; k++) {
        double estimate[2], h = ldexp(1, (exponent > 0 ? exponent : 0) - step_exponents[k]);
        status = fourth_order_difference(expr, point, i, h, rounding, estimate, error);
        estimate[1] += 1e-12 * fabs(expected);
        agrees = fabs(expected - estimate[0]) <= estimate[1];
        if (k == 0 || agrees) {
            result->gradient[i] = estimate[0];
            result->tolerance[i] = estimate[1];
        }
    }
    result->agrees = result->agrees && agrees;
    return status;
}

eg_status eg_surface_check(const eg_expr *expr, const double point[], eg_gradient_check *result,
                           eg_error *error)
{
    double expected[EG_EXPR_VARIABLES], rounding = 0;
    eg_status status = eg_expr_eval(expr, point, NULL, expected, NULL, error);
    if (status == EG_OK)
        status = eg_surface_rounding(expr, point, &(eg_rounding){.value = &rounding}, error);
    result->agrees = status == EG_OK;
    for (size_t i = 0; i < eg_expr_variables(expr) && status == EG_OK; i++)
        status = check_partial(expr, point, i, expected[i], rounding, result, error);
    return status;
}
