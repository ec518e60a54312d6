/* SPDX-License-Identifier: MIT */
/*
 * Fitting a model to data: the mean squared error over blocks of points. Blocks are summed each on
 * its own and then in their order, so that no number of threads changes a bit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/pipeline.h"
#include "core/status.h"
#include "descent/optimizer.h"

enum { BLOCK = 4096 };

struct eg_fit {
    eg_context *ctx;
    eg_expr *model;
    size_t variables;                         /* of the model */
    const double *columns[EG_EXPR_VARIABLES]; /* of each; NULL: a parameter */
    size_t parameter[EG_EXPR_VARIABLES];      /* the variable that each parameter is */
    size_t parameters, points;
    const double *target;
    double total; /* sum of squares about the target's mean */
    size_t batch;
    uint64_t seed;
    size_t shuffled; /* the epoch whose order this is; SIZE_MAX: none */
    uint32_t *order;
    double *drawn; /* of a batch: the columns, then the target */
};

/* What is to be summed, and over which points. */
typedef struct summing {
    const eg_fit *fit;
    const double *const *columns;
    const double *target, *at;
    size_t points;
    bool gradient, products;
    size_t width; /* numbers of a block: squares, gradient, products */
    double *sums;
} summing;

/* ---- sums ---- */

/* Residuals times slopes, and slopes times slopes. */
static void add_block(const summing *s, const double *values, double *const slopes[],
                      const double *target, size_t count, double *sums)
{
    size_t n = s->fit->parameters;
    for (size_t i = 0; i < count; i++)
        sums[0] += (values[i] - target[i]) * (values[i] - target[i]);
    for (size_t p = 0; s->gradient && p < n; p++)
        for (size_t i = 0; i < count; i++)
            sums[1 + p] += (values[i] - target[i]) * slopes[p][i];
    for (size_t p = 0; s->products && p < n; p++)
        for (size_t q = 0; q <= p; q++) {
            double sum = 0;
            for (size_t i = 0; i < count; i++)
                sum += slopes[p][i] * slopes[q][i];
            sums[1 + n + p * n + q] = sum;
        }
}

static eg_status sum_block(void *opaque, size_t index, eg_error *error)
{
    const summing *s = opaque;
    const eg_fit *fit = s->fit;
    size_t from = index * BLOCK, count = s->points - from < BLOCK ? s->points - from : BLOCK;
    size_t n = fit->parameters;
    bool derive = s->gradient || s->products;
    double *memory = eg_alloc(fit->ctx, (1 + 2 * n) * count, sizeof *memory, error);
    const double *points[EG_EXPR_VARIABLES];
    double *gradient[EG_EXPR_VARIABLES] = {NULL}, *slopes[EG_EXPR_VARIABLES];
    if (!memory)
        return eg_failed(error);
    for (size_t v = 0; v < fit->variables; v++)
        points[v] = s->columns[v] ? s->columns[v] + from : NULL;
    for (size_t p = 0; p < n; p++) {
        double *constant = memory + (1 + p) * count;
        slopes[p] = memory + (1 + n + p) * count;
        for (size_t i = 0; i < count; i++)
            constant[i] = s->at[p];
        points[fit->parameter[p]] = constant;
        gradient[fit->parameter[p]] = slopes[p];
    }
    eg_status status =
        eg_expr_eval_batch(fit->model, points, count, memory, derive ? gradient : NULL, error);
    if (status == EG_OK)
        add_block(s, memory, slopes, s->target + from, count, s->sums + index * s->width);
    eg_free(memory);
    return status;
}

/* Leaves the sums over all blocks in those of the first. */
static eg_status sum_up(summing *s, eg_error *error)
{
    size_t n = s->fit->parameters, blocks = (s->points + BLOCK - 1) / BLOCK;
    s->width = 1 + n + (s->products ? n * n : 0);
    s->sums = eg_calloc(s->fit->ctx, blocks, s->width * sizeof *s->sums, error);
    if (!s->sums)
        return eg_failed(error);
    eg_status status = eg_parallel_for(s->fit->ctx, blocks, s->points, s, sum_block, error);
    for (size_t b = 1; b < blocks; b++)
        for (size_t i = 0; i < s->width; i++)
            s->sums[i] += s->sums[b * s->width + i];
    return status;
}

/* The mean squared error and its derivatives; Gauss and Newton's Hessian. */
static eg_status mean_square(summing *s, double *value, double gradient[], double hessian[],
                             eg_error *error)
{
    size_t n = s->fit->parameters;
    s->gradient = gradient != NULL;
    s->products = hessian != NULL;
    eg_status status = sum_up(s, error);
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
    summing s = {
        .fit = fit, .columns = fit->columns, .target = fit->target, .at = x, .points = fit->points};
    return mean_square(&s, value, gradient, hessian, error);
}

/* ---- batches ---- */

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Each epoch goes through all points in an order of its own (Fisher and Yates). */
static void shuffle(eg_fit *fit, size_t epoch)
{
    uint64_t state = fit->seed;
    state = next_random(&state) + epoch;
    for (size_t i = 0; i < fit->points; i++)
        fit->order[i] = (uint32_t)i;
    for (size_t i = fit->points; i > 1; i--) {
        size_t k = (size_t)(next_random(&state) % i);
        uint32_t held = fit->order[i - 1];
        fit->order[i - 1] = fit->order[k];
        fit->order[k] = held;
    }
    fit->shuffled = epoch;
}

static size_t steps_of_epoch(const eg_fit *fit)
{
    return (fit->points + fit->batch - 1) / fit->batch;
}

static eg_status fit_sample(void *opaque, size_t step, const double x[], double *value,
                            double gradient[], eg_error *error)
{
    eg_fit *fit = opaque;
    size_t epoch = step / steps_of_epoch(fit), from = step % steps_of_epoch(fit) * fit->batch;
    size_t count = fit->points - from < fit->batch ? fit->points - from : fit->batch;
    const double *columns[EG_EXPR_VARIABLES];
    double *drawn = fit->drawn;
    if (fit->shuffled != epoch)
        shuffle(fit, epoch);
    for (size_t v = 0; v <= fit->variables; v++) {
        const double *all = v < fit->variables ? fit->columns[v] : fit->target;
        if (v < fit->variables)
            columns[v] = all ? drawn : NULL;
        for (size_t i = 0; all && i < count; i++)
            drawn[i] = all[fit->order[from + i]];
        drawn += all && v < fit->variables ? fit->batch : 0;
    }
    summing s = {.fit = fit, .columns = columns, .target = drawn, .at = x, .points = count};
    return mean_square(&s, value, gradient, NULL, error);
}

eg_objective eg_fit_objective(eg_fit *fit)
{
    return (eg_objective){.opaque = fit,
                          .variables = fit->parameters,
                          .at = fit_at,
                          .sample = fit->batch ? fit_sample : NULL,
                          .epoch = fit->batch ? steps_of_epoch(fit) : 0};
}

/* ---- making one ---- */

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
            return eg_fail(error, EG_USAGE, "the model uses '%.60s', which it is to predict",
                           target);
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

static void measure_target(eg_fit *fit)
{
    double mean = 0;
    for (size_t i = 0; i < fit->points; i++)
        mean += (fit->target[i] - mean) / (double)(i + 1);
    for (size_t i = 0; i < fit->points; i++)
        fit->total += (fit->target[i] - mean) * (fit->target[i] - mean);
}

static eg_status prepare_batches(eg_fit *fit, eg_error *error)
{
    if (fit->batch > fit->points || fit->points > UINT32_MAX)
        return eg_fail(error, EG_USAGE, "a batch of %zu is more than the %zu points there are",
                       fit->batch, fit->points);
    fit->order = eg_alloc(fit->ctx, fit->points, sizeof *fit->order, error);
    fit->drawn = eg_alloc(fit->ctx, fit->variables + 1, fit->batch * sizeof *fit->drawn, error);
    return fit->order && fit->drawn ? EG_OK : eg_failed(error);
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
    made->shuffled = SIZE_MAX;
    eg_status status = eg_expr_parse(&made->model, ctx, model, NULL, NULL, error);
    if (status == EG_OK) {
        made->variables = eg_expr_variables(made->model);
        status = bind_target(made, table, target, error);
    }
    if (status == EG_OK)
        status = bind_variables(made, table, target, error);
    if (status == EG_OK && batch)
        status = prepare_batches(made, error);
    if (status != EG_OK) {
        eg_fit_free(made);
        return status;
    }
    measure_target(made);
    *fit = made;
    return EG_OK;
}

void eg_fit_free(eg_fit *fit)
{
    if (!fit)
        return;
    eg_expr_free(fit->model);
    eg_free(fit->order);
    eg_free(fit->drawn);
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

/* ---- how good it is ---- */

/* The diagonal of the inverse of J^T J, n x n, by eigenvalues of it scaled to a diagonal of ones,
 * which parameters of different sizes do not spoil. NaN: singular to rounding. */
static void invert_diagonal(double *products, double *basis, size_t n, double diagonal[])
{
    double scale[EG_EXPR_VARIABLES], values[EG_EXPR_VARIABLES] = {0};
    bool sound = true;
    for (size_t i = 0; i < n; i++) {
        scale[i] = sqrt(products[i * n + i]);
        sound = sound && scale[i] > 0 && isfinite(scale[i]);
    }
    for (size_t i = 0; sound && i < n * n; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): n * n has an element only where n is not
         * 0 */
        products[i] /= scale[i / n] * scale[i % n];
    if (sound)
        eg_eigen(products, n, values, basis);
    sound = sound && values[0] > 4e-16 * (double)n * values[n - 1];
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; sound && k < n; k++)
            sum += basis[k * n + i] * basis[k * n + i] / values[k];
        diagonal[i] = sound ? sum / (scale[i] * scale[i]) : NAN;
    }
}

eg_status eg_fit_evaluate(eg_fit *fit, const double parameters[], eg_fit_statistics *quality,
                          eg_error *error)
{
    size_t n = fit->parameters;
    double value = NAN, *memory = eg_alloc(fit->ctx, 2 * n, n * sizeof *memory, error);
    if (!memory)
        return eg_failed(error);
    *quality = (eg_fit_statistics){.points = fit->points, .parameters = n};
    eg_status status = fit_at(fit, parameters, &value, NULL, memory, error);
    double points = (double)fit->points, spare = points - (double)n;
    for (size_t i = 0; i < n * n; i++)
        memory[i] *= points / 2;
    invert_diagonal(memory, memory + n * n, n, quality->errors);
    quality->squares = value * points;
    quality->deviation = spare > 0 ? sqrt(quality->squares / spare) : NAN;
    quality->r_squared = fit->total > 0 ? 1 - quality->squares / fit->total : NAN;
    for (size_t i = 0; i < n; i++)
        quality->errors[i] = quality->deviation * sqrt(quality->errors[i]);
    eg_free(memory);
    return status;
}
