/* SPDX-License-Identifier: MIT */
/* Copies nodes into another graph. */
#include "expr/graph/rebuild.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

void eg_mark_live(const eg_graph *graph, eg_id root, bool live[])
{
    for (size_t id = 0; id < root; id++)
        live[id] = false;
    live[root] = true;
    for (eg_id id = root + 1; id-- > 0;)
        for (uint32_t i = 0; live[id] && i < graph->nodes[id].count; i++)
            live[eg_args(graph, id)[i]] = true;
}

static eg_id rebuild_number(eg_graph *graph, const eg_graph *from, const eg_node *node)
{
    const char *literal = from->as_typed ? eg_literal(from, node) : NULL;
    char text[EG_DECIMAL_TEXT];
    if (graph->as_typed && !from->as_typed && node->number.den == 1 &&
        !eg_rational_is_exact(node->number)) {
        eg_rational_print(text, fabs(node->number.num));
        eg_id number = eg_make_literal(graph, text, strlen(text), fabs(node->number.num));
        return node->number.num < 0 ? eg_negate(graph, number) : number;
    }
    return literal ? eg_make_literal(graph, literal, strlen(literal), node->number.num)
                   : eg_make_number(graph, node->number);
}

eg_id eg_copy_constant_node(eg_graph *graph, const eg_graph *from, const eg_node *node)
{
    const char *literal = eg_constant_literal(from, node);
    return literal ? eg_make_literal(graph, literal, strlen(literal), node->number.num)
                   : eg_make_constant(graph, node->index);
}

static eg_id rebuild_node(eg_graph *graph, const eg_graph *from, const eg_node *node,
                          const eg_id variables[], const eg_id *args)
{
    switch (node->kind) {
    case EG_NUMBER:
        return rebuild_number(graph, from, node);
    case EG_CONSTANT:
        return eg_copy_constant_node(graph, from, node);
    case EG_VARIABLE: /* NULL: the expression has none */
        return variables ? variables[node->index] : eg_graph_fail(graph, EG_USAGE);
    case EG_SUM:
        return eg_make_sum(graph, args, node->count);
    case EG_PRODUCT:
        return eg_make_product(graph, args, node->count);
    case EG_POWER:
        return eg_make_power(graph, args[0], args[1]);
    default:
        return eg_make_call(graph, (eg_function_id)(node->kind - EG_CALL), args);
    }
}

eg_id eg_rebuild(eg_graph *graph, const eg_graph *from, eg_id root, const eg_id variables[],
                 eg_id copies[])
{
    size_t count = (size_t)root + 1;
    size_t max_args = 1;
    for (size_t id = 0; id < count; id++)
        max_args = from->nodes[id].count > max_args ? from->nodes[id].count : max_args;
    bool *live = eg_alloc(graph->ctx, count, sizeof *live, graph->error);
    eg_id *args = eg_alloc(graph->ctx, max_args, sizeof *args, graph->error);
    if (live && args) {
        eg_mark_live(from, root, live);
        for (eg_id id = 0; id <= root; id++) {
            const eg_node *node = &from->nodes[id];
            for (uint32_t i = 0; live[id] && i < node->count; i++)
                args[i] = copies[eg_args(from, id)[i]];
            copies[id] = live[id] ? rebuild_node(graph, from, node, variables, args) : EG_NONE;
        }
    } else {
        eg_graph_fail(graph, eg_failed(graph->error));
    }
    eg_free(live);
    eg_free(args);
    return graph->status == EG_OK ? copies[root] : EG_NONE;
}

eg_id eg_copy_constant(eg_graph *graph, const eg_graph *from, eg_id root)
{
    eg_id *copies = eg_alloc(graph->ctx, (size_t)root + 1, sizeof *copies, graph->error);
    if (!copies)
        return eg_graph_fail(graph, eg_failed(graph->error));
    eg_id copy = eg_rebuild(graph, from, root, NULL, copies);
    eg_free(copies);
    return copy;
}
