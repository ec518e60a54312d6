/* SPDX-License-Identifier: MIT */
#include "descent/advice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descent/run.h"

enum { MIN_STEPS = 1000 }; /* of a trial, even if the run had fewer */

typedef struct adviser {
    eg_context *ctx;
    const eg_objective *objective;
    const eg_descent_options *options;
    const double *start, *end;
    eg_descent_result *result;
    size_t budget; /* evaluations left */
    double change; /* of the value in the run */
} adviser;

/* Rounds towards 0 to so many decimal digits, because advice is printed with them. */
static double round_digits(double value, int digits)
{
    char text[40];
    if (!(fabs(value) > 0) || !isfinite(value))
        return value;
    double unit = pow(10, floor(log10(fabs(value))) - digits + 1);
    double rounded = trunc(value / unit * (1 + 1e-12)) * unit;
    snprintf(text, sizeof text, "%.*g", digits, rounded);
    return strtod(text, NULL);
}

static bool is_scheduled(const eg_schedule *s)
{
    return s->shape != EG_SCHEDULE_CONSTANT || s->warmup > 0;
}

/* Returns advice that changes nothing yet. */
static eg_descent_advice unchanged(const adviser *a)
{
    eg_descent_advice advice = {.variables = a->objective->variables,
                                .method = a->options->method,
                                .rate = a->options->rate,
                                .momentum = a->options->momentum,
                                .steps = a->options->steps,
                                .schedule = a->options->schedule};
    memcpy(advice.start, a->start, a->objective->variables * sizeof *a->start);
    return advice;
}

/* Returns true if `better` is a better value than `value`, by more than the share of the run's
 * change. */
static bool improves(const adviser *a, double better, double value, double share)
{
    double gain = a->options->maximize ? better - value : value - better;
    return gain > share * a->change;
}

/* Tries the advice, and stores the outcome in it. At most `steps` steps; the advice is to allow
 * more than the run had if they were needed. */
static eg_status try_advice(adviser *a, eg_descent_advice *advice, size_t steps, eg_error *error)
{
    eg_descent_options options = *a->options;
    eg_descent_result trial;
    double x[EG_EXPR_VARIABLES];
    advice->outcome = EG_NOT_CONVERGED;
    advice->steps = steps < a->budget ? steps : a->budget;
    advice->changes_steps = advice->steps != a->options->steps;
    if (a->budget == 0)
        return EG_OK;
    memcpy(x, a->start, a->objective->variables * sizeof *x);
    eg_descent_follow(advice, &options, x);
    options.steps = advice->steps;
    options.give_up = true;
    options.on_step = NULL;
    options.seconds = 0;
    eg_status status = eg_run_descent(a->ctx, a->objective, x, &options, &trial, error);
    if (status == EG_USAGE) { /* a start outside the domain */
        a->budget--;
        return EG_OK;
    }
    if (status != EG_OK)
        return status;
    a->budget -= trial.evaluations < a->budget ? trial.evaluations : a->budget;
    advice->outcome = trial.outcome;
    advice->steps_taken = trial.steps;
    advice->value = trial.value;
    if (trial.outcome != EG_CONVERGED || advice->schedule.shape == EG_SCHEDULE_COSINE)
        return status;
    size_t needed = trial.steps + (trial.stop == EG_STOP_SEARCH); /* the search that fails */
    advice->changes_steps = needed > a->options->steps;
    advice->steps = advice->changes_steps ? needed : a->options->steps;
    return status;
}

static size_t trial_steps(const adviser *a)
{
    return a->options->steps > MIN_STEPS ? a->options->steps : MIN_STEPS;
}

/* Tries the advice unless there is some already, and takes it if the run then converges, to a value
 * that is not worse unless the run diverged. */
static eg_status consider(adviser *a, eg_descent_advice advice, size_t steps, eg_error *error)
{
    eg_descent_result *result = a->result;
    if (result->advice.exists)
        return EG_OK;
    eg_status status = try_advice(a, &advice, steps, error);
    bool worse = improves(a, result->value, advice.value, 1e-6);
    if (status != EG_OK || advice.outcome != EG_CONVERGED ||
        (worse && result->outcome != EG_DIVERGES))
        return status;
    advice.exists = true;
    result->advice = advice;
    return status;
}

static eg_status consider_rate(adviser *a, double rate, eg_error *error)
{
    eg_descent_advice advice = unchanged(a);
    if (!(rate > 0))
        return EG_OK;
    advice.rate = round_digits(rate, 3);
    advice.changes_rate = true;
    return consider(a, advice, trial_steps(a), error);
}

/* Makes the advice use a method with its defaults. */
static void change_method(eg_descent_advice *advice, eg_method method)
{
    advice->changes_method = true;
    advice->method = method;
    advice->changes_rate = !isnan(advice->rate);
    advice->changes_momentum = !isnan(advice->momentum);
    advice->changes_schedule = is_scheduled(&advice->schedule);
    advice->rate = advice->momentum = NAN;
    advice->schedule = (eg_schedule){.shape = EG_SCHEDULE_CONSTANT};
}

static eg_status consider_method(adviser *a, eg_method method, eg_error *error)
{
    eg_descent_advice advice = unchanged(a);
    if (method == a->options->method)
        return EG_OK;
    change_method(&advice, method);
    return consider(a, advice, trial_steps(a), error);
}

static eg_status consider_methods(adviser *a, eg_error *error)
{
    static const eg_method methods[] = {EG_METHOD_LBFGS, EG_METHOD_NEWTON, EG_METHOD_LINE_SEARCH,
                                        EG_METHOD_BB};
    eg_status status = EG_OK;
    for (size_t i = 0; i < sizeof methods / sizeof *methods && status == EG_OK; i++)
        status = consider_method(a, methods[i], error);
    return status;
}

static const eg_schedule schedules[] = {
    {.shape = EG_SCHEDULE_EXPONENTIAL, .factor = 0.99, .interval = 1},
    {.shape = EG_SCHEDULE_SQRT, .factor = 1, .interval = 1},
    {.shape = EG_SCHEDULE_INVERSE, .factor = 1, .interval = 1},
    {.shape = EG_SCHEDULE_COSINE, .factor = 1, .interval = 1},
};

enum { SCHEDULES = sizeof schedules / sizeof *schedules };

static eg_status consider_schedules(adviser *a, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < SCHEDULES && status == EG_OK; i++) {
        eg_descent_advice advice = unchanged(a);
        advice.schedule = schedules[i];
        advice.changes_schedule = true;
        status = consider(a, advice, trial_steps(a), error);
    }
    return status;
}

/* ---- by outcome ---- */

/* The run diverged, oscillates, stalled or left the domain. */
static eg_status advise_rate(adviser *a, eg_error *error)
{
    const eg_method_ops *ops = &eg_methods[a->options->method];
    double rate = a->result->start_rate;
    eg_status status = EG_OK;
    if (ops->stochastic && a->result->suggested_rate < rate)
        status = consider_rate(a, a->result->suggested_rate, error);
    if (status == EG_OK && ops->normalized_step)
        status = consider_schedules(a, error);
    for (int k = 0; k < 3 && status == EG_OK && ops->stochastic; k++)
        status = consider_rate(a, rate /= 10, error);
    eg_descent_advice automatic = unchanged(a);
    automatic.rate = NAN;
    automatic.changes_rate = true;
    if (status == EG_OK && !isnan(a->options->rate))
        status = consider(a, automatic, trial_steps(a), error);
    return status == EG_OK ? consider_methods(a, error) : status;
}

/* The run has not converged. */
static eg_status advise_unfinished(adviser *a, eg_error *error)
{
    const eg_method_ops *ops = &eg_methods[a->options->method];
    eg_status status = EG_OK;
    if (!ops->normalized_step)
        status = consider_methods(a, error);
    if (status == EG_OK)
        status = consider(a, unchanged(a), a->budget / 2, error);
    return status == EG_OK && ops->normalized_step ? consider_methods(a, error) : status;
}

/* No run that was tried converges, as at a kink: takes the schedule that comes to the best value.
 */
static eg_status advise_better(adviser *a, eg_error *error)
{
    eg_descent_result *result = a->result;
    double best = result->value;
    if (result->advice.exists)
        return EG_OK;
    bool scheduled = eg_methods[a->options->method].stochastic;
    eg_status status = EG_OK;
    for (size_t i = 0; i < SCHEDULES && status == EG_OK; i++) {
        eg_descent_advice advice = unchanged(a);
        if (!scheduled)
            change_method(&advice, EG_METHOD_GD);
        advice.schedule = schedules[i];
        advice.changes_schedule = true;
        status = try_advice(a, &advice, trial_steps(a), error);
        bool ended = advice.outcome == EG_NOT_CONVERGED || advice.outcome == EG_CONVERGED ||
                     advice.outcome == EG_AT_KINK;
        if (status != EG_OK || !ended || advice.steps_taken == 0 ||
            !improves(a, advice.value, best, 1e-9))
            continue;
        best = advice.value;
        advice.exists = true;
        result->advice = advice;
    }
    return status;
}

/* Tries a start beside the end of the run, so far along result->direction. */
static eg_status consider_start(adviser *a, double distance, eg_method method, eg_error *error)
{
    eg_descent_result *result = a->result;
    eg_descent_advice advice = unchanged(a);
    if (result->advice.exists && result->advice.outcome == EG_CONVERGED)
        return EG_OK;
    if (method != a->options->method)
        change_method(&advice, method);
    double unit = pow(10, floor(log10(fabs(distance))) - 1);
    for (size_t i = 0; i < result->variables; i++) {
        double coordinate = a->end[i] + distance * result->direction[i];
        advice.start[i] = round_digits(nearbyint(coordinate / unit) * unit * (1 + 1e-15), 6);
    }
    advice.changes_start = true;
    eg_status status = try_advice(a, &advice, trial_steps(a), error);
    bool found = advice.outcome == EG_CONVERGED || advice.outcome == EG_UNBOUNDED ||
                 advice.outcome == EG_FLAT_TAIL;
    bool better = improves(a, advice.value, result->value, 0);
    if (status != EG_OK || !found || !better ||
        (result->advice.exists && advice.outcome != EG_CONVERGED))
        return status;
    advice.exists = true;
    result->advice = advice;
    return status;
}

/* The run ended at a critical point that is not what it looks for. */
static eg_status advise_start(adviser *a, eg_error *error)
{
    const eg_method methods[] = {a->options->method, EG_METHOD_LBFGS};
    eg_status status = EG_OK;
    for (int m = 0; m < 2 && status == EG_OK; m++)
        for (int k = 0; k < 4 && status == EG_OK; k++)
            status = consider_start(a, (k % 2 ? -1 : 1) * (k < 2 ? 0.01 : 0.1) * a->result->extent,
                                    methods[m], error);
    return status;
}

eg_status eg_advise(eg_context *ctx, const eg_objective *objective, const double start[],
                    const double end[], const eg_descent_options *options,
                    eg_descent_result *result, eg_error *error)
{
    adviser a = {ctx,
                 objective,
                 options,
                 start,
                 end,
                 result,
                 options->trial_evaluations,
                 fabs(result->start_value - result->value)};
    eg_status status;
    if (objective->sample || a.budget == 0 || result->stop == EG_STOP_CANCELLED ||
        result->stop == EG_STOP_TIME)
        return EG_OK;
    switch (result->outcome) {
    case EG_DIVERGES:
    case EG_OSCILLATES:
    case EG_STALLED:
    case EG_LEFT_DOMAIN:
        status = advise_rate(&a, error);
        return status == EG_OK ? advise_better(&a, error) : status;
    case EG_NOT_CONVERGED:
        return options->give_up || result->needed_travel > result->max_travel
                   ? advise_unfinished(&a, error)
                   : EG_OK;
    case EG_AT_KINK:
        return advise_better(&a, error);
    case EG_AT_SADDLE:
    case EG_AT_OPPOSITE_EXTREMUM:
        return advise_start(&a, error);
    default:
        return EG_OK;
    }
}
