/* SPDX-License-Identifier: MIT */
/*
 * Reads the index of a Multi-Picture Object (CIPA DC-007-2009): segment APP2 "MPF" of the first
 * image, a TIFF structure with an entry of 16 bytes for each image. Phones and cameras write it for
 * thumbnails and gain maps besides the photograph, stereo cameras for the views.
 */
#include "io/jpeg/jpeg_pages.h"

#include <string.h>

enum {
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    APP2 = 0xE2,
    SEGMENTS_MAX = 1024, /* segments of an image that are looked at */
    TAG_ENTRIES = 0xB002,
    ENTRY = 16,
    /* types of an image: bits 0 to 23 of its attributes */
    TYPE_UNDEFINED = 0,
    CLASS_THUMBNAIL = 0x01, /* bits 16 to 23 */
};

/* ---- segments -------------------------------------------------------------------------------- */

/* A marker and its segment; all offsets are relative to the next unread byte of the input. */
typedef struct segment {
    unsigned marker;
    uint64_t at;     /* of the data after the length */
    unsigned length; /* of the data */
} segment;

static unsigned load_big(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* Reads the segment at *at and moves *at behind it; returns false at the image data or the end. */
static bool next_segment(eg_input *input, uint64_t *at, segment *s)
{
    uint8_t bytes[4];
    while (eg_input_look(input, *at, bytes, 2) == 2 && bytes[0] == 0xFF && bytes[1] == 0xFF)
        ++*at; /* fill bytes */
    if (eg_input_look(input, *at, bytes, 4) < 4 || bytes[0] != 0xFF || bytes[1] == SOS ||
        bytes[1] == EOI || load_big(bytes + 2) < 2)
        return false;
    *s = (segment){bytes[1], *at + 4, load_big(bytes + 2) - 2};
    *at += 4 + s->length;
    return true;
}

static bool is_frame(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* The size and the number of channels of an image; 0: unknown. */
typedef struct frame {
    unsigned width, height, channels;
} frame;

/* Reads the frame header of the image at offset `at`; returns false if there is no image. */
static bool look_at_frame(eg_input *input, uint64_t at, frame *f)
{
    uint8_t bytes[6];
    segment s;
    *f = (frame){0};
    if (eg_input_look(input, at, bytes, 3) < 3 || bytes[0] != 0xFF || bytes[1] != SOI ||
        bytes[2] != 0xFF)
        return false;
    at += 2;
    for (int i = 0; i < SEGMENTS_MAX && next_segment(input, &at, &s); i++) {
        if (!is_frame(s.marker) || eg_input_look(input, s.at, bytes, sizeof bytes) < sizeof bytes)
            continue;
        *f = (frame){load_big(bytes + 3), load_big(bytes + 1), bytes[5]};
        return true;
    }
    return true;
}

/* ---- the index ------------------------------------------------------------------------------- */

/* The index: a TIFF structure at offset `at` of the input. */
typedef struct mp_index {
    uint8_t *bytes;
    size_t size;
    uint64_t at;
    bool little_endian;
    size_t entries, count; /* offset of the entries in `bytes`, and their number */
} mp_index;

/* Returns the integer of `count` bytes at offset `at`, which must be inside the index. */
static uint32_t load(const mp_index *m, size_t at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | m->bytes[at + (m->little_endian ? count - 1 - i : i)];
    return value;
}

/* Finds the entries; sets count to 0 if the index is damaged. */
static void find_entries(mp_index *m)
{
    if (m->size < 8 || m->bytes[0] != m->bytes[1] || (m->bytes[0] != 'I' && m->bytes[0] != 'M'))
        return;
    m->little_endian = m->bytes[0] == 'I';
    size_t directory = load(m, 4, 4);
    if (directory > m->size - 2)
        return;
    size_t tags = load(m, directory, 2), most = (m->size - directory - 2) / 12;
    for (size_t i = 0; i < tags && i < most; i++) {
        size_t tag = directory + 2 + 12 * i;
        size_t bytes = load(m, tag + 4, 4), at = load(m, tag + 8, 4);
        if (load(m, tag, 2) != TAG_ENTRIES || at > m->size || bytes > m->size - at)
            continue;
        m->entries = at;
        m->count = bytes / ENTRY;
    }
}

/* Reads the index of the first image; count is 0 if it has none. The caller frees `bytes`. */
static eg_status read_index(mp_index *m, eg_input *input, eg_error *error)
{
    static const char name[4] = "MPF";
    uint64_t at = 2;
    segment s;
    *m = (mp_index){0};
    for (int i = 0; i < SEGMENTS_MAX && next_segment(input, &at, &s); i++) {
        uint8_t bytes[sizeof name];
        if (s.marker != APP2 || s.length < sizeof name ||
            eg_input_look(input, s.at, bytes, sizeof bytes) < sizeof bytes ||
            memcmp(bytes, name, sizeof name) != 0)
            continue;
        m->at = s.at + sizeof name;
        m->bytes = eg_alloc(input->ctx, s.length, 1, error);
        if (!m->bytes)
            return eg_failed(error);
        m->size = eg_input_look(input, m->at, m->bytes, s.length - sizeof name);
        find_entries(m);
        return EG_OK;
    }
    return EG_OK;
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* Returns the offset of image `index`, that of the first being 0. */
static uint64_t image_offset(const mp_index *m, size_t index)
{
    return index == 0 ? 0 : m->at + load(m, m->entries + index * ENTRY + 8, 4);
}

/* Returns the kind of an image. The type of gain maps is undefined, but so is that of the views
 * that some programs write, which have the format of the first one. */
static eg_page_kind image_kind(const mp_index *m, size_t index, const frame *first, const frame *f)
{
    unsigned type = load(m, m->entries + index * ENTRY, 4) & 0xFFFFFF;
    if (index == 0)
        return EG_PAGE_IMAGE;
    if (type >> 16 == CLASS_THUMBNAIL)
        return EG_PAGE_REDUCED;
    if (type != TYPE_UNDEFINED)
        return EG_PAGE_IMAGE;
    return f->width > 0 && memcmp(f, first, sizeof *f) == 0 ? EG_PAGE_IMAGE : EG_PAGE_AUXILIARY;
}

/* Lists the images, and sets *offset to that of number `page` if there is one. Entries that lead to
 * no image are left out: programs remove the images and keep the index. In a pipe, whose images are
 * not seen, all entries are listed. */
static eg_status list_pages(const mp_index *m, eg_source *source, eg_input *input, int page,
                            uint64_t *offset, eg_error *error)
{
    frame first, f;
    off_t base;
    uint64_t size;
    const bool file = eg_input_file_range(input, &base, &size);
    eg_status status = EG_OK;
    look_at_frame(input, 0, &first);
    for (size_t i = 0; i < m->count && status == EG_OK; i++) {
        const uint64_t at = image_offset(m, i);
        const bool found = look_at_frame(input, at, &f);
        if ((!found && file) || (i > 0 && at == m->at))
            continue;
        const eg_page listed = {f.width, f.height, image_kind(m, i, &first, &f)};
        status = eg_source_add_page(source, &listed, error);
        if (source->page_count == (size_t)page)
            *offset = at;
    }
    if (source->page_count == 1)
        source->page_count = 0;
    return status;
}

eg_status eg_jpeg_go_to_page(eg_source *source, eg_input *input, int page, eg_error *error)
{
    mp_index m;
    uint64_t offset = 0, passed = 0;
    eg_status status = read_index(&m, input, error);
    if (status == EG_OK)
        status = list_pages(&m, source, input, page, &offset, error);
    if (status == EG_OK)
        status = eg_input_look_status(input, error);
    eg_free(m.bytes);
    if (status == EG_OK && page > 1 && offset == 0)
        return eg_fail_page(input->name, page, source->page_count ? source->page_count : 1, error);
    if (status == EG_OK)
        status = eg_input_skip(input, offset, &passed, error);
    if (status == EG_OK && passed < offset)
        return eg_input_fail(input, error, EG_BAD_INPUT, "is truncated: ends before page %d", page);
    return status;
}
