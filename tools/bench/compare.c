/* SPDX-License-Identifier: MIT */
/*
 * compare png|f32|degrees A B: how much two results differ. Prints one JSON line: the largest
 * difference of two pixels and how many pixels differ at all.
 */
#include <errno.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

typedef struct difference {
    double largest;
    size_t pixels, differing;
} difference;

static void add(difference *d, double apart)
{
    d->pixels++;
    d->differing += apart != 0;
    if (apart > d->largest || isnan(apart))
        d->largest = isnan(apart) ? INFINITY : apart;
}

static FILE *open_input(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        bench_die("%s: %s", path, strerror(errno));
    return file;
}

/* ---- raw floats ---- */

enum { CHUNK = 65536 };

static difference compare_floats(const char *path_a, const char *path_b, int circular)
{
    FILE *a = open_input(path_a), *b = open_input(path_b);
    float *va = bench_alloc(CHUNK * sizeof *va), *vb = bench_alloc(CHUNK * sizeof *vb);
    difference d = {0};
    for (size_t n = CHUNK; n == CHUNK;) {
        n = fread(va, sizeof *va, CHUNK, a);
        if (fread(vb, sizeof *vb, CHUNK, b) != n)
            bench_die("%s and %s are not as long as each other", path_a, path_b);
        for (size_t i = 0; i < n; i++) {
            double apart = fabs((double)va[i] - vb[i]);
            add(&d, circular && apart > 180 ? 360 - apart : apart);
        }
    }
    free(va);
    free(vb);
    fclose(a);
    fclose(b);
    return d;
}

/* ---- grey PNGs, 1 to 8 bits ---- */

typedef struct reader {
    FILE *file;
    png_structp png;
    png_infop info;
    png_bytep row;
} reader;

static void png_failed(png_structp png, png_const_charp message)
{
    (void)png;
    bench_die("libpng: %s", message);
}

static reader reader_open(const char *path)
{
    reader r = {.file = open_input(path)};
    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_failed, NULL);
    r.info = png_create_info_struct(r.png);
    png_init_io(r.png, r.file);
    png_read_info(r.png, r.info);
    png_set_expand_gray_1_2_4_to_8(r.png);
    png_read_update_info(r.png, r.info);
    if (png_get_rowbytes(r.png, r.info) != png_get_image_width(r.png, r.info))
        bench_die("%s: not a grey PNG of 8 bits or less", path);
    r.row = bench_alloc(png_get_rowbytes(r.png, r.info));
    return r;
}

static void reader_close(reader *r)
{
    free(r->row);
    png_destroy_read_struct(&r->png, &r->info, NULL);
    fclose(r->file);
}

static difference compare_pngs(const char *path_a, const char *path_b)
{
    reader a = reader_open(path_a), b = reader_open(path_b);
    size_t width = png_get_image_width(a.png, a.info), height = png_get_image_height(a.png, a.info);
    difference d = {0};
    if (width != png_get_image_width(b.png, b.info) ||
        height != png_get_image_height(b.png, b.info))
        bench_die("%s and %s are not of one size", path_a, path_b);
    for (size_t y = 0; y < height; y++) {
        png_read_row(a.png, a.row, NULL);
        png_read_row(b.png, b.row, NULL);
        for (size_t x = 0; x < width; x++)
            add(&d, abs(a.row[x] - b.row[x]));
    }
    reader_close(&a);
    reader_close(&b);
    return d;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_die("usage: compare png|f32|degrees A B");
    difference d = strcmp(argv[1], "png") == 0
                       ? compare_pngs(argv[2], argv[3])
                       : compare_floats(argv[2], argv[3], strcmp(argv[1], "degrees") == 0);
    if (!isfinite(d.largest))
        d.largest = 1e300; /* JSON has no infinity */
    printf("{\"largest\": %.9g, \"pixels\": %zu, \"differing\": %zu}\n", d.largest, d.pixels,
           d.differing);
    return 0;
}
