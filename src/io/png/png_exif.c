/* SPDX-License-Identifier: MIT */
/*
 * Finds the EXIF orientation of a PNG. It is in a chunk eXIf (PNG 1.5 extensions, 3.7), which may
 * also follow the image data, or in a text chunk with the keyword "Raw profile type exif" or
 * "APP1", whose text is a line with the name, one with the length in bytes, and hexadecimal digits.
 */
#include "io/png/png_exif.h"

#include <string.h>
#include <strings.h>

#include "io/codecs/zlib_memory.h"
#include "io/png/png_chunk.h"

enum {
    EXIF_MAX = 1 << 20,      /* bytes of a chunk, and of EXIF in text, that are examined */
    TEXT_MAX = 4 * EXIF_MAX, /* bytes of decompressed text that are examined */
    WINDOW = 4096,           /* bytes of a read in which several small chunks may be */
    CHUNKS_MAX = 1 << 20
};

/* ---- raw profiles ---------------------------------------------------------------------------- */

/* Decodes the text of a raw profile as it comes. */
typedef struct profile {
    enum { LINE_BREAK, NAME, GAP, LENGTH, DIGITS } part;
    uint8_t *bytes;
    size_t size, capacity;
    int high; /* the first digit of a byte; -1: none */
} profile;

static int digit_value(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static void decode_digit(profile *p, int c)
{
    int value = digit_value(c);
    if (value < 0 || p->size == p->capacity)
        return;
    if (p->high >= 0)
        p->bytes[p->size++] = (uint8_t)(p->high << 4 | value);
    p->high = p->high < 0 ? value : -1;
}

static void decode_text(profile *p, const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool blank = text[i] == ' ' || text[i] == '\n';
        if (p->part == DIGITS)
            decode_digit(p, text[i]);
        else if (p->part == LINE_BREAK)
            p->part = NAME;
        else if (p->part == NAME)
            p->part = text[i] == '\n' ? GAP : NAME;
        else if (p->part == GAP)
            p->part = blank ? GAP : LENGTH;
        else
            p->part = blank ? DIGITS : LENGTH;
    }
}

/* Decodes a compressed text as far as it is valid, up to TEXT_MAX bytes: 1 MB of zlib's data can
 * expand to 1 GB. */
static eg_status decode_compressed(profile *p, eg_context *ctx, const uint8_t *bytes, size_t size,
                                   eg_error *error)
{
    uint8_t text[4096];
    size_t examined = 0;
    eg_zlib_memory memory = {.ctx = ctx};
    z_stream z = eg_zlib_stream(&memory);
    z.next_in = bytes;
    z.avail_in = (uInt)size;
    int result = inflateInit(&z);
    while (result == Z_OK && p->size < p->capacity && examined < TEXT_MAX) {
        z.next_out = text;
        z.avail_out = sizeof text;
        result = inflate(&z, Z_NO_FLUSH);
        decode_text(p, text, sizeof text - z.avail_out);
        examined += sizeof text - z.avail_out;
        if (z.avail_out == sizeof text)
            break;
    }
    inflateEnd(&z);
    return memory.failure.status == EG_OK ? EG_OK : eg_zlib_fail(&memory, error);
}

/* ---- chunks ---------------------------------------------------------------------------------- */

static bool is_type(const eg_png_exif *exif, const char *type)
{
    return memcmp(exif->header + 4, type, 4) == 0;
}

/* Records the orientation in an EXIF block, unless the block is something else. In some files it is
 * preceded by the name that it has in JPEG. */
static void read_block(eg_png_exif *exif, const uint8_t *bytes, size_t size, bool from_chunk)
{
    static const uint8_t name[6] = "Exif\0";
    if (size > sizeof name && memcmp(bytes, name, sizeof name) == 0) {
        bytes += sizeof name;
        size -= sizeof name;
    }
    if (size < 4 || (memcmp(bytes, "II*", 4) != 0 && memcmp(bytes, "MM\0*", 4) != 0))
        return;
    exif->orientation = eg_exif_orientation(bytes, size);
    exif->from_chunk = from_chunk;
}

/* Returns the offset after the terminating NUL of the string at `at`; `size` if there is none. */
static size_t after_string(const eg_png_exif *exif, size_t at)
{
    const uint8_t *end = at < exif->size ? memchr(exif->data + at, 0, exif->size - at) : NULL;
    return end ? (size_t)(end - exif->data) + 1 : exif->size;
}

/* Finds the text of a text chunk (PNG, 11.3.4): after the keyword, in zTXt the compression method,
 * in iTXt also a flag, a language and a translated keyword. Returns its offset. */
static size_t find_text(const eg_png_exif *exif, bool *compressed)
{
    size_t at = after_string(exif, 0);
    *compressed = is_type(exif, "zTXt");
    if (*compressed)
        return at + 1;
    if (!is_type(exif, "iTXt"))
        return at;
    *compressed = at < exif->size && exif->data[at] != 0;
    return after_string(exif, after_string(exif, at + 2));
}

static eg_status read_profile(eg_png_exif *exif, eg_error *error)
{
    static const char keyword[] = "Raw profile type ";
    const char *kind = (const char *)exif->data + sizeof keyword - 1;
    profile p = {.high = -1, .capacity = EXIF_MAX};
    bool compressed;
    size_t at = find_text(exif, &compressed);
    if (exif->orientation || at >= exif->size || after_string(exif, 0) < sizeof keyword ||
        memcmp(exif->data, keyword, sizeof keyword - 1) != 0 ||
        (strcasecmp(kind, "exif") != 0 && strcasecmp(kind, "APP1") != 0))
        return EG_OK;
    if (!compressed)
        p.capacity = (exif->size - at) / 2 + 1;
    p.bytes = eg_alloc(exif->ctx, p.capacity, 1, error);
    if (!p.bytes)
        return eg_failed(error);
    eg_status status = EG_OK;
    if (compressed)
        status = decode_compressed(&p, exif->ctx, exif->data + at, exif->size - at, error);
    else
        decode_text(&p, exif->data + at, exif->size - at);
    read_block(exif, p.bytes, p.size, false);
    eg_free(p.bytes);
    return status;
}

/* Called at the end of a chunk. */
static eg_status end_chunk(eg_png_exif *exif, eg_error *error)
{
    eg_status status = EG_OK;
    if (exif->data && is_type(exif, "eXIf"))
        read_block(exif, exif->data, exif->size, true);
    else if (exif->data && is_type(exif, "acTL"))
        exif->frames = exif->size < 4 ? 0 : eg_png_be32(exif->data);
    else if (exif->data)
        status = read_profile(exif, error);
    exif->ended = exif->begun && is_type(exif, "IEND");
    exif->begun = true;
    exif->header_size = 0;
    eg_free(exif->data);
    exif->data = NULL;
    return status;
}

/* Called after the header of a chunk. */
static eg_status begin_chunk(eg_png_exif *exif, eg_error *error)
{
    uint32_t length = eg_png_be32(exif->header);
    exif->left = (uint64_t)length + EG_PNG_CHECKSUM_BYTES;
    exif->size = 0;
    exif->capacity = length < EXIF_MAX ? length : EXIF_MAX;
    exif->image_seen |= is_type(exif, "IDAT");
    bool metadata = is_type(exif, "eXIf") || is_type(exif, "tEXt") || is_type(exif, "zTXt") ||
                    is_type(exif, "iTXt");
    if (length == 0 || ((!metadata || exif->from_chunk) && !is_type(exif, "acTL")))
        return EG_OK;
    exif->data = eg_alloc(exif->ctx, exif->capacity, 1, error);
    return exif->data ? EG_OK : eg_failed(error);
}

/* ---- scanning -------------------------------------------------------------------------------- */

/* Takes bytes of the current chunk, its data and its checksum; returns their number. */
static size_t take_bytes(eg_png_exif *exif, const uint8_t *bytes, size_t size)
{
    size_t count = exif->left < size ? (size_t)exif->left : size;
    size_t room = exif->data ? exif->capacity - exif->size : 0;
    size_t kept = count < room ? count : room;
    if (kept > 0)
        memcpy(exif->data + exif->size, bytes, kept);
    exif->size += kept;
    exif->left -= count;
    return count;
}

eg_status eg_png_exif_scan(eg_png_exif *exif, const uint8_t *bytes, size_t size, eg_error *error)
{
    eg_status status = EG_OK;
    if (!exif->begun && exif->header_size == 0) { /* the signature is skipped like a chunk */
        exif->header_size = EG_PNG_CHUNK_HEADER;
        exif->left = EG_PNG_SIGNATURE_BYTES;
    }
    for (; size > 0 && !exif->ended && status == EG_OK;) {
        size_t count = 1;
        if (exif->header_size < EG_PNG_CHUNK_HEADER) {
            exif->header[exif->header_size++] = *bytes;
            if (exif->header_size == EG_PNG_CHUNK_HEADER)
                status = begin_chunk(exif, error);
        } else {
            count = take_bytes(exif, bytes, size);
            if (exif->left == 0)
                status = end_chunk(exif, error);
        }
        bytes += count;
        size -= count;
    }
    return status;
}

/* Reads a window, in which several small chunks may be, or only the header after a large chunk. */
eg_status eg_png_exif_look(eg_png_exif *exif, eg_input *input, bool *done, eg_error *error)
{
    uint8_t bytes[WINDOW];
    off_t base;
    uint64_t at = EG_PNG_SIGNATURE_BYTES, size;
    size_t window = WINDOW;
    eg_status status = EG_OK;
    *done = eg_input_file_range(input, &base, &size);
    exif->begun = true;
    for (int chunks = 0; *done && status == EG_OK && !exif->ended && at < size;) {
        if (exif->from_chunk && exif->image_seen)
            break;
        if (exif->header_size == EG_PNG_CHUNK_HEADER &&
            !exif->data) { /* skips the data of the chunk */
            window = exif->left < WINDOW ? WINDOW : EG_PNG_CHUNK_HEADER;
            at += exif->left;
            exif->left = 0;
            *done = ++chunks < CHUNKS_MAX;
            status = end_chunk(exif, error);
            continue;
        }
        size_t wanted = exif->data && exif->left < sizeof bytes ? (size_t)exif->left : sizeof bytes;
        size_t got = eg_input_look(input, at, bytes, exif->data ? wanted : window);
        if (got == 0)
            return eg_input_look_status(input, error);
        status = eg_png_exif_scan(exif, bytes, got, error);
        at += got;
    }
    return status;
}

void eg_png_exif_free(eg_png_exif *exif)
{
    eg_free(exif->data);
    *exif = (eg_png_exif){.ctx = exif->ctx};
}
