/* SPDX-License-Identifier: MIT */
/* Construction of operations, without those that change nothing. */
#include "expr/eval/ops.h"

#include <math.h>
#include <stdlib.h>

eg_id eg_op_number(eg_graph *ops, double value, bool rounded)
{
    return eg_graph_intern(
        ops, (eg_node){.kind = EG_NUMBER, .index = rounded, .number = {value == 0 ? 0 : value, 1}},
        NULL);
}

static bool is_value(const eg_graph *ops, eg_id id, double value)
{
    const eg_node *node = &ops->nodes[id];
    return node->kind == EG_NUMBER && !node->index && eg_rational_is(node->number, value);
}

bool eg_op_is_zero(const eg_graph *ops, eg_id id)
{
    return id != EG_NONE && is_value(ops, id, 0);
}

static eg_id make1(eg_graph *ops, unsigned op, eg_id a)
{
    return eg_graph_intern(ops, (eg_node){.kind = (uint16_t)op, .count = 1}, &a);
}

static eg_id make_negation(eg_graph *ops, eg_id a)
{
    const eg_node *node = &ops->nodes[a];
    if (node->kind == EG_NUMBER && !(ops->as_typed && node->index))
        return eg_graph_intern(ops,
                               (eg_node){.kind = EG_NUMBER,
                                         .index = node->index,
                                         .number = eg_rational_negate(node->number)},
                               NULL);
    return node->kind == EG_OP_NEG ? eg_args(ops, a)[0] : make1(ops, EG_OP_NEG, a);
}

eg_id eg_op1(eg_graph *ops, unsigned op, eg_id a)
{
    if (a == EG_NONE)
        return EG_NONE;
    return op == EG_OP_NEG ? make_negation(ops, a) : make1(ops, op, a);
}

static eg_id make2(eg_graph *ops, unsigned op, eg_id a, eg_id b)
{
    return eg_graph_intern(ops, (eg_node){.kind = (uint16_t)op, .count = 2}, (eg_id[]){a, b});
}

/* Makes a commutative operation. Its operands are sorted, so that b + a finds a + b. */
static eg_id make_commutative(eg_graph *ops, unsigned op, eg_id a, eg_id b)
{
    return a < b ? make2(ops, op, a, b) : make2(ops, op, b, a);
}

static eg_id make_sum(eg_graph *ops, eg_id a, eg_id b)
{
    if (is_value(ops, a, 0))
        return b;
    return is_value(ops, b, 0) ? a : make_commutative(ops, EG_OP_ADD, a, b);
}

static eg_id make_difference(eg_graph *ops, eg_id a, eg_id b)
{
    if (is_value(ops, b, 0))
        return a;
    return is_value(ops, a, 0) ? make_negation(ops, b) : make2(ops, EG_OP_SUB, a, b);
}

static eg_id make_product(eg_graph *ops, eg_id a, eg_id b)
{
    const eg_node *m = &ops->nodes[a], *n = &ops->nodes[b];
    if (is_value(ops, b, 1))
        return a;
    if (is_value(ops, a, 1))
        return b;
    if (is_value(ops, a, -1))
        return make_negation(ops, b);
    if (is_value(ops, b, -1))
        return make_negation(ops, a);
    if (m->kind == EG_NUMBER && n->kind == EG_NUMBER && !m->index && !n->index &&
        m->number.den == 1 && n->number.den == 1) {
        double value = m->number.num * n->number.num;
        if (isfinite(value) && fma(m->number.num, n->number.num, -value) == 0)
            return eg_op_number(ops, value, false);
    }
    return a == b ? make1(ops, EG_OP_SQUARE, a) : make_commutative(ops, EG_OP_MUL, a, b);
}

/* Divides. Division by a power of two becomes a product, which is as exact and faster. */
static eg_id make_quotient(eg_graph *ops, eg_id a, eg_id b)
{
    const eg_node *node = &ops->nodes[b];
    int exponent;
    if (is_value(ops, b, 1))
        return a;
    if (node->kind == EG_NUMBER && node->number.den == 1 && !(ops->as_typed && node->index) &&
        fabs(frexp(node->number.num, &exponent)) == 0.5 && abs(exponent) < 1000)
        return eg_op2(ops, EG_OP_MUL, a, eg_op_number(ops, 1 / node->number.num, node->index));
    return make2(ops, EG_OP_DIV, a, b);
}

eg_id eg_op2(eg_graph *ops, unsigned op, eg_id a, eg_id b)
{
    if (a == EG_NONE || b == EG_NONE)
        return EG_NONE;
    switch (op) {
    case EG_OP_ADD:
        return make_sum(ops, a, b);
    case EG_OP_SUB:
        return make_difference(ops, a, b);
    case EG_OP_MUL:
        return make_product(ops, a, b);
    case EG_OP_DIV:
        return make_quotient(ops, a, b);
    default:
        return make2(ops, op, a, b);
    }
}

eg_id eg_op_powi(eg_graph *ops, eg_id a, unsigned exponent)
{
    if (a == EG_NONE || exponent == 1)
        return a;
    if (exponent == 2)
        return eg_op1(ops, EG_OP_SQUARE, a);
    return eg_graph_intern(ops, (eg_node){.kind = EG_OP_POWI, .count = 1, .index = exponent}, &a);
}

eg_id eg_op_powh(eg_graph *ops, eg_id a, unsigned integer)
{
    if (a == EG_NONE || integer == 0)
        return eg_op1(ops, EG_CALL + EG_F_SQRT, a);
    return eg_graph_intern(ops, (eg_node){.kind = EG_OP_POWH, .count = 1, .index = integer}, &a);
}

eg_id eg_op_ordered(eg_graph *ops, eg_function_id function, unsigned order, eg_id a)
{
    eg_node node = {.kind = (uint16_t)(EG_CALL + function), .count = 1, .index = order};
    return a == EG_NONE ? EG_NONE : eg_graph_intern(ops, node, &a);
}

eg_id eg_op_not(eg_graph *ops, eg_id condition)
{
    const unsigned negation = EG_CALL + EG_F_NOT;
    if (condition != EG_NONE && ops->nodes[condition].kind == negation)
        return eg_args(ops, condition)[0];
    return eg_op1(ops, negation, condition);
}

eg_id eg_op_result(eg_graph *ops, uint32_t index, eg_id a, eg_id value)
{
    if (a == EG_NONE || value == EG_NONE)
        return EG_NONE;
    return eg_graph_intern(ops, (eg_node){.kind = EG_OP_RESULT, .count = 2, .index = index},
                           (eg_id[]){a, value});
}
