/* SPDX-License-Identifier: MIT */
/*
 * Decoding. The blocks of the buffer are distributed among the worker threads, each of which has a
 * decoder of its own over the same input. A strip too large for that is decoded row by row,
 * its planes in parallel.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pipeline.h"
#include "core/size.h"
#include "io/tiff/tiff_read.h"

enum { ITEM_BYTES = 64 * 1024 /* minimum decoded size of a work item, in bytes */ };

/* ---- workers --------------------------------------------------------------------------------- */

/* Returns the size of eg_tiff_worker.planes, in bytes. */
static size_t decoded_bytes(const eg_tiff_source *reader)
{
    const eg_tiff_image *image = &reader->image;
    return reader->mode == EG_TIFF_READ_BLOCKS ? image->plane_count * image->plane_bytes
                                               : reader->buffer_rows * image->row_bytes;
}

/* Makes the decoder of a native codec, which rows copied from the file do not need. */
static eg_status open_decoder(const eg_tiff_source *reader, eg_tiff_worker *worker, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    eg_context *ctx = reader->base.ctx;
    if (reader->mode == EG_TIFF_READ_RAW)
        return EG_OK;
    if (image->predictor.number == 3 && !worker->scratch) {
        worker->scratch = eg_alloc(ctx, image->row_bytes, 1, error);
        if (!worker->scratch)
            return eg_failed(error);
    }
    return worker->decoder ? EG_OK : eg_decoder_new(&worker->decoder, ctx, image->codec, error);
}

/* Allocates the worker's buffers. */
static eg_status allocate_worker(const eg_tiff_source *reader, eg_tiff_worker *worker,
                                 eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    eg_context *ctx = reader->base.ctx;
    worker->planes = eg_alloc(ctx, 1, decoded_bytes(reader), error);
    if (worker->planes && eg_tiff_rearranges(image))
        worker->row =
            eg_alloc(ctx, image->block_width,
                     (size_t)image->samples.pixels.channels * image->samples.bytes, error);
    return worker->planes && (worker->row || !eg_tiff_rearranges(image)) ? EG_OK : eg_failed(error);
}

eg_status eg_tiff_worker_open(eg_tiff_source *reader, eg_tiff_worker *worker, eg_error *error)
{
    if (worker->planes)
        return EG_OK;
    eg_status status =
        (reader->image.native ? open_decoder : eg_tiff_foreign_open)(reader, worker, error);
    return status == EG_OK ? allocate_worker(reader, worker, error) : status;
}

void eg_tiff_worker_close(eg_tiff_source *reader, eg_tiff_worker *worker)
{
    eg_tiff_client_close(&worker->client);
    eg_memory_release(reader->base.ctx, worker->reserved);
    eg_decoder_free(worker->decoder);
    eg_free(worker->stored);
    eg_free(worker->scratch);
    eg_free(worker->planes);
    eg_free(worker->row);
}

/* ---- sparse blocks --------------------------------------------------------------------------- */

void eg_tiff_fill_sparse(const eg_tiff_source *reader, char *rows, size_t stride, size_t columns,
                         size_t count, const eg_tiff_worker *worker)
{
    const eg_tiff_image *image = &reader->image;
    const eg_samples *samples = &image->samples;
    const eg_georef *georef = &reader->georef_data.georef;
    const uint8_t *planes[EG_TIFF_PLANES];
    bool byte_nodata = samples->kind == EG_KIND_U8 && !image->packed && georef->has_nodata &&
                       georef->nodata >= 0 && georef->nodata <= 255;
    if (samples->has_nodata || samples->nodata_colour || image->conversion) {
        bool missing = samples->has_nodata || samples->nodata_colour;
        eg_samples_fill(samples, rows, stride, columns, count, missing);
        return;
    }
    const size_t row_bytes = eg_tiff_block_bytes(image, 1);
    for (size_t i = 0; i < image->plane_count; i++)
        planes[i] = worker->planes + i * row_bytes;
    memset(worker->planes, byte_nodata ? (int)georef->nodata : 0, image->plane_count * row_bytes);
    const uint8_t *row = eg_tiff_arrange_row(image, worker->row, planes, 0, columns);
    for (size_t y = 0; y < count; y++)
        eg_samples_convert(samples, rows + y * stride, stride, row, columns);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct block {
    uint32_t row, column; /* position in the grid of blocks */
    size_t columns, rows; /* size in pixels of the part inside the image */
    char *out;            /* destination of its first pixel in the buffer */
} block;

static block block_at(const eg_tiff_source *reader, size_t index)
{
    const eg_tiff_image *image = &reader->image;
    size_t row = index / image->blocks_across, column = index % image->blocks_across;
    size_t y = row * image->block_height, x = column * image->block_width;
    return (block){
        .row = (uint32_t)row,
        .column = (uint32_t)column,
        .columns = eg_min_size(image->block_width, image->width - x),
        .rows = eg_min_size(image->block_height, image->height - y),
        .out = reader->buffer + (y - reader->buffer_first) * reader->buffer_stride +
               eg_row_bytes(image->samples.out, x),
    };
}

/* Returns true if blocks are decoded straight into the buffer: strips whose rows need no
 * conversion, or can be converted in place. */
static bool decodes_in_place(const eg_tiff_source *reader)
{
    const eg_tiff_image *image = &reader->image;
    return !image->tiled && !eg_tiff_rearranges(image) &&
           image->row_bytes == reader->buffer_stride && eg_samples_in_place(&image->samples);
}

/* Decodes one plane of a block into `out`; *present is false if the file omits the block. Only the
 * rows inside the image are decoded of a strip, all rows of a tile. */
static eg_status decode_plane(const eg_tiff_source *reader, eg_tiff_worker *worker, const block *b,
                              uint32_t plane, uint8_t *out, bool *present, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    uint32_t index =
        (uint32_t)((plane * image->blocks_down + b->row) * image->blocks_across) + b->column;
    size_t size = image->tiled ? image->plane_bytes : eg_tiff_block_bytes(image, b->rows);
    uint64_t offset, stored;
    char what[64];
    eg_status status = eg_tiff_block_find(reader, worker, index, present, &offset, &stored, error);
    if (status != EG_OK || !*present)
        return status;
    const size_t planes = image->separate ? image->samples_per_pixel : 1;
    snprintf(what, sizeof what, "%s %u of %zu", image->tiled ? "tile" : "strip", index + 1,
             image->blocks_across * image->blocks_down * planes);
    if (image->native)
        return eg_tiff_native_block(reader, worker, offset, stored, out, size, what, error);
    return eg_tiff_foreign_block(reader, worker, index, out, size, what, error);
}

static eg_status decode_planes(const eg_tiff_source *reader, eg_tiff_worker *worker, const block *b,
                               uint8_t *out, bool *present, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    eg_status status = EG_OK;
    *present = true;
    for (size_t i = 0; i < image->plane_count && status == EG_OK && *present; i++)
        status = decode_plane(reader, worker, b, eg_tiff_plane(image, i),
                              out + i * image->plane_bytes, present, error);
    return status;
}

static eg_status decode_block(eg_tiff_source *reader, eg_tiff_worker *worker, size_t index,
                              eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const block b = block_at(reader, index);
    const bool in_place = decodes_in_place(reader);
    eg_error local = {0};
    bool present;
    uint8_t *decoded = in_place ? (uint8_t *)b.out : worker->planes;
    eg_status status = decode_planes(reader, worker, &b, decoded, &present, &local);
    if (status == EG_BAD_INPUT && reader->options.tolerate) {
        eg_samples_lose(&reader->image.samples, b.out, reader->buffer_stride, b.columns, b.rows);
        return EG_OK;
    }
    if (status != EG_OK)
        return eg_fail(error, status, "%s", local.message);
    if (!present) {
        eg_tiff_fill_sparse(reader, b.out, reader->buffer_stride, b.columns, b.rows, worker);
        return EG_OK;
    }
    if (in_place && eg_samples_plain(&image->samples))
        return EG_OK;
    const uint8_t *planes[EG_TIFF_PLANES];
    for (size_t i = 0; i < image->plane_count; i++)
        planes[i] = decoded + i * image->plane_bytes;
    for (size_t y = 0; y < b.rows; y++)
        eg_samples_convert(
            &image->samples, b.out + y * reader->buffer_stride, reader->buffer_stride,
            eg_tiff_arrange_row(image, worker->row, planes, y, b.columns), b.columns);
    return EG_OK;
}

/* Blocks that are decoded in parallel, `item_blocks` of them per work item. */
typedef struct decode_job {
    eg_tiff_source *reader;
    size_t first, count, item_blocks;
} decode_job;

static eg_status decode_item(void *opaque, size_t i, size_t worker_index, eg_error *error)
{
    const decode_job *j = opaque;
    eg_tiff_worker *worker = &j->reader->workers[worker_index];
    eg_status status = eg_tiff_worker_open(j->reader, worker, error);
    size_t end = eg_min_size((i + 1) * j->item_blocks, j->count);
    for (size_t k = i * j->item_blocks; k < end && status == EG_OK; k++)
        status = eg_cancelled(j->reader->base.ctx)
                     ? eg_fail(error, EG_CANCELLED, "cancelled")
                     : decode_block(j->reader, worker, j->first + k, error);
    return status;
}

static eg_status decode_blocks(eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    decode_job j = {.reader = reader,
                    .first = reader->buffer_first / image->block_height * image->blocks_across};
    j.count = (reader->buffer_count + image->block_height - 1) / image->block_height *
              image->blocks_across;
    j.item_blocks = ITEM_BYTES / (image->plane_count * image->plane_bytes) + 1;
    return eg_pool_for_each((j.count + j.item_blocks - 1) / j.item_blocks, &j, decode_item, error);
}

/* ---- scanlines ------------------------------------------------------------------------------- */

/* Decodes row y of a plane. */
static eg_status decode_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                            uint32_t plane, uint8_t *out, eg_error *error)
{
    char what[64];
    snprintf(what, sizeof what, "row %zu of %zu", y + 1, reader->image.height);
    if (reader->image.native)
        return eg_tiff_native_row(reader, worker, y, plane, out, what, error);
    return eg_tiff_foreign_row(reader, worker, y, plane, out, what, error);
}

/* Decodes row y or, with --tolerate, marks it and the rest of its strip as lost, because a strip
 * cannot be decoded beyond the damage. */
static eg_status decode_or_lose_row(const eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                                    uint32_t plane, uint8_t *out, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    eg_error local = {0};
    eg_status status = decode_row(reader, worker, y, plane, out, &local);
    if (status == EG_OK)
        return EG_OK;
    if (status != EG_BAD_INPUT || !reader->options.tolerate)
        return eg_fail(error, status, "%s", local.message);
    worker->lost_first = y;
    worker->lost_end =
        eg_min_size((y / image->block_height + 1) * image->block_height, image->height);
    return EG_OK;
}

/* Decodes the buffer's rows of plane i. Each plane has a worker of its own, whichever thread runs
 * it, because a strip's rows have to be decoded in order by one handle. */
static eg_status decode_scanlines(void *opaque, size_t i, size_t worker_index, eg_error *error)
{
    eg_tiff_source *reader = opaque;
    const eg_tiff_image *image = &reader->image;
    eg_tiff_worker *worker = &reader->workers[i];
    eg_status status = eg_tiff_worker_open(reader, worker, error);
    (void)worker_index;
    for (size_t k = 0; k < reader->buffer_count && status == EG_OK; k++) {
        size_t y = reader->buffer_first + k;
        if (y < worker->lost_end)
            continue;
        status = decode_or_lose_row(reader, worker, y, eg_tiff_plane(image, i),
                                    worker->planes + k * image->row_bytes, error);
    }
    return status;
}

static bool row_is_lost(const eg_tiff_source *reader, size_t y)
{
    bool lost = false;
    for (size_t i = 0; i < reader->image.plane_count; i++)
        lost |= y >= reader->workers[i].lost_first && y < reader->workers[i].lost_end;
    return lost;
}

static eg_status read_scanlines(eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const uint8_t *planes[EG_TIFF_PLANES];
    eg_status status = eg_pool_for_each(image->plane_count, reader, decode_scanlines, error);
    for (size_t i = 0; i < image->plane_count; i++)
        planes[i] = reader->workers[i].planes;
    for (size_t k = 0; k < reader->buffer_count && status == EG_OK; k++) {
        char *out = reader->buffer + k * reader->buffer_stride;
        if (row_is_lost(reader, reader->buffer_first + k))
            eg_samples_lose(&reader->image.samples, out, reader->buffer_stride, image->width, 1);
        else
            eg_samples_convert(
                &image->samples, out, reader->buffer_stride,
                eg_tiff_arrange_row(image, reader->workers[0].row, planes, k, image->width),
                image->width);
    }
    return status;
}

/* ---- the buffer ------------------------------------------------------------------------------ */

eg_status eg_tiff_buffer_fill(eg_tiff_source *reader, size_t first, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    size_t count = image->height - first;
    /* one strip at a time, because damage costs all rows up to the end of the strip */
    if (reader->mode == EG_TIFF_READ_SCANLINES)
        count = eg_min_size(count, image->block_height - first % image->block_height);
    reader->buffer_first = first;
    reader->buffer_count = eg_min_size(reader->buffer_rows, count);
    eg_status status = reader->mode == EG_TIFF_READ_SCANLINES ? read_scanlines(reader, error)
                                                              : decode_blocks(reader, error);
    if (status != EG_OK)
        reader->buffer_count = 0;
    return status;
}
