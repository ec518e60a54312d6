/* SPDX-License-Identifier: MIT */
/* Makes formulas of others. */
#include "vector/formulas.h"

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/expand.h"
#include "expr/graph/rebuild.h"

void eg_formula_names(const eg_expr *like, eg_name_list *names)
{
    for (names->count = 0; names->count < like->variables; names->count++)
        names->names[names->count] = eg_slice_of(like->names[names->count]);
}

eg_expr *eg_formula_new(const eg_expr *like, eg_error *error)
{
    eg_name_list names;
    eg_formula_names(like, &names);
    eg_expr *expr = eg_expr_new(like->ctx, &names, error);
    if (expr)
        expr->graph.flatten = true;
    return expr;
}

eg_id eg_formula_copy(eg_graph *to, const eg_graph *from, eg_id root, size_t variables, size_t by,
                      eg_id value)
{
    eg_id nodes[EG_EXPR_VARIABLES], *copies, result;
    if (root == EG_NONE)
        return EG_NONE;
    for (uint32_t i = 0; i < variables; i++)
        nodes[i] = i == by && value != EG_NONE ? value : eg_make_variable(to, i);
    copies = eg_alloc(to->ctx, (size_t)root + 1, sizeof *copies, to->error);
    if (!copies)
        return eg_graph_fail(to, eg_failed(to->error));
    result = eg_rebuild(to, from, root, nodes, copies);
    eg_free(copies);
    return result;
}

eg_id eg_formula_copy_node(eg_graph *to, const eg_graph *from, eg_id id, const eg_id copies[],
                           eg_id scratch[])
{
    const eg_node *node = &from->nodes[id];
    for (uint32_t i = 0; i < node->count; i++)
        scratch[i] = copies[eg_args(from, id)[i]];
    switch (node->kind) {
    case EG_NUMBER:
        return eg_make_number(to, node->number);
    case EG_CONSTANT:
        return eg_copy_constant_node(to, from, node);
    case EG_VARIABLE:
        return eg_make_variable(to, node->index);
    case EG_SUM:
        return eg_make_sum(to, scratch, node->count);
    case EG_PRODUCT:
        return eg_make_product(to, scratch, node->count);
    case EG_POWER:
        return eg_make_power(to, scratch[0], scratch[1]);
    default:
        return eg_make_call(to, (eg_function_id)(node->kind - EG_CALL), scratch);
    }
}

eg_status eg_formula_of(eg_expr **result, const eg_expr *like, const eg_graph *graph, eg_id root,
                        eg_error *error)
{
    *result = eg_formula_new(like, error);
    if (!*result)
        return eg_failed(error);
    eg_id copy = eg_formula_copy(&(*result)->graph, graph, root, like->variables, 0, EG_NONE);
    return eg_expr_compile(result, copy, EG_NONE, error);
}

eg_status eg_formula_expand(eg_expr **expanded, const eg_expr *expr, eg_error *error)
{
    *expanded = NULL;
    if (!eg_can_expand(&expr->graph, expr->root))
        return EG_OK;
    *expanded = eg_formula_new(expr, error);
    if (!*expanded)
        return eg_failed(error);
    eg_id root = eg_expand(&(*expanded)->graph, &expr->graph, expr->root);
    return eg_expr_compile(expanded, root, EG_NONE, error);
}

eg_status eg_formula_shorten(eg_expr **expr, eg_error *error)
{
    eg_expr *expanded;
    eg_status status = eg_formula_expand(&expanded, *expr, error);
    if (status == EG_OK && expanded &&
        eg_expr_print(expanded, NULL, 0) < eg_expr_print(*expr, NULL, 0)) {
        eg_expr *longer = *expr;
        *expr = expanded;
        expanded = longer;
    }
    eg_expr_free(expanded);
    return status;
}

eg_status eg_formula_sum(eg_expr **sum, const eg_expr *const terms[], const int factors[],
                         size_t count, eg_error *error)
{
    eg_expr *result = eg_formula_new(terms[0], error);
    *sum = NULL;
    if (!result)
        return eg_failed(error);
    eg_graph *g = &result->graph;
    eg_id root = eg_make_integer(g, 0);
    for (size_t i = 0; i < count; i++) {
        eg_id term =
            eg_formula_copy(g, &terms[i]->graph, terms[i]->root, result->variables, 0, EG_NONE);
        root = eg_add(g, root, eg_multiply(g, eg_make_integer(g, factors[i]), term));
    }
    eg_status status = eg_expr_compile(&result, root, EG_NONE, error);
    if (status == EG_OK)
        status = eg_formula_shorten(&result, error);
    if (status == EG_OK)
        *sum = result;
    else
        eg_expr_free(result);
    return status;
}

bool eg_formula_is_number(const eg_expr *expr, double number)
{
    const eg_node *node = &expr->graph.nodes[expr->root];
    return node->kind == EG_NUMBER && eg_rational_is(node->number, number);
}

bool eg_depends_on(const eg_graph *graph, eg_id root, size_t by)
{
    enum { MOST = 4096 };
    bool depends[MOST];
    if (root >= MOST)
        return true;
    for (eg_id id = 0; id <= root; id++) {
        const eg_node *node = &graph->nodes[id];
        depends[id] = node->kind == EG_VARIABLE && node->index == by;
        for (uint32_t i = 0; i < node->count && !depends[id]; i++)
            depends[id] = depends[eg_args(graph, id)[i]];
    }
    return depends[root];
}
