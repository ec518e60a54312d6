/* SPDX-License-Identifier: MIT */
/* Text for people: control characters made harmless, paragraphs wrapped. */
#ifndef CLI_SUPPORT_TEXT_H
#define CLI_SUPPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_COLUMNS = 100 };

/* Bytes of the well-formed UTF-8 character at `text`; 0 where there is none. */
size_t text_character(const char *text);

/* Columns `text` takes, one for every character. */
size_t text_width(const char *text);

/* Writes `text` with control characters and malformed UTF-8 as \n, \t or \xNN. */
void text_escaped(FILE *out, const char *text);

/* Writes words from column `at` on, starting new lines at column `indent`; ends the line. '\n' in
 * `text` starts a new line too. */
void text_wrapped(FILE *out, const char *text, size_t indent, size_t at);

/* FNV-1a, 64 bits (Fowler, Noll, Vo), of `size` bytes, going on from `hash`; TEXT_HASH at first. */
#define TEXT_HASH 0xcbf29ce484222325u
uint64_t text_hash(uint64_t hash, const void *bytes, size_t size);

#endif
