/* SPDX-License-Identifier: MIT */
/* State and error messages of the parser. */
#ifndef EG_EXPR_PARSE_PARSER_H
#define EG_EXPR_PARSE_PARSER_H

#include "expr/parse/lexer.h"
#include "expr/parse/names.h"

typedef struct eg_parser {
    const char *text;
    const eg_expr_options *options;
    eg_graph *graph;
    eg_name_list names;
    bool collects_names; /* the variables are the names in the text */
    bool equation;       /* the text is left = right; its value is left - right */
    size_t start;        /* offset of the expression, after the head of a definition */
    eg_token token, previous;
    size_t depth;
    size_t bars;  /* absolute values |...| that are open inside the innermost parentheses */
    eg_id *stack; /* operands of the unfinished sums and products */
    size_t stack_count, capacity;
    eg_expr_location location; /* location of the error */
    eg_error *error;
    eg_id (*parse_inside)(
        struct eg_parser *p); /* parse_comparison() of parse.c, for what is inside parentheses */
} eg_parser;

static inline bool eg_parse_failed(const eg_parser *p)
{
    return p->graph->status != EG_OK;
}

/* Moves to the next token. */
static inline void eg_parse_advance(eg_parser *p)
{
    p->previous = p->token;
    p->token = eg_next_token(p->text, p->token.location.offset + p->token.location.length);
}

static inline eg_slice eg_slice_at(const eg_parser *p, eg_expr_location location)
{
    return (eg_slice){p->text + location.offset, location.length};
}

/* Reports an error at a location. Only the first error is kept. All functions below report one too,
 * and all return EG_NONE. */
eg_id eg_parse_error(eg_parser *p, eg_expr_location location, const char *format, ...)
    EG_PRINTF(3, 4);

/* Report that the current token is no operand, or that it cannot follow the complete operand before
 * it. expected: description of the tokens that can. */
eg_id eg_parse_error_operand(eg_parser *p);
eg_id eg_parse_error_operator(eg_parser *p, const char *expected);

/* Report an unknown name, used as a value or as a function. */
eg_id eg_parse_error_name(eg_parser *p, eg_expr_location location);
eg_id eg_parse_error_function(eg_parser *p, eg_expr_location location);

/* Reports an implied product after a division, an exponent or a root, as in 1/2x, x^2y and a root
 * of 2x. sign: token of that operator. */
eg_id eg_parse_error_ambiguous(eg_parser *p, eg_token sign);

/* Reports a name before an operand that is a variable or a function without its parentheses: lg x.
 */
eg_id eg_parse_error_bare_name(eg_parser *p, eg_expr_location location);

/* Reports the inverse of a function typed as a power: sin^-1(x). */
eg_id eg_parse_error_inverse(eg_parser *p, int function);

/* ---- names and calls (calls.c) ---- */

/* Makes the value that the name before the current token stands for. */
eg_id eg_parse_name(eg_parser *p);

/* Parses a call; the current token is the one after the name of the function. */
eg_id eg_parse_function(eg_parser *p, int function);

/* Moves past the bracket that closes `open`, or reports that another token is there. */
void eg_parse_close_bracket(eg_parser *p, eg_token open);

/* ---- statements (statement.c) ---- */

/* Finds the head of a definition, `f(x, y) =` or `z =`, sets p->start to the offset after it, and
 * the variables to the arguments of f. Then collects the other variables, unless the options or the
 * head name them all. Errors of the text are left to the parser. */
void eg_read_names(eg_parser *p);

/* Returns true if a name with a parenthesis after a blank is a factor, as in x (y + 1), and not an
 * unknown function. */
bool eg_is_factor(const eg_parser *p, eg_slice name);

/* Returns the index of the function of one argument that an undeclared name begins with, and sets
 * *argument to the rest, which is a variable, a number or 2x: sinx, cos2x; else returns -1. */
int eg_find_glued_function(const eg_parser *p, eg_slice name, eg_slice *argument);

/* ---- literals (literals.c) ---- */

/* Makes the factorial of a literal; EG_NONE if it is no whole number from 0 to 170. */
eg_id eg_make_factorial(eg_graph *graph, eg_slice literal);

/* Makes degrees * pi / 180. */
eg_id eg_make_degrees(eg_graph *graph, eg_id degrees);

#endif
