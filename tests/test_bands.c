/* SPDX-License-Identifier: MIT */
/* eg_read_options.band: one band of TIFF and of raw rasters, with its own scale, offset and nodata.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "tiff_made.h"

enum { BANDS = 3 };

static eg_read_options band_options(int band)
{
    eg_read_options options = value_options();
    options.band = band;
    return options;
}

/* Loads a band of a file in the scratch folder; fails the test on an error. */
static eg_grid load_band(eg_context *ctx, const char *name, int band)
{
    const eg_read_options options = band_options(band);
    eg_error error = {0};
    eg_grid grid;
    if (eg_load(&grid, ctx, scratch(name), &options, &error) != EG_OK)
        fail_msg("%s, band %d: %s", name, band, error.message);
    return grid;
}

static void expect_refusal(eg_context *ctx, const char *path, const eg_read_options *options,
                           eg_status status, const char *words)
{
    eg_error error = {0};
    eg_source *source = NULL;
    assert_int_equal(eg_source_open(&source, ctx, path, options, &error), status);
    assert_null(source);
    if (!strstr(error.message, words))
        fail_msg("%s", error.message);
}

/* ---- TIFF ---- */

static void check_tiff(eg_context *ctx, const made_tiff *made)
{
    make_tiff(scratch("bands.tif"), made);
    for (size_t k = 0; k < made->samples; k++) {
        eg_grid grid = load_band(ctx, "bands.tif", (int)k + 1);
        for (size_t y = 0; y < grid.height; y++)
            for (size_t x = 0; x < grid.width; x++)
                if (sample_at(&grid, x, y) != *tiff_value(made, x, y, k))
                    fail_msg("%d bits, %s, tile %u, band %zu at (%zu, %zu): %g, not %g", made->bits,
                             made->separate ? "separate" : "interleaved", made->tile_width, k + 1,
                             x, y, sample_at(&grid, x, y), *tiff_value(made, x, y, k));
        eg_grid_free(&grid);
    }
}

/* In every arrangement, sample type and order of bytes; of grey, and of what is tagged as RGB. */
static void tiffs_have_bands(void **state)
{
    static const uint16_t bits[] = {1, 4, 8, 13, 16, 32};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t b = 0; b < COUNT(bits); b++)
        for (int variant = 0; variant < 16; variant++) {
            made_tiff made = variant & 4 ? rgb_tiff_of(bits[b], SAMPLEFORMAT_UINT, BANDS)
                                         : tiff_of(bits[b], SAMPLEFORMAT_UINT, BANDS);
            made.separate = variant & 1;
            made.tile_width = made.tile_height = variant & 2 ? 16 : 0;
            if (variant & 8) {
                made.compression = COMPRESSION_ADOBE_DEFLATE;
                made.mode = "wb";
            }
            check_tiff(ctx, &made);
            free(made.values);
        }
    close_context(ctx);
}

static void bands_of_tiffs_have_their_own_scale(void **state)
{
    static const double factors[] = {1, 2, 0.5}, offsets[] = {0, 7, -100};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, BANDS);
    made.metadata = "<GDALMetadata>"
                    "<Item name=\"SCALE\" sample=\"1\" role=\"scale\">2</Item>"
                    "<Item name=\"OFFSET\" sample=\"1\" role=\"offset\">7</Item>"
                    "<Item name=\"SCALE\" sample=\"2\" role=\"scale\">0.5</Item>"
                    "<Item name=\"OFFSET\" sample=\"2\" role=\"offset\">-100</Item>"
                    "<Item name=\"UNITTYPE\" sample=\"2\" role=\"unittype\">ft</Item>"
                    "</GDALMetadata>";
    make_tiff(scratch("scaled.tif"), &made);
    for (int k = 0; k < BANDS; k++) {
        const eg_read_options options = band_options(k + 1);
        eg_grid grid = load_band(ctx, "scaled.tif", k + 1);
        for (size_t x = 0; x < grid.width; x++)
            assert_true(sample_at(&grid, x, 5) ==
                        factors[k] * *tiff_value(&made, x, 5, (size_t)k) + offsets[k]);
        eg_source *source = NULL;
        assert_int_equal(eg_source_open(&source, ctx, scratch("scaled.tif"), &options, NULL),
                         EG_OK);
        const eg_georef *georef = eg_source_georef(source);
        assert_true((georef && georef->vertical_unit == 0.3048) == (k == 2));
        assert_null(eg_source_warning(source, 0));
        eg_source_close(source);
        eg_grid_free(&grid);
    }
    free(made.values);
    close_context(ctx);
}

/* The alpha channel makes cells of the bands before it missing, and is a band itself. */
static void alpha_applies_to_bands(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int variant = 0; variant < 4; variant++) {
        made_tiff made = rgb_tiff_of(16, SAMPLEFORMAT_UINT, BANDS + 1);
        made.extra = 1 + EXTRASAMPLE_UNASSALPHA;
        made.separate = variant & 1;
        made.bits = variant & 2 ? 12 : 16;
        tiff_noise(&made);
        for (size_t x = 0; x < made.width; x += 3)
            *tiff_value(&made, x, 4, BANDS) = 0;
        make_tiff(scratch("alpha.tif"), &made);
        eg_grid band = load_band(ctx, "alpha.tif", 2),
                alpha = load_band(ctx, "alpha.tif", BANDS + 1);
        for (size_t x = 0; x < made.width; x++) {
            const double opaque = *tiff_value(&made, x, 4, BANDS);
            assert_true(opaque == 0 ? isnan(sample_at(&band, x, 4))
                                    : sample_at(&band, x, 4) == *tiff_value(&made, x, 4, 1));
            assert_true(sample_at(&alpha, x, 4) == opaque);
        }
        eg_grid_free(&band);
        eg_grid_free(&alpha);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- raw rasters ---- */

enum { WIDTH = 7, HEIGHT = 5, SKIP = 3, GAP = 11 };

static uint8_t raw_value(size_t x, size_t y, size_t band)
{
    return (uint8_t)(100 * band + 10 * y + x);
}

/* Writes a raw raster of bytes with a header, both with gaps. */
static void write_raw(const char *layout)
{
    uint8_t bytes[SKIP + BANDS * (WIDTH * HEIGHT + GAP)] = {0};
    const bool line = strcmp(layout, "BIL") == 0, pixel = strcmp(layout, "BIP") == 0;
    char header[300];
    for (size_t k = 0; k < BANDS; k++)
        for (size_t y = 0; y < HEIGHT; y++)
            for (size_t x = 0; x < WIDTH; x++) {
                const size_t at = line    ? (y * BANDS + k) * WIDTH + x
                                  : pixel ? (y * WIDTH + x) * BANDS + k
                                          : k * (WIDTH * HEIGHT + GAP) + y * WIDTH + x;
                bytes[SKIP + at] = raw_value(x, y, k);
            }
    write_bytes(scratch("raw.bsq"), bytes, sizeof bytes);
    snprintf(header, sizeof header,
             "nrows %d\nncols %d\nnbands %d\nnbits 8\nlayout %s\nskipbytes %d\nbandgapbytes %d\n",
             HEIGHT, WIDTH, BANDS, layout, SKIP, GAP);
    write_bytes(scratch("raw.hdr"), header, strlen(header));
}

static void raw_rasters_have_bands(void **state)
{
    static const char *const layouts[] = {"BIL", "BIP", "BSQ"};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(layouts); i++) {
        write_raw(layouts[i]);
        for (size_t k = 0; k < BANDS; k++) {
            eg_grid grid = load_band(ctx, "raw.bsq", (int)k + 1);
            for (size_t y = 0; y < HEIGHT; y++)
                for (size_t x = 0; x < WIDTH; x++)
                    assert_true(sample_at(&grid, x, y) == raw_value(x, y, k));
            eg_grid_free(&grid);
        }
    }
    close_context(ctx);
}

/* Values of GDAL's .aux.xml are those of the band. */
static void sidecar_files_have_bands(void **state)
{
    static const char aux[] = "<PAMDataset>"
                              "<PAMRasterBand band=\"1\"><Scale>3</Scale></PAMRasterBand>"
                              "<PAMRasterBand band=\"2\"><NoDataValue>113</NoDataValue>"
                              "<Offset>1000</Offset></PAMRasterBand></PAMDataset>";
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    write_raw("BSQ");
    write_bytes(scratch("raw.bsq.aux.xml"), aux, sizeof aux - 1);
    eg_grid first = load_band(ctx, "raw.bsq", 1), second = load_band(ctx, "raw.bsq", 2);
    assert_true(sample_at(&first, 2, 1) == 36);
    assert_true(sample_at(&second, 2, 1) == 1112);
    assert_true(isnan(sample_at(&second, 3, 1)));
    eg_grid_free(&first);
    eg_grid_free(&second);
    remove(scratch("raw.bsq.aux.xml"));
    close_context(ctx);
}

/* ---- refusals ---- */

static void bands_that_are_not_there_are_refused(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options = band_options(BANDS + 1);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, BANDS);
    make_tiff(scratch("bands.tif"), &made);
    write_raw("BIP");
    expect_refusal(ctx, scratch("bands.tif"), &options, EG_USAGE,
                   "has 3 bands; there is no band 4");
    expect_refusal(ctx, scratch("raw.bsq"), &options, EG_USAGE, "has 3 bands; there is no band 4");
    expect_refusal(ctx, "testdata/small/grey.png", &options, EG_USAGE,
                   "has 1 band; there is no band 4");
    expect_refusal(ctx, "testdata/small/rgb.png", &options, EG_USAGE,
                   "a band can be chosen of TIFF");
    options.band = 1;
    expect_refusal(ctx, "testdata/small/palette.png", &options, EG_USAGE, "PNG (palette)");
    expect_refusal(ctx, "testdata/small/ycc420.jpg", &options, EG_USAGE, "JPEG (YCbCr)");
    expect_refusal(ctx, "testdata/small/ycc420.tif", &options, EG_UNSUPPORTED,
                   "a band of colours other than RGB");
    options.encoding = EG_ENCODING_TERRARIUM;
    expect_refusal(ctx, scratch("bands.tif"), &options, EG_USAGE, "cannot be used together");
    eg_read_default(&options);
    options.band = 1;
    expect_refusal(ctx, scratch("bands.tif"), &options, EG_USAGE, "as values, not as an image");
    options.band = -1;
    expect_refusal(ctx, scratch("bands.tif"), &options, EG_USAGE, "counted from 1");
    free(made.values);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiffs_have_bands),
        cmocka_unit_test(bands_of_tiffs_have_their_own_scale),
        cmocka_unit_test(alpha_applies_to_bands),
        cmocka_unit_test(raw_rasters_have_bands),
        cmocka_unit_test(sidecar_files_have_bands),
        cmocka_unit_test(bands_that_are_not_there_are_refused),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
