/* SPDX-License-Identifier: MIT */
/* Sidecar files that are read: .aux.xml, world files and .prj beside rasters of every format. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "raster.h"
#include "tiff_made.h"

/* The text that GDAL 3.6.2 writes beside a PNG of US survey feet in EPSG:2227+6360, with a nodata
 * value that it writes beside other formats. */
static const char gdal_xml[] =
    "<PAMDataset>\n"
    "  <SRS dataAxisToSRSAxisMapping=\"1,2,3\">COMPD_CS[\"NAD83 / California zone 3 (ftUS) + "
    "NAVD88 "
    "height (ftUS)\",PROJCS[\"NAD83 / California zone 3 (ftUS)\",GEOGCS[\"NAD83\",DATUM["
    "\"North_American_Datum_1983\",SPHEROID[\"GRS 1980\",6378137,298.257222101,AUTHORITY[\"EPSG\","
    "\"7019\"]],AUTHORITY[\"EPSG\",\"6269\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],"
    "UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4269\"]]"
    ","
    "PROJECTION[\"Lambert_Conformal_Conic_2SP\"],PARAMETER[\"latitude_of_origin\",36.5],"
    "UNIT[\"US survey "
    "foot\",0.304800609601219,AUTHORITY[\"EPSG\",\"9003\"]],AXIS[\"Easting\",EAST],"
    "AXIS[\"Northing\",NORTH],AUTHORITY[\"EPSG\",\"2227\"]],VERT_CS[\"NAVD88 height (ftUS)\","
    "VERT_DATUM[\"North American Vertical Datum 1988\",2005,AUTHORITY[\"EPSG\",\"5103\"]],"
    "UNIT[\"US survey foot\",0.304800609601219,AUTHORITY[\"EPSG\",\"9003\"]],"
    "AXIS[\"Gravity-related height\",UP],AUTHORITY[\"EPSG\",\"6360\"]]]</SRS>\n"
    "  <GeoTransform>  6.0000000000000000e+05,  3.0000000000000000e+01,  0.0000000000000000e+00,  "
    "4.2000000000000000e+06,  0.0000000000000000e+00, -3.0000000000000000e+01</GeoTransform>\n"
    "  <PAMRasterBand band=\"2\">\n    <NoDataValue>9</NoDataValue>\n  </PAMRasterBand>\n"
    "  <PAMRasterBand band=\"1\">\n"
    "    <NoDataValue>7.00000000000000E+00</NoDataValue>\n"
    "    <UnitType>US survey foot</UnitType>\n"
    "    <Offset>-100</Offset>\n"
    "    <Scale>0.25</Scale>\n"
    "  </PAMRasterBand>\n"
    "</PAMDataset>\n";
static const double gdal_transform[6] = {600000, 30, 0, 4200000, 0, -30};

static void put_text(const char *name, const char *text)
{
    write_bytes(scratch(name), text, strlen(text));
}

static void remove_file(const char *name)
{
    unlink(scratch(name));
}

/* ---- one .aux.xml beside every format -------------------------------------------------------- */

/* Writes a raster of 3 x 2 samples 0 1 2 / 3 7 5 in a format that is written by hand. */
static const char *const plain_formats[] = {"p.pgm", "p16.pgm", "p.pfm", "p.bil", "p.asc", "p.tif"};

static void write_plain(const char *name)
{
    static const float rows[2][3] = {{3, 7, 5}, {0, 1, 2}}; /* PFM: bottom row first */
    static const uint8_t words[12] = {0, 0, 0, 1, 0, 2, 0, 3, 0, 7, 0, 5};
    uint8_t bytes[64];
    if (strcmp(name, "p.pgm") == 0) {
        put_text(name, "P2 3 2 255\n0 1 2\n3 7 5\n");
    } else if (strcmp(name, "p16.pgm") == 0) {
        int head = snprintf((char *)bytes, sizeof bytes, "P5 3 2 65535\n");
        memcpy(bytes + head, words, sizeof words);
        write_bytes(scratch(name), bytes, (size_t)head + sizeof words);
    } else if (strcmp(name, "p.pfm") == 0) {
        int head = snprintf((char *)bytes, sizeof bytes, "Pf\n3 2\n-1\n");
        memcpy(bytes + head, rows, sizeof rows);
        write_bytes(scratch(name), bytes, (size_t)head + sizeof rows);
    } else if (strcmp(name, "p.bil") == 0) {
        put_text("p.hdr", "ncols 3\nnrows 2\nnbits 16\nbyteorder M\n");
        write_bytes(scratch(name), words, sizeof words);
    } else if (strcmp(name, "p.asc") == 0) {
        put_text(name, "ncols 3\nnrows 2\nxllcorner 1\nyllcorner 2\ncellsize 10\n0 1 2\n3 7 5\n");
    } else {
        made_tiff made = tiff_of(16, SAMPLEFORMAT_UINT, 1);
        const double values[] = {0, 1, 2, 3, 7, 5};
        made.width = 3;
        made.height = 2;
        memcpy(made.values, values, sizeof values);
        make_tiff(scratch(name), &made);
        free(made.values);
    }
}

static void aux_xml_is_read_beside_every_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(plain_formats); i++) {
        const char *name = plain_formats[i];
        char aux[32];
        snprintf(aux, sizeof aux, "%s.aux.xml", name);
        write_plain(name);
        put_text(aux, gdal_xml);
        raster r = raster_of(scratch(name), true);
        bool own = strcmp(name, "p.asc") == 0; /* has a transform of its own */
        if (!r.placed || !r.georef.located || r.georef.crs != EG_CRS_PROJECTED)
            fail_msg("%s: no georeferencing", name);
        assert_true(own ? r.georef.transform[0] == 1
                        : memcmp(r.georef.transform, gdal_transform, sizeof gdal_transform) == 0);
        assert_within(r.georef.unit, 1200.0 / 3937, 1e-14);
        assert_within(r.georef.vertical_unit, 1200.0 / 3937, 1e-14);
        assert_int_equal(r.georef.vertical_source, EG_VERTICAL_SIDECAR);
        assert_true(r.georef.has_nodata);
        const double stored[] = {0, 1, 2, 3, 7, 5};
        for (size_t k = 0; k < 6; k++)
            if (stored[k] == 7 ? !isnan(r.values[k]) : r.values[k] != 0.25 * stored[k] - 100)
                fail_msg("%s: sample %zu is %g", name, k, r.values[k]);
        raster_free(&r);
        remove_file(aux);
    }
}

/* Intensities are not scaled, and nodata is missing only in rows of floats. */
static void images_keep_their_intensities(void **state)
{
    (void)state;
    write_plain("p.pgm");
    put_text("p.pgm.aux.xml", gdal_xml);
    raster r = raster_of(scratch("p.pgm"), false);
    assert_int_equal(r.info.sample, EG_U8);
    assert_true(r.values[4] == 7 && r.values[5] == 5 && r.georef.located);
    raster_free(&r);
    write_plain("p16.pgm");
    put_text("p16.pgm.aux.xml", gdal_xml);
    r = raster_of(scratch("p16.pgm"), false);
    assert_true(isnan(r.values[4]) && r.values[5] == 5);
    raster_free(&r);
    remove_file("p.pgm.aux.xml");
    remove_file("p16.pgm.aux.xml");
}

static void values_of_a_band_do_not_apply_to_colours(void **state)
{
    (void)state;
    put_text("c.ppm", "P3 1 1 255\n7 7 7\n");
    put_text("c.ppm.aux.xml", gdal_xml);
    raster r = raster_of(scratch("c.ppm"), true);
    assert_true(r.georef.located && !r.georef.has_nodata && r.values[0] == 7);
    raster_free(&r);
}

static void the_exact_nodata_is_in_the_attribute(void **state)
{
    static const char xml[] = "<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue le_hex_equiv="
                              "\"000000E0FFFFEFC7\">-3.40282346638529E+38</NoDataValue>"
                              "</PAMRasterBand></PAMDataset>";
    (void)state;
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    made.values[5] = -3.4028234663852886e38;
    make_tiff(scratch("h.tif"), &made);
    put_text("h.tif.aux.xml", xml);
    raster r = raster_of(scratch("h.tif"), true);
    assert_true(r.georef.nodata == -3.4028234663852886e38);
    for (size_t i = 0; i < made.width * made.height; i++)
        assert_int_equal(isnan(r.values[i]) != 0, i == 5);
    raster_free(&r);
    free(made.values);
}

/* ---- precedence ------------------------------------------------------------------------------ */

static const double scale[3] = {2, 2, 0}, ties[6] = {0, 0, 0, 100, 200, 0};
static const uint16_t utm_keys[] = {1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32632, 4099, 0, 1, 9002};

static void tags_then_aux_xml_then_prj_and_world_file(void **state)
{
    (void)state;
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    made.scale = scale;
    made.ties = ties;
    made.keys = utm_keys;
    made.key_count = COUNT(utm_keys);
    made.nodata = "-5";
    made.metadata =
        "<GDALMetadata><Item name=\"S\" sample=\"0\" role=\"scale\">2</Item></GDALMetadata>";
    make_tiff(scratch("t.tif"), &made);
    put_text("t.tif.aux.xml", gdal_xml);
    put_text("t.prj", "EPSG:4326");
    put_text("t.tfw", "1 0 0 -1 0 0");
    raster r = raster_of(scratch("t.tif"), true);
    assert_true(r.georef.transform[0] == 100 && r.georef.unit == 1 && r.georef.nodata == -5);
    assert_true(r.georef.vertical_unit == 0.3048 && r.values[0] == 2 * made.values[0]);
    raster_free(&r);
    made.scale = made.ties = NULL; /* now the tags have nothing */
    made.keys = NULL;
    made.nodata = made.metadata = NULL;
    make_tiff(scratch("t.tif"), &made);
    r = raster_of(scratch("t.tif"), true);
    assert_memory_equal(r.georef.transform, gdal_transform, sizeof gdal_transform);
    assert_true(r.georef.crs == EG_CRS_PROJECTED && r.georef.nodata == 7);
    raster_free(&r);
    remove_file("t.tif.aux.xml");
    r = raster_of(scratch("t.tif"), true);
    assert_true(r.georef.crs == EG_CRS_GEOGRAPHIC && r.georef.transform[0] == -0.5);
    raster_free(&r);
    free(made.values);
}

/* Keys that say only what a pixel is are no coordinate system. */
static void a_sidecar_completes_keys_without_a_system(void **state)
{
    static const uint16_t keys[] = {1, 1, 0, 1, 1025, 0, 1, 2};
    (void)state;
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    made.keys = keys;
    made.key_count = COUNT(keys);
    make_tiff(scratch("k.tif"), &made);
    put_text("k.tif.aux.xml", gdal_xml);
    raster r = raster_of(scratch("k.tif"), true);
    assert_true(r.georef.crs == EG_CRS_PROJECTED && strncmp(r.wkt, "COMPD_CS", 8) == 0);
    raster_free(&r);
    free(made.values);
}

static void a_prj_replaces_a_system_that_is_not_understood(void **state)
{
    (void)state;
    write_plain("p.asc");
    put_text("p.asc.aux.xml", "<PAMDataset><SRS>nothing</SRS></PAMDataset>");
    put_text("p.prj", "EPSG:2227");
    raster r = raster_of(scratch("p.asc"), true);
    assert_within(r.georef.unit, 1200.0 / 3937, 1e-14);
    assert_string_equal(r.wkt, "EPSG:2227");
    raster_free(&r);
    remove_file("p.asc.aux.xml");
    remove_file("p.prj");
}

/* ---- images ---------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "testdata/small/%s", from);
    file_bytes bytes = read_bytes(path);
    write_bytes(scratch(name), bytes.data, bytes.size);
    free(bytes.data);
}

static void world_files_of_images_are_found(void **state)
{
    static const char *const names[][3] = {
        {"grey.png", "i.png", "i.pgw"}, {"grey.png", "i.png", "i.pngw"},
        {"grey.png", "i.png", "i.wld"}, {"grey.png", "i.PNG", "i.PGW"},
        {"grey.jpg", "i.jpg", "i.jgw"}, {"grey.jpg", "i.jpg", "i.jpgw"},
        {"grey.jpg", "i.jpg", "i.wld"}, {"grey.jpg", "i.jpeg", "i.jgw"},
        {"grey.pgm", "i.pgm", "i.pmw"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        copy_file(names[i][0], names[i][1]);
        put_text(names[i][2], "30\n0\n0\n-30\n1000\n2000\n");
        raster r = raster_of(scratch(names[i][1]), false);
        if (!r.placed || r.georef.transform[0] != 985 || r.georef.transform[3] != 2015)
            fail_msg("%s beside %s is not read", names[i][2], names[i][1]);
        assert_int_equal(r.georef.crs, EG_CRS_UNKNOWN);
        raster_free(&r);
        remove_file(names[i][1]);
        remove_file(names[i][2]);
    }
}

static void a_prj_beside_an_image_needs_a_transform(void **state)
{
    (void)state;
    copy_file("grey.png", "j.png");
    put_text("j.prj", "EPSG:2227");
    raster r = raster_of(scratch("j.png"), false);
    assert_false(r.placed);
    raster_free(&r);
    put_text("j.pgw", "30 0 0 -30 1000 2000");
    r = raster_of(scratch("j.png"), false);
    assert_within(r.georef.unit, 1200.0 / 3937, 1e-14);
    raster_free(&r);
    put_text("j.pgw", "a world of another kind");
    eg_error error = {0};
    eg_context *ctx = small_context();
    eg_source *source;
    assert_int_equal(eg_source_open(&source, ctx, scratch("j.png"), NULL, &error), EG_BAD_INPUT);
    assert_non_null(strstr(error.message, "j.pgw: is not a valid world file"));
    close_context(ctx);
}

/* The world file describes the stored rows; orientation 6 shows them turned clockwise, so that the
 * first column of the shown image is the last row of the stored one. */
static void the_transform_follows_the_orientation(void **state)
{
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++) {
        char name[32];
        snprintf(name, sizeof name, "orient-%d.jpg", orientation);
        copy_file(name, "o.jpg");
        put_text("o.jgw", "2 0.25 0.5 -3 1001 2000"); /* the first centre is at 1001, 2000 */
        raster shown = raster_of(scratch("o.jpg"), false);
        const double *t = shown.georef.transform;
        size_t w = shown.info.width, h = shown.info.height;
        size_t stored_w = shown.info.stored_width, stored_h = shown.info.stored_height;
        for (size_t k = 0; k < 4; k++) { /* the corners */
            double c = k & 1 ? (double)w : 0, r = k & 2 ? (double)h : 0;
            /* EXIF 2.3: where row 0 and column 0 of the stored image are shown */
            double across = orientation >= 5 ? r / (double)h : c / (double)w;
            double down = orientation >= 5 ? c / (double)w : r / (double)h;
            bool flip_across =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
            bool flip_down =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
            double sc = (double)stored_w * (flip_across ? 1 - across : across);
            double sr = (double)stored_h * (flip_down ? 1 - down : down);
            double x = 1001 + 2 * (sc - 0.5) + 0.5 * (sr - 0.5);
            double y = 2000 + 0.25 * (sc - 0.5) - 3 * (sr - 0.5);
            if (fabs(t[0] + c * t[1] + r * t[2] - x) > 1e-9 ||
                fabs(t[3] + c * t[4] + r * t[5] - y) > 1e-9)
                fail_msg("orientation %d: corner %zu", orientation, k);
        }
        raster_free(&shown);
    }
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void damaged_aux_xml_is_named(void **state)
{
    static const struct {
        const char *text;
        eg_status status;
    } cases[] = {
        {"", EG_BAD_INPUT},
        {"<PAMDataset>", EG_BAD_INPUT},
        {"<!DOCTYPE a><PAMDataset/>", EG_BAD_INPUT},
        {"<PAMDataset/>", EG_OK},
        {"<Other><SRS>EPSG:2227</SRS></Other>", EG_OK},
        {"<PAMDataset><GeoTransform>1,2,3</GeoTransform></PAMDataset>", EG_OK},
        {"<PAMDataset><GeoTransform>1,0,0,4,0,0</GeoTransform></PAMDataset>", EG_OK},
        {"<PAMDataset><PAMRasterBand band=\"1\"><Scale>0</Scale><NoDataValue>x</NoDataValue>"
         "<Offset>nan</Offset></PAMRasterBand></PAMDataset>",
         EG_OK},
    };
    (void)state;
    copy_file("grey.png", "d.png");
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_context *ctx = small_context();
        eg_source *source = NULL;
        eg_error error = {0};
        put_text("d.png.aux.xml", cases[i].text);
        assert_int_equal(eg_source_open(&source, ctx, scratch("d.png"), NULL, &error),
                         cases[i].status);
        if (cases[i].status == EG_OK)
            assert_null(eg_source_georef(source));
        else
            assert_non_null(strstr(error.message, "d.png.aux.xml: is not valid XML at byte"));
        eg_source_close(source);
        close_context(ctx);
    }
}

static void large_aux_xml_is_limited_by_max_chunk(void **state)
{
    (void)state;
    eg_config config;
    eg_config_default(&config);
    config.max_chunk = sizeof gdal_xml - 2;
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_error error = {0};
    copy_file("grey.png", "l.png");
    put_text("l.png.aux.xml", gdal_xml);
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    assert_int_equal(eg_source_open(&source, ctx, scratch("l.png"), NULL, &error),
                     EG_LIMIT_EXCEEDED);
    assert_non_null(strstr(error.message, "l.png.aux.xml: is larger than"));
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aux_xml_is_read_beside_every_format),
        cmocka_unit_test(images_keep_their_intensities),
        cmocka_unit_test(values_of_a_band_do_not_apply_to_colours),
        cmocka_unit_test(the_exact_nodata_is_in_the_attribute),
        cmocka_unit_test(tags_then_aux_xml_then_prj_and_world_file),
        cmocka_unit_test(a_sidecar_completes_keys_without_a_system),
        cmocka_unit_test(a_prj_replaces_a_system_that_is_not_understood),
        cmocka_unit_test(world_files_of_images_are_found),
        cmocka_unit_test(a_prj_beside_an_image_needs_a_transform),
        cmocka_unit_test(the_transform_follows_the_orientation),
        cmocka_unit_test(damaged_aux_xml_is_named),
        cmocka_unit_test(large_aux_xml_is_limited_by_max_chunk),
    };
    return cmocka_run_group_tests_name("sidecar files", tests, make_scratch, remove_scratch);
}
