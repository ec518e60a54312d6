/* SPDX-License-Identifier: MIT */
/* Decimal numbers and fractions: conversion to and from text, and exact arithmetic. */
#include "expr/graph/rational.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double max_integer = 9007199254740992.0; /* 2^53: every integer up to it is a double */

enum { MAX_DIGITS = 17, MAX_DECIMALS = 15 };

/* |value| = 0.digits * 10^exponent, without trailing zeros in `digits` */
typedef struct decimal {
    char digits[MAX_DIGITS + 1];
    int count, exponent;
} decimal;

/* Returns the shortest decimal that reads back as |value|. It takes only the digits from printf(),
 * because that writes the locale's decimal point, which strtod() reads back in the same locale. */
static decimal shortest_decimal(double value)
{
    decimal d = {{0}, 0, 0};
    for (int precision = 15; precision <= MAX_DIGITS; precision++) {
        char text[48];
        snprintf(text, sizeof text, "%.*e", precision - 1, fabs(value));
        if (strtod(text, NULL) != fabs(value) && precision < MAX_DIGITS)
            continue;
        const char *p = text;
        for (; *p && *p != 'e'; p++)
            if (*p >= '0' && *p <= '9')
                d.digits[d.count++] = *p;
        d.exponent = *p ? (int)strtol(p + 1, NULL, 10) + 1 : 0;
        break;
    }
    while (d.count > 1 && d.digits[d.count - 1] == '0')
        d.count--;
    d.digits[d.count] = '\0';
    return d;
}

size_t eg_rational_print(char out[EG_DECIMAL_TEXT], double value)
{
    decimal d = shortest_decimal(value);
    const char *sign = value < 0 ? "-" : "";
    int n;
    if (value == 0)
        n = snprintf(out, EG_DECIMAL_TEXT, "0");
    else if (d.exponent > MAX_DIGITS || d.exponent < -4)
        n = snprintf(out, EG_DECIMAL_TEXT, "%s%c%s%se%d", sign, d.digits[0], d.count > 1 ? "." : "",
                     d.digits + 1, d.exponent - 1);
    else if (d.exponent >= d.count)
        n = snprintf(out, EG_DECIMAL_TEXT, "%s%s%.*s", sign, d.digits, d.exponent - d.count,
                     "00000000000000000");
    else if (d.exponent > 0)
        n = snprintf(out, EG_DECIMAL_TEXT, "%s%.*s.%s", sign, d.exponent, d.digits,
                     d.digits + d.exponent);
    else
        n = snprintf(out, EG_DECIMAL_TEXT, "%s0.%.*s%s", sign, -d.exponent, "0000", d.digits);
    return (size_t)n;
}

/* Rewrites "12.34e-5" as "1234e-7", which strtod() reads alike in every locale. */
double eg_rational_parse(const char *text, size_t length)
{
    char plain[EG_NUMBER_LENGTH + 32];
    size_t at = 0, i = 0;
    long exponent = 0;
    bool fraction = false;
    for (; i < length && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        plain[at++] = text[i];
        exponent -= fraction;
    }
    if (i < length) {
        long typed = strtol(text + i + 1, NULL, 10);
        exponent += typed > 100000 ? 100000 : typed < -100000 ? -100000 : typed;
    }
    snprintf(plain + at, sizeof plain - at, "e%ld", exponent);
    return strtod(plain, NULL);
}

/* ---- exact arithmetic ---- */

/* p / q, |p| <= 2^53 and 0 < q <= 2^53 */
typedef struct fraction {
    int64_t p, q;
} fraction;

static bool is_exact_integer(double v)
{
    return fabs(v) <= max_integer && v == floor(v);
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t remainder = a % b;
        a = b;
        b = remainder;
    }
    return a < 0 ? -a : a;
}

/* Converts a number to a fraction: a quotient of integers, or a decimal of up to 15 places. Returns
 * false for others. */
static bool to_fraction(fraction *f, eg_rational a)
{
    if (is_exact_integer(a.num)) {
        *f = (fraction){(int64_t)a.num, (int64_t)a.den};
        return true;
    }
    decimal d = shortest_decimal(a.num);
    int places = d.count - d.exponent;
    if (d.count > MAX_DECIMALS || places > MAX_DECIMALS || places <= 0)
        return false;
    f->p = strtoll(d.digits, NULL, 10);
    if (a.num < 0)
        f->p = -f->p;
    for (f->q = 1; places > 0; places--)
        f->q *= 10;
    return true;
}

/* Sets *r to p / q in lowest terms. Returns false if it does not fit. */
static bool from_fraction(eg_rational *r, int64_t p, int64_t q)
{
    if (p == INT64_MIN || q == INT64_MIN)
        return false;
    int64_t divisor = gcd(p, q);
    if (q < 0)
        divisor = -divisor;
    p /= divisor;
    q /= divisor;
    if (llabs(p) > (int64_t)max_integer || q > (int64_t)max_integer)
        return false;
    *r = (eg_rational){(double)p, (double)q};
    return true;
}

/* mantissa * 10^exponent */
typedef struct scaled {
    int64_t mantissa;
    int exponent;
} scaled;

/* Converts an integer, or a decimal of up to 15 digits. Returns false for others, whose meaning is
 * lost beyond their 15th digit. */
static bool to_scaled(scaled *s, eg_rational a)
{
    if (a.den != 1)
        return false;
    *s = (scaled){0, 0};
    if (is_exact_integer(a.num)) {
        s->mantissa = (int64_t)a.num;
        return true;
    }
    decimal d = shortest_decimal(a.num);
    if (d.count > MAX_DECIMALS)
        return false;
    s->mantissa = strtoll(d.digits, NULL, 10);
    s->exponent = d.exponent - d.count;
    if (a.num < 0)
        s->mantissa = -s->mantissa;
    return true;
}

/* Sets *r to mantissa * 10^exponent. Returns false if that is neither an integer up to 2^53 nor a
 * decimal of up to 15 digits that a double can hold. */
static bool from_scaled(eg_rational *r, __int128 mantissa, int exponent)
{
    enum { LEAST_EXPONENT = -300, MOST_EXPONENT = 293 }; /* of the last of 15 digits */
    const __int128 most_integer = (__int128)max_integer, most_digits = 1000000000000000;
    char text[48];
    while (mantissa != 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        exponent++;
    }
    __int128 whole = mantissa, size = mantissa < 0 ? -mantissa : mantissa;
    for (int i = 0; i < exponent && size <= most_integer; i++) {
        whole *= 10;
        size *= 10;
    }
    if (exponent >= 0 && size <= most_integer) {
        *r = eg_rational_of((double)whole);
        return true;
    }
    if (mantissa >= most_digits || mantissa <= -most_digits || exponent < LEAST_EXPONENT)
        return false;
    snprintf(text, sizeof text, "%llde%d", (long long)mantissa, exponent);
    double value = exponent > MOST_EXPONENT + MAX_DECIMALS ? INFINITY : strtod(text, NULL);
    *r = isfinite(value) ? eg_rational_of(value) : *r;
    return isfinite(value);
}

static bool add_scaled(eg_rational *r, scaled a, scaled b)
{
    enum { MAX_SHIFT = 20 }; /* 2^53 * 10^20 fits 128 bits */
    __int128 sum = a.mantissa;
    if (a.exponent < b.exponent)
        return add_scaled(r, b, a);
    if (a.exponent - b.exponent > MAX_SHIFT)
        return false;
    for (int i = b.exponent; i < a.exponent; i++)
        sum *= 10;
    return from_scaled(r, sum + b.mantissa, b.exponent);
}

static bool multiply_scaled(eg_rational *r, scaled a, scaled b)
{
    return from_scaled(r, (__int128)a.mantissa * b.mantissa, a.exponent + b.exponent);
}

eg_rational eg_rational_of(double value)
{
    return (eg_rational){value == 0 ? 0 : value, 1};
}

double eg_rational_value(eg_rational a)
{
    return a.num / a.den;
}

bool eg_rational_is(eg_rational a, double value)
{
    return a.den == 1 && a.num == value;
}

bool eg_rational_is_integer(eg_rational a)
{
    return a.den == 1 && a.num == floor(a.num);
}

bool eg_rational_is_exact(eg_rational a)
{
    fraction f;
    if (is_exact_integer(a.num) && a.den == 1)
        return true;
    return to_fraction(&f, a) && fma(eg_rational_value(a), (double)f.q, -(double)f.p) == 0;
}

eg_rational eg_rational_negate(eg_rational a)
{
    a.num = a.num == 0 ? 0 : -a.num;
    return a;
}

bool eg_rational_add(eg_rational *r, eg_rational a, eg_rational b)
{
    fraction f, g;
    scaled s, t;
    int64_t left, right, sum, q;
    if (a.num == 0 || b.num == 0) {
        *r = a.num == 0 ? b : a;
        return true;
    }
    if (a.num == -b.num && a.den == b.den) {
        *r = eg_rational_of(0);
        return true;
    }
    if (to_scaled(&s, a) && to_scaled(&t, b))
        return add_scaled(r, s, t);
    return to_fraction(&f, a) && to_fraction(&g, b) && !__builtin_mul_overflow(f.p, g.q, &left) &&
           !__builtin_mul_overflow(g.p, f.q, &right) && !__builtin_mul_overflow(f.q, g.q, &q) &&
           !__builtin_add_overflow(left, right, &sum) && from_fraction(r, sum, q);
}

/* Multiplies two fractions. Cancels common factors first, so that products overflow less often. */
static bool multiply_fractions(eg_rational *r, fraction f, fraction g)
{
    int64_t p, q;
    int64_t u = gcd(f.p, g.q), v = gcd(g.p, f.q);
    return !__builtin_mul_overflow(f.p / u, g.p / v, &p) &&
           !__builtin_mul_overflow(f.q / v, g.q / u, &q) && from_fraction(r, p, q);
}

bool eg_rational_multiply(eg_rational *r, eg_rational a, eg_rational b)
{
    fraction f, g;
    scaled s, t;
    if (a.num == 0 || b.num == 0 || eg_rational_is(a, 1) || eg_rational_is(b, 1)) {
        *r = a.num == 0 || eg_rational_is(b, 1) ? a : b;
        return true;
    }
    if (eg_rational_is(a, -1) || eg_rational_is(b, -1)) {
        *r = eg_rational_negate(eg_rational_is(a, -1) ? b : a);
        return true;
    }
    if (to_scaled(&s, a) && to_scaled(&t, b))
        return multiply_scaled(r, s, t);
    return to_fraction(&f, a) && to_fraction(&g, b) && multiply_fractions(r, f, g);
}

bool eg_rational_power(eg_rational *r, eg_rational a, eg_rational exponent)
{
    fraction f;
    eg_rational power = {1, 1};
    if (!eg_rational_is_integer(exponent) || fabs(exponent.num) > 64 ||
        (a.num == 0 && exponent.num <= 0))
        return false;
    for (int i = 0; i < (int)fabs(exponent.num); i++)
        if (!eg_rational_multiply(&power, power, a))
            return false;
    if (exponent.num > 0) {
        *r = power;
        return true;
    }
    return to_fraction(&f, power) && from_fraction(r, f.q, f.p);
}
