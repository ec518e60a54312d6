/* SPDX-License-Identifier: MIT */
/* Prints text for people: escapes control characters, wraps paragraphs. */
#include "cli/support/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { ESCAPED_MAX = 16 }; /* bytes of an escaped character */

/* Smallest code point of each length in bytes; smaller ones are malformed (RFC 3629). */
static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};

/* Decodes the UTF-8 character of `length` bytes at `text`. */
static uint32_t decode(const char *text, size_t length)
{
    static const unsigned char lead[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)text[0] & lead[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3fu);
    return code;
}

size_t text_character(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xf8   ? 0
                    : first >= 0xf0 ? 4
                    : first >= 0xe0 ? 3
                    : first >= 0xc0 ? 2
                                    : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    if (length == 0)
        return 0;
    uint32_t code = decode(text, length);
    bool valid = code >= smallest[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? length : 0;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* Returns true for C0, DEL, C1 and bidirectional formatting characters (U+202A..2E, U+2066..69). */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Writes one character, or one byte that is none, to `out`, escaped if necessary. Returns its bytes
 * in `text`. */
static size_t escape_character(char out[ESCAPED_MAX + 1], const char *text)
{
    const size_t length = text_character(text), bytes = length ? length : 1;
    if (length > 0 && !is_control(decode(text, length)))
        snprintf(out, ESCAPED_MAX + 1, "%.*s", (int)length, text);
    else if (*text == '\n' || *text == '\t')
        memcpy(out, *text == '\n' ? "\\n" : "\\t", 3);
    else
        for (size_t i = 0; i < bytes; i++)
            snprintf(out + 4 * i, 5, "\\x%02x", (unsigned char)text[i]);
    return bytes;
}

void text_escape(char *out, size_t size, const char *text)
{
    size_t used = 0;
    out[0] = '\0';
    while (*text) {
        char piece[ESCAPED_MAX + 1];
        text += escape_character(piece, text);
        const size_t length = strlen(piece);
        if (used + length >= size)
            return;
        memcpy(out + used, piece, length + 1);
        used += length;
    }
}

void text_escaped(FILE *out, const char *text)
{
    while (*text) {
        char piece[ESCAPED_MAX + 1];
        text += escape_character(piece, text);
        fputs(piece, out);
    }
}

/* Returns the columns of a character on a terminal: 0 for a combining mark, 2 for a wide one. */
static size_t character_columns(uint32_t code)
{
    static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                       {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                       {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f))
        return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (code >= wide[i][0] && code <= wide[i][1])
            return 2;
    return 1;
}

size_t text_escaped_width(const char *text)
{
    size_t width = 0;
    while (*text) {
        size_t length = text_character(text);
        if (length > 0 && !is_control(decode(text, length)))
            width += character_columns(decode(text, length));
        else
            width += *text == '\n' || *text == '\t' ? 2 : 4 * (length ? length : 1);
        text += length ? length : 1;
    }
    return width;
}

void text_wrapped(FILE *out, const char *text, size_t indent, size_t at)
{
    bool first = true; /* no word on this line yet */
    for (const char *word = text; *word;) {
        size_t bytes = strcspn(word, " \n"), width = 0;
        for (size_t i = 0; i < bytes; i++)
            width += ((unsigned char)word[i] & 0xc0) != 0x80;
        if (!first && at + 1 + width > TEXT_COLUMNS) {
            fputc('\n', out);
            at = 0;
            first = true;
        }
        if (bytes > 0) {
            int gap = at < indent ? (int)(indent - at) : first ? 0 : 1;
            fprintf(out, "%*s%.*s", gap, "", (int)bytes, word);
            at += (size_t)gap + width;
            first = false;
        }
        word += bytes;
        if (*word == '\n') {
            fputc('\n', out);
            at = 0;
            first = true;
        }
        word += *word != 0;
    }
    fputc('\n', out);
}

uint64_t text_hash(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}
