/* SPDX-License-Identifier: MIT */
/* Storage of the graph: nodes, their arguments, and the hash table that finds
 * equal nodes. */
#include "expr/graph/graph.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"

enum { FIRST_NODES = 64, MAX_NODES = 1 << 22 };

const eg_function eg_functions[EG_FUNCTIONS] = {
#define FUNCTION(id, name, arguments, always_defined, parity, zero, help)                          \
    {#name, help, arguments, parity, always_defined, zero},
#include "expr/functions.def"
#undef FUNCTION
};

const char *const eg_constant_names[EG_CONSTANTS] = {"pi", "e", "tau"};
const double eg_constant_values[EG_CONSTANTS] = {3.14159265358979323846, 2.71828182845904523536,
                                                 6.28318530717958647692};

void eg_graph_init(eg_graph *graph, eg_context *ctx, eg_error *error)
{
    *graph = (eg_graph){.ctx = ctx, .error = error};
}

void eg_graph_free(eg_graph *graph)
{
    eg_free(graph->nodes);
    eg_free(graph->args);
    eg_free(graph->buckets);
    eg_free(graph->literals);
    *graph = (eg_graph){0};
}

eg_id eg_graph_fail(eg_graph *graph, eg_status status)
{
    if (graph->status == EG_OK)
        graph->status = status;
    return EG_NONE;
}

/* ---- memory and hash table ---- */

/* Moves an array of `used` items to one of twice the capacity, and frees the
 * old one. Without memory, returns NULL and keeps the old one. */
static void *grow_array(eg_graph *graph, void *array, size_t *capacity, size_t size, size_t used)
{
    size_t wanted = *capacity ? 2 * *capacity : FIRST_NODES;
    void *grown = eg_alloc(graph->ctx, wanted, size, graph->error);
    if (!grown) {
        eg_graph_fail(graph, eg_failed(graph->error));
        return NULL;
    }
    if (array)
        memcpy(grown, array, used * size);
    eg_free(array);
    *capacity = wanted;
    return grown;
}

static uint64_t hash_mix(uint64_t hash, uint64_t value)
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

static uint64_t hash_node(const eg_node *node, const eg_id *args)
{
    uint64_t hash = hash_mix(hash_mix(node->kind, node->index), node->count);
    hash = hash_mix(hash_mix(hash, bits_of(node->number.num)), bits_of(node->number.den));
    for (size_t i = 0; i < node->count; i++)
        hash = hash_mix(hash, args[i]);
    return hash;
}

static bool nodes_equal(const eg_graph *graph, eg_id id, const eg_node *node, const eg_id *args)
{
    const eg_node *other = &graph->nodes[id];
    return other->kind == node->kind && other->index == node->index &&
           other->count == node->count && other->number.num == node->number.num &&
           other->number.den == node->number.den &&
           (node->count == 0 ||
            memcmp(graph->args + other->first, args, node->count * sizeof *args) == 0);
}

/* Returns the bucket that holds an equal node, or the empty one to put it into
 * (linear probing). */
static size_t find_bucket(const eg_graph *graph, const eg_node *node, const eg_id *args)
{
    size_t mask = graph->bucket_count - 1;
    size_t bucket = hash_node(node, args) & mask;
    while (graph->buckets[bucket] != EG_NONE &&
           !nodes_equal(graph, graph->buckets[bucket], node, args))
        bucket = (bucket + 1) & mask;
    return bucket;
}

/* Rebuilds the hash table with two buckets for each node of the capacity. */
static bool rehash(eg_graph *graph)
{
    size_t wanted = 2 * graph->capacity;
    eg_id *buckets = eg_alloc(graph->ctx, wanted, sizeof *buckets, graph->error);
    if (!buckets) {
        eg_graph_fail(graph, eg_failed(graph->error));
        return false;
    }
    eg_free(graph->buckets);
    graph->buckets = buckets;
    graph->bucket_count = wanted;
    for (size_t i = 0; i < wanted; i++)
        buckets[i] = EG_NONE;
    for (size_t i = 0; i < graph->count; i++) {
        const eg_node *node = &graph->nodes[i];
        buckets[find_bucket(graph, node, graph->args + node->first)] = (eg_id)i;
    }
    return true;
}

static bool reserve(eg_graph *graph, size_t args)
{
    if (graph->count == MAX_NODES) {
        eg_graph_fail(graph,
                      eg_fail(graph->error, EG_LIMIT_EXCEEDED,
                              "the expression grows beyond %d operations; simplify it", MAX_NODES));
        return false;
    }
    if (graph->count == graph->capacity) {
        void *grown =
            grow_array(graph, graph->nodes, &graph->capacity, sizeof *graph->nodes, graph->count);
        if (!grown)
            return false;
        graph->nodes = grown;
    }
    while (!graph->args || graph->arg_capacity - graph->arg_count < args) {
        void *grown = grow_array(graph, graph->args, &graph->arg_capacity, sizeof *graph->args,
                                 graph->arg_count);
        if (!grown)
            return false;
        graph->args = grown;
    }
    return graph->bucket_count == 2 * graph->capacity || rehash(graph);
}

/* ---- nodes ---- */

/* Returns true if the power is defined for every base. A fractional exponent
 * has no value at negative bases, a negative one none at 0, and a variable
 * exponent may be either. */
static bool power_is_always_defined(const eg_graph *graph, const eg_id *args)
{
    const eg_node *exponent = &graph->nodes[args[1]];
    return exponent->kind == EG_NUMBER && eg_rational_is_integer(exponent->number) &&
           exponent->number.num >= 0;
}

static bool is_always_defined(const eg_graph *graph, const eg_node *node, const eg_id *args)
{
    for (size_t i = 0; i < node->count; i++)
        if (!graph->nodes[args[i]].always_defined)
            return false;
    if (node->kind == EG_POWER)
        return power_is_always_defined(graph, args);
    return node->kind < EG_CALL || (node->kind < EG_CALL + EG_FUNCTIONS &&
                                    eg_functions[node->kind - EG_CALL].always_defined);
}

eg_id eg_graph_intern(eg_graph *graph, eg_node node, const eg_id *args)
{
    if (graph->status != EG_OK || !reserve(graph, node.count))
        return EG_NONE;
    size_t bucket = find_bucket(graph, &node, args);
    if (graph->buckets[bucket] != EG_NONE)
        return graph->buckets[bucket];
    node.always_defined = is_always_defined(graph, &node, args);
    node.first = (uint32_t)graph->arg_count;
    node.depth = 1;
    for (size_t i = 0; i < node.count; i++) {
        uint32_t arg_depth = graph->nodes[args[i]].depth;
        node.depth = arg_depth >= node.depth ? arg_depth + 1 : node.depth;
        graph->args[graph->arg_count++] = args[i];
    }
    graph->nodes[graph->count] = node;
    graph->buckets[bucket] = (eg_id)graph->count;
    return (eg_id)graph->count++;
}

eg_id eg_make_number(eg_graph *graph, eg_rational number)
{
    return eg_graph_intern(graph, (eg_node){.kind = EG_NUMBER, .number = number}, NULL);
}

eg_id eg_make_integer(eg_graph *graph, int value)
{
    return eg_make_number(graph, eg_rational_of(value));
}

/* ---- literals ---- */

enum { EXACT_DIGITS = 15 }; /* a decimal of so many digits is recovered from its double */

/* Returns the number of significant digits of a decimal, without leading and
 * trailing zeros. */
static size_t significant_digits(const char *text, size_t length)
{
    size_t digits = 0, significant = 0;
    for (size_t i = 0; i < length && text[i] != 'e' && text[i] != 'E'; i++) {
        digits += text[i] != '.' && (digits > 0 || text[i] != '0');
        significant = text[i] != '.' && text[i] != '0' ? digits : significant;
    }
    return significant;
}

/* Returns true if the decimal is exactly the double. */
static bool literal_is_exact(const char *text, size_t length, double value)
{
    size_t digits = significant_digits(text, length);
    return digits == 0 || (digits <= EXACT_DIGITS && value != 0 && fabs(value) < 0x1p53 &&
                           eg_rational_is_exact(eg_rational_of(value)));
}

/* Returns true if the shortest decimal that reads back as `value` is the one
 * typed. */
static bool literal_is_recovered(const char *text, size_t length, double value)
{
    size_t digits = significant_digits(text, length);
    return digits == 0 || (digits <= EXACT_DIGITS && fabs(value) > 1e-290) ||
           (value != 0 && fabs(value) < 0x1p53 && value == floor(value) &&
            digits <= EXACT_DIGITS + 1);
}

/* Stores a literal, or finds the equal one stored before. Returns 1 + its
 * offset, 0 on failure. */
static uint32_t store_literal(eg_graph *graph, const char *text, size_t length)
{
    for (size_t at = 0; at < graph->literal_count; at += strlen(graph->literals + at) + 1)
        if (strncmp(graph->literals + at, text, length) == 0 && !graph->literals[at + length])
            return (uint32_t)at + 1;
    while (!graph->literals || graph->literal_capacity - graph->literal_count < length + 1) {
        void *grown =
            grow_array(graph, graph->literals, &graph->literal_capacity, 1, graph->literal_count);
        if (!grown)
            return 0;
        graph->literals = grown;
    }
    size_t offset = graph->literal_count;
    memcpy(graph->literals + offset, text, length);
    graph->literals[offset + length] = 0;
    graph->literal_count += length + 1;
    return (uint32_t)offset + 1;
}

eg_id eg_make_literal(eg_graph *graph, const char *text, size_t length, double value)
{
    eg_rational number = eg_rational_of(value);
    bool kept = graph->as_typed ? !literal_is_exact(text, length, value)
                                : !literal_is_recovered(text, length, value);
    if (!kept)
        return eg_make_number(graph, number);
    uint32_t index = store_literal(graph, text, length);
    eg_node node = {.kind = EG_NUMBER, .index = index, .number = number};
    if (!graph->as_typed) {
        node.kind = EG_CONSTANT;
        node.index += EG_CONSTANTS - 1;
    }
    return index ? eg_graph_intern(graph, node, NULL) : EG_NONE;
}

eg_id eg_make_constant(eg_graph *graph, uint32_t index)
{
    return eg_graph_intern(graph, (eg_node){.kind = EG_CONSTANT, .index = index}, NULL);
}

eg_id eg_make_variable(eg_graph *graph, uint32_t index)
{
    return eg_graph_intern(graph, (eg_node){.kind = EG_VARIABLE, .index = index}, NULL);
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
