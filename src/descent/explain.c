/* SPDX-License-Identifier: MIT */
/* What is to be said of a run, in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "descent/optimizer.h"

enum { POOR_CONDITION = 100 };

static size_t say(char *out, size_t size, const char *format, ...) EG_PRINTF(3, 4);

static size_t say(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(out, size, format, args);
    va_end(args);
    return length > 0 ? (size_t)length : 0;
}

size_t eg_descent_stop_reason(const eg_descent_result *r, char *out, size_t size)
{
    switch (r->stop) {
    case EG_STOP_GRADIENT:
        return say(out, size, "the gradient is within its tolerance: %.3g <= %.3g",
                   r->gradient_norm, r->gradient_tolerance);
    case EG_STOP_VALUE:
        return say(out, size, "the value changed by no more than its tolerance, %.3g",
                   r->value_tolerance);
    case EG_STOP_STEP:
        if (r->step_tolerance > 0)
            return say(out, size, "the step is within its tolerance, %.3g", r->step_tolerance);
        return say(out, size, "the step no longer changes the point");
    case EG_STOP_STEPS:
        return say(out, size, "all steps are done; the gradient is still %.3g long",
                   r->gradient_norm);
    case EG_STOP_TIME:
        return say(out, size, "the time is used up; the gradient is still %.3g long",
                   r->gradient_norm);
    case EG_STOP_SEARCH:
        return say(out, size, "no better point was found ahead");
    case EG_STOP_DIVERGING:
        return say(out, size, "it diverges");
    case EG_STOP_NOT_FINITE:
        return say(out, size, "the next step leads where there is no finite value");
    default:
        return say(out, size, "cancelled; the gradient is still %.3g long", r->gradient_norm);
    }
}

/* ---- remarks: each returns 0 where there is nothing to say ---- */

static const char *nature(const eg_descent_result *r)
{
    return r->quadratic ? "" : " (λmax is local: the function is not quadratic)";
}

/* "2/λmax" */
static void limit_formula(const eg_descent_result *r, char *out, size_t size)
{
    if (r->method == EG_METHOD_GD)
        say(out, size, "2/λmax");
    else if (r->method == EG_METHOD_NESTEROV)
        say(out, size, "(2+2β)/(1+2β)/λmax");
    else
        say(out, size, "2(1+β)/λmax");
}

static size_t about_divergence(const eg_descent_result *r, char *out, size_t size)
{
    char since[64] = "", formula[32];
    if (r->verdict != EG_DIVERGES)
        return 0;
    if (r->diverging_since)
        say(since, sizeof since, " (clear at step %zu)", r->diverging_since);
    limit_formula(r, formula, sizeof formula);
    if (r->rate >= r->rate_limit)
        return say(out, size, "it diverges%s: rate %.3g exceeds %s = %.3g here%s; try %.3g", since,
                   r->rate, formula, r->rate_limit, nature(r), r->advice);
    if (!isnan(r->advice))
        return say(out, size,
                   "it diverges%s, though rate %.3g is below %s = %.3g here%s; try %.3g or "
                   "--method lbfgs",
                   since, r->rate, formula, r->rate_limit, nature(r), r->advice / 10);
    return say(out, size, "it diverges%s; try a rate below %.3g or --method lbfgs", since, r->rate);
}

static size_t about_oscillation(const eg_descent_result *r, char *out, size_t size)
{
    char formula[32];
    if (r->verdict != EG_OSCILLATES)
        return 0;
    limit_formula(r, formula, sizeof formula);
    if (r->rate >= r->rate_limit * (1 - 1e-9))
        return say(out, size,
                   "it does not converge: steps jump to and fro and come no nearer, as rate %.3g "
                   "is not below %s = %.3g here%s; try %.3g",
                   r->rate, formula, r->rate_limit, nature(r), r->advice);
    return say(out, size,
               "it does not converge: steps jump to and fro and come no nearer; try a rate below "
               "%.3g, or --method line-search",
               r->rate);
}

static size_t about_bounds(const eg_descent_result *r, char *out, size_t size)
{
    if (r->verdict == EG_UNBOUNDED)
        return say(out, size, "the function %s without end on this way: it has no %s here",
                   r->maximize ? "rises" : "falls", r->maximize ? "maximum" : "minimum");
    if (r->verdict == EG_LEFT_DOMAIN)
        return say(out, size,
                   "the next step leads out of the function's domain; a smaller rate or --method "
                   "line-search stays inside");
    if (r->verdict == EG_STALLED)
        return say(out, size,
                   "it is stuck where the gradient is %.3g long: the function has a kink or a step "
                   "there, or the rate %.3g is too small",
                   r->gradient_norm, r->rate);
    return 0;
}

/* `least` and `most` are of the negative function where it is maximised. */
static size_t about_saddle(const eg_descent_result *r, char *out, size_t size)
{
    double sign = r->maximize ? -1 : 1;
    const eg_curvature *c = &r->end;
    if (r->verdict == EG_AT_OPPOSITE_EXTREMUM)
        return say(out, size, "this is a %s, not a %s: start elsewhere",
                   r->maximize ? "minimum" : "maximum", r->maximize ? "maximum" : "minimum");
    if (r->verdict == EG_AT_SADDLE)
        return say(out, size,
                   "this is a saddle, not a %s: the Hessian has eigenvalues %.4g and %.4g; start "
                   "a little beside it",
                   r->maximize ? "maximum" : "minimum", sign * c->least, sign * c->most);
    return 0;
}

/* Steps gd needs for a digit more, at its best rate. */
static double steps_for_digit(double condition)
{
    return log(10) / log((condition + 1) / (condition - 1));
}

static size_t about_condition(const eg_descent_result *r, char *out, size_t size)
{
    bool went_down = r->verdict == EG_CONVERGED || r->verdict == EG_NOT_CONVERGED;
    const eg_curvature *c = went_down && r->end.known ? &r->end : &r->start;
    if (!c->known || !(c->least > 0) || !(c->most > POOR_CONDITION * c->least))
        return 0;
    double condition = c->most / c->least;
    bool slow = r->method <= EG_METHOD_ADAM || r->method == EG_METHOD_LINE_SEARCH;
    if (!slow)
        return say(out, size, "poor conditioning: λmax/λmin = %.4g/%.4g = %.4g%s", c->most,
                   c->least, condition, r->quadratic ? "" : " here");
    return say(out, size,
               "poor conditioning: λmax/λmin = %.4g/%.4g = %.4g%s; gd needs some %.0f steps for "
               "each digit, --method newton or lbfgs far fewer",
               c->most, c->least, condition, r->quadratic ? "" : " here",
               steps_for_digit(condition));
}

static size_t about_pace(const eg_descent_result *r, char *out, size_t size)
{
    if (r->verdict == EG_CONVERGED || !(r->distance > r->reach) || !(r->reach > 0))
        return 0;
    double steps = r->reach / r->rate;
    return say(out, size,
               "%s moves about its rate a step, whatever the gradient: %.0f steps of %.3g reach "
               "%.3g, and it is about %.3g to where the ground is level; try rate %.2g or %.0f "
               "steps",
               eg_methods[r->method].name, steps, r->rate, r->reach, r->distance,
               4 * r->distance / steps, ceil(2 * r->distance / r->rate));
}

size_t eg_descent_remark(const eg_descent_result *r, size_t index, char *out, size_t size)
{
    static size_t (*const remarks[])(const eg_descent_result *, char *,
                                     size_t) = {about_divergence, about_oscillation, about_bounds,
                                                about_saddle,     about_condition,   about_pace};
    if (size)
        *out = 0;
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        size_t length = remarks[i](r, out, size);
        if (length && index-- == 0)
            return length;
    }
    if (size)
        *out = 0;
    return 0;
}
