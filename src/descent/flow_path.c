/* SPDX-License-Identifier: MIT */
/*
 * The way water takes down a raster: dx/dt = -grad z, followed not in time but along its track. The
 * floors of valleys make that stiff (across, the ground is steep and bent; along, almost level), so
 * steps are linearly implicit: ROS2 (Verwer and others 1999), of second order whatever stands for
 * the Jacobian, and L-stable. What stands for it is -H+, the Hessian without its negative
 * eigenvalues, so that the matrix to solve with is always positive definite. In a pit the same
 * steps become Newton's. Lengths are those on the ground, in units of a cell.
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "core/context.h"
#include "core/status.h"
#include "gradient/eigen.h"
#include "gradient/field.h"

#define GAMMA (1 - 0.70710678118654752440) /* 1 - 1/sqrt(2) */
#define TOLERANCE                                                                                  \
    0.01 /* cells between the steps of first and of second order: ten times what is lost */
#define SHORTEST 1e-6 /* cells: what a step before an edge may leave */
#define STILL    1e-9 /* cells */
#define GROWTH   4.0

enum { RING = 32, RING_HALVES = 6, PATIENCE = 400 };

typedef struct trail {
    eg_context *ctx;
    eg_field field;
    const eg_grid *grid;
    const eg_ground *ground;
    const eg_flow_path_options *options;
    eg_flow_path_result *result;
    double sign;        /* -1: uphill. Heights, gradients and Hessians in here go down */
    double cell;        /* metres in a unit of length: the shorter side of a cell at the start */
    double height_unit; /* of the slope */
    double dt;
    double begun;
    bool blocked; /* the last try led where there is no value */
} trail;

/* A place on the way: scale[] is the size of a cell there, speed[] the way water goes, in units of
 * length. */
typedef struct spot {
    double at[2], height, scale[2], speed[2], hessian[4];
} spot;

typedef enum advance { MOVED, STANDSTILL, BLOCKED } advance;

void eg_flow_path_default(eg_flow_path_options *options)
{
    *options = (eg_flow_path_options){.stride = 0.25, .steps = 1000000};
}

static double seconds_now(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the ground ---- */

/* False where there is no value. */
static bool look(trail *t, const double at[2], spot *s, bool bent)
{
    double gradient[2], metres[2] = {1, 1};
    memcpy(s->at, at, sizeof s->at);
    t->field.at(&t->field, at, &s->height, gradient, bent ? s->hessian : NULL, NULL);
    t->result->evaluations++;
    if (t->ground)
        eg_ground_at(t->ground, at[1], &metres[0], &metres[1], NULL);
    s->height *= t->sign;
    for (int i = 0; i < 2; i++) {
        s->scale[i] = metres[i] / t->cell;
        s->speed[i] = -t->sign * gradient[i] / s->scale[i];
    }
    return isfinite(s->height) && isfinite(s->speed[0]) && isfinite(s->speed[1]);
}

static double speed_of(const spot *s)
{
    return hypot(s->speed[0], s->speed[1]);
}

/* What rounding does to heights there, twice over. */
static double rounding(const spot *s)
{
    return 64 * DBL_EPSILON * fabs(s->height) + DBL_MIN;
}

static bool is_level(const trail *t, const spot *s)
{
    return speed_of(s) <= fmax(rounding(s), t->options->level * t->cell / t->height_unit);
}

static eg_flow_path_point point_of(const trail *t, const spot *s, size_t step, double distance)
{
    return (eg_flow_path_point){
        .step = step,
        .at = {s->at[0], s->at[1]},
        .height = t->sign * s->height,
        .distance = distance,
        .slope = speed_of(s) / t->cell * t->height_unit,
    };
}

/* ---- a step ---- */

/* I + GAMMA dt H+, inverted. */
static void invert(const trail *t, const spot *s, double inverse[4])
{
    double matrix[4], values[2], axes[4], spread = GAMMA * t->dt;
    for (int i = 0; i < 4; i++)
        matrix[i] = t->sign * s->hessian[i] / (s->scale[i / 2] * s->scale[i % 2]);
    eg_eigen(matrix, 2, values, axes);
    for (int i = 0; i < 2; i++)
        values[i] = 1 / (1 + spread * fmax(0, values[i]));
    for (int i = 0; i < 4; i++)
        inverse[i] =
            values[0] * axes[i / 2] * axes[i % 2] + values[1] * axes[2 + i / 2] * axes[2 + i % 2];
}

static void multiply(const double m[4], double x, double y, double out[2])
{
    out[0] = m[0] * x + m[1] * y;
    out[1] = m[2] * x + m[3] * y;
}

/* One of ROS2 from `from`: where it leads, its length, and how far it is from the step of first
 * order. False where the way to there has no values. */
static bool attempt(trail *t, const spot *from, spot *to, double *length, double *error)
{
    double inverse[4], k1[2], k2[2], move[2], at[2];
    spot between;
    invert(t, from, inverse);
    multiply(inverse, from->speed[0], from->speed[1], k1);
    for (int i = 0; i < 2; i++)
        at[i] = from->at[i] + t->dt * k1[i] / from->scale[i];
    *length = t->dt * hypot(k1[0], k1[1]);
    if (!look(t, at, &between, false))
        return false;
    /* The same speed in the scales of the start. */
    double x = between.speed[0] * from->scale[0] / between.scale[0];
    double y = between.speed[1] * from->scale[1] / between.scale[1];
    multiply(inverse, x - 2 * k1[0], y - 2 * k1[1], k2);
    for (int i = 0; i < 2; i++) {
        move[i] = t->dt * (1.5 * k1[i] + 0.5 * k2[i]);
        at[i] = from->at[i] + move[i] / from->scale[i];
    }
    *length = hypot(move[0], move[1]);
    *error = t->dt / 2 * hypot(k1[0] + k2[0], k1[1] + k2[1]);
    return look(t, at, to, true);
}

/* Down; or where heights can tell no more, to where it is flatter. */
static bool better(const spot *to, const spot *from)
{
    return to->height < from->height ||
           (to->height == from->height && speed_of(to) < speed_of(from) / 2);
}

/* Finds a step that is neither too long nor too far off, and leads down. */
static advance step_on(trail *t, const spot *from, spot *to, double *length)
{
    const double stride = t->options->stride;
    double error = 0;
    t->blocked = false;
    for (int tries = 0; tries < PATIENCE; tries++) {
        if (!attempt(t, from, to, length, &error)) {
            t->blocked = true;
            if (*length < SHORTEST)
                return BLOCKED;
            t->dt *= fmax(0.05, fmin(0.5, stride / *length));
        } else if (*length > 1.001 * stride) {
            t->dt *= fmax(0.05, 0.95 * stride / *length);
        } else if (error > TOLERANCE) {
            t->dt *= fmax(0.2, 0.9 * sqrt(TOLERANCE / error));
        } else if (better(to, from)) {
            double grown =
                fmin(0.9 * sqrt(TOLERANCE / fmax(error, 1e-30)), 0.95 * stride / *length);
            t->dt *= fmax(0.5, fmin(GROWTH, grown));
            return MOVED;
        } else if (*length < STILL) {
            return t->blocked ? BLOCKED : STANDSTILL;
        } else {
            t->dt /= 4;
        }
    }
    return STANDSTILL;
}

/* ---- where it ends ---- */

/* What lies in a circle of `radius` cells around: places higher, as high, lower than its middle;
 * the lowest. */
static void look_round(trail *t, const spot *middle, double radius, int counts[3], spot *lowest)
{
    double least = middle->height;
    memset(counts, 0, 3 * sizeof *counts);
    for (int i = 0; i < RING; i++) {
        double angle = 2 * 3.14159265358979323846 * i / RING;
        const double at[2] = {middle->at[0] + radius * cos(angle),
                              middle->at[1] + radius * sin(angle)};
        spot s;
        if (!look(t, at, &s, true))
            continue;
        double up = s.height - middle->height, noise = rounding(middle);
        counts[up > noise ? 0 : up >= -noise ? 1 : 2]++;
        if (s.height < least) {
            least = s.height;
            *lowest = s;
        }
    }
}

/* A place without a way down: which kind? Where the surface has a step (beside missing samples it
 * may), the way goes on below it: true, with *to there. */
static bool judge(trail *t, const spot *here, spot *to)
{
    double radius = 1;
    int counts[3], tries = 0;
    do {
        radius /= 2;
        look_round(t, here, radius, counts, to);
    } while (counts[2] > 0 && tries++ < RING_HALVES);
    t->result->ring = radius;
    if (counts[2] > 0 && !is_level(t, here) && speed_of(here) * radius > 1e3 * rounding(here))
        return true;
    t->result->end = counts[2] > 0   ? EG_FLOW_PATH_SADDLE
                     : counts[1] > 0 ? EG_FLOW_PATH_LEVEL
                                     : EG_FLOW_PATH_PIT;
    return false;
}

/* Whether the way on leaves the raster; then *to is where it does so, if that is lower still. */
static bool leaves(trail *t, const spot *here, spot *to, bool *moved)
{
    const double last[2] = {(double)(t->grid->width - 1), (double)(t->grid->height - 1)};
    double way[2], at[2], time = INFINITY, margin = NAN;
    int through = -1;
    for (int i = 0; i < 2; i++) {
        way[i] = here->speed[i] / here->scale[i];
        double room = way[i] < 0 ? here->at[i] : last[i] - here->at[i];
        if (way[i] != 0 && room <= 4 * SHORTEST && room / fabs(way[i]) < time) {
            through = i;
            time = room / fabs(way[i]);
            margin = way[i] < 0 ? 0 : last[i];
        }
    }
    if (through < 0)
        return false;
    for (int i = 0; i < 2; i++)
        at[i] = i == through ? margin : here->at[i] + time * way[i];
    *moved = time > 0 && look(t, at, to, true) && better(to, here);
    return true;
}

static bool spent(const trail *t, size_t steps, eg_flow_path_end *end)
{
    *end = EG_FLOW_PATH_CANCELLED;
    if (eg_cancelled(t->ctx))
        return true;
    *end = EG_FLOW_PATH_STEPS;
    if (steps >= t->options->steps)
        return true;
    *end = EG_FLOW_PATH_TIME;
    return t->options->seconds > 0 && seconds_now() - t->begun >= t->options->seconds;
}

/* ---- the whole way ---- */

/* Metres, as the map shows them, of a step. */
static double metres_of(const trail *t, const spot *a, const spot *b)
{
    double x = (b->at[0] - a->at[0]) * (a->scale[0] + b->scale[0]) / 2;
    double y = (b->at[1] - a->at[1]) * (a->scale[1] + b->scale[1]) / 2;
    return t->cell * hypot(x, y);
}

/* The next place after *here; false where the way ends, maybe with a last place before it. */
static bool go_on(trail *t, const spot *here, spot *next, bool *moved)
{
    double length;
    *moved = false;
    if (is_level(t, here))
        return *moved = judge(t, here, next), *moved;
    if (t->dt == 0 || !isfinite(t->dt))
        t->dt = t->options->stride / 2 / speed_of(here);
    switch (step_on(t, here, next, &length)) {
    case MOVED:
        return *moved = true;
    case BLOCKED:
        t->result->end = EG_FLOW_PATH_EDGE;
        if (!leaves(t, here, next, moved))
            t->result->end = EG_FLOW_PATH_MISSING;
        return false;
    default:
        t->dt = 0;
        return *moved = judge(t, here, next), *moved;
    }
}

static void tell(const trail *t, const eg_flow_path_point *point)
{
    if (t->options->watch)
        t->options->watch(t->options->watcher, point);
}

static void follow(trail *t, spot here)
{
    eg_flow_path_result *r = t->result;
    bool going = true, moved;
    r->first = r->last = point_of(t, &here, 0, 0);
    tell(t, &r->first);
    while (going && !spent(t, r->steps, &r->end)) {
        spot next;
        going = go_on(t, &here, &next, &moved);
        if (!moved)
            continue;
        r->steps++;
        r->last = point_of(t, &next, r->steps, r->last.distance + metres_of(t, &here, &next));
        here = next;
        tell(t, &r->last);
    }
}

static eg_status check(const eg_grid *grid, const eg_flow_path_options *o, eg_error *error)
{
    if (grid->width < 2 || grid->height < 2)
        return eg_fail(error, EG_USAGE, "%zu x %zu samples make no surface to walk on", grid->width,
                       grid->height);
    if (!(o->stride > 1e-3 && o->stride <= 1))
        return eg_fail(error, EG_USAGE, "steps must be 0.001 to 1 cells long, not %g", o->stride);
    if (!(o->seconds >= 0) || !(o->level >= 0) || !isfinite(o->level))
        return eg_fail(error, EG_USAGE, "the time and what counts as level must be 0 or more");
    return EG_OK;
}

eg_status eg_flow_path(eg_context *ctx, const eg_grid *grid, const eg_ground *ground,
                       const double start[2], const eg_flow_path_options *options,
                       eg_flow_path_result *result, eg_error *error)
{
    trail t = {.ctx = ctx,
               .grid = grid,
               .ground = ground,
               .options = options,
               .result = result,
               .sign = options->uphill ? -1 : 1,
               .cell = 1,
               .height_unit = 1};
    spot here;
    *result = (eg_flow_path_result){.end = EG_FLOW_PATH_STEPS};
    eg_status status = eg_field_grid(&t.field, grid, error);
    if (status == EG_OK)
        status = check(grid, options, error);
    if (status != EG_OK)
        return status;
    t.begun = seconds_now();
    if (ground) {
        double x, y;
        eg_ground_at(ground, start[1], &x, &y, &t.height_unit);
        t.cell = fmin(x, y);
        if (t.height_unit < 0) { /* depths */
            t.sign = -t.sign;
            t.height_unit = -t.height_unit;
        }
    }
    if (!(isfinite(start[0]) && isfinite(start[1])) || !(t.cell > 0) ||
        !look(&t, start, &here, true))
        return eg_fail(error, EG_USAGE, "there is no height at column %.10g, row %.10g", start[0],
                       start[1]);
    follow(&t, here);
    return EG_OK;
}
