/* SPDX-License-Identifier: MIT */
/*
 * One file from the rows of all ranks. All compute at the same time, but a file is written from its
 * beginning to its end: so ranks keep their rows in files of no name, and the first asks one after
 * the other for them. What it holds of them at a time is a part of about a megabyte.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ranks/ranks.h"
#include "cli/ranks/ranks_raster.h"

enum { PART_BYTES = 1 << 20, SAMPLE_MOST = 8 /* bytes */ };

/* What comes before the rows. */
typedef struct head {
    uint64_t rows, row_bytes;
    int64_t sample;
} head;

/* ---- keeping ---- */

/* In $TMPDIR, else /tmp. */
static FILE *open_nameless(void)
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

eg_status shared_rows_open(shared_rows *rows, size_t width, eg_error *error)
{
    const size_t most = (width + 63) / 64 * 64 * SAMPLE_MOST;
    *rows = (shared_rows){.a_part = PART_BYTES / most + 1};
    rows->part = malloc(rows->a_part * most);
    if (!rows->part)
        return shared_fail(error, EG_NO_MEMORY, "there is no memory left");
    if (rank_number() == 0)
        return EG_OK;
    rows->file = open_nameless();
    return rows->file ? EG_OK
                      : shared_fail(error, EG_FILE,
                                    "no temporary file can be created: %s; TMPDIR names the folder",
                                    strerror(errno));
}

void shared_rows_close(shared_rows *rows)
{
    if (rows->file)
        fclose(rows->file);
    free(rows->part);
}

static eg_status failed(const char *what, eg_error *error)
{
    return shared_fail(error, EG_FILE, "a temporary file cannot be %s: %s; TMPDIR names its folder",
                       what, strerror(errno));
}

eg_status shared_rows_keep(void *opaque, const eg_grid *grid, eg_error *error)
{
    shared_rows *rows = opaque;
    const size_t bytes = eg_row_bytes(grid->sample, grid->width);
    size_t height = rows->shape.height + grid->height;
    for (size_t y = 0; y < grid->height; y++)
        if (fwrite((const char *)grid->data + y * grid->stride, bytes, 1, rows->file) != 1)
            return failed("written", error);
    rows->shape = *grid;
    rows->shape.height = height;
    return EG_OK;
}

/* ---- sending ---- */

/* Rows that cannot be read are sent all the same, as something else: the first rank waits for them.
 */
void shared_rows_send(shared_rows *rows, eg_error *error)
{
    const eg_grid *shape = &rows->shape;
    const head h = {.rows = shape->height,
                    .row_bytes = eg_row_bytes(shape->sample, shape->width),
                    .sample = shape->sample};
    const size_t row_bytes = (size_t)h.row_bytes;
    rank_send(0, &h, sizeof h);
    if (fflush(rows->file) != 0 || fseeko(rows->file, 0, SEEK_SET) != 0)
        failed("written", error);
    for (size_t y = 0, count; y < shape->height; y += count) {
        count = shape->height - y < rows->a_part ? shape->height - y : rows->a_part;
        memset(rows->part, 0, count * row_bytes);
        if (fread(rows->part, row_bytes, count, rows->file) != count)
            failed("read", error);
        rank_send(0, rows->part, count * row_bytes);
    }
}

/* ---- receiving ---- */

typedef struct receiving {
    const shared_rows *rows;
    int from, ranks; /* whose rows these are; how many ranks there are */
    head head;
    size_t left, there, at; /* rows of that rank to come; in the part; of those already taken */
} receiving;

/* The next rank that sends rows; false: there is none. */
static bool next_rank(receiving *r)
{
    while (!r->left && r->from + 1 < r->ranks) {
        rank_receive(++r->from, &r->head, sizeof r->head);
        r->left = (size_t)r->head.rows;
    }
    return r->left > 0;
}

static bool next_part(receiving *r)
{
    if (!next_rank(r))
        return false;
    r->there = r->left < r->rows->a_part ? r->left : r->rows->a_part;
    r->at = 0;
    r->left -= r->there;
    rank_receive(r->from, r->rows->part, r->there * (size_t)r->head.row_bytes);
    return true;
}

static eg_status pull(void *opaque, const eg_grid *rows, eg_error *error)
{
    receiving *r = opaque;
    for (size_t y = 0; y < rows->height; y++, r->at++) {
        if (r->at == r->there && !next_part(r))
            return shared_fail(error, EG_BAD_INPUT, "the ranks have sent too few rows");
        memcpy((char *)rows->data + y * rows->stride,
               r->rows->part + r->at * (size_t)r->head.row_bytes, (size_t)r->head.row_bytes);
    }
    return EG_OK;
}

eg_status shared_rows_receive(const shared_rows *rows, eg_context *ctx, eg_sink *sink,
                              eg_grid shape, int ranks, eg_error *error)
{
    receiving r = {.rows = rows, .ranks = ranks};
    eg_source *source = NULL;
    next_rank(&r);
    shape.sample = (eg_sample)r.head.sample;
    if (eg_source_pull(&source, ctx, &shape, pull, &r, error) == EG_OK)
        eg_sink_append(sink, source, error);
    while (next_part(&r)) /* after a failure they still wait for somebody to take it */
        ;
    eg_source_close(source);
    return error->status;
}
