/* SPDX-License-Identifier: MIT */
/* World files and .prj files beside TIFFs without georeferencing tags. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/georef.h"
#include "tiff_made.h"

/* Cells of 30 x 30; the centre of the first one is (1000, 2000). */
static const char plain[] = "30.0\n0.0\n0.0\n-30.0\n1000.0\n2000.0\n";
static const double plain_transform[6] = {985, 30, 0, 2015, 0, -30};
static const char utm[] =
    "PROJCS[\"UTM\",GEOGCS[\"WGS 84\",DATUM[\"WGS 84\",SPHEROID[\"WGS 84\",6378137,298.257223563]],"
    "PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_"
    "Mercator\"],"
    "UNIT[\"metre\",1]]";

static void make_plain_tiff(const char *path)
{
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    make_tiff(path, &made);
    free(made.values);
}

static void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static void assert_georef(const char *path, const double wanted[6], eg_crs crs)
{
    eg_error error = {0};
    eg_source *source = NULL;
    eg_context *ctx = small_context();
    if (eg_source_open(&source, ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    const eg_georef *georef = eg_source_georef(source);
    assert_non_null(georef);
    assert_true(georef->located);
    for (int i = 0; i < 6; i++)
        assert_true(georef->transform[i] == wanted[i]);
    assert_int_equal(georef->crs, crs);
    assert_int_equal(georef->tags && georef->tags->wkt, crs != EG_CRS_UNKNOWN);
    eg_source_close(source);
    close_context(ctx);
}

static void world_files_of_every_name_are_found(void **state)
{
    static const char *const names[] = {"a.tfw", "a.TFW", "a.tifw", "a.TIFW"};
    (void)state;
    make_plain_tiff(scratch("a.tif"));
    for (size_t i = 0; i < COUNT(names); i++) {
        write_text(scratch(names[i]), plain);
        assert_georef(scratch("a.tif"), plain_transform, EG_CRS_UNKNOWN);
        unlink(scratch(names[i]));
    }
}

static void a_prj_file_gives_the_system(void **state)
{
    (void)state;
    make_plain_tiff(scratch("b.tiff"));
    write_text(scratch("b.tfw"), "2\r\n0.5\r\n0.25\r\n-2\r\n10\r\n20\r\n");
    write_text(scratch("b.prj"), utm);
    assert_georef(scratch("b.tiff"), (const double[6]){8.875, 2, 0.25, 20.75, 0.5, -2},
                  EG_CRS_PROJECTED);
}

static void tags_take_precedence_over_files(void **state)
{
    static const double scale[3] = {2, 2, 0}, ties[6] = {0, 0, 0, 100, 200, 0};
    (void)state;
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    made.scale = scale;
    made.ties = ties;
    make_tiff(scratch("c.tif"), &made);
    free(made.values);
    write_text(scratch("c.tfw"), "not even numbers");
    assert_georef(scratch("c.tif"), (const double[6]){100, 2, 0, 200, 0, -2}, EG_CRS_UNKNOWN);
}

static void invalid_world_files_are_named(void **state)
{
    static const char *const texts[] = {
        "",
        "30 0 0 -30 1000",
        "30 0 0 -30 1000 north",
        "30 0 0 0 1000 2000",
        "nan 0 0 -30 1000 2000",
        "30 0 0 -30 inf 2000",
    };
    (void)state;
    make_plain_tiff(scratch("d.tif"));
    for (size_t i = 0; i < COUNT(texts); i++) {
        eg_error error = {0};
        eg_source *source = NULL;
        eg_context *ctx = small_context();
        write_text(scratch("d.tfw"), texts[i]);
        assert_int_equal(eg_source_open(&source, ctx, scratch("d.tif"), NULL, &error),
                         EG_BAD_INPUT);
        assert_non_null(strstr(error.message, "d.tfw: is not a valid world file"));
        close_context(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(world_files_of_every_name_are_found),
        cmocka_unit_test(a_prj_file_gives_the_system),
        cmocka_unit_test(tags_take_precedence_over_files),
        cmocka_unit_test(invalid_world_files_are_named),
    };
    return cmocka_run_group_tests_name("world files", tests, make_scratch, remove_scratch);
}
