/* SPDX-License-Identifier: MIT */
/* Reports the chain rule of --with: the tree of dependencies, and the product of derivatives along
 * each path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/support/format.h"
#include "cli/support/text.h"
#include "cli/surface/surface_chain.h"

/* ---- values ---- */

static eg_real point_of(const surface_job *job, const char *name)
{
    for (size_t i = 0; i < job->n; i++)
        if (strcmp(eg_expr_name(job->f, i), name) == 0)
            return job->exact.point[i];
    return eg_real_integer(job->exact.reals, 0); /* a variable that f does not depend on */
}

/* Computes value and slopes of a node; the nodes of its variables have theirs. */
static eg_status evaluate(const chain *c, chain_node *n, eg_error *error)
{
    eg_real point[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < eg_expr_variables(n->expr); i++) {
        const char *name = eg_expr_name(n->expr, i);
        int index = surface_find_with(c->job, name);
        point[i] = index >= 0 ? c->with[index].value : point_of(c->job, name);
    }
    return eg_surface_prove(c->job->exact.reals, n->expr, point, &n->value, n->slope, NULL, error);
}

void chain_begin(chain *c, surface_job *job)
{
    *c = (chain){.job = job, .f.expr = job->inner};
    for (size_t i = 0; i < job->with_count; i++)
        c->with[i].expr = job->with[i].expr;
}

/* job->with_order has the variables of a formula before its own variable. */
eg_status chain_evaluate(chain *c, eg_error *error)
{
    const surface_job *job = c->job;
    eg_status status = EG_OK;
    for (size_t i = 0; i < job->with_count && status == EG_OK; i++)
        status = evaluate(c, &c->with[job->with_order[i]], error);
    return status == EG_OK ? evaluate(c, &c->f, error) : status;
}

/* Returns the node of a variable of --with, NULL for a variable of f. */
static const chain_node *node_of(const chain *c, const char *name)
{
    int index = surface_find_with(c->job, name);
    return index >= 0 ? &c->with[index] : NULL;
}

/* ---- the tree ---- */

/* Prints a line of the tree: its graphics and label, and "df/dx = 2*x*y = 1" in a column. */
static int print_branch(const chain *c, const char *tree, const char *of, const chain_node *n,
                        size_t variable)
{
    char *text;
    enum { COLUMN = 30 };
    int code = surface_format_derivative(c->job, n->expr, variable, &text);
    size_t width = text_width(tree);
    char *number = block_real_text(&c->job->block_writer, n->slope[variable]);
    bool same = !text || !number || strcmp(text, number) == 0;
    printf("  %s%*sd%s/d%s = %s%s%s\n", tree, width < COLUMN ? (int)(COLUMN - width) : 2, "", of,
           eg_expr_name(n->expr, variable), text ? text : "", same ? "" : " = ",
           same ? "" : number);
    free(text);
    free(number);
    return code;
}

/* Prints the subtree of a node, whose lines begin with `stem`. */
static int print_subtree(const chain *c, const char *name, const chain_node *n, const char *stem)
{
    char line[BLOCK_LINE_SIZE], below[BLOCK_LINE_SIZE];
    size_t count = eg_expr_variables(n->expr);
    int code = EXIT_DONE;
    for (size_t i = 0; i < count && code == EXIT_DONE; i++) {
        const char *child = eg_expr_name(n->expr, i);
        const chain_node *inner = node_of(c, child);
        bool last = i + 1 == count;
        char *text = inner ? surface_format_expr(inner->expr) : NULL;
        snprintf(line, sizeof line, "%s%s─ %s%s%s", stem, last ? "└" : "├", child,
                 text ? " = " : "", text ? text : "");
        free(text);
        code = print_branch(c, line, name, n, i);
        snprintf(below, sizeof below, "%s%s   ", stem, last ? " " : "│");
        if (inner && code == EXIT_DONE)
            code = print_subtree(c, child, inner, below);
    }
    return code;
}

/* ---- the paths ---- */

void chain_visit(const chain *c, const chain_node *n, const char *to, chain_path *p,
                 chain_visitor *visit, void *opaque)
{
    for (size_t i = 0; i < eg_expr_variables(n->expr); i++) {
        const char *child = eg_expr_name(n->expr, i);
        const chain_node *inner = node_of(c, child);
        p->expr[p->length] = n->expr;
        p->variable[p->length] = i;
        p->slope[p->length++] = n->slope[i];
        p->name[p->length] = child;
        if (inner)
            chain_visit(c, inner, to, p, visit, opaque);
        else if (strcmp(child, to) == 0)
            visit(c, p, opaque);
        p->length--;
    }
}

eg_real chain_product(const chain *c, const chain_path *p)
{
    eg_real product = p->slope[0];
    for (size_t i = 1; i < p->length; i++)
        product = eg_real_apply(c->job->exact.reals, EG_REAL_MULTIPLY, product, p->slope[i]);
    return product;
}

/* Prints "f - x - t        (1) * (-0.7071068) = -0.7071068"; `opaque` is the sum so far. */
static void print_path(const chain *c, const chain_path *p, void *opaque)
{
    enum { LAST = 8 }; /* columns of the last name */
    block_writer *s = &c->job->block_writer;
    eg_real *sum = opaque, product = chain_product(c, p);
    *sum = eg_real_apply(s->reals, EG_REAL_ADD, *sum, product);
    printf("    %s", p->name[0]);
    for (size_t i = 1; i <= p->length; i++)
        printf(" - %s", p->name[i]);
    size_t width = text_width(p->name[p->length]);
    printf("%*s ", p->length == 1 ? LAST : width < LAST ? (int)(LAST - width) : 0, "");
    for (size_t i = 0; i < p->length; i++) {
        char *number = block_real_text(s, p->slope[i]);
        printf("%s(%s)", i ? " * " : "", number);
        free(number);
    }
    char *number = block_real_text(s, product);
    printf("%s = %s\n", p->length == 1 ? " * (1)" : "", number);
    free(number);
}

static void print_path_json(const chain *c, const chain_path *p, void *opaque)
{
    json *j = c->job->block_writer.j;
    (void)opaque;
    json_open(j, NULL, '{');
    json_open(j, "nodes", '[');
    for (size_t i = 0; i <= p->length; i++)
        json_text(j, NULL, p->name[i]);
    json_close(j, ']');
    json_open(j, "factors", '[');
    for (size_t i = 0; i < p->length; i++)
        block_json_real(&c->job->block_writer, NULL, p->slope[i]);
    json_close(j, ']');
    json_text(j, "to", p->name[p->length]);
    block_json_real(&c->job->block_writer, "product", chain_product(c, p));
    json_close(j, '}');
}

static void print_all_paths(const chain *c)
{
    surface_job *job = c->job;
    json *j = job->block_writer.j;
    if (j)
        json_open(j, "paths", '[');
    for (size_t k = 0; k < job->n; k++) {
        const char *to = eg_expr_name(job->f, k);
        chain_path p = {.name = {"f"}};
        eg_real sum = eg_real_integer(job->exact.reals, 0);
        if (!j)
            printf("\n  df/d%s: the product along each path, and their sum\n", to);
        chain_visit(c, &c->f, to, &p, j ? print_path_json : print_path, &sum);
        char *number = j ? NULL : block_real_text(&job->block_writer, sum);
        if (number)
            printf("    sum  %s\n", number);
        free(number);
    }
    if (j)
        json_close(j, ']');
}

int surface_report_chain(surface_job *job)
{
    eg_error error = {0};
    chain *c = format_memory(1, sizeof *c);
    chain_begin(c, job);
    int code = EXIT_DONE;
    if (chain_evaluate(c, &error) != EG_OK)
        code = report_error(job->settings, &error);
    block_open(&job->block_writer, "chain", "Chain rule: dependencies and their derivatives");
    if (code == EXIT_DONE && !job->block_writer.j) {
        puts("  f");
        code = print_subtree(c, "f", &c->f, "");
    }
    if (code == EXIT_DONE)
        print_all_paths(c);
    block_close(&job->block_writer);
    free(c);
    return code;
}
