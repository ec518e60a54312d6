/* SPDX-License-Identifier: MIT */
/* Units of GeoTIFF keys and .prj texts, against GDAL, and the warnings about those not known. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/georef.h"
#include "tiff_made.h"

enum { FIELDS = 6, KEYS_MAX = 32 };

static const char *const parts[] = {
    [EG_CRS_UNKNOWN] = "UNKNOWN",
    [EG_CRS_PROJECTED] = "PROJECTED",
    [EG_CRS_GEOGRAPHIC] = "GEOGRAPHIC",
    [EG_CRS_WEB_MERCATOR] = "WEB_MERCATOR",
};

static const double scale[3] = {10, 10, 0}, ties[6] = {0, 0, 0, 1000, 2000, 0};

/* ---- making and reading ---------------------------------------------------------------------- */

/* Writes a small TIFF with GeoTIFF keys given as "1024:1 3072:2227"; with none if `text` is NULL.
 */
static void make_keyed_tiff(const char *path, const char *text)
{
    made_tiff made = tiff_of(16, SAMPLEFORMAT_INT, 1);
    uint16_t keys[4 + 4 * KEYS_MAX] = {1, 1, 0, 0};
    made.scale = scale;
    made.ties = ties;
    while (text && *text) {
        uint16_t *entry = keys + 4 + (size_t)4 * keys[3]++;
        entry[0] = (uint16_t)strtoul(text, (char **)&text, 10);
        assert_true(*text++ == ':' && keys[3] < KEYS_MAX);
        entry[1] = 0;
        entry[2] = 1;
        entry[3] = (uint16_t)strtoul(text, (char **)&text, 10);
        text += *text == ' ';
    }
    made.keys = keys[3] ? keys : NULL;
    made.key_count = (uint16_t)(4 + 4 * keys[3]);
    make_tiff(path, &made);
    free(made.values);
}

/* Opens a file; the caller closes it and its context. */
static eg_source *open_file(eg_context **ctx, const char *path)
{
    eg_source *source = NULL;
    eg_error error = {0};
    *ctx = small_context();
    if (eg_source_open(&source, *ctx, path, NULL, &error) != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

/* Returns the georeferencing of a file, without its tags, and its first warning ("": none). */
static eg_georef read_georef(const char *path, char warning[400])
{
    eg_context *ctx;
    eg_source *source = open_file(&ctx, path);
    eg_georef georef = {0};
    const char *text = eg_source_warning(source, 0);
    if (eg_source_georef(source))
        georef = *eg_source_georef(source);
    georef.tags = NULL;
    snprintf(warning, 400, "%s", text ? text : "");
    assert_null(text ? eg_source_warning(source, 1) : NULL);
    eg_source_close(source);
    close_context(ctx);
    return georef;
}

static eg_georef georef_of_keys(const char *keys, char warning[400])
{
    make_keyed_tiff(scratch("k.tif"), keys);
    return read_georef(scratch("k.tif"), warning);
}

static eg_georef georef_of_prj(const char *text, char warning[400])
{
    make_keyed_tiff(scratch("p.tif"), NULL);
    write_bytes(scratch("p.prj"), text, strlen(text));
    return read_georef(scratch("p.tif"), warning);
}

/* ---- against GDAL ---------------------------------------------------------------------------- */

static bool is_near(double got, const char *wanted)
{
    double value = strtod(wanted, NULL);
    return fabs(got - value) <= 1e-12 * fmax(1, fabs(value));
}

/* Compares one line of testdata/georef-reference.txt, which tools/make-georef-reference describes.
 */
static bool check_line(char *line)
{
    char *fields[FIELDS] = {NULL}, *rest = line, warning[400];
    for (int i = 0; i < FIELDS && rest; i++)
        fields[i] = strsep(&rest, "\t");
    assert_true(fields[FIELDS - 1] && !rest);
    bool keys = strncmp(fields[0], "keys ", 5) == 0;
    eg_georef g =
        keys ? georef_of_keys(fields[0] + 5, warning) : georef_of_prj(fields[0] + 5, warning);
    bool same = strcmp(parts[g.crs], fields[1]) == 0 && is_near(g.unit, fields[2]) &&
                is_near(g.vertical_unit, fields[3]) && is_near(g.semi_major, fields[4]) &&
                is_near(g.inverse_flattening, fields[5]) && warning[0] == '\0';
    if (!same)
        print_error(
            "%s\n is %s, %.17g, %.17g, %.17g, %.17g, warning '%s', not %s, %s, %s, %s, %s\n",
            fields[0], parts[g.crs], g.unit, g.vertical_unit, g.semi_major, g.inverse_flattening,
            warning, fields[1], fields[2], fields[3], fields[4], fields[5]);
    return same;
}

static void units_are_those_that_gdal_reads(void **state)
{
    (void)state;
    FILE *file = fopen("testdata/georef-reference.txt", "r");
    char line[8192];
    size_t lines = 0, differences = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        differences += !check_line(line);
        lines++;
    }
    fclose(file);
    assert_int_equal(differences, 0);
    assert_true(lines > 50);
}

/* ---- what GDAL does not decide --------------------------------------------------------------- */

#define WGS84_DATUM "DATUM[\"D\",SPHEROID[\"S\",6378137,298.257223563]]"

static void codes_complete_texts_and_keys(void **state)
{
    static const struct {
        const char *keys, *text;
        eg_crs crs;
        double unit, vertical, axis;
    } cases[] = {
        /* ESRI's code under EPSG's name; Web Mercator on a sphere is on WGS 84 */
        {"1024:1 3072:54004", NULL, EG_CRS_PROJECTED, 1, 0, 6378137},
        {"1024:1 3072:3785", NULL, EG_CRS_WEB_MERCATOR, 1, 0, 6378137},
        /* without model type */
        {"2048:4267", NULL, EG_CRS_GEOGRAPHIC, 1, 0, 6378206.4},
        /* keys of units override what follows from codes */
        {"1024:1 3072:2227 3076:9002", NULL, EG_CRS_PROJECTED, 0.3048, 0, 6378137},
        {"1024:2 2048:4807 2054:9102", NULL, EG_CRS_GEOGRAPHIC, 1, 0, 6378249.2},
        {"1024:1 3072:32632 4096:6360 4099:9001", NULL, EG_CRS_PROJECTED, 1, 1, 6378137},
        {"1024:1 3072:32632 2056:7001", NULL, EG_CRS_PROJECTED, 1, 0, 6377563.396},
        /* a code that is not of a vertical system gives no vertical unit */
        {"1024:1 3072:32632 4096:4979 4099:9002", NULL, EG_CRS_PROJECTED, 1, 0.3048, 6378137},
        /* texts without unit or ellipsoid */
        {NULL, "PROJCS[\"a\",GEOGCS[\"b\"],AUTHORITY[\"EPSG\",\"2227\"]]", EG_CRS_PROJECTED,
         1200.0 / 3937, 0, 6378137},
        {NULL, "GEOGCS[\"a\",AUTHORITY[\"EPSG\",\"4807\"]]", EG_CRS_GEOGRAPHIC, 0.9, 0, 6378249.2},
        {NULL, "PROJCRS[\"a\",BASEGEOGCRS[\"b\",ID[\"EPSG\",4267]],LENGTHUNIT[\"f\",0.3048]]",
         EG_CRS_PROJECTED, 0.3048, 0, 6378206.4},
        {NULL, "PROJCS[\"a\",GEOGCS[\"b\"],AUTHORITY[\"ESRI\",\"102100\"]]", EG_CRS_WEB_MERCATOR, 1,
         0, 6378137},
        {NULL,
         "COMPD_CS[\"a\",PROJCS[\"b\",AUTHORITY[\"EPSG\",\"26910\"]],"
         "VERT_CS[\"c\",AUTHORITY[\"EPSG\",\"6360\"]]]",
         EG_CRS_PROJECTED, 1, 1200.0 / 3937, 6378137},
        {NULL, "COMPD_CS[\"a\",PROJCS[\"b\"],VERT_CS[\"c\"],AUTHORITY[\"EPSG\",\"7415\"]]",
         EG_CRS_PROJECTED, 1, 1, 6377397.155},
        /* the text's own units take precedence over its code */
        {NULL,
         "PROJCS[\"a\",GEOGCS[\"b\"," WGS84_DATUM "],UNIT[\"metre\",1],"
         "AUTHORITY[\"EPSG\",\"2227\"]]",
         EG_CRS_PROJECTED, 1, 0, 6378137},
        {NULL, "VERT_CS[\"c\",UNIT[\"ft\",0.3048],AUTHORITY[\"EPSG\",\"5703\"]]", EG_CRS_UNKNOWN, 1,
         0.3048, 0},
        /* a projected system with heights in another unit */
        {NULL,
         "PROJCRS[\"a\",CS[Cartesian,3],AXIS[\"e\",east,LENGTHUNIT[\"f\",0.3048]],"
         "AXIS[\"n\",north,LENGTHUNIT[\"f\",0.3048]],AXIS[\"h\",up,LENGTHUNIT[\"m\",1]]]",
         EG_CRS_PROJECTED, 0.3048, 1, 0},
        {NULL, "\xEF\xBB\xBF EPSG:2227\r\n", EG_CRS_PROJECTED, 1200.0 / 3937, 0, 6378137},
        {NULL, "urn:ogc:def:crs:EPSG:9.8.15:2227", EG_CRS_PROJECTED, 1200.0 / 3937, 0, 6378137},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char warning[400];
        eg_georef g = cases[i].keys ? georef_of_keys(cases[i].keys, warning)
                                    : georef_of_prj(cases[i].text, warning);
        if (g.crs != cases[i].crs || fabs(g.unit - cases[i].unit) > 1e-12 ||
            fabs(g.vertical_unit - cases[i].vertical) > 1e-12 || g.semi_major != cases[i].axis ||
            warning[0])
            fail_msg("%s: %s, %.17g, %.17g, %.10g, warning '%s'",
                     cases[i].keys ? cases[i].keys : cases[i].text, parts[g.crs], g.unit,
                     g.vertical_unit, g.semi_major, warning);
    }
}

/* Units and ellipsoids as GDAL reads them, but for decimal seconds, which GDAL takes for degrees.
 */
static void texts_of_arcinfo_are_read(void **state)
{
    static const struct {
        const char *text, *wkt; /* wkt NULL: the text */
        eg_crs crs;
        double unit, vertical, axis;
    } cases[] = {
        {"Projection    UTM\nZone          10\nDatum         NAD83\nZunits        METERS\n"
         "Units         METERS\nSpheroid      GRS1980\nXshift        0.0\nYshift        0.0\n"
         "Parameters\n",
         "EPSG:26910", EG_CRS_PROJECTED, 1, 1, 6378137},
        {"Projection    GEOGRAPHIC\r\nDatum         NAD27\r\nZunits        NO\r\n"
         "Units         DD\r\nSpheroid      CLARKE1866\r\nParameters\r\n",
         "EPSG:4267", EG_CRS_GEOGRAPHIC, 1, 0, 6378206.4},
        {"Projection GEOGRAPHIC\nDatum WGS84\nUnits DS\nZunits FEET\n", NULL, EG_CRS_GEOGRAPHIC,
         1.0 / 3600, 1200.0 / 3937, 6378137},
        {"projection UTM\nzone 10\ndatum nad83\nunits feet\n", NULL, EG_CRS_PROJECTED,
         1200.0 / 3937, 0, 6378137},
        {"Projection UTM\nZone 18\nDatum WGS84\nUnits METERS\nYshift 10000000\n", NULL,
         EG_CRS_PROJECTED, 1, 0, 6378137},
        {"Projection ALBERS\nDatum NAD27\nUnits 3.2808\nSpheroid CLARKE1866\nParameters\n29 30 "
         "0.0\n",
         NULL, EG_CRS_PROJECTED, 1 / 3.2808, 0, 6378206.4},
        {"Projection LAMBERT\nUnits METERS", NULL, EG_CRS_PROJECTED, 1, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char warning[400];
        eg_georef g = georef_of_prj(cases[i].text, warning);
        if (g.crs != cases[i].crs || fabs(g.unit - cases[i].unit) > 1e-12 ||
            fabs(g.vertical_unit - cases[i].vertical) > 1e-12 || g.semi_major != cases[i].axis ||
            warning[0])
            fail_msg("%s: %s, %.17g, %.17g, %.10g, warning '%s'", cases[i].text, parts[g.crs],
                     g.unit, g.vertical_unit, g.semi_major, warning);
        eg_context *ctx;
        eg_source *source = open_file(&ctx, scratch("p.tif"));
        assert_string_equal(eg_source_georef(source)->tags->wkt,
                            cases[i].wkt ? cases[i].wkt : cases[i].text);
        eg_source_close(source);
        close_context(ctx);
    }
}

static void sources_of_the_vertical_unit_are_named(void **state)
{
    static const struct {
        const char *keys, *text;
        eg_vertical_source source;
        const char *origin;
    } cases[] = {
        {"1024:1 3072:32632", NULL, EG_VERTICAL_ASSUMED, ""},
        {"1024:1 3072:32632 4096:6360", NULL, EG_VERTICAL_SYSTEM, "EPSG:6360"},
        {"1024:1 3072:32632 4096:6360 4099:9003", NULL, EG_VERTICAL_FILE, "VerticalUnitsGeoKey"},
        {"1024:1 3072:32632 4099:9999", NULL, EG_VERTICAL_UNKNOWN, "EPSG:9999"},
        {"1024:1 3072:7415", NULL, EG_VERTICAL_SYSTEM, "EPSG:7415"},
        {NULL, "EPSG:26910+6360", EG_VERTICAL_SYSTEM, "EPSG:6360"},
        {NULL, "PROJCS[\"a\"],VERTCS[\"b\",UNIT[\"f\",0.3048]]", EG_VERTICAL_SYSTEM,
         "its coordinate system"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char warning[400];
        eg_georef g = cases[i].keys ? georef_of_keys(cases[i].keys, warning)
                                    : georef_of_prj(cases[i].text, warning);
        assert_int_equal(g.vertical_source, cases[i].source);
        assert_string_equal(g.vertical_origin, cases[i].origin);
    }
}

static void unknown_systems_are_warned_of(void **state)
{
    static const struct {
        const char *keys, *text, *warning;
        eg_crs crs;
    } cases[] = {
        {"1024:1 3072:10857", NULL,
         "EPSG:10857 is not in the table of coordinate systems; its units are taken as metres (set "
         "--cell-size and --vertical-unit)",
         EG_CRS_PROJECTED},
        {"1024:2 2048:10857", NULL,
         "EPSG:10857 is not in the table of coordinate systems; its units are taken as degrees "
         "(set "
         "--cell-size and --vertical-unit)",
         EG_CRS_GEOGRAPHIC},
        {"1024:1 3072:10857 3076:9003", NULL, "", EG_CRS_PROJECTED},
        {"1024:1 3072:32632 4096:5199", NULL,
         "EPSG:5199 is not in the table of coordinate systems; the unit of elevations is taken as "
         "metres (set --vertical-unit)",
         EG_CRS_PROJECTED},
        {"1024:1 3072:32632 4096:5199 4099:9002", NULL, "", EG_CRS_PROJECTED},
        {"1024:3 2048:4978", NULL,
         "its coordinates are geocentric, in which cells have no size on the ground; their units "
         "are "
         "taken as metres (set --cell-size)",
         EG_CRS_UNKNOWN},
        {NULL, "EPSG:10857",
         "EPSG:10857 is not in the table of coordinate systems; its units are taken as metres (set "
         "--cell-size and --vertical-unit)",
         EG_CRS_UNKNOWN},
        {NULL, "EPSG:32632+5199",
         "EPSG:5199 is not in the table of coordinate systems; the unit of elevations is taken as "
         "metres (set --vertical-unit)",
         EG_CRS_PROJECTED},
        {NULL,
         "GEODCRS[\"a\"," WGS84_DATUM ",CS[Cartesian,3],AXIS[\"x\",geocentricX],"
         "LENGTHUNIT[\"m\",1]]",
         "its coordinates are geocentric, in which cells have no size on the ground; their units "
         "are "
         "taken as metres (set --cell-size)",
         EG_CRS_UNKNOWN},
        {NULL, "Projection UTM",
         "the text of its coordinate system is not understood and ignored; units are taken as "
         "metres "
         "(set --cell-size and --vertical-unit)",
         EG_CRS_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char warning[400];
        eg_georef g = cases[i].keys ? georef_of_keys(cases[i].keys, warning)
                                    : georef_of_prj(cases[i].text, warning);
        assert_string_equal(warning, cases[i].warning);
        assert_int_equal(g.crs, cases[i].crs);
    }
}

static void texts_that_are_no_codes_are_not_taken_for_codes(void **state)
{
    static const char *const texts[] = {"EPSG",       "EPSG:",           "EPSG:x",    "EPSG:12x",
                                        "EPSG:0",     "EPSG:-1",         "EPSG:1+",   "EPSG:1,2",
                                        "NAD83:2227", "EPSG:1234567890", "+proj=utm", "EPSG:1+2+3"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char warning[400];
        eg_georef g = georef_of_prj(texts[i], warning);
        if (g.crs != EG_CRS_UNKNOWN || !strstr(warning, "is not understood"))
            fail_msg("%s: '%s'", texts[i], warning);
    }
}

static void systems_are_set_from_texts(void **state)
{
    static const struct {
        const char *text;
        eg_status status;
    } cases[] = {
        {"EPSG:26910+6360", EG_OK},
        {"EPSG:4326", EG_OK},
        {"GEOGCS[\"g\",DATUM[\"d\",SPHEROID[\"s\",6378206.4,294.9786982]],UNIT[\"grad\",0.0157]]",
         EG_OK},
        {"EPSG:10857", EG_UNSUPPORTED},
        {"EPSG:32632+5199", EG_UNSUPPORTED},
        {"Projection UTM", EG_BAD_INPUT},
        {"GEODCRS[\"a\"," WGS84_DATUM ",CS[Cartesian,3]]", EG_UNSUPPORTED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char warning[400];
        eg_georef own = {.unit = 1}, file = georef_of_prj(cases[i].text, warning);
        eg_error error = {0};
        assert_int_equal(eg_georef_set_system(&own, cases[i].text, &error), cases[i].status);
        assert_int_equal(own.crs, file.crs);
        assert_true(own.unit == file.unit && own.vertical_unit == file.vertical_unit);
        assert_true(own.semi_major == file.semi_major &&
                    own.inverse_flattening == file.inverse_flattening);
        assert_int_equal(error.message[0] != 0, warning[0] != 0);
    }
}

/* The window of a source with georeferencing that was set has that of its rows. */
static void georeferencing_of_a_grid_is_set_once(void **state)
{
    static float cells[16];
    const eg_grid grid = {cells, 4, 4, 4 * sizeof *cells, EG_F32, 1};
    const eg_georef georef = {.located = true,
                              .transform = {100, 10, 0, 900, 0, -20},
                              .crs = EG_CRS_PROJECTED,
                              .unit = 1};
    eg_context *ctx = small_context();
    eg_source *source = NULL;
    float row[4];
    (void)state;
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_source_set_georef(source, &georef, NULL), EG_OK);
    assert_int_equal(eg_source_set_georef(source, &georef, NULL), EG_USAGE);
    assert_int_equal(eg_source_rows(source, 2, 1, NULL), EG_OK);
    assert_true(eg_source_georef(source)->transform[3] == 860);
    eg_source_close(source);
    assert_int_equal(eg_source_grid(&source, ctx, &grid, NULL), EG_OK);
    assert_int_equal(eg_source_read(source, row, sizeof row, 1, NULL), EG_OK);
    assert_int_equal(eg_source_set_georef(source, &georef, NULL), EG_USAGE);
    eg_source_close(source);
    close_context(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_those_that_gdal_reads),
        cmocka_unit_test(codes_complete_texts_and_keys),
        cmocka_unit_test(texts_of_arcinfo_are_read),
        cmocka_unit_test(sources_of_the_vertical_unit_are_named),
        cmocka_unit_test(unknown_systems_are_warned_of),
        cmocka_unit_test(texts_that_are_no_codes_are_not_taken_for_codes),
        cmocka_unit_test(systems_are_set_from_texts),
        cmocka_unit_test(georeferencing_of_a_grid_is_set_once),
    };
    return cmocka_run_group_tests_name("georef", tests, make_scratch, remove_scratch);
}
