/* SPDX-License-Identifier: MIT */
/*
 * Differentiability by exact rules. Let k_1 ... k_m be the singular operations that f depends on,
 * so that f(x) = F(x, k(x)) with an analytic F. If |k_i(x) - k_i(p)| = O(|x - p|^w_i), then by
 * Taylor's theorem f has the gradient dF/dx at p if every derivative of F by the k alone, of
 * orders J with J_1 w_1 + ... + J_m w_m <= 1, is 0 there.
 */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/eval/ops.h"
#include "surface/singular/path_series.h"

typedef struct kinks {
    const eg_path_problem *problem;
    const eg_singular_list *singular;
    eg_graph ops; /* the expression; variable n + i stands for singular operation i */
    eg_id root;
    double weight[EG_SINGULAR_OPERATIONS];
    eg_real point[EG_EXPR_VARIABLES + EG_SINGULAR_OPERATIONS];
} kinks;

/* ---- weights ---- */

/* Behaviour of an operation near the point p. */
typedef struct behaviour {
    bool nonnegative; /* nowhere negative */
    bool touched;     /* singular, or depends on a singular operation */
    double order;     /* it differs from its value at p by O(|x - p|^order) */
    double vanishing; /* it is O(|x - p|^vanishing); 0: its value at p is not known to be 0 */
} behaviour;

/* Decides by its form whether an operation is nowhere negative. */
static bool is_nonnegative(const eg_graph *ops, eg_id id, const behaviour known[])
{
    const eg_node *node = &ops->nodes[id];
    const eg_id *args = eg_args(ops, id);
    switch (node->kind) {
    case EG_NUMBER:
        return node->number.num >= 0;
    case EG_CONSTANT:
    case EG_OP_SQUARE:
    case EG_OP_POWH:
    case EG_CALL + EG_F_ABS:
    case EG_CALL + EG_F_HYPOT:
    case EG_CALL + EG_F_EXP:
    case EG_CALL + EG_F_COSH:
    case EG_CALL + EG_F_SQRT:
    case EG_CALL + EG_F_ERFC:
    case EG_CALL + EG_F_ACOS:
    case EG_CALL + EG_F_ACOSH:
        return true;
    case EG_OP_POWI:
        return node->index % 2 == 0 || known[args[0]].nonnegative;
    case EG_OP_ADD:
    case EG_OP_DIV:
    case EG_CALL + EG_F_MIN:
        return known[args[0]].nonnegative && known[args[1]].nonnegative;
    case EG_OP_MUL:
        return args[0] == args[1] || (known[args[0]].nonnegative && known[args[1]].nonnegative);
    case EG_CALL + EG_F_MAX:
        return known[args[0]].nonnegative || known[args[1]].nonnegative;
    case EG_POWER:
        return known[args[0]].nonnegative;
    default:
        return false;
    }
}

static const eg_singular_operation *find_singular(const kinks *k, eg_id id)
{
    for (size_t i = 0; i < k->singular->count; i++)
        if (k->singular->operations[i].id == id)
            return &k->singular->operations[i];
    return NULL;
}

static bool is_zero(const eg_operations *at, eg_id id)
{
    const eg_real_value *value = &at->reals->values[at->numbers[id]];
    return value->state == EG_REAL_KNOWN && value->form == EG_FORM_RATIONAL && value->num == 0;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Returns the order of vanishing that follows from those of the operands, 0 if none does. */
static double combined_vanishing(const eg_node *node, const behaviour *a, const behaviour *b)
{
    switch (node->kind) {
    case EG_OP_MUL:
        return a->vanishing + b->vanishing;
    case EG_OP_SQUARE:
        return 2 * a->vanishing;
    case EG_OP_POWI:
        return node->index * a->vanishing;
    case EG_OP_DIV:
    case EG_OP_NEG:
    case EG_CALL + EG_F_SIN:
    case EG_CALL + EG_F_TAN:
    case EG_CALL + EG_F_ABS:
        return a->vanishing;
    case EG_OP_ADD:
    case EG_OP_SUB:
        return least(a->vanishing, b->vanishing);
    default:
        return 0;
    }
}

static double weight_of(const eg_node *node, const eg_singular_operation *operation,
                        const behaviour *a, const behaviour *b, const behaviour *both)
{
    double order = both->order;
    if (operation->one_sided && !a->nonnegative)
        return 0;
    if (node->count == 1 || node->kind == EG_POWER)
        order = a->vanishing;
    else if (node->kind == EG_CALL + EG_F_HYPOT)
        order = least(a->vanishing, b->vanishing);
    return order * (node->kind == EG_OP_POWH ? node->index + 0.5 : operation->smoothness);
}

/* Returns the behaviour of an operation that is not singular itself. */
static behaviour inherit(const kinks *k, eg_id id, const behaviour known[])
{
    const eg_operations *at = &k->problem->at;
    const eg_node *node = &at->ops->nodes[id];
    behaviour b = {.nonnegative = is_nonnegative(at->ops, id, known), .order = 1};
    const behaviour *a = &b, *other = &b;
    for (uint32_t i = 0; i < node->count; i++) {
        other = &known[eg_args(at->ops, id)[i]];
        a = i == 0 ? other : a;
        b.touched = b.touched || other->touched;
        b.order = least(b.order, other->order);
    }
    if (!at->live[id] || !is_zero(at, id))
        return b;
    double vanishing = node->count ? combined_vanishing(node, a, other) : 0;
    /* A smooth function that is 0 and nowhere negative has a minimum: it is O(|x - p|^2). */
    b.vanishing = b.nonnegative && !b.touched ? 2 : b.order;
    b.vanishing = vanishing > b.vanishing ? vanishing : b.vanishing;
    return b;
}

/* Sets the weight w of each singular operation. Returns false if one of them has none. */
static bool weigh(kinks *k, behaviour known[])
{
    const eg_graph *ops = k->problem->at.ops;
    for (eg_id id = 0; id <= k->problem->at.root; id++) {
        const eg_singular_operation *operation = find_singular(k, id);
        behaviour b = inherit(k, id, known);
        if (operation) {
            const eg_node *node = &ops->nodes[id];
            const eg_id *args = eg_args(ops, id);
            double weight =
                weight_of(node, operation, &known[args[0]], &known[args[node->count - 1]], &b);
            if (weight == 0)
                return false;
            k->weight[operation - k->singular->operations] = weight;
            b.touched = true;
            b.order = least(weight, 1);
            b.vanishing = is_zero(&k->problem->at, id) ? weight : 0;
        }
        known[id] = b;
    }
    return true;
}

/* ---- the expression with variables for its kinks ---- */

static eg_id copy_node(kinks *k, eg_id id, const eg_id copies[])
{
    const eg_graph *from = k->problem->at.ops;
    const eg_node *node = &from->nodes[id];
    const eg_id *args = eg_args(from, id);
    const eg_singular_operation *operation = find_singular(k, id);
    const char *literal = node->kind == EG_NUMBER ? eg_literal(from, node) : NULL;
    if (operation)
        return eg_make_variable(&k->ops, (uint32_t)(k->problem->variables +
                                                    (size_t)(operation - k->singular->operations)));
    switch (node->kind) {
    case EG_NUMBER:
        return literal ? eg_make_literal(&k->ops, literal, strlen(literal), node->number.num)
                       : eg_make_number(&k->ops, node->number);
    case EG_CONSTANT:
        return eg_make_constant(&k->ops, node->index);
    case EG_VARIABLE:
        return eg_make_variable(&k->ops, node->index);
    case EG_OP_POWI:
        return eg_op_powi(&k->ops, copies[args[0]], node->index);
    case EG_OP_POWH:
        return eg_op_powh(&k->ops, copies[args[0]], node->index);
    default:
        return node->count == 1 ? eg_op1(&k->ops, node->kind, copies[args[0]])
                                : eg_op2(&k->ops, node->kind, copies[args[0]], copies[args[1]]);
    }
}

static eg_status replace_kinks(kinks *k, eg_error *error)
{
    const eg_operations *at = &k->problem->at;
    eg_id *copies = eg_alloc(at->ops->ctx, (size_t)at->root + 1, sizeof *copies, error);
    if (!copies)
        return eg_failed(error);
    for (eg_id id = 0; id <= at->root && k->ops.status == EG_OK; id++)
        copies[id] = at->live[id] ? copy_node(k, id, copies) : EG_NONE;
    k->root = k->ops.status == EG_OK ? copies[at->root] : EG_NONE;
    eg_free(copies);
    memcpy(k->point, k->problem->point, k->problem->variables * sizeof *k->point);
    for (size_t i = 0; i < k->singular->count; i++)
        k->point[k->problem->variables + i] = at->numbers[k->singular->operations[i].id];
    return k->ops.status;
}

/* ---- derivatives by the kinks ---- */

/* Computes numbers of operations ids[]. */
static eg_status evaluate(kinks *k, const eg_id ids[], size_t count, eg_real numbers[],
                          eg_error *error)
{
    eg_id last = 0;
    for (size_t i = 0; i < count; i++)
        last = ids[i] > last ? ids[i] : last;
    eg_id *copies = eg_alloc(k->ops.ctx, (size_t)last + 1, sizeof *copies, error);
    if (!copies)
        return eg_failed(error);
    eg_status status = eg_reals_import(k->problem->at.reals, &k->ops, last, k->point, true, copies);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        numbers[i] = copies[ids[i]];
    eg_free(copies);
    return status;
}

/* Sets *vanish to true if all derivatives of `value` by the kinks up to a total weight are 0.
 * gradient[]: the derivatives by the variables, NULL: not wanted. */
static eg_status differentiate(kinks *k, eg_id value, double weight, bool *vanish,
                               eg_real gradient[], eg_error *error)
{
    eg_id ids[EG_EXPR_VARIABLES + EG_SINGULAR_OPERATIONS];
    eg_real numbers[EG_EXPR_VARIABLES + EG_SINGULAR_OPERATIONS] = {0};
    size_t n = k->problem->variables, count = n + k->singular->count;
    eg_status status = eg_reverse_mode(&k->ops, value, ids, count);
    if (status == EG_OK)
        status = evaluate(k, ids, count, numbers, error);
    for (size_t i = 0; i < k->singular->count && status == EG_OK && *vanish; i++) {
        double rest = weight - k->weight[i];
        if (rest < -1e-9)
            continue;
        *vanish = eg_real_sign_of(k->problem->at.reals, numbers[n + i]) == EG_SIGN_ZERO;
        if (*vanish)
            status = differentiate(k, ids[n + i], rest, vanish, NULL, error);
    }
    if (status == EG_OK && gradient)
        memcpy(gradient, numbers, n * sizeof *gradient);
    return status;
}

eg_status eg_kinks_vanish(const eg_path_problem *problem, const eg_singular_list *singular,
                          bool *differentiable, eg_real gradient[], eg_error *error)
{
    kinks k = {.problem = problem, .singular = singular};
    size_t count = (size_t)problem->at.root + 1;
    *differentiable = false;
    if (singular->count > EG_SINGULAR_OPERATIONS)
        return EG_OK;
    behaviour *known = eg_calloc(problem->at.ops->ctx, count, sizeof *known, error);
    if (!known)
        return eg_failed(error);
    bool weighed = weigh(&k, known);
    eg_free(known);
    if (!weighed)
        return EG_OK;
    eg_graph_init(&k.ops, problem->at.ops->ctx, error);
    k.ops.as_typed = true;
    eg_status status = replace_kinks(&k, error);
    *differentiable = true;
    if (status == EG_OK)
        status = differentiate(&k, k.root, 1, differentiable, gradient, error);
    eg_graph_free(&k.ops);
    return status;
}
