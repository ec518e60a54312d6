/* SPDX-License-Identifier: MIT */
/* Writes a report in blocks of named numbers, from the same calls as aligned text for people or as
 * JSON with 17 digits. */
#ifndef CLI_SUPPORT_BLOCKS_H
#define CLI_SUPPORT_BLOCKS_H

#include "cli/support/json.h"
#include "edgegrad.h"

typedef struct block_writer {
    json *j;                 /* NULL: write text */
    int digits;              /* significant digits of numbers in text */
    eg_reals *reals;         /* of the exact numbers in the report; NULL: it has none */
    size_t fewer, undecided; /* exact numbers shown with fewer digits, and with none */
} block_writer;

/* Opens a block: in text a line `heading`, in JSON an object `key`. */
void block_open(block_writer *s, const char *key, const char *heading);
/* Closes the block. */
void block_close(block_writer *s);

/* Write one entry of a block: in text a line "label   value   note", in JSON the member `key`.
 * `note` may be NULL and is only in text. */
void block_number(block_writer *s, const char *key, const char *label, double value,
                  const char *note);
void block_text(block_writer *s, const char *key, const char *label, const char *text);
void block_vector(block_writer *s, const char *key, const char *label, const double values[],
                  size_t n, const char *note);
void block_matrix(block_writer *s, const char *key, const char *label, const double values[],
                  size_t n);

/* Do the same for exact numbers, whose digits are proven. (real_blocks.c) */
void block_real(block_writer *s, const char *key, const char *label, eg_real value,
                const char *note);
void block_real_vector(block_writer *s, const char *key, const char *label, const eg_real values[],
                       size_t n, const char *note);
void block_real_matrix(block_writer *s, const char *key, const char *label, const eg_real values[],
                       size_t n);

/* Writes the number as a member or an element of JSON. (real_blocks.c) */
void block_json_real(block_writer *s, const char *key, eg_real value);

/* Return a number or vector as the text report shows it, to be freed by the caller.
 * (real_blocks.c) */
char *block_real_text(block_writer *s, eg_real value);
char *block_real_vector_text(block_writer *s, const eg_real values[], size_t n);

/* Write a bound, rounded upwards (direction 1) or downwards (-1), and a range, rounded outwards, so
 * that the digits shown are still bounds. (block_bounds.c) */
void block_bound(block_writer *s, const char *key, const char *label, double bound, int direction,
                 const char *note);
void block_range(block_writer *s, const char *key, const char *label, const double range[2],
                 const char *note);

/* Writes a member in JSON only. */
void block_bool(block_writer *s, const char *key, bool value);

/* Writes a line "label   text   note" in text only. */
void block_line(const char *label, const char *text, const char *note);

/* Writes a sentence in text only. */
void block_note(block_writer *s, const char *text);

enum {
    BLOCK_NUMBER_SIZE = 40,
    BLOCK_LINE_SIZE = 2048
}; /* bytes of a formatted number and of a vector */

/* Formats a number as the text report shows it; returns `out`. */
const char *block_format_number(const block_writer *s, char out[BLOCK_NUMBER_SIZE], double value);
/* Formats a vector: "(1, 2)". */
void block_format_vector(const block_writer *s, char *out, size_t size, const double values[],
                         size_t n);

#endif
