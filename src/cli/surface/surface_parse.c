/* SPDX-License-Identifier: MIT */
/* From what was typed to numbers and expressions; what does not fit is refused before anything is
 * printed. */
#include <math.h>
#include <string.h>

#include "cli/surface/surface.h"

/* The options that say something of a point. */
static const char *pointless(const surface_settings *asked)
{
    return asked->along      ? "along"
           : asked->level    ? "level"
           : asked->to       ? "to"
           : asked->errors   ? "error"
           : asked->implicit ? "implicit"
           : asked->lagrange ? "lagrange"
           : asked->flux     ? "flux"
           : asked->check    ? "check"
                             : NULL;
}

static int check_combination(const surface_job *job)
{
    const surface_settings *asked = job->asked;
    const char *lost = pointless(asked);
    if (asked->grid && (asked->at || lost || asked->plot || job->settings->json))
        return usage_error(job->line->command, "--grid writes a table and has no use for --%s",
                           asked->at     ? "at"
                           : lost        ? lost
                           : asked->plot ? "plot"
                                         : "json");
    if (!asked->at && lost)
        return usage_error(job->line->command, "--%s needs a point: --at", lost);
    if (asked->output && !asked->grid)
        return usage_error(job->line->command, "--output is where --grid writes to");
    return EXIT_DONE;
}

/* Without a point nothing else would tell that there are more variables than was thought. */
static void note_glued(const surface_job *job)
{
    char hint[GLUED_SIZE];
    formula_hint(job->inner ? job->inner : job->f, false, hint);
    if (*hint && !job->settings->quiet && !job->asked->at && !job->asked->grid)
        message("note: %s", hint + 2); /* without its "; " */
}

/* The operand, with --with as a function of the variables given there. */
static int read_expression(surface_job *job)
{
    eg_expr_options options = {.lets = job->lets.let, .let_count = job->lets.count};
    bool chained = job->asked->with.count > 0;
    int code = formula_parse(chained ? &job->inner : &job->f, job->ctx, NULL,
                             job->line->operands[0], &options);
    if (code == EXIT_DONE && chained)
        code = surface_substitute(job);
    if (code != EXIT_DONE)
        return code;
    job->n = eg_expr_variables(job->f);
    if (job->n > 0) {
        note_glued(job);
        return EXIT_DONE;
    }
    message("the expression has no variables: there is nothing to differentiate by");
    return EXIT_USAGE;
}

static int read_point(surface_job *job, const char *where, const char *text, double point[])
{
    return text ? formula_point(point, job->ctx, where, text, job->f, &job->lets) : EXIT_DONE;
}

static int read_number(surface_job *job, const char *where, const char *text, double *number)
{
    return text ? formula_constant(number, job->ctx, where, text, &job->lets) : EXIT_DONE;
}

static int read_implicit(surface_job *job)
{
    const char *name = job->asked->implicit;
    if (!name)
        return EXIT_DONE;
    while (job->implicit < job->n && strcmp(eg_expr_name(job->f, job->implicit), name) != 0)
        job->implicit++;
    if (job->implicit == job->n)
        return formula_unknown("--implicit", job->f, name, strlen(name));
    if (job->n > 1)
        return EXIT_DONE;
    message("--implicit: %s cannot depend on other variables: there are none", name);
    return EXIT_USAGE;
}

static int read_constraint(surface_job *job)
{
    const char *names[EG_EXPR_VARIABLES];
    eg_expr_options options = {
        .names = names, .name_count = job->n, .lets = job->lets.let, .let_count = job->lets.count};
    surface_names(job->f, names);
    return job->asked->lagrange ? formula_parse(&job->constraint, job->ctx, "--lagrange",
                                                job->asked->lagrange, &options)
                                : EXIT_DONE;
}

static int read_numbers(surface_job *job)
{
    const surface_settings *asked = job->asked;
    int code = read_point(job, "--at", asked->at, job->point);
    code = code ? code : read_point(job, "--along", asked->along, job->along);
    code = code ? code : read_point(job, "--to", asked->to, job->to);
    code = code ? code : read_point(job, "--error", asked->errors, job->errors);
    code = code ? code : read_number(job, "--level", asked->level, &job->level);
    code = code ? code : read_number(job, "--flux", asked->flux, &job->flux);
    code = code ? code : read_implicit(job);
    code = code ? code : read_constraint(job);
    double length = 0;
    for (size_t i = 0; i < job->n; i++)
        length = hypot(length, job->along[i]);
    if (code == EXIT_DONE && asked->along && length == 0) {
        message("--along: a direction of length 0 leads nowhere");
        return EXIT_USAGE;
    }
    return code;
}

/* Whether the point is on the set expr = level, which `where` needs. */
static int check_on(const surface_job *job, const char *where, const eg_expr *expr,
                    const char *name, double level)
{
    eg_error error = {0};
    eg_level_set found;
    char place[SHEET_LINE], left[SHEET_NUMBER], right[SHEET_NUMBER], off[SHEET_NUMBER];
    char distance[SHEET_NUMBER];
    const sheet *s = &job->sheet;
    if (eg_surface_level(expr, level, job->point, &found, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (found.on || isnan(found.off))
        return EXIT_DONE; /* without a value, that is what the report will say */
    surface_place(s, place, sizeof place, job->f, job->point);
    message("%s: the point %s is not on %s = %s: there it is %s, off by %s (about %s away)", where,
            place, name, sheet_show(s, right, level), sheet_show(s, left, found.off + level),
            sheet_show(s, off, found.off), sheet_show(s, distance, found.distance));
    return EXIT_USAGE;
}

static int check_place(const surface_job *job)
{
    const surface_settings *asked = job->asked;
    int code = EXIT_DONE;
    if (asked->level || asked->implicit)
        code = check_on(job, asked->implicit ? "--implicit" : "--level", job->f, "f", job->level);
    if (code == EXIT_DONE && asked->lagrange)
        code = check_on(job, "--lagrange", job->constraint, asked->lagrange, 0);
    return code;
}

int surface_settle(surface_job *job)
{
    int code = check_combination(job);
    code = code ? code : formula_lets_read(&job->lets, job->ctx, &job->asked->lets);
    code = code ? code : read_expression(job);
    code = code ? code : read_numbers(job);
    if (code != EXIT_DONE || !job->asked->at)
        return code;
    eg_error error = {0};
    if (eg_surface_analyze(job->f, job->point, &job->at, &error) != EG_OK)
        return report_error(job->settings, &error);
    return check_place(job);
}

void surface_close(surface_job *job)
{
    for (size_t i = 0; i < EG_EXPR_VARIABLES; i++)
        eg_expr_free(job->with[i].expr);
    eg_expr_free(job->constraint);
    eg_expr_free(job->inner);
    eg_expr_free(job->f);
    formula_lets_free(&job->lets);
    eg_context_free(job->ctx);
}
