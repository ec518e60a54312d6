/* SPDX-License-Identifier: MIT */
/* Explains the result of a descent in words. */
#include <math.h>

#include "descent/optimizer.h"
#include "descent/words.h"

#define POOR_CONDITION 100.0 /* least condition number to remark on */
#define NEAR_BOUND     1e-12 /* of the change of the value: from a bound of the function */
#define SINGULAR_RATIO 1e-13 /* of the largest: an eigenvalue may be 0 */

static const char *falls(const eg_descent_result *r)
{
    return r->maximize ? "rises" : "falls";
}

static const char *lower(const eg_descent_result *r)
{
    return r->maximize ? "higher" : "lower";
}

static const char *minimum(const eg_descent_result *r)
{
    return r->maximize ? "maximum" : "minimum";
}

/* ---- stop reason ---- */

static void say_distance(eg_words *w, const eg_descent_result *r)
{
    if (r->gradient_norm == 0)
        eg_say(w, "the gradient is 0");
    else
        eg_say(w, "at a critical point: gradient norm %.3g, estimated distance %.2g",
               r->gradient_norm, r->distance);
}

size_t eg_descent_stop_reason(const eg_descent_result *r, char *out, size_t size)
{
    eg_words w = {out, size, 0};
    switch (r->stop) {
    case EG_STOP_DISTANCE:
        say_distance(&w, r);
        break;
    case EG_STOP_GRADIENT:
        if (!isnan(r->offset))
            eg_say(&w, "the residuals are orthogonal to the derivatives: cosine %.3g", r->offset);
        else
            eg_say(&w, "the gradient is within its tolerance: %.3g <= %.3g", r->gradient_norm,
                   r->gradient_tolerance);
        break;
    case EG_STOP_VALUE:
        eg_say(&w, "the value changed by no more than its tolerance, %.3g", r->value_tolerance);
        break;
    case EG_STOP_STEP:
        if (r->step_tolerance > 0)
            eg_say(&w, "the step is within its tolerance, %.3g", r->step_tolerance);
        else
            eg_say(&w, "the step no longer changes the point; gradient norm %.3g",
                   r->gradient_norm);
        break;
    case EG_STOP_STEPS:
        eg_say(&w, "step limit reached; gradient norm %.3g", r->gradient_norm);
        break;
    case EG_STOP_TIME:
        eg_say(&w, "time limit reached; gradient norm %.3g", r->gradient_norm);
        break;
    case EG_STOP_SEARCH:
        eg_say(&w, "the line search found no %s point; gradient norm %.3g", lower(r),
               r->gradient_norm);
        break;
    case EG_STOP_DIVERGING:
        eg_say(&w, "the descent diverges");
        break;
    case EG_STOP_NOT_FINITE:
        eg_say(&w, "the next point has no finite value or gradient");
        break;
    default:
        eg_say(&w, "cancelled; gradient norm %.3g", r->gradient_norm);
    }
    return w.length;
}

/* ---- verdict ---- */

size_t eg_descent_verdict(const eg_descent_result *r, char *out, size_t size)
{
    eg_words w = {out, size, 0};
    double sign = r->maximize ? -1 : 1; /* eigenvalues are those of the negative function */
    double first = r->maximize ? r->end.max : r->end.min;
    double last = r->maximize ? r->end.min : r->end.max;
    double change = fabs(r->start_value - r->value);
    if (size)
        *out = 0;
    if (r->outcome != EG_CONVERGED)
        return 0;
    if (r->proven)
        eg_say(&w, "global %s: no value can be %s than %.10g", minimum(r), lower(r), r->value);
    else if (r->degenerate && fabs(r->value - r->bound) <= NEAR_BOUND * change)
        eg_say(&w, "%s within %.2g: no value can be %s than %.10g", minimum(r),
               fabs(r->value - r->bound), lower(r), r->bound + 0.0);
    else if (r->kink)
        eg_say(&w, "%s at a kink: no %s point was found around it", minimum(r), lower(r));
    else if (r->degenerate)
        eg_say(&w, "undecided by second derivatives; no %s point was found around it", lower(r));
    else if (fabs(first - last) <= 5e-5 * fabs(last))
        eg_say(&w, "%s: eigenvalues of the Hessian %.4g", minimum(r), sign * first);
    else
        eg_say(&w, "%s: eigenvalues of the Hessian %.4g to %.4g", minimum(r), sign * first,
               sign * last);
    return w.length;
}

/* ---- remarks: each function writes nothing if its remark does not apply ---- */

static const char *locality_note(const eg_descent_result *r)
{
    return r->quadratic ? "" : " (λmax is local: the function is not quadratic)";
}

/* Returns the formula of eg_rate_limit(). */
static const char *limit_formula(eg_method method)
{
    return method == EG_METHOD_GD         ? "2/λmax"
           : method == EG_METHOD_NESTEROV ? "(2+2β)/(1+2β)/λmax"
                                          : "2(1+β)/λmax";
}

static void remark_divergence(const eg_descent_result *r, eg_words *w)
{
    const char *formula = limit_formula(r->method);
    if (r->outcome != EG_DIVERGES)
        return;
    eg_say(w, "the descent diverges");
    if (r->diverging_since)
        eg_say(w, " (detected at step %zu)", r->diverging_since);
    if (r->rate >= r->rate_limit)
        eg_say(w, ": rate %.3g exceeds %s = %.3g here%s", r->rate, formula, r->rate_limit,
               locality_note(r));
    else if (!isnan(r->rate_limit))
        eg_say(w, ", though rate %.3g is below %s = %.3g here%s", r->rate, formula, r->rate_limit,
               locality_note(r));
    else
        eg_say(w, ": rate %.3g is too large", r->rate);
    eg_say_advice(w, r);
}

static void remark_oscillation(const eg_descent_result *r, eg_words *w)
{
    if (r->outcome != EG_OSCILLATES)
        return;
    eg_say(w, "the descent does not converge: the steps oscillate");
    if (r->rate >= r->rate_limit * (1 - 1e-9))
        eg_say(w, ", because rate %.3g is not below %s = %.3g here%s", r->rate,
               limit_formula(r->method), r->rate_limit, locality_note(r));
    eg_say_advice(w, r);
}

static void remark_kink(const eg_descent_result *r, eg_words *w)
{
    if (!r->kink || r->outcome == EG_CONVERGED)
        return;
    if (r->outcome == EG_AT_KINK && r->stop != EG_STOP_SEARCH && r->stop != EG_STOP_STEP)
        eg_say(w, "the steps oscillate across a kink: the gradient jumps at ");
    else
        eg_say(w, "the descent is at a kink: the gradient jumps at ");
    eg_say_vector(w, r->place, r->variables);
    if (r->outcome == EG_AT_KINK && eg_methods[r->method].stochastic)
        eg_say(w, ", where a fixed rate does not converge");
    else if (r->outcome == EG_AT_KINK)
        eg_say(w, ", where methods for smooth functions may not converge");
    eg_say_advice(w, r);
}

static void remark_unbounded(const eg_descent_result *r, eg_words *w)
{
    if (r->outcome == EG_UNBOUNDED && isnan(r->far)) {
        eg_say(w, "the function %s without bound along this path, to %.3g: no %s was found",
               falls(r), r->far_value, minimum(r));
    } else if (r->outcome == EG_UNBOUNDED) {
        eg_say(w, "the function %s without bound along the direction ", falls(r));
        eg_say_vector(w, r->direction, r->variables);
        eg_say(w, " as far as it was tried, to %.3g at distance %.2g: no %s was found",
               r->far_value, r->far, minimum(r));
    } else if (r->outcome == EG_FLAT_TAIL) {
        eg_say(w, "the descent runs along a flat tail: along the direction ");
        eg_say_vector(w, r->direction, r->variables);
        eg_say(w,
               " the value %s ever less, towards %.6g (followed to distance %.2g), and no %s was "
               "found",
               falls(r), r->far_value, r->far, minimum(r));
    }
}

static void remark_domain(const eg_descent_result *r, eg_words *w)
{
    if (r->outcome == EG_LEFT_DOMAIN) {
        eg_say(w, "the next step leaves the domain of the function: at ");
        eg_say_vector(w, r->place, r->variables);
        if (isnan(r->place_value))
            eg_say(w, " it is undefined");
        else if (isinf(r->place_value))
            eg_say(w, " it is infinite");
        else
            eg_say(w, " it has the value %.4g but no finite gradient", r->place_value);
        eg_say_advice(w, r);
    }
    if (r->outcome == EG_STALLED) {
        eg_say(w, "stalled at gradient norm %.3g: ", r->gradient_norm);
        if (r->stop == EG_STOP_SEARCH)
            eg_say(w, "rounding errors hide %s points, or the function jumps there", lower(r));
        else
            eg_say(w, "steps at rate %.3g no longer change the point", r->rate);
        eg_say_advice(w, r);
    }
}

static void remark_critical_point(const eg_descent_result *r, eg_words *w)
{
    double sign = r->maximize ? -1 : 1;
    const eg_eigenvalue_range *c = &r->end;
    if (r->outcome == EG_AT_OPPOSITE_EXTREMUM) {
        eg_say(w, "this is a %s, not a %s", r->maximize ? "minimum" : "maximum", minimum(r));
        eg_say_advice(w, r);
    } else if (r->outcome == EG_AT_SADDLE && c->known && c->min < 0 && c->max > 0 &&
               -c->min > 1e-8 * c->max) {
        eg_say(w, "this is a saddle, not a %s: the Hessian has eigenvalues %.4g and %.4g",
               minimum(r), sign * c->min, sign * c->max);
        eg_say_advice(w, r);
    } else if (r->outcome == EG_AT_SADDLE) {
        eg_say(w, "this is no %s: the value %s from here along the direction ", minimum(r),
               falls(r));
        eg_say_vector(w, r->direction, r->variables);
        eg_say_advice(w, r);
    } else if (r->outcome == EG_UNCLASSIFIED) {
        eg_say(w,
               "undecided whether this is a %s: gradient and Hessian are 0, within rounding "
               "errors, and so are the differences to the values around the point",
               minimum(r));
    }
}

static bool is_singular(const eg_eigenvalue_range *c)
{
    double largest = fmax(fabs(c->min), fabs(c->max));
    return c->known && largest > 0 && fabs(c->min) <= SINGULAR_RATIO * largest;
}

static void remark_conditioning(const eg_descent_result *r, eg_words *w)
{
    bool descended = !r->kink && (r->outcome == EG_CONVERGED || r->outcome == EG_NOT_CONVERGED);
    const eg_eigenvalue_range *c = descended && r->end.known ? &r->end : &r->start;
    const char *here = r->quadratic ? "" : " here";
    if (descended && is_singular(&r->end)) {
        eg_say(w, "an eigenvalue of the Hessian is 0 within rounding errors: the function is flat "
                  "to second order along the direction ");
        eg_say_vector(w, r->direction, r->variables);
        return;
    }
    if (!c->known || !(c->min > 0) || is_singular(c) || !(c->max > POOR_CONDITION * c->min))
        return;
    double condition = c->max / c->min;
    eg_say(w, "poor conditioning: λmax/λmin = %.4g/%.4g = %.4g%s", c->max, c->min, condition, here);
    if (r->method <= EG_METHOD_ADAM || r->method == EG_METHOD_LINE_SEARCH)
        eg_say(w, "; gd at its best rate needs about %.0f steps per decimal digit",
               log(10) / log((condition + 1) / (condition - 1)));
}

static void remark_unfinished(const eg_descent_result *r, eg_words *w)
{
    if (r->outcome != EG_NOT_CONVERGED || r->kink)
        return;
    if (r->needed_travel > r->max_travel && r->max_travel > 0) {
        eg_say(w,
               "%s moves by about its rate at each step, whatever the gradient: the steps cover "
               "%.3g, but the critical point is about %.3g away",
               eg_method_name(r->method), r->max_travel, r->needed_travel);
        eg_say_advice(w, r);
    } else if (r->advice.exists) {
        eg_say(w, "not converged after %zu steps", r->steps);
        eg_say_advice(w, r);
    } else if (r->stop == EG_STOP_GRADIENT || r->stop == EG_STOP_VALUE || r->stop == EG_STOP_STEP) {
        eg_say(w, "not at a critical point: Newton's method would move by %.3g from here",
               r->distance);
    }
}

size_t eg_descent_remark(const eg_descent_result *r, size_t index, char *out, size_t size)
{
    static void (*const remarks[])(const eg_descent_result *, eg_words *) = {
        remark_divergence, remark_oscillation,    remark_kink,         remark_unbounded,
        remark_domain,     remark_critical_point, remark_conditioning, remark_unfinished};
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        eg_words words = {out, size, 0};
        remarks[i](r, &words);
        if (words.length && index-- == 0)
            return words.length;
    }
    if (size)
        *out = 0;
    return 0;
}
