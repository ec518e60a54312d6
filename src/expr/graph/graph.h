/* SPDX-License-Identifier: MIT */
/*
 * The graph behind an expression: nodes that are simplified as they are made, equal ones made only
 * once. A node's arguments come before it, so every pass over the graph is a loop, not a recursion.
 *
 * Simplification keeps the function: what it may change is the rounding of products, and values
 * where a subexpression of finite arguments would overflow. x/x stays (it has no value at 0), x^2/x
 * and 0*log(x) too, but x/x^2 is 1/x, and 0*sin(x) is 0.
 */
#ifndef EG_EXPR_GRAPH_GRAPH_H
#define EG_EXPR_GRAPH_GRAPH_H

#include <stdint.h>

#include "edgegrad.h"
#include "expr/graph/rational.h"

/* A call of function f of functions.def has kind EG_CALL + f. */
typedef enum eg_kind {
    EG_NUMBER,
    EG_CONSTANT, /* pi, e, tau */
    EG_VARIABLE,
    EG_SUM,     /* of two terms or more, in the order typed */
    EG_PRODUCT, /* its first argument may be a number; quotients have powers with negative exponents
                 */
    EG_POWER,   /* base, exponent */
    EG_CALL
} eg_kind;

typedef enum eg_function_id {
#define FUNCTION(id, name, arguments, total, parity, zero, help) EG_F_##id,
#include "expr/functions.def"
#undef FUNCTION
    EG_FUNCTIONS
} eg_function_id;

typedef struct eg_function {
    const char *name, *help;
    int arguments, parity;
    bool total;
    double zero;
} eg_function;

extern const eg_function eg_functions[EG_FUNCTIONS];

enum { EG_PI, EG_E, EG_TAU, EG_CONSTANTS };
extern const char *const eg_constant_names[EG_CONSTANTS];
extern const double eg_constant_values[EG_CONSTANTS];

typedef uint32_t eg_id;
#define EG_NONE UINT32_MAX

typedef struct eg_node {
    uint16_t kind;
    bool total;     /* has a finite value wherever its variables have one, overflow apart */
    uint32_t depth; /* of a leaf: 1 */
    uint32_t first; /* arguments: args[first] ... */
    uint32_t count; /* ... and how many */
    uint32_t index; /* which variable or constant */
    eg_rational number;
} eg_node;

typedef struct eg_graph {
    eg_context *ctx;
    eg_node *nodes;
    eg_id *args, *slots; /* `slots`: a hash table of nodes */
    size_t count, capacity, arg_count, arg_capacity, slot_count;
    bool flatten;     /* sums of sums become one sum; else only where terms then combine */
    eg_status status; /* of the first failure; all that is made after it is EG_NONE */
    eg_error *error;
} eg_graph;

void eg_graph_begin(eg_graph *graph, eg_context *ctx, eg_error *error);
void eg_graph_end(eg_graph *graph); /* accepts a zeroed graph */

/* Makers. They take EG_NONE for an argument that failed and give it back. */
eg_id eg_make_number(eg_graph *graph, eg_rational number);
eg_id eg_make_integer(eg_graph *graph, int value);
eg_id eg_make_constant(eg_graph *graph, uint32_t index);
eg_id eg_make_variable(eg_graph *graph, uint32_t index);
eg_id eg_make_sum(eg_graph *graph, const eg_id *terms, size_t count);
eg_id eg_make_product(eg_graph *graph, const eg_id *factors, size_t count);
eg_id eg_make_power(eg_graph *graph, eg_id base, eg_id exponent);
eg_id eg_make_call(eg_graph *graph, eg_function_id function, const eg_id *args);

/* The same in fewer words. */
eg_id eg_add(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_subtract(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_multiply(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_divide(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_negate(eg_graph *graph, eg_id a);
eg_id eg_raise(eg_graph *graph, eg_id base, int exponent);
eg_id eg_call(eg_graph *graph, eg_function_id function, eg_id argument);

/* Puts a node together as it is, or finds it: for the makers only. */
eg_id eg_graph_node(eg_graph *graph, eg_node node, const eg_id *args);
eg_id eg_graph_fail(eg_graph *graph, eg_status status);

/* The node's arguments. Makers may move them. */
static inline const eg_id *eg_args(const eg_graph *graph, eg_id id)
{
    return graph->args + graph->nodes[id].first;
}

static inline bool eg_is_number(const eg_graph *graph, eg_id id)
{
    return graph->nodes[id].kind == EG_NUMBER;
}

/* The number in front of a product, 1 where there is none, or the number itself. */
eg_rational eg_coefficient(const eg_graph *graph, eg_id id);

#endif
