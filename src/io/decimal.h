/* SPDX-License-Identifier: MIT */
/* Decimal numbers in text, by the same rules whatever the locale. */
#ifndef EG_IO_DECIMAL_H
#define EG_IO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    EG_NUMBER_LONGEST = 511, /* characters of a number that is read */
    EG_NUMBER_TEXT = 32      /* room for a number that is written, and its end */
};

/* Reads the number that begins at `s`: digits with a sign, a point and an exponent where there are
 * such, or "nan", "inf" and "infinity" in any case. *value is the nearest double. Returns what
 * follows the number; NULL where none stands before `end`. */
const char *eg_decimal_read(const char *s, const char *end, double *value);

/* The number with which a text begins, blanks aside; false: with none. */
bool eg_decimal_first(const char *text, double *value);

/* Write a text that reads back as `value`, rounded to float in the first case, with few digits
 * where few do; return its length; the text is not terminated. */
size_t eg_decimal_float(char out[EG_NUMBER_TEXT], float value);
size_t eg_decimal_double(char out[EG_NUMBER_TEXT], double value);

#endif
