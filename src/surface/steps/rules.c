/* SPDX-License-Identifier: MIT */
/* The rules of differentiation, as textbooks name them. */
#include "expr/graph/derive.h"
#include "expr/graph/print.h"
#include "expr/graph/terms.h"
#include "surface/steps/steps.h"

/* The factors of a product: without the variable, and those above and below the fraction line. */
typedef struct split_product {
    eg_id constant[EG_MAX_FACTORS + 1], above[EG_MAX_FACTORS + 1], below[EG_MAX_FACTORS + 1];
    size_t constants, aboves, belows;
} split_product;

static eg_rule_result result_of(const char *rule, eg_id node)
{
    return (eg_rule_result){.rule = rule, .node = node, .u = EG_NONE, .v = EG_NONE};
}

static eg_rule_result with_inner(const char *rule, eg_id node, eg_id u, eg_id v)
{
    return (eg_rule_result){.rule = rule, .node = node, .u = u, .v = v};
}

static bool is_variable(const eg_graph *g, eg_id id, uint32_t by)
{
    return g->nodes[id].kind == EG_VARIABLE && g->nodes[id].index == by;
}

bool eg_rule_is_trivial(eg_graph *g, eg_id id, uint32_t by)
{
    return is_variable(g, id, by) || !eg_line_depends(g, id, by);
}

static eg_id product2(eg_graph *g, eg_id a, eg_id b)
{
    return a == EG_NONE || b == EG_NONE ? EG_NONE : eg_line_product(g, (eg_id[]){a, b}, 2);
}

/* Multiplies by the derivative of u, which is left out if u is the variable itself. */
static eg_id times_inner(eg_graph *g, eg_id outer, eg_id u, uint32_t by)
{
    return is_variable(g, u, by) ? outer : product2(g, outer, eg_line_derivative(g, u, by));
}

static eg_rule_result sum_rule(eg_graph *g, eg_id id, uint32_t by)
{
    eg_id sum = EG_NONE;
    for (uint32_t i = 0; i < g->nodes[id].count && g->status == EG_OK; i++) {
        eg_id term = eg_line_derivative(g, eg_args(g, id)[i], by);
        sum = sum == EG_NONE ? term : eg_line_sum(g, (eg_id[]){sum, term}, 2);
    }
    return result_of("sum rule", sum);
}

/* ---- products ---- */

static void split(eg_graph *g, eg_id id, uint32_t by, split_product *s)
{
    *s = (split_product){.constants = 0};
    for (uint32_t i = 0; i < g->nodes[id].count; i++) {
        eg_id factor = eg_args(g, id)[i];
        if (!eg_line_depends(g, factor, by))
            s->constant[s->constants++] = factor;
        else if (eg_printed_below(g, factor))
            s->below[s->belows++] = factor;
        else
            s->above[s->aboves++] = factor;
    }
}

static eg_rule_result constant_factor(eg_graph *g, const split_product *s, uint32_t by)
{
    eg_id varying[2 * (EG_MAX_FACTORS + 1)];
    size_t count = 0;
    for (size_t i = 0; i < s->aboves; i++)
        varying[count++] = s->above[i];
    for (size_t i = 0; i < s->belows; i++)
        varying[count++] = s->below[i];
    eg_id rest = eg_line_product(g, varying, count);
    eg_id constants = eg_line_product(g, s->constant, s->constants);
    return result_of("constant factor", product2(g, constants, eg_line_derivative(g, rest, by)));
}

/* (u v w)' = u' v w + u v' w + u v w' */
static eg_rule_result product_rule(eg_graph *g, const split_product *s, uint32_t by)
{
    eg_id factors[EG_MAX_FACTORS + 1], sum = EG_NONE;
    for (size_t i = 0; i < s->aboves && g->status == EG_OK; i++) {
        for (size_t k = 0; k < s->aboves; k++)
            factors[k] = k == i ? eg_line_derivative(g, s->above[k], by) : s->above[k];
        eg_id term = g->status == EG_OK ? eg_line_product(g, factors, s->aboves) : EG_NONE;
        sum = sum == EG_NONE || term == EG_NONE ? term : eg_line_sum(g, (eg_id[]){sum, term}, 2);
    }
    return s->aboves == 2 ? with_inner("product rule", sum, s->above[0], s->above[1])
                          : result_of("product rule", sum);
}

/* Returns the product of the reciprocals of the factors below the fraction line. */
static eg_id denominator(eg_graph *g, const split_product *s)
{
    eg_id factors[EG_MAX_FACTORS + 1];
    for (size_t i = 0; i < s->belows && g->status == EG_OK; i++) {
        const eg_id base = eg_args(g, s->below[i])[0];
        eg_rational exponent = eg_rational_negate(eg_printed_exponent(g, s->below[i]));
        factors[i] = eg_line_power(g, base, eg_make_number(g, exponent));
    }
    return g->status == EG_OK ? eg_line_product(g, factors, s->belows) : EG_NONE;
}

static eg_id negated(eg_graph *g, eg_id id)
{
    return product2(g, eg_make_integer(g, -1), id);
}

/* (u/v)' = (u' v - u v')/v^2, and (1/v)' = -v'/v^2 */
static eg_rule_result quotient_rule(eg_graph *g, const split_product *s, uint32_t by)
{
    eg_id v = denominator(g, s), square = eg_line_power(g, v, eg_make_integer(g, -2));
    eg_id slope = eg_line_derivative(g, v, by);
    if (s->aboves == 0)
        return with_inner("reciprocal rule", product2(g, negated(g, slope), square), EG_NONE, v);
    eg_id u = eg_line_product(g, s->above, s->aboves);
    eg_id first = product2(g, eg_line_derivative(g, u, by), v);
    eg_id second = negated(g, product2(g, u, slope));
    if (g->status != EG_OK)
        return result_of("quotient rule", EG_NONE);
    eg_id numerator = eg_line_sum(g, (eg_id[]){first, second}, 2);
    return with_inner("quotient rule", product2(g, numerator, square), u, v);
}

static eg_rule_result rule_for_product(eg_graph *g, eg_id id, uint32_t by)
{
    split_product s;
    split(g, id, by, &s);
    if (s.constants > 0)
        return constant_factor(g, &s, by);
    return s.belows == 0 ? product_rule(g, &s, by) : quotient_rule(g, &s, by);
}

/* ---- powers ---- */

/* (u^n)' = n u^(n - 1) u' */
static eg_rule_result power_rule(eg_graph *g, eg_id u, eg_id n, uint32_t by)
{
    eg_id reduced = eg_subtract(g, n, eg_make_integer(g, 1));
    eg_id outer = product2(g, n, eg_line_power(g, u, reduced));
    if (is_variable(g, u, by))
        return result_of("power rule", outer);
    return with_inner("power rule, chain rule", times_inner(g, outer, u, by), u, EG_NONE);
}

/* (a^u)' = a^u log(a) u' */
static eg_rule_result exponential_rule(eg_graph *g, eg_id id, eg_id a, eg_id u, uint32_t by)
{
    eg_id outer = product2(g, id, eg_call(g, EG_F_LOG, a));
    if (is_variable(g, u, by))
        return result_of("exponential rule", outer);
    return with_inner("exponential rule, chain rule", times_inner(g, outer, u, by), u, EG_NONE);
}

/* (u^v)' = u^v (v log(u))' */
static eg_rule_result general_power(eg_graph *g, eg_id id, eg_id u, eg_id v, uint32_t by)
{
    eg_id exponent = product2(g, v, eg_call(g, EG_F_LOG, u));
    return with_inner("general power by the logarithm",
                      product2(g, id, eg_line_derivative(g, exponent, by)), u, v);
}

static eg_rule_result rule_for_power(eg_graph *g, eg_id id, uint32_t by)
{
    const eg_id base = eg_args(g, id)[0], exponent = eg_args(g, id)[1];
    if (!eg_line_depends(g, exponent, by))
        return power_rule(g, base, exponent, by);
    if (!eg_line_depends(g, base, by))
        return exponential_rule(g, id, base, exponent, by);
    return general_power(g, id, base, exponent, by);
}

/* ---- calls ---- */

/* Returns the sum of the partial derivatives of a call times the derivatives of its arguments. */
static eg_rule_result rule_for_call(eg_graph *g, eg_id id, uint32_t by)
{
    const eg_node node = g->nodes[id];
    const eg_function_id f = (eg_function_id)(node.kind - EG_CALL);
    const eg_id args[2] = {eg_args(g, id)[0], node.count > 1 ? eg_args(g, id)[1] : EG_NONE};
    eg_id sum = eg_make_integer(g, 0), inner = EG_NONE;
    size_t varying = 0;
    for (uint32_t k = 0; k < node.count && k < 2 && g->status == EG_OK; k++) {
        if (!eg_line_depends(g, args[k], by))
            continue;
        varying++;
        inner = args[k];
        eg_id outer =
            eg_call_derivative(g, f, id, args[k], node.count > 1 ? args[1 - k] : EG_NONE, k == 0);
        if (outer == EG_NONE)
            continue;
        eg_id term = times_inner(g, outer, args[k], by);
        sum = term == EG_NONE ? EG_NONE : eg_line_sum(g, (eg_id[]){sum, term}, 2);
    }
    eg_rule_result result = with_inner(NULL, sum, EG_NONE, EG_NONE);
    result.function = eg_functions[f].name;
    if (varying == 2) {
        result.u = args[0];
        result.v = args[1];
    } else if (inner != EG_NONE && !is_variable(g, inner, by)) {
        result.u = inner;
    }
    return result;
}

/* if(c, u, v)' = if(c, u', v') */
static eg_rule_result rule_for_if(eg_graph *g, eg_id id, uint32_t by)
{
    eg_id args[3] = {eg_args(g, id)[0], eg_args(g, id)[1], eg_args(g, id)[2]};
    args[1] = eg_line_derivative(g, args[1], by);
    args[2] = eg_line_derivative(g, args[2], by);
    if (g->status != EG_OK)
        return result_of("each branch", EG_NONE);
    return result_of("each branch by itself",
                     eg_graph_intern(g, (eg_node){.kind = EG_CALL + EG_F_IF, .count = 3}, args));
}

eg_rule_result eg_rule_apply(eg_graph *g, eg_id id, uint32_t by)
{
    if (is_variable(g, id, by))
        return result_of("derivative of the variable is 1", eg_make_integer(g, 1));
    if (!eg_line_depends(g, id, by))
        return result_of("derivative of a constant is 0", eg_make_integer(g, 0));
    switch (g->nodes[id].kind) {
    case EG_SUM:
        return sum_rule(g, id, by);
    case EG_PRODUCT:
        return rule_for_product(g, id, by);
    case EG_POWER:
        return rule_for_power(g, id, by);
    case EG_CALL + EG_F_IF:
        return rule_for_if(g, id, by);
    default:
        return rule_for_call(g, id, by);
    }
}
