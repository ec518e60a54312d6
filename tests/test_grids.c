/* SPDX-License-Identifier: MIT */
/* Tests of one raster in all formats, and of SRTM's .hgt. */
#include "raster.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- one raster, many formats ---------------------------------------------------------------- */

/* The text format has three decimals, PNG none. */
static void twins_agree(void **state)
{
    static const struct {
        const char *name;
        double off;
        bool placed;
    } twins[] = {{"dem/n44w072_utm_256.asc", 0.000504, true},
                 {"dem/n44w072_utm_256_u16.png", 0.5, false}};
    static const double first[] = {421.29025, 420.4341, 428.74274,
                                   451.28592}; /* values read by GDAL */
    (void)state;
    char *path = need_corpus("dem/n44w072_utm_256.bil");
    raster bil = raster_of(path, true);
    free(path);
    assert_int_equal(bil.info.sample, EG_F32);
    for (int i = 0; i < 4; i++)
        assert_true(fabs(bil.values[i] - first[i]) < 1e-4);
    for (size_t t = 0; t < COUNT(twins); t++) {
        path = need_corpus(twins[t].name);
        raster twin = raster_of(path, true);
        assert_int_equal(twin.info.width, 256);
        assert_int_equal(twin.info.height, 256);
        for (size_t i = 0; i < 256 * 256; i++)
            if (fabs(twin.values[i] - bil.values[i]) > twins[t].off)
                fail_msg("%s: %zu is %g, not %g", path, i, twin.values[i], bil.values[i]);
        assert_int_equal(twin.placed && twin.georef.located, twins[t].placed);
        for (int i = 0; twins[t].placed && i < 6; i++)
            assert_true(fabs(twin.georef.transform[i] - bil.georef.transform[i]) < 1e-8);
        if (twins[t].placed) {
            assert_int_equal(twin.georef.crs, bil.georef.crs);
            assert_true(twin.georef.nodata == -9999 && bil.georef.nodata == -9999);
        }
        raster_free(&twin);
        free(path);
    }
    raster_free(&bil);
}

/* ---- .hgt ------------------------------------------------------------------------------------ */

static void srtm_is_read_as_gdal_reads_it(void **state)
{
    (void)state;
    char *path = need_corpus("dem/N44W072.hgt");
    static const double wanted[6] = {-72.000416666666666, 1.0 / 1200, 0,
                                     45.000416666666666,  0,          -1.0 / 1200};
    raster r = raster_of(path, true);
    double sum = 0;
    for (size_t i = 0; i < 1201 * 1201; i++)
        sum += r.values[i];
    assert_int_equal(r.info.width, 1201);
    assert_int_equal(r.info.height, 1201);
    assert_int_equal(r.info.sample, EG_F32);
    assert_true(sum == 764857194);
    assert_true(r.values[0] == 415 && r.values[600 * 1201 + 600] == 315 &&
                r.values[1201 * 1201 - 1] == 139);
    for (int i = 0; i < 6; i++)
        assert_true(fabs(r.georef.transform[i] - wanted[i]) < 1e-12);
    assert_true(r.georef.located && r.georef.has_nodata && r.georef.nodata == -32768);
    assert_int_equal(r.georef.crs, EG_CRS_GEOGRAPHIC);
    assert_true(r.georef.unit == 1 && r.georef.vertical_unit == 1);
    assert_true(r.georef.semi_major == 6378137 && r.georef.inverse_flattening == 298.257223563);
    raster_free(&r);
    free(path);
}

/* Creates a sparse file whose last sample is `last`. */
static void make_hgt(const char *path, size_t samples, int last)
{
    const uint8_t bytes[2] = {(uint8_t)((unsigned)last >> 8), (uint8_t)last};
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, 2, (off_t)(2 * (samples - 1))), 2);
    close(file);
}

static void names_tell_the_place(void **state)
{
    static const struct {
        const char *name;
        bool located;
        double west, north;
    } names[] = {
        {"N44W072.hgt", true, -72, 45},        {"s01e009.HGT", true, 9, 0},
        {"N00E179.SRTMGL3.hgt", true, 179, 1}, {"S90W180.hgt", true, -180, -89},
        {"N44W0721.hgt", false, 0, 0},         {"44N072W.hgt", false, 0, 0},
        {"N91E000.hgt", false, 0, 0},          {"N00E181.hgt", false, 0, 0},
        {"heights.hgt", false, 0, 0},          {"N44.hgt", false, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *path = scratch(names[i].name);
        make_hgt(path, 1201 * 1201, -32768);
        raster r = raster_of(path, false);
        assert_int_equal(r.georef.located, names[i].located);
        assert_true(r.placed && r.georef.vertical_unit == 1);
        if (names[i].located)
            assert_true(fabs(r.georef.transform[0] - names[i].west + 0.5 / 1200) < 1e-12 &&
                        fabs(r.georef.transform[3] - names[i].north - 0.5 / 1200) < 1e-12);
        assert_true(r.values[0] == 0 && isnan(r.values[1201 * 1201 - 1]));
        raster_free(&r);
        unlink(path);
    }
}

static void the_size_tells_the_shape(void **state)
{
    static const size_t shapes[][2] = {{1201, 1201}, {3601, 3601}, {1801, 3601}, {7201, 7201}};
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    const char *path = scratch("N60E010.hgt");
    for (size_t i = 0; i < COUNT(shapes); i++) {
        eg_source *source = NULL;
        make_hgt(path, shapes[i][0] * shapes[i][1], -2);
        assert_int_equal(eg_source_open(&source, ctx, path, NULL, NULL), EG_OK);
        const eg_info *info = eg_source_info(source);
        const double *transform = eg_source_georef(source)->transform;
        assert_int_equal(info->width, shapes[i][0]);
        assert_int_equal(info->height, shapes[i][1]);
        assert_true(transform[1] == 1.0 / (double)(shapes[i][0] - 1));
        assert_true(transform[5] == -1.0 / (double)(shapes[i][1] - 1));
        eg_source_close(source);
    }
    static const size_t wrong[] = {1, 1201 * 1201 - 1, 1201 * 1201 + 1, 100};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        eg_source *source = NULL;
        eg_error error = {0};
        make_hgt(path, wrong[i], 0);
        assert_int_equal(eg_source_open(&source, ctx, path, NULL, &error), EG_BAD_INPUT);
        assert_non_null(strstr(error.message, "1201 x 1201, 3601 x 3601"));
    }
    unlink(path);
    close_context(ctx);
}

static void pipes_do_not_tell_their_size(void **state)
{
    (void)state;
    const char *path = scratch("N44W072.hgt");
    eg_source *source = NULL;
    eg_error error = {0};
    eg_context *ctx = test_context(1, 0, NULL);
    assert_int_equal(mkfifo(path, 0600), 0);
    int both = open(path, O_RDWR | O_CLOEXEC);
    static const uint8_t bytes[256];
    assert_int_equal(write(both, bytes, sizeof bytes), sizeof bytes);
    assert_int_equal(eg_source_open(&source, ctx, path, NULL, &error), EG_UNSUPPORTED);
    assert_non_null(strstr(error.message, "cannot be read from a pipe"));
    close(both);
    unlink(path);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twins_agree),
        cmocka_unit_test(srtm_is_read_as_gdal_reads_it),
        cmocka_unit_test(names_tell_the_place),
        cmocka_unit_test(the_size_tells_the_shape),
        cmocka_unit_test(pipes_do_not_tell_their_size),
    };
    return cmocka_run_group_tests_name("grids", tests, make_scratch, remove_scratch);
}
