/* SPDX-License-Identifier: MIT */
/* Names of variables, constants and functions: lookup, order, and suggestions for misspelt ones. */
#ifndef EG_EXPR_PARSE_NAMES_H
#define EG_EXPR_PARSE_NAMES_H

#include "edgegrad.h"
#include "expr/graph/graph.h"

/* A part of a text, without a terminating 0. */
typedef struct eg_slice {
    const char *text;
    size_t length;
} eg_slice;

/* Returns the length of the identifier at `s`, 0 if there is none: a Latin or Greek letter or _,
 * then letters, digits, subscripts or _. The letter pi is no part of a name. */
size_t eg_name_length(const char *s);

eg_slice eg_slice_of(const char *text);
bool eg_slices_equal(eg_slice a, eg_slice b);

/* Functions that the parser rewrites in terms of others; their indices follow those of
 * functions.def. */
enum {
    EG_F_POW = EG_FUNCTIONS,
    EG_F_ROOT,
    EG_F_EXP2,
    EG_F_SEC,
    EG_F_CSC,
    EG_F_COT,
    EG_F_ASEC,
    EG_F_ACSC,
    EG_F_ACOT,
    EG_F_SECH,
    EG_F_CSCH,
    EG_F_COTH,
    EG_F_ASECH,
    EG_F_ACSCH,
    EG_F_ACOTH,
    EG_F_DIGAMMA,
    EG_F_HEAVISIDE,
    EG_F_SYNONYMS, /* second names of functions */
    EG_FUNCTION_NAMES = EG_F_SYNONYMS + 15
};

/* Return the index of a function or constant, -1 if there is none of that name. */
int eg_find_function(eg_slice name);
int eg_find_constant(eg_slice name);

/* Returns true if the name is that of a function and cannot name a variable. Rare functions do not
 * take the names that formulas use for variables, such as gamma. */
bool eg_is_reserved(eg_slice name);

/* Returns true for lg and lb, which are logarithms before "(" and else names of variables. */
bool eg_is_free_logarithm(int index);

/* Returns the function that a synonym stands for, any other function itself. */
int eg_canonical_function(int index);

/* Returns the largest number of arguments of a function. */
size_t eg_most_arguments(int index);

/* Writes the names of the arguments, "x, y". */
enum { EG_ARGUMENTS_TEXT = 24 };
void eg_argument_names(int index, char out[EG_ARGUMENTS_TEXT]);

/* Returns a function by its index, which is below EG_FUNCTION_NAMES. */
const eg_function *eg_function_at(int index);

typedef struct eg_name_list {
    eg_slice names[EG_EXPR_VARIABLES];
    size_t count;
} eg_name_list;

int eg_find_name(const eg_name_list *list, eg_slice name); /* -1 if it is not in the list */
void eg_order_names(eg_name_list *list); /* sorts: x, y, z, t, then the others alphabetically */

/* Adds a name unless the list has it. Returns false if the list is full. */
bool eg_add_name(eg_name_list *list, eg_slice name);

/* Sets *list to the variables that the options name, in their order. Returns EG_USAGE if a name or
 * binding of the options is invalid. */
eg_status eg_check_options(eg_name_list *list, const eg_expr_options *options, eg_error *error);

/* Returns the binding of a name, NULL if there is none. `options` may be NULL. */
const eg_binding *eg_find_binding(const eg_expr_options *options, eg_slice name);

/* Makes the constant of a binding. */
eg_id eg_make_binding(eg_graph *graph, const eg_binding *binding);

/* Search for the name most similar to `typed`; `nearest` is empty if none is similar enough. */
typedef struct eg_suggestion {
    eg_slice typed, nearest;
    size_t distance; /* edit distance of `nearest`; initially the smallest that is too large */
} eg_suggestion;

eg_suggestion eg_suggestion_init(eg_slice typed);

/* Makes `name` the nearest one if it is more similar than those before. */
void eg_suggestion_consider(eg_suggestion *suggestion, eg_slice name);

#endif
