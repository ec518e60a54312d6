/* SPDX-License-Identifier: MIT */
/* A strict reader of JSON. */
#include "json_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* Reads 4 hexadecimal digits; -1: they are not. */
static long hex4(const char *at)
{
    char digits[5] = "";
    if (strspn(at, "0123456789abcdefABCDEF") < 4)
        return -1;
    memcpy(digits, at, 4);
    return strtol(digits, NULL, 16);
}

/* Writes a character below 65536 in UTF-8; returns its length. */
static size_t utf8(char out[3], unsigned long c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 63));
    out[2] = (char)(0x80 | (c & 63));
    return 3;
}

/* Returns the bytes of the UTF-8 character at `at`; 0: it is malformed. */
static size_t character(const char *at)
{
    const unsigned char *c = (const unsigned char *)at;
    const size_t length = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    if (c[0] > 0xF4 || (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xED && c[1] > 0x9F) ||
        (c[0] == 0xF0 && c[1] < 0x90) || (c[0] == 0xF4 && c[1] > 0x8F))
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* Decodes one character or escape at *at; returns its length in `out`; 0: it is malformed. */
static size_t decode(const char **at, char out[4])
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found;
    size_t length;
    if (**at != '\\') {
        length = (unsigned char)**at < 0x20 ? 0 : character(*at);
        memcpy(out, *at, length);
        *at += length;
        return length;
    }
    if ((*at)[1] == 'u') {
        const long code = hex4(*at + 2);
        *at += 6;
        return code <= 0 || (code >= 0xD800 && code < 0xE000) ? 0 : utf8(out, (unsigned long)code);
    }
    found = (*at)[1] ? strchr(letters, (*at)[1]) : NULL;
    *at += 2;
    out[0] = found ? meant[found - letters] : '\0';
    return found != NULL;
}

const char *json_string(const char *text, char *out, size_t size)
{
    size_t used = 0;
    if (*text++ != '"')
        return NULL;
    while (*text && *text != '"') {
        char bytes[4];
        const size_t length = decode(&text, bytes);
        if (!length || used + length + 1 > size)
            return NULL;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return *text ? text + 1 : NULL;
}

static const char *number_end(const char *at)
{
    static const char digits[] = "0123456789";
    at += *at == '-';
    size_t count = strspn(at, digits);
    if (!count || (*at == '0' && count > 1))
        return NULL;
    at += count;
    if (*at == '.') {
        count = strspn(at + 1, digits);
        if (!count)
            return NULL;
        at += 1 + count;
    }
    if (*at == 'e' || *at == 'E') {
        at += at[1] == '+' || at[1] == '-' ? 2 : 1;
        count = strspn(at, digits);
        return count ? at + count : NULL;
    }
    return at;
}

/* Returns the end of an object or array, after its first bracket at `at`. */
static const char *list_end(const char *at, bool object)
{
    static char name[65536];
    const char close = object ? '}' : ']';
    at = skip_space(at + 1);
    if (*at == close)
        return at + 1;
    for (;;) {
        if (object) {
            at = json_string(skip_space(at), name, sizeof name);
            at = at ? skip_space(at) : NULL;
            if (!at || *at++ != ':')
                return NULL;
        }
        at = json_value_end(at);
        at = at ? skip_space(at) : NULL;
        if (!at || (*at != ',' && *at != close))
            return NULL;
        if (*at++ == close)
            return at;
    }
}

const char *json_value_end(const char *text)
{
    static const char *const words[] = {"true", "false", "null"};
    static char string[65536];
    text = skip_space(text);
    if (*text == '"')
        return json_string(text, string, sizeof string);
    if (*text == '{' || *text == '[')
        return list_end(text, *text == '{');
    for (size_t i = 0; i < 3; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return text + strlen(words[i]);
    return number_end(text);
}

const char *json_member(const char *text, const char *key)
{
    char found[256];
    text = skip_space(text);
    if (*text++ != '{')
        return NULL;
    while (*text && *text != '}') {
        text = json_string(skip_space(text), found, sizeof found);
        if (!text || *(text = skip_space(text)) != ':')
            return NULL;
        text = skip_space(text + 1);
        if (strcmp(found, key) == 0)
            return text;
        text = json_value_end(text);
        if (!text)
            return NULL;
        text = skip_space(text);
        text += *text == ',';
    }
    return NULL;
}
