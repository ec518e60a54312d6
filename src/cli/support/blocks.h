/* SPDX-License-Identifier: MIT */
/* Writes a report in blocks of named numbers, from the same calls as aligned text for people or as
 * JSON with 17 digits. */
#ifndef CLI_SUPPORT_BLOCKS_H
#define CLI_SUPPORT_BLOCKS_H

#include "cli/support/json.h"

typedef struct sheet {
    json *j;    /* NULL: write text */
    int digits; /* significant digits of numbers in text */
} sheet;

/* Opens a block: in text a line `heading`, in JSON an object `key`. */
void sheet_block(sheet *s, const char *key, const char *heading);
/* Closes the block. */
void sheet_end(sheet *s);

/* Write one entry of a block: in text a line "label   value   note", in JSON the member `key`.
 * `note` may be NULL and is only in text. */
void sheet_number(sheet *s, const char *key, const char *label, double value, const char *note);
void sheet_text(sheet *s, const char *key, const char *label, const char *text);
void sheet_vector(sheet *s, const char *key, const char *label, const double values[], size_t n,
                  const char *note);
void sheet_matrix(sheet *s, const char *key, const char *label, const double values[], size_t n);

/* Writes a member in JSON only. */
void sheet_bool(sheet *s, const char *key, bool value);

/* Writes a sentence in text only. */
void sheet_note(sheet *s, const char *text);

enum { SHEET_NUMBER = 40, SHEET_LINE = 2048 }; /* bytes of a formatted number and of a vector */

/* Formats a number as the text report shows it; returns `out`. */
const char *sheet_show(const sheet *s, char out[SHEET_NUMBER], double value);
/* Formats a vector: "(1, 2)". */
void sheet_show_vector(const sheet *s, char *out, size_t size, const double values[], size_t n);

#endif
