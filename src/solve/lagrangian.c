/* SPDX-License-Identifier: MIT */
/* Functions of the variables and the multipliers. */
#include "solve/lagrangian.h"

#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "expr/graph/rebuild.h"
#include "solve/arithmetic.h"

/* A graph of a new expression: the simplified one, or the one as typed. */
typedef struct building {
    eg_graph *graph;
    eg_id *copies;
    eg_id variables[EG_UNKNOWNS];
} building;

/* Creates an expression of the variables of f and of multipliers, whose names no text can have. */
static eg_expr *new_expression(const eg_expr *f, size_t multipliers, eg_error *error)
{
    eg_name_list names = {.count = f->variables + multipliers};
    char texts[EG_UNKNOWNS][16];
    for (size_t i = 0; i < names.count; i++) {
        if (i >= f->variables)
            snprintf(texts[i], sizeof texts[i], " m%zu", i - f->variables);
        names.names[i] = eg_slice_of(i < f->variables ? f->names[i] : texts[i]);
    }
    return eg_expr_new(f->ctx, &names, error);
}

static eg_id copy(building *b, const eg_expr *expr)
{
    const eg_graph *from = b->graph->as_typed ? &expr->typed : &expr->graph;
    return eg_rebuild(b->graph, from, b->graph->as_typed ? expr->typed_root : expr->root,
                      b->variables, b->copies);
}

/* Recipe of a function of the expressions and the multipliers. */
typedef struct recipe {
    const eg_expr *f;             /* with the factor m_0; NULL: none */
    const eg_expr *const *active; /* with the factors -m_1, -m_2 ... */
    size_t count;
    const eg_expr *alone; /* without any factor; NULL: none */
    bool squares;         /* the sum of the squares of the multipliers, less 1 */
} recipe;

static eg_id build(building *b, const recipe *r, size_t n)
{
    eg_graph *g = b->graph;
    if (r->alone)
        return copy(b, r->alone);
    eg_id sum =
        r->squares ? eg_make_integer(g, -1) : eg_multiply(g, b->variables[n], copy(b, r->f));
    for (size_t k = 0; r->squares && k <= r->count; k++)
        sum = eg_add(g, sum, eg_raise(g, b->variables[n + k], 2));
    for (size_t k = 0; !r->squares && k < r->count; k++)
        sum = eg_subtract(g, sum, eg_multiply(g, b->variables[n + 1 + k], copy(b, r->active[k])));
    return sum;
}

/* Returns the largest graph of the expressions. */
static size_t largest_graph(const recipe *r)
{
    size_t most = 1;
    const eg_expr *all[2 + EG_SOLVE_CONSTRAINTS] = {r->f, r->alone};
    for (size_t k = 0; k < r->count; k++)
        all[2 + k] = r->active[k];
    for (size_t k = 0; k < 2 + r->count; k++) {
        if (!all[k])
            continue;
        most = all[k]->graph.count > most ? all[k]->graph.count : most;
        most = all[k]->typed.count > most ? all[k]->typed.count : most;
    }
    return most;
}

static eg_status make(eg_expr **made, const eg_expr *like, const recipe *r, eg_error *error)
{
    eg_id roots[2];
    size_t n = like->variables, total = n + 1 + r->count;
    eg_expr *expr = new_expression(like, 1 + r->count, error);
    if (!expr)
        return eg_failed(error);
    building b = {.copies = eg_alloc(like->ctx, largest_graph(r), sizeof *b.copies, error)};
    if (!b.copies) {
        eg_expr_free(expr);
        return eg_failed(error);
    }
    for (int typed = 0; typed < 2; typed++) {
        b.graph = typed ? &expr->typed : &expr->graph;
        for (uint32_t i = 0; i < total; i++)
            b.variables[i] = eg_make_variable(b.graph, i);
        roots[typed] = build(&b, r, n);
    }
    eg_free(b.copies);
    *made = expr;
    return eg_expr_compile(made, roots[0], roots[1], error);
}

eg_status eg_lagrangian_make(eg_lagrangian *l, const eg_expr *f, const eg_expr *const active[],
                             size_t count, eg_error *error)
{
    recipe r = {.f = f, .active = active, .count = count};
    *l = (eg_lagrangian){.n = f->variables, .count = count};
    eg_status status = make(&l->function, f, &r, error);
    r.squares = true;
    if (status == EG_OK)
        status = make(&l->norm, f, &r, error);
    for (size_t k = 0; k < count && status == EG_OK; k++) {
        r.alone = active[k];
        status = make(&l->constraint[k], f, &r, error);
    }
    if (status == EG_OK)
        status = eg_encloser_new(&l->enclosers[0], l->function, error);
    if (status == EG_OK)
        status = eg_encloser_new(&l->enclosers[1], l->norm, error);
    for (size_t k = 0; k < count && status == EG_OK; k++)
        status = eg_encloser_new(&l->enclosers[2 + k], l->constraint[k], error);
    return status;
}

void eg_lagrangian_free(eg_lagrangian *l)
{
    for (size_t k = 0; k < 2 + EG_SOLVE_CONSTRAINTS; k++)
        eg_encloser_free(&l->enclosers[k]);
    for (size_t k = 0; k < EG_SOLVE_CONSTRAINTS; k++)
        eg_expr_free(l->constraint[k]);
    eg_expr_free(l->norm);
    eg_expr_free(l->function);
    *l = (eg_lagrangian){0};
}

void eg_lagrangian_system(eg_lagrangian *l, const size_t free[], size_t free_count,
                          eg_system *system, eg_interval outer[])
{
    size_t m = l->count;
    system->variables = l->n + 1 + m;
    system->n = free_count + 1 + m;
    system->partials = free_count;
    system->function = &l->enclosers[0];
    for (size_t i = 0; i < free_count; i++)
        system->unknown[i] = system->axis[i] = free[i];
    for (size_t k = 0; k <= m; k++) {
        system->unknown[free_count + k] = l->n + k;
        outer[free_count + k] = eg_iv(k ? -1 : 0, 1);
        system->equations[k] = &l->enclosers[1 + k]; /* the norm, and the constraints */
    }
}
