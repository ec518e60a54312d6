/* SPDX-License-Identifier: MIT */
/* A source's georeferencing with the memory it owns. */
#ifndef EG_IO_GEOREF_GEOREF_SOURCE_H
#define EG_IO_GEOREF_GEOREF_SOURCE_H

#include "core/georef.h"
#include "io/georef/crs_apply.h"
#include "io/io.h"

typedef struct eg_georef_data {
    eg_georef georef;
    eg_geotags tags;
    eg_crs_doubts doubts;
    bool nodata_default; /* the nodata value is the default of the format; a sidecar file's wins */
    bool prj_ignored;    /* the text of a coordinate system was not understood */
} eg_georef_data;

/* Sets everything to unknown, and the ground unit to 1 (metres or degrees). *data may be moved in
 * memory until it is passed to eg_georef_data_publish(). */
void eg_georef_data_init(eg_georef_data *data);
void eg_georef_data_free(eg_georef_data *data); /* accepts a zeroed one */

/* Returns true if anything is known. */
bool eg_georef_data_known(const eg_georef_data *data);

/* Sets source->georef to data->georef, linked to data->tags, or to NULL if nothing is known; warns
 * of what could not be determined. */
void eg_georef_data_publish(eg_georef_data *data, eg_source *source);

/* Reads a coordinate system: Well-Known Text, a code such as "EPSG:2227", or a text of ARC/INFO,
 * for which *code becomes its EPSG code (else 0). Returns false if the text is not understood. */
bool eg_system_read(eg_georef *georef, eg_crs_doubts *doubts, eg_crs_code *code, const char *text);

/* Sets the coordinate system from a text, and keeps the text in data->tags.wkt, taking ownership of
 * it. A vertical unit that is known stays. */
void eg_georef_data_set_system(eg_georef_data *data, char *text);

/* Sets the vertical unit from the name of a unit. A name that is not known is recorded if there is
 * no unit yet; an empty one is ignored. */
void eg_georef_set_unit(eg_georef *georef, const char *name, eg_vertical_source source,
                        const char *origin);

/* Returns the metres in the unit of that name; 0: unknown name. */
double eg_unit_metres(const char *name, size_t length);

/* Returns the name of a unit of length as GDAL writes it; NULL: it has none. */
const char *eg_unit_name(double metres);

/* Returns the EPSG code of a system that is known only by its type and ellipsoid; 0: none.
 * (epsg.c) */
unsigned eg_ellipsoid_code(const eg_georef *georef);

/* Returns true if two coordinate systems have the same code or text, units and ellipsoid. (epsg.c)
 */
bool eg_georef_same_system(const eg_georef *a, const eg_georef *b);

/* Returns the EPSG code n of Well-Known Text that ends in AUTHORITY["EPSG","n"]] or ID["EPSG",n]],
 * which is the code of the outermost element; 0: none. (epsg.c) */
unsigned eg_wkt_epsg(const char *wkt, size_t length);

/* Finds the Well-Known Text of the horizontal coordinate system; NULL: it is known only by a code,
 * or not at all. The text is not terminated. (epsg.c) */
const char *eg_georef_words(const eg_georef *georef, size_t *length);

#endif
