/* SPDX-License-Identifier: MIT */
/* Lowering of a graph as typed: converts it to operations without any rounding or rearrangement. */
#include <math.h>
#include <string.h>

#include "expr/eval/lowering.h"

static eg_id lower_number(const eg_lowering *l, const eg_node *node)
{
    const char *literal = eg_literal(l->graph, node);
    if (literal)
        return eg_make_literal(l->ops, literal, strlen(literal), node->number.num);
    return eg_make_number(l->ops, node->number);
}

/* Returns true if the node is an exact number without a denominator, and sets *value to it. */
static bool is_exact_double(const eg_graph *graph, eg_id id, double *value)
{
    const eg_node *node = &graph->nodes[id];
    *value = node->number.num;
    return node->kind == EG_NUMBER && !node->index && node->number.den == 1;
}

/* Returns base^exponent without its sign if the exponent is a small integer or a small half, so
 * that the power has a derivative by the base that needs no logarithm; else EG_NONE. */
static eg_id lower_simple_power(const eg_lowering *l, eg_id base, double exponent)
{
    double e = fabs(exponent), integer = floor(e);
    if (e == 0)
        return eg_op_number(l->ops, 1, false);
    if (e == integer && e <= EG_MAX_POWI)
        return eg_op_powi(l->ops, base, (unsigned)e);
    if (e == integer + 0.5 && e < EG_MAX_POWI)
        return eg_op_powh(l->ops, base, (unsigned)integer);
    return EG_NONE;
}

static eg_id lower_power(const eg_lowering *l, const eg_id *args)
{
    double exponent;
    eg_id base = l->lowered[args[0]], power = EG_NONE;
    if (is_exact_double(l->graph, args[1], &exponent))
        power = lower_simple_power(l, base, exponent);
    if (power == EG_NONE)
        return eg_op2(l->ops, EG_POWER, base, l->lowered[args[1]]);
    return exponent < 0 ? eg_op2(l->ops, EG_OP_DIV, eg_op_number(l->ops, 1, false), power) : power;
}

/* Returns the denominator of a factor of the form a^-n, EG_NONE for other factors. */
static eg_id lower_denominator(const eg_lowering *l, eg_id id)
{
    double exponent;
    const eg_id *args = eg_args(l->graph, id);
    if (l->graph->nodes[id].kind != EG_POWER || !is_exact_double(l->graph, args[1], &exponent) ||
        exponent >= 0)
        return EG_NONE;
    return lower_simple_power(l, l->lowered[args[0]], exponent);
}

static eg_id lower_product(const eg_lowering *l, const eg_node *node, const eg_id *args)
{
    eg_id product = l->lowered[args[0]];
    for (uint32_t i = 1; i < node->count; i++) {
        eg_id denominator = lower_denominator(l, args[i]);
        product = denominator == EG_NONE ? eg_op2(l->ops, EG_OP_MUL, product, l->lowered[args[i]])
                                         : eg_op2(l->ops, EG_OP_DIV, product, denominator);
    }
    return product;
}

static eg_id lower_sum(const eg_lowering *l, const eg_node *node, const eg_id *args)
{
    eg_id sum = l->lowered[args[0]];
    for (uint32_t i = 1; i < node->count; i++)
        sum = eg_op2(l->ops, EG_OP_ADD, sum, l->lowered[args[i]]);
    return sum;
}

/* Lowers a call. Comparisons look at the sign of a difference; mod and round are made of floor,
 * which decides on which side of an integer its argument is. */
static eg_id lower_call(const eg_lowering *l, const eg_node *node, const eg_id *ids)
{
    eg_graph *ops = l->ops;
    eg_function_id f = (eg_function_id)(node->kind - EG_CALL);
    eg_id args[3] = {EG_NONE, EG_NONE, EG_NONE};
    for (uint32_t i = 0; i < node->count; i++)
        args[i] = l->lowered[ids[i]];
    switch (f) {
    case EG_F_LESS:
    case EG_F_EQUAL:
        return eg_op2(ops, EG_CALL + f, eg_op2(ops, EG_OP_SUB, args[0], args[1]),
                      eg_op_number(ops, 0, false));
    case EG_F_MOD: {
        eg_id quotient = eg_op2(ops, EG_OP_DIV, args[0], args[1]);
        eg_id whole = eg_op1(ops, EG_CALL + EG_F_FLOOR, quotient);
        return eg_op2(ops, EG_OP_SUB, args[0], eg_op2(ops, EG_OP_MUL, args[1], whole));
    }
    case EG_F_ROUND: { /* halves away from 0 */
        eg_id size = eg_op1(ops, EG_CALL + EG_F_ABS, args[0]);
        eg_id shifted = eg_op2(ops, EG_OP_ADD, size, eg_op_number(ops, 0.5, false));
        return eg_op2(ops, EG_OP_MUL, eg_op1(ops, EG_CALL + EG_F_SIGN, args[0]),
                      eg_op1(ops, EG_CALL + EG_F_FLOOR, shifted));
    }
    default:
        return eg_lower_call(ops, f, args);
    }
}

static eg_id lower_node(const eg_lowering *l, eg_id id)
{
    const eg_node *node = &l->graph->nodes[id];
    const eg_id *args = eg_args(l->graph, id);
    switch (node->kind) {
    case EG_NUMBER:
        return lower_number(l, node);
    case EG_CONSTANT:
        return eg_make_constant(l->ops, node->index);
    case EG_VARIABLE:
        return eg_make_variable(l->ops, node->index);
    case EG_SUM:
        return lower_sum(l, node, args);
    case EG_PRODUCT:
        return lower_product(l, node, args);
    case EG_POWER:
        return lower_power(l, args);
    default:
        return lower_call(l, node, args);
    }
}

eg_id eg_lower_typed(eg_graph *ops, const eg_graph *graph, eg_id root)
{
    return eg_lower_nodes(ops, graph, root, lower_node);
}
