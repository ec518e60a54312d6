/* SPDX-License-Identifier: MIT */
/* Roots in one form, for proofs of identities. */
#ifndef EG_VECTOR_ROOT_FORMS_H
#define EG_VECTOR_ROOT_FORMS_H

#include "expr/expr.h"

/* Makes the same function with u^(n + 1/2) written as u^n*sqrt(u), so that all powers of one root
 * have the same sign in the test of real/identity.c. */
eg_status eg_root_forms(eg_expr **result, const eg_expr *expr, eg_error *error);

#endif
