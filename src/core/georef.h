/* SPDX-License-Identifier: MIT */
/* Georeferencing that is copied from the input file to the output file. */
#ifndef EG_CORE_GEOREF_H
#define EG_CORE_GEOREF_H

#include "edgegrad.h"

/* Members that the file does not have are NULL. */
typedef struct eg_geotags {
    /* GeoTIFF: GeoKeyDirectory, GeoDoubleParams and GeoAsciiParams */
    uint16_t *keys;
    size_t key_count;
    double *doubles;
    size_t double_count;
    char *ascii;
    char *wkt;  /* text of the coordinate system from a sidecar file */
    char *file; /* path of the file, whose sidecar files are not to be replaced */
} eg_geotags;

#endif
