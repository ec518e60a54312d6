/* SPDX-License-Identifier: MIT */
/* Writes JSON objects and arrays, on indented lines or on one line; places the commas. */
#ifndef CLI_SUPPORT_JSON_H
#define CLI_SUPPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *out;
    int depth;
    bool in_line; /* true: everything on one line */
    bool filled;  /* true: the innermost object or array has a member */
} json;

/* Opens an object or array; `bracket` is '{' or '['. `key` is NULL inside an array and at the top
 * level, here and below. */
void json_open(json *j, const char *key, char bracket);

/* Closes it; `bracket` is '}' or ']'. */
void json_close(json *j, char bracket);

void json_text(json *j, const char *key, const char *value);

/* Writes a number with 10 digits; null if it is not finite. */
void json_number(json *j, const char *key, double value);

/* Writes a number with the 17 digits that identify a double; null if it is not finite. */
void json_exact(json *j, const char *key, double value);

/* Writes a number that is given as JSON text. */
void json_decimal(json *j, const char *key, const char *decimal);

void json_count(json *j, const char *key, uint64_t value);
void json_bool(json *j, const char *key, bool value);
void json_null(json *j, const char *key);

#endif
