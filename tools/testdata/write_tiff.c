/* SPDX-License-Identifier: MIT */
/* Minimal TIFF writers: a GeoTIFF 1.1 of floats in one deflated strip, in UTM zone 32 north,
 * metres; and a file of several pages. */
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

/* ---- pages ----------------------------------------------------------------------------------- */

enum { PAGE_ENTRIES = 9, PAGE_HEAD = 2 + 12 * PAGE_ENTRIES + 4 };

/* Writes a directory at offset `at`, and the samples after it: every `step`-th pixel of the
 * picture, or a mask of as many pixels, all of them valid. Returns the offset after it. */
static size_t put_page(FILE *file, const image *picture, size_t at, size_t step, unsigned subfile,
                       bool last)
{
    size_t width = (picture->width + step - 1) / step, height = (picture->height + step - 1) / step;
    bool mask = subfile == 4;
    size_t bytes = mask ? (width + 7) / 8 * height : width * height;
    size_t end = at + PAGE_HEAD + bytes + (PAGE_HEAD + bytes) % 2;
    head to = {.entry = 2};
    put(to.bytes, PAGE_ENTRIES, 2);
    put_long(&to, 254, subfile); /* NewSubfileType */
    put_long(&to, 256, width);
    put_long(&to, 257, height);
    put_long(&to, 258, mask ? 1 : 8);   /* BitsPerSample */
    put_long(&to, 262, mask ? 4 : 1);   /* PhotometricInterpretation: mask, or 0 is black */
    put_long(&to, 273, at + PAGE_HEAD); /* StripOffsets */
    put_long(&to, 277, 1);              /* SamplesPerPixel */
    put_long(&to, 278, height);         /* RowsPerStrip */
    put_long(&to, 279, bytes);          /* StripByteCounts */
    put(to.bytes + to.entry, last ? 0 : (uint32_t)end, 4);
    if (fwrite(to.bytes, 1, PAGE_HEAD, file) != PAGE_HEAD)
        die("cannot write");
    for (size_t i = 0; mask && i < bytes; i++)
        fputc(255, file);
    for (size_t y = 0; !mask && y < height; y++)
        for (size_t x = 0; x < width; x++)
            fputc(*pixel(picture, x * step, y * step), file);
    if ((PAGE_HEAD + bytes) % 2)
        fputc(0, file);
    return end;
}

void write_pages(FILE *file, const image *picture, const write_how *how)
{
    (void)how;
    if (fwrite("II*\0\10\0\0", 1, 8, file) != 8)
        die("cannot write");
    size_t at = put_page(file, picture, 8, 4, 1, false);
    at = put_page(file, picture, at, 1, 0, false);
    put_page(file, picture, at, 1, 4, true);
}
