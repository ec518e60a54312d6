/* SPDX-License-Identifier: MIT */
/* Prints the report of a run, as text or JSON, and chooses the exit code. */
#include <math.h>
#include <string.h>

#include "cli/descent/descent.h"
#include "cli/support/json.h"

enum { TEXT_SIZE = 2048 };

int descent_exit_code(const descent_run *run)
{
    const eg_descent_result *r = &run->result;
    bool limited = option_given(run->args, "steps") || option_given(run->args, "time") ||
                   option_given(run->args, "epochs") || r->stop == EG_STOP_GRADIENT ||
                   r->stop == EG_STOP_VALUE || (r->stop == EG_STOP_STEP && r->step_tolerance > 0);
    if (r->stop == EG_STOP_CANCELLED)
        return exit_code(EG_CANCELLED);
    if (r->outcome == EG_CONVERGED || (r->outcome == EG_NOT_CONVERGED && limited))
        return EXIT_DONE; /* the limit or tolerance was given explicitly */
    return EXIT_NEGATIVE;
}

static void print_point(const descent_run *run, const double x[])
{
    for (size_t i = 0; i < run->objective.variables; i++)
        printf("%s%s = %.10g", i ? ", " : "", run->names[i], x[i]);
    putchar('\n');
}

static void print_method(const eg_descent_result *r)
{
    char schedule[80];
    eg_schedule_print(&r->schedule, schedule, sizeof schedule);
    bool scheduled = r->schedule.shape != EG_SCHEDULE_CONSTANT || r->schedule.warmup > 0;
    printf("method:   %s, %s rate %.6g%s", eg_method_name(r->method),
           r->maximize ? "maximising," : "minimising,", scheduled ? r->start_rate : r->rate,
           r->rate_chosen ? " (auto)" : "");
    if (scheduled)
        printf(", schedule %s", schedule);
    if (r->schedule.warmup > 0)
        printf(" after %zu steps of warmup", r->schedule.warmup);
    if (scheduled)
        printf(", final rate %.6g", r->rate);
    if (!isnan(r->momentum))
        printf(", momentum %.6g%s", r->momentum, r->momentum_chosen ? " (auto)" : "");
    putchar('\n');
}

static void print_text(const descent_run *run, const char *function,
                       void (*print_fit)(const descent_run *run, void *writer))
{
    const eg_descent_result *r = &run->result;
    char text[TEXT_SIZE];
    printf("function: %s\n", function);
    fputs("start:    ", stdout);
    print_point(run, run->start);
    print_method(r);
    eg_descent_stop_reason(r, text, sizeof text);
    printf("stopped:  after %zu step%s: %s\n", r->steps, r->steps == 1 ? "" : "s", text);
    if (print_fit)
        print_fit(run, NULL);
    fputs("end:      ", stdout);
    print_point(run, run->x);
    printf("value:    %.10g\n", r->value);
    if (!print_fit && eg_descent_verdict(r, text, sizeof text))
        printf("verdict:  %s\n", text);
}

static void json_point(json *j, const descent_run *run, const char *key, const double x[])
{
    json_open(j, key, '{');
    for (size_t i = 0; i < run->objective.variables; i++)
        json_exact(j, run->names[i], x[i]);
    json_close(j, '}');
}

static void json_curvature(json *j, const char *key, const eg_eigenvalue_range *c)
{
    json_open(j, key, '{');
    json_exact(j, "least", c->min);
    json_exact(j, "most", c->max);
    json_close(j, '}');
}

static void json_schedule(json *j, const eg_descent_result *r)
{
    char text[80];
    if (r->schedule.shape == EG_SCHEDULE_CONSTANT && r->schedule.warmup == 0)
        return;
    eg_schedule_print(&r->schedule, text, sizeof text);
    json_text(j, "schedule", text);
    json_count(j, "warmup", r->schedule.warmup);
    json_exact(j, "start_rate", r->start_rate);
}

static void print_json(const descent_run *run, const char *function,
                       void (*print_fit)(const descent_run *run, void *writer))
{
    const eg_descent_result *r = &run->result;
    char text[TEXT_SIZE];
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "function", function);
    json_text(&j, "arithmetic", "double");
    json_text(&j, "method", eg_method_name(r->method));
    json_bool(&j, "maximize", r->maximize);
    json_exact(&j, "rate", r->rate);
    if (!isnan(r->momentum))
        json_exact(&j, "momentum", r->momentum);
    json_point(&j, run, "from", run->start);
    json_exact(&j, "start_value", r->start_value);
    json_point(&j, run, "x", run->x);
    json_exact(&j, "value", r->value);
    json_exact(&j, "gradient_norm", r->gradient_norm);
    json_count(&j, "steps", r->steps);
    json_count(&j, "evaluations", r->evaluations);
    json_text(&j, "stopped_by", eg_stop_word(r->stop));
    json_text(&j, "verdict", eg_descent_outcome_word(r->outcome));
    if (eg_descent_verdict(r, text, sizeof text))
        json_text(&j, "end", text);
    json_schedule(&j, r);
    json_bool(&j, "quadratic", r->quadratic);
    json_curvature(&j, "curvature_at_start", &r->start);
    json_curvature(&j, "curvature_at_end", &r->end);
    if (!isnan(r->rate_limit))
        json_exact(&j, "rate_limit", r->rate_limit);
    if (!isnan(r->suggested_rate))
        json_exact(&j, "rate_advised", r->suggested_rate);
    if (print_fit)
        print_fit(run, &j);
    json_open(&j, "remarks", '[');
    for (size_t i = 0; eg_descent_remark(r, i, text, sizeof text); i++)
        json_text(&j, NULL, text);
    json_close(&j, ']');
    json_close(&j, '}');
}

void descent_report(const descent_run *run, const char *function,
                    void (*print_fit)(const descent_run *run, void *writer))
{
    char text[TEXT_SIZE];
    if (run->settings->json)
        print_json(run, function, print_fit);
    else
        print_text(run, function, print_fit);
    fflush(stdout);
    for (size_t i = 0;
         !run->settings->quiet && eg_descent_remark(&run->result, i, text, sizeof text); i++)
        message("%s", text);
    if (!run->settings->quiet && run->result.outcome == EG_NOT_CONVERGED &&
        !run->result.advice.exists && descent_exit_code(run) == EXIT_NEGATIVE)
        message("not converged within %zu steps; --steps raises the limit", run->result.steps);
}
