/* SPDX-License-Identifier: MIT */
/* From the graph that is read to the operations that are computed. */
#include <math.h>

#include "core/context.h"
#include "expr/eval/ops.h"
#include "expr/graph/rebuild.h"

typedef struct lowering {
    const eg_graph *graph;
    eg_graph *ops;
    const eg_id *done; /* the operations of nodes */
} lowering;

static eg_id number(const lowering *l, eg_rational n)
{
    eg_id numerator = eg_op_number(l->ops, n.num, !eg_rational_is_exact((eg_rational){n.num, 1}));
    return eg_op2(l->ops, EG_OP_DIV, numerator, eg_op_number(l->ops, n.den, false));
}

/* base^exponent for a positive exponent. Small integers and halves go by products and roots. */
static eg_id power(const lowering *l, eg_id base, eg_rational exponent)
{
    double e = eg_rational_value(exponent), whole = floor(e);
    if (e == whole && e <= EG_MAX_POWI)
        return eg_op_powi(l->ops, base, (unsigned)e);
    if (e == whole + 0.5 && e < 8)
        return eg_op_powh(l->ops, base, (unsigned)whole);
    return eg_op2(l->ops, EG_POWER, base, number(l, exponent));
}

/* Takes a factor into the numerator, or with its negative exponent into the denominator. */
static void take_factor(const lowering *l, eg_id id, eg_id *numerator, eg_id *denominator)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    eg_id *side = numerator, factor = l->done[id];
    if (node->kind == EG_POWER && eg_is_number(l->graph, args[1])) {
        eg_rational exponent = l->graph->nodes[args[1]].number;
        if (exponent.num < 0)
            side = denominator;
        exponent.num = fabs(exponent.num);
        factor = power(l, l->done[args[0]], exponent);
    }
    *side = *side == EG_NONE ? factor : eg_op2(l->ops, EG_OP_MUL, *side, factor);
}

/* A product or power but for its coefficient's sign, which is left to the caller. */
static eg_id magnitude(const lowering *l, eg_id id, const eg_id *factors, uint32_t count)
{
    eg_rational c = eg_coefficient(l->graph, id);
    int exponent;
    if (frexp(c.den, &exponent) == 0.5)
        c = (eg_rational){c.num / c.den, 1};
    eg_id numerator = EG_NONE, denominator = EG_NONE;
    if (fabs(c.num) != 1)
        numerator = number(l, (eg_rational){fabs(c.num), 1});
    if (c.den != 1)
        denominator = number(l, (eg_rational){c.den, 1});
    for (uint32_t i = 0; i < count; i++)
        if (!eg_is_number(l->graph, factors[i]) || i > 0)
            take_factor(l, factors[i], &numerator, &denominator);
    if (numerator == EG_NONE)
        numerator = eg_op_number(l->ops, 1, false);
    return denominator == EG_NONE ? numerator : eg_op2(l->ops, EG_OP_DIV, numerator, denominator);
}

static eg_id product(const lowering *l, eg_id id)
{
    eg_id made = magnitude(l, id, eg_args(l->graph, id), l->graph->nodes[id].count);
    return eg_coefficient(l->graph, id).num < 0 ? eg_op1(l->ops, EG_OP_NEG, made) : made;
}

/* From left to right, as typed. */
static eg_id sum(const lowering *l, eg_id id)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    eg_id made = l->done[args[0]];
    for (uint32_t i = 1; i < node->count; i++) {
        bool minus = eg_coefficient(l->graph, args[i]).num < 0;
        eg_id term = l->done[args[i]];
        made = eg_op2(l->ops, minus ? EG_OP_SUB : EG_OP_ADD, made,
                      minus ? eg_op1(l->ops, EG_OP_NEG, term) : term);
    }
    return made;
}

static eg_id lower(const lowering *l, eg_id id)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    switch (node->kind) {
    case EG_NUMBER:
        return number(l, node->number);
    case EG_CONSTANT:
        return eg_op_number(l->ops, eg_constant_values[node->index], true);
    case EG_VARIABLE:
        return eg_graph_node(l->ops, (eg_node){.kind = EG_VARIABLE, .index = node->index}, NULL);
    case EG_SUM:
        return sum(l, id);
    case EG_PRODUCT:
        return product(l, id);
    case EG_POWER:
        if (eg_is_number(l->graph, args[1]))
            return magnitude(l, id, &id, 1);
        return eg_op2(l->ops, EG_POWER, l->done[args[0]], l->done[args[1]]);
    default:
        return node->count == 1 ? eg_op1(l->ops, node->kind, l->done[args[0]])
                                : eg_op2(l->ops, node->kind, l->done[args[0]], l->done[args[1]]);
    }
}

eg_id eg_lower(eg_graph *ops, const eg_graph *graph, eg_id root)
{
    size_t count = (size_t)root + 1;
    eg_id *done = eg_alloc(ops->ctx, count, sizeof *done + sizeof(bool), ops->error);
    if (!done)
        return eg_graph_fail(ops, eg_failed(ops->error));
    bool *needed = (bool *)(done + count);
    lowering l = {graph, ops, done};
    eg_mark_live(graph, root, needed);
    for (eg_id id = 0; id <= root && ops->status == EG_OK; id++)
        done[id] = needed[id] ? lower(&l, id) : EG_NONE;
    eg_id made = ops->status == EG_OK ? done[root] : EG_NONE;
    eg_free(done);
    return made;
}
