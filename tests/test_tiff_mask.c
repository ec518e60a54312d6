/* SPDX-License-Identifier: MIT */
/* Masks in following directories and beside the file (GDAL), and alpha channels of values: cells
 * that they hide are missing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "raster.h"
#include "tiff_made.h"

/* Returns true if a pixel is hidden: two columns, a block and scattered pixels. */
static bool is_hidden(size_t x, size_t y)
{
    return x < 2 || (x > 20 && x < 38 && y > 8 && y < 21) || (7 * x + 3 * y) % 41 == 0;
}

static made_tiff mask_of(uint16_t bits)
{
    made_tiff mask = tiff_of(bits, SAMPLEFORMAT_UINT, 1);
    mask.mode = "a";
    mask.photometric = PHOTOMETRIC_MASK;
    mask.subfile_type = FILETYPE_MASK;
    for (size_t y = 0; y < mask.height; y++)
        for (size_t x = 0; x < mask.width; x++)
            *tiff_value(&mask, x, y, 0) = is_hidden(x, y) ? 0 : bits == 1 ? 1 : 1 + (x + y) % 255;
    return mask;
}

/* Fails unless the file has the values of the first channel, and NaN where it is hidden. */
static void check_file(eg_context *ctx, const char *path, const made_tiff *made, bool as_values)
{
    eg_read_options options;
    eg_grid grid;
    eg_read_default(&options);
    options.as_values = as_values;
    load_grid(&grid, ctx, path, &options);
    assert_int_equal(grid.sample,
                     as_values && made->bits > 16 && made->bits != 32 ? EG_F64 : EG_F32);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++) {
            double got = sample_at(&grid, x, y), wanted = *tiff_value(made, x, y, 0);
            if (is_hidden(x, y) ? !isnan(got) : got != wanted)
                fail_msg("%s, %d bits, %d samples: (%zu, %zu) is %g, not %g", path, made->bits,
                         made->samples, x, y, got, wanted);
        }
    eg_grid_free(&grid);
}

/* ---- masks in the file ----------------------------------------------------------------------- */

static const struct type {
    uint16_t bits, format;
} types[] = {
    {8, SAMPLEFORMAT_UINT},
    {16, SAMPLEFORMAT_UINT},
    {32, SAMPLEFORMAT_IEEEFP},
    {64, SAMPLEFORMAT_IEEEFP},
};

/* Appends a reduced image and its mask, as gdaladdo does. */
static void append_overview(const char *path, uint32_t kind)
{
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    made.mode = "a";
    made.width = 9;
    made.height = 7;
    tiff_noise(&made);
    made.subfile_type = FILETYPE_REDUCEDIMAGE | kind;
    make_tiff(path, &made);
    free(made.values);
}

static void a_mask_hides_cells(void **state)
{
    (void)state;
    for (int variation = 0; variation < 8; variation++) {
        eg_context *ctx = test_context(1 + variation % 2, 0, NULL);
        made_tiff made = tiff_of(types[variation / 2].bits, types[variation / 2].format, 1);
        made_tiff mask = mask_of(variation & 1 ? 8 : 1);
        made.tile_width = made.tile_height = variation & 1 ? 16 : 0;
        mask.tile_width = mask.tile_height = variation & 2 ? 32 : 0;
        mask.compression = variation & 4 ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE;
        made.mode = variation & 4 ? "wb8" : "wl";
        make_tiff(scratch("mask.tif"), &made);
        if (variation & 2)
            append_overview(scratch("mask.tif"), 0);
        make_tiff(scratch("mask.tif"), &mask);
        append_overview(scratch("mask.tif"), FILETYPE_MASK);
        check_file(ctx, scratch("mask.tif"), &made, true);
        if (made.bits < 64)
            check_file(ctx, scratch("mask.tif"), &made, false);
        free(made.values);
        free(mask.values);
        close_context(ctx);
    }
}

static void a_window_of_a_masked_raster(void **state)
{
    enum { FIRST = 10, ROWS = 20 };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, 1), mask = mask_of(1);
    float rows[ROWS][53];
    make_tiff(scratch("mask.tif"), &made);
    make_tiff(scratch("mask.tif"), &mask);
    eg_source *source = open_as_values(ctx, scratch("mask.tif"));
    assert_int_equal(eg_source_rows(source, FIRST, ROWS, NULL), EG_OK);
    assert_int_equal(eg_source_read(source, rows, sizeof *rows, ROWS, NULL), EG_OK);
    for (size_t y = 0; y < ROWS; y++)
        for (size_t x = 0; x < made.width; x++)
            assert_true(is_hidden(x, y + FIRST)
                            ? isnan(rows[y][x])
                            : (double)rows[y][x] == *tiff_value(&made, x, y + FIRST, 0));
    eg_source_close(source);
    free(made.values);
    free(mask.values);
    close_context(ctx);
}

/* A mask behind a second image is that image's. */
static void a_mask_belongs_to_the_image_before_it(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1), mask = mask_of(1);
    eg_grid grid;
    make_tiff(scratch("pages.tif"), &made);
    made.mode = "a";
    make_tiff(scratch("pages.tif"), &made);
    make_tiff(scratch("pages.tif"), &mask);
    load_grid(&grid, ctx, scratch("pages.tif"), NULL);
    assert_int_equal(grid.sample, EG_U8);
    eg_grid_free(&grid);
    free(made.values);
    free(mask.values);
    close_context(ctx);
}

static void assert_warns(eg_context *ctx, const char *path, const char *words)
{
    eg_source *source = open_as_values(ctx, path);
    const char *warning = eg_source_warning(source, 0);
    const char *text = warning ? warning : "";
    if (words ? !strstr(text, words) : *text != '\0')
        fail_msg("%s warns '%s'", path, text);
    eg_source_close(source);
}

static void a_mask_that_is_not_applied_is_a_warning(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1), mask = mask_of(1);
    mask.height--;
    make_tiff(scratch("mask.tif"), &made);
    assert_warns(ctx, scratch("mask.tif"), NULL);
    file_bytes image = read_bytes(scratch("mask.tif"));
    make_tiff(scratch("mask.tif"), &mask);
    assert_warns(ctx, scratch("mask.tif"), "another size");
    file_bytes both = read_bytes(scratch("mask.tif"));
    write_bytes(scratch("mask.tif"), both.data,
                image.size + 2); /* the mask's directory is cut off */
    assert_warns(ctx, scratch("mask.tif"), "directory after that of the image is damaged");
    free(image.data);
    free(both.data);
    free(made.values);
    free(mask.values);
    close_context(ctx);
}

/* ---- masks beside the file ------------------------------------------------------------------- */

static void write_mask_file(const char *path)
{
    made_tiff mask = mask_of(8);
    mask.mode = "wl";
    mask.subfile_type = 0;
    mask.photometric = PHOTOMETRIC_MINISBLACK;
    make_tiff(path, &mask);
    free(mask.values);
}

static void a_mask_file_hides_cells(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    eg_grid grid;
    eg_error error = {0};
    write_mask_file(scratch("image.tif.msk"));
    make_tiff(scratch("image.tif"), &made);
    check_file(ctx, scratch("image.tif"), &made, true);
    check_file(ctx, scratch("image.tif"), &made, false);
    write_mask_file(scratch("image.pgm.msk"));
    put_file("image.pgm", "P5 1 1 255 a", 12);
    assert_warns(ctx, scratch("image.pgm"), "another size");
    put_file("image.pgm.msk", "no raster", 9);
    assert_int_equal(eg_load(&grid, ctx, scratch("image.pgm"), NULL, &error), EG_BAD_INPUT);
    assert_non_null(strstr(error.message, "image.pgm.msk: "));
    free(made.values);
    close_context(ctx);
}

/* ---- alpha of values ------------------------------------------------------------------------- */

static void an_alpha_of_0_hides_values(void **state)
{
    static const struct type depths[] = {{8, SAMPLEFORMAT_UINT},
                                         {12, SAMPLEFORMAT_UINT},
                                         {16, SAMPLEFORMAT_INT},
                                         {32, SAMPLEFORMAT_IEEEFP},
                                         {64, SAMPLEFORMAT_IEEEFP}};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(depths); i++) {
        for (int variation = 0; variation < 8; variation++) {
            made_tiff made = tiff_of(depths[i].bits, depths[i].format, 2);
            made.extra = variation & 1 ? 1 + EXTRASAMPLE_ASSOCALPHA : 1 + EXTRASAMPLE_UNASSALPHA;
            made.separate = variation & 2;
            made.tile_width = made.tile_height = variation & 4 ? 16 : 0;
            for (size_t y = 0; y < made.height; y++)
                for (size_t x = 0; x < made.width; x++)
                    *tiff_value(&made, x, y, 1) = is_hidden(x, y) ? 0 : 1 + (x + y) % 100;
            make_tiff(scratch("alpha.tif"), &made);
            check_file(ctx, scratch("alpha.tif"), &made, true);
            free(made.values);
        }
    }
    close_context(ctx);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1), mask = mask_of(1);
    make_tiff(scratch("memory.tif"), &made);
    make_tiff(scratch("memory.tif"), &mask);
    write_mask_file(scratch("memory.tif.msk"));
    eg_status status = EG_NO_MEMORY;
    long k = 0;
    for (; status != EG_OK; k++) {
        raster r;
        eg_error error = {0};
        eg_context *ctx = small_context();
        atomic_store(&ctx->fail_after, k);
        status = raster_read(&r, ctx, scratch("memory.tif"), NULL, 1, &error);
        assert_true(status == EG_OK || status == EG_NO_MEMORY);
        assert_int_equal(status, error.status);
        raster_free(&r);
        close_context(ctx);
    }
    assert_in_range(k, 15, 100);
    free(made.values);
    free(mask.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_hides_cells),
        cmocka_unit_test(a_window_of_a_masked_raster),
        cmocka_unit_test(a_mask_belongs_to_the_image_before_it),
        cmocka_unit_test(a_mask_that_is_not_applied_is_a_warning),
        cmocka_unit_test(a_mask_file_hides_cells),
        cmocka_unit_test(an_alpha_of_0_hides_values),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tiff mask", tests, make_scratch, remove_scratch);
}
