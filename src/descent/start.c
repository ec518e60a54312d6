/* SPDX-License-Identifier: MIT */
/* The start of a run: memory, curvature, rate and momentum. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/rates.h"
#include "descent/run.h"

static eg_status allocate_vectors(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    size_t n = opt->n, vectors = 7 + EG_MONITOR_VECTORS + opt->ops->vectors;
    run->memory = eg_calloc(opt->ctx, vectors * n + 2 * n * n, sizeof *run->memory, error);
    if (!run->memory)
        return eg_failed(error);
    double *p = run->memory;
    double **const members[] = {
        &opt->current.x,   &opt->current.gradient,    &opt->next.x, &opt->next.gradient,
        &opt->eigenvalues, &run->full_batch.gradient, &run->start};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++, p += n)
        *members[i] = p;
    run->monitor.last_step = p; /* see eg_monitor_begin() */
    opt->vectors = p + EG_MONITOR_VECTORS * n;
    opt->hessian = opt->vectors + opt->ops->vectors * n;
    opt->eigenvectors = opt->hessian + n * n;
    return EG_OK;
}

/* Fails with the reason why a run cannot start at the current iterate, which is not finite. */
static eg_status bad_start(const eg_optimizer *opt, eg_error *error)
{
    for (size_t i = 0; i < opt->n; i++)
        if (!isfinite(opt->current.x[i]))
            return eg_fail(error, EG_USAGE, "coordinate %zu of the start is not a finite number",
                           i + 1);
    double value = opt->sign * opt->current.value;
    if (!isfinite(value))
        return eg_fail(error, EG_USAGE,
                       "the function has no finite value at the start (it is %s there); choose "
                       "another start",
                       isnan(value) ? "undefined"
                       : value < 0  ? "-infinite"
                                    : "infinite");
    return eg_fail(error, EG_USAGE,
                   "the function has a value at the start, %.10g, but no finite gradient; choose "
                   "another start",
                   value);
}

/* Computes the eigenvalues at the start, and sets result->quadratic if the Hessian is equal there
 * and at two other points. */
static eg_status probe_curvature(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    size_t cells = opt->n * opt->n;
    eg_status status = EG_OK;
    run->result->quadratic = true;
    for (int k = 0; status == EG_OK && run->result->quadratic && k < 2; k++) {
        double largest = 0, difference = 0;
        for (size_t i = 0; i < opt->n; i++) /* arbitrary offsets, different in each coordinate */
            opt->next.x[i] = opt->current.x[i] + (k ? -1 : 1) * (0.317 + 0.041 * (double)i) *
                                                     (1 + fabs(opt->current.x[i]));
        status = eg_optimizer_hessian(opt, opt->current.x, error);
        double *start = opt->eigenvectors; /* unused until eg_optimizer_curvature() below */
        memcpy(start, opt->hessian, cells * sizeof *start);
        if (status == EG_OK)
            status = eg_optimizer_hessian(opt, opt->next.x, error);
        for (size_t i = 0; i < cells; i++) {
            largest = fmax(largest, fabs(start[i]));
            double d = fabs(opt->hessian[i] - start[i]);
            difference = isnan(d) ? INFINITY : fmax(difference, d);
        }
        run->result->quadratic = difference <= 1e-9 * largest;
    }
    if (status == EG_OK)
        status = eg_optimizer_curvature(opt, opt->current.x, &run->result->start, error);
    return status;
}

/* Returns the largest component of the Newton step at the start: an estimate of the distance that a
 * method with normalised steps must cover. NaN if the curvature is unknown. */
static double newton_distance(eg_run *run)
{
    eg_optimizer *opt = &run->opt;
    double farthest = 0;
    if (!run->result->start.known)
        return NAN;
    for (size_t i = 0; i < opt->n; i++) {
        double component = 0;
        for (size_t k = 0; k < opt->n; k++) {
            const double *axis = opt->eigenvectors + k * opt->n;
            double size = fabs(opt->eigenvalues[k]);
            if (size > 0)
                component += axis[i] * eg_dot_product(axis, opt->current.gradient, opt->n) / size;
        }
        farthest = fmax(farthest, fabs(component));
    }
    return farthest;
}

/* Returns the sum of the rates of all steps. NaN: too many to add. */
static double total_travel(const eg_descent_options *o, double rate)
{
    const size_t most = 1000000;
    double sum = 0;
    if (o->schedule.shape == EG_SCHEDULE_CONSTANT && o->schedule.warmup == 0)
        return rate * (double)o->steps;
    for (size_t k = 0; o->steps <= most && k < o->steps; k++)
        sum += rate * eg_schedule_factor(&o->schedule, k, o->steps);
    return o->steps <= most ? sum : NAN;
}

eg_status eg_run_begin(eg_run *run, const double x[], eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_status status = allocate_vectors(run, error);
    if (status != EG_OK)
        return status;
    memcpy(run->start, x, opt->n * sizeof *x);
    memcpy(opt->current.x, x, opt->n * sizeof *x);
    status = eg_optimizer_evaluate(opt, &opt->current, error);
    if (status == EG_OK && !eg_iterate_is_finite(&opt->current, opt->n))
        status = bad_start(opt, error);
    if (status == EG_OK)
        status = probe_curvature(run, error);
    if (status != EG_OK)
        return status;
    result->start_value = opt->sign * opt->current.value;
    eg_choose_rates(opt, run->options, result);
    run->base_rate = result->start_rate = opt->rate;
    if (opt->ops->normalized_step) {
        result->max_travel = total_travel(run->options, opt->rate);
        result->needed_travel = newton_distance(run);
    }
    eg_monitor_begin(&run->monitor, opt, run->monitor.last_step);
    if (!opt->objective->sample)
        return EG_OK;
    opt->stochastic = true;
    run->full_batch.value = opt->current.value;
    memcpy(run->full_batch.gradient, opt->current.gradient, opt->n * sizeof(double));
    return eg_optimizer_evaluate(opt, &opt->current, error); /* of batch 0 */
}
