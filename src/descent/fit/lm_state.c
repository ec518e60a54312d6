/* SPDX-License-Identifier: MIT */
/* State of the Levenberg-Marquardt method: memory, trial points, reported steps. */
#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/fit/least_squares.h"
#include "descent/fit/levenberg_marquardt.h"

eg_status eg_lm_new(eg_lm *lm, eg_error *error)
{
    const eg_fit *fit = lm->fit;
    size_t n = fit->parameters;
    eg_status status = eg_fit_factor_new(fit, &lm->current, error);
    if (status == EG_OK)
        status = eg_fit_factor_new(fit, &lm->trial, error);
    if (status == EG_OK)
        status = eg_fit_system_new(fit, &lm->system, error);
    if (status == EG_OK && !(lm->memory = eg_calloc(fit->ctx, 4, n * sizeof(double), error)))
        status = eg_failed(error);
    if (status == EG_OK) {
        lm->x = lm->memory;
        lm->next = lm->x + n;
        lm->step = lm->next + n;
        lm->scale = lm->step + n;
    }
    return status;
}

void eg_lm_free(eg_lm *lm)
{
    eg_free(lm->current.r);
    eg_free(lm->trial.r);
    eg_free(lm->system.u);
    eg_free(lm->memory);
}

double eg_lm_mean_square(const eg_lm *lm)
{
    double root = lm->current.norm / sqrt((double)lm->fit->weighted);
    return root * root;
}

void eg_lm_report(const eg_lm *lm)
{
    const eg_fit *fit = lm->fit;
    size_t n = fit->parameters;
    double gradient[EG_EXPR_VARIABLES] = {0};
    if (!lm->solver->on_step)
        return;
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i <= p; i++)
            gradient[p] += lm->current.r[p * n + i] * lm->current.q[i];
    eg_descent_step step = {lm->result->steps, lm->x, eg_lm_mean_square(lm),
                            2 * eg_vector_norm(gradient, n) / (double)fit->weighted, lm->damping};
    lm->solver->on_step(lm->solver->opaque, &step);
}

eg_status eg_lm_try(eg_lm *lm, double factor, eg_error *error)
{
    const eg_fit *fit = lm->fit;
    lm->result->evaluations++;
    for (size_t p = 0; p < fit->parameters; p++)
        lm->next[p] = fmin(fmax(lm->x[p] + factor * lm->step[p], fit->low[p]), fit->high[p]);
    return eg_fit_factorize(fit, lm->next, &lm->trial, error);
}

void eg_lm_swap(eg_lm *lm)
{
    double *x = lm->x;
    eg_fit_factor factor = lm->current;
    lm->x = lm->next;
    lm->next = x;
    lm->current = lm->trial;
    lm->trial = factor;
}

void eg_lm_count(eg_lm *lm)
{
    size_t n = lm->fit->parameters;
    for (size_t p = 0; p < n; p++)
        lm->scale[p] = fmax(lm->scale[p], eg_vector_norm(lm->current.r + p * n, n));
    lm->result->steps++;
    eg_lm_report(lm);
}
