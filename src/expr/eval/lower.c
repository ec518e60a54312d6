/* SPDX-License-Identifier: MIT */
/* Lowering: converts the simplified graph to operations that can be computed. */
#include <math.h>

#include "core/context.h"
#include "expr/eval/lowering.h"
#include "expr/graph/rebuild.h"

static eg_id lower_number(const eg_lowering *l, eg_rational n)
{
    eg_id numerator = eg_op_number(l->ops, n.num, !eg_rational_is_exact((eg_rational){n.num, 1}));
    return eg_op2(l->ops, EG_OP_DIV, numerator, eg_op_number(l->ops, n.den, false));
}

/* Returns base^exponent for a positive exponent. Small integers and halves become products and
 * roots. */
static eg_id lower_power(const eg_lowering *l, eg_id base, eg_rational exponent)
{
    double e = eg_rational_value(exponent), integer = floor(e);
    if (e == integer && e <= EG_MAX_POWI)
        return eg_op_powi(l->ops, base, (unsigned)e);
    if (e == integer + 0.5 && e < 8)
        return eg_op_powh(l->ops, base, (unsigned)integer);
    return eg_op2(l->ops, EG_POWER, base, lower_number(l, exponent));
}

/* Multiplies a factor into the numerator, or the denominator if its exponent is negative. */
static void multiply_factor(const eg_lowering *l, eg_id id, eg_id *numerator, eg_id *denominator)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    eg_id *side = numerator, factor = l->lowered[id];
    if (node->kind == EG_POWER && eg_is_number(l->graph, args[1])) {
        eg_rational exponent = l->graph->nodes[args[1]].number;
        if (exponent.num < 0)
            side = denominator;
        exponent.num = fabs(exponent.num);
        factor = lower_power(l, l->lowered[args[0]], exponent);
    }
    *side = *side == EG_NONE ? factor : eg_op2(l->ops, EG_OP_MUL, *side, factor);
}

/* Returns the product or power without the sign of its coefficient. */
static eg_id lower_unsigned_product(const eg_lowering *l, eg_id id, const eg_id *factors,
                                    uint32_t count)
{
    eg_rational c = eg_coefficient(l->graph, id);
    int exponent;
    if (frexp(c.den, &exponent) == 0.5)
        c = (eg_rational){c.num / c.den, 1};
    eg_id numerator = EG_NONE, denominator = EG_NONE;
    if (fabs(c.num) != 1)
        numerator = lower_number(l, (eg_rational){fabs(c.num), 1});
    if (c.den != 1)
        denominator = lower_number(l, (eg_rational){c.den, 1});
    for (uint32_t i = 0; i < count; i++)
        if (!eg_is_number(l->graph, factors[i]) || i > 0)
            multiply_factor(l, factors[i], &numerator, &denominator);
    if (numerator == EG_NONE)
        numerator = eg_op_number(l->ops, 1, false);
    return denominator == EG_NONE ? numerator : eg_op2(l->ops, EG_OP_DIV, numerator, denominator);
}

static eg_id lower_product(const eg_lowering *l, eg_id id)
{
    eg_id result = lower_unsigned_product(l, id, eg_args(l->graph, id), l->graph->nodes[id].count);
    return eg_coefficient(l->graph, id).num < 0 ? eg_op1(l->ops, EG_OP_NEG, result) : result;
}

/* Adds the terms from left to right, in the order typed. */
static eg_id lower_sum(const eg_lowering *l, eg_id id)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    eg_id result = l->lowered[args[0]];
    for (uint32_t i = 1; i < node->count; i++) {
        bool minus = eg_coefficient(l->graph, args[i]).num < 0;
        eg_id term = l->lowered[args[i]];
        result = eg_op2(l->ops, minus ? EG_OP_SUB : EG_OP_ADD, result,
                        minus ? eg_op1(l->ops, EG_OP_NEG, term) : term);
    }
    return result;
}

/* Returns if(c, a, b) as WHEN(c, a) + WHEN(not c, b). A branch that is 0 by its form is left out.
 */
static eg_id lower_if(eg_graph *ops, const eg_id args[])
{
    eg_id first = eg_op2(ops, EG_OP_WHEN, args[0], args[1]);
    eg_id second = eg_op2(ops, EG_OP_WHEN, eg_op_not(ops, args[0]), args[2]);
    if (eg_op_is_zero(ops, args[2]))
        return first;
    return eg_op_is_zero(ops, args[1]) ? second : eg_op2(ops, EG_OP_ADD, first, second);
}

/* Lowers a call. a or b is not(not a and not b); trunc(a) is sign(a) floor(|a|). */
eg_id eg_lower_call(eg_graph *ops, eg_function_id f, const eg_id args[])
{
    eg_id a = args[0];
    switch (f) {
    case EG_F_IF:
        return lower_if(ops, args);
    case EG_F_NOT:
        return eg_op_not(ops, a);
    case EG_F_OR:
        return eg_op_not(
            ops, eg_op2(ops, EG_CALL + EG_F_AND, eg_op_not(ops, a), eg_op_not(ops, args[1])));
    case EG_F_TRUNC:
        return eg_op2(ops, EG_OP_MUL, eg_op1(ops, EG_CALL + EG_F_SIGN, a),
                      eg_op1(ops, EG_CALL + EG_F_FLOOR, eg_op1(ops, EG_CALL + EG_F_ABS, a)));
    case EG_F_POLYGAMMA:
        return eg_op_ordered(ops, f, (unsigned)ops->nodes[a].number.num, args[1]);
    default:
        return eg_functions[f].arguments == 1 ? eg_op1(ops, EG_CALL + f, a)
                                              : eg_op2(ops, EG_CALL + f, a, args[1]);
    }
}

static eg_id lower_call(const eg_lowering *l, eg_id id, const eg_id *args)
{
    const eg_node *node = &l->graph->nodes[id];
    eg_id lowered[3] = {EG_NONE, EG_NONE, EG_NONE};
    for (uint32_t i = 0; i < node->count; i++) {
        lowered[i] = l->lowered[args[i]];
        if (lowered[i] == EG_NONE)
            return EG_NONE;
    }
    return eg_lower_call(l->ops, (eg_function_id)(node->kind - EG_CALL), lowered);
}

static eg_id lower_node(const eg_lowering *l, eg_id id)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    switch (node->kind) {
    case EG_NUMBER:
        return lower_number(l, node->number);
    case EG_CONSTANT:
        if (eg_constant_literal(l->graph, node))
            return eg_op_number(l->ops, node->number.num, true);
        return eg_op_number(l->ops, eg_constant_values[node->index], true);
    case EG_VARIABLE:
        return eg_graph_intern(l->ops, (eg_node){.kind = EG_VARIABLE, .index = node->index}, NULL);
    case EG_SUM:
        return lower_sum(l, id);
    case EG_PRODUCT:
        return lower_product(l, id);
    case EG_POWER:
        if (eg_is_number(l->graph, args[1]))
            return lower_unsigned_product(l, id, &id, 1);
        return eg_op2(l->ops, EG_POWER, l->lowered[args[0]], l->lowered[args[1]]);
    default:
        return lower_call(l, id, args);
    }
}

eg_id eg_lower_nodes(eg_graph *ops, const eg_graph *graph, eg_id root, eg_lower_node *lower)
{
    size_t count = (size_t)root + 1;
    eg_id *lowered = eg_alloc(ops->ctx, count, sizeof *lowered + sizeof(bool), ops->error);
    if (!lowered)
        return eg_graph_fail(ops, eg_failed(ops->error));
    bool *live = (bool *)(lowered + count);
    eg_lowering l = {graph, ops, lowered};
    eg_mark_live(graph, root, live);
    for (eg_id id = 0; id <= root && ops->status == EG_OK; id++)
        lowered[id] = live[id] ? lower(&l, id) : EG_NONE;
    eg_id result = ops->status == EG_OK ? lowered[root] : EG_NONE;
    eg_free(lowered);
    return result;
}

eg_id eg_lower(eg_graph *ops, const eg_graph *graph, eg_id root)
{
    return eg_lower_nodes(ops, graph, root, lower_node);
}
