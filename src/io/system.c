/* SPDX-License-Identifier: MIT */
/* The name of a raster's coordinate system, from what its file said. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/georef.h"
#include "io/place.h"

enum {
    KEY_GEOGRAPHIC = 2048,
    KEY_PROJECTED = 3072,
    USER_DEFINED = 32767, /* also one more than the largest EPSG code */
    EPSG_WGS84 = 4326,
    EPSG_WEB_MERCATOR = 3857
};

/* The number that stands for a key in the directory itself; 0: it is not there. */
static unsigned key_of(const eg_geotags *tags, unsigned key)
{
    for (size_t i = 1; i < tags->key_count / 4; i++) /* the first four numbers are the header */
        if (tags->keys[4 * i] == key && tags->keys[4 * i + 1] == 0)
            return tags->keys[4 * i + 3];
    return 0;
}

/* A projected system has the code of its geographic one too, which does not say enough. */
static unsigned code_of_keys(const eg_georef *georef)
{
    const eg_geotags *tags = georef->tags;
    bool geographic = georef->crs == EG_CRS_GEOGRAPHIC;
    unsigned code = key_of(tags, geographic ? KEY_GEOGRAPHIC : KEY_PROJECTED);
    return code < USER_DEFINED ? code : 0;
}

/* What ESRI's tools, and eg_tiff_set_georef(), make of a system without a code: its text as a citation. */
static const char *find_text(const eg_geotags *tags, size_t *length)
{
    static const char prefix[] = "ESRI PE String = ";
    const char *text = tags->ascii ? strstr(tags->ascii, prefix) : NULL;
    if (!text)
        return NULL;
    text += sizeof prefix - 1;
    *length = strcspn(text, "|");
    return text;
}

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
    const char *text = tags && !tags->keys ? tags->wkt : NULL;
    size_t length = text ? strlen(text) : 0;
    unsigned code = 0;
    if (size)
        *out = '\0';
    if (tags && tags->keys)
        code = code_of_keys(georef);
    else if (!text)
        code = eg_ellipsoid_code(georef);
    if (tags && tags->keys && !code)
        text = find_text(tags, &length);
    if (code)
        return (size_t)snprintf(out, size, "EPSG:%u", code);
    return text ? (size_t)snprintf(out, size, "%.*s", (int)length, text) : 0;
}
