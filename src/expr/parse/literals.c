/* SPDX-License-Identifier: MIT */
/* Numbers that are typed with a sign after them: factorials and degrees. */
#include <string.h>

#include "expr/parse/parser.h"

enum { LARGEST_FACTORIAL = 170, FACTORIAL_DIGITS = 307 }; /* 170! is the last below 1.8e308 */

/* Multiplies a decimal number, whose lowest digit comes first, by `factor`. Returns its digits. */
static size_t multiply_digits(unsigned char digits[], size_t count, unsigned factor)
{
    unsigned carry = 0;
    for (size_t i = 0; i < count || carry > 0; i++) {
        carry += i < count ? digits[i] * factor : 0;
        digits[i] = (unsigned char)(carry % 10);
        carry /= 10;
        count = i < count ? count : i + 1;
    }
    return count;
}

eg_id eg_make_factorial(eg_graph *graph, eg_slice literal)
{
    unsigned char digits[FACTORIAL_DIGITS] = {1};
    char text[FACTORIAL_DIGITS + 1];
    size_t count = 1;
    unsigned n = 0;
    for (size_t i = 0; i < literal.length; i++) {
        if (literal.text[i] < '0' || literal.text[i] > '9' || n > LARGEST_FACTORIAL)
            return EG_NONE;
        n = 10 * n + (unsigned)(literal.text[i] - '0');
    }
    if (n > LARGEST_FACTORIAL)
        return EG_NONE;
    for (unsigned factor = 2; factor <= n; factor++)
        count = multiply_digits(digits, count, factor);
    for (size_t i = 0; i < count; i++)
        text[i] = (char)('0' + digits[count - 1 - i]);
    text[count] = 0;
    return eg_make_literal(graph, text, count, eg_rational_parse(text, count));
}

eg_id eg_make_degrees(eg_graph *graph, eg_id degrees)
{
    const eg_id factors[3] = {degrees, eg_make_constant(graph, EG_PI),
                              eg_raise(graph, eg_make_integer(graph, 180), -1)};
    return eg_make_product(graph, factors, 3);
}
