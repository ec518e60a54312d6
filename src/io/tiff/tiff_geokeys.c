/* SPDX-License-Identifier: MIT */
/*
 * Reads GeoTIFF keys (OGC 19-008r4, GeoTIFF 1.1): type of coordinate system, units and ellipsoid.
 * Codes of systems are looked up in the table of all EPSG codes; keys for units and the ellipsoid
 * override what follows from them. Projection parameters are not read, because no operation needs
 * them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/georef/georef_source.h"
#include "io/georef/wkt.h"
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
       VERTICAL_CRS = 4096,
       VERTICAL_UNITS = 4099
};

enum { /* values */
       MODEL_PROJECTED = 1,
       MODEL_GEOGRAPHIC = 2,
       MODEL_GEOCENTRIC = 3,
       PIXEL_IS_POINT = 2,
       USER_DEFINED = 32767
};

enum { TAG_DOUBLES = 34736, ENTRY = 4, DATUM_TO_CRS = 2000, EPSG_WEB_MERCATOR = 3857 };

typedef struct unit {
    unsigned code;
    double size;
} unit;

/* Units of length: EPSG code and size in metres. */
static const unit lengths[] = {
    {9001, 1},
    {9002, 0.3048},               /* foot */
    {9003, 1200.0 / 3937},        /* US survey foot */
    {9005, 0.3047972654},         /* Clarke's foot */
    {9014, 1.8288},               /* fathom */
    {9030, 1852},                 /* nautical mile */
    {9031, 1.0000135965},         /* German legal metre */
    {9033, 66 * 1200.0 / 3937},   /* US survey chain */
    {9034, 0.66 * 1200.0 / 3937}, /* US survey link */
    {9035, 5280 * 1200.0 / 3937}, /* US survey mile */
    {9036, 1000},                 /* kilometre */
    {9037, 0.9143917962},         /* Clarke's yard */
    {9038, 20.1166195164},        /* Clarke's chain */
    {9039, 0.201166195164},       /* Clarke's link */
    {9040, 0.9143984146160287},   /* Sears's yard, foot, chain, link */
    {9041, 0.3047994715386762},   /**/
    {9042, 20.116765121552632},   /**/
    {9043, 0.2011676512155263},   /**/
    {9050, 0.9143992},            /* Benoit's (A) yard, foot, chain, link */
    {9051, 0.3047997333333333},   /**/
    {9052, 20.1167824},           /**/
    {9053, 0.201167824},          /**/
    {9060, 0.9143992042898124},   /* Benoit's (B) yard, foot, chain, link */
    {9061, 0.30479973476327077},  /**/
    {9062, 20.116782494375872},   /**/
    {9063, 0.2011678249437587},   /**/
    {9070, 0.30480083333333335},  /* British foot of 1865 */
    {9080, 0.30479951024814694},  /* Indian foot; of 1937, 1962, 1975 */
    {9081, 0.30479841},           /**/
    {9082, 0.3047996},            /**/
    {9083, 0.3047995},            /**/
    {9084, 0.9143985307444408},   /* Indian yard; of 1937, 1962, 1975 */
    {9085, 0.91439523},           /**/
    {9086, 0.9143988},            /**/
    {9087, 0.9143985},            /**/
    {9093, 1609.344},             /* statute mile */
    {9094, 0.3047997101815088},   /* Gold Coast foot */
    {9095, 0.3048007491},         /* British foot of 1936 */
    {9096, 0.9144},               /* yard */
    {9097, 20.1168},              /* chain */
    {9098, 0.201168},             /* link */
    {9099, 0.914398},             /* Sears's yard, foot, chain, link, truncated */
    {9300, 0.30479933333333337},  /**/
    {9301, 20.116756},            /**/
    {9302, 0.20116756},           /**/
    {1025, 0.001},                /* millimetre */
    {1033, 0.01},                 /* centimetre */
    {0, 0},
};

/* Units of angle: EPSG code and size in degrees. */
static const unit angles[] = {
    {9101, 180 / M_PI}, {9102, 1},   {9103, 1.0 / 60}, {9104, 1.0 / 3600},
    {9105, 0.9},        {9106, 0.9}, {9112, 0.009},    {9113, 0.00009},
    {9114, 0.05625},    {9122, 1},   {0, 0},
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

/* Returns the size of the unit that key `key` names, 0 if it names none or one that the table
 * lacks. The size of a user-defined unit is in the key `size_key`, in multiples of `base`. */
static double unit_size(const eg_geotags *tags, unsigned key, unsigned size_key, const unit *units,
                        double base)
{
    unsigned code = short_key(tags, key);
    return code == USER_DEFINED ? double_key(tags, size_key) * base : find_unit(units, code);
}

/* ---- ellipsoid ------------------------------------------------------------------------------- */

/* Sets the ellipsoid that the keys name or describe by its axes; otherwise leaves that of the
 * system, or takes that of the datum, whose code is that of its geographic system plus 2000 for
 * most datums. */
static void read_ellipsoid(eg_georef *georef, const eg_geotags *tags)
{
    double axis_unit = unit_size(tags, GEOG_LINEAR_UNITS, GEOG_LINEAR_UNIT_SIZE, lengths, 1);
    double major = double_key(tags, SEMI_MAJOR) * (axis_unit > 0 ? axis_unit : 1);
    double minor = double_key(tags, SEMI_MINOR) * (axis_unit > 0 ? axis_unit : 1);
    double inverse = double_key(tags, INVERSE_FLATTENING);
    const unsigned code = short_key(tags, ELLIPSOID), datum = short_key(tags, GEODETIC_DATUM);
    eg_crs_definition d;
    if (georef->semi_major <= 0 && datum > DATUM_TO_CRS &&
        eg_crs_find(EG_AUTHORITY_EPSG, datum - DATUM_TO_CRS, &d) && d.crs == EG_CRS_GEOGRAPHIC) {
        georef->semi_major = d.semi_major;
        georef->inverse_flattening = d.inverse_flattening;
    }
    for (const struct ellipsoid *e = ellipsoids; e->code != 0; e++)
        if (e->code == code) {
            georef->semi_major = e->semi_major;
            georef->inverse_flattening = e->inverse_flattening;
        }
    if (major <= 0)
        return;
    georef->semi_major = major;
    georef->inverse_flattening = inverse > 0                  ? inverse
                                 : minor > 0 && minor < major ? major / (major - minor)
                                                              : 0;
}

/* ---- horizontal system ----------------------------------------------------------------------- */

/* Returns the EPSG code in a key; 0: there is none, or it is user-defined. */
static eg_crs_code system_key(const eg_geotags *tags, unsigned key)
{
    unsigned code = short_key(tags, key);
    return (eg_crs_code){EG_AUTHORITY_EPSG, code == USER_DEFINED ? 0 : code};
}

/* Returns true if a projected system without a code is Web Mercator by its name. */
static bool is_web_mercator(const eg_geotags *tags)
{
    static const char *const names[] = {"Pseudo-Mercator", "Web_Mercator", "Web Mercator",
                                        "Google Maps Global Mercator"};
    for (size_t i = 0; tags->ascii && i < sizeof names / sizeof *names; i++)
        if (strstr(tags->ascii, names[i]))
            return true;
    return false;
}

/* Returns the kind of system: that of the key, or of the system that is given without the key. */
static unsigned find_model(const eg_geotags *tags)
{
    unsigned model = short_key(tags, MODEL_TYPE);
    if (model == 0 && find_key(tags, PROJECTED_CRS))
        return MODEL_PROJECTED;
    return model == 0 && find_key(tags, GEODETIC_CRS) ? MODEL_GEOGRAPHIC : model;
}

/* Applies the code of a system, if there is one; returns true if that gives the units. */
static bool apply_code(eg_georef *georef, eg_crs_code code, eg_crs_doubts *doubts)
{
    eg_crs_definition d;
    if (!code.code || !eg_crs_code_find(&code, &d))
        return false;
    doubts->geocentric = d.kind == EG_CRS_KIND_OTHER;
    return eg_georef_apply_code(georef, code.authority, code.code);
}

/* Sets a system without a code from Well-Known Text in GeoAsciiParamsTag, where ESRI's programs and
 * eg_tiff_set_georef() write it. Returns false if there is none. */
static bool read_esri_wkt(eg_georef_data *data)
{
    static const char prefix[] = "ESRI PE String = ";
    const char *citation = data->tags.ascii ? strstr(data->tags.ascii, prefix) : NULL;
    return citation && eg_wkt_read(&data->georef, &data->doubts, citation + strlen(prefix));
}

/* Sets the unit of the coordinates from its key. Notes the code of the system, or of the unit, if
 * the table lacks it and no key gives the unit. */
static void read_unit(eg_georef *georef, const eg_geotags *tags, eg_crs_code system, bool known,
                      eg_crs_doubts *doubts)
{
    const bool degrees = georef->crs == EG_CRS_GEOGRAPHIC;
    const unsigned key = degrees ? ANGULAR_UNITS : LINEAR_UNITS, code = short_key(tags, key);
    double size = degrees ? unit_size(tags, key, ANGULAR_UNIT_SIZE, angles, 180 / M_PI)
                          : unit_size(tags, key, LINEAR_UNIT_SIZE, lengths, 1);
    if (!system.code)
        system = (eg_crs_code){EG_AUTHORITY_EPSG, code == USER_DEFINED ? 0 : code};
    if (size > 0)
        georef->unit = size;
    else if (!known && system.code && !doubts->geocentric)
        eg_crs_code_print(system, doubts->horizontal);
}

/* Makes a projected system without a code that is Web Mercator by its name one. */
static void recognise_web_mercator(eg_georef *georef, const eg_geotags *tags)
{
    if (!is_web_mercator(tags))
        return;
    const double major = georef->semi_major, inverse = georef->inverse_flattening,
                 metres = georef->unit;
    eg_georef_apply_code(georef, EG_AUTHORITY_EPSG, EPSG_WEB_MERCATOR);
    georef->unit = metres;
    if (major > 0) {
        georef->semi_major = major;
        georef->inverse_flattening = inverse;
    }
}

/* Sets the system of a projected or geographic raster: first the geographic system, for its
 * ellipsoid, then the projected one, then what keys give. */
static void read_system(eg_georef_data *data, bool projected)
{
    eg_georef *georef = &data->georef;
    const eg_geotags *tags = &data->tags;
    const eg_crs_code geographic = system_key(tags, GEODETIC_CRS);
    const eg_crs_code plane = system_key(tags, PROJECTED_CRS);
    const eg_crs_code system = projected ? plane : geographic;
    bool known = apply_code(georef, geographic, &data->doubts);
    if (projected) {
        georef->crs = EG_CRS_PROJECTED;
        georef->unit = 1; /* metres if nothing gives it */
        known = apply_code(georef, plane, &data->doubts);
    } else if (!known) {
        georef->crs = EG_CRS_GEOGRAPHIC;
    }
    if (!system.code && read_esri_wkt(data))
        known = true;
    read_unit(georef, tags, system, known, &data->doubts);
    read_ellipsoid(georef, tags);
    if (projected && !system.code)
        recognise_web_mercator(georef, tags);
    if (data->doubts.geocentric)
        georef->crs = EG_CRS_UNKNOWN;
}

/* ---- vertical system ------------------------------------------------------------------------- */

/* Sets the vertical unit from the vertical system, which its own key overrides. */
static void read_vertical(eg_georef *georef, const eg_geotags *tags, eg_crs_doubts *doubts)
{
    static const char key_name[] = "VerticalUnitsGeoKey";
    eg_crs_code system = system_key(tags, VERTICAL_CRS);
    const unsigned unit_code = short_key(tags, VERTICAL_UNITS);
    eg_crs_definition d;
    if (system.code && eg_crs_code_find(&system, &d) && d.kind == EG_CRS_KIND_VERTICAL)
        eg_georef_apply_code(georef, system.authority, system.code);
    else if (system.code)
        eg_crs_code_print(system, doubts->vertical);
    double size = find_unit(lengths, unit_code);
    char name[EG_CRS_NAME];
    eg_crs_code_print((eg_crs_code){EG_AUTHORITY_EPSG, unit_code}, name);
    if (size > 0)
        eg_georef_set_vertical(georef, size, EG_VERTICAL_FILE, key_name, sizeof key_name - 1);
    else if (unit_code && georef->vertical_unit <= 0)
        eg_georef_set_vertical(georef, 0, EG_VERTICAL_UNKNOWN, name, strlen(name));
}

void eg_tiff_geokeys_read(eg_georef_data *data, bool *is_point)
{
    const eg_geotags *tags = &data->tags;
    const unsigned model = find_model(tags);
    *is_point = short_key(tags, RASTER_TYPE) == PIXEL_IS_POINT;
    if (model == MODEL_PROJECTED || model == MODEL_GEOGRAPHIC)
        read_system(data, model == MODEL_PROJECTED);
    else if (!read_esri_wkt(data))
        read_ellipsoid(&data->georef, tags);
    data->doubts.geocentric |= model == MODEL_GEOCENTRIC;
    read_vertical(&data->georef, tags, &data->doubts);
}
