/* SPDX-License-Identifier: MIT */
/* The table of methods, and those that take the gradient times a rate. */
#include <math.h>
#include <string.h>

#include "descent/optimizer.h"

const eg_method_ops eg_methods[EG_METHODS] = {
    /* Cauchy 1847. */
    [EG_METHOD_GD] = {.name = "gd",
                      .help = "straight against the gradient, by the rate (Cauchy 1847)",
                      .step = eg_step_gd,
                      .rate = NAN,
                      .momentum = NAN,
                      .monotone = true,
                      .samples = true},
    /* The same iteration as Polyak's, as learning practice has it: 0.9 (Rumelhart, Hinton and
       Williams 1986). */
    [EG_METHOD_MOMENTUM] = {.name = "momentum",
                            .help = "keeps 0.9 of its speed (Polyak 1964; Rumelhart 1986)",
                            .step = eg_step_momentum,
                            .vectors = 1,
                            .rate = NAN,
                            .momentum = 0.9,
                            .has_momentum = true,
                            .samples = true},
    /* Nesterov 1983 in the form of Sutskever, Martens, Dahl and Hinton 2013. */
    [EG_METHOD_NESTEROV] = {.name = "nesterov",
                            .help = "momentum, the gradient taken where the speed leads "
                                    "(Nesterov 1983)",
                            .step = eg_step_nesterov,
                            .vectors = 3,
                            .rate = NAN,
                            .momentum = NAN,
                            .has_momentum = true,
                            .samples = true},
    /* Tieleman and Hinton 2012, lecture 6.5: rate 0.001, rho 0.9. */
    [EG_METHOD_RMSPROP] = {.name = "rmsprop",
                           .help = "each slope over its recent size (Hinton 2012): rho 0.9",
                           .step = eg_step_rmsprop,
                           .vectors = 1,
                           .rate = 0.001,
                           .momentum = NAN,
                           .samples = true,
                           .paced = true},
    /* Kingma and Ba 2015: rate 0.001, betas 0.9 and 0.999, epsilon 1e-8. */
    [EG_METHOD_ADAM] = {.name = "adam",
                        .help = "rmsprop with momentum, unbiased (Kingma and Ba 2015): betas 0.9 "
                                "and 0.999",
                        .step = eg_step_adam,
                        .vectors = 2,
                        .rate = 0.001,
                        .momentum = NAN,
                        .samples = true,
                        .paced = true},
    /* Polyak 1964, with his optimal parameters for quadratics. */
    [EG_METHOD_HEAVY_BALL] = {.name = "heavy-ball",
                              .help = "momentum and rate from the curvature (Polyak 1964): the "
                                      "best there is for a quadratic",
                              .step = eg_step_momentum,
                              .vectors = 1,
                              .rate = NAN,
                              .momentum = NAN,
                              .has_momentum = true,
                              .samples = true},
    /* Barzilai and Borwein 1988, the long step. */
    [EG_METHOD_BB] = {.name = "bb",
                      .help = "the rate from the last two gradients (Barzilai and Borwein 1988)",
                      .step = eg_step_bb,
                      .vectors = 2,
                      .rate = NAN,
                      .momentum = NAN},
    /* Nocedal 1980; Liu and Nocedal 1989. */
    [EG_METHOD_LBFGS] = {.name = "lbfgs",
                         .help = "learns the curvature from the last 10 steps (Nocedal 1980)",
                         .step = eg_step_lbfgs,
                         .vectors = 2 * EG_HISTORY + 1,
                         .rate = 1,
                         .momentum = NAN,
                         .searches = true,
                         .monotone = true},
    [EG_METHOD_NEWTON] = {.name = "newton",
                          .help = "goes where the Hessian says the minimum is (Newton 1669, "
                                  "saddles avoided as in Dauphin 2014)",
                          .step = eg_step_newton,
                          .vectors = 1,
                          .rate = 1,
                          .momentum = NAN,
                          .searches = true,
                          .monotone = true},
    /* Cauchy's method with the step of Wolfe 1969. */
    [EG_METHOD_LINE_SEARCH] = {.name = "line-search",
                               .help = "against the gradient, as far as pays (Wolfe 1969)",
                               .step = eg_step_line_search,
                               .vectors = 1,
                               .rate = NAN,
                               .momentum = NAN,
                               .searches = true,
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

eg_status eg_step_gd(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    enum { HALVINGS = 60 };
    *outcome = EG_STEPPED;
    for (int tries = 0;; tries++) {
        for (size_t i = 0; i < w->n; i++)
            w->next.x[i] = w->now.x[i] - w->rate * w->now.gradient[i];
        eg_status status = eg_optimizer_evaluate(w, &w->next, error);
        if (status != EG_OK || !w->careful || tries == HALVINGS || w->next.value <= w->now.value)
            return status;
        w->rate /= 2;
    }
}

/* v = momentum v - rate g; x += v */
eg_status eg_step_momentum(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *v = eg_optimizer_vector(w, 0);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < w->n; i++) {
        v[i] = w->momentum * v[i] - w->rate * w->now.gradient[i];
        w->next.x[i] = w->now.x[i] + v[i];
    }
    return eg_optimizer_evaluate(w, &w->next, error);
}

/* v = momentum v - rate g(x + momentum v); x += v */
eg_status eg_step_nesterov(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    double *v = eg_optimizer_vector(w, 0);
    eg_iterate ahead = {.x = eg_optimizer_vector(w, 1), .gradient = eg_optimizer_vector(w, 2)};
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < w->n; i++)
        ahead.x[i] = w->now.x[i] + w->momentum * v[i];
    eg_status status = eg_optimizer_evaluate(w, &ahead, error);
    for (size_t i = 0; i < w->n; i++) {
        v[i] = w->momentum * v[i] - w->rate * ahead.gradient[i];
        w->next.x[i] = w->now.x[i] + v[i];
    }
    return status == EG_OK ? eg_optimizer_evaluate(w, &w->next, error) : status;
}

eg_status eg_step_rmsprop(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    const double rho = 0.9, epsilon = 1e-8;
    double *mean = eg_optimizer_vector(w, 0);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < w->n; i++) {
        double g = w->now.gradient[i];
        mean[i] = rho * mean[i] + (1 - rho) * g * g;
        w->next.x[i] = w->now.x[i] - w->rate * g / (sqrt(mean[i]) + epsilon);
    }
    return eg_optimizer_evaluate(w, &w->next, error);
}

eg_status eg_step_adam(eg_optimizer *w, eg_outcome *outcome, eg_error *error)
{
    const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double *mean = eg_optimizer_vector(w, 0), *square = eg_optimizer_vector(w, 1);
    double k = (double)w->step + 1;
    double unbias1 = 1 - pow(beta1, k), unbias2 = 1 - pow(beta2, k);
    *outcome = EG_STEPPED;
    for (size_t i = 0; i < w->n; i++) {
        double g = w->now.gradient[i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        w->next.x[i] =
            w->now.x[i] - w->rate * (mean[i] / unbias1) / (sqrt(square[i] / unbias2) + epsilon);
    }
    return eg_optimizer_evaluate(w, &w->next, error);
}
