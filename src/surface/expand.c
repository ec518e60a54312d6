/* SPDX-License-Identifier: MIT */
/* Readable forms of derivatives: expanded where that is shorter, and quotients without common
 * factors. */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/expand.h"
#include "expr/graph/rebuild.h"
#include "surface/surface.h"

static void list_names(const eg_expr *expr, eg_name_list *names)
{
    for (names->count = 0; names->count < expr->variables; names->count++)
        names->names[names->count] = eg_slice_of(expr->names[names->count]);
}

/* Expands an expression that eg_can_expand(). */
static eg_status expand_expr(eg_expr **expanded, const eg_expr *expr, eg_error *error)
{
    eg_name_list names;
    list_names(expr, &names);
    eg_expr *result = eg_expr_new(expr->ctx, &names, error);
    if (!result)
        return eg_failed(error);
    result->graph.flatten = true;
    *expanded = result;
    return eg_expr_compile(expanded, eg_expand(&result->graph, &expr->graph, expr->root), EG_NONE,
                           error);
}

/* Keeps the expression with the shorter text in *expr, and frees the other one, which may be NULL.
 */
static void keep_shorter(eg_expr **expr, eg_expr *other)
{
    if (other && eg_expr_print(other, NULL, 0) < eg_expr_print(*expr, NULL, 0)) {
        eg_expr *longer = *expr;
        *expr = other;
        other = longer;
    }
    eg_expr_free(other);
}

eg_status eg_surface_derivative(eg_expr **derivative, const eg_expr *expr, size_t variable,
                                eg_error *error)
{
    eg_expr *other = NULL;
    eg_status status = eg_expr_derivative(derivative, expr, variable, error);
    if (status != EG_OK || !eg_can_expand(&(*derivative)->graph, (*derivative)->root))
        return status;
    status = expand_expr(&other, *derivative, error);
    keep_shorter(derivative, other);
    other = NULL;
    if (status == EG_OK)
        status = eg_surface_factor(&other, *derivative, error);
    keep_shorter(derivative, other);
    return status;
}

/* ---- common factors ---- */

/* Returns the greatest common divisor of `divisor` and the coefficients of the terms; 1 if one is
 * not an integer. */
static double coefficient_gcd(const eg_graph *g, eg_id id, double divisor)
{
    eg_sum_terms terms;
    if (!eg_list_terms(g, id, &terms))
        return 1;
    for (size_t i = 0; i < terms.count; i++) {
        eg_rational a = eg_coefficient(g, terms.ids[i]);
        double b = fabs(a.num);
        if (!eg_rational_is_integer(a) || b > 1e9)
            return 1;
        while (b != 0) {
            double remainder = fmod(divisor, b);
            divisor = b;
            b = remainder;
        }
    }
    return divisor;
}

/* Returns true if the node is a sum with a negative term. */
static bool has_negative(const eg_graph *g, eg_id id)
{
    eg_sum_terms terms;
    if (g->nodes[id].kind != EG_SUM || !eg_list_terms(g, id, &terms))
        return false;
    for (size_t i = 0; i < terms.count; i++)
        if (eg_coefficient(g, terms.ids[i]).num < 0)
            return true;
    return false;
}

/* Multiplies each term by the number, and orders terms with positive coefficients first. */
static eg_id scale_terms(eg_graph *g, eg_id id, eg_rational number)
{
    eg_sum_terms terms, ordered = {.count = 0};
    eg_id factor = eg_make_number(g, number);
    if (factor == EG_NONE || !eg_list_terms(g, id, &terms))
        return EG_NONE;
    for (size_t i = 0; i < terms.count; i++)
        terms.ids[i] = eg_multiply(g, factor, terms.ids[i]);
    if (g->status != EG_OK)
        return EG_NONE;
    for (int negative = 0; negative < 2; negative++)
        for (size_t i = 0; i < terms.count; i++)
            if ((eg_coefficient(g, terms.ids[i]).num < 0) == negative)
                ordered.ids[ordered.count++] = terms.ids[i];
    return eg_make_sum(g, ordered.ids, ordered.count);
}

/* Returns -a/b with the common factor of all coefficients cancelled, and the sign moved into a sum
 * that has negative terms. */
static eg_id negative_quotient(eg_graph *g, eg_id a, eg_id b)
{
    if (a == EG_NONE || b == EG_NONE)
        return EG_NONE;
    double divisor = coefficient_gcd(g, b, coefficient_gcd(g, a, 0));
    bool flip_sign = has_negative(g, a), has_divisor = divisor > 0;
    eg_sum_terms terms;
    if (has_divisor && eg_list_terms(g, a, &terms) && eg_list_terms(g, b, &terms)) {
        a = scale_terms(g, a, (eg_rational){flip_sign ? -1 : 1, divisor});
        b = scale_terms(g, b, (eg_rational){1, divisor});
    } else {
        flip_sign = false;
    }
    return eg_divide(g, flip_sign ? a : eg_negate(g, a), b);
}

/* Copies the graph of a derivative into another graph. */
static eg_id copy_graph(eg_graph *g, const eg_expr *expr)
{
    eg_id variables[EG_EXPR_VARIABLES], result = EG_NONE;
    for (uint32_t i = 0; i < expr->variables; i++)
        variables[i] = eg_make_variable(g, i);
    eg_id *copies = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *copies, g->error);
    if (copies)
        result = eg_rebuild(g, &expr->graph, expr->root, variables, copies);
    else
        eg_graph_fail(g, eg_failed(g->error));
    eg_free(copies);
    return result;
}

eg_status eg_surface_implicit_slope(eg_expr **slope, const eg_expr *expr, size_t variable,
                                    size_t by, eg_error *error)
{
    eg_expr *partials[2] = {NULL, NULL};
    eg_name_list names;
    list_names(expr, &names);
    *slope = NULL;
    eg_status status = eg_surface_derivative(&partials[0], expr, by, error);
    if (status == EG_OK)
        status = eg_surface_derivative(&partials[1], expr, variable, error);
    if (status == EG_OK) {
        *slope = eg_expr_new(expr->ctx, &names, error);
        status = *slope ? EG_OK : eg_failed(error);
    }
    if (status == EG_OK) {
        eg_graph *g = &(*slope)->graph;
        eg_id numerator = copy_graph(g, partials[0]), denominator = copy_graph(g, partials[1]);
        status =
            eg_expr_compile(slope, negative_quotient(g, numerator, denominator), EG_NONE, error);
    }
    eg_expr_free(partials[0]);
    eg_expr_free(partials[1]);
    return status;
}
