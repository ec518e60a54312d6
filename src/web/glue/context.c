/* SPDX-License-Identifier: MIT */
/* The context of all parts, memory for JavaScript, and options from text. */
#include "web/glue/web.h"

#include <stdlib.h>
#include <string.h>

eg_context *web_context(eg_error *error)
{
    static eg_context *context;
    eg_config config;
    eg_config_default(&config);
    config.threads = 1;
    if (!context)
        eg_context_new(&context, &config, error);
    return context;
}

/* Allocates memory for text and pixels that JavaScript writes; NULL: out of memory. */
WEB_EXPORT void *web_alloc(size_t bytes)
{
    return malloc(bytes);
}

WEB_EXPORT void web_free(void *memory)
{
    free(memory);
}

/* Returns the version of the library. */
WEB_EXPORT const char *web_version(void)
{
    return eg_version();
}

/* Sets the option of a line of `length` bytes. */
static eg_status set_option(eg_options *options, const char *line, size_t length, eg_error *error)
{
    char copy[256];
    if (length >= sizeof copy)
        length = sizeof copy - 1;
    memcpy(copy, line, length);
    copy[length] = 0;
    char *value = strchr(copy, '=');
    if (!value)
        return EG_OK;
    *value = 0;
    return eg_options_set(options, copy, value + 1, error);
}

eg_status web_options(eg_options **options, const char *kind, const char *lines, eg_error *error)
{
    *options = NULL;
    eg_context *context = web_context(error);
    if (!context)
        return EG_NO_MEMORY;
    eg_status status = eg_options_new(options, context, kind, error);
    while (status == EG_OK && *lines) {
        const size_t length = strcspn(lines, "\n");
        status = set_option(*options, lines, length, error);
        lines += length + (lines[length] == '\n');
    }
    return status;
}
