/* SPDX-License-Identifier: MIT */
/*
 * What the functions for JavaScript share. They are thin: each calls functions of edgegrad.h, with
 * numbers, texts and buffers in the memory of the module, which is a single thread's.
 *
 * A function that can fail returns an eg_status. Its message, or the result as JSON, is the text of
 * web_text() until the next such function begins. Pixels stay where they were computed, and a
 * function returns their address; growing memory moves no address, but JavaScript's views of it.
 */
#ifndef EG_WEB_H
#define EG_WEB_H

#include <edgegrad.h>

/* Marks a function that JavaScript calls. */
#define WEB_EXPORT __attribute__((visibility("default"), used))

/* Returns the context of all parts; NULL: out of memory. */
eg_context *web_context(eg_error *error);

/* ---- the text of a result, as JSON ---- */

/* Begins a result: empties the text. */
void web_begin(void);

/* Appends formatted text. */
void web_print(const char *format, ...) EG_PRINTF(1, 2);

/* Notes a lack of memory for the result, which web_end() reports. */
void web_no_memory(void);

/* Appends a number with all its digits: null for NaN, 1e999 for infinity, which JSON.parse() reads
 * as such. */
void web_number(double value);

/* Appends a string in quotes, escaped. */
void web_string(const char *text);

/* Appends "name": before a value, and a comma before it unless it is the first of its object. */
void web_key(const char *name);

/* Appends a member of an object. */
void web_member(const char *name, double value);

/* Appends an array of numbers. */
void web_numbers(const double values[], size_t count);

/* Ends a function: makes the message of a failure the text. Returns `status`. */
eg_status web_end(eg_status status, const eg_error *error);

/* ---- options ---- */

/* Creates options of a kind (eg_options_new()) from lines "name=value", with the names and values
 * of the command line. */
eg_status web_options(eg_options **options, const char *kind, const char *lines, eg_error *error);

#endif
