/* SPDX-License-Identifier: MIT */
/* Strips without compression: their rows are read from where they lie, at the speed of memory. */
#include "io/tiff/tiff_read.h"

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Rows that follow each other in the file. */
typedef struct run {
    bool there; /* false: they were left out */
    uint64_t at;
    size_t rows;
} run;

static eg_status find_strip(eg_tiff_source *reader, size_t strip, run *found, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    uint64_t bytes;
    eg_status status = eg_tiff_block_find(&reader->workers[0], (uint32_t)strip, &found->there,
                                          &found->at, &bytes, error);
    found->rows = min_size(p->block_height, p->height - strip * p->block_height);
    /* Some writers leave the number of bytes 0, as it can be told from the size */
    if (status == EG_OK && bytes > 0 && bytes < found->rows * p->row_bytes)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "strip %zu of %zu is damaged: it is too short for its rows", strip + 1,
                             p->down);
    return status;
}

/* The rows from `first` on, at most `count`, as far as their strips lie one behind the other. */
static eg_status find_run(eg_tiff_source *reader, size_t first, size_t count, run *found,
                          eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    size_t strip = first / p->block_height, skip = first % p->block_height;
    eg_status status = find_strip(reader, strip, found, error);
    if (status != EG_OK)
        return status;
    found->rows -= skip;
    found->at += skip * p->row_bytes;
    while (found->rows < count) {
        run next;
        status = find_strip(reader, ++strip, &next, error);
        if (status != EG_OK)
            return status;
        if (next.there != found->there ||
            (next.there && next.at != found->at + found->rows * p->row_bytes))
            break;
        found->rows += next.rows;
    }
    found->rows = min_size(found->rows, count);
    return EG_OK;
}

static void swap_row(const eg_tiff_image *p, uint8_t *row)
{
    size_t count = p->row_bytes / p->how.bytes;
    if (p->how.bytes == 2)
        TIFFSwabArrayOfShort((uint16_t *)(void *)row, (tmsize_t)count);
    else if (p->how.bytes == 4)
        TIFFSwabArrayOfLong((uint32_t *)(void *)row, (tmsize_t)count);
    else if (p->how.bytes == 8)
        TIFFSwabArrayOfLong8((uint64_t *)(void *)row, (tmsize_t)count);
}

/* Reads `count` rows that follow each other, at most as many as the worker has room for unless they
 * are converted where they are. *got counts the rows that were there. */
static eg_status read_run(eg_tiff_source *reader, char *rows, size_t stride, const run *found,
                          size_t *got, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    const bool in_place = eg_samples_in_place(&p->how);
    const bool swapped = TIFFIsByteSwapped(reader->workers[0].client.tiff);
    uint8_t *raw = in_place ? (uint8_t *)rows : reader->workers[0].planes;
    size_t apart = in_place ? stride : p->row_bytes, bytes;
    eg_status status = eg_random_access_read_rows(reader->spool, found->at, raw, apart,
                                                  p->row_bytes, found->rows, &bytes, error);
    *got = bytes / p->row_bytes;
    if (status != EG_OK || (!swapped && eg_samples_plain(&p->how)))
        return status;
    for (size_t y = 0; y < *got; y++) {
        if (swapped)
            swap_row(p, raw + y * apart);
        p->how.convert(&p->how, rows + y * stride, raw + y * apart, p->width);
    }
    return EG_OK;
}

static eg_status cut_off(eg_tiff_source *reader, char *rows, size_t stride, size_t first,
                         size_t count, eg_error *error)
{
    if (!reader->options.tolerate)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "ends within row %zu of %zu; --tolerate reads what there is",
                             first + 1, reader->picture.height);
    eg_samples_lose(&reader->picture.how, rows, stride, reader->picture.width, count);
    return EG_OK;
}

eg_status eg_tiff_direct_read(eg_tiff_source *reader, char *rows, size_t stride, size_t first,
                              size_t count, eg_error *error)
{
    const eg_tiff_image *p = &reader->picture;
    while (count > 0) {
        run found;
        eg_error local = {0};
        size_t got = 0;
        eg_status status =
            find_run(reader, first, min_size(count, reader->band_rows), &found, &local);
        if (status == EG_BAD_INPUT && reader->options.tolerate)
            found = (run){.there = true, .at = UINT64_MAX, .rows = 1};
        else if (status != EG_OK)
            return eg_fail(error, status, "%s", local.message);
        if (!found.there)
            eg_tiff_leave_out(reader, rows, stride, p->width, found.rows,
                              reader->workers[0].planes);
        else
            status = read_run(reader, rows, stride, &found, &got, error);
        if (found.there && status == EG_OK && got < found.rows)
            status =
                cut_off(reader, rows + got * stride, stride, first + got, found.rows - got, error);
        if (status != EG_OK)
            return status;
        rows += found.rows * stride;
        first += found.rows;
        count -= found.rows;
    }
    return EG_OK;
}
