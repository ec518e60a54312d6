/* SPDX-License-Identifier: MIT */
/* Factors of a product while it is made. */
#ifndef EG_EXPR_GRAPH_FACTORS_H
#define EG_EXPR_GRAPH_FACTORS_H

#include "expr/graph/simplify.h"

/* base^exponent, or (inverted) 1/(base^-exponent), which has no value where base is 0. */
typedef struct eg_factor {
    eg_id base;
    eg_rational exponent;
    bool inverted;
} eg_factor;

typedef struct eg_factor_list {
    eg_rational coefficient;
    eg_id exponent; /* sum of the arguments of the exp() among the factors; EG_NONE: none */
    eg_factor factors[EG_MAX_FACTORS];
    size_t count;
} eg_factor_list;

/* Multiplies *f by `added` and returns true if the product is one factor of the same domain; else
 * leaves *f alone. The exponent of the product may be 0. */
bool eg_merge_factors(const eg_graph *graph, eg_factor *f, const eg_factor *added);

/* Sorts the factors: numerator first, then by kind of base, which gives the order of
 * 2*pi*x*y*(x + 1)*exp(x). */
void eg_sort_factors(const eg_graph *graph, eg_factor_list *list);

#endif
