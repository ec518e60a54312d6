/* SPDX-License-Identifier: MIT */
/* Proves antiderivatives, and makes their logarithms real. */
#include "core/context.h"
#include "core/status.h"
#include "expr/graph/sign.h"
#include "vector/antiderivative.h"
#include "vector/formulas.h"
#include "vector/identity.h"
#include "vector/integration.h"

eg_status eg_proven_antiderivative(eg_expr **result, const eg_expr *f, size_t by, eg_error *error)
{
    eg_expr *slope = NULL, *difference = NULL;
    eg_identity verdict = EG_IDENTITY_UNKNOWN;
    eg_status status = eg_antiderivative(result, f, by, error);
    if (status != EG_OK || !*result)
        return status;
    status = eg_expr_derivative(&slope, *result, by, error);
    if (status == EG_OK)
        status = eg_formula_sum(&difference, (const eg_expr *[]){slope, f}, (const int[]){1, -1}, 2,
                                error);
    if (status == EG_OK)
        status = eg_formula_identity(difference, &verdict, error);
    eg_expr_free(slope);
    eg_expr_free(difference);
    if (status == EG_OK && verdict == EG_IDENTITY_ZERO)
        return EG_OK;
    eg_expr_free(*result);
    *result = NULL;
    return status;
}

/* ---- log(abs(u)) ---- */

/* Returns true if a formula has the logarithm of node `u` of graph g. */
static bool has_logarithm(eg_graph *g, const eg_expr *f, eg_id u)
{
    for (eg_id id = 0; id <= f->root; id++) {
        if (f->graph.nodes[id].kind != EG_CALL + EG_F_LOG)
            continue;
        eg_id argument =
            eg_formula_copy(g, &f->graph, eg_args(&f->graph, id)[0], f->variables, 0, EG_NONE);
        if (argument == u)
            return true;
    }
    return false;
}

/* Returns the argument that a logarithm gets. */
static eg_id real_argument(eg_graph *g, eg_id u, eg_expr *const except[], size_t count)
{
    if (u == EG_NONE || eg_sign_of(g, u) != EG_ANY_SIGN)
        return u;
    for (size_t i = 0; i < count; i++)
        if (has_logarithm(g, except[i], u))
            return u;
    return eg_call(g, EG_F_ABS, u);
}

/* ---- x/x ---- */

/* Returns a product in which powers of equal bases are one power: y*f(x)/y is f(x), 0*f(x) is 0. */
static eg_id cancel(eg_graph *g, eg_id product)
{
    eg_base_power powers[EG_MAX_FACTORS];
    eg_id result = eg_make_integer(g, 1);
    size_t count = 0, factors = product == EG_NONE ? 0 : g->nodes[product].count;
    if (product == EG_NONE || g->nodes[product].kind != EG_PRODUCT || factors > EG_MAX_FACTORS)
        return product;
    for (size_t i = 0; i < factors; i++) {
        eg_id base = eg_args(g, product)[i];
        eg_rational exponent = {1, 1};
        size_t k = 0;
        if (eg_is_number(g, base) && g->nodes[base].number.num == 0)
            return base;
        if (g->nodes[base].kind == EG_POWER && eg_is_number(g, eg_args(g, base)[1])) {
            exponent = g->nodes[eg_args(g, base)[1]].number;
            base = eg_args(g, base)[0];
        }
        while (k < count && powers[k].base != base)
            k++;
        if (k == count)
            powers[count++] = (eg_base_power){base, exponent};
        else if (!eg_rational_add(&powers[k].exponent, powers[k].exponent, exponent))
            return product;
    }
    for (size_t k = 0; k < count && count < factors; k++)
        if (powers[k].exponent.num != 0)
            result = eg_multiply(
                g, result, eg_make_power(g, powers[k].base, eg_make_number(g, powers[k].exponent)));
    return count < factors ? result : product;
}

static eg_id tidy_node(eg_graph *g, const eg_graph *from, eg_id id, const eg_id copies[],
                       eg_id scratch[], eg_expr *const except[], size_t count)
{
    if (from->nodes[id].kind == EG_CALL + EG_F_LOG)
        return eg_call(g, EG_F_LOG, real_argument(g, copies[eg_args(from, id)[0]], except, count));
    return cancel(g, eg_formula_copy_node(g, from, id, copies, scratch));
}

eg_status eg_tidy_antiderivative(eg_expr **f, eg_expr *const except[], size_t count,
                                 eg_error *error)
{
    const eg_expr *old = *f;
    const eg_graph *from = &old->graph;
    eg_expr *real = eg_formula_new(old, error);
    size_t nodes = (size_t)old->root + 1;
    eg_id *copies = eg_alloc(old->ctx, nodes + from->arg_count, sizeof *copies, error);
    if (!real || !copies) {
        eg_expr_free(real);
        eg_free(copies);
        return eg_failed(error);
    }
    eg_graph *g = &real->graph;
    for (eg_id id = 0; id <= old->root; id++)
        copies[id] = tidy_node(g, from, id, copies, copies + nodes, except, count);
    eg_id root = copies[old->root];
    eg_free(copies);
    eg_status status = eg_expr_compile(&real, root, EG_NONE, error);
    if (status == EG_OK) {
        eg_expr_free(*f);
        *f = real;
        status = eg_formula_shorten(f, error);
    }
    return status;
}
