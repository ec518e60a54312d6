/* SPDX-License-Identifier: MIT */
/* The walk from start to stop, and what became of it. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/monitor.h"
#include "descent/optimizer.h"
#include "descent/rates.h"

typedef struct run {
    eg_optimizer walk;
    eg_monitor monitor;
    const eg_descent_options *options;
    eg_descent_result *result;
    double *memory;
    eg_iterate whole;  /* sampled: what all data say at walk.now, as of the last epoch's end */
    double begun;      /* seconds */
    double last_value; /* before the last step */
    double last_move;  /* length of the last step over max(1, |x|) */
} run;

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

/* ---- beginning ---- */

static double seconds_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
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
    if (!(o->gradient_tolerance >= 0) || !(o->value_tolerance >= 0) || !(o->step_tolerance >= 0) ||
        !(o->seconds >= 0))
        return eg_fail(error, EG_USAGE, "tolerances and the time must be 0 or more");
    if (f->sample && !eg_methods[o->method].samples)
        return eg_fail(error, EG_USAGE,
                       "method %s needs exact gradients: no batches (gd, momentum, nesterov, "
                       "rmsprop and adam take them)",
                       eg_methods[o->method].name);
    return EG_OK;
}

static eg_status allocate(run *r, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    size_t n = w->n, vectors = 8 + w->ops->vectors;
    r->memory = eg_calloc(w->ctx, vectors * n + 2 * n * n, sizeof *r->memory, error);
    if (!r->memory)
        return eg_failed(error);
    double *at = r->memory;
    double **const parts[] = {&w->now.x,         &w->now.gradient, &w->next.x,
                              &w->next.gradient, &w->eigenvalues,  &r->whole.gradient};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++, at += n)
        *parts[i] = at;
    r->monitor.last_step = at;
    w->vectors = at + 2 * n;
    w->matrix = w->vectors + w->ops->vectors * n;
    w->basis = w->matrix + n * n;
    return EG_OK;
}

/* "x" or, where nobody named them, its number. */
static eg_status bad_start(const eg_optimizer *w, eg_error *error)
{
    for (size_t i = 0; i < w->n; i++)
        if (!isfinite(w->now.x[i]))
            return eg_fail(error, EG_USAGE, "coordinate %zu of the start is not a finite number",
                           i + 1);
    if (!isfinite(w->now.value))
        return eg_fail(error, EG_USAGE,
                       "the function has no finite value at the start (it is %s there); start "
                       "where it has one",
                       isnan(w->now.value)          ? "undefined"
                       : w->sign * w->now.value < 0 ? "-infinite"
                                                    : "infinite");
    return eg_fail(error, EG_USAGE,
                   "the function has a value at the start, %.10g, but no finite gradient; start "
                   "elsewhere",
                   w->sign * w->now.value);
}

/* Whether the Hessian is the same at the start and somewhere else: matrix and basis are free for
 * use. */
static eg_status find_quadratic(run *r, const double elsewhere[], bool *same, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    double largest = 0, difference = 0;
    eg_status status = eg_optimizer_hessian(w, w->now.x, error);
    memcpy(w->basis, w->matrix, w->n * w->n * sizeof *w->basis);
    if (status == EG_OK)
        status = eg_optimizer_hessian(w, elsewhere, error);
    for (size_t i = 0; i < w->n * w->n; i++) {
        largest = fmax(largest, fabs(w->basis[i]));
        double d = fabs(w->matrix[i] - w->basis[i]);
        difference = isnan(d) ? INFINITY : fmax(difference, d);
    }
    *same = difference <= 1e-9 * largest;
    return status;
}

static eg_status look_around(run *r, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    eg_status status = EG_OK;
    r->result->quadratic = true;
    for (int k = 0; status == EG_OK && r->result->quadratic && k < 2; k++) {
        for (size_t i = 0; i < w->n; i++) /* nothing special about these places */
            w->next.x[i] =
                w->now.x[i] + (k ? -1 : 1) * (0.317 + 0.041 * (double)i) * (1 + fabs(w->now.x[i]));
        status = find_quadratic(r, w->next.x, &r->result->quadratic, error);
    }
    if (status == EG_OK)
        status = eg_optimizer_curvature(w, w->now.x, &r->result->start, error);
    return status;
}

/* How far the Newton step would lead: the distance that matters to methods whose steps are paced.
 */
static double newton_distance(run *r)
{
    eg_optimizer *w = &r->walk;
    double farthest = 0;
    if (!r->result->start.known)
        return NAN;
    for (size_t i = 0; i < w->n; i++) {
        double along = 0;
        for (size_t k = 0; k < w->n; k++) {
            const double *axis = w->basis + k * w->n;
            double size = fabs(w->eigenvalues[k]);
            if (size > 0)
                along += axis[i] * eg_dot_product(axis, w->now.gradient, w->n) / size;
        }
        farthest = fmax(farthest, fabs(along));
    }
    return farthest;
}

/* ---- steps ---- */

static void tell(const run *r)
{
    const eg_optimizer *w = &r->walk;
    if (!r->options->watch)
        return;
    eg_descent_step step = {w->step, w->now.x, w->sign * w->now.value,
                            eg_length(w->now.gradient, w->n), w->step ? w->rate : 0};
    r->options->watch(r->options->watcher, &step);
}

/* Takes walk->next as the place to be. */
static void move(run *r)
{
    eg_optimizer *w = &r->walk;
    double longest = 0;
    for (size_t i = 0; i < w->n; i++)
        longest = fmax(longest, fabs(w->next.x[i] - w->now.x[i]));
    r->last_move = longest / fmax(1, eg_length(w->now.x, w->n));
    r->last_value = w->now.value;
    eg_iterate held = w->now;
    w->now = w->next;
    w->next = held;
    w->step++;
}

/* Value and gradient of all data, where the walk only saw parts. */
static eg_status look_whole(run *r, eg_error *error)
{
    r->whole.x = r->walk.now.x;
    r->walk.sampled = false;
    eg_status status = eg_optimizer_evaluate(&r->walk, &r->whole, error);
    r->walk.sampled = true;
    return status;
}

static bool arrived(run *r, eg_stop *stop)
{
    const eg_optimizer *w = &r->walk;
    const eg_descent_options *o = r->options;
    if (w->sampled && w->step % w->objective->epoch != 0)
        return false; /* what a batch says is no reason to stop */
    *stop = EG_STOP_GRADIENT;
    const eg_iterate *spot = w->sampled ? &r->whole : &w->now;
    if (eg_length(spot->gradient, w->n) <= o->gradient_tolerance)
        return true;
    if (w->step == 0 || w->sampled)
        return false;
    *stop = EG_STOP_VALUE;
    if (o->value_tolerance > 0 &&
        fabs(w->now.value - r->last_value) <= o->value_tolerance * fmax(1, fabs(w->now.value)))
        return true;
    *stop = EG_STOP_STEP;
    return r->last_move <= o->step_tolerance;
}

static bool spent(run *r, eg_stop *stop)
{
    const eg_descent_options *o = r->options;
    *stop = EG_STOP_CANCELLED;
    if (eg_cancelled(r->walk.ctx))
        return true;
    *stop = EG_STOP_DIVERGING;
    if (o->give_up && r->monitor.noticed)
        return true;
    *stop = EG_STOP_STEPS;
    if (r->walk.step >= o->steps)
        return true;
    *stop = EG_STOP_TIME;
    return o->seconds > 0 && seconds_now() - r->begun >= o->seconds;
}

static eg_status one_step(run *r, bool *stopped, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    eg_outcome outcome = EG_STEPPED;
    w->batch = w->step + 1;
    eg_status status = w->ops->step(w, &outcome, error);
    if (status != EG_OK)
        return status;
    *stopped = true;
    r->result->stop = EG_STOP_SEARCH;
    if (outcome == EG_NOWHERE)
        return EG_OK;
    r->result->stop = EG_STOP_NOT_FINITE;
    if (!eg_iterate_is_finite(&w->next, w->n))
        return EG_OK;
    eg_monitor_step(&r->monitor, w);
    move(r);
    if (w->sampled && w->step % w->objective->epoch == 0)
        status = look_whole(r, error);
    tell(r);
    *stopped = false;
    return status;
}

static eg_status walk_on(run *r, eg_error *error)
{
    eg_status status = EG_OK;
    bool stopped = false;
    while (status == EG_OK && !stopped) {
        stopped = arrived(r, &r->result->stop) || spent(r, &r->result->stop);
        if (!stopped)
            status = one_step(r, &stopped, error);
        if (status ==
            EG_CANCELLED) { /* by an objective that looks for it: what was reached counts */
            r->result->stop = EG_STOP_CANCELLED;
            return EG_OK;
        }
    }
    return status;
}

/* ---- the end ---- */

/* The ground is level: a minimum, unless the Hessian says otherwise. */
static eg_descent_outcome judge_level(const eg_descent_result *result)
{
    const eg_curvature *c = &result->end;
    double least = 1e-8 * fmax(fabs(c->least), fabs(c->most));
    if (!c->known || c->least >= -least)
        return EG_CONVERGED;
    return c->most > least ? EG_AT_SADDLE : EG_AT_OPPOSITE_EXTREMUM;
}

/* Steps no longer change x, or no better point is found: as good as numbers get, or stuck before.
 */
static eg_descent_outcome judge_standstill(const run *r)
{
    const eg_optimizer *w = &r->walk;
    double gradient = eg_length(w->now.gradient, w->n);
    double rounding = 1e-6 * r->monitor.start_gradient;
    return w->step > 0 && gradient <= rounding ? judge_level(r->result) : EG_STALLED;
}

static bool above_limit(const eg_descent_result *result)
{
    return result->rate > result->rate_limit * (1 - 1e-9);
}

static eg_descent_outcome judge(const run *r)
{
    const eg_optimizer *w = &r->walk;
    const eg_descent_result *result = r->result;
    bool rose = w->now.value > r->monitor.start_value;
    switch (result->stop) {
    case EG_STOP_GRADIENT:
        return judge_level(result);
    case EG_STOP_STEP:
        if (r->options->step_tolerance > 0)
            return judge_level(result);
        return judge_standstill(r);
    case EG_STOP_SEARCH:
        return judge_standstill(r);
    case EG_STOP_NOT_FINITE:
        if (r->monitor.noticed || isinf(w->next.value) || eg_length(w->now.gradient, w->n) > 1e100)
            return rose || w->next.value > 0 ? EG_DIVERGES : EG_UNBOUNDED;
        return EG_LEFT_DOMAIN;
    default:
        break;
    }
    if (r->monitor.noticed || (rose && !w->sampled && above_limit(result)))
        return EG_DIVERGES;
    if (eg_monitor_oscillates(&r->monitor, above_limit(result)))
        return EG_OSCILLATES;
    if (result->stop == EG_STOP_VALUE)
        return judge_level(result);
    bool steeper = eg_length(w->now.gradient, w->n) > 1e3 * r->monitor.start_gradient;
    return !rose && steeper && !w->sampled ? EG_UNBOUNDED : EG_NOT_CONVERGED;
}

static eg_status find_curvatures(run *r, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    eg_descent_result *result = r->result;
    eg_status status = eg_optimizer_curvature(w, w->now.x, &result->end, error);
    if (status == EG_OK)
        status = eg_optimizer_curvature(w, r->monitor.trouble, &result->trouble, error);
    bool same = result->quadratic;
    if (status == EG_OK && same && result->start.known)
        same = result->end.known &&
               fabs(result->end.most - result->start.most) <=
                   1e-6 * fmax(fabs(result->start.most), fabs(result->start.least));
    result->quadratic = same;
    return status;
}

static eg_status conclude(run *r, eg_error *error)
{
    eg_optimizer *w = &r->walk;
    eg_descent_result *result = r->result;
    eg_status status = EG_OK;
    if (w->sampled) {
        status = look_whole(r, error);
        w->now.value = r->whole.value;
        memcpy(w->now.gradient, r->whole.gradient, w->n * sizeof(double));
    }
    if (status == EG_OK)
        status = find_curvatures(r, error);
    if (status != EG_OK && status != EG_CANCELLED)
        return status;
    result->steps = w->step;
    result->evaluations = w->evaluations;
    result->seconds = seconds_now() - r->begun;
    result->value = w->sign * w->now.value + 0.0; /* no -0 */
    result->gradient_norm = eg_length(w->now.gradient, w->n);
    result->rate = w->rate;
    result->momentum = w->momentum;
    result->diverging_since = r->monitor.noticed;
    eg_method method = r->options->method;
    result->rate_limit = eg_rate_limit(method, w->momentum, result->trouble.most);
    result->advice = eg_rate_advice(method, w->momentum, &result->trouble, result->quadratic);
    result->verdict = judge(r);
    return EG_OK;
}

static eg_status begin(run *r, const double x[], eg_error *error)
{
    eg_optimizer *w = &r->walk;
    eg_descent_result *result = r->result;
    memcpy(w->now.x, x, w->n * sizeof *x);
    eg_status status = eg_optimizer_evaluate(w, &w->now, error);
    if (status == EG_OK && !eg_iterate_is_finite(&w->now, w->n))
        status = bad_start(w, error);
    if (status == EG_OK)
        status = look_around(r, error);
    if (status != EG_OK)
        return status;
    result->start_value = w->sign * w->now.value;
    eg_choose_rates(w, r->options, result);
    if (w->ops->paced) {
        result->reach = w->rate * (double)r->options->steps;
        result->distance = newton_distance(r);
    }
    eg_monitor_begin(&r->monitor, w, r->monitor.last_step);
    if (!w->objective->sample)
        return EG_OK;
    w->sampled = true;
    r->whole.value = w->now.value;
    memcpy(r->whole.gradient, w->now.gradient, w->n * sizeof(double));
    return eg_optimizer_evaluate(w, &w->now, error); /* the first batch */
}

eg_status eg_descent(eg_context *ctx, const eg_objective *objective, double x[],
                     const eg_descent_options *options, eg_descent_result *result, eg_error *error)
{
    *result = (eg_descent_result){
        .method = options->method,
        .maximize = options->maximize,
        .reach = NAN,
        .distance = NAN,
        .gradient_tolerance = options->gradient_tolerance,
        .value_tolerance = options->value_tolerance,
        .step_tolerance = options->step_tolerance,
    };
    eg_status status = check_options(objective, options, error);
    if (status != EG_OK)
        return status;
    run r = {.options = options, .result = result, .begun = seconds_now()};
    r.walk = (eg_optimizer){.ctx = ctx,
                            .objective = objective,
                            .ops = &eg_methods[options->method],
                            .n = objective->variables,
                            .sign = options->maximize ? -1 : 1};
    status = allocate(&r, error);
    if (status == EG_OK)
        status = begin(&r, x, error);
    if (status == EG_OK) {
        tell(&r);
        status = walk_on(&r, error);
    }
    if (status == EG_OK)
        status = conclude(&r, error);
    if (status == EG_OK)
        memcpy(x, r.walk.now.x, r.walk.n * sizeof *x);
    eg_free(r.memory);
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
