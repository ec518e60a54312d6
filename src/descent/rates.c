/* SPDX-License-Identifier: MIT */
/*
 * With eigenvalues from m to L: gd converges below 2/L and is fastest at 2/(L + m); the heavy ball
 * below 2 (1 + momentum) / L and is fastest at 4 / (sqrt L + sqrt m)^2 with momentum ((sqrt L -
 * sqrt m) / (sqrt L + sqrt m))^2 (Polyak 1964); Nesterov's at 1/L with momentum (sqrt L - sqrt m) /
 * (sqrt L + sqrt m) (Nesterov 2004, 2.2.11).
 */
#include "descent/rates.h"

#include <math.h>

#define BLIND 0.01 /* where there is no curvature to go by */

static double largest_of(const eg_curvature *c)
{
    return c->known ? fmax(fabs(c->least), fabs(c->most)) : 0;
}

/* Curved upwards in every direction. */
static bool is_bowl(const eg_curvature *c)
{
    return c->known && c->least > 1e-12 * c->most;
}

double eg_rate_limit(eg_method method, double momentum, double most)
{
    if (!(most > 0))
        return NAN;
    if (method == EG_METHOD_GD)
        return 2 / most;
    if (method == EG_METHOD_MOMENTUM || method == EG_METHOD_HEAVY_BALL)
        return 2 * (1 + momentum) / most;
    if (method == EG_METHOD_NESTEROV) /* by the roots of its recurrence on a quadratic */
        return (2 + 2 * momentum) / (1 + 2 * momentum) / most;
    return NAN;
}

double eg_rate_advice(eg_method method, double momentum, const eg_curvature *c, bool quadratic)
{
    double largest = largest_of(c);
    if (!(largest > 0) || isnan(eg_rate_limit(method, momentum, largest)))
        return NAN;
    if (method == EG_METHOD_GD && quadratic && is_bowl(c))
        return 2 / (c->most + c->least);
    return 1 / largest;
}

static double own_momentum(eg_method method, const eg_curvature *c)
{
    if (!is_bowl(c))
        return 0.9;
    double high = sqrt(c->most), low = sqrt(c->least);
    double ratio = (high - low) / (high + low);
    return method == EG_METHOD_HEAVY_BALL ? ratio * ratio : ratio;
}

static double own_rate(const eg_optimizer *walk, eg_method method, const eg_descent_result *result)
{
    const eg_curvature *c = &result->start;
    double largest = largest_of(c), gradient = eg_length(walk->now.gradient, walk->n);
    if (method == EG_METHOD_BB || method == EG_METHOD_LINE_SEARCH)
        return gradient > 1 ? 1 / gradient : 1; /* only the first step's */
    if (!(largest > 0))
        return BLIND;
    if (method == EG_METHOD_HEAVY_BALL && result->momentum_chosen && is_bowl(c)) {
        double sum = sqrt(c->most) + sqrt(c->least);
        return 4 / (sum * sum);
    }
    return eg_rate_advice(method, walk->momentum, c, result->quadratic);
}

void eg_choose_rates(eg_optimizer *walk, const eg_descent_options *options,
                     eg_descent_result *result)
{
    const eg_method_ops *ops = walk->ops;
    walk->momentum = isnan(options->momentum) ? ops->momentum : options->momentum;
    if (ops->has_momentum && isnan(walk->momentum)) {
        walk->momentum = own_momentum(options->method, &result->start);
        result->momentum_chosen = true;
    }
    walk->rate = isnan(options->rate) ? ops->rate : options->rate;
    if (isnan(walk->rate)) {
        walk->rate = own_rate(walk, options->method, result);
        result->rate_chosen = true;
        walk->careful =
            options->method == EG_METHOD_GD && !result->quadratic && !walk->objective->sample;
    }
}
