/* SPDX-License-Identifier: MIT */
/*
 * Decodes JPEG, WebP, LERC, CCITT and rarer codecs with libtiff. Out of memory it crashes when it
 * opens a file and, with libjpeg, when it decodes the first block; libwebp does so with any block,
 * and the LERC library throws. Such calls run in a child process or under a guard. Where libtiff
 * goes on without some of its memory, only errno tells, which is therefore always looked at.
 */
#include <errno.h>
#include <string.h>

#include "core/cxx_guard.h"
#include "io/tiff/tiff_read.h"

/* ---- opening --------------------------------------------------------------------------------- */

/* Returns the bytes libtiff allocates for a handle: a block as stored, and the tables of offsets
 * and sizes of the blocks. */
static size_t libtiff_bytes(const eg_tiff_source *reader)
{
    enum { OVERHEAD = 64 * 1024, ENTRY = 16 };
    const eg_tiff_image *image = &reader->image;
    uint64_t stored = eg_random_access_size(reader->access);
    return (image->plane_bytes < stored ? image->plane_bytes : (size_t)stored) +
           image->blocks_across * image->blocks_down * image->plane_count * ENTRY + OVERHEAD;
}

eg_status eg_tiff_foreign_open(const eg_tiff_source *reader, eg_tiff_worker *worker,
                               eg_error *error)
{
    size_t reserve = libtiff_bytes(reader);
    if (!eg_memory_reserve(reader->base.ctx, reserve, error))
        return eg_failed(error);
    worker->reserved = reserve;
    eg_status status =
        eg_tiff_client_open(&worker->client, reader->input, reader->access,
                            reader->directory.offset, reader->options.tolerate, error);
    if (status == EG_OK && reader->image.jpeg_ycbcr)
        TIFFSetField(worker->client.tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    return status;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* A call of libtiff, which decodes a block or a row. */
typedef struct library_call {
    TIFF *tiff;
    bool tiled;
    uint32_t index; /* of the block, or of the row */
    uint16_t plane; /* of the row */
    void *out;
    tmsize_t size; /* of the block */
    bool complete; /* all was decoded */
    bool thrown;   /* an exception came out of it */
    int failure;   /* errno */
    void (*decode)(void *call);
} library_call;

static void decode_block(void *opaque)
{
    library_call *c = opaque;
    c->complete = (c->tiled ? TIFFReadEncodedTile : TIFFReadEncodedStrip)(c->tiff, c->index, c->out,
                                                                          c->size) == c->size;
}

static void decode_row(void *opaque)
{
    library_call *c = opaque;
    c->complete = TIFFReadScanline(c->tiff, c->out, c->index, c->plane) >= 0;
}

static void decode_guarded(void *opaque)
{
    library_call *c = opaque;
    errno = 0;
    c->thrown = !eg_cxx_guard(c->decode, c);
    c->failure = errno;
}

/* Decodes with libtiff, in a child process if a codec may start. Out of memory it and libjpeg crash
 * with the first block, libwebp with any, and it goes on without some of its memory, of which only
 * errno tells. */
static eg_status decode_by_library(const eg_tiff_source *reader, eg_tiff_client *client,
                                   library_call *call, bool starts, const char *what,
                                   eg_error *error)
{
    bool returned = true;
    eg_tiff_client_reset(client);
    if (starts)
        returned = eg_tiff_client_call(client, decode_guarded, call);
    else
        decode_guarded(call);
    client->healthy = client->healthy && returned && !call->thrown;
    if (!client->healthy)
        return eg_input_fail(reader->input, error, EG_NO_MEMORY, "out of memory in libtiff");
    client->proven = true;
    client->healthy = call->failure != ENOMEM;
    errno = call->failure;
    return call->complete && !eg_tiff_client_lacks_memory()
               ? EG_OK
               : eg_tiff_client_fail(client, error, what);
}

eg_status eg_tiff_foreign_block(const eg_tiff_source *reader, eg_tiff_worker *worker,
                                uint32_t index, uint8_t *out, size_t size, const char *what,
                                eg_error *error)
{
    eg_tiff_client *client = &worker->client;
    library_call call = {
        .tiff = client->tiff,
        .tiled = reader->image.tiled,
        .index = index,
        .out = out,
        .size = (tmsize_t)size,
        .decode = decode_block,
    };
    bool starts = !client->proven || reader->image.compression == COMPRESSION_WEBP;
    return decode_by_library(reader, client, &call, starts, what, error);
}

/* A codec starts with the first row of each strip. */
eg_status eg_tiff_foreign_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                              uint32_t plane, uint8_t *out, const char *what, eg_error *error)
{
    library_call call = {
        .tiff = worker->client.tiff,
        .index = (uint32_t)y,
        .plane = (uint16_t)plane,
        .out = out,
        .decode = decode_row,
    };
    bool starts = call.index % reader->image.block_height == 0;
    return decode_by_library(reader, &worker->client, &call, starts, what, error);
}
