/* SPDX-License-Identifier: MIT */
/*
 * Raw deflate (RFC 1951) of one strip at a time, each ended on a byte boundary by an empty stored
 * block, so that strips compressed on different threads can be put one behind the other.
 */
#ifndef EG_IO_PNG_DEFLATE_H
#define EG_IO_PNG_DEFLATE_H

#include "core/context.h"
#include "core/stream.h"

/* What one thread at a time needs to compress a strip. */
typedef struct eg_deflate eg_deflate;

/* The level of those who do not ask for one. What ISA-L makes of the same bytes can differ by a few
 * bits from one run to another (seen once in some ten thousand strips); it always inflates to the
 * same. */
enum { EG_DEFLATE_FAST = -1 };

/* `level`: 0 .. 9 as zlib counts, or EG_DEFLATE_FAST. Errors: EG_NO_MEMORY, EG_LIMIT_EXCEEDED. */
eg_status eg_deflate_new(eg_deflate **coder, eg_context *ctx, int level, eg_error *error);
void eg_deflate_free(eg_deflate *coder); /* accepts NULL */

/* Begins the next strip. */
void eg_deflate_reset(eg_deflate *coder);

/* Appends `bytes` to the strip and what is ready of it, all after its `last` bytes, to block->bytes
 * at block->size. False where that has no room, which eg_deflate_bound() of the strip's bytes
 * always has. */
bool eg_deflate_add(eg_deflate *coder, const uint8_t *bytes, size_t size, bool last,
                    eg_packed_block *block);

/* Bytes that `size` may become; SIZE_MAX where that is beyond counting. */
size_t eg_deflate_bound(size_t size);

#endif
