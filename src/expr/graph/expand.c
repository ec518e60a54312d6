/* SPDX-License-Identifier: MIT */
/* Expansion of products and powers of sums. */
#include "expr/graph/expand.h"

#include "expr/graph/rebuild.h"

enum { MAX_POWER = 6 }; /* higher powers of sums are left as they are */

bool eg_list_terms(const eg_graph *g, eg_id id, eg_sum_terms *list)
{
    bool sum = g->nodes[id].kind == EG_SUM;
    list->count = sum ? g->nodes[id].count : 1;
    if (list->count > EG_SUM_TERMS)
        return false;
    for (size_t i = 0; i < list->count; i++)
        list->ids[i] = sum ? eg_args(g, id)[i] : id;
    return true;
}

/* Returns a * b with each term of one multiplied by each of the other. */
static eg_id multiply_expanded(eg_graph *g, eg_id a, eg_id b)
{
    eg_sum_terms left, right, all = {.count = 0};
    if (a == EG_NONE || b == EG_NONE)
        return EG_NONE;
    if (!eg_list_terms(g, a, &left) || !eg_list_terms(g, b, &right) ||
        left.count * right.count > EG_SUM_TERMS)
        return eg_multiply(g, a, b);
    for (size_t i = 0; i < left.count; i++)
        for (size_t k = 0; k < right.count; k++)
            all.ids[all.count++] = eg_multiply(g, left.ids[i], right.ids[k]);
    return eg_make_sum(g, all.ids, all.count);
}

static eg_id expand_power(eg_graph *g, eg_id base, eg_id exponent)
{
    if (base == EG_NONE || exponent == EG_NONE)
        return EG_NONE;
    eg_rational power = g->nodes[exponent].number;
    if (g->nodes[base].kind != EG_SUM || !eg_is_number(g, exponent) ||
        !eg_rational_is_integer(power) || power.num < 2 || power.num > MAX_POWER)
        return eg_make_power(g, base, exponent);
    eg_id result = base;
    for (int i = 1; i < (int)power.num; i++)
        result = multiply_expanded(g, result, base);
    return result;
}

static eg_id expand_node(eg_graph *g, const eg_graph *from, const eg_node *node, const eg_id *args)
{
    eg_id result;
    switch (node->kind) {
    case EG_NUMBER:
        return eg_make_number(g, node->number);
    case EG_CONSTANT:
        return eg_copy_constant_node(g, from, node);
    case EG_VARIABLE:
        return eg_make_variable(g, node->index);
    case EG_SUM:
        return eg_make_sum(g, args, node->count);
    case EG_PRODUCT:
        result = args[0];
        for (uint32_t i = 1; i < node->count; i++)
            result = multiply_expanded(g, result, args[i]);
        return result;
    case EG_POWER:
        return expand_power(g, args[0], args[1]);
    default:
        return eg_make_call(g, (eg_function_id)(node->kind - EG_CALL), args);
    }
}

bool eg_can_expand(const eg_graph *from, eg_id root)
{
    bool small = root < EG_EXPAND_NODES;
    for (eg_id id = 0; small && id <= root; id++)
        small = from->nodes[id].count <= EG_EXPAND_NODES;
    return small;
}

eg_id eg_expand(eg_graph *g, const eg_graph *from, eg_id root)
{
    eg_id copies[EG_EXPAND_NODES] = {0}, args[EG_EXPAND_NODES] = {0};
    for (eg_id id = 0; id <= root; id++) {
        const eg_node *node = &from->nodes[id];
        for (uint32_t i = 0; i < node->count; i++)
            args[i] = copies[eg_args(from, id)[i]];
        copies[id] = expand_node(g, from, node, args);
    }
    return copies[root];
}
