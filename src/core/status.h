/* SPDX-License-Identifier: MIT */
/* Recording failures in the caller's eg_error. */
#ifndef EG_CORE_STATUS_H
#define EG_CORE_STATUS_H

#include <stdarg.h>

#include "edgegrad.h"

/* Records status and message (the first failure wins, `error` may be NULL) and returns status,
 * so that a failing function ends in `return eg_fail(...)`. The message is escaped and cut to fit.
 */
eg_status eg_fail(eg_error *error, eg_status status, const char *format, ...) EG_PRINTF(3, 4);
eg_status eg_vfail(eg_error *error, eg_status status, const char *name, const char *format,
                   va_list args) EG_PRINTF(4, 0);

/* The same with "name: " in front. */
eg_status eg_fail_file(eg_error *error, eg_status status, const char *name, const char *format, ...)
    EG_PRINTF(4, 5);

/* Puts "name: " in front of a message about memory or a limit that does not say what it is about.
 */
void eg_name_failure(eg_error *error, const char *name);

/* Copies `text` into `out` (of `size` bytes, always terminated) with control characters, DEL and
 * malformed UTF-8 written as \n, \t, \e or \xNN, so that a file's name cannot drive a terminal. */
void eg_escape(char *out, size_t size, const char *text);

#endif
