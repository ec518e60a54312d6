/* SPDX-License-Identifier: MIT */
/* The TIFF reader: integers of every depth, CMYK and YCbCr, and the orientation of every sample
 * type. Expected greys come from the PNM and JPEG readers and from libtiff's RGBA interface. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jpeg_oracle.h"
#include "plane_raster.h"
#include "tiff_made.h"

/* ---- integers of every depth ----------------------------------------------------------------- */

static void check_values(eg_context *ctx, const made_tiff *made)
{
    const eg_read_options options = value_options();
    eg_grid grid;
    make_tiff(scratch("a.tif"), made);
    load_grid(&grid, ctx, scratch("a.tif"), &options);
    assert_int_equal(grid.sample, made->bits > 16 ? EG_F64 : EG_F32);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            if (sample_at(&grid, x, y) != *tiff_value(made, x, y, 0))
                fail_msg("%s, %d bits, format %d, %d samples, separate %d, compression %d, tile "
                         "%u: (%zu, %zu) is %.17g, not %.17g",
                         made->mode, made->bits, made->format, made->samples, made->separate,
                         made->compression, made->tile_width, x, y, sample_at(&grid, x, y),
                         *tiff_value(made, x, y, 0));
    eg_grid_free(&grid);
}

static void every_depth_is_read(void **state)
{
    static const struct {
        const char *mode;
        uint16_t samples, compression, fill_order;
        bool separate;
        uint32_t tile;
    } layouts[] = {
        {"wl", 1, COMPRESSION_NONE, 0, false, 0},
        {"wb", 1, COMPRESSION_LZW, 0, false, 16},
        {"wl", 3, COMPRESSION_NONE, 0, false, 32},
        {"wb8", 2, COMPRESSION_ADOBE_DEFLATE, 0, false, 0},
        {"wl", 3, COMPRESSION_PACKBITS, 0, true, 16},
        {"wl", 1, COMPRESSION_NONE, FILLORDER_LSB2MSB, false, 0},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (uint16_t bits = 1; bits < 32; bits++) {
        for (size_t i = 0; i < COUNT(layouts); i++) {
            bool is_signed = bits > 1 && (bits + i) % 2;
            made_tiff made =
                tiff_of(bits, is_signed ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT, layouts[i].samples);
            made.mode = layouts[i].mode;
            made.compression = layouts[i].compression;
            made.separate = layouts[i].separate;
            made.tile_width = made.tile_height = layouts[i].tile;
            made.fill_order = layouts[i].fill_order;
            if (bits != 8 && bits != 16)
                check_values(ctx, &made);
            free(made.values);
        }
    }
    close_context(ctx);
}

/* Writes the samples as plain PGM or PPM. */
static void make_pnm(const char *path, const made_tiff *made)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "P%d %zu %zu %d\n", made->samples == 3 ? 3 : 2, made->width, made->height,
            (1 << made->bits) - 1);
    for (size_t i = 0; i < made->width * made->height * made->samples; i++)
        fprintf(file, "%.0f\n", made->values[i]);
    fclose(file);
}

static void intensities_equal_those_of_a_pnm(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (uint16_t bits = 2; bits < 16; bits++) {
        for (uint16_t samples = 1; samples <= 3; samples += 2) {
            made_tiff made = tiff_of(bits, SAMPLEFORMAT_UINT, samples);
            made.photometric = samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
            made.separate = samples == 3 && bits % 2;
            make_tiff(scratch("same.tif"), &made);
            make_pnm(scratch("same.pnm"), &made);
            assert_same_picture(ctx, scratch("same.tif"), scratch("same.pnm"));
            if (samples == 1) {
                made.photometric = PHOTOMETRIC_MINISWHITE;
                make_tiff(scratch("same.tif"), &made);
                for (size_t i = 0; i < made.width * made.height; i++)
                    made.values[i] = (1 << bits) - 1 - made.values[i];
                make_pnm(scratch("same.pnm"), &made);
                assert_same_picture(ctx, scratch("same.tif"), scratch("same.pnm"));
            }
            free(made.values);
        }
    }
    close_context(ctx);
}

/* Two rows of a camera's 12 bits, packed by hand: 3 bytes for 2 samples. */
static void twelve_bits_are_packed_as_the_standard_says(void **state)
{
    static const uint8_t rows[] = {0x00, 0x03, 0xE8, 0x7D, 0x0F, 0xFF,
                                   0x00, 0x50, 0x06, 0x00, 0x70, 0x08};
    static const double values[] = {0, 1000, 2000, 4095, 5, 6, 7, 8};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = value_options();
    eg_grid grid;
    TIFF *tiff = TIFFOpen(scratch("12.tif"), "wl");
    assert_non_null(tiff);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 4);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 2);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 12);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 2);
    assert_int_equal(TIFFWriteRawStrip(tiff, 0, (void *)(uintptr_t)rows, sizeof rows), sizeof rows);
    TIFFClose(tiff);
    load_grid(&grid, ctx, scratch("12.tif"), &options);
    for (size_t i = 0; i < COUNT(values); i++)
        assert_true(sample_at(&grid, i % 4, i / 4) == values[i]);
    eg_grid_free(&grid);
    load_grid(&grid, ctx, scratch("12.tif"), NULL);
    assert_true(grid.white_level == 65535 && sample_at(&grid, 3, 0) == 65535);
    eg_grid_free(&grid);
    close_context(ctx);
}

/* ---- CMYK ------------------------------------------------------------------------------------ */

/* Returns the grey of a pixel: R = (max - C) (max - K) / max and the weights of BT.601; over >= 0:
 * composited over that background of 0..255. */
static double grey_of_inks(const double *v, double max, double over)
{
    const double weights[3] = {0.299, 0.587, 0.114};
    double grey = 0;
    for (int i = 0; i < 3; i++)
        grey += weights[i] * (max - v[i]) * (max - v[3]) / max;
    return over < 0 ? grey : (v[4] * grey + (max - v[4]) * over * max / 255) / max;
}

static void check_inks(eg_context *ctx, const made_tiff *made, double over)
{
    const double max = made->bits == 16 ? 65535 : 255;
    eg_read_options options;
    eg_grid grid;
    eg_read_default(&options);
    if (over >= 0) {
        options.alpha = EG_ALPHA_OVER;
        memset(options.over, (int)over, sizeof options.over);
    }
    make_tiff(scratch("inks.tif"), made);
    load_grid(&grid, ctx, scratch("inks.tif"), &options);
    assert_int_equal(grid.sample, made->bits == 16 ? EG_F32 : EG_U8);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            assert_within(sample_at(&grid, x, y),
                          grey_of_inks(tiff_value(made, x, y, 0), max, over),
                          made->bits == 16 ? 0.5 : 1.1);
    eg_grid_free(&grid);
}

static void cmyk_is_converted_to_grey(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (int variation = 0; variation < 8; variation++) {
        made_tiff made = tiff_of(variation & 1 ? 16 : 8, SAMPLEFORMAT_UINT, variation & 2 ? 5 : 4);
        made.photometric = PHOTOMETRIC_SEPARATED;
        made.separate = variation & 4;
        made.tile_width = made.tile_height = variation & 4 ? 16 : 0;
        made.compression = COMPRESSION_LZW;
        made.extra = variation & 2 ? 1 + EXTRASAMPLE_UNASSALPHA : 0;
        check_inks(ctx, &made, -1);
        if (made.extra)
            check_inks(ctx, &made, 200);
        free(made.values);
    }
    close_context(ctx);
}

/* A CMYK JPEG holds inverted inks. */
static void cmyk_equals_that_of_a_jpeg(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    jpeg_pixels jpeg;
    assert_true(oracle_jpeg(&jpeg, "testdata/small/cmyk.jpg") && jpeg.channels == 4);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 4);
    made.width = jpeg.width;
    made.height = jpeg.height;
    made.photometric = PHOTOMETRIC_SEPARATED;
    tiff_noise(&made);
    for (size_t i = 0; i < 4 * jpeg.width * jpeg.height; i++)
        made.values[i] = 255 - jpeg.data[i];
    make_tiff(scratch("inks.tif"), &made);
    assert_same_picture(ctx, scratch("inks.tif"), "testdata/small/cmyk.jpg");
    free(jpeg.data);
    free(made.values);
    close_context(ctx);
}

/* The comparison has a tolerance, because JPEG is lossy. */
static void cmyk_in_jpeg_is_read(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid plain, grid;
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 4);
    made.photometric = PHOTOMETRIC_SEPARATED;
    made.strip = 16;
    for (size_t y = 0; y < made.height; y++)
        for (size_t x = 0; x < made.width; x++)
            for (size_t c = 0; c < 4; c++)
                *tiff_value(&made, x, y, c) = (double)(3 * x + 2 * y + 20 * c) / (c == 3 ? 4 : 2);
    make_tiff(scratch("plain.tif"), &made);
    made.compression = COMPRESSION_JPEG;
    make_tiff(scratch("jpeg.tif"), &made);
    load_grid(&plain, ctx, scratch("plain.tif"), NULL);
    load_grid(&grid, ctx, scratch("jpeg.tif"), NULL);
    assert_true(mean_difference(&grid, &plain) < 2);
    eg_grid_free(&plain);
    eg_grid_free(&grid);
    free(made.values);
    close_context(ctx);
}

/* The inks of this file have no black, so that they are the complement of RGB. */
static void cmyk_without_black_equals_rgb(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    assert_same_picture(ctx, "testdata/small/cmyk.tif", "testdata/small/rgb.png");
    close_context(ctx);
}

/* ---- YCbCr ----------------------------------------------------------------------------------- */

typedef struct ycbcr {
    uint16_t across, down;
    uint32_t tile;
    float black, white;
} ycbcr;

/* Writes data units of noise: the luma of across x down pixels, Cb and Cr. */
static void make_ycbcr(const char *path, const ycbcr *kind)
{
    enum { WIDTH = 53, HEIGHT = 37, STRIP = 16 };
    const float range[6] = {kind->black, kind->white, 128, 255, 128, 255};
    TIFF *tiff = TIFFOpen(path, "wl");
    assert_non_null(tiff);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind->tile ? COMPRESSION_LZW : COMPRESSION_NONE);
    TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, kind->across, kind->down);
    TIFFSetField(tiff, TIFFTAG_REFERENCEBLACKWHITE, range);
    if (kind->tile) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kind->tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, kind->tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, STRIP);
    }
    unsigned random = 7;
    uint32_t blocks = kind->tile ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    for (uint32_t i = 0; i < blocks; i++) {
        uint32_t rows = i + 1 == blocks ? HEIGHT - i * STRIP : STRIP;
        tmsize_t size = kind->tile ? TIFFTileSize(tiff) : TIFFVStripSize(tiff, rows);
        uint8_t *block = malloc((size_t)size);
        for (tmsize_t k = 0; k < size; k++, random = random * 1664525u + 1013904223u)
            block[k] = (uint8_t)(96 + (random >> 26)); /* no colour out of the range of RGB */
        assert_int_equal(kind->tile ? TIFFWriteEncodedTile(tiff, i, block, size)
                                    : TIFFWriteEncodedStrip(tiff, i, block, size),
                         size);
        free(block);
    }
    TIFFClose(tiff);
}

/* The colours of libtiff are rounded three times. (libtiff 4.5 mistakes the last column of tiles of
 * 4 x 4 subsampling, which is therefore tested with strips.) */
static void check_ycbcr(eg_context *ctx, const char *path)
{
    eg_grid grid;
    load_grid(&grid, ctx, path, NULL);
    plane_raster planes = planes_of(ctx, path, NULL);
    assert_int_equal(planes.info.planes, 3);
    uint32_t *colours = malloc(grid.width * grid.height * sizeof *colours);
    TIFF *tiff = TIFFOpen(path, "r");
    assert_non_null(tiff);
    assert_int_equal(TIFFReadRGBAImageOriented(tiff, (uint32_t)grid.width, (uint32_t)grid.height,
                                               colours, ORIENTATION_TOPLEFT, 1),
                     1);
    TIFFClose(tiff);
    for (size_t i = 0; i < grid.width * grid.height; i++) {
        double grey = 0.299 * TIFFGetR(colours[i]) + 0.587 * TIFFGetG(colours[i]) +
                      0.114 * TIFFGetB(colours[i]);
        assert_within(sample_at(&grid, i % grid.width, i / grid.width), grey, 1.6);
        assert_within(planes.values[i], TIFFGetR(colours[i]), 1.6);
        assert_within(planes.values[i + grid.width * grid.height], TIFFGetG(colours[i]), 1.6);
        assert_within(planes.values[i + 2 * grid.width * grid.height], TIFFGetB(colours[i]), 1.6);
    }
    free(colours);
    plane_raster_free(&planes);
    eg_grid_free(&grid);
}

static void ycbcr_is_grey_and_rgb(void **state)
{
    static const ycbcr kinds[] = {
        {1, 1, 0, 0, 255}, {2, 2, 0, 0, 255},  {4, 2, 0, 0, 255},
        {2, 1, 0, 0, 255}, {2, 2, 16, 0, 255}, {4, 2, 32, 0, 255},
        {1, 2, 0, 0, 255}, {2, 2, 0, 16, 235}, {4, 4, 0, 0, 255},
    };
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        eg_context *ctx = test_context(threads, 0, NULL);
        for (size_t i = 0; i < COUNT(kinds); i++) {
            make_ycbcr(scratch("ycbcr.tif"), &kinds[i]);
            check_ycbcr(ctx, scratch("ycbcr.tif"));
        }
        close_context(ctx);
    }
}

/* ---- orientation ----------------------------------------------------------------------------- */

/* Finds where pixel (x, y) of the upright image is stored in one of w x h (TIFF 6.0, Orientation).
 */
static double stored_value(const made_tiff *made, size_t x, size_t y)
{
    const size_t w = made->width, h = made->height;
    const size_t places[9][2] = {
        [1] = {x, y}, [2] = {w - 1 - x, y}, [3] = {w - 1 - x, h - 1 - y}, [4] = {x, h - 1 - y},
        [5] = {y, x}, [6] = {y, h - 1 - x}, [7] = {w - 1 - y, h - 1 - x}, [8] = {w - 1 - y, x},
    };
    const size_t *place = places[made->orientation];
    return *tiff_value(made, place[0], place[1], 0);
}

static void check_orientation(eg_context *ctx, const made_tiff *made)
{
    const eg_read_options options = value_options();
    eg_grid grid;
    make_tiff(scratch("turned.tif"), made);
    load_grid(&grid, ctx, scratch("turned.tif"), &options);
    assert_int_equal(grid.width, made->orientation >= 5 ? made->height : made->width);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            if (sample_at(&grid, x, y) != stored_value(made, x, y))
                fail_msg("%d bits, format %d, orientation %d: (%zu, %zu)", made->bits, made->format,
                         made->orientation, x, y);
    eg_grid_free(&grid);
}

static void orientation_applies_to_every_sample_type(void **state)
{
    static const struct {
        uint16_t bits, format;
    } types[] = {{8, SAMPLEFORMAT_UINT},    {12, SAMPLEFORMAT_UINT},   {16, SAMPLEFORMAT_INT},
                 {32, SAMPLEFORMAT_UINT},   {16, SAMPLEFORMAT_IEEEFP}, {32, SAMPLEFORMAT_IEEEFP},
                 {64, SAMPLEFORMAT_IEEEFP}, {1, SAMPLEFORMAT_UINT}};
    (void)state;
    eg_context *ctx = test_context(2, 0, NULL);
    for (size_t i = 0; i < COUNT(types); i++) {
        made_tiff made = tiff_of(types[i].bits, types[i].format, 1);
        for (made.orientation = 1; made.orientation <= 8; made.orientation++) {
            made.tile_width = made.tile_height = made.orientation % 2 ? 16 : 0;
            check_orientation(ctx, &made);
        }
        free(made.values);
    }
    close_context(ctx);
}

/* Units and nodata of a raster without a transform survive the reordering. */
static void an_oriented_raster_keeps_its_unit(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = value_options();
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    eg_source *source = NULL;
    made.orientation = 6;
    made.nodata = "-7";
    made.metadata = "<Item name=\"UNITTYPE\" role=\"unittype\">ft</Item>";
    make_tiff(scratch("turned.tif"), &made);
    assert_int_equal(eg_source_open(&source, ctx, scratch("turned.tif"), &options, NULL), EG_OK);
    const eg_georef *georef = eg_source_georef(source);
    assert_non_null(georef);
    assert_true(georef->vertical_unit == 0.3048 && georef->has_nodata && georef->nodata == -7);
    assert_false(georef->located);
    eg_source_close(source);
    free(made.values);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_depth_is_read),
        cmocka_unit_test(intensities_equal_those_of_a_pnm),
        cmocka_unit_test(twelve_bits_are_packed_as_the_standard_says),
        cmocka_unit_test(cmyk_is_converted_to_grey),
        cmocka_unit_test(cmyk_equals_that_of_a_jpeg),
        cmocka_unit_test(cmyk_in_jpeg_is_read),
        cmocka_unit_test(cmyk_without_black_equals_rgb),
        cmocka_unit_test(ycbcr_is_grey_and_rgb),
        cmocka_unit_test(orientation_applies_to_every_sample_type),
        cmocka_unit_test(an_oriented_raster_keeps_its_unit),
    };
    return cmocka_run_group_tests_name("tiff kinds", tests, make_scratch, remove_scratch);
}
