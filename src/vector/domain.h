/* SPDX-License-Identifier: MIT */
/* Domain of a formula: the conditions on the arguments of its operations. */
#ifndef EG_VECTOR_DOMAIN_H
#define EG_VECTOR_DOMAIN_H

#include "expr/expr.h"

typedef enum eg_condition_kind {
    EG_NEEDS_NONZERO,      /* the argument is not 0 */
    EG_NEEDS_NOT_NEGATIVE, /* it is 0 or more */
    EG_NEEDS_POSITIVE,
    EG_NEEDS_BELOW_ONE, /* its absolute value is below 1 */
    EG_NEEDS_BOUNDS,    /* the function itself, not its argument, has no pole and no corner */
    EG_NEEDS_MORE       /* another condition */
} eg_condition_kind;

typedef struct eg_condition {
    eg_condition_kind kind;
    eg_id argument; /* a node */
} eg_condition;

/* The conditions of a formula. Those that hold for all values of the argument by its form are left
 * out. */
typedef struct eg_domain {
    eg_condition *conditions;
    size_t count;
} eg_domain;

/* Lists the conditions of the nodes that `root` depends on, and adds them to the domain. The caller
 * frees it with eg_domain_free(), also on failure. */
eg_status eg_domain_add(eg_domain *domain, const eg_graph *graph, eg_id root, eg_error *error);
void eg_domain_free(eg_domain *domain);

/* Returns true if a formula of domain `inner` has values wherever one of domain `outer` has, which
 * follows from equal arguments. Both are of one graph. */
bool eg_domain_covers(const eg_domain *inner, const eg_domain *outer, const eg_graph *graph);

/* Sets *holds to true if the bounds of the arguments show that all conditions hold where the one
 * variable of the formula lies between low and high. arguments: the nodes of the conditions, as
 * formulas. */
eg_status eg_domain_holds(const eg_domain *domain, eg_expr *const arguments[], double low,
                          double high, bool *holds, eg_error *error);

#endif
