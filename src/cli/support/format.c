/* SPDX-License-Identifier: MIT */
/* Formatted texts of any length. */
#include "cli/support/format.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/cli.h"

void format_no_memory(void)
{
    message("out of memory");
    leave(EXIT_LIMIT);
}

void *format_memory(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        format_no_memory();
    return memory;
}

char *format_text(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        format_no_memory();
    return text;
}

FILE *format_stream(char **text)
{
    static size_t size; /* of the last text; nobody needs it */
    FILE *out = open_memstream(text, &size);
    if (!out)
        format_no_memory();
    return out;
}

void format_close(FILE *out, char *const *text)
{
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed || !*text) /* fclose() of glibc hides a lack of memory */
        format_no_memory();
}

void format_discard(FILE *out, char **text)
{
    fclose(out);
    free(*text);
    *text = NULL;
}
