/* SPDX-License-Identifier: MIT */
/* Making, freeing and asking an expression. */
#include "expr/expr.h"

#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/rebuild.h"

enum { MAX_DEPTH = 4 * EG_EXPR_DEPTH };

eg_expr *eg_expr_begin(eg_context *ctx, const eg_name_list *names, eg_error *error)
{
    eg_expr *expr = eg_calloc(ctx, 1, sizeof *expr, error);
    if (!expr)
        return NULL;
    expr->ctx = ctx;
    eg_graph_begin(&expr->graph, ctx, error);
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

static eg_status make_tapes(eg_expr *expr, eg_graph *ops, eg_id *ids)
{
    size_t n = expr->variables;
    eg_id *gradient = ids, *tangents = ids + n, *results = ids + 2 * n;
    eg_id value = eg_lower(ops, &expr->graph, expr->root);
    results[0] = eg_op_result(ops, 0, value, value);
    eg_status status = eg_tape_make(&expr->value, ops, results, 1, n, n);
    if (status == EG_OK)
        status = eg_reverse(ops, value, gradient, n);
    for (uint32_t i = 0; status == EG_OK && i < n; i++)
        results[1 + i] = eg_op_result(ops, 1 + i, gradient[i], value);
    if (status == EG_OK)
        status = eg_tape_make(&expr->gradient, ops, results, 1 + n, n, n);
    if (status == EG_OK)
        status = eg_forward(ops, gradient, tangents, n, n);
    for (uint32_t i = 0; status == EG_OK && i < n; i++)
        results[1 + i] = eg_op_result(ops, 1 + i, tangents[i], value);
    if (status == EG_OK)
        status = eg_tape_make(&expr->tangent, ops, results, 1 + n, 2 * n, n);
    return status;
}

static eg_status compile(eg_expr *expr, eg_error *error)
{
    eg_graph ops;
    eg_id ids[3 * EG_EXPR_VARIABLES + 1];
    eg_graph_begin(&ops, expr->ctx, error);
    eg_status status = make_tapes(expr, &ops, ids);
    eg_graph_end(&ops);
    return status;
}

static eg_status count_nodes(eg_expr *expr, eg_error *error)
{
    bool *needed = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *needed, error);
    if (!needed)
        return eg_failed(error);
    eg_mark_live(&expr->graph, expr->root, needed);
    for (eg_id id = 0; id <= expr->root; id++)
        expr->size += needed[id];
    eg_free(needed);
    return EG_OK;
}

eg_status eg_expr_finish(eg_expr **expr, eg_id root, eg_error *error)
{
    eg_expr *made = *expr;
    eg_status status = made->graph.status;
    made->root = root;
    if (status == EG_OK && made->graph.nodes[root].depth > MAX_DEPTH)
        status = eg_fail(error, EG_LIMIT_EXCEEDED, "the expression nests more than %d operations",
                         MAX_DEPTH);
    if (status == EG_OK)
        status = count_nodes(made, error);
    if (status == EG_OK)
        status = compile(made, error);
    made->graph.error = NULL;
    if (status != EG_OK) {
        eg_expr_free(made);
        *expr = NULL;
    }
    return status;
}

void eg_expr_free(eg_expr *expr)
{
    if (!expr)
        return;
    eg_graph_end(&expr->graph);
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
    return index < EG_FUNCTION_NAMES ? eg_function_of((int)index)->name : NULL;
}

const char *eg_expr_function_help(size_t index)
{
    return index < EG_FUNCTION_NAMES ? eg_function_of((int)index)->help : NULL;
}

size_t eg_expr_size(const eg_expr *expr)
{
    return expr->size;
}
