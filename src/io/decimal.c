/* SPDX-License-Identifier: MIT */
/*
 * Conversion between decimal text and floating point. Most numbers in grids are short: an integer
 * and a power of ten that a double represents exactly, so that one multiplication or division
 * rounds correctly (Clinger, How to read floating point numbers accurately, 1990). The C library
 * converts the others.
 */
#include "io/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Powers of ten that a double represents exactly. */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

enum { MAX_POWER = sizeof powers / sizeof *powers - 1, MAX_DIGITS = 19, MAX_EXPONENT = 99999 };

/* ---- reading --------------------------------------------------------------------------------- */

/* A parsed number: digits x 10^scale. */
typedef struct decimal_parts {
    uint64_t digits; /* the first MAX_DIGITS digits */
    int scale;
    bool any;       /* true if there was a digit */
    bool truncated; /* true if a nonzero digit did not fit */
} decimal_parts;

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Parses a run of digits and returns its end; `point` is 1 after the decimal point, else 0. */
static inline const char *parse_digits(decimal_parts *d, const char *s, const char *end, int point)
{
    static const uint64_t full = 1000000000000000000; /* 19 digits; another might overflow */
    const char *first = s;
    for (; s < end && is_digit(*s); s++) {
        if (d->digits < full) {
            d->digits = 10 * d->digits + (uint64_t)(*s - '0');
            d->scale -= point;
        } else {
            d->truncated |= *s != '0';
            d->scale += 1 - point;
        }
    }
    d->any |= s > first;
    return s;
}

/* Parses an exponent such as "e-12" at `s` and returns its end; returns `s` if no digit follows the
 * e. */
static const char *parse_exponent(decimal_parts *d, const char *s, const char *end)
{
    const char *at = s + 1;
    bool negative = at < end && *at == '-';
    int exponent = 0;
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || !is_digit(*at))
        return s;
    for (; at < end && is_digit(*at); at++)
        exponent = exponent < MAX_EXPONENT ? 10 * exponent + (*at - '0') : exponent;
    d->scale += negative ? -exponent : exponent;
    return at;
}

/* Converts any number with strtod() in the C locale; returns false on failure. */
static bool convert_with_strtod(const char *s, size_t length, double *value)
{
    char text[EG_DECIMAL_LONGEST + 1];
    char *stop = text;
    if (length > EG_DECIMAL_LONGEST)
        return false;
    memcpy(text, s, length);
    text[length] = '\0';
    char *comma = memchr(text, ',', length);
    if (comma)
        *comma = '.';
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain) {
        *value = strtod_l(text, &stop, plain);
        freelocale(plain);
    }
    return stop == text + length;
}

/* Reads "infinity", "inf" or "nan", or what Microsoft's C library writes for them, with as many
 * zeros as there were decimals: "1.#INF", "1.#QNAN0", "-1,#IND00". Returns its end, or NULL. */
static const char *read_word(const char *s, const char *end, bool negative, double *value)
{
    static const struct {
        const char *word;
        size_t length;
        bool microsoft; /* only after "1.#" */
        double value;
    } words[] = {
        {"infinity", 8, false, (double)INFINITY}, {"inf", 3, false, (double)INFINITY},
        {"nan", 3, false, (double)NAN},           {"qnan", 4, true, (double)NAN},
        {"snan", 4, true, (double)NAN},           {"ind", 3, true, (double)NAN},
    };
    bool microsoft = end - s > 3 && s[0] == '1' && (s[1] == '.' || s[1] == ',') && s[2] == '#';
    s += microsoft ? 3 : 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if ((size_t)(end - s) < words[i].length || (words[i].microsoft && !microsoft) ||
            strncasecmp(s, words[i].word, words[i].length) != 0)
            continue;
        *value = negative && isinf(words[i].value) ? -words[i].value : words[i].value;
        s += words[i].length;
        while (microsoft && s < end && *s == '0')
            s++;
        return s;
    }
    return NULL;
}

/* Reads a number with that decimal point; see eg_decimal_read(). */
static inline const char *read_number(const char *s, const char *end, char point, double *value)
{
    static const uint64_t exact = (uint64_t)1 << 53;
    const char *start = s;
    decimal_parts d = {0};
    bool negative = s < end && *s == '-';
    s += s < end && (*s == '-' || *s == '+');
    const char *unsigned_part = s;
    s = parse_digits(&d, s, end, 0);
    if (s < end && *s == point)
        s = parse_digits(&d, s + 1, end, 1);
    if (!d.any || (s < end && *s == '#'))
        return read_word(unsigned_part, end, negative, value);
    if (s < end && (*s == 'e' || *s == 'E'))
        s = parse_exponent(&d, s, end);
    if (d.truncated || d.digits > exact || d.scale < -MAX_POWER || d.scale > MAX_POWER)
        return convert_with_strtod(start, (size_t)(s - start), value) ? s : NULL;
    double magnitude = (double)d.digits;
    magnitude = d.scale < 0 ? magnitude / powers[-d.scale] : magnitude * powers[d.scale];
    *value = negative ? -magnitude : magnitude;
    return s;
}

const char *eg_decimal_read(const char *s, const char *end, double *value)
{
    return read_number(s, end, '.', value);
}

const char *eg_decimal_read_comma(const char *s, const char *end, double *value)
{
    const char *comma = memchr(s, ',', (size_t)(end - s));
    if (!comma || comma == s || !is_digit(comma[-1]) || comma + 1 == end ||
        !(is_digit(comma[1]) || comma[1] == '#'))
        return NULL;
    const char *stop = read_number(s, end, ',', value);
    return stop && stop > comma ? stop : NULL;
}

bool eg_decimal_only(const char *text, size_t length, double *value)
{
    static const char blanks[] = " \t\r\n";
    const char *end = text + length;
    for (; text < end && strchr(blanks, *text); text++)
        ;
    for (; text < end && strchr(blanks, end[-1]); end--)
        ;
    return text < end && (eg_decimal_read(text, end, value) == end ||
                          eg_decimal_read_comma(text, end, value) == end);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Writes digits / 10^places without trailing zeros after the point and returns the length. */
static size_t write_decimal(char *out, bool negative, uint64_t digits, int places)
{
    char text[EG_DECIMAL_TEXT];
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

/* A value rounded to d.ddd x 10^exponent. */
typedef struct rounded {
    char digits[EG_DECIMAL_TEXT]; /* digits without point and trailing zeros */
    int count, exponent;
} rounded;

/* Rounds `value` >= 0 to that many significant digits. The locale affects only the decimal point
 * that snprintf() writes after the first digit, which is skipped. */
static rounded round_to(double value, int digits)
{
    char text[2 * EG_DECIMAL_TEXT];
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

/* Writes the value, with an exponent only outside 10^-4 .. 10^12, and returns the length. */
static size_t write_rounded(char *out, bool negative, rounded r)
{
    enum { MIN_PLAIN_EXPONENT = -4, MAX_PLAIN_EXPONENT = 12 };
    char *start = out;
    bool plain = r.exponent >= MIN_PLAIN_EXPONENT && r.exponent <= MAX_PLAIN_EXPONENT;
    int before_point = plain ? r.exponent + 1 : 1; /* digits before the point */
    if (negative)
        *out++ = '-';
    if (before_point <= 0)
        *out++ = '0';
    for (int i = 0; i < before_point; i++)
        *out++ = i < r.count ? r.digits[i] : '0';
    if (before_point < r.count)
        *out++ = '.';
    for (int i = before_point; i < r.count; i++)
        *out++ = i < 0 ? '0' : r.digits[i];
    if (!plain)
        out += snprintf(out, EG_DECIMAL_TEXT / 4, "e%+03d", r.exponent);
    return (size_t)(out - start);
}

static size_t write_special(char *out, double value)
{
    return (size_t)snprintf(out, EG_DECIMAL_TEXT, "%s",
                            isnan(value) ? "nan"
                            : value < 0  ? "-inf"
                                         : "inf");
}

/* Tries 0, 1, 2 ... decimal places, at the cost of a division each, before using snprintf(). */
size_t eg_decimal_float(char out[EG_DECIMAL_TEXT], float value)
{
    enum { PLACES = 12, ALWAYS_ENOUGH = 9 };
    static const double max_digits = 1e9;
    bool negative = signbit(value) != 0;
    if (!isfinite(value))
        return write_special(out, (double)value);
    double magnitude = fabs((double)value);
    for (int places = 0; places <= PLACES && magnitude * powers[places] < max_digits; places++) {
        double digits = rint(magnitude * powers[places]);
        if (digits / powers[places] == magnitude ||
            (float)(digits / powers[places]) == (float)magnitude)
            return write_decimal(out, negative, (uint64_t)digits, places);
    }
    return write_rounded(out, negative, round_to(magnitude, ALWAYS_ENOUGH));
}

size_t eg_decimal_double(char out[EG_DECIMAL_TEXT], double value)
{
    enum { PLACES = 15, ALWAYS_ENOUGH = 17 };
    static const double max_digits = 9e15;
    bool negative = signbit(value) != 0;
    if (!isfinite(value))
        return write_special(out, value);
    double magnitude = fabs(value), parsed = 0;
    for (int places = 0; places <= PLACES && magnitude * powers[places] < max_digits; places++) {
        double digits = rint(magnitude * powers[places]);
        if (digits / powers[places] == magnitude)
            return write_decimal(out, negative, (uint64_t)digits, places);
    }
    for (int digits = 15; digits < ALWAYS_ENOUGH; digits++) {
        size_t length = write_rounded(out, negative, round_to(magnitude, digits));
        if (eg_decimal_read(out, out + length, &parsed) && parsed == value)
            return length;
    }
    return write_rounded(out, negative, round_to(magnitude, ALWAYS_ENOUGH));
}
