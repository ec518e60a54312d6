/* SPDX-License-Identifier: MIT */
/* Products: one number in front, powers of the same base collected, in an order of their own. */
#include <string.h>

#include "expr/simplify.h"

typedef struct factor {
    eg_id base;
    eg_number exponent;
} factor;

typedef struct factor_list {
    eg_number coefficient;
    factor factors[EG_MAX_FACTORS];
    size_t count;
} factor_list;

eg_id eg_power_node(eg_graph *graph, eg_id base, eg_number exponent)
{
    eg_id args[2] = {base, EG_NONE};
    if (eg_number_is(exponent, 1))
        return base;
    args[1] = eg_make_number(graph, exponent);
    if (args[1] == EG_NONE)
        return EG_NONE;
    return eg_graph_node(graph, (eg_node){.kind = EG_POWER, .count = 2}, args);
}

/* ---- collecting ---- */

/* x^a x^b is x^(a + b) at every x only if no pole goes (x^2/x) and no root does (x^0.5 x^0.5). */
static bool may_merge(eg_number a, eg_number b, eg_number sum)
{
    bool roots = !eg_number_is_integer(a) || !eg_number_is_integer(b);
    if (roots && eg_number_is_integer(sum))
        return false;
    return (a.num < 0) == (b.num < 0) || sum.num < 0;
}

static eg_id factor_node(eg_graph *graph, const factor *f)
{
    unsigned kind = graph->nodes[f->base].kind;
    if (kind == EG_POWER || kind == EG_NUMBER)
        return eg_make_power(graph, f->base, eg_make_number(graph, f->exponent));
    return eg_power_node(graph, f->base, f->exponent);
}

/* Where a factor stands: numerator first, then by kind, so that 2*pi*x*y*(x + 1)*exp(x) comes out. */
static uint32_t rank(const eg_graph *graph, const factor *f)
{
    const eg_node *base = &graph->nodes[f->base];
    uint32_t kind = base->kind == EG_PRODUCT ? EG_SUM : base->kind;
    return (f->exponent.num < 0 ? 1u << 30 : 0) + (kind << 20) + base->index;
}

static bool stands_before(const eg_graph *graph, const factor *a, const factor *b)
{
    uint32_t first = rank(graph, a), second = rank(graph, b);
    return first != second ? first < second : a->base < b->base;
}

static void sort(const eg_graph *graph, factor_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        factor moving = list->factors[i];
        size_t k = i;
        for (; k > 0 && stands_before(graph, &moving, &list->factors[k - 1]); k--)
            list->factors[k] = list->factors[k - 1];
        list->factors[k] = moving;
    }
}

/* The factors, without the coefficient, as one node. */
static eg_id factors_node(eg_graph *graph, factor_list *list, bool with_coefficient)
{
    eg_id args[EG_MAX_FACTORS + 1];
    uint32_t count = 0;
    sort(graph, list);
    if (with_coefficient)
        args[count++] = eg_make_number(graph, list->coefficient);
    for (size_t i = 0; i < list->count; i++)
        args[count++] = factor_node(graph, &list->factors[i]);
    if (graph->status != EG_OK)
        return EG_NONE;
    if (count == 1)
        return args[0];
    return eg_graph_node(graph, (eg_node){.kind = EG_PRODUCT, .count = count}, args);
}

static void add_factor(eg_graph *graph, factor_list *list, factor added)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_number sum;
        const factor *f = &list->factors[i];
        if (f->base != added.base || !eg_number_add(&sum, f->exponent, added.exponent) ||
            !may_merge(f->exponent, added.exponent, sum))
            continue;
        added.exponent = sum;
        list->count--;
        memmove(&list->factors[i], &list->factors[i + 1], (list->count - i) * sizeof *f);
        i = (size_t)-1; /* the merged one may merge with others */
    }
    if (list->count == EG_MAX_FACTORS) {
        list->factors[0] = (factor){factors_node(graph, list, false), eg_number_of(1)};
        list->count = 1;
    }
    list->factors[list->count++] = added;
}

static void add_node(eg_graph *graph, factor_list *list, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_NUMBER &&
        eg_number_multiply(&list->coefficient, list->coefficient, node->number))
        return;
    factor f = {id, eg_number_of(1)};
    if (node->kind == EG_POWER && eg_is_number(graph, eg_args(graph, id)[1]))
        f = (factor){eg_args(graph, id)[0], graph->nodes[eg_args(graph, id)[1]].number};
    add_factor(graph, list, f);
}

/* ---- the product ---- */

/* 0 times these factors is 0, because they always have a value. */
static bool all_total(eg_graph *graph, const factor_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_id id = factor_node(graph, &list->factors[i]);
        if (id == EG_NONE || !graph->nodes[id].total)
            return false;
    }
    return true;
}

eg_id eg_make_product(eg_graph *graph, const eg_id *ids, size_t count)
{
    factor_list list = {.coefficient = eg_number_of(1)};
    for (size_t i = 0; i < count && graph->status == EG_OK; i++) {
        if (ids[i] == EG_NONE)
            return EG_NONE;
        if (graph->nodes[ids[i]].kind != EG_PRODUCT) {
            add_node(graph, &list, ids[i]);
            continue;
        }
        for (size_t k = 0; k < graph->nodes[ids[i]].count && graph->status == EG_OK; k++)
            add_node(graph, &list, eg_args(graph, ids[i])[k]);
    }
    if (graph->status != EG_OK)
        return EG_NONE;
    if (list.count == 0 || (list.coefficient.num == 0 && all_total(graph, &list)))
        return eg_make_number(graph, list.coefficient);
    return factors_node(graph, &list, !eg_number_is(list.coefficient, 1));
}
