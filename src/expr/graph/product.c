/* SPDX-License-Identifier: MIT */
/* Products and powers. The factors of a product are one number in front, then
 * powers with the powers of equal bases merged, in a canonical order. Products
 * and powers are in one file because each is made from the other. */
#include <math.h>
#include <string.h>

#include "expr/graph/factors.h"
#include "expr/graph/fold.h"
#include "expr/graph/sign.h"

eg_id eg_power_node(eg_graph *graph, eg_id base, eg_rational exponent)
{
    eg_id args[2] = {base, EG_NONE};
    if (eg_rational_is(exponent, 1))
        return base;
    args[1] = eg_make_number(graph, exponent);
    if (args[1] == EG_NONE)
        return EG_NONE;
    return eg_graph_intern(graph, (eg_node){.kind = EG_POWER, .count = 2}, args);
}

static eg_id factor_node(eg_graph *graph, const eg_factor *f)
{
    unsigned kind = graph->nodes[f->base].kind;
    eg_rational exponent = f->inverted ? eg_rational_negate(f->exponent) : f->exponent;
    eg_id result = kind == EG_POWER || kind == EG_NUMBER || !eg_rational_is_integer(exponent)
                       ? eg_make_power(graph, f->base, eg_make_number(graph, exponent))
                       : eg_power_node(graph, f->base, exponent);
    if (!f->inverted || result == EG_NONE)
        return result;
    return eg_power_node(graph, result, eg_rational_of(-1));
}

/* Returns the node of the product of all factors. */
static eg_id factors_node(eg_graph *graph, eg_factor_list *list, bool with_coefficient)
{
    eg_id args[EG_MAX_FACTORS + 1];
    uint32_t count = 0;
    eg_sort_factors(graph, list);
    if (with_coefficient)
        args[count++] = eg_make_number(graph, list->coefficient);
    for (size_t i = 0; i < list->count; i++)
        args[count++] = factor_node(graph, &list->factors[i]);
    if (graph->status != EG_OK)
        return EG_NONE;
    if (count == 1)
        return args[0];
    return eg_graph_intern(graph, (eg_node){.kind = EG_PRODUCT, .count = count}, args);
}

static void add_factor(eg_graph *graph, eg_factor_list *list, eg_factor added)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_factor merged = list->factors[i];
        if (!eg_merge_factors(graph, &merged, &added))
            continue;
        added = merged;
        list->count--;
        memmove(&list->factors[i], &list->factors[i + 1], (list->count - i) * sizeof added);
        if (added.exponent.num == 0)
            return;
        i = (size_t)-1; /* start over: the merged factor may merge with others */
    }
    if (list->count == EG_MAX_FACTORS) {
        list->factors[0] = (eg_factor){factors_node(graph, list, false), eg_rational_of(1), false};
        list->count = 1;
    }
    list->factors[list->count++] = added;
}

static bool is_numeric_power(const eg_graph *graph, eg_id id)
{
    return graph->nodes[id].kind == EG_POWER && eg_is_number(graph, eg_args(graph, id)[1]);
}

static eg_rational exponent_of(const eg_graph *graph, eg_id power)
{
    return graph->nodes[eg_args(graph, power)[1]].number;
}

static void add_node_factor(eg_graph *graph, eg_factor_list *list, eg_id id);

/* Merges a^b into the factor a^c of the same positive base. Returns a^(b + c)
 * and removes the factor; EG_NONE if there is none. The exponents are no
 * numbers. */
static eg_id merge_power(eg_graph *graph, eg_factor_list *list, eg_id power)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_id other = list->factors[i].base, base = eg_args(graph, power)[0];
        if (graph->nodes[other].kind != EG_POWER || eg_args(graph, other)[0] != base ||
            !eg_rational_is(list->factors[i].exponent, 1) || list->factors[i].inverted)
            continue;
        eg_id sum = eg_add(graph, eg_args(graph, other)[1], eg_args(graph, power)[1]);
        list->count--;
        memmove(&list->factors[i], &list->factors[i + 1],
                (list->count - i) * sizeof *list->factors);
        return eg_make_power(graph, base, sum);
    }
    return EG_NONE;
}

/* Adds a factor that is an exponential, to be merged. Returns false if it is
 * none. */
static bool add_exponential(eg_graph *graph, eg_factor_list *list, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_CALL + EG_F_EXP) {
        eg_id argument = eg_args(graph, id)[0];
        list->exponent =
            list->exponent == EG_NONE ? argument : eg_add(graph, list->exponent, argument);
        return true;
    }
    if (node->kind != EG_POWER || is_numeric_power(graph, id) ||
        eg_sign_of(graph, eg_args(graph, id)[0]) != EG_POSITIVE)
        return false;
    eg_id merged = merge_power(graph, list, id);
    if (merged == EG_NONE)
        return false;
    add_node_factor(graph, list, merged);
    return true;
}

static void add_node_factor(eg_graph *graph, eg_factor_list *list, eg_id id)
{
    if (eg_is_number(graph, id)) {
        eg_rational number = graph->nodes[id].number;
        if (eg_rational_multiply(&list->coefficient, list->coefficient, number))
            return;
        if (number.num < 0) { /* the sign goes to the first number */
            list->coefficient = eg_rational_negate(list->coefficient);
            id = eg_make_number(graph, eg_rational_negate(number));
        }
    }
    if (id == EG_NONE || add_exponential(graph, list, id))
        return;
    eg_factor f = {id, eg_rational_of(1), false};
    if (is_numeric_power(graph, id))
        f = (eg_factor){eg_args(graph, id)[0], exponent_of(graph, id), false};
    if (eg_rational_is(f.exponent, -1) && is_numeric_power(graph, f.base) &&
        exponent_of(graph, f.base).num < 0)
        f = (eg_factor){eg_args(graph, f.base)[0], eg_rational_negate(exponent_of(graph, f.base)),
                        true};
    add_factor(graph, list, f);
}

/* Adds exp() of the sum of exponents, which may be a number or another node
 * than a call of exp(). */
static void add_exponential_node(eg_graph *graph, eg_factor_list *list)
{
    eg_id id = eg_call(graph, EG_F_EXP, list->exponent);
    if (id == EG_NONE)
        return;
    list->exponent = EG_NONE;
    if (graph->nodes[id].kind == EG_CALL + EG_F_EXP)
        add_factor(graph, list, (eg_factor){id, eg_rational_of(1), false});
    else
        add_node_factor(graph, list, id);
}

/* ---- the product ---- */

/* Returns true if all factors are defined everywhere, so that 0 times them is
 * 0. */
static bool all_always_defined(eg_graph *graph, const eg_factor_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_id id = factor_node(graph, &list->factors[i]);
        if (id == EG_NONE || !graph->nodes[id].always_defined)
            return false;
    }
    return true;
}

/* Makes a product of a graph as typed, which merges only the sign of an exact
 * number. */
static eg_id typed_product(eg_graph *graph, const eg_id *ids, size_t count)
{
    const eg_node *first = &graph->nodes[ids[0]], *last = &graph->nodes[ids[count - 1]];
    if (count == 2 && first->kind == EG_NUMBER && last->kind == EG_NUMBER && !last->index &&
        eg_rational_is(first->number, -1))
        return eg_make_number(graph, eg_rational_negate(last->number));
    return eg_graph_intern(graph, (eg_node){.kind = EG_PRODUCT, .count = (uint32_t)count}, ids);
}

eg_id eg_make_product(eg_graph *graph, const eg_id *ids, size_t count)
{
    eg_factor_list list = {.coefficient = eg_rational_of(1), .exponent = EG_NONE};
    for (size_t i = 0; i < count && graph->status == EG_OK; i++) {
        if (ids[i] == EG_NONE)
            return EG_NONE;
        if (graph->as_typed)
            continue;
        if (graph->nodes[ids[i]].kind != EG_PRODUCT) {
            add_node_factor(graph, &list, ids[i]);
            continue;
        }
        for (size_t k = 0; k < graph->nodes[ids[i]].count && graph->status == EG_OK; k++)
            add_node_factor(graph, &list, eg_args(graph, ids[i])[k]);
    }
    if (graph->status != EG_OK)
        return EG_NONE;
    if (graph->as_typed)
        return typed_product(graph, ids, count);
    if (list.exponent != EG_NONE)
        add_exponential_node(graph, &list);
    if (graph->status != EG_OK)
        return EG_NONE;
    if (list.count == 0 || (list.coefficient.num == 0 && all_always_defined(graph, &list)))
        return eg_make_number(graph, list.coefficient);
    return factors_node(graph, &list, !eg_rational_is(list.coefficient, 1));
}

/* Largest exponent that (x^a)^b is merged to; (x^1024)^2 is kept as it is. */
static const double largest_exponent = 1024;

/* ---- powers ---- */

static eg_id integer_power(eg_graph *graph, eg_id base, eg_rational exponent);

/* Returns (c x y)^n as c^n x^n y^n for an integer n; as a power of the product
 * if c^n is not finite and exact. */
static eg_id power_of_product(eg_graph *graph, eg_id base, eg_rational exponent)
{
    eg_id args[EG_MAX_FACTORS + 1];
    eg_rational coefficient = eg_coefficient(graph, base);
    uint32_t count = graph->nodes[base].count;
    eg_id result = eg_make_number(graph, exponent);
    if (coefficient.num == 0 && exponent.num < -1)
        return eg_raise(graph, integer_power(graph, base, eg_rational_negate(exponent)), -1);
    if (!eg_rational_is(coefficient, 1) && !eg_rational_power(&coefficient, coefficient, exponent))
        return eg_power_node(graph, base, exponent);
    memcpy(args, eg_args(graph, base), count * sizeof *args);
    for (uint32_t i = 0; i < count; i++)
        args[i] = eg_make_power(graph, args[i], result);
    return eg_make_product(graph, args, count);
}

static bool is_positive(const eg_graph *graph, eg_id id)
{
    return eg_sign_of(graph, id) == EG_POSITIVE;
}

/* Returns (x^a)^b, as x^(ab) if that has the same domain. It has not if both
 * are negative: 1/(1/x) has no value at 0, and (1/x)^-5 becomes 1/x^-5. */
static eg_id power_of_power(eg_graph *graph, eg_id power, eg_rational exponent)
{
    const eg_node *inner = &graph->nodes[eg_args(graph, power)[1]];
    eg_id base = eg_args(graph, power)[0];
    eg_rational product;
    if (inner->kind == EG_NUMBER && inner->number.num > 0 && eg_rational_is(exponent, -1))
        return eg_power_node(graph, base, eg_rational_negate(inner->number));
    bool integer = inner->kind == EG_NUMBER && eg_rational_is_integer(inner->number);
    if (inner->kind != EG_NUMBER || !(integer || is_positive(graph, base)) ||
        !eg_rational_multiply(&product, inner->number, exponent) ||
        fabs(product.num) > largest_exponent)
        return eg_power_node(graph, power, exponent);
    if (inner->number.num > 0 || exponent.num > 0 || is_positive(graph, base))
        return eg_make_power(graph, base, eg_make_number(graph, product));
    base = integer_power(graph, base, eg_rational_negate(product));
    return base == EG_NONE ? EG_NONE : eg_power_node(graph, base, eg_rational_of(-1));
}

static eg_id power_of_number(eg_graph *graph, eg_id base, eg_rational exponent)
{
    eg_rational folded;
    if (eg_rational_power(&folded, graph->nodes[base].number, exponent))
        return eg_make_number(graph, folded);
    if (graph->nodes[base].number.num == 0)
        exponent = eg_rational_of(-1); /* every negative power of 0 is 1/0 */
    return eg_power_node(graph, base, exponent);
}

/* Returns sqrt(x)^n, as a power of x for even n if x is never negative. */
static eg_id power_of_root(eg_graph *graph, eg_id root, eg_rational exponent)
{
    eg_id base = eg_args(graph, root)[0];
    if (fmod(exponent.num, 2) != 0 || eg_sign_of(graph, base) == EG_ANY_SIGN)
        return eg_power_node(graph, root, exponent);
    return eg_make_power(graph, base, eg_make_number(graph, eg_rational_of(exponent.num / 2)));
}

static eg_id integer_power(eg_graph *graph, eg_id base, eg_rational exponent)
{
    switch (graph->nodes[base].kind) {
    case EG_NUMBER:
        return power_of_number(graph, base, exponent);
    case EG_PRODUCT:
        return power_of_product(graph, base, exponent);
    case EG_POWER:
        return power_of_power(graph, base, exponent);
    case EG_CALL + EG_F_ABS:
        if (fmod(exponent.num, 2) == 0)
            return eg_make_power(graph, eg_args(graph, base)[0], eg_make_number(graph, exponent));
        return eg_power_node(graph, base, exponent);
    case EG_CALL + EG_F_SQRT:
        return power_of_root(graph, base, exponent);
    default:
        return eg_power_node(graph, base, exponent);
    }
}

static bool is_half(eg_rational a)
{
    return a.den == 2 ? fabs(a.num) == 1 : fabs(a.num) == 0.5 && a.den == 1;
}

/* Returns true for exp(a) and for a power of a positive base whose exponent is
 * no number. */
static bool has_positive_base(const eg_graph *graph, eg_id id)
{
    unsigned kind = graph->nodes[id].kind;
    return kind == EG_CALL + EG_F_EXP || (kind == EG_POWER && !is_numeric_power(graph, id) &&
                                          is_positive(graph, eg_args(graph, id)[0]));
}

eg_id eg_make_power(eg_graph *graph, eg_id base, eg_id exponent)
{
    if (base == EG_NONE || exponent == EG_NONE)
        return EG_NONE;
    const eg_node *b = &graph->nodes[base], *e = &graph->nodes[exponent];
    if (e->kind == EG_NUMBER && !graph->as_typed) {
        if (e->number.num == 0)
            return eg_make_integer(graph, 1);
        if (eg_rational_is(e->number, 1))
            return base;
    }
    if (!graph->as_typed && has_positive_base(graph, base)) { /* exp(a)^b, (2^a)^b */
        const eg_id *inner = eg_args(graph, base);
        if (b->kind == EG_POWER)
            return eg_make_power(graph, inner[0], eg_multiply(graph, inner[1], exponent));
        return eg_call(graph, EG_F_EXP, eg_multiply(graph, inner[0], exponent));
    }
    if (e->kind == EG_NUMBER && !graph->as_typed) {
        if (is_half(e->number)) {
            int sign = e->number.num < 0 ? -1 : 1;
            return eg_raise(graph, eg_call(graph, EG_F_SQRT, base), sign);
        }
        if (eg_rational_is_integer(e->number))
            return integer_power(graph, base, e->number);
    }
    if (b->kind == EG_CONSTANT && b->index == EG_E && !graph->as_typed)
        return eg_call(graph, EG_F_EXP, exponent);
    return eg_graph_intern(graph, (eg_node){.kind = EG_POWER, .count = 2},
                           (eg_id[]){base, exponent});
}

/* ---- calls ---- */

static eg_id call_node(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    eg_node node = {.kind = (uint16_t)(EG_CALL + function),
                    .count = (uint32_t)eg_functions[function].arguments};
    return eg_graph_intern(graph, node, args);
}

static bool is_square(const eg_graph *graph, eg_id id)
{
    return is_numeric_power(graph, id) && eg_rational_is(exponent_of(graph, id), 2);
}

static eg_id make_unary_call(eg_graph *graph, eg_function_id function, eg_id argument)
{
    const eg_node *node = &graph->nodes[argument];
    int parity = eg_functions[function].parity;
    eg_rational folded;
    if (node->kind == EG_NUMBER && eg_fold_call(&folded, function, node->number))
        return eg_make_number(graph, folded);
    if (function == EG_F_LOG && node->kind == EG_CONSTANT && node->index == EG_E)
        return eg_make_integer(graph, 1);
    if (function == EG_F_LOG && node->kind == EG_CALL + EG_F_EXP)
        return eg_args(graph, argument)[0];
    if (function == EG_F_EXP && node->kind == EG_CALL + EG_F_LOG &&
        is_positive(graph, eg_args(graph, argument)[0]))
        return eg_args(graph, argument)[0];
    if (function == EG_F_ABS && eg_sign_of(graph, argument) != EG_ANY_SIGN)
        return argument;
    if (function == EG_F_SIGN && node->always_defined && is_positive(graph, argument))
        return eg_make_integer(graph, 1);
    if (function == EG_F_SQRT && node->kind == EG_CALL + EG_F_EXP)
        return eg_call(graph, EG_F_EXP,
                       eg_divide(graph, eg_args(graph, argument)[0], eg_make_integer(graph, 2)));
    if (function == EG_F_SQRT && is_square(graph, argument))
        return make_unary_call(graph, EG_F_ABS, eg_args(graph, argument)[0]);
    if (parity == 0 || eg_coefficient(graph, argument).num >= 0)
        return call_node(graph, function, &argument);
    argument = eg_negate(graph, argument);
    if (argument == EG_NONE)
        return EG_NONE;
    eg_id result = make_unary_call(graph, function, argument);
    return parity > 0 ? result : eg_negate(graph, result);
}

eg_id eg_make_call(eg_graph *graph, eg_function_id function, const eg_id *args)
{
    for (int i = 0; i < eg_functions[function].arguments; i++)
        if (args[i] == EG_NONE)
            return EG_NONE;
    if (graph->as_typed)
        return call_node(graph, function, args);
    eg_id folded = eg_fold_arguments(graph, function, args);
    if (folded != EG_NONE)
        return folded;
    if (function == EG_F_EQUAL && eg_is_number(graph, args[0]) && !eg_is_number(graph, args[1]))
        return call_node(graph, function, (eg_id[]){args[1], args[0]});
    if (eg_functions[function].arguments == 1)
        return make_unary_call(graph, function, args[0]);
    return call_node(graph, function, args);
}

/* ---- shorthand ---- */

eg_id eg_add(eg_graph *graph, eg_id a, eg_id b)
{
    return eg_make_sum(graph, (eg_id[]){a, b}, 2);
}

eg_id eg_subtract(eg_graph *graph, eg_id a, eg_id b)
{
    return eg_add(graph, a, eg_negate(graph, b));
}

eg_id eg_multiply(eg_graph *graph, eg_id a, eg_id b)
{
    return eg_make_product(graph, (eg_id[]){a, b}, 2);
}

eg_id eg_divide(eg_graph *graph, eg_id a, eg_id b)
{
    return eg_multiply(graph, a, eg_raise(graph, b, -1));
}

eg_id eg_negate(eg_graph *graph, eg_id a)
{
    return eg_multiply(graph, eg_make_integer(graph, -1), a);
}

eg_id eg_raise(eg_graph *graph, eg_id base, int exponent)
{
    return eg_make_power(graph, base, eg_make_integer(graph, exponent));
}

eg_id eg_call(eg_graph *graph, eg_function_id function, eg_id argument)
{
    return eg_make_call(graph, function, (eg_id[2]){argument, EG_NONE});
}
