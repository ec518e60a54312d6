/* SPDX-License-Identifier: MIT */
/*
 * Rows of decoded blocks as the conversion needs them: samples of a pixel side by side, integers of
 * other than 8, 16, 32 and 64 bits unpacked, YCbCr and L*a*b* converted to RGB, and the luma of
 * YCbCr whose chroma is not wanted.
 */
#include <string.h>

#include "core/level.h"
#include "io/tiff/tiff_read.h"

/* ---- planes ---------------------------------------------------------------------------------- */

/* Copies `count` samples of `bytes` bytes to every step-th sample of `out`. */
static void scatter_samples(uint8_t *out, const uint8_t *in, size_t bytes, size_t step,
                            size_t count)
{
    if (bytes == 1)
        for (size_t i = 0; i < count; i++)
            out[i * step] = in[i];
    else if (bytes == 2)
        for (size_t i = 0; i < count; i++)
            memcpy(out + 2 * i * step, in + 2 * i, 2);
    else
        for (size_t i = 0; i < count; i++)
            memcpy(out + i * step * bytes, in + i * bytes, bytes);
}

/* ---- packed integers ------------------------------------------------------------------------- */

/* Returns the integer of `bits` bits at bit number `at`, counted from the highest bit of the first
 * byte (TIFF 6.0, FillOrder 1). Integers of 24 bits are
 * unpack_triple()'s, because libtiff delivers them in native byte order. */
static inline uint32_t unpack_bits(const uint8_t *in, size_t at, unsigned bits)
{
    const size_t last = (at + bits - 1) / 8;
    uint64_t word = 0;
    for (size_t i = at / 8; i <= last; i++)
        word = word << 8 | in[i];
    return (uint32_t)(word >> (7 - (at + bits - 1) % 8) & (((uint64_t)1 << bits) - 1));
}

static inline uint32_t unpack_triple(const uint8_t *in)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? (uint32_t)in[0] << 16 | in[1] << 8 | in[2]
                                                  : (uint32_t)in[2] << 16 | in[1] << 8 | in[0];
}

/* Returns the integer with the sign of the highest of its `bits` bits. */
static inline uint32_t extend_sign(uint32_t value, unsigned bits)
{
    const uint32_t sign = (uint32_t)1 << (bits - 1);
    return (value ^ sign) - sign;
}

/* Unpacks a single channel of 1, 2 or 4 bits through a table. Always inlined with constant bits. */
EG_INLINE void unpack_small(uint8_t *out, const uint8_t *in, unsigned bits, size_t count,
                            const uint8_t *table)
{
    const size_t per_byte = 8 / bits;
    for (size_t i = 0; i < count; i++)
        out[i] = table[in[i / per_byte] >> (8 - bits - i % per_byte * bits) & ((1u << bits) - 1)];
}

/* Unpacks the samples `at_channel` of each `channels` samples to every step-th sample of `out`. */
static void unpack_channel(const eg_tiff_image *image, uint8_t *out, size_t step, const uint8_t *in,
                           size_t at_channel, size_t channels, size_t count)
{
    const unsigned bits = image->bits_per_sample;
    const size_t bytes = image->samples.bytes;
    for (size_t i = 0; i < count; i++, out += step * bytes) {
        size_t at = (i * channels + at_channel) * bits;
        uint32_t value = bits == 24 ? unpack_triple(in + at / 8) : unpack_bits(in, at, bits);
        if (image->is_signed)
            value = extend_sign(value, bits);
        const uint16_t half = (uint16_t)value;
        if (bytes == 1)
            *out = image->is_signed ? (uint8_t)value : image->scale[value];
        else if (bytes == 2)
            memcpy(out, &half, sizeof half);
        else
            memcpy(out, &value, sizeof value);
    }
}

/* Unpacks the channels that are read, side by side. planes[] are rows. */
static void unpack_row(const eg_tiff_image *image, uint8_t *row, const uint8_t *const planes[],
                       size_t columns)
{
    const size_t bytes = image->samples.bytes, used = (size_t)image->samples.pixels.channels;
    const size_t channels = image->separate ? 1 : image->samples_per_pixel;
    const unsigned bits =
        used == 1 && channels == 1 && !image->is_signed ? image->bits_per_sample : 0;
    if (bits == 1)
        unpack_small(row, planes[0], 1, columns, image->scale);
    else if (bits == 2)
        unpack_small(row, planes[0], 2, columns, image->scale);
    else if (bits == 4)
        unpack_small(row, planes[0], 4, columns, image->scale);
    else
        for (size_t i = 0; i < used; i++)
            unpack_channel(image, row + i * bytes, used, planes[image->separate ? i : 0],
                           image->separate ? 0 : image->channel_index[i], channels, columns);
}

/* ---- YCbCr ----------------------------------------------------------------------------------- */

size_t eg_tiff_block_bytes(const eg_tiff_image *image, size_t rows)
{
    const size_t across = image->subsampling[0], down = image->subsampling[1];
    if (!image->subsampled)
        return rows * image->row_bytes;
    return (rows + down - 1) / down * ((image->block_width + across - 1) / across) *
           (across * down + 2);
}

/* Copies the luma of row y from data units, each the luma of across x down pixels, row by row,
 * followed by their Cb and Cr (TIFF 6.0, section 21). */
static void copy_luma(const eg_tiff_image *image, uint8_t *out, const uint8_t *in, size_t y,
                      size_t count)
{
    const size_t across = image->subsampling[0], down = image->subsampling[1];
    const size_t unit = across * down + 2;
    in += y / down * ((image->block_width + across - 1) / across) * unit + y % down * across;
    for (size_t x = 0; x < count; x++)
        out[x] = in[x / across * unit + x % across];
}

/* Copies Y, Cb and Cr of row y from data units; the chroma of a unit is that of all its pixels. */
static void copy_ycbcr(const eg_tiff_image *image, uint8_t *out, const uint8_t *in, size_t y,
                       size_t count)
{
    const size_t across = image->subsampling[0], down = image->subsampling[1];
    const size_t luma = across * down;
    in += y / down * ((image->block_width + across - 1) / across) * (luma + 2);
    for (size_t x = 0; x < count; x++, out += 3) {
        const uint8_t *unit = in + x / across * (luma + 2);
        out[0] = unit[y % down * across + x % across];
        out[1] = unit[luma];
        out[2] = unit[luma + 1];
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool eg_tiff_rearranges(const eg_tiff_image *image)
{
    return image->plane_count > 1 || image->packed || image->subsampled || image->conversion;
}

/* Arranges a row of samples as they are stored. */
static const uint8_t *arrange_stored(const eg_tiff_image *image, uint8_t *row,
                                     const uint8_t *const planes[], size_t y, size_t columns)
{
    const size_t bytes = image->samples.bytes, offset = y * image->row_bytes;
    const uint8_t *rows[EG_TIFF_PLANES] = {planes[0] + offset};
    if (image->subsampled) {
        (image->conversion ? copy_ycbcr : copy_luma)(image, row, planes[0], y, columns);
        return row;
    }
    for (size_t i = 1; i < image->plane_count; i++)
        rows[i] = planes[i] + offset;
    if (image->packed)
        unpack_row(image, row, rows, columns);
    else if (image->plane_count > 1)
        for (size_t i = 0; i < image->plane_count; i++)
            scatter_samples(row + i * bytes, rows[i], bytes, image->plane_count, columns);
    else
        return rows[0];
    return row;
}

const uint8_t *eg_tiff_arrange_row(const eg_tiff_image *image, uint8_t *row,
                                   const uint8_t *const planes[], size_t y, size_t columns)
{
    const uint8_t *stored = arrange_stored(image, row, planes, y, columns);
    if (!image->conversion)
        return stored;
    if (stored != row)
        memcpy(row, stored,
               columns * (size_t)image->samples.pixels.channels * image->samples.bytes);
    (image->conversion == EG_TIFF_YCBCR ? eg_tiff_ycbcr_row : eg_tiff_lab_row)(image, row, columns);
    return row;
}
