/* SPDX-License-Identifier: MIT */
/* Differentiability of an expression at a point: checks the gradient against values around the
 * point, and classifies points without one. */
#include <math.h>

#include "core/context.h"
#include "core/portable_math.h"
#include "expr/expr.h"
#include "surface/surface.h"

/* ---- residuals of the tangent plane ---- */

/* samples of a path at distances 2^-FIRST_EXPONENT of the length scale, each a sixteenth of the one
 * before */
enum { SAMPLES = 7, FIRST_EXPONENT = 8 };

/* Convergence threshold: from one sample to the next, the relative residual of a tangent plane
 * shrinks by a factor below this. */
static const double max_shrink_factor = 0.7;

typedef struct tangent_test {
    const eg_expr *expr;
    const double *point;
    const eg_surface *at;
    double rounding; /* rounding error of a value */
} tangent_test;

/* Computes the residuals of the tangent plane along one path, divided by the distance; 0 where
 * rounding may explain the residual. */
static eg_status compute_residuals(const tangent_test *t, const eg_path_limit *path,
                                   double residuals[SAMPLES], eg_error *error)
{
    size_t n = eg_expr_variables(t->expr);
    double sample[EG_EXPR_VARIABLES], scale = eg_surface_length_scale(t->point, n);
    for (int k = 0; k < SAMPLES; k++) {
        double h = ldexp(scale, -FIRST_EXPONENT - 4 * k), value, plane = t->at->value;
        eg_surface_path_point(path, t->point, n, h, sample);
        eg_status status = eg_expr_eval(t->expr, sample, &value, NULL, NULL, error);
        if (status != EG_OK)
            return status;
        for (size_t i = 0; i < n; i++)
            plane += t->at->gradient[i] * (sample[i] - t->point[i]);
        double residual = fabs(value - plane),
               rounding = t->rounding + 0x1p-50 * (fabs(value) + fabs(plane));
        residuals[k] = residual <= 4 * rounding ? 0 : residual / h;
    }
    return EG_OK;
}

/* Returns true if no tangent plane has these residuals: the last one that is not 0 and the two
 * before it do not shrink, or there is no value nearby (NaN). */
static bool residuals_contradict(const double residuals[SAMPLES])
{
    int last = -1;
    for (int k = 0; k < SAMPLES; k++)
        if (residuals[k] != 0)
            last = k;
    if (last < 2)
        return false;
    bool converges = residuals[last] < max_shrink_factor * residuals[last - 1] ||
                     residuals[last - 1] < max_shrink_factor * residuals[last - 2];
    return !converges;
}

/* Sets *contradicted to true if the values along some path contradict the gradient. */
static eg_status find_contradiction(const tangent_test *t, eg_path_limit *paths, bool *contradicted,
                                    eg_error *error)
{
    double residuals[SAMPLES];
    eg_status status = EG_OK;
    size_t count = eg_surface_paths(eg_expr_variables(t->expr), paths);
    *contradicted = false;
    for (size_t i = 0; i < count && !*contradicted && status == EG_OK; i++) {
        status = compute_residuals(t, &paths[i], residuals, error);
        *contradicted = status == EG_OK && residuals_contradict(residuals);
    }
    return status;
}

/* ---- classification by the limits along paths ---- */

static bool nearly_equal(double a, double b, double scale)
{
    return fabs(a - b) <= 1e-4 * scale;
}

static bool any_path_has(const eg_surface *s, eg_limit_kind kind, bool slope)
{
    for (size_t i = 0; i < s->path_limit_count; i++)
        if ((slope ? s->path_limits[i].slope : s->path_limits[i].value).kind == kind)
            return true;
    return false;
}

/* Returns the limit that all paths with values have in common, NaN if there is none. */
static double common_limit(const eg_surface *s)
{
    double limit = NAN;
    for (size_t i = 0; i < s->path_limit_count; i++) {
        eg_limit v = s->path_limits[i].value;
        if (v.kind == EG_LIMIT_UNDEFINED)
            continue;
        if (v.kind != EG_LIMIT_FINITE ||
            (!isnan(limit) && !nearly_equal(v.value, limit, fabs(limit) + 1e-3)))
            return NAN;
        limit = isnan(limit) ? v.value : limit;
    }
    return limit;
}

/* Computes the gradient from the slopes along the axes. Returns false if the slope along another
 * path does not fit. */
static bool fit_plane(const eg_surface *s, size_t n, double gradient[])
{
    double scale = 0;
    for (size_t i = 0; i < n; i++) {
        gradient[i] = s->path_limits[2 * i].slope.value;
        scale = fmax(scale, fabs(gradient[i]));
    }
    for (size_t i = 0; i < s->path_limit_count; i++) {
        const eg_path_limit *a = &s->path_limits[i];
        double slope = gradient[a->i] * a->direction[0] +
                       (a->j == a->i ? 0 : gradient[a->j] * a->direction[1]);
        if (a->slope.kind != EG_LIMIT_FINITE || !nearly_equal(a->slope.value, slope, scale + 1e-3))
            return false;
    }
    return true;
}

static eg_differentiability classify_undefined(const eg_surface *s)
{
    if (any_path_has(s, EG_LIMIT_INFINITE, false))
        return EG_POLE;
    if (!isnan(s->limit))
        return EG_REMOVABLE_SINGULARITY;
    return any_path_has(s, EG_LIMIT_FINITE, false) || any_path_has(s, EG_LIMIT_NONE, false)
               ? EG_NO_LIMIT
               : EG_NO_VALUE;
}

static eg_differentiability classify_defined(const eg_surface *s, size_t n, double gradient[])
{
    if (any_path_has(s, EG_LIMIT_UNDEFINED, false))
        return EG_DOMAIN_BOUNDARY;
    if (isnan(s->limit) || !nearly_equal(s->limit, s->value, fabs(s->value) + 1e-3))
        return EG_JUMP_DISCONTINUITY;
    if (fit_plane(s, n, gradient))
        return EG_DIFFERENTIABLE;
    return any_path_has(s, EG_LIMIT_INFINITE, true) ? EG_VERTICAL_TANGENT : EG_CORNER;
}

/* Sets limits to 0 that are negligible beside the largest, because they are rounding errors of sums
 * that cancel. */
static void clear_rounding_residue(eg_surface *s)
{
    double value = 0, slope = 0;
    for (size_t i = 0; i < s->path_limit_count; i++) {
        if (s->path_limits[i].value.kind == EG_LIMIT_FINITE)
            value = fmax(value, fabs(s->path_limits[i].value.value));
        if (s->path_limits[i].slope.kind == EG_LIMIT_FINITE)
            slope = fmax(slope, fabs(s->path_limits[i].slope.value));
    }
    for (size_t i = 0; i < s->path_limit_count; i++) {
        double *v = &s->path_limits[i].value.value, *d = &s->path_limits[i].slope.value;
        *v = fabs(*v) <= 1e-9 * value ? 0 : *v;
        *d = fabs(*d) <= 1e-9 * slope ? 0 : *d;
    }
}

static void classify(eg_surface *s, size_t n)
{
    double gradient[EG_EXPR_VARIABLES];
    clear_rounding_residue(s);
    s->limit = common_limit(s);
    s->differentiability =
        isfinite(s->value) ? classify_defined(s, n, gradient) : classify_undefined(s);
    for (size_t i = 0; i < n; i++)
        s->gradient[i] = s->differentiability == EG_DIFFERENTIABLE ? gradient[i] : (double)NAN;
    if (s->differentiability == EG_DIFFERENTIABLE)
        s->path_limit_count = 0;
}

/* ---- analysis of a point ---- */

static bool all_finite(const double numbers[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(numbers[i]))
            return false;
    return true;
}

/* Sets *fits to true if value and gradient are finite and no value around the point contradicts the
 * tangent plane. */
static eg_status check_tangent_plane(const eg_expr *expr, const double point[], eg_surface *s,
                                     bool *fits, eg_error *error)
{
    tangent_test t = {.expr = expr, .point = point, .at = s};
    *fits = false;
    if (!isfinite(s->value) || !all_finite(s->gradient, eg_expr_variables(expr)))
        return EG_OK;
    bool contradicted = true;
    double bounds[2];
    eg_status status = eg_expr_bounds(expr, point, point, bounds, NULL, NULL, error);
    if (status == EG_OK && isfinite(bounds[1] - bounds[0]))
        t.rounding = bounds[1] - bounds[0];
    if (status == EG_OK)
        status = find_contradiction(&t, s->path_limits, &contradicted, error);
    *fits = status == EG_OK && !contradicted;
    return status;
}

/* Computes the norm of the gradient, and whether the gradient is 0. */
static eg_status compute_norm(const eg_expr *expr, const double point[], eg_surface *s,
                              eg_error *error)
{
    size_t n = eg_expr_variables(expr);
    double gradient_error[EG_EXPR_VARIABLES] = {0};
    s->norm = 0;
    for (size_t i = 0; i < n; i++)
        s->norm = eg_hypotenuse(s->norm, s->gradient[i]);
    if (s->differentiability != EG_DIFFERENTIABLE)
        return EG_OK;
    bool smooth;
    eg_status status =
        eg_surface_rounding(expr, point, &(eg_rounding){.gradient = gradient_error}, error);
    if (status == EG_OK)
        status = eg_surface_is_smooth(expr, point, point, &smooth, error);
    for (size_t i = 0; i < n && status == EG_OK && !smooth; i++) /* bounds of both sides */
        gradient_error[i] = fmin(gradient_error[i], 1e-9 * (1 + fabs(s->value)));
    s->critical = status == EG_OK;
    for (size_t i = 0; i < n; i++)
        s->critical = s->critical && fabs(s->gradient[i]) <= gradient_error[i];
    return status;
}

eg_status eg_surface_analyze(const eg_expr *expr, const double point[], eg_surface *result,
                             eg_error *error)
{
    bool fits = false;
    *result = (eg_surface){.differentiability = EG_DIFFERENTIABLE};
    eg_status status = eg_expr_eval(expr, point, &result->value, result->gradient, NULL, error);
    if (status == EG_OK)
        status = check_tangent_plane(expr, point, result, &fits, error);
    result->limit = result->value;
    if (status == EG_OK && !fits) {
        status = eg_surface_path_limits(expr, point, result, error);
        if (status == EG_OK)
            classify(result, eg_expr_variables(expr));
    }
    return status == EG_OK ? compute_norm(expr, point, result, error) : status;
}
