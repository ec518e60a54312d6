/* SPDX-License-Identifier: MIT */
/* Parses the options of the command into numbers and expressions. All errors are reported before
 * the first line of output. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/support/format.h"
#include "cli/surface/surface.h"

static int check_combination(const surface_job *job)
{
    const surface_settings *options = job->options;
    const char *point_option = options->along                         ? "along"
                               : options->level && !options->implicit ? "level"
                               : options->to                          ? "to"
                               : options->errors                      ? "error"
                               : options->lagrange.count              ? "lagrange"
                               : options->flux                        ? "flux"
                               : options->check                       ? "check"
                               : options->implicit                    ? "implicit"
                                                                      : NULL;
    const char *table = options->grid ? "grid" : options->table ? "table" : NULL;
    if (options->grid && options->table)
        return usage_error(job->args->command, "--grid and --table cannot be used together");
    if (table && (options->at || point_option || options->plot || options->view || options->steps ||
                  job->settings->json))
        return usage_error(job->args->command, "--%s has no effect with --%s",
                           options->at      ? "at"
                           : point_option   ? point_option
                           : options->plot  ? "plot"
                           : options->view  ? "view"
                           : options->steps ? "steps"
                                            : "json",
                           table);
    bool draws_flux = options->flux && options->plot; /* of all points */
    bool needs_none = point_option && (strcmp(point_option, "implicit") == 0 ||
                                       (draws_flux && strcmp(point_option, "flux") == 0));
    if (!options->at && point_option && !needs_none)
        return usage_error(job->args->command, "--%s needs a point: --at%s", point_option,
                           options->lagrange.count ? ", or a box: --in" : "");
    if (options->output && !table && !surface_text_option(options))
        return usage_error(job->args->command, "--output has no effect without --grid, --table, "
                                               "--latex, --python or --c");
    return EXIT_DONE;
}

/* Checks that an operand that is an equation fits the options. */
static int check_equation(const surface_job *job)
{
    const surface_settings *options = job->options;
    const char *excluded = options->level            ? "level"
                           : options->lagrange.count ? "lagrange"
                           : options->grid           ? "grid"
                           : options->critical       ? "critical"
                           : options->table          ? "table"
                                                     : surface_text_option(options);
    if (!job->equation)
        return EXIT_DONE;
    if (excluded)
        return usage_error(job->args->command,
                           "EXPR is an equation: --%s needs a function, one side only", excluded);
    if (options->at || options->implicit || options->plot || options->roots)
        return EXIT_DONE;
    return usage_error(job->args->command,
                       "EXPR is an equation: give a point on it (--at POINT), or a variable to "
                       "differentiate by the others (--implicit NAME)");
}

/* Parses the operand; with --with, job->f becomes a function of the variables given there. */
static int read_expression(surface_job *job)
{
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count,
                               .form =
                                   job->options->implicit ? EG_FORM_EQUATION : EG_FORM_DEFINITION};
    bool chained = job->options->with.count > 0;
    eg_expr **operand = chained ? &job->inner : &job->f;
    int code = formula_source_parse(operand, job->ctx, &job->source, &options);
    if (code != EXIT_DONE)
        return code;
    job->equation = eg_expr_is_equation(*operand);
    code = check_equation(job);
    return code == EXIT_DONE && chained ? surface_substitute(job) : code;
}

/* ---- constraints ---- */

static void add_name(const char *names[], size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return;
    if (*count < EG_EXPR_VARIABLES)
        names[(*count)++] = name;
}

/* Parses the sum of these names, whose variables have the default order. */
static int order_names(surface_job *job, const char *const names[], size_t count, eg_expr **sum)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += strlen(names[i]) + 1;
    char *text = format_memory(size, 1);
    for (size_t i = 0, used = 0; i < count; i++)
        used += (size_t)sprintf(text + used, "%s%s", i ? "+" : "", names[i]);
    int code = formula_parse(sum, job->ctx, "--lagrange", text, NULL);
    free(text);
    return code;
}

/* Lists the variables of f, then those that only the constraints have. The default order applies
 * unless f(y, x) = ... gave another one. Stores the expression that owns the names in *owner. */
static int merge_names(surface_job *job, const char *names[], size_t *count, eg_expr **owner)
{
    const char *ordered[EG_EXPR_VARIABLES];
    eg_expr *own = NULL;
    size_t merged = 0;
    int code = EXIT_DONE;
    surface_variable_names(job->f, names);
    *count = job->n;
    if (job->n > 0)
        code = order_names(job, names, job->n, &own);
    bool usual = code == EXIT_DONE;
    for (size_t i = 0; usual && i < job->n; i++)
        usual = strcmp(eg_expr_name(own, i), names[i]) == 0;
    eg_expr_free(own);
    for (size_t k = 0; k < job->constraint_count; k++)
        for (size_t i = 0; i < eg_expr_variables(job->constraint[k]); i++)
            add_name(names, count, eg_expr_name(job->constraint[k], i));
    if (code == EXIT_DONE && *count > job->n)
        code = order_names(job, names, *count, owner);
    if (code != EXIT_DONE || !*owner)
        return code;
    for (size_t i = 0; !usual && i < job->n; i++)
        add_name(ordered, &merged, names[i]);
    for (size_t i = 0; i < *count; i++)
        add_name(ordered, &merged, eg_expr_name(*owner, i));
    memcpy(names, ordered, merged * sizeof *names);
    return EXIT_DONE;
}

/* Parses the constraints, in the variables of the options. */
static int parse_constraints(surface_job *job, const eg_expr_options *options)
{
    const cli_texts *texts = &job->options->lagrange;
    for (size_t k = 0; k < texts->count; k++) {
        eg_expr_free(job->constraint[k]);
        job->constraint[k] = NULL;
        int code =
            formula_parse(&job->constraint[k], job->ctx, "--lagrange", texts->text[k], options);
        if (code != EXIT_DONE)
            return code;
        job->constraint_count = k + 1;
    }
    return EXIT_DONE;
}

/* Reads --lagrange, and makes variables that only constraints have variables of f as well. */
static int read_constraints(surface_job *job)
{
    static const eg_expr *const none[EG_EXPR_VARIABLES];
    const char *names[EG_EXPR_VARIABLES];
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count,
                               .form = EG_FORM_EQUATION};
    eg_expr *owner = NULL, *wider = NULL;
    eg_error error = {0};
    if (job->options->lagrange.count == 0)
        return EXIT_DONE;
    int code = parse_constraints(job, &options);
    if (code == EXIT_DONE)
        code = merge_names(job, names, &options.name_count, &owner);
    options.names = names;
    if (code == EXIT_DONE && owner) {
        const eg_expr_options wide = {.names = names, .name_count = options.name_count};
        if (eg_expr_substitute(&wider, job->f, none, &wide, &error) == EG_OK) {
            eg_expr_free(job->f);
            job->f = wider;
            job->n = eg_expr_variables(job->f);
        } else {
            code = report_error(job->settings, &error);
        }
    }
    surface_variable_names(job->f, names);
    if (code == EXIT_DONE)
        code = parse_constraints(job, &options);
    eg_expr_free(owner);
    if (code != EXIT_DONE || job->constraint_count < job->n || job->options->in)
        return code;
    message("--lagrange: %zu constraint%s for %zu variable%s: there must be fewer constraints than "
            "variables",
            job->constraint_count, job->constraint_count == 1 ? "" : "s", job->n,
            job->n == 1 ? "" : "s");
    return EXIT_USAGE;
}

int surface_read_formulas(surface_job *job)
{
    int code = read_expression(job);
    if (code == EXIT_DONE) {
        job->n = eg_expr_variables(job->f);
        code = read_constraints(job);
    }
    if (code != EXIT_DONE)
        return code;
    if (job->n == 0) {
        message("the expression has no variables: there is nothing to differentiate by");
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* Notes a missing product sign, unless the variables are named. */
static void note_product(const surface_job *job)
{
    const surface_settings *options = job->options;
    if (!job->settings->quiet && !options->grid && !options->table)
        formula_note_product(job->inner ? job->inner : job->f, options->at);
}

/* Adds a constant expression to the exact numbers. */
static int keep_exact(surface_job *job, const eg_expr *expr, eg_real *exact)
{
    eg_error error = {0};
    eg_reals_derive(job->exact.reals, expr, NULL, exact, NULL, NULL, &error);
    return surface_status(job, &error);
}

static int read_point(surface_job *job, const char *where, const char *text, double point[],
                      eg_real exact[])
{
    eg_expr *numbers[EG_EXPR_VARIABLES] = {NULL};
    if (!text)
        return EXIT_DONE;
    int code = formula_exact_point(point, numbers, job->ctx, where, text, job->f, &job->constants);
    for (size_t i = 0; i < job->n; i++) {
        code = code ? code : keep_exact(job, numbers[i], &exact[i]);
        eg_expr_free(numbers[i]);
    }
    return code;
}

static int read_number(surface_job *job, const char *where, const char *text, double *number,
                       eg_real *exact)
{
    eg_expr *expr = NULL;
    if (!text)
        return EXIT_DONE;
    int code = formula_constant_expr(&expr, number, job->ctx, where, text, &job->constants);
    code = code ? code : keep_exact(job, expr, exact);
    eg_expr_free(expr);
    return code;
}

static int read_level(surface_job *job)
{
    const char *text = job->options->level;
    if (!text || !strchr(text, '='))
        return read_number(job, "--level", text, &job->level, &job->exact.level);
    message("--level: C is the number of f = C; give an equation as EXPR, without --level");
    return EXIT_USAGE;
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

/* Reads --error, whose uncertainties are absolute. */
static int read_errors(surface_job *job)
{
    const char *text = job->options->errors;
    if (!text || !strchr(text, '%'))
        return read_point(job, "--error", text, job->errors, job->exact.errors);
    message("--error: the uncertainties have the units of the variables: write x=0.05*2 for 5 %% "
            "of x = 2");
    return EXIT_USAGE;
}

static int read_numbers(surface_job *job)
{
    const surface_settings *options = job->options;
    surface_exact *exact = &job->exact;
    int code = read_point(job, "--at", options->at, job->point, exact->point);
    code = code ? code : read_point(job, "--along", options->along, job->along, exact->along);
    code = code ? code : read_point(job, "--to", options->to, job->to, exact->to);
    code = code ? code : read_errors(job);
    code = code ? code : read_level(job);
    code = code ? code : read_number(job, "--flux", options->flux, &job->flux, &exact->flux);
    code = code ? code : read_implicit(job);
    double length = 0;
    for (size_t i = 0; i < job->n; i++)
        length = hypot(length, job->along[i]);
    if (code == EXIT_DONE && options->along && length == 0) {
        message("--along: the direction has length 0");
        return EXIT_USAGE;
    }
    return code;
}

/* Checks that the point lies on the set expr = level, as option `where` requires. `set`: its text,
 * such as "f = 1". */
static int check_level_set(surface_job *job, const char *where, const eg_expr *expr,
                           const char *set, double level)
{
    eg_error error = {0};
    eg_level_set found;
    char value[BLOCK_NUMBER_SIZE], off[BLOCK_NUMBER_SIZE];
    char distance[BLOCK_NUMBER_SIZE];
    block_writer *s = &job->block_writer;
    if (eg_surface_level(expr, level, job->point, &found, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (found.on || isnan(found.off))
        return EXIT_DONE; /* a point without a value is for the report */
    char *point = surface_point_text(s, job->f, job->exact.point);
    block_format_number(s, value, found.off + level);
    block_format_number(s, off, found.off);
    block_format_number(s, distance, found.distance);
    if (eg_expr_is_equation(expr) || (job->equation && expr == job->f))
        message("%s: the point %s is not on %s: the sides differ by %s there (about %s away)",
                where, point, set, off, distance);
    else
        message("%s: the point %s is not on %s: the value there is %s, off by %s (about %s away)",
                where, point, set, value, off, distance);
    free(point);
    return EXIT_USAGE;
}

/* Checks that the point lies on the set that is reported on and on the constraints. */
static int check_sets(surface_job *job)
{
    const surface_settings *options = job->options;
    char set[BLOCK_LINE_SIZE + 8], typed[BLOCK_LINE_SIZE];
    int code = EXIT_DONE;
    surface_format_set(job, set, sizeof set, job->level);
    if (options->level || options->implicit || job->equation)
        code = check_level_set(job,
                               options->implicit ? "--implicit"
                               : options->level  ? "--level"
                                                 : "--at",
                               job->f, set, job->level);
    for (size_t k = 0; k < job->constraint_count && code == EXIT_DONE; k++) {
        surface_format_typed(typed, sizeof typed, options->lagrange.text[k]);
        bool equation = eg_expr_is_equation(job->constraint[k]);
        snprintf(set, sizeof set, "%s%s", typed, equation ? "" : " = 0");
        code = check_level_set(job, "--lagrange", job->constraint[k], set, 0);
    }
    return code;
}

int surface_prepare(surface_job *job)
{
    int code = check_combination(job);
    code =
        code ? code : formula_read_constants(&job->constants, job->ctx, &job->options->constants);
    code = code ? code : surface_read_formulas(job);
    eg_error error = {0};
    if (code == EXIT_DONE && eg_reals_new(&job->exact.reals, job->ctx, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    job->block_writer.reals = job->exact.reals;
    job->exact.level = code ? EG_REAL_NONE : eg_real_integer(job->exact.reals, 0);
    code = code ? code : read_numbers(job);
    if (code == EXIT_DONE)
        note_product(job);
    if (code != EXIT_DONE || !job->options->at)
        return code;
    if (eg_surface_classify(job->exact.reals, job->f, job->exact.point, job->point, &job->at,
                            &error) != EG_OK)
        return report_error(job->settings, &error);
    code = surface_prove_point(job);
    return code ? code : check_sets(job);
}

void surface_free(surface_job *job)
{
    formula_source_free(&job->source);
    surface_free_with(job);
    eg_reals_free(job->exact.reals);
    for (size_t k = 0; k < OPTION_TEXTS_LIMIT; k++)
        eg_expr_free(job->constraint[k]);
    eg_expr_free(job->inner);
    eg_expr_free(job->f);
    formula_free_constants(&job->constants);
    eg_context_free(job->ctx);
}
