/* SPDX-License-Identifier: MIT */
/* Sidecar files that are written: their contents, what they replace, and when they appear. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/context.h"
#include "core/georef.h"
#include "raster.h"
#include "tiff_made.h"

static const double scale[3] = {10, 20, 0}, ties[6] = {0, 0, 0, 500000, 5000000, 0};
static const double transform[6] = {500000, 10, 0, 5000000, 0, -20};
static const char world[] = "10\n0\n0\n-20\n500005\n4999990\n";

static void put_text(const char *name, const char *text)
{
    write_bytes(scratch(name), text, strlen(text));
}

static bool is_there(const char *name)
{
    return access(scratch(name), F_OK) == 0;
}

static void assert_text(const char *name, const char *wanted)
{
    file_bytes bytes = read_bytes(scratch(name));
    if (bytes.size != strlen(wanted) || memcmp(bytes.data, wanted, bytes.size) != 0)
        fail_msg("%s is '%.*s', not '%s'", name, (int)bytes.size, (char *)bytes.data, wanted);
    free(bytes.data);
}

/* Removes all files of the scratch folder. */
static void clear_scratch(void)
{
    remove_scratch(NULL);
    make_scratch(NULL);
}

/* Writes dem.tif, 10 x 8 cells rising to the east, with these keys (NULL: no tags of a place). */
static void make_dem(const uint16_t *keys, uint16_t count)
{
    made_tiff made = tiff_of(32, SAMPLEFORMAT_IEEEFP, 1);
    made.width = 10;
    made.height = 8;
    for (size_t i = 0; i < made.width * made.height; i++)
        made.values[i] = (double)(i % made.width);
    made.keys = keys;
    made.key_count = count;
    made.scale = keys ? scale : NULL;
    made.ties = keys ? ties : NULL;
    make_tiff(scratch("dem.tif"), &made);
    free(made.values);
}

static const uint16_t utm[] = {1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32632};
static const uint16_t navd_feet[] = {1,    1, 0, 3,     1024, 0, 1, 1,
                                     3072, 0, 1, 26910, 4096, 0, 1, 6360};

/* Computes a map of a file; the caller closes the context. */
static eg_status map_of(eg_terrain_map map, const char *in, const char *out,
                        const eg_write_options *write, bool gdal, eg_error *error)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_read_options read;
    eg_terrain_options options;
    eg_ground_options ground;
    eg_read_default(&read);
    read.as_values = true;
    eg_terrain_default(&options);
    eg_ground_default(&ground);
    ground.compat_gdal = gdal;
    if (gdal || !strstr(in, ".tif"))
        ground.cell_x = ground.cell_y = 10;
    options.map = map;
    eg_status status = eg_source_open(&source, ctx, in, &read, error);
    if (status == EG_OK)
        status = eg_sink_open(&sink, ctx, out, write, error);
    if (status == EG_OK)
        status = eg_terrain(source, &sink, &options, 1, &ground, error);
    eg_sink_close(sink);
    eg_source_close(source);
    close_context(ctx);
    return status;
}

static void need_map(eg_terrain_map map, const char *in, const char *out)
{
    eg_error error = {0};
    if (map_of(map, scratch(in), scratch(out), NULL, false, &error) != EG_OK)
        fail_msg("%s", error.message);
}

/* ---- contents -------------------------------------------------------------------------------- */

static void images_get_a_world_file_and_aux_xml(void **state)
{
    static const char *const names[][2] = {
        {"a.png", "a.pgw"}, {"a.jpg", "a.jgw"}, {"a.jpeg", "a.jgw"}, {"A.PNG", "A.pgw"}};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char aux[32];
        clear_scratch();
        make_dem(utm, COUNT(utm));
        need_map(EG_TERRAIN_HILLSHADE, "dem.tif", names[i][0]);
        snprintf(aux, sizeof aux, "%s.aux.xml", names[i][0]);
        assert_text(names[i][1], world);
        assert_text(aux, "<PAMDataset>\n  <SRS>EPSG:32632</SRS>\n"
                         "  <GeoTransform>500000, 10, 0, 5000000, 0, -20</GeoTransform>\n"
                         "  <Metadata>\n    <MDI key=\"SOFTWARE\">edgegrad</MDI>\n  </Metadata>\n"
                         "  <PAMRasterBand band=\"1\">\n    <NoDataValue>0</NoDataValue>\n"
                         "  </PAMRasterBand>\n</PAMDataset>\n");
        assert_int_equal(scratch_entries(), 4); /* the DEM, the map and two sidecar files */
        raster r = raster_of(scratch(names[i][0]), true);
        assert_memory_equal(r.georef.transform, transform, sizeof transform);
        assert_true(r.georef.crs == EG_CRS_PROJECTED && r.georef.semi_major == 6378137);
        assert_true(r.georef.has_nodata && r.georef.nodata == 0);
        raster_free(&r);
    }
}

static void words_of_a_system_are_kept(void **state)
{
    static const char compound[] = "COMPD_CS[\"a & <b>\",PROJCS[\"a & "
                                   "<b>\",GEOGCS[\"g\",DATUM[\"d\",SPHEROID[\"s\",6378000,300]],"
                                   "UNIT[\"degree\",0.0174532925199433]],UNIT[\"metre\",1]],VERT_"
                                   "CS[\"v\",UNIT[\"f\",0.3048]]]\n";
    (void)state;
    clear_scratch();
    put_text("g.asc", "ncols 4\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
                      "1 2 3 4\n1 2 3 4\n1 2 3 4\n");
    put_text("g.prj", compound);
    need_map(EG_TERRAIN_HILLSHADE, "g.asc", "h.png");
    need_map(EG_TERRAIN_SLOPE, "g.asc", "s.asc");
    /* only the horizontal system: a slope has no height */
    assert_text("s.prj", "PROJCS[\"a & <b>\",GEOGCS[\"g\",DATUM[\"d\",SPHEROID[\"s\",6378000,300]],"
                         "UNIT[\"degree\",0.0174532925199433]],UNIT[\"metre\",1]]");
    file_bytes xml = read_bytes(scratch("h.png.aux.xml"));
    assert_non_null(memmem(xml.data, xml.size, "<SRS>PROJCS[\"a &amp; &lt;b&gt;\",GEOGCS", 38));
    free(xml.data);
    raster r = raster_of(scratch("h.png"), true);
    assert_true(r.georef.semi_major == 6378000 && r.georef.vertical_unit == 0);
    raster_free(&r);
    r = raster_of(scratch("s.asc"), true);
    assert_true(r.georef.crs == EG_CRS_PROJECTED && r.georef.semi_major == 6378000);
    raster_free(&r);
}

static void a_code_becomes_the_prj_of_an_ascii_grid(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.asc");
    assert_text("s.prj", "EPSG:32632");
    assert_int_equal(scratch_entries(), 3);
}

/* A code that GeoTIFF keys cannot hold. */
static void a_tiff_has_aux_xml_for_codes_of_esri(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(NULL, 0);
    put_text("dem.tfw", world);
    put_text("dem.prj", "ESRI:102008");
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.tif");
    assert_text(
        "s.tif.aux.xml",
        "<PAMDataset>\n  <SRS>ESRI:102008</SRS>\n"
        "  <Metadata>\n    <MDI key=\"SOFTWARE\">edgegrad</MDI>\n  </Metadata>\n</PAMDataset>\n");
    raster r = raster_of(scratch("s.tif"), true);
    assert_memory_equal(r.georef.transform, transform, sizeof transform);
    assert_true(r.georef.crs == EG_CRS_PROJECTED);
    raster_free(&r);
    put_text("dem.prj", "EPSG:32632");
    need_map(EG_TERRAIN_SLOPE, "dem.tif",
             "s.tif"); /* removes the .aux.xml file that it does not need */
    assert_false(is_there("s.tif.aux.xml"));
    r = raster_of(scratch("s.tif"), true);
    assert_true(r.georef.semi_major == 6378137);
    raster_free(&r);
}

static void pipes_and_formats_with_georeferencing_have_none(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.tif");
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.pfm");
    eg_error error = {0};
    eg_write_options write;
    eg_write_default(&write);
    write.format = "png";
    assert_int_equal(
        map_of(EG_TERRAIN_HILLSHADE, scratch("dem.tif"), "/dev/null", &write, false, &error),
        EG_OK);
    assert_int_equal(scratch_entries(), 3);
    write.no_sidecars = true;
    assert_int_equal(
        map_of(EG_TERRAIN_HILLSHADE, scratch("dem.tif"), scratch("h.png"), &write, false, &error),
        EG_OK);
    assert_int_equal(scratch_entries(), 4);
}

/* ---- the unit of elevation ------------------------------------------------------------------- */

/* A slope has no unit of elevation; TRI is in metres, or in the DEM's unit as gdaldem computes it.
 */
static void only_maps_of_elevations_have_their_unit(void **state)
{
    static const struct {
        eg_terrain_map map;
        bool gdal;
        double unit;
        size_t keys;
    } cases[] = {
        {EG_TERRAIN_SLOPE, false, 0, 12},
        {EG_TERRAIN_HILLSHADE, false, 0, 12},
        {EG_TERRAIN_TRI, false, 1, 12},
        {EG_TERRAIN_ROUGHNESS, true, 1200.0 / 3937, 16},
    };
    (void)state;
    clear_scratch();
    make_dem(navd_feet, COUNT(navd_feet));
    for (size_t i = 0; i < COUNT(cases); i++) {
        eg_error error = {0};
        if (map_of(cases[i].map, scratch("dem.tif"), scratch("m.tif"), NULL, cases[i].gdal,
                   &error) != EG_OK)
            fail_msg("%s", error.message);
        eg_context *ctx = small_context();
        eg_source *source = NULL;
        assert_int_equal(eg_source_open(&source, ctx, scratch("m.tif"), NULL, NULL), EG_OK);
        const eg_georef *g = eg_source_georef(source);
        assert_within(g->vertical_unit, cases[i].unit, 1e-12);
        assert_int_equal(g->tags->key_count, cases[i].keys);
        assert_int_equal(g->tags->keys[3], cases[i].keys / 4 - 1);
        eg_source_close(source);
        close_context(ctx);
    }
    eg_error error = {0};
    assert_int_equal(
        map_of(EG_TERRAIN_TRI, scratch("dem.tif"), scratch("t.asc"), NULL, true, &error), EG_OK);
    raster r = raster_of(scratch("t.asc"), true);
    assert_within(r.georef.vertical_unit, 1200.0 / 3937, 1e-12);
    raster_free(&r);
}

/* ---- files in the way ------------------------------------------------------------------------ */

static void sidecars_of_the_input_are_not_touched(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    put_text("dem.prj", "EPSG:32632 "); /* not read, because the TIFF has keys */
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "dem.asc");
    assert_text("dem.prj", "EPSG:32632 ");
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "dem.asc"); /* again, over the result */
    assert_text("dem.prj", "EPSG:32632 ");
    put_text("dem.prj", "EPSG:4326");
    eg_error error = {0};
    assert_int_equal(
        map_of(EG_TERRAIN_SLOPE, scratch("dem.tif"), scratch("dem.asc"), NULL, false, &error),
        EG_FILE);
    assert_non_null(strstr(error.message, "dem.prj: describes another coordinate system"));
    assert_text("dem.prj", "EPSG:4326");
}

static void a_prj_of_another_raster_is_not_replaced(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    put_text("s.bil", "x"); /* the owner of s.prj */
    put_text("s.prj", "EPSG:4326");
    eg_error error = {0};
    assert_int_equal(
        map_of(EG_TERRAIN_SLOPE, scratch("dem.tif"), scratch("s.asc"), NULL, false, &error),
        EG_FILE);
    assert_false(is_there("s.asc"));
    unlink(scratch("s.bil")); /* now the file has no owner */
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.asc");
    assert_text("s.prj", "EPSG:32632");
    put_text("s.prj", "EPSG:4326"); /* of the output, which is replaced */
    need_map(EG_TERRAIN_SLOPE, "dem.tif", "s.asc");
    assert_text("s.prj", "EPSG:32632");
}

/* Root lists every folder. */
static void a_prj_in_a_folder_that_cannot_be_listed_is_not_replaced(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    clear_scratch();
    make_dem(utm, COUNT(utm));
    put_text("s.prj", "EPSG:4326");
    eg_error error = {0};
    assert_int_equal(chmod(scratch(""), 0300), 0);
    eg_status status =
        map_of(EG_TERRAIN_SLOPE, scratch("dem.tif"), scratch("s.asc"), NULL, false, &error);
    assert_int_equal(chmod(scratch(""), 0700), 0);
    assert_int_equal(status, EG_FILE);
    assert_non_null(strstr(error.message, "s.prj: may belong to another raster"));
    assert_text("s.prj", "EPSG:4326");
    assert_false(is_there("s.asc"));
}

/* Sidecar files of an earlier run would say where the new image is not. */
static void files_of_an_earlier_run_are_removed(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    need_map(EG_TERRAIN_HILLSHADE, "dem.tif", "h.png");
    assert_true(is_there("h.pgw") && is_there("h.png.aux.xml"));
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    assert_int_equal(edges_to_file(ctx, "testdata/small/grey.png", scratch("h.png"), &error),
                     EG_OK);
    assert_false(is_there("h.pgw") || is_there("h.png.aux.xml"));
    put_text("h.pgw", "1 0 0 -1 0 0"); /* somebody's own files stay */
    put_text("h.png.aux.xml", "<PAMDataset/>");
    assert_int_equal(edges_to_file(ctx, "testdata/small/grey.png", scratch("h.png"), &error),
                     EG_OK);
    assert_text("h.pgw", "1 0 0 -1 0 0");
    assert_text("h.png.aux.xml", "<PAMDataset/>");
    close_context(ctx);
    need_map(EG_TERRAIN_HILLSHADE, "dem.tif", "h.png");
    assert_text("h.pgw", world);
}

static void a_folder_in_the_way_is_named(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    assert_int_equal(mkdir(scratch("h.pgw"), 0777), 0);
    eg_error error = {0};
    assert_int_equal(
        map_of(EG_TERRAIN_HILLSHADE, scratch("dem.tif"), scratch("h.png"), NULL, false, &error),
        EG_FILE);
    assert_non_null(strstr(error.message, "h.pgw: is in the way of the sidecar file of"));
    assert_false(is_there("h.png") || is_there("h.png.aux.xml"));
    rmdir(scratch("h.pgw"));
}

/* ---- when they appear ------------------------------------------------------------------------ */

static void sidecars_appear_with_the_file_or_not_at_all(void **state)
{
    (void)state;
    clear_scratch();
    make_dem(utm, COUNT(utm));
    for (int commit = 0; commit < 2; commit++) {
        eg_context *ctx = test_context(1, 0, NULL);
        eg_source *source = NULL;
        eg_sink *sink = NULL;
        eg_terrain_options options;
        eg_terrain_default(&options);
        options.map = EG_TERRAIN_HILLSHADE;
        assert_int_equal(eg_source_open(&source, ctx, scratch("dem.tif"), NULL, NULL), EG_OK);
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("h.png"), NULL, NULL), EG_OK);
        eg_sink_defer_commit(sink);
        assert_int_equal(eg_terrain(source, &sink, &options, 1, NULL, NULL), EG_OK);
        assert_false(is_there("h.png") || is_there("h.pgw") || is_there("h.png.aux.xml"));
        if (commit)
            assert_int_equal(eg_sink_commit(sink, NULL), EG_OK);
        eg_sink_close(sink);
        eg_source_close(source);
        close_context(ctx);
        assert_int_equal(scratch_entries(), commit ? 4 : 1);
    }
}

/* Neither reading nor writing sidecar files leaves a file or memory behind. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    clear_scratch();
    put_text("g.asc", "ncols 4\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
                      "1 2 3 4\n1 2 3 4\n1 2 3 4\n");
    put_text("g.prj", "EPSG:32632");
    put_text("g.asc.aux.xml", "<PAMDataset><PAMRasterBand band=\"1\"><Scale>2</Scale>"
                              "</PAMRasterBand></PAMDataset>");
    static const char *const outputs[] = {"h.png", "h.asc"};
    for (size_t i = 0; i < COUNT(outputs); i++) {
        bool complete = false;
        for (long k = 0; !complete; k++) {
            eg_context *ctx = test_context(1, 0, NULL);
            eg_error error = {0};
            atomic_store(&ctx->fail_after, k);
            eg_status status = edges_to_file(ctx, scratch("g.asc"), scratch(outputs[i]), &error);
            complete = atomic_load(&ctx->fail_after) >= 0;
            close_context(ctx);
            if (!complete && (status != EG_NO_MEMORY || scratch_entries() != 3))
                fail_msg("%s, allocation %ld: status %d '%s', %zu files", outputs[i], k,
                         (int)status, error.message, scratch_entries());
        }
        assert_int_equal(scratch_entries(), i == 0 ? 6 : 5);
        unlink(scratch("h.png"));
        unlink(scratch("h.pgw"));
        unlink(scratch("h.png.aux.xml"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_get_a_world_file_and_aux_xml),
        cmocka_unit_test(words_of_a_system_are_kept),
        cmocka_unit_test(a_code_becomes_the_prj_of_an_ascii_grid),
        cmocka_unit_test(a_tiff_has_aux_xml_for_codes_of_esri),
        cmocka_unit_test(pipes_and_formats_with_georeferencing_have_none),
        cmocka_unit_test(only_maps_of_elevations_have_their_unit),
        cmocka_unit_test(sidecars_of_the_input_are_not_touched),
        cmocka_unit_test(a_prj_of_another_raster_is_not_replaced),
        cmocka_unit_test(a_prj_in_a_folder_that_cannot_be_listed_is_not_replaced),
        cmocka_unit_test(files_of_an_earlier_run_are_removed),
        cmocka_unit_test(a_folder_in_the_way_is_named),
        cmocka_unit_test(sidecars_appear_with_the_file_or_not_at_all),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("written sidecar files", tests, make_scratch,
                                       remove_scratch);
}
