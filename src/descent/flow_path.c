/* SPDX-License-Identifier: MIT */
/*
 * eg_flow_path(): follows dx/dt = -grad z over a raster, the path of steepest descent. Valley
 * floors make this equation stiff (high curvature across, hardly any slope along), so steps are
 * linearly implicit: ROS2 (Verwer and others 1999), which is L-stable and of second order for any
 * approximation of the Jacobian. The approximation is -H+, H+ being the Hessian without its
 * negative eigenvalues, so that the matrix to invert is always positive definite. In a pit the
 * steps become Newton steps. Lengths are those on the ground, in units of a cell.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "gradient/eigen.h"
#include "gradient/field.h"

#define GAMMA (1 - 0.70710678118654752440) /* 1 - 1/sqrt(2) */

/* Bound on the difference between the steps of first and second order, in cells. The error of the
 * second-order step is about a tenth of it. */
#define TOLERANCE 0.01

#define EDGE_DISTANCE 1e-6 /* cells: a blocked step this short has reached the edge */
#define MIN_STEP      1e-9 /* cells */
#define MAX_GROWTH    4.0  /* of dt from one step to the next */

enum { RING_POINTS = 32, MAX_HALVINGS = 6, MAX_TRIES = 400 };

typedef struct path_tracer {
    eg_context *ctx;
    eg_field field;
    const eg_grid *grid;
    const eg_ground *ground;
    const eg_flow_path_options *options;
    eg_flow_path_result *result;
    double sign; /* -1 uphill: heights, gradients and Hessians in here are those to descend */
    double cell; /* unit of length in metres: the shorter side of a cell at the start */
    double height_unit; /* metres in a unit of the heights */
    double dt;
    double started; /* eg_seconds() */
    bool blocked;   /* a trial of this step led outside the surface */
} path_tracer;

typedef struct path_point {
    double at[2]; /* column, row */
    double height;
    double scale[2];    /* size of a cell here, in units of length */
    double velocity[2]; /* -grad z, in units of length */
    double hessian[4];  /* by column and row */
} path_point;

typedef enum step_outcome { STEP_TAKEN, STANDSTILL, BLOCKED } step_outcome;

void eg_flow_path_default(eg_flow_path_options *options)
{
    *options = (eg_flow_path_options){.stride = 0.25, .steps = 1000000};
}

/* ---- surface ---- */

/* Evaluates the surface at column, row `at`. Returns false if it has no value or gradient there. */
static bool evaluate_point(path_tracer *t, const double at[2], path_point *p, bool hessian)
{
    double gradient[2], metres[2] = {1, 1};
    memcpy(p->at, at, sizeof p->at);
    t->field.at(&t->field, at, &p->height, gradient, hessian ? p->hessian : NULL, NULL);
    t->result->evaluations++;
    if (t->ground)
        eg_ground_at(t->ground, at[1], &metres[0], &metres[1], NULL);
    p->height *= t->sign;
    for (int i = 0; i < 2; i++) {
        p->scale[i] = metres[i] / t->cell;
        p->velocity[i] = -t->sign * gradient[i] / p->scale[i];
    }
    return isfinite(p->height) && isfinite(p->velocity[0]) && isfinite(p->velocity[1]);
}

static double speed_of(const path_point *p)
{
    return eg_hypotenuse(p->velocity[0], p->velocity[1]);
}

/* Returns an upper bound on the rounding error of the height. */
static double height_rounding(const path_point *p)
{
    return 64 * DBL_EPSILON * fabs(p->height) + DBL_MIN;
}

static bool is_level(const path_tracer *t, const path_point *p)
{
    return speed_of(p) <=
           fmax(height_rounding(p), t->options->level_slope * t->cell / t->height_unit);
}

static eg_flow_path_point public_point(const path_tracer *t, const path_point *p, size_t step,
                                       double distance)
{
    return (eg_flow_path_point){
        .step = step,
        .at = {p->at[0], p->at[1]},
        .height = t->sign * p->height,
        .distance = distance,
        .slope = speed_of(p) / t->cell * t->height_unit,
    };
}

/* ---- one step ---- */

/* Computes the inverse of I + GAMMA dt H+. */
static void invert_stage_matrix(const path_tracer *t, const path_point *p, double inverse[4])
{
    double matrix[4], eigenvalues[2], axes[4], spread = GAMMA * t->dt;
    for (int i = 0; i < 4; i++)
        matrix[i] = t->sign * p->hessian[i] / (p->scale[i / 2] * p->scale[i % 2]);
    eg_eigen(matrix, 2, eigenvalues, axes);
    for (int i = 0; i < 2; i++)
        eigenvalues[i] = 1 / (1 + spread * fmax(0, eigenvalues[i]));
    for (int i = 0; i < 4; i++)
        inverse[i] = eigenvalues[0] * axes[i / 2] * axes[i % 2] +
                     eigenvalues[1] * axes[2 + i / 2] * axes[2 + i % 2];
}

static void multiply(const double m[4], double x, double y, double out[2])
{
    out[0] = m[0] * x + m[1] * y;
    out[1] = m[2] * x + m[3] * y;
}

/* Computes a ROS2 step: its end, its length, and its difference from the first-order step. Returns
 * false if the surface has no value at a stage; *length is then that of the stage. */
static bool try_step(path_tracer *t, const path_point *from, path_point *to, double *length,
                     double *error)
{
    double inverse[4], k1[2], k2[2], move[2], at[2];
    path_point stage;
    invert_stage_matrix(t, from, inverse);
    multiply(inverse, from->velocity[0], from->velocity[1], k1);
    for (int i = 0; i < 2; i++)
        at[i] = from->at[i] + t->dt * k1[i] / from->scale[i];
    *length = t->dt * eg_hypotenuse(k1[0], k1[1]);
    if (!evaluate_point(t, at, &stage, false))
        return false;
    /* Velocity of the stage in the scales of the start. */
    double x = stage.velocity[0] * from->scale[0] / stage.scale[0];
    double y = stage.velocity[1] * from->scale[1] / stage.scale[1];
    multiply(inverse, x - 2 * k1[0], y - 2 * k1[1], k2);
    for (int i = 0; i < 2; i++) {
        move[i] = t->dt * (1.5 * k1[i] + 0.5 * k2[i]);
        at[i] = from->at[i] + move[i] / from->scale[i];
    }
    *length = eg_hypotenuse(move[0], move[1]);
    *error = t->dt / 2 * eg_hypotenuse(k1[0] + k2[0], k1[1] + k2[1]);
    return evaluate_point(t, at, to, true);
}

/* Returns true if `to` is lower, or equally high and less than half as steep. */
static bool descends(const path_point *to, const path_point *from)
{
    return to->height < from->height ||
           (to->height == from->height && speed_of(to) < speed_of(from) / 2);
}

/* Adapts dt until a step descends, is at most a stride long, and meets TOLERANCE. */
static step_outcome take_step(path_tracer *t, const path_point *from, path_point *to)
{
    const double stride = t->options->stride;
    double length, error = 0;
    t->blocked = false;
    for (int tries = 0; tries < MAX_TRIES; tries++) {
        if (!try_step(t, from, to, &length, &error)) {
            t->blocked = true;
            if (length < EDGE_DISTANCE)
                return BLOCKED;
            t->dt *= fmax(0.05, fmin(0.5, stride / length));
        } else if (length > 1.001 * stride) {
            t->dt *= fmax(0.05, 0.95 * stride / length);
        } else if (error > TOLERANCE) {
            t->dt *= fmax(0.2, 0.9 * sqrt(TOLERANCE / error));
        } else if (descends(to, from)) {
            double growth =
                fmin(0.9 * sqrt(TOLERANCE / fmax(error, 1e-30)), 0.95 * stride / length);
            t->dt *= fmax(0.5, fmin(MAX_GROWTH, growth));
            return STEP_TAKEN;
        } else if (length < MIN_STEP) {
            return t->blocked ? BLOCKED : STANDSTILL;
        } else {
            t->dt /= 4;
        }
    }
    return STANDSTILL;
}

/* ---- end of the path ---- */

/* Classifies a point from which no step descends by the heights on a ring around it, which is
 * halved while it contains a lower point. Returns true, with *to the lowest one, if the path goes
 * on there: beside missing samples the surface may have a step. Else sets result->end. */
static bool classify_end(path_tracer *t, const path_point *here, path_point *to)
{
    double radius = 1, rounding = height_rounding(here);
    int level, lower, tries = 0;
    do {
        double lowest = here->height;
        radius /= 2;
        level = lower = 0;
        for (int i = 0; i < RING_POINTS; i++) {
            double angle = 2 * 3.14159265358979323846 * i / RING_POINTS;
            const double at[2] = {here->at[0] + radius * cos(angle),
                                  here->at[1] + radius * sin(angle)};
            path_point p;
            if (!evaluate_point(t, at, &p, true))
                continue;
            double rise = p.height - here->height;
            level += rise <= rounding && rise >= -rounding;
            lower += rise < -rounding;
            if (p.height < lowest) {
                lowest = p.height;
                *to = p;
            }
        }
    } while (lower > 0 && tries++ < MAX_HALVINGS);
    t->result->ring_radius = radius;
    if (lower > 0 && !is_level(t, here) && speed_of(here) * radius > 1e3 * rounding)
        return true;
    t->result->end = lower > 0   ? EG_FLOW_PATH_SADDLE
                     : level > 0 ? EG_FLOW_PATH_LEVEL
                                 : EG_FLOW_PATH_PIT;
    return false;
}

/* Returns true if the path leaves the raster beside `here`. Sets *moved if it descends to the edge,
 * and *to to the point there. */
static bool leaves_raster(path_tracer *t, const path_point *here, path_point *to, bool *moved)
{
    const double last[2] = {(double)(t->grid->width - 1), (double)(t->grid->height - 1)};
    double cells[2], at[2], time = INFINITY, edge = NAN; /* cells: velocity in columns and rows */
    int axis = -1;
    for (int i = 0; i < 2; i++) {
        cells[i] = here->velocity[i] / here->scale[i];
        double distance = cells[i] < 0 ? here->at[i] : last[i] - here->at[i];
        if (cells[i] != 0 && distance <= 4 * EDGE_DISTANCE && distance / fabs(cells[i]) < time) {
            axis = i;
            time = distance / fabs(cells[i]);
            edge = cells[i] < 0 ? 0 : last[i];
        }
    }
    if (axis < 0)
        return false;
    for (int i = 0; i < 2; i++)
        at[i] = i == axis ? edge : here->at[i] + time * cells[i];
    *moved = time > 0 && evaluate_point(t, at, to, true) && descends(to, here);
    return true;
}

/* Returns true if the path was cancelled, or has used up its steps or its time. */
static bool limit_reached(const path_tracer *t, size_t steps, eg_flow_path_end *end)
{
    *end = EG_FLOW_PATH_CANCELLED;
    if (eg_cancelled(t->ctx))
        return true;
    *end = EG_FLOW_PATH_STEPS;
    if (steps >= t->options->steps)
        return true;
    *end = EG_FLOW_PATH_TIME;
    return t->options->seconds > 0 && eg_seconds() - t->started >= t->options->seconds;
}

/* ---- the path ---- */

/* Computes the point after *here. Returns false at the end of the path, which may have one more
 * point (*moved) on the edge of the raster. */
static bool next_point(path_tracer *t, const path_point *here, path_point *next, bool *moved)
{
    *moved = false;
    if (is_level(t, here))
        return *moved = classify_end(t, here, next), *moved;
    if (t->dt == 0 || !isfinite(t->dt))
        t->dt = t->options->stride / 2 / speed_of(here);
    switch (take_step(t, here, next)) {
    case STEP_TAKEN:
        return *moved = true;
    case BLOCKED:
        t->result->end = EG_FLOW_PATH_EDGE;
        if (!leaves_raster(t, here, next, moved))
            t->result->end = EG_FLOW_PATH_MISSING;
        return false;
    default:
        t->dt = 0;
        return *moved = classify_end(t, here, next), *moved;
    }
}

static void report_point(const path_tracer *t, const eg_flow_path_point *point)
{
    if (t->options->on_point)
        t->options->on_point(t->options->opaque, point);
}

static void trace_path(path_tracer *t, path_point here)
{
    eg_flow_path_result *r = t->result;
    bool going = true, moved;
    r->first = r->last = public_point(t, &here, 0, 0);
    report_point(t, &r->first);
    while (going && !limit_reached(t, r->steps, &r->end)) {
        path_point next;
        going = next_point(t, &here, &next, &moved);
        if (!moved)
            continue;
        double x = (next.at[0] - here.at[0]) * (here.scale[0] + next.scale[0]) / 2;
        double y = (next.at[1] - here.at[1]) * (here.scale[1] + next.scale[1]) / 2;
        r->steps++;
        r->last =
            public_point(t, &next, r->steps, r->last.distance + t->cell * eg_hypotenuse(x, y));
        here = next;
        report_point(t, &r->last);
    }
}

static eg_status check_options(const eg_grid *grid, const eg_flow_path_options *o, eg_error *error)
{
    if (grid->width < 2 || grid->height < 2)
        return eg_fail(error, EG_USAGE, "a flow path needs at least 2 x 2 samples, not %zu x %zu",
                       grid->width, grid->height);
    if (!(o->stride > 1e-3 && o->stride <= 1))
        return eg_fail(error, EG_USAGE, "the stride must be 0.001 to 1 cells, not %g", o->stride);
    if (!(o->seconds >= 0) || !(o->level_slope >= 0) || !isfinite(o->level_slope))
        return eg_fail(error, EG_USAGE,
                       "the time limit and the slope of level ground must be 0 or more");
    return EG_OK;
}

eg_status eg_flow_path(eg_context *ctx, const eg_grid *grid, const eg_ground *ground,
                       const double start[2], const eg_flow_path_options *options,
                       eg_flow_path_result *result, eg_error *error)
{
    path_tracer t = {.ctx = ctx,
                     .grid = grid,
                     .ground = ground,
                     .options = options,
                     .result = result,
                     .sign = options->uphill ? -1 : 1,
                     .cell = 1,
                     .height_unit = 1};
    path_point here;
    *result = (eg_flow_path_result){.end = EG_FLOW_PATH_STEPS};
    eg_status status = eg_field_grid(&t.field, grid, error);
    if (status == EG_OK)
        status = check_options(grid, options, error);
    if (status != EG_OK)
        return status;
    t.started = eg_seconds();
    if (ground) {
        double x, y;
        eg_ground_at(ground, start[1], &x, &y, &t.height_unit);
        t.cell = fmin(x, y);
        if (t.height_unit < 0) { /* the raster holds depths */
            t.sign = -t.sign;
            t.height_unit = -t.height_unit;
        }
    }
    if (!(isfinite(start[0]) && isfinite(start[1])) || !(t.cell > 0) ||
        !evaluate_point(&t, start, &here, true))
        return eg_fail(error, EG_USAGE, "there is no height at column %.10g, row %.10g", start[0],
                       start[1]);
    trace_path(&t, here);
    return EG_OK;
}
