/* SPDX-License-Identifier: MIT */
/* Reading a PNG by the library's own decoder and by libpng. */
#include "png_readers.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

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

enum { SIGNATURE = 8, CHUNK = 12 /* bytes of a chunk besides its data: length, type, checksum */ };

static size_t read_be32(const uint8_t *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

void mend_png_checksums(uint8_t *data, size_t size)
{
    for (size_t at = SIGNATURE; at + CHUNK <= size;) {
        const size_t length = read_be32(data + at);
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
    for (size_t at = SIGNATURE; result == Z_OK && at + CHUNK <= size;) {
        const size_t length = read_be32(data + at);
        if (length > size - at - CHUNK)
            break;
        z.next_in = (uint8_t *)(uintptr_t)(data + at + 8);
        z.avail_in = memcmp(data + at + 4, "IDAT", 4) == 0 ? (unsigned)length : 0;
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
