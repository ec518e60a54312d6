/* SPDX-License-Identifier: MIT */
/*
 * The graph of an expression: nodes are simplified as they are made, and equal nodes are made only
 * once. The arguments of a node come before it, so every pass over the graph is a loop.
 *
 * Simplification keeps the function and its domain. It may change only the rounding of values, and
 * values where a subexpression of finite arguments overflows or underflows. It keeps x/x (which has
 * no value at 0), x^2/x, exp(log(x)) and 0*log(x), but rewrites x/x^2 as 1/x, 0*sin(x) as 0,
 * (x^2 + 1)/(x^2 + 1) as 1 and sin(x)^2 + cos(x)^2 as 1.
 */
#ifndef EG_EXPR_GRAPH_GRAPH_H
#define EG_EXPR_GRAPH_GRAPH_H

#include <stdint.h>

#include "edgegrad.h"
#include "expr/graph/rational.h"

/* A call of function f of functions.def has kind EG_CALL + f. */
typedef enum eg_kind {
    EG_NUMBER,
    EG_CONSTANT, /* pi, e, tau, or a literal of more digits than a number keeps */
    EG_VARIABLE,
    EG_SUM,     /* two terms or more, in the order typed */
    EG_PRODUCT, /* factors, numbers first: one, or those whose product has too many digits; a
                   quotient has powers with negative exponents */
    EG_POWER,   /* base and exponent */
    EG_CALL
} eg_kind;

typedef enum eg_function_id {
#define FUNCTION(id, name, arguments, always_defined, parity, zero, help) EG_F_##id,
#include "expr/functions.def"
#undef FUNCTION
    EG_FUNCTIONS
} eg_function_id;

typedef struct eg_function {
    const char *name, *help;
    int arguments, parity;
    bool always_defined;
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
    bool always_defined; /* finite for all finite values of its variables, except for overflow */
    uint32_t depth;      /* height of the subgraph; 1 for a leaf */
    uint32_t first;      /* index of the first argument in eg_graph.args */
    uint32_t count;      /* number of arguments */
    uint32_t index;      /* index of the variable or constant; EG_CONSTANTS + offset of its literal,
                            of a literal whose double is `number`. Of an EG_NUMBER of a graph as typed:
                            1 + offset of its literal, 0 if `number` is exact */
    eg_rational number;  /* value of an EG_NUMBER */
} eg_node;

typedef struct eg_graph {
    eg_context *ctx;
    eg_node *nodes;
    eg_id *args;    /* the arguments of all nodes */
    eg_id *buckets; /* hash table of node ids, EG_NONE where empty */
    char *literals; /* texts of the literals, each ended by a 0 */
    size_t count, capacity, arg_count, arg_capacity, bucket_count, literal_count, literal_capacity;
    bool flatten;     /* merge sums of sums into one sum; else only where like terms then combine */
    bool as_typed;    /* keep the nodes as they are made, without any simplification or rounding */
    eg_status status; /* status of the first failure; every node made after it is EG_NONE */
    eg_error *error;
} eg_graph;

void eg_graph_init(eg_graph *graph, eg_context *ctx, eg_error *error);
void eg_graph_free(eg_graph *graph); /* accepts a zeroed graph */

/*
 * Each eg_make_ function returns the simplified node, or EG_NONE if it fails or an argument is
 * EG_NONE. A failure is recorded in graph->status. They may move the array behind eg_args().
 */
eg_id eg_make_number(eg_graph *graph, eg_rational number);
eg_id eg_make_integer(eg_graph *graph, int value);

/* Makes the number that a decimal text of `length` bytes spells; `value` is the nearest double. A
 * graph as typed keeps the text unless the double is exactly that number, a simplified one, where
 * it then is a positive constant, only if the digits cannot be recovered from the double. */
eg_id eg_make_literal(eg_graph *graph, const char *text, size_t length, double value);
eg_id eg_make_constant(eg_graph *graph, uint32_t index);
eg_id eg_make_variable(eg_graph *graph, uint32_t index);
eg_id eg_make_sum(eg_graph *graph, const eg_id *terms, size_t count);
eg_id eg_make_product(eg_graph *graph, const eg_id *factors, size_t count);
eg_id eg_make_power(eg_graph *graph, eg_id base, eg_id exponent);
eg_id eg_make_call(eg_graph *graph, eg_function_id function, const eg_id *args);

/* Shorthands for the functions above. */
eg_id eg_add(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_subtract(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_multiply(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_divide(eg_graph *graph, eg_id a, eg_id b);
eg_id eg_negate(eg_graph *graph, eg_id a);
eg_id eg_raise(eg_graph *graph, eg_id base, int exponent);
eg_id eg_call(eg_graph *graph, eg_function_id function, eg_id argument);

/* Returns the node equal to `node`, which is added as it is if there is none. Called by the
 * eg_make_ functions only. */
eg_id eg_graph_intern(eg_graph *graph, eg_node node, const eg_id *args);

/* Records the first failure and returns EG_NONE. */
eg_id eg_graph_fail(eg_graph *graph, eg_status status);

/* Returns the arguments of a node. The pointer is valid until the next node is made. */
static inline const eg_id *eg_args(const eg_graph *graph, eg_id id)
{
    return graph->args + graph->nodes[id].first;
}

/* Returns the text of a number node of a graph as typed, NULL if its double is exact. */
static inline const char *eg_literal(const eg_graph *graph, const eg_node *node)
{
    return node->index ? graph->literals + node->index - 1 : NULL;
}

/* Returns the text of an EG_CONSTANT that is a literal, NULL if it is pi, e or tau. */
static inline const char *eg_constant_literal(const eg_graph *graph, const eg_node *node)
{
    return node->index < EG_CONSTANTS ? NULL : graph->literals + node->index - EG_CONSTANTS;
}

static inline bool eg_is_number(const eg_graph *graph, eg_id id)
{
    return graph->nodes[id].kind == EG_NUMBER;
}

/* Returns the numeric factor of a product (1 if it has none), the number itself for a number,
 * else 1. */
eg_rational eg_coefficient(const eg_graph *graph, eg_id id);

#endif
