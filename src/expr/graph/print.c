/* SPDX-License-Identifier: MIT */
/* The graph as text that reads back to the same function. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "expr/expr.h"

enum { MOST_TEXT = 1 << 20 };

typedef struct printer {
    const eg_expr *expr;
    const eg_graph *graph;
    char *out;
    size_t size, length;
} printer;

/* What surrounds a node, from what binds least to what binds most. */
typedef enum binding { SUM, PRODUCT, POWER, ATOM } binding;

static void print_node(printer *p, eg_id id, binding outer);

static void put(printer *p, const char *text)
{
    size_t n = strlen(text);
    if (p->length < p->size)
        memcpy(p->out + p->length, text, p->size - p->length < n ? p->size - p->length : n);
    p->length += n;
}

/* A subexpression that occurs often is printed often: there has to be an end. */
static bool too_long(const printer *p)
{
    return p->length > MOST_TEXT;
}

static void put_number(printer *p, double value)
{
    char text[EG_NUMBER_TEXT];
    eg_rational_print(text, value);
    put(p, text);
}

static void print_number(printer *p, eg_rational number, binding outer)
{
    bool bare = (number.num >= 0 || outer == SUM) && (number.den == 1 || outer < POWER);
    put(p, bare ? "" : "(");
    put_number(p, number.num);
    if (number.den != 1) {
        put(p, "/");
        put_number(p, number.den);
    }
    put(p, bare ? "" : ")");
}

static void print_call(printer *p, const char *name, const eg_id *args, size_t count)
{
    put(p, name);
    put(p, "(");
    for (size_t i = 0; i < count && !too_long(p); i++) {
        put(p, i ? ", " : "");
        print_node(p, args[i], SUM);
    }
    put(p, ")");
}

/* The number that a factor is raised to; 1 for one that is no power of a number. */
static eg_rational exponent_of(const printer *p, eg_id id)
{
    const eg_node *node = &p->graph->nodes[id];
    if (node->kind == EG_POWER && eg_is_number(p->graph, eg_args(p->graph, id)[1]))
        return p->graph->nodes[eg_args(p->graph, id)[1]].number;
    return eg_rational_of(1);
}

/* A factor with a negative exponent stands below the line; but 1/0 does not, as 1/(0*x) is 1/0. */
static bool is_below(const printer *p, eg_id id)
{
    eg_id base = exponent_of(p, id).num < 0 ? eg_args(p->graph, id)[0] : id;
    return base != id && !(eg_is_number(p->graph, base) && p->graph->nodes[base].number.num == 0);
}

/* base^-exponent as it stands below the line. */
static void print_below(printer *p, eg_id id)
{
    eg_rational exponent = eg_rational_negate(exponent_of(p, id));
    bool plain = eg_rational_is(exponent, 1);
    print_node(p, eg_args(p->graph, id)[0], plain ? POWER : ATOM);
    if (!plain) {
        put(p, "^");
        print_number(p, exponent, ATOM);
    }
}

/* The factors above or below the line, the number first. Returns how many there are. */
static size_t print_factors(printer *p, const eg_id *factors, size_t count, double number,
                            bool below)
{
    size_t printed = 0;
    if (number != 1) {
        put_number(p, number);
        printed++;
    }
    for (size_t i = 0; i < count && !too_long(p); i++) {
        if (is_below(p, factors[i]) != below)
            continue;
        put(p, printed++ ? "*" : "");
        if (below)
            print_below(p, factors[i]);
        else
            print_node(p, factors[i], POWER);
    }
    return printed;
}

static size_t count_below(const printer *p, const eg_id *factors, size_t count, double number)
{
    size_t below = number != 1;
    for (size_t i = 0; i < count; i++)
        below += is_below(p, factors[i]);
    return below;
}

/* A product, its sign left to the caller. */
static void print_quotient(printer *p, const eg_id *factors, size_t count, eg_rational number)
{
    size_t below = count_below(p, factors, count, number.den);
    if (print_factors(p, factors, count, fabs(number.num), false) == 0)
        put(p, "1");
    if (!below)
        return;
    put(p, below > 1 ? "/(" : "/");
    print_factors(p, factors, count, number.den, true);
    put(p, below > 1 ? ")" : "");
}

static void print_product(printer *p, eg_id id, bool with_sign)
{
    const eg_id *args = eg_args(p->graph, id);
    size_t count = p->graph->nodes[id].count;
    bool numbered = eg_is_number(p->graph, args[0]);
    eg_rational number = eg_coefficient(p->graph, id);
    if (with_sign && number.num < 0)
        put(p, "-");
    print_quotient(p, args + numbered, count - numbered, number);
}

static void print_sum(printer *p, eg_id id)
{
    const eg_id *args = eg_args(p->graph, id);
    for (size_t i = 0; i < p->graph->nodes[id].count && !too_long(p); i++) {
        eg_rational number = eg_coefficient(p->graph, args[i]);
        bool minus = i > 0 && number.num < 0;
        put(p, i == 0 ? "" : minus ? " - " : " + ");
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
        put(p, "1/");
        print_below(p, id);
        return;
    }
    print_node(p, args[0], ATOM);
    put(p, "^");
    print_node(p, args[1], ATOM);
}

static binding own_binding(const printer *p, eg_id id)
{
    switch (p->graph->nodes[id].kind) {
    case EG_SUM:
        return SUM;
    case EG_PRODUCT:
        return eg_coefficient(p->graph, id).num < 0 ? SUM : PRODUCT;
    case EG_POWER:
        return exponent_of(p, id).num < 0 ? PRODUCT : POWER;
    default:
        return ATOM;
    }
}

static void print_inside(printer *p, eg_id id, binding outer)
{
    const eg_node *node = &p->graph->nodes[id];
    switch (node->kind) {
    case EG_NUMBER:
        print_number(p, node->number, outer);
        return;
    case EG_CONSTANT:
        put(p, eg_constant_names[node->index]);
        return;
    case EG_VARIABLE:
        put(p, p->expr->names[node->index]);
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
        print_call(p, eg_functions[node->kind - EG_CALL].name, eg_args(p->graph, id), node->count);
    }
}

static void print_node(printer *p, eg_id id, binding outer)
{
    if (too_long(p))
        return;
    bool bare = own_binding(p, id) >= outer;
    put(p, bare ? "" : "(");
    print_inside(p, id, bare ? outer : SUM);
    put(p, bare ? "" : ")");
}

size_t eg_expr_print(const eg_expr *expr, char *out, size_t size)
{
    printer p = {.expr = expr, .graph = &expr->graph, .out = out, .size = size};
    print_node(&p, expr->root, SUM);
    if (too_long(&p)) {
        int n = snprintf(out, size, "(too long to print: %zu nodes)", expr->size);
        return (size_t)n;
    }
    if (size)
        out[p.length < size ? p.length : size - 1] = '\0';
    return p.length;
}
