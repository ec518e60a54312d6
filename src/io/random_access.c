/* SPDX-License-Identifier: MIT */
/* Random access to an input: positional reads of a file, or pages of memory that a pipe was read
 * into. */
#include "io/random_access.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE_BYTES = 1 << 20, PAGES_FIRST = 16, ROWS_A_CALL = 64 };

struct eg_random_access {
    eg_input *input;
    uint64_t size;
    off_t base;      /* in the file, of what was the input's first byte */
    uint8_t **pages; /* NULL: the file itself is read */
    size_t page_count, page_room;
};

/* ---- opening --------------------------------------------------------------------------------- */

/* Standard input may be a file of which somebody has already taken the beginning. */
static bool is_seekable(eg_random_access *spool)
{
    const eg_input *input = spool->input;
    struct stat about;
    if (fstat(input->fd, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    off_t now = lseek(input->fd, 0, SEEK_CUR);
    off_t ahead = (off_t)(input->end - input->at);
    if (now < ahead)
        return false;
    spool->base = now - ahead;
    spool->size = about.st_size > spool->base ? (uint64_t)(about.st_size - spool->base) : 0;
    return true;
}

static eg_status more_room(eg_random_access *spool, eg_error *error)
{
    size_t room = spool->page_room ? 2 * spool->page_room : PAGES_FIRST;
    uint8_t **pages = eg_alloc(spool->input->ctx, room, sizeof *pages, error);
    if (!pages)
        return eg_failed(error);
    if (spool->page_count)
        memcpy(pages, spool->pages, spool->page_count * sizeof *pages);
    eg_free(spool->pages);
    spool->pages = pages;
    spool->page_room = room;
    return EG_OK;
}

static eg_status add_page(eg_random_access *spool, size_t *got, eg_error *error)
{
    eg_status status = spool->page_count == spool->page_room ? more_room(spool, error) : EG_OK;
    if (status != EG_OK)
        return status;
    uint8_t *page = eg_alloc(spool->input->ctx, PAGE_BYTES, 1, error);
    if (!page)
        return eg_failed(error);
    spool->pages[spool->page_count++] = page;
    return eg_input_read(spool->input, page, PAGE_BYTES, got, error);
}

static eg_status read_pages(eg_random_access *spool, eg_error *error)
{
    size_t got = PAGE_BYTES;
    eg_status status = EG_OK;
    while (status == EG_OK && got == PAGE_BYTES) {
        status = add_page(spool, &got, error);
        spool->size += got;
    }
    return status;
}

eg_status eg_random_access_open(eg_random_access **spool, eg_input *input, eg_error *error)
{
    *spool = NULL;
    eg_random_access *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->input = input;
    eg_status status = is_seekable(made) ? EG_OK : read_pages(made, error);
    if (status == EG_OK)
        *spool = made;
    else
        eg_random_access_close(made);
    return status;
}

void eg_random_access_close(eg_random_access *spool)
{
    if (!spool)
        return;
    for (size_t i = 0; i < spool->page_count; i++)
        eg_free(spool->pages[i]);
    eg_free(spool->pages);
    eg_free(spool);
}

uint64_t eg_random_access_size(const eg_random_access *spool)
{
    return spool->size;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void copy_pages(const eg_random_access *spool, uint64_t at, uint8_t *out, size_t size)
{
    while (size > 0) {
        size_t in_page = (size_t)(at % PAGE_BYTES);
        size_t part = PAGE_BYTES - in_page < size ? PAGE_BYTES - in_page : size;
        memcpy(out, spool->pages[at / PAGE_BYTES] + in_page, part);
        at += part;
        out += part;
        size -= part;
    }
}

eg_status eg_random_access_read(const eg_random_access *spool, uint64_t at, void *bytes,
                                size_t size, size_t *got, eg_error *error)
{
    uint8_t *out = bytes;
    uint64_t left = at < spool->size ? spool->size - at : 0;
    *got = 0;
    if (left < size)
        size = (size_t)left;
    if (spool->pages) {
        copy_pages(spool, at, out, size);
        *got = size;
        return EG_OK;
    }
    while (*got < size) {
        ssize_t count =
            pread(spool->input->fd, out + *got, size - *got, spool->base + (off_t)(at + *got));
        if (eg_cancelled(spool->input->ctx))
            return eg_input_fail(spool->input, error, EG_CANCELLED, "cancelled");
        if (count < 0 && errno != EINTR)
            return eg_input_fail(spool->input, error, EG_FILE, "cannot be read: %s",
                                 strerror(errno));
        if (count == 0)
            break;
        *got += count > 0 ? (size_t)count : 0;
    }
    return EG_OK;
}

/* Many short rows in one call; the bytes it gave, none where one by one is the way to go on. */
static size_t read_several(const eg_random_access *spool, uint64_t at, uint8_t *rows, size_t stride,
                           size_t row_bytes, size_t count)
{
    struct iovec parts[ROWS_A_CALL];
    if (spool->pages || count < 2 || at > spool->size)
        return 0;
    if (count > ROWS_A_CALL)
        count = ROWS_A_CALL;
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct iovec){rows + i * stride, row_bytes};
    ssize_t got = preadv(spool->input->fd, parts, (int)count, spool->base + (off_t)at);
    return got > 0 ? (size_t)got : 0;
}

eg_status eg_random_access_read_rows(const eg_random_access *spool, uint64_t at, void *rows,
                                     size_t stride, size_t row_bytes, size_t count, size_t *got,
                                     eg_error *error)
{
    if (stride == row_bytes)
        return eg_random_access_read(spool, at, rows, count * row_bytes, got, error);
    *got = 0;
    for (size_t y = 0; y < count;) {
        uint8_t *row = (uint8_t *)rows + y * stride;
        size_t whole =
            read_several(spool, at + *got, row, stride, row_bytes, count - y) / row_bytes;
        if (whole == 0) {
            size_t part;
            eg_status status =
                eg_random_access_read(spool, at + *got, row, row_bytes, &part, error);
            if (status != EG_OK)
                return status;
            *got += part;
            if (part < row_bytes)
                return EG_OK;
            whole = 1;
        } else {
            *got += whole * row_bytes;
        }
        y += whole;
    }
    return EG_OK;
}
