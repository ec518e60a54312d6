/* SPDX-License-Identifier: MIT */
/* A picture of known colours, and reading rows of planes. */
#include "planes_made.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

enum { W = PICTURE_WIDTH, H = PICTURE_HEIGHT, ENTRIES = 150 };

/* ---- the picture ----------------------------------------------------------------------------- */

static unsigned mix(unsigned v)
{
    v = (v ^ 61) ^ (v >> 16);
    v *= 9;
    v ^= v >> 4;
    v *= 0x27d4eb2d;
    return v ^ (v >> 15);
}

static unsigned entry_of(size_t x, size_t y)
{
    return mix((unsigned)(x + W * y)) % ENTRIES;
}

/* Every third value is 0, so that pixels without alpha abound. */
static unsigned alpha_of(unsigned v)
{
    static const unsigned values[] = {0, 255, 0, 1, 254, 128};
    return values[mix(v + 77) % COUNT(values)];
}

/* Colours change slowly, with a few pixels of the key. */
static unsigned colour_of(size_t x, size_t y, int k)
{
    static const unsigned key[3] = {10, 20, 250};
    if ((x + 3 * y) % 7 == 0)
        return key[k];
    return (unsigned)((x * (size_t)(2 + k) + y * (size_t)(6 - 2 * k)) % 256) ^
           (mix((unsigned)(x + W * y)) & 31);
}

static bool is_key(size_t x, size_t y)
{
    return colour_of(x, y, 0) == 10 && colour_of(x, y, 1) == 20 && colour_of(x, y, 2) == 250;
}

unsigned picture_at(picture_kind kind, size_t x, size_t y, int k)
{
    if (kind == PICTURE_PALETTE || kind == PICTURE_PALETTE_ALPHA) {
        unsigned entry = entry_of(x, y);
        if (k == 3)
            return kind == PICTURE_PALETTE_ALPHA && entry < 100 ? alpha_of(entry) : 255;
        return mix(entry * 3 + (unsigned)k) % 256;
    }
    if (k == 3)
        return kind == PICTURE_ALPHA ? alpha_of((unsigned)(x + W * y))
               : kind == PICTURE_KEY ? (is_key(x, y) ? 0 : 255)
                                     : 255;
    return colour_of(x, y, k);
}

double picture_plane(const picture_file *file, size_t x, size_t y, int k,
                     const eg_read_options *options)
{
    const double colour = picture_at(file->kind, x, y, k), alpha = picture_at(file->kind, x, y, 3);
    double sample = colour;
    if (options->alpha == EG_ALPHA_MASK && alpha == 0)
        return (double)NAN;
    if (options->alpha == EG_ALPHA_OVER)
        sample = (alpha * colour + (255 - alpha) * options->over[k]) / 255;
    return file->depth == 32   ? sample / 255
           : file->depth == 16 ? 257 * sample
                               : floor(sample + 0.5);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void set_palette(png_structp png, png_infop info, const picture_file *file)
{
    png_color palette[ENTRIES];
    png_byte alpha[100];
    for (unsigned i = 0; i < ENTRIES; i++)
        palette[i] = (png_color){(png_byte)(mix(i * 3) % 256), (png_byte)(mix(i * 3 + 1) % 256),
                                 (png_byte)(mix(i * 3 + 2) % 256)};
    for (unsigned i = 0; i < COUNT(alpha); i++)
        alpha[i] = (png_byte)alpha_of(i);
    png_set_PLTE(png, info, palette, ENTRIES);
    if (file->kind == PICTURE_PALETTE_ALPHA)
        png_set_tRNS(png, info, alpha, COUNT(alpha), NULL);
}

static void set_orientation(png_structp png, png_infop info, int orientation)
{
    png_byte exif[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                       3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0, 0,    0};
    exif[19] = (png_byte)orientation;
    png_set_eXIf_1(png, info, sizeof exif, exif);
}

/* Stores the samples of row y and returns their number of bytes. */
static size_t make_row(const picture_file *file, size_t y, uint8_t *row)
{
    const bool palette = file->kind == PICTURE_PALETTE || file->kind == PICTURE_PALETTE_ALPHA;
    const int channels = file->kind == PICTURE_ALPHA ? 4 : 3;
    size_t at = 0;
    for (size_t x = 0; x < W; x++) {
        if (palette)
            row[at++] = (uint8_t)entry_of(x, y);
        for (int k = 0; k < channels && !palette; k++) {
            row[at++] = (uint8_t)picture_at(file->kind, x, y, k);
            if (file->depth == 16)
                row[at++] = (uint8_t)picture_at(file->kind, x, y, k);
        }
    }
    return at;
}

void write_picture_png(const picture_file *file, const char *path)
{
    static const int types[] = {[PICTURE_COLOURS] = PNG_COLOR_TYPE_RGB,
                                [PICTURE_ALPHA] = PNG_COLOR_TYPE_RGB_ALPHA,
                                [PICTURE_KEY] = PNG_COLOR_TYPE_RGB,
                                [PICTURE_PALETTE] = PNG_COLOR_TYPE_PALETTE,
                                [PICTURE_PALETTE_ALPHA] = PNG_COLOR_TYPE_PALETTE};
    static uint8_t rows[H][W * 8];
    png_bytep lines[H];
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png)) != 0)
        fail_msg("%s cannot be written", path);
    png_init_io(png, out);
    png_set_IHDR(png, info, W, H, file->depth, types[file->kind],
                 file->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (types[file->kind] == PNG_COLOR_TYPE_PALETTE)
        set_palette(png, info, file);
    const png_uint_16 unit = file->depth == 16 ? 257 : 1;
    const png_color_16 key = {.red = (png_uint_16)(10 * unit),
                              .green = (png_uint_16)(20 * unit),
                              .blue = (png_uint_16)(250 * unit)};
    if (file->kind == PICTURE_KEY)
        png_set_tRNS(png, info, NULL, 0, &key);
    if (file->orientation)
        set_orientation(png, info, file->orientation);
    for (size_t y = 0; y < H; y++) {
        make_row(file, y, rows[y]);
        lines[y] = rows[y];
    }
    png_set_rows(png, info, lines);
    png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
    png_destroy_write_struct(&png, &info);
    fclose(out);
}

static void write_pnm(const picture_file *file, const char *path)
{
    uint8_t row[W * 8];
    const bool plain = file->header[1] == '3';
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(file->header, out);
    for (size_t y = 0; y < H; y++) {
        size_t bytes = make_row(file, y, row);
        for (size_t i = 0; plain && i < bytes; i++)
            fprintf(out, "%u\n", row[i]);
        if (!plain)
            fwrite(row, 1, bytes, out);
    }
    fclose(out);
}

/* The scale in the header tells the byte order. */
static void write_pfm(const picture_file *file, const char *path)
{
    const bool little = strchr(file->header, '-') != NULL;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(file->header, out);
    for (size_t y = H; y-- > 0;)
        for (size_t i = 0; i < 3 * W; i++) {
            const float value = (float)picture_at(file->kind, i / 3, y, (int)(i % 3)) / 255;
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            for (int j = 0; j < 4; j++)
                fputc((int)(bits >> 8 * (little ? j : 3 - j) & 255), out);
        }
    fclose(out);
}

const picture_file picture_files[] = {
    {"rgb.png", write_picture_png, PICTURE_COLOURS, 8, false, NULL, 0},
    {"rgb-i.png", write_picture_png, PICTURE_COLOURS, 8, true, NULL, 0},
    {"rgb16.png", write_picture_png, PICTURE_COLOURS, 16, false, NULL, 0},
    {"rgb16-i.png", write_picture_png, PICTURE_COLOURS, 16, true, NULL, 0},
    {"rgba.png", write_picture_png, PICTURE_ALPHA, 8, false, NULL, 0},
    {"rgba-i.png", write_picture_png, PICTURE_ALPHA, 8, true, NULL, 0},
    {"rgba16.png", write_picture_png, PICTURE_ALPHA, 16, false, NULL, 0},
    {"rgba16-i.png", write_picture_png, PICTURE_ALPHA, 16, true, NULL, 0},
    {"key.png", write_picture_png, PICTURE_KEY, 8, false, NULL, 0},
    {"key16.png", write_picture_png, PICTURE_KEY, 16, false, NULL, 0},
    {"palette.png", write_picture_png, PICTURE_PALETTE, 8, false, NULL, 0},
    {"palette-i.png", write_picture_png, PICTURE_PALETTE, 8, true, NULL, 0},
    {"palette-alpha.png", write_picture_png, PICTURE_PALETTE_ALPHA, 8, false, NULL, 0},
    {"palette-alpha-i.png", write_picture_png, PICTURE_PALETTE_ALPHA, 8, true, NULL, 0},
    {"rgb.ppm", write_pnm, PICTURE_COLOURS, 8, false, "P6\n37 29\n255\n", 0},
    {"rgb16.ppm", write_pnm, PICTURE_COLOURS, 16, false, "P6\n37 29\n65535\n", 0},
    {"plain.ppm", write_pnm, PICTURE_COLOURS, 8, false, "P3\n37 29\n255\n", 0},
    {"rgb.pam", write_pnm, PICTURE_COLOURS, 8, false,
     "P7\nWIDTH 37\nHEIGHT 29\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n", 0},
    {"rgba.pam", write_pnm, PICTURE_ALPHA, 8, false,
     "P7\nWIDTH 37\nHEIGHT 29\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n", 0},
    {"rgba16.pam", write_pnm, PICTURE_ALPHA, 16, false,
     "P7\nWIDTH 37\nHEIGHT 29\nDEPTH 4\nMAXVAL 65535\nTUPLTYPE RGB_ALPHA\nENDHDR\n", 0},
    {"little.pfm", write_pfm, PICTURE_COLOURS, 32, false, "PF\n37 29\n-1\n", 0},
    {"big.pfm", write_pfm, PICTURE_COLOURS, 32, false, "PF\n37 29\n1\n", 0},
};
const size_t picture_file_count = COUNT(picture_files);

const char *write_picture(const picture_file *file)
{
    const char *path = scratch(file->name);
    file->write(file, path);
    return path;
}

/* ---- reading --------------------------------------------------------------------------------- */

eg_read_options plane_options(void)
{
    eg_read_options options;
    eg_read_default(&options);
    options.colour_planes = true;
    return options;
}

eg_source *open_source(eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_source *source = NULL;
    eg_error error = {0};
    if (eg_source_open(&source, ctx, path, options, &error) != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

enum { BESIDE = 64, UNTOUCHED = 0xA5 };

static void take_rows(plane_grids *planes, size_t y, const uint8_t *rows, size_t plane_bytes,
                      size_t count)
{
    const size_t bytes = eg_row_bytes(planes->plane[0].sample, planes->plane[0].width);
    for (size_t i = 0; i < count * (size_t)planes->count; i++) {
        const eg_grid *grid = &planes->plane[i % (size_t)planes->count];
        const uint8_t *from = rows + i * plane_bytes;
        memcpy((char *)grid->data + (y + i / (size_t)planes->count) * grid->stride, from, bytes);
        for (size_t j = bytes; j < plane_bytes; j++)
            if (from[j] != UNTOUCHED)
                fail_msg("row %zu: memory beside plane %zu is changed", y, i);
    }
}

plane_grids read_planes(eg_context *ctx, eg_source *source, size_t at_once)
{
    const eg_info info = *eg_source_info(source);
    plane_grids planes = {.count = info.planes > 1 ? info.planes : 1};
    eg_error error = {0};
    const size_t plane_bytes = (eg_row_bytes(info.sample, info.width) + BESIDE) / 8 * 8;
    const size_t stride = (size_t)planes.count * plane_bytes;
    uint8_t *rows = malloc(at_once * stride);
    assert_non_null(rows);
    for (int k = 0; k < planes.count; k++)
        assert_int_equal(
            eg_grid_new(&planes.plane[k], ctx, info.width, info.height, info.sample, &error),
            EG_OK);
    for (size_t y = 0; y < info.height; y += at_once) {
        size_t count = info.height - y < at_once ? info.height - y : at_once;
        memset(rows, UNTOUCHED, at_once * stride);
        if (eg_source_read(source, rows, stride, count, &error) != EG_OK)
            fail_msg("%s", error.message);
        take_rows(&planes, y, rows, plane_bytes, count);
    }
    if (eg_source_finish(source, &error) != EG_OK)
        fail_msg("%s", error.message);
    free(rows);
    return planes;
}

void free_planes(plane_grids *planes)
{
    for (int k = 0; k < 3; k++)
        eg_grid_free(&planes->plane[k]);
}

plane_grids load_planes(eg_context *ctx, const char *path, const eg_read_options *options,
                        size_t at_once)
{
    eg_source *source = open_source(ctx, path, options);
    plane_grids planes = read_planes(ctx, source, at_once);
    eg_source_close(source);
    return planes;
}

void assert_planes_equal(const plane_grids *a, const plane_grids *b)
{
    assert_int_equal(a->count, b->count);
    for (int k = 0; k < a->count; k++)
        assert_grids_equal(&a->plane[k], &b->plane[k]);
}
