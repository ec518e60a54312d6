/* SPDX-License-Identifier: MIT */
/* Runs the optimiser: options, start, and the run on an expression. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/formula.h"

enum { TRIAL_POINTS = 20000000 }; /* most evaluations of data points spent on trying advice */

static size_t min_count(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Reads a coordinate of --from, a constant expression. */
static int read_coordinate(void *opaque, size_t index, const char *text)
{
    descent_run *run = opaque;
    static const formula_constants none;
    return formula_constant(&run->start[index], run->ctx, "--from", text, &none);
}

int descent_read_start(descent_run *run)
{
    if (!run->options->from)
        return EXIT_DONE;
    return formula_named_parts("--from", run->options->from, run->names, run->objective.variables,
                               run->points > 0, read_coordinate, run);
}

/* Returns the index of the variable with this name of `length` bytes; the number of variables if
 * there is none. */
static size_t find_variable(const descent_run *run, const char *name, size_t length)
{
    size_t i = 0;
    while (i < run->objective.variables &&
           (strncmp(run->names[i], name, length) != 0 || run->names[i][length] != 0))
        i++;
    return i;
}

int descent_read_axes(descent_run *run)
{
    const char *text = run->options->axes;
    size_t *axes = run->axes;
    axes[0] = 0;
    axes[1] = 1;
    if (!text)
        return EXIT_DONE;
    size_t comma = strcspn(text, ","), n = run->objective.variables;
    if (text[comma]) {
        axes[0] = find_variable(run, text, comma);
        axes[1] = find_variable(run, text + comma + 1, strlen(text + comma + 1));
    }
    if (!text[comma] || axes[0] >= n || axes[1] >= n || axes[0] == axes[1])
        return usage_error(run->args->command,
                           "--axes: '%.200s' is not the names of two variables, as in x,y", text);
    return EXIT_DONE;
}

eg_status descent_new_context(descent_run *run)
{
    eg_config config = run->settings->config;
    config.cancel = signal_caught();
    return eg_context_new(&run->ctx, &config, &run->error);
}

eg_status descent_optimize(descent_run *run)
{
    eg_descent_options options = run->options->optimizer;
    options.steps = run->options->epochs ? (size_t)run->options->epochs * run->objective.epoch
                                         : (size_t)run->options->steps;
    options.schedule.warmup = (size_t)run->options->warmup;
    if (run->points > 0) /* trying advice for a fit must not take long */
        options.trial_evaluations =
            min_count(options.trial_evaluations, TRIAL_POINTS / run->points);
    for (size_t i = 0; eg_method_name(i); i++)
        if (strcmp(eg_method_name(i), run->options->method) == 0)
            options.method = (eg_method)i;
    options.give_up = !option_given(run->args, "steps") && !run->options->epochs;
    run->options->optimizer.steps = options.steps;
    memcpy(run->x, run->start, sizeof run->x);
    eg_status status = descent_log_open(&run->log, run, &run->error);
    options.on_step = descent_log_step;
    options.opaque = &run->log;
    if (status == EG_OK)
        status = eg_descent(run->ctx, &run->objective, run->x, &options, &run->result, &run->error);
    if (status == EG_OK)
        status = descent_log_commit(&run->log, &run->error);
    return status;
}

void descent_free(descent_run *run)
{
    descent_log_close(&run->log);
    eg_context_free(run->ctx);
}

/* ---- expressions ---- */

/* Prepares a run on an expression. */
static int prepare_expression(descent_run *run, const eg_expr *expr, const char *text)
{
    run->objective = eg_objective_expr(expr);
    for (size_t i = 0; i < run->objective.variables; i++)
        run->names[i] = eg_expr_name(expr, i);
    if (run->objective.variables == 0)
        return usage_error(run->args->command, "'%.200s' has no variables: nothing to descend",
                           text);
    if (!run->options->from) {
        char example[64] = "5";
        for (size_t i = 1; i < run->objective.variables && i < sizeof example / 2; i++)
            memcpy(example + 2 * i - 1, ",5", 3);
        return usage_error(run->args->command,
                           "--from is missing: give a start point, as in --from %s", example);
    }
    int code = descent_read_start(run);
    if (code == EXIT_DONE && !run->settings->quiet)
        formula_note_product(expr, run->options->from);
    return code == EXIT_DONE ? descent_read_axes(run) : code;
}

int descent_prepare(descent_run *run, eg_expr **expr)
{
    const char *text = run->args->operands[0];
    const eg_expr_options form = {.form = EG_FORM_DEFINITION};
    eg_status status = descent_new_context(run);
    int code = status == EG_OK ? formula_parse(expr, run->ctx, NULL, text, &form)
                               : report_error(run->settings, &run->error);
    if (code == EXIT_DONE && eg_expr_is_equation(*expr))
        code = usage_error(run->args->command, "EXPR is an equation; to minimise write one side "
                                               "only, to solve it (left - right)^2");
    return code == EXIT_DONE ? prepare_expression(run, *expr, text) : code;
}

/* Runs, plots and reports. */
static int descend(descent_run *run, const eg_expr *expr, const char *text)
{
    if (descent_optimize(run) != EG_OK)
        return report_error(run->settings, &run->error);
    int code = descent_plot(run, expr, text);
    if (code == EXIT_DONE)
        code = descent_commit_outputs(run);
    if (code == EXIT_DONE)
        descent_report(run, text, NULL);
    return code == EXIT_DONE ? descent_exit_code(run) : code;
}

int descent_run_expression(const cli_args *args, descent_settings *options)
{
    descent_run run = {.args = args, .settings = &options->common, .options = options};
    eg_expr *expr = NULL;
    int code = descent_prepare(&run, &expr);
    if (code == EXIT_DONE)
        code = descend(&run, expr, args->operands[0]);
    eg_expr_free(expr);
    descent_free(&run);
    return code;
}
