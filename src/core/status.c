/* SPDX-License-Identifier: MIT */
/* Error messages: formatted, escaped and truncated. */
#include "core/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Returns the length of the well-formed UTF-8 sequence at `s` (RFC 3629); 0 if there is none, or if
 * it is a C1 control character. */
static size_t utf8_length(const unsigned char *s)
{
    size_t n = s[0] < 0x80   ? 1
               : s[0] < 0xC2 ? 0
               : s[0] < 0xE0 ? 2
               : s[0] < 0xF0 ? 3
               : s[0] < 0xF5 ? 4
                             : 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool outside = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
    bool c1_control = s[0] == 0xC2 && s[1] < 0xA0;
    return overlong || outside || c1_control ? 0 : n;
}

/* Writes the byte `c` as an escape sequence, \n or \x1F. */
static void escape_byte(char out[5], unsigned char c)
{
    static const struct {
        char c, letter;
    } named[] = {{'\n', 'n'}, {'\t', 't'}, {'\r', 'r'}, {'\033', 'e'}};

    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (c == (unsigned char)named[i].c) {
            snprintf(out, 5, "\\%c", named[i].letter);
            return;
        }
    }
    snprintf(out, 5, "\\x%02X", c);
}

void eg_escape(char *out, size_t size, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = 0;
    while (*s) {
        char piece[5] = "";
        size_t n = *s < 0x20 || *s == 0x7F ? 0 : utf8_length(s);
        size_t used = n ? n : 1;
        if (n)
            memcpy(piece, s, n);
        else
            escape_byte(piece, *s);
        size_t length = strlen(piece);
        if (at + length >= size)
            break;
        memcpy(out + at, piece, length);
        at += length;
        s += used;
    }
    if (size)
        out[at] = '\0';
}

eg_status eg_vfail(eg_error *error, eg_status status, const char *name, const char *format,
                   va_list args)
{
    if (!error || error->status != EG_OK)
        return status;
    char text[sizeof error->message];
    char where[sizeof error->message / 2] = "";
    vsnprintf(text, sizeof text, format, args);
    if (name)
        eg_escape(where, sizeof where, name);
    error->status = status;
    size_t at = 0;
    if (name)
        at = (size_t)snprintf(error->message, sizeof error->message, "%s: ", where);
    eg_escape(error->message + at, sizeof error->message - at, text);
    return status;
}

eg_status eg_fail(eg_error *error, eg_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, status, NULL, format, args);
    va_end(args);
    return status;
}

eg_status eg_fail_file(eg_error *error, eg_status status, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, status, name, format, args);
    va_end(args);
    return status;
}

eg_status eg_errno_status(int code)
{
    return code == ENOMEM ? EG_NO_MEMORY : EG_FILE;
}

void eg_name_failure(eg_error *error, const char *name)
{
    if (!error || !name || (error->status != EG_LIMIT_EXCEEDED && error->status != EG_NO_MEMORY))
        return;
    char escaped[sizeof error->message / 2];
    eg_escape(escaped, sizeof escaped, name);
    if (strncmp(error->message, escaped, strlen(escaped)) == 0)
        return;
    const eg_error unnamed = *error;
    error->status = EG_OK;
    eg_fail_file(error, unnamed.status, name, "%s", unnamed.message);
}
