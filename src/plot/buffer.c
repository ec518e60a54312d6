/* SPDX-License-Identifier: MIT */
/* Collects bytes in a growing block of memory. */
#include <string.h>

#include "core/context.h"
#include "plot/plot.h"

static bool grow_buffer(eg_buffer *buffer, eg_context *ctx, size_t wanted)
{
    size_t larger = buffer->capacity ? buffer->capacity : 8 * 1024;
    while (larger < wanted)
        larger *= 2;
    unsigned char *bytes = eg_alloc(ctx, larger, 1, NULL);
    if (!bytes)
        return false;
    if (buffer->size)
        memcpy(bytes, buffer->bytes, buffer->size);
    eg_free(buffer->bytes);
    buffer->bytes = bytes;
    buffer->capacity = larger;
    return true;
}

bool eg_buffer_append(eg_buffer *buffer, eg_context *ctx, const void *bytes, size_t size)
{
    size_t wanted = buffer->size + size;
    if (buffer->failed || (wanted > buffer->capacity && !grow_buffer(buffer, ctx, wanted))) {
        buffer->failed = true;
        return false;
    }
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size = wanted;
    return true;
}

bool eg_buffer_insert(eg_buffer *buffer, eg_context *ctx, size_t at, const void *bytes, size_t size)
{
    if (!eg_buffer_append(buffer, ctx, bytes, size))
        return false;
    memmove(buffer->bytes + at + size, buffer->bytes + at, buffer->size - size - at);
    memcpy(buffer->bytes + at, bytes, size);
    return true;
}
