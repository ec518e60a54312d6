/* SPDX-License-Identifier: MIT */
/* The progress line: the last line of standard error, which is overwritten and erased. Functions
 * may be called from several threads. */
#ifndef CLI_SUPPORT_PROGRESS_LINE_H
#define CLI_SUPPORT_PROGRESS_LINE_H

#include <stddef.h>

enum { PROGRESS_BAR = 24, PROGRESS_LINE = 200 }; /* bytes of a bar; of a line with its end */

/* Shows `text`, cut to the width of the terminal, in place of the line shown before. */
void progress_line_show(const char *text);

/* Erases the line if one is shown. message() calls it, so that no message is torn. */
void progress_line_clear(void);

/* Writes a bar such as "######.................." for a share from 0 to 1. */
void progress_bar(char out[PROGRESS_BAR + 1], double share);

/* Writes a duration as "M:SS" or "H:MM:SS", "-:--" if it is NaN. */
void progress_duration(char *out, size_t size, double seconds);

#endif
