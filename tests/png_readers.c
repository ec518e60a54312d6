/* SPDX-License-Identifier: MIT */
/* Reading a PNG by the library's own decoder and by libpng. */
#include "png_readers.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "archive_made.h"
#include "io/png/png_chunk.h"
#include "io/png/png_read.h"

static void read_all_rows(png_reading *reading, eg_source *source, size_t at_once)
{
    const eg_info *info = eg_source_info(source);
    reading->height = info->height;
    reading->row_bytes = eg_source_planes(source) * eg_row_bytes(info->sample, info->width);
    reading->data = malloc(reading->row_bytes * reading->height);
    if (!reading->data)
        abort();
    while (reading->status == EG_OK && reading->rows < reading->height) {
        const size_t left = reading->height - reading->rows,
                     count = at_once < left ? at_once : left;
        reading->status = eg_source_read(source, reading->data + reading->rows * reading->row_bytes,
                                         reading->row_bytes, count, &reading->error);
        reading->rows += reading->status == EG_OK ? count : 0;
    }
    if (reading->status == EG_OK)
        reading->status = eg_source_finish(source, &reading->error);
}

png_reading read_png(eg_context *ctx, const char *path, const eg_read_options *options,
                     bool by_libpng, size_t at_once)
{
    png_reading reading = {0};
    eg_input *input = NULL;
    eg_source *source = NULL;
    reading.status = eg_input_open(&input, ctx, path, &reading.error);
    if (reading.status == EG_OK)
        reading.status = (by_libpng ? eg_png_open_by_libpng : eg_png_open)(&source, input, options,
                                                                           &reading.error);
    if (source) {
        reading.handed_over = ((eg_png_source *)source)->handed_over;
        read_all_rows(&reading, source, at_once);
    }
    eg_source_close(source);
    return reading;
}

const char *compare_png_readings(const png_reading *own, const png_reading *libpng)
{
    if ((own->status == EG_OK) != (libpng->status == EG_OK))
        return "one reader refuses what the other reads";
    if (own->status != libpng->status)
        return "the readers refuse with different statuses";
    if (own->height != libpng->height || own->row_bytes != libpng->row_bytes)
        return "the sizes differ";
    const size_t rows = own->rows < libpng->rows ? own->rows : libpng->rows;
    if (rows && memcmp(own->data, libpng->data, rows * own->row_bytes) != 0)
        return "the rows differ";
    return NULL;
}

/* ---- chunks ---- */

enum { CHUNK = EG_PNG_CHUNK_HEADER + EG_PNG_CHECKSUM_BYTES /* bytes besides the data */ };

void put_png_chunk(file_bytes *to, const char *type, const uint8_t *data, size_t size)
{
    uint8_t head[EG_PNG_CHUNK_HEADER], check[EG_PNG_CHECKSUM_BYTES];
    for (int i = 0; i < 4; i++)
        head[i] = (uint8_t)(size >> (24 - 8 * i));
    memcpy(head + 4, type, 4);
    uint32_t crc = (uint32_t)crc32(crc32(0, head + 4, 4), data, (uInt)size);
    for (int i = 0; i < 4; i++)
        check[i] = (uint8_t)(crc >> (24 - 8 * i));
    append_bytes(to, head, sizeof head);
    append_bytes(to, data, size);
    append_bytes(to, check, sizeof check);
}

void mend_png_checksums(uint8_t *data, size_t size)
{
    for (size_t at = EG_PNG_SIGNATURE_BYTES; at + CHUNK <= size;) {
        const size_t length = eg_png_be32(data + at);
        if (length > size - at - CHUNK)
            return;
        const unsigned long sum = crc32(0, data + at + 4, (unsigned)length + 4);
        for (size_t i = 0; i < 4; i++)
            data[at + 8 + length + i] = (uint8_t)(sum >> (24 - 8 * i));
        at += CHUNK + length;
    }
}

bool has_incomplete_code(const uint8_t *data, size_t size)
{
    z_stream z = {0};
    int result = Z_OK;
    if (inflateInit(&z) != Z_OK)
        abort();
    for (size_t at = EG_PNG_SIGNATURE_BYTES; result == Z_OK && at + CHUNK <= size;) {
        const size_t length = eg_png_be32(data + at);
        if (length > size - at - CHUNK)
            break;
        z.next_in = (uint8_t *)(uintptr_t)(data + at + 8);
        z.avail_in = eg_png_is_image_data(data + at) ? (unsigned)length : 0;
        while (result == Z_OK && z.avail_in) {
            uint8_t ignored[1024];
            z.next_out = ignored;
            z.avail_out = sizeof ignored;
            result = inflate(&z, Z_NO_FLUSH);
        }
        at += CHUNK + length;
    }
    const bool incomplete = result == Z_DATA_ERROR && z.msg && strstr(z.msg, " set");
    inflateEnd(&z);
    return incomplete;
}
