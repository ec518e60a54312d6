/* SPDX-License-Identifier: MIT */
/* Rates and momenta by the eigenvalues of the Hessian. */
#ifndef EG_DESCENT_RATES_H
#define EG_DESCENT_RATES_H

#include "descent/optimizer.h"

/* Settles walk->rate and ->momentum: as asked, or by the method and the curvature at the start. */
void eg_choose_rates(eg_optimizer *walk, const eg_descent_options *options,
                     eg_descent_result *result);

/* What the rate must stay below where the largest eigenvalue is `most`; NaN: no such rule. */
double eg_rate_limit(eg_method method, double momentum, double most);

/* A rate that should do. `quadratic`: the curvature is this everywhere. */
double eg_rate_advice(eg_method method, double momentum, const eg_curvature *curvature,
                      bool quadratic);

#endif
