/* SPDX-License-Identifier: MIT */
/*
 * The true Hessian of half the sum of squares of a fit, J'J + sum r_i Hess f_i. With J D^-1 =
 * Q U S V' and full rank it is compared in the coordinates S V' D x, in which J'J is the identity:
 * there the smallest eigenvalue keeps its digits however badly J is conditioned.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "descent/fit/fit.h"
#include "descent/fit/least_squares.h"
#include "gradient/eigen.h"

enum {
    BLOCK = 1024, /* least points of a block */
    BLOCKS = 256  /* most blocks */
};

/* Rounding errors of a residual times a second derivative, in units of the last place of the
 * target's and the model's sizes times that derivative; an estimate as for values. */
#define TERM_ERRORS 4

/* Sums over blocks of points: of r_i Hess f_i, of its terms' sizes, and of |Hess f_i|. */
typedef struct second_sums {
    const eg_fit *fit;
    const double *x;
    size_t block, blocks;
    double *sums; /* 3 n^2 a block */
} second_sums;

/* Adds the terms of point i. */
static void add_point(const eg_fit *fit, size_t i, double value, const double *hessian,
                      double *sums)
{
    double root = fit->roots ? fit->roots[i] : 1, target = fit->target[i];
    double residual = root * (value - target), size = root * (fabs(value) + fabs(target));
    size_t n = fit->parameters;
    double *sizes = sums + n * n, *seconds = sizes + n * n;
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            double second = root * hessian[fit->parameter[p] * fit->variables + fit->parameter[q]];
            sums[p * n + q] += residual * second;
            sizes[p * n + q] += size * fabs(second);
            seconds[p * n + q] += fabs(second);
        }
}

/* Sums up block `index`. A work item. */
static eg_status sum_block(void *opaque, size_t index, eg_error *error)
{
    const second_sums *s = opaque;
    const eg_fit *fit = s->fit;
    size_t n = fit->parameters, from = index * s->block;
    size_t to = fit->points - from < s->block ? fit->points : from + s->block;
    double point[EG_EXPR_VARIABLES], value;
    double *hessian = eg_alloc(fit->ctx, fit->variables, fit->variables * sizeof(double), error);
    eg_status status = hessian ? EG_OK : eg_failed(error);
    for (size_t i = from; status == EG_OK && i < to; i++) {
        if (fit->roots && fit->roots[i] == 0)
            continue;
        if (eg_cancelled(fit->ctx))
            status = eg_fail(error, EG_CANCELLED, "cancelled");
        for (size_t v = 0; v < fit->variables; v++)
            point[v] = fit->columns[v] ? fit->columns[v][i] : 0;
        for (size_t p = 0; p < n; p++)
            point[fit->parameter[p]] = s->x[p];
        if (status == EG_OK)
            status = eg_expr_eval(fit->model, point, &value, NULL, hessian, error);
        if (status == EG_OK)
            add_point(fit, i, value, hessian, s->sums + 3 * index * n * n);
    }
    eg_free(hessian);
    return status;
}

/* Computes the sums over all points into the first 3 n^2 of `s->sums`. */
static eg_status sum_points(second_sums *s, eg_error *error)
{
    const eg_fit *fit = s->fit;
    size_t area = 3 * fit->parameters * fit->parameters;
    size_t work = fit->points * fit->variables * (1 + eg_expr_size(fit->model) / 4);
    eg_status status = eg_parallel_for(fit->ctx, s->blocks, work, s, sum_block, error);
    for (size_t b = 1; b < s->blocks; b++)
        for (size_t i = 0; i < area; i++)
            s->sums[i] += s->sums[b * area + i];
    return status;
}

/* Computes m = W' a W for the symmetric n x n matrix `a` over the free parameters, W being D^-1 V,
 * with columns divided by the singular values if `whiten`; of absolute values if `sizes`. */
static void transform(const eg_fit *fit, const eg_fit_system *s, const double *a, bool whiten,
                      bool sizes, double *scratch, double *m)
{
    size_t n = fit->parameters, k = s->count;
    for (size_t i = 0; i < k; i++)
        for (size_t b = 0; b < k; b++) {
            double sum = 0;
            for (size_t j = 0; j < k; j++) {
                double v = s->v[b * k + j];
                sum += a[s->index[i] * n + s->index[j]] / s->scale[i] / s->scale[j] *
                       (sizes ? fabs(v) : v);
            }
            scratch[i * k + b] = sum;
        }
    for (size_t b = 0; b < k; b++)
        for (size_t c = 0; c < k; c++) {
            double sum = 0;
            for (size_t i = 0; i < k; i++) {
                double v = s->v[b * k + i];
                sum += (sizes ? fabs(v) : v) * scratch[i * k + c];
            }
            m[b * k + c] = whiten ? sum / s->singular[b] / s->singular[c] : sum;
        }
}

/* Returns the largest sum of a row's absolute values. */
static double row_norm(const double *m, size_t k)
{
    double largest = 0;
    for (size_t i = 0; i < k; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += fabs(m[i * k + j]);
        largest = isnan(sum) ? NAN : fmax(largest, sum);
    }
    return largest;
}

/* Finds the lowest curvature and Newton's step. `m` is the matrix of the curvature, relative to the
 * singular values if `whiten`; `vectors` are its eigenvectors in rows. */
static void solve_curvature(const eg_fit *fit, const eg_fit_factor *factor, const eg_fit_system *s,
                            bool whiten, double *m, double *vectors, eg_fit_curvature *c)
{
    double values[EG_EXPR_VARIABLES], y[EG_EXPR_VARIABLES] = {0};
    size_t k = s->count;
    eg_eigen(m, k, values, vectors);
    c->least = values[0];
    for (size_t i = 0; i < k; i++)
        y[i] = vectors[i] / (whiten ? s->singular[i] : 1);
    eg_fit_expand(fit, s, y, c->lowest);
    c->definite = c->least > c->error;
    if (!c->definite)
        return;
    memset(y, 0, sizeof y);
    double square = 0;
    for (size_t e = 0; e < k; e++) {
        double along = 0;
        for (size_t i = 0; i < k; i++)
            along += vectors[e * k + i] * s->residual[i] * (whiten ? 1 : s->singular[i]);
        square += along / factor->norm * (along / factor->norm) / values[e];
        for (size_t i = 0; i < k; i++)
            y[i] -= along / values[e] * vectors[e * k + i];
    }
    c->decrement = factor->norm > 0 ? sqrt(square) : 0;
    for (size_t i = 0; i < k && whiten; i++)
        y[i] /= s->singular[i];
    eg_fit_expand(fit, s, y, c->newton);
}

/* Computes the curvature from the sums over the points, `area` numbers each. */
static void find_extremes(const eg_fit *fit, const eg_fit_factor *factor, const eg_fit_system *s,
                          const double *sums, size_t area, bool whiten, double *scratch,
                          eg_fit_curvature *c)
{
    size_t k = s->count;
    double *m = scratch + area, *vectors = m + area;
    transform(fit, s, sums + area, whiten, true, scratch, m);
    c->error = TERM_ERRORS * DBL_EPSILON * row_norm(m, k) +
               8 * DBL_EPSILON * (double)k * (whiten ? 1 : s->largest * s->largest);
    if (!c->full_rank) {
        /* Away from the stationary point the curvature along a valley floor is not 0. */
        transform(fit, s, sums + 2 * area, false, true, scratch, m);
        c->error += s->offset * factor->norm * row_norm(m, k);
    }
    transform(fit, s, sums, whiten, false, scratch, m);
    for (size_t i = 0; i < k; i++)
        m[i * k + i] += whiten ? 1 : s->singular[i] * s->singular[i];
    c->known = isfinite(row_norm(m, k)) && isfinite(c->error);
    c->definite = false;
    c->relative = whiten;
    if (c->known)
        solve_curvature(fit, factor, s, whiten, m, vectors, c);
}

eg_status eg_fit_find_curvature(const eg_fit *fit, const eg_fit_system *s,
                                const eg_fit_factor *factor, const double x[], eg_fit_curvature *c,
                                eg_error *error)
{
    size_t n = fit->parameters, k = s->count, area = n * n;
    second_sums sums = {.fit = fit, .x = x, .block = fit->points / BLOCKS + 1};
    sums.block = sums.block < BLOCK ? BLOCK : sums.block;
    sums.blocks = (fit->points + sums.block - 1) / sums.block;
    *c = (eg_fit_curvature){.known = true,
                            .full_rank = s->smallest > EG_FIT_RANK * s->largest,
                            .relative = true,
                            .definite = true,
                            .least = 1};
    if (k == 0)
        return EG_OK;
    sums.sums = eg_calloc(fit->ctx, 3 * sums.blocks + 3, area * sizeof *sums.sums, error);
    if (!sums.sums)
        return eg_failed(error);
    double *scratch = sums.sums + 3 * sums.blocks * area;
    eg_status status = sum_points(&sums, error);
    if (status == EG_OK)
        find_extremes(fit, factor, s, sums.sums, area, c->full_rank, scratch, c);
    /* Where J is nearly singular the Hessian may be regular all the same. */
    if (status == EG_OK && c->full_rank && c->known && fabs(c->least) <= c->error)
        find_extremes(fit, factor, s, sums.sums, area, false, scratch, c);
    eg_free(sums.sums);
    return status;
}
