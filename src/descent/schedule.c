/* SPDX-License-Identifier: MIT */
/* Learning-rate schedules: their text, and the factor of each step. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/status.h"
#include "edgegrad.h"

static const char *const shapes[] = {
    [EG_SCHEDULE_CONSTANT] = "constant", [EG_SCHEDULE_INVERSE] = "inverse",
    [EG_SCHEDULE_SQRT] = "sqrt",         [EG_SCHEDULE_COSINE] = "cosine",
    [EG_SCHEDULE_STEP] = "step",         [EG_SCHEDULE_EXPONENTIAL] = "exponential",
};

#define PI 3.14159265358979323846

static eg_status malformed(const char *text, eg_error *error)
{
    return eg_fail(error, EG_USAGE,
                   "'%.40s' is no schedule; there are constant, inverse, inverse:FACTOR, sqrt, "
                   "cosine, step:STEPS:FACTOR and exponential:FACTOR, as in step:100:0.5",
                   text);
}

/* Reads ":NUMBER" at *text, and moves behind it. */
static bool read_number(const char **text, double *number)
{
    char *end;
    if (**text != ':')
        return false;
    *number = strtod(*text + 1, &end);
    bool valid = end != *text + 1 && *number > 0 && isfinite(*number);
    *text = end;
    return valid;
}

eg_status eg_schedule_parse(eg_schedule *schedule, const char *text, eg_error *error)
{
    size_t length = strcspn(text, ":");
    const char *rest = text + length;
    double interval = 0;
    int shape = 0;
    while (shape < EG_SCHEDULES &&
           (strncmp(shapes[shape], text, length) != 0 || shapes[shape][length]))
        shape++;
    if (shape == EG_SCHEDULES)
        return malformed(text, error);
    eg_schedule read = {.shape = (eg_schedule_shape)shape, .factor = 1, .interval = 1};
    bool valid = true;
    if (shape == EG_SCHEDULE_STEP) {
        valid = read_number(&rest, &interval) && interval < 1e15 && interval == floor(interval);
        read.interval = valid ? (size_t)interval : 1;
    }
    if (shape == EG_SCHEDULE_STEP || shape == EG_SCHEDULE_EXPONENTIAL)
        valid = valid && read_number(&rest, &read.factor) && read.factor <= 1;
    else if (shape == EG_SCHEDULE_INVERSE && *rest)
        valid = read_number(&rest, &read.factor);
    if (!valid || *rest)
        return malformed(text, error);
    read.warmup = schedule->warmup;
    *schedule = read;
    return EG_OK;
}

size_t eg_schedule_print(const eg_schedule *s, char *out, size_t size)
{
    const char *name = shapes[s->shape];
    int length;
    if (s->shape == EG_SCHEDULE_STEP)
        length = snprintf(out, size, "%s:%zu:%.10g", name, s->interval, s->factor);
    else if (s->shape == EG_SCHEDULE_EXPONENTIAL ||
             (s->shape == EG_SCHEDULE_INVERSE && s->factor != 1))
        length = snprintf(out, size, "%s:%.10g", name, s->factor);
    else
        length = snprintf(out, size, "%s", name);
    return length > 0 ? (size_t)length : 0;
}

double eg_schedule_factor(const eg_schedule *s, size_t step, size_t steps)
{
    double k = (double)step;
    double warmup = step < s->warmup ? (k + 1) / (double)s->warmup : 1;
    switch (s->shape) {
    case EG_SCHEDULE_INVERSE:
        return warmup / (1 + s->factor * k);
    case EG_SCHEDULE_SQRT:
        return warmup / sqrt(1 + k);
    case EG_SCHEDULE_COSINE:
        return warmup * (1 + cos(PI * fmin(1, k / (double)(steps > 0 ? steps : 1)))) / 2;
    case EG_SCHEDULE_STEP:
        return warmup * pow(s->factor, floor(k / (double)s->interval));
    case EG_SCHEDULE_EXPONENTIAL:
        return warmup * pow(s->factor, k);
    default:
        return warmup;
    }
}
