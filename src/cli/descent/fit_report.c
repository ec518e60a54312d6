/* SPDX-License-Identifier: MIT */
/* Reports a fit as text or JSON. */
#include <math.h>
#include <string.h>

#include "cli/descent/fit.h"
#include "cli/support/json.h"

enum { EXPLANATION = 700 };

#define BAND 0.95 /* probability of confidence intervals */

/* JSON values of "fit_verdict". */
static const char *const verdicts[] = {
    [EG_FIT_MINIMUM] = "minimum",   [EG_FIT_NOT_STATIONARY] = "not-stationary",
    [EG_FIT_SADDLE] = "saddle",     [EG_FIT_UNDETERMINED] = "undetermined",
    [EG_FIT_SINGULAR] = "singular", [EG_FIT_UNDECIDED] = "undecided",
    [EG_FIT_ROUNDING] = "rounding", [EG_FIT_NO_FREEDOM] = "no-freedom",
};

/* Outcomes of eg_fit_solve(): names for JSON, and descriptions. */
static const struct {
    const char *name, *words;
} stops[] = {
    [EG_STOP_GRADIENT] = {"gradient", "the residuals are orthogonal to the derivatives"},
    [EG_STOP_VALUE] = {"value", "no step lowers the sum of squares beyond rounding"},
    [EG_STOP_STEP] = {"step", "no step is short enough to lower the sum of squares"},
    [EG_STOP_STEPS] = {"steps", "step limit reached"},
    [EG_STOP_TIME] = {"time", "time limit reached"},
    [EG_STOP_CANCELLED] = {"cancelled", "cancelled"},
};

bool fit_is_lm(const fit_run *fit)
{
    return strcmp(fit->run.options->method, FIT_METHOD) == 0;
}

int fit_exit_code(const fit_run *fit)
{
    eg_stop stop = fit_is_lm(fit) ? fit->solved.stop : fit->run.result.stop;
    if (stop == EG_STOP_CANCELLED)
        return exit_code(EG_CANCELLED);
    return fit->statistics.outcome == EG_FIT_MINIMUM ? EXIT_DONE : EXIT_NEGATIVE;
}

/* Returns the correlation of two parameters; NaN if one has no standard error. */
static double correlation(const fit_run *fit, size_t i, size_t j)
{
    const double *errors = fit->statistics.standard_errors;
    if (i == j)
        return isfinite(errors[i]) ? 1 : NAN;
    double value = fit->covariance[i * fit->statistics.parameters + j] / errors[i] / errors[j];
    return fmin(fmax(value, -1), 1) + 0 * value;
}

/* ---- text ---- */

static void print_point(const fit_run *fit, const double x[])
{
    for (size_t i = 0; i < fit->run.objective.variables; i++)
        printf("%s%s = %.10g", i ? ", " : "", fit->run.names[i], x[i]);
    putchar('\n');
}

static void print_parameter(const fit_run *fit, size_t i)
{
    const eg_fit_statistics *q = &fit->statistics;
    double error = q->standard_errors[i];
    printf("fit:      %s = %.10g", fit->run.names[i], fit->run.x[i]);
    if (q->at_bound[i])
        printf("  at its %s bound: no standard error\n", q->at_bound[i] < 0 ? "lower" : "upper");
    else if (q->coarse && isfinite(error))
        printf("  standard error at most %.2g\n", 1.05 * error);
    else if (isfinite(error))
        printf("  standard error %.4g\n", error);
    else
        puts("  standard error unknown");
}

/* Prints the lower triangle of the correlation matrix. */
static void print_correlation(const fit_run *fit)
{
    size_t n = fit->statistics.parameters;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= isfinite(fit->statistics.standard_errors[i]);
    if (n < 2 || !any)
        return;
    fputs("correlation:\n", stdout);
    for (size_t i = 0; i < n; i++) {
        printf("          %-8s", fit->run.names[i]);
        for (size_t j = 0; j <= i; j++) {
            double value = correlation(fit, i, j);
            if (isfinite(value))
                printf(" %8.4f", value);
            else
                printf(" %8s", "-");
        }
        putchar('\n');
    }
}

static void print_fit_text(const fit_run *fit)
{
    const eg_fit_statistics *q = &fit->statistics;
    bool known = fit->run.options->sigma != NULL;
    printf("points:   %zu, %zu degree%s of freedom\n", q->points, q->freedom,
           q->freedom == 1 ? "" : "s");
    for (size_t i = 0; i < q->parameters; i++)
        print_parameter(fit, i);
    for (size_t i = 0; i < fit->fixed_count; i++)
        printf("fixed:    %s = %.10g\n", fit->fixed[i].name, fit->fixed[i].value);
    print_correlation(fit);
    if (q->exact)
        puts("residual: within rounding: the model passes through the data");
    else if (known)
        printf("residual: χ² %.6g, per degree of freedom %.6g\n", q->squares,
               q->squares / (double)q->freedom);
    else if (isfinite(q->deviation))
        printf("residual: standard deviation %.6g\n", q->deviation);
    if (isfinite(q->r_squared))
        printf("R²:       %.10g\n", q->r_squared);
}

static void print_lm_text(const fit_run *fit, const char *function)
{
    const eg_fit_result *r = &fit->solved;
    printf("function: %s\n", function);
    fputs("start:    ", stdout);
    print_point(fit, fit->run.start);
    puts("method:   lm, Levenberg-Marquardt with exact derivatives");
    printf("stopped:  after %zu step%s: %s\n", r->steps, r->steps == 1 ? "" : "s",
           stops[r->stop].words);
    print_fit_text(fit);
    fputs("end:      ", stdout);
    print_point(fit, fit->run.x);
    printf("value:    %.10g\n", r->value);
}

/* ---- JSON ---- */

static void json_parameters(json *j, const fit_run *fit, const char *key, const double x[])
{
    json_open(j, key, '{');
    for (size_t i = 0; i < fit->run.objective.variables; i++)
        json_exact(j, fit->run.names[i], x[i]);
    json_close(j, '}');
}

/* Writes the covariance or correlation matrix as rows by the names of the parameters. */
static void json_matrix(json *j, const fit_run *fit, const char *key, bool correlations)
{
    size_t n = fit->statistics.parameters;
    json_open(j, key, '{');
    for (size_t i = 0; i < n; i++) {
        json_open(j, fit->run.names[i], '{');
        for (size_t k = 0; k < n; k++)
            json_exact(j, fit->run.names[k],
                       correlations ? correlation(fit, i, k) : fit->covariance[i * n + k]);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void print_fit_json(json *j, const fit_run *fit)
{
    const eg_fit_statistics *q = &fit->statistics;
    char reason[EXPLANATION];
    json_count(j, "points", q->points);
    json_count(j, "degrees_of_freedom", q->freedom);
    json_text(j, "fit_verdict", verdicts[q->outcome]);
    if (eg_fit_explain(fit->fit, q, reason, sizeof reason))
        json_text(j, "fit_reason", reason);
    json_parameters(j, fit, "standard_errors", q->standard_errors);
    json_bool(j, "standard_errors_are_bounds", q->coarse);
    json_open(j, "at_bound", '{');
    for (size_t i = 0; i < q->parameters; i++)
        if (q->at_bound[i])
            json_text(j, fit->run.names[i], q->at_bound[i] < 0 ? "lower" : "upper");
    json_close(j, '}');
    json_open(j, "fixed", '{');
    for (size_t i = 0; i < fit->fixed_count; i++)
        json_exact(j, fit->fixed[i].name, fit->fixed[i].value);
    json_close(j, '}');
    json_matrix(j, fit, "covariance", false);
    json_matrix(j, fit, "correlation", true);
    json_exact(j, "t_95", eg_student_quantile((1 + BAND) / 2, (double)q->freedom));
    json_exact(j, "sum_of_squares", q->squares);
    json_exact(j, "residual_deviation", q->deviation);
    json_bool(j, "exact", q->exact);
    json_exact(j, "offset", q->offset);
    json_exact(j, "r_squared", q->r_squared);
}

static void print_lm_json(const fit_run *fit, const char *function)
{
    const eg_fit_result *r = &fit->solved;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "function", function);
    json_text(&j, "arithmetic", "double");
    json_text(&j, "method", FIT_METHOD);
    json_parameters(&j, fit, "from", fit->run.start);
    json_exact(&j, "start_value", r->start_value);
    json_parameters(&j, fit, "x", fit->run.x);
    json_exact(&j, "value", r->value);
    json_count(&j, "steps", r->steps);
    json_count(&j, "evaluations", r->evaluations);
    json_text(&j, "stopped_by", stops[r->stop].name);
    print_fit_json(&j, fit);
    json_close(&j, '}');
}

/* ---- both ---- */

static void print_fit(const descent_run *run, void *writer)
{
    const fit_run *fit = (const fit_run *)(const void *)run;
    if (writer)
        print_fit_json(writer, fit);
    else
        print_fit_text(fit);
}

void fit_report(const fit_run *fit, const char *function)
{
    char reason[EXPLANATION];
    if (!fit_is_lm(fit))
        descent_report(&fit->run, function, print_fit);
    else if (fit->run.settings->json)
        print_lm_json(fit, function);
    else
        print_lm_text(fit, function);
    fflush(stdout);
    if (!fit->run.settings->quiet &&
        eg_fit_explain(fit->fit, &fit->statistics, reason, sizeof reason))
        message("%s", reason);
}
