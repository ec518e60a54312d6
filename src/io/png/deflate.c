/* SPDX-License-Identifier: MIT */
/*
 * Deflate by ISA-L or zlib. zlib serves explicit levels; ISA-L, if the build has it, the default:
 * at its level 1 gradient maps of photographs take a quarter of the time of zlib's fastest strategy
 * (Z_RLE, which only finds runs) and 5 % more bytes, edge maps a fifth of the time and 10 % more
 * bytes.
 */
#include "io/png/deflate.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#ifdef EG_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif

#include "core/status.h"

enum { WINDOW_BITS = 15, MEMORY_LEVEL = 8 };

struct eg_deflate {
    eg_context *ctx;
    eg_error failure; /* error of an allocation by zlib */
    z_stream zlib;    /* state is NULL if ISA-L is used */
#ifdef EG_HAVE_ISAL
    struct isal_zstream isal;
    uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
#endif
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

/* ---- ISA-L ---- */

#ifdef EG_HAVE_ISAL
static bool init_isal(eg_deflate *c)
{
    isal_deflate_init(&c->isal);
    c->isal.level = 1;
    c->isal.level_buf = c->tables;
    c->isal.level_buf_size = sizeof c->tables;
    return true;
}

static void reset_isal(eg_deflate *c)
{
    isal_deflate_reset(&c->isal);
}

static bool compress_isal(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
                          eg_packed_block *block)
{
    struct isal_zstream *z = &c->isal;
    z->next_in = (uint8_t *)(uintptr_t)bytes; /* ISA-L does not write to its input */
    z->avail_in = (uint32_t)size;
    z->flush = last ? SYNC_FLUSH : NO_FLUSH;
    do {
        size_t left = block->capacity - block->size;
        if (left == 0)
            return false;
        z->next_out = block->bytes + block->size;
        z->avail_out = clip_to_u32(left);
        uint32_t before = z->avail_out;
        if (isal_deflate(z) != COMP_OK)
            return false;
        block->size += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}
#else
static bool init_isal(eg_deflate *c)
{
    (void)c;
    return false;
}

static void reset_isal(eg_deflate *c)
{
    (void)c;
}

static bool compress_isal(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
                          eg_packed_block *block)
{
    (void)c, (void)bytes, (void)size, (void)last, (void)block;
    return false;
}
#endif

/* ---- zlib ---- */

static void *zlib_alloc(void *opaque, unsigned items, unsigned size)
{
    eg_deflate *c = opaque;
    return eg_alloc(c->ctx, items, size, &c->failure);
}

static void zlib_free(void *opaque, void *memory)
{
    (void)opaque;
    eg_free(memory);
}

/* Uses Z_FILTERED, because it avoids short matches, most of which cost more bits than literals. */
static eg_status init_zlib(eg_deflate *c, int level, eg_error *error)
{
    bool fast = level == EG_DEFLATE_FAST;
    c->zlib = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = c};
    if (deflateInit2(&c->zlib, fast ? 1 : level, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL,
                     fast ? Z_RLE : Z_FILTERED) == Z_OK)
        return EG_OK;
    if (c->failure.status == EG_OK)
        return eg_fail(error, EG_NO_MEMORY, "zlib cannot be initialised");
    return eg_fail(error, c->failure.status, "%s", c->failure.message);
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

/* Bytes of the struct that are zeroed. The tables of ISA-L are not, because it initialises them
 * itself and they are larger than many edge maps. */
#ifdef EG_HAVE_ISAL
static const size_t zeroed = offsetof(eg_deflate, tables);
#else
static const size_t zeroed = sizeof(eg_deflate);
#endif

eg_status eg_deflate_new(eg_deflate **compressor, eg_context *ctx, int level, eg_error *error)
{
    *compressor = NULL;
    eg_deflate *made = eg_alloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    memset(made, 0, zeroed);
    made->ctx = ctx;
    eg_status status = EG_OK;
    if (level != EG_DEFLATE_FAST || !init_isal(made))
        status = init_zlib(made, level, error);
    if (status == EG_OK)
        *compressor = made;
    else
        eg_free(made);
    return status;
}

void eg_deflate_free(eg_deflate *compressor)
{
    if (compressor && compressor->zlib.state)
        deflateEnd(&compressor->zlib);
    eg_free(compressor);
}

void eg_deflate_reset(eg_deflate *compressor)
{
    if (compressor->zlib.state)
        deflateReset(&compressor->zlib);
    else
        reset_isal(compressor);
}

bool eg_deflate_add(eg_deflate *compressor, const uint8_t *bytes, size_t size, bool last,
                    eg_packed_block *block)
{
    const size_t max_bytes = 1 << 30; /* both libraries have 32-bit counters */
    bool ok = true;
    for (; ok && size > max_bytes; size -= max_bytes, bytes += max_bytes)
        ok = compressor->zlib.state ? compress_zlib(compressor, bytes, max_bytes, false, block)
                                    : compress_isal(compressor, bytes, max_bytes, false, block);
    if (!ok)
        return false;
    return compressor->zlib.state ? compress_zlib(compressor, bytes, size, last, block)
                                  : compress_isal(compressor, bytes, size, last, block);
}
