/* SPDX-License-Identifier: MIT */
/* The GDAL reader, in builds with GDAL: VRTs of TIFFs, compared with the TIFF reader; malicious
 * VRTs. */
#include "raster.h"

#ifdef EG_HAVE_GDAL

#include <fcntl.h>
#include <gdal.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cpl_conv.h>

#include "core/context.h"
#include "damage.h"
#include "tiff_made.h"

enum { TEXT = 4096 };

/* Appends a band of a TIFF of 53 x 37 pixels to a VRT; `more` is XML to put before its source. */
static void add_band(char text[TEXT], const char *type, int band, const char *tiff,
                     const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, TEXT - used,
             "<VRTRasterBand dataType=\"%s\" band=\"%d\">%s<SimpleSource><SourceFilename "
             "relativeToVRT=\"1\">%s</SourceFilename><SourceBand>%d</SourceBand></SimpleSource>"
             "</VRTRasterBand>",
             type, band, more, tiff, band);
}

static const char *put_vrt(const char *name, const char *bands)
{
    char text[2 * TEXT];
    int length = snprintf(text, sizeof text,
                          "<VRTDataset rasterXSize=\"53\" rasterYSize=\"37\">"
                          "<GeoTransform>100, 2, 0, 500, 0, -2</GeoTransform>%s</VRTDataset>",
                          bands);
    return put_file(name, text, (size_t)length);
}

/* ---- rasters --------------------------------------------------------------------------------- */

static void every_type_equals_the_tiff_reader(void **state)
{
    static const struct {
        uint16_t bits, format;
        const char *type;
    } types[] = {
        {8, SAMPLEFORMAT_UINT, "Byte"},       {16, SAMPLEFORMAT_UINT, "UInt16"},
        {16, SAMPLEFORMAT_INT, "Int16"},      {32, SAMPLEFORMAT_UINT, "UInt32"},
        {32, SAMPLEFORMAT_INT, "Int32"},      {64, SAMPLEFORMAT_UINT, "UInt64"},
        {64, SAMPLEFORMAT_INT, "Int64"},      {32, SAMPLEFORMAT_IEEEFP, "Float32"},
        {64, SAMPLEFORMAT_IEEEFP, "Float64"},
    };
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(types); i++) {
        const bool as_values = i % 2;
        char bands[TEXT] = "", nodata[64], missing[64];
        made_tiff made = tiff_of(types[i / 2].bits, types[i / 2].format, 1);
        snprintf(nodata, sizeof nodata, "%.0f", made.values[60]);
        snprintf(missing, sizeof missing, "<NoDataValue>%.17g</NoDataValue>", made.values[60]);
        if (types[i / 2].format == SAMPLEFORMAT_IEEEFP)
            snprintf(nodata, sizeof nodata, "%.17g", made.values[60]);
        made.nodata = nodata;
        make_tiff(scratch("a.tif"), &made);
        add_band(bands, types[i / 2].type, 1, "a.tif", missing);
        raster wanted = raster_of(scratch("a.tif"), as_values);
        raster got = raster_of(put_vrt("a.vrt", bands), as_values);
        assert_int_equal(got.info.sample, wanted.info.sample);
        assert_true(got.info.white_level == wanted.info.white_level);
        assert_int_equal(got.info.depth, wanted.info.depth);
        for (size_t k = 0; k < (size_t)53 * 37; k++)
            if (got.values[k] != wanted.values[k] &&
                !(isnan(got.values[k]) && isnan(wanted.values[k])))
                fail_msg("%s: sample %zu is %.17g, not %.17g", types[i / 2].type, k, got.values[k],
                         wanted.values[k]);
        assert_true(got.georef.located && got.georef.transform[3] == 500);
        raster_free(&wanted);
        raster_free(&got);
        free(made.values);
    }
}

static void windows_of_rows_are_read(void **state)
{
    (void)state;
    static const size_t windows[][2] = {{0, 37}, {0, 1}, {36, 1}, {5, 20}, {17, 3}};
    char bands[TEXT] = "";
    eg_context *ctx = test_context(1, 0, NULL);
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    make_tiff(scratch("w.tif"), &made);
    add_band(bands, "Float32", 1, "w.tif", "");
    raster all = raster_of(put_vrt("w.vrt", bands), true);
    for (size_t i = 0; i < COUNT(windows); i++) {
        const size_t first = windows[i][0], count = windows[i][1];
        eg_read_options options;
        eg_source *source;
        float rows[37 * 53];
        eg_read_default(&options);
        options.as_values = true;
        assert_int_equal(eg_source_open(&source, ctx, scratch("w.vrt"), &options, NULL), EG_OK);
        assert_int_equal(eg_source_rows(source, first, count, NULL), EG_OK);
        assert_int_equal(eg_source_read(source, rows, 53 * sizeof *rows, count, NULL), EG_OK);
        assert_true(eg_source_georef(source)->transform[3] == 500 - 2 * (double)first);
        for (size_t k = 0; k < count * 53; k++)
            assert_true((double)rows[k] == all.values[first * 53 + k]);
        eg_source_close(source);
    }
    raster_free(&all);
    free(made.values);
    close_context(ctx);
}

static void values_are_scaled_and_have_a_unit(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    make_tiff(scratch("b.tif"), &made);
    add_band(bands, "Int16", 1, "b.tif",
             "<Offset>100</Offset><Scale>0.5</Scale><UnitType>ft</UnitType>");
    raster plain = raster_of(scratch("b.tif"), true);
    raster got = raster_of(put_vrt("b.vrt", bands), true);
    for (size_t i = 0; i < (size_t)53 * 37; i++)
        assert_true(got.values[i] == (double)(float)(plain.values[i] * 0.5 + 100));
    assert_true(got.georef.vertical_unit == 0.3048);
    raster_free(&plain);
    raster_free(&got);
    free(made.values);
}

static raster read_over(const char *path)
{
    raster r;
    eg_error error = {0};
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    options.alpha = EG_ALPHA_OVER;
    if (raster_read(&r, ctx, path, &options, 5, &error) != EG_OK)
        fail_msg("%s", error.message);
    close_context(ctx);
    return r;
}

static void colours_are_converted_to_grey(void **state)
{
    static const char *const colours[] = {"Red", "Green", "Blue", "Alpha"};
    (void)state;
    for (uint16_t bits = 8; bits <= 16; bits += 8) {
        char bands[TEXT] = "", colour[64];
        made_tiff made = tiff_of(bits, SAMPLEFORMAT_UINT, 4);
        made.photometric = PHOTOMETRIC_RGB;
        made.extra = 1 + EXTRASAMPLE_UNASSALPHA;
        make_tiff(scratch("c.tif"), &made);
        for (int i = 0; i < 4; i++) {
            snprintf(colour, sizeof colour, "<ColorInterp>%s</ColorInterp>", colours[i]);
            add_band(bands, bits == 8 ? "Byte" : "UInt16", i + 1, "c.tif", colour);
        }
        const char *vrt = put_vrt("c.vrt", bands);
        raster wanted = raster_of(scratch("c.tif"), false), got = raster_of(vrt, false);
        assert_string_equal(got.info.colour, "RGBA");
        assert_memory_equal(got.values, wanted.values, sizeof(double) * 53 * 37);
        raster_free(&wanted);
        raster_free(&got);
        wanted = read_over(scratch("c.tif"));
        got = read_over(vrt);
        assert_memory_equal(got.values, wanted.values, sizeof(double) * 53 * 37);
        raster_free(&wanted);
        raster_free(&got);
        free(made.values);
    }
}

static void palettes_are_looked_up(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    for (size_t i = 0; i < (size_t)53 * 37; i++)
        made.values[i] = (double)(i % 4);
    make_tiff(scratch("d.tif"), &made);
    add_band(bands, "Byte", 1, "d.tif",
             "<ColorInterp>Palette</ColorInterp><ColorTable><Entry c1=\"255\" c2=\"0\" c3=\"0\"/>"
             "<Entry c1=\"0\" c2=\"255\" c3=\"0\"/><Entry c1=\"0\" c2=\"0\" c3=\"255\"/>"
             "</ColorTable>");
    raster grey = raster_of(put_vrt("d.vrt", bands), false);
    raster index = raster_of(scratch("d.vrt"), true);
    static const double greys[] = {76, 150, 29, 0}; /* red, green, blue, no colour */
    for (size_t i = 0; i < (size_t)53 * 37; i++)
        assert_true(grey.values[i] == greys[i % 4] && index.values[i] == (double)(i % 4));
    assert_string_equal(grey.info.colour, "palette");
    raster_free(&grey);
    raster_free(&index);
    free(made.values);
}

/* A band has its own scale and unit, and is no colour. */
static void a_band_is_read(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    eg_context *ctx = test_context(1, 0, NULL);
    eg_read_options options = value_options();
    eg_error error = {0};
    eg_source *source = NULL;
    eg_grid grid;
    made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, 3);
    make_tiff(scratch("e.tif"), &made);
    add_band(bands, "UInt16", 1, "e.tif", "<ColorInterp>Red</ColorInterp>");
    add_band(bands, "UInt16", 2, "e.tif",
             "<ColorInterp>Green</ColorInterp><UnitType>ft</UnitType><Offset>5</Offset>"
             "<Scale>2</Scale>");
    add_band(bands, "UInt16", 3, "e.tif", "<ColorInterp>Blue</ColorInterp>");
    const char *path = put_vrt("e.vrt", bands);
    options.band = 2;
    load_grid(&grid, ctx, path, &options);
    for (size_t y = 0; y < grid.height; y++)
        for (size_t x = 0; x < grid.width; x++)
            assert_true(sample_at(&grid, x, y) == 2 * *tiff_value(&made, x, y, 1) + 5);
    assert_int_equal(eg_source_open(&source, ctx, path, &options, &error), EG_OK);
    assert_true(eg_source_georef(source)->vertical_unit == 0.3048);
    eg_source_close(source);
    options.band = 4;
    assert_int_equal(eg_source_open(&source, ctx, path, &options, &error), EG_USAGE);
    assert_non_null(strstr(error.message, "has 3 bands; there is no band 4"));
    eg_grid_free(&grid);
    free(made.values);
    close_context(ctx);
}

static void a_vrt_of_a_dem_equals_the_dem(void **state)
{
    (void)state;
    char *tiff = need_corpus("dem/n44w072_utm_256.tif"), *full = realpath(tiff, NULL);
    char text[TEXT];
    int length =
        snprintf(text, sizeof text,
                 "<VRTDataset rasterXSize=\"256\" rasterYSize=\"256\"><SRS>EPSG:32619</SRS>"
                 "<GeoTransform>286438.586315565626137, 90, 0, 4960377.008210682310164, 0, -90"
                 "</GeoTransform><VRTRasterBand dataType=\"Float32\" band=\"1\"><NoDataValue>-9999"
                 "</NoDataValue><SimpleSource><SourceFilename relativeToVRT=\"0\">%s"
                 "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
                 "</VRTDataset>",
                 full);
    raster wanted = raster_of(tiff, true);
    raster got = raster_of(put_file("e.vrt", text, (size_t)length), true);
    assert_same_raster(&got, &wanted, "a VRT");
    assert_int_equal(got.georef.crs, EG_CRS_PROJECTED);
    assert_true(got.georef.semi_major == 6378137 && got.georef.nodata == -9999);
    assert_non_null(strstr(got.wkt, "UTM zone 19N"));
    raster_free(&wanted);
    raster_free(&got);
    free(full);
    free(tiff);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void damage_is_reported_or_missing(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    eg_error error = {0};
    eg_read_options options;
    raster r;
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    make_tiff(scratch("f.tif"), &made);
    eg_context *ctx = small_context();
    eg_read_default(&options);
    options.as_values = true;
    add_band(bands, "Float32", 1, "f.tif", "");
    const char *vrt = put_vrt("f.vrt", bands);
    assert_int_equal(raster_read(&r, ctx, vrt, &options, 0, &error), EG_OK);
    raster_free(&r);
    made.compression = COMPRESSION_ADOBE_DEFLATE;
    make_tiff(scratch("f.tif"), &made);
    file_bytes bytes = read_bytes(scratch("f.tif"));
    memset(bytes.data + 100, 0x55, 64); /* in the first strip */
    write_bytes(scratch("f.tif"), bytes.data, bytes.size);
    assert_int_equal(raster_read(&r, ctx, vrt, &options, 0, &error), EG_BAD_INPUT);
    assert_non_null(strstr(error.message, "f.vrt: cannot read rows 1 to 37: "));
    raster_free(&r);
    options.tolerate = true;
    assert_int_equal(raster_read(&r, ctx, vrt, &options, 0, &error), EG_OK);
    assert_true(isnan(r.values[0]));
    raster_free(&r);
    close_context(ctx);
    free(bytes.data);
    free(made.values);
}

/* ---- malicious VRTs -------------------------------------------------------------------------- */

#define SOURCE(name)                                                                               \
    "<VRTRasterBand dataType=\"Byte\" band=\"1\"><SimpleSource><SourceFilename "                   \
    "relativeToVRT=\"1\">" name "</SourceFilename></SimpleSource></VRTRasterBand>"

static void vrts_refer_to_local_files_only(void **state)
{
    static const struct {
        const char *bands;
        eg_status status;
        const char *words;
    } cases[] = {
        {SOURCE("/vsicurl/http://127.0.0.1:9/a.tif"), EG_UNSUPPORTED, "refers to /vsicurl/http"},
        {SOURCE("&#47;vsicurl/http://127.0.0.1:9/a.tif"), EG_UNSUPPORTED,
         "refers to /vsicurl/http"},
        {SOURCE("<![CDATA[/vsis3/bucket/a.tif]]>"), EG_UNSUPPORTED, "refers to /vsis3"},
        {SOURCE("http://127.0.0.1:9/a.tif"), EG_BAD_INPUT, "is missing or not a regular file"},
        {SOURCE("WMS:http://127.0.0.1:9/"), EG_BAD_INPUT, "is missing or not a regular file"},
        {SOURCE("nobody.tif"), EG_BAD_INPUT, "nobody.tif is missing or not a regular file"},
        {SOURCE("pipe"), EG_BAD_INPUT, "pipe is missing or not a regular file"},
        {SOURCE("/dev/tty"), EG_BAD_INPUT, "/dev/tty is missing or not a regular file"},
        {SOURCE("text.txt"), EG_UNSUPPORTED, "text.txt is not in a supported format"},
        {SOURCE("tiles.mrf"), EG_UNSUPPORTED, "tiles.mrf is not in a supported format"},
        {SOURCE("wms.xml"), EG_UNSUPPORTED, "wms.xml is not in a supported format"},
        {SOURCE("hostile.vrt"), EG_LIMIT_EXCEEDED, "contains itself"},
        {SOURCE("other.vrt"), EG_LIMIT_EXCEEDED, "contains itself"},
        {SOURCE("&lt;VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/>"), EG_BAD_INPUT,
         "is missing or not a regular file"},
        {"<VRTRasterBand dataType=\"Byte\" band=\"1\" subClass=\"VRTRawRasterBand\"><SourceFilename"
         " relativeToVRT=\"0\">/etc/passwd</SourceFilename></VRTRasterBand>",
         EG_UNSUPPORTED, "raw bytes"},
        {"<VRTRasterBand dataType=\"Byte\" band=\"1\" subClass=\"VRTDerivedRasterBand\">"
         "<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python"
         "</PixelFunctionLanguage><PixelFunctionCode>open('written', 'w')</PixelFunctionCode>"
         "</VRTRasterBand>",
         EG_BAD_INPUT, "cannot read"},
        {"<MetadataFile>/vsistdin/</MetadataFile>", EG_UNSUPPORTED, "refers to /vsistdin"},
        {"", EG_BAD_INPUT, "GDAL recognises it as VRT but cannot open it"},
    };
    static const char wms[] = "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://127.0.0.1:9/"
                              "</ServerUrl></Service></GDAL_WMS>";
    (void)state;
    put_vrt("other.vrt", SOURCE("hostile.vrt"));
    put_file("text.txt", "hello", 5);
    put_file("tiles.mrf", "<MRF_META><CachedSource/></MRF_META>", 36);
    put_file("wms.xml", wms, sizeof wms - 1);
    assert_int_equal(mkfifo(scratch("pipe"), 0600), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        raster r;
        eg_error error = {0};
        eg_context *ctx = small_context();
        const char *path = put_vrt("hostile.vrt", cases[i].bands);
        eg_status status = raster_read(&r, ctx, path, NULL, 0, &error);
        raster_free(&r);
        if (status != cases[i].status || !strstr(error.message, cases[i].words))
            fail_msg("%s: status %d: %s", cases[i].bands, (int)status, error.message);
        assert_clean_refusal(path, status, &error);
        close_context(ctx);
    }
}

/* Five nested VRTs, each with 100 references to the next, exceed the limit. */
static void vrts_are_limited_in_number(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        char name[16], source[128], text[100 * sizeof source] = "";
        snprintf(name, sizeof name, "%d.vrt", i);
        snprintf(source, sizeof source,
                 "<SimpleSource><SourceFilename relativeToVRT=\"1\">%d.vrt</SourceFilename>"
                 "</SimpleSource>",
                 i + 1);
        for (int k = 0; k < 100; k++)
            strcat(text, source);
        FILE *file = fopen(scratch(name), "w");
        assert_non_null(file);
        fprintf(file,
                "<VRTDataset rasterXSize=\"9\" rasterYSize=\"9\"><VRTRasterBand dataType=\"Byte\" "
                "band=\"1\">%s</VRTRasterBand></VRTDataset>",
                text);
        fclose(file);
    }
    put_vrt("5.vrt", "<VRTRasterBand dataType=\"Byte\" band=\"1\"/>");
    raster r;
    eg_error error = {0};
    eg_context *ctx = small_context();
    assert_int_equal(raster_read(&r, ctx, scratch("0.vrt"), NULL, 0, &error), EG_LIMIT_EXCEEDED);
    assert_non_null(strstr(error.message, "256"));
    close_context(ctx);
}

static void large_and_deep_vrts_are_rejected(void **state)
{
    static const char huge[] = "<VRTDataset rasterXSize=\"2000000000\" rasterYSize=\"2000000000\">"
                               "<VRTRasterBand dataType=\"Byte\" band=\"1\"/></VRTDataset>";
    (void)state;
    assert_int_equal(failure_of_bytes("huge.vrt", huge, sizeof huge - 1).status, EG_LIMIT_EXCEEDED);
    enum { DEEP = 100000 };
    char *deep = malloc(100 + 7 * DEEP);
    size_t used = (size_t)sprintf(deep, "<VRTDataset rasterXSize=\"5\" rasterYSize=\"5\">");
    for (int i = 0; i < DEEP; i++, used += 3)
        memcpy(deep + used, "<a>", 3);
    for (int i = 0; i < DEEP; i++, used += 4)
        memcpy(deep + used, "</a>", 4);
    memcpy(deep + used, "</VRTDataset>", 13);
    eg_error error = failure_of_bytes("deep.vrt", deep, used + 13);
    assert_int_equal(error.status, EG_BAD_INPUT);
    free(deep);
}

static void damaged_vrts_are_survived(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    make_tiff(scratch("g.tif"), &made);
    add_band(bands, "Byte", 1, "g.tif", "<NoDataValue>1</NoDataValue>");
    file_bytes bytes = read_bytes(put_vrt("g.vrt", bands));
    for (size_t i = 1; i < 2 * bytes.size; i++) {
        size_t size = i < bytes.size ? i : bytes.size, at = i - size;
        bytes.data[at] ^= i >= bytes.size ? 0x11 : 0;
        eg_error error = failure_of_bytes("h.vrt", bytes.data, size);
        bytes.data[at] ^= i >= bytes.size ? 0x11 : 0;
        if (error.status != EG_OK)
            assert_clean_refusal("h.vrt", error.status, &error);
        assert_true(i >= bytes.size || error.status != EG_OK);
    }
    free(bytes.data);
    free(made.values);
}

/* ---- options of GDAL, memory ----------------------------------------------------------------- */

static void gdal_options_are_restored(void **state)
{
    static const char option[] = "GDAL_VRT_ENABLE_PYTHON";
    (void)state;
    char bands[TEXT] = "";
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    make_tiff(scratch("i.tif"), &made);
    add_band(bands, "Byte", 1, "i.tif", "");
    CPLSetThreadLocalConfigOption(option, "YES");
    raster r = raster_of(put_vrt("i.vrt", bands), false);
    assert_string_equal(CPLGetThreadLocalConfigOption(option, ""), "YES");
    assert_null(CPLGetThreadLocalConfigOption("GDAL_HTTP_PROXY", NULL));
    assert_null(GDALGetDriverByName("WMS"));
    assert_null(GDALGetDriverByName("HTTP"));
    assert_non_null(GDALGetDriverByName("VRT"));
    CPLSetThreadLocalConfigOption(option, NULL);
    raster_free(&r);
    free(made.values);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char bands[TEXT] = "";
    bool complete = false;
    made_tiff made = tiff_of(8, SAMPLEFORMAT_UINT, 1);
    make_tiff(scratch("j.tif"), &made);
    add_band(bands, "Byte", 1, "j.tif", "");
    const char *path = put_vrt("j.vrt", bands);
    for (long k = 0; !complete; k++) {
        eg_grid grid;
        eg_error error = {0};
        eg_context *ctx = small_context();
        atomic_store(&ctx->fail_after, k);
        eg_status status = eg_load(&grid, ctx, path, NULL, &error);
        complete = atomic_load(&ctx->fail_after) >= 0;
        assert_int_equal(status, complete ? EG_OK : EG_NO_MEMORY);
        eg_grid_free(&grid);
        close_context(ctx);
    }
    free(made.values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_equals_the_tiff_reader),
        cmocka_unit_test(windows_of_rows_are_read),
        cmocka_unit_test(values_are_scaled_and_have_a_unit),
        cmocka_unit_test(colours_are_converted_to_grey),
        cmocka_unit_test(palettes_are_looked_up),
        cmocka_unit_test(a_band_is_read),
        cmocka_unit_test(a_vrt_of_a_dem_equals_the_dem),
        cmocka_unit_test(damage_is_reported_or_missing),
        cmocka_unit_test(vrts_refer_to_local_files_only),
        cmocka_unit_test(vrts_are_limited_in_number),
        cmocka_unit_test(large_and_deep_vrts_are_rejected),
        cmocka_unit_test(damaged_vrts_are_survived),
        cmocka_unit_test(gdal_options_are_restored),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("GDAL", tests, make_scratch, remove_scratch);
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
    return cmocka_run_group_tests_name("GDAL", tests, NULL, NULL);
}

#endif
