/* SPDX-License-Identifier: MIT */
/* The parser's state, and how it says what is wrong. */
#ifndef EG_EXPR_PARSE_PARSER_H
#define EG_EXPR_PARSE_PARSER_H

#include "expr/parse/lexer.h"
#include "expr/parse/names.h"

typedef struct eg_parser {
    const char *text;
    const eg_expr_options *options;
    eg_graph *graph;
    eg_name_list names;
    bool any_name; /* the names are those of the text */
    eg_token token, before;
    size_t depth;
    eg_id *stack; /* terms and factors until their end is seen */
    size_t stacked, capacity;
    eg_expr_location place; /* of the failure */
    eg_error *error;
} eg_parser;

static inline eg_slice eg_slice_at(const eg_parser *p, eg_expr_location place)
{
    return (eg_slice){p->text + place.offset, place.length};
}

/* The first failure counts; those that follow from it are not seen. All return EG_NONE. */
eg_id eg_parse_error(eg_parser *p, eg_expr_location place, const char *format, ...) EG_PRINTF(3, 4);

/* An operand is missing where the present token stands; or a whole one stands before it, and it can
 * follow none. `wanted`: what might. */
eg_id eg_parse_error_operand(eg_parser *p);
eg_id eg_parse_error_operator(eg_parser *p, const char *wanted);

/* Names that are not known, as a value and as a function. */
eg_id eg_parse_error_name(eg_parser *p, eg_expr_location place);
eg_id eg_parse_error_function(eg_parser *p, eg_expr_location place);

/* A number that was divided by (`sign` is '/') or raised to stands right before a name or
 * parenthesis. */
eg_id eg_parse_error_ambiguous(eg_parser *p, size_t start, char sign);

#endif
