/* SPDX-License-Identifier: MIT */
/* Sums: like terms are collected, the order of the first of each is kept. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "expr/graph/simplify.h"

enum { FEW_TERMS = 24, MOST_FLATTENED = 512 };

/* coefficient * rest; `rest` is EG_NONE for the constant term. */
typedef struct term {
    eg_rational coefficient;
    eg_id rest;
    uint32_t order;
} term;

typedef struct term_list {
    term *terms;
    size_t count, combined; /* `combined`: how many have gone into others */
} term_list;

/* The sum that a term is, or is the negative of. */
static eg_id inner_sum(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_PRODUCT && node->count == 2 &&
        eg_rational_is(eg_coefficient(graph, id), -1))
        id = eg_args(graph, id)[1];
    return graph->nodes[id].kind == EG_SUM ? id : EG_NONE;
}

/* Terms of a sum, those of the sums in it counted one by one; it stops when there are too many. */
static void count_terms(const eg_graph *graph, const eg_id *ids, size_t count, size_t *terms)
{
    for (size_t i = 0; i < count && *terms <= MOST_FLATTENED; i++) {
        eg_id sum = inner_sum(graph, ids[i]);
        if (sum == EG_NONE)
            ++*terms;
        else
            count_terms(graph, eg_args(graph, sum), graph->nodes[sum].count, terms);
    }
}

/* What is left of a product without its coefficient. */
static eg_id without_coefficient(eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    eg_id args[EG_MAX_FACTORS + 1];
    if (node->kind == EG_NUMBER)
        return EG_NONE;
    if (node->kind != EG_PRODUCT || !eg_is_number(graph, eg_args(graph, id)[0]))
        return id;
    if (node->count == 2)
        return eg_args(graph, id)[1];
    uint32_t count = node->count - 1;
    memcpy(args, eg_args(graph, id) + 1, count * sizeof *args);
    return eg_graph_node(graph, (eg_node){.kind = EG_PRODUCT, .count = count}, args);
}

static void append(eg_graph *graph, term_list *list, eg_id id, bool negative)
{
    eg_rational coefficient = eg_coefficient(graph, id);
    if (negative)
        coefficient = eg_rational_negate(coefficient);
    list->terms[list->count] =
        (term){coefficient, without_coefficient(graph, id), (uint32_t)list->count};
    list->count++;
}

/* Makers may move arguments, so they are fetched one by one. */
static void gather_inner(eg_graph *graph, term_list *list, eg_id id, bool negative)
{
    eg_id sum = inner_sum(graph, id);
    if (sum == EG_NONE) {
        append(graph, list, id, negative);
        return;
    }
    for (size_t i = 0; i < graph->nodes[sum].count; i++)
        gather_inner(graph, list, eg_args(graph, sum)[i], negative != (sum != id));
}

/* Even without `flatten`, (a + b) + c is a + b + c, which is the same to the last bit. */
static void gather(eg_graph *graph, term_list *list, const eg_id *ids, size_t count, bool flatten)
{
    list->count = list->combined = 0;
    for (size_t i = 0; i < count; i++) {
        bool sum_first = i == 0 && graph->nodes[ids[0]].kind == EG_SUM;
        if (flatten)
            gather_inner(graph, list, ids[i], false);
        else if (!sum_first)
            append(graph, list, ids[i], false);
        else
            for (size_t k = 0; k < graph->nodes[ids[0]].count; k++)
                append(graph, list, eg_args(graph, ids[0])[k], false);
    }
}

static int by_rest(const void *a, const void *b)
{
    const term *s = a, *t = b;
    if (s->rest != t->rest)
        return s->rest < t->rest ? -1 : 1;
    return s->order < t->order ? -1 : s->order > t->order;
}

static int by_order(const void *a, const void *b)
{
    const term *s = a, *t = b;
    return s->order < t->order ? -1 : s->order > t->order;
}

/* A term that vanishes takes with it the points where its rest has no value: only if there are
 * none. */
static bool vanishes(const eg_graph *graph, const term *t)
{
    return t->coefficient.num == 0 && (t->rest == EG_NONE || graph->nodes[t->rest].total);
}

static void combine(const eg_graph *graph, term_list *list)
{
    size_t kept = 0;
    if (list->count)
        qsort(list->terms, list->count, sizeof *list->terms, by_rest);
    for (size_t i = 0; i < list->count; i++) {
        const term *t = &list->terms[i];
        term *last = kept ? &list->terms[kept - 1] : NULL;
        if (last && last->rest == t->rest &&
            eg_rational_add(&last->coefficient, last->coefficient, t->coefficient))
            list->combined++;
        else
            list->terms[kept++] = *t;
    }
    list->count = 0;
    for (size_t i = 0; i < kept; i++)
        if (!vanishes(graph, &list->terms[i]))
            list->terms[list->count++] = list->terms[i];
    if (list->count)
        qsort(list->terms, list->count, sizeof *list->terms, by_order);
}

static eg_id scaled(eg_graph *graph, eg_rational coefficient, eg_id rest)
{
    eg_id args[EG_MAX_FACTORS + 2];
    if (rest == EG_NONE)
        return eg_make_number(graph, coefficient);
    if (eg_rational_is(coefficient, 1))
        return rest;
    args[0] = eg_make_number(graph, coefficient);
    if (args[0] == EG_NONE)
        return EG_NONE;
    uint32_t count = 1;
    args[1] = rest;
    if (graph->nodes[rest].kind == EG_PRODUCT) {
        count = graph->nodes[rest].count;
        memcpy(args + 1, eg_args(graph, rest), count * sizeof *args);
    }
    return eg_graph_node(graph, (eg_node){.kind = EG_PRODUCT, .count = count + 1}, args);
}

static eg_id put_together(eg_graph *graph, const term_list *list, eg_id *args)
{
    for (size_t i = 0; i < list->count; i++)
        args[i] = scaled(graph, list->terms[i].coefficient, list->terms[i].rest);
    if (graph->status != EG_OK)
        return EG_NONE;
    if (list->count == 0)
        return eg_make_integer(graph, 0);
    if (list->count == 1)
        return args[0];
    return eg_graph_node(graph, (eg_node){.kind = EG_SUM, .count = (uint32_t)list->count}, args);
}

static eg_id sum_in(eg_graph *graph, const eg_id *ids, size_t count, size_t flattened, term *terms,
                    eg_id *args)
{
    term_list list = {.terms = terms};
    bool deep = flattened <= MOST_FLATTENED;
    gather(graph, &list, ids, count, deep);
    combine(graph, &list);
    if (deep && !graph->flatten && !list.combined) {
        gather(graph, &list, ids, count, false);
        combine(graph, &list);
    }
    return put_together(graph, &list, args);
}

eg_id eg_make_sum(eg_graph *graph, const eg_id *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == EG_NONE)
            return EG_NONE;
    size_t flattened = 0, most = count;
    count_terms(graph, ids, count, &flattened);
    if (count && graph->nodes[ids[0]].kind == EG_SUM)
        most += graph->nodes[ids[0]].count;
    if (flattened <= MOST_FLATTENED && flattened > most)
        most = flattened;
    if (most <= FEW_TERMS) {
        term terms[FEW_TERMS];
        eg_id args[FEW_TERMS];
        return sum_in(graph, ids, count, flattened, terms, args);
    }
    term *terms = eg_alloc(graph->ctx, most, sizeof *terms + sizeof(eg_id), graph->error);
    if (!terms)
        return eg_graph_fail(graph, eg_failed(graph->error));
    eg_id made = sum_in(graph, ids, count, flattened, terms, (eg_id *)(terms + most));
    eg_free(terms);
    return made;
}
