/* SPDX-License-Identifier: MIT */
/* Compresses with ISA-L, each stream from its first byte on by the same steps. */
#include "io/codecs/isal_deflate.h"

#ifdef EG_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#include <stddef.h>
#include <string.h>

#include "core/status.h"

enum {
    MAX_BYTES = 1 << 30, /* input of a call of ISA-L, which has 32-bit counters */
    STORED_BYTES = 6,    /* a stored block of one byte */
    HEADER_BYTES = 2,    /* zlib's format */
    CHECK_BYTES = 4
};

struct eg_isal_deflate {
    bool begun; /* the first byte has been stored */
    struct isal_zstream stream;
    uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
};

bool eg_isal_available(void)
{
    return true;
}

/* The tables are not zeroed, because ISA-L initialises them and they are larger than many edge
 * maps. */
eg_status eg_isal_deflate_new(eg_isal_deflate **compressor, eg_context *ctx, eg_error *error)
{
    eg_isal_deflate *made = eg_alloc(ctx, 1, sizeof *made, error);
    *compressor = made;
    if (!made)
        return eg_failed(error);
    memset(made, 0, offsetof(eg_isal_deflate, tables));
    isal_deflate_init(&made->stream);
    made->stream.level = 1;
    made->stream.level_buf = made->tables;
    made->stream.level_buf_size = sizeof made->tables;
    return EG_OK;
}

void eg_isal_deflate_free(eg_isal_deflate *compressor)
{
    eg_free(compressor);
}

void eg_isal_deflate_reset(eg_isal_deflate *compressor)
{
    compressor->begun = false;
    compressor->stream.end_of_stream = 0;
    isal_deflate_reset(&compressor->stream);
}

/* Appends the first byte as a stored block, and makes it the dictionary. */
static bool begin_stream(eg_isal_deflate *d, const uint8_t *byte, uint8_t *out, size_t capacity,
                         size_t *used)
{
    const uint8_t block[STORED_BYTES] = {0, 1, 0, 0xFE, 0xFF, *byte}; /* RFC 1951, 3.2.4 */
    uint8_t dictionary = *byte; /* a copy, because ISA-L takes no pointer to const */
    if (capacity - *used < sizeof block ||
        isal_deflate_set_dict(&d->stream, &dictionary, 1) != COMP_OK)
        return false;
    memcpy(out + *used, block, sizeof block);
    *used += sizeof block;
    d->begun = true;
    return true;
}

/* Compresses up to MAX_BYTES. */
static bool compress_piece(struct isal_zstream *z, const uint8_t *bytes, size_t size,
                           eg_isal_end end, uint8_t *out, size_t capacity, size_t *used)
{
    memcpy(&z->next_in, &bytes, sizeof bytes); /* no const, but ISA-L does not write to its input */
    z->avail_in = (uint32_t)size;
    z->flush = end == EG_ISAL_FLUSH ? SYNC_FLUSH : NO_FLUSH;
    z->end_of_stream = end == EG_ISAL_END;
    do {
        const size_t left = capacity - *used;
        if (left == 0)
            return false;
        z->next_out = out + *used;
        z->avail_out = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
        const uint32_t before = z->avail_out;
        if (isal_deflate(z) != COMP_OK)
            return false;
        *used += before - z->avail_out;
    } while (z->avail_in > 0 || z->avail_out == 0);
    return true;
}

bool eg_isal_deflate_add(eg_isal_deflate *d, const uint8_t *bytes, size_t size, eg_isal_end end,
                         uint8_t *out, size_t capacity, size_t *used)
{
    bool ok = true;
    if (!d->begun && size > 0) {
        ok = begin_stream(d, bytes++, out, capacity, used);
        size--;
    }
    for (; ok && size > MAX_BYTES; size -= MAX_BYTES, bytes += MAX_BYTES)
        ok = compress_piece(&d->stream, bytes, MAX_BYTES, EG_ISAL_MORE, out, capacity, used);
    return ok && compress_piece(&d->stream, bytes, size, end, out, capacity, used);
}

uint32_t eg_adler32(uint32_t check, const uint8_t *bytes, size_t size)
{
    return isal_adler32(check, bytes, size);
}

size_t eg_isal_deflate_zlib(eg_isal_deflate *d, const uint8_t *bytes, size_t size, uint8_t *out,
                            size_t capacity)
{
    size_t used = HEADER_BYTES;
    if (capacity < HEADER_BYTES + CHECK_BYTES)
        return 0;
    out[0] = 0x78; /* deflate, 32 KB window */
    out[1] = 0x01; /* fastest */
    eg_isal_deflate_reset(d);
    if (!eg_isal_deflate_add(d, bytes, size, EG_ISAL_END, out, capacity - CHECK_BYTES, &used))
        return 0;
    const uint32_t check = eg_adler32(1, bytes, size);
    for (int i = 0; i < CHECK_BYTES; i++)
        out[used++] = (uint8_t)(check >> (24 - 8 * i));
    return used;
}
#else
#include <zlib.h>

bool eg_isal_available(void)
{
    return false;
}

eg_status eg_isal_deflate_new(eg_isal_deflate **compressor, eg_context *ctx, eg_error *error)
{
    (void)ctx, (void)error;
    *compressor = NULL;
    return EG_OK;
}

void eg_isal_deflate_free(eg_isal_deflate *compressor)
{
    (void)compressor;
}

void eg_isal_deflate_reset(eg_isal_deflate *compressor)
{
    (void)compressor;
}

bool eg_isal_deflate_add(eg_isal_deflate *compressor, const uint8_t *bytes, size_t size,
                         eg_isal_end end, uint8_t *out, size_t capacity, size_t *used)
{
    (void)compressor, (void)bytes, (void)size, (void)end, (void)out, (void)capacity, (void)used;
    return false;
}

size_t eg_isal_deflate_zlib(eg_isal_deflate *compressor, const uint8_t *bytes, size_t size,
                            uint8_t *out, size_t capacity)
{
    (void)compressor, (void)bytes, (void)size, (void)out, (void)capacity;
    return 0;
}

uint32_t eg_adler32(uint32_t check, const uint8_t *bytes, size_t size)
{
    return (uint32_t)adler32_z(check, bytes, size);
}
#endif
