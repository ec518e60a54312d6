/* SPDX-License-Identifier: MIT */
/* Paths to a point, and the limits of f along them. */
#include <math.h>

#include "core/status.h"
#include "surface/surface.h"

/* samples at distances 2^-FIRST_EXPONENT of the length scale, each half the one before */
enum { SAMPLES = 22, FIRST_EXPONENT = 2, ANGLES = 16 };

static const double radians_per_degree = 0.017453292519943295769;

static void add_ray(eg_path_limit *paths, size_t *count, size_t i, size_t j, double ci, double cj)
{
    if (*count < EG_PATH_LIMITS)
        paths[(*count)++] = (eg_path_limit){.i = i, .j = j, .direction = {ci, cj}};
}

/* Adds paths in the plane of variables i and j that are not along its axes: twelve of 16 equal
 * angles, or (angles 4) the four diagonals. */
static void add_plane_rays(eg_path_limit *paths, size_t *count, size_t i, size_t j, int angles)
{
    for (int k = 0; k < angles; k++) {
        double angle = 360.0 * (k + (angles == 4 ? 0.5 : 0)) / angles;
        if (fmod(angle, 90) != 0)
            add_ray(paths, count, i, j, cos(angle * radians_per_degree),
                    sin(angle * radians_per_degree));
    }
}

/* Adds the parabolas x_j = +-x_i^2, from both sides. */
static void add_parabolas(eg_path_limit *paths, size_t *count, size_t i, size_t j)
{
    for (int side = 0; side < 4 && *count < EG_PATH_LIMITS; side++)
        paths[(*count)++] = (eg_path_limit){
            .i = i, .j = j, .direction = {side & 1 ? -1 : 1, 0}, .curvature = side & 2 ? -1 : 1};
}

size_t eg_surface_paths(size_t variables, eg_path_limit *paths)
{
    size_t count = 0;
    for (size_t i = 0; i < variables; i++) {
        size_t other = variables == 1 ? i : (i + 1) % variables;
        add_ray(paths, &count, i, other, 1, 0);
        add_ray(paths, &count, i, other, -1, 0);
    }
    for (size_t i = 0; i < variables; i++)
        for (size_t j = i + 1; j < variables; j++)
            add_plane_rays(paths, &count, i, j, variables == 2 ? ANGLES : 4);
    for (size_t i = 0; i < variables; i++)
        for (size_t j = 0; j < variables; j++)
            if (i != j)
                add_parabolas(paths, &count, i, j);
    return count;
}

double eg_surface_length_scale(const double point[], size_t n)
{
    double scale = 1;
    for (size_t i = 0; i < n; i++)
        scale = fmax(scale, fabs(point[i]));
    return scale;
}

void eg_surface_path_point(const eg_path_limit *path, const double point[], size_t n, double t,
                           double out[])
{
    for (size_t i = 0; i < n; i++)
        out[i] = point[i];
    out[path->i] += t * path->direction[0];
    if (path->j != path->i)
        out[path->j] += t * path->direction[1] + t * t * path->curvature;
}

/* Evaluates f along a path at the distances, which descend. */
static eg_status values_along(const eg_expr *expr, const eg_path_limit *path, const double point[],
                              const double distances[], double values[], eg_error *error)
{
    double at[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    for (int k = 0; k < SAMPLES && status == EG_OK; k++) {
        eg_surface_path_point(path, point, eg_expr_variables(expr), distances[k], at);
        status = eg_expr_eval(expr, at, &values[k], NULL, NULL, error);
    }
    return status;
}

/* Estimates the slope by difference quotients: from the value at the point, or between successive
 * samples if it is undefined. */
static eg_limit slope_along(const double values[], const double distances[], double value)
{
    double slopes[SAMPLES];
    bool defined = isfinite(value);
    int count = defined ? SAMPLES : SAMPLES - 1;
    for (int k = 0; k < count; k++) {
        double from = defined ? value : values[k + 1], start = defined ? 0 : distances[k + 1];
        slopes[k] = (values[k] - from) / (distances[k] - start);
    }
    return eg_estimate_limit(slopes, (size_t)count);
}

eg_status eg_surface_sample_path(const eg_expr *expr, const double point[], double value,
                                 eg_path_limit *path, eg_error *error)
{
    double distances[SAMPLES], values[SAMPLES];
    double scale = eg_surface_length_scale(point, eg_expr_variables(expr));
    for (int k = 0; k < SAMPLES; k++)
        distances[k] = ldexp(scale, -FIRST_EXPONENT - k);
    eg_status status = values_along(expr, path, point, distances, values, error);
    if (status != EG_OK)
        return status;
    path->value = eg_estimate_limit(values, SAMPLES);
    path->slope = (eg_limit){.kind = EG_LIMIT_UNDEFINED, .value = (double)NAN};
    if (isfinite(value) || path->value.kind == EG_LIMIT_FINITE)
        path->slope = slope_along(values, distances, value);
    return EG_OK;
}

eg_status eg_surface_path_limits(const eg_expr *expr, const double point[], eg_surface *result,
                                 eg_error *error)
{
    eg_status status = EG_OK;
    result->path_limit_count = eg_surface_paths(eg_expr_variables(expr), result->path_limits);
    for (size_t i = 0; i < result->path_limit_count && status == EG_OK; i++)
        status = eg_surface_sample_path(expr, point, result->value, &result->path_limits[i], error);
    return status;
}
