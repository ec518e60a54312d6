/* SPDX-License-Identifier: MIT */
/* eg_descent(): runs a method from its start to a stop, and classifies the outcome. */
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "descent/monitor.h"
#include "descent/optimizer.h"
#include "descent/rates.h"

typedef struct descent_state {
    eg_optimizer opt;
    eg_monitor monitor;
    const eg_descent_options *options;
    eg_descent_result *result;
    double *memory;        /* backs all vectors and matrices of the run */
    eg_iterate full_batch; /* stochastic runs: value and gradient of all data at the end of the last
                              epoch */
    double started;        /* eg_seconds() */
    double last_value;     /* value before the last step */
    double last_step_size; /* largest component of the last step over max(1, |x|) */
} descent_state;

void eg_descent_default(eg_descent_options *options)
{
    *options = (eg_descent_options){
        .method = EG_METHOD_GD,
        .rate = NAN,
        .momentum = NAN,
        .steps = 1000,
        .gradient_tolerance = 1e-6,
    };
}

/* ---- start ---- */

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
    if (!(o->gradient_tolerance >= 0) || !(o->value_tolerance >= 0) || !(o->step_tolerance >= 0) ||
        !(o->seconds >= 0))
        return eg_fail(error, EG_USAGE, "tolerances and the time must be 0 or more");
    if (f->sample && !eg_methods[o->method].stochastic)
        return eg_fail(error, EG_USAGE,
                       "method %s needs exact gradients: no batches (gd, momentum, nesterov, "
                       "rmsprop and adam take them)",
                       eg_methods[o->method].name);
    return EG_OK;
}

static eg_status allocate_vectors(descent_state *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    size_t n = opt->n, vectors = 8 + opt->ops->vectors;
    run->memory = eg_calloc(opt->ctx, vectors * n + 2 * n * n, sizeof *run->memory, error);
    if (!run->memory)
        return eg_failed(error);
    double *p = run->memory;
    double **const members[] = {&opt->current.x,   &opt->current.gradient,
                                &opt->next.x,      &opt->next.gradient,
                                &opt->eigenvalues, &run->full_batch.gradient};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++, p += n)
        *members[i] = p;
    run->monitor.last_step = p; /* 2 n, see eg_monitor_begin() */
    opt->vectors = p + 2 * n;
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
static eg_status probe_curvature(descent_state *run, eg_error *error)
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
static double newton_distance(descent_state *run)
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

/* Evaluates the start, chooses rate and momentum, and starts the monitor. */
static eg_status start_run(descent_state *run, const double x[], eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    memcpy(opt->current.x, x, opt->n * sizeof *x);
    eg_status status = eg_optimizer_evaluate(opt, &opt->current, error);
    if (status == EG_OK && !eg_iterate_is_finite(&opt->current, opt->n))
        status = bad_start(opt, error);
    if (status == EG_OK)
        status = probe_curvature(run, error);
    if (status != EG_OK)
        return status;
    result->start_value = opt->sign * opt->current.value;
    eg_choose_rates(opt, run->options, result);
    if (opt->ops->normalized_step) {
        result->max_travel = opt->rate * (double)run->options->steps;
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

/* ---- steps ---- */

static void report_step(const descent_state *run)
{
    const eg_optimizer *opt = &run->opt;
    if (!run->options->on_step)
        return;
    eg_descent_step step = {opt->step, opt->current.x, opt->sign * opt->current.value,
                            eg_length(opt->current.gradient, opt->n), opt->step ? opt->rate : 0};
    run->options->on_step(run->options->opaque, &step);
}

/* Computes value and gradient of all data at the current iterate of a stochastic run. */
static eg_status evaluate_full_batch(descent_state *run, eg_error *error)
{
    run->full_batch.x = run->opt.current.x;
    run->opt.stochastic = false;
    eg_status status = eg_optimizer_evaluate(&run->opt, &run->full_batch, error);
    run->opt.stochastic = true;
    return status;
}

/* Sets *negligible if the gradient at the iterate is within its tolerance. */
static eg_status test_gradient(descent_state *run, const eg_iterate *iterate, bool *negligible,
                               eg_error *error)
{
    const eg_objective *f = run->opt.objective;
    double tolerance = run->options->gradient_tolerance;
    double *offset = &run->result->offset;
    *negligible = eg_length(iterate->gradient, run->opt.n) <= tolerance;
    if (!f->offset)
        return EG_OK;
    eg_status status = f->offset(f->opaque, run->opt.current.x, tolerance, offset, error);
    *negligible = *offset <= tolerance;
    return status;
}

/* Sets *met if a tolerance is met. Stochastic runs are tested at the end of an epoch only, because
 * the gradient of one batch is an estimate. */
static eg_status test_tolerances(descent_state *run, bool *met, eg_stop *stop, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    const eg_descent_options *o = run->options;
    *met = false;
    if (opt->stochastic && opt->step % opt->objective->epoch != 0)
        return EG_OK;
    *stop = EG_STOP_GRADIENT;
    const eg_iterate *iterate = opt->stochastic ? &run->full_batch : &opt->current;
    eg_status status = test_gradient(run, iterate, met, error);
    if (status != EG_OK || *met || opt->step == 0 || opt->stochastic)
        return status;
    *stop = EG_STOP_VALUE;
    *met = o->value_tolerance > 0 && fabs(opt->current.value - run->last_value) <=
                                         o->value_tolerance * fmax(1, fabs(opt->current.value));
    if (*met)
        return EG_OK;
    *stop = EG_STOP_STEP;
    *met = run->last_step_size <= o->step_tolerance;
    return EG_OK;
}

/* Returns true if the run was cancelled, has diverged (with give_up), or has used up its steps or
 * its time. */
static bool limit_reached(descent_state *run, eg_stop *stop)
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

/* Computes the next iterate and moves there. Sets *stopped if it does not exist. */
static eg_status take_step(descent_state *run, bool *stopped, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_step_outcome outcome = EG_STEPPED;
    double longest = 0;
    opt->batch = opt->step + 1;
    eg_status status = opt->ops->step(opt, &outcome, error);
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

static eg_status run_steps(descent_state *run, eg_error *error)
{
    eg_status status = EG_OK;
    bool stopped = false;
    report_step(run);
    while (status == EG_OK && !stopped) {
        status = test_tolerances(run, &stopped, &run->result->stop, error);
        stopped = stopped || limit_reached(run, &run->result->stop);
        if (status == EG_OK && !stopped)
            status = take_step(run, &stopped, error);
        if (status == EG_CANCELLED) { /* by the objective: the iterate reached is the result */
            run->result->stop = EG_STOP_CANCELLED;
            return EG_OK;
        }
    }
    return status;
}

/* ---- outcome ---- */

/* Classifies a point whose gradient is 0 by the signs of its eigenvalues. Returns EG_CONVERGED if
 * the Hessian is unknown. */
static eg_descent_outcome classify_critical_point(const eg_descent_result *result)
{
    const eg_eigenvalue_range *c = &result->end;
    double tolerance = 1e-8 * fmax(fabs(c->min), fabs(c->max));
    if (!c->known || c->min >= -tolerance)
        return EG_CONVERGED;
    return c->max > tolerance ? EG_AT_SADDLE : EG_AT_OPPOSITE_EXTREMUM;
}

/* Classifies a run whose steps no longer change x, or whose line search failed: a critical point if
 * the gradient is down to rounding error, else stalled. */
static eg_descent_outcome classify_standstill(const descent_state *run)
{
    const eg_optimizer *opt = &run->opt;
    double gradient = eg_length(opt->current.gradient, opt->n);
    double rounding = 1e-6 * run->monitor.start_gradient;
    return opt->step > 0 && gradient <= rounding ? classify_critical_point(run->result)
                                                 : EG_STALLED;
}

static eg_descent_outcome classify_outcome(const descent_state *run)
{
    const eg_optimizer *opt = &run->opt;
    const eg_descent_result *result = run->result;
    size_t diverging = run->monitor.diverging_since;
    double gradient = eg_length(opt->current.gradient, opt->n);
    bool increased = opt->current.value > run->monitor.start_value;
    switch (result->stop) {
    case EG_STOP_GRADIENT:
        return classify_critical_point(result);
    case EG_STOP_STEP:
        if (run->options->step_tolerance > 0)
            return classify_critical_point(result);
        return classify_standstill(run);
    case EG_STOP_SEARCH:
        return classify_standstill(run);
    case EG_STOP_NOT_FINITE:
        if (diverging || isinf(opt->next.value) || gradient > 1e100)
            return increased || opt->next.value > 0 ? EG_DIVERGES : EG_UNBOUNDED;
        return EG_LEFT_DOMAIN;
    default:
        break;
    }
    bool above_limit = result->rate > result->rate_limit * (1 - 1e-9);
    if (diverging || (increased && !opt->stochastic && above_limit))
        return EG_DIVERGES;
    if (eg_monitor_oscillates(&run->monitor, above_limit))
        return EG_OSCILLATES;
    if (result->stop == EG_STOP_VALUE)
        return classify_critical_point(result);
    bool steeper = gradient > 1e3 * run->monitor.start_gradient;
    return !increased && steeper && !opt->stochastic ? EG_UNBOUNDED : EG_NOT_CONVERGED;
}

/* Computes the eigenvalues at the end and at the point of instability. Clears result->quadratic if
 * those at the end differ from those at the start. */
static eg_status compute_curvatures(descent_state *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    const eg_eigenvalue_range *start = &result->start, *end = &result->end;
    eg_status status = eg_optimizer_curvature(opt, opt->current.x, &result->end, error);
    if (status == EG_OK)
        status = eg_optimizer_curvature(opt, run->monitor.instability, &result->instability, error);
    if (status == EG_OK && result->quadratic && start->known)
        result->quadratic = end->known && fabs(end->max - start->max) <=
                                              1e-6 * fmax(fabs(start->max), fabs(start->min));
    return status;
}

/* Fills the result. */
static eg_status finish_run(descent_state *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_status status = EG_OK;
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
    result->evaluations = opt->evaluations;
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
    result->outcome = classify_outcome(run);
    return EG_OK;
}

eg_status eg_descent(eg_context *ctx, const eg_objective *objective, double x[],
                     const eg_descent_options *options, eg_descent_result *result, eg_error *error)
{
    *result = (eg_descent_result){
        .method = options->method,
        .maximize = options->maximize,
        .max_travel = NAN,
        .needed_travel = NAN,
        .offset = NAN,
        .gradient_tolerance = options->gradient_tolerance,
        .value_tolerance = options->value_tolerance,
        .step_tolerance = options->step_tolerance,
    };
    eg_status status = check_options(objective, options, error);
    if (status != EG_OK)
        return status;
    descent_state run = {.options = options, .result = result, .started = eg_seconds()};
    run.opt = (eg_optimizer){.ctx = ctx,
                             .objective = objective,
                             .ops = &eg_methods[options->method],
                             .n = objective->variables,
                             .sign = options->maximize ? -1 : 1};
    status = allocate_vectors(&run, error);
    if (status == EG_OK)
        status = start_run(&run, x, error);
    if (status == EG_OK)
        status = run_steps(&run, error);
    if (status == EG_OK)
        status = finish_run(&run, error);
    if (status == EG_OK)
        memcpy(x, run.opt.current.x, run.opt.n * sizeof *x);
    eg_free(run.memory);
    return status;
}

/* ---- expressions ---- */

static eg_status expr_at(void *opaque, const double x[], double *value, double gradient[],
                         double hessian[], eg_error *error)
{
    return eg_expr_eval(opaque, x, value, gradient, hessian, error);
}

eg_objective eg_objective_expr(const eg_expr *expr)
{
    return (eg_objective){
        .opaque = (void *)expr, .variables = eg_expr_variables(expr), .at = expr_at};
}
