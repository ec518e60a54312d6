/* SPDX-License-Identifier: MIT */
/* A model fitted to data by the same run, and what is said of the fit. */
#include <math.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/formula.h"
#include "cli/support/json.h"

typedef struct data_run {
    descent_run run; /* first: what the report hands back */
    eg_table *table;
    eg_fit *fit;
    eg_fit_statistics quality;
} data_run;

static void print_quality(const data_run *d)
{
    const eg_fit_statistics *q = &d->quality;
    printf("points:   %zu\n", q->points);
    for (size_t i = 0; i < q->parameters; i++) {
        printf("fit:      %s = %.10g", d->run.names[i], d->run.x[i]);
        if (isfinite(q->errors[i]))
            printf("  standard error %.4g\n", q->errors[i]);
        else
            puts("  standard error unknown: the data do not tell");
    }
    printf("residual: standard deviation %.6g\n", q->deviation);
    printf("R²:       %.10g\n", q->r_squared);
}

static void json_quality(json *j, const data_run *d)
{
    const eg_fit_statistics *q = &d->quality;
    json_count(j, "points", q->points);
    json_open(j, "standard_errors", '{');
    for (size_t i = 0; i < q->parameters; i++)
        json_exact(j, d->run.names[i], q->errors[i]);
    json_close(j, '}');
    json_exact(j, "residual_deviation", q->deviation);
    json_exact(j, "r_squared", q->r_squared);
}

static void more(const descent_run *run, void *json_or_null)
{
    const data_run *d = (const data_run *)(const void *)run;
    if (json_or_null)
        json_quality(json_or_null, d);
    else
        print_quality(d);
}

/* Whether the model can be read; says so where it has nothing to do with the data. */
static int check_model(data_run *d)
{
    const descent_run *run = &d->run;
    const descent_settings *s = run->options;
    char hint[GLUED_SIZE];
    eg_expr *model;
    bool bound = false;
    int code = formula_parse(&model, run->ctx, "--model", s->model, NULL);
    if (code != EXIT_DONE)
        return code;
    for (size_t c = 0; eg_table_name(d->table, c); c++)
        for (size_t i = 0; i < eg_expr_variables(model); i++)
            bound |= strcmp(eg_table_name(d->table, c), eg_expr_name(model, i)) == 0;
    formula_hint(model, true, hint);
    eg_expr_free(model);
    if (!bound && !run->settings->quiet)
        message("note: the model has none of the columns of %.200s: it is a constant%s", s->data,
                hint);
    return EXIT_DONE;
}

static int open_data(data_run *d)
{
    const descent_settings *s = d->run.options;
    eg_error *error = &d->run.error;
    eg_status status = descent_context(&d->run);
    if (status == EG_OK)
        status = eg_table_read(&d->table, d->run.ctx, s->data, error);
    if (status != EG_OK)
        return report_error(d->run.settings, error);
    int code = check_model(d);
    if (code != EXIT_DONE)
        return code;
    status = eg_fit_new(&d->fit, d->run.ctx, s->model, d->table, s->target, (size_t)s->batch,
                        s->seed, error);
    if (status != EG_OK)
        return report_error(d->run.settings, error);
    d->run.objective = eg_fit_objective(d->fit);
    d->run.points = eg_table_rows(d->table);
    for (size_t i = 0; i < d->run.objective.variables; i++)
        d->run.names[i] = eg_fit_name(d->fit, i);
    return EXIT_DONE;
}

static int fit(data_run *d)
{
    descent_run *run = &d->run;
    const descent_settings *s = run->options;
    char what[400];
    int code = open_data(d);
    if (code == EXIT_DONE)
        code = descent_start(run);
    if (code == EXIT_DONE)
        code = descent_axes(run, run->axes);
    if (code != EXIT_DONE)
        return code;
    if (descent_go(run) != EG_OK ||
        eg_fit_evaluate(d->fit, run->x, &d->quality, &run->error) != EG_OK)
        return report_error(run->settings, &run->error);
    snprintf(what, sizeof what, "mean squared error of %.150s = %.150s", s->target, s->model);
    descent_report(run, what, more);
    code = descent_plot(run, NULL, what);
    return code == EXIT_DONE ? descent_exit_code(run) : code;
}

int descent_on_data(const cli_line *line, descent_settings *options)
{
    data_run d = {.run = {.line = line, .settings = &options->common, .options = options}};
    int code = fit(&d);
    eg_fit_free(d.fit);
    eg_table_free(d.table);
    descent_end(&d.run);
    return code;
}
