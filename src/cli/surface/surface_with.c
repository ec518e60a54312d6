/* SPDX-License-Identifier: MIT */
/* Reads --with: the variables that are functions of others, to any depth, and substitutes them. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"

#include "cli/surface/surface.h"

enum { MOST_PATHS = 4096 }; /* of the chain rule */

int surface_find_with(const surface_job *job, const char *name)
{
    for (size_t i = 0; i < job->with_count; i++)
        if (strcmp(job->with[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Reads NAME=FORMULA, or NAME(ARGUMENTS)=FORMULA. */
static int read_with(surface_job *job, const char *text, eg_expr_options *options)
{
    size_t length = strcspn(text, "=("), begin = strspn(text, " ");
    const char *sign = strchr(text, '=');
    surface_with *with = &job->with[job->with_count];
    bool head = sign && text[length] == '(';
    while (length > begin && text[length - 1] == ' ')
        length--;
    if (!sign || length <= begin) {
        message("--with: '%.200s' is not NAME=FORMULA", text);
        return EXIT_USAGE;
    }
    char *name = format_text("%.*s", (int)(length - begin), text + begin);
    if (surface_find_with(job, name) >= 0) {
        message("--with: %s is given twice", name);
        free(name);
        return EXIT_USAGE;
    }
    with->name = name;
    job->with_count++;
    options->form = head ? EG_FORM_DEFINITION : EG_FORM_EXPRESSION;
    return formula_parse(&with->expr, job->ctx, "--with", head ? text : sign + 1, options);
}

static bool has_variable(const eg_expr *expr, const char *name)
{
    for (size_t i = 0; i < eg_expr_variables(expr); i++)
        if (strcmp(eg_expr_name(expr, i), name) == 0)
            return true;
    return false;
}

/* Checks that the operand or another --with has each variable that is given. */
static int check_targets(const surface_job *job)
{
    for (size_t i = 0; i < job->with_count; i++) {
        const char *name = job->with[i].name;
        bool used = has_variable(job->inner, name);
        for (size_t k = 0; k < job->with_count && !used; k++)
            used = k != i && has_variable(job->with[k].expr, name);
        if (!used)
            return formula_unknown_variable("--with", job->inner, name, strlen(name));
    }
    return EXIT_DONE;
}

/* State of the search through the dependencies. */
typedef struct search {
    surface_job *job;
    bool entered[OPTION_TEXTS_LIMIT], done[OPTION_TEXTS_LIMIT];
    size_t trail[OPTION_TEXTS_LIMIT], depth; /* the variables entered, from the first */
    double paths[OPTION_TEXTS_LIMIT];        /* from each to the variables of f */
} search;

static int report_cycle(const search *s, size_t index)
{
    char cycle[400];
    size_t at = 0, used = 0;
    while (s->trail[at] != index)
        at++;
    for (; at < s->depth && used < sizeof cycle; at++)
        used += (size_t)snprintf(cycle + used, sizeof cycle - used, "%s - ",
                                 s->job->with[s->trail[at]].name);
    message("--with: %s depends on itself: %s%s", s->job->with[index].name, cycle,
            s->job->with[index].name);
    return EXIT_USAGE;
}

static double count_paths(const search *s, const eg_expr *expr)
{
    double paths = 0;
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        int index = surface_find_with(s->job, eg_expr_name(expr, i));
        paths += index >= 0 ? s->paths[index] : 1;
    }
    return paths;
}

/* Replaces the variables of `expr` that --with gives. Those of its formulas are replaced already.
 */
static int substitute(surface_job *job, const eg_expr *expr, eg_expr **result)
{
    eg_error error = {0};
    const eg_expr *with[EG_EXPR_VARIABLES] = {NULL};
    for (size_t i = 0; i < eg_expr_variables(expr); i++) {
        int index = surface_find_with(job, eg_expr_name(expr, i));
        with[i] = index >= 0 ? job->with[index].full : NULL;
    }
    if (eg_expr_substitute(result, expr, with, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    return EXIT_DONE;
}

/* Appends variable `index` to job->with_order, after those that it depends on, and expands its
 * formula. */
static int visit(search *s, size_t index)
{
    surface_job *job = s->job;
    surface_with *with = &job->with[index];
    if (s->done[index])
        return EXIT_DONE;
    if (s->entered[index])
        return report_cycle(s, index);
    s->entered[index] = true;
    s->trail[s->depth++] = index;
    for (size_t i = 0; i < eg_expr_variables(with->expr); i++) {
        int inner = surface_find_with(job, eg_expr_name(with->expr, i));
        int code = inner >= 0 ? visit(s, (size_t)inner) : EXIT_DONE;
        if (code != EXIT_DONE)
            return code;
    }
    s->depth--;
    size_t position = 0;
    for (size_t i = 0; i < job->with_count; i++)
        position += s->done[i];
    job->with_order[position] = index;
    s->done[index] = true;
    s->paths[index] = count_paths(s, with->expr);
    return substitute(job, with->expr, &with->full);
}

int surface_substitute(surface_job *job)
{
    search s = {.job = job};
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count};
    int code = EXIT_DONE;
    for (size_t i = 0; i < job->options->with.count && code == EXIT_DONE; i++)
        code = read_with(job, job->options->with.text[i], &options);
    for (size_t i = 0; i < job->with_count && code == EXIT_DONE; i++)
        if (eg_expr_is_equation(job->with[i].expr)) {
            message("--with: '%.200s' has more than one =", job->options->with.text[i]);
            code = EXIT_USAGE;
        }
    if (code == EXIT_DONE)
        code = check_targets(job);
    for (size_t i = 0; i < job->with_count && code == EXIT_DONE; i++)
        code = visit(&s, i);
    if (code == EXIT_DONE && count_paths(&s, job->inner) > MOST_PATHS) {
        message("--with: the chain rule has more than %d paths", MOST_PATHS);
        code = EXIT_LIMIT;
    }
    return code == EXIT_DONE ? substitute(job, job->inner, &job->f) : code;
}

void surface_free_with(surface_job *job)
{
    for (size_t i = 0; i < job->with_count; i++) {
        free(job->with[i].name);
        eg_expr_free(job->with[i].expr);
        eg_expr_free(job->with[i].full);
    }
}
