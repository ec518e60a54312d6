/* SPDX-License-Identifier: MIT */
/* Sets units and ellipsoid of a raster from the code of its coordinate system. */
#ifndef EG_IO_GEOREF_CRS_APPLY_H
#define EG_IO_GEOREF_CRS_APPLY_H

#include "io/georef/crs_codes.h"

enum { EG_CRS_NAME = 24 }; /* size of the text of a code, such as "IAU_2015:49900" */

/* Parts of a coordinate system that could not be determined, for warnings. */
typedef struct eg_crs_doubts {
    /* codes that the table lacks and whose units nothing else gives; "": none */
    char horizontal[EG_CRS_NAME], vertical[EG_CRS_NAME];
    bool geocentric; /* coordinates are distances from the centre of the Earth */
} eg_crs_doubts;

/* A code; `code` 0: none. */
typedef struct eg_crs_code {
    eg_crs_authority authority;
    unsigned code;
} eg_crs_code;

/* The codes in a text such as "EPSG:26910+6360". */
typedef struct eg_crs_codes {
    eg_crs_code horizontal, vertical;
} eg_crs_codes;

/* Parses "EPSG:2227", "ESRI:102008", "IAU_2015:49900", "EPSG:26910+6360",
 * "urn:ogc:def:crs:EPSG::2227" or "http://www.opengis.net/def/crs/EPSG/0/2227". Case and white
 * space around the text do not matter. Returns false if the text is not of these forms. */
bool eg_crs_codes_read(eg_crs_codes *codes, const char *text);

/* Finds the authority of that name, in any case; false if there is none. */
bool eg_crs_authority_find(const char *name, size_t length, eg_crs_authority *authority);

/* Writes a code as "EPSG:2227". */
void eg_crs_code_print(eg_crs_code code, char out[EG_CRS_NAME]);

/* Looks up a code. EPSG's own codes end at 32767: a larger one that EPSG lacks is looked up among
 * ESRI's, as software writes those with EPSG's name, and code->authority is changed. Returns false
 * if the table lacks the code. */
bool eg_crs_code_find(eg_crs_code *code, eg_crs_definition *definition);

/* Sets type, unit and ellipsoid of the coordinate system from its horizontal part, and the vertical
 * unit if it defines one. Web Mercator is always on WGS 84. Returns false, with *georef unchanged,
 * if the table lacks the code or the system is geocentric. */
bool eg_georef_apply_code(eg_georef *georef, eg_crs_authority authority, unsigned code);

/* Sets the system from the codes of a text; notes in *doubts what the table lacks. */
void eg_georef_apply_codes(eg_georef *georef, const eg_crs_codes *codes, eg_crs_doubts *doubts);

/* Sets the vertical unit and its origin, shortened if necessary. */
void eg_georef_set_vertical(eg_georef *georef, double metres, eg_vertical_source source,
                            const char *origin, size_t length);

#endif
