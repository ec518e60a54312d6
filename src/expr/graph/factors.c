/* SPDX-License-Identifier: MIT */
/* Merging and order of the factors of a product. */
#include "expr/graph/factors.h"

#include "expr/graph/sign.h"

/* Returns true if x^a x^b and x^(a + b) differ in domain because a root
 * vanishes, as in x^0.5 x^0.5. */
static bool drops_root(eg_rational a, eg_rational b, eg_rational sum)
{
    return (!eg_rational_is_integer(a) || !eg_rational_is_integer(b)) &&
           eg_rational_is_integer(sum);
}

/* Returns true if x^a x^b and x^(a + b) differ in domain because a pole
 * vanishes, as in x^2/x. */
static bool drops_pole(eg_rational a, eg_rational b, eg_rational sum)
{
    return (a.num < 0) != (b.num < 0) && sum.num >= 0;
}

bool eg_merge_factors(const eg_graph *graph, eg_factor *f, const eg_factor *added)
{
    eg_rational sum;
    eg_sign sign = f->base == added->base ? eg_sign_of(graph, f->base) : EG_ANY_SIGN;
    if (f->base != added->base || !eg_rational_add(&sum, f->exponent, added->exponent))
        return false;
    if (sum.num == 0 && !graph->nodes[f->base].always_defined)
        return false;
    if (f->inverted == added->inverted) {
        if ((drops_pole(f->exponent, added->exponent, sum) && sign != EG_POSITIVE) ||
            (drops_root(f->exponent, added->exponent, sum) && sign == EG_ANY_SIGN))
            return false;
    } else {
        /* 1/(x (1/x^2)) is 1/(1/x), because x/x^2 is 1/x */
        const eg_factor *plain = f->inverted ? added : f;
        if (plain->exponent.num > 0 || sum.num <= 0 ||
            drops_root(f->exponent, added->exponent, sum))
            return false;
        f->inverted = true;
    }
    f->exponent = sum;
    return true;
}

static bool in_denominator(const eg_factor *f)
{
    return f->exponent.num < 0 || f->inverted;
}

/* Returns true if factor a comes before b: numerator first, then by kind of
 * base, which gives the order of 2*pi*x*y*(x + 1)*exp(x). */
static bool sorts_before(const eg_graph *graph, const eg_factor *a, const eg_factor *b)
{
    if (in_denominator(a) != in_denominator(b))
        return in_denominator(b);
    int order = eg_compare_nodes(graph, a->base, b->base);
    return order != 0 ? order < 0 : a->inverted < b->inverted;
}

void eg_sort_factors(const eg_graph *graph, eg_factor_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        eg_factor moving = list->factors[i];
        size_t k = i;
        for (; k > 0 && sorts_before(graph, &moving, &list->factors[k - 1]); k--)
            list->factors[k] = list->factors[k - 1];
        list->factors[k] = moving;
    }
}
