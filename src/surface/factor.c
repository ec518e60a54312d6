/* SPDX-License-Identifier: MIT */
/* Common factors: exp(x) + x*exp(x) is (x + 1)*exp(x). */
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/expr.h"
#include "expr/graph/rebuild.h"
#include "expr/graph/simplify.h"
#include "surface/surface.h"

enum { MAX_TERMS = 24 }; /* longer sums are left as they are */

/* A term of a sum, as its number and the powers of other nodes. */
typedef struct term {
    eg_rational number;
    eg_id bases[EG_MAX_FACTORS];
    eg_rational exponents[EG_MAX_FACTORS];
    size_t count;
} term;

/* Splits a term. Returns false if it has two numbers, two powers of one base as x^2/x, or too many
 * factors. */
static bool split_term(const eg_graph *g, eg_id id, term *t)
{
    bool product = g->nodes[id].kind == EG_PRODUCT;
    size_t count = product ? g->nodes[id].count : 1;
    const eg_id *factors = product ? eg_args(g, id) : &id;
    *t = (term){.number = eg_coefficient(g, id)};
    for (size_t i = 0; i < count; i++) {
        eg_id factor = factors[i];
        if (eg_is_number(g, factor) && i == 0)
            continue;
        if (eg_is_number(g, factor) || t->count == EG_MAX_FACTORS)
            return false;
        bool power = g->nodes[factor].kind == EG_POWER && eg_is_number(g, eg_args(g, factor)[1]);
        eg_id base = power ? eg_args(g, factor)[0] : factor;
        for (size_t k = 0; k < t->count; k++)
            if (t->bases[k] == base)
                return false;
        t->bases[t->count] = base;
        t->exponents[t->count++] =
            power ? g->nodes[eg_args(g, factor)[1]].number : eg_rational_of(1);
    }
    return true;
}

/* Returns the smallest exponent of a base in all terms if all have the same sign, 0 if they have
 * not. */
static eg_rational common_exponent(const term *terms, size_t count, eg_id base)
{
    eg_rational least = {0, 1};
    for (size_t t = 0; t < count; t++) {
        eg_rational found = {0, 1};
        for (size_t i = 0; i < terms[t].count; i++)
            if (terms[t].bases[i] == base)
                found = terms[t].exponents[i];
        if (found.num == 0 || (t > 0 && (found.num < 0) != (least.num < 0)))
            return eg_rational_of(0);
        if (t == 0 || eg_rational_value(found) < eg_rational_value(least))
            least = found;
    }
    return least;
}

/* Lists the powers that all terms have in common. Returns false if these are only variables, which
 * a polynomial has. */
static bool find_common(const eg_graph *g, const term *terms, size_t count, term *common)
{
    bool worth_it = false;
    *common = (term){.number = {1, 1}};
    for (size_t i = 0; i < terms[0].count; i++) {
        eg_rational exponent = common_exponent(terms, count, terms[0].bases[i]);
        if (exponent.num == 0)
            continue;
        common->bases[common->count] = terms[0].bases[i];
        common->exponents[common->count++] = exponent;
        worth_it = worth_it || g->nodes[terms[0].bases[i]].kind > EG_VARIABLE;
    }
    return worth_it;
}

static eg_id make_term(eg_graph *g, const term *t)
{
    eg_id factors[EG_MAX_FACTORS + 1] = {eg_make_number(g, t->number)};
    size_t count = 1;
    for (size_t i = 0; i < t->count; i++)
        if (t->exponents[i].num != 0)
            factors[count++] = eg_make_power(g, t->bases[i], eg_make_number(g, t->exponents[i]));
    return eg_make_product(g, factors, count);
}

/* Divides a term by the common powers. Returns false if an exponent is not exact. */
static bool divide_term(term *t, const term *common)
{
    for (size_t i = 0; i < t->count; i++)
        for (size_t k = 0; k < common->count; k++)
            if (t->bases[i] == common->bases[k] &&
                !eg_rational_add(&t->exponents[i], t->exponents[i],
                                 eg_rational_negate(common->exponents[k])))
                return false;
    return true;
}

/* Returns the rank of a term in a sum: positive terms, then positive numbers, then negative ones.
 */
static int rank(const eg_graph *g, eg_id id)
{
    if (eg_coefficient(g, id).num < 0)
        return 2;
    return eg_is_number(g, id);
}

static eg_id make_ordered_sum(eg_graph *g, const eg_id *ids, size_t count)
{
    eg_id ordered[MAX_TERMS], sum = eg_make_sum(g, ids, count);
    size_t placed = 0;
    if (sum == EG_NONE || g->nodes[sum].kind != EG_SUM || g->nodes[sum].count > MAX_TERMS)
        return sum;
    count = g->nodes[sum].count;
    ids = eg_args(g, sum);
    for (int wanted = 0; wanted <= 2; wanted++)
        for (size_t i = 0; i < count; i++)
            if (rank(g, ids[i]) == wanted)
                ordered[placed++] = ids[i];
    return eg_make_sum(g, ordered, count);
}

/* Returns the sum with its common factors in front; the node itself if there are none. */
static eg_id factor_sum(eg_graph *g, eg_id sum, term *terms)
{
    size_t count = g->nodes[sum].count;
    eg_id ids[MAX_TERMS];
    term common;
    for (size_t t = 0; t < count; t++)
        if (!split_term(g, eg_args(g, sum)[t], &terms[t]))
            return sum;
    if (!find_common(g, terms, count, &common))
        return sum;
    for (size_t t = 0; t < count; t++) {
        if (!divide_term(&terms[t], &common))
            return sum;
        ids[t] = make_term(g, &terms[t]);
    }
    return eg_multiply(g, make_term(g, &common), make_ordered_sum(g, ids, count));
}

static eg_id factor_root(eg_graph *g, const eg_expr *expr)
{
    eg_id variables[EG_EXPR_VARIABLES];
    for (uint32_t i = 0; i < expr->variables; i++)
        variables[i] = eg_make_variable(g, i);
    eg_id *copies = eg_alloc(expr->ctx, (size_t)expr->root + 1, sizeof *copies, g->error);
    term *terms = eg_alloc(expr->ctx, MAX_TERMS, sizeof *terms, g->error);
    eg_id root = EG_NONE;
    if (copies && terms)
        root = eg_rebuild(g, &expr->graph, expr->root, variables, copies);
    else
        eg_graph_fail(g, eg_failed(g->error));
    if (root != EG_NONE && g->nodes[root].kind == EG_SUM && g->nodes[root].count <= MAX_TERMS)
        root = factor_sum(g, root, terms);
    eg_free(copies);
    eg_free(terms);
    return root;
}

eg_status eg_surface_factor(eg_expr **factored, const eg_expr *expr, eg_error *error)
{
    eg_name_list names;
    for (names.count = 0; names.count < expr->variables; names.count++)
        names.names[names.count] = eg_slice_of(expr->names[names.count]);
    *factored = eg_expr_new(expr->ctx, &names, error);
    if (!*factored)
        return eg_failed(error);
    return eg_expr_compile(factored, factor_root(&(*factored)->graph, expr), EG_NONE, error);
}
