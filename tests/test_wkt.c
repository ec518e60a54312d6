/* SPDX-License-Identifier: MIT */
/* The parser of coordinate systems in Well-Known Text: each dialect, invalid and malicious texts.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/georef/wkt.h"

#define WGS84                                                                                      \
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]]" \
    ","                                                                                            \
    "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]"

/* Texts of OGC 01-009, ESRI's dialect and ISO 19162. */
static const struct {
    const char *text;
    eg_crs crs;
    double unit, vertical, axis, flattening;
} systems[] = {
    {WGS84, EG_CRS_GEOGRAPHIC, 1, 0, 6378137, 298.257223563},
    {"GEOGCS[\"NTF\",DATUM[\"NTF\",SPHEROID[\"Clarke 1880 (IGN)\",6378249.2,293.466021293627]],"
     "PRIMEM[\"Paris\",2.5969213],UNIT[\"grad\",0.01570796326794897]]",
     EG_CRS_GEOGRAPHIC, 0.9, 0, 6378249.2, 293.466021293627},
    {"PROJCS[\"WGS_1984_UTM_Zone_19N\"," WGS84 ",PROJECTION[\"Transverse_Mercator\"],"
     "PARAMETER[\"False_Easting\",500000.0],UNIT[\"Meter\",1.0]]",
     EG_CRS_PROJECTED, 1, 0, 6378137, 298.257223563},
    {"PROJCS[\"NAD83 / California zone 3 (ftUS)\"," WGS84
     ",PROJECTION[\"Lambert_Conformal_Conic_2SP\"],"
     "UNIT[\"US survey foot\",0.3048006096012192,AUTHORITY[\"EPSG\",\"9003\"]],AXIS[\"X\",EAST],"
     "AXIS[\"Y\",NORTH],AUTHORITY[\"EPSG\",\"2227\"]]",
     EG_CRS_PROJECTED, 0.3048006096012192, 0, 6378137, 298.257223563},
    {"projcs(\"x\"," WGS84 ", projection(\"Mercator_1SP\"),\n unit(\"metre\", 1))",
     EG_CRS_PROJECTED, 1, 0, 6378137, 298.257223563},
    {"PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\"," WGS84
     ",PROJECTION[\"Mercator_Auxiliary_Sphere\"],UNIT[\"Meter\",1.0]]",
     EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563},
    {"PROJCS[\"WGS 84 / Pseudo-Mercator\"," WGS84
     ",PROJECTION[\"Mercator_1SP\"],UNIT[\"metre\",1]]",
     EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563},
    {"PROJCS[\"mine\"," WGS84 ",PROJECTION[\"Mercator_1SP\"],UNIT[\"metre\",1],"
     "AUTHORITY[\"EPSG\",\"3857\"]]",
     EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563},
    {"PROJCS[\"World_Mercator\"," WGS84 ",PROJECTION[\"Mercator\"],UNIT[\"Meter\",1.0]]",
     EG_CRS_PROJECTED, 1, 0, 6378137, 298.257223563},
    {"COMPD_CS[\"both\","
     "PROJCS[\"p\"," WGS84 ",UNIT[\"metre\",1]],"
     "VERT_CS[\"NAVD88\",VERT_DATUM[\"d\",2005],UNIT[\"foot\",0.3048],AXIS[\"Up\",UP]]]",
     EG_CRS_PROJECTED, 1, 0.3048, 6378137, 298.257223563},
    {"LOCAL_CS[\"site\",UNIT[\"foot\",0.3048]]", EG_CRS_PROJECTED, 0.3048, 0, 0, 0},
    {"GEOGCS[\"ball\",DATUM[\"d\",SPHEROID[\"s\",6371000,0]],UNIT[\"degree\",0.017453292519943295]"
     "]",
     EG_CRS_GEOGRAPHIC, 1, 0, 6371000, 0},
    {"GEOGCRS[\"WGS 84 (3D)\",DATUM[\"World Geodetic System 1984\",ELLIPSOID[\"WGS 84\",6378137,"
     "298.257223563,LENGTHUNIT[\"metre\",1]]],PRIMEM[\"Greenwich\",0,ANGLEUNIT[\"degree\","
     "0.0174532925199433]],CS[ellipsoidal,3],AXIS[\"geodetic latitude (Lat)\",north,ORDER[1],"
     "ANGLEUNIT[\"degree\",0.0174532925199433]],AXIS[\"ellipsoidal height (h)\",up,ORDER[3],"
     "LENGTHUNIT[\"metre\",1]],ID[\"EPSG\",4979]]",
     EG_CRS_GEOGRAPHIC, 1, 1, 6378137, 298.257223563},
    {"PROJCRS[\"feet\",BASEGEOGCRS[\"NAD83\",DATUM[\"d\",ELLIPSOID[\"GRS "
     "1980\",6378137,298.257222101]]],"
     "CONVERSION[\"c\",METHOD[\"Lambert\"],PARAMETER[\"False "
     "easting\",2000000,LENGTHUNIT[\"metre\",1]]],"
     "CS[Cartesian,2],AXIS[\"easting (X)\",east,ORDER[1],LENGTHUNIT[\"foot\",0.3048]],"
     "AXIS[\"northing (Y)\",north,ORDER[2],LENGTHUNIT[\"foot\",0.3048]]]",
     EG_CRS_PROJECTED, 0.3048, 0, 6378137, 298.257222101},
    {"PROJCRS[\"x\",BASEGEOGCRS[\"WGS 84\",DATUM[\"d\",ELLIPSOID[\"e\",6378137,298.257223563]]],"
     "CONVERSION[\"c\",METHOD[\"Popular Visualisation Pseudo Mercator\"]],CS[Cartesian,2],"
     "LENGTHUNIT[\"metre\",1],ID[\"EPSG\",3857]]",
     EG_CRS_WEB_MERCATOR, 1, 0, 6378137, 298.257223563},
    {"BOUNDCRS[SOURCECRS[PROJCRS[\"p\",BASEGEOGCRS[\"b\",DATUM[\"d\",ELLIPSOID[\"Airy\",6377563."
     "396,"
     "299.3249646]]],CS[Cartesian,2],LENGTHUNIT[\"metre\",1]]],TARGETCRS[GEOGCRS[\"WGS 84\","
     "DATUM[\"d\",ELLIPSOID[\"WGS 84\",6378137,298.257223563]],CS[ellipsoidal,2],"
     "ANGLEUNIT[\"degree\",0.0174532925199433]]]]",
     EG_CRS_PROJECTED, 1, 0, 6377563.396, 299.3249646},
};

static void systems_of_every_dialect_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(systems); i++) {
        eg_georef g = {.unit = 1, .has_nodata = true, .nodata = 7};
        eg_crs_doubts doubts;
        if (!eg_wkt_read(&g, &doubts, systems[i].text))
            fail_msg("not understood: %s", systems[i].text);
        if (g.crs != systems[i].crs || fabs(g.unit - systems[i].unit) > 1e-12 ||
            g.vertical_unit != systems[i].vertical || g.semi_major != systems[i].axis ||
            g.inverse_flattening != systems[i].flattening)
            fail_msg("%s: %d, unit %.15g, vertical %g, %.10g / %.15g", systems[i].text, (int)g.crs,
                     g.unit, g.vertical_unit, g.semi_major, g.inverse_flattening);
        assert_true(g.has_nodata && g.nodata == 7);
    }
}

static void invalid_texts_change_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "GEOGCS",
        "GEOGCS[",
        "GEOGCS[]",
        "GEOGCS[\"a\"",
        "GEOGCS[\"a]",
        "GEOGCS[\"a\"]]",
        "GEOGCS[\"a\"] x",
        "GEOGCS[\"a\",]",
        "GEOGCS[,\"a\"]",
        "GEOGCS[\"a\";1]",
        "[\"a\"]",
        "Projection UTM\nUnits METERS\n",
        "<gml>",
        "{\"type\":\"x\"}",
        "EPSG:4326",
        "VERT_CS[\"a\"]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const eg_georef before = {.unit = 3, .semi_major = 5};
        eg_georef g = before;
        eg_crs_doubts doubts;
        if (eg_wkt_read(&g, &doubts, texts[i]))
            fail_msg("understood: %s", texts[i]);
        assert_memory_equal(&g, &before, sizeof g);
    }
}

static void invalid_units_and_axes_are_ignored(void **state)
{
    (void)state;
    eg_georef g = {.unit = 1};
    eg_crs_doubts doubts;
    assert_true(eg_wkt_read(&g, &doubts,
                            "PROJCS[\"a\",GEOGCS[\"b\",DATUM[\"c\",SPHEROID[\"d\",-1,1e999]]],"
                            "UNIT[\"e\",0],UNIT[\"f\",nan],UNIT[\"g\",inf],UNIT[\"h\"]]"));
    assert_int_equal(g.crs, EG_CRS_PROJECTED);
    assert_true(g.unit == 1 && g.semi_major == 0);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    char *text = malloc(2 * DEPTH + 1);
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(text + 2 * i, "A[", 2);
    text[2 * DEPTH] = '\0';
    eg_georef g = {.unit = 1};
    eg_crs_doubts doubts;
    assert_false(eg_wkt_read(&g, &doubts, text));
    free(text);
}

/* Parses every prefix, and texts with one byte changed, in allocations of exactly their size, so
 * that a sanitizer detects reads beyond the end. */
static void damage_is_survived(void **state)
{
    static const char changes[] = {0x01, 0x20, (char)0x80};
    (void)state;
    for (size_t i = 0; i < COUNT(systems); i++) {
        size_t length = strlen(systems[i].text);
        for (size_t at = 0; at < length; at++) {
            eg_georef g = {.unit = 1};
            char *text = strndup(systems[i].text, at);
            eg_crs_doubts doubts;
            assert_false(eg_wkt_read(&g, &doubts, text));
            free(text);
            text = strdup(systems[i].text);
            for (size_t k = 0; k < COUNT(changes); k++) {
                text[at] = (char)(systems[i].text[at] ^ changes[k]);
                eg_wkt_read(&g, &doubts, text);
            }
            free(text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(systems_of_every_dialect_are_read),
        cmocka_unit_test(invalid_texts_change_nothing),
        cmocka_unit_test(invalid_units_and_axes_are_ignored),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(damage_is_survived),
    };
    return cmocka_run_group_tests_name("wkt", tests, NULL, NULL);
}
