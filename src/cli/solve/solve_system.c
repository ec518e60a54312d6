/* SPDX-License-Identifier: MIT */
/* The equations of --roots: those of the operand, which semicolons separate, and of --intersect. */
#include <stdlib.h>
#include <string.h>

#include "cli/solve/solve.h"
#include "cli/solve/solve_parts.h"
#include "cli/support/format.h"

/* Adds an equation as it was typed. */
static int add_text(solve_equations *e, char *text)
{
    if (text[strspn(text, " \t\r\n")] == 0)
        return EXIT_DONE; /* after a last semicolon */
    if (e->count == SOLVE_EQUATIONS) {
        message("--roots: more than %d equations", SOLVE_EQUATIONS);
        return EXIT_USAGE;
    }
    e->text[e->count++] = text;
    return EXIT_DONE;
}

/* Splits the operand and adds --intersect. */
static int list_texts(surface_job *job, solve_equations *e)
{
    const cli_texts *more = &job->options->intersect;
    int code = EXIT_DONE;
    e->typed = format_text("%s", job->source.text);
    char *rest = e->typed;
    for (char *part; code == EXIT_DONE && (part = strsep(&rest, ";")) != NULL;)
        code = add_text(e, part);
    for (size_t i = 0; i < more->count && code == EXIT_DONE; i++) {
        e->copies[i] = format_text("%s", more->text[i]);
        code = add_text(e, e->copies[i]);
    }
    if (code == EXIT_DONE && e->count == 0)
        return usage_error(job->args->command, "missing EXPR: edgegrad surface EXPR --roots BOX");
    return code;
}

/* Parses all equations. names: the variables of all; NULL: each has its own. */
static int parse_all(surface_job *job, solve_equations *e, const char *const names[], size_t count)
{
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count,
                               .form = EG_FORM_EQUATION,
                               .names = names,
                               .name_count = count};
    int code = EXIT_DONE;
    for (size_t i = 0; i < e->count && code == EXIT_DONE; i++) {
        eg_expr_free(e->expr[i]);
        e->expr[i] = NULL;
        bool first = i == 0 && e->count == 1;
        code = formula_parse(&e->expr[i], job->ctx, first ? NULL : "--roots", e->text[i], &options);
    }
    return code;
}

/* Parses the sum of all names, whose variables have the default order, into *all. */
static int merge_names(surface_job *job, const solve_equations *e, eg_expr **all)
{
    char *text = NULL;
    bool some = false;
    FILE *out = format_stream(&text);
    for (size_t i = 0; i < e->count; i++)
        for (size_t k = 0; k < eg_expr_variables(e->expr[i]); k++, some = true)
            fprintf(out, "%s%s", some ? "+" : "", eg_expr_name(e->expr[i], k));
    format_close(out, &text);
    int code = EXIT_USAGE;
    if (some)
        code = formula_parse(all, job->ctx, "--roots", text, NULL);
    else
        message("the equation has no variables: there is nothing to solve for");
    free(text);
    return code;
}

int solve_read_equations(surface_job *job, solve_equations *e)
{
    eg_expr *all = NULL;
    int code = list_texts(job, e);
    code = code ? code : parse_all(job, e, NULL, 0);
    code = code ? code : merge_names(job, e, &all);
    if (code == EXIT_DONE) {
        const char *names[EG_EXPR_VARIABLES];
        surface_variable_names(all, names);
        code = parse_all(job, e, names, eg_expr_variables(all));
    }
    eg_expr_free(all);
    if (code != EXIT_DONE)
        return code;
    job->f = e->expr[0];
    job->n = eg_expr_variables(job->f);
    return EXIT_DONE;
}

void solve_free_equations(surface_job *job, solve_equations *e)
{
    job->f = NULL; /* one of them */
    for (size_t i = 0; i < e->count; i++)
        eg_expr_free(e->expr[i]);
    for (size_t i = 0; i < OPTION_TEXTS_LIMIT; i++)
        free(e->copies[i]);
    free(e->typed);
}
