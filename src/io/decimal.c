/* SPDX-License-Identifier: MIT */
/*
 * Decimal numbers in text. Nearly all of them in a grid are short: digits that fit a double
 * exactly, times or over a power of ten that does too, so that one multiplication or division
 * rounds them correctly (Clinger, How to read floating point numbers accurately, 1990). The rest is
 * left to the C library.
 */
#include "io/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The powers of ten that a double holds exactly. */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

enum { POWER_MOST = sizeof powers / sizeof *powers - 1, DIGITS_MOST = 19, EXPONENT_MOST = 99999 };

/* ---- reading --------------------------------------------------------------------------------- */

/* digits x 10^scale */
typedef struct decimal {
    uint64_t digits; /* at most DIGITS_MOST of them */
    int scale;
    bool any, cut; /* there were digits; not all of them that count are in `digits` */
} decimal;

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes a run of digits; `point` is 1 behind the decimal point. */
static inline const char *take_digits(decimal *d, const char *s, const char *end, int point)
{
    static const uint64_t full = 1000000000000000000; /* one more digit would not be the 20th */
    const char *first = s;
    for (; s < end && is_digit(*s); s++) {
        if (d->digits < full) {
            d->digits = 10 * d->digits + (uint64_t)(*s - '0');
            d->scale -= point;
        } else {
            d->cut |= *s != '0';
            d->scale += 1 - point;
        }
    }
    d->any |= s > first;
    return s;
}

/* "e-12"; what only looks like an exponent is left alone. */
static const char *take_exponent(decimal *d, const char *s, const char *end)
{
    const char *at = s + 1;
    bool negative = at < end && *at == '-';
    int exponent = 0;
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || !is_digit(*at))
        return s;
    for (; at < end && is_digit(*at); at++)
        exponent = exponent < EXPONENT_MOST ? 10 * exponent + (*at - '0') : exponent;
    d->scale += negative ? -exponent : exponent;
    return at;
}

/* Any number, by the C library under its own locale. */
static bool read_slowly(const char *s, size_t length, double *value)
{
    char text[EG_NUMBER_LONGEST + 1];
    char *stop = text;
    if (length > EG_NUMBER_LONGEST)
        return false;
    memcpy(text, s, length);
    text[length] = '\0';
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain) {
        *value = strtod_l(text, &stop, plain);
        freelocale(plain);
    }
    return stop == text + length;
}

static const char *read_word(const char *s, const char *end, bool negative, double *value)
{
    static const struct {
        const char *word;
        size_t length;
        double value;
    } words[] = {
        {"infinity", 8, (double)INFINITY}, {"inf", 3, (double)INFINITY}, {"nan", 3, (double)NAN}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if ((size_t)(end - s) >= words[i].length &&
            strncasecmp(s, words[i].word, words[i].length) == 0) {
            *value = negative && isinf(words[i].value) ? -words[i].value : words[i].value;
            return s + words[i].length;
        }
    }
    return NULL;
}

const char *eg_decimal_read(const char *s, const char *end, double *value)
{
    static const uint64_t exact = (uint64_t)1 << 53;
    const char *start = s;
    decimal d = {0};
    bool negative = s < end && *s == '-';
    s += s < end && (*s == '-' || *s == '+');
    const char *unsigned_part = s;
    s = take_digits(&d, s, end, 0);
    if (s < end && *s == '.')
        s = take_digits(&d, s + 1, end, 1);
    if (!d.any)
        return read_word(unsigned_part, end, negative, value);
    if (s < end && (*s == 'e' || *s == 'E'))
        s = take_exponent(&d, s, end);
    if (d.cut || d.digits > exact || d.scale < -POWER_MOST || d.scale > POWER_MOST)
        return read_slowly(start, (size_t)(s - start), value) ? s : NULL;
    double size = (double)d.digits;
    size = d.scale < 0 ? size / powers[-d.scale] : size * powers[d.scale];
    *value = negative ? -size : size;
    return s;
}

bool eg_decimal_first(const char *text, double *value)
{
    text += strspn(text, " \t\r\n");
    return eg_decimal_read(text, text + strlen(text), value) != NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Writes digits / 10^places with no zeros at its end. */
static size_t put_decimal(char *out, bool negative, uint64_t digits, int places)
{
    char text[EG_NUMBER_TEXT];
    char *end = text + sizeof text, *at = end;
    int written = 0;
    for (; places > 0 && digits % 10 == 0; places--)
        digits /= 10;
    do {
        if (written++ == places && places > 0)
            *--at = '.';
        *--at = (char)('0' + digits % 10);
        digits /= 10;
    } while (digits > 0 || written <= places);
    if (negative)
        *--at = '-';
    memcpy(out, at, (size_t)(end - at));
    return (size_t)(end - at);
}

/* A value as d.ddd x 10^exponent. */
typedef struct rounded {
    char digits[EG_NUMBER_TEXT]; /* without a point, and without zeros at the end */
    int count, exponent;
} rounded;

/* `value` > 0 to so many digits. printf() puts the locale's decimal point behind the first of them;
 * nothing else of what it writes depends on the locale. */
static rounded round_to(double value, int digits)
{
    char text[2 * EG_NUMBER_TEXT];
    rounded r = {.count = digits};
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    const char *exponent = strchr(text, 'e');
    r.digits[0] = text[0];
    memcpy(r.digits + 1, exponent - (digits - 1), (size_t)digits - 1);
    r.exponent = (int)strtol(exponent + 1, NULL, 10);
    while (r.count > 1 && r.digits[r.count - 1] == '0')
        r.count--;
    return r;
}

/* With an exponent only where there would be many zeros. */
static size_t put_rounded(char *out, bool negative, rounded r)
{
    enum { EXPONENT_LEAST = -4, EXPONENT_PLAIN = 12 };
    char *start = out;
    bool plain = r.exponent >= EXPONENT_LEAST && r.exponent <= EXPONENT_PLAIN;
    int whole = plain ? r.exponent + 1 : 1; /* digits in front of the point */
    if (negative)
        *out++ = '-';
    if (whole <= 0)
        *out++ = '0';
    for (int i = 0; i < whole; i++)
        *out++ = i < r.count ? r.digits[i] : '0';
    if (whole < r.count)
        *out++ = '.';
    for (int i = whole; i < r.count; i++)
        *out++ = i < 0 ? '0' : r.digits[i];
    if (!plain)
        out += snprintf(out, EG_NUMBER_TEXT / 4, "e%+03d", r.exponent);
    return (size_t)(out - start);
}

static size_t put_special(char *out, double value)
{
    return (size_t)snprintf(out, EG_NUMBER_TEXT, "%s",
                            isnan(value) ? "nan"
                            : value < 0  ? "-inf"
                                         : "inf");
}

/* The fewest places behind the point with which the text, whose value is one division, gives
 * `value`. */
size_t eg_decimal_float(char out[EG_NUMBER_TEXT], float value)
{
    enum { PLACES = 12, ALWAYS_ENOUGH = 9 };
    static const double digits_most = 1e9;
    bool negative = signbit(value) != 0;
    if (!isfinite(value))
        return put_special(out, (double)value);
    double size = fabs((double)value);
    for (int places = 0; places <= PLACES && size * powers[places] < digits_most; places++) {
        double digits = rint(size * powers[places]);
        if (digits / powers[places] == size || (float)(digits / powers[places]) == (float)size)
            return put_decimal(out, negative, (uint64_t)digits, places);
    }
    return put_rounded(out, negative, round_to(size, ALWAYS_ENOUGH));
}

size_t eg_decimal_double(char out[EG_NUMBER_TEXT], double value)
{
    enum { PLACES = 15, ALWAYS_ENOUGH = 17 };
    static const double digits_most = 9e15;
    bool negative = signbit(value) != 0;
    if (!isfinite(value))
        return put_special(out, value);
    double size = fabs(value), back = 0;
    for (int places = 0; places <= PLACES && size * powers[places] < digits_most; places++) {
        double digits = rint(size * powers[places]);
        if (digits / powers[places] == size)
            return put_decimal(out, negative, (uint64_t)digits, places);
    }
    for (int digits = 15; digits < ALWAYS_ENOUGH; digits++) {
        size_t length = put_rounded(out, negative, round_to(size, digits));
        if (eg_decimal_read(out, out + length, &back) && back == value)
            return length;
    }
    return put_rounded(out, negative, round_to(size, ALWAYS_ENOUGH));
}
