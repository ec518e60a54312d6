/* SPDX-License-Identifier: MIT */
/* Newton steps at the end of a fit, and the way off saddles. */
#include <math.h>
#include <string.h>

#include "descent/fit/least_squares.h"
#include "descent/fit/levenberg_marquardt.h"

/* Decomposes the Jacobian at x with columns scaled to norm 1, and computes the curvature. */
static eg_status examine(eg_lm *lm, eg_fit_curvature *curvature, eg_error *error)
{
    eg_fit_find_free(lm->fit, &lm->current, lm->x, &lm->system);
    eg_fit_decompose(lm->fit, &lm->current, NULL, &lm->system);
    return eg_fit_find_curvature(lm->fit, &lm->system, &lm->current, lm->x, curvature, error);
}

eg_status eg_lm_refine(eg_lm *lm, int steps, eg_error *error)
{
    eg_fit_curvature c;
    eg_status status = examine(lm, &c, error);
    for (int i = 0; status == EG_OK && i < steps; i++) {
        if (lm->system.exact || !c.definite || c.decrement == 0)
            return EG_OK;
        double decrement = c.decrement, highest = lm->current.norm * (1 + 1e-12);
        memcpy(lm->step, c.newton, lm->fit->parameters * sizeof *lm->step);
        status = eg_lm_try(lm, 1, error);
        if (status != EG_OK || !lm->trial.finite || lm->trial.norm > highest + lm->current.noise)
            return status;
        eg_lm_swap(lm);
        status = examine(lm, &c, error);
        if (status != EG_OK || !c.definite || !(c.decrement < 0.9 * decrement)) {
            eg_lm_swap(lm); /* back */
            return status;
        }
        lm->damping = 0;
        eg_lm_count(lm);
    }
    return status;
}

eg_status eg_lm_leave_saddle(eg_lm *lm, bool *left, eg_error *error)
{
    static const double lengths[] = {1, 0.3, 0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
    eg_fit_curvature c;
    double best = lm->current.norm * (1 - 1e-13), factor = 0;
    eg_status status = examine(lm, &c, error);
    *left = false;
    if (status != EG_OK || lm->system.exact || !c.known || !(c.least < -c.error))
        return status;
    memcpy(lm->step, c.lowest, lm->fit->parameters * sizeof *lm->step);
    for (size_t i = 0; status == EG_OK && i < 2 * sizeof lengths / sizeof *lengths; i++) {
        double length = lengths[i / 2] * (i % 2 ? -1 : 1) * lm->current.norm;
        status = eg_lm_try(lm, length, error);
        if (status == EG_OK && lm->trial.finite && lm->trial.norm < best) {
            best = lm->trial.norm;
            factor = length;
        }
    }
    if (status != EG_OK || factor == 0)
        return status;
    status = eg_lm_try(lm, factor, error);
    if (status == EG_OK) {
        eg_lm_swap(lm);
        eg_lm_count(lm);
    }
    *left = status == EG_OK;
    return status;
}
