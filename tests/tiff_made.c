/* SPDX-License-Identifier: MIT */
/* TIFFs written by libtiff. */
#include "tiff_made.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---------------------------------------------------------------------------------- */

double *tiff_value(const made_tiff *made, size_t x, size_t y, size_t channel)
{
    return made->values + (y * made->width + x) * made->samples + channel;
}

/* Integers within the sample type's range or, for floats, multiples of 1/4 that binary16
 * represents. */
void tiff_noise(made_tiff *made)
{
    unsigned state = 12345u + made->bits + made->format;
    size_t count = made->width * made->height * made->samples;
    made->values = realloc(made->values, count * sizeof *made->values);
    assert_non_null(made->values);
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        double share = (state >> 8) / 16777216.0;
        if (made->format == SAMPLEFORMAT_IEEEFP)
            made->values[i] = floor(share * 2000 - 1000) / 4;
        else if (made->format == SAMPLEFORMAT_INT)
            made->values[i] = floor((share - 0.5) * ldexp(1, made->bits > 53 ? 53 : made->bits));
        else
            made->values[i] = floor(share * ldexp(1, made->bits > 53 ? 53 : made->bits));
    }
}

made_tiff tiff_of(uint16_t bits, uint16_t format, uint16_t samples)
{
    made_tiff made = {
        .mode = "wl",
        .width = 53,
        .height = 37,
        .bits = bits,
        .format = format,
        .samples = samples,
        .photometric = PHOTOMETRIC_MINISBLACK,
        .compression = COMPRESSION_NONE,
        .strip = 7,
    };
    tiff_noise(&made);
    return made;
}

made_tiff rgb_tiff_of(uint16_t bits, uint16_t format, uint16_t samples)
{
    made_tiff made = tiff_of(bits, format, samples);
    made.photometric = PHOTOMETRIC_RGB;
    return made;
}

static uint16_t to_half(double value)
{
    int exponent;
    double fraction = frexp(fabs(value), &exponent);
    unsigned sign = value < 0 ? 0x8000 : 0;
    if (isnan(value))
        return 0x7E00;
    return (uint16_t)(value == 0 ? sign
                                 : sign | (unsigned)(exponent + 14) << 10 |
                                       ((unsigned)(fraction * 2048) & 1023));
}

static void put_sample(uint8_t *row, size_t index, const made_tiff *made, double value)
{
    bool is_signed = made->format == SAMPLEFORMAT_INT;
    float f = (float)value;
    uint64_t bits;
    if (made->format == SAMPLEFORMAT_IEEEFP) {
        uint16_t half = to_half(value);
        const void *from = made->bits == 16   ? (const void *)&half
                           : made->bits == 32 ? (const void *)&f
                                              : (const void *)&value;
        memcpy(row + index * made->bits / 8, from, made->bits / 8u);
        return;
    }
    bits = is_signed ? (uint64_t)(int64_t)value : (uint64_t)value;
    if (made->bits % 8 != 0) { /* the highest bit first */
        for (size_t i = 0; i < made->bits; i++) {
            size_t at = index * made->bits + i;
            row[at / 8] |= (uint8_t)((bits >> (made->bits - 1 - i) & 1) << (7 - at % 8));
        }
    } else {
        uint8_t u8 = (uint8_t)bits;
        uint16_t u16 = (uint16_t)bits;
        uint32_t u32 = (uint32_t)bits;
        const void *from = made->bits == 8    ? (const void *)&u8
                           : made->bits == 16 ? (const void *)&u16
                           : made->bits <= 32 ? (const void *)&u32
                                              : (const void *)&bits;
        memcpy(row + index * made->bits / 8, from, made->bits / 8u);
    }
}

/* ---- tags ------------------------------------------------------------------------------------ */

static const TIFFFieldInfo fields[] = {
    {33550, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelPixelScale"},
    {33922, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTiepoint"},
    {34264, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTransformation"},
    {34735, -1, -1, TIFF_SHORT, FIELD_CUSTOM, 1, 1, (char *)"GeoKeyDirectory"},
    {34736, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"GeoDoubleParams"},
    {34737, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"GeoAsciiParams"},
    {42112, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"GDALMetadata"},
    {42113, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"GDALNoData"},
};

static void set_georef(TIFF *tiff, const made_tiff *made)
{
    TIFFMergeFieldInfo(tiff, fields, sizeof fields / sizeof *fields);
    if (made->scale)
        TIFFSetField(tiff, 33550, 3, made->scale);
    if (made->ties)
        TIFFSetField(tiff, 33922, 6, made->ties);
    if (made->matrix)
        TIFFSetField(tiff, 34264, 16, made->matrix);
    if (made->keys)
        TIFFSetField(tiff, 34735, made->key_count, made->keys);
    if (made->doubles)
        TIFFSetField(tiff, 34736, made->double_count, made->doubles);
    if (made->ascii)
        TIFFSetField(tiff, 34737, made->ascii);
    if (made->metadata)
        TIFFSetField(tiff, 42112, made->metadata);
    if (made->nodata)
        TIFFSetField(tiff, 42113, made->nodata);
}

static void set_layout(TIFF *tiff, const made_tiff *made)
{
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)made->width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)made->height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, made->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, made->samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, made->format);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, made->photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
                 made->separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, made->compression);
    if (made->compression == COMPRESSION_JPEG && made->photometric == PHOTOMETRIC_YCBCR)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (made->chroma)
        TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, made->chroma, made->chroma);
    if (made->white_point)
        TIFFSetField(tiff, TIFFTAG_WHITEPOINT, made->white_point);
    if (made->predictor)
        TIFFSetField(tiff, TIFFTAG_PREDICTOR, made->predictor);
    if (made->orientation)
        TIFFSetField(tiff, TIFFTAG_ORIENTATION, made->orientation);
    if (made->fill_order)
        TIFFSetField(tiff, TIFFTAG_FILLORDER, made->fill_order);
    if (made->subfile_type)
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, made->subfile_type);
    if (made->extra) {
        uint16_t kind = (uint16_t)(made->extra - 1);
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
    if (made->palette)
        TIFFSetField(tiff, TIFFTAG_COLORMAP, made->palette, made->palette + 256,
                     made->palette + 512);
    if (made->tile_width) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, made->tile_width);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, made->tile_height);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP,
                     made->strip ? made->strip : (uint32_t)made->height);
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct made_block {
    size_t x, y, columns, rows, channel, channels;
} made_block;

static void write_block(TIFF *tiff, const made_tiff *made, const made_block *b, uint32_t index)
{
    size_t row_bytes = (b->columns * b->channels * made->bits + 7) / 8;
    uint8_t *block = calloc(b->rows, row_bytes);
    assert_non_null(block);
    for (size_t y = 0; y < b->rows && b->y + y < made->height; y++)
        for (size_t x = 0; x < b->columns && b->x + x < made->width; x++)
            for (size_t c = 0; c < b->channels; c++)
                put_sample(block + y * row_bytes, x * b->channels + c, made,
                           *tiff_value(made, b->x + x, b->y + y, b->channel + c));
    tmsize_t size = (tmsize_t)(b->rows * row_bytes);
    if (made->omitted_block != (int)index + 1) {
        tmsize_t done = made->tile_width ? TIFFWriteEncodedTile(tiff, index, block, size)
                                         : TIFFWriteEncodedStrip(tiff, index, block, size);
        assert_int_equal(done, size);
    }
    free(block);
}

void make_tiff(const char *path, const made_tiff *made)
{
    TIFF *tiff = TIFFOpen(path, made->mode);
    assert_non_null(tiff);
    set_layout(tiff, made);
    set_georef(tiff, made);
    size_t channels = made->separate ? 1 : made->samples;
    size_t columns = made->tile_width ? made->tile_width : made->width;
    size_t rows = made->tile_width ? made->tile_height : made->strip ? made->strip : made->height;
    uint32_t index = 0;
    for (size_t c = 0; c < made->samples; c += channels) {
        for (size_t y = 0; y < made->height; y += rows) {
            for (size_t x = 0; x < made->width; x += columns) {
                bool cut = !made->tile_width && y + rows > made->height;
                made_block b = {x, y, columns, cut ? made->height - y : rows, c, channels};
                write_block(tiff, made, &b, index++);
            }
        }
    }
    assert_int_equal(TIFFWriteDirectory(tiff), 1);
    TIFFClose(tiff);
}
