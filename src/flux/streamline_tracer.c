/* SPDX-License-Identifier: MIT */
/*
 * Integrates dx/ds = v / |v| by the embedded Runge-Kutta pair of orders 3 and 2 of Bogacki and
 * Shampine (Applied Mathematics Letters 2, 1989), the solution of order 3 being continued.
 */
#include "flux/streamline_tracer.h"
#include "core/portable_math.h"

#include <math.h>

#define TOLERANCE  1e-3 /* difference of the two solutions of a step, in samples */
#define SHORTEST   1e-2 /* step below which a line ends, in samples */
#define FIRST_STEP 0.1  /* in samples */

/* Arc, in test distances, up to which the points of a line are its own neighbourhood. */
#define OWN_ARC 3.0

/* A position and the field's direction there, reversed if the line runs against the field. */
typedef struct state {
    double at[2], direction[2];
} state;

/* Computes the direction at s->at. Returns false if the field has none. */
static bool evaluate(const eg_streamline_tracer *t, double sign, state *s)
{
    s->direction[0] = s->direction[1] = 0;
    if (!eg_vector_field_direction(t->field, s->at, s->direction))
        return false;
    s->direction[0] *= sign;
    s->direction[1] *= sign;
    return true;
}

/* Makes a step of length `h`. Returns false if a stage has no direction, or if the direction turns
 * by a right angle or more, as it does where the field is 0. */
static bool try_step(const eg_streamline_tracer *t, double sign, const state *from, double h,
                     state *to, double *error)
{
    state half, late;
    double difference[2];
    for (int i = 0; i < 2; i++)
        half.at[i] = from->at[i] + h / 2 * from->direction[i];
    if (!evaluate(t, sign, &half))
        return false;
    for (int i = 0; i < 2; i++)
        late.at[i] = from->at[i] + 0.75 * h * half.direction[i];
    if (!evaluate(t, sign, &late))
        return false;
    for (int i = 0; i < 2; i++)
        to->at[i] =
            from->at[i] +
            h / 9 * (2 * from->direction[i] + 3 * half.direction[i] + 4 * late.direction[i]);
    if (!evaluate(t, sign, to))
        return false;
    for (int i = 0; i < 2; i++)
        difference[i] = h / 72 *
                        (-5 * from->direction[i] + 6 * half.direction[i] + 8 * late.direction[i] -
                         9 * to->direction[i]);
    *error = eg_hypotenuse(difference[0], difference[1]);
    return from->direction[0] * to->direction[0] + from->direction[1] * to->direction[1] > 0;
}

/* Makes a step that meets the tolerance and adapts *h to the next one; *length is that of the step.
 * Returns false if there is none: the field ends or has no direction ahead. */
static bool take_step(const eg_streamline_tracer *t, double sign, const state *from, double *h,
                      state *to, double *length)
{
    double error;
    while (*h >= SHORTEST) {
        if (!try_step(t, sign, from, *h, to, &error) || error > TOLERANCE) {
            *h /= 2;
            continue;
        }
        *length = *h;
        *h *= fmax(0.5, fmin(3, 0.9 * cbrt(TOLERANCE / fmax(error, 1e-12))));
        *h = fmin(fmax(*h, SHORTEST), t->longest_step);
        return true;
    }
    return false;
}

/* Traces one half of a line from a seed, whose point the index has. `arc` is set to its length. */
static eg_status trace_half(const eg_streamline_tracer *t, const double seed[2], double sign,
                            uint32_t line, double *arc, eg_error *error)
{
    state from = {.at = {seed[0], seed[1]}}, to;
    double h = fmin(FIRST_STEP, t->longest_step), length;
    const double own = OWN_ARC * t->test_distance;
    *arc = 0;
    if (!evaluate(t, sign, &from))
        return EG_OK;
    while (take_step(t, sign, &from, &h, &to, &length)) {
        *arc += length;
        if (eg_point_index_near(t->index, to.at, t->test_distance, line, sign * *arc, own))
            break;
        eg_status status = eg_point_index_add(t->index, to.at, sign * *arc, line, error);
        if (status != EG_OK)
            return status;
        from = to;
    }
    return EG_OK;
}

eg_status eg_streamline_trace(const eg_streamline_tracer *tracer, const double seed[2],
                              uint32_t line, eg_traced_line *traced, eg_error *error)
{
    double along = 0, against = 0;
    traced->seed = tracer->index->points.count;
    eg_status status = eg_point_index_add(tracer->index, seed, 0, line, error);
    if (status == EG_OK)
        status = trace_half(tracer, seed, 1, line, &along, error);
    traced->against = tracer->index->points.count;
    if (status == EG_OK)
        status = trace_half(tracer, seed, -1, line, &against, error);
    traced->end = tracer->index->points.count;
    traced->length = along + against;
    return status;
}
