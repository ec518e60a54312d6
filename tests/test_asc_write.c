/* SPDX-License-Identifier: MIT */
/* The writer of ASCII grids: samples, georeferencing and missing cells are read back exactly. */
#include "raster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/stream.h"
#include "io/decimal.h"

/* Writes rows to a sink as a pipeline does, `strip` rows at a time. */
static eg_status try_write_rows(eg_context *ctx, const char *path, const eg_layout *layout,
                                const void *rows, size_t strip, eg_error *error)
{
    eg_sink *sink = NULL;
    size_t stride = eg_row_bytes(layout->sample, layout->width);
    eg_status status = eg_sink_open(&sink, ctx, path, NULL, error);
    if (status == EG_OK)
        status = eg_sink_begin(sink, layout, error);
    for (size_t y = 0; status == EG_OK && y < layout->height; y += strip) {
        size_t count = layout->height - y < strip ? layout->height - y : strip;
        eg_packed_block block = {.capacity = sink->ops->packed_bound(sink, count)};
        block.bytes = malloc(block.capacity);
        block.last = y + count == layout->height;
        status =
            sink->ops->pack(sink, (const char *)rows + y * stride, stride, count, &block, error);
        assert_true(block.size <= block.capacity);
        if (status == EG_OK)
            status = sink->ops->emit(sink, &block, error);
        free(block.bytes);
    }
    if (status == EG_OK)
        status = eg_sink_finish(sink, error);
    eg_sink_close(sink);
    return status;
}

static void write_rows(const char *path, const eg_layout *layout, const void *rows)
{
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    if (try_write_rows(ctx, path, layout, rows, 2, &error) != EG_OK)
        fail_msg("%s", error.message);
    close_context(ctx);
}

static void assert_text(const char *path, const char *wanted)
{
    file_bytes bytes = read_bytes(path);
    if (bytes.size != strlen(wanted) || memcmp(bytes.data, wanted, bytes.size) != 0)
        fail_msg("%.*s instead of %s", (int)bytes.size, bytes.data, wanted);
    free(bytes.data);
}

/* ---- the text -------------------------------------------------------------------------------- */

static const float six[] = {1, 2.5F, -1.0F / 3, 1e-30F, NAN, 250000};

static void the_text_is_as_expected(void **state)
{
    (void)state;
    const eg_georef georef = {.located = true, .transform = {10.5, 30, 0, 4000000.25, 0, -30}};
    eg_layout layout = {.width = 3, .height = 2, .sample = EG_F32, .georef = &georef};
    write_rows(scratch("a.asc"), &layout, six);
    assert_text(scratch("a.asc"), "ncols         3\nnrows         2\n"
                                  "xllcorner     10.5\nyllcorner     3999940.25\ncellsize      30\n"
                                  "NODATA_value  -9999\n"
                                  "1 2.5 -0.33333334\n1e-30 -9999 250000\n");
}

static void cells_that_are_not_square_have_dx_and_dy(void **state)
{
    (void)state;
    const eg_georef georef = {.located = true, .transform = {0, 2, 0, 1, 0, -0.5}};
    eg_layout layout = {.width = 3,
                        .height = 2,
                        .sample = EG_F32,
                        .georef = &georef,
                        .has_nodata = true,
                        .nodata = 2.5};
    write_rows(scratch("b.grd"), &layout, six);
    assert_text(scratch("b.grd"),
                "ncols         3\nnrows         2\n"
                "xllcorner     0\nyllcorner     0\ndx            2\ndy            0.5\n"
                "NODATA_value  2.5\n"
                "1 2.5 -0.33333334\n1e-30 2.5 250000\n");
}

static void bytes_have_no_nodata_line(void **state)
{
    static const uint8_t bytes[] = {0, 9, 10, 99, 100, 255};
    (void)state;
    eg_layout layout = {.width = 6, .height = 1, .sample = EG_U8};
    write_rows(scratch("c.asc"), &layout, bytes);
    assert_text(scratch("c.asc"), "ncols         6\nnrows         1\n"
                                  "xllcorner     0\nyllcorner     0\ncellsize      1\n"
                                  "0 9 10 99 100 255\n");
}

static void missing_cells_have_the_nodata_value(void **state)
{
    static const struct {
        double nodata;
        const char *text;
    } cases[] = {{-9999, "-9999"},
                 {(double)NAN, "-9999"},
                 {-(double)INFINITY, "-inf"},
                 {-3.4028234663852886e+38, "-3.4028234663852886e+38"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const float cells[] = {1, NAN, (float)cases[i].nodata};
        char wanted[256];
        eg_layout layout = {.width = 3,
                            .height = 1,
                            .sample = EG_F32,
                            .has_nodata = true,
                            .nodata = cases[i].nodata};
        write_rows(scratch("d.asc"), &layout, cells);
        snprintf(
            wanted, sizeof wanted,
            "ncols         3\nnrows         1\nxllcorner     0\nyllcorner     0\ncellsize      1\n"
            "NODATA_value  %s\n1 %s %s\n",
            cases[i].text, cases[i].text, cases[i].text);
        assert_text(scratch("d.asc"), wanted);
        raster r = raster_of(scratch("d.asc"), true);
        assert_true(isnan(r.values[1]) && isnan(r.values[2]) && r.values[0] == 1);
        raster_free(&r);
    }
}

/* A valid cell that has the value of missing ones would be read as missing. */
static void a_valid_cell_is_not_written_as_missing(void **state)
{
    (void)state;
    static const float values[] = {1, -9999, NAN, 4};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_layout layout = {.width = 2, .height = 2, .sample = EG_F32, .white_level = 1};
    eg_error error = {0};
    assert_int_equal(try_write_rows(ctx, scratch("n.asc"), &layout, values, 1, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "a value is -9999, which marks missing cells"));
    assert_int_equal(access(scratch("n.asc"), F_OK), -1);
    layout.has_nodata = true;
    layout.nodata = -1;
    assert_int_equal(try_write_rows(ctx, scratch("n.asc"), &layout, values, 1, NULL), EG_OK);
    close_context(ctx);
    raster r = raster_of(scratch("n.asc"), true);
    assert_true(r.values[1] == -9999 && isnan(r.values[2]));
    raster_free(&r);
}

static void rotated_rasters_are_rejected(void **state)
{
    static const double transforms[][6] = {
        {0, 1, 0.1, 0, 0, -1}, {0, 1, 0, 0, 0.1, -1}, {0, 1, 0, 0, 0, 1}, {0, -1, 0, 0, 0, -1}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(transforms); i++) {
        eg_error error = {0};
        eg_georef georef = {.located = true};
        memcpy(georef.transform, transforms[i], sizeof georef.transform);
        eg_layout layout = {.width = 3, .height = 2, .sample = EG_F32, .georef = &georef};
        assert_int_equal(try_write_rows(ctx, scratch("e.asc"), &layout, six, 1, &error), EG_USAGE);
        assert_non_null(strstr(error.message, "e.asc: an ASCII grid cannot store"));
        assert_int_equal(access(scratch("e.asc"), F_OK), -1);
    }
    close_context(ctx);
}

/* ---- round trips ----------------------------------------------------------------------------- */

/* Fills `floats` with numbers of all exponents. */
static void make_floats(float *floats, size_t count)
{
    uint64_t random = 3;
    for (size_t i = 0; i < count; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint32_t bits = (uint32_t)(random >> 32);
        memcpy(&floats[i], &bits, sizeof bits);
        if (i % 2 || isnan(floats[i]))
            floats[i] = (float)(random >> 44) / 128 - 999;
    }
}

static void floats_are_read_back_exactly(void **state)
{
    (void)state;
    enum { WIDTH = 149, HEIGHT = 41 };
    const eg_georef georef = {.located = true,
                              .transform = {-72.00041666666667, 1.0 / 1200, 0, 45, 0, -1.0 / 1200}};
    static float floats[WIDTH * HEIGHT];
    make_floats(floats, WIDTH * HEIGHT);
    eg_layout layout = {.width = WIDTH, .height = HEIGHT, .sample = EG_F32, .georef = &georef};
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t strip = 1; strip <= HEIGHT; strip += 8) {
        assert_int_equal(try_write_rows(ctx, scratch("f.asc"), &layout, floats, strip, NULL),
                         EG_OK);
        raster r = raster_of(scratch("f.asc"), false);
        for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
            float back = (float)r.values[i];
            if (memcmp(&back, &floats[i], sizeof back) != 0)
                fail_msg("%.9g came back as %.9g", (double)floats[i], (double)back);
        }
        for (int i = 0; i < 6; i++)
            assert_true(fabs(r.georef.transform[i] - georef.transform[i]) <= 1e-14);
        raster_free(&r);
    }
    close_context(ctx);
}

static void check_bytes(eg_context *ctx, void *opaque)
{
    const eg_grid *grid = opaque;
    eg_write_options options;
    eg_write_default(&options);
    options.format = "asc";
    assert_int_equal(eg_save(grid, ctx, scratch("g.asc"), &options, NULL), EG_OK);
    file_bytes a = read_bytes(scratch("g.asc")), b = read_bytes(scratch("first.asc"));
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    free(a.data);
    free(b.data);
}

static void threads_and_strips_change_no_byte(void **state)
{
    (void)state;
    eg_grid grid;
    eg_context *ctx = test_context(1, 0, NULL);
    noise_grid(&grid, ctx, 90, 67, EG_F32, 5, 2);
    assert_int_equal(eg_save(&grid, ctx, scratch("first.asc"), NULL, NULL), EG_OK);
    for_every_setting(check_bytes, &grid);
    eg_grid_free(&grid);
    close_context(ctx);
}

static void doubles_are_short_and_exact(void **state)
{
    static const struct {
        double value;
        const char *text;
    } some[] = {{0, "0"},
                {-0.0, "-0"},
                {90, "90"},
                {0.1, "0.1"},
                {1.0 / 3, "0.3333333333333333"},
                {1e300, "1e+300"},
                {123456789012, "123456789012"},
                {1e-7, "0.0000001"},
                {1.0 / 1200, "0.0008333333333333334"}};
    (void)state;
    char text[EG_DECIMAL_TEXT];
    for (size_t i = 0; i < COUNT(some); i++) {
        size_t length = eg_decimal_double(text, some[i].value);
        if (length != strlen(some[i].text) || memcmp(text, some[i].text, length) != 0)
            fail_msg("%.*s instead of %s", (int)length, text, some[i].text);
    }
    uint64_t random = 11;
    for (size_t i = 0; i < 200000; i++) {
        double value, back;
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint64_t bits = random ^ random >> 29;
        memcpy(&value, &bits, sizeof value);
        if (isnan(value))
            continue;
        size_t length = eg_decimal_double(text, value);
        assert_true(length < sizeof text);
        assert_ptr_equal(eg_decimal_read(text, text + length, &back), text + length);
        assert_memory_equal(&back, &value, sizeof value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_as_expected),
        cmocka_unit_test(cells_that_are_not_square_have_dx_and_dy),
        cmocka_unit_test(bytes_have_no_nodata_line),
        cmocka_unit_test(missing_cells_have_the_nodata_value),
        cmocka_unit_test(a_valid_cell_is_not_written_as_missing),
        cmocka_unit_test(rotated_rasters_are_rejected),
        cmocka_unit_test(floats_are_read_back_exactly),
        cmocka_unit_test(threads_and_strips_change_no_byte),
        cmocka_unit_test(doubles_are_short_and_exact),
    };
    return cmocka_run_group_tests_name("asc written", tests, make_scratch, remove_scratch);
}
