/* SPDX-License-Identifier: MIT */
/* Evaluation of exact real numbers: the domain of each operation, and its ball. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "real/real.h"

/* ---- domains ---- */

/* An operation about to be evaluated. */
typedef struct operation {
    eg_reals *reals;
    unsigned op;
    const eg_real_value *a, *b;
    eg_undefined_kind reason; /* set if it has no value */
} operation;

static int compare(const operation *o, const eg_real_value *a, int64_t integer)
{
    return o->reals->balls->compare(&a->ball, integer);
}

/* Decides a domain that excludes one sign: `excluded` is -1 or 0 (a < 0, a = 0), or both with
 * `zero`. */
static eg_real_state require_sign(operation *o, const eg_real_value *a, bool positive,
                                  eg_undefined_kind negative_reason, eg_undefined_kind zero_reason)
{
    int sign = compare(o, a, 0);
    if (sign < 0)
        o->reason = negative_reason;
    else if (sign == 0 && positive)
        o->reason = zero_reason;
    else
        return sign == EG_UNSURE ? EG_REAL_OPEN : EG_REAL_KNOWN;
    return EG_REAL_UNDEFINED;
}

static eg_real_state require_nonzero(operation *o, const eg_real_value *a, eg_undefined_kind reason)
{
    int sign = compare(o, a, 0);
    if (sign == EG_UNSURE)
        return EG_REAL_OPEN;
    o->reason = reason;
    return sign == 0 ? EG_REAL_UNDEFINED : EG_REAL_KNOWN;
}

/* Decides a domain from `low` on (or beyond it, if open) up to `high`. */
static eg_real_state require_range(operation *o, int64_t low, int64_t high, bool open)
{
    int above = compare(o, o->a, low), below = high == INT64_MAX ? -1 : compare(o, o->a, high);
    o->reason = EG_UNDEFINED_ARGUMENT;
    if (above == -1 || below == 1)
        return EG_REAL_UNDEFINED;
    if (open && (above == 0 || below == 0)) {
        o->reason = EG_UNDEFINED_POLE;
        return EG_REAL_UNDEFINED;
    }
    return above == EG_UNSURE || below == EG_UNSURE ? EG_REAL_OPEN : EG_REAL_KNOWN;
}

static bool is_integer(const operation *o, const eg_real_value *a)
{
    int64_t integer;
    return a->exact && o->reals->balls->unique_integer(&a->ball, &integer) &&
           compare(o, a, integer) == 0;
}

/* Returns true if it is certain that the number is no integer. */
static bool is_fractional(const operation *o, const eg_real_value *a)
{
    int64_t integer;
    double approximate = o->reals->balls->approximate(&a->ball);
    if (a->form == EG_FORM_RATIONAL)
        return a->den != 1;
    if (!(fabs(approximate) < 1e15) || o->reals->balls->unique_integer(&a->ball, &integer))
        return false;
    int64_t below = (int64_t)floor(approximate);
    return compare(o, a, below) == 1 && compare(o, a, below + 1) == -1;
}

static eg_real_state power_domain(operation *o)
{
    int base = compare(o, o->a, 0), exponent = compare(o, o->b, 0);
    bool integer = is_integer(o, o->b);
    if (base == 1 || (integer && base == -1) || (integer && exponent == 1))
        return EG_REAL_KNOWN;
    if (base == -1 && is_fractional(o, o->b)) {
        o->reason = EG_UNDEFINED_NEGATIVE_POWER;
        return EG_REAL_UNDEFINED;
    }
    if (base != 0 || exponent == EG_UNSURE)
        return EG_REAL_OPEN;
    o->reason = exponent == 0 ? EG_UNDEFINED_ZERO_POWER : EG_UNDEFINED_POLE;
    return exponent == 1 ? EG_REAL_KNOWN : EG_REAL_UNDEFINED;
}

/* Decides the domain of atan2: all but the origin. On the negative x axis y must be known, because
 * the angle jumps there. */
static eg_real_state angle_domain(operation *o)
{
    int y = compare(o, o->a, 0), x = compare(o, o->b, 0);
    o->reason = EG_UNDEFINED_ANGLE;
    if (x == 0 && y == 0)
        return EG_REAL_UNDEFINED;
    return (y == EG_UNSURE && x != 1) || (x == EG_UNSURE && y == 0) ? EG_REAL_OPEN : EG_REAL_KNOWN;
}

static eg_real_state tangent_domain(operation *o)
{
    if (o->a->form == EG_FORM_PI && o->a->den == 2) {
        o->reason = EG_UNDEFINED_POLE;
        return EG_REAL_UNDEFINED;
    }
    return EG_REAL_KNOWN;
}

/* Decides the domain of gamma and its logarithmic derivatives: all but 0, -1, -2 ... */
static eg_real_state gamma_domain(operation *o)
{
    int64_t integer;
    if (compare(o, o->a, 0) == 1)
        return EG_REAL_KNOWN;
    if (!o->reals->balls->unique_integer(&o->a->ball, &integer))
        return is_fractional(o, o->a) ? EG_REAL_KNOWN : EG_REAL_OPEN;
    o->reason = EG_UNDEFINED_POLE;
    return integer <= 0 && compare(o, o->a, integer) == 0 ? EG_REAL_UNDEFINED : EG_REAL_OPEN;
}

static eg_real_state function_domain(operation *o)
{
    switch (o->op - EG_CALL) {
    case EG_F_SQRT:
        return require_sign(o, o->a, false, EG_UNDEFINED_ROOT, EG_UNDEFINED_ROOT);
    case EG_F_CBRT: /* Arb needs the sign */
    case EG_F_SIGN:
        return compare(o, o->a, 0) == EG_UNSURE ? EG_REAL_OPEN : EG_REAL_KNOWN;
    case EG_F_LOG:
    case EG_F_LOG2:
    case EG_F_LOG10:
        return require_sign(o, o->a, true, EG_UNDEFINED_LOGARITHM, EG_UNDEFINED_POLE);
    case EG_F_TAN:
        return tangent_domain(o);
    case EG_F_ASIN:
    case EG_F_ACOS:
        return require_range(o, -1, 1, false);
    case EG_F_ACOSH:
        return require_range(o, 1, INT64_MAX, false);
    case EG_F_ATANH:
        return require_range(o, -1, 1, true);
    case EG_F_LOG1P:
        return require_range(o, -1, INT64_MAX, true);
    case EG_F_GAMMA:
    case EG_F_LGAMMA:
    case EG_F_POLYGAMMA:
        return gamma_domain(o);
    case EG_F_LESS:
    case EG_F_EQUAL:
        return compare(o, o->a, 0) == EG_UNSURE ? EG_REAL_OPEN : EG_REAL_KNOWN;
    case EG_F_ATAN2:
        return angle_domain(o);
    default:
        return EG_REAL_KNOWN;
    }
}

/* Decides whether the operation has a value. */
static eg_real_state decide_domain(operation *o)
{
    switch (o->op) {
    case EG_OP_DIV:
        return require_nonzero(o, o->b, EG_UNDEFINED_POLE);
    case EG_OP_POWH:
        return require_sign(o, o->a, false, EG_UNDEFINED_ROOT, EG_UNDEFINED_ROOT);
    case EG_OP_LOG_OR_0:
        return require_sign(o, o->a, false, EG_UNDEFINED_LOGARITHM, EG_UNDEFINED_LOGARITHM);
    case EG_POWER:
        return power_domain(o);
    default:
        return o->op >= EG_CALL && o->op < EG_CALL + EG_FUNCTIONS ? function_domain(o)
                                                                  : EG_REAL_KNOWN;
    }
}

/* ---- values ---- */

/* Computes floor and ceil, which need to know on which side of an integer the number is, and sign.
 * Returns false if the ball contains both sides. */
static bool round_to_integer(const operation *o, eg_ball *out)
{
    int64_t integer;
    const eg_ball_arithmetic *balls = o->reals->balls;
    if (o->op == EG_CALL + EG_F_SIGN) {
        balls->set_integer(out, compare(o, o->a, 0));
        return true;
    }
    if (balls->unique_integer(&o->a->ball, &integer)) {
        int order = compare(o, o->a, integer);
        if (order == EG_UNSURE)
            return false;
        balls->set_integer(out, o->op == EG_CALL + EG_F_FLOOR ? integer - (order < 0)
                                                              : integer + (order > 0));
        return true;
    }
    return balls->apply(out, o->op, 0, &o->a->ball, &o->b->ball, 64);
}

/* Computes comparisons and their combinations, whose operands are known to be 0 or 1. */
static bool apply_condition(const operation *o, eg_ball *out, long bits)
{
    const eg_ball_arithmetic *balls = o->reals->balls;
    int a = o->a->state == EG_REAL_KNOWN ? compare(o, o->a, 0) : EG_UNSURE;
    int b = o->b->state == EG_REAL_KNOWN ? compare(o, o->b, 0) : EG_UNSURE;
    switch (o->op - EG_CALL) {
    case EG_F_LESS:
        balls->set_integer(out, a < 0);
        return true;
    case EG_F_EQUAL:
    case EG_F_NOT:
        balls->set_integer(out, a == 0);
        return true;
    case EG_F_AND:
        balls->set_integer(out, a == 1 && b == 1);
        return true;
    default: /* EG_OP_WHEN */
        if (a == 0)
            balls->set_integer(out, 0);
        else
            balls->apply(out, EG_OP_ADD, 0, &o->b->ball, &o->reals->zero, bits);
        return true;
    }
}

static bool is_condition(unsigned op)
{
    return op == EG_OP_WHEN || op == EG_CALL + EG_F_LESS || op == EG_CALL + EG_F_EQUAL ||
           op == EG_CALL + EG_F_NOT || op == EG_CALL + EG_F_AND;
}

static bool apply(const operation *o, eg_ball *out, const eg_node *node, long bits)
{
    if (is_condition(o->op))
        return apply_condition(o, out, bits);
    if (o->op == EG_CALL + EG_F_SIGN || o->op == EG_CALL + EG_F_FLOOR ||
        o->op == EG_CALL + EG_F_CEIL)
        return round_to_integer(o, out);
    if (o->op == EG_POWER && compare(o, o->a, 0) == 0) {
        o->reals->balls->set_integer(out, 0);
        return true;
    }
    return o->reals->balls->apply(out, o->op, node->index, &o->a->ball, &o->b->ball, bits);
}

enum { NEAR_BITS = 20 }; /* a ball within 2^-NEAR_BITS of an integer may be that integer */

/* Returns true if the number is proven to be the integer, which its ball contains. */
static bool is_proven_integer(eg_reals *reals, eg_id id, int64_t integer)
{
    eg_real_value *value = &reals->values[id];
    if (reals->balls->compare(&value->ball, integer) == 0)
        return true;
    if (!reals->balls->is_within(&value->ball, integer, NEAR_BITS))
        return false;
    if (value->separation.algebraic &&
        reals->balls->is_within(&value->ball, integer, eg_real_separation_bits(reals, id, integer)))
        return true;
    if (integer != 0 || value->tested)
        return false;
    value->tested = true;
    return eg_real_is_identity(reals, id);
}

/* Replaces the ball by the integer that it surrounds, if that is proven. */
static void snap_to_integer(eg_reals *reals, eg_id id)
{
    eg_real_value *value = &reals->values[id];
    int64_t integer;
    if (!reals->balls->unique_integer(&value->ball, &integer) || integer > INT64_C(1) << 40 ||
        integer < -(INT64_C(1) << 40) || !is_proven_integer(reals, id, integer))
        return;
    reals->balls->set_integer(&value->ball, integer);
    eg_real_make_integer(value, integer);
}

static bool is_zero_operand(const eg_reals *reals, eg_id id)
{
    const eg_real_value *value = &reals->values[id];
    return value->state == EG_REAL_KNOWN && reals->balls->compare(&value->ball, 0) == 0;
}

/* Returns true if one operand decides the result whatever the other one is: WHEN and AND with a
 * condition that is 0. */
static bool ignores_operand(const eg_reals *reals, eg_id id)
{
    const eg_node *node = &reals->graph.nodes[id];
    const eg_id *args = eg_args(&reals->graph, id);
    return (node->kind == EG_OP_WHEN && is_zero_operand(reals, args[0])) ||
           (node->kind == EG_CALL + EG_F_AND &&
            (is_zero_operand(reals, args[0]) || is_zero_operand(reals, args[1])));
}

/* Copies the lack of a value from an operand. Returns false if all operands have values. */
static bool inherit_state(eg_reals *reals, eg_id id)
{
    eg_real_value *value = &reals->values[id];
    const eg_node *node = &reals->graph.nodes[id];
    eg_real_state state = EG_REAL_KNOWN;
    if (ignores_operand(reals, id)) {
        value->state = state;
        return false;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const eg_real_value *arg = &reals->values[eg_args(&reals->graph, id)[i]];
        if (arg->state == EG_REAL_UNDEFINED) {
            value->reason = arg->reason;
            value->culprit = arg->culprit;
            state = EG_REAL_UNDEFINED;
            break;
        }
        state = arg->state == EG_REAL_OPEN ? EG_REAL_OPEN : state;
    }
    value->state = state;
    return state != EG_REAL_KNOWN;
}

static void evaluate_leaf(eg_reals *reals, eg_id id, long bits)
{
    const eg_node *node = &reals->graph.nodes[id];
    eg_real_value *value = &reals->values[id];
    eg_real_separate(reals, id);
    if (node->kind == EG_OP_BETWEEN)
        reals->balls->set_between(&value->ball, node->number.num, node->number.den);
    else if (node->kind == EG_NUMBER)
        reals->balls->set_number(&value->ball, &reals->graph, node, bits);
    else
        reals->balls->set_constant(&value->ball, node->index, bits);
    value->state = EG_REAL_KNOWN;
    snap_to_integer(reals, id);
}

/* Returns true for a - a and a + (-a), which are 0 whatever is known about a. */
static bool cancels(const eg_reals *reals, eg_id id)
{
    const eg_graph *graph = &reals->graph;
    const eg_id *args = eg_args(graph, id);
    if (graph->nodes[id].kind == EG_OP_SUB)
        return args[0] == args[1];
    for (int i = 0; i < 2 && graph->nodes[id].kind == EG_OP_ADD; i++)
        if (graph->nodes[args[i]].kind == EG_OP_NEG && eg_args(graph, args[i])[0] == args[1 - i])
            return true;
    return false;
}

static void evaluate_operation(eg_reals *reals, eg_id id, long bits)
{
    const eg_node *node = &reals->graph.nodes[id];
    const eg_id *args = eg_args(&reals->graph, id);
    eg_real_value *value = &reals->values[id];
    if (inherit_state(reals, id))
        return;
    operation o = {.reals = reals,
                   .op = node->kind,
                   .a = &reals->values[args[0]],
                   .b = &reals->values[args[node->count - 1]]};
    eg_real_separate(reals, id);
    value->state = decide_domain(&o);
    if (value->state == EG_REAL_UNDEFINED) {
        value->reason = o.reason;
        value->culprit = id;
    }
    if (value->state == EG_REAL_KNOWN && cancels(reals, id)) {
        reals->balls->set_integer(&value->ball, 0);
        eg_real_make_integer(value, 0);
        return;
    }
    if (value->state == EG_REAL_KNOWN && !apply(&o, &value->ball, node, bits))
        value->state = EG_REAL_OPEN;
    if (value->state == EG_REAL_KNOWN)
        snap_to_integer(reals, id);
}

/* Returns true if no evaluation with this precision is needed any more. */
static bool is_final(const eg_real_value *value, long bits)
{
    return value->bits >= bits || value->state == EG_REAL_UNDEFINED ||
           (value->state == EG_REAL_KNOWN && value->exact);
}

/* Marks the operands of a marked number that need an evaluation. Returns the lowest marked number,
 * given that so far. */
static eg_id mark_operands(eg_reals *reals, eg_id id, long bits, eg_id lowest)
{
    const eg_node *node = &reals->graph.nodes[id];
    for (uint32_t i = 0; i < node->count; i++) {
        eg_id arg = eg_args(&reals->graph, id)[i];
        if (is_final(&reals->values[arg], bits))
            continue;
        reals->needed[arg] = true;
        lowest = arg < lowest ? arg : lowest;
    }
    return lowest;
}

/* Evaluates a number whose operands are evaluated. A failure leaves it open. */
static void evaluate_one(eg_reals *reals, eg_id id, long bits)
{
    eg_real_value *value = &reals->values[id];
    const eg_node *node = &reals->graph.nodes[id];
    if (!eg_reals_prepare(reals, node->kind, bits))
        return;
    if (node->count == 0)
        evaluate_leaf(reals, id, bits);
    else
        evaluate_operation(reals, id, bits);
    value->bits = bits;
    if (!eg_reals_ok(reals)) {
        value->state = EG_REAL_OPEN;
        value->exact = false;
    }
}

void eg_real_evaluate(eg_reals *reals, eg_id id, long bits)
{
    eg_id lowest = id;
    bool outer;
    if (is_final(&reals->values[id], bits))
        return;
    bool ok = eg_reals_enter(reals, &outer);
    reals->needed[id] = true;
    for (eg_id k = id + 1; k-- > lowest;)
        if (reals->needed[k])
            lowest = mark_operands(reals, k, bits, lowest);
    for (eg_id k = lowest; k <= id; k++) {
        if (!reals->needed[k])
            continue;
        reals->needed[k] = false;
        if (ok)
            evaluate_one(reals, k, bits);
        ok = !reals->exhausted;
    }
    eg_reals_leave(reals, outer);
}
