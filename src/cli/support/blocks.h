/* SPDX-License-Identifier: MIT */
/* A report in blocks of named numbers: aligned text for people, or JSON with every digit. One
 * description makes both. */
#ifndef CLI_SUPPORT_BLOCKS_H
#define CLI_SUPPORT_BLOCKS_H

#include "cli/support/json.h"

typedef struct sheet {
    json *j;    /* NULL: text */
    int digits; /* of numbers in text */
} sheet;

/* "Heading: what it means", and an object called `key`. */
void sheet_block(sheet *s, const char *key, const char *heading);
void sheet_end(sheet *s);

/* A line "label   number   note"; `note` may be NULL and is for people only. */
void sheet_number(sheet *s, const char *key, const char *label, double value, const char *note);
void sheet_text(sheet *s, const char *key, const char *label, const char *text);
void sheet_bool(sheet *s, const char *key, bool value); /* JSON only */
void sheet_vector(sheet *s, const char *key, const char *label, const double values[], size_t n,
                  const char *note);
void sheet_matrix(sheet *s, const char *key, const char *label, const double values[], size_t n);

/* A sentence, for people only. */
void sheet_note(sheet *s, const char *text);

/* A number as it is shown, "(1, 2)". */
enum { SHEET_NUMBER = 40, SHEET_LINE = 2048 };
const char *sheet_show(const sheet *s, char out[SHEET_NUMBER], double value);
void sheet_show_vector(const sheet *s, char *out, size_t size, const double values[], size_t n);

#endif
