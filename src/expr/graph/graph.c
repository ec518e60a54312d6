/* SPDX-License-Identifier: MIT */
/* Storage of the graph: nodes, their arguments, and the table that finds equal ones. */
#include "expr/graph/graph.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum { FIRST_NODES = 64, MAX_NODES = 1 << 22 };

const eg_function eg_functions[EG_FUNCTIONS] = {
#define FUNCTION(id, name, arguments, total, parity, zero, help)                                   \
    {#name, help, arguments, parity, total, zero},
#include "expr/functions.def"
#undef FUNCTION
};

const char *const eg_constant_names[EG_CONSTANTS] = {"pi", "e", "tau"};
const double eg_constant_values[EG_CONSTANTS] = {3.14159265358979323846, 2.71828182845904523536,
                                                 6.28318530717958647692};

void eg_graph_begin(eg_graph *graph, eg_context *ctx, eg_error *error)
{
    *graph = (eg_graph){.ctx = ctx, .error = error};
}

void eg_graph_end(eg_graph *graph)
{
    eg_free(graph->nodes);
    eg_free(graph->args);
    eg_free(graph->slots);
    *graph = (eg_graph){0};
}

eg_id eg_graph_fail(eg_graph *graph, eg_status status)
{
    if (graph->status == EG_OK)
        graph->status = status;
    return EG_NONE;
}

/* ---- room ---- */

/* The array in twice the room, of which `used` items are taken; NULL, and the old one stays,
 * without memory. */
static void *grown(eg_graph *graph, void *array, size_t *capacity, size_t size, size_t used)
{
    size_t wanted = *capacity ? 2 * *capacity : FIRST_NODES;
    void *moved = eg_alloc(graph->ctx, wanted, size, graph->error);
    if (!moved) {
        eg_graph_fail(graph, eg_failed(graph->error));
        return NULL;
    }
    if (array)
        memcpy(moved, array, used * size);
    eg_free(array);
    *capacity = wanted;
    return moved;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t hash_of(const eg_node *node, const eg_id *args)
{
    uint64_t hash = mix(mix(node->kind, node->index), node->count);
    hash = mix(mix(hash, bits_of(node->number.num)), bits_of(node->number.den));
    for (size_t i = 0; i < node->count; i++)
        hash = mix(hash, args[i]);
    return hash;
}

static bool same(const eg_graph *graph, eg_id id, const eg_node *node, const eg_id *args)
{
    const eg_node *other = &graph->nodes[id];
    return other->kind == node->kind && other->index == node->index &&
           other->count == node->count && other->number.num == node->number.num &&
           other->number.den == node->number.den &&
           (node->count == 0 ||
            memcmp(graph->args + other->first, args, node->count * sizeof *args) == 0);
}

/* The slot that holds the node, or the empty one where it belongs. */
static size_t find_slot(const eg_graph *graph, const eg_node *node, const eg_id *args)
{
    size_t mask = graph->slot_count - 1;
    size_t slot = hash_of(node, args) & mask;
    while (graph->slots[slot] != EG_NONE && !same(graph, graph->slots[slot], node, args))
        slot = (slot + 1) & mask;
    return slot;
}

/* A table of twice as many slots as there is room for nodes. */
static bool rehash(eg_graph *graph)
{
    size_t wanted = 2 * graph->capacity;
    eg_id *slots = eg_alloc(graph->ctx, wanted, sizeof *slots, graph->error);
    if (!slots) {
        eg_graph_fail(graph, eg_failed(graph->error));
        return false;
    }
    eg_free(graph->slots);
    graph->slots = slots;
    graph->slot_count = wanted;
    for (size_t i = 0; i < wanted; i++)
        slots[i] = EG_NONE;
    for (size_t i = 0; i < graph->count; i++) {
        const eg_node *node = &graph->nodes[i];
        slots[find_slot(graph, node, graph->args + node->first)] = (eg_id)i;
    }
    return true;
}

static bool make_room(eg_graph *graph, size_t args)
{
    if (graph->count == MAX_NODES) {
        eg_graph_fail(graph, eg_fail(graph->error, EG_LIMIT_EXCEEDED,
                                     "the expression grows beyond %d operations", MAX_NODES));
        return false;
    }
    if (graph->count == graph->capacity) {
        void *moved =
            grown(graph, graph->nodes, &graph->capacity, sizeof *graph->nodes, graph->count);
        if (!moved)
            return false;
        graph->nodes = moved;
    }
    while (!graph->args || graph->arg_capacity - graph->arg_count < args) {
        void *moved =
            grown(graph, graph->args, &graph->arg_capacity, sizeof *graph->args, graph->arg_count);
        if (!moved)
            return false;
        graph->args = moved;
    }
    return graph->slot_count == 2 * graph->capacity || rehash(graph);
}

/* ---- nodes ---- */

/* A power has no value where a root or a logarithm of a negative base is meant, or at a pole. */
static bool power_is_total(const eg_graph *graph, const eg_id *args)
{
    const eg_node *exponent = &graph->nodes[args[1]];
    return exponent->kind == EG_NUMBER && eg_rational_is_integer(exponent->number) &&
           exponent->number.num >= 0;
}

static bool is_total(const eg_graph *graph, const eg_node *node, const eg_id *args)
{
    for (size_t i = 0; i < node->count; i++)
        if (!graph->nodes[args[i]].total)
            return false;
    if (node->kind == EG_POWER)
        return power_is_total(graph, args);
    return node->kind < EG_CALL ||
           (node->kind < EG_CALL + EG_FUNCTIONS && eg_functions[node->kind - EG_CALL].total);
}

eg_id eg_graph_node(eg_graph *graph, eg_node node, const eg_id *args)
{
    if (graph->status != EG_OK || !make_room(graph, node.count))
        return EG_NONE;
    size_t slot = find_slot(graph, &node, args);
    if (graph->slots[slot] != EG_NONE)
        return graph->slots[slot];
    node.total = is_total(graph, &node, args);
    node.first = (uint32_t)graph->arg_count;
    node.depth = 1;
    for (size_t i = 0; i < node.count; i++) {
        uint32_t below = graph->nodes[args[i]].depth;
        node.depth = below >= node.depth ? below + 1 : node.depth;
        graph->args[graph->arg_count++] = args[i];
    }
    graph->nodes[graph->count] = node;
    graph->slots[slot] = (eg_id)graph->count;
    return (eg_id)graph->count++;
}

eg_id eg_make_number(eg_graph *graph, eg_rational number)
{
    return eg_graph_node(graph, (eg_node){.kind = EG_NUMBER, .number = number}, NULL);
}

eg_id eg_make_integer(eg_graph *graph, int value)
{
    return eg_make_number(graph, eg_rational_of(value));
}

eg_id eg_make_constant(eg_graph *graph, uint32_t index)
{
    return eg_graph_node(graph, (eg_node){.kind = EG_CONSTANT, .index = index}, NULL);
}

eg_id eg_make_variable(eg_graph *graph, uint32_t index)
{
    return eg_graph_node(graph, (eg_node){.kind = EG_VARIABLE, .index = index}, NULL);
}

eg_rational eg_coefficient(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_NUMBER)
        return node->number;
    if (node->kind == EG_PRODUCT && eg_is_number(graph, eg_args(graph, id)[0]))
        return graph->nodes[eg_args(graph, id)[0]].number;
    return eg_rational_of(1);
}
