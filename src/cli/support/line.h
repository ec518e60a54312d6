/* SPDX-License-Identifier: MIT */
/* Reads lines of a text file into memory of limited size: a damaged file may be one line. */
#ifndef CLI_SUPPORT_LINE_H
#define CLI_SUPPORT_LINE_H

#include <stddef.h>
#include <stdio.h>

typedef enum line_status {
    LINE_READ,
    LINE_NONE,     /* the file has ended */
    LINE_TOO_LONG, /* the line has more than `most` bytes */
    LINE_BYTE_0,   /* the line has a byte 0, as no text has */
    LINE_NO_MEMORY,
    LINE_FAILED /* errno says why */
} line_status;

/* Reads a line without its end to *text, which has *size bytes and is enlarged; the caller frees
 * it. The last line may lack its end. Reads no further than `most` bytes or a byte 0. */
line_status line_read(FILE *file, char **text, size_t *size, size_t most);

#endif
