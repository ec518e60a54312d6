/* SPDX-License-Identifier: MIT */
/* The letters of names that are not ASCII: Greek letters and subscripts. */
#ifndef EG_EXPR_CODEGEN_LETTERS_H
#define EG_EXPR_CODEGEN_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

/* A character of a name. */
typedef struct eg_letter {
    char ascii[16];    /* "a", "alpha", "1" for the subscript 1 */
    const char *latex; /* the command "\alpha"; NULL: `ascii` itself */
    bool subscript, greek;
} eg_letter;

/* Reads the character at `s` of a name. Returns its length in bytes, 0 at the end. */
size_t eg_letter_read(eg_letter *letter, const char *s);

/* Returns the command of a Greek letter that is spelt, "\alpha" for "alpha"; NULL: there is none.
 */
const char *eg_letter_command(const char *name, size_t length);

#endif
