/* SPDX-License-Identifier: MIT */
/* eg_descent(): checks its options, runs a method, and looks for advice if it failed. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "descent/advice.h"
#include "descent/run.h"

void eg_descent_default(eg_descent_options *options)
{
    *options = (eg_descent_options){
        .method = EG_METHOD_GD,
        .rate = NAN,
        .momentum = NAN,
        .schedule = {.shape = EG_SCHEDULE_CONSTANT, .factor = 1, .interval = 1},
        .steps = 1000,
        .gradient_tolerance = NAN,
        .trial_evaluations = 20000,
    };
}

static eg_status check_schedule(const eg_descent_options *o, eg_error *error)
{
    const eg_schedule *s = &o->schedule;
    bool factor = s->shape == EG_SCHEDULE_INVERSE || s->shape == EG_SCHEDULE_STEP ||
                  s->shape == EG_SCHEDULE_EXPONENTIAL;
    if ((unsigned)s->shape >= EG_SCHEDULES)
        return eg_fail(error, EG_USAGE, "there is no schedule number %d", (int)s->shape);
    if ((factor && !(s->factor > 0 && isfinite(s->factor))) ||
        (factor && s->shape != EG_SCHEDULE_INVERSE && s->factor > 1) ||
        (s->shape == EG_SCHEDULE_STEP && s->interval == 0))
        return eg_fail(error, EG_USAGE, "the schedule's factor or interval is out of range");
    if ((s->shape != EG_SCHEDULE_CONSTANT || s->warmup > 0) && !eg_methods[o->method].stochastic)
        return eg_fail(error, EG_USAGE,
                       "method %s chooses the length of its steps: no schedule or warmup (gd, "
                       "momentum, nesterov, heavy-ball, rmsprop and adam take them)",
                       eg_methods[o->method].name);
    return EG_OK;
}

static eg_status check_options(const eg_objective *f, const eg_descent_options *o, eg_error *error)
{
    if (f->variables < 1 || f->variables > EG_EXPR_VARIABLES)
        return eg_fail(error, EG_USAGE, "there must be 1 to %d variables, not %zu",
                       EG_EXPR_VARIABLES, f->variables);
    if ((unsigned)o->method >= EG_METHODS)
        return eg_fail(error, EG_USAGE, "there is no method number %d", (int)o->method);
    if (!isnan(o->rate) && !(o->rate > 0 && isfinite(o->rate)))
        return eg_fail(error, EG_USAGE, "the rate must be positive, not %g", o->rate);
    if (!isnan(o->momentum) && !(o->momentum >= 0 && o->momentum < 1))
        return eg_fail(error, EG_USAGE, "the momentum must be from 0 to less than 1, not %g",
                       o->momentum);
    if (!isnan(o->momentum) && !eg_methods[o->method].has_momentum)
        return eg_fail(error, EG_USAGE, "method %s has no momentum to set",
                       eg_methods[o->method].name);
    if (o->gradient_tolerance < 0 || !(o->value_tolerance >= 0) || !(o->step_tolerance >= 0) ||
        !(o->seconds >= 0))
        return eg_fail(error, EG_USAGE, "tolerances and the time must be 0 or more");
    if (f->sample && !eg_methods[o->method].stochastic)
        return eg_fail(error, EG_USAGE,
                       "method %s needs exact gradients: no batches (gd, momentum, nesterov, "
                       "rmsprop and adam take them)",
                       eg_methods[o->method].name);
    return check_schedule(o, error);
}

eg_status eg_descent(eg_context *ctx, const eg_objective *objective, double x[],
                     const eg_descent_options *options, eg_descent_result *result, eg_error *error)
{
    double start[EG_EXPR_VARIABLES];
    *result = (eg_descent_result){.method = options->method};
    eg_status status = check_options(objective, options, error);
    if (status != EG_OK)
        return status;
    memcpy(start, x, objective->variables * sizeof *x);
    status = eg_run_descent(ctx, objective, x, options, result, error);
    if (status == EG_OK)
        status = eg_advise(ctx, objective, start, x, options, result, error);
    return status;
}

/* ---- expressions ---- */

static eg_status expr_at(void *opaque, const double x[], double *value, double gradient[],
                         double hessian[], eg_error *error)
{
    return eg_expr_eval(opaque, x, value, gradient, hessian, error);
}

static eg_status expr_bounds(void *opaque, const double low[], const double high[], double value[2],
                             eg_error *error)
{
    return eg_expr_bounds(opaque, low, high, value, NULL, NULL, error);
}

eg_objective eg_objective_expr(const eg_expr *expr)
{
    return (eg_objective){.opaque = (void *)expr,
                          .variables = eg_expr_variables(expr),
                          .at = expr_at,
                          .bounds = expr_bounds};
}
