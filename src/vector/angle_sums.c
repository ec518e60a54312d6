/* SPDX-License-Identifier: MIT */
/* Expands sines and cosines by the theorems of addition. */
#include "vector/angle_sums.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/expand.h"
#include "expr/graph/rebuild.h"
#include "vector/formulas.h"

enum { MOST_MULTIPLE = 12, MOST_PARTS = 12 };

/* sin and cos of an angle. */
typedef struct circle_point {
    eg_id sin, cos;
} circle_point;

/* Returns the point of the sum of two angles. */
static circle_point add_angles(eg_graph *g, circle_point a, circle_point b)
{
    return (circle_point){
        eg_add(g, eg_multiply(g, a.sin, b.cos), eg_multiply(g, a.cos, b.sin)),
        eg_subtract(g, eg_multiply(g, a.cos, b.cos), eg_multiply(g, a.sin, b.sin))};
}

/* Returns the point of one term: c u, where c is n parts of `parts`, is n times the angle
 * u/parts. */
static circle_point point_of_term(eg_graph *g, eg_id term, int parts)
{
    eg_rational c = eg_coefficient(g, term);
    double n = eg_rational_value(c) * parts;
    bool multiple = fabs(n - floor(n + 0.5)) < 1e-9 && fabs(n) <= MOST_MULTIPLE && c.num != 0 &&
                    !eg_is_number(g, term);
    eg_id u = term;
    if (multiple)
        u = eg_divide(g, eg_divide(g, term, eg_make_number(g, c)), eg_make_integer(g, parts));
    circle_point one = {eg_call(g, EG_F_SIN, u), eg_call(g, EG_F_COS, u)}, result = one;
    for (int i = 1; multiple && i < fabs(n) - 0.5; i++)
        result = add_angles(g, result, one);
    if (multiple && n < 0)
        result.sin = eg_negate(g, result.sin);
    return result;
}

/* Returns the least number of parts of a unit of which the coefficient is a multiple; 1 if there
 * are too many. */
static int parts_of(eg_rational coefficient)
{
    for (int parts = 1; parts <= MOST_PARTS; parts++) {
        double n = eg_rational_value(coefficient) * parts;
        if (fabs(n - floor(n + 0.5)) < 1e-9)
            return parts;
    }
    return 1;
}

/* Returns sin, cos or tan of a copied argument. */
static eg_id expand_call(eg_graph *g, eg_function_id f, eg_id argument, int parts)
{
    eg_sum_terms terms;
    if (argument == EG_NONE || !eg_list_terms(g, argument, &terms))
        return argument == EG_NONE ? EG_NONE : eg_call(g, f, argument);
    circle_point sum = point_of_term(g, terms.ids[0], parts);
    for (size_t i = 1; i < terms.count; i++)
        sum = add_angles(g, sum, point_of_term(g, terms.ids[i], parts));
    return f == EG_F_SIN ? sum.sin : f == EG_F_COS ? sum.cos : eg_divide(g, sum.sin, sum.cos);
}

static bool is_angle_call(const eg_node *node)
{
    return node->kind == EG_CALL + EG_F_SIN || node->kind == EG_CALL + EG_F_COS ||
           node->kind == EG_CALL + EG_F_TAN;
}

/* Returns the parts of a unit of which all angles are multiples, 0 if there are no angles. */
static int parts_of_all(const eg_expr *expr)
{
    const eg_graph *g = &expr->graph;
    int parts = 0;
    for (eg_id id = 0; id <= expr->root; id++) {
        eg_sum_terms terms;
        if (!is_angle_call(&g->nodes[id]) || !eg_list_terms(g, eg_args(g, id)[0], &terms))
            continue;
        parts = parts ? parts : 1;
        for (size_t i = 0; i < terms.count; i++) {
            int needed = parts_of(eg_coefficient(g, terms.ids[i])), all = parts;
            while (all % needed != 0)
                all += parts;
            parts = all <= MOST_PARTS ? all : parts;
        }
    }
    return parts;
}

eg_status eg_expand_angles(eg_expr **result, const eg_expr *expr, eg_error *error)
{
    const eg_graph *from = &expr->graph;
    *result = NULL;
    int parts = parts_of_all(expr);
    if (parts == 0)
        return EG_OK;
    size_t nodes = (size_t)expr->root + 1;
    eg_expr *made = eg_formula_new(expr, error);
    eg_id *copies = eg_alloc(expr->ctx, nodes + from->arg_count, sizeof *copies, error);
    if (!made || !copies) {
        eg_expr_free(made);
        eg_free(copies);
        return eg_failed(error);
    }
    for (eg_id id = 0; id <= expr->root; id++) {
        const eg_node *node = &from->nodes[id];
        if (is_angle_call(node))
            copies[id] = expand_call(&made->graph, (eg_function_id)(node->kind - EG_CALL),
                                     copies[eg_args(from, id)[0]], parts);
        else
            copies[id] = eg_formula_copy_node(&made->graph, from, id, copies, copies + nodes);
    }
    eg_id root = copies[expr->root];
    eg_free(copies);
    eg_status status = eg_expr_compile(&made, root, EG_NONE, error);
    *result = made;
    return status;
}
