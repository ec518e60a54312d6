/* SPDX-License-Identifier: MIT */
/* The name of a raster's coordinate system, from what its file said. */
#include <math.h>
#include <stdio.h>

#include "core/georef.h"

enum { KEY_GEOGRAPHIC = 2048, KEY_PROJECTED = 3072, USER_DEFINED = 32767 };

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

static bool is_wgs84(const eg_georef *georef)
{
    return fabs(georef->semi_major - 6378137) < 1e-3 &&
           fabs(georef->inverse_flattening - 298.257223563) < 1e-6;
}

size_t eg_georef_system(const eg_georef *georef, char *out, size_t size)
{
    const eg_geotags *tags = georef->tags;
    unsigned code = 0;
    if (size)
        *out = '\0';
    if (tags && tags->keys)
        code = code_of_keys(georef);
    else if (tags && tags->wkt)
        return (size_t)snprintf(out, size, "%s", tags->wkt);
    else if (georef->crs == EG_CRS_GEOGRAPHIC && is_wgs84(georef))
        code = 4326;
    else if (georef->crs == EG_CRS_WEB_MERCATOR)
        code = 3857;
    return code ? (size_t)snprintf(out, size, "EPSG:%u", code) : 0;
}
