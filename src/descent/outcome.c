/* SPDX-License-Identifier: MIT */
/* Classifies the end of a run. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "descent/probe.h"
#include "descent/run.h"

#define ZERO_EIGENVALUE   1e-8  /* of the largest: smaller ones do not make a saddle */
#define SINGULAR_RATIO    1e-12 /* of the largest: smaller eigenvalues may be 0 */
#define NEAR              1e-2  /* of the extent: distance of an approximate critical point */
#define ROUNDED_GRADIENT  1e-6  /* of that at the start: at a standstill, rounding error */
#define VALUE_ROUNDING    (64 * DBL_EPSILON)
#define VALUE_MARGIN      1e-12 /* of the change of the value in the run: differences to ignore */
#define HUGE_FALL         1e50  /* of 1 + |value| at the start: a fall that does not end */
#define FARTHEST          1e12  /* of the extent: how far rays are followed */
#define CYCLE_IMPROVEMENT 1e-9  /* of the change of the value: less is rounding error */

#define KINK_DISTANCE 1e-8  /* of the extent: to a kink that is the end */
#define KINK_MARGIN   1e-11 /* as VALUE_MARGIN, beside a kink */

enum { RECENT = 10, MIN_CYCLE = 20 }; /* steps */

/* ---- bounds ---- */

/* Sets *attained if the value at x[] is the bound over the whole space, without rounding error. */
static eg_status test_bound(const eg_run *run, const double x[], bool *attained, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    const eg_objective *f = opt->objective;
    double value[2], bound = run->result->bound;
    *attained = false;
    if (!f->bounds || !isfinite(bound))
        return EG_OK;
    eg_status status = f->bounds(f->opaque, x, x, value, error);
    *attained = status == EG_OK && (opt->sign < 0 ? value[0] >= bound : value[1] <= bound);
    return status;
}

/* Computes result->bound, and result->proven: the value at the end is that bound. */
static eg_status compute_bound(eg_run *run, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    const eg_objective *f = opt->objective;
    double low[EG_EXPR_VARIABLES], high[EG_EXPR_VARIABLES], space[2];
    if (!f->bounds)
        return EG_OK;
    for (size_t i = 0; i < opt->n; i++) {
        low[i] = -INFINITY;
        high[i] = INFINITY;
    }
    eg_status status = f->bounds(f->opaque, low, high, space, error);
    if (status != EG_OK)
        return status;
    run->result->bound = opt->sign < 0 ? space[1] : space[0];
    return test_bound(run, opt->current.x, &run->result->proven, error);
}

/* ---- critical points ---- */

static void store_eigenvector(eg_run *run, size_t index)
{
    const eg_optimizer *opt = &run->opt;
    memcpy(run->result->direction, opt->eigenvectors + index * opt->n, opt->n * sizeof(double));
}

/* Stores the eigenvector whose eigenvalue is next to 0. */
static void store_flattest(eg_run *run)
{
    eg_optimizer *opt = &run->opt;
    size_t flattest = 0;
    for (size_t k = 1; k < opt->n; k++)
        if (fabs(opt->eigenvalues[k]) < fabs(opt->eigenvalues[flattest]))
            flattest = k;
    run->flattest = opt->eigenvectors + flattest * opt->n;
    store_eigenvector(run, flattest);
}

/* Follows the ray; if the value never rises there, classifies the run by it. */
static eg_status classify_ray(eg_run *run, const double direction[], eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_ray ray;
    double extent = result->extent;
    eg_status status = eg_probe_ray(opt, direction, 1e-4 * extent, FARTHEST * extent, &ray, error);
    bool attained = false;
    if (status == EG_OK && ray.end == EG_RAY_TO_LIMIT)
        status = test_bound(run, opt->next.x, &attained, error);
    if (status != EG_OK || ray.end == EG_RAY_RISES || attained)
        return status;
    bool bounded = isfinite(result->bound);
    result->outcome = ray.end == EG_RAY_FALLS && !bounded ? EG_UNBOUNDED : EG_FLAT_TAIL;
    memcpy(result->direction, direction, opt->n * sizeof *direction);
    result->far = ray.distance;
    result->far_value = opt->sign * ray.value + 0.0;
    return EG_OK;
}

/* Computes direction number `index` in which a tail is looked for: against the gradient, along the
 * way from the start, and along the flattest eigenvector, down the slope. Returns false if there is
 * none. */
static bool pick_tail(const eg_run *run, int index, double direction[])
{
    const eg_optimizer *opt = &run->opt;
    const double *axis = run->flattest, *gradient = opt->current.gradient;
    double slope = eg_dot_product(axis, gradient, opt->n);
    for (size_t i = 0; i < opt->n; i++)
        direction[i] = index == 0   ? -gradient[i]
                       : index == 1 ? opt->current.x[i] - run->start[i]
                                    : (slope > 0 ? -axis[i] : axis[i]);
    double length = eg_length(direction, opt->n);
    for (size_t i = 0; i < opt->n; i++)
        direction[i] /= length;
    return length > 0 && (index < 2 || slope != 0);
}

/* Classifies the run as one along a tail, or without bound, if the value does not rise in one of
 * these directions; else leaves the outcome. */
static eg_status classify_tail(eg_run *run, eg_error *error)
{
    const eg_descent_outcome outcome = run->result->outcome;
    double direction[EG_EXPR_VARIABLES] = {0};
    eg_status status = EG_OK;
    if (run->opt.current.value > run->monitor.start_value)
        return EG_OK;
    for (int k = 0; k < 3 && status == EG_OK && run->result->outcome == outcome; k++)
        if (pick_tail(run, k, direction))
            status = classify_ray(run, direction, error);
    return status;
}

/* Classifies a point where no value around differs: what a step too long has come to, the tail of a
 * function, or undecided. */
static eg_status classify_level_point(eg_run *run, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    run->result->outcome = EG_UNCLASSIFIED;
    if (opt->current.value > run->monitor.start_value)
        run->result->outcome = EG_DIVERGES;
    else if (opt->step > 0)
        return classify_tail(run, error);
    return EG_OK;
}

/* Classifies a critical point without negative eigenvalues by the values around it. `curved`: there
 * are positive ones. */
static eg_status classify_by_values(eg_run *run, const eg_remainder *remainder, bool curved,
                                    eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_surroundings around;
    double change = fabs(run->monitor.start_value - opt->current.value);
    double margin = VALUE_MARGIN * change;
    if (isfinite(remainder->decrease))
        margin = fmax(margin, 10 * remainder->decrease);
    eg_status status =
        eg_probe_around(opt, opt->eigenvectors, NULL, result->extent, margin, &around, error);
    if (status != EG_OK)
        return status;
    if (around.lower) {
        result->outcome = EG_AT_SADDLE;
        memcpy(result->direction, opt->next.x, opt->n * sizeof(double));
        return EG_OK;
    }
    if (!curved && around.level)
        return classify_level_point(run, error);
    return result->degenerate && opt->step > 0 ? classify_tail(run, error) : EG_OK;
}

/* Classifies a point whose gradient is 0: by the signs of its eigenvalues and, because they say
 * nothing of degenerate points and of kinks, by the values around it. */
static eg_status classify_critical_point(eg_run *run, const eg_remainder *remainder,
                                         eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    const eg_eigenvalue_range *c = &result->end;
    double largest = fmax(fabs(c->min), fabs(c->max)), tolerance = ZERO_EIGENVALUE * largest;
    bool visible = c->known && largest * result->extent * result->extent >
                                   VALUE_ROUNDING * fabs(opt->current.value);
    result->outcome = EG_CONVERGED;
    result->degenerate = !visible || !(c->min > SINGULAR_RATIO * largest);
    if (result->proven)
        return EG_OK;
    if (visible && c->min < -tolerance) {
        result->outcome = c->max < -tolerance ? EG_AT_OPPOSITE_EXTREMUM : EG_AT_SADDLE;
        store_eigenvector(run, 0);
        return EG_OK;
    }
    if (opt->stochastic || !(opt->objective->bounds || result->degenerate))
        return EG_OK;
    return classify_by_values(run, remainder, visible && c->max > 0, error);
}

/* ---- kinks ---- */

/* Copies the ends of a[] .. b[], moved apart if they are so near that rounding hides a kink. */
static void widen(const eg_run *run, const double a[], const double b[],
                  double wide[2][EG_EXPR_VARIABLES])
{
    size_t n = run->opt.n;
    double direction[EG_EXPR_VARIABLES] = {0}, least = 1e-9 * run->result->extent;
    for (size_t i = 0; i < n; i++)
        direction[i] = b[i] - a[i];
    double length = eg_length(direction, n);
    for (size_t i = 0; i < n; i++) {
        double part = length > 0 && length < least ? direction[i] / length * least : 0;
        wide[0][i] = a[i] - part;
        wide[1][i] = b[i] + part;
    }
}

/* Sets result->kink and ->place if the slope jumps between a[] and b[]. If that is negligibly near
 * and no lower point is around, the end is a minimum: the run has converged. */
static eg_status find_kink(eg_run *run, const double a[], const double b[], eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    double along[EG_EXPR_VARIABLES] = {0}, distance = 0, ends[2][EG_EXPR_VARIABLES];
    eg_surroundings around;
    widen(run, a, b, ends);
    eg_status status = eg_probe_kink(opt, ends[0], ends[1], &result->kink, along, error);
    if (status != EG_OK || !result->kink)
        return status;
    memcpy(result->place, opt->next.x, opt->n * sizeof(double));
    for (size_t i = 0; i < opt->n; i++)
        distance = fmax(distance, fabs(result->place[i] - opt->current.x[i]));
    if (distance > KINK_DISTANCE * result->extent)
        return EG_OK;
    double margin = KINK_MARGIN * fabs(run->monitor.start_value - opt->current.value);
    status = eg_probe_around(opt, opt->eigenvectors, along, result->extent, margin, &around, error);
    if (status == EG_OK && !around.lower && !around.level)
        result->outcome = EG_CONVERGED;
    return status;
}

/* Looks for a kink between the end and the next point against the gradient where the value rises
 * again. */
static eg_status find_kink_ahead(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    double a[EG_EXPR_VARIABLES] = {0}, b[EG_EXPR_VARIABLES] = {0};
    double direction[EG_EXPR_VARIABLES] = {0};
    double length = eg_length(opt->current.gradient, opt->n), extent = run->result->extent;
    eg_status status = EG_OK;
    for (size_t i = 0; i < opt->n; i++)
        direction[i] = -opt->current.gradient[i] / length;
    memcpy(a, opt->current.x, opt->n * sizeof *a);
    double t = 1e-9 * extent;
    for (int k = 0; status == EG_OK && k < 15 && t > 0; k++) { /* up to the extent */
        for (size_t i = 0; i < opt->n; i++)
            b[i] = opt->next.x[i] = opt->current.x[i] + t * direction[i];
        status = eg_optimizer_evaluate(opt, &opt->next, error);
        double slope = eg_dot_product(opt->next.gradient, direction, opt->n);
        if (status == EG_OK && slope > 0)
            return find_kink(run, a, b, error);
        if (!isfinite(slope))
            return status;
        t *= 4;
    }
    return status;
}

/* ---- the ways to end ---- */

/* Classifies a run whose steps no longer change x, or whose line search failed: a critical point if
 * the gradient is down to rounding error, a kink, else stalled. */
static eg_status classify_standstill(eg_run *run, const eg_remainder *remainder, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    double gradient = eg_length(opt->current.gradient, opt->n);
    bool near = !remainder->known || remainder->distance <= NEAR * result->extent;
    bool rounded = gradient <= ROUNDED_GRADIENT * run->monitor.start_gradient && opt->step > 0;
    if (remainder->known && remainder->decrease <= VALUE_ROUNDING * fabs(opt->current.value))
        rounded = true;
    if (rounded && near) {
        eg_status tail = opt->stochastic ? EG_OK : classify_tail(run, error);
        return tail == EG_OK && result->outcome == EG_NOT_CONVERGED
                   ? classify_critical_point(run, remainder, error)
                   : tail;
    }
    if (-opt->current.value > HUGE_FALL * (1 + fabs(run->monitor.start_value)) &&
        !isfinite(result->bound)) {
        result->outcome = EG_UNBOUNDED;
        result->far = NAN;
        result->far_value = result->value;
        return EG_OK;
    }
    result->outcome = EG_STALLED;
    eg_status status = opt->stochastic ? EG_OK : find_kink_ahead(run, error);
    if (result->kink && result->outcome == EG_STALLED)
        result->outcome = EG_AT_KINK;
    return status;
}

/* Classifies a run whose next point has no finite value or gradient. */
static void classify_not_finite(eg_run *run)
{
    const eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    double gradient = eg_length(opt->current.gradient, opt->n), value = opt->next.value;
    bool overflow = run->monitor.diverging_since || isinf(value) || gradient > 1e100;
    bool up = opt->current.value > run->monitor.start_value || value > 0;
    result->outcome = !overflow                            ? EG_LEFT_DOMAIN
                      : up || isfinite(run->result->bound) ? EG_DIVERGES
                                                           : EG_UNBOUNDED;
    result->place_value = opt->sign * value;
    result->far = NAN;
    result->far_value = opt->sign * (isnan(value) ? opt->current.value : value);
    memcpy(result->place, opt->next.x, opt->n * sizeof(double));
}

/* Returns true if the rate is above the limit of a quadratic function whose gradient has a part
 * along the largest eigenvalue: the run diverges, however small that part still is. */
static bool must_diverge(const eg_run *run)
{
    const eg_optimizer *opt = &run->opt;
    const eg_descent_result *r = run->result;
    const double *steepest = opt->eigenvectors + (opt->n - 1) * opt->n;
    double part = fabs(eg_dot_product(steepest, opt->current.gradient, opt->n));
    return r->quadratic && r->rate > r->rate_limit * (1 + 1e-9) && !opt->stochastic &&
           opt->step > 0 && part > 1e-12 * r->gradient_norm;
}

/* Returns true if the value has not improved for long, although it should at each step. */
static bool runs_in_a_cycle(const eg_run *run)
{
    const eg_monitor *m = &run->monitor;
    const eg_optimizer *opt = &run->opt;
    size_t idle = opt->step - m->best_step;
    double change = fabs(m->start_value - m->best_value);
    return opt->ops->fixed_step && !opt->stochastic && idle >= MIN_CYCLE && idle >= opt->step / 2 &&
           opt->current.value - m->best_value > CYCLE_IMPROVEMENT * change;
}

/* Classifies a run that ended before it had converged. */
static eg_status classify_unfinished(eg_run *run, eg_error *error)
{
    const eg_optimizer *opt = &run->opt;
    const eg_monitor *m = &run->monitor;
    eg_descent_result *result = run->result;
    bool decaying = run->options->schedule.shape != EG_SCHEDULE_CONSTANT;
    bool increased = opt->current.value > m->start_value;
    bool above_limit = result->rate > result->rate_limit * (1 - 1e-9);
    eg_status status = EG_OK;
    result->outcome = EG_DIVERGES;
    if (m->diverging_since || (increased && !opt->stochastic && above_limit) || must_diverge(run))
        return EG_OK;
    result->outcome = EG_NOT_CONVERGED;
    if (opt->stochastic)
        return EG_OK;
    if (m->crossing_step > 0 && opt->step - m->crossing_step < RECENT)
        status = find_kink(run, m->before, m->after, error);
    bool oscillates = eg_monitor_oscillates(m, above_limit) || runs_in_a_cycle(run);
    if (result->kink && result->outcome == EG_NOT_CONVERGED) {
        bool stuck = oscillates || m->oscillations > 1 || opt->step - m->best_step > 1;
        result->outcome = stuck && !decaying ? EG_AT_KINK : EG_NOT_CONVERGED;
    }
    if (result->kink)
        return status;
    if (eg_monitor_grows(m) && increased)
        result->outcome = EG_DIVERGES;
    else if (oscillates)
        result->outcome = EG_OSCILLATES;
    else if (status == EG_OK)
        status = classify_tail(run, error);
    return status;
}

eg_status eg_run_classify(eg_run *run, eg_error *error)
{
    eg_optimizer *opt = &run->opt;
    eg_descent_result *result = run->result;
    eg_remainder remainder;
    result->extent = eg_run_extent(run);
    eg_status status = eg_run_remainder(run, &opt->current, &remainder, error);
    if (status == EG_OK)
        status = compute_bound(run, error);
    if (status != EG_OK || result->stop == EG_STOP_CANCELLED)
        return status;
    result->distance = remainder.distance;
    store_flattest(run);
    bool near = result->gradient_norm == 0 || !remainder.known ||
                remainder.distance <= NEAR * result->extent;
    switch (result->stop) {
    case EG_STOP_DISTANCE:
        return classify_critical_point(run, &remainder, error);
    case EG_STOP_GRADIENT:
    case EG_STOP_VALUE:
        return near ? classify_critical_point(run, &remainder, error)
                    : classify_unfinished(run, error);
    case EG_STOP_STEP:
        if (run->options->step_tolerance > 0)
            return near ? classify_critical_point(run, &remainder, error)
                        : classify_unfinished(run, error);
        return classify_standstill(run, &remainder, error);
    case EG_STOP_SEARCH:
        return classify_standstill(run, &remainder, error);
    case EG_STOP_NOT_FINITE:
        classify_not_finite(run);
        return EG_OK;
    default:
        return classify_unfinished(run, error);
    }
}
