/* SPDX-License-Identifier: MIT */
/* The TIFF reader: samples written by libtiff in every type, byte order, layout and compression,
 * and the conversion to grey, compared with the PNG reader. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "png_oracle.h"
#include "tiff_made.h"

/* Fails unless the grid has every sample of the first channel, NaN for those equal to `missing`. */
static void assert_values(const char *path, const made_tiff *made, const eg_grid *grid,
                          double missing)
{
    assert_int_equal(grid->width, made->width);
    assert_int_equal(grid->height, made->height);
    for (size_t y = 0; y < grid->height; y++) {
        for (size_t x = 0; x < grid->width; x++) {
            double got = sample_at(grid, x, y), wanted = *tiff_value(made, x, y, 0);
            if (wanted == missing ? !isnan(got) : got != wanted)
                fail_msg("%s: %s, %d bits, format %d, compression %d, predictor %d, %u tile, %u "
                         "strip: (%zu, %zu) is %.17g, not %.17g",
                         path, made->mode, made->bits, made->format, made->compression,
                         made->predictor, made->tile_width, made->strip, x, y, got, wanted);
        }
    }
}

static void check_values(eg_context *ctx, const made_tiff *made)
{
    const eg_read_options options = value_options();
    const char *path = scratch("a.tif");
    eg_grid grid;
    make_tiff(path, made);
    load_grid(&grid, ctx, path, &options);
    bool wide = made->bits == 64 || (made->bits == 32 && made->format != SAMPLEFORMAT_IEEEFP);
    assert_int_equal(grid.sample, wide ? EG_F64 : EG_F32);
    assert_values(path, made, &grid, (double)NAN);
    eg_grid_free(&grid);
}

/* ---- every variation ------------------------------------------------------------------------- */

static const struct type {
    uint16_t bits, format;
} types[] = {
    {8, SAMPLEFORMAT_UINT},    {16, SAMPLEFORMAT_UINT},   {32, SAMPLEFORMAT_UINT},
    {64, SAMPLEFORMAT_UINT},   {8, SAMPLEFORMAT_INT},     {16, SAMPLEFORMAT_INT},
    {32, SAMPLEFORMAT_INT},    {64, SAMPLEFORMAT_INT},    {16, SAMPLEFORMAT_IEEEFP},
    {32, SAMPLEFORMAT_IEEEFP}, {64, SAMPLEFORMAT_IEEEFP}, {1, SAMPLEFORMAT_UINT},
    {2, SAMPLEFORMAT_UINT},    {4, SAMPLEFORMAT_UINT},
};

static const struct layout {
    uint32_t tile_width, tile_height, strip;
    uint16_t samples;
    bool separate;
} layouts[] = {
    {0, 0, 1, 1, false},   {0, 0, 7, 1, false},   {0, 0, 0, 1, false},
    {16, 16, 0, 1, false}, {64, 48, 0, 1, false}, {16, 32, 0, 3, false},
    {0, 0, 5, 3, false},   {0, 0, 5, 2, true},    {32, 16, 0, 3, true},
};

/* Returns the predictor to test: 2 for integers, 3 for floats, except in big-endian files, where
 * libtiff 4.5 writes predictor 3 incorrectly. */
static uint16_t predictor_of(const made_tiff *made)
{
    bool compressed =
        made->compression != COMPRESSION_NONE && made->compression != COMPRESSION_PACKBITS;
    if (!compressed || made->bits < 8)
        return 0;
    if (made->format != SAMPLEFORMAT_IEEEFP)
        return PREDICTOR_HORIZONTAL;
    return strchr(made->mode, 'b') ? 0 : PREDICTOR_FLOATINGPOINT;
}

static void check_codecs(eg_context *ctx, made_tiff *made)
{
    static const uint16_t codecs[] = {COMPRESSION_NONE,          COMPRESSION_LZW,
                                      COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS,
                                      COMPRESSION_ZSTD,          COMPRESSION_LZMA};
    for (size_t i = 0; i < COUNT(codecs); i++) {
        made->compression = codecs[i];
        made->predictor = 0;
        bool slow = codecs[i] == COMPRESSION_LZMA && (made->bits != 16 || made->mode[1] == 'b');
        if (slow || !TIFFIsCODECConfigured(codecs[i]))
            continue;
        check_values(ctx, made);
        made->predictor = predictor_of(made);
        if (made->predictor)
            check_values(ctx, made);
    }
}

static void check_layouts(eg_context *ctx, const struct type *type, const char *mode)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        const struct layout *l = &layouts[i];
        if (type->bits < 8 && l->samples > 1 && !l->separate)
            continue;
        made_tiff made = tiff_of(type->bits, type->format, l->samples);
        made.mode = mode;
        made.tile_width = l->tile_width;
        made.tile_height = l->tile_height;
        made.strip = l->strip;
        made.separate = l->separate;
        check_codecs(ctx, &made);
        free(made.values);
    }
}

static void every_type_and_layout_is_read(void **state)
{
    static const char *const modes[] = {"wl", "wb", "wl8", "wb8"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t t = 0; t < COUNT(types); t++)
        for (size_t m = 0; m < COUNT(modes); m++)
            check_layouts(ctx, &types[t], modes[m]);
    close_context(ctx);
}

/* ---- threads and large strips ---------------------------------------------------------------- */

static void check_large(eg_context *ctx, void *opaque)
{
    const made_tiff *made = opaque;
    const eg_read_options options = value_options();
    eg_grid grid;
    load_grid(&grid, ctx, scratch("large.tif"), &options);
    assert_values("large.tif", made, &grid, (double)NAN);
    eg_grid_free(&grid);
}

static void threads_and_strips_change_nothing(void **state)
{
    (void)state;
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    made.width = 301;
    made.height = 207;
    tiff_noise(&made);
    made.compression = COMPRESSION_ADOBE_DEFLATE;
    made.tile_width = made.tile_height = 32;
    make_tiff(scratch("large.tif"), &made);
    for_every_setting(check_large, &made);
    made.tile_width = made.tile_height = 0;
    made.strip = 3;
    make_tiff(scratch("large.tif"), &made);
    for_every_setting(check_large, &made);
    made.compression = COMPRESSION_NONE;
    make_tiff(scratch("large.tif"), &made);
    for_every_setting(check_large, &made);
    free(made.values);
}

/* Strips of more than 8 MB are decoded row by row. */
static void large_strips_are_read_row_by_row(void **state)
{
    (void)state;
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, 1);
    made.width = 2500;
    made.height = 1100;
    tiff_noise(&made);
    made.compression = COMPRESSION_LZW;
    made.predictor = 2;
    for (uint32_t strip = 0; strip <= 1000; strip += 1000) {
        made.strip = strip;
        make_tiff(scratch("large.tif"), &made);
        for (int threads = 1; threads <= 2; threads++) {
            eg_context *ctx = test_context(threads, 0, NULL);
            check_large(ctx, &made);
            assert_in_range(eg_memory_peak(ctx), 0, 40 << 20);
            close_context(ctx);
        }
    }
    free(made.values);
}

/* ---- colours --------------------------------------------------------------------------------- */

/* Returns the expected grey of a pixel (grey.h); over >= 0: composited over that background. */
static double grey_of(const made_tiff *made, size_t x, size_t y, double over)
{
    const double *v = tiff_value(made, x, y, 0);
    bool colour = made->photometric == PHOTOMETRIC_RGB, deep = made->bits == 16;
    double most = deep ? 65535 : 255, grey = v[0];
    double alpha = v[made->samples - 1];
    if (colour)
        grey = (19595 * v[0] + 38470 * v[1] + 7471 * v[2]) / 65536;
    if (colour && !deep)
        grey = floor(grey + 0.5);
    if (made->photometric == PHOTOMETRIC_MINISWHITE)
        grey = most - grey;
    if (over >= 0 && made->extra == 1 + EXTRASAMPLE_UNASSALPHA)
        grey = (alpha * grey + (most - alpha) * over * most / 255) / most;
    if (over >= 0 && made->extra == 1 + EXTRASAMPLE_ASSOCALPHA)
        grey = fmin(most, grey + (most - alpha) * over / 255);
    return grey;
}

static void check_grey(eg_context *ctx, const made_tiff *made, double over)
{
    eg_read_options options;
    eg_grid grid;
    eg_read_default(&options);
    if (over >= 0) {
        options.alpha = EG_ALPHA_OVER;
        memset(options.over, (int)over, sizeof options.over);
    }
    make_tiff(scratch("grey.tif"), made);
    load_grid(&grid, ctx, scratch("grey.tif"), &options);
    assert_int_equal(grid.sample, made->bits == 16 ? EG_F32 : EG_U8);
    assert_true(grid.white_level == (made->bits == 16 ? 65535 : 255));
    double bound = made->bits == 16 ? 0.01 : over >= 0 ? 0.51 : 0;
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            if (fabs(sample_at(&grid, x, y) - grey_of(made, x, y, over)) > bound)
                fail_msg("%d bits, %d samples, photometric %d: (%zu, %zu) is %.9g, not %.9g",
                         made->bits, made->samples, made->photometric, x, y, sample_at(&grid, x, y),
                         grey_of(made, x, y, over));
    eg_grid_free(&grid);
}

static void check_pixels(eg_context *ctx, made_tiff *made)
{
    for (int variation = 0; variation < 8; variation++) {
        made->separate = variation & 1;
        made->tile_width = made->tile_height = variation & 2 ? 16 : 0;
        made->compression = variation & 4 ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE;
        check_grey(ctx, made, -1);
        if (made->extra) {
            check_grey(ctx, made, 255);
            check_grey(ctx, made, 90);
        }
    }
}

static void colours_are_converted_to_grey(void **state)
{
    static const struct {
        uint16_t samples, photometric, extra;
    } pixels[] = {
        {1, PHOTOMETRIC_MINISBLACK, 0},
        {1, PHOTOMETRIC_MINISWHITE, 0},
        {2, PHOTOMETRIC_MINISBLACK, 1 + EXTRASAMPLE_UNASSALPHA},
        {2, PHOTOMETRIC_MINISBLACK, 1 + EXTRASAMPLE_ASSOCALPHA},
        {3, PHOTOMETRIC_RGB, 0},
        {4, PHOTOMETRIC_RGB, 1 + EXTRASAMPLE_UNASSALPHA},
        {4, PHOTOMETRIC_RGB, 1 + EXTRASAMPLE_ASSOCALPHA},
        {4, PHOTOMETRIC_RGB, 1 + EXTRASAMPLE_UNSPECIFIED},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(pixels); i++) {
        for (uint16_t bits = 8; bits <= 16; bits += 8) {
            made_tiff made = tiff_of(bits, SAMPLEFORMAT_UINT, pixels[i].samples);
            made.photometric = pixels[i].photometric;
            made.extra = pixels[i].extra;
            check_pixels(ctx, &made);
            free(made.values);
        }
    }
    close_context(ctx);
}

static void small_integers_are_scaled_to_8_bits(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (uint16_t bits = 1; bits <= 4; bits *= 2) {
        for (uint16_t photometric = 0; photometric <= 1; photometric++) {
            made_tiff made = tiff_of(bits, SAMPLEFORMAT_UINT, 1);
            const int most = (1 << bits) - 1;
            eg_grid grid;
            made.photometric = photometric;
            make_tiff(scratch("bits.tif"), &made);
            load_grid(&grid, ctx, scratch("bits.tif"), NULL);
            assert_int_equal(grid.sample, EG_U8);
            for (size_t y = 0; y < grid.height; y++)
                for (size_t x = 0; x < grid.width; x++) {
                    int v = (int)*tiff_value(&made, x, y, 0);
                    v = photometric == PHOTOMETRIC_MINISWHITE ? most - v : v;
                    assert_true(sample_at(&grid, x, y) == 255 / most * v);
                }
            eg_grid_free(&grid);
            free(made.values);
        }
    }
    close_context(ctx);
}

/* Read as values, a palette gives its indices, and with EG_ENCODING_GREY its grey. */
static void check_indices(eg_context *ctx, const made_tiff *made, const eg_grid *grey)
{
    eg_read_options options = value_options();
    eg_grid indices, as_grey;
    load_grid(&indices, ctx, scratch("palette.tif"), &options);
    options.encoding = EG_ENCODING_GREY;
    load_grid(&as_grey, ctx, scratch("palette.tif"), &options);
    for (size_t y = 0; y < grey->height; y++)
        for (size_t x = 0; x < grey->width; x++) {
            assert_true(sample_at(&indices, x, y) == *tiff_value(made, x, y, 0));
            assert_true(sample_at(&as_grey, x, y) == sample_at(grey, x, y));
        }
    eg_grid_free(&indices);
    eg_grid_free(&as_grey);
}

static void check_palette(eg_context *ctx, uint16_t bits, int factor)
{
    made_tiff made = tiff_of(bits, SAMPLEFORMAT_UINT, 1);
    uint16_t palette[768];
    eg_grid grid;
    for (unsigned i = 0; i < 768; i++)
        palette[i] = (uint16_t)((i * 37 + i / 256 * 11) % 256 * (unsigned)factor);
    made.photometric = PHOTOMETRIC_PALETTE;
    made.palette = palette;
    make_tiff(scratch("palette.tif"), &made);
    load_grid(&grid, ctx, scratch("palette.tif"), NULL);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++) {
            const uint16_t *p = palette + (int)*tiff_value(&made, x, y, 0);
            int f = factor, grey = 19595 * (p[0] / f) + 38470 * (p[256] / f) + 7471 * (p[512] / f);
            assert_true(sample_at(&grid, x, y) == (grey + 32768) >> 16);
        }
    check_indices(ctx, &made, &grid);
    eg_grid_free(&grid);
    free(made.values);
}

static void palettes_are_converted_to_grey(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (uint16_t bits = 1; bits <= 8; bits *= 2) {
        check_palette(ctx, bits, 257);
        check_palette(ctx, bits, 256);
        check_palette(ctx, bits, 1);
    }
    close_context(ctx);
}

static made_tiff tiff_of_png(const char *path)
{
    png_pixels png = oracle_png(path);
    made_tiff made = tiff_of((uint16_t)png.depth, SAMPLEFORMAT_UINT, (uint16_t)png.channels);
    made.width = png.width;
    made.height = png.height;
    made.photometric = png.channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    tiff_noise(&made);
    for (size_t i = 0; i < png.width * png.height * (size_t)png.channels; i++)
        made.values[i] = png.data[i];
    free(png.data);
    return made;
}

static void an_image_equals_its_png(void **state)
{
    static const char *const files[] = {"testdata/scene.png", "testdata/small/rgb16.png",
                                        "testdata/small/grey16.png", "testdata/small/grey.png"};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(files); i++) {
        if (access(files[i], R_OK) != 0)
            continue;
        made_tiff made = tiff_of_png(files[i]);
        make_tiff(scratch("same.tif"), &made);
        assert_same_picture(ctx, scratch("same.tif"), files[i]);
        free(made.values);
    }
    close_context(ctx);
}

/* The comparison has a tolerance, because chroma is subsampled and the quality is 75. */
static void jpeg_in_tiff_is_read(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid, png;
    made_tiff made = tiff_of_png("testdata/scene.png");
    made.compression = COMPRESSION_JPEG;
    made.photometric = PHOTOMETRIC_YCBCR;
    load_grid(&png, ctx, "testdata/scene.png", NULL);
    for (uint32_t tile = 0; tile <= 64; tile += 64) {
        made.tile_width = made.tile_height = tile;
        made.strip = 16;
        make_tiff(scratch("jpeg.tif"), &made);
        load_grid(&grid, ctx, scratch("jpeg.tif"), NULL);
        assert_true(mean_difference(&grid, &png) < 3);
        eg_grid_free(&grid);
    }
    eg_grid_free(&png);
    free(made.values);
    close_context(ctx);
}

static void float_rgb_is_converted_to_grey(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (uint16_t bits = 32; bits <= 64; bits += 32) {
        made_tiff made = tiff_of(bits, SAMPLEFORMAT_IEEEFP, 3);
        eg_grid grid;
        made.photometric = PHOTOMETRIC_RGB;
        make_tiff(scratch("float.tif"), &made);
        load_grid(&grid, ctx, scratch("float.tif"), NULL);
        assert_int_equal(grid.sample, EG_F32);
        assert_true(grid.white_level == 1);
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++) {
                const double *v = tiff_value(&made, x, y, 0);
                double wanted = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
                assert_true(fabs(sample_at(&grid, x, y) - wanted) < 1e-4);
            }
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- orientation, pipes, standard input ------------------------------------------------------ */

static void orientation_is_applied(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options stored;
    eg_read_default(&stored);
    stored.ignore_orientation = true;
    for (uint16_t orientation = 1; orientation <= 8; orientation++) {
        char jpeg[64];
        eg_grid grid;
        made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
        snprintf(jpeg, sizeof jpeg, "testdata/small/orient-%d.jpg", orientation);
        load_grid(&grid, ctx, jpeg, &stored);
        made.width = grid.width;
        made.height = grid.height;
        made.orientation = orientation;
        tiff_noise(&made);
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++)
                *tiff_value(&made, x, y, 0) = sample_at(&grid, x, y);
        eg_grid_free(&grid);
        make_tiff(scratch("orient.tif"), &made);
        assert_same_picture(ctx, scratch("orient.tif"), jpeg);
        free(made.values);
    }
    close_context(ctx);
}

static void pipes_are_read(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = value_options();
    for (uint16_t compression = COMPRESSION_NONE; compression <= COMPRESSION_LZW;
         compression += 4) {
        made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
        made.compression = compression;
        make_tiff(scratch("a.tif"), &made);
        file_bytes bytes = read_bytes(scratch("a.tif"));
        int ends[2];
        char path[32];
        eg_grid grid;
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], bytes.data, bytes.size), (ssize_t)bytes.size);
        close(ends[1]);
        snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
        load_grid(&grid, ctx, path, &options);
        close(ends[0]);
        assert_values("a pipe", &made, &grid, (double)NAN);
        eg_grid_free(&grid);
        free(bytes.data);
        free(made.values);
    }
    close_context(ctx);
}

/* Standard input is read from its current offset, not from the start of the file. */
static void standard_input_is_read_from_its_offset(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = value_options();
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    make_tiff(scratch("a.tif"), &made);
    file_bytes bytes = read_bytes(scratch("a.tif"));
    char path[32];
    int descriptor, before = dup(STDIN_FILENO);
    eg_grid grid;
    bytes_path(path, &descriptor, "something ", 10);
    assert_int_equal(write(descriptor, bytes.data, bytes.size), (ssize_t)bytes.size);
    assert_int_equal(lseek(descriptor, 10, SEEK_SET), 10);
    assert_int_equal(dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
    load_grid(&grid, ctx, "-", &options);
    assert_values("standard input", &made, &grid, (double)NAN);
    dup2(before, STDIN_FILENO);
    close(before);
    close(descriptor);
    eg_grid_free(&grid);
    free(bytes.data);
    free(made.values);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_and_layout_is_read),
        cmocka_unit_test(threads_and_strips_change_nothing),
        cmocka_unit_test(large_strips_are_read_row_by_row),
        cmocka_unit_test(colours_are_converted_to_grey),
        cmocka_unit_test(small_integers_are_scaled_to_8_bits),
        cmocka_unit_test(palettes_are_converted_to_grey),
        cmocka_unit_test(an_image_equals_its_png),
        cmocka_unit_test(jpeg_in_tiff_is_read),
        cmocka_unit_test(float_rgb_is_converted_to_grey),
        cmocka_unit_test(orientation_is_applied),
        cmocka_unit_test(pipes_are_read),
        cmocka_unit_test(standard_input_is_read_from_its_offset),
    };
    return cmocka_run_group_tests_name("tiff", tests, make_scratch, remove_scratch);
}
