/* SPDX-License-Identifier: MIT */
/* The table of methods, and the first-order methods with a given rate. */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

const eg_method_ops eg_methods[EG_METHODS] = {
    [EG_METHOD_GD] = {.name = "gd",
                      .help = "plain gradient descent (Cauchy 1847)",
                      .step = eg_step_gd,
                      .rate = NAN,
                      .momentum = NAN,
                      .monotone = true,
                      .fixed_step = true,
                      .stochastic = true},
    /* Polyak's iteration with the momentum 0.9 of Rumelhart, Hinton and Williams 1986. */
    [EG_METHOD_MOMENTUM] = {.name = "momentum",
                            .help =
                                "gradient descent with momentum 0.9 (Polyak 1964; Rumelhart 1986)",
                            .step = eg_step_momentum,
                            .vectors = 1,
                            .rate = NAN,
                            .momentum = 0.9,
                            .has_momentum = true,
                            .stochastic = true},
    /* Nesterov 1983 in the form of Sutskever, Martens, Dahl and Hinton 2013. */
    [EG_METHOD_NESTEROV] = {.name = "nesterov",
                            .help = "momentum with the gradient at the extrapolated point "
                                    "(Nesterov 1983)",
                            .step = eg_step_nesterov,
                            .vectors = 3,
                            .rate = NAN,
                            .momentum = NAN,
                            .has_momentum = true,
                            .stochastic = true},
    /* Tieleman and Hinton 2012, lecture 6.5: rate 0.001, rho 0.9. */
    [EG_METHOD_RMSPROP] = {.name = "rmsprop",
                           .help = "gradient over its running root mean square (Hinton 2012): "
                                   "rho 0.9",
                           .step = eg_step_rmsprop,
                           .vectors = 1,
                           .rate = 0.001,
                           .momentum = NAN,
                           .stochastic = true,
                           .normalized_step = true},
    /* Kingma and Ba 2015: rate 0.001, betas 0.9 and 0.999, epsilon 1e-8. */
    [EG_METHOD_ADAM] = {.name = "adam",
                        .help = "rmsprop with momentum and bias correction (Kingma and Ba 2015): "
                                "betas 0.9 and 0.999",
                        .step = eg_step_adam,
                        .vectors = 2,
                        .rate = 0.001,
                        .momentum = NAN,
                        .stochastic = true,
                        .normalized_step = true},
    /* Polyak 1964, with his optimal parameters for quadratics. */
    [EG_METHOD_HEAVY_BALL] = {.name = "heavy-ball",
                              .help = "rate and momentum from the curvature at the start "
                                      "(Polyak 1964): optimal for quadratics",
                              .step = eg_step_momentum,
                              .vectors = 1,
                              .rate = NAN,
                              .momentum = NAN,
                              .has_momentum = true,
                              .stochastic = true},
    /* The long step, s.s / s.y. */
    [EG_METHOD_BB] =
        {.name = "bb",
         .help = "the rate from the last two gradients (Barzilai and Borwein 1988), with a "
                 "non-monotone line search (Raydan 1997)",
         .step = eg_step_bb,
         .vectors = 2,
         .rate = NAN,
         .momentum = NAN},
    /* With the initial scaling of Liu and Nocedal 1989. */
    [EG_METHOD_LBFGS] = {.name = "lbfgs",
                         .help = "quasi-Newton from the last 10 steps (Nocedal 1980)",
                         .step = eg_step_lbfgs,
                         .vectors = 2 * EG_HISTORY + 1,
                         .rate = 1,
                         .momentum = NAN,
                         .monotone = true},
    [EG_METHOD_NEWTON] = {.name = "newton",
                          .help = "Newton's method with absolute eigenvalues, which avoids "
                                  "saddles (Dauphin 2014)",
                          .step = eg_step_newton,
                          .vectors = 1,
                          .rate = 1,
                          .momentum = NAN,
                          .monotone = true},
    [EG_METHOD_LINE_SEARCH] = {.name = "line-search",
                               .help = "gradient descent with a line search (Wolfe 1969)",
                               .step = eg_step_line_search,
                               .vectors = 1,
                               .rate = NAN,
                               .momentum = NAN,
                               .monotone = true},
};

const char *eg_method_name(size_t method)
{
    return method < EG_METHODS ? eg_methods[method].name : NULL;
}

const char *eg_method_help(size_t method)
{
    return method < EG_METHODS ? eg_methods[method].help : NULL;
}

/* Backtracks by the condition of Armijo 1966: the value must fall by a tenth of what the slope
 * promises. A step that only does not raise it may oscillate across a valley for long. */
eg_status eg_step_gd(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    enum { MAX_HALVINGS = 60 };
    double norm = opt->backtrack ? eg_length(opt->current.gradient, opt->n) : 0;
    *outcome = EG_STEPPED;
    for (int tries = 0;; tries++) {
        for (size_t i = 0; i < opt->n; i++)
            opt->next.x[i] = opt->current.x[i] - opt->rate * opt->current.gradient[i];
        eg_status status = eg_optimizer_evaluate(opt, &opt->next, error);
        double highest = opt->current.value - 0.1 * opt->rate * norm * norm;
        if (status != EG_OK || !opt->backtrack || tries == MAX_HALVINGS ||
            !eg_is_rise(highest, opt->next.value))
            return status;
        opt->rate /= 2;
    }
}

/* Replaces a step that raises the value, of a run that backtracks, by one of gradient descent: the
 * adaptive restart of O'Donoghue and Candes 2015, by function values. */
static eg_status restart_if_rising(eg_optimizer *opt, double *v, eg_step_outcome *outcome,
                                   eg_error *error)
{
    if (!opt->backtrack || !eg_is_rise(opt->current.value, opt->next.value))
        return EG_OK;
    eg_status status = eg_step_gd(opt, outcome, error);
    for (size_t i = 0; i < opt->n; i++)
        v[i] = opt->next.x[i] - opt->current.x[i];
    return status;
}

/* v = momentum v - rate g; x += v */
eg_status eg_step_momentum(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *v = eg_optimizer_vector(opt, 0);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < opt->n; i++) {
        v[i] = opt->momentum * v[i] - opt->rate * opt->current.gradient[i];
        opt->next.x[i] = opt->current.x[i] + v[i];
    }
    eg_status status = eg_optimizer_evaluate(opt, &opt->next, error);
    return status == EG_OK ? restart_if_rising(opt, v, outcome, error) : status;
}

/* v = momentum v - rate g(x + momentum v); x += v. If that point has no finite gradient it becomes
 * the next one, which ends the run; a run that backtracks makes a step of gradient descent. */
eg_status eg_step_nesterov(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    double *v = eg_optimizer_vector(opt, 0);
    eg_iterate ahead = {.x = eg_optimizer_vector(opt, 1), .gradient = eg_optimizer_vector(opt, 2)};
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < opt->n; i++)
        ahead.x[i] = opt->current.x[i] + opt->momentum * v[i];
    eg_status status = eg_optimizer_evaluate(opt, &ahead, error);
    bool finite = eg_iterate_is_finite(&ahead, opt->n);
    for (size_t i = 0; i < opt->n; i++) {
        v[i] = finite ? opt->momentum * v[i] - opt->rate * ahead.gradient[i] : opt->momentum * v[i];
        opt->next.x[i] = opt->current.x[i] + v[i];
    }
    if (status == EG_OK)
        status = eg_optimizer_evaluate(opt, &opt->next, error);
    return status == EG_OK ? restart_if_rising(opt, v, outcome, error) : status;
}

eg_status eg_step_rmsprop(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    const double rho = 0.9, epsilon = 1e-8;
    double *mean = eg_optimizer_vector(opt, 0);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < opt->n; i++) {
        double g = opt->current.gradient[i];
        mean[i] = rho * mean[i] + (1 - rho) * g * g;
        opt->next.x[i] = opt->current.x[i] - opt->rate * g / (sqrt(mean[i]) + epsilon);
    }
    return eg_optimizer_evaluate(opt, &opt->next, error);
}

eg_status eg_step_adam(eg_optimizer *opt, eg_step_outcome *outcome, eg_error *error)
{
    const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double *mean = eg_optimizer_vector(opt, 0), *square = eg_optimizer_vector(opt, 1);
    double k = (double)opt->step + 1;
    double correction1 = 1 - pow(beta1, k), correction2 = 1 - pow(beta2, k);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < opt->n; i++) {
        double g = opt->current.gradient[i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        opt->next.x[i] = opt->current.x[i] - opt->rate * (mean[i] / correction1) /
                                                 (sqrt(square[i] / correction2) + epsilon);
    }
    return eg_optimizer_evaluate(opt, &opt->next, error);
}
