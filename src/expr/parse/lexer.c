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
    {",", EG_TOKEN_COMMA},
    {"<=", EG_TOKEN_LESS_EQUAL},
    {">=", EG_TOKEN_GREATER_EQUAL},
    {"==", EG_TOKEN_EQUAL},
    {"!=", EG_TOKEN_NOT_EQUAL},
    {"<", EG_TOKEN_LESS},
    {">", EG_TOKEN_GREATER},
    {"\xE2\x89\xA4", EG_TOKEN_LESS_EQUAL},    /* U+2264 */
    {"\xE2\x89\xA5", EG_TOKEN_GREATER_EQUAL}, /* U+2265 */
    {"\xE2\x89\xA0", EG_TOKEN_NOT_EQUAL},     /* U+2260 */
    {"\xE2\x88\x92", EG_TOKEN_MINUS},         /* U+2212 minus sign */
    {"\xC2\xB7", EG_TOKEN_TIMES},             /* U+00B7 middle dot */
    {"\xE2\x8B\x85", EG_TOKEN_TIMES},         /* U+22C5 dot operator */
    {"\xC3\x97", EG_TOKEN_TIMES},             /* U+00D7 multiplication sign */
    {"\xCF\x80", EG_TOKEN_NAME},              /* U+03C0 pi */
};

/* Symbols that other languages accept, and what to type instead. */
static const struct {
    const char *text, *message;
} unsupported[] = {
    {"|", "write abs(x) for |x|"},
    {"[", "use round parentheses ( )"},
    {"]", "use round parentheses ( )"},
    {"{", "use round parentheses ( )"},
    {"}", "use round parentheses ( )"},
    {"=", "expected an expression, not an equation; write only its right side, or a - b for a = b"},
    {"!", "there is no factorial; write 3! as 3*2*1"},
    {";", "separate arguments with a comma"},
    {"\xC2\xB2", "write ^2 for a superscript 2"},
    {"\xC2\xB3", "write ^3 for a superscript 3"},
    {"\xE2\x88\x9A", "write sqrt(x) for a root sign"},
};

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
    if (n > EG_NUMBER_LENGTH)
        return lex_error(token,
                         "the number has too many digits; write it with an exponent, as 1.5e20");
    token.kind = EG_TOKEN_NUMBER;
    token.number = eg_rational_parse(s, n);
    return isfinite(token.number)
               ? token
               : lex_error(token, "the number is too large; the largest is about 1.8e308");
}

/* Returns the number of bytes of the UTF-8 character at `s`. */
static size_t character_length(const char *s)
{
    size_t n = 1;
    while (n < 4 && ((unsigned char)s[n] & 0xC0) == 0x80)
        n++;
    return n;
}

eg_token eg_next_token(const char *text, size_t offset)
{
    offset += strspn(text + offset, " \t\r\n");
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
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        token.location.length = strlen(symbols[i].text);
        token.kind = symbols[i].kind;
        if (strncmp(s, symbols[i].text, token.location.length) == 0)
            return token;
    }
    token.location.length = character_length(s);
    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++)
        if (strncmp(s, unsupported[i].text, strlen(unsupported[i].text)) == 0)
            return lex_error(token, unsupported[i].message);
    return lex_error(token, "unknown character; use names, numbers, + - * / ^ ( ) and commas");
}
