/* SPDX-License-Identifier: MIT */
/* Fits a model to a table. */
#include <stdlib.h>
#include <string.h>

#include "cli/descent/fit.h"
#include "cli/support/format.h"
#include "cli/support/formula.h"

#define FIT_TOLERANCE 1e-8 /* of the offset, by which eg_fit_evaluate() accepts a minimum */

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
    formula_product_hint(model, hint);
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
    if (code == EXIT_DONE)
        code = fit_read_fixed(fit);
    if (code != EXIT_DONE)
        return code;
    status = eg_fit_new(&fit->fit, fit->run.ctx, options->model, fit->table, options->target,
                        &(eg_fit_options){.weights = options->weights,
                                          .sigma = options->sigma,
                                          .fixed = fit->fixed,
                                          .fixed_count = fit->fixed_count,
                                          .batch = (size_t)options->batch,
                                          .seed = options->seed},
                        error);
    if (status != EG_OK)
        return report_error(fit->run.settings, error);
    fit->run.objective = eg_fit_objective(fit->fit);
    fit->run.points = eg_table_rows(fit->table);
    for (size_t i = 0; i < fit->run.objective.variables; i++)
        fit->run.names[i] = eg_fit_name(fit->fit, i);
    size_t n = fit->run.objective.variables;
    fit->covariance = format_memory(n * n, sizeof *fit->covariance);
    return fit_read_bounds(fit);
}

/* Fits from run->start to run->x by eg_fit_solve(), and writes the log. */
static eg_status solve(fit_run *fit)
{
    descent_run *run = &fit->run;
    eg_fit_solver solver = {.steps = (size_t)run->options->steps,
                            .seconds = run->options->optimizer.seconds,
                            .on_step = descent_log_step,
                            .opaque = &run->log};
    run->options->optimizer.steps = solver.steps;
    memcpy(run->x, run->start, sizeof run->x);
    eg_status status = descent_log_open(&run->log, run, &run->error);
    if (status == EG_OK)
        status = eg_fit_solve(fit->fit, run->x, &solver, &fit->solved, &run->error);
    if (status == EG_OK)
        status = descent_log_commit(&run->log, &run->error);
    run->result.steps = fit->solved.steps;
    run->result.value = fit->solved.value;
    return status;
}

static eg_status optimize(fit_run *fit)
{
    descent_run *run = &fit->run;
    if (fit_is_lm(fit))
        return solve(fit);
    if (!option_given(run->args, "tolerance"))
        run->options->optimizer.gradient_tolerance = FIT_TOLERANCE;
    return descent_optimize(run);
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
    if (optimize(fit) != EG_OK ||
        eg_fit_evaluate(fit->fit, run->x, &fit->statistics, fit->covariance, &run->error) != EG_OK)
        return report_error(run->settings, &run->error);
    snprintf(function, sizeof function, "mean squared error of %.150s = %.150s", options->target,
             options->model);
    code =
        options->plot && fit_plot_wanted(fit) ? fit_plot(fit) : descent_plot(run, NULL, function);
    if (code == EXIT_DONE)
        code = descent_commit_outputs(run);
    if (code == EXIT_DONE)
        fit_report(fit, function);
    return code == EXIT_DONE ? fit_exit_code(fit) : code;
}

int descent_run_fit(const cli_args *args, descent_settings *options)
{
    fit_run fit = {.run = {.args = args, .settings = &options->common, .options = options}};
    int code = run_fit(&fit);
    free(fit.covariance);
    eg_fit_free(fit.fit);
    eg_table_free(fit.table);
    descent_free(&fit.run);
    return code;
}
