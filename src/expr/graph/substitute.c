/* SPDX-License-Identifier: MIT */
/* Substitution of expressions for variables. */
#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"

typedef struct substitution {
    const eg_expr *expr;
    const eg_expr *const *with;
    const eg_expr_options *options;
    eg_name_list names; /* variables of the result */
} substitution;

/* Returns the bit mask of the variables that occur in the expression. */
static uint64_t used_variables(const eg_expr *expr)
{
    uint64_t used = 0;
    for (eg_id id = 0; id <= expr->root; id++)
        if (expr->graph.nodes[id].kind == EG_VARIABLE)
            used |= UINT64_C(1) << expr->graph.nodes[id].index;
    return used;
}

static eg_status add_result_name(substitution *s, const char *name, bool used, eg_error *error)
{
    bool names_given = s->options && s->options->names;
    eg_slice slice = eg_slice_of(name);
    if (eg_find_binding(s->options, slice) || eg_find_name(&s->names, slice) >= 0)
        return EG_OK;
    if (names_given && !used)
        return EG_OK;
    if (names_given)
        return eg_fail(error, EG_USAGE, "'%s' is not among the variables of the result; add it",
                       name);
    if (!eg_add_name(&s->names, slice))
        return eg_fail(error, EG_USAGE, "the result has more than %d variables", EG_EXPR_VARIABLES);
    return EG_OK;
}

static eg_status collect_names(substitution *s, eg_error *error)
{
    eg_status status = eg_check_options(&s->names, s->options, error);
    uint64_t used = used_variables(s->expr);
    for (size_t i = 0; status == EG_OK && i < s->expr->variables; i++) {
        const eg_expr *with = s->with[i];
        if (!with) {
            status = add_result_name(s, s->expr->names[i], used >> i & 1, error);
            continue;
        }
        uint64_t used_there = used_variables(with);
        for (size_t k = 0; status == EG_OK && k < with->variables; k++)
            status = add_result_name(s, with->names[k], used_there >> k & 1, error);
    }
    if (!s->options || !s->options->names)
        eg_order_names(&s->names);
    return status;
}

/* Returns the node of a variable of the result, or of the constant bound to the name; EG_NONE if
 * the name is not used. */
static eg_id make_named_node(const substitution *s, eg_graph *graph, const char *name)
{
    const eg_binding *binding = eg_find_binding(s->options, eg_slice_of(name));
    int index = eg_find_name(&s->names, eg_slice_of(name));
    if (binding)
        return eg_make_binding(graph, binding);
    return index < 0 ? EG_NONE : eg_make_variable(graph, (uint32_t)index);
}

/* Returns the simplified graph of an expression, or the graph as typed if `graph` is one. */
static const eg_graph *graph_like(const eg_graph *graph, const eg_expr *expr, eg_id *root)
{
    *root = graph->as_typed ? expr->typed_root : expr->root;
    return graph->as_typed ? &expr->typed : &expr->graph;
}

/* Copies the graph of an expression into `graph`, with its names mapped to those of the result. */
static eg_id copy_graph(const substitution *s, eg_graph *graph, const eg_expr *expr, eg_id *copies)
{
    eg_id root;
    const eg_graph *from = graph_like(graph, expr, &root);
    eg_id variables[EG_EXPR_VARIABLES];
    for (size_t i = 0; i < expr->variables; i++)
        variables[i] = make_named_node(s, graph, expr->names[i]);
    return eg_rebuild(graph, from, root, variables, copies);
}

static eg_id substitute(const substitution *s, eg_graph *graph, eg_id *copies)
{
    eg_id variables[EG_EXPR_VARIABLES], root;
    const eg_graph *from = graph_like(graph, s->expr, &root);
    for (size_t i = 0; i < s->expr->variables && graph->status == EG_OK; i++)
        variables[i] = s->with[i] ? copy_graph(s, graph, s->with[i], copies)
                                  : make_named_node(s, graph, s->expr->names[i]);
    if (graph->status != EG_OK)
        return EG_NONE;
    return eg_rebuild(graph, from, root, variables, copies);
}

static size_t largest_graph(const eg_expr *expr)
{
    return expr->graph.count > expr->typed.count ? expr->graph.count : expr->typed.count;
}

static size_t max_nodes(const substitution *s)
{
    size_t max = largest_graph(s->expr);
    for (size_t i = 0; i < s->expr->variables; i++) {
        size_t size = s->with[i] ? largest_graph(s->with[i]) : 0;
        max = size > max ? size : max;
    }
    return max;
}

eg_status eg_expr_substitute(eg_expr **result, const eg_expr *expr, const eg_expr *const with[],
                             const eg_expr_options *options, eg_error *error)
{
    substitution s = {.expr = expr, .with = with, .options = options};
    *result = NULL;
    eg_status status = collect_names(&s, error);
    if (status != EG_OK)
        return status;
    eg_expr *substituted = eg_expr_new(expr->ctx, &s.names, error);
    if (!substituted)
        return eg_failed(error);
    eg_id *copies = eg_alloc(expr->ctx, max_nodes(&s), sizeof *copies, error);
    if (!copies) {
        eg_expr_free(substituted);
        return eg_failed(error);
    }
    eg_id root = substitute(&s, &substituted->graph, copies);
    eg_id typed_root = root != EG_NONE ? substitute(&s, &substituted->typed, copies) : EG_NONE;
    eg_free(copies);
    *result = substituted;
    return eg_expr_compile(result, root, typed_root, error);
}
