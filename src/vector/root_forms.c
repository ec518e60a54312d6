/* SPDX-License-Identifier: MIT */
/* Writes powers of roots by the root itself: u^(3/2) as u*sqrt(u). */
#include "vector/root_forms.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "vector/formulas.h"

/* Sets *half to true and *whole to n if the node is u^(n + 1/2). */
static bool is_root(const eg_graph *g, eg_id id, int *whole)
{
    if (g->nodes[id].kind != EG_POWER || !eg_is_number(g, eg_args(g, id)[1]))
        return false;
    double twice = 2 * eg_rational_value(g->nodes[eg_args(g, id)[1]].number);
    *whole = (int)floor(twice / 2);
    return twice == floor(twice) && fmod(twice, 2) != 0 && fabs(twice) < 100;
}

static eg_id make_root(eg_graph *g, eg_id base, int whole)
{
    eg_id root = eg_make_call(g, EG_F_SQRT, &base);
    if (whole == 0 || root == EG_NONE)
        return root;
    eg_id power = eg_make_power(g, base, eg_make_integer(g, whole));
    return eg_make_product(g, (eg_id[]){power, root}, 2);
}

eg_status eg_root_forms(eg_expr **result, const eg_expr *expr, eg_error *error)
{
    const eg_graph *from = &expr->graph;
    size_t nodes = (size_t)expr->root + 1;
    int whole;
    eg_expr *made = eg_formula_new(expr, error);
    eg_id *copies = eg_alloc(expr->ctx, nodes + from->arg_count, sizeof *copies, error);
    *result = NULL;
    if (!made || !copies) {
        eg_expr_free(made);
        eg_free(copies);
        return eg_failed(error);
    }
    eg_graph *typed = &made->typed;
    for (eg_id id = 0; id <= expr->root; id++) {
        if (from->nodes[id].kind <= EG_VARIABLE)
            copies[id] = eg_formula_copy(typed, from, id, expr->variables, 0, EG_NONE);
        else if (is_root(from, id, &whole))
            copies[id] = make_root(typed, copies[eg_args(from, id)[0]], whole);
        else
            copies[id] = eg_formula_copy_node(typed, from, id, copies, copies + nodes);
    }
    eg_id typed_root = copies[expr->root];
    eg_free(copies);
    eg_id root = eg_formula_copy(&made->graph, from, expr->root, expr->variables, 0, EG_NONE);
    eg_status status = eg_expr_compile(&made, root, typed_root, error);
    *result = made;
    return status;
}
