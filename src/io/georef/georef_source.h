/* SPDX-License-Identifier: MIT */
/* Where a raster lies, with all the memory that takes, and the files beside the data that tell it.
 */
#ifndef EG_IO_GEOREF_GEOREF_SOURCE_H
#define EG_IO_GEOREF_GEOREF_SOURCE_H

#include "core/georef.h"
#include "io/io.h"

enum { EG_COMPANION_MOST = 64 * 1024 }; /* bytes of such a file; they are a few lines of text */

typedef struct eg_georef_data {
    eg_georef georef;
    eg_geotags tags;
} eg_georef_data;

/* Nothing known but that ground units count as metres. `place` may be moved in memory until it is
 * handed to eg_georef_data_of(). */
void eg_georef_data_init(eg_georef_data *place);
void eg_georef_data_free(eg_georef_data *place); /* accepts a zeroed one */

/* What a source shows of it: NULL where nothing is known. */
const eg_georef *eg_georef_data_of(eg_georef_data *place);

/* The name of a file beside the data, dem.prj beside dem.asc, in lower case or capitals as it is
 * *found to be there. NULL where the input's name has no extension. Release it with eg_free(). */
eg_status eg_sidecar_find(char **name, bool *found, const eg_input *input, const char *extension,
                          eg_error *error);

typedef struct eg_sidecar {
    char *name;
    char *text; /* ends with '\0'; NULL: there is no such file, which is no failure */
    size_t size;
} eg_sidecar;

/* Reads such a file. */
eg_status eg_sidecar_read(eg_sidecar *companion, const eg_input *input, const char *extension,
                          eg_error *error);
void eg_sidecar_free(eg_sidecar *companion); /* accepts a zeroed one */

/* Takes what the .prj file beside the input says, if there is one. */
eg_status eg_georef_data_project(eg_georef_data *place, const eg_input *input, eg_error *error);

/* Takes where the raster lies from the world file beside the input, dem.tfw or dem.tifw beside
 * dem.tif, if there is one. (world.c) */
eg_status eg_georef_data_world(eg_georef_data *place, const eg_input *input, eg_error *error);

/* Metres in the unit of that name; 0: unknown. */
double eg_unit_named(const char *name, size_t length);

/* Takes what a coordinate system in Well-Known Text, of OGC's or ESRI's first version or ISO 19162,
 * says of units and ellipsoid, if it is understood: true. Else *georef is as before. (wkt.c) */
bool eg_wkt_read(eg_georef *georef, const char *text);

/* The EPSG code of a system of which nothing but its kind and ellipsoid is known; 0: there is none.
 * (epsg.c) */
unsigned eg_ellipsoid_code(const eg_georef *georef);

/* n where the text ends in AUTHORITY["EPSG","n"]], the last bracket being that of the whole; else
 * 0. (epsg.c) */
unsigned eg_wkt_epsg(const char *wkt);

#endif
