/* SPDX-License-Identifier: MIT */
/*
 * Answers about functions: a JSON object, the text of web_text(), and an array of numbers, both
 * valid until the next call. A call that fails answers {"error": ...}, so that the page can show
 * the place of the error in what was typed.
 */
#ifndef EG_WEB_REPLY_H
#define EG_WEB_REPLY_H

#include "web/glue/web.h"

/* Begins an answer: an open JSON object, no numbers. */
void reply_begin(void);

/* Ends the answer. Returns EG_OK, or EG_NO_MEMORY if it did not fit. */
eg_status reply_end(void);

/* Replaces what was written by {"error": {"message", "field", "offset", "length"}} and returns the
 * error's status. `location` (may be NULL) is in bytes. `field` names the input at fault; NULL:
 * none. */
eg_status reply_error(const eg_error *error, const char *field, const eg_expr_location *location);

/* Open and close an object or array; `key` is NULL in an array, here and below. */
void reply_open(const char *key, char bracket);
void reply_close(char bracket);

void reply_text(const char *key, const char *value);
void reply_number(const char *key, double value);
void reply_count(const char *key, size_t value);
void reply_bool(const char *key, bool value);

/* Records that memory is missing. Returns the status. */
eg_status reply_no_memory(eg_error *error);

/* Makes room for `count` more numbers of the answer and returns their address, which is valid until
 * the next call of it. EG_NO_MEMORY: returns NULL. */
double *reply_numbers(size_t count, eg_error *error);

/* Returns the numbers of the answer so far. */
const double *reply_numbers_start(void);

#endif
