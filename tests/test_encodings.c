/* SPDX-License-Identifier: MIT */
/* Tests of elevations in PNGs: 16-bit values, and the Terrarium and Mapbox encodings, read and
 * written. */
#include "png_oracle.h"
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/stream.h"

#define SMALL "testdata/small/"
static const eg_encoding encodings[] = {EG_ENCODING_TERRARIUM, EG_ENCODING_MAPBOX};

/* Formulas from the specifications of the encodings. */
static double decoded(eg_encoding encoding, const uint16_t *p)
{
    return encoding == EG_ENCODING_TERRARIUM
               ? (p[0] * 256.0 + p[1] + p[2] / 256.0) - 32768
               : -10000 + ((p[0] * 256 * 256 + p[1] * 256 + p[2]) * 0.1);
}

static eg_status read_encoded(raster *r, const char *path, eg_encoding encoding, bool heights,
                              eg_error *error)
{
    eg_read_options options;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_default(&options);
    options.encoding = encoding;
    options.as_values = heights;
    eg_status status = raster_read(r, ctx, path, &options, 3, error);
    close_context(ctx);
    return status;
}

/* ---- read ----------------------------------------------------------------------------------- */

static void compare_with_oracle(const char *path, eg_encoding encoding, bool heights)
{
    raster r;
    eg_error error = {0};
    if (read_encoded(&r, path, encoding, heights, &error) != EG_OK)
        fail_msg("%s", error.message);
    png_pixels oracle = oracle_png(path);
    bool wide = heights && encoding == EG_ENCODING_MAPBOX;
    assert_int_equal(r.info.sample, wide ? EG_F64 : EG_F32);
    for (size_t i = 0; i < oracle.width * oracle.height; i++) {
        const uint16_t *p = oracle.data + i * (size_t)oracle.channels;
        double wanted = decoded(encoding, p);
        double bound = encoding == EG_ENCODING_TERRARIUM ? 0 : wide ? 1e-8 : 0.0625;
        bool missing = oracle.channels == 4 && p[3] == 0;
        if (missing ? !isnan(r.values[i]) : !(fabs(r.values[i] - wanted) <= bound))
            fail_msg("%s: pixel %zu is %.10g, not %.10g", path, i, r.values[i], wanted);
    }
    free(oracle.data);
    raster_free(&r);
}

static void colours_are_heights(void **state)
{
    static const char *const files[] = {"rgb.png", "rgb-interlaced.png", "rgba.png", "palette.png"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[64];
        snprintf(path, sizeof path, SMALL "%s", files[i]);
        for (size_t e = 0; e < COUNT(encodings); e++)
            for (int heights = 0; heights < 2; heights++)
                compare_with_oracle(path, encodings[e], heights);
    }
}

/* All 8-bit colour files of PngSuite: palettes, tRNS, few colours, interlaced. */
static void colours_of_every_kind(void **state)
{
    (void)state;
    char *folder = need_corpus("pngsuite");
    file_list files = list_files(folder, ".png");
    size_t count = 0;
    for (size_t i = 0; i < files.count; i++) {
        const char *name = base_name(files.paths[i]), *dot = strrchr(name, '.');
        bool colour = dot[-4] == '2' || dot[-4] == '3' || dot[-4] == '6';
        if (name[0] == 'x' || !colour || strncmp(dot - 2, "16", 2) == 0)
            continue;
        compare_with_oracle(files.paths[i], EG_ENCODING_TERRARIUM, false);
        compare_with_oracle(files.paths[i], EG_ENCODING_MAPBOX, true);
        count++;
    }
    assert_true(count > 40);
    free_files(&files);
    free(folder);
}

static void what_holds_no_encoded_heights_is_refused(void **state)
{
    static const char *const files[] = {"grey.png",       "grey16.png", "rgb16.png", "bits.png",
                                        "grey-alpha.png", "rgb.jpg",    "rgb.ppm",   "grey.pfm"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[64];
        raster r;
        eg_error error = {0};
        snprintf(path, sizeof path, SMALL "%s", files[i]);
        assert_int_equal(read_encoded(&r, path, EG_ENCODING_MAPBOX, true, &error), EG_USAGE);
        if (!strstr(error.message, "leave out --encoding") || !strstr(error.message, files[i]))
            fail_msg("%s: %s", path, error.message);
    }
    raster r;
    assert_int_equal(read_encoded(&r, SMALL "rgb.png", (eg_encoding)4, false, NULL), EG_USAGE);
}

static void sixteen_bits_are_numbers(void **state)
{
    static const char *const files[] = {"grey16.png", "ramp16.png"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[64];
        snprintf(path, sizeof path, SMALL "%s", files[i]);
        png_pixels oracle = oracle_png(path);
        raster r = raster_of(path, true);
        assert_int_equal(r.info.sample, EG_F32);
        for (size_t k = 0; k < oracle.width * oracle.height; k++)
            assert_true(r.values[k] == oracle.data[k]);
        raster_free(&r);
        free(oracle.data);
    }
    raster r = raster_of(SMALL "grey.png", true);
    assert_int_equal(r.info.sample, EG_U8);
    raster_free(&r);
}

/* Returns the intensity that a stored 1 of a grey PNG has as an image. */
static double raster_level(const raster *r)
{
    return r->info.depth < 8 ? 255.0 / ((1 << r->info.depth) - 1) : 1;
}

/* Transparent samples, by alpha channel or tRNS, are missing cells of elevations, but not of
 * images. */
static void transparent_numbers_are_missing(void **state)
{
    static const char *const names[] = {"pngsuite/tbbn0g04.png", "pngsuite/tbwn0g16.png",
                                        "pngsuite/basi4a16.png", "pngsuite/bgan6a16.png"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char *path = need_corpus(names[i]);
        png_pixels oracle = oracle_png(path);
        raster heights = raster_of(path, true), picture = raster_of(path, false);
        size_t alpha = (size_t)oracle.channels;
        double level = raster_level(&heights); /* of a picture for a unit of elevation */
        for (size_t k = 0; k < oracle.width * oracle.height; k++) {
            bool missing = oracle.depth == 16 && oracle.data[(k + 1) * alpha - 1] == 0;
            assert_int_equal(isnan(heights.values[k]), missing);
            assert_true(missing || level * heights.values[k] == picture.values[k]);
            assert_false(isnan(picture.values[k]));
        }
        raster_free(&heights);
        raster_free(&picture);
        free(oracle.data);
        free(path);
    }
}

/* ---- out ------------------------------------------------------------------------------------- */

static void save(const eg_grid *grid, eg_context *ctx, const char *path, eg_encoding encoding,
                 int level)
{
    eg_error error = {0};
    eg_write_options options;
    eg_write_default(&options);
    options.encoding = encoding;
    options.compression = level;
    if (eg_save(grid, ctx, path, &options, &error) != EG_OK)
        fail_msg("%s", error.message);
}

/* Checks that all elevations with a code (for Mapbox, those distinct as floats) are read back. */
static void every_height_comes_back(void **state)
{
    (void)state;
    enum { WIDTH = 1024, HEIGHT = 400 };
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t e = 0; e < COUNT(encodings); e++) {
        eg_grid grid, back;
        eg_read_options options;
        bool terrarium = encodings[e] == EG_ENCODING_TERRARIUM;
        size_t codes = terrarium ? (1 << 24) - 1 : 5000000;
        eg_read_default(&options);
        options.encoding = encodings[e];
        assert_int_equal(eg_grid_new(&grid, ctx, WIDTH, HEIGHT, EG_F32, NULL), EG_OK);
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            double code = (double)(i * codes / (WIDTH * HEIGHT - 1));
            set_sample(&grid, i % WIDTH, i / WIDTH,
                       terrarium ? code / 256 - 32768 : code / 10 - 10000);
        }
        save(&grid, ctx, scratch("h.png"), encodings[e], e ? 1 : -1);
        load_grid(&back, ctx, scratch("h.png"), &options);
        assert_grids_equal(&grid, &back);
        eg_grid_free(&grid);
        eg_grid_free(&back);
    }
    close_context(ctx);
}

/* Writes the elevations and compares the pixels read by libpng. */
static void heights_are_rounded_and_cut(void **state)
{
    static const float heights[] = {0,        -1e9F,     1e9F,     1.0F / 512 - 1.0F / 4096,
                                    1234.56F, -INFINITY, INFINITY, NAN};
    static const unsigned wanted[2][COUNT(heights)] = {
        {0x800000, 0, 0xFFFFFF, 0x800000, 0x84D28F, 0, 0xFFFFFF, 0},
        {0x0186A0, 0, 0xFFFFFF, 0x0186A0, 112346, 0, 0xFFFFFF, 0}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid grid = {(void *)(uintptr_t)heights, COUNT(heights), 1, sizeof heights, EG_F32, 1};
    for (size_t e = 0; e < COUNT(encodings); e++) {
        save(&grid, ctx, scratch("r.png"), encodings[e], 0);
        png_pixels oracle = oracle_png(scratch("r.png"));
        assert_int_equal(oracle.channels, 4);
        for (size_t i = 0; i < COUNT(heights); i++) {
            const uint16_t *p = oracle.data + 4 * i;
            assert_int_equal(p[0] << 16 | p[1] << 8 | p[2], wanted[e][i]);
            assert_int_equal(p[3], isnan(heights[i]) ? 0 : 255);
        }
        free(oracle.data);
    }
    close_context(ctx);
}

/* Cells that equal the nodata value have alpha 0, as those that are NaN. */
static void missing_heights_are_transparent(void **state)
{
    static const float heights[] = {5, NAN, -9999, 6};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_write_options options;
    eg_sink *sink = NULL;
    uint8_t bytes[1024];
    eg_packed_block block = {.bytes = bytes, .capacity = sizeof bytes, .last = true};
    const eg_layout layout = {
        .width = 2, .height = 2, .sample = EG_F32, .has_nodata = true, .nodata = -9999};
    eg_write_default(&options);
    options.encoding = EG_ENCODING_TERRARIUM;
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("m.png"), &options, NULL), EG_OK);
    assert_int_equal(eg_sink_begin(sink, &layout, NULL), EG_OK);
    assert_int_equal(sink->ops->pack(sink, heights, 8, 2, &block, NULL), EG_OK);
    assert_int_equal(sink->ops->emit(sink, &block, NULL), EG_OK);
    assert_int_equal(eg_sink_finish(sink, NULL), EG_OK);
    eg_sink_close(sink);
    close_context(ctx);
    raster r;
    assert_int_equal(read_encoded(&r, scratch("m.png"), options.encoding, true, NULL), EG_OK);
    assert_string_equal(r.info.colour, "RGBA");
    assert_true(r.values[0] == 5 && isnan(r.values[1]) && isnan(r.values[2]) && r.values[3] == 6);
    raster_free(&r);
}

static void check_setting(eg_context *ctx, void *opaque)
{
    eg_grid back;
    eg_read_options options;
    eg_read_default(&options);
    options.encoding = EG_ENCODING_TERRARIUM;
    save(opaque, ctx, scratch("s.png"), EG_ENCODING_TERRARIUM, -1);
    load_grid(&back, ctx, scratch("s.png"), &options);
    assert_grids_equal(opaque, &back);
    eg_grid_free(&back);
}

static void settings_change_no_height(void **state)
{
    (void)state;
    eg_grid grid;
    eg_context *ctx = test_context(1, 0, NULL);
    noise_grid(&grid, ctx, 77, 65, EG_F32, 9, 0);
    for_every_setting(check_setting, &grid);
    eg_grid_free(&grid);
    close_context(ctx);
}

static void only_floats_into_png(void **state)
{
    (void)state;
    eg_error error = {0};
    eg_sink *sink = NULL;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_write_options options;
    eg_grid grid;
    eg_write_default(&options);
    options.encoding = EG_ENCODING_MAPBOX;
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("o.pgm"), &options, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "only PNG supports encoded elevations"));
    noise_grid(&grid, ctx, 8, 8, EG_U8, 1, 0);
    error = (eg_error){0};
    assert_int_equal(eg_save(&grid, ctx, scratch("o.png"), &options, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "PNG without --output-encoding"));
    assert_int_equal(access(scratch("o.png"), F_OK), -1);
    options.encoding = (eg_encoding)-1;
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("o.png"), &options, NULL), EG_USAGE);
    eg_grid_free(&grid);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_heights),
        cmocka_unit_test(colours_of_every_kind),
        cmocka_unit_test(what_holds_no_encoded_heights_is_refused),
        cmocka_unit_test(sixteen_bits_are_numbers),
        cmocka_unit_test(transparent_numbers_are_missing),
        cmocka_unit_test(every_height_comes_back),
        cmocka_unit_test(heights_are_rounded_and_cut),
        cmocka_unit_test(missing_heights_are_transparent),
        cmocka_unit_test(settings_change_no_height),
        cmocka_unit_test(only_floats_into_png),
    };
    return cmocka_run_group_tests_name("encodings", tests, make_scratch, remove_scratch);
}
