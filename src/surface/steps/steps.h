/* SPDX-License-Identifier: MIT */
/*
 * Derivations: the derivative of an expression, one rule after the other. A line is a graph whose
 * nodes EG_DERIVATIVE are derivatives that are still to do. Nodes above them are kept as a rule
 * makes them; those below are in the simplified form of the expression.
 */
#ifndef EG_SURFACE_STEPS_STEPS_H
#define EG_SURFACE_STEPS_STEPS_H

#include "expr/graph/graph.h"

/* Result of a rule for one derivative. */
typedef struct eg_rule_result {
    const char *rule; /* NULL: that for a call of `function` */
    const char *function;
    eg_id node;
    eg_id u, v; /* what the rule calls u and v; EG_NONE: nothing */
} eg_rule_result;

/* Applies the rule for d/dx of `id`, a node without derivatives, where x is variable `by`.
 * (rules.c)
 */
eg_rule_result eg_rule_apply(eg_graph *g, eg_id id, uint32_t by);

/* Returns true for a constant and for the variable itself, whose derivatives are 0 and 1. */
bool eg_rule_is_trivial(eg_graph *g, eg_id id, uint32_t by);

/* ---- nodes of lines (nodes.c) ---- */

/* Return a sum without its terms 0, and a product without its factors 1, with numbers first; sums
 * of sums and products of products are merged. Numbers are not combined. */
eg_id eg_line_sum(eg_graph *g, const eg_id *terms, size_t count);
eg_id eg_line_product(eg_graph *g, const eg_id *factors, size_t count);

/* Returns base^exponent as it is. */
eg_id eg_line_power(eg_graph *g, eg_id base, eg_id exponent);

/* Returns the derivative of a node that is still to do. */
eg_id eg_line_derivative(eg_graph *g, eg_id id, uint32_t by);

/* Returns true if the node depends on the variable. */
bool eg_line_depends(eg_graph *g, eg_id id, uint32_t by);

#endif
