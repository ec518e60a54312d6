/* SPDX-License-Identifier: MIT */
/* The GeoTIFF reader: georeferencing, with GDAL 3.6.2 as reference. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/georef.h"
#include "tiff_made.h"

static void assert_transform(const eg_georef *georef, const double wanted[6])
{
    assert_non_null(georef);
    assert_true(georef->located);
    for (int i = 0; i < 6; i++)
        assert_rounded(georef->transform[i], wanted[i]);
}

/* ---- the corpus ------------------------------------------------------------------------------ */

static void georeferencing_equals_that_of_gdal(void **state)
{
    static const struct {
        const char *path;
        double transform[6];
        eg_crs crs;
        double semi_major, inverse_flattening, vertical_unit, nodata;
    } files[] = {
        {"dem/n44w072_utm_256.tif",
         {286438.586315565626137, 90, 0, 4960377.008210682310164, 0, -90},
         EG_CRS_PROJECTED, /* the file gives only its code */
         6378137,
         298.257223563,
         0,
         -9999},
        {"dem/n44w072_i16_deflate_tiled.tif",
         {-72 - 0.5 / 1200, 1.0 / 1200, 0, 45 + 0.5 / 1200, 0, -1.0 / 1200},
         EG_CRS_GEOGRAPHIC,
         6378137,
         298.257223563,
         1,
         -32768},
        {"dem/whitebox-DEM.tif",
         {664692.058977327193134, 89.983495661721150, 0, 4895827.599877157248557, 0,
          -90.021537309324245},
         EG_CRS_UNKNOWN,
         0,
         0,
         0,
         -32768},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char *path = need_corpus(files[i].path);
        eg_context *ctx = test_context(1, 0, NULL);
        eg_source *source = open_as_values(ctx, path);
        const eg_georef *georef = eg_source_georef(source);
        assert_transform(georef, files[i].transform);
        assert_int_equal(georef->crs, files[i].crs);
        assert_true(georef->unit == 1);
        assert_true(georef->semi_major == files[i].semi_major);
        assert_true(georef->inverse_flattening == files[i].inverse_flattening);
        assert_true(georef->vertical_unit == files[i].vertical_unit);
        assert_true(georef->has_nodata && georef->nodata == files[i].nodata);
        assert_true(georef->tags->key_count >= 4);
        eg_source_close(source);
        free(path);
        close_context(ctx);
    }
}

static void float_dem_equals_the_raw_file(void **state)
{
    (void)state;
    const eg_read_options options = value_options();
    char *tif = need_corpus("dem/n44w072_utm_256.tif");
    char *raw = need_corpus("dem/n44w072_utm_256.bil"); /* float32, little-endian */
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    file_bytes bytes = read_bytes(raw);
    load_grid(&grid, ctx, tif, &options);
    assert_int_equal(bytes.size, 256 * 256 * 4);
    for (size_t i = 0; i < bytes.size / 4; i++) {
        float wanted;
        memcpy(&wanted, bytes.data + 4 * i, 4);
        double got = sample_at(&grid, i % 256, i / 256);
        assert_true(wanted == -9999 ? isnan(got) : got == (double)wanted);
    }
    eg_grid_free(&grid);
    free(bytes.data);
    free(tif);
    free(raw);
    close_context(ctx);
}

static void integer_dem_equals_the_hgt_file(void **state)
{
    enum { SIDE = 1201 };
    (void)state;
    const eg_read_options options = value_options();
    char *tif = need_corpus("dem/n44w072_i16_deflate_tiled.tif");
    char *hgt = need_corpus("dem/N44W072.hgt"); /* int16, big-endian */
    eg_context *ctx = test_context(2, 0, NULL);
    eg_grid grid;
    file_bytes bytes = read_bytes(hgt);
    load_grid(&grid, ctx, tif, &options);
    assert_int_equal(bytes.size, SIDE * SIDE * 2);
    for (size_t i = 0; i < bytes.size / 2; i++) {
        int wanted = (int16_t)(bytes.data[2 * i] << 8 | bytes.data[2 * i + 1]);
        double got = sample_at(&grid, i % SIDE, i / SIDE);
        assert_true(wanted == -32768 ? isnan(got) : got == wanted);
    }
    eg_grid_free(&grid);
    free(bytes.data);
    free(tif);
    free(hgt);
    close_context(ctx);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Writes a small raster with the tags of `tags`, and returns the georeferencing that is read from
 * it. */
static eg_georef georef_of(eg_context *ctx, const made_tiff *tags)
{
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    double *values = made.values;
    made = *tags;
    made.values = values;
    make_tiff(scratch("georef.tif"), &made);
    free(values);
    eg_source *source = open_as_values(ctx, scratch("georef.tif"));
    eg_georef georef = {0};
    if (eg_source_georef(source))
        georef = *eg_source_georef(source);
    georef.tags = NULL;
    eg_source_close(source);
    return georef;
}

static const double scale[3] = {30, 20, 0}, ties[6] = {0, 0, 0, 1000, 5000, 0};

static void cell_centres_are_shifted_to_corners(void **state)
{
    static const double matrix[16] = {3, 0.5, 0, 100, 0.25, -2, 0, 900, [15] = 1};
    static const double tied[6] = {2, 1, 0, 1000, 5000, 0};
    static const uint16_t area[] = {1, 1, 0, 1, 1025, 0, 1, 1},
                          point[] = {1, 1, 0, 1, 1025, 0, 1, 2};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    free(made.values);
    made.scale = scale;
    made.ties = tied;
    eg_georef georef = georef_of(ctx, &made);
    assert_transform(&georef, (double[6]){940, 30, 0, 5020, 0, -20});
    made.keys = area;
    made.key_count = COUNT(area);
    georef = georef_of(ctx, &made);
    assert_transform(&georef, (double[6]){940, 30, 0, 5020, 0, -20});
    made.keys = point;
    georef = georef_of(ctx, &made);
    assert_transform(&georef, (double[6]){925, 30, 0, 5030, 0, -20});
    made.scale = made.ties = NULL;
    made.matrix = matrix;
    georef = georef_of(ctx, &made);
    assert_transform(&georef, (double[6]){98.25, 3, 0.5, 900.875, 0.25, -2});
    close_context(ctx);
}

static const struct {
    uint16_t keys[16];
    double doubles[2];
    eg_crs crs;
    double unit, vertical_unit, semi_major, inverse_flattening;
} key_cases[] = {
    {{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32619},
     {0},
     EG_CRS_PROJECTED,
     1,
     0,
     6378137,
     298.257223563},
    {{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 3857},
     {0},
     EG_CRS_WEB_MERCATOR,
     1,
     0,
     6378137,
     298.257223563},
    {{1, 1, 0, 1, 3072, 0, 1, 2230},
     {0},
     EG_CRS_PROJECTED,
     1200.0 / 3937,
     0,
     6378137,
     298.257222101},
    {{1, 1, 0, 3, 1024, 0, 1, 1, 3076, 0, 1, 9003, 4099, 0, 1, 9002},
     {0},
     EG_CRS_PROJECTED,
     1200.0 / 3937,
     0.3048,
     0,
     0},
    {{1, 1, 0, 3, 1024, 0, 1, 1, 3076, 0, 1, 32767, 3077, 34736, 1, 1},
     {7, 2.5},
     EG_CRS_PROJECTED,
     2.5,
     0,
     0,
     0},
    {{1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326},
     {0},
     EG_CRS_GEOGRAPHIC,
     1,
     0,
     6378137,
     298.257223563},
    {{1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4267},
     {0},
     EG_CRS_GEOGRAPHIC,
     1,
     0,
     6378206.4,
     294.978698213898},
    {{1, 1, 0, 2, 1024, 0, 1, 2, 2050, 0, 1, 6314},
     {0},
     EG_CRS_GEOGRAPHIC,
     1,
     0,
     6377397.155,
     299.1528128},
    {{1, 1, 0, 3, 1024, 0, 1, 2, 2054, 0, 1, 9105, 2056, 0, 1, 7001},
     {0},
     EG_CRS_GEOGRAPHIC,
     0.9,
     0,
     6377563.396,
     299.3249646},
    {{1, 1, 0, 3, 1024, 0, 1, 2, 2057, 34736, 1, 0, 2059, 34736, 1, 1},
     {6000000, 300},
     EG_CRS_GEOGRAPHIC,
     1,
     0,
     6000000,
     300},
    {{1, 1, 0, 3, 1024, 0, 1, 2, 2057, 34736, 1, 0, 2058, 34736, 1, 1},
     {6000000, 5980000},
     EG_CRS_GEOGRAPHIC,
     1,
     0,
     6000000,
     300},
    {{1, 1, 0, 2, 1024, 0, 1, 2, 2057, 34736, 1, 9}, {1, 1}, EG_CRS_GEOGRAPHIC, 1, 0, 0, 0},
    {{1, 1, 0, 1, 1024, 0, 1, 3}, {0}, EG_CRS_UNKNOWN, 1, 0, 0, 0},
    {{1, 1, 0, 60000, 1024, 0, 1, 2}, {0}, EG_CRS_GEOGRAPHIC, 1, 0, 0, 0},
};

static void keys_give_units_and_ellipsoids(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    free(made.values);
    made.scale = scale;
    made.ties = ties;
    for (size_t i = 0; i < COUNT(key_cases); i++) {
        made.keys = key_cases[i].keys;
        made.key_count = (uint16_t)(4 + 4 * (key_cases[i].keys[3] < 4 ? key_cases[i].keys[3] : 1));
        made.doubles = key_cases[i].doubles;
        made.double_count = 2;
        eg_georef georef = georef_of(ctx, &made);
        if (georef.crs != key_cases[i].crs)
            fail_msg("case %zu: kind %d", i, (int)georef.crs);
        assert_rounded(georef.unit, key_cases[i].unit);
        assert_rounded(georef.vertical_unit, key_cases[i].vertical_unit);
        assert_rounded(georef.semi_major, key_cases[i].semi_major);
        assert_rounded(georef.inverse_flattening, key_cases[i].inverse_flattening);
    }
    close_context(ctx);
}

static void tags_are_kept_unchanged(void **state)
{
    static const uint16_t keys[] = {1,    1, 0, 3,     1024, 0,     1, 1,
                                    3076, 0, 1, 32767, 3077, 34736, 1, 0};
    static const double doubles[] = {0.5};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    for (int big = 0; big < 4; big++) {
        static const char *const modes[] = {"wl", "wb", "wl8", "wb8"};
        made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
        made.mode = modes[big];
        made.keys = keys;
        made.key_count = COUNT(keys);
        made.doubles = doubles;
        made.double_count = 1;
        made.ascii = "Somewhere|Some Datum|";
        make_tiff(scratch("tags.tif"), &made);
        eg_source *source = open_as_values(ctx, scratch("tags.tif"));
        const eg_georef *georef = eg_source_georef(source);
        assert_int_equal(georef->tags->key_count, COUNT(keys));
        assert_memory_equal(georef->tags->keys, keys, sizeof keys);
        assert_int_equal(georef->tags->double_count, 1);
        assert_true(georef->tags->doubles[0] == 0.5);
        assert_string_equal(georef->tags->ascii, made.ascii);
        assert_true(georef->unit == 0.5 && !georef->located);
        eg_source_close(source);
        free(made.values);
    }
    close_context(ctx);
}

static void rotated_georeferenced_rasters_are_rejected(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    eg_source *source;
    eg_error error = {0};
    eg_read_options options = value_options();
    made.scale = scale;
    made.ties = ties;
    made.orientation = 3;
    make_tiff(scratch("rotated.tif"), &made);
    assert_int_equal(eg_source_open(&source, ctx, scratch("rotated.tif"), &options, &error),
                     EG_UNSUPPORTED);
    assert_non_null(strstr(error.message, "orientation 3"));
    options.ignore_orientation = true;
    assert_int_equal(eg_source_open(&source, ctx, scratch("rotated.tif"), &options, NULL), EG_OK);
    eg_source_close(source);
    free(made.values);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(georeferencing_equals_that_of_gdal),
        cmocka_unit_test(float_dem_equals_the_raw_file),
        cmocka_unit_test(integer_dem_equals_the_hgt_file),
        cmocka_unit_test(cell_centres_are_shifted_to_corners),
        cmocka_unit_test(keys_give_units_and_ellipsoids),
        cmocka_unit_test(tags_are_kept_unchanged),
        cmocka_unit_test(rotated_georeferenced_rasters_are_rejected),
    };
    return cmocka_run_group_tests_name("tiff georef", tests, make_scratch, remove_scratch);
}
