/* SPDX-License-Identifier: MIT */
/* Options of fits: their table, their checks, and the values of --fix and --bounds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/descent/fit.h"

static const cli_option data_options[] = {
    {.name = "model",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, model),
     .metavar = "EXPR",
     .brief = {1, "Fit this formula to --data"},
     .help = "Model to fit to --data. Names of columns are data, other names are parameters, which "
             "start at --from, or at 0 or the bound next to it"},
    {.name = "data",
     .type = OPTION_FILE,
     .offset = offsetof(descent_settings, data),
     .metavar = "FILE",
     .brief = {1, "CSV file of the data"},
     .help = "CSV file of the data, with column names in the first line; - is standard input"},
    {.name = "target",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, target),
     .metavar = "COLUMN",
     .help = "Column that --model predicts"},
    {.name = "weights",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, weights),
     .metavar = "COLUMN",
     .help = "Column of relative weights of the squared residuals, 0 or more. Standard errors are "
             "scaled by the residuals"},
    {.name = "sigma",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, sigma),
     .metavar = "COLUMN",
     .help = "Column of known standard deviations of the target: the weights are 1/sigma^2, and "
             "standard errors follow from them alone, not from the residuals"},
    {.name = "fix",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, fix),
     .metavar = "NAME=VALUE,...",
     .help = "Parameters that keep a value"},
    {.name = "bounds",
     .type = OPTION_TEXT,
     .offset = offsetof(descent_settings, bounds),
     .metavar = "NAME=LOW:HIGH,...",
     .help = "Bounds of parameters, as in a=0:10,b=:5; a missing one is infinite"},
    {.name = "batch",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, batch),
     .metavar = "N",
     .help = "Data points used in each step (stochastic gradient descent); 0: all",
     .initial = "0",
     .min = 0,
     .max = 2000000000},
    {.name = "epochs",
     .type = OPTION_WHOLE,
     .offset = offsetof(descent_settings, epochs),
     .metavar = "N",
     .help = "Passes over all data, instead of --steps; needs --batch",
     .absent = "as many as --steps makes",
     .min = 1,
     .max = 2000000000},
    {.name = "seed",
     .type = OPTION_SIZE64,
     .offset = offsetof(descent_settings, seed),
     .metavar = "S",
     .help = "Seed of the random choice of batches",
     .initial = "0",
     .min = 0,
     .max = 1099511627776.0},
    {.name = NULL},
};

const cli_group fit_group = {"Fitting data", data_options, sizeof(descent_settings)};

/* Rejects options of the other methods. Returns an exit code, after its message. */
static int check_lm(const cli_args *args)
{
    static const char *const others[] = {"rate", "momentum", "tolerance", "value-tolerance",
                                         "step-tolerance"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(args, others[i]))
            return usage_error(args->command, "--%s has no effect with --method lm%s", others[i],
                               option_given(args, "method")
                                   ? ""
                                   : ", the default of --model; give another --method, as gd");
    return EXIT_DONE;
}

/* Checks the options of fits. Returns an exit code, after its message. */
int fit_check_options(const cli_args *args, descent_settings *d)
{
    static const char *const needs[] = {"data",   "target", "weights", "sigma", "fix",
                                        "bounds", "batch",  "seed",    "epochs"};
    if (d->model && !option_given(args, "method") && d->batch == 0)
        d->method = FIT_METHOD;
    bool lm = strcmp(d->method, FIT_METHOD) == 0;
    if (!d->model) {
        if (lm)
            return usage_error(args->command, "--method lm fits models to data: it needs --model");
        for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
            if (option_given(args, needs[i]))
                return usage_error(args->command, "--%s has no effect without --model", needs[i]);
        return EXIT_DONE;
    }
    if (!d->data || !d->target)
        return usage_error(args->command, "--model needs --%s", d->data ? "target" : "data");
    if (d->optimizer.maximize)
        return usage_error(args->command, "--maximize and --model cannot be used together: a fit "
                                          "minimises an error");
    if (option_given(args, "seed") && d->batch == 0)
        return usage_error(args->command, "--seed has no effect without --batch");
    if (option_given(args, "epochs") && d->batch == 0)
        return usage_error(args->command, "--epochs has no effect without --batch");
    if (option_given(args, "epochs") && option_given(args, "steps"))
        return usage_error(args->command, "--epochs and --steps cannot be used together");
    if (d->weights && d->sigma)
        return usage_error(args->command, "--weights and --sigma cannot be used together");
    if (d->bounds && !lm)
        return usage_error(args->command, "--bounds needs --method lm");
    if (d->batch && lm)
        return usage_error(args->command, "--method lm uses all points in each step: it has no "
                                          "--batch");
    return lm ? check_lm(args) : EXIT_DONE;
}

/* ---- --fix and --bounds ---- */

/* Copies the name before the '=' of the part at *text, and moves *text after it. Returns false if
 * there is none. */
static bool read_name(const char **text, char *name, size_t size)
{
    const char *at = *text + strspn(*text, " ");
    size_t length = strcspn(at, "=,");
    if (at[length] != '=' || length == 0 || length >= size)
        return false;
    memcpy(name, at, length);
    name[length] = 0;
    *text = at + length + 1;
    return true;
}

/* Reads a number that ends before one of `ends`; `missing` if there is none. */
static bool read_number(const char **text, const char *ends, double missing, double *value)
{
    char *end;
    *value = missing;
    if (**text && !strchr(ends, **text)) {
        *value = strtod(*text, &end);
        if (end == *text || isnan(*value))
            return false;
        *text = end;
    }
    return **text == 0 || strchr(ends, **text) != NULL;
}

int fit_read_fixed(fit_run *fit)
{
    const descent_run *run = &fit->run;
    const char *text = run->options->fix;
    while (text && *text) {
        char *name = fit->fixed_names[fit->fixed_count];
        eg_binding *fixed = &fit->fixed[fit->fixed_count];
        if (fit->fixed_count == EG_EXPR_VARIABLES || !read_name(&text, name, FIT_NAME) ||
            !read_number(&text, ",", NAN, &fixed->value) || !isfinite(fixed->value))
            return usage_error(run->args->command,
                               "--fix: '%.200s' is not names with values, as in a=1,b=2.5",
                               run->options->fix);
        fixed->name = name;
        fit->fixed_count++;
        text += *text == ',';
    }
    return EXIT_DONE;
}

/* Bounds the parameter of this name. */
static int set_bound(fit_run *fit, const char *name, double low, double high)
{
    const descent_run *run = &fit->run;
    size_t n = run->objective.variables, i = 0;
    while (i < n && strcmp(run->names[i], name) != 0)
        i++;
    if (i == n)
        return usage_error(run->args->command, "--bounds: '%.60s' is no parameter of the model",
                           name);
    if (!(low <= high))
        return usage_error(run->args->command, "--bounds: %.60s: %g is above %g", name, low, high);
    eg_fit_bound(fit->fit, i, low, high, NULL);
    fit->run.start[i] = fmin(fmax(0, low), high);
    return EXIT_DONE;
}

int fit_read_bounds(fit_run *fit)
{
    const descent_run *run = &fit->run;
    const char *text = run->options->bounds;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && text && *text) {
        char name[FIT_NAME];
        double low = NAN, high = NAN;
        bool read = read_name(&text, name, sizeof name) &&
                    read_number(&text, ":", -INFINITY, &low) && *text++ == ':' &&
                    read_number(&text, ",", INFINITY, &high);
        if (!read)
            return usage_error(run->args->command,
                               "--bounds: '%.200s' is not names with bounds, as in a=0:10,b=:5",
                               run->options->bounds);
        code = set_bound(fit, name, low, high);
        text += *text == ',';
    }
    return code;
}
