/* SPDX-License-Identifier: MIT */
/*
 * The QR factorisation of the Jacobian of a fit, which is never stored as a whole: blocks of points
 * are factorised in parallel, and their R in the order of the blocks ("tall skinny QR", Demmel,
 * Grigori, Hoemmen and Langou 2012). The blocks do not depend on the number of threads.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/portable_math.h"
#include "core/status.h"
#include "descent/fit/fit.h"
#include "descent/fit/least_squares.h"

enum {
    BLOCK = 1024, /* points */
    WAVE = 64     /* blocks factorised before their R are merged */
};

/* Rounding errors of a residual, in units of the last place of the target, of the model's value and
 * of its change by each parameter as a whole, which shows cancellation inside the model. An
 * estimate, because errors are not followed through the model. */
#define VALUE_ERRORS 2
#define MOST_NOISE   1e-8 /* relative to the target, unless that is 0 */

/* A factorised block. */
typedef struct block_factor {
    double noise;
    bool finite, bad_value;
    size_t bad_row;
} block_factor;

typedef struct factor_wave {
    const eg_fit *fit;
    const double *x;
    size_t first; /* block */
    block_factor blocks[WAVE];
    double *r;      /* of each block, width x width */
    double *slopes; /* of each block, bounds of the rounding errors of J'r */
} factor_wave;

static size_t width_of(const eg_fit *fit)
{
    return fit->parameters + 1; /* the Jacobian, and the residuals as the last column */
}

eg_status eg_fit_factor_new(const eg_fit *fit, eg_fit_factor *factor, eg_error *error)
{
    size_t n = fit->parameters;
    *factor = (eg_fit_factor){.r = eg_calloc(fit->ctx, n + 2, n * sizeof(double), error)};
    if (!factor->r)
        return eg_failed(error);
    factor->q = factor->r + n * n;
    factor->slopes = factor->q + n;
    return EG_OK;
}

/* Replaces the model's values by residuals, and weights them and the columns of the Jacobian. Notes
 * the first row that is not finite, and the sizes of the rounding errors. `noise` is scratch. */
static void weight_rows(const factor_wave *w, size_t from, size_t count, size_t rows,
                        double *columns, double *noise, double *slopes, block_factor *block)
{
    const eg_fit *fit = w->fit;
    double *values = columns + fit->parameters * rows;
    block->finite = true;
    for (size_t i = 0; i < count && block->finite; i++) {
        double root = fit->roots ? fit->roots[from + i] : 1, target = fit->target[from + i];
        noise[i] = root > 0 ? root * (fabs(values[i]) + fabs(target)) : 0;
        values[i] = root > 0 ? (values[i] - target) * root : 0;
        block->bad_value = !isfinite(values[i]);
        block->finite = isfinite(values[i]);
        for (size_t p = 0; p < fit->parameters; p++) {
            double *derivative = columns + p * rows + i;
            *derivative = root > 0 ? *derivative * root : 0;
            noise[i] += fabs(*derivative * w->x[p]);
            block->finite = block->finite && isfinite(*derivative);
        }
        block->bad_row = from + i;
    }
    for (size_t i = 0; i < count; i++)
        noise[i] *= VALUE_ERRORS * DBL_EPSILON;
    for (size_t p = 0; block->finite && p < fit->parameters; p++) {
        slopes[p] = 0;
        for (size_t i = 0; i < count; i++)
            slopes[p] += fabs(columns[p * rows + i]) * noise[i];
    }
    block->noise = block->finite ? eg_vector_norm(noise, count) : NAN;
}

/* Factorises block w->first + index. A work item. */
static eg_status factorize_block(void *opaque, size_t index, eg_error *error)
{
    factor_wave *w = opaque;
    const eg_fit *fit = w->fit;
    size_t from = (w->first + index) * BLOCK, n = fit->parameters, width = width_of(fit);
    size_t count = fit->points - from < BLOCK ? fit->points - from : BLOCK;
    size_t rows = count > width ? count : width;
    const double *points[EG_EXPR_VARIABLES];
    double *gradient[EG_EXPR_VARIABLES] = {NULL};
    double *columns = eg_calloc(fit->ctx, 2 * width, rows * sizeof *columns, error);
    double *noise = columns ? columns + width * rows : NULL;
    if (!columns)
        return eg_failed(error);
    for (size_t v = 0; v < fit->variables; v++)
        points[v] = fit->columns[v] ? fit->columns[v] + from : NULL;
    for (size_t p = 0; p < n; p++) {
        double *constant = noise + (1 + p) * rows;
        for (size_t i = 0; i < count; i++)
            constant[i] = w->x[p];
        points[fit->parameter[p]] = constant;
        gradient[fit->parameter[p]] = columns + p * rows;
    }
    eg_status status =
        eg_expr_eval_batch(fit->model, points, count, columns + n * rows, gradient, error);
    if (status == EG_OK) {
        double *r = w->r + index * width * width;
        weight_rows(w, from, count, rows, columns, noise, w->slopes + index * n, &w->blocks[index]);
        if (w->blocks[index].finite)
            eg_qr_reduce(columns, rows, width, rows);
        for (size_t k = 0; k < width; k++)
            memcpy(r + k * width, columns + k * rows, width * sizeof *r);
    }
    eg_free(columns);
    return status;
}

/* Merges the R of `count` blocks with `total`, that of all blocks before. `stack` is scratch. */
static void merge_wave(const factor_wave *w, size_t count, double *total, double *stack)
{
    size_t width = width_of(w->fit), rows = (count + 1) * width;
    for (size_t k = 0; k < width; k++) {
        memcpy(stack + k * rows, total + k * width, width * sizeof *stack);
        for (size_t b = 0; b < count; b++)
            memcpy(stack + k * rows + (b + 1) * width, w->r + (b * width + k) * width,
                   width * sizeof *stack);
    }
    eg_qr_reduce(stack, rows, width, rows);
    for (size_t k = 0; k < width; k++)
        memcpy(total + k * width, stack + k * rows, width * sizeof *stack);
}

/* Notes the results of the blocks of a wave. Returns false if one is not finite. */
static bool note_blocks(const factor_wave *w, size_t count, eg_fit_factor *factor)
{
    for (size_t b = 0; b < count && factor->finite; b++) {
        factor->noise = eg_hypotenuse(factor->noise, w->blocks[b].noise);
        for (size_t p = 0; p < w->fit->parameters; p++)
            factor->slopes[p] += w->slopes[b * w->fit->parameters + p];
        factor->finite = w->blocks[b].finite;
        factor->bad_row = w->blocks[b].bad_row;
        factor->bad_value = w->blocks[b].bad_value;
    }
    return factor->finite;
}

eg_status eg_fit_factorize(const eg_fit *fit, const double x[], eg_fit_factor *factor,
                           eg_error *error)
{
    size_t n = fit->parameters, width = width_of(fit), area = width * width;
    size_t blocks = (fit->points + BLOCK - 1) / BLOCK;
    size_t held = blocks < WAVE ? blocks : WAVE;
    factor_wave w = {.fit = fit, .x = x};
    w.r = eg_calloc(fit->ctx, 2 * held + 2, (area + n) * sizeof *w.r, error);
    if (!w.r)
        return eg_failed(error);
    double *total = w.r + held * area, *stack = total + area;
    w.slopes = stack + (held + 1) * area;
    memset(factor->slopes, 0, n * sizeof *factor->slopes);
    eg_status status = EG_OK;
    factor->finite = true;
    factor->noise = 0;
    for (; status == EG_OK && factor->finite && w.first < blocks; w.first += WAVE) {
        size_t count = blocks - w.first < WAVE ? blocks - w.first : WAVE;
        status =
            eg_parallel_for(fit->ctx, count, count * BLOCK * width, &w, factorize_block, error);
        if (status == EG_OK && note_blocks(&w, count, factor))
            merge_wave(&w, count, total, stack);
    }
    for (size_t k = 0; k < n; k++)
        memcpy(factor->r + k * n, total + k * width, n * sizeof *total);
    memcpy(factor->q, total + n * width, n * sizeof *total);
    factor->norm = eg_vector_norm(total + n * width, width);
    factor->finite = factor->finite && isfinite(factor->norm);
    if (fit->target_norm > 0 && factor->noise > MOST_NOISE * fit->target_norm) {
        for (size_t p = 0; p < n; p++)
            factor->slopes[p] *= MOST_NOISE * fit->target_norm / factor->noise;
        factor->noise = MOST_NOISE * fit->target_norm;
    }
    eg_free(w.r);
    return status;
}

eg_status eg_fit_bad_point(const eg_fit *fit, const eg_fit_factor *factor, eg_error *error)
{
    char point[200] = "";
    size_t used = 0;
    for (size_t v = 0; v < fit->variables && used < sizeof point; v++)
        if (fit->columns[v])
            used += (size_t)snprintf(point + used, sizeof point - used, "%s%.30s = %.10g",
                                     used ? ", " : " (", eg_expr_name(fit->model, v),
                                     fit->columns[v][factor->bad_row]);
    return eg_fail(error, EG_USAGE,
                   "the model has no finite %s in row %zu of the data%s%s; choose another start",
                   factor->bad_value ? "value" : "derivative", factor->bad_row + 1, point,
                   used ? ")" : "");
}
