/* SPDX-License-Identifier: MIT */
/* Memory of zlib's streams, from a context. */
#ifndef EG_IO_CODECS_ZLIB_MEMORY_H
#define EG_IO_CODECS_ZLIB_MEMORY_H

#ifndef ZLIB_CONST
#define ZLIB_CONST
#endif
#include <zlib.h>

#include "core/context.h"

/* The allocator of a stream. It must outlive the stream, at the same address. */
typedef struct eg_zlib_memory {
    eg_context *ctx;
    eg_error failure; /* of the first allocation that failed */
} eg_zlib_memory;

/* Returns a stream that allocates from `memory`, for inflateInit2() or deflateInit2(). */
z_stream eg_zlib_stream(eg_zlib_memory *memory);

/* Records why an allocation of zlib failed, and returns its status. */
eg_status eg_zlib_fail(const eg_zlib_memory *memory, eg_error *error);

#endif
