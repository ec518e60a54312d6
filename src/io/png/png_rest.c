/* SPDX-License-Identifier: MIT */
/* Counts the image data before and after the last row. */
#include "io/png/png_rest.h"

#include "io/png/png_chunk.h"

enum { ALWAYS_ALLOWED = 8 * 1024 /* bytes after the rows: they expand to at most 8 MB */ };

static void begin_chunk(eg_png_rest *rest, const uint8_t *header)
{
    rest->left = eg_png_be32(header);
    rest->image = eg_png_is_image_data(header);
    rest->part = rest->left ? EG_PNG_DATA : EG_PNG_CHECKSUM;
}

/* Deflate expands a row that it cannot compress by less than ALWAYS_ALLOWED and a sixteenth. */
bool eg_png_rest_allowed(uint64_t before, uint64_t after, size_t last_row)
{
    return after <= before + last_row + last_row / 16 + ALWAYS_ALLOWED;
}

/* Returns false if more image data follows the rows than they have. */
static bool take_data(eg_png_rest *rest, size_t size)
{
    rest->left -= (uint32_t)size;
    if (rest->left == 0)
        rest->part = EG_PNG_CHECKSUM;
    if (!rest->image)
        return true;
    *(rest->last_row ? &rest->after : &rest->before) += size;
    return eg_png_rest_allowed(rest->before, rest->after, rest->last_row);
}

bool eg_png_rest_follow(eg_png_rest *rest, const uint8_t *bytes, size_t size)
{
    if (rest->part == EG_PNG_DATA && size <= rest->left)
        return take_data(rest, size);
    const bool before_chunk = (rest->part == EG_PNG_SIGNATURE && size == EG_PNG_SIGNATURE_BYTES) ||
                              (rest->part == EG_PNG_CHECKSUM && size == EG_PNG_CHECKSUM_BYTES);
    if (before_chunk)
        rest->part = EG_PNG_HEADER;
    else if (rest->part == EG_PNG_HEADER && size == EG_PNG_CHUNK_HEADER)
        begin_chunk(rest, bytes);
    else
        rest->part = EG_PNG_UNKNOWN;
    return true;
}
