/* SPDX-License-Identifier: MIT */
/* Strips without compression. Rows are read straight from the file, without libtiff's decoding. */
#include "core/size.h"
#include "io/tiff/tiff_read.h"

/* Rows that are contiguous in the file, or that the file omits. */
typedef struct row_run {
    bool present;    /* false: the file omits them (sparse strips) */
    uint64_t offset; /* of the first row in the file, in bytes */
    size_t rows;
} row_run;

/* Finds strip number `strip` of the plane in the file; *found is the run of its rows inside the
 * image. */
static eg_status find_strip(eg_tiff_source *reader, size_t strip, row_run *found, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const size_t block = eg_tiff_plane(image, 0) * image->blocks_down + strip;
    uint64_t bytes;
    eg_status status = eg_tiff_block_find(reader, &reader->workers[0], (uint32_t)block,
                                          &found->present, &found->offset, &bytes, error);
    found->rows = eg_min_size(image->block_height, image->height - strip * image->block_height);
    /* Some writers store 0 as the byte count, because it follows from the image's size */
    if (status == EG_OK && bytes > 0 && bytes < found->rows * image->row_bytes)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "strip %zu of %zu is damaged: too few bytes for its rows", strip + 1,
                             image->blocks_down);
    return status;
}

/* Finds the longest run of rows from `first` on, at most `count`, over strips that are contiguous
 * in the file. */
static eg_status find_run(eg_tiff_source *reader, size_t first, size_t count, row_run *found,
                          eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    size_t strip = first / image->block_height, skip = first % image->block_height;
    eg_status status = find_strip(reader, strip, found, error);
    if (status != EG_OK)
        return status;
    found->rows -= skip;
    found->offset += skip * image->row_bytes;
    while (found->rows < count) {
        row_run next;
        status = find_strip(reader, ++strip, &next, error);
        if (status != EG_OK)
            return status;
        if (next.present != found->present ||
            (next.present && next.offset != found->offset + found->rows * image->row_bytes))
            break;
        found->rows += next.rows;
    }
    found->rows = eg_min_size(found->rows, count);
    return EG_OK;
}

/* Reads and converts a run of rows, at most reader->buffer_rows of them. *got is the number of rows
 * in the file, fewer than all only if it ends early. */
static eg_status read_run(eg_tiff_source *reader, char *rows, size_t stride, const row_run *found,
                          size_t *got, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    const bool in_place = eg_samples_in_place(&image->samples);
    const bool swapped = reader->directory.swapped;
    uint8_t *raw = in_place ? (uint8_t *)rows : reader->workers[0].planes;
    size_t raw_stride = in_place ? stride : image->row_bytes, bytes;
    eg_status status = eg_random_access_read_rows(reader->access, found->offset, raw, raw_stride,
                                                  image->row_bytes, found->rows, &bytes, error);
    *got = bytes / image->row_bytes;
    if (status != EG_OK || (!swapped && eg_samples_plain(&image->samples)))
        return status;
    for (size_t y = 0; y < *got; y++) {
        if (swapped)
            eg_swap_bytes(raw + y * raw_stride, (unsigned)image->samples.bytes,
                          image->row_bytes / image->samples.bytes);
        eg_samples_convert(&image->samples, rows + y * stride, stride, raw + y * raw_stride,
                           image->width);
    }
    return EG_OK;
}

/* Fails because the file ends in row `first` or, with --tolerate, fills `count` rows as lost. */
static eg_status lose_rows(eg_tiff_source *reader, char *rows, size_t stride, size_t first,
                           size_t count, eg_error *error)
{
    if (!reader->options.tolerate)
        return eg_input_fail(reader->input, error, EG_BAD_INPUT,
                             "truncated at row %zu of %zu (use --tolerate to read the rest)",
                             first + 1, reader->image.height);
    eg_samples_lose(&reader->image.samples, rows, stride, reader->image.width, count);
    return EG_OK;
}

eg_status eg_tiff_raw_read(eg_tiff_source *reader, char *rows, size_t stride, size_t first,
                           size_t count, eg_error *error)
{
    const eg_tiff_image *image = &reader->image;
    while (count > 0) {
        row_run found;
        eg_error local = {0};
        size_t got = 0;
        eg_status status =
            find_run(reader, first, eg_min_size(count, reader->buffer_rows), &found, &local);
        if (status == EG_BAD_INPUT && reader->options.tolerate)
            found = (row_run){.present = true, .offset = UINT64_MAX, .rows = 1}; /* a lost row */
        else if (status != EG_OK)
            return eg_fail(error, status, "%s", local.message);
        if (!found.present)
            eg_tiff_fill_sparse(reader, rows, stride, image->width, found.rows,
                                &reader->workers[0]);
        else
            status = read_run(reader, rows, stride, &found, &got, error);
        if (found.present && status == EG_OK && got < found.rows)
            status = lose_rows(reader, rows + got * stride, stride, first + got, found.rows - got,
                               error);
        if (status != EG_OK)
            return status;
        rows += found.rows * stride;
        first += found.rows;
        count -= found.rows;
    }
    return EG_OK;
}
