/* SPDX-License-Identifier: MIT */
/* Whether the derivatives tell the truth at a point, and what there is where they do not. */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* ---- the tangent plane against the values around -----------------------------------------------
 */

/* Distances from 2^-8 of the reach on, a sixteenth each time. */
enum { TRIALS = 7, FIRST_TRIAL = 8 };

/* The distance of f from its tangent plane shrinks faster than the way there: by less than this for
 * every sixteenth. */
static const double shrinks = 0.7;

typedef struct trial {
    const eg_expr *expr;
    const double *point;
    const eg_surface *at;
    double noise; /* of a value */
} trial;

/* How far the values are off the plane along one way, by the length of the way; those that rounding
 * may explain are 0. */
static eg_status misfits(const trial *t, const eg_path_limit *way, double misfit[TRIALS],
                         eg_error *error)
{
    size_t n = eg_expr_variables(t->expr);
    double there[EG_EXPR_VARIABLES], reach = eg_surface_reach(t->point, n);
    for (int k = 0; k < TRIALS; k++) {
        double h = ldexp(reach, -FIRST_TRIAL - 4 * k), value, plane = t->at->value;
        eg_surface_walk(way, t->point, n, h, there);
        eg_status status = eg_expr_eval(t->expr, there, &value, NULL, NULL, error);
        if (status != EG_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            plane += t->at->gradient[i] * (there[i] - t->point[i]);
        double off = fabs(value - plane), noise = t->noise + 0x1p-50 * (fabs(value) + fabs(plane));
        misfit[k] = off <= 4 * noise ? 0 : off / h;
    }
    return EG_OK;
}

/* Whether a tangent plane cannot have these misfits: there is no value nearby, or the last three do
 * not shrink. */
static bool contradicts(const double misfit[TRIALS])
{
    int last = -1;
    for (int k = 0; k < TRIALS; k++)
        if (misfit[k] != 0)
            last = k;
    if (last < 2)
        return false;
    bool shrunk =
        misfit[last] < shrinks * misfit[last - 1] || misfit[last - 1] < shrinks * misfit[last - 2];
    return !shrunk;
}

/* Whether the values around contradict the gradient. */
static eg_status test_plane(const trial *t, eg_path_limit *ways, bool *contradicted,
                            eg_error *error)
{
    double misfit[TRIALS];
    eg_status status = EG_OK;
    size_t count = eg_surface_directions(eg_expr_variables(t->expr), ways);
    *contradicted = false;
    for (size_t i = 0; i < count && !*contradicted && status == EG_OK; i++) {
        status = misfits(t, &ways[i], misfit, error);
        *contradicted = status == EG_OK && contradicts(misfit);
    }
    return status;
}

/* ---- what the approaches come to ---------------------------------------------------------------
 */

static bool alike(double a, double b, double scale)
{
    return fabs(a - b) <= 1e-4 * scale;
}

static bool any(const eg_surface *s, eg_limit_kind kind, bool of_slope)
{
    for (size_t i = 0; i < s->approaches; i++)
        if ((of_slope ? s->approach[i].slope : s->approach[i].value).kind == kind)
            return true;
    return false;
}

/* What all approaches that lead somewhere have in common; NaN: nothing. */
static double common_limit(const eg_surface *s)
{
    double limit = NAN;
    for (size_t i = 0; i < s->approaches; i++) {
        eg_limit v = s->approach[i].value;
        if (v.kind == EG_LIMIT_UNDEFINED)
            continue;
        if (v.kind != EG_LIMIT_FINITE ||
            (!isnan(limit) && !alike(v.value, limit, fabs(limit) + 1e-3)))
            return NAN;
        limit = isnan(limit) ? v.value : limit;
    }
    return limit;
}

/* The gradient that slopes along the axes suggest; false where other slopes deny it. */
static bool fit_plane(const eg_surface *s, size_t n, double gradient[])
{
    double scale = 0;
    for (size_t i = 0; i < n; i++) {
        gradient[i] = s->approach[2 * i].slope.value;
        scale = fmax(scale, fabs(gradient[i]));
    }
    for (size_t i = 0; i < s->approaches; i++) {
        const eg_path_limit *a = &s->approach[i];
        double slope =
            gradient[a->i] * a->along[0] + (a->j == a->i ? 0 : gradient[a->j] * a->along[1]);
        if (a->slope.kind != EG_LIMIT_FINITE || !alike(a->slope.value, slope, scale + 1e-3))
            return false;
    }
    return true;
}

static eg_differentiability without_value(const eg_surface *s)
{
    if (any(s, EG_LIMIT_INFINITE, false))
        return EG_POLE;
    if (!isnan(s->limit))
        return EG_REMOVABLE_SINGULARITY;
    return any(s, EG_LIMIT_FINITE, false) || any(s, EG_LIMIT_NONE, false) ? EG_NO_LIMIT
                                                                          : EG_NO_VALUE;
}

static eg_differentiability with_value(const eg_surface *s, size_t n, double gradient[])
{
    if (any(s, EG_LIMIT_UNDEFINED, false))
        return EG_DOMAIN_BOUNDARY;
    if (isnan(s->limit) || !alike(s->limit, s->value, fabs(s->value) + 1e-3))
        return EG_JUMP_DISCONTINUITY;
    if (fit_plane(s, n, gradient))
        return EG_DIFFERENTIABLE;
    return any(s, EG_LIMIT_INFINITE, true) ? EG_VERTICAL_TANGENT : EG_CORNER;
}

/* Sums that should be 0 and are not, by rounding: nothing beside the largest. */
static void drop_residues(eg_surface *s)
{
    double value = 0, slope = 0;
    for (size_t i = 0; i < s->approaches; i++) {
        if (s->approach[i].value.kind == EG_LIMIT_FINITE)
            value = fmax(value, fabs(s->approach[i].value.value));
        if (s->approach[i].slope.kind == EG_LIMIT_FINITE)
            slope = fmax(slope, fabs(s->approach[i].slope.value));
    }
    for (size_t i = 0; i < s->approaches; i++) {
        double *v = &s->approach[i].value.value, *d = &s->approach[i].slope.value;
        *v = fabs(*v) <= 1e-9 * value ? 0 : *v;
        *d = fabs(*d) <= 1e-9 * slope ? 0 : *d;
    }
}

static void classify(eg_surface *s, size_t n)
{
    double gradient[EG_EXPR_VARIABLES];
    drop_residues(s);
    s->limit = common_limit(s);
    s->regularity = isfinite(s->value) ? with_value(s, n, gradient) : without_value(s);
    for (size_t i = 0; i < n; i++)
        s->gradient[i] = s->regularity == EG_DIFFERENTIABLE ? gradient[i] : (double)NAN;
    if (s->regularity == EG_DIFFERENTIABLE)
        s->approaches = 0;
}

/* ---- the call ----------------------------------------------------------------------------------
 */

static bool finite_all(const double numbers[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(numbers[i]))
            return false;
    return true;
}

/* Whether value and derivatives are there and nothing around denies them. */
static eg_status believe(const eg_expr *expr, const double point[], eg_surface *s, bool *believed,
                         eg_error *error)
{
    trial t = {.expr = expr, .point = point, .at = s};
    *believed = false;
    if (!isfinite(s->value) || !finite_all(s->gradient, eg_expr_variables(expr)))
        return EG_OK;
    bool contradicted = true;
    double within[2];
    eg_status status = eg_expr_bounds(expr, point, point, within, NULL, NULL, error);
    if (status == EG_OK && isfinite(within[1] - within[0]))
        t.noise = within[1] - within[0];
    if (status == EG_OK)
        status = test_plane(&t, s->approach, &contradicted, error);
    *believed = status == EG_OK && !contradicted;
    return status;
}

/* The norm, and whether it is 0. */
static eg_status measure(const eg_expr *expr, const double point[], eg_surface *s, eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double radius[EG_EXPR_VARIABLES] = {0};
    s->norm = 0;
    for (size_t i = 0; i < n; i++)
        s->norm = hypot(s->norm, s->gradient[i]);
    if (s->regularity != EG_DIFFERENTIABLE)
        return EG_OK;
    eg_status status = eg_surface_rounding(expr, point, &(eg_rounding){.gradient = radius}, error);
    s->critical = status == EG_OK;
    for (size_t i = 0; i < n; i++)
        s->critical = s->critical && fabs(s->gradient[i]) <= radius[i];
    return status;
}

eg_status eg_surface_analyze(const eg_expr *expr, const double point[], eg_surface *result,
                             eg_error *error)
{
    bool believed = false;
    *result = (eg_surface){.regularity = EG_DIFFERENTIABLE};
    eg_status status = eg_expr_eval(expr, point, &result->value, result->gradient, NULL, error);
    if (status == EG_OK)
        status = believe(expr, point, result, &believed, error);
    result->limit = result->value;
    if (status == EG_OK && !believed) {
        status = eg_surface_surroundings(expr, point, result, error);
        if (status == EG_OK)
            classify(result, eg_expr_variables(expr));
    }
    return status == EG_OK ? measure(expr, point, result, error) : status;
}
