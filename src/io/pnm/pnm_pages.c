/* SPDX-License-Identifier: MIT */
/*
 * PNM images joined in one file: each header follows the samples of the image before (pnm(5)). The
 * end of raw samples is known from the header; plain samples must be read.
 */
#include "io/pnm/pnm.h"

enum {
    HEADER_WINDOW = 4096, /* bytes in which the header of a listed page must end */
    BETWEEN_MAX = 16,     /* white space between images that is skipped */
    PAGES_MAX = 1 << 20
};

size_t eg_pnm_row_bytes(const eg_pnm_header *header)
{
    size_t samples = (size_t)header->width * (size_t)header->pixels.channels;
    return header->bits ? (samples + 7) / 8 : samples * (header->maxval > 255 ? 2 : 1);
}

/* ---- what follows an image ------------------------------------------------------------------- */

/* Returns the number of bytes to skip to a header in `bytes`, if there is one; else -1. */
static int gap_before(const eg_input *input, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && at < BETWEEN_MAX && eg_text_is_space(bytes[at]))
        at++;
    return size - at >= 3 && eg_pnm_probe(input, bytes + at, size - at) ? (int)at : -1;
}

/* Returns the number of bytes to skip to the next header, if there is one; else -1. */
static int find_header(eg_input *input)
{
    uint8_t bytes[BETWEEN_MAX + 3];
    return gap_before(input, bytes, eg_input_look(input, 0, bytes, sizeof bytes));
}

bool eg_pnm_another(eg_input *input)
{
    return find_header(input) >= 0;
}

/* ---- listing --------------------------------------------------------------------------------- */

/* Part of a file, in which several small images may be. */
typedef struct window {
    eg_input *input;
    uint64_t first; /* position of its first byte, counted from the next unread byte */
    size_t size;
    uint8_t bytes[2 * HEADER_WINDOW];
} window;

/* Returns the bytes that come `ahead` bytes after the next unread one: at least HEADER_WINDOW,
 * fewer at the end of the file. */
static uint8_t *look_at(window *w, uint64_t ahead, size_t *size)
{
    if (ahead < w->first || ahead - w->first + HEADER_WINDOW > w->size) {
        w->first = ahead;
        w->size = eg_input_look(w->input, ahead, w->bytes, sizeof w->bytes);
    }
    *size = w->size - (size_t)(ahead - w->first);
    return w->bytes + (ahead - w->first);
}

/* Reads the header that comes `ahead` bytes after the next unread byte of a regular file; returns
 * its length, or 0 if it is invalid. */
static size_t look_at_header(window *w, uint64_t ahead, eg_pnm_header *header)
{
    size_t size;
    eg_input part = {.ctx = w->input->ctx, .name = w->input->name, .fd = -1, .eof = true};
    part.buffer = look_at(w, ahead, &size);
    part.end = size < HEADER_WINDOW ? size : HEADER_WINDOW;
    return eg_pnm_read_header(header, &part, NULL) == EG_OK ? part.at : 0;
}

eg_status eg_pnm_list_pages(eg_source *source, eg_input *input, eg_error *error)
{
    eg_pnm_header header;
    window w = {.input = input};
    uint64_t ahead = 0, file_size;
    off_t base;
    eg_status status = EG_OK;
    if (!eg_input_file_range(input, &base, &file_size))
        return EG_OK;
    for (int gap = 0; gap >= 0 && source->page_count < PAGES_MAX && status == EG_OK;) {
        size_t length = look_at_header(&w, ahead += (uint64_t)gap, &header), size;
        if (length == 0)
            break;
        const eg_page page = {(size_t)header.width, (size_t)header.height, EG_PAGE_IMAGE};
        status = eg_source_add_page(source, &page, error);
        ahead += length + header.height * eg_pnm_row_bytes(&header);
        gap = -1;
        if (!header.plain && ahead < file_size) {
            const uint8_t *bytes = look_at(&w, ahead, &size);
            gap = gap_before(input, bytes, size < BETWEEN_MAX + 3 ? size : BETWEEN_MAX + 3);
        }
    }
    if (source->page_count == 1)
        source->page_count = 0;
    return status == EG_OK ? eg_input_look_status(input, error) : status;
}

/* ---- choosing -------------------------------------------------------------------------------- */

/* Skips plain samples. */
static eg_status skip_plain(const eg_pnm_header *header, eg_input *input, int page, eg_error *error)
{
    eg_text text = {input, error, EG_OK, SIZE_MAX};
    uint64_t count = header->width * header->height * (uint64_t)header->pixels.channels, value;
    for (; count > 0; count--) {
        int c = eg_text_skip(&text);
        bool valid = header->bits ? c == '0' || c == '1' : eg_text_digits(&text, c, &value);
        if (text.status != EG_OK)
            return text.status;
        if (!valid)
            return eg_input_fail(input, error, EG_BAD_INPUT,
                                 c == EG_TEXT_END ? "ends within page %d"
                                                  : "page %d has a sample that is not a number",
                                 page);
    }
    return EG_OK;
}

/* Skips an image: its header and its samples. */
static eg_status skip_image(eg_input *input, int page, eg_error *error)
{
    eg_pnm_header header;
    uint64_t passed, bytes;
    eg_status status = eg_pnm_read_header(&header, input, error);
    if (status != EG_OK)
        return status;
    if (header.plain)
        return skip_plain(&header, input, page, error);
    bytes = header.height * eg_pnm_row_bytes(&header);
    status = eg_input_skip(input, bytes, &passed, error);
    if (status == EG_OK && passed < bytes)
        return eg_input_fail(input, error, EG_BAD_INPUT, "ends within page %d", page);
    return status;
}

eg_status eg_pnm_find_page(eg_input *input, int page, eg_error *error)
{
    for (int i = 1; i < page; i++) {
        uint64_t passed;
        eg_status status = skip_image(input, i, error);
        int gap = status == EG_OK ? find_header(input) : 0;
        if (gap < 0)
            status = eg_input_look_status(input, error);
        if (gap < 0 && status == EG_OK)
            return eg_fail_page(input->name, page, (size_t)i, error);
        if (status == EG_OK)
            status = eg_input_skip(input, (uint64_t)gap, &passed, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}
