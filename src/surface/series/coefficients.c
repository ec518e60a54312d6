/* SPDX-License-Identifier: MIT */
/* Coefficients of power series: numbers in the form fraction * number, so that equal coefficients
 * are mostly the same number, and their difference needs no proof. */
#include <math.h>

#include "expr/eval/ops.h"
#include "surface/series/series.h"

/* Numerators and denominators up to this size have exact products and sums of products. */
static const double largest_part = 1 << 25;

typedef struct scaled {
    eg_rational factor;
    eg_real number; /* 1 for a fraction */
} scaled;

static bool is_small(eg_rational r)
{
    return r.num == floor(r.num) && fabs(r.num) < largest_part && r.den < largest_part;
}

static bool is_fraction(const eg_series_algebra *a, eg_real x)
{
    const eg_node *node = &a->reals->graph.nodes[x];
    return node->kind == EG_NUMBER && !node->index && is_small(node->number);
}

static scaled split(const eg_series_algebra *a, eg_real x)
{
    const eg_graph *graph = &a->reals->graph;
    const eg_node *node = &graph->nodes[x];
    const eg_id *args = eg_args(graph, x);
    if (is_fraction(a, x))
        return (scaled){node->number, a->one};
    if (node->kind == EG_OP_NEG) {
        scaled opposite = split(a, args[0]);
        opposite.factor = eg_rational_negate(opposite.factor);
        return opposite;
    }
    for (int i = 0; i < 2 && node->kind == EG_OP_MUL; i++)
        if (is_fraction(a, args[i]))
            return (scaled){graph->nodes[args[i]].number, args[1 - i]};
    return (scaled){{1, 1}, x};
}

static eg_real known(eg_series_algebra *a, eg_id made)
{
    eg_real folded = eg_real_fold(a->reals, made);
    if (folded == EG_REAL_NONE)
        eg_series_fail(a, EG_SERIES_UNKNOWN);
    return folded == EG_REAL_NONE ? a->zero : folded;
}

static eg_real join(eg_series_algebra *a, scaled x)
{
    eg_graph *graph = &a->reals->graph;
    if (x.factor.num == 0)
        return a->zero;
    eg_id factor = eg_make_number(graph, x.factor);
    return known(a, x.number == a->one ? factor : eg_op2(graph, EG_OP_MUL, factor, x.number));
}

static eg_real multiply(eg_series_algebra *a, scaled x, scaled y)
{
    scaled product = {.number = x.number == a->one ? y.number : x.number};
    if (x.number != a->one && y.number != a->one)
        product = split(a, known(a, eg_op2(&a->reals->graph, EG_OP_MUL, x.number, y.number)));
    else
        product.factor = (eg_rational){1, 1};
    eg_rational_multiply(&x.factor, x.factor, y.factor);
    if (!is_small(x.factor) || !is_small(product.factor))
        return known(a, eg_op2(&a->reals->graph, EG_OP_MUL, join(a, x), join(a, product)));
    eg_rational_multiply(&product.factor, product.factor, x.factor);
    return join(a, product);
}

static eg_real divide(eg_series_algebra *a, scaled x, scaled y)
{
    scaled quotient = {{1, 1}, x.number};
    if (x.number == y.number)
        quotient.number = a->one;
    else if (y.number != a->one)
        quotient = split(a, known(a, eg_op2(&a->reals->graph, EG_OP_DIV, x.number, y.number)));
    eg_rational_power(&y.factor, y.factor, eg_rational_of(-1));
    eg_rational_multiply(&x.factor, x.factor, y.factor);
    if (!is_small(x.factor) || !is_small(quotient.factor))
        return known(a, eg_op2(&a->reals->graph, EG_OP_MUL, join(a, x), join(a, quotient)));
    eg_rational_multiply(&quotient.factor, quotient.factor, x.factor);
    return join(a, quotient);
}

static eg_real add(eg_series_algebra *a, unsigned op, eg_real x, eg_real y)
{
    scaled first = split(a, x), second = split(a, y);
    if (first.number != second.number)
        return known(a, eg_op2(&a->reals->graph, op, x, y));
    if (op == EG_OP_SUB)
        second.factor = eg_rational_negate(second.factor);
    eg_rational_add(&first.factor, first.factor, second.factor);
    return join(a, first);
}

eg_real eg_series_coefficient(eg_series_algebra *a, unsigned op, eg_real x, eg_real y)
{
    eg_graph *graph = &a->reals->graph;
    if (a->state != EG_SERIES_OK)
        return a->zero;
    switch (op) {
    case EG_OP_MUL:
        return x == a->zero || y == a->zero ? a->zero : multiply(a, split(a, x), split(a, y));
    case EG_OP_DIV:
        return x == a->zero ? x : divide(a, split(a, x), split(a, y));
    case EG_OP_ADD:
        return x == a->zero ? y : y == a->zero ? x : add(a, op, x, y);
    case EG_OP_SUB:
        return y == a->zero ? x : add(a, op, x, y);
    case EG_OP_NEG:
        return multiply(a, split(a, x), (scaled){{-1, 1}, a->one});
    case EG_POWER:
    case EG_CALL + EG_F_ATAN2:
        return known(a, eg_op2(graph, op, x, y));
    default:
        return known(a, eg_op1(graph, op, x));
    }
}

eg_real eg_series_fraction(eg_series_algebra *a, int numerator, int denominator)
{
    return eg_series_coefficient(a, EG_OP_DIV, eg_real_integer(a->reals, numerator),
                                 eg_real_integer(a->reals, denominator));
}
