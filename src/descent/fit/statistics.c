/* SPDX-License-Identifier: MIT */
/* eg_fit_evaluate(): goodness of fit, standard errors, and the verdict on a point. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/fit/fit.h"
#include "descent/fit/least_squares.h"

#define CONFIRM_STEP 1e-4 /* length of the steps of confirm(), relative to the residuals */
#define COARSE       1e-4 /* share of the residuals that may be rounding errors */

/* Fills the direction of a linear combination of parameters that the data do not determine, or
 * along which the sum of squares falls. */
static void fill_direction(const eg_fit_system *s, const double step[], eg_fit_statistics *q)
{
    double largest = 0;
    for (size_t k = 0; k < s->count; k++)
        largest = fmax(largest, fabs(step[s->index[k]] * s->scale[k]));
    for (size_t k = 0; k < s->count && largest > 0; k++)
        q->null_direction[s->index[k]] = step[s->index[k]] * s->scale[k] / largest;
}

/* Fills the direction of the smallest singular value. */
static void fill_null_direction(const eg_fit *fit, const eg_fit_system *s, eg_fit_statistics *q)
{
    double y[EG_EXPR_VARIABLES] = {0}, step[EG_EXPR_VARIABLES];
    size_t least = 0;
    for (size_t k = 1; k < s->count; k++)
        if (s->singular[k] < s->singular[least])
            least = k;
    y[least] = 1;
    eg_fit_expand(fit, s, y, step);
    fill_direction(s, step, q);
}

/* Returns true if Newton's step is negligible and changes no parameter by more than a share of it:
 * the end of a valley at infinity has a small step only relative to the sum of squares. */
static bool is_newton_point(const eg_fit_system *s, const eg_fit_curvature *c, const double x[])
{
    bool still = c->definite && c->decrement <= s->negligible;
    for (size_t k = 0; k < s->count; k++)
        still = still && fabs(c->newton[s->index[k]]) <= 1e-6 * fabs(x[s->index[k]]);
    return still;
}

static eg_fit_outcome judge(const eg_fit *fit, const double x[], const eg_fit_system *s,
                            const eg_fit_curvature *c, eg_fit_statistics *q)
{
    bool stationary =
        s->exact || (s->offset <= s->negligible && (!c->definite || c->decrement <= s->negligible));
    if (!stationary && !is_newton_point(s, c, x))
        return EG_FIT_NOT_STATIONARY;
    if (!s->exact && c->known && c->least < -c->error) {
        fill_direction(s, c->lowest, q);
        return EG_FIT_SADDLE;
    }
    if (!c->full_rank || !stationary) {
        fill_null_direction(fit, s, q);
        return c->definite ? EG_FIT_SINGULAR : EG_FIT_UNDETERMINED;
    }
    if (!s->exact && !c->definite)
        return EG_FIT_UNDECIDED;
    return q->freedom == 0 && !fit->known_sigma ? EG_FIT_NO_FREEDOM : EG_FIT_MINIMUM;
}

/* Compares the sum of squares with that at small steps both ways along each principal axis of the
 * linearised model, and withdraws the verdict of a minimum if it falls: derivatives do not see
 * jumps and kinks. `trial` is scratch. */
static eg_status confirm(const eg_fit *fit, const double x[], const eg_fit_factor *factor,
                         const eg_fit_system *s, eg_fit_factor *trial, eg_fit_statistics *q,
                         eg_error *error)
{
    double y[EG_EXPR_VARIABLES] = {0}, step[EG_EXPR_VARIABLES], at[EG_EXPR_VARIABLES];
    double least = factor->norm * (1 - 1e-13) - factor->noise;
    for (size_t i = 0; q->outcome == EG_FIT_MINIMUM && !s->exact && i < 2 * s->count; i++) {
        size_t k = i / 2;
        y[k] = (i % 2 ? -1 : 1) * CONFIRM_STEP * factor->norm / s->singular[k];
        eg_fit_expand(fit, s, y, step);
        y[k] = 0;
        for (size_t p = 0; p < fit->parameters; p++)
            at[p] = fmin(fmax(x[p] + step[p], fit->low[p]), fit->high[p]);
        eg_status status = eg_fit_factorize(fit, at, trial, error);
        if (status != EG_OK)
            return status;
        if (trial->finite && trial->norm < least)
            q->outcome = EG_FIT_NOT_STATIONARY;
    }
    return EG_OK;
}

/* Computes the covariance of the free parameters, deviation^2 D^-1 V S^-2 V' D^-1, into
 * `covariance`, and the standard errors. */
static void fill_errors(const eg_fit *fit, const eg_fit_system *s, double deviation,
                        eg_fit_statistics *q, double *covariance)
{
    size_t n = fit->parameters, count = s->count;
    for (size_t i = 0; i < n * n; i++)
        covariance[i] = NAN;
    for (size_t i = 0; i < n; i++)
        q->standard_errors[i] = NAN;
    if (q->outcome != EG_FIT_MINIMUM)
        return;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < count; k++)
                sum +=
                    s->v[k * count + i] / s->singular[k] * (s->v[k * count + j] / s->singular[k]);
            double error_i = deviation / s->scale[i], error_j = deviation / s->scale[j];
            if (i == j)
                q->standard_errors[s->index[i]] = error_i * sqrt(sum);
            covariance[s->index[i] * n + s->index[j]] = covariance[s->index[j] * n + s->index[i]] =
                error_i * sum * error_j;
        }
}

/* Fills everything that follows from the factor and the curvature. */
static void fill_statistics(const eg_fit *fit, const double x[], const eg_fit_factor *factor,
                            const eg_fit_system *s, const eg_fit_curvature *c, eg_fit_statistics *q)
{
    double ratio = factor->norm / fit->total_norm;
    for (size_t p = 0; p < fit->parameters; p++)
        q->at_bound[p] = x[p] <= fit->low[p] ? -1 : x[p] >= fit->high[p] ? 1 : 0;
    for (size_t k = 0; k < s->count; k++)
        q->at_bound[s->index[k]] = 0;
    q->freedom = fit->weighted > s->count ? fit->weighted - s->count : 0;
    q->squares = factor->norm * factor->norm;
    q->deviation = q->freedom > 0 ? factor->norm / sqrt((double)q->freedom) : NAN;
    q->r_squared = fit->total_norm > 0 ? 1 - ratio * ratio : NAN;
    q->offset = s->offset;
    q->curvature = c->known && c->relative ? c->least : NAN;
    q->exact = s->exact;
    q->coarse = !fit->known_sigma && factor->noise > COARSE * factor->norm;
    q->outcome = judge(fit, x, s, c, q);
}

eg_status eg_fit_evaluate(eg_fit *fit, const double parameters[], eg_fit_statistics *q,
                          double covariance[], eg_error *error)
{
    size_t n = fit->parameters;
    eg_fit_factor factor = {0}, trial = {0};
    eg_fit_system system = {0};
    eg_fit_curvature curvature;
    double *matrix = eg_alloc(fit->ctx, n, n * sizeof *matrix, error);
    eg_status status = matrix ? eg_fit_factor_new(fit, &factor, error) : eg_failed(error);
    *q = (eg_fit_statistics){.points = fit->weighted, .parameters = n};
    if (status == EG_OK)
        status = eg_fit_factor_new(fit, &trial, error);
    if (status == EG_OK)
        status = eg_fit_system_new(fit, &system, error);
    if (status == EG_OK)
        status = eg_fit_factorize(fit, parameters, &factor, error);
    if (status == EG_OK && !factor.finite)
        status = eg_fit_bad_point(fit, &factor, error);
    if (status == EG_OK) {
        eg_fit_find_free(fit, &factor, parameters, &system);
        eg_fit_decompose(fit, &factor, NULL, &system);
        status = eg_fit_find_curvature(fit, &system, &factor, parameters, &curvature, error);
    }
    if (status == EG_OK) {
        fill_statistics(fit, parameters, &factor, &system, &curvature, q);
        status = confirm(fit, parameters, &factor, &system, &trial, q, error);
    }
    if (status == EG_OK) {
        double norm = factor.norm + (q->coarse ? factor.noise : 0);
        double deviation = q->freedom > 0 ? norm / sqrt((double)q->freedom) : NAN;
        fill_errors(fit, &system, fit->known_sigma ? 1 : deviation, q, matrix);
        if (covariance)
            memcpy(covariance, matrix, n * n * sizeof *matrix);
        if (q->outcome == EG_FIT_MINIMUM && q->coarse && !q->exact)
            q->outcome = EG_FIT_ROUNDING;
    }
    eg_free(factor.r);
    eg_free(trial.r);
    eg_free(system.u);
    eg_free(matrix);
    return status;
}
