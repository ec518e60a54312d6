/* SPDX-License-Identifier: MIT */
/* Prints the chain rule of --with as LaTeX: for each variable the paths to it, as symbols, as
 * formulas and at a point as numbers. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/surface/surface_chain.h"
#include "cli/surface/surface_latex.h"

/* Form in which a path of the chain rule is printed. */
typedef enum chain_row { SYMBOLS, FORMULAS, NUMBERS } chain_row;

typedef struct row_job {
    surface_job *job;
    FILE *out;
    chain_row row;
    size_t paths;   /* printed so far */
    size_t longest; /* slopes of the longest path */
    int code;
} row_job;

/* Prints a factor of a product in parentheses. */
static void print_factor(row_job *r, const chain_path *p, size_t i)
{
    char *text = NULL;
    if (r->row == SYMBOLS) {
        latex_print_symbol(r->out, p->name[i], p->expr[i], p->variable[i]);
        return;
    }
    fputs("\\left(", r->out);
    if (r->row == NUMBERS)
        latex_print_number(r->job, r->out, p->slope[i]);
    else if (r->code == EXIT_DONE)
        r->code = latex_derivative(r->job, p->expr[i], p->variable[i], &text);
    fprintf(r->out, "%s\\right)", text ? text : "");
    free(text);
}

static void count_path(const chain *c, const chain_path *p, void *opaque)
{
    row_job *r = opaque;
    (void)c;
    r->longest = p->length > r->longest ? p->length : r->longest;
}

static void print_path(const chain *c, const chain_path *p, void *opaque)
{
    row_job *r = opaque;
    (void)c;
    fputs(r->paths++ ? " + " : "", r->out);
    for (size_t i = 0; i < p->length; i++) {
        fputs(i ? " " : "", r->out);
        print_factor(r, p, i);
    }
}

/* Returns true if variable k is one of the operand's alone, so that there is no chain. */
static bool is_direct(const chain *c, size_t k)
{
    row_job r = {.job = c->job, .row = SYMBOLS};
    chain_path p = {.name = {"f"}};
    chain_visit(c, &c->f, eg_expr_name(c->job->f, k), &p, count_path, &r);
    return r.longest <= 1;
}

/* Prints a row of all paths to variable k of f, 0 if there are none. */
static int print_row(const chain *c, FILE *out, size_t k, chain_row row)
{
    row_job r = {.job = c->job, .out = out, .row = row};
    chain_path p = {.name = {"f"}};
    chain_visit(c, &c->f, eg_expr_name(c->job->f, k), &p, print_path, &r);
    fputs(r.paths ? "" : "0", out);
    return r.code;
}

/* Prints the rows of variable k. */
static int print_rows(const chain *c, FILE *out, size_t k)
{
    surface_job *job = c->job;
    const bool direct = is_direct(c, k);
    char *text = NULL;
    int code = latex_derivative(job, job->f, k, &text);
    if (code != EXIT_DONE)
        return code;
    fputs(" \\\\[1ex]\n", out);
    latex_print_symbol(out, "f", job->f, k);
    fputs(" &= ", out);
    if (!direct) {
        code = print_row(c, out, k, SYMBOLS);
        fputs(" \\\\\n&= ", out);
        code = code ? code : print_row(c, out, k, FORMULAS);
        fputs(" \\\\\n&= ", out);
    }
    fputs(text ? text : "", out);
    free(text);
    if (code != EXIT_DONE || !job->options->at || direct)
        return code;
    fputs(" \\\\\n\\text{at the point: } &\\phantom{=} ", out);
    code = print_row(c, out, k, NUMBERS);
    fputs(" ", out);
    latex_print_equals(job, out, job->exact.gradient[k]);
    return code;
}

int latex_print_chain(surface_job *job, FILE *out)
{
    eg_error error = {0};
    chain *c = format_memory(1, sizeof *c);
    chain_begin(c, job);
    int code = EXIT_DONE;
    if (job->options->at && chain_evaluate(c, &error) != EG_OK)
        code = report_error(job->settings, &error);
    for (size_t k = 0; k < job->n && code == EXIT_DONE; k++)
        code = print_rows(c, out, k);
    free(c);
    return code;
}
