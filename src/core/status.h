/* SPDX-License-Identifier: MIT */
/* Recording errors in the caller's eg_error. */
#ifndef EG_CORE_STATUS_H
#define EG_CORE_STATUS_H

#include <stdarg.h>

#include "edgegrad.h"

/* Records status and message, unless `error` is NULL or already has one, and returns status, so
 * that a failing function ends with `return eg_fail(...)`. The message is escaped and truncated. */
eg_status eg_fail(eg_error *error, eg_status status, const char *format, ...) EG_PRINTF(3, 4);

/* Records an error with a va_list; `name` may be NULL. */
eg_status eg_vfail(eg_error *error, eg_status status, const char *name, const char *format,
                   va_list args) EG_PRINTF(4, 0);

/* Records an error whose message is prefixed with "name: ". */
eg_status eg_fail_file(eg_error *error, eg_status status, const char *name, const char *format, ...)
    EG_PRINTF(4, 5);

/* Returns the status of a system call that failed with the errno value `code`: EG_NO_MEMORY or
 * EG_FILE. */
eg_status eg_errno_status(int code);

/* Prefixes a recorded message about memory or a limit with "name: ", unless it begins with it. */
void eg_name_failure(eg_error *error, const char *name);

/* Copies `text` into `out` (of `size` bytes, always terminated), truncated, with control
 * characters, DEL and malformed UTF-8 written as \n, \t, \r, \e or \xNN, so that a file name cannot
 * control the terminal. */
void eg_escape(char *out, size_t size, const char *text);

#endif
