/* SPDX-License-Identifier: MIT */
/* The ways to a point, and what f does along them. */
#include <math.h>

#include "core/status.h"
#include "surface/surface.h"

/* Distances from 2^-2 of the reach on, halved each time. */
enum { DISTANCES = 22, FIRST_HALVING = 2, ANGLES = 16 };

static const double degree = 0.017453292519943295769;

static void add_line(eg_path_limit *ways, size_t *count, size_t i, size_t j, double ci, double cj)
{
    if (*count < EG_PATH_LIMITS)
        ways[(*count)++] = (eg_path_limit){.i = i, .j = j, .along = {ci, cj}};
}

/* Sixteen ways around the plane of i and j that are not along its axes, or only the four between
 * those. */
static void add_plane(eg_path_limit *ways, size_t *count, size_t i, size_t j, int angles)
{
    for (int k = 0; k < angles; k++) {
        double angle = 360.0 * (k + (angles == 4 ? 0.5 : 0)) / angles;
        if (fmod(angle, 90) != 0)
            add_line(ways, count, i, j, cos(angle * degree), sin(angle * degree));
    }
}

/* Variable j as the square of variable i, both up and down, from both sides. */
static void add_parabolas(eg_path_limit *ways, size_t *count, size_t i, size_t j)
{
    for (int side = 0; side < 4 && *count < EG_PATH_LIMITS; side++)
        ways[(*count)++] = (eg_path_limit){
            .i = i, .j = j, .along = {side & 1 ? -1 : 1, 0}, .bend = side & 2 ? -1 : 1};
}

size_t eg_surface_directions(size_t variables, eg_path_limit *ways)
{
    size_t count = 0;
    for (size_t i = 0; i < variables; i++) {
        size_t other = variables == 1 ? i : (i + 1) % variables;
        add_line(ways, &count, i, other, 1, 0);
        add_line(ways, &count, i, other, -1, 0);
    }
    for (size_t i = 0; i < variables; i++)
        for (size_t j = i + 1; j < variables; j++)
            add_plane(ways, &count, i, j, variables == 2 ? ANGLES : 4);
    for (size_t i = 0; i < variables; i++)
        for (size_t j = 0; j < variables; j++)
            if (i != j)
                add_parabolas(ways, &count, i, j);
    return count;
}

double eg_surface_reach(const double point[], size_t n)
{
    double reach = 1;
    for (size_t i = 0; i < n; i++)
        reach = fmax(reach, fabs(point[i]));
    return reach;
}

void eg_surface_walk(const eg_path_limit *way, const double point[], size_t n, double t,
                     double out[])
{
    for (size_t i = 0; i < n; i++)
        out[i] = point[i];
    out[way->i] += t * way->along[0];
    if (way->j != way->i)
        out[way->j] += t * way->along[1] + t * t * way->bend;
}

/* f at the distances, the nearest last. */
static eg_status values_along(const eg_expr *expr, const eg_path_limit *way, const double point[],
                              const double distances[], double values[], eg_error *error)
{
    double at[EG_EXPR_VARIABLES];
    eg_status status = EG_OK;
    for (int k = 0; k < DISTANCES && status == EG_OK; k++) {
        eg_surface_walk(way, point, eg_expr_variables(expr), distances[k], at);
        status = eg_expr_eval(expr, at, &values[k], NULL, NULL, error);
    }
    return status;
}

/* From the value at the point, or where there is none from one distance to the next. */
static eg_limit slope_along(const double values[], const double distances[], double value)
{
    double slopes[DISTANCES];
    bool there = isfinite(value);
    int count = there ? DISTANCES : DISTANCES - 1;
    for (int k = 0; k < count; k++) {
        double from = there ? value : values[k + 1], start = there ? 0 : distances[k + 1];
        slopes[k] = (values[k] - from) / (distances[k] - start);
    }
    return eg_limit_of(slopes, (size_t)count);
}

static eg_status try_way(const eg_expr *expr, const double point[], double value,
                         eg_path_limit *way, eg_error *error)
{
    double distances[DISTANCES], values[DISTANCES];
    double reach = eg_surface_reach(point, eg_expr_variables(expr));
    for (int k = 0; k < DISTANCES; k++)
        distances[k] = ldexp(reach, -FIRST_HALVING - k);
    eg_status status = values_along(expr, way, point, distances, values, error);
    if (status != EG_OK)
        return status;
    way->value = eg_limit_of(values, DISTANCES);
    way->slope = (eg_limit){EG_LIMIT_UNDEFINED, (double)NAN};
    if (isfinite(value) || way->value.kind == EG_LIMIT_FINITE)
        way->slope = slope_along(values, distances, value);
    return EG_OK;
}

eg_status eg_surface_surroundings(const eg_expr *expr, const double point[], eg_surface *result,
                                  eg_error *error)
{
    eg_status status = EG_OK;
    result->approaches = eg_surface_directions(eg_expr_variables(expr), result->approach);
    for (size_t i = 0; i < result->approaches && status == EG_OK; i++)
        status = try_way(expr, point, result->value, &result->approach[i], error);
    return status;
}
