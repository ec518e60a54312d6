/* SPDX-License-Identifier: MIT */
/* Chooses the images that are decoded without libpng, and replaces their image data for it. */
#include "io/png/png_handover.h"

#include <string.h>

#include "io/pixels/big_endian.h"

/* Image data of no bytes: a zlib stream and its checksum as a chunk. */
static const uint8_t empty[] = {0x78, 0x01, 0x03, 0, 0, 0, 0, 0x01, 0xC6, 0x19, 0x9E, 0x2E};

enum { EMPTY_STREAM = 8 };

/* Returns true for images with whole bytes in a row and without a transparent colour. With
 * options.tolerate the rows before damage are needed as libpng finds it. */
static bool can_decode(const eg_png_source *s)
{
    png_structp png = s->guard.png;
    png_infop header = s->guard.info;
    const int type = png_get_color_type(png, header);
    const bool transparent =
        type != PNG_COLOR_TYPE_PALETTE && png_get_valid(png, header, PNG_INFO_tRNS);
    return !s->options.tolerate && !s->by_libpng && !transparent &&
           png_get_bit_depth(png, header) >= 8 &&
           png_get_interlace_type(png, header) == PNG_INTERLACE_NONE;
}

void eg_png_hand_over(eg_png_source *s, uint8_t *bytes, size_t size)
{
    if (s->data_seen || s->rest.part != EG_PNG_HEADER || size != EG_PNG_CHUNK_HEADER ||
        !eg_png_is_image_data(bytes))
        return;
    s->data_seen = true;
    s->handed_over = bytes[0] <= 0x7F && can_decode(s);
    if (!s->handed_over)
        return;
    eg_png_idat_begin(&s->decoded.idat, s->input, s->scan_exif ? &s->exif : NULL, bytes);
    memset(bytes, 0, EG_PNG_CHUNK_TYPE);
    bytes[3] = EMPTY_STREAM;
}

/* After the empty stream comes the header of the chunk that follows the image data, which
 * png_idat.c has read already. */
bool eg_png_read_replaced(eg_png_source *s, uint8_t *bytes, size_t size)
{
    uint8_t replaced[sizeof empty + EG_PNG_CHUNK_HEADER];
    if (!s->handed_over || s->replaced + size > sizeof replaced)
        return false;
    memcpy(replaced, empty, sizeof empty);
    memcpy(replaced + sizeof empty, s->decoded.idat.next, EG_PNG_CHUNK_HEADER);
    memcpy(bytes, replaced + s->replaced, size);
    s->replaced += size;
    return true;
}

eg_status eg_png_begin_handed_over(eg_png_source *s, eg_error *error)
{
    const eg_info *info = &s->base.info;
    if (!s->handed_over)
        return EG_OK;
    return eg_png_decoder_begin(&s->decoded, s->base.ctx, info->width, info->stored_height,
                                (size_t)(info->channels * info->depth / 8), error);
}

void eg_png_decode_handed_over(eg_png_source *s)
{
    for (; s->done < s->count && s->guard.failure.status == EG_OK; s->done++) {
        const char *damage;
        const uint8_t *row;
        if (eg_png_decoder_next(&s->decoded, &row, &damage, &s->guard.failure) != EG_OK)
            return;
        if (damage) {
            eg_png_fail(&s->guard, damage);
            return;
        }
        if (s->base.info.depth == 16) {
            eg_from_be16((uint16_t *)(void *)s->row, row, s->row_bytes / 2);
            row = s->row;
        }
        s->convert(s, s->rows + s->done * s->stride, row);
    }
}
