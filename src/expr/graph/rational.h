/* SPDX-License-Identifier: MIT */
/*
 * The numbers of an expression: a decimal as it was typed, or a fraction of integers. Arithmetic is
 * exact while numerators and denominators fit 53 bits (0.1 * 3 is 0.3, and 2 / 6 is 1 / 3), else
 * rounded as doubles are.
 */
#ifndef EG_EXPR_GRAPH_RATIONAL_H
#define EG_EXPR_GRAPH_RATIONAL_H

#include <stdbool.h>
#include <stddef.h>

/* num / den. `den` is an integer from 1 to 2^53; where it is not 1, num is an integer too and the
 * fraction is in its lowest terms. Always finite, zero never negative. */
typedef struct eg_rational {
    double num, den;
} eg_rational;

enum { EG_NUMBER_TEXT = 40 }; /* room for eg_rational_print() of a number with den 1 */

eg_rational eg_rational_of(double value); /* which must be finite */
double eg_rational_value(eg_rational a);  /* rounded to nearest */
bool eg_rational_is(eg_rational a, double value);
bool eg_rational_is_integer(eg_rational a);
bool eg_rational_is_exact(eg_rational a); /* its value is not rounded: a decimal such as 0.1's is */
eg_rational eg_rational_negate(eg_rational a);

/* These give false, and leave *r alone, where the result is not finite. */
bool eg_rational_add(eg_rational *r, eg_rational a, eg_rational b);
bool eg_rational_multiply(eg_rational *r, eg_rational a, eg_rational b);
bool eg_rational_divide(eg_rational *r, eg_rational a, eg_rational b);
bool eg_rational_power(eg_rational *r, eg_rational a,
                       eg_rational exponent); /* false: not exact either */

/* The shortest decimal that reads back as `value`, whatever the locale. Returns its length. */
size_t eg_rational_print(char out[EG_NUMBER_TEXT], double value);

/* The value of `length` bytes of the form 12.34e-5, whatever the locale. At most EG_NUMBER_LENGTH.
 */
enum { EG_NUMBER_LENGTH = 500 };
double eg_rational_parse(const char *text, size_t length);

#endif
