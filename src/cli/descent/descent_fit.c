/* SPDX-License-Identifier: MIT */
/* Fits a model to a table, and reports the fit. */
#include <math.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/formula.h"
#include "cli/support/json.h"

typedef struct fit_run {
    descent_run run; /* first member, because print_fit() casts it back */
    eg_table *table;
    eg_fit *fit;
    eg_fit_statistics statistics;
} fit_run;

static void print_fit_text(const fit_run *fit)
{
    const eg_fit_statistics *q = &fit->statistics;
    printf("points:   %zu\n", q->points);
    for (size_t i = 0; i < q->parameters; i++) {
        printf("fit:      %s = %.10g", fit->run.names[i], fit->run.x[i]);
        if (isfinite(q->standard_errors[i]))
            printf("  standard error %.4g\n", q->standard_errors[i]);
        else
            puts("  standard error unknown: the data do not determine the parameter");
    }
    printf("residual: standard deviation %.6g\n", q->deviation);
    printf("R²:       %.10g\n", q->r_squared);
}

static void print_fit_json(json *j, const fit_run *fit)
{
    const eg_fit_statistics *q = &fit->statistics;
    json_count(j, "points", q->points);
    json_open(j, "standard_errors", '{');
    for (size_t i = 0; i < q->parameters; i++)
        json_exact(j, fit->run.names[i], q->standard_errors[i]);
    json_close(j, '}');
    json_exact(j, "residual_deviation", q->deviation);
    json_exact(j, "r_squared", q->r_squared);
}

static void print_fit(const descent_run *run, void *writer)
{
    const fit_run *fit = (const fit_run *)(const void *)run;
    if (writer)
        print_fit_json(writer, fit);
    else
        print_fit_text(fit);
}

/* Parses the model, and prints a note if it uses no column of the data. Returns an exit code. */
static int check_model(fit_run *fit)
{
    const descent_run *run = &fit->run;
    const descent_settings *options = run->options;
    char hint[PRODUCT_HINT_SIZE];
    eg_expr *model;
    bool uses_data = false;
    int code = formula_parse(&model, run->ctx, "--model", options->model, NULL);
    if (code != EXIT_DONE)
        return code;
    for (size_t c = 0; eg_table_name(fit->table, c); c++)
        for (size_t i = 0; i < eg_expr_variables(model); i++)
            uses_data |= strcmp(eg_table_name(fit->table, c), eg_expr_name(model, i)) == 0;
    formula_product_hint(model, true, hint);
    eg_expr_free(model);
    if (!uses_data && !run->settings->quiet)
        message("note: the model has none of the columns of %.200s: it is a constant%s",
                options->data, hint);
    return EXIT_DONE;
}

static int open_data(fit_run *fit)
{
    const descent_settings *options = fit->run.options;
    eg_error *error = &fit->run.error;
    eg_status status = descent_new_context(&fit->run);
    if (status == EG_OK)
        status = eg_table_read(&fit->table, fit->run.ctx, options->data, error);
    if (status != EG_OK)
        return report_error(fit->run.settings, error);
    int code = check_model(fit);
    if (code != EXIT_DONE)
        return code;
    status = eg_fit_new(&fit->fit, fit->run.ctx, options->model, fit->table, options->target,
                        &(eg_fit_options){.batch = (size_t)options->batch, .seed = options->seed},
                        error);
    if (status != EG_OK)
        return report_error(fit->run.settings, error);
    fit->run.objective = eg_fit_objective(fit->fit);
    fit->run.points = eg_table_rows(fit->table);
    for (size_t i = 0; i < fit->run.objective.variables; i++)
        fit->run.names[i] = eg_fit_name(fit->fit, i);
    return EXIT_DONE;
}

static int run_fit(fit_run *fit)
{
    descent_run *run = &fit->run;
    const descent_settings *options = run->options;
    char function[400];
    int code = open_data(fit);
    if (code == EXIT_DONE)
        code = descent_read_start(run);
    if (code == EXIT_DONE)
        code = descent_read_axes(run);
    if (code != EXIT_DONE)
        return code;
    if (descent_optimize(run) != EG_OK ||
        eg_fit_evaluate(fit->fit, run->x, &fit->statistics, NULL, &run->error) != EG_OK)
        return report_error(run->settings, &run->error);
    snprintf(function, sizeof function, "mean squared error of %.150s = %.150s", options->target,
             options->model);
    descent_report(run, function, print_fit);
    code = descent_plot(run, NULL, function);
    return code == EXIT_DONE ? descent_exit_code(run) : code;
}

int descent_run_fit(const cli_args *args, descent_settings *options)
{
    fit_run fit = {.run = {.args = args, .settings = &options->common, .options = options}};
    int code = run_fit(&fit);
    eg_fit_free(fit.fit);
    eg_table_free(fit.table);
    descent_free(&fit.run);
    return code;
}
