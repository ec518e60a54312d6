/* SPDX-License-Identifier: MIT */
/* Runs a method from its start to a stop. */
#include "descent/run.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "descent/rates.h"

static void report_step(const eg_run *run)
{
    const eg_optimizer *opt = &run->opt;
    if (!run->options->on_step)
        return;
    eg_descent_step step = {opt->step, opt->current.x, opt->sign * opt->current.value,
                            eg_length(opt->current.gradient, opt->n), opt->step ? opt->rate : 0};
    run->options->on_step(run->options->opaque, &step);
}

/* Computes value and gradient of all data at the current iterate of a stochastic run. */
static eg_status evaluate_full_batch(eg_run *run, eg_error *error)
{
    run->full_batch.x = run->opt.current.x;
    run->opt.stochastic = false;
    eg_status status = eg_optimizer_evaluate(&run->opt, &run->full_batch, error);
    run->opt.stochastic = true;
    return status;
}

/* Returns true if the run was cancelled, has diverged (with give_up), or has used up its steps or
 * its time. */
static bool limit_reached(eg_run *run, eg_stop *stop)
{
    const eg_descent_options *o = run->options;
    *stop = EG_STOP_CANCELLED;
    if (eg_cancelled(run->opt.ctx))
        return true;
    *stop = EG_STOP_DIVERGING;
    if (o->give_up && run->monitor.diverging_since)
        return true;
    *stop = EG_STOP_STEPS;
    if (run->opt.step >= o->steps)
        return true;
    *stop = EG_STOP_TIME;
    return o->seconds > 0 && eg_seconds() - run->started >= o->seconds;
}

/* Calls the method's step with the scheduled rate. The method may change the base rate. */
static eg_status call_method(eg_run *run, eg_step_outcome *outcome, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    const eg_schedule *schedule = &run->options->schedule;
    opt->batch = opt->step + 1;
    if (schedule->shape == EG_SCHEDULE_CONSTANT && schedule->warmup == 0)
        return opt->ops->step(opt, outcome, error);
    double factor = eg_schedule_factor(schedule, opt->step, run->options->steps);
    double rate = opt->rate = run->base_rate * factor;
    eg_status status = opt->ops->step(opt, outcome, error);
    if (opt->rate < rate) /* halved */
        run->base_rate *= opt->rate / rate;
    return status;
}

/* Computes the next iterate and moves there. Sets *stopped if it does not exist. */
static eg_status take_step(eg_run *run, bool *stopped, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_step_outcome outcome = EG_STEPPED;
    double longest = 0;
    eg_status status = call_method(run, &outcome, error);
    if (status != EG_OK)
        return status;
    *stopped = true;
    run->result->stop = EG_STOP_SEARCH;
    if (outcome == EG_NO_DESCENT)
        return EG_OK;
    run->result->stop = EG_STOP_NOT_FINITE;
    if (!eg_iterate_is_finite(&opt->next, opt->n))
        return EG_OK;
    *stopped = false;
    eg_monitor_step(&run->monitor, opt);

    for (size_t i = 0; i < opt->n; i++)
        longest = fmax(longest, fabs(opt->next.x[i] - opt->current.x[i]));
    run->last_step_size = longest / fmax(1, eg_length(opt->current.x, opt->n));
    run->last_value = opt->current.value;
    eg_iterate previous = opt->current;
    opt->current = opt->next;
    opt->next = previous;
    opt->step++;

    if (opt->stochastic && opt->step % opt->objective->epoch == 0)
        status = evaluate_full_batch(run, error);
    report_step(run);
    return status;
}

static eg_status run_steps(eg_run *run, eg_error *error)
{
    eg_status status = EG_OK;
    eg_stop *stop = &run->result->stop;
    bool stopped = false;
    report_step(run);
    while (status == EG_OK && !stopped) {
        status = eg_run_test_convergence(run, &stopped, stop, error);
        if (status == EG_OK && !stopped)
            stopped = limit_reached(run, stop);
        if (status == EG_OK && !stopped)
            status = take_step(run, &stopped, error);
        if (status == EG_CANCELLED) { /* by the objective: the iterate reached is the result */
            *stop = EG_STOP_CANCELLED;
            return EG_OK;
        }
    }
    return status;
}

/* Computes the eigenvalues at the point of instability and at the end. Clears result->quadratic if
 * those at the end differ from those at the start. */
static eg_status compute_curvatures(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    const eg_eigenvalue_range *start = &result->start, *end = &result->end;
    eg_status status =
        eg_optimizer_curvature(opt, run->monitor.instability, &result->instability, error);
    if (status == EG_OK)
        status = eg_optimizer_curvature(opt, opt->current.x, &result->end, error);
    if (status == EG_OK && result->quadratic && start->known)
        result->quadratic = end->known && fabs(end->max - start->max) <=
                                              1e-6 * fmax(fabs(start->max), fabs(start->min));
    return status;
}

/* Fills the result. */
static eg_status finish_run(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_status status = EG_OK;
    size_t evaluations = opt->evaluations;
    if (opt->stochastic) {
        status = evaluate_full_batch(run, error);
        opt->current.value = run->full_batch.value;
        memcpy(opt->current.gradient, run->full_batch.gradient, opt->n * sizeof(double));
    }
    if (status == EG_OK)
        status = compute_curvatures(run, error);
    if (status != EG_OK && status != EG_CANCELLED)
        return status;
    result->steps = opt->step;
    result->evaluations = evaluations;
    result->seconds = eg_seconds() - run->started;
    result->value = opt->sign * opt->current.value + 0.0; /* no -0 */
    result->gradient_norm = eg_length(opt->current.gradient, opt->n);
    result->rate = opt->rate;
    result->momentum = opt->momentum;
    result->diverging_since = run->monitor.diverging_since;
    eg_method method = run->options->method;
    result->rate_limit = eg_rate_limit(method, opt->momentum, result->instability.max);
    result->suggested_rate =
        eg_suggested_rate(method, opt->momentum, &result->instability, result->quadratic);
    result->outcome = EG_NOT_CONVERGED;
    if (status == EG_OK)
        status = eg_run_classify(run, error);
    return status == EG_CANCELLED ? EG_OK : status;
}

eg_status eg_run_descent(eg_context *ctx, const eg_objective *objective, double x[],
                         const eg_descent_options *options, eg_descent_result *result,
                         eg_error *error)
{
    *result = (eg_descent_result){
        .method = options->method,
        .variables = objective->variables,
        .maximize = options->maximize,
        .schedule = options->schedule,
        .max_travel = NAN,
        .needed_travel = NAN,
        .offset = NAN,
        .gradient_tolerance = options->gradient_tolerance,
        .value_tolerance = options->value_tolerance,
        .step_tolerance = options->step_tolerance,
        .distance = NAN,
        .extent = NAN,
        .bound = options->maximize ? INFINITY : -INFINITY,
    };
    eg_run run = {.options = options, .result = result, .started = eg_seconds()};
    run.opt = (eg_optimizer){.ctx = ctx,
                             .objective = objective,
                             .ops = &eg_methods[options->method],
                             .n = objective->variables,
                             .sign = options->maximize ? -1 : 1};
    eg_status status = eg_run_begin(&run, x, error);
    if (status == EG_OK)
        status = run_steps(&run, error);
    if (status == EG_OK)
        status = finish_run(&run, error);
    if (status == EG_OK)
        memcpy(x, run.opt.current.x, run.opt.n * sizeof *x);
    eg_free(run.memory);
    return status;
}

void eg_descent_follow(const eg_descent_advice *advice, eg_descent_options *options, double x[])
{
    if (advice->changes_method)
        options->method = advice->method;
    if (advice->changes_rate)
        options->rate = advice->rate;
    if (advice->changes_momentum)
        options->momentum = advice->momentum;
    if (advice->changes_schedule)
        options->schedule = advice->schedule;
    if (advice->changes_steps)
        options->steps = advice->steps;
    for (size_t i = 0; advice->changes_start && i < advice->variables; i++)
        x[i] = advice->start[i];
}
