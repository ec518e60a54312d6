/* SPDX-License-Identifier: MIT */
/*
 * Reads GeoTIFF keys (OGC 19-008r4, GeoTIFF 1.1): type of coordinate system, units and ellipsoid,
 * from the keys themselves and from tables of common EPSG codes. Projection parameters are not
 * read, because no operation needs them.
 */
#include <math.h>
#include <string.h>

#include "io/georef/georef_source.h"
#include "io/tiff/tiff_read.h"

enum { /* keys */
       MODEL_TYPE = 1024,
       RASTER_TYPE = 1025,
       GEODETIC_CRS = 2048,
       GEODETIC_DATUM = 2050,
       GEOG_LINEAR_UNITS = 2052,
       GEOG_LINEAR_UNIT_SIZE = 2053,
       ANGULAR_UNITS = 2054,
       ANGULAR_UNIT_SIZE = 2055,
       ELLIPSOID = 2056,
       SEMI_MAJOR = 2057,
       SEMI_MINOR = 2058,
       INVERSE_FLATTENING = 2059,
       PROJECTED_CRS = 3072,
       LINEAR_UNITS = 3076,
       LINEAR_UNIT_SIZE = 3077,
       VERTICAL_UNITS = 4099
};

enum { /* values */
       MODEL_PROJECTED = 1,
       MODEL_GEOGRAPHIC = 2,
       PIXEL_IS_POINT = 2,
       USER_DEFINED = 32767
};

enum { TAG_DOUBLES = 34736, ENTRY = 4, DATUM_TO_CRS = 2000 };

typedef struct unit {
    unsigned code;
    double size;
} unit;

/* Units of length: EPSG code and size in metres. */
static const unit lengths[] = {
    {9001, 1},
    {9002, 0.3048},            /* foot */
    {9003, 1200.0 / 3937},     /* US survey foot */
    {9005, 0.3047972654},      /* Clarke's foot */
    {9014, 1.8288},            /* fathom */
    {9030, 1852},              /* nautical mile */
    {9035, 1609.347218694437}, /* US survey mile */
    {9036, 1000},
    {9037, 0.9143917962},      /* Clarke's yard */
    {9041, 0.304799471538676}, /* Sears' foot */
    {9080, 0.304799510248147}, /* Indian foot */
    {9093, 1609.344},          /* statute mile */
    {9094, 0.304799710181509}, /* Gold Coast foot */
    {9096, 0.9144},            /* yard */
    {1025, 0.001},
    {1033, 0.01},
    {0, 0},
};

/* Units of angle: EPSG code and size in degrees. */
static const unit angles[] = {
    {9101, 180 / M_PI}, {9102, 1},   {9103, 1.0 / 60}, {9104, 1.0 / 3600},
    {9105, 0.9},        {9106, 0.9}, {9122, 1},        {0, 0},
};

static const struct ellipsoid {
    unsigned code;
    double semi_major, inverse_flattening;
} ellipsoids[] = {
    {7001, 6377563.396, 299.3249646},    /* Airy 1830 */
    {7002, 6377340.189, 299.3249646},    /* Airy modified */
    {7003, 6378160, 298.25},             /* Australian National */
    {7004, 6377397.155, 299.1528128},    /* Bessel 1841 */
    {7008, 6378206.4, 294.978698213898}, /* Clarke 1866 */
    {7011, 6378249.2, 293.466021293627}, /* Clarke 1880 (IGN) */
    {7012, 6378249.145, 293.465},        /* Clarke 1880 (RGS) */
    {7019, 6378137, 298.257222101},      /* GRS 1980 */
    {7022, 6378388, 297},                /* International 1924 */
    {7024, 6378245, 298.3},              /* Krassowsky 1940 */
    {7030, 6378137, 298.257223563},      /* WGS 84 */
    {7036, 6378160, 298.247167427},      /* GRS 1967 */
    {7043, 6378135, 298.26},             /* WGS 72 */
    {7035, 6371000, 0},                  /* sphere */
    {7048, 6371007, 0},                  /* GRS 1980 authalic sphere */
    {1024, 6378137, 298.257222101},      /* CGCS2000 */
    {0, 0, 0},
};

/* EPSG codes of geographic coordinate systems and of their ellipsoids. */
static const struct {
    unsigned system, ellipsoid;
} systems[] = {
    {4326, 7030}, {4979, 7030}, {4258, 7019}, {4269, 7019}, {4617, 7019}, {4283, 7019},
    {7844, 7019}, {4167, 7019}, {4171, 7019}, {4674, 7019}, {4612, 7019}, {6668, 7019},
    {6318, 7019}, {4152, 7019}, {4759, 7019}, {4619, 7019}, {4490, 1024}, {4267, 7008},
    {4277, 7001}, {4299, 7002}, {4322, 7043}, {4314, 7004}, {4301, 7004}, {4149, 7004},
    {4312, 7004}, {4230, 7022}, {4265, 7022}, {4275, 7011}, {4284, 7024}, {4179, 7024},
    {4202, 7003}, {4203, 7003}, {4289, 7004}, {4313, 7022}, {4272, 7022}, {4148, 7030},
    {4737, 7019}, {4291, 7036}, {4214, 7024}, {0, 0},
};

/* ---- the directory of keys ------------------------------------------------------------------- */

/* Finds an entry of GeoKeyDirectoryTag; NULL if it has none. The directory is a header of 4
 * numbers, the last of which is the number of keys, then 4 numbers per key: key, tag, count, value.
 * If the tag is 0, the value itself is stored; otherwise it is an index into that tag's values. */
static const uint16_t *find_key(const eg_geotags *tags, unsigned key)
{
    for (size_t i = 1; tags->keys && (i + 1) * ENTRY <= tags->key_count && i <= tags->keys[3]; i++)
        if (tags->keys[i * ENTRY] == key)
            return tags->keys + i * ENTRY;
    return NULL;
}

/* Returns the value of a key of type SHORT; 0 if there is none. */
static unsigned short_key(const eg_geotags *tags, unsigned key)
{
    const uint16_t *entry = find_key(tags, key);
    return entry && entry[1] == 0 ? entry[3] : 0;
}

/* Returns the value of a key of type DOUBLE; 0 if there is none or it is not positive and finite.
 */
static double double_key(const eg_geotags *tags, unsigned key)
{
    const uint16_t *entry = find_key(tags, key);
    if (!entry || entry[1] != TAG_DOUBLES || entry[3] >= tags->double_count)
        return 0;
    double value = tags->doubles[entry[3]];
    return isfinite(value) && value > 0 ? value : 0;
}

/* Returns the size of the unit with that code; 0 if the table lacks it. */
static double find_unit(const unit *units, unsigned code)
{
    while (units->code != 0 && units->code != code)
        units++;
    return units->size;
}

/* ---- units and ellipsoid --------------------------------------------------------------------- */

/* Returns a unit of length in metres, `fallback` if the keys do not give one. A user-defined unit
 * has its size in the key `size_key`. */
static double linear_unit(const eg_geotags *tags, unsigned key, unsigned size_key, double fallback)
{
    unsigned code = short_key(tags, key);
    double size = code == USER_DEFINED ? double_key(tags, size_key) : find_unit(lengths, code);
    return size > 0 ? size : fallback;
}

/* Returns the unit of angle in degrees, 1 if the keys do not give one. A user-defined unit has its
 * size in radians. */
static double angular_unit(const eg_geotags *tags)
{
    unsigned code = short_key(tags, ANGULAR_UNITS);
    double size = code == USER_DEFINED ? double_key(tags, ANGULAR_UNIT_SIZE) * 180 / M_PI
                                       : find_unit(angles, code);
    return size > 0 ? size : 1;
}

static const struct ellipsoid *find_ellipsoid(unsigned code)
{
    const struct ellipsoid *e = ellipsoids;
    while (e->code != 0 && e->code != code)
        e++;
    return e;
}

/* Returns the code of the ellipsoid of a geographic system; 0 if the table lacks it. */
static unsigned ellipsoid_of(unsigned system)
{
    size_t i = 0;
    while (systems[i].system != 0 && systems[i].system != system)
        i++;
    return systems[i].ellipsoid;
}

/* Sets the ellipsoid. Axes given as numbers take precedence over codes: of the ellipsoid, the
 * system, or the datum, whose code is that of its geographic system plus 2000 for most datums. */
static void read_ellipsoid(eg_georef *georef, const eg_geotags *tags)
{
    double axis_unit = linear_unit(tags, GEOG_LINEAR_UNITS, GEOG_LINEAR_UNIT_SIZE, 1);
    double major = double_key(tags, SEMI_MAJOR) * axis_unit;
    double minor = double_key(tags, SEMI_MINOR) * axis_unit;
    double inverse = double_key(tags, INVERSE_FLATTENING);
    const struct ellipsoid *known = find_ellipsoid(short_key(tags, ELLIPSOID));
    if (known->code == 0)
        known = find_ellipsoid(ellipsoid_of(short_key(tags, GEODETIC_CRS)));
    if (known->code == 0)
        known = find_ellipsoid(ellipsoid_of(short_key(tags, GEODETIC_DATUM) - DATUM_TO_CRS));
    georef->semi_major = known->semi_major;
    georef->inverse_flattening = known->inverse_flattening;
    if (major <= 0)
        return;
    georef->semi_major = major;
    georef->inverse_flattening = inverse > 0                  ? inverse
                                 : minor > 0 && minor < major ? major / (major - minor)
                                                              : 0;
}

/* ---- the coordinate system ------------------------------------------------------------------- */

/* Returns true if the projected system is Web Mercator: by its EPSG code, 3857 or the older 3785,
 * or by name, because the codes of ESRI (102100) and Google (900913) do not fit into a key. */
static bool is_web_mercator(const eg_geotags *tags)
{
    static const char *const names[] = {"Pseudo-Mercator", "Web_Mercator", "Web Mercator",
                                        "Google Maps Global Mercator"};
    unsigned system = short_key(tags, PROJECTED_CRS);
    if (system != 0 && system != USER_DEFINED)
        return system == 3857 || system == 3785;
    for (size_t i = 0; tags->ascii && i < sizeof names / sizeof *names; i++)
        if (strstr(tags->ascii, names[i]))
            return true;
    return false;
}

/* Sets a projected system and its unit: metres if the file has no key for it, because files in feet
 * have. */
static void read_projected(eg_georef *georef, const eg_geotags *tags)
{
    georef->crs = EG_CRS_PROJECTED;
    georef->unit = linear_unit(tags, LINEAR_UNITS, LINEAR_UNIT_SIZE, 1);
    if (!is_web_mercator(tags))
        return;
    georef->crs = EG_CRS_WEB_MERCATOR;
    if (georef->semi_major <= 0) {
        const struct ellipsoid *wgs84 = find_ellipsoid(7030);
        georef->semi_major = wgs84->semi_major;
        georef->inverse_flattening = wgs84->inverse_flattening;
    }
}

/* Reads a system without a code from Well-Known Text in GeoAsciiParamsTag, where ESRI's programs
 * and eg_tiff_set_georef() write it. */
static void read_esri_wkt(eg_georef *georef, const eg_geotags *tags)
{
    static const char prefix[] = "ESRI PE String = ";
    const char *citation = tags->ascii ? strstr(tags->ascii, prefix) : NULL;
    if (citation)
        eg_wkt_read(georef, citation + strlen(prefix));
}

void eg_tiff_geokeys_read(eg_georef *georef, const eg_geotags *tags, bool *is_point)
{
    unsigned model = short_key(tags, MODEL_TYPE);
    if (model == 0 && find_key(tags, PROJECTED_CRS))
        model = MODEL_PROJECTED;
    *is_point = short_key(tags, RASTER_TYPE) == PIXEL_IS_POINT;
    read_ellipsoid(georef, tags);
    if (model == MODEL_PROJECTED) {
        read_projected(georef, tags);
    } else if (model == MODEL_GEOGRAPHIC) {
        georef->crs = EG_CRS_GEOGRAPHIC;
        georef->unit = angular_unit(tags);
    } else {
        read_esri_wkt(georef, tags);
    }
    georef->vertical_unit = find_unit(lengths, short_key(tags, VERTICAL_UNITS));
}
