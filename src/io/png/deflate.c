/* SPDX-License-Identifier: MIT */
/*
 * Deflate by ISA-L or zlib. zlib serves explicit levels; ISA-L, if the build has it, the default:
 * at its level 1 gradient maps of photographs take a quarter of the time of zlib's fastest strategy
 * (Z_RLE, which only finds runs) and 5 % more bytes, edge maps a fifth of the time and 10 % more
 * bytes.
 */
#include "io/png/deflate.h"

#include <stdint.h>

#include "core/status.h"
#include "io/codecs/isal_deflate.h"
#include "io/codecs/zlib_memory.h"

enum { WINDOW_BITS = 15, MEMORY_LEVEL = 8 };

struct eg_deflate {
    eg_zlib_memory memory;
    z_stream zlib; /* state is NULL if ISA-L is used */
    eg_isal_deflate *isal;
};

size_t eg_deflate_bound(size_t size)
{
    /* In the worst case every byte becomes a literal of 9 bits (RFC 1951, 3.2.6); size / 256 + 512
     * covers the block headers, one for every 16383 symbols, and the flush. */
    size_t bound;
    if (__builtin_add_overflow(size, size / 8 + size / 256 + 512, &bound))
        return SIZE_MAX;
    return bound;
}

/* Returns `size`, clipped to 32 bits. */
static uint32_t clip_to_u32(size_t size)
{
    return (uint32_t)(size < UINT32_MAX ? size : UINT32_MAX);
}

/* ---- zlib ---- */

/* Uses Z_FILTERED, because it avoids short matches, most of which cost more bits than literals. */
static eg_status init_zlib(eg_deflate *c, int level, eg_error *error)
{
    bool fast = level == EG_DEFLATE_FAST;
    c->zlib = eg_zlib_stream(&c->memory);
    if (deflateInit2(&c->zlib, fast ? 1 : level, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL,
                     fast ? Z_RLE : Z_FILTERED) == Z_OK)
        return EG_OK;
    return eg_zlib_fail(&c->memory, error);
}

static bool compress_zlib(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
                          eg_packed_block *block)
{
    z_stream *z = &c->zlib;
    z->next_in = bytes;
    z->avail_in = (uInt)size;
    do {
        z->next_out = block->bytes + block->size;
        z->avail_out = clip_to_u32(block->capacity - block->size);
        uInt before = z->avail_out;
        if (deflate(z, last ? Z_SYNC_FLUSH : Z_NO_FLUSH) != Z_OK)
            return false;
        block->size += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}

/* ---- common interface ---- */

eg_status eg_deflate_new(eg_deflate **compressor, eg_context *ctx, int level, eg_error *error)
{
    *compressor = NULL;
    eg_deflate *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->memory.ctx = ctx;
    eg_status status =
        level == EG_DEFLATE_FAST ? eg_isal_deflate_new(&made->isal, ctx, error) : EG_OK;
    if (status == EG_OK && !made->isal)
        status = init_zlib(made, level, error);
    if (status == EG_OK)
        *compressor = made;
    else
        eg_free(made);
    return status;
}

void eg_deflate_free(eg_deflate *compressor)
{
    if (!compressor)
        return;
    if (compressor->zlib.state)
        deflateEnd(&compressor->zlib);
    eg_isal_deflate_free(compressor->isal);
    eg_free(compressor);
}

void eg_deflate_reset(eg_deflate *compressor)
{
    if (compressor->isal)
        eg_isal_deflate_reset(compressor->isal);
    else
        deflateReset(&compressor->zlib);
}

bool eg_deflate_add(eg_deflate *compressor, const uint8_t *bytes, size_t size, bool last,
                    eg_packed_block *block)
{
    const size_t max_bytes = 1 << 30; /* zlib has 32-bit counters */
    bool ok = true;
    if (compressor->isal)
        return eg_isal_deflate_add(compressor->isal, bytes, size,
                                   last ? EG_ISAL_FLUSH : EG_ISAL_MORE, block->bytes,
                                   block->capacity, &block->size);
    for (; ok && size > max_bytes; size -= max_bytes, bytes += max_bytes)
        ok = compress_zlib(compressor, bytes, max_bytes, false, block);
    return ok && compress_zlib(compressor, bytes, size, last, block);
}
