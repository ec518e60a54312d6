/* SPDX-License-Identifier: MIT */
/* Integrands as products of powers. */
#include "vector/formulas.h"
#include "vector/identity.h"
#include "vector/integration.h"

#include "core/context.h"
#include "expr/graph/derive.h"

bool eg_depends(const eg_integration *in, eg_id id)
{
    return eg_depends_on(in->graph, id, in->by);
}

eg_id eg_derivative_of(const eg_integration *in, eg_id id)
{
    eg_graph other;
    size_t n = in->like->variables;
    if (id == EG_NONE)
        return EG_NONE;
    eg_graph_init(&other, in->like->ctx, in->error);
    eg_id derivative = eg_graph_derivative(&other, in->graph, id, n, in->by);
    eg_id result = derivative == EG_NONE
                       ? eg_graph_fail(in->graph, other.status)
                       : eg_formula_copy(in->graph, &other, derivative, n, 0, EG_NONE);
    eg_graph_free(&other);
    return result;
}

eg_id eg_at_integer(const eg_integration *in, eg_id id, int value)
{
    eg_graph other;
    size_t n = in->like->variables;
    if (id == EG_NONE)
        return EG_NONE;
    eg_graph_init(&other, in->like->ctx, in->error);
    eg_id number = eg_make_integer(&other, value);
    eg_id copy = eg_formula_copy(&other, in->graph, id, n, in->by, number);
    eg_id result = copy == EG_NONE ? eg_graph_fail(in->graph, other.status)
                                   : eg_formula_copy(in->graph, &other, copy, n, 0, EG_NONE);
    eg_graph_free(&other);
    return result;
}

bool eg_multiply_power(eg_power_list *list, eg_id base, eg_rational exponent)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_base_power *p = &list->powers[i];
        if (p->base != base)
            continue;
        if (!eg_rational_add(&p->exponent, p->exponent, exponent))
            return false;
        if (p->exponent.num == 0)
            *p = list->powers[--list->count];
        return true;
    }
    if (list->count == EG_MAX_FACTORS)
        return false;
    list->powers[list->count++] = (eg_base_power){base, exponent};
    return true;
}

/* Multiplies the list by a factor that depends on x. */
static bool multiply_factor(const eg_integration *in, eg_power_list *list, eg_id id)
{
    const eg_graph *g = in->graph;
    eg_rational exponent = {1, 1};
    if (g->nodes[id].kind == EG_POWER && eg_is_number(g, eg_args(g, id)[1])) {
        exponent = g->nodes[eg_args(g, id)[1]].number;
        id = eg_args(g, id)[0];
    }
    if (g->nodes[id].kind == EG_CALL + EG_F_SQRT) {
        if (!eg_rational_multiply(&exponent, exponent, (eg_rational){1, 2}))
            return false;
        id = eg_args(g, id)[0];
    }
    return eg_multiply_power(list, id, exponent);
}

bool eg_split(const eg_integration *in, eg_id id, eg_power_list *list)
{
    eg_graph *g = in->graph;
    eg_id factors[EG_MAX_FACTORS + 1];
    bool product = g->nodes[id].kind == EG_PRODUCT;
    size_t count = product ? g->nodes[id].count : 1;
    *list = (eg_power_list){.constant = eg_make_integer(g, 1)};
    if (count > EG_MAX_FACTORS + 1)
        return false;
    for (size_t i = 0; i < count; i++)
        factors[i] = product ? eg_args(g, id)[i] : id;
    for (size_t i = 0; i < count; i++) {
        if (!eg_depends(in, factors[i]))
            list->constant = eg_multiply(g, list->constant, factors[i]);
        else if (!multiply_factor(in, list, factors[i]))
            return false;
    }
    return g->status == EG_OK;
}

eg_id eg_join(const eg_integration *in, const eg_power_list *list)
{
    eg_id result = list->constant;
    for (size_t i = 0; i < list->count; i++) {
        const eg_base_power *p = &list->powers[i];
        eg_id exponent = eg_make_number(in->graph, p->exponent);
        result = eg_multiply(in->graph, result, eg_make_power(in->graph, p->base, exponent));
    }
    return result;
}

/* Returns a quotient that is proven not to depend on x without x. */
static eg_id without_variable(const eg_integration *in, eg_id quotient)
{
    eg_expr *derivative = NULL;
    eg_identity verdict = EG_IDENTITY_UNKNOWN;
    eg_id slope = eg_derivative_of(in, quotient);
    if (slope == EG_NONE)
        return EG_NONE;
    eg_status status = eg_formula_of(&derivative, in->like, in->graph, slope, in->error);
    if (status == EG_OK)
        status = eg_formula_identity(derivative, &verdict, in->error);
    eg_expr_free(derivative);
    if (status != EG_OK)
        return eg_graph_fail(in->graph, status);
    return verdict == EG_IDENTITY_ZERO ? eg_at_integer(in, quotient, 1) : EG_NONE;
}

eg_id eg_constant_quotient(const eg_integration *in, const eg_power_list *list, eg_id divisor)
{
    eg_power_list quotient = *list, parts;
    bool above = false, below = false;
    if (divisor == EG_NONE || !eg_split(in, divisor, &parts))
        return EG_NONE;
    for (size_t i = 0; i < parts.count; i++)
        if (!eg_multiply_power(&quotient, parts.powers[i].base,
                               eg_rational_negate(parts.powers[i].exponent)))
            return EG_NONE;
    quotient.constant = eg_divide(in->graph, quotient.constant, parts.constant);
    if (quotient.count == 0)
        return quotient.constant;
    for (size_t i = 0; i < quotient.count; i++) {
        above |= quotient.powers[i].exponent.num > 0;
        below |= quotient.powers[i].exponent.num < 0;
    }
    return above && below ? without_variable(in, eg_join(in, &quotient)) : EG_NONE;
}

bool eg_is_linear(const eg_integration *in, eg_id u, eg_id *a, eg_id *b)
{
    *a = eg_derivative_of(in, u);
    if (*a == EG_NONE || eg_depends(in, *a))
        return false;
    *b = eg_at_integer(in, u, 0);
    return *b != EG_NONE;
}

bool eg_is_quadratic(const eg_integration *in, eg_id u, eg_id q[3])
{
    eg_graph *g = in->graph;
    eg_id slope = eg_derivative_of(in, u), second = eg_derivative_of(in, slope);
    if (second == EG_NONE || eg_depends(in, second) || !eg_depends(in, slope))
        return false;
    q[2] = eg_multiply(g, eg_fraction(g, 1, 2), second);
    q[1] = eg_at_integer(in, slope, 0);
    q[0] = eg_at_integer(in, u, 0);
    return g->status == EG_OK;
}
