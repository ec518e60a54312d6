/* SPDX-License-Identifier: MIT */
/* Automatic differentiation: adds the operations of derivatives to the graph. They share nodes with
 * the expression, so that the derivative of exp(x) costs nothing. */
#include "core/context.h"
#include "expr/eval/ops.h"

static eg_id zero(eg_graph *ops)
{
    return eg_op_number(ops, 0, false);
}

static eg_id one(eg_graph *ops)
{
    return eg_op_number(ops, 1, false);
}

static bool is_zero(const eg_graph *ops, eg_id id)
{
    return id == EG_NONE || (ops->nodes[id].kind == EG_NUMBER && ops->nodes[id].number.num == 0 &&
                             !(ops->as_typed && ops->nodes[id].index));
}

/* Multiplies derivatives. One that is 0 by its form stays 0, also times infinity. */
static eg_id times(eg_graph *ops, eg_id a, eg_id b)
{
    return is_zero(ops, a) || is_zero(ops, b) ? zero(ops) : eg_op2(ops, EG_OP_MUL, a, b);
}

static eg_id quotient(eg_graph *ops, eg_id a, eg_id b)
{
    return is_zero(ops, a) ? a : eg_op2(ops, EG_OP_DIV, a, b);
}

static eg_id negate(eg_graph *ops, eg_id a)
{
    return eg_op1(ops, EG_OP_NEG, a);
}

static eg_id square(eg_graph *ops, eg_id a)
{
    return eg_op1(ops, EG_OP_SQUARE, a);
}

static eg_id call(eg_graph *ops, eg_function_id function, eg_id a)
{
    return eg_op1(ops, EG_CALL + function, a);
}

static eg_id scaled(eg_graph *ops, double factor, eg_id a)
{
    return times(ops, eg_op_number(ops, factor, false), a);
}

static eg_id plus_one(eg_graph *ops, eg_id a)
{
    return eg_op2(ops, EG_OP_ADD, one(ops), a);
}

/* ---- seed times the derivative of one operation ---- */

/* Returns a log(base). */
static eg_id times_log(eg_graph *ops, double base, eg_id a)
{
    return times(ops, call(ops, EG_F_LOG, eg_op_number(ops, base, false)), a);
}

/* Returns 2/sqrt(pi). */
static eg_id two_over_root_pi(eg_graph *ops)
{
    if (!ops->as_typed)
        return eg_op_number(ops, 1.12837916709551257390, true);
    eg_id pi = eg_make_constant(ops, EG_PI);
    return quotient(ops, eg_op_number(ops, 2, false), call(ops, EG_F_SQRT, pi));
}

/* Returns the derivative of erf: 2/sqrt(pi) exp(-a^2). */
static eg_id erf_derivative(eg_graph *ops, eg_id a)
{
    eg_id factor = two_over_root_pi(ops);
    return times(ops, factor, call(ops, EG_F_EXP, negate(ops, square(ops, a))));
}

/* Returns sqrt(a - 1) sqrt(a + 1), which unlike sqrt(a^2 - 1) has no value below -1. */
static eg_id acosh_roots(eg_graph *ops, eg_id a)
{
    return times(ops, call(ops, EG_F_SQRT, eg_op2(ops, EG_OP_SUB, a, one(ops))),
                 call(ops, EG_F_SQRT, plus_one(ops, a)));
}

static eg_id partial_of_call(eg_graph *ops, eg_function_id f, eg_id value, eg_id a, eg_id seed)
{
    switch (f) {
    case EG_F_SQRT:
        return quotient(ops, scaled(ops, 0.5, seed), value);
    case EG_F_CBRT:
        return quotient(ops, seed, scaled(ops, 3, square(ops, value)));
    case EG_F_EXP:
        return times(ops, seed, value);
    case EG_F_LOG:
        return quotient(ops, seed, a);
    case EG_F_LOG2:
        return quotient(ops, seed, times_log(ops, 2, a));
    case EG_F_LOG10:
        return quotient(ops, seed, times_log(ops, 10, a));
    case EG_F_EXPM1:
        return times(ops, seed, call(ops, EG_F_EXP, a));
    case EG_F_LOG1P:
        return quotient(ops, seed, plus_one(ops, a));
    case EG_F_GAMMA:
        return times(ops, seed, times(ops, value, eg_op_ordered(ops, EG_F_POLYGAMMA, 0, a)));
    case EG_F_LGAMMA:
        return times(ops, seed, eg_op_ordered(ops, EG_F_POLYGAMMA, 0, a));
    case EG_F_POLYGAMMA:
    case EG_F_SINC:
        return times(ops, seed, eg_op_ordered(ops, f, ops->nodes[value].index + 1, a));
    case EG_F_SIN:
        return times(ops, seed, call(ops, EG_F_COS, a));
    case EG_F_COS:
        return negate(ops, times(ops, seed, call(ops, EG_F_SIN, a)));
    case EG_F_TAN:
        return times(ops, seed, plus_one(ops, square(ops, value)));
    case EG_F_ASIN:
        return quotient(ops, seed, call(ops, EG_F_SQRT, eg_op1(ops, EG_OP_ONE_MINUS_SQUARE, a)));
    case EG_F_ACOS:
        return negate(ops, partial_of_call(ops, EG_F_ASIN, value, a, seed));
    case EG_F_ATAN:
        return quotient(ops, seed, plus_one(ops, square(ops, a)));
    case EG_F_SINH:
        return times(ops, seed, call(ops, EG_F_COSH, a));
    case EG_F_COSH:
        return times(ops, seed, call(ops, EG_F_SINH, a));
    case EG_F_TANH:
        return times(ops, seed, eg_op1(ops, EG_OP_SECH2, a));
    case EG_F_ASINH:
        return quotient(ops, seed, call(ops, EG_F_SQRT, plus_one(ops, square(ops, a))));
    case EG_F_ACOSH:
        return quotient(ops, seed, acosh_roots(ops, a));
    case EG_F_ATANH:
        return quotient(ops, seed, eg_op1(ops, EG_OP_ONE_MINUS_SQUARE, a));
    case EG_F_ERF:
        return times(ops, seed, erf_derivative(ops, a));
    case EG_F_ERFC:
        return negate(ops, times(ops, seed, erf_derivative(ops, a)));
    case EG_F_ABS:
        return times(ops, seed, call(ops, EG_F_SIGN, a));
    default: /* sign, floor, ceil, round, not */
        return zero(ops);
    }
}

/* Returns seed times the derivative of min(a, b) by a: 1 where a is smaller, 1/2 where both are
 * equal. */
static eg_id min_partial(eg_graph *ops, eg_id a, eg_id b, eg_id seed)
{
    eg_id sign = call(ops, EG_F_SIGN, eg_op2(ops, EG_OP_SUB, b, a));
    return times(ops, seed, scaled(ops, 0.5, plus_one(ops, sign)));
}

/* Returns floor(a/b) from value = mod(a, b). (a - value)/b is this integer but for rounding, where
 * a/b may have been rounded up to the next one. */
static eg_id mod_quotient(eg_graph *ops, eg_id value, eg_id a, eg_id b)
{
    return call(ops, EG_F_ROUND, quotient(ops, eg_op2(ops, EG_OP_SUB, a, value), b));
}

static eg_id partial_of_call2(eg_graph *ops, eg_function_id f, eg_id value, eg_id arg, eg_id other,
                              bool first, eg_id seed)
{
    switch (f) {
    case EG_F_MIN:
        return min_partial(ops, arg, other, seed);
    case EG_F_MAX:
        return min_partial(ops, other, arg, seed);
    case EG_F_HYPOT:
        return quotient(ops, times(ops, seed, arg), value);
    case EG_F_MOD:
        return first ? seed : negate(ops, times(ops, seed, mod_quotient(ops, value, other, arg)));
    case EG_F_ATAN2: {
        eg_id norm = eg_op2(ops, EG_OP_ADD, square(ops, arg), square(ops, other));
        eg_id partial = quotient(ops, times(ops, seed, other), norm);
        return first ? partial : negate(ops, partial);
    }
    default: /* comparisons and their combinations */
        return zero(ops);
    }
}

static eg_id partial_of_power(eg_graph *ops, eg_id value, eg_id base, eg_id exponent, bool first,
                              eg_id seed)
{
    if (!first)
        return times(ops, seed, times(ops, value, eg_op1(ops, EG_OP_LOG_OR_0, base)));
    eg_id reduced;
    const eg_node *e = &ops->nodes[exponent];
    double less = e->kind == EG_NUMBER ? e->number.num - 1 : 0;
    /* The exponent is reduced by 1 here only if that is exact: 1.1 is rounded, and so would 0.1 be.
     */
    if (e->kind == EG_NUMBER && !ops->as_typed && !e->index && less + 1 == e->number.num)
        reduced = eg_op_number(ops, less, false);
    else
        reduced = eg_op2(ops, EG_OP_SUB, exponent, one(ops));
    return times(ops, seed, times(ops, exponent, eg_op2(ops, EG_POWER, base, reduced)));
}

/* Returns seed times the derivative of node `id` by its argument k. */
static eg_id partial(eg_graph *ops, eg_id id, uint32_t k, eg_id seed)
{
    const eg_node node = ops->nodes[id];
    eg_id a = eg_args(ops, id)[0], b = node.count > 1 ? eg_args(ops, id)[1] : EG_NONE;
    switch (node.kind) {
    case EG_OP_ADD:
        return seed;
    case EG_OP_SUB:
        return k == 0 ? seed : negate(ops, seed);
    case EG_OP_NEG:
        return negate(ops, seed);
    case EG_OP_MUL:
        return times(ops, seed, k == 0 ? b : a);
    case EG_OP_DIV:
        return k == 0 ? quotient(ops, seed, b)
                      : negate(ops, times(ops, quotient(ops, seed, b), id));
    case EG_OP_SQUARE:
        return times(ops, seed, scaled(ops, 2, a));
    case EG_OP_POWI:
        return times(ops, seed, scaled(ops, node.index, eg_op_powi(ops, a, node.index - 1)));
    case EG_OP_POWH:
        return times(ops, seed, scaled(ops, node.index + 0.5, eg_op_powh(ops, a, node.index - 1)));
    case EG_OP_ONE_MINUS_SQUARE:
        return times(ops, seed, scaled(ops, -2, a));
    case EG_OP_SECH2:
        return times(ops, seed, times(ops, id, scaled(ops, -2, call(ops, EG_F_TANH, a))));
    case EG_OP_LOG_OR_0:
        return quotient(ops, seed, a);
    case EG_OP_WHEN:
        return k == 0 || is_zero(ops, seed) ? zero(ops) : eg_op2(ops, EG_OP_WHEN, a, seed);
    case EG_POWER:
        return partial_of_power(ops, id, a, b, k == 0, seed);
    default:
        break;
    }
    eg_function_id f = (eg_function_id)(node.kind - EG_CALL);
    return node.count == 1
               ? partial_of_call(ops, f, id, a, seed)
               : partial_of_call2(ops, f, id, k == 0 ? a : b, k == 0 ? b : a, k == 0, seed);
}

/* ---- reverse and forward mode ---- */

static eg_id accumulate(eg_graph *ops, eg_id sum, eg_id term)
{
    return sum == EG_NONE ? term : eg_op2(ops, EG_OP_ADD, sum, term);
}

/* Sets varies[id] for every node up to `last`: true if it depends on a variable. Others get no
 * adjoints. */
static void mark_varying(const eg_graph *ops, eg_id last, bool *varies)
{
    for (eg_id id = 0; id <= last; id++) {
        varies[id] = ops->nodes[id].kind == EG_VARIABLE;
        for (uint32_t i = 0; i < ops->nodes[id].count; i++)
            varies[id] |= varies[eg_args(ops, id)[i]];
    }
}

static void propagate_adjoints(eg_graph *ops, eg_id value, eg_id *adjoints, const bool *varies)
{
    adjoints[value] = one(ops);
    for (eg_id id = value + 1; id-- > 0 && ops->status == EG_OK;) {
        if (is_zero(ops, adjoints[id]))
            continue;
        for (uint32_t k = 0; k < ops->nodes[id].count && ops->status == EG_OK; k++) {
            eg_id arg = eg_args(ops, id)[k];
            if (varies[arg])
                adjoints[arg] = accumulate(ops, adjoints[arg], partial(ops, id, k, adjoints[id]));
        }
    }
}

static bool has_when(const eg_graph *ops, eg_id last)
{
    for (eg_id id = 0; id <= last; id++)
        if (ops->nodes[id].kind == EG_OP_WHEN)
            return true;
    return false;
}

/* Adds the sum of the partial derivatives of a node times the derivatives of its arguments. */
static eg_id chain_rule(eg_graph *ops, eg_id id, const eg_id *derivatives)
{
    eg_id result = EG_NONE;
    for (uint32_t k = 0; k < ops->nodes[id].count && ops->status == EG_OK; k++) {
        eg_id arg = eg_args(ops, id)[k];
        if (!is_zero(ops, derivatives[arg]))
            result = accumulate(ops, result, partial(ops, id, k, derivatives[arg]));
    }
    return result == EG_NONE ? zero(ops) : result;
}

/* Adds the gradient by one pass of the forward mode for each variable. Only results of a branch are
 * selected in that mode, as in that of the value. */
static eg_status gradient_by_forward_mode(eg_graph *ops, eg_id value, eg_id gradient[],
                                          size_t variables)
{
    eg_id *derivatives = eg_alloc(ops->ctx, (size_t)value + 1, sizeof *derivatives, ops->error);
    if (!derivatives) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    for (size_t i = 0; i < variables && ops->status == EG_OK; i++) {
        for (eg_id id = 0; id <= value && ops->status == EG_OK; id++)
            if (ops->nodes[id].kind != EG_VARIABLE)
                derivatives[id] = chain_rule(ops, id, derivatives);
            else
                derivatives[id] = ops->nodes[id].index == i ? one(ops) : zero(ops);
        gradient[i] = derivatives[value];
    }
    eg_free(derivatives);
    return ops->status;
}

eg_status eg_reverse_mode(eg_graph *ops, eg_id value, eg_id gradient[], size_t variables)
{
    if (ops->status != EG_OK)
        return ops->status;
    if (has_when(ops, value))
        return gradient_by_forward_mode(ops, value, gradient, variables);
    size_t count = (size_t)value + 1;
    eg_id *adjoints = eg_alloc(ops->ctx, count, sizeof *adjoints + sizeof(bool), ops->error);
    if (!adjoints) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    bool *varies = (bool *)(adjoints + count);
    for (size_t i = 0; i < count; i++)
        adjoints[i] = EG_NONE;
    for (size_t i = 0; i < variables; i++)
        gradient[i] = zero(ops);
    mark_varying(ops, value, varies);
    propagate_adjoints(ops, value, adjoints, varies);
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        if (ops->nodes[i].kind == EG_VARIABLE && adjoints[i] != EG_NONE)
            gradient[ops->nodes[i].index] = adjoints[i];
    eg_free(adjoints);
    return ops->status;
}

static eg_id tangent_of(eg_graph *ops, eg_id id, const eg_id *tangents, size_t variables)
{
    if (ops->nodes[id].kind == EG_VARIABLE)
        return eg_graph_intern(
            ops,
            (eg_node){.kind = EG_VARIABLE, .index = ops->nodes[id].index + (uint32_t)variables},
            NULL);
    return chain_rule(ops, id, tangents);
}

eg_status eg_forward_mode(eg_graph *ops, const eg_id ids[], eg_id tangents[], size_t count,
                          size_t variables)
{
    eg_id last = 0;
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        last = ids[i] > last ? ids[i] : last;
    if (ops->status != EG_OK)
        return ops->status;
    eg_id *node_tangents = eg_alloc(ops->ctx, (size_t)last + 1, sizeof *node_tangents, ops->error);
    if (!node_tangents) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    for (eg_id id = 0; id <= last && ops->status == EG_OK; id++)
        node_tangents[id] = tangent_of(ops, id, node_tangents, variables);
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        tangents[i] = node_tangents[ids[i]];
    eg_free(node_tangents);
    return ops->status;
}
