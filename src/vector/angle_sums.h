/* SPDX-License-Identifier: MIT */
/* Sines and cosines of sums and multiples, for proofs of identities. */
#ifndef EG_VECTOR_ANGLE_SUMS_H
#define EG_VECTOR_ANGLE_SUMS_H

#include "expr/expr.h"

/* Makes the same function with sin, cos and tan of sums and of small integer multiples written by
 * sines and cosines of their parts: sin(2x) as 2 sin(x) cos(x). Sets *result to NULL if there are
 * none. */
eg_status eg_expand_angles(eg_expr **result, const eg_expr *expr, eg_error *error);

#endif
