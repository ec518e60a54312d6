/* SPDX-License-Identifier: MIT */
/* Reading PNGs with libpng's high-level functions. */
#include "png_oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <png.h>

static png_pixels copy_rows(png_structp png, png_infop info)
{
    png_pixels p = {.width = png_get_image_width(png, info),
                    .height = png_get_image_height(png, info),
                    .depth = png_get_bit_depth(png, info),
                    .channels = png_get_channels(png, info)};
    png_bytepp rows = png_get_rows(png, info);
    size_t samples = p.width * (size_t)p.channels;
    p.data = malloc(samples * p.height * sizeof *p.data);
    assert_non_null(p.data);
    for (size_t y = 0; y < p.height; y++) {
        for (size_t i = 0; i < samples; i++) {
            const png_byte *at = rows[y] + (p.depth == 16 ? 2 * i : i);
            p.data[y * samples + i] = p.depth == 16 ? (uint16_t)(at[0] << 8 | at[1]) : at[0];
        }
    }
    return p;
}

png_pixels oracle_png(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png)) != 0)
        fail_msg("libpng by itself cannot read %s", path);
    png_init_io(png, file);
    png_read_png(png, info, PNG_TRANSFORM_EXPAND, NULL);
    png_pixels pixels = copy_rows(png, info);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
    return pixels;
}

static double luma(double r, double g, double b, int depth)
{
    double y = (19595 * r + 38470 * g + 7471 * b) / 65536;
    return depth == 8 ? floor(y + 0.5) : y;
}

double oracle_grey(const png_pixels *pixels, size_t x, size_t y, const eg_read_options *options)
{
    const uint16_t *p = pixels->data + (y * pixels->width + x) * (size_t)pixels->channels;
    const uint8_t *over = options->over;
    double grey = pixels->channels >= 3 ? luma(p[0], p[1], p[2], pixels->depth) : p[0];
    if (options->alpha == EG_ALPHA_IGNORE || pixels->channels % 2 == 1)
        return grey;
    double alpha = p[pixels->channels - 1], full = pixels->depth == 16 ? 65535 : 255;
    double back = luma(over[0], over[1], over[2], 8) * (full / 255);
    double mixed = (alpha * grey + (full - alpha) * back) / full;
    return pixels->depth == 8 ? floor(mixed + 0.5) : mixed;
}
