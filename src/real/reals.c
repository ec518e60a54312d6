/* SPDX-License-Identifier: MIT */
/* Exact real numbers: creation, import of expressions and their derivatives, arithmetic. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "real/real.h"

enum { FIRST_VALUES = 256, FOLD_BITS = 64, FIRST_RESERVE = 5 << 19 };

/* Chooses the arithmetic of Arb, if it is installed. */
static eg_status choose_arb(eg_reals *reals, eg_error *error)
{
#ifdef EG_HAVE_ARB
    bool loaded;
    eg_status status = eg_arb_load(&loaded, error);
    if (status == EG_OK && loaded) {
        reals->balls = &eg_arb_arithmetic;
        status = eg_arb_reserve_make(&reals->reserve, reals->ctx, FIRST_RESERVE, error);
    }
    return status;
#else
    (void)reals, (void)error;
    return EG_OK;
#endif
}

eg_status eg_reals_new(eg_reals **reals, eg_context *ctx, const eg_reals_options *options,
                       eg_error *error)
{
    eg_reals *made = eg_calloc(ctx, 1, sizeof *made, error);
    *reals = made;
    if (!made)
        return eg_failed(error);
    made->ctx = ctx;
    made->options = options ? *options : (eg_reals_options){0};
    if (made->options.seconds == 0)
        made->options.seconds = 2;
    made->balls = &eg_interval_arithmetic;
    eg_graph_init(&made->graph, ctx, NULL);
    made->graph.as_typed = true;
    eg_status status = made->options.doubles ? EG_OK : choose_arb(made, error);
    made->balls->init(&made->zero);
    if (status != EG_OK) {
        eg_reals_free(made);
        *reals = NULL;
    }
    return status;
}

void eg_reals_free(eg_reals *reals)
{
    if (!reals)
        return;
    for (size_t i = 0; i < reals->count; i++)
        if (reals->values[i].bits) /* an untouched ball has no memory */
            reals->balls->clear(&reals->values[i].ball);
#ifdef EG_HAVE_ARB
    eg_arb_reserve_free(reals->reserve);
#endif
    eg_graph_free(&reals->graph);
    eg_free(reals->values);
    eg_free(reals->needed);
    eg_free(reals);
}

const char *eg_reals_arithmetic(const eg_reals *reals)
{
    return reals->balls->name;
}

static eg_status enlarge(eg_reals *reals, size_t wanted)
{
    eg_error *error = reals->graph.error;
    size_t capacity = reals->capacity ? reals->capacity : FIRST_VALUES;
    while (capacity < wanted)
        capacity *= 2;
    eg_real_value *values = eg_calloc(reals->ctx, capacity, sizeof *values, error);
    bool *needed = eg_calloc(reals->ctx, capacity, 2 * sizeof *needed, error);
    if (!values || !needed) {
        eg_free(values);
        eg_free(needed);
        return eg_failed(error);
    }
    if (reals->count)
        memcpy(values, reals->values, reals->count * sizeof *values);
    eg_free(reals->values);
    eg_free(reals->needed);
    reals->values = values;
    reals->needed = needed;
    reals->marked = needed + capacity;
    reals->capacity = capacity;
    return EG_OK;
}

eg_status eg_reals_grow(eg_reals *reals)
{
    size_t wanted = reals->graph.count;
    if (reals->graph.status != EG_OK)
        return reals->graph.status;
    if (wanted > reals->capacity && enlarge(reals, wanted) != EG_OK) {
        eg_graph_fail(&reals->graph, eg_failed(reals->graph.error));
        return reals->graph.status;
    }
    for (; reals->count < wanted; reals->count++) {
        reals->balls->init(&reals->values[reals->count].ball);
        reals->values[reals->count].separation.degree = 1;
    }
    return EG_OK;
}

/* ---- import ---- */

static eg_id import_number(eg_reals *reals, const eg_graph *ops, const eg_node *node)
{
    const char *literal = eg_literal(ops, node);
    return literal ? eg_make_literal(&reals->graph, literal, strlen(literal), node->number.num)
                   : eg_make_number(&reals->graph, node->number);
}

/* Copies an operation whose operands are copied already. */
static eg_id import_node(eg_reals *reals, const eg_graph *ops, eg_id id, const eg_id *copies,
                         const eg_real point[])
{
    const eg_node *node = &ops->nodes[id];
    const eg_id *args = eg_args(ops, id);
    switch (node->kind) {
    case EG_NUMBER:
        return import_number(reals, ops, node);
    case EG_CONSTANT:
        return eg_make_constant(&reals->graph, node->index);
    case EG_VARIABLE:
        return point[node->index];
    case EG_OP_POWI:
        return eg_op_powi(&reals->graph, copies[args[0]], node->index);
    case EG_OP_POWH:
        return eg_op_powh(&reals->graph, copies[args[0]], node->index);
    case EG_CALL + EG_F_POLYGAMMA:
    case EG_CALL + EG_F_SINC:
        return eg_op_ordered(&reals->graph, (eg_function_id)(node->kind - EG_CALL), node->index,
                             copies[args[0]]);
    default:
        return node->count == 1
                   ? eg_op1(&reals->graph, node->kind, copies[args[0]])
                   : eg_op2(&reals->graph, node->kind, copies[args[0]], copies[args[1]]);
    }
}

eg_real eg_real_fold(eg_reals *reals, eg_real real)
{
    if (real == EG_REAL_NONE || eg_reals_grow(reals) != EG_OK)
        return EG_REAL_NONE;
    eg_real_evaluate(reals, real, FOLD_BITS);
    const eg_real_value *value = &reals->values[real];
    if (value->state != EG_REAL_KNOWN || value->form != EG_FORM_RATIONAL)
        return real;
    eg_rational number = {(double)value->num, (double)value->den};
    eg_real folded = eg_make_number(&reals->graph, number);
    if (eg_reals_grow(reals) != EG_OK)
        return EG_REAL_NONE;
    eg_real_evaluate(reals, folded, FOLD_BITS);
    return folded;
}

eg_status eg_reals_import(eg_reals *reals, const eg_graph *ops, eg_id last, const eg_real point[],
                          bool fold, eg_real copies[])
{
    for (eg_id id = 0; id <= last && reals->graph.status == EG_OK; id++) {
        copies[id] = import_node(reals, ops, id, copies, point);
        if (fold)
            copies[id] = eg_real_fold(reals, copies[id]);
    }
    return eg_reals_grow(reals);
}

/* Copies operations, with point[i] in place of variable i, and replaces ids[] by the copies. */
static eg_status import_ops(eg_reals *reals, const eg_graph *ops, const eg_real point[],
                            eg_id ids[], size_t count)
{
    eg_id last = 0;
    for (size_t i = 0; i < count; i++)
        last = ids[i] > last ? ids[i] : last;
    eg_id *copies = eg_alloc(reals->ctx, (size_t)last + 1, sizeof *copies, reals->graph.error);
    if (!copies) {
        eg_graph_fail(&reals->graph, eg_failed(reals->graph.error));
        return reals->graph.status;
    }
    eg_status status = eg_reals_import(reals, ops, last, point, false, copies);
    for (size_t i = 0; i < count && status == EG_OK; i++)
        ids[i] = copies[ids[i]];
    eg_free(copies);
    return status;
}

/* Adds the derivatives of gradient[] in the direction of each variable, and imports them. The
 * direction is given as constants, so that what it does not reach vanishes. */
static eg_status import_hessian(eg_reals *reals, eg_graph *ops, const eg_id gradient[], size_t n,
                                const eg_real point[], eg_real hessian[])
{
    eg_real inputs[2 * EG_EXPR_VARIABLES];
    eg_id tangents[EG_EXPR_VARIABLES];
    eg_id zero = eg_make_integer(&reals->graph, 0), one = eg_make_integer(&reals->graph, 1);
    eg_status status = eg_forward_mode(ops, gradient, tangents, n, n);
    memcpy(inputs, point, n * sizeof *inputs);
    for (size_t axis = 0; axis < n && status == EG_OK; axis++) {
        eg_id row[EG_EXPR_VARIABLES];
        memcpy(row, tangents, n * sizeof *row);
        for (size_t k = 0; k < n; k++)
            inputs[n + k] = k == axis ? one : zero;
        status = import_ops(reals, ops, inputs, row, n);
        memcpy(hessian + axis * n, row, n * sizeof *row);
    }
    return status;
}

static eg_status derive(eg_reals *reals, eg_graph *ops, const eg_expr *expr, const eg_real point[],
                        eg_real *value, eg_real gradient[], eg_real hessian[])
{
    size_t n = expr->variables;
    eg_id ids[EG_EXPR_VARIABLES + 1], partials[EG_EXPR_VARIABLES];
    ids[0] = eg_lower_typed(ops, &expr->typed, expr->typed_root);
    eg_status status = ops->status;
    bool differentiate = gradient || hessian;
    if (status == EG_OK && differentiate)
        status = eg_reverse_mode(ops, ids[0], partials, n);
    if (status != EG_OK)
        return status;
    if (differentiate)
        memcpy(ids + 1, partials, n * sizeof *ids);
    status = import_ops(reals, ops, point, ids, 1 + (differentiate ? n : 0));
    if (value)
        *value = ids[0];
    if (gradient)
        memcpy(gradient, ids + 1, n * sizeof *gradient);
    if (status == EG_OK && hessian)
        status = import_hessian(reals, ops, partials, n, point, hessian);
    return status;
}

eg_status eg_reals_derive(eg_reals *reals, const eg_expr *expr, const eg_real point[],
                          eg_real *value, eg_real gradient[], eg_real hessian[], eg_error *error)
{
    eg_graph ops;
    reals->graph.error = error;
    eg_graph_init(&ops, reals->ctx, error);
    ops.as_typed = true;
    eg_status status = derive(reals, &ops, expr, point, value, gradient, hessian);
    eg_graph_free(&ops);
    reals->graph.error = NULL;
    if (status != EG_OK)
        eg_graph_fail(&reals->graph, status);
    return eg_reals_result(reals, status, error);
}

/* ---- arithmetic ---- */

static eg_real added(eg_reals *reals, eg_id id)
{
    return eg_reals_grow(reals) == EG_OK ? id : EG_REAL_NONE;
}

eg_real eg_real_integer(eg_reals *reals, int value)
{
    return added(reals, eg_make_integer(&reals->graph, value));
}

eg_real eg_real_double(eg_reals *reals, double value)
{
    return added(reals, isfinite(value) ? eg_make_number(&reals->graph, eg_rational_of(value))
                                        : eg_graph_fail(&reals->graph, EG_USAGE));
}

eg_real eg_real_between(eg_reals *reals, double low, double high)
{
    eg_node node = {.kind = EG_OP_BETWEEN, .number = {low, high}};
    return added(reals, low <= high && isfinite(high - low)
                            ? eg_graph_intern(&reals->graph, node, NULL)
                            : eg_graph_fail(&reals->graph, EG_USAGE));
}

eg_real eg_real_pi(eg_reals *reals)
{
    return added(reals, eg_make_constant(&reals->graph, EG_PI));
}

eg_real eg_real_apply(eg_reals *reals, eg_real_operation operation, eg_real a, eg_real b)
{
    static const unsigned ops[] = {
        [EG_REAL_ADD] = EG_OP_ADD,
        [EG_REAL_SUBTRACT] = EG_OP_SUB,
        [EG_REAL_MULTIPLY] = EG_OP_MUL,
        [EG_REAL_DIVIDE] = EG_OP_DIV,
        [EG_REAL_NEGATE] = EG_OP_NEG,
        [EG_REAL_SQUARE] = EG_OP_SQUARE,
        [EG_REAL_SQRT] = EG_CALL + EG_F_SQRT,
        [EG_REAL_ABS] = EG_CALL + EG_F_ABS,
        [EG_REAL_ATAN2] = EG_CALL + EG_F_ATAN2,
        [EG_REAL_ACOS] = EG_CALL + EG_F_ACOS,
        [EG_REAL_MAX] = EG_CALL + EG_F_MAX,
    };
    unsigned op = ops[operation];
    bool binary =
        operation <= EG_REAL_DIVIDE || operation == EG_REAL_ATAN2 || operation == EG_REAL_MAX;
    if (a == EG_REAL_NONE || (binary && b == EG_REAL_NONE))
        return EG_REAL_NONE;
    return added(reals, binary ? eg_op2(&reals->graph, op, a, b) : eg_op1(&reals->graph, op, a));
}

eg_real eg_real_dot(eg_reals *reals, const eg_real a[], const eg_real b[], size_t n)
{
    eg_real sum = eg_real_integer(reals, 0);
    for (size_t i = 0; i < n; i++)
        sum = eg_real_apply(reals, EG_REAL_ADD, sum,
                            eg_real_apply(reals, EG_REAL_MULTIPLY, a[i], b[i]));
    return sum;
}
