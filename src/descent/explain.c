/* SPDX-License-Identifier: MIT */
/* Explains the result of a descent in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "descent/optimizer.h"

enum { POOR_CONDITION = 100 }; /* least condition number to remark on */

static size_t print_text(char *out, size_t size, const char *format, ...) EG_PRINTF(3, 4);

/* Formats like snprintf(), and returns 0 on failure. */
static size_t print_text(char *out, size_t size, const char *format, ...)
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
        if (!isnan(r->offset))
            return print_text(out, size,
                              "the residuals are orthogonal to the derivatives: cosine %.3g",
                              r->offset);
        return print_text(out, size, "the gradient is within its tolerance: %.3g <= %.3g",
                          r->gradient_norm, r->gradient_tolerance);
    case EG_STOP_VALUE:
        return print_text(out, size, "the value changed by no more than its tolerance, %.3g",
                          r->value_tolerance);
    case EG_STOP_STEP:
        if (r->step_tolerance > 0)
            return print_text(out, size, "the step is within its tolerance, %.3g",
                              r->step_tolerance);
        return print_text(out, size, "the step no longer changes the point");
    case EG_STOP_STEPS:
        return print_text(out, size, "step limit reached; gradient norm %.3g", r->gradient_norm);
    case EG_STOP_TIME:
        return print_text(out, size, "time limit reached; gradient norm %.3g", r->gradient_norm);
    case EG_STOP_SEARCH:
        return print_text(out, size, "the line search found no %s point",
                          r->maximize ? "higher" : "lower");
    case EG_STOP_DIVERGING:
        return print_text(out, size, "the descent diverges");
    case EG_STOP_NOT_FINITE:
        return print_text(out, size, "the next point has no finite value");
    default:
        return print_text(out, size, "cancelled; gradient norm %.3g", r->gradient_norm);
    }
}

/* ---- remarks: each function returns 0 if its remark does not apply ---- */

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

static size_t remark_divergence(const eg_descent_result *r, char *out, size_t size)
{
    char since[64] = "";
    const char *formula = limit_formula(r->method);
    if (r->outcome != EG_DIVERGES)
        return 0;
    if (r->diverging_since)
        print_text(since, sizeof since, " (detected at step %zu)", r->diverging_since);
    if (r->rate >= r->rate_limit)
        return print_text(
            out, size, "the descent diverges%s: rate %.3g exceeds %s = %.3g here%s; try %.3g",
            since, r->rate, formula, r->rate_limit, locality_note(r), r->suggested_rate);
    if (!isnan(r->suggested_rate))
        return print_text(
            out, size,
            "the descent diverges%s, though rate %.3g is below %s = %.3g here%s; try %.3g or "
            "--method lbfgs",
            since, r->rate, formula, r->rate_limit, locality_note(r), r->suggested_rate / 10);
    return print_text(out, size, "the descent diverges%s; try a rate below %.3g or --method lbfgs",
                      since, r->rate);
}

static size_t remark_oscillation(const eg_descent_result *r, char *out, size_t size)
{
    if (r->outcome != EG_OSCILLATES)
        return 0;
    if (r->rate >= r->rate_limit * (1 - 1e-9))
        return print_text(
            out, size,
            "the descent does not converge: the steps oscillate, because rate %.3g is not below "
            "%s = %.3g here%s; try %.3g",
            r->rate, limit_formula(r->method), r->rate_limit, locality_note(r), r->suggested_rate);
    return print_text(
        out, size,
        "the descent does not converge: the steps oscillate; try a rate below %.3g or --method "
        "line-search",
        r->rate);
}

static size_t remark_domain(const eg_descent_result *r, char *out, size_t size)
{
    if (r->outcome == EG_UNBOUNDED)
        return print_text(out, size,
                          "the function %s without bound along this path: no %s was found",
                          r->maximize ? "rises" : "falls", r->maximize ? "maximum" : "minimum");
    if (r->outcome == EG_LEFT_DOMAIN)
        return print_text(out, size,
                          "the next step leaves the domain of the function; use a smaller rate or "
                          "--method line-search");
    if (r->outcome == EG_STALLED)
        return print_text(out, size,
                          "stalled at gradient norm %.3g: the function has a kink or a jump there, "
                          "or rate %.3g is too small",
                          r->gradient_norm, r->rate);
    return 0;
}

static size_t remark_critical_point(const eg_descent_result *r, char *out, size_t size)
{
    double sign = r->maximize ? -1 : 1; /* eigenvalues are those of the negative function */
    const eg_eigenvalue_range *c = &r->end;
    if (r->outcome == EG_AT_OPPOSITE_EXTREMUM)
        return print_text(out, size, "this is a %s, not a %s: choose another start",
                          r->maximize ? "minimum" : "maximum", r->maximize ? "maximum" : "minimum");
    if (r->outcome == EG_AT_SADDLE)
        return print_text(out, size,
                          "this is a saddle, not a %s: the Hessian has eigenvalues %.4g and %.4g; "
                          "start slightly off the saddle",
                          r->maximize ? "maximum" : "minimum", sign * c->min, sign * c->max);
    return 0;
}

static size_t remark_conditioning(const eg_descent_result *r, char *out, size_t size)
{
    bool descended = r->outcome == EG_CONVERGED || r->outcome == EG_NOT_CONVERGED;
    const eg_eigenvalue_range *c = descended && r->end.known ? &r->end : &r->start;
    const char *here = r->quadratic ? "" : " here";
    if (!c->known || !(c->min > 0) || !(c->max > POOR_CONDITION * c->min))
        return 0;
    double condition = c->max / c->min;
    if (r->method > EG_METHOD_ADAM && r->method != EG_METHOD_LINE_SEARCH)
        return print_text(out, size, "poor conditioning: λmax/λmin = %.4g/%.4g = %.4g%s", c->max,
                          c->min, condition, here);
    double steps = log(10) / log((condition + 1) / (condition - 1)); /* of gd at its best rate */
    return print_text(
        out, size,
        "poor conditioning: λmax/λmin = %.4g/%.4g = %.4g%s; gd needs about %.0f steps "
        "per decimal digit, --method newton or lbfgs far fewer",
        c->max, c->min, condition, here, steps);
}

static size_t remark_travel(const eg_descent_result *r, char *out, size_t size)
{
    if (r->outcome == EG_CONVERGED || !(r->needed_travel > r->max_travel) || !(r->max_travel > 0))
        return 0;
    double steps = r->max_travel / r->rate;
    return print_text(
        out, size,
        "%s moves by about its rate at each step, whatever the gradient: %.0f steps "
        "of %.3g cover %.3g, but the critical point is about %.3g away; try rate %.2g or "
        "%.0f steps",
        eg_methods[r->method].name, steps, r->rate, r->max_travel, r->needed_travel,
        4 * r->needed_travel / steps, ceil(2 * r->needed_travel / r->rate));
}

size_t eg_descent_remark(const eg_descent_result *r, size_t index, char *out, size_t size)
{
    static size_t (*const remarks[])(const eg_descent_result *, char *, size_t) = {
        remark_divergence,     remark_oscillation,  remark_domain,
        remark_critical_point, remark_conditioning, remark_travel};
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
