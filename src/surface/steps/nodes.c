/* SPDX-License-Identifier: MIT */
/* Makes the nodes of a line of a derivation, which are not simplified as those of expressions are.
 */
#include "core/context.h"
#include "core/growing.h"
#include "expr/graph/print.h"
#include "expr/graph/rebuild.h"
#include "surface/steps/steps.h"

/* Ids that are collected for one node. */
typedef struct id_list {
    eg_growing ids;
    eg_graph *g;
} id_list;

static void add_id(id_list *list, eg_id id)
{
    eg_graph *g = list->g;
    if (id == EG_NONE || g->status != EG_OK)
        return;
    eg_status status = eg_growing_reserve(&list->ids, g->ctx, 1, sizeof(eg_id), g->error);
    if (status != EG_OK)
        eg_graph_fail(g, status);
    else
        ((eg_id *)list->ids.items)[list->ids.count++] = id;
}

static bool is_number(const eg_graph *g, eg_id id, double value)
{
    return eg_is_number(g, id) && eg_rational_is(g->nodes[id].number, value);
}

static eg_id node_of(const id_list *list, unsigned kind, int empty)
{
    const eg_id *ids = list->ids.items;
    if (list->g->status != EG_OK)
        return EG_NONE;
    if (list->ids.count == 0)
        return eg_make_integer(list->g, empty);
    if (list->ids.count == 1)
        return ids[0];
    return eg_graph_intern(
        list->g, (eg_node){.kind = (uint16_t)kind, .count = (uint32_t)list->ids.count}, ids);
}

eg_id eg_line_sum(eg_graph *g, const eg_id *terms, size_t count)
{
    id_list list = {.g = g};
    for (size_t i = 0; i < count && g->status == EG_OK; i++) {
        const eg_node node = g->nodes[terms[i]];
        bool nested = node.kind == EG_SUM;
        for (uint32_t k = 0; k < (nested ? node.count : 1); k++) {
            eg_id term = nested ? eg_args(g, terms[i])[k] : terms[i];
            if (!is_number(g, term, 0))
                add_id(&list, term);
        }
    }
    eg_id sum = node_of(&list, EG_SUM, 0);
    eg_free(list.ids.items);
    return sum;
}

/* Adds the numbers, or the other factors, of a list of factors. Returns true if one is 0. */
static bool add_factors(id_list *list, const eg_id *factors, size_t count, bool numbers)
{
    eg_graph *g = list->g;
    bool zero = false;
    for (size_t i = 0; i < count && g->status == EG_OK; i++) {
        const eg_node node = g->nodes[factors[i]];
        bool nested = node.kind == EG_PRODUCT;
        for (uint32_t k = 0; k < (nested ? node.count : 1); k++) {
            eg_id factor = nested ? eg_args(g, factors[i])[k] : factors[i];
            zero |= is_number(g, factor, 0);
            if (eg_is_number(g, factor) == numbers && !is_number(g, factor, 1))
                add_id(list, factor);
        }
    }
    return zero;
}

/* Removes the factors -1 among the numbers of the list; an odd count of them changes the sign of
 * the first other number, or leaves one. */
static void merge_signs(id_list *list)
{
    eg_id *ids = list->ids.items;
    size_t kept = 0;
    bool negative = false;
    for (size_t i = 0; i < list->ids.count; i++)
        if (is_number(list->g, ids[i], -1))
            negative = !negative;
        else
            ids[kept++] = ids[i];
    list->ids.count = kept;
    if (!negative)
        return;
    if (kept > 0) {
        eg_id number = eg_make_number(list->g, eg_rational_negate(list->g->nodes[ids[0]].number));
        ids[0] = number;
    } else {
        add_id(list, eg_make_integer(list->g, -1));
    }
}

eg_id eg_line_product(eg_graph *g, const eg_id *factors, size_t count)
{
    id_list list = {.g = g};
    bool zero = add_factors(&list, factors, count, true);
    merge_signs(&list);
    zero |= add_factors(&list, factors, count, false);
    eg_id product =
        zero && g->status == EG_OK ? eg_make_integer(g, 0) : node_of(&list, EG_PRODUCT, 1);
    eg_free(list.ids.items);
    return product;
}

eg_id eg_line_power(eg_graph *g, eg_id base, eg_id exponent)
{
    if (base == EG_NONE || exponent == EG_NONE)
        return EG_NONE;
    if (is_number(g, exponent, 1))
        return base;
    return eg_graph_intern(g, (eg_node){.kind = EG_POWER, .count = 2}, (eg_id[]){base, exponent});
}

eg_id eg_line_derivative(eg_graph *g, eg_id id, uint32_t by)
{
    if (id == EG_NONE)
        return EG_NONE;
    return eg_graph_intern(g, (eg_node){.kind = EG_DERIVATIVE, .count = 1, .index = by}, &id);
}

bool eg_line_depends(eg_graph *g, eg_id id, uint32_t by)
{
    bool *live = eg_alloc(g->ctx, (size_t)id + 1, sizeof *live, g->error), found = false;
    if (!live) {
        eg_graph_fail(g, eg_failed(g->error));
        return false;
    }
    eg_mark_live(g, id, live);
    for (eg_id i = 0; i <= id && !found; i++)
        found = live[i] && g->nodes[i].kind == EG_VARIABLE && g->nodes[i].index == by;
    eg_free(live);
    return found;
}
