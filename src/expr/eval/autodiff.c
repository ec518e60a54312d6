/* SPDX-License-Identifier: MIT */
/*
 * Derivatives as further operations, which share what they can with those there are: exp(x) is its
 * own derivative, and costs nothing more.
 */
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
    return id == EG_NONE || (ops->nodes[id].kind == EG_NUMBER && ops->nodes[id].number.num == 0);
}

/* A derivative that is 0 by its form stays so, whatever it is multiplied by. */
static eg_id times(eg_graph *ops, eg_id a, eg_id b)
{
    return is_zero(ops, a) || is_zero(ops, b) ? zero(ops) : eg_op2(ops, EG_OP_MUL, a, b);
}

static eg_id over(eg_graph *ops, eg_id a, eg_id b)
{
    return is_zero(ops, a) ? a : eg_op2(ops, EG_OP_DIV, a, b);
}

static eg_id minus(eg_graph *ops, eg_id a)
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

/* log(2) or log(10) times a. */
static eg_id in_base(eg_graph *ops, double base, eg_id a)
{
    return times(ops, call(ops, EG_F_LOG, eg_op_number(ops, base, false)), a);
}

/* 2/sqrt(pi) exp(-a^2). */
static eg_id bell(eg_graph *ops, eg_id a)
{
    eg_id factor = eg_op_number(ops, 1.12837916709551257390, true);
    return times(ops, factor, call(ops, EG_F_EXP, minus(ops, square(ops, a))));
}

/* sqrt(a - 1) sqrt(a + 1), which unlike sqrt(a^2 - 1) has no value below -1. */
static eg_id roots_about_one(eg_graph *ops, eg_id a)
{
    return times(ops, call(ops, EG_F_SQRT, eg_op2(ops, EG_OP_SUB, a, one(ops))),
                 call(ops, EG_F_SQRT, plus_one(ops, a)));
}

static eg_id partial_of_call(eg_graph *ops, eg_function_id f, eg_id value, eg_id a, eg_id seed)
{
    switch (f) {
    case EG_F_SQRT:
        return over(ops, scaled(ops, 0.5, seed), value);
    case EG_F_CBRT:
        return over(ops, seed, scaled(ops, 3, square(ops, value)));
    case EG_F_EXP:
        return times(ops, seed, value);
    case EG_F_LOG:
        return over(ops, seed, a);
    case EG_F_LOG2:
        return over(ops, seed, in_base(ops, 2, a));
    case EG_F_LOG10:
        return over(ops, seed, in_base(ops, 10, a));
    case EG_F_SIN:
        return times(ops, seed, call(ops, EG_F_COS, a));
    case EG_F_COS:
        return minus(ops, times(ops, seed, call(ops, EG_F_SIN, a)));
    case EG_F_TAN:
        return times(ops, seed, plus_one(ops, square(ops, value)));
    case EG_F_ASIN:
        return over(ops, seed, call(ops, EG_F_SQRT, eg_op1(ops, EG_OP_ONE_LESS, a)));
    case EG_F_ACOS:
        return minus(ops, over(ops, seed, call(ops, EG_F_SQRT, eg_op1(ops, EG_OP_ONE_LESS, a))));
    case EG_F_ATAN:
        return over(ops, seed, plus_one(ops, square(ops, a)));
    case EG_F_SINH:
        return times(ops, seed, call(ops, EG_F_COSH, a));
    case EG_F_COSH:
        return times(ops, seed, call(ops, EG_F_SINH, a));
    case EG_F_TANH:
        return times(ops, seed, eg_op1(ops, EG_OP_SECH2, a));
    case EG_F_ASINH:
        return over(ops, seed, call(ops, EG_F_SQRT, plus_one(ops, square(ops, a))));
    case EG_F_ACOSH:
        return over(ops, seed, roots_about_one(ops, a));
    case EG_F_ATANH:
        return over(ops, seed, eg_op1(ops, EG_OP_ONE_LESS, a));
    case EG_F_ERF:
        return times(ops, seed, bell(ops, a));
    case EG_F_ERFC:
        return minus(ops, times(ops, seed, bell(ops, a)));
    case EG_F_ABS:
        return times(ops, seed, call(ops, EG_F_SIGN, a));
    default: /* sign, floor, ceil */
        return zero(ops);
    }
}

/* The share of the first argument of min: 1 where it is the smaller, 1/2 where both are equal. */
static eg_id share_of_smaller(eg_graph *ops, eg_id a, eg_id b, eg_id seed)
{
    eg_id sign = call(ops, EG_F_SIGN, eg_op2(ops, EG_OP_SUB, b, a));
    return times(ops, seed, scaled(ops, 0.5, plus_one(ops, sign)));
}

static eg_id partial_of_call2(eg_graph *ops, eg_function_id f, eg_id value, eg_id arg, eg_id other,
                              bool first, eg_id seed)
{
    switch (f) {
    case EG_F_MIN:
        return share_of_smaller(ops, arg, other, seed);
    case EG_F_MAX:
        return share_of_smaller(ops, other, arg, seed);
    case EG_F_HYPOT:
        return over(ops, times(ops, seed, arg), value);
    default: { /* atan2 */
        eg_id both = eg_op2(ops, EG_OP_ADD, square(ops, arg), square(ops, other));
        eg_id partial = over(ops, times(ops, seed, other), both);
        return first ? partial : minus(ops, partial);
    }
    }
}

static eg_id partial_of_power(eg_graph *ops, eg_id value, eg_id base, eg_id exponent, bool first,
                              eg_id seed)
{
    if (!first)
        return times(ops, seed, times(ops, value, eg_op1(ops, EG_OP_LOG_OR_0, base)));
    eg_id less;
    const eg_node *e = &ops->nodes[exponent];
    if (e->kind == EG_NUMBER)
        less = eg_op_number(ops, e->number.num - 1, e->index);
    else
        less = eg_op2(ops, EG_OP_SUB, exponent, one(ops));
    return times(ops, seed, times(ops, exponent, eg_op2(ops, EG_POWER, base, less)));
}

/* seed times the derivative of node `id` by its argument k. */
static eg_id partial(eg_graph *ops, eg_id id, uint32_t k, eg_id seed)
{
    const eg_node node = ops->nodes[id];
    eg_id a = eg_args(ops, id)[0], b = node.count > 1 ? eg_args(ops, id)[1] : EG_NONE;
    switch (node.kind) {
    case EG_OP_ADD:
        return seed;
    case EG_OP_SUB:
        return k == 0 ? seed : minus(ops, seed);
    case EG_OP_NEG:
        return minus(ops, seed);
    case EG_OP_MUL:
        return times(ops, seed, k == 0 ? b : a);
    case EG_OP_DIV:
        return k == 0 ? over(ops, seed, b) : minus(ops, times(ops, over(ops, seed, b), id));
    case EG_OP_SQUARE:
        return times(ops, seed, scaled(ops, 2, a));
    case EG_OP_POWI:
        return times(ops, seed, scaled(ops, node.index, eg_op_powi(ops, a, node.index - 1)));
    case EG_OP_POWH:
        return times(ops, seed, scaled(ops, node.index + 0.5, eg_op_powh(ops, a, node.index - 1)));
    case EG_OP_ONE_LESS:
        return times(ops, seed, scaled(ops, -2, a));
    case EG_OP_SECH2:
        return times(ops, seed, times(ops, id, scaled(ops, -2, call(ops, EG_F_TANH, a))));
    case EG_OP_LOG_OR_0:
        return over(ops, seed, a);
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

/* ---- both directions ---- */

static eg_id accumulate(eg_graph *ops, eg_id sum, eg_id part)
{
    return sum == EG_NONE ? part : eg_op2(ops, EG_OP_ADD, sum, part);
}

/* Which nodes up to `last` depend on a variable; numbers get no adjoints. */
static void mark_varying(const eg_graph *ops, eg_id last, bool *varies)
{
    for (eg_id id = 0; id <= last; id++) {
        varies[id] = ops->nodes[id].kind == EG_VARIABLE;
        for (uint32_t i = 0; i < ops->nodes[id].count; i++)
            varies[id] |= varies[eg_args(ops, id)[i]];
    }
}

static void sweep_back(eg_graph *ops, eg_id value, eg_id *adjoints, const bool *varies)
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

eg_status eg_reverse(eg_graph *ops, eg_id value, eg_id gradient[], size_t variables)
{
    if (ops->status != EG_OK)
        return ops->status;
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
    sweep_back(ops, value, adjoints, varies);
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        if (ops->nodes[i].kind == EG_VARIABLE && adjoints[i] != EG_NONE)
            gradient[ops->nodes[i].index] = adjoints[i];
    eg_free(adjoints);
    return ops->status;
}

static eg_id tangent_of(eg_graph *ops, eg_id id, const eg_id *tangents, size_t variables)
{
    eg_id made = EG_NONE;
    if (ops->nodes[id].kind == EG_VARIABLE)
        return eg_graph_node(
            ops,
            (eg_node){.kind = EG_VARIABLE, .index = ops->nodes[id].index + (uint32_t)variables},
            NULL);
    for (uint32_t k = 0; k < ops->nodes[id].count && ops->status == EG_OK; k++) {
        eg_id arg = eg_args(ops, id)[k];
        if (!is_zero(ops, tangents[arg]))
            made = accumulate(ops, made, partial(ops, id, k, tangents[arg]));
    }
    return made == EG_NONE ? zero(ops) : made;
}

eg_status eg_forward(eg_graph *ops, const eg_id ids[], eg_id tangents[], size_t count,
                     size_t variables)
{
    eg_id last = 0;
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        last = ids[i] > last ? ids[i] : last;
    if (ops->status != EG_OK)
        return ops->status;
    eg_id *all = eg_alloc(ops->ctx, (size_t)last + 1, sizeof *all, ops->error);
    if (!all) {
        eg_graph_fail(ops, eg_failed(ops->error));
        return ops->status;
    }
    for (eg_id id = 0; id <= last && ops->status == EG_OK; id++)
        all[id] = tangent_of(ops, id, all, variables);
    for (size_t i = 0; i < count && ops->status == EG_OK; i++)
        tangents[i] = all[ids[i]];
    eg_free(all);
    return ops->status;
}
