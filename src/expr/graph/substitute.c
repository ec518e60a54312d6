/* SPDX-License-Identifier: MIT */
/* Expressions put in the place of variables. */
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"

typedef struct substitution {
    const eg_expr *expr;
    const eg_expr *const *with;
    const eg_expr_options *options;
    eg_name_list names; /* of the result */
} substitution;

/* Which of the expression's variables occur in it. */
static uint64_t variables_used(const eg_expr *expr)
{
    uint64_t used = 0;
    for (eg_id id = 0; id <= expr->root; id++)
        if (expr->graph.nodes[id].kind == EG_VARIABLE)
            used |= UINT64_C(1) << expr->graph.nodes[id].index;
    return used;
}

static eg_status add_name(substitution *s, const char *name, bool used, eg_error *error)
{
    bool chosen = s->options && s->options->names;
    eg_slice slice = eg_slice_of(name);
    if (eg_find_binding(s->options, slice) || eg_find_name(&s->names, slice) >= 0)
        return EG_OK;
    if (chosen && !used)
        return EG_OK;
    if (chosen)
        return eg_fail(error, EG_USAGE, "the variable '%s' is not among those of the result", name);
    if (!eg_add_name(&s->names, slice))
        return eg_fail(error, EG_USAGE, "the result has more than %d variables", EG_EXPR_VARIABLES);
    return EG_OK;
}

static eg_status collect_names(substitution *s, eg_error *error)
{
    eg_status status = eg_check_options(&s->names, s->options, error);
    uint64_t used = variables_used(s->expr);
    for (size_t i = 0; status == EG_OK && i < s->expr->variables; i++) {
        const eg_expr *with = s->with[i];
        if (!with) {
            status = add_name(s, s->expr->names[i], used >> i & 1, error);
            continue;
        }
        uint64_t used_there = variables_used(with);
        for (size_t k = 0; status == EG_OK && k < with->variables; k++)
            status = add_name(s, with->names[k], used_there >> k & 1, error);
    }
    if (!s->options || !s->options->names)
        eg_order_names(&s->names);
    return status;
}

/* A variable of the result, or the constant that options say it is; EG_NONE: it is not used. */
static eg_id make_name(const substitution *s, eg_graph *graph, const char *name)
{
    const eg_binding *let = eg_find_binding(s->options, eg_slice_of(name));
    int index = eg_find_name(&s->names, eg_slice_of(name));
    if (let)
        return eg_make_number(graph, eg_rational_of(let->value));
    return index < 0 ? EG_NONE : eg_make_variable(graph, (uint32_t)index);
}

/* All of an expression's graph, its names being those of the result. */
static eg_id copy(const substitution *s, eg_graph *graph, const eg_expr *expr, eg_id *copies)
{
    eg_id variables[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < expr->variables; i++)
        variables[i] = make_name(s, graph, expr->names[i]);
    return eg_rebuild(graph, &expr->graph, expr->root, variables, copies);
}

static eg_id substitute(const substitution *s, eg_graph *graph, eg_id *copies)
{
    eg_id variables[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < s->expr->variables && graph->status == EG_OK; i++)
        variables[i] = s->with[i] ? copy(s, graph, s->with[i], copies)
                                  : make_name(s, graph, s->expr->names[i]);
    if (graph->status != EG_OK)
        return EG_NONE;
    return eg_rebuild(graph, &s->expr->graph, s->expr->root, variables, copies);
}

static size_t most_nodes(const substitution *s)
{
    size_t most = (size_t)s->expr->root + 1;
    for (size_t i = 0; i < s->expr->variables; i++)
        if (s->with[i] && s->with[i]->root >= most)
            most = (size_t)s->with[i]->root + 1;
    return most;
}

eg_status eg_expr_substitute(eg_expr **result, const eg_expr *expr, const eg_expr *const with[],
                             const eg_expr_options *options, eg_error *error)
{
    substitution s = {.expr = expr, .with = with, .options = options};
    *result = NULL;
    eg_status status = collect_names(&s, error);
    if (status != EG_OK)
        return status;
    eg_expr *made = eg_expr_begin(expr->ctx, &s.names, error);
    if (!made)
        return eg_failed(error);
    eg_id *copies = eg_alloc(expr->ctx, most_nodes(&s), sizeof *copies, error);
    if (!copies) {
        eg_expr_free(made);
        return eg_failed(error);
    }
    eg_id root = substitute(&s, &made->graph, copies);
    eg_free(copies);
    *result = made;
    return eg_expr_finish(result, root, error);
}
