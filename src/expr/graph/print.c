/* SPDX-License-Identifier: MIT */
/* Prints graphs as text that parses back to the same function. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/expr.h"
#include "expr/graph/print.h"

enum { MAX_TEXT = 1 << 20 };

typedef eg_printer printer;
typedef eg_precedence precedence;

void eg_print_text(printer *p, const char *text)
{
    size_t n = strlen(text);
    if (p->length < p->size)
        memcpy(p->out + p->length, text, p->size - p->length < n ? p->size - p->length : n);
    p->length += n;
}

bool eg_print_is_too_long(const printer *p)
{
    return p->length > MAX_TEXT;
}

void eg_print_end(const printer *p)
{
    if (p->size)
        p->out[p->length < p->size ? p->length : p->size - 1] = '\0';
}

static void append_number(printer *p, double value)
{
    char text[EG_DECIMAL_TEXT];
    eg_rational_print(text, value);
    eg_print_text(p, text);
}

static void print_number(printer *p, eg_rational number, precedence outer)
{
    bool unparenthesized =
        (number.num >= 0 || outer <= EG_BIND_SUM) && (number.den == 1 || outer < EG_BIND_POWER);
    eg_print_text(p, unparenthesized ? "" : "(");
    append_number(p, number.num);
    if (number.den != 1) {
        eg_print_text(p, "/");
        append_number(p, number.den);
    }
    eg_print_text(p, unparenthesized ? "" : ")");
}

static void print_arguments(printer *p, const eg_id *args, size_t count)
{
    for (size_t i = 0; i < count && !eg_print_is_too_long(p); i++) {
        eg_print_text(p, i ? ", " : "");
        eg_print_node(p, args[i], EG_BIND_ANY);
    }
}

static void print_call(printer *p, const char *name, const eg_id *args, size_t count)
{
    eg_print_text(p, name);
    eg_print_text(p, "(");
    print_arguments(p, args, count);
    eg_print_text(p, ")");
}

/* Prints min(min(a, b), c) as min(a, b, c), without the name. */
static void print_nested(printer *p, unsigned kind, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    if (p->graph->nodes[args[0]].kind == kind && !eg_print_is_too_long(p))
        print_nested(p, kind, args[0]);
    else
        print_arguments(p, args, 1);
    eg_print_text(p, ", ");
    print_arguments(p, args + 1, 1);
}

eg_rational eg_printed_exponent(const eg_graph *graph, eg_id id)
{
    const eg_node *node = &graph->nodes[id];
    if (node->kind == EG_POWER && eg_is_number(graph, eg_args(graph, id)[1]))
        return graph->nodes[eg_args(graph, id)[1]].number;
    return eg_rational_of(1);
}

/* 1/0 is not in the denominator, because 1/(0*x) would be read back as 1/0. */
bool eg_printed_below(const eg_graph *graph, eg_id id)
{
    eg_id base = eg_printed_exponent(graph, id).num < 0 ? eg_args(graph, id)[0] : id;
    return base != id && !(eg_is_number(graph, base) && graph->nodes[base].number.num == 0);
}

/* Prints base^-exponent, the reciprocal of the factor. */
static void print_reciprocal(printer *p, eg_id id)
{
    eg_rational exponent = eg_rational_negate(eg_printed_exponent(p->graph, id));
    bool plain = eg_rational_is(exponent, 1);
    eg_print_node(p, eg_args(p->graph, id)[0], plain ? EG_BIND_POWER : EG_BIND_ATOM);
    if (!plain) {
        eg_print_text(p, "^");
        print_number(p, exponent, EG_BIND_ATOM);
    }
}

/* Part of a fraction that a factor is printed in: the numerator, the denominator, or the
 * denominator of that, as z in x/(y/z). */
typedef enum part { NUMERATOR, DENOMINATOR, INNER } part;

static part part_of(const printer *p, eg_id id)
{
    if (!eg_printed_below(p->graph, id))
        return NUMERATOR;
    eg_id base = eg_args(p->graph, id)[0];
    if (!eg_rational_is(eg_printed_exponent(p->graph, id), -1) || !eg_printed_below(p->graph, base))
        return DENOMINATOR;
    return eg_printed_below(p->graph, eg_args(p->graph, base)[0]) ? DENOMINATOR : INNER;
}

static void print_factor(printer *p, eg_id id, part where)
{
    if (where == NUMERATOR)
        eg_print_node(p, id, EG_BIND_POWER);
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
    for (size_t i = 0; i < count && !eg_print_is_too_long(p); i++) {
        if (part_of(p, factors[i]) != where)
            continue;
        eg_print_text(p, printed++ ? "*" : "");
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
        eg_print_text(p, "1");
    if (!all)
        return;
    eg_print_text(p, all > 1 ? "/(" : "/");
    if (print_factors(p, factors, count, number.den, DENOMINATOR) == 0 && all > 1)
        eg_print_text(p, "1");
    if (inner && all > 1) {
        eg_print_text(p, inner > 1 ? "/(" : "/");
        print_factors(p, factors, count, 1, INNER);
        eg_print_text(p, inner > 1 ? ")" : "");
    }
    for (size_t i = 0; i < count && inner && all == 1; i++)
        if (part_of(p, factors[i]) == INNER)
            print_reciprocal(p, factors[i]);
    eg_print_text(p, all > 1 ? ")" : "");
}

static void print_product(printer *p, eg_id id, bool with_sign)
{
    const eg_id *args = eg_args(p->graph, id);
    size_t count = p->graph->nodes[id].count;
    bool has_coefficient = eg_is_number(p->graph, args[0]);
    eg_rational number = eg_coefficient(p->graph, id);
    if (with_sign && number.num < 0)
        eg_print_text(p, "-");
    print_quotient(p, args + has_coefficient, count - has_coefficient, number);
}

static void print_sum(printer *p, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    for (size_t i = 0; i < p->graph->nodes[id].count && !eg_print_is_too_long(p); i++) {
        eg_rational number = eg_coefficient(p->graph, args[i]);
        bool minus = i > 0 && number.num < 0;
        eg_print_text(p, i == 0 ? "" : minus ? " - " : " + ");
        if (!minus)
            eg_print_node(p, args[i], i == 0 ? EG_BIND_SUM : EG_BIND_PRODUCT);
        else if (eg_is_number(p->graph, args[i]))
            print_number(p, eg_rational_negate(number), EG_BIND_PRODUCT);
        else
            print_product(p, args[i], false);
    }
}

static void print_power(printer *p, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    if (eg_printed_exponent(p->graph, id).num < 0) {
        eg_print_text(p, "1/");
        print_reciprocal(p, id);
        return;
    }
    eg_print_node(p, args[0], EG_BIND_ATOM);
    eg_print_text(p, "^");
    eg_print_node(p, args[1], EG_BIND_ATOM);
}

eg_id eg_printed_comparison(const eg_graph *graph, eg_id id)
{
    if (graph->nodes[id].kind == EG_CALL + EG_F_NOT)
        id = eg_args(graph, id)[0];
    unsigned kind = graph->nodes[id].kind;
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
    eg_print_node(p, args[swapped], EG_BIND_SUM);
    if (equal)
        eg_print_text(p, negated ? " != " : " == ");
    else
        eg_print_text(p, swapped ? negated ? " <= " : " > " : negated ? " >= " : " < ");
    eg_print_node(p, args[!swapped], EG_BIND_SUM);
}

/* Prints "d/dx(argument)". */
static void print_derivative(printer *p, eg_id id)
{
    eg_print_text(p, "d/d");
    print_call(p, p->names[p->graph->nodes[id].index], eg_args(p->graph, id), 1);
}

static void print_function(printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    const eg_id *args = eg_args(p->graph, id);
    eg_id comparison = eg_printed_comparison(p->graph, id);
    if (comparison != EG_NONE)
        print_comparison(p, comparison, comparison != id);
    else if (node->kind == EG_CALL + EG_F_POLYGAMMA && p->graph->nodes[args[0]].number.num == 0)
        print_call(p, "digamma", args + 1, 1);
    else if (node->kind == EG_CALL + EG_F_MIN || node->kind == EG_CALL + EG_F_MAX) {
        eg_print_text(p, eg_functions[node->kind - EG_CALL].name);
        eg_print_text(p, "(");
        print_nested(p, node->kind, id);
        eg_print_text(p, ")");
    } else
        print_call(p, eg_functions[node->kind - EG_CALL].name, args, node->count);
}

static precedence node_precedence(const printer *p, eg_id id)
{
    switch (p->graph->nodes[id].kind) {
    case EG_SUM:
        return EG_BIND_SUM;
    case EG_PRODUCT:
        return eg_coefficient(p->graph, id).num < 0 ? EG_BIND_SUM : EG_BIND_PRODUCT;
    case EG_POWER:
        return eg_printed_exponent(p->graph, id).num < 0 ? EG_BIND_PRODUCT : EG_BIND_POWER;
    default:
        return eg_printed_comparison(p->graph, id) == EG_NONE ? EG_BIND_ATOM : EG_BIND_ANY;
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
        eg_print_text(p, literal ? literal : eg_constant_names[node->index]);
        return;
    case EG_VARIABLE:
        eg_print_text(p, p->names[node->index]);
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
    case EG_DERIVATIVE:
        print_derivative(p, id);
        return;
    default:
        print_function(p, id);
    }
}

void eg_print_node(printer *p, eg_id id, precedence outer)
{
    if (eg_print_is_too_long(p))
        return;
    bool unparenthesized = node_precedence(p, id) >= outer;
    eg_print_text(p, unparenthesized ? "" : "(");
    print_inside(p, id, unparenthesized ? outer : EG_BIND_ANY);
    eg_print_text(p, unparenthesized ? "" : ")");
}

size_t eg_expr_print(const eg_expr *expr, char *out, size_t size)
{
    printer p = {.graph = &expr->graph,
                 .names = expr->names,
                 .variables = expr->variables,
                 .out = out,
                 .size = size};
    eg_print_node(&p, expr->root, EG_BIND_ANY);
    if (eg_print_is_too_long(&p)) {
        int n = snprintf(out, size, "(too long to print: %zu nodes)", expr->size);
        return (size_t)n;
    }
    eg_print_end(&p);
    return p.length;
}
