/* SPDX-License-Identifier: MIT */
/* GDAL's tags for values in TIFFs: nodata, scale, offset and unit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tiff_made.h"

/* ---- nodata ---------------------------------------------------------------------------------- */

static void nodata_is_compared_in_the_sample_type(void **state)
{
    static const struct {
        uint16_t bits, format;
        const char *text;
        double value; /* nodata value of the samples; NaN: none */
    } cases[] = {
        {32, SAMPLEFORMAT_IEEEFP, "-3.4028234663852886e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3.40282346638529e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3.4028235e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3.402823e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3.40282e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3.4e+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-3,4028235E+38", -3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "3.40282e+38", 3.4028234663852886e+38},
        {32, SAMPLEFORMAT_IEEEFP, "-1.7976931348623157e308", -3.4028234663852886e+38},
        {64, SAMPLEFORMAT_IEEEFP, "-3.40282e+38", -3.4028234663852886e+38},
        {64, SAMPLEFORMAT_IEEEFP, "-1.797693134862316e+308", -1.7976931348623157e308},
        {64, SAMPLEFORMAT_IEEEFP, "-1.79769e+308", -1.7976931348623157e308},
        {32, SAMPLEFORMAT_IEEEFP, "-nan", (double)NAN},
        {32, SAMPLEFORMAT_IEEEFP, "1.#QNAN", (double)NAN},
        {32, SAMPLEFORMAT_IEEEFP, "17 18", 17},
        {32, SAMPLEFORMAT_IEEEFP, "0.1", (double)0.1F},
        {32, SAMPLEFORMAT_IEEEFP, " -9999 ", -9999},
        {64, SAMPLEFORMAT_IEEEFP, "0.1", 0.1},
        {64, SAMPLEFORMAT_IEEEFP, "-1.7976931348623157e308", -1.7976931348623157e308},
        {16, SAMPLEFORMAT_INT, "-32768", -32768},
        {8, SAMPLEFORMAT_UINT, "255", 255},
        {8, SAMPLEFORMAT_UINT, "254.99999999999999", 255},
        {16, SAMPLEFORMAT_UINT, "0", 0},
        {32, SAMPLEFORMAT_INT, "-2147483648", -2147483648.0},
        {32, SAMPLEFORMAT_UINT, "4294967295", 4294967295.0},
        {32, SAMPLEFORMAT_UINT, "nan", (double)NAN},
        {16, SAMPLEFORMAT_UINT, "-1", (double)NAN},
        {8, SAMPLEFORMAT_UINT, "17.0000000001", (double)NAN},
        {16, SAMPLEFORMAT_UINT, "none", (double)NAN},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const eg_read_options options = value_options();
    for (size_t i = 0; i < COUNT(cases); i++) {
        made_tiff made = tiff_of(cases[i].bits, cases[i].format, 1);
        eg_grid grid;
        made.nodata = cases[i].text;
        made.values[5] = isnan(cases[i].value) ? 17 : cases[i].value;
        make_tiff(scratch("nodata.tif"), &made);
        load_grid(&grid, ctx, scratch("nodata.tif"), &options);
        for (size_t k = 0; k < made.width * made.height; k++) {
            double got = sample_at(&grid, k % made.width, k / made.width);
            bool missing = made.values[k] == cases[i].value;
            bool same = got == made.values[k] || (cases[i].format == SAMPLEFORMAT_IEEEFP &&
                                                  got == (double)(float)made.values[k]);
            if (missing ? !isnan(got) : !same)
                fail_msg("'%s': cell %zu is %.17g, in the file %.17g", cases[i].text, k, got,
                         made.values[k]);
        }
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

/* A nodata value, scale or offset that is no number is ignored with a warning. */
static void invalid_nodata_is_a_warning(void **state)
{
    static const struct {
        const char *nodata, *metadata, *words;
    } cases[] = {
        {"-9999 m", NULL, "the nodata value '-9999 m' is not a number and is read up to"},
        {"-9999m", NULL, "the nodata value '-9999m' is not a number and is ignored"},
        {"none\x1b[m", NULL, "the nodata value 'none\\e[m' is not a number"},
        {NULL, "<Item role=\"scale\">two</Item>", "the scale or offset"},
        {"1.#QNAN", "<Item role=\"scale\">0,5</Item>", NULL},
        {" -nan ", "<Item role=\"offset\"> 2e1\n</Item>", NULL},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
        made.nodata = cases[i].nodata;
        made.metadata = cases[i].metadata;
        make_tiff(scratch("warns.tif"), &made);
        eg_source *source = open_as_values(ctx, scratch("warns.tif"));
        const char *warning = eg_source_warning(source, 0);
        const char *text = warning ? warning : "";
        if (cases[i].words ? !strstr(text, cases[i].words) : *text != '\0')
            fail_msg("case %zu warns '%s'", i, text);
        eg_source_close(source);
        free(made.values);
    }
    close_context(ctx);
}

static void bytes_of_an_image_are_never_missing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    eg_grid grid;
    made.nodata = "255";
    made.values[0] = 255;
    make_tiff(scratch("nodata.tif"), &made);
    load_grid(&grid, ctx, scratch("nodata.tif"), NULL);
    assert_int_equal(grid.sample, EG_U8);
    assert_true(sample_at(&grid, 0, 0) == 255);
    eg_grid_free(&grid);
    free(made.values);
    close_context(ctx);
}

static void scale_offset_and_unit_are_those_of_the_first_band(void **state)
{
    static const char xml[] =
        "<GDALMetadata>\n"
        "  <Item name=\"OFFSET\" sample=\"1\" role=\"offset\">9</Item>\n"
        "  <Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.25</Item>\n"
        "  <Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-100.5</Item>\n"
        "  <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">US survey foot</Item>\n"
        "</GDALMetadata>\n";
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    made.metadata = xml;
    made.nodata = "-7";
    made.values[3] = -7;
    make_tiff(scratch("scale.tif"), &made);
    eg_source *source = open_as_values(ctx, scratch("scale.tif"));
    double row[53];
    eg_error error = {0};
    assert_int_equal(eg_source_info(source)->sample, EG_F64);
    assert_rounded(eg_source_georef(source)->vertical_unit, 1200.0 / 3937);
    assert_int_equal(eg_source_read(source, row, sizeof row, 1, &error), EG_OK);
    for (size_t x = 0; x < made.width; x++)
        assert_true(x == 3 ? isnan(row[x]) : row[x] == 0.25 * *tiff_value(&made, x, 0, 0) - 100.5);
    eg_source_close(source);
    free(made.values);
    close_context(ctx);
}

/* GDAL writes scale and offset of a single band into ModelPixelScale and ModelTiepoint if the keys
 * are those of GeoTIFF 1.1 and have a vertical system; GDAL 3.6.2 reads these files so. */
static void a_vertical_system_has_its_scale_in_the_tie_point(void **state)
{
    static const struct {
        uint16_t revision, key, bands;
        double z_scale, k, z, scale, offset; /* scale 1 and offset 0: none */
    } cases[] = {
        {1, 4099, 1, 0.1, 0, 500, 0.1, 500}, {1, 4096, 1, 0.1, 7, 500, 0.1, 499.3},
        {1, 4098, 1, -0.5, 0, 0, -0.5, 0},   {1, 4097, 1, 0.1, 0, 500, 1, 0},
        {0, 4099, 1, 0.1, 0, 500, 1, 0},     {1, 4099, 2, 0.1, 0, 500, 1, 0},
        {1, 4099, 1, 0, 0, 0, 1, 0},
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const uint16_t keys[] = {1, 1,     cases[i].revision, 3, 1024, 0,   1, 1, 3072, 0,
                                 1, 32632, cases[i].key,      0, 1,    9001};
        const double size[3] = {10, 10, cases[i].z_scale};
        const double ties[6] = {0, 0, cases[i].k, 500000, 5000000, cases[i].z};
        made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, cases[i].bands);
        eg_grid grid;
        const eg_read_options options = value_options();
        made.keys = keys;
        made.key_count = COUNT(keys);
        made.scale = size;
        made.ties = ties;
        make_tiff(scratch("vertical.tif"), &made);
        load_grid(&grid, ctx, scratch("vertical.tif"), &options);
        for (size_t x = 0; x < made.width; x++)
            assert_within(sample_at(&grid, x, 0),
                          *tiff_value(&made, x, 0, 0) * cases[i].scale + cases[i].offset, 1e-12);
        eg_grid_free(&grid);
        free(made.values);
    }
    close_context(ctx);
}

static void invalid_metadata_is_ignored(void **state)
{
    static const char *const texts[] = {
        "<Item ",
        "<Item role=\"scale\"",
        "<Item role=\"scale\">",
        "<Item role=\"scale>2</Item>",
        "<Item role=scale>2</Item>",
        "<Item role=\"scale\">two</Item>",
        "<Item role=\"scale\">0</Item>",
        "<Item role=\"scale\">nan</Item>",
        "<Item role=\"offset\">inf</Item>",
        "<Item role=\"scale\" sample=\"3\">2</Item>",
        "<Item role=\"unittype\"></Item>",
        "<Item role=\"unittype\">furlongs</Item>",
        "<Item >role=\"scale\">2</Item>",
        "</Item><Item ",
        "",
    };
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
        made.metadata = texts[i];
        make_tiff(scratch("broken.tif"), &made);
        eg_source *source = open_as_values(ctx, scratch("broken.tif"));
        float row[53];
        eg_error error = {0};
        assert_null(eg_source_georef(source));
        assert_int_equal(eg_source_read(source, row, sizeof row, 1, &error), EG_OK);
        for (size_t x = 0; x < made.width; x++)
            if ((double)row[x] != *tiff_value(&made, x, 0, 0))
                fail_msg("'%s' changed something", texts[i]);
        eg_source_close(source);
        free(made.values);
    }
    close_context(ctx);
}

/* ---- precision ------------------------------------------------------------------------------- */

/* The slope of a plane whose elevations are scaled integers near 3000 m: floats of that size have
 * steps of 0.0002 m, which would be an error of 0.005 degrees. */
static void differences_of_scaled_values_are_exact(void **state)
{
    static const double size[3] = {1, 1, 0}, ties[6] = {0, 0, 0, 500000, 5000000, 0};
    static const uint16_t keys[] = {1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32632};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    for (size_t y = 0; y < made.height; y++)
        for (size_t x = 0; x < made.width; x++)
            *tiff_value(&made, x, y, 0) = 3 * (double)x - 4 * (double)y;
    made.scale = size;
    made.ties = ties;
    made.keys = keys;
    made.key_count = COUNT(keys);
    made.metadata = "<Item role=\"scale\">0.01</Item><Item role=\"offset\">3000.03</Item>";
    make_tiff(scratch("scaled.tif"), &made);
    for (int ignored = 0; ignored < 2; ignored++) {
        eg_read_options options = value_options();
        eg_terrain_options terrain;
        eg_source *source = NULL;
        eg_sink *sink = NULL;
        eg_grid grid = {0};
        eg_error error = {0};
        options.ignore_scale = ignored;
        eg_terrain_default(&terrain);
        assert_int_equal(eg_source_open(&source, ctx, scratch("scaled.tif"), &options, &error),
                         EG_OK);
        assert_int_equal(eg_sink_grid(&sink, ctx, &grid, &error), EG_OK);
        assert_int_equal(eg_terrain(source, &sink, &terrain, 1, NULL, &error), EG_OK);
        double wanted = atan(ignored ? 5 : 0.05) * 180 / acos(-1);
        for (size_t y = 1; y + 1 < grid.height; y++)
            for (size_t x = 1; x + 1 < grid.width; x++)
                assert_within(sample_at(&grid, x, y), wanted, 1e-6 * wanted);
        eg_sink_close(sink);
        eg_source_close(source);
        eg_grid_free(&grid);
    }
    free(made.values);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodata_is_compared_in_the_sample_type),
        cmocka_unit_test(invalid_nodata_is_a_warning),
        cmocka_unit_test(bytes_of_an_image_are_never_missing),
        cmocka_unit_test(scale_offset_and_unit_are_those_of_the_first_band),
        cmocka_unit_test(a_vertical_system_has_its_scale_in_the_tie_point),
        cmocka_unit_test(invalid_metadata_is_ignored),
        cmocka_unit_test(differences_of_scaled_values_are_exact),
    };
    return cmocka_run_group_tests_name("tiff values", tests, make_scratch, remove_scratch);
}
