/* SPDX-License-Identifier: MIT */
/* Creation, compilation and queries of expressions. */
#include "expr/expr.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/rebuild.h"

enum { MAX_GRAPH_DEPTH = 4 * EG_EXPR_DEPTH };

eg_expr *eg_expr_new(eg_context *ctx, const eg_name_list *names, eg_error *error)
{
    eg_expr *expr = eg_calloc(ctx, 1, sizeof *expr, error);
    if (!expr)
        return NULL;
    expr->ctx = ctx;
    eg_graph_init(&expr->graph, ctx, error);
    eg_graph_init(&expr->typed, ctx, error);
    expr->typed.as_typed = true;
    for (size_t i = 0; i < names->count; i++) {
        eg_slice name = names->names[i];
        char *copy = eg_calloc(ctx, name.length + 1, 1, error);
        if (!copy) {
            eg_expr_free(expr);
            return NULL;
        }
        memcpy(copy, name.text, name.length);
        expr->names[expr->variables++] = copy;
    }
    return expr;
}

static eg_status build_tapes(eg_expr *expr, eg_graph *ops, eg_id *ids)
{
    size_t n = expr->variables;
    eg_id *gradient = ids, *tangents = ids + n, *results = ids + 2 * n;
    eg_id value = eg_lower(ops, &expr->graph, expr->root);
    results[0] = eg_op_result(ops, 0, value, value);
    eg_status status = eg_tape_build(&expr->value, ops, results, 1, n, n);
    if (status == EG_OK)
        status = eg_reverse_mode(ops, value, gradient, n);
    for (uint32_t i = 0; status == EG_OK && i < n; i++)
        results[1 + i] = eg_op_result(ops, 1 + i, gradient[i], value);
    if (status == EG_OK)
        status = eg_tape_build(&expr->gradient, ops, results, 1 + n, n, n);
    if (status == EG_OK)
        status = eg_forward_mode(ops, gradient, tangents, n, n);
    for (uint32_t i = 0; status == EG_OK && i < n; i++)
        results[1 + i] = eg_op_result(ops, 1 + i, tangents[i], value);
    if (status == EG_OK)
        status = eg_tape_build(&expr->tangent, ops, results, 1 + n, 2 * n, n);
    return status;
}

static eg_status build_all_tapes(eg_expr *expr, eg_error *error)
{
    eg_graph ops;
    eg_id ids[3 * EG_EXPR_VARIABLES + 1];
    eg_graph_init(&ops, expr->ctx, error);
    eg_status status = build_tapes(expr, &ops, ids);
    eg_graph_free(&ops);
    return status;
}

static eg_status count_nodes(eg_expr *expr, eg_error *error)
{
    bool *live = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *live, error);
    if (!live)
        return eg_failed(error);
    eg_mark_live(&expr->graph, expr->root, live);
    for (eg_id id = 0; id <= expr->root; id++)
        expr->size += live[id];
    eg_free(live);
    return EG_OK;
}

/* Makes the typed graph a copy of the simplified one, for an expression that nobody typed. */
static eg_status copy_to_typed(eg_expr *expr, eg_error *error)
{
    eg_id variables[EG_EXPR_VARIABLES];
    eg_id *copies = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *copies, error);
    if (!copies)
        return eg_failed(error);
    for (uint32_t i = 0; i < expr->variables; i++)
        variables[i] = eg_make_variable(&expr->typed, i);
    expr->typed_root = eg_rebuild(&expr->typed, &expr->graph, expr->root, variables, copies);
    eg_free(copies);
    return expr->typed.status;
}

eg_status eg_expr_compile(eg_expr **expr, eg_id root, eg_id typed_root, eg_error *error)
{
    eg_expr *compiled = *expr;
    eg_status status =
        compiled->graph.status != EG_OK ? compiled->graph.status : compiled->typed.status;
    compiled->root = root;
    compiled->typed_root = typed_root;
    if (status == EG_OK && compiled->graph.nodes[root].depth > MAX_GRAPH_DEPTH)
        status =
            eg_fail(error, EG_LIMIT_EXCEEDED,
                    "the expression nests more than %d operations; simplify it", MAX_GRAPH_DEPTH);
    if (status == EG_OK && typed_root == EG_NONE)
        status = copy_to_typed(compiled, error);
    if (status == EG_OK)
        status = count_nodes(compiled, error);
    if (status == EG_OK)
        status = build_all_tapes(compiled, error);
    compiled->graph.error = compiled->typed.error = NULL;
    if (status != EG_OK) {
        eg_expr_free(compiled);
        *expr = NULL;
    }
    return status;
}

void eg_expr_free(eg_expr *expr)
{
    if (!expr)
        return;
    eg_graph_free(&expr->graph);
    eg_graph_free(&expr->typed);
    eg_tape_free(&expr->value);
    eg_tape_free(&expr->gradient);
    eg_tape_free(&expr->tangent);
    for (size_t i = 0; i < expr->variables; i++)
        eg_free(expr->names[i]);
    eg_free(expr);
}

size_t eg_expr_variables(const eg_expr *expr)
{
    return expr->variables;
}

const char *eg_expr_name(const eg_expr *expr, size_t variable)
{
    return variable < expr->variables ? expr->names[variable] : NULL;
}

const char *eg_expr_function(size_t index)
{
    return index < EG_FUNCTION_NAMES ? eg_function_at((int)index)->name : NULL;
}

const char *eg_expr_function_help(size_t index)
{
    return index < EG_FUNCTION_NAMES ? eg_function_at((int)index)->help : NULL;
}

bool eg_expr_is_equation(const eg_expr *expr)
{
    return expr->equation;
}

size_t eg_expr_size(const eg_expr *expr)
{
    return expr->size;
}
