/* SPDX-License-Identifier: MIT */
/* Finds the operations of an expression that are singular at a point, by proven signs. */
#include "real/singular.h"

#include <math.h>

#include "expr/eval/ops.h"

/* One operation at the point. */
typedef struct examined {
    const eg_operations *at;
    eg_id id;
    eg_real a, b;   /* its operands */
    eg_real number; /* the number whose sign decides */
} examined;

typedef enum answer { NO, YES, UNKNOWN } answer;

typedef struct rule {
    answer (*test)(examined *o);
    eg_singular_question question;
    double smoothness;
    bool one_sided;
} rule;

/* ---- tests ---- */

static eg_real compute(examined *o, unsigned op, eg_real a, eg_real b)
{
    eg_reals *reals = o->at->reals;
    eg_real made = op == EG_OP_SUB ? eg_op2(&reals->graph, op, a, b) : eg_op1(&reals->graph, op, a);
    return eg_reals_grow(reals) == EG_OK ? made : EG_REAL_NONE;
}

static answer is_zero(examined *o, eg_real number)
{
    eg_real_sign sign = eg_real_sign_of(o->at->reals, number);
    o->number = number;
    return sign == EG_SIGN_ZERO ? YES : sign == EG_SIGN_UNKNOWN ? UNKNOWN : NO;
}

static answer zero_operand(examined *o)
{
    return is_zero(o, o->a);
}

/* Tests whether the two sides of a comparison are equal. Those of a < a do not differ anywhere. */
static answer equal_sides(examined *o)
{
    const eg_graph *ops = o->at->ops;
    eg_id difference = eg_args(ops, o->id)[0];
    const eg_id *sides = eg_args(ops, difference);
    bool same = ops->nodes[difference].kind == EG_OP_SUB && sides[0] == sides[1];
    return same ? NO : is_zero(o, o->a);
}

static answer both_zero(examined *o)
{
    answer first = is_zero(o, o->a);
    return first == YES ? is_zero(o, o->b) : first;
}

static answer equal_operands(examined *o)
{
    const eg_id *args = eg_args(o->at->ops, o->id);
    return args[0] == args[1] ? NO : is_zero(o, compute(o, EG_OP_SUB, o->a, o->b));
}

static answer integer_operand(examined *o)
{
    double near = eg_real_approximate(o->at->reals, o->a);
    if (!(fabs(near) < 0x1p52))
        return UNKNOWN;
    eg_real integer = eg_real_double(o->at->reals, rint(near));
    return is_zero(o, compute(o, EG_OP_SUB, o->a, integer));
}

static answer unit_operand(examined *o)
{
    return is_zero(o, compute(o, EG_OP_ONE_MINUS_SQUARE, o->a, o->a));
}

static answer operand_one(examined *o)
{
    return is_zero(o, compute(o, EG_OP_SUB, o->a, eg_real_integer(o->at->reals, 1)));
}

/* Tests for the cut of atan2, the negative x axis. The origin has no value. */
static answer on_cut(examined *o)
{
    answer y = is_zero(o, o->a);
    if (y == NO)
        return NO;
    eg_real_sign x = eg_real_sign_of(o->at->reals, o->b);
    return x == EG_SIGN_POSITIVE ? NO : y == YES && x == EG_SIGN_NEGATIVE ? YES : UNKNOWN;
}

static bool is_positive_integer(const examined *o, eg_real exponent)
{
    const eg_real_value *value = &o->at->reals->values[exponent];
    return value->form == EG_FORM_RATIONAL && value->den == 1 && value->num > 0;
}

/* Tests whether the base of a power is 0, or negative while the exponent varies. */
static answer singular_power(examined *o)
{
    const eg_id *args = eg_args(o->at->ops, o->id);
    eg_real_sign base = eg_real_sign_of(o->at->reals, o->a);
    bool varies = o->at->varies[args[1]];
    o->number = o->a;
    if (base == EG_SIGN_POSITIVE || (!varies && is_positive_integer(o, o->b)))
        return NO;
    if (base == EG_SIGN_NEGATIVE)
        return varies ? YES : NO;
    return base == EG_SIGN_ZERO ? YES : UNKNOWN;
}

/* Operations that are analytic wherever they have a value. */
static answer analytic(examined *o)
{
    (void)o;
    return NO;
}

/* ---- table ---- */

/* An operation that is not listed is taken to be singular everywhere, so that nothing is proven of
 * it. */
static const rule rules[EG_OPS] = {
    [EG_OP_ADD] = {.test = analytic},
    [EG_OP_SUB] = {.test = analytic},
    [EG_OP_MUL] = {.test = analytic},
    [EG_OP_DIV] = {.test = analytic},
    [EG_OP_NEG] = {.test = analytic},
    [EG_OP_SQUARE] = {.test = analytic},
    [EG_OP_POWI] = {.test = analytic},
    [EG_VARIABLE] = {.test = analytic},
    [EG_CALL + EG_F_EXP] = {.test = analytic},
    [EG_CALL + EG_F_LOG] = {.test = analytic},
    [EG_CALL + EG_F_LOG2] = {.test = analytic},
    [EG_CALL + EG_F_LOG10] = {.test = analytic},
    [EG_CALL + EG_F_SIN] = {.test = analytic},
    [EG_CALL + EG_F_COS] = {.test = analytic},
    [EG_CALL + EG_F_TAN] = {.test = analytic},
    [EG_CALL + EG_F_ATAN] = {.test = analytic},
    [EG_CALL + EG_F_SINH] = {.test = analytic},
    [EG_CALL + EG_F_COSH] = {.test = analytic},
    [EG_CALL + EG_F_TANH] = {.test = analytic},
    [EG_CALL + EG_F_ASINH] = {.test = analytic},
    [EG_CALL + EG_F_ATANH] = {.test = analytic},
    [EG_CALL + EG_F_ERF] = {.test = analytic},
    [EG_CALL + EG_F_ERFC] = {.test = analytic},
    [EG_CALL + EG_F_GAMMA] = {.test = analytic},
    [EG_CALL + EG_F_LGAMMA] = {.test = analytic},
    [EG_CALL + EG_F_POLYGAMMA] = {.test = analytic},
    [EG_CALL + EG_F_SINC] = {.test = analytic},
    [EG_CALL + EG_F_EXPM1] = {.test = analytic},
    [EG_CALL + EG_F_LOG1P] = {.test = analytic},
    [EG_CALL + EG_F_NOT] = {.test = analytic},
    [EG_CALL + EG_F_AND] = {.test = analytic},
    [EG_OP_WHEN] = {.test = analytic},
    [EG_CALL + EG_F_LESS] = {equal_sides, EG_IS_ZERO, 0, false},
    [EG_CALL + EG_F_EQUAL] = {equal_sides, EG_IS_ZERO, 0, false},
    [EG_CALL + EG_F_ABS] = {zero_operand, EG_IS_ZERO, 1, false},
    [EG_CALL + EG_F_SIGN] = {zero_operand, EG_IS_ZERO, 0, false},
    [EG_CALL + EG_F_SQRT] = {zero_operand, EG_IS_ZERO, 1. / 2, true},
    [EG_CALL + EG_F_CBRT] = {zero_operand, EG_IS_ZERO, 1. / 3, false},
    [EG_CALL + EG_F_HYPOT] = {both_zero, EG_IS_ZERO, 1, false},
    [EG_CALL + EG_F_MIN] = {equal_operands, EG_ARE_EQUAL, 1, false},
    [EG_CALL + EG_F_MAX] = {equal_operands, EG_ARE_EQUAL, 1, false},
    [EG_CALL + EG_F_FLOOR] = {integer_operand, EG_IS_INTEGER, 0, false},
    [EG_CALL + EG_F_CEIL] = {integer_operand, EG_IS_INTEGER, 0, false},
    [EG_CALL + EG_F_ATAN2] = {on_cut, EG_IS_ZERO, 0, false},
    [EG_CALL + EG_F_ASIN] = {unit_operand, EG_IS_UNIT, 0, false},
    [EG_CALL + EG_F_ACOS] = {unit_operand, EG_IS_UNIT, 0, false},
    [EG_CALL + EG_F_ACOSH] = {operand_one, EG_IS_UNIT, 0, false},
    [EG_OP_POWH] = {zero_operand, EG_IS_ZERO, 3. / 2, true},
    [EG_POWER] = {singular_power, EG_IS_ZERO, 0, true},
};

/* Returns a lower bound of the exponent of a power of 0; 0 if that varies. */
static double exponent_of_zero(const examined *o)
{
    const eg_real_value *value = &o->at->reals->values[o->b];
    if (o->at->varies[eg_args(o->at->ops, o->id)[1]])
        return 0;
    if (value->form == EG_FORM_RATIONAL)
        return (double)value->num / (double)value->den;
    return eg_real_approximate(o->at->reals, o->b) * (1 - 1e-12);
}

static void examine(const eg_operations *at, eg_id id, eg_singular_list *list)
{
    const eg_node *node = &at->ops->nodes[id];
    const rule *r = &rules[node->kind];
    const eg_id *args = eg_args(at->ops, id);
    examined o = {.at = at, .id = id};
    if (node->count) {
        o.a = at->numbers[args[0]];
        o.b = at->numbers[args[node->count - 1]];
    }
    answer found = r->test ? r->test(&o) : YES;
    if (found == UNKNOWN) {
        list->decided = false;
        list->id = id;
        list->question = r->question;
        list->number = o.number;
    }
    if (found != YES)
        return;
    if (list->count < EG_SINGULAR_OPERATIONS)
        list->operations[list->count] = (eg_singular_operation){
            id, node->kind == EG_POWER ? exponent_of_zero(&o) : r->smoothness, r->one_sided};
    list->count++;
}

void eg_singular_operations(const eg_operations *at, const bool live[], eg_singular_list *list)
{
    *list = (eg_singular_list){.decided = true};
    for (eg_id id = 0; id <= at->root && list->decided; id++)
        if (live[id] && at->varies[id])
            examine(at, id, list);
}

/* ---- undecided values ---- */

static bool operands_are_known(const eg_operations *at, eg_id id)
{
    for (uint32_t i = 0; i < at->ops->nodes[id].count; i++) {
        eg_real arg = at->numbers[eg_args(at->ops, id)[i]];
        if (at->reals->values[arg].state != EG_REAL_KNOWN)
            return false;
    }
    return true;
}

void eg_undecided_operation(const eg_operations *at, eg_singular_list *list)
{
    *list = (eg_singular_list){.id = EG_NONE, .number = EG_REAL_NONE};
    for (eg_id id = 0; id <= at->root; id++) {
        if (!at->live[id] || at->ops->nodes[id].count == 0 ||
            at->reals->values[at->numbers[id]].state != EG_REAL_OPEN || !operands_are_known(at, id))
            continue;
        const eg_node *node = &at->ops->nodes[id];
        const rule *r = &rules[node->kind];
        bool divides = node->kind == EG_OP_DIV;
        list->id = id;
        list->question = r->question;
        list->number = at->numbers[eg_args(at->ops, id)[divides ? 1 : 0]];
        return;
    }
}
