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
    eg_token token, previous;
    size_t depth;
    eg_id *stack; /* operands of the unfinished sums and products */
    size_t stack_count, capacity;
    eg_expr_location location; /* location of the error */
    eg_error *error;
} eg_parser;

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

/* Reports an implied product after a division (sign '/') or an exponent ('^'), as in 1/2x and x^2y.
 * start: offset of that sign. */
eg_id eg_parse_error_ambiguous(eg_parser *p, size_t start, char sign);

#endif
