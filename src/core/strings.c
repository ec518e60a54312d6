/* SPDX-License-Identifier: MIT */
/* Appends to a text that grows. */
#include "core/strings.h"

#include <stdio.h>
#include <string.h>

#include "core/context.h"

void eg_string_free(eg_string *text)
{
    eg_free(text->bytes.items);
    text->bytes = (eg_growing){0};
}

void eg_string_add_bytes(eg_string *text, const char *part, size_t length)
{
    if (text->status == EG_OK)
        text->status = eg_growing_reserve(&text->bytes, text->ctx, length, 1, text->error);
    if (text->status != EG_OK || length == 0)
        return;
    memcpy((char *)text->bytes.items + text->bytes.count, part, length);
    text->bytes.count += length;
}

void eg_string_add(eg_string *text, const char *part)
{
    eg_string_add_bytes(text, part, strlen(part));
}

void eg_string_add_number(eg_string *text, unsigned number)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%u", number);
    eg_string_add(text, digits);
}
