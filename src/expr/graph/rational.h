/* SPDX-License-Identifier: MIT */
/*
 * The numbers of an expression: a decimal as it was typed, or a fraction of integers. Arithmetic is exact
 * while numerators and denominators fit 53 bits (0.1 * 3 is 0.3, and 2 / 6 is 1 / 3), else rounded as
 * doubles are.
 */
#ifndef EG_EXPR_NUMBER_H
#define EG_EXPR_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* num / den. `den` is an integer from 1 to 2^53; where it is not 1, num is an integer too and the
 * fraction is in its lowest terms. Always finite, zero never negative. */
typedef struct eg_number {
    double num, den;
} eg_number;

enum { EG_NUMBER_TEXT = 40 }; /* room for eg_number_print() of a number with den 1 */

eg_number eg_number_of(double value); /* which must be finite */
double eg_number_value(eg_number a);  /* rounded to nearest */
bool eg_number_is(eg_number a, double value);
bool eg_number_is_integer(eg_number a);
bool eg_number_is_exact(eg_number a); /* its value is not rounded: a decimal such as 0.1's is */
eg_number eg_number_negate(eg_number a);

/* These give false, and leave *r alone, where the result is not finite. */
bool eg_number_add(eg_number *r, eg_number a, eg_number b);
bool eg_number_multiply(eg_number *r, eg_number a, eg_number b);
bool eg_number_divide(eg_number *r, eg_number a, eg_number b);
bool eg_number_power(eg_number *r, eg_number a, eg_number exponent); /* false: not exact either */

/* The shortest decimal that reads back as `value`, whatever the locale. Returns its length. */
size_t eg_number_print(char out[EG_NUMBER_TEXT], double value);

/* The value of `length` bytes of the form 12.34e-5, whatever the locale. At most EG_NUMBER_LENGTH. */
enum { EG_NUMBER_LENGTH = 500 };
double eg_number_parse(const char *text, size_t length);

#endif
