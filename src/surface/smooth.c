/* SPDX-License-Identifier: MIT */
/*
 * Kinks and jumps that derivatives do not show: the second derivative of abs is 0 on both sides of
 * its kink. Each such function has a guard, an expression of its arguments that is at the kink 0,
 * or a whole number. Where intervals keep all guards away from there, the formula's derivatives
 * tell all.
 */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"
#include "surface/surface.h"

typedef enum guard_kind { GUARD_NONE, GUARD_ZERO, GUARD_WHOLE, GUARD_CUT } guard_kind;

/* Infinite derivatives, as of sqrt at 0, need no guard. */
static guard_kind guard_of(uint16_t kind)
{
    switch (kind - EG_CALL) {
    case EG_F_ABS:
    case EG_F_SIGN:
    case EG_F_MIN:
    case EG_F_MAX:
        return GUARD_ZERO;
    case EG_F_FLOOR:
    case EG_F_CEIL:
        return GUARD_WHOLE;
    case EG_F_ATAN2:
        return GUARD_CUT;
    default:
        return GUARD_NONE;
    }
}

/* Node `id` of `expr`, less node `other` unless that is EG_NONE, over the box. */
static eg_status bound_node(const eg_expr *expr, eg_id id, eg_id other, const double low[],
                            const double high[], double bounds[2], eg_error *error)
{
    eg_name_list names;
    eg_id variables[EG_EXPR_VARIABLES], root = EG_NONE;
    bounds[0] = -INFINITY;
    bounds[1] = INFINITY;
    for (names.count = 0; names.count < expr->variables; names.count++)
        names.names[names.count] = eg_slice_of(expr->names[names.count]);
    eg_expr *made = eg_expr_begin(expr->ctx, &names, error);
    eg_id *copies = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *copies, error);
    if (!made || !copies) {
        eg_expr_free(made);
        eg_free(copies);
        return eg_failed(error);
    }
    eg_graph *g = &made->graph;
    for (uint32_t i = 0; i < expr->variables; i++)
        variables[i] = eg_make_variable(g, i);
    root = eg_rebuild(g, &expr->graph, id, variables, copies);
    if (other != EG_NONE)
        root = eg_subtract(g, root, eg_rebuild(g, &expr->graph, other, variables, copies));
    eg_free(copies);
    eg_status status = eg_expr_finish(&made, root, error);
    if (status == EG_OK)
        status = eg_expr_bounds(made, low, high, bounds, NULL, NULL, error);
    eg_expr_free(made);
    return status;
}

static bool away_from_zero(const double bounds[2])
{
    return bounds[0] > 0 || bounds[1] < 0;
}

/* Whether node `id`, which has a guard, is smooth over the box. */
static eg_status node_smooth(const eg_expr *expr, eg_id id, const double low[], const double high[],
                             bool *smooth, eg_error *error)
{
    const eg_node *node = &expr->graph.nodes[id];
    const eg_id *args = eg_args(&expr->graph, id);
    guard_kind guard = guard_of(node->kind);
    double bounds[2], right[2];
    bool two = node->count == 2 && guard == GUARD_ZERO;
    eg_status status = bound_node(expr, args[0], two ? args[1] : EG_NONE, low, high, bounds, error);
    if (status != EG_OK)
        return status;
    *smooth = away_from_zero(bounds);
    if (guard == GUARD_WHOLE)
        *smooth = floor(bounds[0]) == floor(bounds[1]) && bounds[0] != floor(bounds[0]);
    if (guard == GUARD_CUT && !*smooth) { /* atan2(y, x) jumps where y = 0 and x <= 0 */
        status = bound_node(expr, args[1], EG_NONE, low, high, right, error);
        *smooth = right[0] > 0;
    }
    return status;
}

eg_status eg_surface_smooth(const eg_expr *expr, const double low[], const double high[],
                            bool *smooth, eg_error *error)
{
    bool *needed = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *needed, error);
    if (!needed)
        return eg_failed(error);
    eg_status status = EG_OK;
    eg_mark_live(&expr->graph, expr->root, needed);
    *smooth = true;
    for (eg_id id = 0; id <= expr->root && *smooth && status == EG_OK; id++)
        if (needed[id] && guard_of(expr->graph.nodes[id].kind) != GUARD_NONE)
            status = node_smooth(expr, id, low, high, smooth, error);
    eg_free(needed);
    return status;
}
