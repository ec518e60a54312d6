/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of compressed files. The first byte chooses between the bytes as they are, the bytes
 * as the deflated content of a gzip file, whose header and checksum are right, and an image in it,
 * the last two with a byte of the file changed.
 *
 * libFuzzer: -max_len=2048
 */
#include <stdlib.h>
#include <zlib.h>

#include "fuzz.h"

/* Compresses the bytes as a gzip file; the caller frees it. */
static uint8_t *pack(const uint8_t *data, size_t size, int level, size_t *packed)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    const size_t room = deflateBound(&stream, size) + 32;
    uint8_t *bytes = malloc(room);
    if (!bytes)
        abort();
    stream.next_in = (uint8_t *)(uintptr_t)data;
    stream.avail_in = (unsigned)size;
    stream.next_out = bytes;
    stream.avail_out = (unsigned)room;
    require(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib packs", NULL);
    *packed = stream.total_out;
    deflateEnd(&stream);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"file.gz", "file.zip", "N45E007.hgt.gz", "file.asc.gz"};
    fuzz_bytes bytes = {data, size};
    const unsigned way = pick(&bytes, 8);
    const char *name = names[way % 4];
    if (way < 4) {
        fuzz_read(name, bytes.at, bytes.left);
        return 0;
    }
    size_t packed;
    const size_t where = take(&bytes, 2), change = take(&bytes, 1);
    uint8_t *file = pack(bytes.at, bytes.left, (int)(where % 10), &packed);
    file[where % packed] ^= (uint8_t)change;
    fuzz_read(name, file, change & 1 ? packed : packed - change % packed / 4);
    free(file);
    return 0;
}
