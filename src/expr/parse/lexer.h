/* SPDX-License-Identifier: MIT */
/* Text to tokens. */
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
    EG_TOKEN_WRONG /* `wrong` says why */
} eg_token_kind;

typedef struct eg_token {
    eg_token_kind kind;
    eg_expr_location place;
    double number;
    const char *wrong;
} eg_token;

/* The token at or after `offset`. */
eg_token eg_next_token(const char *text, size_t offset);

#endif
