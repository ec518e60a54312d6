/* SPDX-License-Identifier: MIT */
/*
 * The mean squared error of a fit and its derivatives, as an objective of eg_descent(). Sums are
 * taken over blocks of points, in parallel, and then over the blocks in their order, so that the
 * result does not depend on the number of threads.
 */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "descent/fit/fit.h"

enum { BLOCK = 4096 }; /* points */

/* One evaluation of the mean squared error. */
typedef struct residual_sums {
    const eg_fit *fit;
    const double *const *columns;
    const double *target;
    const double *roots; /* of the weights; NULL: all are 1 */
    const double *at;    /* parameters */
    size_t points;
    bool gradient, hessian; /* which derivatives to compute */
    size_t width;           /* numbers in the sums of a block */
    double *sums; /* per block: r.r, J^T r, diagonal of J^T J, and J^T J (lower triangle); r are the
                     residuals */
} residual_sums;

/* ---- sums ---- */

/* Adds up a block of points: the weighted residuals `r` and their derivatives by each parameter. */
static void add_block(const residual_sums *s, const double *r, double *const jacobian[],
                      size_t count, double *sums)
{
    size_t n = s->fit->parameters;
    for (size_t i = 0; i < count; i++)
        sums[0] += r[i] * r[i];
    for (size_t p = 0; s->gradient && p < n; p++)
        for (size_t i = 0; i < count; i++) {
            sums[1 + p] += r[i] * jacobian[p][i];
            sums[1 + n + p] += jacobian[p][i] * jacobian[p][i];
        }
    for (size_t p = 0; s->hessian && p < n; p++)
        for (size_t q = 0; q <= p; q++) {
            double sum = 0;
            for (size_t i = 0; i < count; i++)
                sum += jacobian[p][i] * jacobian[q][i];
            sums[1 + 2 * n + p * n + q] = sum;
        }
}

/* Replaces the values of the model by residuals, and weights them and the derivatives, which may be
 * missing (`parameters` 0). */
static void weight_block(double *values, double *const jacobian[], size_t parameters,
                         const double *target, const double *roots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (values[i] - target[i]) * (roots ? roots[i] : 1);
    for (size_t p = 0; roots && p < parameters; p++)
        for (size_t i = 0; i < count; i++)
            jacobian[p][i] *= roots[i];
}

/* Evaluates the model at the points of block `index`, and adds them up. A work item. */
static eg_status sum_block(void *opaque, size_t index, eg_error *error)
{
    const residual_sums *s = opaque;
    const eg_fit *fit = s->fit;
    size_t from = index * BLOCK, count = s->points - from < BLOCK ? s->points - from : BLOCK;
    size_t n = fit->parameters;
    bool derive = s->gradient || s->hessian;
    double *memory = eg_alloc(fit->ctx, (1 + 2 * n) * count, sizeof *memory, error);
    const double *points[EG_EXPR_VARIABLES];
    double *gradient[EG_EXPR_VARIABLES] = {NULL}, *jacobian[EG_EXPR_VARIABLES];
    if (!memory)
        return eg_failed(error);
    for (size_t v = 0; v < fit->variables; v++)
        points[v] = s->columns[v] ? s->columns[v] + from : NULL;
    for (size_t p = 0; p < n; p++) {
        double *constant = memory + (1 + p) * count;
        jacobian[p] = memory + (1 + n + p) * count;
        for (size_t i = 0; i < count; i++)
            constant[i] = s->at[p];
        points[fit->parameter[p]] = constant;
        gradient[fit->parameter[p]] = jacobian[p];
    }
    eg_status status =
        eg_expr_eval_batch(fit->model, points, count, memory, derive ? gradient : NULL, error);
    if (status == EG_OK) {
        weight_block(memory, jacobian, derive ? n : 0, s->target + from,
                     s->roots ? s->roots + from : NULL, count);
        add_block(s, memory, jacobian, count, s->sums + index * s->width);
    }
    eg_free(memory);
    return status;
}

/* Returns the largest cosine of the angle between the residuals and a derivative; NaN if a square
 * overflows. */
static double largest_cosine(const double *sums, size_t n)
{
    double largest = 0;
    for (size_t p = 0; p < n; p++) {
        double cosine = fabs(sums[1 + p]) / sqrt(sums[0]) / sqrt(sums[1 + n + p]);
        largest = isnan(cosine) ? NAN : fmax(largest, cosine);
    }
    return largest;
}

/* Computes the mean squared error and its derivatives, the Hessian in the Gauss-Newton
 * approximation, and the cosine of the gradient; each may be NULL. */
static eg_status mean_squared_error(residual_sums *s, double *value, double gradient[],
                                    double hessian[], double *cosine, eg_error *error)
{
    size_t n = s->fit->parameters, blocks = (s->points + BLOCK - 1) / BLOCK;
    s->gradient = gradient != NULL;
    s->hessian = hessian != NULL;
    s->width = 1 + 2 * n + (hessian ? n * n : 0);
    s->sums = eg_calloc(s->fit->ctx, blocks, s->width * sizeof *s->sums, error);
    if (!s->sums)
        return eg_failed(error);
    eg_status status = eg_parallel_for(s->fit->ctx, blocks, s->points, s, sum_block, error);
    for (size_t b = 1; b < blocks; b++)
        for (size_t i = 0; i < s->width; i++)
            s->sums[i] += s->sums[b * s->width + i];

    double scale = 1 / (double)s->points;
    if (status == EG_OK && value)
        *value = s->sums[0] * scale;
    for (size_t p = 0; status == EG_OK && gradient && p < n; p++)
        gradient[p] = 2 * s->sums[1 + p] * scale;
    for (size_t p = 0; status == EG_OK && hessian && p < n; p++)
        for (size_t q = 0; q <= p; q++)
            hessian[p * n + q] = hessian[q * n + p] = 2 * s->sums[1 + 2 * n + p * n + q] * scale;
    if (status == EG_OK && gradient && cosine)
        *cosine = largest_cosine(s->sums, n);
    eg_free(s->sums);
    return status;
}

/* Computes the error over all points, and stores the cosine of the gradient in the fit. */
static eg_status fit_at(void *opaque, const double x[], double *value, double gradient[],
                        double hessian[], eg_error *error)
{
    eg_fit *fit = opaque;
    residual_sums s = {.fit = fit,
                       .columns = fit->columns,
                       .target = fit->target,
                       .roots = fit->roots,
                       .at = x,
                       .points = fit->points};
    if (gradient)
        memcpy(fit->cosine_at, x, fit->parameters * sizeof *x);
    return mean_squared_error(&s, value, gradient, hessian, &fit->cosine, error);
}

/* Computes how far the residuals are from being orthogonal to the derivatives. */
static eg_status fit_offset(void *opaque, const double x[], double enough, double *offset,
                            eg_error *error)
{
    eg_fit *fit = opaque;
    eg_fit_factor factor = {0};
    eg_fit_system system = {0};
    *offset = fit->cosine; /* a lower bound */
    if (memcmp(x, fit->cosine_at, fit->parameters * sizeof *x) == 0 &&
        fit->cosine > fmax(enough, 1e-3))
        return EG_OK;
    eg_status status = eg_fit_factor_new(fit, &factor, error);
    if (status == EG_OK)
        status = eg_fit_system_new(fit, &system, error);
    if (status == EG_OK)
        status = eg_fit_factorize(fit, x, &factor, error);
    if (status == EG_OK) {
        eg_fit_find_free(fit, &factor, x, &system);
        eg_fit_decompose(fit, &factor, NULL, &system);
        *offset = system.offset <= system.negligible ? fmin(system.offset, enough) : system.offset;
    }
    eg_free(factor.r);
    eg_free(system.u);
    return status;
}

/* ---- batches ---- */

/* Returns the next number of splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Shuffles the points for an epoch (Fisher and Yates). */
static void shuffle_points(eg_fit *fit, size_t epoch)
{
    uint64_t state = fit->seed;
    state = next_random(&state) + epoch;
    for (size_t i = 0; i < fit->points; i++)
        fit->order[i] = (uint32_t)i;
    for (size_t i = fit->points; i > 1; i--) {
        size_t k = (size_t)(next_random(&state) % i);
        uint32_t swapped = fit->order[i - 1];
        fit->order[i - 1] = fit->order[k];
        fit->order[k] = swapped;
    }
    fit->shuffled_epoch = epoch;
}

static size_t steps_per_epoch(const eg_fit *fit)
{
    return (fit->points + fit->batch - 1) / fit->batch;
}

/* Copies the points of the batch of `step` into batch_data, and evaluates them. */
static eg_status fit_sample(void *opaque, size_t step, const double x[], double *value,
                            double gradient[], eg_error *error)
{
    eg_fit *fit = opaque;
    size_t epoch = step / steps_per_epoch(fit), from = step % steps_per_epoch(fit) * fit->batch;
    size_t count = fit->points - from < fit->batch ? fit->points - from : fit->batch;
    const double *columns[EG_EXPR_VARIABLES];
    double *column = fit->batch_data, *roots = column + (fit->variables + 1) * fit->batch;
    if (fit->shuffled_epoch != epoch)
        shuffle_points(fit, epoch);
    for (size_t v = 0; v <= fit->variables; v++) {
        const double *all = v < fit->variables ? fit->columns[v] : fit->target;
        if (v < fit->variables)
            columns[v] = all ? column : NULL;
        for (size_t i = 0; all && i < count; i++)
            column[i] = all[fit->order[from + i]];
        column += all && v < fit->variables ? fit->batch : 0;
    }
    for (size_t i = 0; fit->roots && i < count; i++)
        roots[i] = fit->roots[fit->order[from + i]];
    residual_sums s = {.fit = fit,
                       .columns = columns,
                       .target = column,
                       .roots = fit->roots ? roots : NULL,
                       .at = x,
                       .points = count};
    return mean_squared_error(&s, value, gradient, NULL, NULL, error);
}

eg_objective eg_fit_objective(eg_fit *fit)
{
    return (eg_objective){.opaque = fit,
                          .variables = fit->parameters,
                          .at = fit_at,
                          .offset = fit_offset,
                          .sample = fit->batch ? fit_sample : NULL,
                          .epoch = fit->batch ? steps_per_epoch(fit) : 0};
}
