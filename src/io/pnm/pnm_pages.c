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

/* Returns the number of bytes to skip to the header that comes `ahead` bytes after the next unread
 * one, if there is one; else -1. */
static int find_header(eg_input *input, uint64_t ahead)
{
    uint8_t bytes[BETWEEN_MAX + 3];
    size_t size = eg_input_look(input, ahead, bytes, sizeof bytes), at = 0;
    while (at < size && at < BETWEEN_MAX && eg_text_is_space(bytes[at]))
        at++;
    return size - at >= 3 && eg_pnm_probe(input, bytes + at, size - at) ? (int)at : -1;
}

bool eg_pnm_another(eg_input *input)
{
    return find_header(input, 0) >= 0;
}

/* ---- listing --------------------------------------------------------------------------------- */

/* Reads the header that comes `ahead` bytes after the next unread byte of a regular file; returns
 * its length, or 0 if it is invalid. */
static size_t look_at_header(eg_input *input, uint64_t ahead, eg_pnm_header *header)
{
    uint8_t window[HEADER_WINDOW];
    eg_input part = {
        .ctx = input->ctx, .name = input->name, .fd = -1, .buffer = window, .eof = true};
    part.end = eg_input_look(input, ahead, window, sizeof window);
    return eg_pnm_read_header(header, &part, NULL) == EG_OK ? part.at : 0;
}

eg_status eg_pnm_list_pages(eg_source *source, eg_input *input, eg_error *error)
{
    eg_pnm_header header;
    uint64_t ahead = 0, size;
    off_t base;
    eg_status status = EG_OK;
    if (!eg_input_file_range(input, &base, &size))
        return EG_OK;
    for (int gap = 0; gap >= 0 && source->page_count < PAGES_MAX && status == EG_OK;) {
        size_t length = look_at_header(input, ahead += (uint64_t)gap, &header);
        if (length == 0)
            break;
        const eg_page page = {(size_t)header.width, (size_t)header.height, EG_PAGE_IMAGE};
        status = eg_source_add_page(source, &page, error);
        ahead += length + header.height * eg_pnm_row_bytes(&header);
        gap = header.plain || ahead >= size ? -1 : find_header(input, ahead);
    }
    if (source->page_count == 1)
        source->page_count = 0;
    return status;
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
        int gap = status == EG_OK ? find_header(input, 0) : 0;
        if (gap < 0)
            return eg_fail_page(input->name, page, (size_t)i, error);
        if (status == EG_OK)
            status = eg_input_skip(input, (uint64_t)gap, &passed, error);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}
