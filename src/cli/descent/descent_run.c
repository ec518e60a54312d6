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

static int bad_from(const descent_run *run, const char *reason)
{
    return usage_error(run->args->command, "--from: '%.200s' %s", run->options->from, reason);
}

/* Reports coordinates that do not match the variables, with a hint at a missing product sign.
 * `many`: there are too many of them. */
static int bad_count(const descent_run *run, const char *reason, bool many)
{
    char hint[PRODUCT_HINT_SIZE], message_text[2 * PRODUCT_HINT_SIZE];
    product_hint(run->names, run->objective.variables, many, hint);
    snprintf(message_text, sizeof message_text, "%.300s%s", reason, hint);
    return bad_from(run, message_text);
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

/* Reads coordinate number `position` at `text`, "5" or "x=5", and sets its bit in *given. Returns
 * the text after it; NULL after a message. */
static const char *read_coordinate(descent_run *run, const char *text, size_t position, bool *named,
                                   uint64_t *given)
{
    char reason[160], *end;
    size_t length = strcspn(text, ",="), n = run->objective.variables;
    size_t index = position;
    *named = text[length] == '=';
    if (*named) {
        while (*text == ' ') {
            text++;
            length--;
        }
        index = find_variable(run, text, length);
        snprintf(reason, sizeof reason, "names '%.*s', which is not a variable", (int)length, text);
        text += length + 1;
    } else {
        snprintf(reason, sizeof reason, "has more than %zu coordinate%s", n, n == 1 ? "" : "s");
    }
    if (index >= n) {
        bad_count(run, reason, true);
        return NULL;
    }
    *given |= UINT64_C(1) << index;
    run->start[index] = strtod(text, &end);
    if (end == text || (*end && *end != ',') || !isfinite(run->start[index])) {
        bad_from(run, "is not numbers with commas between, as in 5,5 or x=5,y=5");
        return NULL;
    }
    return *end ? end + 1 : end;
}

int descent_read_start(descent_run *run)
{
    const char *text = run->options->from;
    size_t position = 0;
    uint64_t given = 0;
    bool named = false;
    char reason[160];
    while (text && (*text || position == 0)) {
        text = read_coordinate(run, text, position, &named, &given);
        if (!text)
            return EXIT_USAGE;
        position++;
    }
    if (text && !named && position < run->objective.variables) {
        snprintf(reason, sizeof reason, "has %zu coordinate%s; there are %zu variables", position,
                 position == 1 ? "" : "s", run->objective.variables);
        return bad_count(run, reason, false);
    }
    for (size_t i = 0; text && run->points == 0 && i < run->objective.variables; i++)
        if (!(given >> i & 1)) {
            snprintf(reason, sizeof reason, "gives no value for %.100s", run->names[i]);
            return bad_count(run, reason, false);
        }
    return EXIT_DONE;
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

static int descend_expression(descent_run *run, const eg_expr *expr, const char *text)
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
    if (code == EXIT_DONE)
        code = descent_read_axes(run);
    if (code != EXIT_DONE)
        return code;
    if (descent_optimize(run) != EG_OK)
        return report_error(run->settings, &run->error);
    descent_report(run, text, NULL);
    code = descent_plot(run, expr, text);
    return code == EXIT_DONE ? descent_exit_code(run) : code;
}

int descent_run_expression(const cli_args *args, descent_settings *options)
{
    descent_run run = {.args = args, .settings = &options->common, .options = options};
    const char *text = args->operands[0];
    eg_expr *expr = NULL;
    eg_status status = descent_new_context(&run);
    int code = status == EG_OK ? formula_parse(&expr, run.ctx, NULL, text, NULL)
                               : report_error(run.settings, &run.error);
    if (code == EXIT_DONE)
        code = descend_expression(&run, expr, text);
    eg_expr_free(expr);
    descent_free(&run);
    return code;
}
