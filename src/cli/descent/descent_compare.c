/* SPDX-License-Identifier: MIT */
/* Compares methods (--compare): a table, JSON, and a plot with a panel for each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/format.h"
#include "cli/support/json.h"
#include "cli/support/plot_file.h"

enum { PANEL_WIDTH = 460, PANEL_HEIGHT = 400, MOST = EG_METHODS };

typedef struct comparison {
    const cli_args *args;
    descent_settings *options;
    descent_run base; /* prepared, not run */
    eg_expr *expr;
    size_t count;
    descent_settings settings[MOST]; /* one for each method */
    descent_run runs[MOST];
    eg_plot *panels[MOST];
} comparison;

int descent_compare_check(const cli_args *args, const descent_settings *d)
{
    const char *excluded = d->field                         ? "field"
                           : d->model                       ? "model"
                           : d->trace                       ? "trace"
                           : option_given(args, "method")   ? "method"
                           : option_given(args, "momentum") ? "momentum"
                                                            : NULL;
    if (!d->compare || !excluded)
        return EXIT_DONE;
    return usage_error(args->command, "--compare and --%s cannot be used together", excluded);
}

/* ---- methods ---- */

/* Returns the method of this name, EG_METHODS if there is none. */
static size_t find_method(const char *name, size_t length)
{
    size_t i = 0;
    while (i < EG_METHODS &&
           (strlen(eg_method_name(i)) != length || strncmp(eg_method_name(i), name, length) != 0))
        i++;
    return i;
}

static void add_method(comparison *c, size_t method)
{
    c->settings[c->count] = *c->options;
    c->settings[c->count].method = eg_method_name(method);
    c->count++;
}

/* Reads the names of the methods. Returns an exit code, after its message. */
static int read_methods(comparison *c)
{
    const char *text = c->options->compare;
    bool given[EG_METHODS] = {false};
    for (size_t i = 0; strcmp(text, "all") == 0 && i < EG_METHODS; i++)
        add_method(c, i);
    while (c->count == 0 || *text == ',') {
        text += *text == ',';
        size_t length = strcspn(text, ","), method = find_method(text, length);
        if (method == EG_METHODS || given[method])
            return usage_error(c->args->command,
                               method == EG_METHODS
                                   ? "--compare: '%.*s' is not a method; use names such as "
                                     "gd,momentum,adam, or all"
                                   : "--compare: '%.*s' is given twice",
                               (int)(length < 200 ? length : 200), text);
        given[method] = true;
        add_method(c, method);
        text += length;
    }
    return EXIT_DONE;
}

/* Runs all methods. */
static int run_methods(comparison *c)
{
    for (size_t i = 0; i < c->count; i++) {
        descent_run *run = &c->runs[i];
        *run = c->base;
        run->options = &c->settings[i];
        run->settings = &c->settings[i].common;
        if (descent_optimize(run) != EG_OK)
            return report_error(run->settings, &run->error);
        if (run->result.stop == EG_STOP_CANCELLED)
            return exit_code(EG_CANCELLED);
    }
    return EXIT_DONE;
}

/* ---- report ---- */

static const char *outcome(const descent_run *run)
{
    return run->result.outcome == EG_CONVERGED ? run->result.maximize ? "maximum" : "minimum"
                                               : eg_descent_outcome_word(run->result.outcome);
}

static void print_point(const descent_run *run, const double x[])
{
    for (size_t i = 0; i < run->objective.variables; i++)
        printf("%s%s = %.10g", i ? ", " : "", run->names[i], x[i]);
    putchar('\n');
}

static void print_table(const comparison *c)
{
    printf("function: %s\nstart:    ", c->args->operands[0]);
    print_point(&c->base, c->base.start);
    printf("\n%-12s %8s %12s  %-18s %-12s %s\n", "method", "steps", "evaluations", "value", "end",
           "point");
    for (size_t i = 0; i < c->count; i++) {
        const descent_run *run = &c->runs[i];
        printf("%-12s %8zu %12zu  %-18.10g %-12s ", run->options->method, run->result.steps,
               run->result.evaluations, run->result.value, outcome(run));
        print_point(run, run->x);
    }
}

static void json_point(json *j, const descent_run *run, const char *key, const double x[])
{
    json_open(j, key, '{');
    for (size_t i = 0; i < run->objective.variables; i++)
        json_exact(j, run->names[i], x[i]);
    json_close(j, '}');
}

static void print_json(const comparison *c)
{
    json j = {.out = stdout};
    char text[2048];
    json_open(&j, NULL, '{');
    json_text(&j, "function", c->args->operands[0]);
    json_text(&j, "arithmetic", "double");
    json_bool(&j, "maximize", c->options->optimizer.maximize);
    json_point(&j, &c->base, "from", c->base.start);
    json_open(&j, "runs", '[');
    for (size_t i = 0; i < c->count; i++) {
        const descent_run *run = &c->runs[i];
        const eg_descent_result *r = &run->result;
        json_open(&j, NULL, '{');
        json_text(&j, "method", run->options->method);
        json_exact(&j, "rate", r->rate);
        json_count(&j, "steps", r->steps);
        json_count(&j, "evaluations", r->evaluations);
        json_point(&j, run, "x", run->x);
        json_exact(&j, "value", r->value);
        json_exact(&j, "gradient_norm", r->gradient_norm);
        json_text(&j, "verdict", eg_descent_outcome_word(r->outcome));
        if (eg_descent_verdict(r, text, sizeof text))
            json_text(&j, "end", text);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
}

/* ---- plot ---- */

static void widen(double range[2], const double other[2])
{
    range[0] = fmin(range[0], other[0]); /* which ignore NaN */
    range[1] = fmax(range[1], other[1]);
}

/* Chooses ranges that show the paths of the methods that reached a minimum; of all if none did. */
static void choose_ranges(const comparison *c, eg_plot_options *options)
{
    bool any = false, found = false;
    for (size_t i = 0; i < c->count; i++)
        any |= c->runs[i].result.outcome == EG_CONVERGED;
    for (size_t i = 0; i < c->count; i++) {
        eg_plot_options own;
        if (any && c->runs[i].result.outcome != EG_CONVERGED)
            continue;
        descent_plot_ranges(&c->runs[i], &own);
        if (!found) {
            memcpy(options->x, own.x, sizeof own.x);
            memcpy(options->y, own.y, sizeof own.y);
        }
        found = true;
        widen(options->x, own.x);
        widen(options->y, own.y);
    }
}

/* Draws the panel of one method. */
static eg_status draw_panel(comparison *c, size_t i, const eg_plot_options *ranges)
{
    descent_run *run = &c->runs[i];
    char title[200];
    eg_plot_options options = *ranges;
    snprintf(title, sizeof title, "%s: %zu step%s, value %.3g, %s", run->options->method,
             run->result.steps, run->result.steps == 1 ? "" : "s", run->result.value, outcome(run));
    options.title = title;
    options.width = PANEL_WIDTH;
    options.height = PANEL_HEIGHT;
    options.equal = c->options->equal;
    return descent_plot_new(run, c->expr, &options, &c->panels[i]);
}

/* Writes --plot: a panel for each method, with the same ranges and level curves. */
static int plot_methods(comparison *c)
{
    const descent_log *log = &c->runs[0].log;
    eg_plot_options ranges;
    eg_plot *plot = NULL;
    eg_error error = {0};
    if (!c->options->plot)
        return EXIT_DONE;
    eg_plot_default(&ranges);
    choose_ranges(c, &ranges);
    if (c->options->range && !plot_file_range(c->args, c->options->range, ranges.x, ranges.y))
        return EXIT_USAGE;
    for (size_t i = 0; i < c->count; i++)
        if (draw_panel(c, i, &ranges) != EG_OK)
            return report_error(c->base.settings, &c->runs[i].error);
    size_t columns = (size_t)ceil(sqrt((double)c->count));
    if (eg_plot_panels_new(&plot, log->ctx, c->panels, c->count, columns, c->args->operands[0],
                           &error) == EG_OK) {
        memset(c->panels, 0, sizeof c->panels); /* the plot owns them */
        plot_file_write(log->ctx, plot, c->options->plot, log->outputs, &error);
    }
    eg_plot_free(plot);
    if (error.status == EG_OK)
        eg_outputs_commit(log->outputs, &error);
    return report_error(c->base.settings, &error);
}

/* ---- command ---- */

/* Returns EXIT_NEGATIVE, after a message, if a method did not reach a minimum. */
static int count_failures(const comparison *c)
{
    size_t failed = 0;
    for (size_t i = 0; i < c->count; i++)
        failed += c->runs[i].result.outcome != EG_CONVERGED;
    if (failed == 0)
        return EXIT_DONE;
    fflush(stdout);
    message("%zu of %zu methods did not reach a %s; --method NAME says why", failed, c->count,
            c->options->optimizer.maximize ? "maximum" : "minimum");
    return EXIT_NEGATIVE;
}

static int compare(comparison *c)
{
    int code = read_methods(c);
    code = code ? code : descent_prepare(&c->base, &c->expr);
    code = code ? code : run_methods(c);
    code = code ? code : plot_methods(c);
    if (code != EXIT_DONE)
        return code;
    if (c->base.settings->json)
        print_json(c);
    else
        print_table(c);
    return count_failures(c);
}

int descent_run_comparison(const cli_args *args, descent_settings *options)
{
    comparison *c = format_memory(1, sizeof *c);
    c->args = args;
    c->options = options;
    c->base = (descent_run){.args = args, .settings = &options->common, .options = options};
    int code = compare(c);
    for (size_t i = 0; i < c->count; i++) {
        eg_plot_free(c->panels[i]);
        descent_log_close(&c->runs[i].log);
    }
    eg_expr_free(c->expr);
    eg_context_free(c->base.ctx);
    free(c);
    return code;
}
