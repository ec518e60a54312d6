/* SPDX-License-Identifier: MIT */
/* Fits of a model to a table: construction, weights, fixed parameters and bounds. */
#include "descent/fit/fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "descent/fit/least_squares.h"

/* Returns the index of the column; that past the last if there is none of this name. */
static size_t find_column(const eg_table *table, const char *name)
{
    size_t i = 0;
    while (eg_table_name(table, i) && strcmp(eg_table_name(table, i), name) != 0)
        i++;
    return i;
}

static eg_status bind_column(const eg_table *table, const char *name, const double **values,
                             eg_error *error)
{
    char names[160] = "";
    size_t used = 0, column = find_column(table, name);
    for (size_t i = 0; eg_table_name(table, i) && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.30s", i ? ", " : "",
                                 eg_table_name(table, i));
    if (!eg_table_name(table, column))
        return eg_fail(error, EG_USAGE, "the data have no column '%.60s'; they have %s%s", name,
                       names,
                       eg_table_name(table, 1) ? ""
                                               : " (columns are separated by commas, semicolons "
                                                 "or tabs)");
    return eg_table_column(table, column, values, error);
}

/* Computes the square roots of the weights. */
static eg_status bind_weights(eg_fit *fit, const eg_table *table, const eg_fit_options *options,
                              eg_error *error)
{
    const double *column = NULL;
    const char *name = options->sigma ? options->sigma : options->weights;
    fit->weighted = fit->points;
    fit->known_sigma = options->sigma != NULL;
    if (!name)
        return EG_OK;
    if (options->sigma && options->weights)
        return eg_fail(error, EG_USAGE, "sigma and weights cannot be used together");
    eg_status status = bind_column(table, name, &column, error);
    if (status == EG_OK && !(fit->roots = eg_alloc(fit->ctx, fit->points, sizeof(double), error)))
        return eg_failed(error);
    for (size_t i = 0; status == EG_OK && column && i < fit->points; i++) {
        fit->roots[i] = options->sigma ? 1 / column[i] : sqrt(column[i]);
        fit->weighted -= fit->roots[i] == 0;
        if (!(column[i] >= 0) || !isfinite(fit->roots[i]))
            status = eg_fail(error, EG_BAD_INPUT, "%s in row %zu of the data is %g; it must be %s",
                             name, i + 1, column[i],
                             options->sigma ? "a positive standard deviation" : "0 or more");
    }
    return status;
}

/* Parses the model, with the fixed parameters as constants. */
static eg_status parse_model(eg_fit *fit, const char *model, const eg_table *table,
                             const eg_fit_options *options, eg_error *error)
{
    const eg_expr_options names = {.bindings = options->fixed,
                                   .binding_count = options->fixed_count};
    eg_expr *all = NULL;
    eg_status status = eg_expr_parse(&all, fit->ctx, model, NULL, NULL, error);
    for (size_t i = 0; status == EG_OK && i < options->fixed_count; i++) {
        const char *name = options->fixed[i].name;
        bool used = false;
        for (size_t v = 0; v < eg_expr_variables(all); v++)
            used |= strcmp(eg_expr_name(all, v), name) == 0;
        if (!used || eg_table_name(table, find_column(table, name)))
            status = eg_fail(error, EG_USAGE, "'%.60s' is no parameter of the model", name);
    }
    eg_expr_free(all);
    return status == EG_OK ? eg_expr_parse(&fit->model, fit->ctx, model, &names, NULL, error)
                           : status;
}

static eg_status bind_variables(eg_fit *fit, const eg_table *table, const char *target, bool fixed,
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
                       "the model has no parameters: every name in it is a column of the data%s",
                       fixed ? " or fixed" : "");
    if (status == EG_OK && fit->weighted < fit->parameters)
        return eg_fail(error, EG_USAGE,
                       "the data have %zu point%s, fewer than the %zu parameters of the model",
                       fit->weighted, fit->weighted == 1 ? "" : "s", fit->parameters);
    return status;
}

/* Computes the norms of the weighted target, and of it about its weighted mean. */
static eg_status sum_total_squares(eg_fit *fit, eg_error *error)
{
    double mean = 0, sum = 0, largest = 0;
    double *parts = eg_alloc(fit->ctx, fit->points, sizeof *parts, error);
    if (!parts)
        return eg_failed(error);
    for (size_t i = 0; fit->roots && i < fit->points; i++)
        largest = fmax(largest, fit->roots[i]);
    for (size_t i = 0; i < fit->points; i++) {
        double root = fit->roots ? fit->roots[i] / largest : 1, weight = root * root;
        sum += weight;
        if (weight > 0)
            mean += (fit->target[i] - mean) * (weight / sum);
    }
    for (size_t i = 0; i < fit->points; i++)
        parts[i] = (fit->target[i] - mean) * (fit->roots ? fit->roots[i] : 1);
    fit->total_norm = eg_vector_norm(parts, fit->points);
    for (size_t i = 0; i < fit->points; i++)
        parts[i] = fit->target[i] * (fit->roots ? fit->roots[i] : 1);
    fit->target_norm = eg_vector_norm(parts, fit->points);
    eg_free(parts);
    return EG_OK;
}

static eg_status allocate_batch(eg_fit *fit, eg_error *error)
{
    if (fit->batch > fit->points || fit->points > UINT32_MAX)
        return eg_fail(error, EG_USAGE, "a batch of %zu exceeds the %zu points of the data",
                       fit->batch, fit->points);
    fit->order = eg_alloc(fit->ctx, fit->points, sizeof *fit->order, error);
    fit->batch_data =
        eg_alloc(fit->ctx, fit->variables + 2, fit->batch * sizeof *fit->batch_data, error);
    return fit->order && fit->batch_data ? EG_OK : eg_failed(error);
}

eg_status eg_fit_new(eg_fit **fit, eg_context *ctx, const char *model, const eg_table *table,
                     const char *target, const eg_fit_options *options, eg_error *error)
{
    static const eg_fit_options none = {0};
    const eg_fit_options *o = options ? options : &none;
    *fit = NULL;
    eg_fit *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->points = eg_table_rows(table);
    made->batch = o->batch;
    made->seed = o->seed;
    made->shuffled_epoch = SIZE_MAX;
    made->cosine = NAN;
    for (size_t p = 0; p < EG_EXPR_VARIABLES; p++) {
        made->low[p] = -INFINITY;
        made->high[p] = INFINITY;
    }
    eg_status status = parse_model(made, model, table, o, error);
    if (status == EG_OK) {
        made->variables = eg_expr_variables(made->model);
        status = bind_column(table, target, &made->target, error);
    }
    if (status == EG_OK)
        status = bind_weights(made, table, o, error);
    if (status == EG_OK)
        status = bind_variables(made, table, target, o->fixed_count > 0, error);
    if (status == EG_OK && made->batch)
        status = allocate_batch(made, error);
    if (status == EG_OK)
        status = sum_total_squares(made, error);
    if (status != EG_OK) {
        eg_fit_free(made);
        return status;
    }
    *fit = made;
    return EG_OK;
}

void eg_fit_free(eg_fit *fit)
{
    if (!fit)
        return;
    eg_expr_free(fit->model);
    eg_free(fit->roots);
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

eg_status eg_fit_bound(eg_fit *fit, size_t parameter, double low, double high, eg_error *error)
{
    if (parameter >= fit->parameters || !(low <= high))
        return eg_fail(error, EG_USAGE, "the bounds of a parameter must be ascending: %g, %g", low,
                       high);
    fit->low[parameter] = low;
    fit->high[parameter] = high;
    return EG_OK;
}

const char *eg_fit_column(const eg_fit *fit)
{
    const char *name = NULL;
    for (size_t v = 0; v < fit->variables; v++)
        if (fit->columns[v]) {
            if (name)
                return NULL;
            name = eg_expr_name(fit->model, v);
        }
    return name;
}
