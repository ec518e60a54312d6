/* SPDX-License-Identifier: MIT */
/* The TIFF writer, read back with libtiff: samples in every layout, predictor choice, and output
 * that depends on neither threads nor strips. */
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tiffio.h>

#include "core/context.h"
#include "io/tiff_writer/tiff_write.h"

static const eg_sample samples[] = {EG_BIT, EG_U8, EG_U16, EG_F32};

/* ---- images ---------------------------------------------------------------------------------- */

static void put(eg_grid *grid, size_t x, size_t y, unsigned v)
{
    char *row = (char *)grid->data + y * grid->stride;
    if (grid->sample == EG_BIT)
        ((uint64_t *)(void *)row)[x / 64] |= (uint64_t)(v & 1) << (x % 64);
    else if (grid->sample == EG_U8)
        ((uint8_t *)row)[x] = (uint8_t)v;
    else if (grid->sample == EG_U16)
        ((uint16_t *)(void *)row)[x] = (uint16_t)(v * 77);
    else
        ((float *)(void *)row)[x] = v % 31 == 0 ? NAN : (float)v * 0.37F - 40;
}

/* Makes an image of ramps with noise. */
static eg_grid make_image(eg_context *ctx, size_t width, size_t height, eg_sample sample)
{
    eg_grid grid;
    unsigned state = (unsigned)(width * 131 + height);
    assert_int_equal(eg_grid_new(&grid, ctx, width, height, sample, NULL), EG_OK);
    memset(grid.data, 0, grid.height * grid.stride);
    for (size_t y = 0; y < height; y++) {
        for (size_t x = 0; x < width; x++) {
            state = state * 1664525u + 1013904223u;
            put(&grid, x, y, (unsigned)(x + 2 * y) + (state >> 24) % 7);
        }
    }
    return grid;
}

/* ---- reading by libtiff ---------------------------------------------------------------------- */

static TIFF *open_tiff(const char *path)
{
    TIFF *tif = TIFFOpen(path, "r");
    assert_non_null(tif);
    return tif;
}

static unsigned tag16(TIFF *tif, uint32_t tag)
{
    uint16_t value = 0;
    assert_int_equal(TIFFGetFieldDefaulted(tif, tag, &value), 1);
    return value;
}

/* Returns true if sample x of a row of the file equals sample (at, y) of the grid. */
static bool is_sample(const uint8_t *row, size_t x, const eg_grid *grid, size_t at, size_t y)
{
    const char *wanted = (const char *)grid->data + y * grid->stride;
    if (grid->sample == EG_BIT)
        return (row[x / 8] >> (7 - x % 8) & 1) ==
               (((const uint64_t *)(const void *)wanted)[at / 64] >> (at % 64) & 1);
    size_t size = eg_row_bytes(grid->sample, 1);
    return memcmp(row + x * size, wanted + at * size, size) == 0;
}

/* Checks a tile. Beyond the image's edge it repeats the last column and row. */
static void check_tile(TIFF *tif, const eg_grid *grid, const uint32_t side[2], size_t x0, size_t y0)
{
    size_t row_bytes = (size_t)TIFFTileRowSize(tif);
    uint8_t *tile = malloc((size_t)TIFFTileSize(tif));
    assert_true(TIFFReadTile(tif, tile, (uint32_t)x0, (uint32_t)y0, 0, 0) > 0);
    for (size_t y = 0; y < side[1]; y++) {
        for (size_t x = 0; x < side[0]; x++) {
            size_t at_x = x0 + x < grid->width ? x0 + x : grid->width - 1;
            size_t at_y = y0 + y < grid->height ? y0 + y : grid->height - 1;
            if (!is_sample(tile + y * row_bytes, x, grid, at_x, at_y))
                fail_msg("(%zu, %zu) of %zu x %zu", x0 + x, y0 + y, grid->width, grid->height);
        }
    }
    free(tile);
}

static void check_strips(TIFF *tif, const eg_grid *grid)
{
    uint8_t *row = malloc((size_t)TIFFScanlineSize(tif));
    for (size_t y = 0; y < grid->height; y++) {
        assert_int_equal(TIFFReadScanline(tif, row, (uint32_t)y, 0), 1);
        for (size_t x = 0; x < grid->width; x++)
            if (!is_sample(row, x, grid, x, y))
                fail_msg("(%zu, %zu) of %zu x %zu", x, y, grid->width, grid->height);
    }
    free(row);
}

static void check_file(const char *path, const eg_grid *grid, const eg_write_options *options)
{
    static const unsigned codecs[] = {COMPRESSION_ADOBE_DEFLATE, COMPRESSION_NONE, COMPRESSION_LZW,
                                      COMPRESSION_ZSTD};
    uint32_t width = 0, height = 0, side[2] = {0, 0};
    TIFF *tif = open_tiff(path);
    TIFFGetField(tif, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tif, TIFFTAG_IMAGELENGTH, &height);
    assert_int_equal(width, grid->width);
    assert_int_equal(height, grid->height);
    assert_int_equal(tag16(tif, TIFFTAG_COMPRESSION), codecs[options->compress]);
    assert_int_equal(tag16(tif, TIFFTAG_PHOTOMETRIC), PHOTOMETRIC_MINISBLACK);
    assert_int_equal(tag16(tif, TIFFTAG_SAMPLEFORMAT),
                     grid->sample == EG_F32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    if (options->predictor && options->compress != EG_COMPRESS_NONE)
        assert_int_equal(tag16(tif, TIFFTAG_PREDICTOR), options->predictor);
    assert_int_equal(TIFFIsTiled(tif), options->tile >= 0);
    if (options->tile < 0)
        check_strips(tif, grid);
    TIFFGetField(tif, TIFFTAG_TILEWIDTH, &side[0]);
    TIFFGetField(tif, TIFFTAG_TILELENGTH, &side[1]);
    if (options->tile > 0)
        assert_int_equal(side[0], options->tile);
    for (size_t y = 0; options->tile >= 0 && y < grid->height; y += side[1])
        for (size_t x = 0; x < grid->width; x += side[0])
            check_tile(tif, grid, side, x, y);
    TIFFClose(tif);
}

/* ---- samples --------------------------------------------------------------------------------- */

static bool is_valid(eg_sample sample, const eg_write_options *options)
{
    return options->predictor < 2 || (options->compress != EG_COMPRESS_NONE && sample != EG_BIT &&
                                      (options->predictor == 2 || sample == EG_F32));
}

static void round_trip(eg_context *ctx, const eg_grid *grid, eg_write_options options)
{
    static const int tiles[] = {0, 16, 48, 256, -1};
    for (size_t i = 0; i < COUNT(tiles); i++) {
        eg_error error = {0};
        options.tile = tiles[i];
        eg_status status = eg_save(grid, ctx, scratch("a.tif"), &options, &error);
        if (!is_valid(grid->sample, &options)) {
            assert_int_equal(status, EG_USAGE);
            assert_non_null(strstr(error.message, "predictor"));
            assert_int_equal(access(scratch("a.tif"), F_OK), -1);
            continue;
        }
        if (status != EG_OK)
            fail_msg("%s", error.message);
        check_file(scratch("a.tif"), grid, &options);
        unlink(scratch("a.tif"));
    }
}

static void every_layout_is_read_back(void **state)
{
    static const size_t sizes[][2] = {{1, 1}, {257, 255}, {1000, 3}, {15, 70}};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(samples) * COUNT(sizes); i++) {
        const size_t *size = sizes[i / COUNT(samples)];
        eg_grid grid = make_image(ctx, size[0], size[1], samples[i % COUNT(samples)]);
        for (int c = EG_COMPRESS_DEFLATE; c <= EG_COMPRESS_ZSTD; c++) {
            for (int predictor = 0; predictor <= 3; predictor++) {
                eg_write_options options;
                eg_write_default(&options);
                options.compress = (eg_compress)c;
                options.predictor = predictor;
                round_trip(ctx, &grid, options);
            }
        }
        eg_grid_free(&grid);
    }
    close_context(ctx);
}

static void every_level_is_read_back(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid = make_image(ctx, 100, 90, EG_F32);
    for (int level = 0; level <= 9; level++) {
        eg_write_options options;
        eg_write_default(&options);
        options.compression = level;
        round_trip(ctx, &grid, options);
        options.compress = EG_COMPRESS_ZSTD;
        if (level > 0)
            round_trip(ctx, &grid, options);
    }
    eg_grid_free(&grid);
    close_context(ctx);
}

/* Smooth floats are written with predictor 3, floats of a few distinct values without. */
static void predictor_suits_the_samples(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    assert_int_equal(eg_grid_new(&grid, ctx, 300, 280, EG_F32, NULL), EG_OK);
    for (int few = 0; few < 2; few++) {
        unsigned value = 0;
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++, value = value * 1664525u + 1013904223u)
                set_sample(&grid, x, y,
                           few ? sqrt(value >> 29)
                               : 1000 + 0.1 * (double)x * sin(0.01 * (double)y));
        assert_int_equal(eg_save(&grid, ctx, scratch("a.tif"), NULL, NULL), EG_OK);
        TIFF *tif = open_tiff(scratch("a.tif"));
        assert_int_equal(tag16(tif, TIFFTAG_PREDICTOR), few ? 1 : 3);
        TIFFClose(tif);
    }
    eg_grid_free(&grid);
    close_context(ctx);
}

/* The default level of DEFLATE is ISA-L's, unless its files are larger than those of level 1. */
static void fast_files_are_hardly_larger(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(samples); i++)
        for (int few = 0; few < 2; few++) {
            eg_grid grid = make_image(ctx, 400, 600, samples[i]);
            eg_write_options options;
            eg_write_default(&options);
            const bool settable = samples[i] == EG_U8 || samples[i] == EG_F32;
            for (size_t y = 0; few && settable && y < grid.height; y++)
                for (size_t x = 0; x < grid.width; x++)
                    set_sample(&grid, x, y, (double)((x / 3 + y * y / 7) % 5 == 0));
            assert_int_equal(eg_save(&grid, ctx, scratch("fast.tif"), &options, NULL), EG_OK);
            options.compression = 1;
            assert_int_equal(eg_save(&grid, ctx, scratch("one.tif"), &options, NULL), EG_OK);
            file_bytes fast = read_bytes(scratch("fast.tif")), one = read_bytes(scratch("one.tif"));
            assert_true(fast.size <= one.size + one.size / 20);
            free(fast.data);
            free(one.data);
            eg_grid_free(&grid);
        }
    close_context(ctx);
}

/* ---- the same bytes -------------------------------------------------------------------------- */

typedef struct same_bytes {
    eg_grid grid;
    eg_write_options options;
    file_bytes first;
} same_bytes;

static void save_and_compare(eg_context *ctx, void *opaque)
{
    same_bytes *s = opaque;
    assert_int_equal(eg_save(&s->grid, ctx, scratch("b.tif"), &s->options, NULL), EG_OK);
    file_bytes bytes = read_bytes(scratch("b.tif"));
    if (!s->first.data) {
        s->first = bytes;
        return;
    }
    assert_int_equal(bytes.size, s->first.size);
    assert_memory_equal(bytes.data, s->first.data, bytes.size);
    free(bytes.data);
}

static void threads_and_strips_change_no_byte(void **state)
{
    static const int tiles[] = {16, 64, 0, -1};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(samples) * COUNT(tiles); i++) {
        same_bytes s = {.grid = make_image(ctx, 333, 290, samples[i % COUNT(samples)])};
        eg_write_default(&s.options);
        s.options.tile = tiles[i / COUNT(samples)];
        for_every_setting(save_and_compare, &s);
        free(s.first.data);
        eg_grid_free(&s.grid);
    }
    close_context(ctx);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void conflicting_options_are_rejected(void **state)
{
    static const struct {
        eg_compress compress;
        int compression, predictor, tile;
        const char *word;
    } cases[] = {
        {EG_COMPRESS_DEFLATE, -1, 4, 0, "predictor"}, {EG_COMPRESS_DEFLATE, -1, -1, 0, "predictor"},
        {EG_COMPRESS_DEFLATE, -1, 0, 17, "tile"},     {EG_COMPRESS_DEFLATE, -1, 0, -2, "tile"},
        {EG_COMPRESS_DEFLATE, -1, 0, -16, "tile"},    {EG_COMPRESS_DEFLATE, -1, 0, 1 << 20, "tile"},
        {EG_COMPRESS_NONE, -1, 3, 0, "predictor"},    {EG_COMPRESS_NONE, 6, 0, 0, "level"},
        {EG_COMPRESS_LZW, 6, 0, 0, "level"},          {EG_COMPRESS_ZSTD, 0, 0, 0, "level"},
        {(eg_compress)9, -1, 0, 0, "codec"},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_error error = {0};
        eg_sink *sink = NULL;
        eg_write_options options;
        eg_write_default(&options);
        options.compress = cases[i].compress;
        options.compression = cases[i].compression;
        options.predictor = cases[i].predictor;
        options.tile = cases[i].tile;
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("r.tif"), &options, &error), EG_USAGE);
        if (!strstr(error.message, cases[i].word))
            fail_msg("no '%s' in '%s'", cases[i].word, error.message);
        assert_null(sink);
    }
    close_context(ctx);
}

/* Files that could exceed 32-bit offsets are BigTIFFs. */
static void large_files_are_bigtiffs(void **state)
{
    static const struct {
        size_t width, height;
        eg_sample sample;
        eg_compress compress;
        bool big;
    } cases[] = {
        {30900, 30900, EG_F32, EG_COMPRESS_NONE, false},
        {31500, 31500, EG_F32, EG_COMPRESS_NONE, true},
        {30900, 30900, EG_F32, EG_COMPRESS_LZW, true},
        {60000, 60000, EG_U8, EG_COMPRESS_DEFLATE, false},
        {65000, 65000, EG_U8, EG_COMPRESS_DEFLATE, true},
        {150000, 200000, EG_BIT, EG_COMPRESS_DEFLATE, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_tiff_layout layout;
        eg_write_options options;
        eg_write_default(&options);
        options.compress = cases[i].compress;
        const eg_layout raster = {
            .width = cases[i].width, .height = cases[i].height, .sample = cases[i].sample};
        assert_int_equal(eg_tiff_choose_layout(&layout, NULL, &options, &raster, NULL), EG_OK);
        assert_int_equal(eg_tiff_is_big(&layout), cases[i].big);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        eg_context *ctx = test_context(2, 16, NULL);
        eg_error error = {0};
        eg_grid grid = make_image(ctx, 40, 90, EG_F32);
        eg_write_options options;
        eg_write_default(&options);
        options.tile = 16;
        atomic_store(&ctx->fail_after, k);
        status = eg_save(&grid, ctx, scratch("m.tif"), &options, &error);
        atomic_store(&ctx->fail_after, -1);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(error.status, status);
        assert_int_equal(access(scratch("m.tif"), F_OK), status == EG_OK ? 0 : -1);
        eg_grid_free(&grid);
        close_context(ctx);
    }
    assert_in_range(k, 10, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_is_read_back),
        cmocka_unit_test(every_level_is_read_back),
        cmocka_unit_test(predictor_suits_the_samples),
        cmocka_unit_test(fast_files_are_hardly_larger),
        cmocka_unit_test(threads_and_strips_change_no_byte),
        cmocka_unit_test(conflicting_options_are_rejected),
        cmocka_unit_test(large_files_are_bigtiffs),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tiff out", tests, make_scratch, remove_scratch);
}
