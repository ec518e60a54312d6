/* SPDX-License-Identifier: MIT */
/* What readers keep of a file's georeferencing beyond eg_georef, word for word, for writers to
 * repeat. */
#ifndef EG_CORE_GEOREF_H
#define EG_CORE_GEOREF_H

#include "edgegrad.h"

/* Parts that the file did not have are NULL. */
typedef struct eg_geotags {
    /* GeoTIFF's GeoKeyDirectory, GeoDoubleParams and GeoAsciiParams. */
    uint16_t *keys;
    size_t key_count;
    double *doubles;
    size_t double_count;
    char *ascii;
    char *wkt; /* the text of a .prj file beside the data */
} eg_geotags;

#endif
