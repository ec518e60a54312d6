/* SPDX-License-Identifier: MIT */
/* EPSG codes of coordinate systems. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/georef/georef_source.h"
#include "io/georef/wkt.h"
#include "io/text.h"

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

unsigned eg_wkt_epsg(const char *wkt, size_t length)
{
    size_t end = length, start;
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
    bool epsg =
        eg_ends_with(wkt, start, "AUTHORITY[\"EPSG\",") || eg_ends_with(wkt, start, "ID[\"EPSG\",");
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

/* Finds the text of a system: a sidecar file's, or the citation that ESRI's tools and
 * eg_tiff_set_georef() write into the GeoTIFF keys. Returns NULL if there is none. */
static const char *find_text(const eg_geotags *tags)
{
    static const char prefix[] = "ESRI PE String = ";
    if (!tags || !tags->keys)
        return tags ? tags->wkt : NULL;
    const char *citation = tags->ascii ? strstr(tags->ascii, prefix) : NULL;
    return citation ? citation + sizeof prefix - 1 : NULL;
}

const char *eg_georef_words(const eg_georef *georef, size_t *length)
{
    eg_crs_codes codes;
    const char *text = find_text(georef->tags);
    if (!text || eg_crs_codes_read(&codes, text))
        return NULL;
    *length = eg_wkt_horizontal(text, &text);
    while (*length > 0 && isspace((unsigned char)text[*length - 1]))
        --*length;
    return *length > 0 ? text : NULL;
}

/* Finds the code in a text such as "ESRI:102008"; false if the text is not a code. */
static bool find_code(const eg_geotags *tags, eg_crs_code *code)
{
    eg_crs_codes codes;
    if (!tags || tags->keys || !tags->wkt || !eg_crs_codes_read(&codes, tags->wkt))
        return false;
    *code = codes.horizontal;
    return true;
}

unsigned eg_georef_epsg(const eg_georef *georef)
{
    const eg_geotags *tags = georef ? georef->tags : NULL;
    eg_crs_code code;
    size_t length;
    if (!tags)
        return 0;
    if (tags->keys)
        return short_key(tags, georef->crs == EG_CRS_GEOGRAPHIC ? GEODETIC_CRS : PROJECTED_CRS);
    if (find_code(tags, &code))
        return code.authority == EG_AUTHORITY_EPSG && code.code < USER_DEFINED ? code.code : 0;
    const char *wkt = eg_georef_words(georef, &length);
    bool named = wkt && (strncasecmp(wkt, "PROJ", 4) == 0 || strncasecmp(wkt, "GEO", 3) == 0);
    return named ? eg_wkt_epsg(wkt, length) : 0;
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

size_t eg_georef_system(const eg_georef *georef, char *out, size_t size)
{
    const eg_geotags *tags = georef->tags;
    bool given = tags && (tags->keys || tags->wkt);
    unsigned epsg = given ? eg_georef_epsg(georef) : eg_ellipsoid_code(georef);
    char name[EG_CRS_NAME];
    eg_crs_code code = {EG_AUTHORITY_EPSG, epsg};
    size_t length = 0;
    const char *text = epsg ? NULL : eg_georef_words(georef, &length);
    if (size)
        *out = '\0';
    if (!text && !epsg && !find_code(tags, &code))
        return 0;
    eg_crs_code_print(code, name);
    return text ? (size_t)snprintf(out, size, "%.*s", (int)length, text)
                : (size_t)snprintf(out, size, "%s", name);
}

bool eg_georef_same_system(const eg_georef *a, const eg_georef *b)
{
    char name_a[EG_CRS_NAME] = "", name_b[EG_CRS_NAME] = "";
    size_t length_a = eg_georef_system(a, name_a, sizeof name_a);
    size_t length_b = eg_georef_system(b, name_b, sizeof name_b);
    if (a->crs != b->crs || a->unit != b->unit || a->vertical_unit != b->vertical_unit ||
        a->semi_major != b->semi_major || a->inverse_flattening != b->inverse_flattening ||
        length_a != length_b || strcmp(name_a, name_b) != 0)
        return false;
    if (length_a < sizeof name_a)
        return true;
    const char *text_a = eg_georef_words(a, &length_a), *text_b = eg_georef_words(b, &length_b);
    return length_a == length_b && memcmp(text_a, text_b, length_a) == 0;
}
