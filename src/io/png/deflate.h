/* SPDX-License-Identifier: MIT */
/*
 * Raw deflate (RFC 1951) of strips. Each ends on a byte boundary with an empty stored block, so
 * that strips compressed on different threads can be concatenated.
 */
#ifndef EG_IO_PNG_DEFLATE_H
#define EG_IO_PNG_DEFLATE_H

#include "core/context.h"
#include "core/stream.h"

/* A compressor, used by one thread at a time. */
typedef struct eg_deflate eg_deflate;

/* Default level: ISA-L's level 1 if the build has it, else zlib's fastest strategy (Z_RLE). At
 * every level the bytes depend only on the strip. */
enum { EG_DEFLATE_FAST = -1 };

/* Creates a compressor. `level` is zlib's 0 .. 9, or EG_DEFLATE_FAST. Errors: EG_NO_MEMORY,
 * EG_LIMIT_EXCEEDED. */
eg_status eg_deflate_new(eg_deflate **compressor, eg_context *ctx, int level, eg_error *error);
void eg_deflate_free(eg_deflate *compressor); /* accepts NULL */

/* Starts the next strip. */
void eg_deflate_reset(eg_deflate *compressor);

/* Compresses the next `bytes` of the strip and appends output to block->bytes, increasing
 * block->size; with `last` the strip is complete. Returns false if block->capacity is too small;
 * eg_deflate_bound() of the strip's size is always enough. */
bool eg_deflate_add(eg_deflate *compressor, const uint8_t *bytes, size_t size, bool last,
                    eg_packed_block *block);

/* Returns the largest compressed size of `size` bytes; SIZE_MAX if that overflows. */
size_t eg_deflate_bound(size_t size);

#endif
