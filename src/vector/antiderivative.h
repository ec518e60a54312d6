/* SPDX-License-Identifier: MIT */
/* Symbolic integration by one variable. */
#ifndef EG_VECTOR_ANTIDERIVATIVE_H
#define EG_VECTOR_ANTIDERIVATIVE_H

#include "expr/expr.h"

/* Looks for a formula whose derivative by variable `by` is f: sums, polynomials, powers and
 * functions of linear arguments, u' h(u), x^m times functions, rational functions of a linear or
 * quadratic denominator, products of exponentials and sines. Sets *result to NULL if none is found.
 * The result is not checked: its derivative must be proven to be f. The integral of 1/u is log(u),
 * to be read as log(abs(u)). */
eg_status eg_antiderivative(eg_expr **result, const eg_expr *f, size_t by, eg_error *error);

/* Does so and proves the result. */
eg_status eg_proven_antiderivative(eg_expr **result, const eg_expr *f, size_t by, eg_error *error);

/* Replaces log(u) by log(abs(u)) in an antiderivative, except where u is not negative by its form,
 * or where one of `except` has log(u), and cancels common factors, so that it may have values at
 * more points. Its derivative stays the same. */
eg_status eg_tidy_antiderivative(eg_expr **f, eg_expr *const except[], size_t count,
                                 eg_error *error);

#endif
