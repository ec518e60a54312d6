/* SPDX-License-Identifier: MIT */
/* Prints the graph as text that parses back to the same function. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/expr.h"

enum { MAX_TEXT = 1 << 20 };

typedef struct printer {
    const eg_expr *expr;
    const eg_graph *graph;
    char *out;
    size_t size, length;
} printer;

/* Operator precedence, weakest first. */
typedef enum precedence { CONDITION, SUM, PRODUCT, POWER, ATOM } precedence;

static void print_node(printer *p, eg_id id, precedence outer);

static void append_text(printer *p, const char *text)
{
    size_t n = strlen(text);
    if (p->length < p->size)
        memcpy(p->out + p->length, text, p->size - p->length < n ? p->size - p->length : n);
    p->length += n;
}

/* Returns true once the text exceeds MAX_TEXT. Shared subexpressions are printed at each use, so
 * the text can be exponentially longer than the graph. */
static bool too_long(const printer *p)
{
    return p->length > MAX_TEXT;
}

static void append_number(printer *p, double value)
{
    char text[EG_DECIMAL_TEXT];
    eg_rational_print(text, value);
    append_text(p, text);
}

static void print_number(printer *p, eg_rational number, precedence outer)
{
    bool unparenthesized = (number.num >= 0 || outer <= SUM) && (number.den == 1 || outer < POWER);
    append_text(p, unparenthesized ? "" : "(");
    append_number(p, number.num);
    if (number.den != 1) {
        append_text(p, "/");
        append_number(p, number.den);
    }
    append_text(p, unparenthesized ? "" : ")");
}

static void print_arguments(printer *p, const eg_id *args, size_t count)
{
    for (size_t i = 0; i < count && !too_long(p); i++) {
        append_text(p, i ? ", " : "");
        print_node(p, args[i], CONDITION);
    }
}

static void print_call(printer *p, const char *name, const eg_id *args, size_t count)
{
    append_text(p, name);
    append_text(p, "(");
    print_arguments(p, args, count);
    append_text(p, ")");
}

/* Prints min(min(a, b), c) as min(a, b, c), without the name. */
static void print_nested(printer *p, unsigned kind, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    if (p->graph->nodes[args[0]].kind == kind && !too_long(p))
        print_nested(p, kind, args[0]);
    else
        print_arguments(p, args, 1);
    append_text(p, ", ");
    print_arguments(p, args + 1, 1);
}

/* Returns the exponent of a power with a numeric exponent, 1 for any other node. */
static eg_rational exponent_of(const printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    if (node->kind == EG_POWER && eg_is_number(p->graph, eg_args(p->graph, id)[1]))
        return p->graph->nodes[eg_args(p->graph, id)[1]].number;
    return eg_rational_of(1);
}

/* Returns true if the factor is printed in the denominator, which is if its exponent is negative.
 * 1/0 is not, because 1/(0*x) would be read back as 1/0. */
static bool in_denominator(const printer *p, eg_id id)
{
    eg_id base = exponent_of(p, id).num < 0 ? eg_args(p->graph, id)[0] : id;
    return base != id && !(eg_is_number(p->graph, base) && p->graph->nodes[base].number.num == 0);
}

/* Prints base^-exponent, the reciprocal of the factor. */
static void print_reciprocal(printer *p, eg_id id)
{
    eg_rational exponent = eg_rational_negate(exponent_of(p, id));
    bool plain = eg_rational_is(exponent, 1);
    print_node(p, eg_args(p->graph, id)[0], plain ? POWER : ATOM);
    if (!plain) {
        append_text(p, "^");
        print_number(p, exponent, ATOM);
    }
}

/* Part of a fraction that a factor is printed in: the numerator, the denominator, or the
 * denominator of that, as z in x/(y/z). */
typedef enum part { NUMERATOR, DENOMINATOR, INNER } part;

static part part_of(const printer *p, eg_id id)
{
    if (!in_denominator(p, id))
        return NUMERATOR;
    eg_id base = eg_args(p->graph, id)[0];
    if (!eg_rational_is(exponent_of(p, id), -1) || !in_denominator(p, base))
        return DENOMINATOR;
    return in_denominator(p, eg_args(p->graph, base)[0]) ? DENOMINATOR : INNER;
}

static void print_factor(printer *p, eg_id id, part where)
{
    if (where == NUMERATOR)
        print_node(p, id, POWER);
    else
        print_reciprocal(p, where == INNER ? eg_args(p->graph, id)[0] : id);
}

/* Prints the number and then the factors of one part. Returns how many there are. */
static size_t print_factors(printer *p, const eg_id *factors, size_t count, double number,
                            part where)
{
    size_t printed = 0;
    if (number != 1) {
        append_number(p, number);
        printed++;
    }
    for (size_t i = 0; i < count && !too_long(p); i++) {
        if (part_of(p, factors[i]) != where)
            continue;
        append_text(p, printed++ ? "*" : "");
        print_factor(p, factors[i], where);
    }
    return printed;
}

static size_t count_factors(const printer *p, const eg_id *factors, size_t count, part where)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += part_of(p, factors[i]) == where;
    return found;
}

/* Prints a product without its sign. A denominator that is only 1/z is printed as such. */
static void print_quotient(printer *p, const eg_id *factors, size_t count, eg_rational number)
{
    size_t below = count_factors(p, factors, count, DENOMINATOR) + (number.den != 1);
    size_t inner = count_factors(p, factors, count, INNER), all = below + inner;
    if (print_factors(p, factors, count, fabs(number.num), NUMERATOR) == 0)
        append_text(p, "1");
    if (!all)
        return;
    append_text(p, all > 1 ? "/(" : "/");
    if (print_factors(p, factors, count, number.den, DENOMINATOR) == 0 && all > 1)
        append_text(p, "1");
    if (inner && all > 1) {
        append_text(p, inner > 1 ? "/(" : "/");
        print_factors(p, factors, count, 1, INNER);
        append_text(p, inner > 1 ? ")" : "");
    }
    for (size_t i = 0; i < count && inner && all == 1; i++)
        if (part_of(p, factors[i]) == INNER)
            print_reciprocal(p, factors[i]);
    append_text(p, all > 1 ? ")" : "");
}

static void print_product(printer *p, eg_id id, bool with_sign)
{
    const eg_id *args = eg_args(p->graph, id);
    size_t count = p->graph->nodes[id].count;
    bool has_coefficient = eg_is_number(p->graph, args[0]);
    eg_rational number = eg_coefficient(p->graph, id);
    if (with_sign && number.num < 0)
        append_text(p, "-");
    print_quotient(p, args + has_coefficient, count - has_coefficient, number);
}

static void print_sum(printer *p, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    for (size_t i = 0; i < p->graph->nodes[id].count && !too_long(p); i++) {
        eg_rational number = eg_coefficient(p->graph, args[i]);
        bool minus = i > 0 && number.num < 0;
        append_text(p, i == 0 ? "" : minus ? " - " : " + ");
        if (!minus)
            print_node(p, args[i], i == 0 ? SUM : PRODUCT);
        else if (eg_is_number(p->graph, args[i]))
            print_number(p, eg_rational_negate(number), PRODUCT);
        else
            print_product(p, args[i], false);
    }
}

static void print_power(printer *p, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    if (exponent_of(p, id).num < 0) {
        append_text(p, "1/");
        print_reciprocal(p, id);
        return;
    }
    print_node(p, args[0], ATOM);
    append_text(p, "^");
    print_node(p, args[1], ATOM);
}

/* Returns the comparison that the node is, or is the negation of; EG_NONE if it is neither. */
static eg_id comparison_of(const printer *p, eg_id id)
{
    if (p->graph->nodes[id].kind == EG_CALL + EG_F_NOT)
        id = eg_args(p->graph, id)[0];
    unsigned kind = p->graph->nodes[id].kind;
    return kind == EG_CALL + EG_F_LESS || kind == EG_CALL + EG_F_EQUAL ? id : EG_NONE;
}

/* Prints a comparison, with a number on its right. */
static void print_comparison(printer *p, eg_id comparison, bool negated)
{
    const eg_id *args = eg_args(p->graph, comparison);
    bool equal = p->graph->nodes[comparison].kind == EG_CALL + EG_F_EQUAL;
    bool swapped = negated != eg_is_number(p->graph, args[negated]);
    if (equal)
        swapped = false;
    print_node(p, args[swapped], SUM);
    if (equal)
        append_text(p, negated ? " != " : " == ");
    else
        append_text(p, swapped ? negated ? " <= " : " > " : negated ? " >= " : " < ");
    print_node(p, args[!swapped], SUM);
}

static void print_function(printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    const eg_id *args = eg_args(p->graph, id);
    eg_id comparison = comparison_of(p, id);
    if (comparison != EG_NONE)
        print_comparison(p, comparison, comparison != id);
    else if (node->kind == EG_CALL + EG_F_POLYGAMMA && p->graph->nodes[args[0]].number.num == 0)
        print_call(p, "digamma", args + 1, 1);
    else if (node->kind == EG_CALL + EG_F_MIN || node->kind == EG_CALL + EG_F_MAX) {
        append_text(p, eg_functions[node->kind - EG_CALL].name);
        append_text(p, "(");
        print_nested(p, node->kind, id);
        append_text(p, ")");
    } else
        print_call(p, eg_functions[node->kind - EG_CALL].name, args, node->count);
}

static precedence node_precedence(const printer *p, eg_id id)
{
    switch (p->graph->nodes[id].kind) {
    case EG_SUM:
        return SUM;
    case EG_PRODUCT:
        return eg_coefficient(p->graph, id).num < 0 ? SUM : PRODUCT;
    case EG_POWER:
        return exponent_of(p, id).num < 0 ? PRODUCT : POWER;
    default:
        return comparison_of(p, id) == EG_NONE ? ATOM : CONDITION;
    }
}

static void print_inside(printer *p, eg_id id, precedence outer)
{
    const eg_node *node = &p->graph->nodes[id];
    const char *literal;
    switch (node->kind) {
    case EG_NUMBER:
        print_number(p, node->number, outer);
        return;
    case EG_CONSTANT:
        literal = eg_constant_literal(p->graph, node);
        append_text(p, literal ? literal : eg_constant_names[node->index]);
        return;
    case EG_VARIABLE:
        append_text(p, p->expr->names[node->index]);
        return;
    case EG_SUM:
        print_sum(p, id);
        return;
    case EG_PRODUCT:
        print_product(p, id, true);
        return;
    case EG_POWER:
        print_power(p, id);
        return;
    default:
        print_function(p, id);
    }
}

static void print_node(printer *p, eg_id id, precedence outer)
{
    if (too_long(p))
        return;
    bool unparenthesized = node_precedence(p, id) >= outer;
    append_text(p, unparenthesized ? "" : "(");
    print_inside(p, id, unparenthesized ? outer : CONDITION);
    append_text(p, unparenthesized ? "" : ")");
}

size_t eg_expr_print(const eg_expr *expr, char *out, size_t size)
{
    printer p = {.expr = expr, .graph = &expr->graph, .out = out, .size = size};
    print_node(&p, expr->root, CONDITION);
    if (too_long(&p)) {
        int n = snprintf(out, size, "(too long to print: %zu nodes)", expr->size);
        return (size_t)n;
    }
    if (size)
        out[p.length < size ? p.length : size - 1] = '\0';
    return p.length;
}
