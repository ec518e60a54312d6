/* SPDX-License-Identifier: MIT */
/* Formatted texts of any length for reports, which change no file: without memory the process ends
 * with one line and EXIT_LIMIT. */
#ifndef CLI_SUPPORT_FORMAT_H
#define CLI_SUPPORT_FORMAT_H

#include <stdio.h>

#include "edgegrad.h"

/* Returns formatted text, to be freed by the caller. */
char *format_text(const char *format, ...) EG_PRINTF(1, 2);

/* Opens a stream that writes into *text, and closes it; the caller frees the text. */
FILE *format_stream(char **text);
void format_close(FILE *out, char *const *text);

/* Closes a stream after a failure that was reported, and frees its text. */
void format_discard(FILE *out, char **text);

/* Returns zeroed memory for `count` items of `size` bytes, to be freed by the caller. */
void *format_memory(size_t count, size_t size);

/* Ends the process. */
_Noreturn void format_no_memory(void);

#endif
