/* SPDX-License-Identifier: MIT */
/* Splits the text of an expression into tokens. */
#ifndef EG_EXPR_PARSE_LEXER_H
#define EG_EXPR_PARSE_LEXER_H

#include "edgegrad.h"

typedef enum eg_token_kind {
    EG_TOKEN_END,
    EG_TOKEN_NUMBER,
    EG_TOKEN_NAME,
    EG_TOKEN_PLUS,
    EG_TOKEN_MINUS,
    EG_TOKEN_TIMES,
    EG_TOKEN_DIVIDE,
    EG_TOKEN_POWER,
    EG_TOKEN_OPEN,
    EG_TOKEN_CLOSE,
    EG_TOKEN_COMMA,
    EG_TOKEN_EQUALS,
    EG_TOKEN_BAR,         /* | of an absolute value, on either side */
    EG_TOKEN_ROOT,        /* a root sign before its argument */
    EG_TOKEN_SUPERSCRIPT, /* an exponent in superscript digits; `number` is its value */
    EG_TOKEN_FACTORIAL,
    EG_TOKEN_DEGREE,
    EG_TOKEN_LESS, /* the first comparison */
    EG_TOKEN_GREATER,
    EG_TOKEN_LESS_EQUAL,
    EG_TOKEN_GREATER_EQUAL,
    EG_TOKEN_EQUAL,
    EG_TOKEN_NOT_EQUAL, /* the last comparison */
    EG_TOKEN_INVALID    /* not part of any expression; `message` says what to type instead */
} eg_token_kind;

typedef struct eg_token {
    eg_token_kind kind;
    eg_expr_location location;
    double number;
    char bracket; /* of an opening or closing bracket: ( [ or { */
    const char *message;
} eg_token;

/* Returns true if nothing is between two tokens, the first of which comes first. */
static inline bool eg_adjoin(eg_token first, eg_token second)
{
    return first.location.offset + first.location.length == second.location.offset;
}

/* Returns the first token at or after `offset`, an EG_TOKEN_END at the end of the text. */
eg_token eg_next_token(const char *text, size_t offset);

#endif
