/* SPDX-License-Identifier: MIT */
/* Symbolic integration by rules. */
#include "vector/antiderivative.h"

#include <math.h>

#include "core/context.h"
#include "core/status.h"
#include "expr/graph/expand.h"
#include "vector/formulas.h"
#include "vector/integration.h"

enum { MOST_DEPTH = 24, MOST_NODES = 2000, MOST_WAVES = 6, MOST_STEPS = 300 };

static eg_id integral_of(eg_integration *in, eg_id id);

/* Returns the kind of function that a power list has as its base `i`; EG_FUNCTIONS if none. */
static eg_function_id function_of(const eg_integration *in, const eg_base_power *p)
{
    const eg_node *node = &in->graph->nodes[p->base];
    bool call = node->kind >= EG_CALL && node->count == 1;
    return call ? (eg_function_id)(node->kind - EG_CALL) : EG_FUNCTIONS;
}

/* ---- u' h(u) ---- */

/* Integrates the product if all but factor i are the derivative of that factor's base, or of the
 * argument of its function, times a constant. */
static eg_id by_substitution(eg_integration *in, const eg_power_list *list, size_t i)
{
    eg_graph *g = in->graph;
    eg_base_power p = list->powers[i];
    eg_function_id f = function_of(in, &p);
    eg_power_list rest = *list;
    if (!eg_multiply_power(&rest, p.base, eg_rational_negate(p.exponent)))
        return EG_NONE;
    if (f != EG_FUNCTIONS) {
        eg_id u = eg_args(g, p.base)[0], inner = eg_integral_of_call(g, f, u, p.exponent);
        eg_id factor =
            inner == EG_NONE ? EG_NONE : eg_constant_quotient(in, &rest, eg_derivative_of(in, u));
        if (factor != EG_NONE)
            return eg_multiply(g, factor, inner);
    }
    eg_id factor = eg_constant_quotient(in, &rest, eg_derivative_of(in, p.base));
    return factor == EG_NONE ? EG_NONE
                             : eg_multiply(g, factor, eg_integral_of_power(g, p.base, p.exponent));
}

/* ---- x^m times a function ---- */

/* Returns true if the list is x^m u^e, or u^e with m = 0. */
static bool is_rational(const eg_integration *in, const eg_power_list *list, int *m, size_t *other)
{
    const eg_graph *g = in->graph;
    *m = 0;
    *other = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const eg_node *base = &g->nodes[list->powers[i].base];
        eg_rational e = list->powers[i].exponent;
        bool x = base->kind == EG_VARIABLE && eg_rational_is_integer(e) && e.num > 0 && e.num < 64;
        if (x)
            *m = (int)e.num;
        else if (*other < list->count)
            return false;
        else
            *other = i;
    }
    return *other < list->count;
}

/* Returns v f - integral of v f', for v = x^(m + 1)/(m + 1). */
static eg_id function_by_parts(eg_integration *in, int m, eg_id f)
{
    eg_graph *g = in->graph;
    eg_id x = eg_make_variable(g, (uint32_t)in->by);
    eg_id v = eg_divide(g, eg_raise(g, x, m + 1), eg_make_integer(g, m + 1));
    eg_id rest = integral_of(in, eg_multiply(g, v, eg_derivative_of(in, f)));
    return rest == EG_NONE ? EG_NONE : eg_subtract(g, eg_multiply(g, v, f), rest);
}

/* Returns x^m h - m times the integral of x^(m - 1) h, for the integral h of f. */
static eg_id power_by_parts(eg_integration *in, int m, eg_id f)
{
    eg_graph *g = in->graph;
    eg_id x = eg_make_variable(g, (uint32_t)in->by), h = integral_of(in, f);
    if (h == EG_NONE)
        return EG_NONE;
    eg_id factor = eg_multiply(g, eg_make_integer(g, m), eg_raise(g, x, m - 1));
    eg_id rest = integral_of(in, eg_multiply(g, factor, h));
    return rest == EG_NONE ? EG_NONE : eg_subtract(g, eg_multiply(g, eg_raise(g, x, m), h), rest);
}

/* Integrates x^m times one other factor. */
static eg_id with_one_factor(eg_integration *in, const eg_power_list *list)
{
    int m;
    size_t i;
    if (!is_rational(in, list, &m, &i))
        return EG_NONE;
    eg_graph *g = in->graph;
    const eg_base_power *p = &list->powers[i];
    eg_function_id f = function_of(in, p);
    eg_id result =
        f == EG_FUNCTIONS ? eg_integral_of_rational(in, m, p->base, p->exponent) : EG_NONE;
    if (eg_rational_is(p->exponent, 1) &&
        (f == EG_F_LOG || f == EG_F_ATAN || f == EG_F_ASIN || f == EG_F_ASINH))
        result = function_by_parts(in, m, p->base);
    else if (f != EG_FUNCTIONS && m > 0) {
        eg_id power = eg_make_power(g, p->base, eg_make_number(g, p->exponent));
        result = power == EG_NONE ? EG_NONE : power_by_parts(in, m, power);
    }
    return result == EG_NONE ? EG_NONE : eg_multiply(g, list->constant, result);
}

/* ---- products of exponentials, sines and cosines of linear arguments ---- */

typedef struct wave {
    eg_function_id f;
    eg_id u, a; /* argument, and its derivative */
} wave;

/* Lists the first two of them. Returns their number, 0 if there is another factor than x^m. */
static size_t list_waves(const eg_integration *in, const eg_power_list *list, wave waves[2], int *m)
{
    size_t count = 0;
    eg_id b;
    *m = 0;
    for (size_t i = 0; i < list->count; i++) {
        const eg_base_power *p = &list->powers[i];
        eg_function_id f = function_of(in, p);
        eg_rational e = p->exponent;
        if (in->graph->nodes[p->base].kind == EG_VARIABLE && eg_rational_is_integer(e) &&
            e.num > 0 && e.num < 12) {
            *m = (int)e.num;
            continue;
        }
        if ((f != EG_F_EXP && f != EG_F_SIN && f != EG_F_COS) || !eg_rational_is(e, 1) ||
            count == 2)
            return 0;
        waves[count] = (wave){.f = f, .u = eg_args(in->graph, p->base)[0]};
        if (!eg_is_linear(in, waves[count].u, &waves[count].a, &b))
            return 0;
        count++;
    }
    return count;
}

/* Returns the integral of exp(u) sin(v), or cos: exp(u) (a sin(v) -+ b cos(v))/(a^2 + b^2). */
static eg_id damped_wave(eg_integration *in, const wave *e, const wave *w)
{
    eg_graph *g = in->graph;
    eg_function_id other = w->f == EG_F_SIN ? EG_F_COS : EG_F_SIN;
    eg_id terms[] = {eg_multiply(g, e->a, eg_call(g, w->f, w->u)),
                     eg_multiply(g, eg_make_integer(g, w->f == EG_F_SIN ? -1 : 1),
                                 eg_multiply(g, w->a, eg_call(g, other, w->u)))};
    eg_id scale = eg_add(g, eg_raise(g, e->a, 2), eg_raise(g, w->a, 2));
    return eg_divide(g, eg_multiply(g, eg_call(g, EG_F_EXP, e->u), eg_make_sum(g, terms, 2)),
                     scale);
}

/* Returns the product of two sines or cosines as a sum of two. */
static eg_id sum_of_waves(eg_integration *in, const wave *a, const wave *b)
{
    eg_graph *g = in->graph;
    if (a->f == EG_F_COS && b->f == EG_F_SIN)
        return sum_of_waves(in, b, a);
    eg_id sum = eg_add(g, a->u, b->u), difference = eg_subtract(g, a->u, b->u);
    bool mixed = a->f != b->f;
    eg_function_id f = mixed ? EG_F_SIN : EG_F_COS;
    int sign = a->f == EG_F_SIN && !mixed ? -1 : 1;
    eg_id terms[] = {eg_multiply(g, eg_fraction(g, sign, 2), eg_call(g, f, sum)),
                     eg_multiply(g, eg_fraction(g, 1, 2), eg_call(g, f, difference))};
    return eg_make_sum(g, terms, 2);
}

/* Removes one sine or cosine of a linear argument from the list. Returns false if there is none. */
static bool take_wave(const eg_integration *in, eg_power_list *list, wave *w)
{
    for (size_t i = 0; i < list->count; i++) {
        eg_base_power p = list->powers[i];
        eg_id b;
        *w = (wave){.f = function_of(in, &p)};
        if ((w->f != EG_F_SIN && w->f != EG_F_COS) || !eg_rational_is_integer(p.exponent) ||
            p.exponent.num < 1 || p.exponent.num > MOST_WAVES)
            continue;
        w->u = eg_args(in->graph, p.base)[0];
        return eg_is_linear(in, w->u, &w->a, &b) &&
               eg_multiply_power(list, p.base, eg_rational_of(-1));
    }
    return false;
}

/* Replaces two sines or cosines of a product by a sum. */
static eg_id product_to_sum(eg_integration *in, const eg_power_list *list)
{
    eg_power_list rest = *list;
    wave a, b;
    if (!take_wave(in, &rest, &a) || !take_wave(in, &rest, &b))
        return EG_NONE;
    return integral_of(in, eg_multiply(in->graph, eg_join(in, &rest), sum_of_waves(in, &a, &b)));
}

static eg_id with_waves(eg_integration *in, const eg_power_list *list)
{
    eg_graph *g = in->graph;
    wave waves[2];
    int m;
    if (list_waves(in, list, waves, &m) != 2)
        return product_to_sum(in, list);
    size_t e = waves[1].f == EG_F_EXP;
    if (waves[e].f != EG_F_EXP)
        return product_to_sum(in, list);
    eg_id inner = EG_NONE;
    if (waves[1 - e].f == EG_F_EXP)
        return EG_NONE;
    if (m == 0)
        inner = damped_wave(in, &waves[e], &waves[1 - e]);
    else
        inner = power_by_parts(in, m,
                               eg_multiply(g, eg_call(g, EG_F_EXP, waves[e].u),
                                           eg_call(g, waves[1 - e].f, waves[1 - e].u)));
    return inner == EG_NONE ? EG_NONE : eg_multiply(g, list->constant, inner);
}

/* ---- all rules ---- */

static eg_id integral_of_product(eg_integration *in, eg_id id)
{
    eg_power_list list;
    eg_id result = EG_NONE;
    if (!eg_split(in, id, &list))
        return EG_NONE;
    for (size_t i = 0; i < list.count && result == EG_NONE; i++)
        result = by_substitution(in, &list, i);
    if (result == EG_NONE)
        result = with_one_factor(in, &list);
    return result == EG_NONE ? with_waves(in, &list) : result;
}

static eg_id integral_of_sum(eg_integration *in, eg_id id)
{
    eg_graph *g = in->graph;
    eg_sum_terms terms;
    if (!eg_list_terms(g, id, &terms))
        return EG_NONE;
    for (size_t i = 0; i < terms.count; i++)
        if ((terms.ids[i] = integral_of(in, terms.ids[i])) == EG_NONE)
            return EG_NONE;
    return eg_make_sum(g, terms.ids, terms.count);
}

/* Returns the node with products of sums expanded; EG_NONE if that changes nothing. */
static eg_id expanded(const eg_integration *in, eg_id id)
{
    eg_graph other;
    eg_id result = EG_NONE;
    eg_expr *alone = NULL;
    if (eg_formula_of(&alone, in->like, in->graph, id, in->error) != EG_OK)
        return eg_graph_fail(in->graph, eg_failed(in->error));
    eg_graph_init(&other, in->like->ctx, in->error);
    other.flatten = true;
    if (eg_can_expand(&alone->graph, alone->root))
        result = eg_formula_copy(in->graph, &other, eg_expand(&other, &alone->graph, alone->root),
                                 in->like->variables, 0, EG_NONE);
    if (other.status != EG_OK)
        eg_graph_fail(in->graph, other.status);
    eg_graph_free(&other);
    eg_expr_free(alone);
    return result == id ? EG_NONE : result;
}

static eg_id integral_of(eg_integration *in, eg_id id)
{
    eg_graph *g = in->graph;
    eg_id result = EG_NONE;
    if (id == EG_NONE || g->status != EG_OK || in->depth == MOST_DEPTH || g->count > MOST_NODES ||
        ++in->steps > MOST_STEPS)
        return EG_NONE;
    if (!eg_depends(in, id))
        return eg_multiply(g, id, eg_make_variable(g, (uint32_t)in->by));
    in->depth++;
    if (g->nodes[id].kind != EG_SUM)
        result = integral_of_product(in, id);
    if (result == EG_NONE && g->status == EG_OK) {
        eg_id sum = g->nodes[id].kind == EG_SUM ? id : expanded(in, id);
        if (sum != EG_NONE)
            result = integral_of_sum(in, sum);
    }
    in->depth--;
    return g->status == EG_OK ? result : EG_NONE;
}

eg_status eg_antiderivative(eg_expr **result, const eg_expr *f, size_t by, eg_error *error)
{
    eg_expr *work = eg_formula_new(f, error);
    *result = NULL;
    if (!work)
        return eg_failed(error);
    eg_graph *g = &work->graph;
    eg_integration in = {.like = f, .graph = g, .by = by, .error = error};
    eg_id integrand = eg_formula_copy(g, &f->graph, f->root, f->variables, 0, EG_NONE);
    eg_id root = integral_of(&in, integrand);
    if (g->status != EG_OK || root == EG_NONE) {
        eg_status status = g->status;
        eg_expr_free(work);
        return status;
    }
    eg_status status = eg_expr_compile(&work, root, EG_NONE, error);
    if (status == EG_OK)
        status = eg_formula_shorten(&work, error);
    if (status == EG_OK)
        *result = work;
    else
        eg_expr_free(work);
    return status;
}
