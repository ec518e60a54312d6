/* SPDX-License-Identifier: MIT */
/*
 * compare png|f32|f64|degrees|tiff A B: compares two results. Prints one JSON line: the largest
 * difference of two pixels and the number of pixels that differ.
 */
#include <errno.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

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

/* ---- raw floats and doubles ---- */

enum { CHUNK = 65536 };

static double at(const void *samples, size_t size, size_t i)
{
    return size == sizeof(float) ? (double)((const float *)samples)[i]
                                 : ((const double *)samples)[i];
}

static difference compare_reals(const char *path_a, const char *path_b, size_t size, int circular)
{
    FILE *a = open_input(path_a), *b = open_input(path_b);
    void *va = bench_alloc(CHUNK * size), *vb = bench_alloc(CHUNK * size);
    difference d = {0};
    for (size_t n = CHUNK; n == CHUNK;) {
        n = fread(va, size, CHUNK, a);
        if (fread(vb, size, CHUNK, b) != n)
            bench_die("%s and %s are not as long as each other", path_a, path_b);
        for (size_t i = 0; i < n; i++) {
            double apart = fabs(at(va, size, i) - at(vb, size, i));
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

/* ---- TIFFs of bytes or floats, in strips ---- */

typedef struct raster {
    TIFF *tiff;
    uint32_t width, height;
    uint16_t bits;
    void *row;
} raster;

static raster raster_open(const char *path)
{
    TIFFSetWarningHandler(NULL);              /* silences warnings about GeoTIFF tags */
    raster r = {.tiff = TIFFOpen(path, "r")}; /* libtiff prints the error */
    if (!r.tiff)
        bench_die("%s: cannot be read", path);
    TIFFGetField(r.tiff, TIFFTAG_IMAGEWIDTH, &r.width);
    TIFFGetField(r.tiff, TIFFTAG_IMAGELENGTH, &r.height);
    TIFFGetFieldDefaulted(r.tiff, TIFFTAG_BITSPERSAMPLE, &r.bits);
    if (TIFFIsTiled(r.tiff) || (r.bits != 8 && r.bits != 32) ||
        (uint64_t)TIFFScanlineSize64(r.tiff) != (uint64_t)r.width * r.bits / 8)
        bench_die("%s: not one band of bytes or floats in strips", path);
    r.row = bench_alloc((size_t)r.width * r.bits / 8);
    return r;
}

static double raster_sample(const raster *r, uint32_t x)
{
    return r->bits == 8 ? ((const uint8_t *)r->row)[x] : (double)((const float *)r->row)[x];
}

static void raster_close(raster *r)
{
    free(r->row);
    TIFFClose(r->tiff);
}

static difference compare_tiffs(const char *path_a, const char *path_b)
{
    raster a = raster_open(path_a), b = raster_open(path_b);
    difference d = {0};
    if (a.width != b.width || a.height != b.height || a.bits != b.bits)
        bench_die("%s and %s are not of one size and kind", path_a, path_b);
    for (uint32_t y = 0; y < a.height; y++) {
        if (TIFFReadScanline(a.tiff, a.row, y, 0) < 0 || TIFFReadScanline(b.tiff, b.row, y, 0) < 0)
            bench_die("%s or %s: row %u cannot be read", path_a, path_b, y);
        for (uint32_t x = 0; x < a.width; x++)
            add(&d, fabs(raster_sample(&a, x) - raster_sample(&b, x)));
    }
    raster_close(&a);
    raster_close(&b);
    return d;
}

/* ---- the modes ---- */

static difference compare_floats(const char *path_a, const char *path_b)
{
    return compare_reals(path_a, path_b, sizeof(float), 0);
}

static difference compare_doubles(const char *path_a, const char *path_b)
{
    return compare_reals(path_a, path_b, sizeof(double), 0);
}

static difference compare_degrees(const char *path_a, const char *path_b)
{
    return compare_reals(path_a, path_b, sizeof(float), 1);
}

typedef struct mode {
    const char *name;
    difference (*compare)(const char *path_a, const char *path_b);
} mode;

static const mode modes[] = {
    {"png", compare_pngs},        {"f32", compare_floats}, {"f64", compare_doubles},
    {"degrees", compare_degrees}, {"tiff", compare_tiffs},
};

static const mode *find_mode(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(modes[i].name, name) == 0)
            return &modes[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const mode *chosen = argc == 4 ? find_mode(argv[1]) : NULL;
    if (!chosen)
        bench_die("usage: compare png|f32|f64|degrees|tiff A B");
    difference d = chosen->compare(argv[2], argv[3]);
    if (!isfinite(d.largest))
        d.largest = 1e300; /* JSON has no infinity */
    printf("{\"largest\": %.9g, \"pixels\": %zu, \"differing\": %zu}\n", d.largest, d.pixels,
           d.differing);
    return 0;
}
