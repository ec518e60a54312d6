/* SPDX-License-Identifier: MIT */
/*
 * Two libraries behind one door. Those who ask for a level get zlib's. Those who do not get ISA-L
 * where the build has it: at its level 1 a map of photographs takes a quarter of the time of zlib's
 * fastest way (Z_RLE, which looks for runs only) and 5 % more bytes, edges a fifth of the time and
 * 10 % more.
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
    eg_error failure; /* of an allocation for zlib */
    z_stream zlib;    /* without state: ISA-L is used */
#ifdef EG_HAVE_ISAL
    struct isal_zstream isal;
    uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
#endif
};

size_t eg_deflate_bound(size_t size)
{
    /* At worst every byte becomes a literal of 9 bits (RFC 1951, 3.2.6); the rest is for the
     * headers of blocks, of which there is one every 16383 symbols, and for the flush. */
    size_t bound;
    if (__builtin_add_overflow(size, size / 8 + size / 256 + 512, &bound))
        return SIZE_MAX;
    return bound;
}

/* How much of `room` a library that counts in 32 bits can be told of. */
static uint32_t at_most(size_t room)
{
    return (uint32_t)(room < UINT32_MAX ? room : UINT32_MAX);
}

/* ---- ISA-L ---- */

#ifdef EG_HAVE_ISAL
static bool begin_isal(eg_deflate *c)
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

static bool add_isal(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
                     eg_packed_block *block)
{
    struct isal_zstream *z = &c->isal;
    z->next_in = (uint8_t *)(uintptr_t)bytes; /* it is not written to */
    z->avail_in = (uint32_t)size;
    z->flush = last ? SYNC_FLUSH : NO_FLUSH;
    do {
        size_t room = block->capacity - block->size;
        if (room == 0)
            return false;
        z->next_out = block->bytes + block->size;
        z->avail_out = at_most(room);
        uint32_t before = z->avail_out;
        if (isal_deflate(z) != COMP_OK)
            return false;
        block->size += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}
#else
static bool begin_isal(eg_deflate *c)
{
    (void)c;
    return false;
}

static void reset_isal(eg_deflate *c)
{
    (void)c;
}

static bool add_isal(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
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

/* Z_FILTERED keeps the search from short matches, most of which cost more bits than the literals
 * would. */
static eg_status begin_zlib(eg_deflate *c, int level, eg_error *error)
{
    bool fast = level == EG_DEFLATE_FAST;
    c->zlib = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = c};
    if (deflateInit2(&c->zlib, fast ? 1 : level, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL,
                     fast ? Z_RLE : Z_FILTERED) == Z_OK)
        return EG_OK;
    if (c->failure.status == EG_OK)
        return eg_fail(error, EG_NO_MEMORY, "zlib could not be set up");
    return eg_fail(error, c->failure.status, "%s", c->failure.message);
}

static bool add_zlib(eg_deflate *c, const uint8_t *bytes, size_t size, bool last,
                     eg_packed_block *block)
{
    z_stream *z = &c->zlib;
    z->next_in = bytes;
    z->avail_in = (uInt)size;
    do {
        z->next_out = block->bytes + block->size;
        z->avail_out = at_most(block->capacity - block->size);
        uInt before = z->avail_out;
        if (deflate(z, last ? Z_SYNC_FLUSH : Z_NO_FLUSH) != Z_OK)
            return false;
        block->size += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}

/* ---- either ---- */

/* ISA-L clears what it needs of its tables, which are larger than many a picture of edges. */
#ifdef EG_HAVE_ISAL
static const size_t zeroed = offsetof(eg_deflate, tables);
#else
static const size_t zeroed = sizeof(eg_deflate);
#endif

eg_status eg_deflate_new(eg_deflate **coder, eg_context *ctx, int level, eg_error *error)
{
    *coder = NULL;
    eg_deflate *made = eg_alloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    memset(made, 0, zeroed);
    made->ctx = ctx;
    eg_status status = EG_OK;
    if (level != EG_DEFLATE_FAST || !begin_isal(made))
        status = begin_zlib(made, level, error);
    if (status == EG_OK)
        *coder = made;
    else
        eg_free(made);
    return status;
}

void eg_deflate_free(eg_deflate *coder)
{
    if (coder && coder->zlib.state)
        deflateEnd(&coder->zlib);
    eg_free(coder);
}

void eg_deflate_reset(eg_deflate *coder)
{
    if (coder->zlib.state)
        deflateReset(&coder->zlib);
    else
        reset_isal(coder);
}

bool eg_deflate_add(eg_deflate *coder, const uint8_t *bytes, size_t size, bool last,
                    eg_packed_block *block)
{
    const size_t most = 1 << 30; /* both libraries count in 32 bits */
    bool added = true;
    for (; added && size > most; size -= most, bytes += most)
        added = coder->zlib.state ? add_zlib(coder, bytes, most, false, block)
                                  : add_isal(coder, bytes, most, false, block);
    if (!added)
        return false;
    return coder->zlib.state ? add_zlib(coder, bytes, size, last, block)
                             : add_isal(coder, bytes, size, last, block);
}
