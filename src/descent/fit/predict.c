/* SPDX-License-Identifier: MIT */
/* The fitted curve with its standard errors, and the quantiles of Student's t distribution. */
#include <float.h>
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/fit/fit.h"

/* Computes the standard errors sqrt(g' C g), g being the derivatives by the parameters. */
static void fill_curve_errors(const eg_fit *fit, const double *jacobian, const double covariance[],
                              size_t count, double errors[])
{
    size_t n = fit->parameters;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = 0; q < n; q++)
                if (!isnan(covariance[p * n + q])) /* held by a bound */
                    sum +=
                        jacobian[p * count + i] * covariance[p * n + q] * jacobian[q * count + i];
        errors[i] = sqrt(fmax(sum, 0)) + 0 * sum;
    }
}

eg_status eg_fit_predict(const eg_fit *fit, const double parameters[], const double covariance[],
                         const double at[], size_t count, double values[], double errors[],
                         eg_error *error)
{
    size_t n = fit->parameters;
    const double *points[EG_EXPR_VARIABLES];
    double *gradient[EG_EXPR_VARIABLES] = {NULL};
    if (!eg_fit_column(fit))
        return eg_fail(error, EG_USAGE, "the model does not use exactly one column of the data");
    double *memory = eg_alloc(fit->ctx, 2 * n, count * sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    for (size_t v = 0; v < fit->variables; v++)
        points[v] = at;
    for (size_t p = 0; p < n; p++) {
        double *constant = memory + (n + p) * count;
        for (size_t i = 0; i < count; i++)
            constant[i] = parameters[p];
        points[fit->parameter[p]] = constant;
        gradient[fit->parameter[p]] = errors ? memory + p * count : NULL;
    }
    eg_status status = eg_expr_eval_batch(fit->model, points, count, values, gradient, error);
    if (status == EG_OK && errors)
        fill_curve_errors(fit, memory, covariance, count, errors);
    eg_free(memory);
    return status;
}

/* ---- Student's t ---- */

#define MANY 1e4 /* degrees of freedom */

/* Returns the continued fraction of the incomplete beta function by Lentz's method (Press et al.,
 * Numerical Recipes, 6.4). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 100000; m++) {
        for (int odd = 0; odd < 2; odd++) {
            double term = odd ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                              : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            h *= c * d;
        }
        if (fabs(c * d - 1) < 4 * DBL_EPSILON)
            break;
    }
    return h;
}

/* Returns the regularised incomplete beta function I_x(a, b); `y` is 1 - x. */
static double incomplete_beta(double a, double b, double x, double y)
{
    if (!(x > 0))
        return 0;
    if (!(y > 0))
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, y) / b;
}

/* Returns the probability of a value above t >= 0. */
static double upper_tail(double t, double freedom)
{
    double square = t * t / freedom, x = 1 / (1 + square);
    return incomplete_beta(freedom / 2, 0.5, x, square / (1 + square)) / 2;
}

/* Returns the probability of a normal value above z; the limit of upper_tail(). */
static double normal_tail(double z, double freedom)
{
    (void)freedom;
    return erfc(z / sqrt(2)) / 2;
}

/* Returns the argument >= 0 at which the falling function `above` is `tail`, by bisection. */
static double find_quantile(double (*above)(double t, double freedom), double tail, double freedom)
{
    double low = 0, high = 1;
    while (above(high, freedom) > tail && high < 1e300) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < 200 && high - low > DBL_EPSILON * high; i++) {
        double middle = low + (high - low) / 2;
        if (middle == low || middle == high)
            break;
        if (above(middle, freedom) > tail)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Returns the quantile for many degrees of freedom by that of the normal distribution (Fisher and
 * Cornish 1960), because differences of lgamma() lose digits there. */
static double expand_quantile(double z, double freedom)
{
    double z2 = z * z, inverse = 1 / freedom;
    double first = z * (z2 + 1) / 4, second = z * ((5 * z2 + 16) * z2 + 3) / 96;
    double third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    return z + inverse * (first + inverse * (second + inverse * third));
}

double eg_student_quantile(double probability, double freedom)
{
    if (!(probability > 0 && probability < 1) || !(freedom > 0))
        return NAN;
    if (probability == 0.5)
        return 0;
    double tail = fmin(probability, 1 - probability);
    double t = freedom < MANY ? find_quantile(upper_tail, tail, freedom)
                              : expand_quantile(find_quantile(normal_tail, tail, 0), freedom);
    return probability < 0.5 ? -t : t;
}
