/* SPDX-License-Identifier: MIT */
/* Writes answers: JSON by the functions of text.c, and numbers in an array that grows. */
#include "web/glue/reply.h"

#include <stdio.h>
#include <stdlib.h>

static struct {
    bool filled; /* the innermost object or array has a member */
    double *numbers;
    size_t count, capacity;
} reply;

void reply_begin(void)
{
    reply.count = 0;
    reply.filled = false;
    web_begin();
    reply_open(NULL, '{');
}

eg_status reply_end(void)
{
    const eg_error none = {.status = EG_OK};
    reply_close('}');
    return web_end(EG_OK, &none);
}

eg_status reply_error(const eg_error *error, const char *field, const eg_expr_location *location)
{
    reply_begin();
    reply_open("error", '{');
    reply_text("message", error->message[0] ? error->message : "out of memory");
    if (field)
        reply_text("field", field);
    reply_count("offset", location ? location->offset : 0);
    reply_count("length", location ? location->length : 0);
    reply_close('}');
    reply_end();
    return error->status == EG_OK ? EG_NO_MEMORY : error->status;
}

/* Writes the comma before a member, and its key. */
static void put_key(const char *key)
{
    if (reply.filled)
        web_print(",");
    reply.filled = true;
    if (key)
        web_print("\"%s\":", key);
}

void reply_open(const char *key, char bracket)
{
    put_key(key);
    web_print("%c", bracket);
    reply.filled = false;
}

void reply_close(char bracket)
{
    web_print("%c", bracket);
    reply.filled = true;
}

void reply_text(const char *key, const char *value)
{
    put_key(key);
    web_string(value);
}

void reply_number(const char *key, double value)
{
    put_key(key);
    web_number(value);
}

void reply_count(const char *key, size_t value)
{
    put_key(key);
    web_print("%zu", value);
}

void reply_bool(const char *key, bool value)
{
    put_key(key);
    web_print(value ? "true" : "false");
}

/* ---- numbers ---- */

eg_status reply_no_memory(eg_error *error)
{
    snprintf(error->message, sizeof error->message, "out of memory");
    return error->status = EG_NO_MEMORY;
}

double *reply_numbers(size_t count, eg_error *error)
{
    if (count > reply.capacity - reply.count) {
        size_t wanted = 2 * reply.capacity;
        if (wanted < reply.count + count)
            wanted = reply.count + count;
        double *larger = realloc(reply.numbers, wanted * sizeof *larger);
        if (!larger) {
            reply_no_memory(error);
            return NULL;
        }
        reply.numbers = larger;
        reply.capacity = wanted;
    }
    reply.count += count;
    return reply.numbers + reply.count - count;
}

const double *reply_numbers_start(void)
{
    return reply.numbers;
}

/* Returns the numbers of the last answer. */
WEB_EXPORT const double *functions_numbers(void)
{
    return reply.numbers;
}

/* Returns how many they are. */
WEB_EXPORT size_t functions_count(void)
{
    return reply.count;
}
