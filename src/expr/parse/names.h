/* SPDX-License-Identifier: MIT */
/* Names of variables, constants and functions: what is one, their order, and what was meant. */
#ifndef EG_EXPR_PARSE_NAMES_H
#define EG_EXPR_PARSE_NAMES_H

#include "edgegrad.h"
#include "expr/graph/graph.h"

typedef struct eg_slice {
    const char *text;
    size_t length;
} eg_slice;

/* Length of the identifier at `s`: a letter or _, then letters, digits and _. 0: there is none. */
size_t eg_name_length(const char *s);

eg_slice eg_slice_of(const char *text);
bool eg_slices_equal(eg_slice a, eg_slice b);

/* Functions that are written differently inside come after EG_FUNCTIONS. */
enum { EG_F_LN = EG_FUNCTIONS, EG_F_POW, EG_F_SEC, EG_F_CSC, EG_F_COT, EG_FUNCTION_NAMES };

/* -1: no such name. */
int eg_find_function(eg_slice name);
int eg_find_constant(eg_slice name);
const eg_function *eg_function_of(int index); /* below EG_FUNCTION_NAMES */

typedef struct eg_name_list {
    eg_slice names[EG_EXPR_VARIABLES];
    size_t count;
} eg_name_list;

int eg_find_name(const eg_name_list *list, eg_slice name); /* -1: not in it */
void eg_order_names(eg_name_list *list);                   /* x, y, z, t, then alphabetically */

/* Adds a name that is not in the list; false where it is full. */
bool eg_add_name(eg_name_list *list, eg_slice name);

/* EG_USAGE for options that make no sense; else the names given there, in their order. */
eg_status eg_check_options(eg_name_list *list, const eg_expr_options *options, eg_error *error);
const eg_binding *eg_find_binding(const eg_expr_options *options, eg_slice name);

/* The name offered that is nearest to `typed`, or NULL. */
typedef struct eg_guess {
    eg_slice typed, nearest;
    size_t slips; /* of the nearest; at first one more than is allowed */
} eg_guess;

eg_guess eg_guess_begin(eg_slice typed);
void eg_guess_offer(eg_guess *guess, eg_slice name);

#endif
