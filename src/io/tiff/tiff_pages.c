/* SPDX-License-Identifier: MIT */
/*
 * Walks the chain of directories (TIFF 6.0, section 2; BigTIFF) and reads of each only the tags
 * that tell its kind. libtiff would parse and check all tags of every directory.
 */
#include "io/tiff/tiff_pages.h"

#include <stdlib.h>
#include <string.h>

#include <tiff.h>

enum {
    ENTRY_BYTES_MAX = 20, /* size of a directory entry: 12 bytes, in BigTIFF 20 */
    ENTRIES_PER_READ = 64,
    SUB_DIRECTORIES = 8, /* of the first directory, looked at for camera raw data */
    TAG_DNG_VERSION = 50706,
    PHOTOMETRIC_LINEAR_RAW = 34892,
    SUBFILE_AUXILIARY = 8, /* depth map of DNG */
};

/* A text in the file; size 0: none. */
typedef struct text_value {
    uint64_t at, size;
} text_value;

/* Values of the tags of a directory. */
typedef struct page_tags {
    uint32_t width, height, photometric, compression;
    uint32_t new_subfile, old_subfile;
    bool dng;
    uint32_t depth; /* slices of a volume (SGI's tag ImageDepth) */
    text_value make, description;
    uint64_t sub_at, sub_count; /* SubIFDs: offset of the table, or of the only directory */
} page_tags;

typedef struct walk {
    const eg_random_access *access;
    bool big_tiff, big_endian;
    uint64_t budget;   /* bytes of directories that may still be read */
    uint64_t *offsets; /* of the directories */
    size_t count, capacity;
    page_tags first;
    bool raw_page;    /* a directory of the chain has camera raw data */
    eg_error failure; /* of reading the file: the chain may be longer */
} walk;

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Decodes an unsigned integer of `bytes` bytes. */
static uint64_t load_integer(const walk *w, const uint8_t *p, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | p[w->big_endian ? i : bytes - 1 - i];
    return value;
}

/* Reads exactly `size` bytes; returns false if they are not there or the budget is spent. */
static bool read_exactly(walk *w, uint64_t at, void *bytes, size_t size)
{
    size_t got = 0;
    if (size > w->budget)
        return false;
    w->budget -= size;
    return eg_random_access_read(w->access, at, bytes, size, &got, &w->failure) == EG_OK &&
           got == size;
}

static eg_status fail_read(const walk *w, eg_error *error)
{
    return eg_fail(error, w->failure.status, "%s", w->failure.message);
}

/* Reads the header and sets *first to the offset of the first directory. */
static bool read_header(walk *w, uint64_t *first)
{
    uint8_t bytes[16];
    if (!read_exactly(w, 0, bytes, sizeof bytes / 2))
        return false;
    w->big_endian = bytes[0] == 'M';
    w->big_tiff = load_integer(w, bytes + 2, 2) == TIFF_VERSION_BIG;
    if (w->big_tiff && !read_exactly(w, 0, bytes, sizeof bytes))
        return false;
    *first = w->big_tiff ? load_integer(w, bytes + 8, 8) : load_integer(w, bytes + 4, 4);
    return *first != 0;
}

/* Reads a text, truncated to size - 1 bytes, without spaces at its end; empty if it is not there.
 */
static void read_text(walk *w, const text_value *text, char *out, size_t size)
{
    size_t length = text->size < size - 1 ? (size_t)text->size : size - 1;
    memset(out, 0, size);
    if (!read_exactly(w, text->at, out, length))
        *out = '\0';
    for (length = strlen(out); length > 0 && out[length - 1] == ' ';)
        out[--length] = '\0';
}

/* ---- a directory ----------------------------------------------------------------------------- */

/* Returns the first value of an entry whose values are integers; 0 if they are something else. */
static uint64_t entry_value(const walk *w, const uint8_t *entry)
{
    static const uint8_t type_bytes[] = {[TIFF_BYTE] = 1, [TIFF_SHORT] = 2, [TIFF_LONG] = 4,
                                         [TIFF_IFD] = 4,  [TIFF_LONG8] = 8, [TIFF_IFD8] = 8};
    uint64_t type = load_integer(w, entry + 2, 2);
    size_t bytes = type < sizeof type_bytes ? type_bytes[type] : 0;
    return bytes <= (w->big_tiff ? 8u : 4u) ? load_integer(w, entry + (w->big_tiff ? 12 : 8), bytes)
                                            : 0;
}

/* Records an entry in `tags`; `at` is its offset in the file. */
static void read_entry(const walk *w, page_tags *tags, const uint8_t *entry, uint64_t at)
{
    const size_t word = w->big_tiff ? 8 : 4;
    const uint64_t count = load_integer(w, entry + 4, word), value = entry_value(w, entry);
    const uint64_t offset = load_integer(w, entry + 4 + word, word);
    const text_value text = {count <= word ? at + 4 + word : offset, count};
    switch (load_integer(w, entry, 2)) {
    case TIFFTAG_SUBFILETYPE:
        tags->new_subfile = (uint32_t)value;
        break;
    case TIFFTAG_OSUBFILETYPE:
        tags->old_subfile = (uint32_t)value;
        break;
    case TIFFTAG_IMAGEWIDTH:
        tags->width = (uint32_t)value;
        break;
    case TIFFTAG_IMAGELENGTH:
        tags->height = (uint32_t)value;
        break;
    case TIFFTAG_COMPRESSION:
        tags->compression = (uint32_t)value;
        break;
    case TIFFTAG_PHOTOMETRIC:
        tags->photometric = (uint32_t)value;
        break;
    case TAG_DNG_VERSION:
        tags->dng = true;
        break;
    case TIFFTAG_IMAGEDEPTH:
        tags->depth = (uint32_t)value;
        break;
    case TIFFTAG_MAKE:
        tags->make = text;
        break;
    case TIFFTAG_IMAGEDESCRIPTION:
        tags->description = text;
        break;
    case TIFFTAG_SUBIFD:
        tags->sub_count = count;
        tags->sub_at = count == 1 ? value : offset;
        break;
    default:
        break;
    }
}

/* Reads the directory at `offset`, and the offset of the next one in *next (0: it is the last);
 * returns false if it is damaged. */
static bool read_directory(walk *w, uint64_t offset, page_tags *tags, uint64_t *next)
{
    const size_t count_bytes = w->big_tiff ? 8 : 2, entry_bytes = w->big_tiff ? 20 : 12;
    uint8_t bytes[ENTRIES_PER_READ * ENTRY_BYTES_MAX];
    *tags = (page_tags){.compression = COMPRESSION_NONE, .photometric = PHOTOMETRIC_MINISBLACK};
    if (!read_exactly(w, offset, bytes, count_bytes))
        return false;
    uint64_t left = load_integer(w, bytes, count_bytes);
    offset += count_bytes;
    while (left > 0) {
        size_t count = left < ENTRIES_PER_READ ? (size_t)left : ENTRIES_PER_READ;
        if (!read_exactly(w, offset, bytes, count * entry_bytes))
            return false;
        for (size_t i = 0; i < count; i++)
            read_entry(w, tags, bytes + i * entry_bytes, offset + i * entry_bytes);
        offset += count * entry_bytes;
        left -= count;
    }
    /* some writers omit the offset after the last directory, as libtiff accepts */
    *next = read_exactly(w, offset, bytes, w->big_tiff ? 8 : 4)
                ? load_integer(w, bytes, w->big_tiff ? 8 : 4)
                : 0;
    return true;
}

static eg_page_kind page_kind(const page_tags *tags)
{
    if ((tags->new_subfile & FILETYPE_MASK) || tags->photometric == PHOTOMETRIC_MASK)
        return EG_PAGE_MASK;
    if ((tags->new_subfile & FILETYPE_REDUCEDIMAGE) || tags->old_subfile == OFILETYPE_REDUCEDIMAGE)
        return EG_PAGE_REDUCED;
    return tags->new_subfile & SUBFILE_AUXILIARY ? EG_PAGE_AUXILIARY : EG_PAGE_IMAGE;
}

/* ---- the chain ------------------------------------------------------------------------------- */

static eg_status add_directory(walk *w, eg_source *source, uint64_t offset, const page_tags *tags,
                               eg_error *error)
{
    const eg_page page = {tags->width, tags->height, page_kind(tags)};
    if (w->count == w->capacity) {
        size_t capacity = w->capacity ? 2 * w->capacity : 16;
        uint64_t *larger = eg_alloc(source->ctx, capacity, sizeof *larger, error);
        if (!larger)
            return eg_failed(error);
        if (w->count > 0)
            memcpy(larger, w->offsets, w->count * sizeof *larger);
        eg_free(w->offsets);
        w->offsets = larger;
        w->capacity = capacity;
    }
    w->offsets[w->count++] = offset;
    return eg_source_add_page(source, &page, error);
}

/* Cuts the list of a chain that is a loop of `period` directories before the first repetition. */
static void cut_loop(walk *w, eg_source *source, size_t period)
{
    size_t start = 0;
    while (start + period < w->count && w->offsets[start] != w->offsets[start + period])
        start++;
    if (start + period < w->count)
        source->page_count = w->count = start + period;
}

static bool has_raw_data(const page_tags *tags)
{
    /* Nikon, Sony, Epson, Samsung (2), Kodak, Pentax */
    static const uint16_t compressions[] = {34713, 32767, 32769, 32770, 32772, 65000, 65535};
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
        if (tags->compression == compressions[i])
            return true;
    return tags->photometric == PHOTOMETRIC_CFA || tags->photometric == PHOTOMETRIC_LINEAR_RAW;
}

/* Adds the directories of the chain to the list. A chain that returns to an earlier directory is
 * noticed by comparing with one that stays behind for ever longer (Brent's algorithm). */
static eg_status walk_chain(walk *w, eg_source *source, uint64_t offset, eg_error *error)
{
    uint64_t mark = 0, next;
    size_t mark_at = 0;
    page_tags tags;
    for (; offset != 0; offset = next) {
        if (offset == mark) {
            cut_loop(w, source, w->count - mark_at);
            return EG_OK;
        }
        if ((w->count & (w->count - 1)) == 0) {
            mark = offset;
            mark_at = w->count;
        }
        if (!read_directory(w, offset, &tags, &next))
            return EG_OK;
        if (w->count == 0)
            w->first = tags;
        w->raw_page |= has_raw_data(&tags);
        eg_status status = add_directory(w, source, offset, &tags, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

/* ---- camera raw images ----------------------------------------------------------------------- */

/* Returns true if a subdirectory of the first directory has camera raw data. */
static bool has_raw_below(walk *w)
{
    const size_t word = w->big_tiff ? 8 : 4;
    page_tags tags;
    for (uint64_t i = 0; i < w->first.sub_count && i < SUB_DIRECTORIES; i++) {
        uint8_t bytes[8];
        uint64_t next, at = w->first.sub_at;
        if (w->first.sub_count > 1) {
            if (!read_exactly(w, at + i * word, bytes, word))
                return false;
            at = load_integer(w, bytes, word);
        }
        if (read_directory(w, at, &tags, &next) && has_raw_data(&tags))
            return true;
    }
    return false;
}

/* Returns true if the file is a camera raw image: Canon's by its signature, others by raw data in
 * the first directory, or by a preview in its place. */
static bool is_camera_raw(walk *w)
{
    static const uint8_t canon[] = {'I', 'I', 42, 0, 16, 0, 0, 0, 'C', 'R', 2};
    uint8_t head[sizeof canon];
    if (read_exactly(w, 0, head, sizeof head) && memcmp(head, canon, sizeof head) == 0)
        return true;
    if (has_raw_data(&w->first))
        return true;
    return page_kind(&w->first) != EG_PAGE_IMAGE &&
           (w->first.dng || w->raw_page || has_raw_below(w));
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* Chooses page number `page`, or with 0 the first full image. */
static eg_status choose_page(eg_tiff_choice *choice, eg_source *source, const walk *w,
                             const eg_input *input, int page, eg_error *error)
{
    size_t index = page > 0 ? (size_t)page - 1 : 0;
    if (page > 1 && index >= w->count)
        return eg_fail_page(input->name, page, w->count, error);
    while (page == 0 && index < w->count && source->pages[index].kind != EG_PAGE_IMAGE)
        index++;
    if (index >= w->count)
        index = 0;
    source->info.page = (int)index + 1;
    choice->directory = index > 0 ? w->offsets[index] : 0;
    if (page == 0 && source->pages[index].kind != EG_PAGE_IMAGE)
        eg_source_warn(source, "has no full image; page 1, which is read, is marked as %s",
                       source->pages[index].kind == EG_PAGE_MASK ? "a mask" : "a reduced copy");
    return EG_OK;
}

/* Warns if the only directory is that of several images: of a volume, or of a stack whose other
 * images ImageJ stores after the first one without directories, as for files of more than 4 GB. */
static void warn_of_stack(walk *w, eg_source *source)
{
    char text[256];
    if (w->first.depth > 1)
        eg_source_warn(source, "is a volume; only the first of its %u slices is read",
                       w->first.depth);
    read_text(w, &w->first.description, text, sizeof text);
    const char *images = strncmp(text, "ImageJ=", 7) == 0 ? strstr(text, "\nimages=") : NULL;
    long count = images ? strtol(images + 8, NULL, 10) : 1;
    if (count > 1)
        eg_source_warn(source, "is an ImageJ stack; only the first of its %ld images is read",
                       count);
}

eg_status eg_tiff_pages_read(eg_tiff_choice *choice, eg_source *source, const eg_input *input,
                             const eg_random_access *access, int page, eg_error *error)
{
    walk w = {.access = access, .budget = source->ctx->config.max_chunk};
    uint64_t first;
    eg_status status = EG_OK;
    *choice = (eg_tiff_choice){0};
    source->info.page = 1;
    if (!read_header(&w, &first)) /* else the reader says what is wrong */
        return w.failure.status == EG_OK ? EG_OK : fail_read(&w, error);
    status = walk_chain(&w, source, first, error);
    if (status == EG_OK && w.count > 0)
        status = choose_page(choice, source, &w, input, page, error);
    if (status == EG_OK && w.count > 0 && page == 0 && is_camera_raw(&w)) {
        choice->camera_raw = true;
        read_text(&w, &w.first.make, choice->make, sizeof choice->make);
    }
    if (status == EG_OK && w.count == 1)
        warn_of_stack(&w, source);
    if (source->page_count == 1)
        source->page_count = 0;
    eg_free(w.offsets);
    return status == EG_OK && w.failure.status != EG_OK ? fail_read(&w, error) : status;
}
