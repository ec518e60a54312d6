/* SPDX-License-Identifier: MIT */
/* Reading of IDAT chunks. A checksum is compared when data after it is needed, as libpng does. */
#include "io/png/png_idat.h"

#include "io/png/png_inflate.h"

static void begin_chunk(eg_png_idat *idat, const uint8_t *header)
{
    idat->left = eg_png_be32(header);
    idat->crc = eg_png_crc(0, header + EG_PNG_CHUNK_TYPE, EG_PNG_CHUNK_TYPE);
}

void eg_png_idat_begin(eg_png_idat *idat, eg_input *input, eg_png_exif *exif, const uint8_t *header)
{
    *idat = (eg_png_idat){.input = input, .exif = exif};
    begin_chunk(idat, header);
}

static eg_status scan(const eg_png_idat *idat, const uint8_t *bytes, size_t size, eg_error *error)
{
    return idat->exif ? eg_png_exif_scan(idat->exif, bytes, size, error) : EG_OK;
}

/* Reads exactly `size` bytes. */
static eg_status read_exactly(eg_png_idat *idat, uint8_t *bytes, size_t size, const char **damage,
                              eg_error *error)
{
    size_t got;
    eg_status status = eg_input_read(idat->input, bytes, size, &got, error);
    if (status == EG_OK)
        status = scan(idat, bytes, got, error);
    if (status == EG_OK && got < size)
        *damage = "truncated";
    return status;
}

static bool is_letter(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Returns libpng's message for a chunk header that it refuses; NULL if it does not. */
static const char *check_header(const uint8_t *header)
{
    if (eg_png_be32(header) > INT32_MAX)
        return "PNG unsigned integer out of range";
    for (size_t i = EG_PNG_CHUNK_TYPE; i < EG_PNG_CHUNK_HEADER; i++)
        if (!is_letter(header[i]))
            return "invalid chunk type";
    return NULL;
}

/* Compares the checksum of the current chunk and reads the header of the next one. */
static eg_status next_chunk(eg_png_idat *idat, const char **damage, eg_error *error)
{
    uint8_t checksum[EG_PNG_CHECKSUM_BYTES];
    eg_status status = read_exactly(idat, checksum, sizeof checksum, damage, error);
    if (status != EG_OK || *damage)
        return status;
    if (eg_png_be32(checksum) != idat->crc) {
        *damage = "IDAT: CRC error";
        return EG_OK;
    }
    status = read_exactly(idat, idat->next, sizeof idat->next, damage, error);
    if (status != EG_OK || *damage)
        return status;
    *damage = check_header(idat->next);
    idat->ended = !eg_png_is_image_data(idat->next);
    if (!*damage && !idat->ended)
        begin_chunk(idat, idat->next);
    return EG_OK;
}

/* Takes data of the current chunk from the input's buffer, without copying it. */
static eg_status take_data(eg_png_idat *idat, const uint8_t **bytes, size_t *size,
                           const char **damage, eg_error *error)
{
    eg_input *input = idat->input;
    size_t have;
    eg_status status = eg_input_peek(input, 1, &have, error);
    if (status != EG_OK)
        return status;
    if (have == 0) {
        *damage = "truncated";
        return EG_OK;
    }
    *bytes = input->buffer + input->at;
    *size = have < idat->left ? have : idat->left;
    input->at += *size;
    idat->left -= (uint32_t)*size;
    idat->taken += *size;
    idat->crc = eg_png_crc(idat->crc, *bytes, *size);
    return scan(idat, *bytes, *size, error);
}

eg_status eg_png_idat_read(eg_png_idat *idat, const uint8_t **bytes, size_t *size,
                           const char **damage, eg_error *error)
{
    eg_status status = EG_OK;
    *size = 0;
    *damage = NULL;
    while (status == EG_OK && !*damage && !idat->ended && idat->left == 0)
        status = next_chunk(idat, damage, error);
    if (status != EG_OK || *damage || idat->ended)
        return status;
    return take_data(idat, bytes, size, damage, error);
}
