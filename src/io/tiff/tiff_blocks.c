/* SPDX-License-Identifier: MIT */
/*
 * Decoding: the blocks of a band are shared out among threads, each with a handle of its own over
 * the same spool. A strip too large for that is decoded row by row, its planes side by side.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pipeline.h"
#include "io/tiff/tiff_read.h"

enum { PART_BYTES = 64 * 1024 /* decoded in a part: less is not worth handing over */ };

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- workers --------------------------------------------------------------------------------- */

/* libtiff's own: a block as it is stored, and the tables of blocks. */
static size_t libtiff_bytes(const eg_tiff_source *reader)
{
    enum { OVERHEAD = 64 * 1024, ENTRY = 16 };
    const eg_tiff_image *p = &reader->picture;
    uint64_t stored = eg_random_access_size(reader->spool);
    if (reader->way == EG_TIFF_DIRECT)
        stored = 0;
    return min_size(p->plane_bytes, (size_t)stored) + p->across * p->down * p->planes * ENTRY +
           OVERHEAD;
}

static size_t decoded_bytes(const eg_tiff_source *reader)
{
    const eg_tiff_image *p = &reader->picture;
    return reader->way == EG_TIFF_BY_BLOCK ? p->planes * p->plane_bytes
                                           : reader->band_rows * p->row_bytes;
}

static eg_status allocate(const eg_tiff_source *reader, eg_tiff_worker *worker, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    eg_context *ctx = reader->base.ctx;
    size_t charge = libtiff_bytes(reader);
    if (!eg_memory_reserve(ctx, charge, error))
        return eg_failed(error);
    worker->charged = charge;
    worker->planes = eg_alloc(ctx, 1, decoded_bytes(reader), error);
    if (worker->planes && p->planes > 1)
        worker->mixed = eg_alloc(ctx, p->planes, p->row_bytes, error);
    return worker->planes && (worker->mixed || p->planes == 1) ? EG_OK : eg_failed(error);
}

eg_status eg_tiff_worker_open(eg_tiff_source *reader, eg_tiff_worker *worker, eg_error *error)
{
    eg_status status = EG_OK;
    if (worker->planes)
        return EG_OK;
    if (!worker->client.tiff)
        status = eg_tiff_client_open(&worker->client, reader->input, reader->spool,
                                     reader->options.tolerate, error);
    if (status == EG_OK && reader->picture.subsampled)
        TIFFSetField(worker->client.tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    return status == EG_OK ? allocate(reader, worker, error) : status;
}

void eg_tiff_worker_close(eg_tiff_source *reader, eg_tiff_worker *worker)
{
    eg_tiff_client_close(&worker->client);
    eg_memory_release(reader->base.ctx, worker->charged);
    eg_free(worker->planes);
    eg_free(worker->mixed);
}

/* ---- rows that are not there ----------------------------------------------------------------- */

void eg_tiff_leave_out(const eg_tiff_source *reader, char *rows, size_t stride, size_t columns,
                       size_t count, uint8_t *row)
{
    const eg_samples *how = &reader->picture.how;
    const eg_georef *georef = &reader->place.georef;
    bool byte = how->kind == EG_KIND_U8 && georef->has_nodata && georef->nodata >= 0 &&
                georef->nodata <= 255;
    if (how->has_nodata) {
        eg_samples_fill(how, rows, stride, columns, count, true);
        return;
    }
    memset(row, byte ? (int)georef->nodata : 0, reader->picture.planes * reader->picture.row_bytes);
    for (size_t y = 0; y < count; y++)
        how->convert(how, rows + y * stride, row, columns);
}

eg_status eg_tiff_block_find(eg_tiff_worker *worker, uint32_t index, bool *there, uint64_t *at,
                             uint64_t *bytes, eg_error *error)
{
    int failed_at = 0, failed_bytes = 0;
    eg_tiff_client_reset(&worker->client);
    *at = TIFFGetStrileOffsetWithErr(worker->client.tiff, index, &failed_at);
    *bytes = TIFFGetStrileByteCountWithErr(worker->client.tiff, index, &failed_bytes);
    *there = *at != 0 || *bytes != 0;
    if (failed_at || failed_bytes)
        return eg_tiff_client_fail(&worker->client, error, "the table of where its pixels lie");
    return EG_OK;
}

/* ---- planes ---------------------------------------------------------------------------------- */

static void spread(uint8_t *out, const uint8_t *in, size_t bytes, size_t step, size_t count)
{
    if (bytes == 1)
        for (size_t i = 0; i < count; i++)
            out[i * step] = in[i];
    else if (bytes == 2)
        for (size_t i = 0; i < count; i++)
            memcpy(out + 2 * i * step, in + 2 * i, 2);
    else
        for (size_t i = 0; i < count; i++)
            memcpy(out + i * step * bytes, in + i * bytes, bytes);
}

/* A row pixel by pixel, from planes `apart` bytes apart. */
static const uint8_t *mix(const eg_tiff_source *reader, eg_tiff_worker *worker,
                          const uint8_t *plane, size_t apart, size_t columns)
{
    size_t planes = reader->picture.planes, bytes = reader->picture.how.bytes;
    if (planes == 1)
        return plane;
    for (size_t p = 0; p < planes; p++)
        spread(worker->mixed + p * bytes, plane + p * apart, bytes, planes, columns);
    return worker->mixed;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct block {
    uint32_t row, column; /* among the blocks */
    size_t columns, rows; /* of its pixels, those inside the picture */
    char *out;
} block;

static block locate(const eg_tiff_source *reader, size_t index)
{
    const eg_tiff_image *p = &reader->picture;
    size_t row = index / p->across, column = index % p->across;
    size_t y = row * p->block_height, x = column * p->block_width;
    return (block){
        .row = (uint32_t)row,
        .column = (uint32_t)column,
        .columns = min_size(p->block_width, p->width - x),
        .rows = min_size(p->block_height, p->height - y),
        .out = reader->band + (y - reader->band_first) * reader->band_stride +
               eg_row_bytes(p->how.out, x),
    };
}

/* Strips whose rows need no converting, or can be converted where they are, are decoded in the
 * band. */
static bool decoded_in_band(const eg_tiff_source *reader)
{
    const eg_tiff_image *p = &reader->picture;
    return !p->tiled && p->planes == 1 && p->row_bytes == reader->band_stride &&
           eg_samples_in_place(&p->how);
}

/* Decodes one plane of a block into `out`, of whose rows only those inside the picture count. */
static eg_status decode_plane(const eg_tiff_source *reader, eg_tiff_worker *worker, const block *b,
                              uint32_t plane, uint8_t *out, bool *there, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    TIFF *tiff = worker->client.tiff;
    uint32_t index = (uint32_t)((plane * p->down + b->row) * p->across) + b->column;
    size_t size = p->tiled ? p->plane_bytes : b->rows * p->row_bytes;
    uint64_t at, bytes;
    eg_status status = eg_tiff_block_find(worker, index, there, &at, &bytes, error);
    if (status != EG_OK || !*there)
        return status;
    tmsize_t got = p->tiled ? TIFFReadEncodedTile(tiff, index, out, (tmsize_t)size)
                            : TIFFReadEncodedStrip(tiff, index, out, (tmsize_t)size);
    if (got == (tmsize_t)size)
        return EG_OK;
    char what[64];
    snprintf(what, sizeof what, "%s %u of %u", p->tiled ? "tile" : "strip", index + 1,
             p->tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff));
    return eg_tiff_client_fail(&worker->client, error, what);
}

static eg_status decode_planes(const eg_tiff_source *reader, eg_tiff_worker *worker, const block *b,
                               uint8_t *out, bool *there, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    eg_status status = EG_OK;
    *there = true;
    for (size_t i = 0; i < p->planes && status == EG_OK && *there; i++)
        status =
            decode_plane(reader, worker, b, p->plane_at[i], out + i * p->plane_bytes, there, error);
    return status;
}

static eg_status decode_block(eg_tiff_source *reader, eg_tiff_worker *worker, size_t index,
                              eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    const block b = locate(reader, index);
    const bool in_band = decoded_in_band(reader);
    eg_error local = {0};
    bool there;
    uint8_t *decoded = in_band ? (uint8_t *)b.out : worker->planes;
    eg_status status = decode_planes(reader, worker, &b, decoded, &there, &local);
    if (status == EG_BAD_INPUT && reader->options.tolerate) {
        eg_samples_lose(&reader->picture.how, b.out, reader->band_stride, b.columns, b.rows);
        return EG_OK;
    }
    if (status != EG_OK)
        return eg_fail(error, status, "%s", local.message);
    if (!there) {
        eg_tiff_leave_out(reader, b.out, reader->band_stride, b.columns, b.rows, worker->planes);
        return EG_OK;
    }
    if (in_band && eg_samples_plain(&p->how))
        return EG_OK;
    for (size_t y = 0; y < b.rows; y++)
        p->how.convert(&p->how, b.out + y * reader->band_stride,
                       mix(reader, worker, decoded + y * p->row_bytes, p->plane_bytes, b.columns),
                       b.columns);
    return EG_OK;
}

/* The blocks of the band, from `first` on, `a_part` of them at a time. */
typedef struct job {
    eg_tiff_source *reader;
    size_t first, count, a_part;
} job;

static eg_status decode_part(void *opaque, size_t i, size_t worker_index, eg_error *error)
{
    const job *j = opaque;
    eg_tiff_worker *worker = &j->reader->workers[worker_index];
    eg_status status = eg_tiff_worker_open(j->reader, worker, error);
    size_t end = min_size((i + 1) * j->a_part, j->count);
    for (size_t k = i * j->a_part; k < end && status == EG_OK; k++)
        status = eg_cancelled(j->reader->base.ctx)
                     ? eg_fail(error, EG_CANCELLED, "cancelled")
                     : decode_block(j->reader, worker, j->first + k, error);
    return status;
}

static eg_status read_blocks(eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    job j = {.reader = reader, .first = reader->band_first / p->block_height * p->across};
    j.count = (reader->band_count + p->block_height - 1) / p->block_height * p->across;
    j.a_part = PART_BYTES / (p->planes * p->plane_bytes) + 1;
    return eg_pool_for_each((j.count + j.a_part - 1) / j.a_part, &j, decode_part, error);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* A row that cannot be decoded takes those after it in its strip with it. */
static eg_status lose_lines(eg_tiff_source *reader, eg_tiff_worker *worker, size_t y,
                            eg_error *error)
{
    char what[64];
    const eg_tiff_image *p = &reader->picture;
    eg_error local = {0};
    snprintf(what, sizeof what, "row %zu of %zu", y + 1, p->height);
    eg_status status = eg_tiff_client_fail(&worker->client, &local, what);
    if (status != EG_BAD_INPUT || !reader->options.tolerate)
        return eg_fail(error, status, "%s", local.message);
    worker->lost = y;
    worker->lost_end = min_size((y / p->block_height + 1) * p->block_height, p->height);
    return EG_OK;
}

/* Plane i has a worker of its own, whichever thread it runs on. */
static eg_status decode_lines(void *me, size_t i, size_t worker_index, eg_error *error)
{
    eg_tiff_source *reader = me;
    const eg_tiff_image *p = &reader->picture;
    eg_tiff_worker *worker = &reader->workers[i];
    eg_status status = eg_tiff_worker_open(reader, worker, error);
    (void)worker_index;
    for (size_t k = 0; k < reader->band_count && status == EG_OK; k++) {
        size_t y = reader->band_first + k;
        if (y < worker->lost_end)
            continue;
        eg_tiff_client_reset(&worker->client);
        if (TIFFReadScanline(worker->client.tiff, worker->planes + k * p->row_bytes, (uint32_t)y,
                             (uint16_t)p->plane_at[i]) < 0)
            status = lose_lines(reader, worker, y, error);
    }
    return status;
}

static bool line_is_lost(const eg_tiff_source *reader, size_t y)
{
    bool lost = false;
    for (size_t i = 0; i < reader->picture.planes; i++)
        lost |= y >= reader->workers[i].lost && y < reader->workers[i].lost_end;
    return lost;
}

static eg_status read_lines(eg_tiff_source *reader, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    eg_tiff_worker *first = &reader->workers[0];
    eg_status status = eg_pool_for_each(p->planes, reader, decode_lines, error);
    for (size_t k = 0; k < reader->band_count && status == EG_OK; k++) {
        char *out = reader->band + k * reader->band_stride;
        const uint8_t *row = first->planes + k * p->row_bytes;
        for (size_t i = 0; p->planes > 1 && i < p->planes; i++)
            spread(first->mixed + i * p->how.bytes, reader->workers[i].planes + k * p->row_bytes,
                   p->how.bytes, p->planes, p->width);
        if (line_is_lost(reader, reader->band_first + k))
            eg_samples_lose(&reader->picture.how, out, reader->band_stride, p->width, 1);
        else
            p->how.convert(&p->how, out, p->planes > 1 ? first->mixed : row, p->width);
    }
    return status;
}

/* ---- the band -------------------------------------------------------------------------------- */

eg_status eg_tiff_band_read(eg_tiff_source *reader, size_t first, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    size_t left = p->height - first;
    if (reader->way ==
        EG_TIFF_BY_LINE) /* lines are lost to the end of their strip: one at a time */
        left = min_size(left, p->block_height - first % p->block_height);
    reader->band_first = first;
    reader->band_count = min_size(reader->band_rows, left);
    eg_status status =
        reader->way == EG_TIFF_BY_LINE ? read_lines(reader, error) : read_blocks(reader, error);
    if (status != EG_OK)
        reader->band_count = 0;
    return status;
}
