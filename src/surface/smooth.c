/* SPDX-License-Identifier: MIT */
/*
 * Corners and jumps that derivatives do not show: the second derivative of abs is 0 on both sides
 * of its corner. Each such function has a guard, an expression of its arguments that is 0 or an
 * integer at the corner or jump. If intervals exclude these values for all guards, f is as smooth
 * as its derivatives are finite.
 */
#include <math.h>

#include "core/context.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"
#include "surface/surface.h"

typedef enum guard_kind {
    GUARD_NONE,
    GUARD_ZERO,
    GUARD_INTEGER,
    GUARD_HALF_INTEGER,
    GUARD_INTEGER_QUOTIENT,
    GUARD_BRANCH_CUT
} guard_kind;

/* Returns the kind of guard of a function. Infinite derivatives, such as that of sqrt at 0, need
 * none because intervals show them. */
static guard_kind node_guard(uint16_t kind)
{
    switch (kind - EG_CALL) {
    case EG_F_ABS:
    case EG_F_SIGN:
    case EG_F_MIN:
    case EG_F_MAX:
    case EG_F_LESS:
    case EG_F_EQUAL:
        return GUARD_ZERO;
    case EG_F_FLOOR:
    case EG_F_CEIL:
    case EG_F_TRUNC:
        return GUARD_INTEGER;
    case EG_F_ROUND:
        return GUARD_HALF_INTEGER;
    case EG_F_MOD:
        return GUARD_INTEGER_QUOTIENT;
    case EG_F_ATAN2:
        return GUARD_BRANCH_CUT;
    default:
        return GUARD_NONE;
    }
}

/* Bounds node `id` of `expr`, minus node `other` unless that is EG_NONE, over the box; or divided
 * by it. */
static eg_status bound_node(const eg_expr *expr, eg_id id, eg_id other, bool divided,
                            const double low[], const double high[], double bounds[2],
                            eg_error *error)
{
    eg_name_list names;
    eg_id variables[EG_EXPR_VARIABLES], root = EG_NONE;
    bounds[0] = -INFINITY;
    bounds[1] = INFINITY;
    for (names.count = 0; names.count < expr->variables; names.count++)
        names.names[names.count] = eg_slice_of(expr->names[names.count]);
    eg_expr *difference = eg_expr_new(expr->ctx, &names, error);
    eg_id *copies = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *copies, error);
    if (!difference || !copies) {
        eg_expr_free(difference);
        eg_free(copies);
        return eg_failed(error);
    }
    eg_graph *g = &difference->graph;
    for (uint32_t i = 0; i < expr->variables; i++)
        variables[i] = eg_make_variable(g, i);
    root = eg_rebuild(g, &expr->graph, id, variables, copies);
    if (other != EG_NONE) {
        other = eg_rebuild(g, &expr->graph, other, variables, copies);
        root = divided ? eg_divide(g, root, other) : eg_subtract(g, root, other);
    }
    eg_free(copies);
    eg_status status = eg_expr_compile(&difference, root, EG_NONE, error);
    if (status == EG_OK)
        status = eg_expr_bounds(difference, low, high, bounds, NULL, NULL, error);
    eg_expr_free(difference);
    return status;
}

static bool excludes_zero(const double bounds[2])
{
    return bounds[0] > 0 || bounds[1] < 0;
}

/* Sets *smooth to true if node `id`, which has a guard, is smooth over the box. */
static eg_status node_smooth(const eg_expr *expr, eg_id id, const double low[], const double high[],
                             bool *smooth, eg_error *error)
{
    const eg_node *node = &expr->graph.nodes[id];
    const eg_id *args = eg_args(&expr->graph, id);
    guard_kind guard = node_guard(node->kind);
    double bounds[2], second[2];
    bool divided = guard == GUARD_INTEGER_QUOTIENT;
    bool binary = divided || (node->count == 2 && guard == GUARD_ZERO);
    eg_status status =
        bound_node(expr, args[0], binary ? args[1] : EG_NONE, divided, low, high, bounds, error);
    if (status != EG_OK)
        return status;
    *smooth = excludes_zero(bounds);
    for (int i = 0; i < 2 && guard == GUARD_HALF_INTEGER; i++)
        bounds[i] = nextafter(bounds[i] + 0.5, i ? INFINITY : -INFINITY);
    if (guard == GUARD_INTEGER || guard == GUARD_HALF_INTEGER || divided)
        *smooth = floor(bounds[0]) == floor(bounds[1]) && bounds[0] != floor(bounds[0]);
    if (guard == GUARD_BRANCH_CUT && !*smooth) { /* atan2(y, x) jumps where y = 0 and x <= 0 */
        status = bound_node(expr, args[1], EG_NONE, false, low, high, second, error);
        *smooth = second[0] > 0;
    }
    return status;
}

eg_status eg_surface_is_smooth(const eg_expr *expr, const double low[], const double high[],
                               bool *smooth, eg_error *error)
{
    bool *live = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *live, error);
    if (!live)
        return eg_failed(error);
    eg_status status = EG_OK;
    eg_mark_live(&expr->graph, expr->root, live);
    *smooth = true;
    for (eg_id id = 0; id <= expr->root && *smooth && status == EG_OK; id++)
        if (live[id] && node_guard(expr->graph.nodes[id].kind) != GUARD_NONE)
            status = node_smooth(expr, id, low, high, smooth, error);
    eg_free(live);
    return status;
}
