/* SPDX-License-Identifier: MIT */
/* Symbolic derivatives, to be printed. The ones that are evaluated are built by
 * expr/eval/autodiff.c. */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/derive.h"
#include "expr/graph/rebuild.h"
#include "expr/graph/simplify.h"

/* State of symbolic differentiation by the chain rule. A derivative of EG_NONE is 0. */
typedef struct differentiation {
    const eg_graph *from;
    eg_graph *graph;
    eg_id *copies, *derivatives; /* copies and derivatives of the nodes of `from`, by their ids */
    eg_id *terms;                /* scratch array of max_terms() ids */
} differentiation;

static eg_id reciprocal(eg_graph *g, eg_id a)
{
    return eg_raise(g, a, -1);
}

static eg_id one_plus(eg_graph *g, eg_id a)
{
    return eg_add(g, a, eg_make_integer(g, 1));
}

static eg_id one_minus(eg_graph *g, eg_id a)
{
    return eg_subtract(g, eg_make_integer(g, 1), a);
}

static eg_id square(eg_graph *g, eg_id a)
{
    return eg_raise(g, a, 2);
}

/* Returns 1/(a log(base)). */
static eg_id logarithm_derivative(eg_graph *g, eg_id a, int base)
{
    return reciprocal(g, eg_multiply(g, a, eg_call(g, EG_F_LOG, eg_make_integer(g, base))));
}

/* Returns 1/(sqrt(a - 1) sqrt(a + 1)). */
static eg_id acosh_derivative(eg_graph *g, eg_id a)
{
    eg_id reduced = eg_call(g, EG_F_SQRT, eg_subtract(g, a, eg_make_integer(g, 1)));
    return reciprocal(g, eg_multiply(g, reduced, eg_call(g, EG_F_SQRT, one_plus(g, a))));
}

/* Returns 2 exp(-a^2)/sqrt(pi). */
static eg_id erf_derivative(eg_graph *g, eg_id a)
{
    eg_id gaussian = eg_call(g, EG_F_EXP, eg_negate(g, square(g, a)));
    eg_id root = eg_call(g, EG_F_SQRT, eg_make_constant(g, EG_PI));
    return eg_multiply(g, eg_make_integer(g, 2), eg_divide(g, gaussian, root));
}

static eg_id polygamma(eg_graph *g, eg_id order, eg_id a)
{
    return eg_make_call(g, EG_F_POLYGAMMA, (eg_id[]){order, a});
}

/* Returns the derivative of the unary function f at `a`, where value = f(a); EG_NONE if it is 0. */
static eg_id function_derivative(eg_graph *g, eg_function_id f, eg_id value, eg_id a)
{
    switch (f) {
    case EG_F_SQRT:
        return reciprocal(g, eg_multiply(g, eg_make_integer(g, 2), value));
    case EG_F_CBRT:
        return reciprocal(g, eg_multiply(g, eg_make_integer(g, 3), square(g, value)));
    case EG_F_EXP:
        return value;
    case EG_F_LOG:
        return reciprocal(g, a);
    case EG_F_LOG2:
        return logarithm_derivative(g, a, 2);
    case EG_F_LOG10:
        return logarithm_derivative(g, a, 10);
    case EG_F_EXPM1:
        return eg_call(g, EG_F_EXP, a);
    case EG_F_LOG1P:
        return reciprocal(g, one_plus(g, a));
    case EG_F_GAMMA:
        return eg_multiply(g, value, polygamma(g, eg_make_integer(g, 0), a));
    case EG_F_LGAMMA:
        return polygamma(g, eg_make_integer(g, 0), a);
    case EG_F_SINC: /* as textbooks write it, without a value at 0 */
        return eg_divide(g, eg_subtract(g, eg_call(g, EG_F_COS, a), value), a);
    case EG_F_SIN:
        return eg_call(g, EG_F_COS, a);
    case EG_F_COS:
        return eg_negate(g, eg_call(g, EG_F_SIN, a));
    case EG_F_TAN:
        return one_plus(g, square(g, value));
    case EG_F_ASIN:
        return reciprocal(g, eg_call(g, EG_F_SQRT, one_minus(g, square(g, a))));
    case EG_F_ACOS:
        return eg_negate(g, function_derivative(g, EG_F_ASIN, value, a));
    case EG_F_ATAN:
        return reciprocal(g, one_plus(g, square(g, a)));
    case EG_F_SINH:
        return eg_call(g, EG_F_COSH, a);
    case EG_F_COSH:
        return eg_call(g, EG_F_SINH, a);
    case EG_F_TANH:
        return eg_raise(g, eg_call(g, EG_F_COSH, a), -2);
    case EG_F_ASINH:
        return reciprocal(g, eg_call(g, EG_F_SQRT, one_plus(g, square(g, a))));
    case EG_F_ACOSH:
        return acosh_derivative(g, a);
    case EG_F_ATANH:
        return reciprocal(g, one_minus(g, square(g, a)));
    case EG_F_ERF:
        return erf_derivative(g, a);
    case EG_F_ERFC:
        return eg_negate(g, erf_derivative(g, a));
    case EG_F_ABS:
        return eg_call(g, EG_F_SIGN, a);
    default: /* sign, floor, ceil, round, trunc, not */
        return EG_NONE;
    }
}

/* Returns the derivative of min(a, b) by a: (1 + sign(b - a))/2. */
static eg_id min_derivative(eg_graph *g, eg_id a, eg_id b)
{
    eg_id sign = eg_call(g, EG_F_SIGN, eg_subtract(g, b, a));
    return eg_divide(g, one_plus(g, sign), eg_make_integer(g, 2));
}

/* Returns the derivative of a binary function by its argument `a`, where b is the other one;
 * EG_NONE if it is 0. first: `a` is the first argument. */
static eg_id function2_derivative(eg_graph *g, eg_function_id f, eg_id value, eg_id a, eg_id b,
                                  bool first)
{
    if (f == EG_F_MIN)
        return min_derivative(g, a, b);
    if (f == EG_F_MAX)
        return min_derivative(g, b, a);
    if (f == EG_F_HYPOT)
        return eg_divide(g, a, value);
    if (f == EG_F_POLYGAMMA)
        return polygamma(g, one_plus(g, b), a);
    if (f == EG_F_MOD)
        return first ? eg_make_integer(g, 1)
                     : eg_negate(g, eg_call(g, EG_F_FLOOR, eg_divide(g, b, a)));
    if (f != EG_F_ATAN2) /* comparisons, and, or */
        return EG_NONE;
    eg_id partial = eg_divide(g, b, eg_add(g, square(g, a), square(g, b)));
    return first ? partial : eg_negate(g, partial);
}

eg_id eg_call_derivative(eg_graph *g, eg_function_id f, eg_id value, eg_id a, eg_id other,
                         bool first)
{
    return other == EG_NONE ? function_derivative(g, f, value, a)
                            : function2_derivative(g, f, value, a, other, first);
}

/* ---- rules by kind of node ---- */

/* Returns the sum of the first `count` scratch terms, EG_NONE if there are none. */
static eg_id sum_of_terms(const differentiation *d, size_t count)
{
    return count ? eg_make_sum(d->graph, d->terms, count) : EG_NONE;
}

static eg_id differentiate_sum(const differentiation *d, const eg_id *args, uint32_t count)
{
    size_t term_count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (d->derivatives[args[i]] != EG_NONE)
            d->terms[term_count++] = d->derivatives[args[i]];
    return sum_of_terms(d, term_count);
}

static eg_id differentiate_product(const differentiation *d, const eg_id *args, uint32_t count)
{
    eg_id factors[EG_MAX_FACTORS + 1];
    size_t term_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (d->derivatives[args[i]] == EG_NONE)
            continue;
        for (uint32_t k = 0; k < count; k++)
            factors[k] = k == i ? d->derivatives[args[k]] : d->copies[args[k]];
        d->terms[term_count++] = eg_make_product(d->graph, factors, count);
    }
    return sum_of_terms(d, term_count);
}

static eg_id differentiate_power(const differentiation *d, eg_id id, const eg_id *args)
{
    eg_graph *g = d->graph;
    eg_id base = d->copies[args[0]], exponent = d->copies[args[1]];
    size_t term_count = 0;
    if (d->derivatives[args[0]] != EG_NONE) {
        eg_id reduced = eg_subtract(g, exponent, eg_make_integer(g, 1));
        eg_id factors[] = {exponent, eg_make_power(g, base, reduced), d->derivatives[args[0]]};
        d->terms[term_count++] = eg_make_product(g, factors, 3);
    }
    if (d->derivatives[args[1]] != EG_NONE) {
        eg_id factors[] = {d->copies[id], eg_call(g, EG_F_LOG, base), d->derivatives[args[1]]};
        d->terms[term_count++] = eg_make_product(g, factors, 3);
    }
    return sum_of_terms(d, term_count);
}

/* Returns if(c, a', b'). */
static eg_id differentiate_if(const differentiation *d, const eg_id *args)
{
    eg_id branches[3] = {d->copies[args[0]]};
    if (d->derivatives[args[1]] == EG_NONE && d->derivatives[args[2]] == EG_NONE)
        return EG_NONE;
    for (int i = 1; i < 3; i++)
        branches[i] = d->derivatives[args[i]] == EG_NONE ? eg_make_integer(d->graph, 0)
                                                         : d->derivatives[args[i]];
    return eg_make_call(d->graph, EG_F_IF, branches);
}

static eg_id differentiate_call(const differentiation *d, eg_id id, const eg_id *args,
                                uint32_t count)
{
    eg_function_id f = (eg_function_id)(d->from->nodes[id].kind - EG_CALL);
    size_t term_count = 0;
    if (f == EG_F_IF)
        return differentiate_if(d, args);
    for (uint32_t k = 0; k < count; k++) {
        eg_id inner = d->derivatives[args[k]], a = d->copies[args[k]];
        if (inner == EG_NONE)
            continue;
        eg_id outer = eg_call_derivative(d->graph, f, d->copies[id], a,
                                         count == 1 ? EG_NONE : d->copies[args[1 - k]], k == 0);
        if (outer != EG_NONE)
            d->terms[term_count++] = eg_multiply(d->graph, outer, inner);
    }
    return sum_of_terms(d, term_count);
}

static eg_id differentiate_node(const differentiation *d, eg_id id)
{
    const eg_node *node = &d->from->nodes[id];
    const eg_id *args = eg_args(d->from, id);
    switch (node->kind) {
    case EG_NUMBER:
    case EG_CONSTANT:
    case EG_VARIABLE:
        return EG_NONE;
    case EG_SUM:
        return differentiate_sum(d, args, node->count);
    case EG_PRODUCT:
        return differentiate_product(d, args, node->count);
    case EG_POWER:
        return differentiate_power(d, id, args);
    default:
        return differentiate_call(d, id, args, node->count);
    }
}

/* ---- the whole graph ---- */

static eg_id differentiate(differentiation *d, eg_id root, size_t variables, size_t by)
{
    eg_id same[EG_EXPR_VARIABLES];
    for (uint32_t i = 0; i < variables; i++)
        same[i] = eg_make_variable(d->graph, i);
    eg_rebuild(d->graph, d->from, root, same, d->copies);
    d->graph->flatten = true;
    for (eg_id id = 0; id <= root && d->graph->status == EG_OK; id++) {
        const eg_node *node = &d->from->nodes[id];
        if (d->copies[id] == EG_NONE)
            d->derivatives[id] = EG_NONE;
        else if (node->kind == EG_VARIABLE && node->index == by)
            d->derivatives[id] = eg_make_integer(d->graph, 1);
        else
            d->derivatives[id] = differentiate_node(d, id);
    }
    if (d->graph->status != EG_OK)
        return EG_NONE;
    return d->derivatives[root] == EG_NONE ? eg_make_integer(d->graph, 0) : d->derivatives[root];
}

static size_t max_terms(const eg_graph *graph, eg_id root)
{
    size_t max = EG_MAX_FACTORS + 1;
    for (eg_id id = 0; id <= root; id++)
        max = graph->nodes[id].count > max ? graph->nodes[id].count : max;
    return max;
}

eg_id eg_graph_derivative(eg_graph *graph, const eg_graph *from, eg_id root, size_t variables,
                          size_t by)
{
    size_t count = (size_t)root + 1, terms = max_terms(from, root);
    eg_id *scratch = eg_alloc(graph->ctx, 2 * count + terms, sizeof *scratch, graph->error);
    if (!scratch)
        return eg_graph_fail(graph, eg_failed(graph->error));
    differentiation d = {from, graph, scratch, scratch + count, scratch + 2 * count};
    eg_id derivative = differentiate(&d, root, variables, by);
    eg_free(scratch);
    return derivative;
}

eg_status eg_expr_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                             eg_error *error)
{
    eg_name_list names;
    *derivative = NULL;
    if (variable >= expr->variables)
        return eg_fail(error, EG_USAGE, "variable %zu is out of range: the expression has %zu",
                       variable, expr->variables);
    for (names.count = 0; names.count < expr->variables; names.count++)
        names.names[names.count] = eg_slice_of(expr->names[names.count]);
    eg_expr *result = eg_expr_new(expr->ctx, &names, error);
    if (!result)
        return eg_failed(error);
    eg_id root =
        eg_graph_derivative(&result->graph, &expr->graph, expr->root, expr->variables, variable);
    *derivative = result;
    return eg_expr_compile(derivative, root, EG_NONE, error);
}
