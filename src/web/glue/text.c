/* SPDX-License-Identifier: MIT */
/* The text of a result: JSON, or the message of a failure. */
#include "web/glue/web.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text, and its memory, which grows and is kept. `failed`: the memory did not suffice. */
static struct {
    char *data;
    size_t size, capacity;
    bool failed;
} text;

static bool reserve(size_t more)
{
    size_t capacity = text.capacity ? text.capacity : 1024;
    while (capacity - text.size <= more)
        capacity *= 2;
    if (capacity == text.capacity)
        return true;
    char *data = realloc(text.data, capacity);
    if (!data) {
        text.failed = true;
        return false;
    }
    text.data = data;
    text.capacity = capacity;
    return true;
}

/* Returns the text, terminated. */
WEB_EXPORT const char *web_text(void)
{
    return text.data ? text.data : "";
}

/* Returns the bytes of the text. */
WEB_EXPORT size_t web_text_size(void)
{
    return text.size;
}

void web_begin(void)
{
    text.size = 0;
    text.failed = false;
    if (text.data)
        text.data[0] = 0;
}

void web_no_memory(void)
{
    text.failed = true;
}

void web_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !reserve((size_t)length))
        return;
    va_start(args, format);
    vsnprintf(text.data + text.size, (size_t)length + 1, format, args);
    va_end(args);
    text.size += (size_t)length;
}

void web_number(double value)
{
    if (isnan(value))
        web_print("null");
    else if (isinf(value))
        web_print(value < 0 ? "-1e999" : "1e999");
    else
        web_print("%.17g", value);
}

void web_string(const char *string)
{
    web_print("\"");
    for (const char *at = string; *at;) {
        const size_t plain = strcspn(at, "\"\\\n\r\t");
        web_print("%.*s", (int)plain, at);
        at += plain;
        if (*at)
            web_print("\\u%04x", (unsigned)(unsigned char)*at++);
    }
    web_print("\"");
}

void web_key(const char *name)
{
    const bool first = !text.size || text.data[text.size - 1] == '{';
    web_print("%s\"%s\":", first ? "" : ",", name);
}

void web_member(const char *name, double value)
{
    web_key(name);
    web_number(value);
}

void web_numbers(const double values[], size_t count)
{
    web_print("[");
    for (size_t i = 0; i < count; i++) {
        web_print(i ? "," : "");
        web_number(values[i]);
    }
    web_print("]");
}

eg_status web_end(eg_status status, const eg_error *error)
{
    if (status == EG_OK && !text.failed)
        return EG_OK;
    web_begin();
    if (status == EG_OK)
        web_print("out of memory");
    else
        web_print("%s", error->message);
    return status == EG_OK ? EG_NO_MEMORY : status;
}
