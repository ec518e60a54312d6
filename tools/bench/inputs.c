/* SPDX-License-Identifier: MIT */
/*
 * Makes the input files of the benchmark:
 *     inputs scenes FOLDER COUNT SIDE                    drawn scenes with the statistics of
 * photographs inputs photo FOLDER WIDTH HEIGHT PICTURE.png ...   a mosaic as PGM, grey and RGB PNG,
 * JPEG inputs jpegs FOLDER PICTURE.png ...                each image as JPEG, under its name inputs
 * spiral|serpentine|noise|faint OUT.pgm SIDE  hard cases for hysteresis inputs giant OUT.png SIDE
 * PICTURE.pgm              the image repeated, written row by row
 */
#include <stdio.h> /* jpeglib.h needs it to come first */

#include <errno.h>
#include <jpeglib.h>
#include <limits.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "scenes.h"

typedef struct picture {
    uint8_t *data; /* rows without padding */
    size_t width, height;
    int channels; /* 1 or 3 */
} picture;

static picture new_picture(size_t width, size_t height, int channels)
{
    return (picture){bench_alloc(width * height * (size_t)channels), width, height, channels};
}

static FILE *open_file(const char *folder, const char *name, const char *mode)
{
    char path[4096];
    snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name);
    FILE *file = fopen(path, mode);
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    return file;
}

static void close_file(FILE *file)
{
    if (fclose(file) != 0)
        bench_die("cannot write: %s", strerror(errno));
}

/* ---- PNG and JPEG ---- */

static void png_failed(png_structp png, png_const_charp message)
{
    (void)png;
    bench_die("libpng: %s", message);
}

static picture read_png(const char *path)
{
    FILE *file = open_file("", path, "rb");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_failed, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file);
    png_read_info(png, info);
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);

    picture p = new_picture(png_get_image_width(png, info), png_get_image_height(png, info), 3);
    png_bytep *rows = bench_alloc(p.height * sizeof *rows);
    for (size_t y = 0; y < p.height; y++)
        rows[y] = p.data + y * p.width * 3;
    png_read_image(png, rows);
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    fclose(file);
    return p;
}

typedef struct png_writer {
    png_structp png;
    png_infop info;
} png_writer;

static png_writer begin_png(FILE *file, size_t width, size_t height, int channels)
{
    png_writer w = {.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, png_failed, NULL)};
    w.info = png_create_info_struct(w.png);
    png_init_io(w.png, file);
    png_set_IHDR(w.png, w.info, (png_uint_32)width, (png_uint_32)height, 8,
                 channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    return w;
}

static void end_png(png_writer *w)
{
    png_write_end(w->png, w->info);
    png_destroy_write_struct(&w->png, &w->info);
}

/* Writes a PNG with libpng's default settings, which most programs use. */
static void write_png(FILE *file, const picture *p)
{
    png_writer w = begin_png(file, p->width, p->height, p->channels);
    png_write_info(w.png, w.info);
    for (size_t y = 0; y < p->height; y++)
        png_write_row(w.png, p->data + y * p->width * (size_t)p->channels);
    end_png(&w);
    close_file(file);
}

/* Writes a JPEG of quality 90 with 4:2:0 chroma, the default of libjpeg and of most cameras. */
static void write_jpeg(FILE *file, const picture *p)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = (JDIMENSION)p->width;
    jpeg.image_height = (JDIMENSION)p->height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 90, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = p->data + jpeg.next_scanline * p->width * 3;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    close_file(file);
}

/* ---- the mosaic ---- */

enum { LEAST_CELLS = 8 }; /* cells across and down a mosaic, at least: 16 images */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Makes a mosaic from blocks of 2x2 cells, an image and its mirror images, which join without a
 * seam. Images are cropped to the size of the smallest, or of the cells of a small mosaic, and
 * never scaled, which would remove their noise. */
static picture make_mosaic(size_t width, size_t height, const picture *tiles, size_t count)
{
    picture m = new_picture(width, height, 3);
    size_t tw = width / LEAST_CELLS, th = height / LEAST_CELLS;
    for (size_t i = 0; i < count; i++) {
        tw = smaller(tw, tiles[i].width);
        th = smaller(th, tiles[i].height);
    }
    size_t across = (width + 2 * tw - 1) / (2 * tw);
    for (size_t y = 0; y < height; y++) {
        size_t ty = y / th % 2 ? th - 1 - y % th : y % th;
        for (size_t x = 0; x < width; x++) {
            size_t tx = x / tw % 2 ? tw - 1 - x % tw : x % tw;
            const picture *tile = &tiles[(y / (2 * th) * across + x / (2 * tw)) % count];
            memcpy(m.data + (y * width + x) * 3, tile->data + (ty * tile->width + tx) * 3, 3);
        }
    }
    return m;
}

static picture make_grey(const picture *rgb)
{
    picture grey = new_picture(rgb->width, rgb->height, 1);
    for (size_t i = 0; i < rgb->width * rgb->height; i++) {
        const uint8_t *c = rgb->data + 3 * i;
        grey.data[i] = (uint8_t)((19595u * c[0] + 38470u * c[1] + 7471u * c[2] + 32768u) >> 16);
    }
    return grey;
}

static picture make_crop(const picture *p, size_t side)
{
    picture crop = new_picture(side, side, p->channels);
    size_t bytes = (size_t)p->channels;
    for (size_t y = 0; y < side; y++)
        memcpy(crop.data + y * side * bytes, p->data + y * p->width * bytes, side * bytes);
    return crop;
}

static void make_photo(const char *folder, size_t width, size_t height, char **paths, size_t count)
{
    picture *tiles = bench_alloc(count * sizeof *tiles);
    char path[4096];
    for (size_t i = 0; i < count; i++)
        tiles[i] = read_png(paths[i]);
    picture rgb = make_mosaic(width, height, tiles, count);
    picture grey = make_grey(&rgb);
    picture small = make_crop(&rgb, 64);

    bench_image image = {grey.data, width, height};
    snprintf(path, sizeof path, "%s/photo.pgm", folder);
    bench_write_pgm(path, &image);
    write_png(open_file(folder, "photo-grey.png", "wb"), &grey);
    write_png(open_file(folder, "photo-rgb.png", "wb"), &rgb);
    write_jpeg(open_file(folder, "photo.jpg", "wb"), &rgb);
    write_png(open_file(folder, "small.png", "wb"), &small);
    for (size_t i = 0; i < count; i++)
        free(tiles[i].data);
    free(tiles);
    free(rgb.data);
    free(grey.data);
    free(small.data);
}

static void make_jpegs(const char *folder, char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/'), *name = slash ? slash + 1 : paths[i];
        char jpeg[NAME_MAX + 1];
        snprintf(jpeg, sizeof jpeg, "%.*s.jpg", (int)strcspn(name, "."), name);
        picture p = read_png(paths[i]);
        write_jpeg(open_file(folder, jpeg, "wb"), &p);
        free(p.data);
    }
}

static void make_scenes(const char *folder, unsigned count, size_t side)
{
    picture scene = new_picture(side, side, 3);
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "scene-%02u.png", i);
        bench_draw_scene(scene.data, side, i);
        write_png(open_file(folder, name, "wb"), &scene);
    }
    free(scene.data);
}

/* ---- hard cases for hysteresis ---- */

/* A line PEN pixels wide, PITCH from the next, too faint for a strong edge except at its starting
 * spot, so hysteresis must follow it completely. */
enum { PITCH = 8, PEN = 4, GROUND = 40, FAINT = 60, SPOT = 255 };

static void stamp(bench_image *p, size_t x, size_t y, uint8_t value)
{
    for (size_t j = 0; j < PEN; j++)
        memset(p->data + (y + j) * p->width + x, value, PEN);
}

/* Draws from (*x, *y), `length` pixels along (dx, dy). */
static void draw(bench_image *p, size_t *x, size_t *y, int dx, int dy, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        *x += (size_t)dx;
        *y += (size_t)dy;
        stamp(p, *x, *y, FAINT);
    }
}

static void draw_spiral(bench_image *p)
{
    static const int way[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    size_t x = p->width / 2, y = p->height / 2;
    const size_t first_x = x, first_y = y;
    for (size_t turn = 0; (turn / 2 + 3) * PITCH < p->width; turn++)
        draw(p, &x, &y, way[turn % 4][0], way[turn % 4][1], (turn / 2 + 1) * PITCH);
    stamp(p, first_x, first_y, SPOT);
}

/* Draws up and down, so that the line crosses every border between row blocks. */
static void draw_serpentine(bench_image *p)
{
    size_t x = PITCH, y = PITCH;
    for (int down = 1; x + 2 * PITCH < p->width; down = -down) {
        draw(p, &x, &y, 0, down, p->height - 3 * PITCH);
        draw(p, &x, &y, 1, 0, PITCH);
    }
    stamp(p, PITCH, PITCH, SPOT);
}

static void fill_noise(bench_image *p, unsigned range)
{
    uint32_t state = 1;
    for (size_t i = 0; i < p->width * p->height; i++) {
        state = state * 1664525u + 1013904223u;
        p->data[i] = (uint8_t)((state >> 16) % range);
    }
}

static void draw_noise(bench_image *p)
{
    fill_noise(p, 256);
}

/* Draws an image where nearly all edges depend on a strong one elsewhere. */
static void draw_faint(bench_image *p)
{
    fill_noise(p, 48);
}

typedef struct hard_case {
    const char *name;
    void (*draw)(bench_image *p);
} hard_case;

static const hard_case hard_cases[] = {
    {"spiral", draw_spiral},
    {"serpentine", draw_serpentine},
    {"noise", draw_noise},
    {"faint", draw_faint},
};

static int make_hard_case(const char *name, const char *path, size_t side)
{
    for (size_t i = 0; i < sizeof hard_cases / sizeof hard_cases[0]; i++) {
        if (strcmp(hard_cases[i].name, name) != 0)
            continue;
        bench_image image = {bench_alloc(side * side), side, side};
        memset(image.data, GROUND, side * side);
        hard_cases[i].draw(&image);
        bench_write_pgm(path, &image);
        free(image.data);
        return 0;
    }
    bench_die("no such picture: %s", name);
}

/* ---- the giant ---- */

/* Compression level 1 and one filter, for speed. Each horizontal repeat takes rows from elsewhere
 * in the image, because zlib would find equal rows within its window and leave little to decode. */
enum { ELSEWHERE = 619 };

static void make_giant(const char *path, size_t side, const bench_image *p)
{
    FILE *file = open_file("", path, "wb");
    png_writer w = begin_png(file, side, side, 1);
    uint8_t *row = bench_alloc(side);
    png_set_compression_level(w.png, 1);
    png_set_filter(w.png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_user_limits(w.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_write_info(w.png, w.info);
    for (size_t y = 0; y < side; y++) {
        for (size_t x = 0; x < side; x += p->width) {
            size_t from = y + x / p->width * ELSEWHERE;
            size_t part = side - x < p->width ? side - x : p->width;
            memcpy(row + x, p->data + from % p->height * p->width, part);
        }
        png_write_row(w.png, row);
    }
    end_png(&w);
    free(row);
    close_file(file);
}

int main(int argc, char **argv)
{
    if (argc > 5 && strcmp(argv[1], "photo") == 0) {
        make_photo(argv[2], (size_t)bench_number(argv[3], 64, 1 << 16),
                   (size_t)bench_number(argv[4], 64, 1 << 16), argv + 5, (size_t)(argc - 5));
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "scenes") == 0) {
        make_scenes(argv[2], (unsigned)bench_number(argv[3], 1, 100),
                    (size_t)bench_number(argv[4], 64, 1 << 14));
        return 0;
    }
    if (argc > 3 && strcmp(argv[1], "jpegs") == 0) {
        make_jpegs(argv[2], argv + 3, (size_t)(argc - 3));
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "giant") == 0) {
        bench_image tile = bench_read_pgm(argv[4]);
        make_giant(argv[2], (size_t)bench_number(argv[3], 64, 1 << 20), &tile);
        return 0;
    }
    if (argc == 4)
        return make_hard_case(argv[1], argv[2], (size_t)bench_number(argv[3], 64, 1 << 15));
    bench_die("usage: inputs scenes|photo|jpegs|giant|spiral|serpentine|noise|faint ... (see the "
              "source)");
}
