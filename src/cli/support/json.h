/* SPDX-License-Identifier: MIT */
/* Writing JSON: objects and arrays on indented lines or on one, commas put where they belong. */
#ifndef CLI_SUPPORT_JSON_H
#define CLI_SUPPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *out;
    int depth;
    bool in_line; /* all on one line */
    bool filled;  /* the innermost object or array has a member */
} json;

/* `key` is NULL inside an array and at the top. `bracket` is '{' or '['. */
void json_open(json *j, const char *key, char bracket);
void json_close(json *j, char bracket); /* '}' or ']' */

void json_text(json *j, const char *key, const char *value);
void json_number(json *j, const char *key, double value); /* null where it is not finite */
void json_exact(json *j, const char *key, double value);  /* the same, every digit of a double */
void json_count(json *j, const char *key, uint64_t value);
void json_bool(json *j, const char *key, bool value);

#endif
