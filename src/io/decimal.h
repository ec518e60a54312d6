/* SPDX-License-Identifier: MIT */
/* Conversion between decimal text and floating point, independent of the locale. */
#ifndef EG_IO_DECIMAL_H
#define EG_IO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    EG_DECIMAL_LONGEST = 511, /* longest number that is read, in characters */
    EG_DECIMAL_TEXT = 32      /* buffer size for a number that is written */
};

/* Reads the number at `s`: digits with an optional sign, decimal point and exponent, or "nan",
 * "inf" or "infinity" in either case. Sets *value to the nearest double and returns the end of the
 * number, not past `end`; returns NULL if there is no number. */
const char *eg_decimal_read(const char *s, const char *end, double *value);

/* Reads the number at the start of a text, after white space; returns false if there is none. */
bool eg_decimal_first(const char *text, double *value);

/* Writes a short text that reads back as exactly `value` (for the first, when rounded to float) and
 * returns its length. The text is not terminated. */
size_t eg_decimal_float(char out[EG_DECIMAL_TEXT], float value);
size_t eg_decimal_double(char out[EG_DECIMAL_TEXT], double value);

#endif
