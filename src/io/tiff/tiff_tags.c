/* SPDX-License-Identifier: MIT */
/* Reads tags as they are stored (TIFF 6.0, section 2; BigTIFF) from the directory whose offset
 * libtiff knows. */
#include <string.h>

#include "io/tiff/tiff_read.h"

enum {
    ENTRY_BYTES_MAX = 20, /* size of a directory entry: 12 bytes, in BigTIFF 20 */
    ENTRIES_PER_READ = 64
};

typedef struct directory {
    const eg_tiff_client *client;
    bool big_tiff, swapped;
} directory;

/* Decodes an unsigned integer of `bytes` bytes. */
static uint64_t load_integer(const directory *d, const uint8_t *p, size_t bytes)
{
    bool big_endian = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) != d->swapped;
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | p[big_endian ? i : bytes - 1 - i];
    return value;
}

/* Reads exactly `size` bytes; fails if the file ends before. */
static eg_status read_exactly(const directory *d, uint64_t offset, void *bytes, size_t size,
                              eg_error *error)
{
    size_t got;
    eg_status status = eg_random_access_read(d->client->access, offset, bytes, size, &got, error);
    if (status == EG_OK && got < size)
        return eg_input_fail(d->client->input, error, EG_BAD_INPUT,
                             "truncated: the TIFF directory is incomplete");
    return status;
}

/* Copies the directory entry with tag number `wanted` and the type into `entry`; *found is false if
 * there is none. */
static eg_status find_entry(const directory *d, uint16_t wanted, TIFFDataType type,
                            uint8_t entry[ENTRY_BYTES_MAX], bool *found, eg_error *error)
{
    const size_t count_bytes = d->big_tiff ? 8 : 2,
                 entry_bytes = d->big_tiff ? ENTRY_BYTES_MAX : 12;
    uint64_t offset = TIFFCurrentDirOffset(d->client->tiff);
    uint8_t bytes[ENTRIES_PER_READ * ENTRY_BYTES_MAX];
    eg_status status = read_exactly(d, offset, bytes, count_bytes, error);
    uint64_t left = status == EG_OK ? load_integer(d, bytes, count_bytes) : 0;
    *found = false;
    offset += count_bytes;
    while (left > 0 && status == EG_OK && !*found) {
        size_t count = left < ENTRIES_PER_READ ? (size_t)left : ENTRIES_PER_READ;
        status = read_exactly(d, offset, bytes, count * entry_bytes, error);
        for (size_t i = 0; i < count && status == EG_OK && !*found; i++) {
            const uint8_t *p = bytes + i * entry_bytes;
            *found = load_integer(d, p, 2) == wanted && load_integer(d, p + 2, 2) == (uint64_t)type;
            memcpy(entry, p, entry_bytes);
        }
        offset += count * entry_bytes;
        left -= count;
    }
    return status;
}

static void swap_values(void *values, size_t count, size_t width)
{
    uint8_t *p = values;
    for (size_t i = 0; i < count; i++, p += width) {
        for (size_t k = 0; k < width / 2; k++) {
            uint8_t byte = p[k];
            p[k] = p[width - 1 - k];
            p[width - 1 - k] = byte;
        }
    }
}

/* Reads the values of an entry: from the entry itself if they fit, else from the offset in it. */
static eg_status read_values(eg_tiff_tag *tag, const directory *d, const uint8_t *entry,
                             eg_error *error)
{
    eg_context *ctx = d->client->input->ctx;
    size_t word = d->big_tiff ? 8 : 4, width = (size_t)TIFFDataWidth((TIFFDataType)tag->type);
    uint64_t count = load_integer(d, entry + 4, word);
    if (count == 0)
        return EG_OK;
    if (count > ctx->config.max_chunk / width)
        return eg_input_fail(
            d->client->input, error, EG_LIMIT_EXCEEDED,
            "the TIFF directory needs more than the %zu bytes allowed by --max-chunk",
            ctx->config.max_chunk);
    size_t size = (size_t)count * width;
    uint8_t *values = tag->values = eg_alloc(ctx, size + 1, 1, error);
    if (!values)
        return eg_failed(error);
    values[size] = '\0';
    tag->count = (size_t)count;
    if (size <= word)
        memcpy(values, entry + 4 + word, size);
    eg_status status = size <= word ? EG_OK
                                    : read_exactly(d, load_integer(d, entry + 4 + word, word),
                                                   values, size, error);
    if (d->swapped)
        swap_values(values, tag->count, width);
    return status;
}

eg_status eg_tiff_tag_read(eg_tiff_tag *tag, const eg_tiff_client *client, uint16_t number,
                           TIFFDataType type, eg_error *error)
{
    const directory d = {client, TIFFIsBigTIFF(client->tiff), TIFFIsByteSwapped(client->tiff)};
    uint8_t entry[ENTRY_BYTES_MAX];
    bool found;
    eg_error local = {0};
    *tag = (eg_tiff_tag){.type = (uint16_t)type};
    eg_status status = find_entry(&d, number, type, entry, &found, &local);
    if (status == EG_OK && found)
        status = read_values(tag, &d, entry, &local);
    if (status == EG_OK)
        return EG_OK;
    eg_free(tag->values);
    *tag = (eg_tiff_tag){0};
    if (status == EG_BAD_INPUT && client->tolerate)
        return EG_OK;
    return eg_fail(error, local.status, "%s", local.message);
}
