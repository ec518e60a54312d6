/* SPDX-License-Identifier: MIT */
/*
 * Fitting a model to data: the mean squared error and its derivatives. Sums are taken over blocks
 * of points, in parallel, and then over the blocks in their order, so that the result does not
 * depend on the number of threads.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "descent/optimizer.h"

enum { BLOCK = 4096 }; /* points */

struct eg_fit {
    eg_context *ctx;
    eg_expr *model;
    size_t variables;                         /* of the model: columns and parameters */
    const double *columns[EG_EXPR_VARIABLES]; /* data of each variable; NULL: a parameter */
    size_t parameter[EG_EXPR_VARIABLES];      /* variable of each parameter */
    size_t parameters, points;
    const double *target;
    double total_squares; /* sum of squares about the target's mean */
    size_t batch;         /* points; 0: all */
    uint64_t seed;
    size_t shuffled_epoch; /* epoch of `order`; SIZE_MAX: none */
    uint32_t *order;       /* shuffled points */
    double *batch_data;    /* columns of a batch, then its target */
};

/* One evaluation of the mean squared error. */
typedef struct residual_sums {
    const eg_fit *fit;
    const double *const *columns;
    const double *target;
    const double *at; /* parameters */
    size_t points;
    bool gradient, hessian; /* which derivatives to compute */
    size_t width;           /* numbers in the sums of a block */
    double *sums; /* per block: r.r, J^T r, J^T J (lower triangle), r being the residuals */
} residual_sums;

/* ---- sums ---- */

/* Adds up a block of points: the model's `values` and its derivatives by each parameter. */
static void add_block(const residual_sums *s, const double *values, double *const jacobian[],
                      const double *target, size_t count, double *sums)
{
    size_t n = s->fit->parameters;
    for (size_t i = 0; i < count; i++)
        sums[0] += (values[i] - target[i]) * (values[i] - target[i]);
    for (size_t p = 0; s->gradient && p < n; p++)
        for (size_t i = 0; i < count; i++)
            sums[1 + p] += (values[i] - target[i]) * jacobian[p][i];
    for (size_t p = 0; s->hessian && p < n; p++)
        for (size_t q = 0; q <= p; q++) {
            double sum = 0;
            for (size_t i = 0; i < count; i++)
                sum += jacobian[p][i] * jacobian[q][i];
            sums[1 + n + p * n + q] = sum;
        }
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
    if (status == EG_OK)
        add_block(s, memory, jacobian, s->target + from, count, s->sums + index * s->width);
    eg_free(memory);
    return status;
}

/* Computes the mean squared error and its derivatives, the Hessian in the Gauss-Newton
 * approximation; each may be NULL. */
static eg_status mean_squared_error(residual_sums *s, double *value, double gradient[],
                                    double hessian[], eg_error *error)
{
    size_t n = s->fit->parameters, blocks = (s->points + BLOCK - 1) / BLOCK;
    s->gradient = gradient != NULL;
    s->hessian = hessian != NULL;
    s->width = 1 + n + (hessian ? n * n : 0);
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
            hessian[p * n + q] = hessian[q * n + p] = 2 * s->sums[1 + n + p * n + q] * scale;
    eg_free(s->sums);
    return status;
}

static eg_status fit_at(void *opaque, const double x[], double *value, double gradient[],
                        double hessian[], eg_error *error)
{
    const eg_fit *fit = opaque;
    residual_sums s = {
        .fit = fit, .columns = fit->columns, .target = fit->target, .at = x, .points = fit->points};
    return mean_squared_error(&s, value, gradient, hessian, error);
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
    double *column = fit->batch_data;
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
    residual_sums s = {.fit = fit, .columns = columns, .target = column, .at = x, .points = count};
    return mean_squared_error(&s, value, gradient, NULL, error);
}

eg_objective eg_fit_objective(eg_fit *fit)
{
    return (eg_objective){.opaque = fit,
                          .variables = fit->parameters,
                          .at = fit_at,
                          .sample = fit->batch ? fit_sample : NULL,
                          .epoch = fit->batch ? steps_per_epoch(fit) : 0};
}

/* ---- construction ---- */

/* Returns the index of the column; that past the last if there is none of this name. */
static size_t find_column(const eg_table *table, const char *name)
{
    size_t i = 0;
    while (eg_table_name(table, i) && strcmp(eg_table_name(table, i), name) != 0)
        i++;
    return i;
}

static eg_status bind_target(eg_fit *fit, const eg_table *table, const char *target,
                             eg_error *error)
{
    char names[160] = "";
    size_t used = 0;
    for (size_t i = 0; eg_table_name(table, i) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.30s", i ? ", " : "",
                                 eg_table_name(table, i));
    size_t column = find_column(table, target);
    if (!eg_table_name(table, column))
        return eg_fail(error, EG_USAGE, "the data have no column '%.60s'; they have %s", target,
                       names);
    return eg_table_column(table, column, &fit->target, error);
}

static eg_status bind_variables(eg_fit *fit, const eg_table *table, const char *target,
                                eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t v = 0; status == EG_OK && v < fit->variables; v++) {
        const char *name = eg_expr_name(fit->model, v);
        size_t column = find_column(table, name);
        if (strcmp(name, target) == 0)
            return eg_fail(error, EG_USAGE, "the model uses the target column '%.60s'", target);
        if (eg_table_name(table, column))
            status = eg_table_column(table, column, &fit->columns[v], error);
        else
            fit->parameter[fit->parameters++] = v;
    }
    if (status == EG_OK && fit->parameters == 0)
        return eg_fail(error, EG_USAGE,
                       "the model has no parameters: every name in it is a column of the data");
    return status;
}

/* Computes the sum of squares about the target's mean. */
static void sum_total_squares(eg_fit *fit)
{
    double mean = 0;
    for (size_t i = 0; i < fit->points; i++)
        mean += (fit->target[i] - mean) / (double)(i + 1);
    for (size_t i = 0; i < fit->points; i++)
        fit->total_squares += (fit->target[i] - mean) * (fit->target[i] - mean);
}

static eg_status allocate_batch(eg_fit *fit, eg_error *error)
{
    if (fit->batch > fit->points || fit->points > UINT32_MAX)
        return eg_fail(error, EG_USAGE, "a batch of %zu exceeds the %zu points of the data",
                       fit->batch, fit->points);
    fit->order = eg_alloc(fit->ctx, fit->points, sizeof *fit->order, error);
    fit->batch_data =
        eg_alloc(fit->ctx, fit->variables + 1, fit->batch * sizeof *fit->batch_data, error);
    return fit->order && fit->batch_data ? EG_OK : eg_failed(error);
}

eg_status eg_fit_new(eg_fit **fit, eg_context *ctx, const char *model, const eg_table *table,
                     const char *target, size_t batch, uint64_t seed, eg_error *error)
{
    *fit = NULL;
    eg_fit *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->points = eg_table_rows(table);
    made->batch = batch;
    made->seed = seed;
    made->shuffled_epoch = SIZE_MAX;
    eg_status status = eg_expr_parse(&made->model, ctx, model, NULL, NULL, error);
    if (status == EG_OK) {
        made->variables = eg_expr_variables(made->model);
        status = bind_target(made, table, target, error);
    }
    if (status == EG_OK)
        status = bind_variables(made, table, target, error);
    if (status == EG_OK && batch)
        status = allocate_batch(made, error);
    if (status != EG_OK) {
        eg_fit_free(made);
        return status;
    }
    sum_total_squares(made);
    *fit = made;
    return EG_OK;
}

void eg_fit_free(eg_fit *fit)
{
    if (!fit)
        return;
    eg_expr_free(fit->model);
    eg_free(fit->order);
    eg_free(fit->batch_data);
    eg_free(fit);
}

size_t eg_fit_parameters(const eg_fit *fit)
{
    return fit->parameters;
}

const char *eg_fit_name(const eg_fit *fit, size_t parameter)
{
    return parameter < fit->parameters ? eg_expr_name(fit->model, fit->parameter[parameter]) : NULL;
}

/* ---- goodness of fit ---- */

/* Computes the diagonal of the inverse of the symmetric n x n `matrix`; NaN if that is numerically
 * singular. Destroys `matrix` and fills `eigenvectors`. The matrix is scaled to a unit diagonal
 * first, because parameters may differ by orders of magnitude. */
static void invert_diagonal(double *matrix, double *eigenvectors, size_t n, double diagonal[])
{
    double scale[EG_EXPR_VARIABLES], eigenvalues[EG_EXPR_VARIABLES] = {0};
    bool regular = true;
    for (size_t i = 0; i < n; i++) {
        scale[i] = sqrt(matrix[i * n + i]);
        regular = regular && scale[i] > 0 && isfinite(scale[i]);
    }
    for (size_t i = 0; regular && i < n * n; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): the loop does not run if n is 0 */
        matrix[i] /= scale[i / n] * scale[i % n];
    if (regular)
        eg_eigen(matrix, n, eigenvalues, eigenvectors);
    regular = regular && eigenvalues[0] > 4e-16 * (double)n * eigenvalues[n - 1];
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; regular && k < n; k++)
            sum += eigenvectors[k * n + i] * eigenvectors[k * n + i] / eigenvalues[k];
        diagonal[i] = regular ? sum / (scale[i] * scale[i]) : NAN;
    }
}

eg_status eg_fit_evaluate(eg_fit *fit, const double parameters[], eg_fit_statistics *statistics,
                          eg_error *error)
{
    size_t n = fit->parameters;
    double value = NAN, *memory = eg_alloc(fit->ctx, 2 * n, n * sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    *statistics = (eg_fit_statistics){.points = fit->points, .parameters = n};
    eg_status status = fit_at(fit, parameters, &value, NULL, memory, error);
    double points = (double)fit->points, freedom = points - (double)n;
    for (size_t i = 0; i < n * n; i++)
        memory[i] *= points / 2;
    invert_diagonal(memory, memory + n * n, n, statistics->standard_errors);
    statistics->squares = value * points;
    statistics->deviation = freedom > 0 ? sqrt(statistics->squares / freedom) : NAN;
    statistics->r_squared =
        fit->total_squares > 0 ? 1 - statistics->squares / fit->total_squares : NAN;
    for (size_t i = 0; i < n; i++)
        statistics->standard_errors[i] =
            statistics->deviation * sqrt(statistics->standard_errors[i]);
    eg_free(memory);
    return status;
}
