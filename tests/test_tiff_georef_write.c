/* SPDX-License-Identifier: MIT */
/* Georeferencing and nodata tags of written TIFFs, read back with libtiff. */
#include "files.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "core/georef.h"
#include "core/stream.h"

enum { SCALE = 33550, TIEPOINT = 33922, MATRIX = 34264, KEYS = 34735, DOUBLES = 34736 };
enum { ASCII = 34737, NODATA = 42113 };

static void ignore_warning(const char *module, const char *format, va_list args)
{
    (void)module, (void)format, (void)args;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Writes a row of floats through a sink whose layout has the georeferencing and the nodata value
 * (NULL: none), and opens the file with libtiff. */
static TIFF *write_and_open(const eg_georef *georef, const double *nodata)
{
    const float row[3] = {1, 2, 3};
    eg_context *ctx = test_context(1, 0, NULL);
    eg_sink *sink = NULL;
    eg_error error = {0};
    eg_layout layout = {.width = 3, .height = 1, .sample = EG_F32, .georef = georef};
    layout.has_nodata = nodata != NULL;
    layout.nodata = nodata ? *nodata : 0;
    assert_int_equal(eg_sink_open(&sink, ctx, scratch("g.tif"), NULL, &error), EG_OK);
    if (eg_sink_begin(sink, &layout, &error) != EG_OK ||
        sink->ops->write(sink, row, sizeof row, 1, &error) != EG_OK ||
        eg_sink_finish(sink, &error) != EG_OK)
        fail_msg("%s", error.message);
    eg_sink_close(sink);
    close_context(ctx);
    TIFFSetWarningHandler(ignore_warning);
    TIFF *tif = TIFFOpen(scratch("g.tif"), "r");
    assert_non_null(tif);
    return tif;
}

/* Returns the values of a tag that libtiff does not know, and their number; NULL if it is missing.
 */
static const void *tag(TIFF *tif, uint32_t number, size_t *count)
{
    uint32_t items = 0;
    const void *data = NULL;
    if (!TIFFGetField(tif, number, &items, &data))
        items = 0;
    *count = items;
    return items ? data : NULL;
}

static void assert_doubles(TIFF *tif, uint32_t number, const double *wanted, size_t count)
{
    size_t got;
    const double *data = tag(tif, number, &got);
    assert_int_equal(got, count);
    for (size_t i = 0; i < count; i++)
        if (data[i] != wanted[i])
            fail_msg("tag %u, number %zu: %.17g, not %.17g", number, i, data[i], wanted[i]);
}

static void assert_keys(TIFF *tif, const uint16_t *wanted, size_t count)
{
    size_t got;
    const uint16_t *data = tag(tif, KEYS, &got);
    assert_int_equal(got, count);
    if (count)
        assert_memory_equal(data, wanted, count * sizeof *wanted);
}

static void assert_text(TIFF *tif, uint32_t number, const char *wanted)
{
    size_t got;
    const char *data = tag(tif, number, &got);
    if (!wanted) {
        assert_null(data);
        return;
    }
    assert_int_equal(got, strlen(wanted) + 1);
    assert_string_equal(data, wanted);
}

/* ---- the transform --------------------------------------------------------------------------- */

static uint16_t area_keys[] = {1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, 1};
static uint16_t point_keys[] = {1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, 2};

static void north_up_is_scale_and_tiepoint(void **state)
{
    (void)state;
    const double scale[3] = {30, 20, 0}, corner[6] = {0, 0, 0, 500000.5, 4649000.25, 0};
    const double centre[6] = {0, 0, 0, 500015.5, 4648990.25, 0};
    eg_geotags area = {.keys = area_keys, .key_count = COUNT(area_keys)};
    eg_geotags point = {.keys = point_keys, .key_count = COUNT(point_keys)};
    const eg_geotags *tags[] = {NULL, &area, &point};
    for (size_t i = 0; i < COUNT(tags); i++) {
        const eg_georef georef = {
            .located = true, .transform = {500000.5, 30, 0, 4649000.25, 0, -20}, .tags = tags[i]};
        TIFF *tif = write_and_open(&georef, NULL);
        assert_doubles(tif, SCALE, scale, 3);
        assert_doubles(tif, TIEPOINT, tags[i] == &point ? centre : corner, 6);
        assert_doubles(tif, MATRIX, NULL, 0);
        TIFFClose(tif);
    }
}

static void rotated_rasters_have_a_matrix(void **state)
{
    static const double transforms[][6] = {
        {100, 3, 0.5, 200, 0.25, -4}, {100, 3, 0, 200, 0, 4}, {100, -3, 0, 200, 0, -4}};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(transforms); i++) {
        bool point = i % 2;
        const double *t = transforms[i / 2];
        eg_geotags tags = {.keys = point ? point_keys : area_keys, .key_count = COUNT(area_keys)};
        eg_georef georef = {.located = true, .tags = &tags};
        memcpy(georef.transform, t, sizeof georef.transform);
        const double half = point ? 0.5 : 0;
        const double matrix[16] = {t[1], t[2], 0, t[0] + half * (t[1] + t[2]),
                                   t[4], t[5], 0, t[3] + half * (t[4] + t[5]),
                                   0,    0,    0, 0,
                                   0,    0,    0, 1};
        TIFF *tif = write_and_open(&georef, NULL);
        assert_doubles(tif, MATRIX, matrix, 16);
        assert_doubles(tif, SCALE, NULL, 0);
        assert_doubles(tif, TIEPOINT, NULL, 0);
        TIFFClose(tif);
    }
}

static void unknown_georeferencing_is_omitted(void **state)
{
    (void)state;
    const eg_georef empty = {0};
    const eg_georef *georefs[] = {NULL, &empty};
    for (size_t i = 0; i < COUNT(georefs); i++) {
        TIFF *tif = write_and_open(georefs[i], NULL);
        assert_doubles(tif, SCALE, NULL, 0);
        assert_doubles(tif, MATRIX, NULL, 0);
        assert_keys(tif, NULL, 0);
        assert_text(tif, NODATA, NULL);
        TIFFClose(tif);
    }
}

/* ---- the coordinate system ------------------------------------------------------------------- */

static void keys_are_copied_unchanged(void **state)
{
    static uint16_t keys[] = {1, 1, 1,    4,     1024, 0, 1,    1,     1026, 34737,
                              8, 0, 2057, 34736, 1,    0, 2059, 34736, 1,    1};
    static double doubles[] = {6378137, 298.257222101};
    static char ascii[] = "My plan|";
    (void)state;
    const eg_geotags tags = {.keys = keys,
                             .key_count = COUNT(keys),
                             .doubles = doubles,
                             .double_count = 2,
                             .ascii = ascii};
    const eg_georef georef = {.tags = &tags};
    TIFF *tif = write_and_open(&georef, NULL);
    assert_keys(tif, keys, COUNT(keys));
    assert_doubles(tif, DOUBLES, doubles, 2);
    assert_text(tif, ASCII, ascii);
    TIFFClose(tif);
}

/* A key directory whose header gives more keys than it has. */
static void short_keys_are_not_read_past_their_end(void **state)
{
    static uint16_t keys[] = {1, 1, 0, 100, 1024, 0, 1};
    (void)state;
    const double tiepoint[6] = {0, 0, 0, 7, 8, 0};
    for (size_t count = 1; count <= COUNT(keys); count++) {
        uint16_t *exact = malloc(count * sizeof *keys);
        memcpy(exact, keys, count * sizeof *keys);
        const eg_geotags tags = {.keys = exact, .key_count = count};
        const eg_georef georef = {.located = true, .transform = {7, 1, 0, 8, 0, -1}, .tags = &tags};
        TIFF *tif = write_and_open(&georef, NULL);
        assert_doubles(tif, TIEPOINT, tiepoint, 6);
        TIFFClose(tif);
        free(exact);
    }
}

static void assert_code(const eg_georef *georef, uint16_t model, uint16_t key, uint16_t code)
{
    const uint16_t keys[] = {1, 1, 0, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, code};
    TIFF *tif = write_and_open(georef, NULL);
    assert_keys(tif, keys, COUNT(keys));
    assert_text(tif, ASCII, NULL);
    TIFFClose(tif);
}

static void epsg_codes_of_a_prj_become_keys(void **state)
{
    static char *texts[] = {
        "PROJCS[\"a\",GEOGCS[\"b\",AUTHORITY[\"EPSG\",\"4326\"]],AUTHORITY[\"EPSG\",\"32619\"]]",
        "  PROJCS[\"a\",GEOGCS[\"b\"],\n    AUTHORITY[\"EPSG\",32619]\n]\n",
        ("GEOGCS[\"b\",UNIT[\"degree\",0.0174,AUTHORITY[\"EPSG\",\"9122\"]],"
         "AUTHORITY[\"EPSG\",\"4269\"]]"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const eg_geotags tags = {.wkt = texts[i]};
        bool projected = i < 2;
        const eg_georef georef = {.crs = projected ? EG_CRS_PROJECTED : EG_CRS_GEOGRAPHIC,
                                  .tags = &tags};
        assert_code(&georef, projected ? 1 : 2, projected ? 3072 : 2048, projected ? 32619 : 4269);
    }
}

static void other_texts_of_a_prj_become_citations(void **state)
{
    static char *texts[][2] = {
        {"PROJCS[\"a\",GEOGCS[\"b\"],UNIT[\"Meter\",1.0]] \n",
         "ESRI PE String = PROJCS[\"a\",GEOGCS[\"b\"],UNIT[\"Meter\",1.0]]|"},
        {"GEOGCS[\"b\",AUTHORITY[\"ESRI\",\"4326\"]]",
         "ESRI PE String = GEOGCS[\"b\",AUTHORITY[\"ESRI\",\"4326\"]]|"},
        {"PROJCS[\"a\",AUTHORITY[\"EPSG\",\"102008\"]]",
         "ESRI PE String = PROJCS[\"a\",AUTHORITY[\"EPSG\",\"102008\"]]|"},
        {"PROJCS[\"a\",GEOGCS[\"b\",AUTHORITY[\"EPSG\",\"4326\"]]]",
         "ESRI PE String = PROJCS[\"a\",GEOGCS[\"b\",AUTHORITY[\"EPSG\",\"4326\"]]]|"},
        {"COMPD_CS[\"c\",PROJCS[\"a\"],AUTHORITY[\"EPSG\",\"7405\"]]",
         "ESRI PE String = PROJCS[\"a\"]|"}, /* the horizontal part */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const eg_geotags tags = {.wkt = texts[i][0]};
        const eg_georef georef = {.tags = &tags};
        const uint16_t keys[] = {1, 1, 0,     3,     1024,
                                 0, 1, 32767, 1025,  0,
                                 1, 1, 3073,  ASCII, (uint16_t)strlen(texts[i][1]),
                                 0};
        TIFF *tif = write_and_open(&georef, NULL);
        assert_keys(tif, keys, COUNT(keys));
        assert_text(tif, ASCII, texts[i][1]);
        TIFFClose(tif);
    }
}

static void unusable_texts_are_omitted(void **state)
{
    static char *texts[] = {"", "   ", "]", "]]", "\"]]", "5]]", "a[]", "PROJCS", "Projection UTM"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const eg_geotags tags = {.wkt = texts[i]};
        const eg_georef georef = {.tags = &tags};
        TIFF *tif = write_and_open(&georef, NULL);
        assert_keys(tif, NULL, 0);
        TIFFClose(tif);
    }
    char *huge = malloc(70001);
    memset(huge, 'x', 70000);
    memcpy(huge, "PROJCS[", 7);
    huge[70000] = '\0';
    const eg_geotags tags = {.wkt = huge};
    const eg_georef georef = {.tags = &tags};
    TIFF *tif = write_and_open(&georef, NULL);
    assert_keys(tif, NULL, 0);
    TIFFClose(tif);
    free(huge);
}

static void known_systems_have_codes(void **state)
{
    (void)state;
    const eg_georef wgs84 = {
        .crs = EG_CRS_GEOGRAPHIC, .semi_major = 6378137, .inverse_flattening = 298.257223563};
    const eg_georef web = {.crs = EG_CRS_WEB_MERCATOR};
    const eg_georef other = {
        .crs = EG_CRS_GEOGRAPHIC, .semi_major = 6377563.396, .inverse_flattening = 299.3249646};
    assert_code(&wgs84, 2, 2048, 4326);
    assert_code(&web, 1, 3072, 3857);
    TIFF *tif = write_and_open(&other, NULL);
    assert_keys(tif, NULL, 0);
    TIFFClose(tif);
}

/* ---- missing cells --------------------------------------------------------------------------- */

static void nodata_is_the_shortest_text(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {-9999, "-9999"},   {0, "0"},
        {NAN, "nan"},       {-NAN, "nan"},
        {0.1, "0.1"},       {255, "255"},
        {-32768, "-32768"}, {-3.4028234663852886e38, "-3.4028234663852886e+38"},
        {-1e30, "-1e+30"},  {1.0 / 3, "0.3333333333333333"},
    };
    (void)state;
    const char *locales[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8"};
    for (size_t k = 0; k < COUNT(locales); k++) {
        setlocale(LC_NUMERIC, locales[k]); /* an unknown locale changes nothing */
        for (size_t i = 0; i < COUNT(cases); i++) {
            TIFF *tif = write_and_open(NULL, &cases[i].value);
            assert_text(tif, NODATA, cases[i].text);
            TIFFClose(tif);
        }
    }
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(north_up_is_scale_and_tiepoint),
        cmocka_unit_test(rotated_rasters_have_a_matrix),
        cmocka_unit_test(unknown_georeferencing_is_omitted),
        cmocka_unit_test(keys_are_copied_unchanged),
        cmocka_unit_test(short_keys_are_not_read_past_their_end),
        cmocka_unit_test(epsg_codes_of_a_prj_become_keys),
        cmocka_unit_test(other_texts_of_a_prj_become_citations),
        cmocka_unit_test(unusable_texts_are_omitted),
        cmocka_unit_test(known_systems_have_codes),
        cmocka_unit_test(nodata_is_the_shortest_text),
    };
    return cmocka_run_group_tests_name("tiff georeferencing out", tests, make_scratch,
                                       remove_scratch);
}
