/* SPDX-License-Identifier: MIT */
/* Sums of squares of sine and cosine, circular and hyperbolic. */
#include <string.h>

#include "expr/graph/sign.h"
#include "expr/graph/terms.h"

enum { MAX_TERMS = 64 }; /* longer sums are left as they are */

/* f(u)^2 = constant + sign * partner(u)^2 */
typedef struct identity {
    eg_function_id function, partner;
    int constant, sign;
} identity;

static const identity identities[] = {
    {EG_F_SIN, EG_F_COS, 1, -1},
    {EG_F_COS, EG_F_SIN, 1, -1},
    {EG_F_SINH, EG_F_COSH, -1, 1},
    {EG_F_COSH, EG_F_SINH, 1, 1},
};

typedef struct factor_ids {
    eg_id ids[EG_MAX_FACTORS + 1];
    size_t count;
} factor_ids;

static void list_factors(const eg_graph *graph, eg_id rest, factor_ids *list)
{
    list->count = 0;
    if (rest == EG_NONE)
        return;
    bool product = graph->nodes[rest].kind == EG_PRODUCT;
    list->count = product ? graph->nodes[rest].count : 1;
    list->ids[0] = rest;
    if (product)
        memcpy(list->ids, eg_args(graph, rest), list->count * sizeof *list->ids);
}

/* Returns the argument u of a factor f(u)^2 that has values everywhere; EG_NONE for others. */
static eg_id argument_of_square(const eg_graph *graph, eg_id id, eg_function_id f)
{
    if (graph->nodes[id].kind != EG_POWER)
        return EG_NONE;
    eg_id base = eg_args(graph, id)[0], exponent = eg_args(graph, id)[1];
    if (graph->nodes[base].kind != EG_CALL + f || !eg_is_number(graph, exponent) ||
        !eg_rational_is(graph->nodes[exponent].number, 2))
        return EG_NONE;
    eg_id argument = eg_args(graph, base)[0];
    return graph->nodes[argument].always_defined ? argument : EG_NONE;
}

/* Returns true if the lists are equal, but for factor i of a and, unless it is SIZE_MAX, factor k
 * of b. */
static bool equal_but_for(const factor_ids *a, size_t i, const factor_ids *b, size_t k)
{
    size_t m = 0, n = 0;
    for (;; m++, n++) {
        m += m == i;
        n += n == k;
        if (m >= a->count || n >= b->count)
            return m >= a->count && n >= b->count;
        if (a->ids[m] != b->ids[n])
            return false;
    }
}

static bool same_number(eg_rational a, eg_rational b)
{
    return a.num == b.num && a.den == b.den;
}

static eg_rational times_sign(eg_rational a, int sign)
{
    return sign < 0 ? eg_rational_negate(a) : a;
}

/* Returns the product of factors that are in order, EG_NONE if there are none. */
static eg_id product_of(eg_graph *graph, const factor_ids *list)
{
    if (list->count < 2)
        return list->count ? list->ids[0] : EG_NONE;
    return eg_graph_intern(graph, (eg_node){.kind = EG_PRODUCT, .count = (uint32_t)list->count},
                           list->ids);
}

/* Returns the base of a power with a numeric exponent, any other node itself. Sets *denominator to
 * true if the exponent is negative. */
static eg_id base_of(const eg_graph *graph, eg_id id, bool *denominator)
{
    *denominator = false;
    if (graph->nodes[id].kind != EG_POWER || !eg_is_number(graph, eg_args(graph, id)[1]))
        return id;
    *denominator = graph->nodes[eg_args(graph, id)[1]].number.num < 0;
    return eg_args(graph, id)[0];
}

/* Returns true if factor i can stand after the one before it. */
static bool follows(const eg_graph *graph, const factor_ids *list, size_t i)
{
    bool left, right;
    if (i == 0 || i >= list->count)
        return true;
    eg_id a = base_of(graph, list->ids[i - 1], &left), b = base_of(graph, list->ids[i], &right);
    return left == right ? eg_compare_nodes(graph, a, b) <= 0 : right;
}

/* Multiplies factor k, a power of `base`, by base^2 in place of factor i. Returns false if it is
 * not base^n with a positive integer n. */
static bool merge_square(eg_graph *graph, factor_ids *list, size_t i, size_t k, eg_id base)
{
    eg_rational n = {1, 1};
    if (list->ids[k] != base)
        n = graph->nodes[eg_args(graph, list->ids[k])[1]].number;
    if (!eg_rational_is_integer(n) || n.num < 1 || !eg_rational_add(&n, n, eg_rational_of(2)))
        return false;
    eg_id exponent = eg_make_number(graph, n);
    if (exponent == EG_NONE)
        return false;
    list->ids[k] =
        eg_graph_intern(graph, (eg_node){.kind = EG_POWER, .count = 2}, (eg_id[]){base, exponent});
    list->count--;
    memmove(&list->ids[i], &list->ids[i + 1], (list->count - i) * sizeof *list->ids);
    return graph->status == EG_OK;
}

/* Replaces factor i, f(u)^2, by partner(u)^2. Returns false if the factors are then out of order.
 */
static bool replace_square(eg_graph *graph, factor_ids *list, size_t i, eg_function_id partner,
                           eg_id u)
{
    eg_id exponent = eg_args(graph, list->ids[i])[1];
    eg_node call = {.kind = (uint16_t)(EG_CALL + partner), .count = 1};
    eg_id base = eg_graph_intern(graph, call, &u);
    bool denominator;
    if (base == EG_NONE)
        return false;
    for (size_t k = 0; k < list->count; k++)
        if (base_of(graph, list->ids[k], &denominator) == base)
            return merge_square(graph, list, i, k, base);
    list->ids[i] =
        eg_graph_intern(graph, (eg_node){.kind = EG_POWER, .count = 2}, (eg_id[]){base, exponent});
    return list->ids[i] != EG_NONE && follows(graph, list, i) && follows(graph, list, i + 1);
}

/* Writes term `a` with the new factors in the place of terms a and b. */
static void replace_terms(eg_graph *graph, eg_term_list *list, size_t a, size_t b,
                          eg_rational coefficient, const factor_ids *factors)
{
    eg_term *term = &list->terms[a];
    uint32_t other = list->terms[b].order;
    *term = (eg_term){coefficient, product_of(graph, factors),
                      term->order < other ? term->order : other};
    list->count--;
    list->combined++;
    memmove(&list->terms[b], &list->terms[b + 1], (list->count - b) * sizeof *term);
}

/* Merges term a, c f(u)^2 R with the square as its factor i, and term b: d partner(u)^2 R to a
 * multiple of R, or d R to a multiple of partner(u)^2 R. */
static bool merge_terms(eg_graph *graph, eg_term_list *list, size_t a, size_t b, size_t i,
                        const identity *rule, eg_id u)
{
    const eg_rational c = list->terms[a].coefficient, d = list->terms[b].coefficient;
    factor_ids left, right;
    list_factors(graph, list->terms[a].rest, &left);
    list_factors(graph, list->terms[b].rest, &right);
    if (equal_but_for(&left, i, &right, SIZE_MAX)) {
        if (!same_number(d, times_sign(c, -rule->constant)) ||
            !replace_square(graph, &left, i, rule->partner, u))
            return false;
        replace_terms(graph, list, a, b, times_sign(c, rule->sign), &left);
        return true;
    }
    for (size_t k = 0; k < right.count; k++) {
        if (argument_of_square(graph, right.ids[k], rule->partner) != u ||
            !equal_but_for(&left, i, &right, k) || !same_number(d, times_sign(c, -rule->sign)))
            continue;
        left.count--;
        memmove(&left.ids[i], &left.ids[i + 1], (left.count - i) * sizeof *left.ids);
        replace_terms(graph, list, a, b, times_sign(c, rule->constant), &left);
        return true;
    }
    return false;
}

/* Merges term a with another one, by its factor i. */
static bool merge_factor(eg_graph *graph, eg_term_list *list, size_t a, size_t i, eg_id factor)
{
    for (size_t r = 0; r < sizeof identities / sizeof *identities; r++) {
        eg_id u = argument_of_square(graph, factor, identities[r].function);
        for (size_t b = 0; u != EG_NONE && b < list->count; b++)
            if (b != a && merge_terms(graph, list, a, b, i, &identities[r], u))
                return true;
    }
    return false;
}

bool eg_apply_identity(eg_graph *graph, eg_term_list *list)
{
    if (list->count < 2 || list->count > MAX_TERMS)
        return false;
    for (size_t a = 0; a < list->count; a++) {
        factor_ids factors;
        list_factors(graph, list->terms[a].rest, &factors);
        for (size_t i = 0; i < factors.count; i++)
            if (merge_factor(graph, list, a, i, factors.ids[i]))
                return graph->status == EG_OK;
    }
    return false;
}
