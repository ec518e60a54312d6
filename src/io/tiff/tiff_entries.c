/* SPDX-License-Identifier: MIT */
/* Reads the entries of a directory and the values of the tags that describe an image. */
#include "io/tiff/tiff_entries.h"

#include <string.h>

#include "io/codecs/predictor.h"

enum {
    ENTRY_MAX = 20,     /* size of an entry: 12 bytes, in a BigTIFF 20 */
    ENTRIES_MAX = 4096, /* entries of a directory, as in libtiff */
    ENTRIES_PER_READ = 64,
    VALUES_MAX = 512 * 1024 /* bytes of the values of a loaded tag: a palette of 65536 colours */
};

/* The tags whose values are loaded, sorted. */
static const uint16_t loaded_tags[] = {
    TIFFTAG_SUBFILETYPE,
    TIFFTAG_IMAGEWIDTH,
    TIFFTAG_IMAGELENGTH,
    TIFFTAG_BITSPERSAMPLE,
    TIFFTAG_COMPRESSION,
    TIFFTAG_PHOTOMETRIC,
    TIFFTAG_FILLORDER,
    TIFFTAG_ORIENTATION,
    TIFFTAG_SAMPLESPERPIXEL,
    TIFFTAG_ROWSPERSTRIP,
    TIFFTAG_PLANARCONFIG,
    TIFFTAG_PREDICTOR,
    TIFFTAG_WHITEPOINT,
    TIFFTAG_COLORMAP,
    TIFFTAG_TILEWIDTH,
    TIFFTAG_TILELENGTH,
    TIFFTAG_INKSET,
    TIFFTAG_NUMBEROFINKS,
    TIFFTAG_DOTRANGE,
    TIFFTAG_EXTRASAMPLES,
    TIFFTAG_SAMPLEFORMAT,
    TIFFTAG_JPEGTABLES,
    TIFFTAG_YCBCRCOEFFICIENTS,
    TIFFTAG_YCBCRSUBSAMPLING,
    TIFFTAG_REFERENCEBLACKWHITE,
};

/* ---- bytes ----------------------------------------------------------------------------------- */

uint64_t eg_tiff_integer(const eg_tiff_directory *d, const uint8_t *p, size_t bytes)
{
    bool big_endian = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) != d->swapped;
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | p[big_endian ? i : bytes - 1 - i];
    return value;
}

eg_status eg_tiff_read_exactly(const eg_tiff_directory *d, uint64_t offset, void *bytes,
                               size_t size, eg_error *error)
{
    size_t got;
    eg_status status = eg_random_access_read(d->access, offset, bytes, size, &got, error);
    if (status == EG_OK && got < size)
        return eg_input_fail(d->input, error, EG_BAD_INPUT,
                             "truncated: the TIFF directory is incomplete");
    return status;
}

size_t eg_tiff_type_bytes(unsigned type)
{
    static const uint8_t bytes[] = {
        [TIFF_BYTE] = 1,     [TIFF_ASCII] = 1,     [TIFF_SHORT] = 2,     [TIFF_LONG] = 4,
        [TIFF_RATIONAL] = 8, [TIFF_SBYTE] = 1,     [TIFF_UNDEFINED] = 1, [TIFF_SSHORT] = 2,
        [TIFF_SLONG] = 4,    [TIFF_SRATIONAL] = 8, [TIFF_FLOAT] = 4,     [TIFF_DOUBLE] = 8,
        [TIFF_IFD] = 4,      [TIFF_LONG8] = 8,     [TIFF_SLONG8] = 8,    [TIFF_IFD8] = 8};
    return type < sizeof bytes ? bytes[type] : 0;
}

static eg_status fail_damaged(const eg_tiff_directory *d, eg_error *error, const char *what)
{
    return eg_input_fail(d->input, error, EG_BAD_INPUT, "the TIFF directory is damaged: %s", what);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Reads the header, and the offset of the first directory if *offset is 0. */
static eg_status read_header(eg_tiff_directory *d, eg_error *error)
{
    uint8_t bytes[16];
    eg_status status = eg_tiff_read_exactly(d, 0, bytes, 8, error);
    if (status != EG_OK)
        return status;
    d->swapped = (bytes[0] == 'M') != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    d->big = eg_tiff_integer(d, bytes + 2, 2) == TIFF_VERSION_BIG;
    if (d->big)
        status = eg_tiff_read_exactly(d, 0, bytes, sizeof bytes, error);
    if (status != EG_OK)
        return status;
    if (d->big && eg_tiff_integer(d, bytes + 4, 2) != 8)
        return fail_damaged(d, error, "its offsets have not 8 bytes");
    if (d->offset == 0)
        d->offset = d->big ? eg_tiff_integer(d, bytes + 8, 8) : eg_tiff_integer(d, bytes + 4, 4);
    return EG_OK;
}

/* Reads the entries from `at` on; `bytes` is the size of one. */
static eg_status read_entries(eg_tiff_directory *d, uint64_t at, size_t bytes, eg_error *error)
{
    uint8_t raw[ENTRIES_PER_READ * ENTRY_MAX];
    const size_t word = d->big ? 8 : 4;
    for (size_t i = 0; i < d->count; i++, at += bytes) {
        const size_t k = i % ENTRIES_PER_READ, left = d->count - i;
        const uint8_t *p = raw + k * bytes;
        if (k == 0) {
            size_t size = (left < ENTRIES_PER_READ ? left : ENTRIES_PER_READ) * bytes;
            eg_status status = eg_tiff_read_exactly(d, at, raw, size, error);
            if (status != EG_OK)
                return status;
        }
        eg_tiff_field *field = &d->fields[i];
        *field = (eg_tiff_field){.tag = (uint16_t)eg_tiff_integer(d, p, 2),
                                 .type = (uint16_t)eg_tiff_integer(d, p + 2, 2),
                                 .count = eg_tiff_integer(d, p + 4, word)};
        const size_t width = eg_tiff_type_bytes(field->type);
        const bool inside = width == 0 || field->count <= word / width;
        field->at = inside ? at + 4 + word : eg_tiff_integer(d, p + 4 + word, word);
    }
    return EG_OK;
}

/* Reads the offset of the next directory, which some writers omit. */
static eg_status read_next(eg_tiff_directory *d, uint64_t at, eg_error *error)
{
    uint8_t bytes[8];
    const size_t word = d->big ? 8 : 4;
    size_t got;
    eg_status status = eg_random_access_read(d->access, at, bytes, word, &got, error);
    d->next = status == EG_OK && got == word ? eg_tiff_integer(d, bytes, word) : 0;
    return status;
}

static eg_status read_fields(eg_tiff_directory *d, eg_error *error)
{
    uint8_t bytes[8];
    const size_t counter = d->big ? 8 : 2, entry = d->big ? ENTRY_MAX : 12;
    eg_status status = eg_tiff_read_exactly(d, d->offset, bytes, counter, error);
    if (status != EG_OK)
        return status;
    const uint64_t count = eg_tiff_integer(d, bytes, counter);
    if (count == 0 || count > ENTRIES_MAX)
        return fail_damaged(d, error, count == 0 ? "it has no entries" : "it has too many entries");
    d->count = (size_t)count;
    d->fields = eg_alloc(d->input->ctx, d->count, sizeof *d->fields, error);
    if (!d->fields)
        return eg_failed(error);
    status = read_entries(d, d->offset + counter, entry, error);
    return status == EG_OK ? read_next(d, d->offset + counter + count * entry, error) : status;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Returns true for the tables of blocks, which are read when a block is needed. */
static bool is_block_table(unsigned tag)
{
    return tag == TIFFTAG_STRIPOFFSETS || tag == TIFFTAG_STRIPBYTECOUNTS ||
           tag == TIFFTAG_TILEOFFSETS || tag == TIFFTAG_TILEBYTECOUNTS;
}

/* Checks that the values of the tags lie in the file and are not too large in all. Without that
 * --tolerate makes the directory a damaged one; with it such a tag is ignored. */
static eg_status check_values(eg_tiff_directory *d, eg_error *error)
{
    const uint64_t size = eg_random_access_size(d->access);
    uint64_t left = d->input->ctx->config.max_chunk;
    for (size_t i = 0; i < d->count; i++) {
        eg_tiff_field *field = &d->fields[i];
        const size_t width = eg_tiff_type_bytes(field->type);
        if (is_block_table(field->tag) || width == 0)
            continue;
        if (field->at > size || field->count > (size - field->at) / width) {
            if (!d->tolerate)
                return eg_input_fail(d->input, error, EG_BAD_INPUT,
                                     "truncated: the TIFF directory is incomplete");
            field->type = TIFF_NOTYPE;
            field->count = 0;
            continue;
        }
        if (field->count > left / width)
            return eg_input_fail(
                d->input, error, EG_LIMIT_EXCEEDED,
                "the TIFF directory needs more than the %zu bytes allowed by --max-chunk",
                d->input->ctx->config.max_chunk);
        left -= field->count * width;
    }
    return EG_OK;
}

/* Returns the size of the values of a tag that is to be loaded, rounded up to 8 bytes, else 0. */
static size_t loaded_bytes(const eg_tiff_field *field)
{
    bool wanted = false;
    for (size_t i = 0; i < sizeof loaded_tags / sizeof *loaded_tags; i++)
        wanted |= loaded_tags[i] == field->tag;
    const size_t width = eg_tiff_type_bytes(field->type);
    if (!wanted || width == 0 || field->count > VALUES_MAX / width)
        return 0;
    return ((size_t)field->count * width + 7) / 8 * 8;
}

static eg_status load_values(eg_tiff_directory *d, eg_error *error)
{
    size_t size = 1, used = 0;
    for (size_t i = 0; i < d->count; i++)
        size += loaded_bytes(&d->fields[i]);
    d->values = eg_alloc(d->input->ctx, size, 1, error);
    if (!d->values)
        return eg_failed(error);
    for (size_t i = 0; i < d->count; i++) {
        eg_tiff_field *field = &d->fields[i];
        const size_t room = loaded_bytes(field), width = eg_tiff_type_bytes(field->type);
        if (room == 0)
            continue;
        uint8_t *values = d->values + used;
        eg_status status =
            eg_tiff_read_exactly(d, field->at, values, (size_t)field->count * width, error);
        if (status != EG_OK)
            return status;
        const bool fraction = field->type == TIFF_RATIONAL || field->type == TIFF_SRATIONAL;
        if (d->swapped)
            eg_swap_bytes(values, fraction ? 4 : (unsigned)width,
                          (size_t)field->count * (fraction ? 2 : 1));
        field->values = values;
        used += room;
    }
    return EG_OK;
}

/* ---- the directory --------------------------------------------------------------------------- */

eg_status eg_tiff_directory_read(eg_tiff_directory *d, eg_input *input,
                                 const eg_random_access *access, uint64_t offset, bool tolerate,
                                 eg_error *error)
{
    *d = (eg_tiff_directory){
        .input = input, .access = access, .tolerate = tolerate, .offset = offset};
    eg_status status = read_header(d, error);
    if (status == EG_OK)
        status = read_fields(d, error);
    if (status == EG_OK)
        status = check_values(d, error);
    if (status == EG_OK)
        status = load_values(d, error);
    if (status != EG_OK)
        eg_tiff_directory_free(d);
    return status;
}

void eg_tiff_directory_free(eg_tiff_directory *d)
{
    eg_free(d->fields);
    eg_free(d->values);
    *d = (eg_tiff_directory){0};
}

const eg_tiff_field *eg_tiff_find(const eg_tiff_directory *d, unsigned tag)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->fields[i].tag == tag)
            return &d->fields[i];
    return NULL;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Returns integer number `i`; -1: it is none, negative or too large. */
static int64_t integer_at(const eg_tiff_field *field, size_t i)
{
    const uint8_t *p = field->values + i * eg_tiff_type_bytes(field->type);
    int16_t half;
    uint32_t word;
    int64_t pair;
    switch (field->type) {
    case TIFF_BYTE:
    case TIFF_UNDEFINED:
        return *p;
    case TIFF_SBYTE:
        return (int8_t)*p;
    case TIFF_SHORT:
    case TIFF_SSHORT:
        memcpy(&half, p, sizeof half);
        return field->type == TIFF_SHORT ? (uint16_t)half : half;
    case TIFF_LONG:
    case TIFF_IFD:
    case TIFF_SLONG:
        memcpy(&word, p, sizeof word);
        return field->type == TIFF_SLONG ? (int64_t)(int32_t)word : (int64_t)word;
    case TIFF_LONG8:
    case TIFF_SLONG8:
    case TIFF_IFD8:
        memcpy(&pair, p, sizeof pair);
        return pair <= UINT32_MAX ? pair : -1;
    default:
        return -1;
    }
}

uint32_t eg_tiff_number(const eg_tiff_directory *d, unsigned tag, size_t i, uint32_t fallback)
{
    const eg_tiff_field *field = eg_tiff_find(d, tag);
    const int64_t value = field && field->values && i < field->count ? integer_at(field, i) : -1;
    return value < 0 ? fallback : (uint32_t)value;
}

size_t eg_tiff_number_count(const eg_tiff_directory *d, unsigned tag)
{
    const eg_tiff_field *field = eg_tiff_find(d, tag);
    return field && field->values && field->count > 0 && integer_at(field, 0) >= 0
               ? (size_t)field->count
               : 0;
}

/* Returns number `i` of a field with values. */
static float float_at(const eg_tiff_field *field, size_t i)
{
    const uint8_t *p = field->values + i * eg_tiff_type_bytes(field->type);
    uint32_t fraction[2];
    float single;
    double value;
    switch (field->type) {
    case TIFF_RATIONAL:
        memcpy(fraction, p, sizeof fraction);
        return fraction[1] ? (float)((double)fraction[0] / fraction[1]) : 0;
    case TIFF_SRATIONAL:
        memcpy(fraction, p, sizeof fraction);
        return fraction[1] ? (float)((double)(int32_t)fraction[0] / (int32_t)fraction[1]) : 0;
    case TIFF_FLOAT:
        memcpy(&single, p, sizeof single);
        return single;
    case TIFF_DOUBLE:
        memcpy(&value, p, sizeof value);
        return (float)value;
    default:
        return (float)integer_at(field, i);
    }
}

bool eg_tiff_floats(const eg_tiff_directory *d, unsigned tag, float *values, size_t count)
{
    const eg_tiff_field *field = eg_tiff_find(d, tag);
    if (!field || !field->values || field->count < count)
        return false;
    for (size_t i = 0; i < count; i++)
        values[i] = float_at(field, i);
    return true;
}
