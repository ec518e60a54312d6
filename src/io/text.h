/* SPDX-License-Identifier: MIT */
/* Comparison of names and texts without regard to case. */
#ifndef EG_IO_TEXT_H
#define EG_IO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Returns true if the first `length` bytes of `text` end with `tail`, in any case. */
static inline bool eg_ends_with(const char *text, size_t length, const char *tail)
{
    const size_t bytes = strlen(tail);
    return length >= bytes && strncasecmp(text + length - bytes, tail, bytes) == 0;
}

/* Returns true if the comma-separated `list` contains `word`, ignoring case. */
static inline bool eg_list_contains(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list != '\0') {
        size_t item = strcspn(list, ",");
        if (item == length && strncasecmp(list, word, length) == 0)
            return true;
        list += item;
        list += *list == ',';
    }
    return false;
}

#endif
