/* SPDX-License-Identifier: MIT */
/* Parses the options of the command into numbers and expressions. All errors are reported before
 * the first line of output. */
#include <math.h>
#include <string.h>

#include "cli/surface/surface.h"

static int check_combination(const surface_job *job)
{
    const surface_settings *options = job->options;
    const char *point_option = options->along      ? "along"
                               : options->level    ? "level"
                               : options->to       ? "to"
                               : options->errors   ? "error"
                               : options->implicit ? "implicit"
                               : options->lagrange ? "lagrange"
                               : options->flux     ? "flux"
                               : options->check    ? "check"
                                                   : NULL;
    if (options->grid && (options->at || point_option || options->plot || job->settings->json))
        return usage_error(job->args->command, "--%s has no effect with --grid",
                           options->at     ? "at"
                           : point_option  ? point_option
                           : options->plot ? "plot"
                                           : "json");
    if (!options->at && point_option)
        return usage_error(job->args->command, "--%s needs a point: --at", point_option);
    if (options->output && !options->grid)
        return usage_error(job->args->command, "--output has no effect without --grid");
    return EXIT_DONE;
}

/* Parses the operand; with --with, job->f becomes a function of the variables given there. */
static int read_expression(surface_job *job)
{
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count};
    bool chained = job->options->with.count > 0;
    char hint[PRODUCT_HINT_SIZE];
    int code = formula_parse(chained ? &job->inner : &job->f, job->ctx, NULL,
                             job->args->operands[0], &options);
    if (code == EXIT_DONE && chained)
        code = surface_substitute(job);
    if (code != EXIT_DONE)
        return code;
    job->n = eg_expr_variables(job->f);
    if (job->n == 0) {
        message("the expression has no variables: there is nothing to differentiate by");
        return EXIT_USAGE;
    }
    /* Note a missing product sign, which a point with too few coordinates would reveal. */
    formula_product_hint(chained ? job->inner : job->f, false, hint);
    if (*hint && !job->settings->quiet && !job->options->at && !job->options->grid)
        message("note: %s", hint + 2); /* without its "; " */
    return EXIT_DONE;
}

static int read_point(surface_job *job, const char *where, const char *text, double point[])
{
    return text ? formula_point(point, job->ctx, where, text, job->f, &job->constants) : EXIT_DONE;
}

/* Reads the point of --at, also as exact numbers. */
static int read_exact_point(surface_job *job)
{
    eg_expr *coordinates[EG_EXPR_VARIABLES] = {0};
    eg_error error = {0};
    if (!job->options->at)
        return EXIT_DONE;
    int code = formula_exact_point(job->point, coordinates, job->ctx, "--at", job->options->at,
                                   job->f, &job->constants);
    if (code == EXIT_DONE && eg_reals_new(&job->reals, job->ctx, NULL, &error) != EG_OK)
        code = report_error(job->settings, &error);
    for (size_t i = 0; i < job->n && code == EXIT_DONE; i++)
        if (eg_reals_derive(job->reals, coordinates[i], NULL, &job->exact[i], NULL, NULL, &error) !=
            EG_OK)
            code = report_error(job->settings, &error);
    for (size_t i = 0; i < job->n; i++)
        eg_expr_free(coordinates[i]);
    return code;
}

static int read_number(surface_job *job, const char *where, const char *text, double *number)
{
    return text ? formula_constant(number, job->ctx, where, text, &job->constants) : EXIT_DONE;
}

static int read_implicit(surface_job *job)
{
    const char *name = job->options->implicit;
    if (!name)
        return EXIT_DONE;
    while (job->implicit < job->n && strcmp(eg_expr_name(job->f, job->implicit), name) != 0)
        job->implicit++;
    if (job->implicit == job->n)
        return formula_unknown_variable("--implicit", job->f, name, strlen(name));
    if (job->n > 1)
        return EXIT_DONE;
    message("--implicit: %s cannot depend on other variables: there are none", name);
    return EXIT_USAGE;
}

static int read_constraint(surface_job *job)
{
    const char *names[EG_EXPR_VARIABLES];
    eg_expr_options options = {.names = names,
                               .name_count = job->n,
                               .bindings = job->constants.let,
                               .binding_count = job->constants.count};
    surface_variable_names(job->f, names);
    return job->options->lagrange ? formula_parse(&job->constraint, job->ctx, "--lagrange",
                                                  job->options->lagrange, &options)
                                  : EXIT_DONE;
}

static int read_numbers(surface_job *job)
{
    const surface_settings *options = job->options;
    int code = read_exact_point(job);
    code = code ? code : read_point(job, "--along", options->along, job->along);
    code = code ? code : read_point(job, "--to", options->to, job->to);
    code = code ? code : read_point(job, "--error", options->errors, job->errors);
    code = code ? code : read_number(job, "--level", options->level, &job->level);
    code = code ? code : read_number(job, "--flux", options->flux, &job->flux);
    code = code ? code : read_implicit(job);
    code = code ? code : read_constraint(job);
    double length = 0;
    for (size_t i = 0; i < job->n; i++)
        length = hypot(length, job->along[i]);
    if (code == EXIT_DONE && options->along && length == 0) {
        message("--along: the direction has length 0");
        return EXIT_USAGE;
    }
    return code;
}

/* Checks that the point lies on the set expr = level, as option `where` requires. */
static int check_level_set(const surface_job *job, const char *where, const eg_expr *expr,
                           const char *name, double level)
{
    eg_error error = {0};
    eg_level_set found;
    char point[BLOCK_LINE_SIZE], left[BLOCK_NUMBER_SIZE], right[BLOCK_NUMBER_SIZE],
        off[BLOCK_NUMBER_SIZE];
    char distance[BLOCK_NUMBER_SIZE];
    const block_writer *s = &job->block_writer;
    if (eg_surface_level(expr, level, job->point, &found, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (found.on || isnan(found.off))
        return EXIT_DONE; /* a point without a value is for the report */
    surface_format_point(s, point, sizeof point, job->f, job->point);
    message("%s: the point %s is not on %s = %s: the value there is %s, off by %s (about %s away)",
            where, point, name, block_format_number(s, right, level),
            block_format_number(s, left, found.off + level), block_format_number(s, off, found.off),
            block_format_number(s, distance, found.distance));
    return EXIT_USAGE;
}

int surface_prepare(surface_job *job)
{
    int code = check_combination(job);
    code =
        code ? code : formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    code = code ? code : read_expression(job);
    code = code ? code : read_numbers(job);
    if (code != EXIT_DONE || !job->options->at)
        return code;
    eg_error error = {0};
    if (eg_surface_classify(job->reals, job->f, job->exact, job->point, &job->at, &error) != EG_OK)
        return report_error(job->settings, &error);
    const surface_settings *options = job->options;
    if (options->level || options->implicit)
        code = check_level_set(job, options->implicit ? "--implicit" : "--level", job->f, "f",
                               job->level);
    if (code == EXIT_DONE && options->lagrange)
        code = check_level_set(job, "--lagrange", job->constraint, options->lagrange, 0);
    return code;
}

void surface_free(surface_job *job)
{
    for (size_t i = 0; i < EG_EXPR_VARIABLES; i++)
        eg_expr_free(job->with[i].expr);
    eg_expr_free(job->constraint);
    eg_expr_free(job->inner);
    eg_expr_free(job->f);
    formula_free_constants(&job->constants);
    eg_reals_free(job->reals);
    eg_context_free(job->ctx);
}
