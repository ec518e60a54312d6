/* SPDX-License-Identifier: MIT */
/* PNG through libpng: 1, 8 and 16 bits, palette, Adam7, EXIF in a chunk or as text. */
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "testdata.h"

static const int colour_types[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                   PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};

/* Colours of the image in order of appearance, and their indices. */
typedef struct palette {
    png_color colours[256];
    int count;
    image *indices;
} palette;

static int find_colour(palette *found, const uint16_t *rgb)
{
    png_color wanted = {(png_byte)rgb[0], (png_byte)rgb[1], (png_byte)rgb[2]};
    for (int i = 0; i < found->count; i++)
        if (memcmp(&found->colours[i], &wanted, sizeof wanted) == 0)
            return i;
    if (found->count == 256)
        die("too many colours for a palette");
    found->colours[found->count] = wanted;
    return found->count++;
}

static void find_palette(palette *found, const image *rgb)
{
    found->count = 0;
    found->indices = image_new(rgb->width, rgb->height, 1, 255);
    for (size_t i = 0; i < rgb->width * rgb->height; i++)
        found->indices->sample[i] = (uint16_t)find_colour(found, rgb->sample + 3 * i);
}

/* Makes rows for libpng: one byte per sample, or two, big-endian, for 16 bits. */
static png_bytep *make_rows(const image *picture)
{
    size_t across = picture->width * (size_t)picture->channels;
    size_t bytes = picture->max > 255 ? 2 : 1;
    png_bytep *rows = malloc(picture->height * sizeof *rows);
    png_bytep at = malloc(picture->height * across * bytes);
    if (!rows || !at)
        die("out of memory");
    for (size_t y = 0; y < picture->height; y++) {
        rows[y] = at;
        for (size_t i = 0; i < across; i++) {
            if (bytes == 2)
                *at++ = (png_byte)(pixel(picture, 0, y)[i] >> 8);
            *at++ = (png_byte)(pixel(picture, 0, y)[i] & 255);
        }
    }
    return rows;
}

/* Adds EXIF as ImageMagick did before the chunk eXIf was registered: hexadecimal, compressed. */
static void set_profile(png_structp png, png_infop info, int orientation)
{
    char text[128], keyword[] = "Raw profile type exif";
    uint8_t exif[6 + EXIF_BYTES] = "Exif\0";
    make_exif(exif + 6, orientation);
    int length = snprintf(text, sizeof text, "\nexif\n%8zu\n", sizeof exif);
    for (size_t i = 0; i < sizeof exif; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%02x", exif[i]);
    png_text profile = {.compression = PNG_TEXT_COMPRESSION_zTXt, .key = keyword, .text = text};
    profile.text_length = (size_t)length;
    png_set_text(png, info, &profile, 1);
}

static void on_error(png_structp png, png_const_charp message)
{
    (void)png;
    die(message);
}

static void put(png_structp png, png_infop info, FILE *file, const image *picture)
{
    png_bytep *rows = make_rows(picture);
    png_init_io(png, file);
    png_set_compression_level(png, 9);
    png_write_info(png, info);
    if (picture->max == 1)
        png_set_packing(png);
    png_write_image(png, rows);
    png_write_end(png, NULL); /* given `info` here, libpng 1.6 writes eXIf a second time */
    free(rows[0]);
    free(rows);
}

void write_png(FILE *file, const image *picture, const write_how *how)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, NULL);
    png_infop info = png_create_info_struct(png);
    palette found = {.indices = NULL};
    uint8_t exif[EXIF_BYTES];
    if (!info)
        die("out of memory");

    if (how->palette)
        find_palette(&found, picture);
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height,
                 picture->max == 1     ? 1
                 : picture->max == 255 ? 8
                                       : 16,
                 how->palette ? PNG_COLOR_TYPE_PALETTE : colour_types[picture->channels],
                 how->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    if (how->palette)
        png_set_PLTE(png, info, found.colours, found.count);
    if (how->orientation && how->plain) {
        set_profile(png, info, how->orientation);
    } else if (how->orientation) {
        make_exif(exif, how->orientation);
        png_set_eXIf_1(png, info, EXIF_BYTES, exif);
    }
    put(png, info, file, how->palette ? found.indices : picture);
    if (found.indices)
        image_free(found.indices);
    png_destroy_write_struct(&png, &info);
}
