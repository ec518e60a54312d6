/* SPDX-License-Identifier: MIT */
/* Proofs that a formula is 0. */
#ifndef EG_VECTOR_IDENTITY_H
#define EG_VECTOR_IDENTITY_H

#include "expr/expr.h"

typedef enum eg_identity {
    EG_IDENTITY_ZERO, /* the formula is 0 wherever it has a value */
    EG_IDENTITY_NOT,  /* it is not 0 at some point */
    EG_IDENTITY_UNKNOWN
} eg_identity;

/* Sets *verdict. The formula is evaluated at transcendental points: where its number is so small
 * that it may be 0, real/identity.c tests whether its operations cancel for all values of the
 * variables. */
eg_status eg_formula_identity(const eg_expr *expr, eg_identity *verdict, eg_error *error);

/* Returns true if the formula has functions with corners or jumps, as abs or floor. */
bool eg_formula_has_kinks(const eg_expr *expr);

/* Returns true if it has such functions, or atan2, which jumps but has smooth derivatives. */
bool eg_formula_has_jumps(const eg_expr *expr);

#endif
