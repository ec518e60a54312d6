/* SPDX-License-Identifier: MIT */
/* Text to tokens. */
#include "expr/parse/lexer.h"

#include <math.h>
#include <string.h>

#include "expr/graph/rational.h"
#include "expr/parse/names.h"

/* Longest first, where one begins with another. The signs of books are taken for those of
 * keyboards. */
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
    {"\xE2\x88\x92", EG_TOKEN_MINUS}, /* U+2212 */
    {"\xC2\xB7", EG_TOKEN_TIMES},     /* U+00B7, U+22C5, U+00D7 */
    {"\xE2\x8B\x85", EG_TOKEN_TIMES},
    {"\xC3\x97", EG_TOKEN_TIMES},
    {"\xCF\x80", EG_TOKEN_NAME}, /* pi */
};

/* What people type that is not of this language, and what to do instead. */
static const struct {
    const char *text, *wrong;
} foreign[] = {
    {"|", "write abs(x) for |x|"},
    {"[", "only round parentheses group"},
    {"]", "only round parentheses group"},
    {"{", "only round parentheses group"},
    {"}", "only round parentheses group"},
    {"=", "an expression is wanted, not an equation"},
    {"!", "there is no factorial"},
    {";", "arguments are separated by a comma"},
    {"\xC2\xB2", "write ^2 for a raised 2"},
    {"\xC2\xB3", "write ^3 for a raised 3"},
    {"\xE2\x88\x9A", "write sqrt(x) for a root sign"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

/* Length of an exponent such as e-5, 0 where there is none: 2e is twice e. */
static size_t exponent(const char *s)
{
    size_t sign = *s && (s[1] == '+' || s[1] == '-');
    if (*s != 'e' && *s != 'E')
        return 0;
    size_t n = digits(s + 1 + sign);
    return n ? 1 + sign + n : 0;
}

static eg_token wrong(eg_token token, const char *why)
{
    token.kind = EG_TOKEN_WRONG;
    token.wrong = why;
    return token;
}

static eg_token number(const char *text, eg_token token)
{
    const char *s = text + token.place.offset;
    size_t n = digits(s);
    if (s[n] == '.')
        n += 1 + digits(s + n + 1);
    n += exponent(s + n);
    token.place.length = n;
    if (s[n] == '.' || (n == 1 && *s == '0' && (s[1] == 'x' || s[1] == 'X') && is_digit(s[2]))) {
        token.place.length = n + 1 + digits(s + n + 1);
        return wrong(token, s[n] == '.' ? "a number has one decimal point"
                                        : "numbers are decimal, not hexadecimal");
    }
    if (n > EG_NUMBER_LENGTH)
        return wrong(token, "the number is too long");
    token.kind = EG_TOKEN_NUMBER;
    token.number = eg_rational_parse(s, n);
    return isfinite(token.number) ? token : wrong(token, "the number is too large");
}

/* Bytes of the character at `s`, so that a message shows all of it. */
static size_t character(const char *s)
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
    eg_token token = {.kind = EG_TOKEN_END, .place = {offset, 0}};
    if (!*s)
        return token;
    if (is_digit(*s) || (*s == '.' && is_digit(s[1])))
        return number(text, token);
    token.place.length = eg_name_length(s);
    token.kind = EG_TOKEN_NAME;
    if (token.place.length)
        return token;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        token.place.length = strlen(symbols[i].text);
        token.kind = symbols[i].kind;
        if (strncmp(s, symbols[i].text, token.place.length) == 0)
            return token;
    }
    token.place.length = character(s);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (strncmp(s, foreign[i].text, strlen(foreign[i].text)) == 0)
            return wrong(token, foreign[i].wrong);
    return wrong(token, "no such sign is known");
}
