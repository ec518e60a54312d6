/* SPDX-License-Identifier: MIT */
/* Reads --with and reports the chain rule: the tree of dependencies, and the product of derivatives
 * along each path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/surface/surface.h"

/* ---- reading ---- */

/* Splits NAME=FORMULA into the index of the variable of the operand and the formula. */
static int find_target(const surface_job *job, const char *text, size_t *index,
                       const char **formula)
{
    const char *sign = strchr(text, '=');
    size_t length = sign ? (size_t)(sign - text) : 0;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0) {
        message("--with: '%.200s' is not NAME=FORMULA", text);
        return EXIT_USAGE;
    }
    *formula = sign + 1;
    for (size_t i = 0; i < eg_expr_variables(job->inner); i++)
        if (strlen(eg_expr_name(job->inner, i)) == length &&
            strncmp(eg_expr_name(job->inner, i), text, length) == 0) {
            *index = i;
            return EXIT_DONE;
        }
    return formula_unknown_variable("--with", job->inner, text, length);
}

/* Parses each --with, in its own variables or (options->names) in those of f. */
static int read_formulas(surface_job *job, const eg_expr_options *options)
{
    const cli_texts *with = &job->options->with;
    for (size_t i = 0; i < with->count; i++) {
        size_t index = 0;
        const char *formula = NULL;
        int code = find_target(job, with->text[i], &index, &formula);
        surface_with *target = &job->with[index];
        if (code == EXIT_DONE && !options->names && target->expr) {
            message("--with: %s is given twice", eg_expr_name(job->inner, index));
            code = EXIT_USAGE;
        }
        if (code != EXIT_DONE)
            return code;
        eg_expr_free(target->expr);
        target->expr = NULL;
        code = formula_parse(&target->expr, job->ctx, "--with", formula, options);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

/* Returns a bit mask of the variables of f that variable `index` of the operand depends on. */
static uint64_t dependency_mask(const surface_job *job, size_t index)
{
    const eg_expr *with = job->with[index].expr;
    uint64_t mask = 0;
    for (size_t i = 0; i < eg_expr_variables(job->f); i++) {
        const char *name = eg_expr_name(job->f, i);
        if (!with && strcmp(name, eg_expr_name(job->inner, index)) == 0)
            mask |= UINT64_C(1) << i;
        for (size_t k = 0; with && k < eg_expr_variables(with); k++)
            if (strcmp(name, eg_expr_name(with, k)) == 0)
                mask |= UINT64_C(1) << i;
    }
    return mask;
}

int surface_substitute(surface_job *job)
{
    eg_error error = {0};
    eg_expr_options options = {.bindings = job->constants.let,
                               .binding_count = job->constants.count};
    const eg_expr *with[EG_EXPR_VARIABLES];
    const char *names[EG_EXPR_VARIABLES];
    int code = read_formulas(job, &options);
    if (code != EXIT_DONE)
        return code;
    for (size_t i = 0; i < EG_EXPR_VARIABLES; i++)
        with[i] = job->with[i].expr;
    if (eg_expr_substitute(&job->f, job->inner, with, NULL, &error) != EG_OK)
        return report_error(job->settings, &error);
    for (size_t i = 0; i < eg_expr_variables(job->inner); i++)
        job->with[i].uses = dependency_mask(job, i);
    surface_variable_names(job->f, names);
    options.names = names;
    options.name_count = eg_expr_variables(job->f);
    return read_formulas(job, &options);
}

/* ---- derivatives ---- */

typedef struct chain {
    size_t count;                    /* variables of the operand */
    double point[EG_EXPR_VARIABLES]; /* their values */
    double outer[EG_EXPR_VARIABLES]; /* derivative of the operand by each of them */
    double
        *inner; /* inner[i * n + k]: derivative of variable i of the operand by variable k of f */
} chain;

static eg_status differentiate(const surface_job *job, chain *c, eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < c->count && status == EG_OK; i++) {
        const eg_expr *with = job->with[i].expr;
        double *row = c->inner + i * job->n;
        if (with) {
            status = eg_expr_eval(with, job->point, &c->point[i], row, NULL, error);
            continue;
        }
        for (size_t k = 0; k < job->n; k++) {
            row[k] = (double)(job->with[i].uses >> k & 1);
            c->point[i] = row[k] != 0 ? job->point[k] : c->point[i];
        }
    }
    return status == EG_OK ? eg_expr_eval(job->inner, c->point, NULL, c->outer, NULL, error)
                           : status;
}

/* ---- printing ---- */

/* Prints a line of the tree: its graphics and label, and "df/dx = 2*x*y = 1" in a column. */
static int print_branch(const surface_job *job, const char *tree, const char *of,
                        const eg_expr *expr, size_t variable, double value)
{
    char line[BLOCK_LINE_SIZE], number[BLOCK_NUMBER_SIZE], *text;
    enum { COLUMN = 30 };
    int code = surface_format_derivative(job, expr, variable, &text);
    size_t width = 0;
    for (const char *c = tree; *c; c++) /* count UTF-8 characters */
        width += ((unsigned char)*c & 0xc0) != 0x80;
    surface_format_equation(line, sizeof line, text,
                            block_format_number(&job->block_writer, number, value));
    printf("  %s%*sd%s/d%s = %s\n", tree, width < COLUMN ? (int)(COLUMN - width) : 2, "", of,
           eg_expr_name(expr, variable), line);
    free(text);
    return code;
}

/* Prints the tree of f: the variables of the operand, and below each those that it depends on. */
static int print_tree(const surface_job *job, const chain *c)
{
    char line[BLOCK_LINE_SIZE];
    int code = EXIT_DONE;
    puts("  f");
    for (size_t i = 0; i < c->count && code == EXIT_DONE; i++) {
        const eg_expr *with = job->with[i].expr;
        const char *name = eg_expr_name(job->inner, i), *stem = i + 1 < c->count ? "│" : " ";
        uint64_t left = with ? job->with[i].uses : 0;
        char *text = with ? surface_format_expr(with) : NULL;
        snprintf(line, sizeof line, "%s─ %s%s%s", i + 1 < c->count ? "├" : "└", name,
                 text ? " = " : "", text ? text : "");
        free(text);
        code = print_branch(job, line, "f", job->inner, i, c->outer[i]);
        for (size_t k = 0; k < job->n && code == EXIT_DONE; k++) {
            if (!(left >> k & 1))
                continue;
            left &= ~(UINT64_C(1) << k);
            snprintf(line, sizeof line, "%s   %s─ %s", stem, left ? "├" : "└",
                     eg_expr_name(job->f, k));
            code = print_branch(job, line, name, with, k, c->inner[i * job->n + k]);
        }
    }
    return code;
}

/* Prints the product along each path that ends at variable k of f, and their sum. */
static void print_paths(const surface_job *job, const chain *c, size_t k)
{
    char number[3][BLOCK_NUMBER_SIZE];
    const block_writer *s = &job->block_writer;
    double sum = 0;
    printf("\n  df/d%s: the product along each path, and their sum\n", eg_expr_name(job->f, k));
    for (size_t i = 0; i < c->count; i++) {
        double inner = c->inner[i * job->n + k], product = c->outer[i] * inner;
        if (!(job->with[i].uses >> k & 1))
            continue;
        sum += product;
        printf("    f - %s%s%-*s (%s) * (%s) = %s\n", eg_expr_name(job->inner, i),
               job->with[i].expr ? " - " : "", 8, job->with[i].expr ? eg_expr_name(job->f, k) : "",
               block_format_number(s, number[0], c->outer[i]),
               block_format_number(s, number[1], inner),
               block_format_number(s, number[2], product));
    }
    printf("    sum  %s\n", block_format_number(s, number[0], sum));
}

static void print_paths_json(const surface_job *job, const chain *c)
{
    json *j = job->block_writer.j;
    json_open(j, "paths", '[');
    for (size_t k = 0; k < job->n; k++)
        for (size_t i = 0; i < c->count; i++) {
            if (!(job->with[i].uses >> k & 1))
                continue;
            double inner = c->inner[i * job->n + k];
            json_open(j, NULL, '{');
            json_text(j, "through", eg_expr_name(job->inner, i));
            json_text(j, "to", eg_expr_name(job->f, k));
            json_exact(j, "outer", c->outer[i]);
            json_exact(j, "inner", inner);
            json_exact(j, "product", c->outer[i] * inner);
            json_close(j, '}');
        }
    json_close(j, ']');
}

int surface_report_chain(surface_job *job)
{
    eg_error error = {0};
    chain c = {.count = eg_expr_variables(job->inner)};
    c.inner = calloc(c.count * job->n, sizeof *c.inner);
    if (!c.inner)
        return EXIT_LIMIT;
    int code = EXIT_DONE;
    if (differentiate(job, &c, &error) != EG_OK)
        code = report_error(job->settings, &error);
    block_open(&job->block_writer, "chain", "Chain rule: dependencies and their derivatives");
    if (code == EXIT_DONE && job->block_writer.j) {
        print_paths_json(job, &c);
    } else if (code == EXIT_DONE) {
        code = print_tree(job, &c);
        for (size_t k = 0; k < job->n && code == EXIT_DONE; k++)
            print_paths(job, &c, k);
    }
    block_close(&job->block_writer);
    free(c.inner);
    return code;
}
