/* SPDX-License-Identifier: MIT */
/* Rows of a PNG: inflating, ahead, and undoing filters. */
#include "io/png/png_decoder.h"

#include <string.h>

#include "core/status.h"
#include "io/png/png_filter.h"
#include "io/png/png_rest.h"

enum {
    BLOCK_BYTES = 128 * 1024, /* smallest size of a block of an image with that many bytes */
    MOST_BYTES = 4 << 20, /* size of a block above which it is one row, and of a row from which on
                           * none is read ahead */
    IGNORED = 4096        /* bytes after the rows that are inflated at a time */
};

/* ---- the producer ---------------------------------------------------------------------------- */

static eg_status need_data(eg_png_decoder *decoder, eg_error *error)
{
    eg_png_span *span = &decoder->span;
    return eg_png_idat_read(&decoder->idat, &span->at, &span->size, &decoder->damage, error);
}

/* Inflates into decoder->span. If that neither takes nor gives a byte, reads more data. */
static eg_status inflate_some(eg_png_decoder *decoder, eg_error *error)
{
    eg_png_span *span = &decoder->span;
    const size_t room = span->room, size = span->size;
    eg_status status = eg_png_inflate_run(decoder->inflate, span, &decoder->damage, error);
    if (status != EG_OK || decoder->damage || span->room < room || span->size < size ||
        eg_png_inflate_ended(decoder->inflate))
        return status;
    status = need_data(decoder, error);
    if (status == EG_OK && !decoder->damage && decoder->idat.ended)
        decoder->damage = "Not enough image data";
    return status;
}

/* Inflates until there is no room. */
static eg_status fill_room(eg_png_decoder *decoder, eg_error *error)
{
    eg_status status = EG_OK;
    while (status == EG_OK && !decoder->damage && decoder->span.room &&
           !eg_png_inflate_ended(decoder->inflate))
        status = inflate_some(decoder, error);
    if (status == EG_OK && !decoder->damage && decoder->span.room)
        decoder->damage = "Not enough image data";
    return status;
}

/* Reads the image data after the rows: the end of the stream with its checksum, and data beyond it,
 * which is ignored up to a limit. */
static eg_status finish_data(eg_png_decoder *decoder, eg_error *error)
{
    const uint64_t before = decoder->idat.taken - decoder->span.size;
    uint8_t ignored[IGNORED];
    eg_status status = EG_OK;
    while (status == EG_OK && !decoder->damage && !decoder->idat.ended) {
        decoder->span.out = ignored;
        decoder->span.room = sizeof ignored;
        status = eg_png_inflate_ended(decoder->inflate) ? need_data(decoder, error)
                                                        : inflate_some(decoder, error);
        if (!decoder->damage &&
            !eg_png_rest_allowed(before, decoder->idat.taken - before, decoder->row_bytes))
            decoder->damage = "more image data than rows";
    }
    return status;
}

static eg_status produce(void *opaque, uint8_t *bytes, size_t capacity, size_t *size,
                         eg_error *error)
{
    eg_png_decoder *decoder = opaque;
    decoder->span.out = bytes;
    decoder->span.room = decoder->bytes_left < capacity ? (size_t)decoder->bytes_left : capacity;
    eg_status status = fill_room(decoder, error);
    *size = (size_t)(decoder->span.out - bytes);
    decoder->bytes_left -= *size;
    if (status == EG_OK && !decoder->damage && decoder->bytes_left == 0)
        status = finish_data(decoder, error);
    if (status == EG_OK && decoder->damage)
        status = eg_fail(error, EG_BAD_INPUT, "%s", decoder->damage);
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Returns the rows of a block: a multiple of those that are unfiltered together, unless the image
 * has fewer or they take too much memory. */
static size_t rows_of_block(size_t filtered_bytes, size_t height)
{
    size_t count =
        (BLOCK_BYTES / filtered_bytes + EG_PNG_TOGETHER) / EG_PNG_TOGETHER * EG_PNG_TOGETHER;
    if (filtered_bytes > MOST_BYTES / EG_PNG_TOGETHER)
        count = 1;
    return count < height ? count : height;
}

eg_status eg_png_decoder_begin(eg_png_decoder *decoder, eg_context *ctx, size_t width,
                               size_t height, size_t pixel_bytes, eg_error *error)
{
    decoder->ctx = ctx;
    decoder->step = pixel_bytes;
    decoder->row_bytes = width * pixel_bytes;
    decoder->left = height;
    decoder->bytes_left = (uint64_t)height * (1 + decoder->row_bytes);
    decoder->stride = (decoder->row_bytes + EG_PNG_SLACK + 63) / 64 * 64;
    const size_t count = rows_of_block(1 + decoder->row_bytes, height);
    const bool threaded =
        decoder->row_bytes < MOST_BYTES && eg_thread_count_for(ctx, width * height) > 1;
    eg_status status = eg_png_inflate_new(&decoder->inflate, ctx, error);
    if (status == EG_OK)
        status = eg_read_ahead_new(&decoder->ahead, ctx, count * (1 + decoder->row_bytes),
                                   EG_PNG_SLACK, threaded, decoder, produce, error);
    if (status != EG_OK)
        return status;
    decoder->block = eg_alloc(ctx, 1 + count, decoder->stride, error);
    if (!decoder->block)
        return eg_failed(error);
    memset(decoder->block, 0, decoder->stride);
    return EG_OK;
}

void eg_png_decoder_free(eg_png_decoder *decoder)
{
    eg_read_ahead_free(decoder->ahead);
    eg_png_inflate_free(decoder->inflate);
    eg_free(decoder->block);
}

/* Returns how many of the filtered rows come before one with an unknown filter. */
static size_t count_known(const uint8_t *filtered, size_t stride, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (filtered[i * stride] > EG_PNG_PAETH)
            return i;
    return count;
}

/* Takes the next block and undoes the filters of its rows. */
static eg_status next_block(eg_png_decoder *decoder, eg_error *error)
{
    const size_t filtered_bytes = 1 + decoder->row_bytes;
    uint8_t *filtered;
    size_t size;
    eg_status status = eg_read_ahead_next(decoder->ahead, &filtered, &size, error);
    if (status != EG_OK || size == 0)
        return status;
    if (decoder->ready)
        memcpy(decoder->block, decoder->block + decoder->ready * decoder->stride,
               decoder->row_bytes);
    const size_t count = size / filtered_bytes;
    decoder->ready = count_known(filtered, filtered_bytes, count);
    decoder->unknown_filter = decoder->ready < count;
    decoder->next = 0;
    const eg_png_batch batch = {
        .out = decoder->block + decoder->stride,
        .in = filtered,
        .out_stride = decoder->stride,
        .in_stride = filtered_bytes,
        .bytes = decoder->row_bytes,
        .step = decoder->step,
    };
    eg_png_unfilter(decoder->ctx, &batch, decoder->ready);
    return EG_OK;
}

/* Takes the block with the next row, or what follows the last one. */
static eg_status need_block(eg_png_decoder *decoder, const char **damage, eg_error *error)
{
    eg_error local = {0};
    eg_status status = next_block(decoder, &local);
    if (status == EG_OK)
        return EG_OK;
    *damage = decoder->damage;
    return decoder->damage ? EG_OK : eg_fail(error, status, "%s", local.message);
}

eg_status eg_png_decoder_next(eg_png_decoder *decoder, const uint8_t **row, const char **damage,
                              eg_error *error)
{
    eg_status status = EG_OK;
    *damage = NULL;
    while (status == EG_OK && !*damage && decoder->next == decoder->ready) {
        if (decoder->unknown_filter)
            *damage = "bad adaptive filter value";
        else
            status = need_block(decoder, damage, error);
    }
    if (status != EG_OK || *damage)
        return status;
    *row = decoder->block + ++decoder->next * decoder->stride;
    decoder->left--;
    return decoder->left ? EG_OK : need_block(decoder, damage, error);
}
