/* SPDX-License-Identifier: MIT */
/* A strict reader of JSON (RFC 8259), which shares no code with the command. */
#ifndef TESTS_FUZZ_JSON_CHECK_H
#define TESTS_FUZZ_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the end of the value at `text`, which ends in a byte 0, or NULL if it is not JSON. */
const char *json_value_end(const char *text);

/* Decodes the string at `text` to UTF-8; returns its end, or NULL if it is no string or does not
 * fit into `size` bytes. */
const char *json_string(const char *text, char *out, size_t size);

/* Returns the text after "key": of an object on one line, or NULL. */
const char *json_member(const char *text, const char *key);

#endif
