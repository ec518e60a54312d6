/* SPDX-License-Identifier: MIT */
/* Numbers of an expression: decimals as they were typed, or fractions of integers. Arithmetic is
 * exact (0.1 * 3 is 0.3, and 2 / 6 is 1 / 3), or is left undone: every digit that is printed is
 * right. */
#ifndef EG_EXPR_GRAPH_RATIONAL_H
#define EG_EXPR_GRAPH_RATIONAL_H

#include <stdbool.h>
#include <stddef.h>

/* num / den. `den` is an integer from 1 to 2^53. If it is not 1, num is an integer too and the
 * fraction is in lowest terms. Always finite; zero is never negative. */
typedef struct eg_rational {
    double num, den;
} eg_rational;

enum { EG_DECIMAL_TEXT = 40 }; /* size of the buffer of eg_rational_print(), terminator included */

eg_rational eg_rational_of(double value); /* `value` must be finite */
double eg_rational_value(eg_rational a);  /* rounded to nearest */
bool eg_rational_is(eg_rational a, double value);
bool eg_rational_is_integer(eg_rational a);
bool eg_rational_is_exact(
    eg_rational a); /* true if the double is the exact value; false for a decimal such as 0.1 */
eg_rational eg_rational_negate(eg_rational a);

/* Exact arithmetic. Each returns false, and leaves *r alone, if the result does not fit: it is
 * neither a decimal of up to 15 digits, nor an integer up to 2^53, nor a fraction of such integers.
 * A number of more digits is only negated, and multiplied by 1 or 0. */
bool eg_rational_add(eg_rational *r, eg_rational a, eg_rational b);
bool eg_rational_multiply(eg_rational *r, eg_rational a, eg_rational b);
bool eg_rational_power(eg_rational *r, eg_rational a, eg_rational exponent);

/* Writes the shortest decimal that reads back as `value`, with a point in every locale. Returns its
 * length. */
size_t eg_rational_print(char out[EG_DECIMAL_TEXT], double value);

/* Reads `length` bytes (at most EG_NUMBER_LENGTH) of the form 12.34e-5, in any locale. */
enum { EG_NUMBER_LENGTH = 500 };
double eg_rational_parse(const char *text, size_t length);

#endif
