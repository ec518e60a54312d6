/* SPDX-License-Identifier: MIT */
/*
 * Analyses a function of x and y at a point: the answers that edgegrad surface prints. Numbers are
 * exact ones, whose digits are enclosed by intervals of doubles.
 */
#include "web/glue/glue_functions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "web/glue/expressions.h"
#include "web/glue/reply.h"

#define SECONDS 0.2 /* most effort for a decision, so that a dragged point stays fluent */

enum { N = 2 }; /* variables */

typedef struct point_job {
    eg_reals *reals;
    eg_expr *f;
    eg_real point[N], along[N], value, gradient[N], norm;
    double at[N];
    eg_real_sign criticality; /* ZERO: the gradient is 0; POSITIVE: it is not; UNKNOWN */
    eg_surface surface;
    eg_error error;
    eg_expr_location location;
    const char *named_direction; /* "gradient", "level"; NULL: that of `along` */
    const char *field;           /* input at fault */
} point_job;

/* ---- input ---- */

/* Reads the formula, the point and the direction: two constants, or the name of one. */
static eg_status read_point(point_job *job, const char *f, const char *const texts[2 * N])
{
    static const char *const fields[] = {"x", "y", "direction", "direction"};
    const bool named = !strcmp(texts[N], "gradient") || !strcmp(texts[N], "level");
    const size_t count = named ? N : 2 * N;
    const eg_reals_options options = {.doubles = true, .seconds = SECONDS};
    job->field = "f";
    eg_status status = expression_parse_xy(&job->f, f, &job->location, &job->error);
    if (status == EG_OK)
        status = eg_reals_new(&job->reals, web_context(&job->error), &options, &job->error);
    for (size_t i = 0; i < count && status == EG_OK; i++) {
        job->field = fields[i];
        status = expression_constant(texts[i], i < N ? &job->at[i] : NULL, job->reals,
                                     i < N ? &job->point[i] : &job->along[i - N], &job->location,
                                     &job->error);
    }
    job->named_direction = named ? texts[N] : NULL;
    return status;
}

/* Decides whether the gradient is 0. */
static eg_real_sign decide_criticality(eg_reals *reals, const eg_real gradient[N])
{
    eg_real_sign result = EG_SIGN_ZERO;
    for (size_t i = 0; i < N; i++) {
        eg_real_sign sign = eg_real_sign_of(reals, gradient[i]);
        if (sign == EG_SIGN_POSITIVE || sign == EG_SIGN_NEGATIVE)
            return EG_SIGN_POSITIVE;
        if (sign != EG_SIGN_ZERO)
            result = EG_SIGN_UNKNOWN;
    }
    return result;
}

static eg_real length_of(eg_reals *reals, const eg_real a[N])
{
    return eg_real_apply(reals, EG_REAL_SQRT, eg_real_dot(reals, a, a, N), EG_REAL_NONE);
}

/* Classifies the point, and proves value and gradient. */
static eg_status analyze(point_job *job)
{
    eg_status status =
        eg_surface_classify(job->reals, job->f, job->point, job->at, &job->surface, &job->error);
    if (status == EG_OK)
        status = eg_surface_prove(job->reals, job->f, job->point, &job->value, job->gradient, NULL,
                                  &job->error);
    if (status != EG_OK)
        return status;
    for (size_t i = 0; i < N && *job->surface.operation; i++)
        if (job->surface.gradient_real[i] != EG_REAL_NONE)
            job->gradient[i] = job->surface.gradient_real[i];
    job->norm = length_of(job->reals, job->gradient);
    job->criticality = decide_criticality(job->reals, job->gradient);
    return EG_OK;
}

static bool has_gradient(const point_job *job)
{
    return job->surface.differentiability == EG_DIFFERENTIABLE && job->surface.proven;
}

/* ---- answers ---- */

static void reply_scaled(point_job *job, const char *key, const eg_real a[N], eg_real factor)
{
    eg_real scaled[N];
    for (size_t i = 0; i < N; i++)
        scaled[i] = eg_real_apply(job->reals, EG_REAL_MULTIPLY, a[i], factor);
    expression_reply_vector(key, job->reals, scaled, N);
}

/* Returns the angle of the gradient in degrees. */
static eg_real angle_of(eg_reals *reals, const eg_real g[N])
{
    eg_real angle = eg_real_apply(reals, EG_REAL_ATAN2, g[1], g[0]);
    angle = eg_real_apply(reals, EG_REAL_MULTIPLY, angle, eg_real_integer(reals, 180));
    return eg_real_apply(reals, EG_REAL_DIVIDE, angle, eg_real_pi(reals));
}

/* Answers with the gradient, and the tangent of the level curve, which is perpendicular to it. */
static void reply_gradient(point_job *job)
{
    eg_reals *r = job->reals;
    eg_real one = eg_real_integer(r, 1), unit = eg_real_apply(r, EG_REAL_DIVIDE, one, job->norm);
    reply_open("gradient", '{');
    expression_reply_vector("vector", r, job->gradient, N);
    expression_reply_real("norm", r, job->norm);
    if (job->criticality != EG_SIGN_UNKNOWN)
        reply_bool("critical", job->criticality == EG_SIGN_ZERO);
    if (job->criticality == EG_SIGN_POSITIVE) {
        expression_reply_real("angle", r, angle_of(r, job->gradient));
        reply_scaled(job, "ascent", job->gradient, unit);
    }
    reply_close('}');
    if (job->criticality == EG_SIGN_POSITIVE) {
        eg_real turned[N] = {eg_real_apply(r, EG_REAL_NEGATE, job->gradient[1], EG_REAL_NONE),
                             job->gradient[0]};
        reply_open("level", '{');
        expression_reply_real("value", r, job->value);
        reply_scaled(job, "direction", turned, unit);
        reply_close('}');
    }
}

/* Answers with the constant of the tangent plane z = gradient . (x, y) + constant. */
static void reply_tangent(point_job *job)
{
    eg_real product = eg_real_dot(job->reals, job->gradient, job->point, N);
    reply_open("tangent", '{');
    expression_reply_real("constant", job->reals,
                          eg_real_apply(job->reals, EG_REAL_SUBTRACT, job->value, product));
    reply_close('}');
}

/* Sets the direction that was given by name. */
static void set_direction(point_job *job)
{
    const eg_real *g = job->gradient;
    if (!job->named_direction)
        return;
    const bool level = strcmp(job->named_direction, "level") == 0;
    job->along[0] = level ? eg_real_apply(job->reals, EG_REAL_NEGATE, g[1], EG_REAL_NONE) : g[0];
    job->along[1] = level ? g[0] : g[1];
}

/* Answers with the directional derivative: unit vector, the two products, and their sum. */
static void reply_along(point_job *job)
{
    eg_reals *r = job->reals;
    set_direction(job);
    eg_real length = length_of(r, job->along), unit[N], terms[N];
    if (eg_real_sign_of(r, length) != EG_SIGN_POSITIVE)
        return;
    for (size_t i = 0; i < N; i++) {
        unit[i] = eg_real_apply(r, EG_REAL_DIVIDE, job->along[i], length);
        terms[i] = eg_real_apply(r, EG_REAL_MULTIPLY, job->gradient[i], unit[i]);
    }
    reply_open("along", '{');
    expression_reply_vector("direction", r, unit, N);
    expression_reply_vector("terms", r, terms, N);
    expression_reply_real("slope", r, eg_real_dot(r, job->gradient, unit, N));
    reply_close('}');
}

static eg_extremum extremum_of(const eg_inertia *inertia)
{
    return inertia->positive && inertia->negative ? EG_SADDLE
           : inertia->positive == N               ? EG_MINIMUM
           : inertia->negative == N               ? EG_MAXIMUM
                                                  : EG_UNDECIDED;
}

/* Returns the JSON value of a verdict. */
static const char *verdict_name(bool known, eg_real_sign criticality, eg_extremum extremum)
{
    static const char *const names[] = {[EG_MINIMUM] = "minimum",
                                        [EG_MAXIMUM] = "maximum",
                                        [EG_SADDLE] = "saddle",
                                        [EG_UNDECIDED] = "undecided"};
    if (!known || criticality == EG_SIGN_UNKNOWN)
        return "undecided";
    return criticality == EG_SIGN_ZERO ? names[extremum] : "not critical";
}

/* Answers with the Hessian, its eigenvalues and the verdict; without where they are unknown. */
static void reply_hessian(point_job *job)
{
    eg_real matrix[N * N], eigenvalues[N];
    eg_inertia inertia;
    eg_error none = {0};
    if (*job->surface.operation ||
        eg_surface_prove(job->reals, job->f, job->point, NULL, NULL, matrix, &none) != EG_OK ||
        eg_surface_inertia(job->reals, matrix, N, &inertia, &none) != EG_OK ||
        eg_surface_eigenvalues(job->reals, matrix, N, eigenvalues, &none) != EG_OK)
        return;
    eg_extremum extremum = extremum_of(&inertia);
    bool known = inertia.known || extremum == EG_SADDLE;
    reply_open("hessian", '{');
    reply_open("matrix", '[');
    for (size_t i = 0; i < N; i++)
        expression_reply_vector(NULL, job->reals, matrix + i * N, N);
    reply_close(']');
    expression_reply_vector("eigenvalues", job->reals, eigenvalues, N);
    reply_text("verdict", verdict_name(known, job->criticality, extremum));
    reply_text("words", eg_hessian_verdict(known, job->criticality, extremum));
    reply_close('}');
}

static void reply_limit(const char *key, const eg_limit *limit)
{
    static const char *const kinds[] = {"finite", "infinite", "none", "undefined"};
    reply_open(key, '{');
    reply_text("kind", kinds[limit->kind]);
    reply_number("value", limit->value);
    reply_bool("negative", limit->value < 0);
    reply_close('}');
}

/* Answers with the limits along straight paths, and with the message of the command. */
static void reply_singular(point_job *job)
{
    char place[160], message[1024];
    const eg_surface *at = &job->surface;
    snprintf(place, sizeof place, "x = %.7g, y = %.7g", job->at[0], job->at[1]);
    eg_surface_message(at, N, place, message, sizeof message);
    reply_text("message", message);
    reply_text("operation", at->operation);
    reply_open("approaches", '[');
    for (size_t i = 0; i < at->path_limit_count && at->differentiability != EG_NO_VALUE; i++) {
        const eg_path_limit *path = &at->path_limits[i];
        double direction[N] = {0};
        if (path->curvature != 0)
            continue;
        direction[path->j] = path->direction[1];
        direction[path->i] = path->direction[0];
        reply_open(NULL, '{');
        reply_number("x", direction[0]);
        reply_number("y", direction[1]);
        reply_limit("limit", &path->value);
        reply_limit("slope", &path->slope);
        reply_close('}');
    }
    reply_close(']');
}

static eg_status reply_partials(point_job *job)
{
    eg_status status = EG_OK;
    reply_open("partials", '[');
    for (size_t i = 0; i < N && status == EG_OK; i++) {
        reply_open(NULL, '{');
        status = expression_reply_derivative("formula", job->f, i, &job->error);
        if (has_gradient(job))
            expression_reply_real("value", job->reals, job->gradient[i]);
        reply_close('}');
    }
    reply_close(']');
    return status;
}

static eg_status reply_point(point_job *job)
{
    reply_begin();
    expression_reply("expression", job->f);
    expression_reply_vector("point", job->reals, job->point, N);
    expression_reply_real("value", job->reals, job->value);
    reply_text("regularity", eg_differentiability_word(job->surface.differentiability));
    reply_bool("proven", job->surface.proven);
    eg_status status = reply_partials(job);
    if (!has_gradient(job)) {
        reply_singular(job);
        return status;
    }
    reply_gradient(job);
    reply_tangent(job);
    reply_along(job);
    reply_hessian(job);
    return status;
}

WEB_EXPORT eg_status functions_point(const char *f, const char *x, const char *y,
                                     const char *direction_x, const char *direction_y)
{
    static point_job job;
    const char *const texts[] = {x, y, direction_x, direction_y};
    memset(&job, 0, sizeof job);
    eg_status status = read_point(&job, f, texts);
    if (status == EG_OK) {
        job.field = NULL;
        status = analyze(&job);
    }
    if (status == EG_OK)
        status = reply_point(&job);
    status = status == EG_OK ? reply_end() : reply_error(&job.error, job.field, &job.location);
    eg_reals_free(job.reals);
    eg_expr_free(job.f);
    return status;
}
