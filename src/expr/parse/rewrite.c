/* SPDX-License-Identifier: MIT */
/* Functions and comparisons that the parser expresses by others. */
#include "expr/parse/rewrite.h"

#include "expr/graph/fold.h"

enum { MAX_POLYGAMMA = 100, MAX_ROOT = 1000 };

static eg_id integer(eg_graph *graph, int value)
{
    return eg_make_integer(graph, value);
}

static eg_id reciprocal(eg_graph *graph, eg_id a)
{
    return eg_raise(graph, a, -1);
}

static eg_id call2(eg_graph *graph, eg_function_id function, eg_id a, eg_id b)
{
    return eg_make_call(graph, function, (eg_id[]){a, b});
}

/* Returns the condition itself, or a != 0 for any other node. */
static eg_id condition(eg_graph *graph, eg_id a)
{
    if (a == EG_NONE || eg_is_condition(graph, a))
        return a;
    return eg_call(graph, EG_F_NOT, call2(graph, EG_F_EQUAL, a, integer(graph, 0)));
}

/* ---- functions ---- */

/* Returns log(x)/log(base), by the functions of the bases 2 and 10. */
static eg_id logarithm(eg_graph *graph, eg_id x, eg_id base)
{
    if (base == EG_NONE)
        return EG_NONE;
    const eg_node *node = &graph->nodes[base];
    if (node->kind == EG_NUMBER && eg_rational_is(node->number, 2))
        return eg_call(graph, EG_F_LOG2, x);
    if (node->kind == EG_NUMBER && eg_rational_is(node->number, 10))
        return eg_call(graph, EG_F_LOG10, x);
    return eg_divide(graph, eg_call(graph, EG_F_LOG, x), eg_call(graph, EG_F_LOG, base));
}

/* Returns the real n-th root, which negative numbers have for odd n. */
static eg_id root(eg_graph *graph, eg_id x, eg_id order)
{
    if (order == EG_NONE)
        return EG_NONE;
    int n = (int)graph->nodes[order].number.num;
    if (n == 1)
        return x;
    if (n == 2)
        return eg_call(graph, EG_F_SQRT, x);
    if (n == 3)
        return eg_call(graph, EG_F_CBRT, x);
    eg_id exponent = eg_divide(graph, integer(graph, 1), order);
    if (n % 2 == 0)
        return eg_make_power(graph, x, exponent);
    eg_id size = eg_make_power(graph, eg_call(graph, EG_F_ABS, x), exponent);
    return eg_multiply(graph, eg_call(graph, EG_F_SIGN, x), size);
}

/* Returns (1 + sign(x))/2: 0, 1/2 or 1. */
static eg_id heaviside(eg_graph *graph, eg_id x)
{
    eg_id sum = eg_add(graph, integer(graph, 1), eg_call(graph, EG_F_SIGN, x));
    return eg_divide(graph, sum, integer(graph, 2));
}

/* Makes a function that is another one of the reciprocal: asec(x) = acos(1/x). */
static eg_id of_reciprocal(eg_graph *graph, eg_function_id function, eg_id x)
{
    return eg_call(graph, function, reciprocal(graph, x));
}

/* Makes the reciprocal of a function: sec(x) = 1/cos(x). */
static eg_id reciprocal_of(eg_graph *graph, eg_function_id function, eg_id x)
{
    return reciprocal(graph, eg_call(graph, function, x));
}

static eg_id make_trigonometric(eg_graph *graph, int function, eg_id x)
{
    switch (function) {
    case EG_F_SEC:
        return reciprocal_of(graph, EG_F_COS, x);
    case EG_F_CSC:
        return reciprocal_of(graph, EG_F_SIN, x);
    case EG_F_COT:
        return eg_divide(graph, eg_call(graph, EG_F_COS, x), eg_call(graph, EG_F_SIN, x));
    case EG_F_SECH:
        return reciprocal_of(graph, EG_F_COSH, x);
    case EG_F_CSCH:
        return reciprocal_of(graph, EG_F_SINH, x);
    case EG_F_COTH:
        return reciprocal_of(graph, EG_F_TANH, x);
    case EG_F_ASEC:
        return of_reciprocal(graph, EG_F_ACOS, x);
    case EG_F_ACSC:
        return of_reciprocal(graph, EG_F_ASIN, x);
    case EG_F_ACOT:
        return call2(graph, EG_F_ATAN2, integer(graph, 1), x);
    case EG_F_ASECH:
        return of_reciprocal(graph, EG_F_ACOSH, x);
    case EG_F_ACSCH:
        return of_reciprocal(graph, EG_F_ASINH, x);
    default: /* EG_F_ACOTH */
        return of_reciprocal(graph, EG_F_ATANH, x);
    }
}

eg_id eg_make_function(eg_graph *graph, int function, const eg_id *args, size_t count)
{
    function = eg_canonical_function(function);
    switch (function) {
    case EG_F_LOG:
        return count > 1 ? logarithm(graph, args[0], args[1]) : eg_call(graph, EG_F_LOG, args[0]);
    case EG_F_POW:
        return eg_make_power(graph, args[0], args[1]);
    case EG_F_EXP2:
        return eg_make_power(graph, integer(graph, 2), args[0]);
    case EG_F_ROOT:
        return root(graph, args[0], args[1]);
    case EG_F_HEAVISIDE:
        return heaviside(graph, args[0]);
    case EG_F_DIGAMMA:
        return call2(graph, EG_F_POLYGAMMA, integer(graph, 0), args[0]);
    case EG_F_NOT:
        return eg_call(graph, EG_F_NOT, condition(graph, args[0]));
    case EG_F_AND:
    case EG_F_OR:
        return call2(graph, (eg_function_id)function, condition(graph, args[0]),
                     condition(graph, args[1]));
    case EG_F_IF:
        return eg_make_call(graph, EG_F_IF, (eg_id[]){condition(graph, args[0]), args[1], args[2]});
    default:
        return function < EG_FUNCTIONS ? eg_make_call(graph, (eg_function_id)function, args)
                                       : make_trigonometric(graph, function, args[0]);
    }
}

static bool is_whole(const eg_graph *graph, eg_id id, double least, double most)
{
    const eg_node *node = &graph->nodes[id];
    return node->kind == EG_NUMBER && !node->index && eg_rational_is_integer(node->number) &&
           node->number.num >= least && node->number.num <= most;
}

bool eg_order_is_valid(const eg_graph *graph, int function, const eg_id *args)
{
    if (function == EG_F_POLYGAMMA)
        return is_whole(graph, args[0], 0, MAX_POLYGAMMA);
    return function != EG_F_ROOT || is_whole(graph, args[1], 1, MAX_ROOT);
}

/* ---- comparisons ---- */

bool eg_is_comparison(eg_token_kind sign)
{
    return sign >= EG_TOKEN_LESS && sign <= EG_TOKEN_NOT_EQUAL;
}

eg_id eg_make_comparison(eg_graph *graph, eg_token_kind sign, eg_id left, eg_id right)
{
    switch (sign) {
    case EG_TOKEN_LESS:
        return call2(graph, EG_F_LESS, left, right);
    case EG_TOKEN_GREATER:
        return call2(graph, EG_F_LESS, right, left);
    case EG_TOKEN_LESS_EQUAL:
        return eg_call(graph, EG_F_NOT, call2(graph, EG_F_LESS, right, left));
    case EG_TOKEN_GREATER_EQUAL:
        return eg_call(graph, EG_F_NOT, call2(graph, EG_F_LESS, left, right));
    case EG_TOKEN_EQUAL:
        return call2(graph, EG_F_EQUAL, left, right);
    default:
        return eg_call(graph, EG_F_NOT, call2(graph, EG_F_EQUAL, left, right));
    }
}
