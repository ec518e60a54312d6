/* SPDX-License-Identifier: MIT */
/* Sums: like terms are combined, in the order of their first occurrence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "expr/graph/terms.h"

enum { STACK_TERMS = 24, MAX_FLATTENED = 512 };

/* Returns the sum that the term is, or is the negative of; EG_NONE if it is neither. */
static eg_id inner_sum(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_PRODUCT && node->count == 2 &&
        eg_rational_is(eg_coefficient(graph, id), -1))
        id = eg_args(graph, id)[1];
    return graph->nodes[id].kind == EG_SUM ? id : EG_NONE;
}

/* Counts the terms of a sum with nested sums flattened; stops above MAX_FLATTENED. */
static void count_terms(const eg_graph *graph, const eg_id *ids, size_t count, size_t *terms)
{
    for (size_t i = 0; i < count && *terms <= MAX_FLATTENED; i++) {
        eg_id sum = inner_sum(graph, ids[i]);
        if (sum == EG_NONE)
            ++*terms;
        else
            count_terms(graph, eg_args(graph, sum), graph->nodes[sum].count, terms);
    }
}

/* Returns the product without its coefficient; EG_NONE for a number. */
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
    return eg_graph_intern(graph, (eg_node){.kind = EG_PRODUCT, .count = count}, args);
}

static void append_term(eg_graph *graph, eg_term_list *list, eg_id id, bool negative)
{
    eg_rational coefficient = eg_coefficient(graph, id);
    if (negative)
        coefficient = eg_rational_negate(coefficient);
    list->terms[list->count] =
        (eg_term){coefficient, without_coefficient(graph, id), (uint32_t)list->count};
    list->count++;
}

/* Appends the terms of nested sums. Fetches each argument by its index, because making nodes moves
 * the array. */
static void append_flattened(eg_graph *graph, eg_term_list *list, eg_id id, bool negative)
{
    eg_id sum = inner_sum(graph, id);
    if (sum == EG_NONE) {
        append_term(graph, list, id, negative);
        return;
    }
    for (size_t i = 0; i < graph->nodes[sum].count; i++)
        append_flattened(graph, list, eg_args(graph, sum)[i], negative != (sum != id));
}

/* Lists the terms. A sum in first place is always flattened, because (a + b) + c and a + b + c are
 * the same to the last bit. */
static void list_terms(eg_graph *graph, eg_term_list *list, const eg_id *ids, size_t count,
                       bool flatten)
{
    list->count = list->combined = 0;
    for (size_t i = 0; i < count; i++) {
        bool sum_first = i == 0 && graph->nodes[ids[0]].kind == EG_SUM;
        if (flatten)
            append_flattened(graph, list, ids[i], false);
        else if (!sum_first)
            append_term(graph, list, ids[i], false);
        else
            for (size_t k = 0; k < graph->nodes[ids[0]].count; k++)
                append_term(graph, list, eg_args(graph, ids[0])[k], false);
    }
}

static int compare_rests(const void *a, const void *b)
{
    const eg_term *s = a, *t = b;
    if (s->rest != t->rest)
        return s->rest < t->rest ? -1 : 1;
    return s->order < t->order ? -1 : s->order > t->order;
}

static int compare_orders(const void *a, const void *b)
{
    const eg_term *s = a, *t = b;
    return s->order < t->order ? -1 : s->order > t->order;
}

/* Returns true if a term with coefficient 0 can be dropped. 0*g can be only if g is defined
 * everywhere; else the domain would grow. */
static bool can_be_dropped(const eg_graph *graph, const eg_term *t)
{
    return t->coefficient.num == 0 && (t->rest == EG_NONE || graph->nodes[t->rest].always_defined);
}

static void combine_like_terms(const eg_graph *graph, eg_term_list *list)
{
    size_t kept = 0;
    if (list->count)
        qsort(list->terms, list->count, sizeof *list->terms, compare_rests);
    for (size_t i = 0; i < list->count; i++) {
        const eg_term *t = &list->terms[i];
        eg_term *last = kept ? &list->terms[kept - 1] : NULL;
        if (last && last->rest == t->rest &&
            eg_rational_add(&last->coefficient, last->coefficient, t->coefficient))
            list->combined++;
        else
            list->terms[kept++] = *t;
    }
    list->count = 0;
    for (size_t i = 0; i < kept; i++)
        if (!can_be_dropped(graph, &list->terms[i]))
            list->terms[list->count++] = list->terms[i];
    if (list->count)
        qsort(list->terms, list->count, sizeof *list->terms, compare_orders);
}

/* Combines like terms, and those that an identity merges. */
static void combine_terms(eg_graph *graph, eg_term_list *list)
{
    combine_like_terms(graph, list);
    while (graph->status == EG_OK && eg_apply_identity(graph, list))
        combine_like_terms(graph, list);
}

static eg_id scale_term(eg_graph *graph, eg_rational coefficient, eg_id rest)
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
    return eg_graph_intern(graph, (eg_node){.kind = EG_PRODUCT, .count = count + 1}, args);
}

static eg_id build_sum(eg_graph *graph, const eg_term_list *list, eg_id *args)
{
    for (size_t i = 0; i < list->count; i++)
        args[i] = scale_term(graph, list->terms[i].coefficient, list->terms[i].rest);
    if (graph->status != EG_OK)
        return EG_NONE;
    if (list->count == 0)
        return eg_make_integer(graph, 0);
    if (list->count == 1)
        return args[0];
    return eg_graph_intern(graph, (eg_node){.kind = EG_SUM, .count = (uint32_t)list->count}, args);
}

static eg_id make_sum_in(eg_graph *graph, const eg_id *ids, size_t count, size_t flattened,
                         eg_term *terms, eg_id *args)
{
    eg_term_list list = {.terms = terms};
    bool flattens = flattened <= MAX_FLATTENED;
    list_terms(graph, &list, ids, count, flattens);
    combine_terms(graph, &list);
    if (flattens && !graph->flatten && !list.combined) {
        list_terms(graph, &list, ids, count, false);
        combine_terms(graph, &list);
    }
    return build_sum(graph, &list, args);
}

eg_id eg_make_sum(eg_graph *graph, const eg_id *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == EG_NONE)
            return EG_NONE;
    if (graph->as_typed)
        return eg_graph_intern(graph, (eg_node){.kind = EG_SUM, .count = (uint32_t)count}, ids);
    size_t flattened = 0, max_terms = count;
    count_terms(graph, ids, count, &flattened);
    if (count && graph->nodes[ids[0]].kind == EG_SUM)
        max_terms += graph->nodes[ids[0]].count;
    if (flattened <= MAX_FLATTENED && flattened > max_terms)
        max_terms = flattened;
    if (max_terms <= STACK_TERMS) {
        eg_term terms[STACK_TERMS];
        eg_id args[STACK_TERMS];
        return make_sum_in(graph, ids, count, flattened, terms, args);
    }
    eg_term *terms = eg_alloc(graph->ctx, max_terms, sizeof *terms + sizeof(eg_id), graph->error);
    if (!terms)
        return eg_graph_fail(graph, eg_failed(graph->error));
    eg_id result = make_sum_in(graph, ids, count, flattened, terms, (eg_id *)(terms + max_terms));
    eg_free(terms);
    return result;
}
