/* SPDX-License-Identifier: MIT */
/* Rates and momenta derived from the eigenvalues of the Hessian. */
#ifndef EG_DESCENT_RATES_H
#define EG_DESCENT_RATES_H

#include "descent/optimizer.h"

/* Sets opt->rate and ->momentum: to those of the options, or from the method and the curvature at
 * the start. */
void eg_choose_rates(eg_optimizer *opt, const eg_descent_options *options,
                     eg_descent_result *result);

/* Returns the rate at and above which the method is unstable where the largest eigenvalue is
 * `max_eigenvalue`. NaN: the method has no such limit. */
double eg_rate_limit(eg_method method, double momentum, double max_eigenvalue);

/* Returns a rate that is stable for this curvature, the optimal one where that is known. NaN: none
 * can be derived. `quadratic`: the curvature is the same everywhere. */
double eg_suggested_rate(eg_method method, double momentum, const eg_eigenvalue_range *curvature,
                         bool quadratic);

#endif
