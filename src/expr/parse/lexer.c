/* SPDX-License-Identifier: MIT */
/* Splits the text of an expression into tokens. */
#include "expr/parse/lexer.h"

#include <math.h>
#include <string.h>

#include "expr/graph/rational.h"
#include "expr/parse/names.h"

/* Operators and other symbols, a longer one before its prefix. Typographic signs are accepted as
 * the ASCII ones. */
static const struct {
    const char *text;
    eg_token_kind kind;
} symbols[] = {
    {"**", EG_TOKEN_POWER},
    {"^", EG_TOKEN_POWER},
    {"+", EG_TOKEN_PLUS},
    {"-", EG_TOKEN_MINUS},
    {"*", EG_TOKEN_TIMES},
    {"/", EG_TOKEN_DIVIDE},
    {"(", EG_TOKEN_OPEN},
    {")", EG_TOKEN_CLOSE},
    {"[", EG_TOKEN_OPEN},
    {"]", EG_TOKEN_CLOSE},
    {"{", EG_TOKEN_OPEN},
    {"}", EG_TOKEN_CLOSE},
    {",", EG_TOKEN_COMMA},
    {"<=", EG_TOKEN_LESS_EQUAL},
    {">=", EG_TOKEN_GREATER_EQUAL},
    {"==", EG_TOKEN_EQUAL},
    {"!=", EG_TOKEN_NOT_EQUAL},
    {"=", EG_TOKEN_EQUALS},
    {"!", EG_TOKEN_FACTORIAL},
    {"<", EG_TOKEN_LESS},
    {">", EG_TOKEN_GREATER},
    {"\xE2\x89\xA4", EG_TOKEN_LESS_EQUAL},    /* U+2264 */
    {"\xE2\x89\xA5", EG_TOKEN_GREATER_EQUAL}, /* U+2265 */
    {"\xE2\x89\xA0", EG_TOKEN_NOT_EQUAL},     /* U+2260 */
    {"|", EG_TOKEN_BAR},
    {"\xE2\x88\x92", EG_TOKEN_MINUS},  /* U+2212 minus sign */
    {"\xE2\x80\x93", EG_TOKEN_MINUS},  /* U+2013 en dash */
    {"\xC2\xB7", EG_TOKEN_TIMES},      /* U+00B7 middle dot */
    {"\xE2\x8B\x85", EG_TOKEN_TIMES},  /* U+22C5 dot operator */
    {"\xC3\x97", EG_TOKEN_TIMES},      /* U+00D7 multiplication sign */
    {"\xC3\xB7", EG_TOKEN_DIVIDE},     /* U+00F7 division sign */
    {"\xE2\x88\x95", EG_TOKEN_DIVIDE}, /* U+2215 division slash */
    {"\xE2\x81\x84", EG_TOKEN_DIVIDE}, /* U+2044 fraction slash */
    {"\xE2\x88\x9A", EG_TOKEN_ROOT},   /* U+221A square root */
    {"\xC2\xB0", EG_TOKEN_DEGREE},     /* U+00B0 degree sign */
    {"\xCF\x80", EG_TOKEN_NAME},       /* U+03C0 pi */
};

/* Symbols that other languages accept, and what to type instead. */
static const struct {
    const char *text, *message;
} unsupported[] = {
    {";", "separate arguments with a comma"},
    {"%", "write 5/100 for 5%"},
    {"'", "for a derivative leave EXPR as it is: the report has its derivatives"},
    {"\xE2\x80\x96", "write sqrt(x^2 + y^2) for the length of x, y"}, /* U+2016 double bar */
    {"\xE2\x88\x9B", "write cbrt(x) for a cube root"},                /* U+221B */
    {"\xE2\x88\x9E", "infinity is not a number; write a number"},     /* U+221E */
};

/* Superscript digits 0 to 9, and the signs. */
static const char *const superscripts[] = {
    "\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",     "\xE2\x81\xB4", "\xE2\x81\xB5",
    "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9", "\xE2\x81\xBA", "\xE2\x81\xBB",
};
enum { SUPERSCRIPT_PLUS = 10, SUPERSCRIPT_MINUS, SUPERSCRIPTS, SUPERSCRIPT_DIGITS = 15 };

/* Blanks besides those of ASCII: no-break space, thin space and narrow no-break space. */
static const char *const blanks[] = {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF"};

static size_t count_blanks(const char *s)
{
    size_t n = strspn(s, " \t\r\n");
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (strncmp(s + n, blanks[i], strlen(blanks[i])) == 0) {
            n += strlen(blanks[i]);
            return n + count_blanks(s + n);
        }
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

/* Returns the length of an exponent such as e-5, 0 if there is none: 2e is 2*e. */
static size_t exponent_length(const char *s)
{
    size_t sign = *s && (s[1] == '+' || s[1] == '-');
    if (*s != 'e' && *s != 'E')
        return 0;
    size_t n = count_digits(s + 1 + sign);
    return n ? 1 + sign + n : 0;
}

static eg_token lex_error(eg_token token, const char *message)
{
    token.kind = EG_TOKEN_INVALID;
    token.message = message;
    return token;
}

static eg_token lex_number(const char *text, eg_token token)
{
    const char *s = text + token.location.offset;
    size_t n = count_digits(s);
    if (s[n] == '.')
        n += 1 + count_digits(s + n + 1);
    n += exponent_length(s + n);
    token.location.length = n;
    if (s[n] == '.' || (n == 1 && *s == '0' && (s[1] == 'x' || s[1] == 'X') && is_digit(s[2]))) {
        token.location.length = n + 1 + count_digits(s + n + 1);
        return lex_error(token, s[n] == '.' ? "a number has only one decimal point"
                                            : "write the number in decimal, not hexadecimal");
    }
    if (s[n] == '_' && is_digit(s[n + 1])) {
        token.location.length = n + 1 + count_digits(s + n + 1);
        return lex_error(token, "write the number without _");
    }
    if (n > EG_NUMBER_LENGTH)
        return lex_error(token,
                         "the number has too many digits; write it with an exponent, as 1.5e20");
    token.kind = EG_TOKEN_NUMBER;
    token.number = eg_rational_parse(s, n);
    return isfinite(token.number)
               ? token
               : lex_error(token, "the number is too large; the largest is about 1.8e308");
}

/* Returns the index of the superscript at `s`, SUPERSCRIPTS if there is none. */
static size_t find_superscript(const char *s)
{
    size_t i = 0;
    while (i < SUPERSCRIPTS && strncmp(s, superscripts[i], strlen(superscripts[i])) != 0)
        i++;
    return i;
}

static eg_token lex_superscript(const char *text, eg_token token)
{
    const char *s = text + token.location.offset;
    size_t digits = 0, at = 0, first = find_superscript(s);
    for (size_t i = first; i < SUPERSCRIPTS; i = find_superscript(s + at)) {
        if (i >= SUPERSCRIPT_PLUS && at > 0)
            break;
        at += strlen(superscripts[i]);
        if (i >= SUPERSCRIPT_PLUS)
            continue;
        token.number = 10 * token.number + (double)i;
        digits++;
    }
    token.location.length = at;
    if (digits == 0 || digits > SUPERSCRIPT_DIGITS)
        return lex_error(token, digits ? "the exponent has too many digits"
                                       : "digits are missing after the superscript sign");
    token.number = first == SUPERSCRIPT_MINUS ? -token.number : token.number;
    token.kind = EG_TOKEN_SUPERSCRIPT;
    return token;
}

/* Returns the number of bytes of the UTF-8 character at `s`. */
static size_t character_length(const char *s)
{
    size_t n = 1;
    while (n < 4 && ((unsigned char)s[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* Returns the opening bracket of a bracket, 0 for any other character. */
static char bracket_of(char c)
{
    static const char open[] = "([{", closing[] = ")]}";
    for (size_t i = 0; i < sizeof open - 1; i++)
        if (c == open[i] || c == closing[i])
            return open[i];
    return 0;
}

eg_token eg_next_token(const char *text, size_t offset)
{
    offset += count_blanks(text + offset);
    const char *s = text + offset;
    eg_token token = {.kind = EG_TOKEN_END, .location = {offset, 0}};
    if (!*s)
        return token;
    if (is_digit(*s) || (*s == '.' && is_digit(s[1])))
        return lex_number(text, token);
    token.location.length = eg_name_length(s);
    token.kind = EG_TOKEN_NAME;
    if (token.location.length)
        return token;
    if (find_superscript(s) < SUPERSCRIPTS)
        return lex_superscript(text, token);
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        token.location.length = strlen(symbols[i].text);
        token.kind = symbols[i].kind;
        token.bracket = bracket_of(*s);
        if (strncmp(s, symbols[i].text, token.location.length) == 0)
            return token;
    }
    token.location.length = character_length(s);
    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++)
        if (strncmp(s, unsupported[i].text, strlen(unsupported[i].text)) == 0)
            return lex_error(token, unsupported[i].message);
    return lex_error(token, "unknown character; use names, numbers, + - * / ^ ( ) and commas");
}
