/* SPDX-License-Identifier: MIT */
/* Uncompressed TIFFs of less usual kinds, in one strip: packed samples, CMYK, subsampled YCbCr, and
 * a mask in a second directory. */
#include <stdlib.h>
#include <string.h>

#include "testdata.h"

enum { SHORT = 3, LONG = 4, ENTRIES_MAX = 16, DIRECTORY_SIZE = 2 + 12 * ENTRIES_MAX + 4 };

/* ---- bytes ----------------------------------------------------------------------------------- */

static void put(FILE *file, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (fputc((int)(value >> 8 * i & 255), file) == EOF)
            die("cannot write");
}

/* Samples, packed from the highest bit of each byte. */
typedef struct strip {
    uint8_t *bytes;
    size_t bit; /* number of bits written */
} strip;

static strip strip_new(size_t bytes)
{
    strip s = {calloc(bytes, 1), 0};
    if (!s.bytes)
        die("out of memory");
    return s;
}

static void put_sample(strip *s, unsigned value, unsigned bits)
{
    for (unsigned i = bits; i-- > 0; s->bit++)
        s->bytes[s->bit / 8] |= (uint8_t)((value >> i & 1) << (7 - s->bit % 8));
}

static void end_row(strip *s)
{
    s->bit = (s->bit + 7) & ~(size_t)7;
}

/* ---- directories ----------------------------------------------------------------------------- */

typedef struct directory {
    const image *picture;
    unsigned bits, samples, photometric;
    unsigned subfile;     /* NewSubfileType */
    unsigned subsampling; /* of YCbCr, across and down; 0: none */
} directory;

/* Writes a directory at the file's position and the strip behind it. `more`: another follows. */
static void write_directory(FILE *file, const directory *d, const strip *s, bool more)
{
    const uint32_t at = (uint32_t)ftell(file), size = (uint32_t)(s->bit / 8);
    const uint32_t count = d->subsampling ? 11 : 10, values = at + DIRECTORY_SIZE;
    const bool wide = d->samples > 2;
    const struct {
        uint32_t tag, type, count, value;
    } entries[] = {
        {254, LONG, 1, d->subfile},
        {256, LONG, 1, (uint32_t)d->picture->width},
        {257, LONG, 1, (uint32_t)d->picture->height},
        {258, SHORT, d->samples, wide ? values : d->bits},
        {259, SHORT, 1, 1}, /* Compression: none */
        {262, SHORT, 1, d->photometric},
        {273, LONG, 1, values + 8},
        {277, SHORT, 1, d->samples},
        {278, LONG, 1, (uint32_t)d->picture->height},
        {279, LONG, 1, size},
        {530, SHORT, 2, d->subsampling | d->subsampling << 16},
    };
    put(file, count, 2);
    for (size_t i = 0; i < count; i++) {
        put(file, entries[i].tag, 2);
        put(file, entries[i].type, 2);
        put(file, entries[i].count, 4);
        put(file, entries[i].value, 4);
    }
    put(file, more ? values + 8 + size + size % 2 : 0, 4);
    while ((uint32_t)ftell(file) < values)
        put(file, 0, 1);
    for (size_t i = 0; i < 4; i++)
        put(file, d->bits, 2);
    if (fwrite(s->bytes, 1, size, file) != size)
        die("cannot write");
    put(file, 0, size % 2);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

/* Writes grey in the highest `bits` bits of 16. */
static void write_packed(FILE *file, const image *picture, unsigned bits, bool mask)
{
    strip grey = strip_new(picture->height * (picture->width + 1) * 2);
    strip holes = strip_new(picture->height * (picture->width / 8 + 1));
    for (size_t y = 0; y < picture->height; y++, end_row(&grey), end_row(&holes)) {
        for (size_t x = 0; x < picture->width; x++) {
            unsigned value = *pixel(picture, x, y);
            put_sample(&grey, bits > 8 ? value >> (16 - bits) : value, bits);
            put_sample(&holes, x / 8 % 3 != 0 || y / 8 % 3 != 0, 1);
        }
    }
    const directory first = {picture, bits, 1, 1, 0, 0}, second = {picture, 1, 1, 4, 4, 0};
    write_directory(file, &first, &grey, mask);
    if (mask)
        write_directory(file, &second, &holes, false);
    free(grey.bytes);
    free(holes.bytes);
}

/* Writes inks without black. */
static void write_inks(FILE *file, const image *picture)
{
    strip inks = strip_new(picture->height * picture->width * 4);
    for (size_t y = 0; y < picture->height; y++)
        for (size_t x = 0; x < picture->width; x++)
            for (size_t c = 0; c < 4; c++)
                put_sample(&inks, c < 3 ? 255u - pixel(picture, x, y)[c] : 0, 8);
    const directory only = {picture, 8, 4, 5, 0, 0};
    write_directory(file, &only, &inks, false);
    free(inks.bytes);
}

static double luma(const uint16_t *rgb)
{
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

/* Writes units of 2 x 2 pixels: their luma, and Cb and Cr of the first. */
static void write_units(FILE *file, const image *picture)
{
    const size_t across = (picture->width + 1) / 2, down = (picture->height + 1) / 2;
    strip units = strip_new(across * down * 6);
    for (size_t i = 0; i < across * down; i++) {
        const size_t x = i % across * 2, y = i / across * 2;
        const uint16_t *first = pixel(picture, x, y);
        for (size_t k = 0; k < 4; k++) {
            size_t u = x + k % 2 < picture->width ? x + k % 2 : x;
            size_t v = y + k / 2 < picture->height ? y + k / 2 : y;
            put_sample(&units, (unsigned)(luma(pixel(picture, u, v)) + 0.5), 8);
        }
        put_sample(&units, (unsigned)((first[2] - luma(first)) / 1.772 + 128), 8);
        put_sample(&units, (unsigned)((first[0] - luma(first)) / 1.402 + 128), 8);
    }
    const directory only = {picture, 8, 3, 6, 0, 2};
    write_directory(file, &only, &units, false);
    free(units.bytes);
}

void write_tiff(FILE *file, const image *picture, const write_how *how)
{
    put(file, 0x002A4949, 4); /* "II*" */
    put(file, 8, 4);
    if (picture->channels == 1)
        write_packed(file, picture, how->bits, how->mask);
    else if (strcmp(how->space, "cmyk") == 0)
        write_inks(file, picture);
    else
        write_units(file, picture);
}
