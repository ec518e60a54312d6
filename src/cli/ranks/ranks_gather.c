/* SPDX-License-Identifier: MIT */
/*
 * One file from the rows of all ranks. Ranks compute at the same time, but a file is written from
 * top to bottom: each rank other than 0 stores its rows in an unnamed temporary file and sends them
 * in chunks of about 1 MB; rank 0 receives them rank by rank.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

enum { CHUNK_BYTES = 1 << 20, SAMPLE_BYTES_MAX = 8 };

/* The message before a rank's rows. */
typedef struct rows_header {
    uint64_t rows, row_bytes;
    int64_t sample; /* eg_sample */
} rows_header;

/* ---- storing --------------------------------------------------------------------------------- */

/* Creates a file in $TMPDIR, else in /tmp, and removes its name. Returns NULL with errno set on
 * failure. */
static FILE *create_unnamed_file(void)
{
    char path[4096];
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder)
        folder = "/tmp";
    if (snprintf(path, sizeof path, "%s/edgegrad-XXXXXX", folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return NULL;
    unlink(path);
    FILE *file = fdopen(fd, "w+");
    if (!file)
        close(fd);
    return file;
}

eg_status rank_rows_open(rank_rows *rows, size_t width, eg_error *error)
{
    const size_t row_bytes_max = (width + 63) / 64 * 64 * SAMPLE_BYTES_MAX;
    *rows = (rank_rows){.chunk_rows = CHUNK_BYTES / row_bytes_max + 1};
    rows->chunk = malloc(rows->chunk_rows * row_bytes_max);
    if (!rows->chunk)
        return ranks_fail(error, EG_NO_MEMORY, "out of memory");
    if (rank_number() == 0)
        return EG_OK;
    rows->file = create_unnamed_file();
    return rows->file
               ? EG_OK
               : ranks_fail(error, EG_FILE,
                            "no temporary file can be created: %s; set TMPDIR to another folder",
                            strerror(errno));
}

void rank_rows_close(rank_rows *rows)
{
    if (rows->file)
        fclose(rows->file);
    free(rows->chunk);
}

/* Reports that a temporary file could not be "read" or "written". */
static eg_status temporary_failed(const char *operation, eg_error *error)
{
    return ranks_fail(error, EG_FILE,
                      "a temporary file cannot be %s: %s; set TMPDIR to another folder", operation,
                      strerror(errno));
}

eg_status rank_rows_store(void *opaque, const eg_grid *grid, eg_error *error)
{
    rank_rows *rows = opaque;
    const size_t bytes = eg_row_bytes(grid->sample, grid->width);
    size_t height = rows->shape.height + grid->height;
    for (size_t y = 0; y < grid->height; y++)
        if (fwrite((const char *)grid->data + y * grid->stride, bytes, 1, rows->file) != 1)
            return temporary_failed("written", error);
    rows->shape = *grid;
    rows->shape.height = height;
    return EG_OK;
}

/* ---- sending --------------------------------------------------------------------------------- */

void rank_rows_send(rank_rows *rows, eg_error *error)
{
    const eg_grid *shape = &rows->shape;
    const rows_header header = {.rows = shape->height,
                                .row_bytes = eg_row_bytes(shape->sample, shape->width),
                                .sample = shape->sample};
    const size_t row_bytes = (size_t)header.row_bytes;
    rank_send(0, &header, sizeof header);
    if (fflush(rows->file) != 0 || fseeko(rows->file, 0, SEEK_SET) != 0)
        temporary_failed("written", error);
    for (size_t y = 0, count; y < shape->height; y += count) {
        count = shape->height - y < rows->chunk_rows ? shape->height - y : rows->chunk_rows;
        memset(rows->chunk, 0, count * row_bytes);
        if (fread(rows->chunk, row_bytes, count, rows->file) != count)
            temporary_failed("read", error);
        rank_send(0, rows->chunk, count * row_bytes);
    }
}

/* ---- receiving ------------------------------------------------------------------------------- */

typedef struct receiver {
    const rank_rows *rows;
    int from, ranks; /* rank received from now; ranks 1 .. ranks - 1 send */
    rows_header header;
    size_t left;                 /* rows that this rank has still to send */
    size_t chunk_rows, consumed; /* rows in the chunk; how many of them were delivered */
} receiver;

/* Goes on to the next rank that sends rows once all of this one's are received. Returns false if
 * none is left. */
static bool next_rank(receiver *r)
{
    while (!r->left && r->from + 1 < r->ranks) {
        rank_receive(++r->from, &r->header, sizeof r->header);
        r->left = (size_t)r->header.rows;
    }
    return r->left > 0;
}

/* Receives the next chunk. Returns false if none is left. */
static bool next_chunk(receiver *r)
{
    if (!next_rank(r))
        return false;
    r->chunk_rows = r->left < r->rows->chunk_rows ? r->left : r->rows->chunk_rows;
    r->consumed = 0;
    r->left -= r->chunk_rows;
    rank_receive(r->from, r->rows->chunk, r->chunk_rows * (size_t)r->header.row_bytes);
    return true;
}

/* Delivers received rows to a source. */
static eg_status pull_rows(void *opaque, const eg_grid *rows, eg_error *error)
{
    receiver *r = opaque;
    for (size_t y = 0; y < rows->height; y++, r->consumed++) {
        if (r->consumed == r->chunk_rows && !next_chunk(r))
            return ranks_fail(error, EG_BAD_INPUT, "ranks sent too few rows");
        memcpy((char *)rows->data + y * rows->stride,
               r->rows->chunk + r->consumed * (size_t)r->header.row_bytes,
               (size_t)r->header.row_bytes);
    }
    return EG_OK;
}

eg_status rank_rows_receive(const rank_rows *rows, eg_context *ctx, eg_sink *sink, eg_grid shape,
                            int ranks, eg_error *error)
{
    receiver r = {.rows = rows, .ranks = ranks};
    eg_source *source = NULL;
    next_rank(&r);
    shape.sample = (eg_sample)r.header.sample;
    if (eg_source_pull(&source, ctx, &shape, pull_rows, &r, error) == EG_OK)
        eg_sink_append(sink, source, error);
    while (
        next_chunk(&r)) /* after a failure: the other ranks block until their rows are received */
        ;
    eg_source_close(source);
    return error->status;
}
