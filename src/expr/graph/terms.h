/* SPDX-License-Identifier: MIT */
/* Terms of a sum while it is made. */
#ifndef EG_EXPR_GRAPH_TERMS_H
#define EG_EXPR_GRAPH_TERMS_H

#include "expr/graph/simplify.h"

/* One term: coefficient * rest. `rest` is EG_NONE for the constant term; `order` is its position in
 * the sum. */
typedef struct eg_term {
    eg_rational coefficient;
    eg_id rest;
    uint32_t order;
} eg_term;

typedef struct eg_term_list {
    eg_term *terms;
    size_t count, combined; /* combined: number of terms merged into others */
} eg_term_list;

/* Merges two terms of the list by sin^2 + cos^2 = 1 or cosh^2 - sinh^2 = 1, also where both have
 * the same other factors. Returns false if there are no such terms. */
bool eg_apply_identity(eg_graph *graph, eg_term_list *list);

#endif
