/* SPDX-License-Identifier: MIT */
/* Powers and calls of functions. */
#include <math.h>
#include <string.h>

#include "expr/graph/simplify.h"

/* Exponents of powers of powers are multiplied up to here, beyond it (x^1024)^2 stays. */
static const double largest_exponent = 1024;

/* ---- powers ---- */

static eg_id integer_power(eg_graph *graph, eg_id base, eg_number exponent);

/* (c x y)^n is c^n x^n y^n for an integer n, unless c^n is not exact or not a number. */
static eg_id power_of_product(eg_graph *graph, eg_id base, eg_number exponent)
{
    eg_id args[EG_MAX_FACTORS + 1];
    eg_number coefficient = eg_coefficient(graph, base);
    uint32_t count = graph->nodes[base].count;
    eg_id made = eg_make_number(graph, exponent);
    if (coefficient.num == 0 && exponent.num < -1)
        return eg_raise(graph, integer_power(graph, base, eg_number_negate(exponent)), -1);
    if (!eg_number_is(coefficient, 1) && !eg_number_power(&coefficient, coefficient, exponent))
        return eg_power_node(graph, base, exponent);
    memcpy(args, eg_args(graph, base), count * sizeof *args);
    for (uint32_t i = 0; i < count; i++)
        args[i] = eg_make_power(graph, args[i], made);
    return eg_make_product(graph, args, count);
}

static bool is_positive(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    return node->kind == EG_CONSTANT || (node->kind == EG_NUMBER && node->number.num > 0);
}

/* (x^a)^b is x^(ab) for integers, unless both are negative: 1/(1/x) has no value at 0, and (1/x)^-5 is
 * 1/x^-5. */
static eg_id power_of_power(eg_graph *graph, eg_id power, eg_number exponent)
{
    const eg_node *inner = &graph->nodes[eg_args(graph, power)[1]];
    eg_id base = eg_args(graph, power)[0];
    eg_number product;
    if (inner->kind == EG_NUMBER && inner->number.num > 0 && eg_number_is(exponent, -1))
        return eg_power_node(graph, base, eg_number_negate(inner->number));
    bool integer = inner->kind == EG_NUMBER && eg_number_is_integer(inner->number);
    if (inner->kind != EG_NUMBER || !(integer || is_positive(graph, base)) ||
        !eg_number_multiply(&product, inner->number, exponent) ||
        fabs(product.num) > largest_exponent)
        return eg_power_node(graph, power, exponent);
    if (inner->number.num > 0 || exponent.num > 0 || !integer)
        return eg_make_power(graph, base, eg_make_number(graph, product));
    base = integer_power(graph, base, eg_number_negate(product));
    return base == EG_NONE ? EG_NONE : eg_power_node(graph, base, eg_number_of(-1));
}

static eg_id power_of_number(eg_graph *graph, eg_id base, eg_number exponent)
{
    eg_number folded;
    if (eg_number_power(&folded, graph->nodes[base].number, exponent))
        return eg_make_number(graph, folded);
    if (graph->nodes[base].number.num == 0)
        exponent = eg_number_of(-1); /* all poles at 0 are 1/0 */
    return eg_power_node(graph, base, exponent);
}

static eg_id integer_power(eg_graph *graph, eg_id base, eg_number exponent)
{
    switch (graph->nodes[base].kind) {
    case EG_NUMBER:
        return power_of_number(graph, base, exponent);
    case EG_PRODUCT:
        return power_of_product(graph, base, exponent);
    case EG_POWER:
        return power_of_power(graph, base, exponent);
    default:
        return eg_power_node(graph, base, exponent);
    }
}

static bool is_half(eg_number a)
{
    return a.den == 2 ? fabs(a.num) == 1 : fabs(a.num) == 0.5 && a.den == 1;
}

eg_id eg_make_power(eg_graph *graph, eg_id base, eg_id exponent)
{
    if (base == EG_NONE || exponent == EG_NONE)
        return EG_NONE;
    const eg_node *b = &graph->nodes[base], *e = &graph->nodes[exponent];
    if (e->kind == EG_NUMBER) {
        if (e->number.num == 0)
            return eg_make_integer(graph, 1);
        if (eg_number_is(e->number, 1))
            return base;
        if (is_half(e->number)) {
            int sign = e->number.num < 0 ? -1 : 1;
            return eg_raise(graph, eg_call(graph, EG_F_SQRT, base), sign);
        }
        if (eg_number_is_integer(e->number))
            return integer_power(graph, base, e->number);
    }
    if (b->kind == EG_CONSTANT && b->index == EG_E)
        return eg_call(graph, EG_F_EXP, exponent);
    return eg_graph_node(graph, (eg_node){.kind = EG_POWER, .count = 2}, (eg_id[]){base, exponent});
}

/* ---- calls ---- */

static bool exact_root(eg_number *root, eg_number a)
{
    eg_number square;
    *root = (eg_number){sqrt(a.num), sqrt(a.den)};
    return a.num >= 0 && root->num == floor(root->num) && root->den == floor(root->den) &&
           eg_number_multiply(&square, *root, *root) && square.num == a.num && square.den == a.den;
}

/* f(a) where it is a number without any rounding. */
static bool fold(eg_number *r, eg_function_id function, eg_number a)
{
    double value = eg_number_value(a);
    switch (function) {
    case EG_F_SQRT:
        return exact_root(r, a);
    case EG_F_ABS:
        *r = a.num < 0 ? eg_number_negate(a) : a;
        return true;
    case EG_F_SIGN:
        *r = eg_number_of((a.num > 0) - (a.num < 0));
        return true;
    case EG_F_FLOOR:
        *r = eg_number_of(floor(value));
        return true;
    case EG_F_CEIL:
        *r = eg_number_of(ceil(value));
        return true;
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        *r = eg_number_of(0);
        return eg_number_is(a, 1);
    default:
        *r = eg_number_of(eg_functions[function].zero);
        return a.num == 0 && !isnan(eg_functions[function].zero);
    }
}

static eg_id call_node(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    eg_node node = {.kind = (uint16_t)(EG_CALL + function),
                    .count = (uint32_t)eg_functions[function].arguments};
    return eg_graph_node(graph, node, args);
}

static eg_id call_of_one(eg_graph *graph, eg_function_id function, eg_id argument)
{
    const eg_node *node = &graph->nodes[argument];
    int parity = eg_functions[function].parity;
    eg_number folded;
    if (node->kind == EG_NUMBER && fold(&folded, function, node->number))
        return eg_make_number(graph, folded);
    if (function == EG_F_LOG && node->kind == EG_CONSTANT && node->index == EG_E)
        return eg_make_integer(graph, 1);
    if (function == EG_F_ABS && node->kind == EG_CALL + EG_F_ABS)
        return argument;
    if (parity == 0 || eg_coefficient(graph, argument).num >= 0)
        return call_node(graph, function, &argument);
    argument = eg_negate(graph, argument);
    if (argument == EG_NONE)
        return EG_NONE;
    eg_id made = call_of_one(graph, function, argument);
    return parity > 0 ? made : eg_negate(graph, made);
}

/* min and max of two numbers. */
static eg_id smaller_or_larger(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    double a = eg_number_value(graph->nodes[args[0]].number);
    double b = eg_number_value(graph->nodes[args[1]].number);
    return args[(a < b) == (function == EG_F_MIN) ? 0 : 1];
}

eg_id eg_make_call(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    if (args[0] == EG_NONE)
        return EG_NONE;
    if (eg_functions[function].arguments == 1)
        return call_of_one(graph, function, args[0]);
    if (args[1] == EG_NONE)
        return EG_NONE;
    if (function == EG_F_MIN || function == EG_F_MAX) {
        if (args[0] == args[1])
            return args[0];
        if (eg_is_number(graph, args[0]) && eg_is_number(graph, args[1]))
            return smaller_or_larger(graph, function, args);
    }
    return call_node(graph, function, args);
}
