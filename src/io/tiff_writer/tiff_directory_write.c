/* SPDX-License-Identifier: MIT */
/* Writes the header and the directory of a file (TIFF 6.0, section 2; BigTIFF), in native byte
 * order. The directory follows the blocks, and the values of its tags follow it. */
#include <string.h>

#include "io/tiff_writer/tiff_write.h"

enum { HEADER_MAX = 16, ENTRY_MAX = 20, DIRECTORY_MAX = EG_TIFF_TAGS * ENTRY_MAX + 16 };

/* ---- tags ------------------------------------------------------------------------------------ */

static size_t type_bytes(TIFFDataType type)
{
    switch (type) {
    case TIFF_SHORT:
        return 2;
    case TIFF_LONG:
        return 4;
    case TIFF_LONG8:
    case TIFF_DOUBLE:
        return 8;
    default:
        return 1;
    }
}

/* Returns the entry of the tag: that which has it, or a new one in its place. NULL: there are too
 * many. */
static eg_tiff_entry *find_entry(eg_tiff_tags *tags, unsigned tag)
{
    size_t at = 0;
    while (at < tags->count && tags->entries[at].tag < tag)
        at++;
    eg_tiff_entry *entry = &tags->entries[at];
    if (at < tags->count && entry->tag == tag) {
        eg_free(entry->values);
    } else {
        if (tags->count == EG_TIFF_TAGS)
            return NULL;
        memmove(entry + 1, entry, (tags->count - at) * sizeof *entry);
        tags->count++;
    }
    *entry = (eg_tiff_entry){.tag = (uint16_t)tag};
    return entry;
}

void eg_tiff_put(eg_tiff_tags *tags, unsigned tag, TIFFDataType type, size_t count,
                 const void *values)
{
    eg_tiff_entry *entry = tags->failure.status == EG_OK ? find_entry(tags, tag) : NULL;
    if (!entry) {
        if (tags->failure.status == EG_OK)
            eg_fail(&tags->failure, EG_LIMIT_EXCEEDED, "too many tags in a TIFF");
        return;
    }
    entry->type = (uint16_t)type;
    entry->count = count;
    entry->bytes = count * type_bytes(type);
    uint8_t *to = entry->word;
    if (entry->bytes > sizeof entry->word)
        to = entry->values = eg_alloc(tags->ctx, entry->bytes, 1, &tags->failure);
    if (to)
        memcpy(to, values, entry->bytes);
}

void eg_tiff_put_short(eg_tiff_tags *tags, unsigned tag, uint16_t value)
{
    eg_tiff_put(tags, tag, TIFF_SHORT, 1, &value);
}

void eg_tiff_put_size(eg_tiff_tags *tags, unsigned tag, uint32_t value)
{
    if (value <= UINT16_MAX)
        eg_tiff_put_short(tags, tag, (uint16_t)value);
    else
        eg_tiff_put(tags, tag, TIFF_LONG, 1, &value);
}

void eg_tiff_put_text(eg_tiff_tags *tags, unsigned tag, const char *text)
{
    eg_tiff_put(tags, tag, TIFF_ASCII, strlen(text) + 1, text);
}

void eg_tiff_tags_free(eg_tiff_tags *tags)
{
    for (size_t i = 0; i < tags->count; i++)
        eg_free(tags->entries[i].values);
    tags->count = 0;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Appends an integer of `bytes` bytes, 2, 4 or 8, in native byte order. */
static uint8_t *append_integer(uint8_t *to, uint64_t value, size_t bytes)
{
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    const void *from = bytes == 2   ? (const void *)&half
                       : bytes == 4 ? (const void *)&word
                                    : (const void *)&value;
    memcpy(to, from, bytes);
    return to + bytes;
}

eg_status eg_tiff_header_write(eg_output *output, bool big, uint64_t *size, eg_error *error)
{
    const uint16_t order =
        __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? TIFF_BIGENDIAN : TIFF_LITTLEENDIAN;
    uint8_t bytes[HEADER_MAX];
    uint8_t *end = append_integer(bytes, order, 2);
    end = append_integer(end, big ? TIFF_VERSION_BIG : TIFF_VERSION_CLASSIC, 2);
    if (big) {
        end = append_integer(end, 8, 2); /* bytes of an offset */
        end = append_integer(end, 0, 2);
    }
    end = append_integer(end, 0, big ? 8 : 4);
    *size = (uint64_t)(end - bytes);
    return eg_output_write(output, bytes, (size_t)*size, error);
}

/* Returns the bytes of the directory without the values that lie outside it. */
static size_t directory_bytes(const eg_tiff_tags *tags, bool big)
{
    return big ? 8 + tags->count * 20 + 8 : 2 + tags->count * 12 + 4;
}

/* Returns true if the values of the entry lie outside the directory. */
static bool is_outside(const eg_tiff_entry *entry, bool big)
{
    return entry->bytes > (big ? 8u : 4u);
}

/* Makes the bytes of the directory at `offset`; values outside follow it, each at an even offset.
 */
static void make_directory(uint8_t *to, const eg_tiff_tags *tags, bool big, uint64_t offset)
{
    const size_t word = big ? 8 : 4;
    uint64_t next = offset + directory_bytes(tags, big);
    to = append_integer(to, tags->count, big ? 8 : 2);
    for (size_t i = 0; i < tags->count; i++) {
        const eg_tiff_entry *entry = &tags->entries[i];
        to = append_integer(to, entry->tag, 2);
        to = append_integer(to, entry->type, 2);
        to = append_integer(to, entry->count, word);
        if (is_outside(entry, big)) {
            append_integer(to, next, word);
            next += entry->bytes + (entry->bytes & 1);
        } else {
            memset(to, 0, word);
            memcpy(to, entry->word, entry->bytes);
        }
        to += word;
    }
    append_integer(to, 0, word); /* no next directory */
}

/* Writes the values outside the directory. */
static eg_status write_values(const eg_tiff_tags *tags, eg_output *output, bool big,
                              eg_error *error)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < tags->count && status == EG_OK; i++) {
        const eg_tiff_entry *entry = &tags->entries[i];
        if (!is_outside(entry, big))
            continue;
        status = eg_output_write(output, entry->values ? entry->values : entry->word, entry->bytes,
                                 error);
        if (status == EG_OK && (entry->bytes & 1))
            status = eg_output_write(output, "", 1, error);
    }
    return status;
}

eg_status eg_tiff_directory_write(const eg_tiff_tags *tags, eg_output *output, bool big,
                                  uint64_t end, eg_error *error)
{
    uint8_t bytes[DIRECTORY_MAX], pointer[8];
    const uint64_t offset = end + (end & 1);
    make_directory(bytes, tags, big, offset);
    eg_status status = end & 1 ? eg_output_write(output, "", 1, error) : EG_OK;
    if (status == EG_OK)
        status = eg_output_write(output, bytes, directory_bytes(tags, big), error);
    if (status == EG_OK)
        status = write_values(tags, output, big, error);
    append_integer(pointer, offset, big ? 8 : 4);
    if (status == EG_OK)
        status = eg_output_seek(output, big ? 8 : 4, error);
    return status == EG_OK ? eg_output_write(output, pointer, big ? 8 : 4, error) : status;
}
