/* SPDX-License-Identifier: MIT */
/* Signs of nodes, and their canonical order. */
#include "expr/graph/sign.h"

#include <math.h>

enum {
    MAX_VISITS = 256
}; /* number of nodes that are looked at; beyond them any sign is possible */

static eg_sign sign_at(const eg_graph *graph, eg_id id, int *visits);

/* Returns the sign of a sum or product of nodes that are not negative. */
static eg_sign sign_of_all(const eg_graph *graph, eg_id id, bool sum, int *visits)
{
    eg_sign least = EG_POSITIVE, most = EG_NOT_NEGATIVE;
    for (uint32_t i = 0; i < graph->nodes[id].count; i++) {
        eg_sign sign = sign_at(graph, eg_args(graph, id)[i], visits);
        if (sign == EG_ANY_SIGN)
            return sign;
        least = sign < least ? sign : least;
        most = sign > most ? sign : most;
    }
    return sum ? most : least;
}

static eg_sign sign_of_power(const eg_graph *graph, eg_id id, int *visits)
{
    const eg_node *exponent = &graph->nodes[eg_args(graph, id)[1]];
    eg_sign base = sign_at(graph, eg_args(graph, id)[0], visits);
    if (base == EG_POSITIVE || exponent->kind != EG_NUMBER)
        return base;
    bool even = eg_rational_is_integer(exponent->number) && fmod(exponent->number.num, 2) == 0;
    if (!even && base == EG_ANY_SIGN)
        return EG_ANY_SIGN;
    return exponent->number.num < 0 ? EG_POSITIVE : EG_NOT_NEGATIVE;
}

static eg_sign sign_of_call(const eg_graph *graph, eg_id id, int *visits)
{
    const eg_id *args = eg_args(graph, id);
    eg_sign yes, no;
    switch (graph->nodes[id].kind - EG_CALL) {
    case EG_F_EXP:
    case EG_F_COSH:
    case EG_F_ERFC:
        return EG_POSITIVE;
    case EG_F_ABS:
    case EG_F_SQRT:
        return sign_at(graph, args[0], visits) == EG_POSITIVE ? EG_POSITIVE : EG_NOT_NEGATIVE;
    case EG_F_ACOS:
    case EG_F_ACOSH:
    case EG_F_HYPOT:
    case EG_F_LESS:
    case EG_F_EQUAL:
    case EG_F_AND:
    case EG_F_OR:
    case EG_F_NOT:
        return EG_NOT_NEGATIVE;
    case EG_F_IF:
        yes = sign_at(graph, args[1], visits);
        no = sign_at(graph, args[2], visits);
        return yes < no ? yes : no;
    default:
        return EG_ANY_SIGN;
    }
}

static eg_sign sign_at(const eg_graph *graph, eg_id id, int *visits)
{
    const eg_node *node = &graph->nodes[id];
    if (--*visits < 0)
        return EG_ANY_SIGN;
    switch (node->kind) {
    case EG_NUMBER:
        return node->number.num > 0    ? EG_POSITIVE
               : node->number.num == 0 ? EG_NOT_NEGATIVE
                                       : EG_ANY_SIGN;
    case EG_CONSTANT:
        return EG_POSITIVE;
    case EG_VARIABLE:
        return EG_ANY_SIGN;
    case EG_SUM:
    case EG_PRODUCT:
        return sign_of_all(graph, id, node->kind == EG_SUM, visits);
    case EG_POWER:
        return sign_of_power(graph, id, visits);
    default:
        return sign_of_call(graph, id, visits);
    }
}

eg_sign eg_sign_of(const eg_graph *graph, eg_id id)
{
    int visits = MAX_VISITS;
    return sign_at(graph, id, &visits);
}

int eg_compare_nodes(const eg_graph *graph, eg_id a, eg_id b)
{
    while (a != b) {
        const eg_node *m = &graph->nodes[a], *n = &graph->nodes[b];
        if (m->kind != n->kind)
            return m->kind < n->kind ? -1 : 1;
        if (m->index != n->index)
            return m->index < n->index ? -1 : 1;
        if (m->number.num != n->number.num)
            return m->number.num < n->number.num ? -1 : 1;
        if (m->number.den != n->number.den)
            return m->number.den < n->number.den ? -1 : 1;
        if (m->count != n->count)
            return m->count < n->count ? -1 : 1;
        const eg_id *p = eg_args(graph, a), *q = eg_args(graph, b);
        while (*p == *q)
            p++, q++;
        a = *p;
        b = *q;
    }
    return 0;
}
