/* SPDX-License-Identifier: MIT */
/* Prints text for people: escapes control characters, wraps paragraphs. */
#ifndef CLI_SUPPORT_TEXT_H
#define CLI_SUPPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_COLUMNS = 100 };

/* Returns the bytes of the well-formed UTF-8 character at `text`; 0 if there is none. */
size_t text_character(const char *text);

/* Returns the width of `text` in columns, one for each character. */
size_t text_width(const char *text);

/* Returns the columns of what text_escaped() prints. */
size_t text_escaped_width(const char *text);

/* Writes what text_escaped() prints to `out`, of `size` bytes, cut off after a whole character. */
void text_escape(char *out, size_t size, const char *text);

/* Prints `text` with control characters and malformed UTF-8 as \n, \t or \xNN. */
void text_escaped(FILE *out, const char *text);

/* Prints the words of `text` from column `at`, wraps them at TEXT_COLUMNS with lines that start at
 * column `indent`, and ends the line. '\n' in `text` starts a new line. */
void text_wrapped(FILE *out, const char *text, size_t indent, size_t at);

/* Returns the 64-bit FNV-1a hash (Fowler, Noll, Vo) of `size` bytes, continued from `hash`, which
 * is TEXT_HASH at first. */
#define TEXT_HASH 0xcbf29ce484222325u
uint64_t text_hash(uint64_t hash, const void *bytes, size_t size);

#endif
