/* SPDX-License-Identifier: MIT */
/*
 * With eigenvalues from m to L: gd converges below 2/L and is fastest at 2/(L + m). The heavy ball
 * converges below 2 (1 + momentum) / L and is fastest at 4 / (sqrt L + sqrt m)^2 with momentum
 * ((sqrt L - sqrt m) / (sqrt L + sqrt m))^2 (Polyak 1964). Nesterov's method is fastest at 1/L with
 * momentum (sqrt L - sqrt m) / (sqrt L + sqrt m) (Nesterov 2004, 2.2.11).
 */
#include "descent/rates.h"

#include <math.h>

#define DEFAULT_RATE 0.01 /* if the curvature is unknown or 0 */

/* Returns the largest absolute eigenvalue; 0 if they are unknown. */
static double spectral_radius(const eg_eigenvalue_range *c)
{
    return c->known ? fmax(fabs(c->min), fabs(c->max)) : 0;
}

static bool is_positive_definite(const eg_eigenvalue_range *c)
{
    return c->known && c->min > 1e-12 * c->max;
}

double eg_rate_limit(eg_method method, double momentum, double max_eigenvalue)
{
    if (!(max_eigenvalue > 0))
        return NAN;
    if (method == EG_METHOD_GD)
        return 2 / max_eigenvalue;
    if (method == EG_METHOD_MOMENTUM || method == EG_METHOD_HEAVY_BALL)
        return 2 * (1 + momentum) / max_eigenvalue;
    if (method == EG_METHOD_NESTEROV) /* by the roots of its recurrence on a quadratic */
        return (2 + 2 * momentum) / (1 + 2 * momentum) / max_eigenvalue;
    return NAN;
}

double eg_suggested_rate(eg_method method, double momentum, const eg_eigenvalue_range *c,
                         bool quadratic)
{
    double largest = spectral_radius(c);
    if (!(largest > 0) || isnan(eg_rate_limit(method, momentum, largest)))
        return NAN;
    if (method == EG_METHOD_GD && quadratic && is_positive_definite(c))
        return 2 / (c->max + c->min);
    return 1 / largest;
}

static double automatic_momentum(eg_method method, const eg_eigenvalue_range *c)
{
    if (!is_positive_definite(c))
        return 0.9;
    double high = sqrt(c->max), low = sqrt(c->min);
    double ratio = (high - low) / (high + low);
    return method == EG_METHOD_HEAVY_BALL ? ratio * ratio : ratio;
}

static double automatic_rate(const eg_optimizer *opt, eg_method method,
                             const eg_descent_result *result)
{
    const eg_eigenvalue_range *c = &result->start;
    double gradient = eg_length(opt->current.gradient, opt->n);
    if (method == EG_METHOD_BB || method == EG_METHOD_LINE_SEARCH)
        return gradient > 1 ? 1 / gradient : 1; /* only of the first step */
    if (!(spectral_radius(c) > 0))
        return DEFAULT_RATE;
    if (method == EG_METHOD_HEAVY_BALL && result->momentum_chosen && is_positive_definite(c)) {
        double sum = sqrt(c->max) + sqrt(c->min);
        return 4 / (sum * sum);
    }
    return eg_suggested_rate(method, opt->momentum, c, result->quadratic);
}

void eg_choose_rates(eg_optimizer *opt, const eg_descent_options *options,
                     eg_descent_result *result)
{
    const eg_method_ops *ops = opt->ops;
    opt->momentum = isnan(options->momentum) ? ops->momentum : options->momentum;
    if (ops->has_momentum && isnan(opt->momentum)) {
        opt->momentum = automatic_momentum(options->method, &result->start);
        result->momentum_chosen = true;
    }
    opt->rate = isnan(options->rate) ? ops->rate : options->rate;
    if (isnan(opt->rate)) {
        opt->rate = automatic_rate(opt, options->method, result);
        result->rate_chosen = true;
        opt->backtrack = ops->stochastic && !ops->normalized_step && !result->quadratic &&
                         !opt->objective->sample;
    }
}
