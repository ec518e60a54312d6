/* SPDX-License-Identifier: MIT */
/* Coordinate systems by their code: units and ellipsoid, without projections. */
#ifndef EG_IO_GEOREF_CRS_CODES_H
#define EG_IO_GEOREF_CRS_CODES_H

#include "edgegrad.h"

/* Registries that number coordinate systems. */
typedef enum eg_crs_authority {
    EG_AUTHORITY_EPSG,
    EG_AUTHORITY_ESRI,
    EG_AUTHORITY_IAU_2015, /* bodies of the solar system, IAU report of 2015 */
    EG_AUTHORITY_COUNT
} eg_crs_authority;

typedef enum eg_crs_kind {
    EG_CRS_KIND_PROJECTED,
    EG_CRS_KIND_GEOGRAPHIC,
    EG_CRS_KIND_VERTICAL,
    EG_CRS_KIND_COMPOUND, /* a projected or geographic system and a vertical one */
    EG_CRS_KIND_OTHER     /* geocentric or planetocentric: no units of a raster follow from it */
} eg_crs_kind;

/* Meaning of a code. Numbers are 0 where the system has no such part: a vertical system has
 * no horizontal unit and no ellipsoid, EG_CRS_KIND_OTHER has none of them. */
typedef struct eg_crs_definition {
    eg_crs_kind kind;
    eg_crs crs;           /* horizontal part; EG_CRS_UNKNOWN: none */
    double unit;          /* metres per horizontal unit; degrees per unit if geographic */
    double vertical_unit; /* metres per unit of the height or depth; also of 3D systems */
    double semi_major;    /* of the ellipsoid, in metres */
    /* Inverse flattening; 0 with a semi_major: a sphere. EPSG:3785, which EPSG:3857 replaces, names
     * a sphere, but its latitudes are those of WGS 84. */
    double inverse_flattening;
} eg_crs_definition;

/* Looks up `code` in the table made from PROJ's database, deprecated codes included. Returns false
 * and leaves *definition unchanged if the authority has no such coordinate system. */
bool eg_crs_find(eg_crs_authority authority, unsigned code, eg_crs_definition *definition);

#endif
