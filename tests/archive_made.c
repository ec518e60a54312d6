/* SPDX-License-Identifier: MIT */
/* Gzip files and zip archives. */
#include "archive_made.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { RAW = -15, GZIP = 31 };

void append_bytes(file_bytes *to, const void *data, size_t size)
{
    to->data = realloc(to->data, to->size + size + 1);
    assert_non_null(to->data);
    if (size)
        memcpy(to->data + to->size, data, size);
    to->size += size;
}

static file_bytes deflate_bytes(const void *data, size_t size, int window)
{
    z_stream z = {.next_in = data, .avail_in = (uInt)size};
    file_bytes out = {.data = NULL};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&z, (uLong)size);
    out.data = malloc(bound + 1);
    assert_non_null(out.data);
    z.next_out = out.data;
    z.avail_out = (uInt)bound;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.size = z.total_out;
    deflateEnd(&z);
    return out;
}

file_bytes make_gzip(const void *data, size_t size)
{
    return deflate_bytes(data, size, GZIP);
}

static void put16(file_bytes *to, unsigned v)
{
    const uint8_t bytes[] = {(uint8_t)v, (uint8_t)(v >> 8)};
    append_bytes(to, bytes, sizeof bytes);
}

static void put32(file_bytes *to, size_t v)
{
    put16(to, (unsigned)(v & 0xFFFF));
    put16(to, (unsigned)(v >> 16 & 0xFFFF));
}

/* Writes the fields that a member's own header and its entry share. */
static void put_fields(file_bytes *to, const zip_file *file, size_t packed)
{
    put16(to, 20);
    put16(to, file->flags);
    put16(to, file->method ? file->method : file->stored ? 0 : 8);
    put32(to, 0); /* time */
    put32(to, crc32(0, file->data, (uInt)file->size));
    put32(to, file->zip64 ? UINT32_MAX : packed);
    put32(to, file->zip64 ? UINT32_MAX : file->size);
    put16(to, (unsigned)strlen(file->name));
    put16(to, 0); /* extra field */
}

file_bytes make_zip(const zip_file files[], size_t count, const char *comment)
{
    file_bytes zip = {.data = NULL}, entries = {.data = NULL};
    for (size_t i = 0; i < count; i++) {
        file_bytes packed = {.data = NULL};
        if (files[i].stored)
            append_bytes(&packed, files[i].data, files[i].size);
        else
            packed = deflate_bytes(files[i].data, files[i].size, RAW);
        append_bytes(&entries, "PK\1\2\x14\0", 6);
        put_fields(&entries, &files[i], packed.size);
        append_bytes(&entries, "\0\0\0\0\0\0\0\0\0\0", 10); /* comment, disk, attributes */
        put32(&entries, zip.size);
        append_bytes(&entries, files[i].name, strlen(files[i].name));
        append_bytes(&zip, "PK\3\4", 4);
        put_fields(&zip, &files[i], packed.size);
        append_bytes(&zip, files[i].name, strlen(files[i].name));
        append_bytes(&zip, packed.data, packed.size);
        free(packed.data);
    }
    size_t offset = zip.size;
    append_bytes(&zip, entries.data, entries.size);
    append_bytes(&zip, "PK\5\6\0\0\0\0", 8);
    put16(&zip, (unsigned)count);
    put16(&zip, (unsigned)count);
    put32(&zip, entries.size);
    put32(&zip, offset);
    put16(&zip, (unsigned)strlen(comment));
    append_bytes(&zip, comment, strlen(comment));
    free(entries.data);
    return zip;
}
