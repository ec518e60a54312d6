/* SPDX-License-Identifier: MIT */
/* The GDAL reader with colour_planes, in builds with GDAL: VRTs of TIFFs, compared with the TIFF
 * reader, and BMPs of known pixels. */
#include "plane_raster.h"

#ifdef EG_HAVE_GDAL

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "raster.h"
#include "tiff_made.h"

enum { TEXT = 8192, WIDTH = 53, HEIGHT = 37 };

/* Writes a VRT of `count` bands of a TIFF in the scratch folder; `more` is XML of each band. */
static const char *put_vrt(const char *name, const char *tiff, const char *type, int count,
                           const char *const more[])
{
    char text[TEXT];
    int used = snprintf(text, sizeof text, "<VRTDataset rasterXSize=\"%d\" rasterYSize=\"%d\">",
                        WIDTH, HEIGHT);
    for (int i = 0; i < count; i++)
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "<VRTRasterBand dataType=\"%s\" band=\"%d\">%s<SimpleSource>"
                         "<SourceFilename relativeToVRT=\"1\">%s</SourceFilename><SourceBand>%d"
                         "</SourceBand></SimpleSource></VRTRasterBand>",
                         type, i + 1, more[i], tiff, i + 1);
    used += snprintf(text + used, sizeof text - (size_t)used, "</VRTDataset>");
    return put_file(name, text, (size_t)used);
}

#define COLOUR(name) "<ColorInterp>" name "</ColorInterp>"
static const char *const rgba[] = {COLOUR("Red"), COLOUR("Green"), COLOUR("Blue"), COLOUR("Alpha")};

static const struct {
    uint16_t bits, format;
    const char *name;
} types[] = {
    {8, SAMPLEFORMAT_UINT, "Byte"},       {16, SAMPLEFORMAT_UINT, "UInt16"},
    {16, SAMPLEFORMAT_INT, "Int16"},      {32, SAMPLEFORMAT_UINT, "UInt32"},
    {32, SAMPLEFORMAT_IEEEFP, "Float32"}, {64, SAMPLEFORMAT_IEEEFP, "Float64"},
};

/* ---- colours --------------------------------------------------------------------------------- */

static void every_type_equals_the_tiff_reader(void **state)
{
    static const size_t windows[][2] = {{0, HEIGHT}, {11, 7}};
    (void)state;
    eg_context *ctx = small_context();
    for (size_t i = 0; i < COUNT(types) * 6; i++) {
        const size_t type = i / 6;
        const bool whole = type < 2; /* only these are composited */
        eg_read_options options;
        eg_read_default(&options);
        options.alpha = i % 3 == 1 && whole ? EG_ALPHA_OVER
                        : i % 3 == 2        ? EG_ALPHA_MASK
                                            : EG_ALPHA_IGNORE;
        memcpy(options.over, (uint8_t[]){200, 10, 90}, 3);
        made_tiff made = tiff_of(types[type].bits, types[type].format, 4);
        made.photometric = PHOTOMETRIC_RGB;
        made.extra = 1 + EXTRASAMPLE_UNASSALPHA;
        for (size_t k = 3; k < (size_t)WIDTH * HEIGHT * 4; k += 12)
            made.values[k] = 0;
        make_tiff(scratch("c.tif"), &made);
        const char *vrt = put_vrt("c.vrt", "c.tif", types[type].name, 4, rgba);
        plane_raster wanted, got;
        const size_t *window = windows[i / 3 % 2];
        assert_int_equal(
            plane_raster_read(&wanted, ctx, scratch("c.tif"), &options, 5, window, NULL), EG_OK);
        assert_int_equal(plane_raster_read(&got, ctx, vrt, &options, 3, window, NULL), EG_OK);
        assert_int_equal(got.info.planes, 3);
        assert_true(got.info.sample == wanted.info.sample &&
                    got.info.white_level == wanted.info.white_level);
        assert_same_planes(&got, &wanted, 0);
        plane_raster_free(&wanted);
        plane_raster_free(&got);
        free(made.values);
    }
    close_context(ctx);
}

static void missing_in_one_plane_is_missing_in_all(void **state)
{
    static const char *const bands[] = {COLOUR("Red") "<NoDataValue>7</NoDataValue>",
                                        COLOUR("Green") "<NoDataValue>7</NoDataValue>",
                                        COLOUR("Blue") "<NoDataValue>7</NoDataValue>"};
    (void)state;
    eg_context *ctx = small_context();
    for (size_t type = 1; type < COUNT(types); type++) {
        const bool floats = types[type].format == SAMPLEFORMAT_IEEEFP;
        made_tiff made = tiff_of(types[type].bits, types[type].format, 3);
        made.photometric = PHOTOMETRIC_RGB;
        for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
            double *v = made.values + 3 * i;
            if (i % 7 == 0)
                v[0] = v[1] = v[2] = 7;
            else if (i % 7 == 1 && floats)
                v[i % 3] = (double)NAN;
        }
        make_tiff(scratch("n.tif"), &made);
        const char *vrt = put_vrt("n.vrt", "n.tif", types[type].name, 3, bands);
        plane_raster r = planes_with_grey(ctx, vrt, NULL, ldexp(1e-5, made.bits));
        for (size_t i = 0; i < (size_t)3 * WIDTH * HEIGHT; i++) {
            const size_t place = i % ((size_t)WIDTH * HEIGHT) % 7;
            assert_int_equal(isnan(r.values[i]), place == 0 || (place == 1 && floats));
        }
        plane_raster_free(&r);
        free(made.values);
    }
    close_context(ctx);
}

static void grey_and_values_stay_one_plane(void **state)
{
    static const char *const bands[] = {"", "", "", ""};
    (void)state;
    eg_context *ctx = small_context();
    const eg_read_options values = value_options();
    for (size_t type = 0; type < COUNT(types); type++) {
        made_tiff made = tiff_of(types[type].bits, types[type].format, 4);
        make_tiff(scratch("g.tif"), &made);
        assert_one_plane(ctx, put_vrt("g.vrt", "g.tif", types[type].name, 1, bands), NULL);
        assert_one_plane(ctx, put_vrt("g.vrt", "g.tif", types[type].name, 4, bands), NULL);
        assert_one_plane(ctx, put_vrt("g.vrt", "g.tif", types[type].name, 3, rgba), &values);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- palettes -------------------------------------------------------------------------------- */

#define ENTRY(r, g, b) "<Entry c1=\"" #r "\" c2=\"" #g "\" c3=\"" #b "\"/>"
#define TABLE(entries) COLOUR("Palette") "<ColorTable>" entries "</ColorTable>"

/* Alpha beside a palette is not composited, because the samples are indices. */
static void palettes_are_looked_up(void **state)
{
    static const double colours[4][3] = {{255, 0, 0}, {10, 200, 30}, {7, 8, 255}, {0, 0, 0}};
    static const char *const bands[] = {TABLE(ENTRY(255, 0, 0) ENTRY(10, 200, 30) ENTRY(7, 8, 255)),
                                        COLOUR("Alpha")};
    static const char *const greys[] = {TABLE(ENTRY(255, 255, 255) ENTRY(9, 9, 9))};
    (void)state;
    eg_context *ctx = small_context();
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 2);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
        made.values[2 * i] = (double)(i % 4);
        made.values[2 * i + 1] = i % 5 == 0 ? 0 : 128;
    }
    make_tiff(scratch("p.tif"), &made);
    for (int variation = 0; variation < 4; variation++) {
        eg_read_options options;
        eg_read_default(&options);
        options.alpha = variation == 1   ? EG_ALPHA_OVER
                        : variation == 2 ? EG_ALPHA_MASK
                                         : EG_ALPHA_IGNORE;
        const char *vrt = put_vrt("p.vrt", "p.tif", "Byte", variation < 3 ? 2 : 1, bands);
        plane_raster r = planes_with_grey(ctx, vrt, &options, 0.51);
        for (size_t i = 0; i < (size_t)3 * WIDTH * HEIGHT; i++) {
            const size_t at = i % ((size_t)WIDTH * HEIGHT);
            const bool missing = variation == 2 && at % 5 == 0;
            assert_true(missing ? isnan(r.values[i])
                                : r.values[i] == colours[at % 4][i / ((size_t)WIDTH * HEIGHT)]);
        }
        plane_raster_free(&r);
    }
    assert_one_plane(ctx, put_vrt("q.vrt", "p.tif", "Byte", 1, greys), NULL);
    free(made.values);
    close_context(ctx);
}

/* ---- a driver -------------------------------------------------------------------------------- */

static void put_number(uint8_t *p, unsigned value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

/* A BMP of 24 bits, or of 8 bits with a palette: rows from the bottom, blue first. */
static const char *put_bmp(bool indexed, size_t width, size_t height)
{
    static uint8_t bytes[54 + 1024 + 64 * 64 * 3];
    const size_t start = indexed ? 54 + 1024 : 54, samples = indexed ? 1 : 3;
    const size_t stride = (width * samples + 3) / 4 * 4;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, "BM", 2);
    put_number(bytes + 2, (unsigned)(start + stride * height));
    put_number(bytes + 10, (unsigned)start);
    put_number(bytes + 14, 40);
    put_number(bytes + 18, (unsigned)width);
    put_number(bytes + 22, (unsigned)height);
    bytes[26] = 1;
    bytes[28] = (uint8_t)(8 * samples);
    for (unsigned i = 0; indexed && i < 256; i++)
        put_number(bytes + 54 + 4 * i, i * 3 % 256 | i * 5 % 256 << 8 | i * 7 % 256 << 16);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width * samples; x++)
            bytes[start + (height - 1 - y) * stride + x] = (uint8_t)(x * 11 + y * 23);
    return put_file("a.bmp", bytes, start + stride * height);
}

static void a_bmp_has_its_colours(void **state)
{
    (void)state;
    eg_context *ctx = small_context();
    for (int indexed = 0; indexed < 2; indexed++) {
        const size_t width = 31, height = 17;
        plane_raster r = planes_with_grey(ctx, put_bmp(indexed, width, height), NULL, 0.51);
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++)
                for (size_t c = 0; c < 3; c++) {
                    const size_t index = (x * 11 + y * 23) % 256;
                    const size_t wanted =
                        indexed ? index * (7 - 2 * c) % 256 : ((3 * x + 2 - c) * 11 + y * 23) % 256;
                    assert_true(plane_at(&r, c, x, y) == (double)wanted);
                }
        plane_raster_free(&r);
    }
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_equals_the_tiff_reader),
        cmocka_unit_test(missing_in_one_plane_is_missing_in_all),
        cmocka_unit_test(grey_and_values_stay_one_plane),
        cmocka_unit_test(palettes_are_looked_up),
        cmocka_unit_test(a_bmp_has_its_colours),
    };
    return cmocka_run_group_tests_name("GDAL planes", tests, make_scratch, remove_scratch);
}

#else

static void this_build_is_without_gdal(void **state)
{
    (void)state;
    skip(); /* `make gdal-check` runs them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(this_build_is_without_gdal)};
    return cmocka_run_group_tests_name("GDAL planes", tests, NULL, NULL);
}

#endif
