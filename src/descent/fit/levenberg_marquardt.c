/* SPDX-License-Identifier: MIT */
/*
 * eg_fit_solve(): the Levenberg-Marquardt method in the trust-region form of More 1978, with steps
 * by singular values instead of his pivoted QR. The trust region is an ellipsoid in the units of
 * the residuals, |D step| <= radius, D being the largest norms of the derivatives so far. Bounds
 * hold parameters while the sum of squares falls towards them. When no step helps any more, Newton
 * steps with the true Hessian remove the error that rounding leaves in comparisons of sums of
 * squares, and saddles are left along the lowest curvature.
 */
#include "descent/fit/levenberg_marquardt.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "descent/fit/least_squares.h"

enum {
    MAX_REJECTED = 80, /* consecutive rejected trials; the radius shrinks at least to a half each */
    MAX_SADDLES = 10,
    MAX_RESCALED = 20,
    MAX_NEWTON = 12
};

#define FIRST_RADIUS 10    /* in units of |D x| */
#define REDUCTION    1e-15 /* relative change of the sum of squares that rounding may explain */

void eg_fit_solver_default(eg_fit_solver *solver)
{
    *solver = (eg_fit_solver){.steps = 1000};
}

/* ---- the step ---- */

/* Returns the norm of the step in the trust region's units with this damping, and minus half the
 * derivative of its square. */
static double damped_norm(const eg_fit_system *s, double damping, double *slope)
{
    double sum = 0, change = 0;
    for (size_t k = 0; k < s->count; k++) {
        double square = s->singular[k] * s->singular[k] + damping;
        double y = s->residual[k] != 0 ? s->singular[k] * s->residual[k] / square : 0;
        sum += y * y;
        change += y * y / square;
    }
    *slope = change;
    return sqrt(sum);
}

/* Returns the damping with which the step is at most a tenth longer than the radius; 0 if the
 * undamped step is. Newton's method on the reciprocal length, which is concave in the damping, so
 * that the iterates rise to the root (More 1978, section 5). */
static double find_damping(const eg_fit_system *s, double radius)
{
    double slope, damping = 0, length = damped_norm(s, 0, &slope);
    if (!isfinite(length * length / slope))
        damping = DBL_EPSILON * s->largest * s->largest;
    for (int i = 0; i < 100 && length > 1.1 * radius; i++) {
        length = damped_norm(s, damping, &slope);
        damping += length * length / slope * ((length - radius) / radius);
        length = damped_norm(s, damping, &slope);
    }
    return damping;
}

/* Computes the damped step into lm->step. */
static void damped_step(eg_lm *lm)
{
    const eg_fit_system *s = &lm->system;
    double y[EG_EXPR_VARIABLES] = {0};
    for (size_t k = 0; k < s->count; k++)
        if (s->residual[k] != 0)
            y[k] =
                -s->singular[k] * s->residual[k] / (s->singular[k] * s->singular[k] + lm->damping);
    eg_fit_expand(lm->fit, s, y, lm->step);
}

/* Returns the relative reduction of the sum of squares that the linearised model predicts for the
 * move to lm->next, and its length in the trust region's units. */
static double predict(const eg_lm *lm, double *length)
{
    const eg_fit_factor *f = &lm->current;
    size_t n = lm->fit->parameters;
    double move[EG_EXPR_VARIABLES] = {0}, scaled[EG_EXPR_VARIABLES], reduction = 0;
    for (size_t p = 0; p < n; p++) {
        double step = lm->next[p] - lm->x[p];
        scaled[p] = step * lm->scale[p];
        for (size_t i = 0; i <= p; i++)
            move[i] += f->r[p * n + i] * step;
    }
    *length = eg_vector_norm(scaled, n);
    for (size_t i = 0; i < n; i++)
        reduction -= move[i] / f->norm * (move[i] / f->norm + 2 * (f->q[i] / f->norm));
    return reduction;
}

/* Returns the actual relative reduction of the sum of squares; negative if it rises, -1 if it is
 * not finite at the trial point. */
static double actual_reduction(const eg_lm *lm)
{
    double ratio = lm->trial.norm / lm->current.norm;
    if (!lm->trial.finite || !(ratio < 10))
        return -1;
    return (1 - ratio) * (1 + ratio);
}

/* Sets the radius by the gain, the actual over the predicted reduction (MINPACK's lmder). */
static void update_radius(eg_lm *lm, double actual, double predicted, double length)
{
    double gain = predicted > 0 ? actual / predicted : 0;
    if (gain > 0.25) {
        if (lm->damping == 0 || gain >= 0.75)
            lm->radius = 2 * length;
        return;
    }
    /* The minimum of a parabola through both values and the slope at the start. */
    double slope = -fmax(predicted, DBL_MIN);
    double factor = actual >= 0 ? 0.5 : 0.5 * slope / (slope + 0.5 * actual);
    lm->radius = fmax(factor, 0.1) * fmin(lm->radius, 10 * length);
}

/* ---- iterations ---- */

static bool limit_reached(eg_lm *lm)
{
    const eg_fit_solver *o = lm->solver;
    lm->result->stop = EG_STOP_CANCELLED;
    if (eg_cancelled(lm->fit->ctx))
        return true;
    lm->result->stop = EG_STOP_STEPS;
    if (lm->result->steps >= o->steps)
        return true;
    lm->result->stop = EG_STOP_TIME;
    return o->seconds > 0 && eg_seconds() - lm->started >= o->seconds;
}

/* Chooses the first trust region. */
static void first_radius(eg_lm *lm)
{
    double scaled[EG_EXPR_VARIABLES], slope, undamped = damped_norm(&lm->system, 0, &slope);
    for (size_t p = 0; p < lm->fit->parameters; p++)
        scaled[p] = lm->scale[p] * lm->x[p];
    double size = eg_vector_norm(scaled, lm->fit->parameters);
    lm->radius = size > 0 ? FIRST_RADIUS * size : undamped;
}

/* Tries steps of falling length until one lowers the sum of squares. Sets *stopped and the reason
 * if there is none. */
static eg_status take_step(eg_lm *lm, bool *stopped, eg_error *error)
{
    for (int rejected = 0; rejected < MAX_REJECTED; rejected++) {
        double length;
        lm->damping = find_damping(&lm->system, lm->radius);
        damped_step(lm);
        eg_status status = eg_lm_try(lm, 1, error);
        if (status != EG_OK)
            return status;
        double predicted = predict(lm, &length), actual = actual_reduction(lm);
        if (lm->result->steps == 0 && rejected == 0)
            lm->radius = fmin(lm->radius, length);
        update_radius(lm, actual, predicted, length);
        bool negligible = fabs(predicted) <= REDUCTION && fabs(actual) <= REDUCTION;
        if (actual > 0 && actual >= 1e-4 * predicted) {
            eg_lm_swap(lm);
            eg_lm_count(lm);
            lm->result->stop = EG_STOP_VALUE;
            *stopped = negligible;
            return EG_OK;
        }
        lm->result->stop = negligible ? EG_STOP_VALUE : EG_STOP_STEP;
        *stopped = true;
        if (negligible || memcmp(lm->x, lm->next, lm->fit->parameters * sizeof *lm->x) == 0)
            return EG_OK;
    }
    return EG_OK;
}

static eg_status iterate(eg_lm *lm, eg_error *error)
{
    eg_status status = EG_OK;
    bool stopped = false;
    while (status == EG_OK && !stopped) {
        eg_fit_find_free(lm->fit, &lm->current, lm->x, &lm->system);
        eg_fit_decompose(lm->fit, &lm->current, lm->scale, &lm->system);
        if (isnan(lm->radius))
            first_radius(lm);
        lm->result->stop = EG_STOP_GRADIENT;
        if (lm->system.exact || lm->system.offset <= 1e-4 * EG_FIT_OFFSET)
            return EG_OK;
        if (limit_reached(lm))
            return EG_OK;
        status = take_step(lm, &stopped, error);
    }
    return status;
}

/* Replaces the largest norms of the derivatives by those at x if the point is not stationary: where
 * a parameter has lost nearly all of its influence, its old norm makes its derivative look like 0.
 * Sets *again if that changed them. */
static void rescale(eg_lm *lm, bool *again)
{
    size_t n = lm->fit->parameters;
    eg_fit_find_free(lm->fit, &lm->current, lm->x, &lm->system);
    eg_fit_decompose(lm->fit, &lm->current, NULL, &lm->system);
    if (lm->system.exact || lm->system.offset <= lm->system.negligible)
        return;
    for (size_t p = 0; p < n; p++) {
        double norm = eg_vector_norm(lm->current.r + p * n, n);
        *again = *again || norm < lm->scale[p] / 2;
        lm->scale[p] = norm;
    }
    lm->radius = NAN;
}

/* Iterates, refines and leaves saddles until the end. */
static eg_status solve(eg_lm *lm, eg_error *error)
{
    eg_status status = EG_OK;
    int rescaled = 0;
    for (bool again = true; status == EG_OK && again;) {
        status = iterate(lm, error);
        eg_stop stop = lm->result->stop;
        again = false;
        if (status != EG_OK || stop == EG_STOP_CANCELLED || stop == EG_STOP_STEPS ||
            stop == EG_STOP_TIME)
            break;
        status = eg_lm_refine(lm, MAX_NEWTON, error);
        if (status == EG_OK && rescaled++ < MAX_RESCALED)
            rescale(lm, &again);
        if (status == EG_OK && !again && lm->result->saddles < MAX_SADDLES) {
            status = eg_lm_leave_saddle(lm, &again, error);
            lm->radius = NAN;
            lm->result->saddles += again;
        }
        lm->result->stop = stop;
    }
    if (status == EG_CANCELLED) { /* the point reached is the result */
        lm->result->stop = EG_STOP_CANCELLED;
        return EG_OK;
    }
    return status;
}

static eg_status check_start(const eg_lm *lm, eg_error *error)
{
    const eg_fit *fit = lm->fit;
    for (size_t p = 0; p < fit->parameters; p++) {
        if (!isfinite(lm->x[p]))
            return eg_fail(error, EG_USAGE, "%s is not a finite number at the start",
                           eg_fit_name(fit, p));
        if (lm->x[p] < fit->low[p] || lm->x[p] > fit->high[p])
            return eg_fail(error, EG_USAGE,
                           "the start %s = %.10g is not within its bounds, %.10g to %.10g",
                           eg_fit_name(fit, p), lm->x[p], fit->low[p], fit->high[p]);
    }
    return EG_OK;
}

eg_status eg_fit_solve(eg_fit *fit, double x[], const eg_fit_solver *solver, eg_fit_result *result,
                       eg_error *error)
{
    size_t n = fit->parameters;
    *result = (eg_fit_result){0};
    eg_lm lm = {
        .fit = fit, .solver = solver, .result = result, .radius = NAN, .started = eg_seconds()};
    eg_status status = eg_lm_new(&lm, error);
    if (status == EG_OK) {
        memcpy(lm.x, x, n * sizeof *x);
        status = check_start(&lm, error);
    }
    if (status == EG_OK)
        status = eg_fit_factorize(fit, lm.x, &lm.current, error);
    if (status == EG_OK && !lm.current.finite)
        status = eg_fit_bad_point(fit, &lm.current, error);
    if (status == EG_OK) {
        result->evaluations = 1;
        result->start_value = eg_lm_mean_square(&lm);
        for (size_t p = 0; p < n; p++)
            lm.scale[p] = eg_vector_norm(lm.current.r + p * n, n);
        eg_lm_report(&lm);
        status = solve(&lm, error);
    }
    if (status == EG_OK) {
        memcpy(x, lm.x, n * sizeof *x);
        result->value = eg_lm_mean_square(&lm);
        result->seconds = eg_seconds() - lm.started;
    }
    eg_lm_free(&lm);
    return status;
}
