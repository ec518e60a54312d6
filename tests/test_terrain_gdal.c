/* SPDX-License-Identifier: MIT */
/* eg_ground_options.compat_gdal against maps made by gdaldem 3.6.2. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "files.h"
#include "terrain_fixture.h"

static void set_field(TIFF *tiff, uint32_t tag, void *to, const char *path)
{
    if (!TIFFGetFieldDefaulted(tiff, tag, to))
        fail_msg("%s: tag %u is missing", path, tag);
}

/* Loads a TIFF of bytes or floats without conversion. */
static void load_tiff(eg_grid *grid, eg_context *ctx, const char *path)
{
    TIFF *tiff = TIFFOpen(path, "r");
    uint32_t width, height;
    uint16_t bits;
    if (!tiff)
        fail_msg("%s cannot be read", path);
    set_field(tiff, TIFFTAG_IMAGEWIDTH, &width, path);
    set_field(tiff, TIFFTAG_IMAGELENGTH, &height, path);
    set_field(tiff, TIFFTAG_BITSPERSAMPLE, &bits, path);
    eg_sample sample = bits == 8 ? EG_U8 : EG_F32;
    assert_int_equal(eg_grid_new(grid, ctx, width, height, sample, NULL), EG_OK);
    for (uint32_t y = 0; y < height; y++)
        assert_int_equal(TIFFReadScanline(tiff, (char *)grid->data + y * grid->stride, y, 0), 1);
    TIFFClose(tiff);
}

/* Compares maps: floats bit for bit; hillshade within 1 level, different in at most one cell in a
 * thousand. */
static void compare(const char *name, const eg_grid *want, const eg_grid *got)
{
    size_t different = 0;
    if (want->sample != EG_U8) {
        assert_grids_equal(want, got);
        return;
    }
    assert_int_equal(got->sample, EG_U8);
    for (size_t y = 0; y < want->height; y++)
        for (size_t x = 0; x < want->width; x++) {
            double off = fabs(sample_at(want, x, y) - sample_at(got, x, y));
            if (off > 1)
                fail_msg("%s (%zu, %zu): %g levels off", name, x, y, off);
            different += off > 0;
        }
    if (different > want->width * want->height / 1000)
        fail_msg("%s: %zu cells differ", name, different);
}

static const struct {
    const char *name;
    eg_terrain_map map;
    bool derivative; /* one reference map for each derivative */
} goldens[] = {
    {"slope", EG_TERRAIN_SLOPE, true},
    {"aspect", EG_TERRAIN_ASPECT, true},
    {"hillshade", EG_TERRAIN_HILLSHADE, true},
    {"TRI", EG_TERRAIN_TRI, false},
    {"TPI", EG_TERRAIN_TPI, false},
    {"roughness", EG_TERRAIN_ROUGHNESS, false},
};

static void check_golden(const eg_grid *in, eg_context *ctx, size_t i, int setting)
{
    static const char *const derivatives[] = {"_Horn", "_ZevenbergenThorne"};
    char name[128];
    eg_georef georef = metric_ground(90, 90, in->height);
    eg_ground_options ground = ground_options();
    eg_terrain_options options;
    eg_grid want;
    eg_terrain_default(&options);
    options.map = goldens[i].map;
    ground.compat_gdal = true;
    ground.derivative = (eg_derivative)(setting & 1);
    ground.border = (eg_dem_border)(setting >> 1);
    snprintf(name, sizeof name, "dem/gdaldem-3.6.2/utm256_%s%s%s.tif", goldens[i].name,
             goldens[i].derivative ? derivatives[setting & 1] : "", setting >> 1 ? "_edges" : "");
    char *path = need_corpus(name);
    load_tiff(&want, ctx, path);
    eg_grid got = need_terrain(in, ctx, &georef, &options, &ground);
    compare(name, &want, &got);
    eg_grid_free(&want);
    eg_grid_free(&got);
    free(path);
}

static void gdaldem_is_reproduced(void **state)
{
    (void)state;
    char *path = need_corpus("dem/n44w072_utm_256.tif");
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    TIFFSetWarningHandler(NULL); /* silences warnings about GDAL's own tags */
    load_tiff(&in, ctx, path);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            if (sample_at(&in, x, y) == -9999)
                set_sample(&in, x, y, NAN);
    for (size_t i = 0; i < COUNT(goldens); i++)
        for (int setting = 0; setting < (goldens[i].derivative ? 4 : 1); setting++)
            check_golden(&in, ctx, i, setting);
    eg_grid_free(&in);
    close_context(ctx);
    free(path);
}

/* Without compat_gdal the results stay within the rounding errors of gdaldem's float sums, on
 * elevations of hundreds of metres. */
static void accuracy_is_the_difference(void **state)
{
    (void)state;
    char *path = need_corpus("dem/n44w072_utm_256.tif");
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_georef georef = metric_ground(90, 90, 256);
    eg_ground_options ground = ground_options();
    load_tiff(&in, ctx, path);
    eg_grid own = need_terrain(&in, ctx, &georef, NULL, &ground);
    ground.compat_gdal = true;
    eg_grid theirs = need_terrain(&in, ctx, &georef, NULL, &ground);
    assert_true(largest_difference(&own, &theirs) < 1e-4);
    assert_true(largest_difference(&own, &theirs) > 0);
    eg_grid_free(&in);
    eg_grid_free(&own);
    eg_grid_free(&theirs);
    close_context(ctx);
    free(path);
}

/* gdaldem's results on a few cells, by hand: square cells in the aspect, no ellipsoids, no units,
 * float sums. */
static void gdaldem_measures_in_ground_units(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid in;
    eg_georef georef = degrees_ground(0.5, 60);
    eg_ground_options ground = ground_options();
    eg_terrain_options options = map_options(EG_TERRAIN_SLOPE);
    assert_int_equal(eg_grid_new(&in, ctx, 3, 3, EG_F32, NULL), EG_OK);
    for (size_t i = 0; i < 9; i++)
        set_sample(&in, i % 3, i / 3, (double)(i % 3));
    georef.vertical_unit = 0.3048;
    ground.compat_gdal = true;
    options.slope_unit = EG_SLOPE_RATIO;
    eg_grid slope = need_terrain(&in, ctx, &georef, &options, &ground);
    assert_true(sample_at(&slope, 1, 1) == 2); /* 1 over 0.5 */
    eg_grid_free(&slope);
    ground.scale = 111120;
    slope = need_terrain(&in, ctx, &georef, &options, &ground);
    assert_true((float)sample_at(&slope, 1, 1) == (float)(1 / 55560.0));
    eg_grid_free(&slope);
    for (size_t i = 0; i < 9; i++)
        set_sample(&in, i % 3, i / 3, (double)(i % 3 + i / 3));
    georef.transform[5] = -0.25;
    options.map = EG_TERRAIN_HILLSHADE;
    options.shading = EG_SHADING_IGOR; /* the light stands uphill: 255 x slope / 90 less than 255 */
    options.azimuth = 135;
    ground.scale = 0;
    slope = need_terrain(&in, ctx, &georef, &options, &ground);
    assert_true(sample_at(&slope, 1, 1) == round(255 * (1 - atan(hypot(2, 4)) * degree / 90)));
    eg_grid_free(&slope);
    options.map = EG_TERRAIN_ASPECT;
    slope = need_terrain(&in, ctx, &georef, &options, &ground);
    assert_true(sample_at(&slope, 1, 1) == 315);
    eg_grid_free(&slope);
    eg_grid_free(&in);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gdaldem_is_reproduced),
        cmocka_unit_test(accuracy_is_the_difference),
        cmocka_unit_test(gdaldem_measures_in_ground_units),
    };
    return cmocka_run_group_tests_name("terrain as gdaldem has it", tests, NULL, NULL);
}
