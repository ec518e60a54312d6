/* SPDX-License-Identifier: MIT */
/* Functions and comparisons that the parser expresses by others. */
#ifndef EG_EXPR_PARSE_REWRITE_H
#define EG_EXPR_PARSE_REWRITE_H

#include "expr/parse/lexer.h"
#include "expr/parse/names.h"

enum { EG_MAX_ARGUMENTS = 3 }; /* of a call but min() and max(), which take any number */

/* Makes the call of a function by its index among the names. */
eg_id eg_make_function(eg_graph *graph, int function, const eg_id *args, size_t count);

/* Returns true if the first argument of polygamma(), or the second of root(), is a whole number in
 * its range, which is all that they take. True for other functions. */
bool eg_order_is_valid(const eg_graph *graph, int function, const eg_id *args);

/* Makes a comparison; `sign` is its token. */
bool eg_is_comparison(eg_token_kind sign);
eg_id eg_make_comparison(eg_graph *graph, eg_token_kind sign, eg_id left, eg_id right);

#endif
