/* SPDX-License-Identifier: MIT */
/* A source's georeferencing with the memory it owns, and the sidecar files it is read from. */
#ifndef EG_IO_GEOREF_GEOREF_SOURCE_H
#define EG_IO_GEOREF_GEOREF_SOURCE_H

#include "core/georef.h"
#include "io/io.h"

enum { EG_SIDECAR_MAX = 64 * 1024 }; /* largest accepted sidecar file, in bytes */

typedef struct eg_georef_data {
    eg_georef georef;
    eg_geotags tags;
} eg_georef_data;

/* Sets everything to unknown, and the ground unit to 1 (metres or degrees). *data may be moved in
 * memory until it is passed to eg_georef_data_get(). */
void eg_georef_data_init(eg_georef_data *data);
void eg_georef_data_free(eg_georef_data *data); /* accepts a zeroed one */

/* Returns data->georef for eg_source.georef, linked to data->tags; NULL if nothing is known. */
const eg_georef *eg_georef_data_get(eg_georef_data *data);

/* Builds the name of a file beside the input, such as dem.prj beside dem.asc. The extension, given
 * in lower case, is in capitals if such a file exists. *found: the file exists. *name is NULL if
 * the input's name has no extension; release it with eg_free(). */
eg_status eg_sidecar_find(char **name, bool *found, const eg_input *input, const char *extension,
                          eg_error *error);

typedef struct eg_sidecar {
    char *name;
    char *text; /* ends with '\0'; NULL: there is no such file */
    size_t size;
} eg_sidecar;

/* Reads a sidecar file. A file that does not exist is no failure. */
eg_status eg_sidecar_read(eg_sidecar *sidecar, const eg_input *input, const char *extension,
                          eg_error *error);
void eg_sidecar_free(eg_sidecar *sidecar); /* accepts a zeroed one */

/* Reads the coordinate system from the .prj file beside the input, if there is one. */
eg_status eg_georef_data_read_prj(eg_georef_data *data, const eg_input *input, eg_error *error);

/* Reads the transform from the world file beside the input (dem.tfw or dem.tifw beside dem.tif), if
 * there is one. (world_file.c) */
eg_status eg_georef_data_read_world(eg_georef_data *data, const eg_input *input, eg_error *error);

/* Returns the metres in the unit of that name; 0: unknown name. */
double eg_unit_metres(const char *name, size_t length);

/* Sets the coordinate system's type, units and ellipsoid from Well-Known Text: OGC 01-009, ESRI's
 * dialect of it, or ISO 19162. Returns false, with *georef unchanged, if the text is not
 * understood. (wkt.c) */
bool eg_wkt_read(eg_georef *georef, const char *text);

/* Returns the EPSG code of a system that is known only by its type and ellipsoid; 0: none.
 * (epsg.c) */
unsigned eg_ellipsoid_code(const eg_georef *georef);

/* Returns true if two coordinate systems have the same code or text, units and ellipsoid. (epsg.c)
 */
bool eg_georef_same_system(const eg_georef *a, const eg_georef *b);

/* Returns the EPSG code n of a text that ends in AUTHORITY["EPSG","n"]], which is the code of the
 * outermost element; 0: none. (epsg.c) */
unsigned eg_wkt_epsg(const char *wkt);

#endif
