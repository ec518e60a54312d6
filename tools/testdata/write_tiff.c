/* SPDX-License-Identifier: MIT */
/* A minimal GeoTIFF 1.1 writer: floats in one deflated strip, in UTM zone 32 north, metres. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "testdata.h"

enum { SHORT = 3, LONG = 4, ASCII = 2, DOUBLE = 12, ENTRIES = 15, HEAD_SIZE = 512 };

/* The header with its single directory. Entries are appended to the directory, values behind it. */
typedef struct head {
    uint8_t bytes[HEAD_SIZE];
    size_t entry, value; /* offsets of the next entry and the next value */
} head;

static void put(uint8_t *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static uint8_t *put_entry(head *to, unsigned tag, unsigned type, size_t count)
{
    uint8_t *at = to->bytes + to->entry;
    put(at, tag, 2);
    put(at + 2, type, 2);
    put(at + 4, (uint32_t)count, 4);
    to->entry += 12;
    return at + 8;
}

static void put_long(head *to, unsigned tag, size_t value)
{
    put(put_entry(to, tag, LONG, 1), (uint32_t)value, 4);
}

/* Appends an entry whose values are stored behind the directory, in file byte order. */
static void put_values(head *to, unsigned tag, unsigned type, size_t count, const void *bytes,
                       size_t size)
{
    put(put_entry(to, tag, type, count), (uint32_t)to->value, 4);
    memcpy(to->bytes + to->value, bytes, size);
    to->value += (size + 1) & ~(size_t)1;
    if (to->value > HEAD_SIZE)
        die("the directory of a TIFF is too long");
}

static void put_doubles(head *to, unsigned tag, const double *values, size_t count)
{
    uint8_t bytes[64];
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        put(bytes + 8 * i, (uint32_t)bits, 4);
        put(bytes + 8 * i + 4, (uint32_t)(bits >> 32), 4);
    }
    put_values(to, tag, DOUBLE, count, bytes, 8 * count);
}

/* Appends the key directory (GeoTIFF 1.1, 7.1.2): version and number of keys, then key, 0, 1,
 * value. */
static void put_keys(head *to)
{
    static const unsigned keys[] = {
        1,    1, 1, 4,     /* */
        1024, 0, 1, 1,     /* GTModelType: projected */
        1025, 0, 1, 1,     /* GTRasterType: cells are areas */
        3072, 0, 1, 32632, /* ProjectedCRS: WGS 84 / UTM zone 32N */
        4099, 0, 1, 9001,  /* VerticalUnits: metres */
    };
    uint8_t bytes[sizeof keys / sizeof *keys * 2];
    for (size_t i = 0; i < sizeof bytes / 2; i++)
        put(bytes + 2 * i, keys[i], 2);
    put_values(to, 34735, SHORT, sizeof bytes / 2, bytes, sizeof bytes);
}

/* Applies the floating-point predictor of a row (Adobe Photoshop TIFF Technical Note 3): the
 * highest bytes of all samples, then the next ones ..., as differences. */
static void predict(uint8_t *row, const image *picture, size_t y, unsigned steps)
{
    size_t width = picture->width;
    for (size_t x = 0; x < width; x++) {
        float value = (float)*pixel(picture, x, y) / (float)steps;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        for (size_t k = 0; k < 4; k++)
            row[k * width + x] = (uint8_t)(bits >> (24 - 8 * k));
    }
    for (size_t i = 4 * width - 1; i > 0; i--)
        row[i] = (uint8_t)(row[i] - row[i - 1]);
}

/* Returns the deflated strip and its size in *size. */
static uint8_t *deflate_rows(const image *picture, unsigned steps, uLongf *size)
{
    uLong plain_size = (uLong)(4 * picture->width * picture->height);
    *size = compressBound(plain_size);
    uint8_t *plain = malloc(plain_size), *packed = malloc(*size);
    if (!plain || !packed)
        die("out of memory");
    for (size_t y = 0; y < picture->height; y++)
        predict(plain + 4 * picture->width * y, picture, y, steps);
    if (compress2(packed, size, plain, plain_size, 9) != Z_OK)
        die("zlib failed");
    free(plain);
    return packed;
}

void write_geotiff(FILE *file, const image *picture, const write_how *how)
{
    static const double cell[3] = {30, 30, 0}, tie[6] = {0, 0, 0, 640000, 5200000, 0};
    uLongf size;
    uint8_t *strip = deflate_rows(picture, how->steps, &size);
    head to = {.entry = 10, .value = 10 + 12 * ENTRIES + 4};
    memcpy(to.bytes, "II*\0\10\0\0", 8);
    put(to.bytes + 8, ENTRIES, 2);
    put_long(&to, 256, picture->width);
    put_long(&to, 257, picture->height);
    put_long(&to, 258, 32);              /* BitsPerSample */
    put_long(&to, 259, 8);               /* Compression: Deflate */
    put_long(&to, 262, 1);               /* PhotometricInterpretation: 0 is black */
    put_long(&to, 273, HEAD_SIZE);       /* StripOffsets */
    put_long(&to, 277, 1);               /* SamplesPerPixel */
    put_long(&to, 278, picture->height); /* RowsPerStrip */
    put_long(&to, 279, size);            /* StripByteCounts */
    put_long(&to, 317, 3);               /* Predictor: of floats */
    put_long(&to, 339, 3);               /* SampleFormat: floats */
    put_doubles(&to, 33550, cell, 3);    /* ModelPixelScale */
    put_doubles(&to, 33922, tie, 6);     /* ModelTiepoint */
    put_keys(&to);
    put_values(&to, 42113, ASCII, 6, "-9999", 6); /* GDAL_NODATA */
    if (fwrite(to.bytes, 1, HEAD_SIZE, file) != HEAD_SIZE || fwrite(strip, 1, size, file) != size)
        die("cannot write");
    free(strip);
}
