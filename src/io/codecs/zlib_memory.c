/* SPDX-License-Identifier: MIT */
/* Allocation functions for zlib. */
#include "io/codecs/zlib_memory.h"

#include "core/status.h"

static void *allocate(void *opaque, unsigned items, unsigned size)
{
    eg_zlib_memory *memory = opaque;
    return eg_alloc(memory->ctx, items, size, &memory->failure);
}

static void release(void *opaque, void *bytes)
{
    (void)opaque;
    eg_free(bytes);
}

z_stream eg_zlib_stream(eg_zlib_memory *memory)
{
    return (z_stream){.zalloc = allocate, .zfree = release, .opaque = memory};
}

eg_status eg_zlib_fail(const eg_zlib_memory *memory, eg_error *error)
{
    if (memory->failure.status == EG_OK)
        return eg_fail(error, EG_NO_MEMORY, "out of memory in zlib");
    return eg_fail(error, memory->failure.status, "%s", memory->failure.message);
}
