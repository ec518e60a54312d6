/* SPDX-License-Identifier: MIT */
/* Advice on a run that failed: changes of its options or its start. */
#ifndef EG_DESCENT_ADVICE_H
#define EG_DESCENT_ADVICE_H

#include "edgegrad.h"

/* Finds changes with which the run from `start` succeeds, by trying them, and stores them in
 * result->advice. `end` is where the run ended. Leaves the advice empty if none succeeds within
 * options->trial_evaluations, or if steps use batches. */
eg_status eg_advise(eg_context *ctx, const eg_objective *objective, const double start[],
                    const double end[], const eg_descent_options *options,
                    eg_descent_result *result, eg_error *error);

#endif
