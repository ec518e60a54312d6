/* SPDX-License-Identifier: MIT */
/* Calls that are numbers, and simplification of conditions. */
#include "expr/graph/fold.h"

#include <math.h>

static bool exact_root(eg_rational *root, eg_rational a)
{
    eg_rational square;
    *root = (eg_rational){sqrt(a.num), sqrt(a.den)};
    return a.num >= 0 && root->num == floor(root->num) && root->den == floor(root->den) &&
           eg_rational_multiply(&square, *root, *root) && square.num == a.num &&
           square.den == a.den;
}

/* Sets *r to gamma(a) for an integer a whose factorial is a double without rounding. */
static bool fold_gamma(eg_rational *r, eg_rational a)
{
    double factorial = 1;
    if (!eg_rational_is_integer(a) || a.num < 1 || a.num > 19)
        return false;
    for (int k = 2; k < (int)a.num; k++)
        factorial *= k;
    *r = eg_rational_of(factorial);
    return true;
}

bool eg_fold_call(eg_rational *r, eg_function_id function, eg_rational a)
{
    double value = eg_rational_value(a);
    switch (function) {
    case EG_F_SQRT:
        return exact_root(r, a);
    case EG_F_ABS:
        *r = a.num < 0 ? eg_rational_negate(a) : a;
        return true;
    case EG_F_SIGN:
        *r = eg_rational_of((a.num > 0) - (a.num < 0));
        return true;
    case EG_F_NOT:
        *r = eg_rational_of(a.num == 0);
        return true;
    case EG_F_FLOOR:
        *r = eg_rational_of(floor(value));
        return true;
    case EG_F_CEIL:
        *r = eg_rational_of(ceil(value));
        return true;
    case EG_F_ROUND:
        *r = eg_rational_of(round(value));
        return true;
    case EG_F_TRUNC:
        *r = eg_rational_of(trunc(value));
        return true;
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        *r = eg_rational_of(0);
        return eg_rational_is(a, 1);
    case EG_F_GAMMA:
        return fold_gamma(r, a);
    case EG_F_LGAMMA:
        *r = eg_rational_of(0);
        return eg_rational_is(a, 1) || eg_rational_is(a, 2);
    default:
        *r = eg_rational_of(eg_functions[function].zero);
        return a.num == 0 && !isnan(eg_functions[function].zero);
    }
}

/* ---- conditions ---- */

bool eg_is_condition(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    switch (node->kind) {
    case EG_NUMBER:
        return !node->index && (node->number.num == 0 || eg_rational_is(node->number, 1));
    case EG_CALL + EG_F_LESS:
    case EG_CALL + EG_F_EQUAL:
    case EG_CALL + EG_F_AND:
    case EG_CALL + EG_F_OR:
    case EG_CALL + EG_F_NOT:
        return true;
    default:
        return false;
    }
}

static bool is_true(const eg_graph *graph, eg_id id)
{
    return eg_is_number(graph, id) && graph->nodes[id].number.num != 0;
}

static bool is_false(const eg_graph *graph, eg_id id)
{
    return eg_is_number(graph, id) && graph->nodes[id].number.num == 0;
}

/* Compares two numbers: by their doubles, which are in the order of the numbers; doubles that are
 * equal decide only if the numbers are. */
static eg_id fold_comparison(eg_graph *graph, bool less, const eg_id *args)
{
    const eg_node *m = &graph->nodes[args[0]], *n = &graph->nodes[args[1]];
    if (args[0] == args[1] && m->always_defined)
        return eg_make_integer(graph, !less);
    if (m->kind != EG_NUMBER || n->kind != EG_NUMBER)
        return EG_NONE;
    double a = eg_rational_value(m->number), b = eg_rational_value(n->number);
    if (a == b)
        return EG_NONE;
    return eg_make_integer(graph, less && a < b);
}

/* Simplifies and() and or(); `neutral` tests for the argument that leaves the other one, `dominant`
 * for the one that is the result. */
static eg_id fold_pair(const eg_graph *graph, const eg_id *args,
                       bool (*neutral)(const eg_graph *, eg_id),
                       bool (*dominant)(const eg_graph *, eg_id))
{
    for (int i = 0; i < 2; i++) {
        if (dominant(graph, args[i]))
            return args[i];
        if (neutral(graph, args[i]))
            return args[1 - i];
    }
    return args[0] == args[1] ? args[0] : EG_NONE;
}

/* Returns the argument that is the min or max of two numbers, or of equal arguments. */
static eg_id fold_min_max(const eg_graph *graph, bool min, const eg_id *args)
{
    if (args[0] == args[1])
        return args[0];
    if (!eg_is_number(graph, args[0]) || !eg_is_number(graph, args[1]))
        return EG_NONE;
    double a = eg_rational_value(graph->nodes[args[0]].number);
    double b = eg_rational_value(graph->nodes[args[1]].number);
    return args[(a < b) == min ? 0 : 1];
}

eg_id eg_fold_arguments(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    switch (function) {
    case EG_F_MIN:
    case EG_F_MAX:
        return fold_min_max(graph, function == EG_F_MIN, args);
    case EG_F_LESS:
    case EG_F_EQUAL:
        return fold_comparison(graph, function == EG_F_LESS, args);
    case EG_F_AND:
        return fold_pair(graph, args, is_true, is_false);
    case EG_F_OR:
        return fold_pair(graph, args, is_false, is_true);
    case EG_F_NOT:
        if (graph->nodes[args[0]].kind == EG_CALL + EG_F_NOT)
            return eg_args(graph, args[0])[0];
        return EG_NONE;
    case EG_F_IF:
        if (eg_is_number(graph, args[0]))
            return is_true(graph, args[0]) ? args[1] : args[2];
        return args[1] == args[2] && graph->nodes[args[0]].always_defined ? args[1] : EG_NONE;
    default:
        return EG_NONE;
    }
}
