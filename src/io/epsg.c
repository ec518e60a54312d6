/* SPDX-License-Identifier: MIT */
/* Coordinate systems that go by a number of the EPSG dataset. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "io/place.h"

enum { GEODETIC_CRS = 2048, PROJECTED_CRS = 3072, USER_DEFINED = 32767 };

/* Takes `c`, and white space before it, from the end of the first *length bytes of `text`. */
static bool take_last(const char *text, size_t *length, char c)
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
        if (!take_last(wkt, &end, ']'))
            return 0;
    bool quoted = take_last(wkt, &end, '"');
    for (start = end; start > 0 && isdigit((unsigned char)wkt[start - 1]);)
        start--;
    for (size_t i = start; i < end && code < USER_DEFINED; i++)
        code = 10 * code + (unsigned)(wkt[i] - '0');
    if (quoted && !take_last(wkt, &start, '"'))
        return 0;
    size_t length = sizeof authority - 1;
    bool epsg = start >= length && strncasecmp(wkt + start - length, authority, length) == 0;
    return epsg && code < USER_DEFINED ? code : 0;
}

/* The value of a key that is a short, by GeoTIFF's directory: a header of four, then key, place, count, value. */
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
