/* SPDX-License-Identifier: MIT */
/* Printing of graphs: what the plain text (print.c) and LaTeX (codegen/latex.c) have in common. */
#ifndef EG_EXPR_GRAPH_PRINT_H
#define EG_EXPR_GRAPH_PRINT_H

#include "expr/graph/graph.h"

/* Kind of a node that stands for the derivative of its argument by the variable `index`; only in
 * the graphs of derivations. */
enum { EG_DERIVATIVE = EG_CALL + EG_FUNCTIONS };

typedef struct eg_printer {
    const eg_graph *graph;
    char *const *names; /* of the variables */
    size_t variables;
    char *out; /* as for snprintf() */
    size_t size, length;
} eg_printer;

/* Operator precedence, weakest first. */
typedef enum eg_precedence {
    EG_BIND_ANY,
    EG_BIND_SUM,
    EG_BIND_PRODUCT,
    EG_BIND_POWER,
    EG_BIND_ATOM
} eg_precedence;

void eg_print_text(eg_printer *p, const char *text);

/* Returns true once the text is longer than 1 MiB. Shared subexpressions are printed at each use,
 * so the text can be exponentially longer than the graph. */
bool eg_print_is_too_long(const eg_printer *p);

/* Ends the text with a 0, if there is room for it. */
void eg_print_end(const eg_printer *p);

/* Prints a node, in parentheses if it binds weaker than `outer`. */
void eg_print_node(eg_printer *p, eg_id id, eg_precedence outer);

/* Returns the exponent of a power with a numeric exponent, 1 for any other node. */
eg_rational eg_printed_exponent(const eg_graph *graph, eg_id id);

/* Returns true if the factor is printed in the denominator, which is if its exponent is negative.
 */
bool eg_printed_below(const eg_graph *graph, eg_id id);

/* Returns the comparison that the node is, or is the negation of; EG_NONE if it is neither. */
eg_id eg_printed_comparison(const eg_graph *graph, eg_id id);

#endif
