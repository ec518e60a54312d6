/* SPDX-License-Identifier: MIT */
/*
 * The chain rule of f(x(t), y(t)): the tree of dependencies, the derivative on each branch, and the
 * products along the two paths from f to t.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "web/glue/expressions.h"
#include "web/glue/glue_functions.h"
#include "web/glue/reply.h"

enum { MOST_POINTS = 4096, N = 2 };

typedef struct chain_job {
    eg_reals *reals;
    eg_expr *f, *inner[N];      /* x(t), y(t) */
    eg_real t, point[N], value; /* x and y at t, f there */
    eg_real outer_slope[N], inner_slope[N];
    eg_error error;
    eg_expr_location location;
    char message[1100]; /* why the chain rule does not hold; empty: it does */
    const char *field;
} chain_job;

static eg_status read_chain(chain_job *job, const char *f, const char *const inner[N],
                            const char *t)
{
    const eg_reals_options options = {.doubles = true, .seconds = 0.2};
    static const char *const fields[] = {"x(t)", "y(t)"};
    job->field = "f";
    eg_status status = expression_parse_xy(&job->f, f, &job->location, &job->error);
    for (size_t i = 0; i < N && status == EG_OK; i++) {
        job->field = fields[i];
        status = expression_parse_of(&job->inner[i], "t", inner[i], &job->location, &job->error);
    }
    if (status != EG_OK)
        return status;
    job->field = "t";
    status = eg_reals_new(&job->reals, web_context(&job->error), &options, &job->error);
    if (status == EG_OK)
        status = expression_constant(t, NULL, job->reals, &job->t, &job->location, &job->error);
    return status;
}

/* Decides whether a function has a derivative at a point. If not, writes the message about it, with
 * the function's name, to job->message. */
static eg_status classify(chain_job *job, const char *name, const eg_expr *expr,
                          const eg_real point[])
{
    static eg_surface at;
    double near[N];
    char place[160], message[1024];
    size_t n = eg_expr_variables(expr), used = 0;
    for (size_t i = 0; i < n; i++) {
        near[i] = eg_real_approximate(job->reals, point[i]);
        used += (size_t)snprintf(place + used, sizeof place - used, "%s%s = %.7g", i ? ", " : "",
                                 eg_expr_name(expr, i), near[i]);
    }
    eg_status status = eg_surface_classify(job->reals, expr, point, near, &at, &job->error);
    if (status != EG_OK || (at.differentiability == EG_DIFFERENTIABLE && at.proven))
        return status;
    eg_surface_message(&at, n, place, message, sizeof message);
    snprintf(job->message, sizeof job->message, "%s: %s", name, message);
    return EG_OK;
}

/* Decides whether the chain rule holds: the three functions have derivatives. */
static eg_status classify_chain(chain_job *job)
{
    static const char *const names[] = {"x(t)", "y(t)"};
    eg_status status = EG_OK;
    for (size_t i = 0; i < N && status == EG_OK && !*job->message; i++)
        status = classify(job, names[i], job->inner[i], &job->t);
    return status == EG_OK && !*job->message ? classify(job, "f", job->f, job->point) : status;
}

/* Computes the values and slopes of the three functions. */
static eg_status prove_chain(chain_job *job)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < N && status == EG_OK; i++)
        status = eg_surface_prove(job->reals, job->inner[i], &job->t, &job->point[i],
                                  &job->inner_slope[i], NULL, &job->error);
    return status == EG_OK ? eg_surface_prove(job->reals, job->f, job->point, &job->value,
                                              job->outer_slope, NULL, &job->error)
                           : status;
}

/* Answers with the branch f - x - t or f - y - t. */
static eg_status reply_branch(chain_job *job, size_t i, eg_real product)
{
    static const char *const names[] = {"x", "y"};
    reply_open(NULL, '{');
    reply_text("name", names[i]);
    expression_reply("formula", job->inner[i]);
    expression_reply_real("value", job->reals, job->point[i]);
    eg_status status = expression_reply_derivative("outer", job->f, i, &job->error);
    expression_reply_real("outer_value", job->reals, job->outer_slope[i]);
    if (status == EG_OK)
        status = expression_reply_derivative("inner", job->inner[i], 0, &job->error);
    expression_reply_real("inner_value", job->reals, job->inner_slope[i]);
    expression_reply_real("product", job->reals, product);
    reply_close('}');
    return status;
}

static eg_status reply_chain(chain_job *job)
{
    eg_reals *r = job->reals;
    eg_status status = EG_OK;
    eg_real sum = eg_real_integer(r, 0);
    reply_begin();
    expression_reply("expression", job->f);
    if (*job->message)
        reply_text("message", job->message);
    expression_reply_real("t", r, job->t);
    expression_reply_real("value", r, job->value);
    reply_open("branches", '[');
    for (size_t i = 0; i < N && status == EG_OK; i++) {
        eg_real product =
            eg_real_apply(r, EG_REAL_MULTIPLY, job->outer_slope[i], job->inner_slope[i]);
        sum = eg_real_apply(r, EG_REAL_ADD, sum, product);
        status = reply_branch(job, i, product);
    }
    reply_close(']');
    expression_reply_real("sum", r, sum);
    return status;
}

/* Adds the points of the curve to the answer. */
static eg_status add_curve(chain_job *job, double t0, double t1, size_t count)
{
    double *points = reply_numbers(2 * count, &job->error);
    eg_status status = points ? EG_OK : job->error.status;
    for (size_t k = 0; k < count && status == EG_OK; k++) {
        double t = t0 + (t1 - t0) * (double)k / (double)(count - 1);
        for (size_t i = 0; i < N && status == EG_OK; i++)
            status = eg_expr_eval(job->inner[i], &t, &points[2 * k + i], NULL, NULL, &job->error);
    }
    return status;
}

WEB_EXPORT eg_status functions_chain(const char *f, const char *x, const char *y, const char *t,
                                     double t0, double t1, size_t count)
{
    static chain_job job;
    memset(&job, 0, sizeof job);
    eg_status status = read_chain(&job, f, (const char *const[]){x, y}, t);
    if (status == EG_OK) {
        job.field = NULL;
        status = prove_chain(&job);
    }
    if (status == EG_OK)
        status = classify_chain(&job);
    if (status == EG_OK)
        status = reply_chain(&job);
    if (status == EG_OK && count >= 2 && count <= MOST_POINTS)
        status = add_curve(&job, t0, t1, count);
    status = status == EG_OK ? reply_end() : reply_error(&job.error, job.field, &job.location);
    eg_reals_free(job.reals);
    eg_expr_free(job.f);
    for (size_t i = 0; i < N; i++)
        eg_expr_free(job.inner[i]);
    return status;
}
