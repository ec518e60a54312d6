/* SPDX-License-Identifier: MIT */
/* Random access to an input: positional reads of a file, or pages of memory that hold a pipe's
 * data. */
#include "io/random_access.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE_BYTES = 1 << 20, PAGES_FIRST = 16, ROWS_PER_CALL = 64 };

struct eg_random_access {
    eg_input *input;
    uint64_t size;
    off_t base;      /* file offset of byte 0 */
    uint8_t **pages; /* PAGE_BYTES bytes each; NULL: the file itself is read */
    size_t page_count, page_capacity;
};

/* ---- opening --------------------------------------------------------------------------------- */

static eg_status grow_pages(eg_random_access *access, eg_error *error)
{
    size_t capacity = access->page_capacity ? 2 * access->page_capacity : PAGES_FIRST;
    uint8_t **pages = eg_alloc(access->input->ctx, capacity, sizeof *pages, error);
    if (!pages)
        return eg_failed(error);
    if (access->page_count)
        memcpy(pages, access->pages, access->page_count * sizeof *pages);
    eg_free(access->pages);
    access->pages = pages;
    access->page_capacity = capacity;
    return EG_OK;
}

/* Adds a page and fills it; *got is less than PAGE_BYTES at the end of the input. */
static eg_status read_page(eg_random_access *access, size_t *got, eg_error *error)
{
    eg_status status =
        access->page_count == access->page_capacity ? grow_pages(access, error) : EG_OK;
    if (status != EG_OK)
        return status;
    uint8_t *page = eg_alloc(access->input->ctx, PAGE_BYTES, 1, error);
    if (!page)
        return eg_failed(error);
    access->pages[access->page_count++] = page;
    return eg_input_read(access->input, page, PAGE_BYTES, got, error);
}

static eg_status read_all_pages(eg_random_access *access, eg_error *error)
{
    size_t got = PAGE_BYTES;
    eg_status status = EG_OK;
    while (status == EG_OK && got == PAGE_BYTES) {
        status = read_page(access, &got, error);
        access->size += got;
    }
    return status;
}

eg_status eg_random_access_open(eg_random_access **access, eg_input *input, eg_error *error)
{
    *access = NULL;
    eg_random_access *made = eg_calloc(input->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->input = input;
    eg_status status =
        eg_input_file_range(input, &made->base, &made->size) ? EG_OK : read_all_pages(made, error);
    if (status == EG_OK)
        *access = made;
    else
        eg_random_access_close(made);
    return status;
}

void eg_random_access_close(eg_random_access *access)
{
    if (!access)
        return;
    for (size_t i = 0; i < access->page_count; i++)
        eg_free(access->pages[i]);
    eg_free(access->pages);
    eg_free(access);
}

uint64_t eg_random_access_size(const eg_random_access *access)
{
    return access->size;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void copy_pages(const eg_random_access *access, uint64_t at, uint8_t *out, size_t size)
{
    while (size > 0) {
        size_t in_page = (size_t)(at % PAGE_BYTES);
        size_t count = PAGE_BYTES - in_page < size ? PAGE_BYTES - in_page : size;
        memcpy(out, access->pages[at / PAGE_BYTES] + in_page, count);
        at += count;
        out += count;
        size -= count;
    }
}

eg_status eg_random_access_read(const eg_random_access *access, uint64_t at, void *bytes,
                                size_t size, size_t *got, eg_error *error)
{
    uint8_t *out = bytes;
    uint64_t left = at < access->size ? access->size - at : 0;
    *got = 0;
    if (left < size)
        size = (size_t)left;
    if (access->pages) {
        copy_pages(access, at, out, size);
        *got = size;
        return EG_OK;
    }
    while (*got < size) {
        ssize_t count =
            pread(access->input->fd, out + *got, size - *got, access->base + (off_t)(at + *got));
        if (eg_cancelled(access->input->ctx))
            return eg_input_fail(access->input, error, EG_CANCELLED, "cancelled");
        if (count < 0 && errno != EINTR)
            return eg_input_fail(access->input, error, eg_errno_status(errno), "cannot be read: %s",
                                 strerror(errno));
        if (count == 0)
            break;
        *got += count > 0 ? (size_t)count : 0;
    }
    return EG_OK;
}

/* Reads up to ROWS_PER_CALL rows with preadv(2) and returns the number of bytes; 0 means that the
 * next row must be read on its own. */
static size_t read_rows_at_once(const eg_random_access *access, uint64_t at, uint8_t *rows,
                                size_t stride, size_t row_bytes, size_t count)
{
    struct iovec vectors[ROWS_PER_CALL];
    if (access->pages || count < 2 || at > access->size)
        return 0;
    if (count > ROWS_PER_CALL)
        count = ROWS_PER_CALL;
    for (size_t i = 0; i < count; i++)
        vectors[i] = (struct iovec){rows + i * stride, row_bytes};
    ssize_t got = preadv(access->input->fd, vectors, (int)count, access->base + (off_t)at);
    return got > 0 ? (size_t)got : 0;
}

eg_status eg_random_access_read_rows(const eg_random_access *access, uint64_t at, void *rows,
                                     size_t stride, size_t row_bytes, size_t count, size_t *got,
                                     eg_error *error)
{
    if (stride == row_bytes)
        return eg_random_access_read(access, at, rows, count * row_bytes, got, error);
    *got = 0;
    for (size_t y = 0; y < count;) {
        uint8_t *row = (uint8_t *)rows + y * stride;
        size_t complete_rows =
            read_rows_at_once(access, at + *got, row, stride, row_bytes, count - y) / row_bytes;
        if (complete_rows == 0) {
            size_t row_got;
            eg_status status =
                eg_random_access_read(access, at + *got, row, row_bytes, &row_got, error);
            if (status != EG_OK)
                return status;
            *got += row_got;
            if (row_got < row_bytes)
                return EG_OK;
            complete_rows = 1;
        } else {
            *got += complete_rows * row_bytes;
        }
        y += complete_rows;
    }
    return EG_OK;
}
