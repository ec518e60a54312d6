/* SPDX-License-Identifier: MIT */
/* Formulas made of others that have the same variables. */
#ifndef EG_VECTOR_FORMULAS_H
#define EG_VECTOR_FORMULAS_H

#include "expr/expr.h"

/* Lists the variables of a formula. The names live as long as it. */
void eg_formula_names(const eg_expr *like, eg_name_list *names);

/* Creates a formula with the variables of another one, to be completed by eg_expr_compile(). */
eg_expr *eg_formula_new(const eg_expr *like, eg_error *error);

/* Copies node `root` of a graph into the graph of a formula with the same variables; variable `by`
 * is replaced by node `value` unless that is EG_NONE. Returns the copy. */
eg_id eg_formula_copy(eg_graph *to, const eg_graph *from, eg_id root, size_t variables, size_t by,
                      eg_id value);

/* Copies one node whose arguments were copied before: copies[] by the ids of `from`. `scratch` has
 * an element for each argument. */
eg_id eg_formula_copy_node(eg_graph *to, const eg_graph *from, eg_id id, const eg_id copies[],
                           eg_id scratch[]);

/* Makes a formula of one node of a graph whose variables are those of `like`. */
eg_status eg_formula_of(eg_expr **result, const eg_expr *like, const eg_graph *graph, eg_id root,
                        eg_error *error);

/* Makes the sum of factor[i] * terms[i], expanded if that is shorter. */
eg_status eg_formula_sum(eg_expr **sum, const eg_expr *const terms[], const int factors[],
                         size_t count, eg_error *error);

/* Makes the formula with products and powers of sums expanded. Sets *expanded to NULL if it is too
 * long for that. */
eg_status eg_formula_expand(eg_expr **expanded, const eg_expr *expr, eg_error *error);

/* Replaces the formula by its expanded form if that has a shorter text. */
eg_status eg_formula_shorten(eg_expr **expr, eg_error *error);

/* Returns true if the formula is the number 0. */
bool eg_formula_is_number(const eg_expr *expr, double number);

/* Returns true if node `root` depends on variable `by`. */
bool eg_depends_on(const eg_graph *graph, eg_id root, size_t by);

#endif
