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
 * "inf" or "infinity" in either case, or Microsoft's words for them such as "1.#QNAN". Sets *value
 * to the nearest double and returns the end of the number, not past `end`; returns NULL if there is
 * no number. */
const char *eg_decimal_read(const char *s, const char *end, double *value);

/* Reads a number whose decimal point is a comma with digits on both sides. */
const char *eg_decimal_read_comma(const char *s, const char *end, double *value);

/* Reads a text of `length` bytes that is one number, with a decimal point or comma, and white space
 * around it; returns false if it is anything else. */
bool eg_decimal_only(const char *text, size_t length, double *value);

/* Writes a short text that reads back as exactly `value` (for the first, when rounded to float) and
 * returns its length. The text is not terminated. */
size_t eg_decimal_float(char out[EG_DECIMAL_TEXT], float value);
size_t eg_decimal_double(char out[EG_DECIMAL_TEXT], double value);

#endif
