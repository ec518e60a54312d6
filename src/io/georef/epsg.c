/* SPDX-License-Identifier: MIT */
/* EPSG codes of coordinate systems. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/georef/georef_source.h"

enum {
    GEODETIC_CRS = 2048,
    PROJECTED_CRS = 3072,
    USER_DEFINED = 32767, /* also one more than the largest EPSG code */
    EPSG_WGS84 = 4326,
    EPSG_WEB_MERCATOR = 3857
};

/* Shortens *length by trailing white space and the character `c` at the end of `text`; false if
 * another character is there. */
static bool strip_last(const char *text, size_t *length, char c)
{
    while (*length > 0 && isspace((unsigned char)text[*length - 1]))
        --*length;
    if (*length == 0 || text[*length - 1] != c)
        return false;
    --*length;
    return true;
}

unsigned eg_wkt_epsg(const char *wkt)
{
    static const char authority[] = "AUTHORITY[\"EPSG\",";
    size_t end = strlen(wkt), start;
    unsigned code = 0;
    for (int brackets = 0; brackets < 2; brackets++)
        if (!strip_last(wkt, &end, ']'))
            return 0;
    bool quoted = strip_last(wkt, &end, '"');
    for (start = end; start > 0 && isdigit((unsigned char)wkt[start - 1]);)
        start--;
    for (size_t i = start; i < end && code < USER_DEFINED; i++)
        code = 10 * code + (unsigned)(wkt[i] - '0');
    if (quoted && !strip_last(wkt, &start, '"'))
        return 0;
    size_t length = sizeof authority - 1;
    bool epsg = start >= length && strncasecmp(wkt + start - length, authority, length) == 0;
    return epsg && code < USER_DEFINED ? code : 0;
}

/* Returns the value of a key of type SHORT; 0 if there is none or it is user-defined. The directory
 * is a header of 4 numbers, then 4 numbers per key: key, tag, count, value. */
static unsigned short_key(const eg_geotags *tags, unsigned key)
{
    for (size_t i = 4; i + 3 < tags->key_count; i += 4)
        if (tags->keys[i] == key && tags->keys[i + 1] == 0 && tags->keys[i + 3] < USER_DEFINED)
            return tags->keys[i + 3];
    return 0;
}

unsigned eg_georef_epsg(const eg_georef *georef)
{
    const eg_geotags *tags = georef ? georef->tags : NULL;
    if (!tags)
        return 0;
    if (tags->keys)
        return short_key(tags, georef->crs == EG_CRS_GEOGRAPHIC ? GEODETIC_CRS : PROJECTED_CRS);
    const char *wkt = tags->wkt;
    while (wkt && isspace((unsigned char)*wkt))
        wkt++;
    bool named =
        wkt && (strncasecmp(wkt, "PROJCS[", 7) == 0 || strncasecmp(wkt, "GEOGCS[", 7) == 0);
    return named ? eg_wkt_epsg(wkt) : 0;
}

/* ---- code or text of a system ---------------------------------------------------------------- */

static bool is_wgs84(const eg_georef *georef)
{
    return fabs(georef->semi_major - 6378137) < 1e-3 &&
           fabs(georef->inverse_flattening - 298.257223563) < 1e-6;
}

unsigned eg_ellipsoid_code(const eg_georef *georef)
{
    if (georef->crs == EG_CRS_GEOGRAPHIC && is_wgs84(georef))
        return EPSG_WGS84;
    return georef->crs == EG_CRS_WEB_MERCATOR ? EPSG_WEB_MERCATOR : 0;
}

/* Finds the Well-Known Text of a system without a code: a .prj file's, or the citation that ESRI's
 * tools and eg_tiff_set_georef() write into the GeoTIFF keys. Returns NULL if there is none. */
static const char *find_wkt(const eg_geotags *tags, size_t *length)
{
    static const char prefix[] = "ESRI PE String = ";
    const char *text = tags->keys ? tags->ascii : tags->wkt;
    if (tags->keys && text)
        text = strstr(text, prefix);
    if (!text)
        return NULL;
    if (tags->keys)
        text += sizeof prefix - 1;
    *length = tags->keys ? strcspn(text, "|") : strlen(text);
    return text;
}

/* A coordinate system by its code, or, if that is 0, by its text, which may be NULL. */
typedef struct system_name {
    unsigned code;
    const char *wkt;
    size_t length; /* of `wkt`, in bytes */
} system_name;

static system_name name_of(const eg_georef *georef)
{
    const eg_geotags *tags = georef->tags;
    bool given = tags && (tags->keys || tags->wkt);
    system_name name = {.code = given ? eg_georef_epsg(georef) : eg_ellipsoid_code(georef)};
    if (given && !name.code)
        name.wkt = find_wkt(tags, &name.length);
    return name;
}

size_t eg_georef_system(const eg_georef *georef, char *out, size_t size)
{
    const system_name name = name_of(georef);
    if (size)
        *out = '\0';
    if (name.code)
        return (size_t)snprintf(out, size, "EPSG:%u", name.code);
    return name.wkt ? (size_t)snprintf(out, size, "%.*s", (int)name.length, name.wkt) : 0;
}

bool eg_georef_same_system(const eg_georef *a, const eg_georef *b)
{
    const system_name x = name_of(a), y = name_of(b);
    return a->crs == b->crs && a->unit == b->unit && a->vertical_unit == b->vertical_unit &&
           a->semi_major == b->semi_major && a->inverse_flattening == b->inverse_flattening &&
           x.code == y.code && !x.wkt == !y.wkt &&
           (!x.wkt || (x.length == y.length && memcmp(x.wkt, y.wkt, x.length) == 0));
}
