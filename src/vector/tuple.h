/* SPDX-License-Identifier: MIT */
/* Text of a list of formulas in brackets, with the head of a definition before it. */
#ifndef EG_VECTOR_TUPLE_H
#define EG_VECTOR_TUPLE_H

#include "expr/parse/names.h"

/* A list "F(x, y) = (-y, x)". Slices lie in the text. */
typedef struct eg_tuple {
    eg_slice parts[EG_VECTOR_DIMENSION]; /* the first components, without blanks around them */
    size_t count;                        /* of all components */
    eg_name_list head;                   /* x, y of the definition; none: count 0 */
    const char *rest;                    /* text after the closing bracket and blanks */
} eg_tuple;

/* Reads a list of one component or more. Returns false if the text does not begin with one. */
bool eg_read_tuple(const char *text, eg_tuple *tuple);

/* Returns the text with blanks around it left out. */
eg_slice eg_trimmed(const char *text, size_t length);

/* Returns a copy of the text ended by a 0, to be freed with eg_free(); NULL on failure. */
char *eg_slice_copy(eg_context *ctx, eg_slice slice, eg_error *error);

/* Parses part of `text` as eg_expr_parse() does; *location is a place in all of the text. */
eg_status eg_parse_part(eg_expr **expr, eg_context *ctx, const char *text, eg_slice part,
                        const eg_expr_options *options, eg_expr_location *location,
                        eg_error *error);

#endif
