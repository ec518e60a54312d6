/* SPDX-License-Identifier: MIT */
/* Integrals of x^m u^e where u is linear or quadratic in x. */
#include <math.h>

#include "vector/formulas.h"
#include "vector/integration.h"

enum { MOST = 12 }; /* largest m */

/* u = q[2] x^2 + q[1] x + q[0], its discriminant d = 4 q[2] q[0] - q[1]^2, and s = 2 q[2] x + q[1],
 * its derivative. */
typedef struct quadratic {
    const eg_integration *in;
    eg_id u, q[3], d, s;
} quadratic;

static eg_id integer(const quadratic *c, int value)
{
    return eg_make_integer(c->in->graph, value);
}

/* Returns the sum of (m over i) x^i b^(m - i) = u^i, that is x^m by powers of u = a x + b. */
static eg_id integral_of_linear(const eg_integration *in, int m, eg_id u, eg_id a, eg_id b,
                                eg_rational exponent)
{
    eg_graph *g = in->graph;
    eg_id sum = eg_make_integer(g, 0), shift = eg_negate(g, b);
    double binomial = 1;
    for (int i = 0; i <= m; i++) {
        eg_rational next;
        if (!eg_rational_add(&next, exponent, eg_rational_of(i)))
            return EG_NONE;
        eg_id power = i < m ? eg_raise(g, shift, m - i) : eg_make_integer(g, 1);
        eg_id factors[] = {eg_fraction(g, binomial, 1), power, eg_integral_of_power(g, u, next)};
        sum = eg_add(g, sum, eg_make_product(g, factors, 3));
        binomial = binomial * (m - i) / (i + 1);
    }
    return eg_divide(g, sum, eg_raise(g, a, m + 1));
}

/* Returns a node whose square is `id`: of a product of even powers without a root. `*negative`: the
 * node is the root of -id. */
static eg_id root_of(const eg_integration *in, eg_id id, bool *negative)
{
    eg_graph *g = in->graph;
    eg_rational number = eg_coefficient(g, id), root;
    *negative = number.num < 0;
    if (*negative) {
        id = eg_negate(g, id);
        number = eg_rational_negate(number);
    }
    if (id == EG_NONE)
        return EG_NONE;
    eg_id result = eg_rational_power(&root, number, (eg_rational){1, 2})
                       ? eg_make_number(g, root)
                       : eg_call(g, EG_F_SQRT, eg_make_number(g, number));
    eg_id rest = eg_divide(g, id, eg_make_number(g, number));
    bool product = rest != EG_NONE && g->nodes[rest].kind == EG_PRODUCT;
    size_t count = product ? g->nodes[rest].count : 1;
    for (size_t i = 0; i < count && g->status == EG_OK; i++) {
        eg_id factor = product ? eg_args(g, rest)[i] : rest;
        bool power = g->nodes[factor].kind == EG_POWER && eg_is_number(g, eg_args(g, factor)[1]);
        eg_rational e = power ? g->nodes[eg_args(g, factor)[1]].number : eg_rational_of(1);
        if (power && eg_rational_is_integer(e) && fmod(e.num, 2) == 0)
            result = eg_multiply(g, result, eg_raise(g, eg_args(g, factor)[0], (int)(e.num / 2)));
        else
            result = eg_multiply(g, result, eg_call(g, EG_F_SQRT, factor));
    }
    return result;
}

/* Returns the integral of 1/u: an arc tangent, or a logarithm if u has two roots. */
static eg_id reciprocal(const quadratic *c)
{
    eg_graph *g = c->in->graph;
    bool negative;
    if (eg_is_number(g, c->d) && g->nodes[c->d].number.num == 0)
        return eg_divide(g, integer(c, -2), c->s);
    eg_id root = root_of(c->in, c->d, &negative);
    if (negative)
        return eg_divide(
            g,
            eg_call(g, EG_F_LOG, eg_divide(g, eg_subtract(g, c->s, root), eg_add(g, c->s, root))),
            root);
    return eg_divide(
        g, eg_multiply(g, integer(c, 2), eg_call(g, EG_F_ATAN, eg_divide(g, c->s, root))), root);
}

/* Returns the integral of 1/sqrt(u). */
static eg_id reciprocal_root(const quadratic *c)
{
    eg_graph *g = c->in->graph;
    bool negative;
    eg_id root = root_of(c->in, c->q[2], &negative), w = eg_call(g, EG_F_SQRT, c->u);
    eg_id x = eg_make_variable(g, (uint32_t)c->in->by);
    if (negative && c->u == eg_subtract(g, integer(c, 1), eg_raise(g, x, 2)))
        return eg_call(g, EG_F_ASIN, x);
    eg_id twice = eg_multiply(g, integer(c, 2), root);
    if (negative)
        return eg_divide(
            g, eg_call(g, EG_F_ATAN, eg_divide(g, eg_negate(g, c->s), eg_multiply(g, twice, w))),
            root);
    return eg_divide(g, eg_call(g, EG_F_LOG, eg_add(g, eg_multiply(g, twice, w), c->s)), root);
}

static eg_id quadratic_integral(const quadratic *c, int m, eg_rational e);

/* Returns the integral of u^e for e = -2, -3/2 or 1/2, from that of u^(e + 1), u^(e - 1). */
static eg_id reduced(const quadratic *c, eg_rational e)
{
    eg_graph *g = c->in->graph;
    double twice = 2 * eg_rational_value(e);
    if (eg_is_number(g, c->d) && g->nodes[c->d].number.num == 0)
        return EG_NONE;
    if (twice == 1) {
        eg_id first = eg_multiply(g, c->s, eg_call(g, EG_F_SQRT, c->u));
        eg_id rest = eg_multiply(g, eg_multiply(g, eg_fraction(g, 1, 2), c->d), reciprocal_root(c));
        return eg_divide(g, eg_add(g, first, rest), eg_multiply(g, integer(c, 4), c->q[2]));
    }
    if (twice == -3)
        return eg_divide(g, eg_multiply(g, integer(c, 2), c->s),
                         eg_multiply(g, c->d, eg_call(g, EG_F_SQRT, c->u)));
    if (twice != -4)
        return EG_NONE;
    eg_id first = eg_divide(g, c->s, c->u);
    eg_id rest = eg_multiply(g, eg_multiply(g, integer(c, 2), c->q[2]), reciprocal(c));
    return eg_divide(g, eg_add(g, first, rest), c->d);
}

/* Returns the integral of x^m u^e for m >= 1: x = (s - q[1])/(2 q[2]), and
 * x^2 = (u - q[1] x - q[0])/q[2]. */
static eg_id with_power(const quadratic *c, int m, eg_rational e)
{
    eg_graph *g = c->in->graph;
    eg_rational next;
    if (m == 1) {
        eg_id rest = eg_is_number(g, c->q[1]) && g->nodes[c->q[1]].number.num == 0
                         ? integer(c, 0)
                         : eg_multiply(g, c->q[1], quadratic_integral(c, 0, e));
        return eg_divide(g, eg_subtract(g, eg_integral_of_power(g, c->u, e), rest),
                         eg_multiply(g, integer(c, 2), c->q[2]));
    }
    if (!eg_rational_add(&next, e, eg_rational_of(1)))
        return EG_NONE;
    eg_id terms[] = {quadratic_integral(c, m - 2, next),
                     eg_negate(g, eg_multiply(g, c->q[1], quadratic_integral(c, m - 1, e))),
                     eg_negate(g, eg_multiply(g, c->q[0], quadratic_integral(c, m - 2, e)))};
    return eg_divide(g, eg_make_sum(g, terms, 3), c->q[2]);
}

static eg_id quadratic_integral(const quadratic *c, int m, eg_rational e)
{
    if (m > 0)
        return with_power(c, m, e);
    if (e.num == 0)
        return eg_make_variable(c->in->graph, (uint32_t)c->in->by);
    if (eg_rational_is(e, -1))
        return reciprocal(c);
    return eg_rational_value(e) == -0.5 ? reciprocal_root(c) : reduced(c, e);
}

eg_id eg_integral_of_rational(const eg_integration *in, int m, eg_id u, eg_rational exponent)
{
    eg_graph *g = in->graph;
    quadratic c = {.in = in, .u = u};
    eg_id a, b;
    if (m < 0 || m > MOST)
        return EG_NONE;
    if (eg_is_linear(in, u, &a, &b))
        return integral_of_linear(in, m, u, a, b, exponent);
    if (!eg_is_quadratic(in, u, c.q))
        return EG_NONE;
    c.d = eg_subtract(g, eg_multiply(g, integer(&c, 4), eg_multiply(g, c.q[2], c.q[0])),
                      eg_raise(g, c.q[1], 2));
    c.s = eg_derivative_of(in, u);
    return g->status == EG_OK ? quadratic_integral(&c, m, exponent) : EG_NONE;
}
