/* SPDX-License-Identifier: MIT */
/* Finds blocks in the file and decodes them without libtiff. */
#include <string.h>

#include "io/tiff/tiff_read.h"

enum {
    STREAM_BYTES =
        64 * 1024,    /* bytes of a strip read at a time, if its rows are decoded in order */
    SLACK = 64 * 1024 /* stored bytes of a block beyond twice its size that are read */
};

/* ---- tables of blocks ------------------------------------------------------------------------ */

/* Returns the table of the tag of tiles or of strips, as some writers confuse them. */
static const eg_tiff_field *find_table(const eg_tiff_source *reader, unsigned tiles,
                                       unsigned strips)
{
    const bool tiled = reader->image.tiled;
    const eg_tiff_field *field = eg_tiff_find(&reader->directory, tiled ? tiles : strips);
    return field ? field : eg_tiff_find(&reader->directory, tiled ? strips : tiles);
}

/* Reads the numbers of the blocks near number `index` into the table. */
static eg_status read_table(const eg_tiff_source *reader, eg_tiff_table *table,
                            const eg_tiff_field *field, uint64_t index, eg_error *error)
{
    enum { NUMBERS = sizeof table->numbers / sizeof *table->numbers };
    uint8_t bytes[sizeof table->numbers];
    const size_t width = eg_tiff_type_bytes(field->type);
    const uint64_t first = index - index % NUMBERS;
    const size_t count = field->count - first < NUMBERS ? (size_t)(field->count - first) : NUMBERS;
    uint64_t at = first * width;
    size_t got;
    if (__builtin_add_overflow(at, field->at, &at))
        at = UINT64_MAX;
    eg_status status = eg_random_access_read(reader->access, at, bytes, count * width, &got, error);
    if (status != EG_OK)
        return status;
    if (got / width <= index - first)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "truncated: the table of block offsets is incomplete");
    table->first = first;
    table->count = got / width;
    for (size_t i = 0; i < table->count; i++)
        table->numbers[i] = eg_tiff_integer(&reader->directory, bytes + i * width, width);
    return EG_OK;
}

/* Looks up block `index` in the table of the field. */
static eg_status look_up(const eg_tiff_source *reader, eg_tiff_table *table,
                         const eg_tiff_field *field, uint64_t index, uint64_t *number,
                         eg_error *error)
{
    if (index < table->first || index - table->first >= table->count) {
        const unsigned type = field->type;
        const bool integers =
            type == TIFF_SHORT || type == TIFF_LONG || type == TIFF_LONG8 || type == TIFF_IFD8;
        if (!integers || index >= field->count)
            return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                                 "the table of block offsets is damaged");
        table->count = 0;
        eg_status status = read_table(reader, table, field, index, error);
        if (status != EG_OK)
            return status;
    }
    *number = table->numbers[index - table->first];
    return EG_OK;
}

eg_status eg_tiff_block_find(const eg_tiff_source *reader, eg_tiff_worker *worker, uint32_t index,
                             bool *present, uint64_t *offset, uint64_t *size, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const eg_tiff_field *offsets = find_table(reader, TIFFTAG_TILEOFFSETS, TIFFTAG_STRIPOFFSETS);
    const eg_tiff_field *sizes =
        find_table(reader, TIFFTAG_TILEBYTECOUNTS, TIFFTAG_STRIPBYTECOUNTS);
    *offset = *size = 0;
    *present = false;
    if (!offsets)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "the TIFF directory is damaged: the tag of block offsets is missing");
    eg_status status = look_up(reader, &worker->offsets, offsets, index, offset, error);
    if (status == EG_OK && sizes)
        status = look_up(reader, &worker->sizes, sizes, index, size, error);
    *present = *offset != 0 || *size != 0;
    /* a single strip without compression is as long as its rows, whatever the file says */
    if (image->compression == COMPRESSION_NONE && !image->tiled && image->blocks_down == 1)
        *size = 0;
    return status;
}

/* ---- bytes as stored ------------------------------------------------------------------------- */

static void reverse_bits(uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned b = bytes[i];
        b = (b & 0x0F) << 4 | b >> 4;
        b = (b & 0x33) << 2 | (b >> 2 & 0x33);
        bytes[i] = (uint8_t)((b & 0x55) << 1 | (b >> 1 & 0x55));
    }
}

/* Makes room for `size` bytes of a block as stored. */
static eg_status reserve_stored(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t size,
                                eg_error *error)
{
    if (size <= worker->stored_capacity)
        return EG_OK;
    eg_free(worker->stored);
    worker->stored_capacity = 0;
    worker->stored = eg_alloc(reader->base.ctx, size, 1, error);
    if (!worker->stored)
        return eg_failed(error);
    worker->stored_capacity = size;
    return EG_OK;
}

/* Clips the stored size of a block to the file, and to what `wanted` bytes can need. */
static size_t clip_stored(const eg_tiff_source *reader, uint64_t offset, uint64_t stored,
                          size_t wanted)
{
    const uint64_t end = eg_random_access_size(reader->access);
    const uint64_t left = offset < end ? end - offset : 0, most = 2 * (uint64_t)wanted + SLACK;
    if (stored == 0 || stored > left)
        stored = left;
    return (size_t)(stored < most ? stored : most);
}

/* Reports why a block could not be decoded; `ends`: the file ends before the block. */
static eg_status fail_block(const eg_tiff_source *reader, const eg_error *reason, bool ends,
                            const char *what, eg_error *error)
{
    if (reason->status != EG_BAD_INPUT)
        return eg_fail(error, reason->status, "%s", reason->message);
    if (ends)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT, "truncated: %s is incomplete",
                             what);
    return eg_input_fail(reader->input, error, EG_BAD_INPUT, "%s is damaged: %s", what,
                         reason->message);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Undoes the predictor and the byte order of rows. */
static void restore_rows(const eg_tiff_source *reader, eg_tiff_worker *worker, uint8_t *rows,
                         size_t size)
{
    const eg_tiff_image *image = &reader->image;
    const bool swapped = reader->directory.swapped;
    const unsigned bits = image->bits_per_sample;
    if (image->predictor.number > PREDICTOR_NONE)
        for (size_t at = 0; at + image->row_bytes <= size; at += image->row_bytes)
            eg_predictor_decode(&image->predictor, rows + at, swapped, worker->scratch);
    else if (swapped && (bits == 16 || bits == 24 || bits == 32 || bits == 64))
        eg_swap_bytes(rows, bits / 8, size / (bits / 8));
}

static eg_status decode_bytes(const eg_tiff_source *reader, eg_tiff_worker *worker, uint64_t offset,
                              size_t stored, uint8_t *out, size_t size, eg_error *error)
{
    const bool plain = reader->image.codec == EG_CODEC_NONE;
    size_t got = 0;
    eg_status status = plain ? EG_OK : reserve_stored(reader, worker, stored, error);
    if (status != EG_OK)
        return status;
    if (plain && stored > size)
        stored = size;
    uint8_t *bytes = plain ? out : worker->stored;
    status = eg_random_access_read(reader->access, offset, bytes, stored, &got, error);
    if (status != EG_OK)
        return status;
    if (reader->image.reversed)
        reverse_bits(bytes, got);
    if (!plain)
        return eg_decoder_run(worker->decoder, bytes, got, out, size, error);
    return got == size ? EG_OK : eg_fail(error, EG_BAD_INPUT, "too few bytes");
}

eg_status eg_tiff_native_block(const eg_tiff_source *reader, eg_tiff_worker *worker,
                               uint64_t offset, uint64_t stored, uint8_t *out, size_t size,
                               const char *what, eg_error *error)
{
    eg_error reason = {0};
    const uint64_t end = eg_random_access_size(reader->access);
    const bool ends = offset >= end || stored > end - offset;
    const size_t clipped = clip_stored(reader, offset, stored, size);
    eg_status status = decode_bytes(reader, worker, offset, clipped, out, size, &reason);
    if (status != EG_OK)
        return fail_block(reader, &reason, ends, what, error);
    restore_rows(reader, worker, out, size);
    return EG_OK;
}

/* ---- rows of a strip ------------------------------------------------------------------------- */

/* Reads the next bytes of the strip; see eg_decoder_pull. */
static eg_status pull_strip(void *opaque, const uint8_t **bytes, size_t *size, eg_error *error)
{
    eg_tiff_worker *worker = opaque;
    eg_tiff_stream *stream = &worker->stream;
    const size_t wanted = stream->left < STREAM_BYTES ? (size_t)stream->left : STREAM_BYTES;
    eg_status status = eg_random_access_read(stream->reader->access, stream->at, worker->stored,
                                             wanted, size, error);
    if (status != EG_OK)
        return status;
    stream->ended |= *size < wanted;
    stream->at += *size;
    stream->left -= *size;
    if (stream->reader->image.reversed)
        reverse_bits(worker->stored, *size);
    *bytes = worker->stored;
    return EG_OK;
}

/* Starts the strip of row y. */
static eg_status start_strip(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                             uint32_t plane, const char *what, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const size_t strip = plane * image->blocks_down + y / image->block_height;
    bool present;
    uint64_t offset, size;
    eg_status status =
        eg_tiff_block_find(reader, worker, (uint32_t)strip, &present, &offset, &size, error);
    if (status == EG_OK && !present)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT, "%s is damaged: it has no bytes",
                             what);
    if (status == EG_OK)
        status = reserve_stored(reader, worker, STREAM_BYTES, error);
    if (status != EG_OK)
        return status;
    worker->stream =
        (eg_tiff_stream){.reader = reader, .at = offset, .left = size ? size : UINT64_MAX};
    return eg_decoder_start(worker->decoder, pull_strip, worker, error);
}

eg_status eg_tiff_native_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                             uint32_t plane, uint8_t *out, const char *what, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    eg_error reason = {0};
    eg_status status =
        y % image->block_height == 0 ? start_strip(reader, worker, y, plane, what, error) : EG_OK;
    if (status != EG_OK)
        return status;
    status = eg_decoder_next(worker->decoder, out, image->row_bytes, &reason);
    if (status != EG_OK)
        return fail_block(reader, &reason, worker->stream.ended, what, error);
    restore_rows(reader, worker, out, image->row_bytes);
    return EG_OK;
}
