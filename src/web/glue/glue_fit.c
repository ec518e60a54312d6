/* SPDX-License-Identifier: MIT */
/* Fits a model to a table, by Levenberg-Marquardt or by descent, and samples its loss. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/glue/descent_words.h"
#include "web/glue/expressions.h"
#include "web/glue/glue_functions.h"
#include "web/glue/reply.h"
#include "web/glue/view.h"

enum { MOST_COLUMNS = 16, NAMES_SIZE = 1024, MOST_SIDE = 256, MOST_CURVE = 4096 };

#define FIT_TOLERANCE 1e-8 /* of the offset, by which eg_fit_evaluate() accepts a minimum */
#define CONFIDENCE    0.975

typedef struct fit_job {
    char names[NAMES_SIZE]; /* of the columns, each with a final 0 */
    const char *name[MOST_COLUMNS];
    const double *column[MOST_COLUMNS];
    size_t columns, rows;
    eg_table *table;
    eg_fit *fit;
    double start[EG_EXPR_VARIABLES], x[EG_EXPR_VARIABLES];
    eg_fit_statistics statistics;
    double covariance[EG_EXPR_VARIABLES * EG_EXPR_VARIABLES];
    eg_descent_result run;
    eg_error error;
    const char *field;
} fit_job;

/* Records that an input is wrong. Returns its status. */
EG_PRINTF(3, 4)
static eg_status refuse(fit_job *job, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(job->error.message, sizeof job->error.message, format, arguments);
    va_end(arguments);
    job->field = field;
    return job->error.status = EG_USAGE;
}

/* ---- input ---- */

/* Splits the names of the columns and finds their numbers. */
static eg_status read_columns(fit_job *job, const char *names, const double input[], size_t rows)
{
    if (strlen(names) >= sizeof job->names)
        return refuse(job, "data", "the names of the columns are too long");
    memcpy(job->names, names, strlen(names) + 1);
    job->rows = rows;
    for (char *name = job->names; name; job->columns++) {
        char *end = strchr(name, '\n');
        if (job->columns == MOST_COLUMNS)
            return refuse(job, "data", "more columns than can be used");
        if (end)
            *end++ = '\0';
        job->name[job->columns] = name;
        job->column[job->columns] = input + job->columns * rows;
        name = end;
    }
    job->field = "data";
    return eg_table_new(&job->table, web_context(&job->error), job->name, job->column, job->columns,
                        rows, &job->error);
}

/* Reads "a=1,b=2" into the start values; parameters that are not named start at 0. */
static eg_status read_start(fit_job *job, const char *text)
{
    size_t n = eg_fit_parameters(job->fit);
    while (*text) {
        char name[80] = "";
        size_t equals = strcspn(text, "="), i = 0;
        if (!text[equals] || equals >= sizeof name)
            return refuse(job, "start", "'%.100s' is not of the form a=1,b=2", text);
        memcpy(name, text, equals);
        while (i < n && strcmp(eg_fit_name(job->fit, i), name) != 0)
            i++;
        char *end;
        double value = strtod(text + equals + 1, &end);
        if (end == text + equals + 1 || (*end && *end != ',') || !isfinite(value))
            return refuse(job, "start", "'%.100s' is not of the form a=1,b=2", text);
        if (i < n) /* one that the model no longer has may stay in the field */
            job->start[i] = value;
        text = *end ? end + 1 : end;
    }
    memcpy(job->x, job->start, sizeof job->x);
    return EG_OK;
}

static eg_status open_fit(fit_job *job, const char *model, const char *names, const double input[],
                          size_t rows, const char *start)
{
    memset(job, 0, sizeof *job);
    eg_status status = read_columns(job, names, input, rows);
    if (status != EG_OK)
        return status;
    job->field = "model";
    status = eg_fit_new(&job->fit, web_context(&job->error), model, job->table,
                        job->name[job->columns - 1], NULL, &job->error);
    return status == EG_OK ? read_start(job, start) : status;
}

static eg_status close_fit(fit_job *job, eg_status status)
{
    status = status == EG_OK ? reply_end() : reply_error(&job->error, job->field, NULL);
    eg_fit_free(job->fit);
    eg_table_free(job->table);
    return status;
}

/* ---- the fit ---- */

/* Runs Levenberg-Marquardt and records its steps. */
static eg_status run_lm(fit_job *job, descent_record *record, size_t steps)
{
    eg_fit_solver solver;
    eg_fit_result result;
    eg_fit_solver_default(&solver);
    solver.steps = steps;
    solver.on_step = descent_record_step;
    solver.opaque = record;
    eg_status status = eg_fit_solve(job->fit, job->x, &solver, &result, &job->error);
    if (status != EG_OK)
        return status;
    reply_text("method", "lm");
    reply_count("steps", result.steps);
    reply_count("evaluations", result.evaluations);
    reply_number("start_value", result.start_value);
    reply_number("value", result.value);
    reply_open("remarks", '[');
    reply_close(']');
    return EG_OK;
}

/* Runs a descent on the mean squared error and records its steps. */
static eg_status run_descent(fit_job *job, descent_record *record, const char *method, double rate,
                             size_t steps)
{
    eg_descent_options options;
    const eg_objective objective = eg_fit_objective(job->fit);
    eg_descent_default(&options);
    options.method = descent_method(method);
    if (options.method >= EG_METHODS)
        return refuse(job, "method", "there is no method %.40s", method);
    options.rate = rate;
    options.steps = steps;
    options.give_up = true;
    options.gradient_tolerance = FIT_TOLERANCE;
    options.trial_evaluations = 2000;
    options.on_step = descent_record_step;
    options.opaque = record;
    eg_status status =
        eg_descent(web_context(&job->error), &objective, job->x, &options, &job->run, &job->error);
    if (status == EG_OK)
        descent_reply(&job->run);
    return status;
}

static void reply_parameters(const fit_job *job)
{
    reply_open("parameters", '[');
    for (size_t i = 0; i < eg_fit_parameters(job->fit); i++) {
        reply_open(NULL, '{');
        reply_text("name", eg_fit_name(job->fit, i));
        reply_number("start", job->start[i]);
        reply_number("value", job->x[i]);
        reply_number("standard_error", job->statistics.standard_errors[i]);
        reply_close('}');
    }
    reply_close(']');
}

/* Answers with parameters, goodness of fit and words about the end. */
static eg_status reply_statistics(fit_job *job)
{
    char text[1024];
    const eg_fit_statistics *s = &job->statistics;
    job->field = "model";
    eg_status status =
        eg_fit_evaluate(job->fit, job->x, &job->statistics, job->covariance, &job->error);
    if (status != EG_OK)
        return status;
    reply_parameters(job);
    reply_count("points", s->points);
    reply_number("squares", s->squares);
    reply_number("deviation", s->deviation);
    reply_number("r_squared", s->r_squared);
    reply_bool("minimum", s->outcome == EG_FIT_MINIMUM);
    if (eg_fit_explain(job->fit, s, text, sizeof text))
        reply_text("words", text);
    if (eg_fit_column(job->fit))
        reply_text("column", eg_fit_column(job->fit));
    return EG_OK;
}

/* Returns the numbers of the only column of the model; NULL: it has none or several. */
static const double *column_of_curve(const fit_job *job)
{
    const char *name = eg_fit_column(job->fit);
    for (size_t i = 0; name && i < job->columns; i++)
        if (strcmp(job->name[i], name) == 0)
            return job->column[i];
    return NULL;
}

/* Adds `count` triples of the curve over the range of its column, a twentieth beyond each end. */
static eg_status add_curve(fit_job *job, size_t count)
{
    static double at[MOST_CURVE], values[MOST_CURVE], errors[MOST_CURVE];
    const double *column = column_of_curve(job);
    if (!column || count < 2 || count > MOST_CURVE)
        return EG_OK;
    double low = column[0], high = column[0];
    for (size_t i = 0; i < job->rows; i++) {
        low = fmin(low, column[i]);
        high = fmax(high, column[i]);
    }
    double margin = (high - low) / 20;
    for (size_t i = 0; i < count; i++)
        at[i] = low - margin + (high - low + 2 * margin) * (double)i / (double)(count - 1);
    eg_status status =
        eg_fit_predict(job->fit, job->x, job->covariance, at, count, values, errors, &job->error);
    double *to = status == EG_OK ? reply_numbers(3 * count, &job->error) : NULL;
    if (!to)
        return job->error.status;
    double width = eg_student_quantile(CONFIDENCE, (double)job->statistics.freedom);
    for (size_t i = 0; i < count; i++) {
        to[3 * i] = at[i];
        to[3 * i + 1] = values[i];
        to[3 * i + 2] = width * errors[i];
    }
    reply_count("curve", count);
    return EG_OK;
}

WEB_EXPORT eg_status functions_fit(const char *model, const char *names, const double input[],
                                   size_t rows, const char *start, const char *method, double rate,
                                   size_t steps, size_t count)
{
    static fit_job job;
    eg_status status = open_fit(&job, model, names, input, rows, start);
    descent_record record = {.error = &job.error};
    reply_begin();
    if (status == EG_OK) {
        record.variables = eg_fit_parameters(job.fit);
        job.field = "start";
        status = strcmp(method, "lm") == 0 ? run_lm(&job, &record, steps)
                                           : run_descent(&job, &record, method, rate, steps);
    }
    if (status == EG_OK)
        status = job.error.status; /* of the record */
    if (status == EG_OK) {
        reply_count("recorded", record.steps);
        status = reply_statistics(&job);
    }
    if (status == EG_OK)
        status = add_curve(&job, count);
    return close_fit(&job, status);
}

/* ---- the loss ---- */

/* Samples the loss over two parameters into the numbers of the answer. */
static eg_status sample_loss(fit_job *job, const view_grid *g, size_t first, size_t second)
{
    const eg_objective objective = eg_fit_objective(job->fit);
    double *values = reply_numbers(g->columns * g->rows, &job->error);
    eg_status status = values ? EG_OK : job->error.status;
    for (size_t row = 0; row < g->rows && status == EG_OK; row++)
        for (size_t column = 0; column < g->columns && status == EG_OK; column++) {
            job->x[first] =
                g->x[0] + (g->x[1] - g->x[0]) * (double)column / (double)(g->columns - 1);
            job->x[second] = g->y[0] + (g->y[1] - g->y[0]) * (double)row / (double)(g->rows - 1);
            status = objective.at(objective.opaque, job->x, values + row * g->columns + column,
                                  NULL, NULL, &job->error);
        }
    return status;
}

WEB_EXPORT eg_status functions_loss(const char *model, const char *names, const double input[],
                                    size_t rows, const char *start, size_t first, size_t second,
                                    const double ranges[4], size_t side)
{
    static fit_job job;
    const view_grid grid = {{ranges[0], ranges[1]}, {ranges[2], ranges[3]}, side, side};
    eg_status status = open_fit(&job, model, names, input, rows, start);
    reply_begin();
    if (status == EG_OK && (first == second || first >= eg_fit_parameters(job.fit) ||
                            second >= eg_fit_parameters(job.fit)))
        status = refuse(&job, "model", "the loss surface needs two parameters");
    if (status == EG_OK &&
        (side < 2 || side > MOST_SIDE || !(ranges[0] < ranges[1]) || !(ranges[2] < ranges[3])))
        status = refuse(&job, "range", "a range must ascend");
    if (status == EG_OK)
        status = sample_loss(&job, &grid, first, second);
    if (status == EG_OK)
        status = view_reply_levels(&grid, (double)NAN, &job.error);
    return close_fit(&job, status);
}
