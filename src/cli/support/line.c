/* SPDX-License-Identifier: MIT */
/* Lines of limited length. */
#include "cli/support/line.h"

#include <stdbool.h>
#include <stdlib.h>

enum { FIRST_SIZE = 4096 };

/* Makes room for one more byte. Returns false if out of memory. */
static bool make_room(char **text, size_t *size, size_t length)
{
    if (length < *size)
        return true;
    size_t larger = *size ? 2 * *size : FIRST_SIZE;
    char *moved = realloc(*text, larger);
    if (!moved)
        return false;
    *text = moved;
    *size = larger;
    return true;
}

/* The caller has locked the file. */
static line_status read_locked(FILE *file, char **text, size_t *size, size_t most)
{
    size_t length = 0;
    int c = getc_unlocked(file);
    if (c == EOF)
        return ferror(file) ? LINE_FAILED : LINE_NONE;
    for (; c != EOF && c != '\n'; c = getc_unlocked(file)) {
        if (c == 0)
            return LINE_BYTE_0;
        if (length == most)
            return LINE_TOO_LONG;
        if (!make_room(text, size, length))
            return LINE_NO_MEMORY;
        (*text)[length++] = (char)c;
    }
    if (c == EOF && ferror(file))
        return LINE_FAILED;
    if (!make_room(text, size, length))
        return LINE_NO_MEMORY;
    (*text)[length] = '\0';
    return LINE_READ;
}

line_status line_read(FILE *file, char **text, size_t *size, size_t most)
{
    flockfile(file);
    line_status status = read_locked(file, text, size, most);
    funlockfile(file);
    return status;
}
