/* SPDX-License-Identifier: MIT */
/* Verdicts about a point from exact limits along paths, and from sampled ones where there are no
 * others. In one variable the two paths are all there is; in more, equal limits prove nothing. */
#include "surface/singular/verdict.h"

#include <math.h>

#include "core/status.h"

typedef struct evidence {
    eg_reals *reals;
    size_t n;
    eg_surface *result;
} evidence;

/* A comparison, and whether it is proven. */
typedef struct comparison {
    bool equal, proven;
} comparison;

static comparison compare_numbers(evidence *e, eg_real a, eg_real b, double scale)
{
    if (a == b)
        return (comparison){true, true};
    eg_real difference = eg_real_apply(e->reals, EG_REAL_SUBTRACT, a, b);
    eg_real_sign sign = eg_real_sign_of(e->reals, difference);
    if (sign == EG_SIGN_UNKNOWN || sign == EG_SIGN_UNDEFINED)
        return (comparison){fabs(eg_real_approximate(e->reals, difference)) <= 1e-9 * scale, false};
    return (comparison){sign == EG_SIGN_ZERO, true};
}

static comparison compare_doubles(double a, double b, double scale)
{
    return (comparison){fabs(a - b) <= 1e-4 * scale, false};
}

/* Compares a limit with a number or, where the limit is not exact, with its double. */
static comparison compare_limit(evidence *e, const eg_limit *limit, eg_real number, double value)
{
    double scale = fabs(value) + 1e-3;
    if (limit->kind != EG_LIMIT_FINITE)
        return (comparison){false, limit->proven};
    if (limit->proven && number != EG_REAL_NONE)
        return compare_numbers(e, limit->real, number, scale);
    return compare_doubles(limit->value, value, scale);
}

/* ---- searches among the paths ---- */

/* Returns the first path whose limit (or slope) is of this kind, preferably a proven one. */
static const eg_limit *find(const evidence *e, eg_limit_kind kind, bool slope)
{
    const eg_limit *found = NULL;
    for (size_t i = 0; i < e->result->path_limit_count; i++) {
        const eg_path_limit *path = &e->result->path_limits[i];
        const eg_limit *limit = slope ? &path->slope : &path->value;
        if (limit->kind == kind && (!found || (limit->proven && !found->proven)))
            found = limit;
    }
    return found;
}

static bool all_proven(const evidence *e, bool slopes)
{
    for (size_t i = 0; i < e->result->path_limit_count; i++) {
        const eg_path_limit *path = &e->result->path_limits[i];
        if (!path->value.proven || (slopes && !path->slope.proven))
            return false;
    }
    return true;
}

static void conclude(evidence *e, eg_differentiability verdict, bool proven)
{
    e->result->differentiability = verdict;
    e->result->proven = proven;
}

/* Compares the limits of all paths that have values with the limit `first`. A difference that is
 * proven counts more than one that is not. */
static comparison compare_all(evidence *e, const eg_limit *first, eg_real number, double value)
{
    comparison all = {true, true};
    for (size_t i = 0; i < e->result->path_limit_count; i++) {
        const eg_limit *limit = &e->result->path_limits[i].value;
        if (limit->kind == EG_LIMIT_UNDEFINED || limit == first)
            continue;
        comparison one = compare_limit(e, limit, number, value);
        if (!one.equal && one.proven)
            return one;
        all.equal = all.equal && one.equal;
        all.proven = all.proven && one.proven && one.equal;
    }
    return all;
}

/* ---- points with a value ---- */

/* Sets the gradient to the slopes along the axes. Returns whether the others fit. */
static comparison fit_plane(evidence *e)
{
    eg_surface *result = e->result;
    double scale = 1e-3;
    comparison fit = {true, true};
    for (size_t i = 0; i < e->n; i++) {
        const eg_limit *slope = &result->path_limits[2 * i].slope;
        result->gradient[i] = slope->value;
        result->gradient_real[i] = slope->proven ? slope->real : EG_REAL_NONE;
        scale = fmax(scale, fabs(slope->value));
    }
    for (size_t k = 0; k < result->path_limit_count; k++) {
        const eg_path_limit *path = &result->path_limits[k];
        double plane = result->gradient[path->i] * path->direction[0] +
                       (path->j == path->i ? 0 : result->gradient[path->j] * path->direction[1]);
        eg_real partial = result->gradient_real[path->i];
        bool on_axis = path->direction[1] == 0 || path->j == path->i;
        comparison one = compare_doubles(path->slope.value, plane, scale);
        if (on_axis && path->slope.proven && partial != EG_REAL_NONE) {
            if (path->direction[0] < 0)
                partial = eg_real_apply(e->reals, EG_REAL_NEGATE, partial, partial);
            one = compare_numbers(e, path->slope.real, partial, scale);
        } else if (path->slope.proven && fabs(path->slope.value - plane) > 1e-9 * scale) {
            one = (comparison){false, all_proven(e, true)}; /* doubles of exact numbers differ */
        } else if (path->slope.proven && one.equal) {
            one.proven = false;
        }
        if (!one.equal && one.proven)
            return one;
        fit.equal = fit.equal && one.equal;
        fit.proven = fit.proven && one.proven && one.equal;
    }
    return fit;
}

static void clear_gradient(evidence *e)
{
    for (size_t i = 0; i < e->n; i++) {
        e->result->gradient[i] = NAN;
        e->result->gradient_real[i] = EG_REAL_NONE;
    }
}

static void judge_defined(evidence *e)
{
    const eg_limit *without = find(e, EG_LIMIT_UNDEFINED, false);
    eg_surface *result = e->result;
    if (without) {
        conclude(e, EG_DOMAIN_BOUNDARY, without->proven);
        return;
    }
    comparison limits = compare_all(e, NULL, result->value_real, result->value);
    if (!limits.equal) {
        conclude(e, EG_JUMP_DISCONTINUITY, limits.proven);
        return;
    }
    result->limit = result->value;
    const eg_limit *vertical = find(e, EG_LIMIT_INFINITE, true);
    const eg_limit *none = find(e, EG_LIMIT_NONE, true);
    if (vertical || none) {
        conclude(e, vertical ? EG_VERTICAL_TANGENT : EG_CORNER,
                 (vertical ? vertical : none)->proven && limits.proven);
        return;
    }
    comparison fit = fit_plane(e);
    if (fit.equal) {
        conclude(e, EG_DIFFERENTIABLE, fit.proven && limits.proven && e->n == 1);
        return;
    }
    clear_gradient(e);
    conclude(e, EG_CORNER, fit.proven);
}

/* ---- points without a value ---- */

static void judge_undefined(evidence *e)
{
    eg_surface *result = e->result;
    const eg_limit *pole = find(e, EG_LIMIT_INFINITE, false);
    const eg_limit *finite_one = find(e, EG_LIMIT_FINITE, false);
    bool proven = e->n == 1 && all_proven(e, false);
    if (pole) {
        conclude(e, EG_POLE, pole->proven);
        return;
    }
    if (!finite_one) {
        const eg_limit *none = find(e, EG_LIMIT_NONE, false);
        conclude(e, none ? EG_NO_LIMIT : EG_NO_VALUE, none ? none->proven : proven);
        return;
    }
    comparison limits = compare_all(
        e, finite_one, finite_one->proven ? finite_one->real : EG_REAL_NONE, finite_one->value);
    if (!limits.equal) {
        conclude(e, EG_NO_LIMIT, limits.proven && finite_one->proven);
        return;
    }
    result->limit = finite_one->value;
    if (limits.proven && finite_one->proven)
        result->limit_real = finite_one->real;
    conclude(e, EG_REMOVABLE_SINGULARITY, proven && limits.proven);
}

void eg_verdict_by_paths(eg_reals *reals, size_t variables, eg_surface *result)
{
    evidence e = {reals, variables, result};
    if (isnan(result->value))
        judge_undefined(&e);
    else
        judge_defined(&e);
    if (result->differentiability == EG_DIFFERENTIABLE && result->proven)
        result->path_limit_count = 0;
}
